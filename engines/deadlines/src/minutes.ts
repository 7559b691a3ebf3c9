import { OutsideTableError } from './calendar.ts';
import type { BusinessCalendar } from './calendar.ts';
import { MS_PER_MINUTE } from './date.ts';

/** A half-open span of time, [start, end), in epoch milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span that may still be running. */
export interface Pause {
  readonly start: number;
  readonly end: number | null;
}

/**
 * Open time from `start` to `end` in milliseconds, exact; negative when `end` is earlier.
 * @throws OutsideTableError when either instant is beyond the holiday table.
 */
export function businessMillisBetween(start: number, end: number, calendar: BusinessCalendar): number {
  return openBefore(end, calendar) - openBefore(start, calendar);
}

/** The same in minutes; a fraction when the instants are not on whole minutes. */
export function businessMinutesBetween(start: number, end: number, calendar: BusinessCalendar): number {
  return businessMillisBetween(start, end, calendar) / MS_PER_MINUTE;
}

/**
 * The earliest instant t ≥ start with exactly `millis` of open time between. Time that ends with the closing bell ends
 * there, not on the next morning; zero returns `start` itself, even at night.
 * @throws RangeError for negative or non-finite millis; OutsideTableError when the answer lies beyond the table.
 */
export function addBusinessMillis(start: number, millis: number, calendar: BusinessCalendar): number {
  if (!(millis >= 0) || !Number.isFinite(millis)) throw new RangeError('open time to add is zero or more');
  const target = openBefore(start, calendar) + millis;
  if (millis === 0) return start;
  const { starts, ends, before } = calendar;
  // The first span in which the target is reached is the last one with less than the target before it.
  const i = countBelow(before, target) - 1;
  const result = i < 0 ? NaN : starts[i]! + (target - before[i]!);
  if (!(result <= ends[i]!)) throw new OutsideTableError('the due time', calendar.table);
  return result;
}

/** The same in minutes: the due time of a service level such as "first answer within 120 business minutes". */
export function addBusinessMinutes(start: number, minutes: number, calendar: BusinessCalendar): number {
  return addBusinessMillis(start, minutes * MS_PER_MINUTE, calendar);
}

/** Whether the desk is open at an instant; at closing time it is closed. */
export function isOpenAt(instant: number, calendar: BusinessCalendar): boolean {
  const i = spanAt(instant, calendar);
  return i >= 0 && instant < calendar.ends[i]!;
}

/** The instant itself when open, else the next opening. @throws OutsideTableError when there is none in the table. */
export function nextOpening(instant: number, calendar: BusinessCalendar): number {
  if (isOpenAt(instant, calendar)) return instant;
  const next = calendar.starts[spanAt(instant, calendar) + 1];
  if (next === undefined) throw new OutsideTableError('the next opening', calendar.table);
  return next;
}

/**
 * What remains of `whole` outside `pauses`, in order. Pauses may overlap, be unsorted, reach beyond the whole or still
 * be running (end null).
 */
export function withoutPauses(whole: Span, pauses: Iterable<Pause>): Span[] {
  const sorted = [...pauses].map(({ start, end }) => ({ start, end: end ?? Infinity })).sort((a, b) => a.start - b.start);
  const result: Span[] = [];
  let from = whole.start;
  for (const pause of sorted) {
    if (pause.end <= pause.start) continue;
    if (pause.start > from) result.push({ start: from, end: Math.min(pause.start, whole.end) });
    from = Math.max(from, pause.end);
    if (from >= whole.end) break;
  }
  if (from < whole.end) result.push({ start: from, end: whole.end });
  return result.filter(({ start, end }) => end > start);
}

/** Open time used from `start` to `now` while not paused (waiting for the member), in milliseconds. */
export function elapsedBusinessMillis(start: number, now: number, pauses: Iterable<Pause>, calendar: BusinessCalendar): number {
  let total = 0;
  for (const span of withoutPauses({ start, end: now }, pauses)) total += businessMillisBetween(span.start, span.end, calendar);
  return total;
}

/**
 * When the budget will be used up, given the pauses so far; null while a pause that comes before that moment is still
 * running, because then the clock stands.
 */
export function dueWithPauses(start: number, budgetMillis: number, pauses: Iterable<Pause>, calendar: BusinessCalendar): number | null {
  let left = budgetMillis;
  if (left === 0) return start;
  for (const span of withoutPauses({ start, end: Infinity }, pauses)) {
    if (span.end === Infinity) return addBusinessMillis(span.start, left, calendar);
    const available = businessMillisBetween(span.start, span.end, calendar);
    if (available >= left) return addBusinessMillis(span.start, left, calendar);
    left -= available;
  }
  return null;
}

/** Open milliseconds from the beginning of the table to an instant. */
function openBefore(instant: number, calendar: BusinessCalendar): number {
  const i = spanAt(instant, calendar);
  if (i < 0) return 0;
  return calendar.before[i]! + Math.min(instant, calendar.ends[i]!) - calendar.starts[i]!;
}

/** Index of the last span that starts at or before an instant; -1 before the first. */
function spanAt(instant: number, calendar: BusinessCalendar): number {
  if (!(instant >= calendar.from && instant <= calendar.to)) {
    throw new OutsideTableError(Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : String(instant), calendar.table);
  }
  return countBelow(calendar.starts, instant, true) - 1;
}

/** How many values of an ascending array are below a limit (or not above it, when `orEqual`). */
function countBelow(values: Float64Array, limit: number, orEqual = false): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = values[middle]!;
    if (value < limit || (orEqual && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
