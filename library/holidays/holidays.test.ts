import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusinessCalendar, japaneseHolidays } from '@banya/deadlines';
import { nationalHolidays } from '../src/holidays.ts';

// The data is what deadlines are computed from; the generator is the law in code. Either one edited alone fails here.
test('the holiday pack and the law in code say the same for every year of the pack', () => {
  const first = Number(nationalHolidays.validFrom.slice(0, 4));
  const last = Number(nationalHolidays.validTo.slice(0, 4));
  const expected = [];
  for (let year = first; year <= last; year++) expected.push(...japaneseHolidays(year));
  assert.deepEqual(nationalHolidays.days.map(({ status: _, ...day }) => day), expected);
});

test('the pack says what edition it is, where it comes from and when it was checked', () => {
  assert.equal(nationalHolidays.id, 'holidays-jp');
  for (const date of [nationalHolidays.publishedOn, nationalHolidays.checkedOn, nationalHolidays.validFrom, nationalHolidays.validTo]) {
    assert.match(date, /^\d{4}-\d\d-\d\d$/);
  }
  assert.match(nationalHolidays.source.url, /^https:\/\/www8\.cao\.go\.jp\//);
});

test('years the state has not announced are marked as computed', () => {
  const announcedUntil = Number(nationalHolidays.publishedOn.slice(0, 4)) + 1;
  for (const { date, status } of nationalHolidays.days) {
    assert.equal(status, Number(date.slice(0, 4)) <= announcedUntil ? 'announced' : 'computed', date);
  }
});

test('the pack can be handed to the deadlines engine as it is', () => {
  const calendar = new BusinessCalendar({ holidays: nationalHolidays });
  assert.equal(calendar.closedReason('2026-09-22'), 'holiday');
  assert.equal(calendar.closedReason('2026-09-24'), undefined);
});
