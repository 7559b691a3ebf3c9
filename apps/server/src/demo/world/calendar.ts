import { nationalHolidays } from '@banya/library';

/** The demonstration lives in Japan: days are days there. Japan has had no summer time since 1952. */
const OFFSET = 9 * 3_600_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const holidays = new Set(nationalHolidays.days.map((d) => d.date));
const pad = (n: number): string => String(n).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Midnight in Japan of the day an instant falls in. */
export const dayStart = (at: number): number => Math.floor((at + OFFSET) / DAY) * DAY - OFFSET;
/** YYYY-MM-DD in Japan. */
export const dateOf = (at: number): string => new Date(at + OFFSET).toISOString().slice(0, 10);
/** hh:mm:ss in Japan. */
export const timeOf = (at: number): string => new Date(at + OFFSET).toISOString().slice(11, 19);
/** An instant by a day (any instant in it) and a clock in Japan. */
export const at = (day: number, hour: number, minute: number, second = 0): number => dayStart(day) + hour * HOUR + minute * 60_000 + second * 1000;

/** First midnight of a month in Japan; `months` counts from the month of `instant`, earlier ones negative. */
export function monthStart(instant: number, months = 0): number {
  const local = new Date(instant + OFFSET);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1) - OFFSET;
}

export type DayKind = 'work' | 'saturday' | 'closed';
export function dayKind(day: number): DayKind {
  const weekday = new Date(day + OFFSET).getUTCDay();
  return weekday === 0 || holidays.has(dateOf(day)) ? 'closed' : weekday === 6 ? 'saturday' : 'work';
}

/** `Nov  4 10:04:05`, as RFC 3164 (section 4.1.2) writes local time. */
export function bsdTime(instant: number): string {
  const local = new Date(instant + OFFSET);
  return `${MONTHS[local.getUTCMonth()]} ${String(local.getUTCDate()).padStart(2, ' ')} ${timeOf(instant)}`;
}

/** `Nov 04 2026 01:04:05 GMT+00:00`, as endpoint protection writes it in CEF. */
export function cefTime(instant: number): string {
  const utc = new Date(instant);
  return `${MONTHS[utc.getUTCMonth()]} ${pad(utc.getUTCDate())} ${utc.getUTCFullYear()} ${utc.toISOString().slice(11, 19)} GMT+00:00`;
}
