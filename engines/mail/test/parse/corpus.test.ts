import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseMail } from '../../src/parse/parse.ts';

/** The nearest `shared/corpus/mail` above the repository: real mails for developing, never part of it. */
function corpus(): string | undefined {
  for (let folder = import.meta.dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    const found = join(folder, 'shared', 'corpus', 'mail');
    if (existsSync(found)) return found;
  }
  return undefined;
}

/** Files of a tar archive (POSIX ustar, long names of GNU passed over). */
function* files(tar: Buffer): Generator<{ name: string; bytes: Buffer }> {
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') return;
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    if (tar[at + 156] === 0x30 || tar[at + 156] === 0) yield { name, bytes: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const folder = corpus();

describe('real mails', { skip: folder === undefined ? 'the development corpus lies beside the repository only where mails are developed' : false }, () => {
  for (const archive of folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.tar.gz'))) {
    test(`${archive}: each is read, and has a sender or says why not`, async (t) => {
      const times: number[] = [];
      for (const { name, bytes } of files(gunzipSync(readFileSync(join(folder!, archive))))) {
        const before = performance.now();
        const parsed = await parseMail(bytes);
        times.push(performance.now() - before);
        assert.ok(parsed.from.length > 0 || parsed.troubles.length > 0, name);
        assert.ok(parsed.headers.length > 0, name);
      }
      assert.ok(times.length > 100);
      times.sort((a, b) => a - b);
      t.diagnostic(`${times.length} mails, p50 ${times[times.length >> 1]!.toFixed(2)} ms, p95 ${times[Math.floor(times.length * 0.95)]!.toFixed(1)} ms`);
    });
  }
});
