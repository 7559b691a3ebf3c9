import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eachGate, embeddedFolder, quiet, systemClock, temporaryFolder } from '../../../test/gates.ts';
import { NestedUse, StoreUnavailable } from './errors.ts';
import { openGate } from './gate.ts';
import { json } from './parsers.ts';

test('column values are the same JavaScript values on both engines', async (t) => {
  await eachGate(t, 'parsers', async (gate) => {
    const at = new Date('2026-03-31T15:30:00.123Z');
    const { rows } = await gate.query(
      `select 9007199254740993::int8 as big, 1.10::numeric as amount, '2026-04-01'::date as day, $1::timestamptz as at,
         $2::jsonb as object, $3::jsonb as list, array['2026-04-01'::date] as days, $4::text[] as texts, true as yes,
         '\\x00ff'::bytea as bytes, null::date as nothing, '2026-04-01 10:00'::timestamp as local, 1.5::float8 as float, 7::int4 as small`,
      [at, { a: [1, 'ä番'] }, json([1, { b: null }]), ['x,y', '"z"']],
    );
    assert.deepEqual(rows, [
      {
        big: '9007199254740993',
        amount: '1.10',
        day: '2026-04-01',
        at,
        object: { a: [1, 'ä番'] },
        list: [1, { b: null }],
        days: ['2026-04-01'],
        texts: ['x,y', '"z"'],
        yes: true,
        bytes: Buffer.from([0, 255]),
        nothing: null,
        local: '2026-04-01 10:00:00',
        float: 1.5,
        small: 7,
      },
    ]);
    const { rows: zone } = await gate.query("select current_setting('TimeZone') as zone");
    assert.deepEqual(zone, [{ zone: 'UTC' }]);
  });
});

test('errors carry the SQLSTATE on both engines, and the session goes on', async (t) => {
  await eachGate(t, 'errors', async (gate) => {
    await assert.rejects(gate.query('select 1/0'), { code: '22012' });
    await assert.rejects(gate.query('selec'), { code: '42601' });
    await assert.rejects(gate.query('select $1::int', ['x']), { code: '22P02' });
    assert.deepEqual((await gate.query('select 1 as one')).rows, [{ one: 1 }]);
  });
});

test('the outer handle inside a transaction is refused instead of waiting for ever', async (t) => {
  await eachGate(t, 'nested', async (gate) => {
    await gate.transaction(async () => {
      await assert.rejects(gate.query('select 1'), NestedUse);
      await assert.rejects(gate.connect(), NestedUse);
      await assert.rejects(
        gate.transaction(async () => {}),
        NestedUse,
      );
    });
    assert.equal((await gate.query('select 1')).rows.length, 1, 'allowed again afterwards');
  });
});

test('work started inside a transaction but running after it may use the gate', async (t) => {
  await eachGate(t, 'later', async (gate) => {
    let later: Promise<unknown> | undefined;
    const ended = Promise.withResolvers<void>();
    await gate.transaction(async () => {
      later = ended.promise.then(() => gate.query('select 1'));
    });
    ended.resolve();
    await later;
  });
});

test('a session given back with an open transaction is rolled back first', async (t) => {
  await eachGate(t, 'rollback', async (gate) => {
    await gate.query('create table kept (n int)');
    const client = await gate.connect();
    await client.query('begin');
    await client.query('insert into kept values (1)');
    client.release();
    assert.deepEqual((await gate.query('select * from kept')).rows, []);
    await assert.rejects(gate.query('begin; insert into kept values (2); select 1/0'), { code: '22012' });
    assert.deepEqual((await gate.query('select * from kept')).rows, []);
  });
});

test('a transaction whose failed statement was swallowed is not reported as committed', async (t) => {
  await eachGate(t, 'swallowed', async (gate) => {
    await gate.query('create table kept (n int)');
    const attempt = gate.transaction(async (client) => {
      await client.query('insert into kept values (1)');
      await client.query('select 1/0').catch(() => {});
    });
    await assert.rejects(attempt, /rolled back/);
    assert.deepEqual((await gate.query('select * from kept')).rows, []);
  });
});

test('transactions running at once do not see each other half done', async (t) => {
  await eachGate(t, 'at once', async (gate) => {
    await gate.query('create table counters (n int not null); insert into counters values (0)');
    await Promise.all(
      Array.from({ length: 20 }, () =>
        gate.transaction(async (client) => {
          const { rows } = await client.query<{ n: number }>('select n from counters for update');
          await client.query('update counters set n = $1', [rows[0]!.n + 1]);
        }),
      ),
    );
    assert.deepEqual((await gate.query('select n from counters')).rows, [{ n: 20 }]);
  });
});

test('statements are counted without transaction and setting commands, and only those of the given work', async (t) => {
  await eachGate(t, 'counted', async (gate) => {
    const other = (async () => {
      for (let i = 0; i < 5; i += 1) await gate.query('select 2');
    })();
    const { statements, texts } = await gate.counted(async () => {
      await gate.query('select 1');
      await gate.transaction(async (client) => client.query({ text: 'select $1::int', values: [3] }), "set local timezone = 'UTC'");
    });
    await other;
    assert.equal(statements, 2, texts.join('\n'));
  });
});

test('a statement past its deadline ends the embedded store, rejects clearly, and loses no committed row', async () => {
  const gate = openGate({ dataDir: await embeddedFolder() }, { clock: systemClock, log: quiet, deadlineMs: 700 });
  try {
    await gate.query('create table kept (n int)');
    await gate.query('insert into kept select generate_series(1, 1000)');
    const endless = gate.query('select count(*) from generate_series(1, 1000000000) a, generate_series(1, 1000) b');
    const waiting = gate.query('insert into kept values (1001)');
    await assert.rejects(endless, (error: StoreUnavailable) => error instanceof StoreUnavailable && error.reason === 'deadline');
    await waiting;
    assert.deepEqual((await gate.query('select count(*)::int as n from kept')).rows, [{ n: 1001 }]);
  } finally {
    await gate.end();
  }
});

test('a store that cannot be opened rejects everybody who waits at once, and is tried again later', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'pg'), 'a file where a folder should be');
  const gate = openGate({ dataDir: folder }, { clock: systemClock, log: quiet });
  try {
    const attempts = await Promise.allSettled(Array.from({ length: 50 }, () => gate.query('select 1')));
    for (const attempt of attempts) {
      assert.ok(attempt.status === 'rejected' && attempt.reason instanceof StoreUnavailable && attempt.reason.reason === 'open_failed');
    }
    execFileSync('rm', [join(folder, 'pg')]);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.deepEqual((await gate.query('select 1 as one')).rows, [{ one: 1 }]);
  } finally {
    await gate.end();
  }
});

test('a full disk rejects clearly, keeps every committed row, and the store works again once there is space', async (t) => {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    t.skip('mounting a small tmpfs needs root');
    return;
  }
  try {
    const ballast = join(folder, 'ballast');
    const gate = openGate({ dataDir: folder }, { clock: systemClock, log: quiet, deadlineMs: 5000 });
    try {
      await gate.query('create table kept (n int, filler text)');
      writeFileSync(ballast, Buffer.alloc(30 << 20));
      let acknowledged = 0;
      const fill = async (): Promise<void> => {
        for (; acknowledged < 100_000; acknowledged += 100) {
          await gate.query("insert into kept select $1::int + n, repeat('x', 3000) || random() from generate_series(1, 100) n", [acknowledged]);
        }
      };
      await assert.rejects(fill(), StoreUnavailable);
      execFileSync('rm', [ballast]);
      const { rows } = await gate.query<{ n: number }>('select count(*)::int as n from kept');
      assert.ok(acknowledged > 0);
      assert.equal(rows[0]!.n, acknowledged);
      await gate.query('insert into kept values (0, null)');
    } finally {
      await gate.end();
    }
  } finally {
    execFileSync('umount', ['-l', folder]);
  }
});
