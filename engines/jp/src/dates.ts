import type { Lang } from './checked.ts';
import { formatEraYear, isIsoDate } from './eras.ts';

/** What a wall clock and calendar show. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 = Sunday … 6 = Saturday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

export interface FormatOptions {
  readonly lang?: Lang;
  /** IANA time zone; default Asia/Tokyo. */
  readonly zone?: string;
  /** The present. When given, dates of another year are written with their year; without it no date is. */
  readonly now?: Date;
}

const WEEKDAYS_JA = '日月火水木金土';
const WEEKDAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const JST_OFFSET_MS = 9 * 3_600_000;

// Formatters are costly to make. The list of zones is the runtime's, but names come from outside, so it is bounded.
const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_MAX = 64;

/**
 * Date and time of an instant in a zone. Asia/Tokyo is nine hours ahead of UTC all year (Japan has had no summer time
 * since 1951); other zones come from the runtime.
 * @throws RangeError for an invalid Date or an unknown zone.
 */
export function wallClock(instant: Date, zone = 'Asia/Tokyo'): WallClock {
  const ms = instant.getTime();
  if (!Number.isFinite(ms)) throw new RangeError('not a valid time');
  return fromUtcFields(new Date(zone === 'Asia/Tokyo' ? ms + JST_OFFSET_MS : localMs(ms, zone)));
}

function fromUtcFields(date: Date): WallClock {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

function localMs(ms: number, zone: string): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
    if (formatters.size >= FORMATTERS_MAX) formatters.clear();
    formatters.set(zone, formatter);
  }
  const part = new Map(formatter.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const get = (type: Intl.DateTimeFormatPartTypes) => part.get(type)!;
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'));
}

/** A date is given as an instant, or as 'YYYY-MM-DD', which is the same day in every zone. */
function clockOf(date: Date | string, zone?: string): WallClock {
  if (typeof date !== 'string') return wallClock(date, zone);
  if (!isIsoDate(date)) throw new RangeError(`not a date like 2026-11-22: ${JSON.stringify(date.slice(0, 40))}`);
  return fromUtcFields(new Date(`${date}T00:00:00Z`));
}

const two = (n: number) => String(n).padStart(2, '0');

/** 'YYYY-MM-DD' of an instant. */
export function isoDate(instant: Date, zone?: string): string {
  const { year, month, day } = wallClock(instant, zone);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** 11月22日（日）, with the year when it is not this one: 2025年11月22日（土）. English: Sun 22 Nov; Sat 22 Nov 2025. */
export function formatDay(date: Date | string, options: FormatOptions = {}): string {
  const { lang = 'ja', zone, now } = options;
  const { year, month, day, weekday } = clockOf(date, zone);
  const showYear = now !== undefined && wallClock(now, zone).year !== year;
  if (lang === 'ja') return `${showYear ? `${year}年` : ''}${month}月${day}日（${WEEKDAYS_JA[weekday]}）`;
  return `${WEEKDAYS_EN[weekday]} ${day} ${MONTHS_EN[month - 1]}${showYear ? ` ${year}` : ''}`;
}

/** 10:05, on the 24-hour clock. */
export function formatTime(instant: Date, options: FormatOptions = {}): string {
  const { hour, minute } = wallClock(instant, options.zone);
  return `${hour}:${two(minute)}`;
}

/** 11月22日（日）10:05; Sun 22 Nov 10:05. */
export function formatDateTime(instant: Date, options: FormatOptions = {}): string {
  const space = (options.lang ?? 'ja') === 'ja' ? '' : ' ';
  return `${formatDay(instant, options)}${space}${formatTime(instant, options)}`;
}

/** 2026年11月; Nov 2026. */
export function formatMonth(date: Date | string, options: FormatOptions = {}): string {
  const { year, month } = clockOf(date, options.zone);
  return (options.lang ?? 'ja') === 'ja' ? `${year}年${month}月` : `${MONTHS_EN[month - 1]} ${year}`;
}

/** 3時間前, 10分後, たった今; undefined from a day on, when the date says more. Never rounded up. */
export function formatRelative(instant: Date, now: Date, lang: Lang = 'ja'): string | undefined {
  const ms = instant.getTime() - now.getTime();
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (!(minutes < 1_440)) return undefined;
  const future = ms > 0;
  if (minutes === 0) return lang === 'ja' ? (future ? 'まもなく' : 'たった今') : future ? 'in a moment' : 'just now';
  const [n, ja, en] = minutes < 60 ? ([minutes, '分', 'minute'] as const) : ([Math.floor(minutes / 60), '時間', 'hour'] as const);
  if (lang === 'ja') return `${n}${ja}${future ? '後' : '前'}`;
  const english = `${n} ${en}${n === 1 ? '' : 's'}`;
  return future ? `in ${english}` : `${english} ago`;
}

/** 11月22日（日）10:05（3時間前）, the relative part only when under a day. */
export function formatWhen(instant: Date, now: Date, options: FormatOptions = {}): string {
  const absolute = formatDateTime(instant, { ...options, now });
  const relative = formatRelative(instant, now, options.lang);
  if (relative === undefined) return absolute;
  return (options.lang ?? 'ja') === 'ja' ? `${absolute}（${relative}）` : `${absolute} (${relative})`;
}

/** The fiscal year of a date: the Western year in which it began. Japan's begins in April; `startMonth` is 1 to 12. */
export function fiscalYearOf(date: Date | string, startMonth = 4, zone?: string): number {
  if (!Number.isInteger(startMonth) || startMonth < 1 || startMonth > 12) throw new RangeError('a month is 1 to 12');
  const { year, month } = clockOf(date, zone);
  return month >= startMonth ? year : year - 1;
}

/**
 * 2026年度（令和8年度）; FY2026 (Reiwa 8). The era is the one in force on 1 May, so 2019 is 令和元年度 as a whole: the
 * practice the ministries agreed on 2019-04-01 (改元に伴う元号による年表示の取扱いについて).
 */
export function formatFiscalYear(year: number, lang: Lang = 'ja'): string {
  const era = formatEraYear(`${String(year).padStart(4, '0')}-05-01`, lang);
  return lang === 'ja' ? `${year}年度（${era}度）` : `FY${year} (${era})`;
}
