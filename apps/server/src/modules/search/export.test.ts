import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLine, Place } from './events.ts';
import { gather, Undelivered } from './export.ts';
import { Problem } from '../../kernel/errors.ts';

const all = Array.from({ length: 10 }, (_, i): EventLine => ({ at: 100 - i, id: `${i}`, receivedAt: 0, sourceId: '', deviceId: null, fields: { name: 'x'.repeat(96) }, raw: '', rawCut: false }));
const pageOf = async (after: Place | null, limit: number): Promise<EventLine[]> => {
  const from = after === null ? 0 : all.findIndex((l) => l.id === after.id) + 1;
  return all.slice(from, from + limit);
};
const ids = ({ found, more }: Awaited<ReturnType<typeof gather>>): [string, boolean] => [found.map((l) => l.id).join(''), more];

test('a file holds every line once, or the newest and says so', async () => {
  assert.deepEqual(ids(await gather(pageOf, { rows: 20, page: 3, chars: 1e9 })), ['0123456789', false]);
  assert.deepEqual(ids(await gather(pageOf, { rows: 10, page: 3, chars: 1e9 })), ['0123456789', false]);
  assert.deepEqual(ids(await gather(pageOf, { rows: 7, page: 3, chars: 1e9 })), ['0123456', true]);
});

// Without it twenty thousand long lines, which a member's own device may send, end the process for all members.
test('a file ends where its lines become too long to hold in memory, and says so', async () => {
  assert.deepEqual(ids(await gather(pageOf, { rows: 20, page: 3, chars: 350 })), ['0123', true]);
  assert.deepEqual(ids(await gather(pageOf, { rows: 20, page: 3, chars: 1_000 })), ['0123456789', false]);
});

// Without it a member that asks for files and reads none of them keeps each in memory for as long as it likes.
test('files that were not fetched to their end are so many, of one organisation and of all, and count no more once they were or are let go', async () => {
  const undelivered = new Undelivered(3, 2);
  const file = (who: string) => undelivered.hand(who, async () => new Response(Buffer.from('the file'), { headers: { 'Content-Type': 'text/csv' } }));
  const refused = (who: string) => assert.rejects(file(who), (e) => e instanceof Problem && e.status === 503);
  const [first, second] = [await file('a'), await file('a')];
  await refused('a');
  const other = await file('b');
  await refused('c');
  assert.deepEqual([await first.text(), first.headers.get('content-type')], ['the file', 'text/csv']);
  await second.body!.cancel();
  const third = await file('a');
  await assert.rejects(undelivered.hand('a', () => Promise.reject(new Error('it failed'))), /it failed/);
  await file('a');
  await refused('a');
  assert.deepEqual([await other.text(), await third.text()], ['the file', 'the file']);
});
