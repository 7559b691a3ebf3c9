import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Problem } from '../errors.ts';
import { HostilePool, type PoolOptions } from './pool.ts';

const MB = 1024 * 1024;
const heavy = (error: unknown): boolean => error instanceof Problem && error.code === 'file_too_heavy';

/** What a child does, by the first of its arguments. */
const WORK = `
let calls = 0;
export const warm = () => { calls = 100; };
const kept = [];
export default async (bytes, { what, ms, mb }) => {
  calls += 1;
  if (what === 'wait') await new Promise((resolve) => setTimeout(resolve, ms));
  if (what === 'spin') for (;;);
  if (what === 'die') process.exit(3);
  if (what === 'eat') for (let n = 0; n < mb; n += 8) { kept.push(Buffer.alloc(8 * ${MB}, 1)); await new Promise((resolve) => setTimeout(resolve, 5)); }
  if (what === 'throw') throw Object.assign(new Error('not this one'), { code: 'not_this', params: { line: 7 } });
  return { pid: process.pid, calls, size: bytes.length, environment: Object.keys(process.env).length };
};`;

function pool(t: TestContext, options: Partial<PoolOptions> = {}, source = WORK): HostilePool {
  const folder = mkdtempSync(join(tmpdir(), 'banya-pool-'));
  const file = join(folder, 'work.mjs');
  writeFileSync(file, source);
  const made = new HostilePool(pathToFileURL(file), { seconds: 20, memoryBytes: 256 * MB, ...options });
  t.after(() => {
    made.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return made;
}
interface Done { readonly pid: number; readonly calls: number; readonly size: number; readonly environment: number }
const run = (p: HostilePool, args: object, bytes = new Uint8Array()): Promise<Done> => p.run<Done>(bytes, args);

test('a child stays warm from one file to the next, knows nothing of the house, and never does two at once', async (t) => {
  const p = pool(t);
  const first = await run(p, { what: 'size' }, new Uint8Array(MB));
  assert.deepEqual([first.size, first.calls, first.environment], [MB, 101, 0]);
  assert.equal((await run(p, { what: 'size' })).pid, first.pid);
  const many = await Promise.all(Array.from({ length: 12 }, () => run(p, { what: 'wait', ms: 30 })));
  assert.ok(new Set(many.map((m) => m.pid)).size <= 2);
  assert.ok(p.size <= 2);
});

test('large files that wait are refused before they fill the memory of the house; small ones still find room', async (t) => {
  const p = pool(t, { size: 1, waitingBytesMax: 3 * MB });
  await run(p, { what: 'size' });
  // It is free a moment after its answer.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const large = Array.from({ length: 6 }, () => run(p, { what: 'wait', ms: 50 }, new Uint8Array(MB)));
  const small = run(p, { what: 'size' }, new Uint8Array(0));
  const found = await Promise.allSettled(large);
  assert.deepEqual(found.map((f) => f.status === 'fulfilled'), [true, true, true, true, false, false]);
  assert.ok(found.every((f) => f.status === 'fulfilled' || (f.reason instanceof Problem && f.reason.status === 429)));
  assert.equal((await small).size, 0);
  assert.equal((await run(p, { what: 'size' }, new Uint8Array(5 * MB))).size, 5 * MB, 'one of any size, where nothing waits');
});

test('a file that takes too long ends its child alone; who waits behind it is served by another', async (t) => {
  const p = pool(t, { seconds: 1, size: 1 });
  const { pid } = await run(p, { what: 'size' });
  const [spun, next] = await Promise.allSettled([run(p, { what: 'spin' }), run(p, { what: 'size' })]);
  assert.ok(spun.status === 'rejected' && heavy(spun.reason));
  assert.ok(next.status === 'fulfilled' && next.value.pid !== pid);
});

test('a file that fills the memory ends its child, also where it is no heap of the engine', async (t) => {
  const p = pool(t, { memoryBytes: 160 * MB, size: 1 });
  await assert.rejects(run(p, { what: 'eat', mb: 4096 }), heavy);
  assert.equal((await run(p, { what: 'size' })).calls, 101);
});

test('a child that has kept much of its memory is replaced before the next file would pay for it', async (t) => {
  const p = pool(t, { memoryBytes: 400 * MB, size: 1 });
  const { pid } = await run(p, { what: 'eat', mb: 300 });
  assert.notEqual((await run(p, { what: 'size' })).pid, pid);
});

test('a child that dies under a file is told as too heavy, an error of the function as it was thrown', async (t) => {
  const p = pool(t, { size: 1 });
  await assert.rejects(run(p, { what: 'die' }), heavy);
  await assert.rejects(run(p, { what: 'throw' }), { message: 'not this one', code: 'not_this', params: { line: 7 } });
  assert.equal((await run(p, { what: 'size' })).size, 0);
});

test('after its number of files a child is replaced', async (t) => {
  const p = pool(t, { callsMax: 3, size: 1 });
  const pids: number[] = [];
  for (let n = 0; n < 7; n += 1) pids.push((await run(p, { what: 'size' })).pid);
  assert.deepEqual([new Set(pids.slice(0, 3)).size, new Set(pids.slice(3, 6)).size, new Set(pids).size], [1, 1, 3]);
});

test('what is too many is refused instead of kept, and a pool that is closed answers everybody', async (t) => {
  const p = pool(t, { size: 1, waitingMax: 3 });
  await run(p, { what: 'wait', ms: 1 });
  // Whether a child kept too much is looked at after its answer.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const results = Promise.allSettled(Array.from({ length: 6 }, () => run(p, { what: 'wait', ms: 200 })));
  await new Promise((resolve) => setTimeout(resolve, 50));
  p.close();
  const settled = await results;
  assert.equal(settled.filter((r) => r.status === 'rejected').length, 6);
  assert.equal(settled.filter((r) => r.status === 'rejected' && r.reason instanceof Problem && r.reason.code === 'too_many_requests').length, 2);
  await assert.rejects(run(p, { what: 'size' }), /closed/);
  assert.equal(p.size, 0);
});

test('a module that does not load is told of at once, not tried for ever', async (t) => {
  const p = pool(t, {}, 'throw new Error("broken");');
  await assert.rejects(run(p, { what: 'size' }), /did not start/);
});

test('a child that rests keeps no process from ending', async (t) => {
  const p = pool(t, { idleSeconds: 1 });
  p.warm();
  assert.equal(p.size, 1);
  await run(p, { what: 'size' });
  for (let tries = 0; p.size > 0 && tries < 100; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(p.size, 0, 'one with nothing to do is ended');
});

test('where one is kept, it stays however long nothing comes, and whoever ends it is followed by another', async (t) => {
  const p = pool(t, { idleSeconds: 0.1, keepOne: true });
  const { pid } = await run(p, { what: 'size' });
  await Promise.all([run(p, { what: 'wait', ms: 50 }), run(p, { what: 'wait', ms: 50 })]);
  for (let tries = 0; p.size > 1 && tries < 100; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(p.size, 1, 'of two the one that is too many goes');
  await assert.rejects(run(p, { what: 'die' }), heavy);
  assert.equal(p.size, 1, 'without being asked');
  assert.notEqual((await run(p, { what: 'size' })).pid, pid);
});

test('of the cache a child is told the folder, and nothing else of the house', async (t) => {
  const cache = mkdtempSync(join(tmpdir(), 'banya-cache-'));
  t.after(() => rmSync(cache, { recursive: true, force: true }));
  const p = pool(t, { cache, size: 1 }, 'let told; export const warm = (cache) => { told = cache; }; export default () => ({ told, names: Object.keys(process.env) });');
  assert.deepEqual(await p.run(new Uint8Array(), {}), { told: cache, names: ['NODE_COMPILE_CACHE'] });
});

test('what the function asks is answered by the house, for its own call alone; nobody who answers is a null', async (t) => {
  const p = pool(t, { size: 1 }, `export default async (bytes, { what, late }, ask) => {
    if (late) void ask(late);
    if (what === 'many') return Promise.all(['a', 'b', 'c'].map((q) => ask(q)));
    return what === undefined ? null : ask(what);
  };`);
  const asked: unknown[] = [];
  const answer = async (question: unknown): Promise<unknown> => {
    asked.push(question);
    // The first is answered last.
    await new Promise((resolve) => setTimeout(resolve, question === 'a' ? 60 : 5));
    if (question === 'c') throw new Error('no');
    return `${String(question)}!`;
  };
  assert.deepEqual(await p.run(new Uint8Array(), { what: 'many' }, answer), ['a!', 'b!', null]);
  assert.equal(await p.run(new Uint8Array(), { what: 'alone' }), null);
  // Asked and not waited for: its answer comes into the next call, and is not that one's.
  const [, next] = await Promise.all([p.run(new Uint8Array(), { late: 'a' }, answer), p.run(new Uint8Array(), { what: 'b' }, async () => 'mine')]);
  assert.equal(next, 'mine');
  assert.deepEqual(asked, ['a', 'b', 'c', 'a']);
});
