import { BusinessCalendar, addBusinessDays, addDays, addMonths, administrativeCalendar, daysBetween } from '@banya/deadlines';
import { nationalHolidays } from '@banya/library';

/** Calendar months as 'YYYY-MM' and days as 'YYYY-MM-DD', in whatever zone the caller means. */

export const monthOf = (day: string): string => day.slice(0, 7);
export const firstDay = (month: string): string => `${month}-01`;
export const lastDay = (month: string): string => addDays(firstDay(monthPlus(month, 1)), -1);
export const monthPlus = (month: string, n: number): string => addMonths(firstDay(month), n).slice(0, 7);

/** All days of a span, both ends included; at most 400. */
export function daysOf(from: string, to: string): string[] {
  const length = Math.min(400, daysBetween(from, to) + 1);
  return Array.from({ length: Math.max(0, length) }, (_, i) => addDays(from, i));
}

let calendar: BusinessCalendar | undefined;

/** The n-th business day in Japan after a day; beyond the holiday table, plain days with the weekends left out. */
export function businessDaysAfter(day: string, n: number): string {
  try {
    return addBusinessDays(day, n, (calendar ??= administrativeCalendar(nationalHolidays)));
  } catch {
    let at = day;
    for (let left = n; left > 0; ) {
      at = addDays(at, 1);
      const weekday = new Date(`${at}T00:00:00Z`).getUTCDay();
      if (weekday !== 0 && weekday !== 6) left -= 1;
    }
    return at;
  }
}
