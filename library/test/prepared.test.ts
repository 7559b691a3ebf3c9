import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadMailKnowledge } from '../src/index.ts';
import { preparedMailKnowledge } from '../src/prepared.ts';

const folder = (t: { after(fn: () => void): void }): string => {
  const made = mkdtempSync(join(tmpdir(), 'banya-prepared-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return join(made, 'cache');
};

test('what was prepared once is the same as what is read from the packs', async (t) => {
  const cache = folder(t);
  assert.deepEqual(await preparedMailKnowledge(cache), loadMailKnowledge());
  const [name, ...others] = readdirSync(cache);
  assert.equal(others.length, 0);
  // It is read, not made again: what stands in the file is what comes back.
  const path = join(cache, name!);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"hosts":{', '"hosts":{"here":["kept.example"],'));
  assert.deepEqual((await preparedMailKnowledge(cache)).hosts, { here: ['kept.example'], ...loadMailKnowledge().hosts });
});

test('a file that was cut, or of other packs, is made anew; where nothing can be written the packs are read', async (t) => {
  const cache = folder(t);
  await preparedMailKnowledge(cache);
  const [name] = readdirSync(cache);
  writeFileSync(join(cache, name!), readFileSync(join(cache, name!)).subarray(0, 5_000));
  writeFileSync(join(cache, `mail-knowledge-${'0'.repeat(32)}.json`), '{}');
  assert.deepEqual(await preparedMailKnowledge(cache), loadMailKnowledge());
  assert.deepEqual(readdirSync(cache), [name]);
  assert.deepEqual(JSON.parse(readFileSync(join(cache, name!), 'utf8')), loadMailKnowledge());
  assert.deepEqual(await preparedMailKnowledge(join(cache, name!, 'no-folder')), loadMailKnowledge());
});
