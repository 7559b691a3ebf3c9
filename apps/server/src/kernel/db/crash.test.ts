import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { embeddedFolder, quiet, systemClock } from '../../../test/gates.ts';
import { createAudit, verifyLedger } from '../audit.ts';
import { newId } from '../ids.ts';
import { createBus } from '../queue/bus.ts';
import { openGate } from './gate.ts';
import { migrate, readMigrations } from './migrate.ts';
import { createTenancy } from './tenancy.ts';

const ORG = newId();
const scope = { orgId: ORG, actor: { kind: 'system', name: 'test' } } as const;

/** A process that commits rows with a ledger entry and a job each, without flushing, and says the number of each after its commit. */
const WRITER = `
import { openGate } from ${JSON.stringify(join(import.meta.dirname, 'gate.ts'))};
import { createTenancy } from ${JSON.stringify(join(import.meta.dirname, 'tenancy.ts'))};
import { createAudit } from ${JSON.stringify(join(import.meta.dirname, '../audit.ts'))};
import { createBus } from ${JSON.stringify(join(import.meta.dirname, '../queue/bus.ts'))};
const [folder, first] = process.argv.slice(1);
const log = { info() {}, warn() {}, error() {} };
const clock = { now: () => Date.now() };
const gate = openGate({ dataDir: folder }, { clock, log });
const tenancy = createTenancy({ gate, clock, log, bus: createBus(), jobs: { wake() {} }, audit: createAudit() });
for (let n = Number(first); ; n += 1) {
  await tenancy.inOrg(${JSON.stringify(scope)}, async (tx) => {
    await tx.query('insert into t_kept values ($1, $2)', [tx.orgId, n]);
    tx.audit({ action: 'test.kept', facts: { n } });
    tx.job('test.work', { n });
  });
  process.stdout.write(n + '\\n');
}`;

test('killed at any moment, the embedded store keeps every acknowledged row with its ledger entry and its job', async () => {
  const folder = await embeddedFolder();
  const open = () => openGate({ dataDir: folder }, { clock: systemClock, log: quiet });
  let gate = open();
  await migrate(gate, readMigrations().slice(0, 1));
  await gate.query("create table t_kept (org_id uuid not null, n int not null, primary key (org_id, n)); call banya.tenant_table('t_kept')");
  await gate.end();
  let acknowledged = 0;
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', WRITER, folder, String(acknowledged + 1)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(child, 'exit');
    const stopAt = acknowledged + 10 + Math.floor(Math.random() * 60);
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged >= stopAt) child.kill('SIGKILL');
    }
    await gone;
    assert.ok(acknowledged >= stopAt, 'the writer ended by itself');
    gate = open();
    try {
      const { rows } = await gate.query<{ kept: number; last: number; entries: number; jobs: number }>(`
        select (select count(*)::int from t_kept) as kept, (select max(n) from t_kept) as last,
          (select count(*)::int from kernel_ledger) as entries, (select count(*)::int from kernel_outbox) as jobs`);
      const { kept, last, entries, jobs } = rows[0]!;
      assert.ok(kept >= acknowledged, `${kept} rows of ${acknowledged} acknowledged`);
      assert.deepEqual([last, entries, jobs], [kept, kept, kept], 'row, entry and job exist together or not at all');
      const tenancy = createTenancy({ gate, clock: systemClock, log: quiet, bus: createBus(), jobs: { wake() {} }, audit: createAudit() });
      const verdict = await verifyLedger((text, values) => tenancy.inOrg(scope, (tx) => tx.query(text, values)), ORG);
      assert.equal(verdict.ok, true);
      acknowledged = kept;
    } finally {
      await gate.end();
    }
  }
});
