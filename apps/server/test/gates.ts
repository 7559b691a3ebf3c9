import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { after } from 'node:test';
import type { Gate, GateTarget, Log } from '../src/kernel/db/gate.ts';
import { openGate } from '../src/kernel/db/gate.ts';
import { migrate, readMigrations } from '../src/kernel/db/migrate.ts';
import { createAudit } from '../src/kernel/audit.ts';
import type { KernelTenancy } from '../src/kernel/db/tenancy.ts';
import { createTenancy } from '../src/kernel/db/tenancy.ts';
import type { KernelBus } from '../src/kernel/queue/bus.ts';
import { createBus } from '../src/kernel/queue/bus.ts';
import { freshDatabase, stopPostgres } from './postgres.ts';

export const quiet: Log = { info() {}, warn() {}, error() {} };
export const systemClock = { now: () => Date.now() };

const folders: string[] = [];
const templates = new Map<string, Promise<string>>();

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

/** A data folder with an embedded database in it, empty or migrated: made once per test file and copied, since initdb takes seconds. */
export async function embeddedFolder(state: 'empty' | 'migrated' = 'empty'): Promise<string> {
  const source = await once(`folder ${state}`, async () => {
    const folder = state === 'empty' ? temporaryFolder() : await embeddedFolder();
    await prepare({ dataDir: folder }, state);
    return folder;
  });
  const folder = temporaryFolder();
  cpSync(source, folder, { recursive: true });
  return folder;
}

/** Runs a test on the embedded store and, where there is one, on PostgreSQL 15; each time on a fresh, empty database. */
export function eachGate(t: TestContext, name: string, fn: (gate: Gate, t: TestContext) => Promise<void>): Promise<void> {
  return each(t, name, 'empty', fn);
}

async function each(t: TestContext, name: string, state: 'empty' | 'migrated', fn: (gate: Gate, t: TestContext) => Promise<void>): Promise<void> {
  await t.test(`${name} (PGlite)`, async (inner) => {
    const dataDir = await embeddedFolder(state);
    await withGate({ dataDir }, inner, fn);
    rmSync(dataDir, { recursive: true, force: true });
  });
  await onPostgres(t, name, state, fn);
}

async function onPostgres(t: TestContext, name: string, state: 'empty' | 'migrated', fn: (gate: Gate, t: TestContext) => Promise<void>): Promise<void> {
  await t.test(`${name} (PostgreSQL)`, async (inner) => {
    const database = await database15(state);
    if ('skip' in database) inner.skip(database.skip);
    else await withGate(database, inner, fn);
  });
}

async function database15(state: 'empty' | 'migrated'): ReturnType<typeof freshDatabase> {
  if (state === 'empty') return freshDatabase();
  const template = await once('database migrated', async () => {
    const database = await freshDatabase();
    if ('skip' in database) return '';
    await prepare(database, state);
    return database.url;
  });
  return template === '' ? freshDatabase() : freshDatabase(template);
}

function once(key: string, make: () => Promise<string>): Promise<string> {
  const made = templates.get(key) ?? make();
  templates.set(key, made);
  return made;
}

async function prepare(target: GateTarget, state: 'empty' | 'migrated'): Promise<void> {
  const gate = openGate(target, { clock: systemClock, log: quiet });
  await gate.query('select 1');
  if (state === 'migrated') await migrate(gate, readMigrations());
  await gate.end();
}

async function withGate(target: GateTarget, t: TestContext, fn: (gate: Gate, t: TestContext) => Promise<void>): Promise<void> {
  const gate = openGate(target, { clock: systemClock, log: quiet });
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

/** The same on a database with all state migrations applied, and a tenancy over it; jobs stay in the outbox. */
export async function eachHouse(t: TestContext, name: string, fn: (house: House, t: TestContext) => Promise<void>): Promise<void> {
  await each(t, name, 'migrated', (gate, inner) => fn(houseOver(gate), inner));
}

/** The same on PostgreSQL alone: what several processes say to one another, which the embedded store does not have. */
export async function postgresHouse(t: TestContext, name: string, fn: (house: House, t: TestContext) => Promise<void>): Promise<void> {
  await onPostgres(t, name, 'migrated', (gate, inner) => fn(houseOver(gate), inner));
}

function houseOver(gate: Gate): House {
  const bus = createBus();
  return { gate, bus, tenancy: createTenancy({ gate, bus, clock: systemClock, log: quiet, audit: createAudit(), jobs: { wake() {} } }) };
}
