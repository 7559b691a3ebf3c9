import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { newId } from '../ids.ts';
import { ChdbEngine } from './chdb.ts';
import { EventsError } from './errors.ts';
import { batch, row, temporaryFolder } from './fixtures.test-helper.ts';
import { openEvents } from './index.ts';
import { migrateEvents } from './migrate.ts';
import { ClickHouseEventsStore } from './store.ts';

/** A small generator with a seed (mulberry32), so that a failing round can be run again. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function alive(pid: number): boolean {
  try {
    // A zombie is dead, though its number still answers.
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim().startsWith('Z') === false;
  } catch {
    return false;
  }
}

test('killing the engine at random during inserts loses nothing and doubles nothing', async () => {
  const folder = temporaryFolder();
  let restarts = 0;
  const engine = await ChdbEngine.open({ folder: folder.path, onRestart: () => restarts++ });
  try {
    await migrateEvents(engine);
    const store = new ClickHouseEventsStore(engine);
    const org = newId();
    let sent = 0;
    for (let round = 0; round < 10; round++) {
      const chance = random(1000 + round);
      const batches = Array.from({ length: 8 }, (_, i) => batch(`kill:${round}:${i}`, Array.from({ length: 50 + Math.floor(chance() * 400) }, (_, n) => row(org, { retention: n % 3 === 0 ? 'long' : 'short' }))));
      const killer = (async () => {
        for (let shot = 0; shot < 2; shot++) {
          await sleep(chance() * 120);
          if (engine.childPid !== undefined) process.kill(engine.childPid, 'SIGKILL');
        }
      })();
      for (const one of batches) {
        assert.deepEqual(await store.insert(one), { kind: 'stored' });
        sent += one.count;
        // A caller that died before it could note the answer sends the batch again.
        if (chance() < 0.3) await store.insert(one);
      }
      await killer;
      const [got] = await store.query<{ rows: number; ids: number }>(org, { sql: 'SELECT count() AS rows, uniqExact(event_id) AS ids FROM events' });
      assert.deepEqual(got, { rows: sent, ids: sent }, `round ${round}`);
    }
    assert.ok(restarts >= 10, `${restarts} restarts`);
  } finally {
    await engine.close();
    folder.remove();
  }
});

test('a statement that was under way at every death is given up, and the store lives on', async () => {
  const folder = temporaryFolder();
  const engine = await ChdbEngine.open({ folder: folder.path });
  try {
    const slow = engine.run({ sql: 'SELECT max(sipHash64(number)) FROM system.numbers', settings: { max_execution_time: 30 } });
    const ended = assert.rejects(slow, (error: unknown) => error instanceof EventsError && error.code === 'EVENTS_UNAVAILABLE');
    let done = false;
    void ended.then(() => (done = true));
    while (!done) {
      if (engine.childPid !== undefined) process.kill(engine.childPid, 'SIGKILL');
      await sleep(300);
    }
    await ended;
    assert.match((await engine.run({ sql: 'SELECT 1 AS one' })).toString(), /"one":1/);
  } finally {
    await engine.close();
    folder.remove();
  }
  assert.equal((await new ClickHouseEventsStore(engine).health()).ok, false);
  await assert.rejects(engine.run({ sql: 'SELECT 1' }), (error: unknown) => error instanceof EventsError && error.code === 'EVENTS_UNAVAILABLE');
});

test('a second process is refused while the folder is open, and let in afterwards', async () => {
  const folder = temporaryFolder();
  const store = await openEvents({ folder: folder.path });
  try {
    await assert.rejects(ChdbEngine.open({ folder: folder.path }), (error: unknown) => error instanceof EventsError && error.code === 'EVENTS_LOCKED');
  } finally {
    await store.close();
  }
  const again = await openEvents({ folder: folder.path });
  await again.close();
  folder.remove();
});

test('the engine has none of the secrets of its parent and ends with it', { skip: process.platform !== 'linux' ? 'reads /proc' : false }, async () => {
  const folder = temporaryFolder();
  const script = `
    import { ChdbEngine } from ${JSON.stringify(new URL('./chdb.ts', import.meta.url).href)};
    const engine = await ChdbEngine.open({ folder: ${JSON.stringify(join(folder.path, 'events'))} });
    console.log(engine.childPid);
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { env: { ...process.env, BANYA_MASTER_KEY: 'secret-of-the-parent' }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    assert.ok(alive(pid));
    assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'latin1'), /secret-of-the-parent|BANYA/);
    parent.kill('SIGKILL');
    await once(parent, 'close');
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(50);
    assert.ok(!alive(pid), 'the child outlived its parent');
  } finally {
    parent.kill('SIGKILL');
    folder.remove();
  }
});

// It holds lines as they came, which backups and the end of an organisation know nothing of.
test('what a killed insert left in the folder is gone once the engine is up again', async () => {
  const folder = temporaryFolder();
  try {
    await (await ChdbEngine.open({ folder: folder.path })).close();
    const left = join(folder.path, 'block.native.1');
    writeFileSync(left, 'lines of a member');
    const engine = await ChdbEngine.open({ folder: folder.path });
    assert.equal(existsSync(left), false);
    await engine.close();
  } finally {
    folder.remove();
  }
});
