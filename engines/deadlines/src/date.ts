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
 * The same day `months` later (earlier if negative); where that month has no such day, its last day: 2027-12-31 plus
 * two months is 2028-02-29. For review dates and renewals; statutory periods are counted by `deadline`.
 */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { day, lastDay, monthStart } = monthsLater(date, months);
  return dateOfDay(monthStart + Math.min(day, lastDay) - 1);
}

/**
 * The last day of a period of months whose first counted day is given: the day before the corresponding day, or the
 * last day of the month that has none. 民法 article 143 paragraph 2: a month from 31 January ends on 28 (or 29)
 * February, a month from 1 March on 31 March.
 */
export function endOfMonths(firstDay: LocalDate, months: number): LocalDate {
  const { day, lastDay, monthStart } = monthsLater(firstDay, months);
  return dateOfDay(monthStart + (day <= lastDay ? day - 2 : lastDay - 1));
}

/** Day of the month of a date, and length and first day number of the month that is `months` later. */
function monthsLater(date: LocalDate, months: number): { day: number; lastDay: number; monthStart: number } {
  dayNumber(date);
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7)) - 1 + months;
  return {
    day: Number(date.slice(8, 10)),
    lastDay: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    monthStart: Date.UTC(year, month, 1) / MS_PER_DAY,
  };
}
