/** A calendar date without time or zone, 'YYYY-MM-DD' in the Gregorian calendar, years 1900 to 2199. */
export type LocalDate = string;

export const MS_PER_MINUTE = 60_000;
export const MS_PER_DAY = 86_400_000;

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/**
 * Days since 1970-01-01 for a date.
 * @throws RangeError for anything that is not an existing date of the years 1900 to 2199.
 */
export function dayNumber(date: LocalDate): number {
  const match = DATE.exec(date);
  if (match !== null) {
    const year = Number(match[1]);
    const ms = Date.UTC(year, Number(match[2]) - 1, Number(match[3]));
    if (year >= 1900 && year <= 2199 && new Date(ms).toISOString().startsWith(date)) return ms / MS_PER_DAY;
  }
  throw new RangeError(`not a date like 2026-11-22: ${JSON.stringify(String(date).slice(0, 40))}`);
}

/** The date of a day number; the inverse of {@link dayNumber}. */
export function dateOfDay(day: number): LocalDate {
  const date = Number.isInteger(day) && Math.abs(day) < 1e6 ? new Date(day * MS_PER_DAY).toISOString().slice(0, 10) : '';
  dayNumber(date);
  return date;
}

/** 0 = Sunday … 6 = Saturday. Day number 0 was a Thursday. */
export function weekdayOfDay(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The date `days` later (earlier if negative). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDay(dayNumber(date) + days);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/**
 * The same day `months` later; where the month has no such day, its last day: 2027-12-31 plus two months is
 * 2028-02-29. Civil Code (民法) article 143, paragraph 2, which takes the last day when the corresponding one is missing.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  dayNumber(date);
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7)) - 1 + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(Number(date.slice(8, 10)), lastDay);
  return dateOfDay(Date.UTC(year, month, day) / MS_PER_DAY);
}
