import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { eachHouse, quiet, temporaryFolder, type House } from '../../test/gates.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { SpoolPosition } from '../kernel/spool/types.ts';
import { HoldError, Holds } from './holds.ts';

/** A process with an intake, of which only what holds look at is real. */
class Process {
  readonly holds: Holds;
  readonly kept: SpoolPosition[] = [];
  paused = 0;
  /** Batches that take for ever, as on a store that hangs. */
  stuck = false;
  /** A database that does not answer: nothing comes back, not even an error. */
  cutOff = false;

  constructor(house: House, times: { leaseSeconds?: number; silentSeconds?: number; fenceMs?: number } = {}) {
    const data = temporaryFolder();
    mkdirSync(join(data, 'spool'));
    const position = { segment: 1, offset: 8 };
    const spool = { position: () => ({ committed: position }), keepUntil: async (to: SpoolPosition) => void this.kept.push(to), rewind: async () => {} };
    const asSystem: typeof house.tenancy.asSystem = (...all) => (this.cutOff ? new Promise(() => {}) : house.tenancy.asSystem(...all));
    const kernel = { tenancy: { asSystem }, config: { data }, log: quiet, spool } as unknown as Kernel;
    const pause = async (): Promise<() => void> => {
      if (this.stuck) await new Promise(() => {});
      this.paused += 1;
      return () => void (this.paused -= 1);
    };
    this.holds = new Holds({ kernel, pause, ...times });
  }
}

async function each(t: TestContext, fn: (house: House) => Promise<void>): Promise<void> {
  await eachHouse(t, 'holds', fn);
}

test('every intake stands still while a backup holds, and goes on afterwards; its spool learns what the backup holds', async (t) => {
  await each(t, async (house) => {
    const [one, two, pages] = [new Process(house), new Process(house), new Process(house)];
    await one.holds.join();
    await two.holds.join();
    const still = await pages.holds.hold();
    assert.deepEqual([one.paused, two.paused], [1, 1]);
    assert.equal(Object.keys(still.positions!).length, 2);
    await still.stillHeld();
    assert.equal(await one.holds.held(), true);
    await pages.holds.keep(still.positions!);
    still.resume();
    await sleep(1_500);
    assert.deepEqual([one.paused, two.paused], [0, 0]);
    assert.deepEqual(one.kept, [{ segment: 1, offset: 8 }]);
    await one.holds.leave();
    await two.holds.leave();
    // Nobody takes lines any more, so nobody is waited for.
    (await pages.holds.hold()).resume();
  });
});

test('a process that takes lines up while a backup holds waits before its first batch', async (t) => {
  await each(t, async (house) => {
    const still = await new Process(house).holds.hold();
    const late = new Process(house);
    await late.holds.join();
    assert.equal(late.paused, 1);
    still.resume();
    await late.holds.leave();
  });
});

test('an intake that died is not waited for, once it has been silent for so long that it would have stopped by itself', async (t) => {
  await each(t, async (house) => {
    const dead = new Process(house);
    dead.stuck = true;
    await dead.holds.join();
    await house.gate.query(`update operate_intakes set seen_at = clock_timestamp() - interval '60 seconds'`);
    // Its timer would beat again: ended without a word, as by a kill.
    await dead.holds.leave();
    await house.gate.query(`update operate_intakes set seen_at = clock_timestamp() - interval '1 second'`);
    const started = performance.now();
    (await new Process(house, { silentSeconds: 2 }).holds.hold()).resume();
    assert.ok(performance.now() - started > 500, 'it was waited for at first');
  });
});

test('an intake that is cut off from the database stands still by itself: a backup may take it for dead', async (t) => {
  await each(t, async (house) => {
    const one = new Process(house, { fenceMs: 1_500 });
    await one.holds.join();
    one.cutOff = true;
    await sleep(3_500);
    assert.equal(one.paused, 1);
  });
});

test('a backup whose hold ran out is refused: lines may have been stored between the two stores', async (t) => {
  await each(t, async (house) => {
    const still = await new Process(house).holds.hold();
    await house.gate.query(`update operate_holds set expires_at = clock_timestamp() - interval '1 millisecond'`);
    await assert.rejects(still.stillHeld(), HoldError);
    still.resume();
  });
});

test('two backups do not hold at once: the second waits for the first', async (t) => {
  await each(t, async (house) => {
    const first = await new Process(house).holds.hold();
    let second = false;
    const waiting = new Process(house).holds.hold().then((still) => {
      second = true;
      return still;
    });
    await sleep(800);
    assert.equal(second, false);
    first.resume();
    (await waiting).resume();
  });
});
