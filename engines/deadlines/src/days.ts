import { OutsideTableError } from './calendar.ts';
import type { BusinessCalendar, ClosedReason } from './calendar.ts';
import { addDays, dateOfDay, dayNumber, endOfMonths } from './date.ts';
import type { LocalDate } from './date.ts';

/** Where a date on a closed day moves to. modified_following: forward, but back if that leaves the month. */
export type Roll = 'none' | 'following' | 'preceding' | 'modified_following';

/** Whether a date has opening hours. @throws OutsideTableError beyond the holiday table. */
export function isBusinessDay(date: LocalDate, calendar: BusinessCalendar): boolean {
  return calendar.closedReason(date) === undefined;
}

/** The date itself when open, else the nearest open date in the direction of `roll`. */
export function rollToOpenDay(date: LocalDate, calendar: BusinessCalendar, roll: Roll = 'following'): LocalDate {
  const day = calendar.dayInTable(date);
  if (roll === 'none' || calendar.closedReason(date) === undefined) return date;
  const index = countBefore(calendar.openDays, day);
  const after = calendar.openDays[index];
  const before = calendar.openDays[index - 1];
  let target = roll === 'preceding' ? before : after;
  if (roll === 'modified_following' && (target === undefined || dateOfDay(target).slice(0, 7) !== date.slice(0, 7))) target = before;
  if (target === undefined) throw new OutsideTableError('the open day', calendar.table);
  return dateOfDay(target);
}

/**
 * The n-th business day after a date (before it, when n is negative), not counting the date itself; n = 0 gives the
 * date rolled forward to an open day.
 * @throws OutsideTableError when the answer lies beyond the holiday table.
 */
export function addBusinessDays(date: LocalDate, n: number, calendar: BusinessCalendar): LocalDate {
  if (!Number.isInteger(n)) throw new RangeError('business days are whole numbers');
  if (n === 0) return rollToOpenDay(date, calendar);
  const day = calendar.dayInTable(date);
  const index = n > 0 ? countBefore(calendar.openDays, day + 1) + n - 1 : countBefore(calendar.openDays, day) + n;
  const target = calendar.openDays[index];
  if (target === undefined) throw new OutsideTableError('the business day', calendar.table);
  return dateOfDay(target);
}

/** Business days after `from` up to and including `to`; negative when `to` is earlier. */
export function businessDaysBetween(from: LocalDate, to: LocalDate, calendar: BusinessCalendar): number {
  const upTo = (date: LocalDate) => countBefore(calendar.openDays, calendar.dayInTable(date) + 1);
  return upTo(to) - upTo(from);
}

/** Length of a period: calendar days (closed days count) or months (民法 article 143). 1 or more. */
export type PeriodLength = { readonly days: number } | { readonly months: number };

export type DeadlineRule = PeriodLength & {
  /**
   * same_day: the day of knowing is day 1, as the privacy commission counts breach reports.
   * next_day: counting starts on the day after, the rule of Civil Code article 140 (初日不算入).
   */
  readonly firstDay: 'same_day' | 'next_day';
  /** What happens when the last day is closed. */
  readonly roll: Roll;
};

export interface Deadline {
  /** Last day on which the duty can be met. */
  readonly date: LocalDate;
  /** Last day of the period before any roll. */
  readonly periodEnd: LocalDate;
  /** The closed days passed over, with why each was closed: what a reader is shown. */
  readonly passedOver: readonly { readonly date: LocalDate; readonly reason: ClosedReason }[];
}

/**
 * The last day of a period of calendar days or months from the day of knowing, and how it came about.
 *
 * For breach reports (Act on the Protection of Personal Information, enforcement rules articles 7 and 8: 30 days, or
 * 60 for a wrongful purpose) the day of knowing is day 1 and a last day on a weekend, holiday or 12/29 to 1/3 moves to
 * the next open day. The numbers and the choice of rule are the caller's data, with their source.
 * @throws RangeError for a length below 1 or over 36,600 days or 1,200 months; OutsideTableError when the answer lies beyond the table.
 */
export function deadline(knownOn: LocalDate, rule: DeadlineRule, calendar: BusinessCalendar): Deadline {
  const [length, max] = 'days' in rule ? [rule.days, 36_600] : [rule.months, 1_200];
  if (!Number.isInteger(length) || length < 1 || length > max) throw new RangeError(`a period has 1 to ${max} days or months`);
  const first = rule.firstDay === 'same_day' ? knownOn : addDays(knownOn, 1);
  const periodEnd = 'days' in rule ? addDays(first, length - 1) : endOfMonths(first, length);
  const date = rollToOpenDay(periodEnd, calendar, rule.roll);
  const step = dayNumber(date) < dayNumber(periodEnd) ? -1 : 1;
  const passedOver: { date: LocalDate; reason: ClosedReason }[] = [];
  for (let day = periodEnd; day !== date; day = addDays(day, step)) {
    const reason = calendar.closedReason(day);
    if (reason !== undefined) passedOver.push({ date: day, reason });
  }
  return { date, periodEnd, passedOver };
}

/** How many of the ascending day numbers are below `day`. */
function countBefore(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
