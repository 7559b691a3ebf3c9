import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../kernel/errors.ts';
import { spanOf, stepOf, Turns } from './rules.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const DAY = 86_400_000;

test('a time is a day unless told, runs forwards, and takes in clocks that are ahead', () => {
  assert.deepEqual(spanOf({}, NOW), { from: NOW - DAY, to: NOW + DAY });
  assert.deepEqual(spanOf({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }, NOW), { from: NOW - 29 * DAY, to: NOW - 28 * DAY });
  assert.equal(spanOf({ to: '2099-01-01T00:00:00Z', from: '2026-11-29T00:00:00Z' }, NOW).to, NOW + DAY, 'a far future is no longer span');
  for (const wrong of [{ from: '2026-11-30T00:00:00Z', to: '2026-11-29T00:00:00Z' }, { from: '1990-01-01T00:00:00Z' }]) assert.throws(() => spanOf(wrong, NOW), (e) => e instanceof Problem && e.code === 'time_wrong');
});

test('bars are as many as a page can show', () => {
  const step = (days: number) => stepOf({ from: NOW - days * DAY, to: NOW + DAY });
  assert.deepEqual([step(0.4), step(1), step(7), step(30), step(90), step(400)], ['minute', 'hour', 'hour', 'day', 'day', 'month']);
});

// A page that asks again and again must not take the store away from the doors.
test('questions wait for their turn, and those beyond the queue are refused', async () => {
  const turns = new Turns(1, 1);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.run(() => gate.promise.then(() => order.push('first')));
  const second = turns.run(async () => order.push('second'));
  await assert.rejects(turns.run(async () => order.push('third')), (e) => e instanceof Problem && e.code === 'search_slow' && e.status === 503);
  gate.resolve();
  await Promise.all([first, second]);
  await assert.rejects(turns.run(() => Promise.reject(new Error('it failed'))));
  await turns.run(async () => order.push('after a failure'));
  assert.deepEqual(order, ['first', 'second', 'after a failure']);
});
