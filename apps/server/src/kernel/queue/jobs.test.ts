import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { House } from '../../../test/gates.ts';
import { eachHouse, quiet, systemClock } from '../../../test/gates.ts';
import { createAudit } from '../audit.ts';
import { createTenancy } from '../db/tenancy.ts';
import { newId } from '../ids.ts';
import type { JobOptions } from '../types.ts';
import type { DeadLetter, Jobs } from './jobs.ts';
import { createJobs } from './jobs.ts';

declare module '../types.ts' {
  interface JobPayloads {
    'test.work': { readonly n: number };
    'test.other': { readonly n: number };
  }
}

const scope = { orgId: newId(), actor: { kind: 'system', name: 'test' } } as const;

interface Workshop extends House {
  readonly jobs: Jobs;
  readonly dead: DeadLetter[];
  /** Asks for one job per number, in one transaction. */
  ask(numbers: readonly number[], options?: JobOptions): Promise<void>;
  stored(): Promise<number>;
}

async function eachWorkshop(t: TestContext, name: string, fn: (workshop: Workshop) => Promise<void>): Promise<void> {
  await eachHouse(t, name, async (house) => {
    const dead: DeadLetter[] = [];
    const jobs = createJobs({ gate: house.gate, log: quiet, pollSeconds: 0.5, onDeadLetter: async (letter) => void dead.push(letter) });
    const tenancy = createTenancy({ ...house, jobs, clock: systemClock, log: quiet, audit: createAudit() });
    const ask = (numbers: readonly number[], options?: JobOptions) =>
      tenancy.inOrg(scope, async (tx) => {
        for (const n of numbers) tx.job('test.work', { n }, options);
      });
    const stored = async () => (await house.gate.query<{ n: number }>('select count(*)::int as n from kernel_outbox')).rows[0]!.n;
    try {
      await fn({ ...house, tenancy, jobs, dead, ask, stored });
    } finally {
      await jobs.stop(1000);
    }
  });
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('waited 15 s in vain');
}

test('jobs run once their transaction commits, and never when it rolls back', async (t) => {
  await eachWorkshop(t, 'commit', async ({ jobs, tenancy, ask, stored }) => {
    const ran: number[] = [];
    jobs.work({ name: 'test.work', run: async ({ n }) => void ran.push(n) });
    await jobs.start();
    await assert.rejects(
      tenancy.inOrg(scope, async (tx) => {
        tx.job('test.work', { n: 99 });
        throw new Error('no');
      }),
    );
    await ask(Array.from({ length: 120 }, (_, i) => i));
    await until(() => ran.length >= 120);
    assert.deepEqual(ran.toSorted((a, b) => a - b), Array.from({ length: 120 }, (_, i) => i));
    assert.equal(await stored(), 0);
  });
});

test('jobs left in the outbox by an earlier process are sent at the start', async (t) => {
  await eachWorkshop(t, 'leftovers', async ({ jobs, ask, stored }) => {
    await ask([1, 2, 3]);
    assert.equal(await stored(), 3);
    const ran: number[] = [];
    jobs.work({ name: 'test.work', run: async ({ n }) => void ran.push(n) });
    await jobs.start();
    await until(() => ran.length === 3);
  });
});

test('a row sent twice, as after a death between sending and deleting, runs once', async (t) => {
  await eachWorkshop(t, 'twice', async ({ jobs, gate, ask, stored }) => {
    const ran: number[] = [];
    jobs.work({ name: 'test.work', run: async ({ n }) => void ran.push(n) });
    await ask([1]);
    const { rows } = await gate.query<{ id: string }>('select id from kernel_outbox');
    await jobs.start();
    await until(() => ran.length === 1);
    await gate.query(`insert into kernel_outbox values ($1, 'test.work', '{"n":1}', '{}')`, [rows[0]!.id]);
    jobs.wake();
    await until(async () => (await stored()) === 0);
    await ask([2]);
    await until(() => ran.includes(2));
    assert.deepEqual(ran, [1, 2]);
  });
});

test('of jobs with the same key only one waits', async (t) => {
  await eachWorkshop(t, 'key', async ({ jobs, ask, stored }) => {
    await ask([1, 2], { singletonKey: 'same' });
    assert.equal(await stored(), 1, 'what the queue would throw away is not even stored');
    await ask([3], { singletonKey: 'same' });
    await ask([4], { singletonKey: 'another' });
    const ran: number[] = [];
    jobs.work({ name: 'test.work', run: async ({ n }) => void ran.push(n) });
    await jobs.start();
    await until(() => ran.length === 2);
    assert.deepEqual(ran.toSorted(), [1, 4]);
  });
});

test('a job that failed for good reaches the dead letters with name, payload and error', async (t) => {
  await eachWorkshop(t, 'dead', async ({ jobs, dead, ask }) => {
    jobs.work({ name: 'test.work', run: () => Promise.reject(new Error('cannot be done')) });
    await jobs.start();
    await ask([7], { retryLimit: 0 });
    await until(() => dead.length > 0);
    assert.deepEqual(dead, [{ name: 'test.work', payload: { n: 7 }, error: 'cannot be done' }]);
  });
});

test('jobs nobody here knows stay in the outbox and hold up no others', async (t) => {
  await eachWorkshop(t, 'unknown', async ({ jobs, tenancy, stored }) => {
    const ran: number[] = [];
    jobs.work({ name: 'test.work', run: async ({ n }) => void ran.push(n) });
    await jobs.start();
    await tenancy.inOrg(scope, async (tx) => {
      tx.job('test.other', { n: 1 });
      tx.job('test.work', { n: 2 });
    });
    await until(() => ran.length === 1);
    await until(async () => (await stored()) === 1);
  });
});

test('no more jobs of a name run at once than its concurrency', async (t) => {
  await eachWorkshop(t, 'concurrency', async ({ jobs, ask }) => {
    let running = 0;
    let most = 0;
    let ran = 0;
    jobs.work({
      name: 'test.work',
      concurrency: 3,
      run: async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 60));
        running -= 1;
        ran += 1;
      },
    });
    await jobs.start();
    await ask(Array.from({ length: 12 }, (_, i) => i));
    await until(() => ran === 12);
    assert.equal(most, 3);
  });
});

test('stopping waits for the running job, then aborts its signal', async (t) => {
  await eachWorkshop(t, 'stop', async ({ jobs, ask }) => {
    const heard: string[] = [];
    jobs.work({
      name: 'test.work',
      run: ({ n }, { signal }) =>
        new Promise((resolve) => {
          heard.push(`begun ${n}`);
          signal.addEventListener('abort', () => {
            heard.push('aborted');
            resolve();
          });
        }),
    });
    await jobs.start();
    await ask([1]);
    await until(() => heard.length > 0);
    await jobs.stop(1000);
    assert.deepEqual(heard, ['begun 1', 'aborted']);
  });
});

test('schedules are kept in their zone, changed and removed with their handlers', async (t) => {
  await eachWorkshop(t, 'cron', async ({ gate, jobs }) => {
    const schedules = async () => (await gate.query('select name, cron, timezone, data from pgboss.schedule order by name')).rows;
    const cron = (expression: string) => ({ expression, zone: 'Asia/Tokyo', payload: { n: 0 } });
    jobs.work({ name: 'test.work', cron: cron('0 3 * * *'), run: async () => {} });
    await jobs.start();
    assert.deepEqual(await schedules(), [{ name: 'test.work', cron: '0 3 * * *', timezone: 'Asia/Tokyo', data: { n: 0 } }]);
    await jobs.stop(1000);
    const next = createJobs({ gate, log: quiet, onDeadLetter: async () => {} });
    next.work({ name: 'test.other', cron: cron('*/5 * * * *'), run: async () => {} });
    await next.start();
    assert.deepEqual((await schedules()).map((row) => row.name), ['test.other']);
    await next.stop(1000);
  });
});

test('handlers are registered before the start, one per name', async (t) => {
  await eachWorkshop(t, 'registration', async ({ jobs }) => {
    const handler = { name: 'test.work', run: async () => {} } as const;
    jobs.work(handler);
    assert.throws(() => jobs.work(handler), /two handlers/);
    await jobs.start();
    assert.throws(() => jobs.work({ ...handler, name: 'test.other' }), /after start/);
  });
});

test('counting the statements of a transaction leaves out the flush it causes', async (t) => {
  await eachWorkshop(t, 'counted', async ({ gate, jobs, ask, stored }) => {
    jobs.work({ name: 'test.work', run: async () => {} });
    await jobs.start();
    const { statements, texts } = await gate.counted(async () => {
      await ask([1]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    assert.equal(statements, 1, texts.join('\n'));
    await until(async () => (await stored()) === 0);
  });
});
