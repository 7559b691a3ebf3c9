import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

// Read as UTF-16 by Buffer.toString, an odd number of bytes at an odd address ends Node 24.21 ("double free"): a notebook
// of unlucky length would take the whole process along. In a process of its own, since nothing could catch it here.
test('files whose UTF-16 text is cut in the middle of a character are read to the end', () => {
  const script = `
    const { inspectFiles } = await import(${JSON.stringify(new URL('../../src/attach/inspect.ts', import.meta.url).href)});
    for (let length = 1100; length < 1200; length++) {
      const bytes = new Uint8Array(length).fill(65);
      bytes.set(Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex'));
      for (const name of ['a.one', 'a.lnk', 'a.xls', 'a.ppt', 'a.txt']) await inspectFiles([{ name, declaredType: 'application/octet-stream', bytes, inline: false }]);
    }`;
  const { status, signal, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.deepEqual({ status, signal }, { status: 0, signal: null }, stderr);
});
