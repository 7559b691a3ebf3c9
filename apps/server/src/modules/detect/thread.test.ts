import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import pino from 'pino';
import { unpackMemory } from './memory.ts';
import { IntakeThread } from './thread.ts';

// A backup of an earlier version brings it back. A thread that ended over it would end again each time, and no line were read any more.
test('memory that was kept in another form is left, and lines are read all the same', async () => {
  const said: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) });
  const before = zstdCompressSync('{"version":1,"organisations":[]}').toString('base64');
  for (const kept of [before, 'AAAA', { version: 1, organisations: [] } as unknown as string]) {
    const thread = new IntakeThread(log, { importedRules: '/nowhere' });
    await thread.start(kept);
    const state = await thread.state();
    assert.deepEqual(unpackMemory(state!), { version: 2, organisations: [] });
    assert.ok(thread.alive);
    await thread.stop();
  }
  assert.equal(said.filter((line) => line.includes('could not be read')).length, 3);
});
