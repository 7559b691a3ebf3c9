import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { passwordZip, ZIP_PASSWORD } from './zip.ts';

const noUnzip = spawnSync('unzip', ['-v']).error ? 'unzip is not installed' : false;
const folder = (t: TestContext): string => {
  const made = mkdtempSync(join(tmpdir(), 'banya-zip-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

test('the mail comes out of the zip with the password as it was, whatever is in it', { skip: noUnzip }, async (t) => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('From: a@example.jp\r\n\r\n本文'), randomBytes(3 * 1024 * 1024), Buffer.alloc(5 * 1024 * 1024, 0x41)]) {
    const file = join(folder(t), 'mail.zip');
    writeFileSync(file, await passwordZip('mail.eml', bytes, new Date('2026-11-24T01:02:04Z')));
    assert.equal(execFileSync('unzip', ['-P', ZIP_PASSWORD, '-p', file, 'mail.eml'], { maxBuffer: 64 * 1024 * 1024 }).equals(bytes), true, `${bytes.length} bytes`);
    assert.match(execFileSync('unzip', ['-l', file]).toString(), /2026-11-24 01:02 +mail\.eml/);
  }
});

test('without the password nothing comes out, and no word of the mail stands in the file', { skip: noUnzip }, async (t) => {
  const file = join(folder(t), 'mail.zip');
  const text = 'EICAR-like words that a scanner would find '.repeat(3);
  writeFileSync(file, await passwordZip('mail.eml', Buffer.from(text), new Date('2026-11-24T00:00:00Z')));
  assert.notEqual(spawnSync('unzip', ['-P', 'wrong', '-p', file]).stdout.toString(), text);
  assert.equal(readFileSync(file).includes('EICAR'), false);
});
