import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { temporaryFolder } from '../../../test/gates.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './pglite-worker.ts';

const query = (sql: string): Uint8Array<ArrayBuffer> => {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5, 'Q');
  head.writeInt32BE(text.length + 4, 1);
  return new Uint8Array(Buffer.concat([head, text]));
};

test('answers come whole, in order, and leave nothing behind in the thread', async (t) => {
  const workerData: WorkerOptions = { dataDir: join(temporaryFolder(), 'state') };
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData });
  t.after(() => worker.terminate());
  const said = async (): Promise<FromWorker> => ((await once(worker, 'message')) as [FromWorker])[0];
  assert.deepEqual(await said(), { kind: 'ready' });
  const ask = async (sql: string): Promise<Buffer> => {
    worker.postMessage({ kind: 'wire', bytes: query(sql) } satisfies ToWorker);
    const answer = await said();
    assert.ok(answer.kind === 'wire');
    return Buffer.from(answer.bytes);
  };
  const rows = "select g, repeat('x', 100) from generate_series(1, 5000) g";
  const first = await ask(rows);
  assert.equal(first.toString('latin1').split('x'.repeat(100)).length - 1, 5000);
  assert.equal(first.subarray(-6, -5).toString(), 'Z', 'it ends with ReadyForQuery');
  const before = (await worker.getHeapStatistics()).used_heap_size;
  for (let i = 0; i < 40; i++) assert.equal((await ask(rows)).length, first.length);
  // 200,000 rows of 100 characters: kept, they would be more than 40 MB. What waits for the collector is far less.
  const grown = (await worker.getHeapStatistics()).used_heap_size - before;
  assert.ok(grown < 15e6, `${Math.round(grown / 1e6)} MB more`);
});
