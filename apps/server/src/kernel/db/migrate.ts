import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationRefused } from './errors.ts';
import type { Gate, GateClient, Log } from './gate.ts';

/** Where the state migrations of this repository stand. */
export const STATE_MIGRATIONS = join(import.meta.dirname, '../../../migrations/state');

const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;
/** Any number will do as long as every process asks for the same one. */
const ADVISORY_LOCK = 7_201_544_311;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The migrations of a folder, in order of their four-digit number. @throws MigrationRefused for a stray name or a number used twice. */
export function readMigrations(folder: string = STATE_MIGRATIONS): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql')).sort();
  const numbers = new Set<string>();
  return names.map((name) => {
    if (!FILE.test(name) || numbers.has(name.slice(0, 4))) throw new MigrationRefused(`Migration ${name} needs a name like 0001_orgs.sql with a number of its own.`);
    numbers.add(name.slice(0, 4));
    // Line ends do not count: a checkout on Windows would otherwise look edited.
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Brings the state store up to date: each file once, in order, in a transaction of its own, one process at a time.
 * Forward only. The role that migrates is a member of banya_system, so it sees the rows of every organisation.
 * @returns names of the files that ran now.
 * @throws MigrationRefused when a file that ran before was edited or is missing, or one fails.
 */
export function migrate(gate: Gate, migrations: readonly Migration[], log?: Log): Promise<string[]> {
  return gate.patiently(() => migrateNow(gate, migrations, log));
}

async function migrateNow(gate: Gate, migrations: readonly Migration[], log: Log | undefined): Promise<string[]> {
  const client = await gate.connect();
  try {
    if (gate.engine === 'postgres') {
      await client.query('set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0');
      await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    }
    await client.query(`create schema if not exists banya;
      create table if not exists banya.migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const { rows: applied } = await client.query<{ name: string; sha256: string }>('select name, sha256 from banya.migrations order by name');
    checkApplied(applied, migrations);
    const done = new Set(applied.map(({ name }) => name));
    const ran: string[] = [];
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      await run(client, migration);
      ran.push(migration.name);
      // A new store takes all of them, which is no news.
      if (done.size > 0) log?.info({ migration: migration.name }, 'migration applied');
    }
    return ran;
  } finally {
    // Ending the session gives up the lock and the settings above.
    client.release(gate.engine === 'postgres');
  }
}

function checkApplied(applied: readonly { name: string; sha256: string }[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  let last = '';
  for (const { name, sha256 } of applied) {
    const file = known.get(name);
    if (!file) throw new MigrationRefused(`This database has migration ${name}, which this version of Banya does not know: it was written by a newer version.`);
    if (file.sha256 !== sha256) throw new MigrationRefused(`Migration ${name} was edited after it ran. Migrations are never edited: undo the edit and write a new file.`);
    last = name;
  }
  const late = migrations.find(({ name }) => name < last && !applied.some((row) => row.name === name));
  if (late) throw new MigrationRefused(`Migration ${late.name} sorts before ${last}, which already ran: give it a later number.`);
}

async function run(client: GateClient, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await client.query('insert into banya.migrations (name, sha256) values ($1, $2)', [migration.name, migration.sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new MigrationRefused(`Migration ${migration.name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
