import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { eachHouse, type House } from '../../../test/gates.ts';
import { newId } from '../../kernel/ids.ts';
import { Secrets } from '../../kernel/secrets.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import { FILE_BYTES_MAX, openFiles, type Files } from './index.ts';

/** A day the test turns. */
type TestKernel = House & { time: number };

const A = newId();
const B = newId();
const scope = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'test' } });
const eachStore = (t: TestContext, name: string, fn: (kernel: TestKernel, files: Files) => Promise<void>): Promise<void> =>
  eachHouse(t, name, async (house) => {
    const kernel: TestKernel = { ...house, time: Date.parse('2026-11-23T00:00:00Z') };
    await fn(kernel, openFiles({ tenancy: house.tenancy, secrets: new Secrets(randomBytes(32)), clock: { now: () => kernel.time } } as never));
  });
const clean = (files: Files): Promise<void> => files.jobs![0]!.run({}, { jobId: newId(), signal: new AbortController().signal });
const put = (kernel: TestKernel, files: Files, orgId: string, bytes: Uint8Array, deleteOn = '2027-01-01') => kernel.tenancy.inOrg(scope(orgId), (tx) => files.put(tx, { orgId, bytes, purpose: 'sample', deleteOn }));
const get = (kernel: TestKernel, files: Files, orgId: string, id: string) => kernel.tenancy.inOrg(scope(orgId), (tx) => files.get(tx, orgId, id));
const counts = async (kernel: TestKernel): Promise<Record<string, number>> => {
  const { rows } = await kernel.gate.query<{ blobs: number; parts: number; files: number }>('select (select count(*)::int from files_blobs) as blobs, (select count(*)::int from files_parts) as parts, (select count(*)::int from files_files) as files');
  return { ...rows[0]! };
};
const asOrg = <T>(kernel: TestKernel, orgId: string, fn: (tx: Tx) => Promise<T>): Promise<T> => kernel.tenancy.inOrg(scope(orgId), fn);

test('bytes come back as they were, whatever their size, and none of the stored rows holds a word of them', (t) =>
  eachStore(t, 'round trip', async (kernel, files) => {
    const word = Buffer.from('内々の話ですので、返信はこのアドレスへお願いします。');
    for (const bytes of [Buffer.alloc(0), word, Buffer.concat([randomBytes(300_000), word]), Buffer.concat(Array.from({ length: 40_000 }, () => word))]) {
      const id = await put(kernel, files, A, bytes);
      assert.ok((await get(kernel, files, A, id))!.equals(bytes), `${bytes.length} bytes`);
    }
    const { rows } = await kernel.gate.query<{ row: string; bytes: Buffer }>('select p.bytes from files_parts p');
    assert.ok(rows.length > 8);
    for (const { bytes } of rows) {
      assert.ok(bytes.length <= 1024 * 1024);
      assert.equal(bytes.includes(word.subarray(0, 12)), false);
    }
    const { rows: texts } = await kernel.gate.query<{ row: string }>('select to_jsonb(b)::text as row from files_blobs b union all select to_jsonb(f)::text from files_files f');
    assert.equal(texts.some((r) => r.row.includes('内々')), false);
  }));

test('equal bytes are kept once in an organisation and apart between two, under hashes and keys that have nothing in common', (t) =>
  eachStore(t, 'once', async (kernel, files) => {
    const bytes = randomBytes(600_000);
    const ids = [await put(kernel, files, A, bytes), await put(kernel, files, A, bytes), await put(kernel, files, B, bytes)];
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(await counts(kernel), { blobs: 2, parts: 6, files: 3 });
    const { rows } = await kernel.gate.query<{ digest: string }>('select digest from files_blobs');
    assert.notEqual(rows[0]!.digest, rows[1]!.digest);
    // A part of one organisation does not open in the other, even by somebody who may write its rows.
    await kernel.gate.query('update files_parts b set bytes = a.bytes from files_parts a where a.org_id = $1 and b.org_id = $2 and a.n = b.n', [A, B]);
    await assert.rejects(get(kernel, files, B, ids[2]!));
    assert.ok((await get(kernel, files, A, ids[0]!))!.equals(bytes));
  }));

test('two who keep the same bytes at the same moment both have them', (t) =>
  eachStore(t, 'at once', async (kernel, files) => {
    const bytes = randomBytes(100_000);
    const ids = await Promise.all(Array.from({ length: 5 }, () => put(kernel, files, A, bytes)));
    assert.deepEqual(await counts(kernel), { blobs: 1, parts: 1, files: 5 });
    for (const id of ids) assert.ok((await get(kernel, files, A, id))!.equals(bytes));
  }));

test('what was changed, cut or put in another order is told and never handed out', (t) =>
  eachStore(t, 'changed', async (kernel, files) => {
    const id = await put(kernel, files, A, randomBytes(700_000));
    const spoil = async (sql: string, ...values: unknown[]): Promise<void> => {
      const { rows: before } = await kernel.gate.query<{ n: number; bytes: Buffer }>('select n, bytes from files_parts order by n');
      await kernel.gate.query(sql, values);
      await assert.rejects(get(kernel, files, A, id), sql);
      await kernel.gate.query('delete from files_parts');
      for (const { n, bytes } of before) await kernel.gate.query('insert into files_parts select org_id, id, $1, $2 from files_blobs', [n, bytes]);
      await kernel.gate.query('update files_blobs set parts = 3');
      assert.ok(await get(kernel, files, A, id));
    };
    await spoil('update files_parts set bytes = set_byte(bytes, 20, 255 - get_byte(bytes, 20)) where n = 1');
    await spoil('update files_parts set bytes = substring(bytes from 1 for 10) where n = 0');
    await spoil('delete from files_parts where n = 2');
    await spoil('update files_blobs set parts = 2');
    await spoil('update files_parts set n = 9 - n where n < 2');
  }));

test('another organisation finds neither the file nor its parts, and cannot hold, release or put off what is not its own', (t) =>
  eachStore(t, 'tenancy', async (kernel, files) => {
    const id = await put(kernel, files, A, randomBytes(1000), '2026-12-01');
    await asOrg(kernel, B, async (tx) => {
      assert.equal(await files.get(tx, A, id), null);
      assert.equal(await files.get(tx, B, id), null);
      await files.hold(tx, A, id, 'case');
      await files.setDay(tx, A, id, '2099-01-01');
      for (const table of ['files_blobs', 'files_parts', 'files_files', 'files_holds']) assert.equal((await tx.query(`select 1 from ${table}`)).length, 0, table);
    });
    await assert.rejects(asOrg(kernel, B, (tx) => files.put(tx, { orgId: A, bytes: randomBytes(10), purpose: 'x', deleteOn: '2027-01-01' })));
    kernel.time = Date.parse('2026-12-02T03:00:00Z');
    await clean(files);
    assert.equal(await get(kernel, files, A, id), null, 'its day was not put off');
  }));

test('a file goes on its day, one that is held stays until nothing holds it, and shared bytes go with the last who keeps them', (t) =>
  eachStore(t, 'days', async (kernel, files) => {
    const deleted: string[] = [];
    kernel.bus.on('files.deleted', async (_tx, { fileId }) => void deleted.push(fileId));
    const bytes = randomBytes(400_000);
    const [first, second, held] = [await put(kernel, files, A, bytes, '2026-11-30'), await put(kernel, files, A, bytes, '2026-12-10'), await put(kernel, files, A, randomBytes(10), '2026-11-30')];
    await asOrg(kernel, A, async (tx) => {
      await files.hold(tx, A, held, 'ticket');
      await files.hold(tx, A, held, 'case');
    });
    await clean(files);
    assert.deepEqual(deleted, [], 'not before its day');
    kernel.time = Date.parse('2026-11-30T03:00:00Z');
    await clean(files);
    assert.deepEqual(deleted, [first]);
    assert.ok((await get(kernel, files, A, second))!.equals(bytes));
    await asOrg(kernel, A, (tx) => files.release(tx, A, held, 'ticket'));
    await clean(files);
    assert.ok(await get(kernel, files, A, held), 'the case still holds it');
    await asOrg(kernel, A, (tx) => files.release(tx, A, held, 'case'));
    kernel.time = Date.parse('2026-12-10T03:00:00Z');
    await clean(files);
    assert.deepEqual(await counts(kernel), { blobs: 0, parts: 0, files: 0 });
  }));

test('more than a module may keep in one piece is refused before anything is stored', (t) =>
  eachStore(t, 'too large', async (kernel, files) => {
    await assert.rejects(put(kernel, files, A, new Uint8Array(FILE_BYTES_MAX + 1)), RangeError);
    assert.deepEqual(await counts(kernel), { blobs: 0, parts: 0, files: 0 });
  }));
