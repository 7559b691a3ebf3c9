import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plansOf } from './calendars.ts';
import { clockAfter, clockAtStart, monthAround, NO_DUE, rankOf, slaState, unreadByDesk, usualSla, type ClockFacts } from './rules.ts';
import type { TicketState, Urgency } from './schema.ts';

const plans = plansOf(null);
const at = (text: string): Date => new Date(`${text}+09:00`);
const iso = (date: Date | null): string | null => (date === null ? null : new Date(date.getTime() + 9 * 3_600_000).toISOString().slice(0, 16));

function opened(urgency: Urgency, when: string): ClockFacts {
  return { created_at: at(when), ...clockAtStart(urgency, plans, at(when), null) };
}
const then = (row: ClockFacts, when: string, change: Parameters<typeof clockAfter>[1]): ClockFacts => ({ ...row, ...clockAfter(row, change, plans, at(when)) });

test('"now" is due in half an hour and eight hours, at night and on New Year’s Day too', () => {
  const row = opened('now', '2027-01-01T02:00');
  assert.deepEqual([iso(row.first_reply_due), iso(row.solve_due), iso(row.next_due)], ['2027-01-01T02:30', '2027-01-01T10:00', '2027-01-01T02:30']);
});

test('"today" asked on Friday afternoon before a holiday is due on Tuesday', () => {
  // Friday, 20 November 2026, 16:30; Monday is 勤労感謝の日.
  const row = opened('today', '2026-11-20T16:30');
  assert.deepEqual([iso(row.first_reply_due), iso(row.solve_due)], ['2026-11-24T10:30', '2026-11-24T16:30']);
});

test('"normal" asked on the last working day of the year goes on after the third of January', () => {
  // 28 December 2026 is a Monday; 29 December to 3 January is closed.
  const row = opened('normal', '2026-12-28T15:00');
  assert.deepEqual([iso(row.first_reply_due), iso(row.solve_due)], ['2027-01-04T15:00', '2027-01-08T15:00']);
});

test('a ticket after the last published holiday still gets a due time', () => {
  assert.equal(iso(opened('normal', '2028-12-28T16:00').first_reply_due), '2029-01-04T16:00');
  assert.equal(iso(opened('today', '2035-06-01T10:00').first_reply_due), '2035-06-01T12:00');
});

test('while the desk waits for the member the clock stands, and the time goes on from where it stopped', () => {
  let row = opened('today', '2026-11-24T10:00');
  row = then(row, '2026-11-24T11:00', { state: 'waiting', replied: true });
  assert.equal(row.next_due, null);
  assert.deepEqual(row.due_key, NO_DUE);
  assert.equal(slaState(row, at('2026-12-24T11:00')), 'paused');
  // One of eight hours is used; two days later seven are left.
  row = then(row, '2026-11-26T16:00', { state: 'working' });
  assert.equal(iso(row.solve_due), '2026-11-27T15:00');
  assert.equal(iso(row.next_due), '2026-11-27T15:00');
});

test('the first reply is judged once, by the times that held when it was given', () => {
  let row = opened('today', '2026-11-24T10:00');
  row = then(row, '2026-11-24T12:01', { state: 'working', replied: true });
  assert.deepEqual([iso(row.first_reply_due), row.first_reply_minutes], ['2026-11-24T12:00', 121]);
  const later = then(then(row, '2026-11-24T13:00', { state: 'working', replied: true }), '2026-11-24T14:00', { urgency: 'normal' });
  assert.deepEqual([iso(later.first_reply_due), later.first_replied_at, later.first_reply_minutes], ['2026-11-24T12:00', at('2026-11-24T12:01'), 121]);
});

test('the first reply counts open minutes only: Friday evening to Monday morning is not two days', () => {
  const row = then(opened('normal', '2026-11-27T16:50'), '2026-11-30T09:10', { state: 'waiting', replied: true });
  assert.equal(row.first_reply_minutes, 20);
});

test('ok, soon from three quarters on, late at the minute itself', () => {
  const row = opened('now', '2026-11-24T10:00');
  const state = (when: string): string => slaState(row, at(when));
  assert.deepEqual(['10:00', '10:22', '10:23', '10:29', '10:30'].map((t) => state(`2026-11-24T${t}`)), ['ok', 'ok', 'soon', 'soon', 'late']);
});

test('a solved ticket says whether its times were met and keeps saying it', () => {
  const answered = then(opened('now', '2026-11-24T10:00'), '2026-11-24T10:20', { state: 'working', replied: true });
  const inTime = then(answered, '2026-11-24T17:59', { state: 'solved' });
  const tooLate = then(answered, '2026-11-24T18:01', { state: 'solved' });
  for (const now of ['2026-11-24T18:01', '2030-01-01T00:00']) assert.deepEqual([slaState(inTime, at(now)), slaState(tooLate, at(now))], ['met', 'late']);
  assert.equal(slaState(then(opened('now', '2026-11-24T10:00'), '2026-11-24T10:31', { state: 'solved' }), at('2026-11-24T11:00')), 'late');
});

test('solving while waiting for the member judges by the time used, not by the time waited', () => {
  let row = then(opened('today', '2026-11-24T10:00'), '2026-11-24T11:00', { state: 'waiting', replied: true });
  row = then(row, '2026-12-10T11:00', { state: 'solved' });
  assert.equal(slaState(row, at('2026-12-11T09:00')), 'met');
  assert.notEqual(row.solve_due, null);
});

test('a reopened ticket has the time left that it had when it was solved', () => {
  let row = then(opened('now', '2026-11-24T10:00'), '2026-11-24T10:10', { state: 'solved', replied: true });
  row = then(row, '2026-11-25T10:10', { state: 'working' });
  assert.deepEqual([iso(row.next_due), row.solved_at], ['2026-11-25T18:00', null]);
});

test('changed urgency moves the times, counted from when it was asked', () => {
  const row = then(opened('normal', '2026-11-24T10:00'), '2026-11-24T13:00', { urgency: 'now' });
  assert.equal(iso(row.next_due), '2026-11-24T10:30');
  assert.equal(slaState(row, at('2026-11-24T13:00')), 'late');
});

test('a phone call is answered at once and is no first reply to measure', () => {
  const row = { created_at: at('2026-11-24T10:00'), ...clockAtStart('today', plans, at('2026-11-24T10:00'), { state: 'solved' }) };
  assert.deepEqual([row.first_reply_minutes, slaState(row, at('2026-11-25T10:00'))], [null, 'met']);
});

const states: readonly TicketState[] = ['new', 'working', 'waiting', 'solved'];
const urgencies: readonly Urgency[] = ['now', 'today', 'normal'];
const step = fc.record({ minutes: fc.integer({ min: 0, max: 10_000 }), state: fc.option(fc.constantFrom(...states), { nil: undefined }), urgency: fc.option(fc.constantFrom(...urgencies), { nil: undefined }), replied: fc.boolean() });

test('whatever happens: a due time while the clock runs and none while it stands, in the order the queue sorts by', () => {
  fc.assert(
    fc.property(fc.constantFrom(...urgencies), fc.integer({ min: 0, max: 500_000 }), fc.array(step, { maxLength: 30 }), (urgency, start, steps) => {
      let now = at('2026-01-01T00:00').getTime() + start * 60_000;
      let row: ClockFacts = { created_at: new Date(now), ...clockAtStart(urgency, plans, new Date(now), null) };
      for (const { minutes, ...change } of steps) {
        now += minutes * 60_000;
        row = { ...row, ...clockAfter(row, change, plans, new Date(now)) };
        const standing = row.state === 'waiting' || row.state === 'solved';
        assert.equal(row.next_due === null, standing);
        assert.equal(row.soon_at === null, standing);
        assert.deepEqual(row.due_key, row.next_due ?? NO_DUE);
        if (row.next_due) assert.ok(row.soon_at! <= row.next_due);
        assert.equal(row.state === 'solved', row.solved_at !== null);
        assert.equal(row.pauses.filter(([, end]) => end === null).length, standing ? 1 : 0);
        if (row.state === 'solved') assert.ok(row.solve_due !== null && row.first_reply_due !== null);
      }
    }),
    { numRuns: 300 },
  );
});

test('a conversation that goes to and fro for years stays small', () => {
  let row = opened('normal', '2026-01-05T09:00');
  let now = row.created_at.getTime();
  for (let i = 0; i < 1000; i += 1) {
    now += 3_600_000;
    row = { ...row, ...clockAfter(row, { state: i % 2 ? 'working' : 'waiting', replied: true }, plans, new Date(now)) };
  }
  assert.ok(row.pauses.length <= 200);
});

test('unread is what the other side wrote after one looked', () => {
  assert.equal(unreadByDesk({ member_wrote_at: at('2026-11-24T10:00'), desk_read_at: null }), true);
  assert.equal(unreadByDesk({ member_wrote_at: at('2026-11-24T10:00'), desk_read_at: at('2026-11-24T10:00') }), false);
  assert.equal(unreadByDesk({ member_wrote_at: at('2026-11-24T10:01'), desk_read_at: at('2026-11-24T10:00') }), true);
});

test('the month of the statistics is Japan’s: midnight of the first, not nine in the morning', () => {
  assert.deepEqual(monthAround(at('2026-12-01T00:00')), { month: '2026-12', from: at('2026-12-01T00:00'), to: at('2027-01-01T00:00') });
  assert.equal(monthAround(at('2026-11-30T23:59')).month, '2026-11');
});

test('usual times: the more urgent, the sooner', () => {
  const minutes = urgencies.map((u) => usualSla.minutes[u].firstReply);
  assert.deepEqual([...minutes].sort((a, b) => a - b), minutes);
  assert.deepEqual(urgencies.map(rankOf), [0, 1, 2]);
});
