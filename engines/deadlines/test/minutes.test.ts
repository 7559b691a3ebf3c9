import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ALWAYS_OPEN, BusinessCalendar, OutsideTableError, addBusinessMillis, addBusinessMinutes, businessMillisBetween,
  businessMinutesBetween, computedHolidayTable, dueWithPauses, elapsedBusinessMillis, isOpenAt, nextOpening,
} from '../src/index.ts';
import type { CalendarOptions, DayHours } from '../src/index.ts';

const MINUTE = 60_000;
const holidays = computedHolidayTable(2024, 2028);
const at = (text: string) => Date.parse(`${text}:00+09:00`);
const office = new BusinessCalendar({ holidays });
const always = new BusinessCalendar({ holidays, hours: ALWAYS_OPEN, openOnHolidays: true, yearEnd: null });

/**
 * The slow second implementation: asks of every single minute whether the desk is open, from the wall clock alone.
 * Shares no code with the engine.
 */
function oracle(options: CalendarOptions): (instant: number) => boolean {
  const closed = new Set<string>(options.extraClosed);
  if (options.openOnHolidays !== true) for (const day of options.holidays.days) closed.add(day.date);
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const nineToFive: DayHours = [['09:00', '17:00']];
  const hours = (options.hours ?? [[], nineToFive, nineToFive, nineToFive, nineToFive, nineToFive, []]).map((spans) =>
    spans.map(([from, to]) => [minutes(from), minutes(to)] as const),
  );
  let cachedDay = NaN;
  let spansOfDay: (readonly [number, number])[] = [];
  return (instant) => {
    const wall = instant + 9 * 3_600_000;
    const day = Math.floor(wall / 86_400_000);
    if (day !== cachedDay) {
      cachedDay = day;
      const date = new Date(wall);
      const month = date.getUTCMonth() + 1;
      const dayOfMonth = date.getUTCDate();
      const yearEnd = options.yearEnd === undefined && ((month === 12 && dayOfMonth >= 29) || (month === 1 && dayOfMonth <= 3));
      const isClosed = yearEnd || closed.has(date.toISOString().slice(0, 10));
      spansOfDay = isClosed ? [] : hours[date.getUTCDay()]!;
    }
    const minute = Math.floor((wall - day * 86_400_000) / MINUTE);
    return spansOfDay.some(([from, to]) => minute >= from && minute < to);
  };
}

function slowBetween(start: number, end: number, isOpen: (instant: number) => boolean): number {
  let total = 0;
  for (let minute = Math.floor(start / MINUTE) * MINUTE; minute < end; minute += MINUTE) {
    if (isOpen(minute)) total += Math.min(end, minute + MINUTE) - Math.max(start, minute);
  }
  return total;
}

const time = fc.integer({ min: 0, max: 1440 }).map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
const dayHours: fc.Arbitrary<DayHours> = fc.uniqueArray(time, { maxLength: 6 }).map((times) => {
  const sorted = times.sort();
  return Array.from({ length: sorted.length >> 1 }, (_, i) => [sorted[2 * i]!, sorted[2 * i + 1]!] as const);
});
const allDay: DayHours = [['00:00', '24:00']];
const splitDay: DayHours = [['00:00', '12:00'], ['12:00', '24:00']];
const lunch: DayHours = [['09:00', '12:00'], ['13:00', '17:30']];
const week = fc.array(fc.oneof(fc.constantFrom(allDay, splitDay, lunch, [] as DayHours), dayHours), { minLength: 7, maxLength: 7 });
const optionsArb: fc.Arbitrary<CalendarOptions> = fc.record(
  {
    holidays: fc.constant(holidays),
    hours: fc.oneof({ weight: 1, arbitrary: fc.constant(ALWAYS_OPEN) }, { weight: 4, arbitrary: week }),
    openOnHolidays: fc.boolean(),
    yearEnd: fc.constant(null),
    extraClosed: fc.constantFrom(['2026-08-13', '2026-08-14'], ['2028-02-29'], ['2026-12-28']),
  },
  { requiredKeys: ['holidays'] },
);

// Starts near what goes wrong elsewhere: midnights, year ends, runs of holidays, a leap day, the edges of months.
const edges = ['2026-05-02', '2026-09-18', '2026-12-27', '2027-01-02', '2028-02-28', '2026-08-12', '2024-12-28', '2024-02-28', '2026-11-21'].map((date) => at(`${date}T00:00`));
const startArb = fc.oneof(
  fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -120, max: 4_320 })).map(([edge, minutes]) => edge + minutes * MINUTE),
  fc.tuple(fc.integer({ min: 1, max: 1_700 }), fc.integer({ min: -2, max: 2 })).map(([day, minutes]) => at('2024-01-02T00:00') + day * 86_400_000 + minutes * MINUTE),
  fc.integer({ min: at('2024-01-02T00:00'), max: at('2028-10-01T00:00') }),
);
const lengthArb = fc.oneof(fc.integer({ min: 0, max: 8_640 }).map((minutes) => minutes * MINUTE), fc.integer({ min: 0, max: 3 * 86_400_000 }));

test('open time agrees with a minute-by-minute count over thousands of random calendars and intervals', () => {
  fc.assert(
    fc.property(optionsArb, fc.array(fc.tuple(startArb, lengthArb), { minLength: 4, maxLength: 4 }), (options, intervals) => {
      const calendar = new BusinessCalendar(options);
      const isOpen = oracle(options);
      for (const [start, length] of intervals) {
        assert.equal(businessMillisBetween(start, start + length, calendar), slowBetween(start, start + length, isOpen));
        assert.equal(isOpenAt(start, calendar), isOpen(start));
      }
    }),
    { numRuns: 800 },
  );
});

test('a due time is the first minute at which a minute-by-minute clock has used up the budget', () => {
  fc.assert(
    fc.property(optionsArb, startArb, fc.integer({ min: 1, max: 1_500 }), (options, begin, budget) => {
      const start = Math.floor(begin / MINUTE) * MINUTE;
      const calendar = new BusinessCalendar(options);
      const isOpen = oracle(options);
      let left = budget;
      let now = start;
      const horizon = start + 40 * 86_400_000;
      while (left > 0 && now < horizon) {
        if (isOpen(now)) left--;
        now += MINUTE;
      }
      fc.pre(left === 0);
      assert.equal(addBusinessMinutes(start, budget, calendar), now);
    }),
    { numRuns: 800 },
  );
});

test('adding and measuring are inverse, and time adds up, to the millisecond', () => {
  fc.assert(
    fc.property(fc.constantFrom(office, always), startArb, lengthArb, lengthArb, (calendar, start, first, second) => {
      const due = addBusinessMillis(start, first, calendar);
      assert.equal(businessMillisBetween(start, due, calendar), first);
      assert.ok(due >= start);
      const middle = start + first;
      const end = middle + second;
      assert.equal(businessMillisBetween(start, middle, calendar) + businessMillisBetween(middle, end, calendar), businessMillisBetween(start, end, calendar));
      assert.equal(businessMillisBetween(end, start, calendar) + businessMillisBetween(start, end, calendar), 0);
    }),
    { numRuns: 3_000 },
  );
});

test('a desk that never closes loses no minute at midnight', () => {
  assert.equal(always.starts.length, 1, 'the midnights are merged away');
  assert.equal(businessMinutesBetween(at('2026-11-22T23:59'), at('2026-11-23T00:01'), always), 2);
  assert.equal(addBusinessMinutes(at('2026-11-22T23:00'), 60, always), at('2026-11-23T00:00'));
  assert.equal(addBusinessMinutes(at('2026-11-22T23:00'), 61, always), at('2026-11-23T00:01'));
  for (let day = 0; day < 1_800; day++) {
    const midnight = at('2024-01-02T00:00') + day * 86_400_000;
    assert.equal(businessMillisBetween(midnight - 1, midnight + 1, always), 2);
    assert.equal(addBusinessMinutes(midnight - MINUTE, 1_440, always), midnight - MINUTE + 86_400_000);
  }
});

test('time that ends with the closing bell is due then, and one minute more is due in the morning', () => {
  assert.equal(addBusinessMinutes(at('2026-11-20T16:00'), 60, office), at('2026-11-20T17:00'));
  // Friday evening, weekend and Labor Thanksgiving Day on Monday.
  assert.equal(addBusinessMinutes(at('2026-11-20T16:00'), 61, office), at('2026-11-24T09:01'));
  assert.equal(addBusinessMinutes(at('2026-11-20T20:00'), 0, office), at('2026-11-20T20:00'));
  assert.equal(nextOpening(at('2026-11-20T20:00'), office), at('2026-11-24T09:00'));
  assert.equal(nextOpening(at('2026-11-20T09:00'), office), at('2026-11-20T09:00'));
  assert.equal(isOpenAt(at('2026-11-20T17:00'), office), false);
});

test('year-end and a leap day are counted as the calendar says', () => {
  assert.equal(businessMinutesBetween(at('2026-12-28T16:59'), at('2027-01-04T09:01'), office), 2);
  assert.equal(businessMinutesBetween(at('2028-02-28T17:00'), at('2028-03-01T09:00'), office), 480);
  const openHolidays = new BusinessCalendar({ holidays, yearEnd: null, openOnHolidays: true });
  assert.equal(businessMinutesBetween(at('2026-12-31T00:00'), at('2027-01-02T00:00'), openHolidays), 960, 'Thursday and Friday');
});

test('pauses stop the clock however they overlap, and a running pause has no due time', () => {
  const start = at('2026-11-24T09:00');
  const pauses = [
    { start: at('2026-11-24T10:30'), end: at('2026-11-24T11:00') },
    { start: at('2026-11-24T10:00'), end: at('2026-11-24T10:45') },
    { start: at('2026-11-24T16:00'), end: at('2026-11-25T10:00') },
  ];
  assert.equal(elapsedBusinessMillis(start, at('2026-11-25T12:00'), pauses, office), (60 + 300 + 120) * MINUTE);
  assert.equal(dueWithPauses(start, 480 * MINUTE, pauses, office), at('2026-11-25T12:00'));
  assert.equal(dueWithPauses(start, 60 * MINUTE, pauses, office), at('2026-11-24T10:00'));
  const running = [{ start: at('2026-11-24T10:00'), end: null }];
  assert.equal(dueWithPauses(start, 61 * MINUTE, running, office), null);
  assert.equal(dueWithPauses(start, 60 * MINUTE, running, office), at('2026-11-24T10:00'));
  assert.equal(elapsedBusinessMillis(start, at('2026-12-01T10:00'), running, office), 60 * MINUTE);
});

test('with pauses, elapsed time agrees with a minute-by-minute clock and is the budget at the due time', () => {
  const pause = fc.tuple(fc.integer({ min: -600, max: 5_000 }), fc.integer({ min: 0, max: 2_000 }));
  fc.assert(
    fc.property(fc.constantFrom(...edges), fc.array(pause, { maxLength: 5 }), fc.integer({ min: 1, max: 1_500 }), (start, list, budget) => {
      const pauses = list.map(([from, length]) => ({ start: start + from * MINUTE, end: start + (from + length) * MINUTE }));
      const isOpen = oracle({ holidays });
      const runs = (instant: number) => isOpen(instant) && !pauses.some((p) => instant >= p.start && instant < p.end);
      const now = start + 4_000 * MINUTE;
      assert.equal(elapsedBusinessMillis(start, now, pauses, office), slowBetween(start, now, runs));
      const due = dueWithPauses(start, budget * MINUTE, pauses, office)!;
      assert.equal(slowBetween(start, due, runs), budget * MINUTE);
      assert.equal(runs(due - MINUTE), true, 'and not a minute later than needed');
    }),
    { numRuns: 300 },
  );
});

test('another zone, with its clock changes, follows the wall clock', () => {
  const newYork = new BusinessCalendar({ holidays, zone: 'America/New_York', openOnHolidays: true, yearEnd: null, hours: ALWAYS_OPEN });
  const hoursOf = (date: string) => {
    const { start, end } = newYork.boundsOf(date);
    return businessMillisBetween(start, end, newYork) / 3_600_000;
  };
  assert.deepEqual([hoursOf('2026-03-07'), hoursOf('2026-03-08'), hoursOf('2026-11-01'), hoursOf('2026-11-02')], [24, 23, 25, 24]);
  const desk = new BusinessCalendar({ holidays, zone: 'America/New_York', openOnHolidays: true, yearEnd: null });
  assert.equal(addBusinessMinutes(Date.parse('2026-03-06T21:59:00Z'), 2, desk), Date.parse('2026-03-09T13:01:00Z'));
  // In Beirut the clock jumps at midnight: 2026-03-29 begins at 01:00.
  const beirut = new BusinessCalendar({ holidays, zone: 'Asia/Beirut' });
  assert.equal(new Date(beirut.boundsOf('2026-03-29').start).toISOString(), '2026-03-28T22:00:00.000Z');
  assert.equal(beirut.dateAt(Date.parse('2026-03-28T21:59:59.999Z')), '2026-03-28');
  assert.equal(beirut.dateAt(Date.parse('2026-03-28T22:00:00Z')), '2026-03-29');
});

test('in zones with summer time, open time agrees with a clock read minute by minute', () => {
  for (const [zone, changes] of [['America/New_York', ['2026-03-07T12:00Z', '2026-10-31T12:00Z']], ['Europe/London', ['2026-03-28T12:00Z', '2026-10-24T12:00Z']]] as const) {
    const hours: DayHours[] = Array.from({ length: 7 }, (): DayHours => [['00:00', '00:30'], ['06:00', '24:00']]);
    const calendar = new BusinessCalendar({ holidays, zone, hours, openOnHolidays: true, yearEnd: null });
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    for (const change of changes) {
      const from = Date.parse(change);
      const open: boolean[] = [];
      for (let i = 0; i < 2_000; i++) {
        const wall = clock.format(from + i * MINUTE);
        open.push(wall < '00:30' || wall >= '06:00');
      }
      fc.assert(fc.property(fc.nat(1_999), fc.nat(1_999), (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        assert.equal(businessMinutesBetween(from + first * MINUTE, from + last * MINUTE, calendar), open.slice(first, last).filter(Boolean).length);
      }));
    }
  }
});

test('the fixed Tokyo rule and the zone tables of the runtime agree', () => {
  const table = new BusinessCalendar({ holidays, zone: 'Japan' });
  assert.deepEqual(table.starts, office.starts);
  assert.deepEqual(table.ends, office.ends);
});

test('questions beyond the table and malformed options are refused, never guessed', () => {
  assert.throws(() => businessMinutesBetween(at('2023-12-31T23:59'), at('2024-01-05T10:00'), office), OutsideTableError);
  assert.throws(() => addBusinessMinutes(at('2028-12-20T10:00'), 100_000, office), OutsideTableError);
  assert.throws(() => nextOpening(at('2028-12-31T10:00'), office), OutsideTableError);
  assert.throws(() => isOpenAt(NaN, office), OutsideTableError);
  for (const millis of [-1, NaN, Infinity]) assert.throws(() => addBusinessMillis(at('2026-11-20T10:00'), millis, office), RangeError);
  const bad: Partial<CalendarOptions>[] = [
    { hours: [] },
    { hours: [[['09:00', '09:00']], [], [], [], [], [], []] },
    { hours: [[['09:00', '24:01']], [], [], [], [], [], []] },
    { hours: [[['9:00', '17:00']], [], [], [], [], [], []] },
    { hours: [[['09:00', '12:00'], ['11:00', '13:00']], [], [], [], [], [], []] },
    { yearEnd: { from: '12-32', to: '01-03' } },
    { extraClosed: ['2026-02-29'] },
    { zone: 'Asia/Nowhere' },
    { holidays: { validFrom: '2026-01-01', validTo: '2025-01-01', days: [] } },
    { holidays: { validFrom: '1900-01-01', validTo: '2199-01-01', days: [] } },
  ];
  for (const options of bad) assert.throws(() => new BusinessCalendar({ holidays, ...options }), RangeError, JSON.stringify(options));
  const never = new BusinessCalendar({ holidays, hours: [[], [], [], [], [], [], []] });
  assert.equal(businessMinutesBetween(at('2026-01-01T00:00'), at('2027-01-01T00:00'), never), 0);
  assert.throws(() => addBusinessMinutes(at('2026-01-01T00:00'), 1, never), OutsideTableError);
});
