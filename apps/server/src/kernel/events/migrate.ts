import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EventsEngine } from './engine.ts';
import { EventsError } from './errors.ts';

const FOLDER = fileURLToPath(new URL('../../../migrations/events/', import.meta.url));

export interface EventsMigration {
  /** File name: `0001_events.sql`. */
  readonly name: string;
  readonly sql: string;
}

/** The migrations on file, in order. */
export function readMigrations(folder: string = FOLDER): EventsMigration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => ({ name, sql: readFileSync(`${folder}/${name}`, 'utf8') }));
}

function checksum(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** Statements of a file: comments off, cut at semicolons at a line's end. */
function statements(sql: string): string[] {
  return sql
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/**
 * Brings the events store to the newest migration; forward only. ClickHouse has no transactions over DDL, so statements
 * must bear repetition (IF [NOT] EXISTS) and a file counts as applied after its last one.
 * @returns names applied now. @throws EventsError EVENTS_MIGRATION when an applied file was changed or is missing here.
 */
export async function migrateEvents(engine: EventsEngine, migrations: readonly EventsMigration[] = readMigrations()): Promise<string[]> {
  await engine.run({
    sql: "CREATE TABLE IF NOT EXISTS events_migrations (name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) ENGINE = MergeTree ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
  });
  const rows = (await engine.run({ sql: 'SELECT DISTINCT name, checksum FROM events_migrations ORDER BY name' })).toString().trim();
  const applied = new Map(rows === '' ? [] : rows.split('\n').map((line): [string, string] => {
    const row = JSON.parse(line) as { name: string; checksum: string };
    return [row.name, row.checksum];
  }));
  for (const [name, sum] of applied) {
    const file = migrations.find((migration) => migration.name === name);
    if (file === undefined) throw new EventsError('EVENTS_MIGRATION', `the events store was written by a newer version: it knows ${name}, this version does not`);
    if (checksum(file.sql) !== sum) throw new EventsError('EVENTS_MIGRATION', `${name} was changed after it was applied; migrations are never edited`);
  }
  const done: string[] = [];
  for (const { name, sql } of migrations) {
    if (applied.has(name)) continue;
    for (const statement of statements(sql)) await engine.run({ sql: statement });
    await engine.run({ sql: 'INSERT INTO events_migrations (name, checksum) SELECT {name:String}, {checksum:String}', params: { name, checksum: checksum(sql) }, settings: { async_insert: 0 } });
    done.push(name);
  }
  return done;
}
