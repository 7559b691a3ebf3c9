import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLine, Place } from './events.ts';
import { gather } from './export.ts';

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
