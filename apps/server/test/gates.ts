import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { after } from 'node:test';
import type { Gate, Log } from '../src/kernel/db/gate.ts';
import { openGate } from '../src/kernel/db/gate.ts';
import { migrate, readMigrations } from '../src/kernel/db/migrate.ts';
import { createAudit } from '../src/kernel/audit.ts';
import type { KernelTenancy } from '../src/kernel/db/tenancy.ts';
import { createTenancy } from '../src/kernel/db/tenancy.ts';
import type { KernelBus } from '../src/kernel/work/bus.ts';
import { createBus } from '../src/kernel/work/bus.ts';
import { freshDatabase, stopPostgres } from './postgres.ts';

export const quiet: Log = { info() {}, warn() {}, error() {} };
export const systemClock = { now: () => Date.now() };

const folders: string[] = [];
let template: Promise<string> | undefined;

after(async () => {
  await stopPostgres();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder under the system's temporary one, deleted when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'banya-test-'));
  folders.push(folder);
  return folder;
}

/** A data folder with an empty embedded database in it: made once per test file and copied, since initdb takes seconds. */
export async function embeddedFolder(): Promise<string> {
  template ??= (async () => {
    const folder = temporaryFolder();
    const gate = openGate({ dataDir: folder }, { clock: systemClock, log: quiet });
    await gate.query('select 1');
    await gate.end();
    return folder;
  })();
  const folder = temporaryFolder();
  cpSync(await template, folder, { recursive: true });
  return folder;
}

/** Runs a test on the embedded store and, where there is one, on PostgreSQL 15; each time on a fresh, empty database. */
export async function eachGate(t: TestContext, name: string, fn: (gate: Gate, t: TestContext) => Promise<void>): Promise<void> {
  await t.test(`${name} (PGlite)`, async (inner) => {
    await withGate(openGate({ dataDir: await embeddedFolder() }, { clock: systemClock, log: quiet }), inner, fn);
  });
  await t.test(`${name} (PostgreSQL)`, async (inner) => {
    const database = await freshDatabase();
    if ('skip' in database) {
      inner.skip(database.skip);
      return;
    }
    await withGate(openGate({ url: database.url }, { clock: systemClock, log: quiet }), inner, fn);
  });
}

async function withGate(gate: Gate, t: TestContext, fn: (gate: Gate, t: TestContext) => Promise<void>): Promise<void> {
  try {
    await fn(gate, t);
  } finally {
    await gate.end();
  }
}

export interface House {
  readonly gate: Gate;
  readonly tenancy: KernelTenancy;
  readonly bus: KernelBus;
}

/** The same with all state migrations applied and a tenancy over it; jobs stay in the outbox. */
export async function eachHouse(t: TestContext, name: string, fn: (house: House, t: TestContext) => Promise<void>): Promise<void> {
  await eachGate(t, name, async (gate, inner) => {
    await migrate(gate, readMigrations());
    const bus = createBus();
    const tenancy = createTenancy({ gate, bus, clock: systemClock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
    await fn({ gate, tenancy, bus }, inner);
  });
}
