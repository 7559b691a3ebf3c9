import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ERAS, eraOf, fiscalYearOf, formatDateTime, formatDay, formatFiscalYear, formatMonth, formatRelative, formatTime, formatWareki, formatWhen,
  isIsoDate, isoDate, parseJapaneseDate, wallClock,
} from '../src/index.ts';

const instant = new Date('2026-11-22T01:05:00Z');
const isoArb = fc.date({ min: new Date('1873-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));

test('dates look as the screens show them', () => {
  assert.equal(formatDateTime(instant), '11月22日（日）10:05');
  assert.equal(formatDay('2026-11-22'), '11月22日（日）');
  assert.equal(formatTime(new Date('2026-11-21T15:05:00Z')), '0:05');
  assert.equal(formatMonth('2026-11-22'), '2026年11月');
  assert.equal(formatFiscalYear(2026), '2026年度（令和8年度）');
  assert.equal(formatDateTime(instant, { lang: 'en' }), 'Sun 22 Nov 10:05');
  assert.equal(formatFiscalYear(2026, 'en'), 'FY2026 (Reiwa 8)');
  assert.equal(formatDateTime(instant, { zone: 'America/New_York' }), '11月21日（土）20:05');
});

test('the year is shown exactly when it is not the present one, in the reader\'s zone', () => {
  const newYear = new Date('2026-12-31T15:00:00Z'); // already 2027 in Japan
  assert.equal(formatDay('2026-11-22', { now: instant }), '11月22日（日）');
  assert.equal(formatDay('2026-11-22', { now: newYear }), '2026年11月22日（日）');
  assert.equal(formatDay('2026-11-22', { now: newYear, lang: 'en' }), 'Sun 22 Nov 2026');
  assert.equal(formatDay('2026-11-22', { now: newYear, zone: 'UTC' }), '11月22日（日）');
});

test('relative time is given only under a day and never rounded up', () => {
  const ago = (ms: number) => formatRelative(new Date(instant.getTime() - ms), instant);
  assert.deepEqual([0, 59_999, 60_000, 3_599_999, 3_600_000, 86_399_999, 86_400_000].map(ago), ['たった今', 'たった今', '1分前', '59分前', '1時間前', '23時間前', undefined]);
  assert.deepEqual([-1, -60_000, -7_200_000, -86_400_000].map(ago), ['まもなく', '1分後', '2時間後', undefined]);
  assert.equal(formatRelative(new Date(instant.getTime() - 60_000), instant, 'en'), '1 minute ago');
  assert.equal(formatRelative(new Date(instant.getTime() + 7_200_000), instant, 'en'), 'in 2 hours');
  assert.equal(formatWhen(instant, new Date('2026-11-22T04:30:00Z')), '11月22日（日）10:05（3時間前）');
  assert.equal(formatWhen(instant, new Date('2026-11-24T04:30:00Z')), '11月22日（日）10:05');
  assert.equal(formatRelative(new Date(NaN), instant), undefined);
});

test('eras change on their first day', () => {
  assert.deepEqual(['1912-07-29', '1912-07-30', '1926-12-24', '1926-12-25', '1989-01-07', '1989-01-08', '2019-04-30', '2019-05-01', '2020-01-01', '2026-11-22'].map(formatWareki), [
    '明治45年7月29日', '大正元年7月30日', '大正15年12月24日', '昭和元年12月25日', '昭和64年1月7日', '平成元年1月8日', '平成31年4月30日', '令和元年5月1日', '令和2年1月1日', '令和8年11月22日',
  ]);
  assert.throws(() => eraOf('1872-12-31'), RangeError);
  assert.throws(() => formatWareki('2026-02-29'), RangeError);
});

test('era dates agree with the Japanese calendar of the runtime', () => {
  const format = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { era: 'long', year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' });
  fc.assert(fc.property(isoArb, (date) => assert.equal(formatWareki(date), format.format(new Date(`${date}T00:00:00Z`)).replace('1年', (year, at, all: string) => (/[^\d]$/.test(all.slice(0, at)) ? '元年' : year)))));
});

test('a date reads back from every way of writing it', () => {
  const wide = (text: string) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  fc.assert(fc.property(isoArb, (date) => {
    const { era, year } = eraOf(date);
    const [y, m, d] = date.split('-').map(Number) as [number, number, number];
    const forms = [formatWareki(date), `${formatWareki(date)}（日）`, date, date.replaceAll('-', ''), `${y}年${m}月${d}日`, `${y}/${m}/${d}`];
    if (year < 100) forms.push(`${era.letter}${year}.${m}.${d}`, `${era.letter.toLowerCase()}${year}/${m}/${d}`);
    else forms.splice(0, 2);
    for (const form of forms) for (const typed of [form, wide(form), ` ${form} `]) assert.equal(parseJapaneseDate(typed), date, typed);
  }));
});

test('dates that do not exist, or that the era did not have, are left to a person', () => {
  for (const bad of ['', '2026-02-29', '令和8年2月30日', '平成32年1月1日', '昭和元年1月1日', '令和0年5月1日', 'X8.1.1', '22/11/2026', '2026年11月', '11月22日', '二〇二六年', '明治1年12月1日', '令和8年11月22日'.repeat(20)]) {
    assert.equal(parseJapaneseDate(bad), undefined, bad);
  }
  assert.equal(ERAS.length, 5);
});

test('fiscal years begin in April, and 2019 is Reiwa as a whole', () => {
  assert.equal(fiscalYearOf('2026-03-31'), 2025);
  assert.equal(fiscalYearOf('2026-04-01'), 2026);
  assert.equal(fiscalYearOf(new Date('2026-03-31T15:00:00Z')), 2026, 'already April in Japan');
  assert.equal(fiscalYearOf('2026-09-30', 10), 2025);
  assert.equal(formatFiscalYear(2019), '2019年度（令和元年度）');
  assert.equal(formatFiscalYear(2018), '2018年度（平成30年度）');
  assert.throws(() => fiscalYearOf('2026-04-01', 13), RangeError);
});

test('the fixed Tokyo rule agrees with the runtime\'s zone tables, and the ISO date with the clock', () => {
  fc.assert(fc.property(fc.date({ min: new Date('1952-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), (date) => {
    assert.deepEqual(wallClock(date), wallClock(date, 'Japan'));
    assert.ok(isIsoDate(isoDate(date)));
    const { year, month, day, hour, minute } = wallClock(date);
    assert.equal(Date.UTC(year, month - 1, day, hour - 9, minute), Math.floor(date.getTime() / 60_000) * 60_000);
  }));
});

test('invalid times and zones are refused', () => {
  assert.throws(() => formatDay(new Date(NaN)), RangeError);
  assert.throws(() => formatDay('22.11.2026'), RangeError);
  assert.throws(() => formatDay(instant, { zone: 'Asia/Nowhere' }), RangeError);
});
