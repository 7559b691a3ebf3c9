import type { Lang } from '@banya/contract';

/** An instant (ISO 8601 with zone), a day (YYYY-MM-DD) or a Date. */
export type When = string | Date;

/** What people read: dates, numbers and money in one language and one time zone. */
export interface Formats {
  /** 11月22日（日）; the year stands before it when it is not this year. Takes an instant or a day. */
  date(when: When): string;
  /** 11月22日（日）10:05 */
  dateTime(when: When): string;
  /** The same with （3時間前） when it is under a day away. */
  when(when: When, now?: Date): string;
  /** 3時間前, 20分後; null when a day or more away. */
  relative(when: When, now?: Date): string | null;
  /** 2026年11月 of YYYY-MM. */
  month(month: string): string;
  /** 11月 of YYYY-MM, beside others of the same year. */
  shortMonth(month: string): string;
  /** 2026年度: Japanese fiscal year, April to March. */
  fiscalYear(when: When): string;
  /** 12,000 */
  number(n: number): string;
  /** 1,234件; exact, for tables. */
  count(n: number, unit?: Unit): string;
  /** 約1,200件; two figures, for sentences. Below 100 it stays exact. */
  about(n: number, unit?: Unit): string;
  /** 1,000件以上 when the count stopped early. */
  total(total: { count: number; more: boolean }, unit?: Unit): string;
  /** 12,000円, or 12,000円／月 */
  money(yen: number, per?: 'month' | 'year'): string;
  /** 約15分, 約2時間 */
  duration(minutes: number): string;
  /** 約1.2 MB */
  size(bytes: number): string;
  /** 担当者、統括者 */
  list(items: readonly string[]): string;
  /** 82% of a ratio 0–1. */
  percent(ratio: number): string;
}

/** What is counted. */
export type Unit = 'item' | 'person' | 'org' | 'device' | 'none';

const units: Record<Lang, Record<Unit, (text: string, one: boolean) => string>> = {
  ja: {
    item: (t) => `${t}件`, person: (t) => `${t}人`, org: (t) => `${t}組織`, device: (t) => `${t}台`, none: (t) => t,
  },
  en: {
    item: (t, one) => `${t} ${one ? 'item' : 'items'}`,
    person: (t, one) => `${t} ${one ? 'person' : 'people'}`,
    org: (t, one) => `${t} ${one ? 'organisation' : 'organisations'}`,
    device: (t, one) => `${t} ${one ? 'device' : 'devices'}`,
    none: (t) => t,
  },
};

interface DateParts { year: number; month: number; day: number; hour: string; minute: string; weekday: string; monthName: string }

const dayOnly = /^\d{4}-\d{2}-\d{2}$/;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function clock(lang: Lang, zone: string): (when: When) => DateParts {
  const tag = lang === 'ja' ? 'ja-JP' : 'en-GB';
  const make = (timeZone: string) => ({
    numbers: new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    words: new Intl.DateTimeFormat(tag, { timeZone, weekday: 'short', month: 'short' }),
  });
  const inZone = make(zone);
  const days = make('UTC');
  return (when) => {
    const isDay = typeof when === 'string' && dayOnly.test(when);
    const at = isDay ? new Date(`${when}T00:00:00Z`) : new Date(when);
    const { numbers, words } = isDay ? days : inZone;
    const found = new Map(numbers.formatToParts(at).map((p) => [p.type, p.value]));
    const word = new Map(words.formatToParts(at).map((p) => [p.type, p.value]));
    return {
      year: Number(found.get('year')), month: Number(found.get('month')), day: Number(found.get('day')),
      hour: found.get('hour') ?? '', minute: found.get('minute') ?? '',
      weekday: word.get('weekday') ?? '', monthName: word.get('month') ?? '',
    };
  };
}

/** Two significant figures: 1,234 → 1,200. */
export const roughly = (n: number): number => {
  if (Math.abs(n) < 100) return n;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(n))) - 1);
  return Math.round(n / step) * step;
};

/** The formats of a language and an IANA time zone; forms of the Japanese follow the house's screen rules. */
export function formats(lang: Lang, zone: string): Formats {
  const parts = clock(lang, zone);
  const digits = new Intl.NumberFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', { maximumFractionDigits: 2 });
  const tenth = new Intl.NumberFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', { maximumFractionDigits: 1 });
  const steps = new Intl.RelativeTimeFormat(lang, { numeric: 'always' });
  const number = (n: number) => digits.format(n);
  const date = (when: When) => {
    const d = parts(when);
    const other = d.year !== parts(new Date()).year;
    if (lang === 'ja') return `${other ? `${d.year}年` : ''}${d.month}月${d.day}日（${d.weekday}）`;
    return `${d.weekday} ${d.day} ${d.monthName}${other ? ` ${d.year}` : ''}`;
  };
  const dateTime = (when: When) => {
    const d = parts(when);
    const time = `${lang === 'ja' ? Number(d.hour) : d.hour}:${d.minute}`;
    return lang === 'ja' ? `${date(when)}${time}` : `${date(when)}, ${time}`;
  };
  const relative = (when: When, now = new Date()) => {
    const away = new Date(when).getTime() - now.getTime();
    const far = Math.abs(away);
    if (far >= dayMs) return null;
    if (far < minuteMs) return lang === 'ja' ? 'たった今' : 'just now';
    const said = far < hourMs ? steps.format(Math.trunc(away / minuteMs), 'minute') : steps.format(Math.trunc(away / hourMs), 'hour');
    return said.replaceAll(' ', lang === 'ja' ? '' : ' ');
  };
  const count = (n: number, unit: Unit = 'item') => units[lang][unit](number(n), n === 1);
  return {
    date, dateTime, relative, number, count,
    when: (when, now) => {
      const near = relative(when, now);
      if (near === null) return dateTime(when);
      return lang === 'ja' ? `${dateTime(when)}（${near}）` : `${dateTime(when)} (${near})`;
    },
    month: (month) => {
      const d = parts(`${month}-01`);
      return lang === 'ja' ? `${d.year}年${d.month}月` : `${d.monthName} ${d.year}`;
    },
    shortMonth: (month) => {
      const d = parts(`${month}-01`);
      return lang === 'ja' ? `${d.month}月` : d.monthName;
    },
    fiscalYear: (when) => {
      const d = parts(when);
      const year = d.month < 4 ? d.year - 1 : d.year;
      return lang === 'ja' ? `${year}年度` : `FY${year}`;
    },
    about: (n, unit = 'item') => {
      const rough = roughly(n);
      const text = units[lang][unit](number(rough), rough === 1);
      if (Math.abs(n) < 100) return text;
      return lang === 'ja' ? `約${text}` : `about ${text}`;
    },
    total: ({ count: n, more }, unit = 'item') =>
      !more ? count(n, unit) : lang === 'ja' ? `${count(n, unit)}以上` : units.en[unit](`${number(n)} or more`, false),
    money: (yen, per) => {
      if (lang === 'ja') return `${number(yen)}円${per === 'month' ? '／月' : per === 'year' ? '／年' : ''}`;
      return `¥${number(yen)}${per ? ` / ${per}` : ''}`;
    },
    duration: (minutes) => {
      const hours = Math.round(minutes / 30) / 2;
      if (minutes < 90) return lang === 'ja' ? `約${minutes}分` : `about ${minutes} min`;
      return lang === 'ja' ? `約${tenth.format(hours)}時間` : `about ${tenth.format(hours)} hours`;
    },
    size: (bytes) => {
      const [n, unit] = bytes < 1000 ? [bytes, 'B'] : bytes < 1_000_000 ? [bytes / 1000, 'KB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
      return `${lang === 'ja' ? '約' : 'about '}${tenth.format(n)} ${unit}`;
    },
    list: (items) => (lang === 'ja' ? items.join('、') : items.join(', ')),
    percent: (ratio) => `${Math.round(ratio * 100)}%`,
  };
}
