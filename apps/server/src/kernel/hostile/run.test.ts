import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Problem } from '../errors.ts';
import { runHostile } from './run.ts';

const LIMITS = { seconds: 20, memoryBytes: 256 * 1024 * 1024 };

test('of many files at once two are read, the others wait, and what is too many is refused instead of kept', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-hostile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const diary = join(folder, 'diary');
  writeFileSync(diary, '');
  const module = join(folder, 'slow.mjs');
  writeFileSync(module, `import { appendFileSync } from 'node:fs';
export default async (bytes, n) => {
  appendFileSync(${JSON.stringify(diary)}, '+');
  await new Promise((resolve) => setTimeout(resolve, 100));
  appendFileSync(${JSON.stringify(diary)}, '-');
  if (n === 0) throw new Error('the first breaks');
  return n;
};`);
  const results = await Promise.allSettled(Array.from({ length: 24 }, (_, n) => runHostile<number>(pathToFileURL(module), new Uint8Array(), n, LIMITS)));
  const refused = results.filter((r) => r.status === 'rejected' && r.reason instanceof Problem && r.reason.code === 'too_many_requests');
  assert.equal(refused.length, 2);
  assert.equal(results.filter((r) => r.status === 'fulfilled').length, 21, 'one that breaks gives its place to the next');
  let [now, most] = [0, 0];
  for (const sign of readFileSync(diary, 'latin1')) most = Math.max(most, (now += sign === '+' ? 1 : -1));
  assert.equal(most, 2);
  assert.equal(await runHostile<number>(pathToFileURL(module), new Uint8Array(), 7, LIMITS), 7, 'places are free again');
});
