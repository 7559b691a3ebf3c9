import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  BusinessCalendar, OutsideTableError, addBusinessDays, addBusinessMinutes, addDays, addMonths, administrativeCalendar,
  businessDaysBetween, computedHolidayTable, dateOfDay, dayNumber, daysBetween, deadline, isBusinessDay, rollToOpenDay,
} from '../src/index.ts';
import type { Roll } from '../src/index.ts';

const holidays = computedHolidayTable(2024, 2028);
const calendar = administrativeCalendar(holidays);
const dates = new Set(holidays.days.map(({ date }) => date));

/** The slow second implementation: one step at a time, with Date alone. */
const next = (date: string, step = 1) => {
  const value = new Date(`${date}T00:00:00Z`);
  value.setUTCDate(value.getUTCDate() + step);
  return value.toISOString().slice(0, 10);
};
const closed = (date: string) =>
  [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()) || dates.has(date) || date.slice(5) >= '12-29' || date.slice(5) <= '01-03';

const dateArb = fc.integer({ min: dayNumber('2024-04-01'), max: dayNumber('2028-06-30') }).map(dateOfDay);

test('statutory deadlines agree with a step-by-step count, whatever the day of knowing', () => {
  fc.assert(
    fc.property(dateArb, fc.integer({ min: 1, max: 70 }), fc.boolean(), fc.constantFrom<Roll>('none', 'following', 'preceding', 'modified_following'), (known, days, dayOne, roll) => {
      let end = known;
      for (let i = dayOne ? 1 : 0; i < days; i++) end = next(end);
      let expected = end;
      if (roll === 'following' || roll === 'modified_following') while (closed(expected)) expected = next(expected);
      if (roll === 'preceding' || (roll === 'modified_following' && expected.slice(0, 7) !== end.slice(0, 7))) {
        expected = end;
        while (closed(expected)) expected = next(expected, -1);
      }
      const result = deadline(known, { days, firstDay: dayOne ? 'same_day' : 'next_day', roll }, calendar);
      assert.equal(result.periodEnd, end);
      assert.equal(result.date, expected);
      assert.equal(result.passedOver.length, Math.abs(daysBetween(end, expected)));
      assert.ok(result.passedOver.every(({ date }) => closed(date)));
    }),
    { numRuns: 5_000 },
  );
});

test('business days agree with a step-by-step count in both directions', () => {
  fc.assert(
    fc.property(dateArb, fc.integer({ min: -40, max: 40 }), (date, n) => {
      let expected = date;
      if (n === 0) while (closed(expected)) expected = next(expected);
      for (let left = Math.abs(n); left > 0; ) {
        expected = next(expected, Math.sign(n));
        if (!closed(expected)) left--;
      }
      assert.equal(addBusinessDays(date, n, calendar), expected);
      assert.equal(isBusinessDay(date, calendar), !closed(date));
      if (n > 0) assert.equal(businessDaysBetween(date, expected, calendar), n);
    }),
    { numRuns: 2_000 },
  );
});

test('the day of knowing is day one, closed days count, and a closed last day moves on with its reasons', () => {
  const thirty = { days: 30, firstDay: 'same_day', roll: 'following' } as const;
  assert.deepEqual(deadline('2026-11-24', thirty, calendar), { date: '2026-12-23', periodEnd: '2026-12-23', passedOver: [] });
  // Day 30 is 29 December: the whole New Year closure is passed over.
  const newYear = deadline('2026-11-30', thirty, calendar);
  assert.equal(newYear.periodEnd, '2026-12-29');
  assert.equal(newYear.date, '2027-01-04');
  assert.deepEqual(newYear.passedOver.map(({ date, reason }) => `${date.slice(5)} ${reason}`), [
    '12-29 year_end', '12-30 year_end', '12-31 year_end', '01-01 holiday', '01-02 year_end', '01-03 year_end',
  ]);
  assert.equal(deadline('2028-01-31', thirty, calendar).date, '2028-02-29', 'a leap day is a day');
  assert.equal(deadline('2026-11-24', { days: 1, firstDay: 'same_day', roll: 'none' }, calendar).date, '2026-11-24');
  assert.equal(deadline('2026-11-24', { days: 1, firstDay: 'next_day', roll: 'none' }, calendar).date, '2026-11-25');
});

test('rolling passes over the Silver Week of 2026 in both directions and stays in the month when asked', () => {
  assert.equal(rollToOpenDay('2026-09-19', calendar), '2026-09-24');
  assert.equal(rollToOpenDay('2026-09-23', calendar, 'preceding'), '2026-09-18');
  assert.equal(rollToOpenDay('2026-10-31', calendar, 'modified_following'), '2026-10-30');
  assert.equal(rollToOpenDay('2026-09-19', calendar, 'none'), '2026-09-19');
});

test('a period of months ends as Civil Code article 143 says', () => {
  const end = (known: string, months: number, firstDay: 'same_day' | 'next_day' = 'next_day') => deadline(known, { months, firstDay, roll: 'none' }, calendar).periodEnd;
  assert.equal(end('2026-01-15', 1), '2026-02-15');
  assert.equal(end('2026-01-15', 1, 'same_day'), '2026-02-14');
  assert.equal(end('2026-01-30', 1), '2026-02-28', 'from the 31st: no corresponding day');
  assert.equal(end('2028-01-30', 1), '2028-02-29');
  assert.equal(end('2026-02-28', 1), '2026-03-31', 'from the first of a month: the whole month');
  assert.equal(end('2026-12-31', 12), '2027-12-31');
  assert.equal(end('2026-11-24', 2), '2027-01-24');
  // The statute step by step: the days of the period are those before the corresponding day, or to the month's end.
  fc.assert(fc.property(dateArb, fc.integer({ min: 1, max: 5 }), (first, months) => {
    const index = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + months;
    const month = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
    let day = first;
    while (next(day).slice(0, 7) < month || (next(day).slice(0, 7) === month && next(day).slice(8) < first.slice(8))) day = next(day);
    assert.equal(end(first, months, 'same_day'), day);
  }));
  for (const months of [0, -1, 0.5, 1_201]) assert.throws(() => end('2026-01-15', months), RangeError);
});

test('a date some months on is the same day, or the last of a shorter month', () => {
  assert.equal(addMonths('2027-12-31', 2), '2028-02-29');
  assert.equal(addMonths('2026-12-31', 2), '2027-02-28');
  assert.equal(addMonths('2026-03-31', -1), '2026-02-28');
  assert.equal(addMonths('2026-11-24', 12), '2027-11-24');
});

test('dates are a bijection with day numbers, and dates that do not exist are refused', () => {
  fc.assert(fc.property(fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2199-12-31') }), (day) => {
    assert.equal(dayNumber(dateOfDay(day)), day);
  }));
  for (const date of ['2026-02-29', '2026-13-01', '2026-1-1', '1899-12-31', '2200-01-01', '', '２０２６-01-01', '2026-01-01T00:00']) {
    assert.throws(() => dayNumber(date), RangeError, date);
  }
  assert.throws(() => addDays('2199-12-31', 1), RangeError);
  assert.throws(() => addDays('2026-01-01', 0.5), RangeError);
  assert.throws(() => addDays('2026-01-01', Infinity), RangeError);
});

test('days beyond the holiday table are refused', () => {
  assert.throws(() => isBusinessDay('2029-01-04', calendar), OutsideTableError);
  assert.throws(() => rollToOpenDay('2028-12-29', calendar), OutsideTableError);
  assert.throws(() => addBusinessDays('2028-12-27', 5, calendar), OutsideTableError);
  assert.throws(() => addBusinessDays('2024-01-05', -5, calendar), OutsideTableError);
  assert.throws(() => deadline('2028-12-01', { days: 60, firstDay: 'same_day', roll: 'following' }, calendar), OutsideTableError);
  for (const days of [0, -1, 1.5, 1e9]) {
    assert.throws(() => deadline('2026-11-24', { days, firstDay: 'same_day', roll: 'none' }, calendar), RangeError);
  }
});

test('the example of the README runs', () => {
  const table = computedHolidayTable(2026, 2028);
  const desk = new BusinessCalendar({ holidays: table });
  const asked = Date.parse('2026-11-20T16:00:00+09:00');
  assert.equal(new Date(addBusinessMinutes(asked, 120, desk)).toISOString(), '2026-11-24T01:00:00.000Z');
  const report = deadline('2026-11-30', { days: 30, firstDay: 'same_day', roll: 'following' }, administrativeCalendar(table));
  assert.equal(report.date, '2027-01-04');
});
