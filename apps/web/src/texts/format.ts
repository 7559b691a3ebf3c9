import type { Lang } from '@banya/contract';
import {
  fiscalYearOf, formatAbout, formatAtLeast, formatBytes, formatCount, formatDateTime, formatDay, formatMonth, formatRelative, formatWhen, formatYen,
} from '@banya/jp';

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
  /** 約1,200件; two figures, for sentences. A number that rounding does not change is given plainly. */
  about(n: number, unit?: Unit): string;
  /** 1,000件以上 when the count stopped early. */
  total(total: { count: number; more: boolean }, unit?: Unit): string;
  /** 12,000円, or 12,000円／月 */
  money(yen: number, per?: 'month' | 'year'): string;
  /** 約15分, 約2時間 */
  duration(minutes: number): string;
  /** 1.2 MB */
  size(bytes: number): string;
  /** 担当者、統括者 */
  list(items: readonly string[]): string;
  /** 82% of a ratio 0–1. */
  percent(ratio: number): string;
}

/** What is counted. */
export type Unit = 'item' | 'person' | 'org' | 'device' | 'none';

const words: Record<Lang, Record<Unit, readonly [one: string, many: string]>> = {
  ja: { item: ['件', '件'], person: ['人', '人'], org: ['組織', '組織'], device: ['台', '台'], none: ['', ''] },
  en: { item: ['item', 'items'], person: ['person', 'people'], org: ['organisation', 'organisations'], device: ['device', 'devices'], none: ['', ''] },
};

const isDay = (when: When): when is string => typeof when === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(when);
const instantOf = (when: When): Date => new Date(when);
/** A calendar day stays a day; everything else is an instant in the reader's zone. */
const dayOf = (when: When): Date | string => (isDay(when) ? when : instantOf(when));

/** The formats of a language and an IANA time zone, in the forms of the engine for Japanese facts. */
export function formats(lang: Lang, zone: string): Formats {
  const digits = new Intl.NumberFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', { maximumFractionDigits: 2 });
  const at = (now = new Date()) => ({ lang, zone, now });
  const word = (unit: Unit, n: number) => words[lang][unit][n === 1 ? 0 : 1];
  // Where nothing is named, the space before the name goes too.
  const plain = (text: string) => text.trim().replace('  ', ' ');
  return {
    date: (when) => formatDay(dayOf(when), at()),
    dateTime: (when) => formatDateTime(instantOf(when), at()),
    when: (when, now = new Date()) => formatWhen(instantOf(when), now, at(now)),
    relative: (when, now = new Date()) => formatRelative(instantOf(when), now, lang) ?? null,
    month: (month) => formatMonth(`${month}-01`, { lang }),
    shortMonth: (month) => formatMonth(`${month}-01`, { lang }).replace(/^\d+年| \d+$/, ''),
    fiscalYear: (when) => (lang === 'ja' ? `${fiscalYearOf(dayOf(when), 4, zone)}年度` : `FY${fiscalYearOf(dayOf(when), 4, zone)}`),
    number: (n) => digits.format(n),
    count: (n, unit = 'item') => plain(formatCount(n, word(unit, n), lang)),
    about: (n, unit = 'item') => plain(formatAbout(n, word(unit, n), lang)),
    total: ({ count, more }, unit = 'item') => plain(more ? formatAtLeast(count, word(unit, count), lang) : formatCount(count, word(unit, count), lang)),
    money: (yen, per) => formatYen(yen, { lang, ...(per ? { per } : {}) }),
    duration: (minutes) => {
      const hours = digits.format(Math.round(minutes / 30) / 2);
      if (lang === 'ja') return minutes < 90 ? `約${minutes}分` : `約${hours}時間`;
      return minutes < 90 ? `about ${minutes} min` : `about ${hours} hours`;
    },
    size: formatBytes,
    list: (items) => items.join(lang === 'ja' ? '、' : ', '),
    percent: (ratio) => `${Math.round(ratio * 100)}%`,
  };
}
