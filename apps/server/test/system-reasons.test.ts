import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const src = join(import.meta.dirname, '../src');
const list = join(import.meta.dirname, 'system-reasons.txt');

/** Calls of asSystem in the server's source: where, and the first argument as it is written. */
function calls(): { where: string; argument: string }[] {
  const found: { where: string; argument: string }[] = [];
  for (const file of globSync(join(src, '**/*.ts'))) {
    if (/\.test\.ts$|test-helper|\.tmp\.ts$/.test(file)) continue;
    const text = readFileSync(file, 'utf8');
    for (const match of text.matchAll(/\basSystem\s*(?:<[^>(]*>)?\(\s*/g)) {
      const rest = text.slice(match.index + match[0].length);
      // The port's own declaration and implementation name a parameter.
      if (/^reason\b/.test(rest)) continue;
      found.push({ where: relative(src, file), argument: /^'(?:[^'\\\n]|\\.)*'|^[^,\n]*/.exec(rest)![0] });
    }
  }
  return found;
}

test('work over all organisations gives a constant reason, and every reason was reviewed and stands in the list', () => {
  const found = calls();
  assert.ok(found.length > 30, 'the search finds the calls');
  const written = found.filter((c) => !/^'.{8,}'$/.test(c.argument));
  assert.deepEqual(written, [], 'a reason is written out where it is given, long enough to say something');
  const reviewed = readFileSync(list, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')).sort();
  const used = [...new Set(found.map((c) => `${c.where}: ${c.argument.slice(1, -1)}`))].sort();
  assert.deepEqual(used.filter((u) => !reviewed.includes(u)), [], `not reviewed: read the call, then add its line to ${relative(process.cwd(), list)}`);
  assert.deepEqual(reviewed.filter((r) => !used.includes(r)), [], 'no longer in the source: take the line out of the list');
});

test('the server takes roles over organisations in the kernel alone', () => {
  const wrong = globSync(join(src, '**/*.ts')).filter((file) => !/\.test\.ts$|test-helper|\.tmp\.ts$/.test(file) && !/^(kernel\/|operate\/backup\/)/.test(relative(src, file)) && /set (?:local )?role|banya_system|banya_auth/.test(readFileSync(file, 'utf8')));
  assert.deepEqual(wrong.map((f) => relative(src, f)), []);
});
