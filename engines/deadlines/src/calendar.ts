import { MS_PER_DAY, dateOfDay, dayNumber, weekdayOfDay } from './date.ts';
import type { LocalDate } from './date.ts';
import type { HolidayTable } from './holidays.ts';
import { zoneOf } from './zone.ts';
import type { Zone } from './zone.ts';

/** Opening hours of one weekday: pairs of 'HH:MM', in order, not overlapping; the end may be '24:00'. */
export type DayHours = readonly (readonly [from: string, to: string])[];

export interface CalendarOptions {
  readonly holidays: HolidayTable;
  /** Hours by weekday, Sunday first. Default: Monday to Friday 09:00–17:00. */
  readonly hours?: readonly DayHours[];
  /** Whether national holidays are open. Default false. */
  readonly openOnHolidays?: boolean;
  /** Yearly closure as 'MM-DD', both ends closed, may span New Year. Default 12-29 to 01-03; null for none. */
  readonly yearEnd?: { readonly from: string; readonly to: string } | null;
  /** Further closed dates, such as a summer closure or a foundation day. */
  readonly extraClosed?: Iterable<LocalDate>;
  /** IANA time zone. Default Asia/Tokyo. */
  readonly zone?: string;
}

export type ClosedReason = 'no_hours' | 'holiday' | 'year_end' | 'extra_closed';

/** Thrown when a question reaches beyond the holiday table: no answer is better than one that ignores holidays. */
export class OutsideTableError extends RangeError {
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate;
  constructor(what: string, table: { readonly validFrom: LocalDate; readonly validTo: LocalDate }) {
    super(`${what} is outside the holiday table (${table.validFrom} to ${table.validTo})`);
    this.name = 'OutsideTableError';
    this.validFrom = table.validFrom;
    this.validTo = table.validTo;
  }
}

const NINE_TO_FIVE: readonly DayHours[] = [[], ...Array.from({ length: 5 }, (): DayHours => [['09:00', '17:00']]), []];

export const ALWAYS_OPEN: readonly DayHours[] = Array.from({ length: 7 }, (): DayHours => [['00:00', '24:00']]);

export const ADMINISTRATIVE_YEAR_END = { from: '12-29', to: '01-03' } as const;

const MAX_DAYS = 36_600; // a hundred years
const MAX_SPANS_PER_DAY = 12;

/**
 * A business calendar, unfolded once for the whole span of its holiday table, so that each question is one or two
 * binary searches. Immutable; build it once and share it.
 * @throws RangeError for a malformed option.
 */
export class BusinessCalendar {
  readonly zone: Zone;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly table: { readonly validFrom: LocalDate; readonly validTo: LocalDate };
  /** First instant of the table, and the first instant after it. */
  readonly from: number;
  readonly to: number;
  /** Open spans as instants in milliseconds, ascending; spans that touch (midnight of a 24-hour desk) are one. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Open milliseconds before each span. */
  readonly before: Float64Array;
  /** Days with hours, ascending. */
  readonly openDays: Int32Array;
  readonly #closed = new Map<number, ClosedReason>();

  constructor(options: CalendarOptions) {
    const { validFrom, validTo, days } = options.holidays;
    this.zone = zoneOf(options.zone ?? 'Asia/Tokyo');
    this.table = { validFrom, validTo };
    this.firstDay = dayNumber(validFrom);
    this.lastDay = dayNumber(validTo);
    if (this.lastDay < this.firstDay || this.lastDay - this.firstDay >= MAX_DAYS) {
      throw new RangeError('a holiday table spans 1 day to 100 years');
    }
    this.from = this.zone.instantOf(this.firstDay, 0);
    this.to = this.zone.instantOf(this.lastDay + 1, 0);
    const hours = weeklyHours(options.hours ?? NINE_TO_FIVE);
    const holidays = new Set(options.openOnHolidays === true ? [] : days.map(({ date }) => dayNumber(date)));
    const extra = new Set([...(options.extraClosed ?? [])].map(dayNumber));
    const inYearEnd = yearEndTest(options.yearEnd === undefined ? ADMINISTRATIVE_YEAR_END : options.yearEnd);

    const starts: number[] = [];
    const ends: number[] = [];
    const openDays: number[] = [];
    for (let day = this.firstDay; day <= this.lastDay; day++) {
      const spans = hours[weekdayOfDay(day)]!;
      const reason: ClosedReason | undefined = holidays.has(day)
        ? 'holiday'
        : inYearEnd(day)
          ? 'year_end'
          : extra.has(day)
            ? 'extra_closed'
            : spans.length === 0
              ? 'no_hours'
              : undefined;
      if (reason !== undefined) {
        this.#closed.set(day, reason);
        continue;
      }
      openDays.push(day);
      for (const [from, to] of spans) {
        const start = this.zone.instantOf(day, from);
        const end = this.zone.instantOf(day, to);
        if (end <= start) continue; // the clock jumped over the whole span
        if (ends.at(-1) === start) ends[ends.length - 1] = end;
        else {
          starts.push(start);
          ends.push(end);
        }
      }
    }
    this.starts = Float64Array.from(starts);
    this.ends = Float64Array.from(ends);
    this.before = new Float64Array(starts.length);
    for (let i = 1; i < starts.length; i++) this.before[i] = this.before[i - 1]! + ends[i - 1]! - starts[i - 1]!;
    this.openDays = Int32Array.from(openDays);
  }

  /** Why a date is closed; undefined when it is open. A holiday on a Sunday counts as a holiday. */
  closedReason(date: LocalDate): ClosedReason | undefined {
    return this.#closed.get(this.dayInTable(date));
  }

  /** The day number of a date. @throws OutsideTableError beyond the table; RangeError for no date. */
  dayInTable(date: LocalDate): number {
    const day = dayNumber(date);
    if (day < this.firstDay || day > this.lastDay) throw new OutsideTableError(date, this.table);
    return day;
  }

  /** The date that the wall clock shows at an instant. */
  dateAt(instantMs: number): LocalDate {
    if (!Number.isFinite(instantMs)) throw new RangeError('an instant is a number of milliseconds since 1970');
    return dateOfDay(Math.floor((instantMs + this.zone.offsetAt(instantMs)) / MS_PER_DAY));
  }

  /** First instant of a date, and the first instant after it: a deadline "until that day" ends at `end`, exclusive. */
  boundsOf(date: LocalDate): { readonly start: number; readonly end: number } {
    const day = dayNumber(date);
    return { start: this.zone.instantOf(day, 0), end: this.zone.instantOf(day + 1, 0) };
  }
}

/**
 * The calendar of Japanese administrative bodies: Saturdays, Sundays, national holidays and 12/29 to 1/3 are closed
 * (行政機関の休日に関する法律, 昭和63年法律第91号, article 1).
 */
export function administrativeCalendar(holidays: HolidayTable): BusinessCalendar {
  return new BusinessCalendar({ holidays });
}

function weeklyHours(hours: readonly DayHours[]): (readonly [number, number])[][] {
  if (hours.length !== 7) throw new RangeError('hours are given for seven weekdays, Sunday first');
  return hours.map((spans) => {
    if (spans.length > MAX_SPANS_PER_DAY) throw new RangeError(`at most ${MAX_SPANS_PER_DAY} spans a day`);
    let previous = 0;
    return spans.map(([from, to]) => {
      const span = [minuteOfDay(from), minuteOfDay(to)] as const;
      if (span[0] < previous || span[1] <= span[0]) throw new RangeError(`opening hours out of order: ${from}-${to}`);
      previous = span[1];
      return span;
    });
  });
}

function minuteOfDay(text: string): number {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  const minute = match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
  if (!(minute <= 1440) || Number(match![2]) > 59) throw new RangeError('a time of day is written like 09:00, up to 24:00');
  return minute;
}

function yearEndTest(range: { readonly from: string; readonly to: string } | null): (day: number) => boolean {
  if (range === null) return () => false;
  const { from, to } = range;
  // A leap year, so that 02-29 is accepted.
  for (const end of [from, to]) dayNumber(`2028-${end}`);
  return (day) => {
    const monthDay = dateOfDay(day).slice(5);
    return from <= to ? monthDay >= from && monthDay <= to : monthDay >= from || monthDay <= to;
  };
}
