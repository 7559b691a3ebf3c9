import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { deliver, HouseProcess, KillRig, prepareHouse } from './killing.ts';

const ROUNDS = 10;

test('killed between its answer and its work, the house has every line once after the next start, and a repeated key stays one', async (t) => {
  const prepared = await prepareHouse();
  t.after(() => rmSync(prepared.folder, { recursive: true, force: true }));
  const post = { key: 'the-key', lines: ['one', 'two', 'three'] };
  let house = await HouseProcess.start(prepared.folder);
  await house.hold();
  assert.equal(await deliver(house, prepared.http, post), true);
  assert.equal(await deliver(house, prepared.http, post), true, 'a repetition before anything was counted');
  await house.kill();

  house = await HouseProcess.start(prepared.folder);
  assert.equal(await deliver(house, prepared.http, post), true, 'the collector never got the answer and sends again');
  const after = await house.stored();
  assert.deepEqual([after.lines.sort(), after.counted], [['one', 'three', 'two'], 3]);
  await house.close();

  house = await HouseProcess.start(prepared.folder);
  assert.equal(await deliver(house, prepared.http, post), true, 'also after an orderly restart');
  assert.deepEqual((await house.stored()).counted, 3);
  await house.close();
});

test(`killed ${ROUNDS} times in the midst of traffic, the house loses no line it acknowledged, has none twice, and its counters say what its store holds`, async (t) => {
  const prepared = await prepareHouse();
  t.after(() => rmSync(prepared.folder, { recursive: true, force: true }));
  const rig = new KillRig(prepared, Number(process.env.BANYA_SEED ?? 20_261_124));
  let last = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const tally = round < ROUNDS ? await rig.round(900) : await rig.finish();
    const { lost, doubled, stored, counted } = tally;
    assert.deepEqual({ lost, doubled, counted }, { lost: 0, doubled: 0, counted: stored }, `at start ${round}`);
    assert.ok(stored >= last);
    last = stored;
  }
  assert.ok(last > 100, `only ${last} lines came in`);
});
