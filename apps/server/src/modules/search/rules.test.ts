import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eachHouse } from '../../../test/gates.ts';
import { fieldOf } from './query/fields.ts';
import { Problem } from '../../kernel/errors.ts';
import { spanOf, stepOf, Turns, whose } from './rules.ts';

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
  const first = turns.run('a', () => gate.promise.then(() => order.push('first')));
  const second = turns.run('a', async () => order.push('second'));
  await assert.rejects(turns.run('a', async () => order.push('third')), (e) => e instanceof Problem && e.code === 'search_slow' && e.status === 503);
  gate.resolve();
  await Promise.all([first, second]);
  await assert.rejects(turns.run('a', () => Promise.reject(new Error('it failed'))));
  await turns.run('a', async () => order.push('after a failure'));
  assert.deepEqual(order, ['first', 'second', 'after a failure']);
});

// Without it a member that asks without end, by mischance or to hide something, keeps all others and the desk from searching.
test('one organisation that asks without end delays another by one question, and cannot fill the queue alone', async () => {
  const turns = new Turns(2, 10, 3);
  const order: string[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const loud = gates.map((gate, i) => turns.run('loud', () => gate.promise.then(() => order.push(`loud ${i}`))));
  await assert.rejects(turns.run('loud', async () => order.push('too many')), (e) => e instanceof Problem && e.code === 'search_slow');
  const quiet = turns.run('quiet', async () => order.push('quiet'));
  gates[0]!.resolve();
  await quiet;
  assert.deepEqual(order, ['loud 0', 'quiet']);
  for (const gate of gates) gate.resolve();
  await Promise.all(loud);
  assert.equal(order.length, 6);
});

test('a question takes the turn of whoever asks: the desk never waits in the line of the member it looks at', () => {
  const desk = { kind: 'person', personId: 'p', homeOrgId: 'federation', name: 'desk' } as const;
  assert.deepEqual([whose({ actor: desk, orgId: 'member' }), whose({ actor: { kind: 'system', name: 'x' }, orgId: 'member' })], ['federation', 'member']);
});

// 宛先 and 送信元 are said of mails as well: whoever looks for a recipient must not be told of connections, or find nothing.
test('words that could mean a mail or a connection are no fields; kept searches have the new ones', async (t) => {
  for (const word of ['宛先', 'あて先', '送信先', '送信元', '発信元', '受取人']) assert.equal(fieldOf(word), undefined, word);
  assert.deepEqual([fieldOf('接続先')?.places, fieldOf('受信者')?.places], [fieldOf('dst')?.places, fieldOf('to')?.places]);
  await eachHouse(t, 'words', async ({ gate }) => {
    const kept = ['宛先:192.0.2.1 -送信元:10.0.0.0/8', '(宛先ポート:443 OR 送信元ポート:53)', '受取人:a@example.jp', '"宛先がない"', '接続先:192.0.2.1'];
    for (const q of kept) await gate.query("insert into search_saved (org_id, id, person_id, person_name, name, q, span, shared, created_at, updated_at) values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', '', $1, '7d', false, now(), now())", [q]);
    await gate.query(readFileSync(join(import.meta.dirname, '../../../migrations/state/0117_search_words.sql'), 'utf8'));
    const { rows } = await gate.query<{ q: string }>('select q from search_saved');
    assert.deepEqual(rows.map((r) => r.q).sort(), ['接続先:192.0.2.1 -接続元:10.0.0.0/8', '(接続先ポート:443 OR 接続元ポート:53)', '受信者:a@example.jp', '"宛先がない"', '接続先:192.0.2.1'].sort());
  });
});
