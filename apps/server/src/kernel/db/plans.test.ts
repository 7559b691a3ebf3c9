import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quiet, temporaryFolder } from '../../../test/gates.ts';
import { openGate } from './gate.ts';
import { Plans } from './plans.ts';

test('a statement is named once it came often, for each role by itself, and so many are at most', () => {
  const plans = new Plans(() => 0);
  const asked = Array.from({ length: 12 }, () => plans.nameOf('a', 'select 1'));
  assert.deepEqual(asked.slice(0, 9), Array.from({ length: 9 }, () => undefined));
  assert.ok(asked[9]);
  assert.deepEqual([asked[10], asked[11]], [asked[9], asked[9]]);
  assert.equal(plans.nameOf('b', 'select 1'), undefined);
  const names = new Set<string>();
  for (let n = 0; n < 5_000; n++) for (let time = 0; time < 10; time++) names.add(plans.nameOf('a', `select ${n}`) ?? '');
  names.delete('');
  assert.equal(names.size, 300);
});

test('a session keeps plans for a while, through errors, and uses none during a migration', async () => {
  let now = 0;
  const gate = openGate({ dataDir: temporaryFolder() }, { clock: { now: () => now }, log: quiet });
  try {
    const kept = async (): Promise<number> => (await gate.query<{ n: number }>(`select count(*)::int as n from pg_prepared_statements where name like 'plan %'`)).rows[0]!.n;
    await gate.query('create table t (a int); insert into t values (1), (2)');
    const read = async (): Promise<unknown[]> => (await gate.query('select * from t where a >= $1 order by a', [1])).rows;
    for (let i = 0; i < 30; i++) assert.deepEqual(await read(), [{ a: 1 }, { a: 2 }]);
    assert.equal(await kept(), 1);
    const inside = (): Promise<unknown> => gate.transaction(async (client) => (await client.query({ text: 'select a from t where a = $1', values: [2], name: gate.planOf('r', 'select a from t where a = $1')! })).rows);
    for (let i = 0; i < 9; i++) gate.planOf('r', 'select a from t where a = $1');
    assert.deepEqual(await inside(), [{ a: 2 }]);
    assert.equal(await kept(), 2);
    now += 5 * 60_000;
    assert.deepEqual(await read(), [{ a: 1 }, { a: 2 }]);
    assert.equal(await kept(), 0);
    // A failed statement leaves the session as it was.
    for (let i = 0; i < 20; i++) await assert.rejects(gate.query('select 1 / $1::int', [0]), /division by zero/);
    assert.deepEqual((await gate.query('select 1 / $1::int as n', [1])).rows, [{ n: 1 }]);
    for (let i = 0; i < 20; i++) await read();
    await gate.query('alter table t add column b int');
    await assert.rejects(read(), /cached plan must not change result type/);
    assert.deepEqual(await read(), [{ a: 1, b: null }, { a: 2, b: null }]);
    await gate.patiently(async () => {
      for (let i = 0; i < 20; i++) assert.equal(gate.planOf('r', 'select 2'), undefined);
    });
  } finally {
    await gate.end();
  }
});
