import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLIDAY_YEARS, computedHolidayTable, dayNumber, japaneseHolidays, weekdayOfDay } from '../src/index.ts';

const lines = (year: number) => japaneseHolidays(year).map(({ date, ja }) => `${date.slice(5)} ${ja}`);

test('2026 has its eighteen holidays, with a substitute after a run and a day between two', () => {
  assert.deepEqual(lines(2026), [
    '01-01 元日', '01-12 成人の日', '02-11 建国記念の日', '02-23 天皇誕生日', '03-20 春分の日', '04-29 昭和の日',
    '05-03 憲法記念日', '05-04 みどりの日', '05-05 こどもの日', '05-06 振替休日', '07-20 海の日', '08-11 山の日',
    '09-21 敬老の日', '09-22 国民の休日', '09-23 秋分の日', '10-12 スポーツの日', '11-03 文化の日', '11-23 勤労感謝の日',
  ]);
});

test('counts and substitutes of the years announced so far are right', () => {
  assert.deepEqual([2022, 2023, 2024, 2025, 2026, 2027].map((year) => japaneseHolidays(year).length), [16, 17, 21, 19, 18, 17]);
  const substitutes = (year: number) => japaneseHolidays(year).filter(({ kind }) => kind === 'substitute').map(({ date }) => date.slice(5));
  assert.deepEqual(substitutes(2023), ['01-02']);
  assert.deepEqual(substitutes(2024), ['02-12', '05-06', '08-12', '09-23', '11-04']);
  assert.deepEqual(substitutes(2025), ['02-24', '05-06', '11-24']);
  assert.deepEqual(substitutes(2027), ['03-22']);
});

/**
 * Instant of an equinox in epoch milliseconds by Meeus, Astronomical Algorithms, chapter 27 (tables 27.B and 27.C),
 * good to about a minute; TT minus UTC is taken as 75 seconds. An implementation quite apart from the one under test.
 */
function equinoxByMeeus(year: number, autumn: boolean): number {
  const y = (year - 2000) / 1000;
  const [a, b, c, d, e] = autumn
    ? [2451810.21715, 365242.01767, -0.11575, 0.00337, 0.00078]
    : [2451623.80984, 365242.37404, 0.05169, -0.00411, -0.00057];
  const jde0 = a! + b! * y + c! * y ** 2 + d! * y ** 3 + e! * y ** 4;
  const t = (jde0 - 2451545) / 36525;
  const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
  const w = 35999.373 * t - 2.47;
  const terms: [number, number, number][] = [
    [485, 324.96, 1934.136], [203, 337.23, 32964.467], [199, 342.08, 20.186], [182, 27.85, 445267.112], [156, 73.14, 45036.886],
    [136, 171.52, 22518.443], [77, 222.54, 65928.934], [74, 296.72, 3034.906], [70, 243.58, 9037.513], [58, 119.81, 33718.147],
    [52, 297.17, 150.678], [50, 21.02, 2281.226], [45, 247.54, 29929.562], [44, 325.15, 31555.956], [29, 60.93, 4443.417],
    [18, 155.12, 67555.328], [17, 288.79, 4562.452], [16, 198.04, 62894.029], [14, 199.76, 31436.921], [12, 95.39, 14577.848],
    [12, 287.11, 31931.756], [12, 320.81, 34777.259], [9, 227.73, 1222.114], [8, 15.45, 16859.074],
  ];
  const s = terms.reduce((sum, [size, phase, rate]) => sum + size * cos(phase + rate * t), 0);
  const jde = jde0 + (0.00001 * s) / (1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w));
  return (jde - 2440587.5) * 86_400_000 - 75_000;
}

test('the astronomical computation used as a check meets known equinoxes within two minutes', () => {
  for (const [known, autumn] of [['2024-03-20T03:06Z', false], ['2024-09-22T12:44Z', true], ['2026-03-20T14:46Z', false], ['2026-09-23T00:05Z', true]] as const) {
    const expected = Date.parse(known.replace('Z', ':00Z'));
    assert.ok(Math.abs(equinoxByMeeus(Number(known.slice(0, 4)), autumn) - expected) < 120_000, known);
  }
});

test('the equinox days agree with the position of the sun in every year offered', () => {
  for (let year = HOLIDAY_YEARS.first; year <= HOLIDAY_YEARS.last; year++) {
    for (const [name, autumn] of [['春分の日', false], ['秋分の日', true]] as const) {
      const computed = new Date(equinoxByMeeus(year, autumn) + 9 * 3_600_000).toISOString().slice(0, 10);
      assert.equal(japaneseHolidays(year).find(({ ja }) => ja === name)?.date, computed, `${name} ${year}`);
    }
  }
});

test('article 3 holds for every year: no Sunday without a substitute, no single day left between two holidays', () => {
  for (let year = HOLIDAY_YEARS.first; year <= HOLIDAY_YEARS.last; year++) {
    const all = japaneseHolidays(year);
    const days = new Map(all.map((holiday) => [dayNumber(holiday.date), holiday]));
    assert.equal(all.filter(({ kind }) => kind === 'national').length, 16);
    assert.equal(days.size, all.length);
    for (const [day, { kind, date }] of days) {
      if (kind === 'substitute') {
        let run = day - 1;
        while (days.get(run)?.kind === 'national' && weekdayOfDay(run) !== 0) run--;
        assert.ok(days.get(run)?.kind === 'national' && weekdayOfDay(run) === 0, `${date} follows an unbroken run from a Sunday`);
      }
      if (kind === 'national' && weekdayOfDay(day) === 0) assert.ok(days.has(day + 1), `${date} on a Sunday`);
      if (kind === 'national' && days.get(day + 2)?.kind === 'national') assert.ok(days.has(day + 1), `gap after ${date}`);
      if (kind === 'between') assert.ok(days.get(day - 1)?.kind === 'national' && days.get(day + 1)?.kind === 'national', date);
    }
  }
});

test('years without a rule are refused', () => {
  for (const year of [2021, 2100, 2026.5, NaN]) assert.throws(() => japaneseHolidays(year), RangeError);
  assert.throws(() => computedHolidayTable(2020, 2026), RangeError);
});
