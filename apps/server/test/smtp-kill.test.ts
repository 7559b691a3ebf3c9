import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { prepareHouse } from './killing.ts';
import { MailKillRig } from './mail-killing.ts';

const ROUNDS = 10;

test(`killed ${ROUNDS} times while mails come in, the house has every mail it answered with 250 exactly once`, async (t) => {
  const prepared = await prepareHouse();
  t.after(() => rmSync(prepared.folder, { recursive: true, force: true }));
  const rig = new MailKillRig(prepared, Number(process.env.BANYA_SEED ?? 20_261_129));
  let last = 0;
  let acknowledged = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const tally = round < ROUNDS ? await rig.round(1500) : await rig.finish();
    assert.deepEqual({ lost: tally.lost, doubled: tally.doubled }, { lost: 0, doubled: 0 }, `at start ${round}`);
    assert.ok(tally.stored >= last);
    ({ stored: last, acknowledged } = tally);
  }
  t.diagnostic(`${acknowledged} mails acknowledged, ${last} tickets`);
  assert.ok(acknowledged > 30, `only ${acknowledged} mails came in`);
});
