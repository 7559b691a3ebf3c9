import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { quiet, systemClock, temporaryFolder } from '../../../test/gates.ts';
import { DataFolderInUse } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import { openGate } from './gate.ts';

const lockOf = (folder: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8')) as Record<string, unknown>;
const write = (folder: string, lock: object | string): void => writeFileSync(join(folder, 'lock'), typeof lock === 'string' ? lock : JSON.stringify(lock));

/** What this process writes, to be bent by the tests below. */
function ownLock(): Record<string, unknown> {
  const folder = temporaryFolder();
  const lock = lockFolder(folder);
  const content = lockOf(folder);
  lock.release();
  return content;
}

test('a second process gets an error naming the pid of the first', async () => {
  const folder = temporaryFolder();
  const script = `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'folder-lock.ts'))}; lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  try {
    assert.throws(
      () => openGate({ dataDir: folder }, { clock: systemClock, log: quiet }),
      (error: DataFolderInUse) => error instanceof DataFolderInUse && error.pid === child.pid && error.message.includes(String(child.pid)),
    );
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  lockFolder(folder).release();
  assert.equal(existsSync(join(folder, 'lock')), false, 'taken over after the death of the holder, and removed at the end');
});

test('one process cannot open a folder twice', () => {
  const folder = temporaryFolder();
  const lock = lockFolder(folder);
  assert.throws(() => lockFolder(folder), DataFolderInUse);
  lock.release();
  lockFolder(folder).release();
});

test('a lock left by a process whose pid was given to another is taken over', () => {
  const folder = temporaryFolder();
  write(folder, { ...ownLock(), started: '1' });
  lockFolder(folder).release();
});

test('a lock from before the last boot is taken over', () => {
  const folder = temporaryFolder();
  write(folder, { ...ownLock(), boot: 'another' });
  lockFolder(folder).release();
});

test('a lock from another container or host holds while its heartbeat is young', () => {
  const folder = temporaryFolder();
  write(folder, { ...ownLock(), place: 'elsewhere' });
  assert.throws(() => lockFolder(folder), DataFolderInUse);
  const old = new Date(Date.now() - 120_000);
  utimesSync(join(folder, 'lock'), old, old);
  lockFolder(folder).release();
});

test('a damaged lock file does not keep the house shut', () => {
  const folder = temporaryFolder();
  for (const text of ['', '{', 'null', '[]', '{"pid":"1"}']) {
    write(folder, text);
    lockFolder(folder).release();
  }
});

test('release leaves a lock alone that somebody else took meanwhile', () => {
  const folder = temporaryFolder();
  const lock = lockFolder(folder);
  write(folder, { ...ownLock(), pid: 1 });
  lock.release();
  assert.equal(lockOf(folder).pid, 1);
});
