import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLine, Place } from './events.ts';
import { cellText, readWorkbook } from '@banya/xlsx';
import { exportFile, gather, Undelivered } from './export.ts';
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

test('times are those of the organisation’s clock, as dates in a spreadsheet; the file’s name says whose it is and of which day', async () => {
  const line: EventLine = { at: Date.parse('2026-12-01T13:41:12.345Z'), id: '1', receivedAt: Date.parse('2026-12-01T15:00:03Z'), sourceId: '', deviceId: null, fields: {}, raw: 'raw', rawCut: false };
  const file = (format: 'csv' | 'xlsx' | 'jsonl', zone = 'Asia/Tokyo') => exportFile([line], format, 'ja', false, () => '本社のUTM', { org: '青葉/製作所', zone, now: new Date('2026-12-01T16:00:00Z') });
  assert.match(await file('csv').text(), /\r\n2026\/12\/01 22:41:12,2026\/12\/02 00:00:03,/);
  assert.match(await file('csv', 'America/New_York').text(), /\r\n2026\/12\/01 08:41:12,/);
  assert.match(await file('jsonl').text(), /"at":"2026-12-01T13:41:12.345Z"/);
  const dates = async (zone?: string) => [...readWorkbook(new Uint8Array(await file('xlsx', zone).arrayBuffer())).sheets[0]!.rows()].at(-1)!.cells.slice(0, 2).map((c) => [c!.kind, cellText(c!)]);
  assert.deepEqual(await dates(), [['datetime', '2026-12-01 22:41:12'], ['datetime', '2026-12-02 00:00:03']]);
  assert.deepEqual((await dates('UTC'))[0], ['datetime', '2026-12-01 13:41:12']);
  assert.match(decodeURIComponent(file('csv').headers.get('content-disposition')!), /ログ検索 青葉 製作所 2026-12-02\.csv$/);
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
