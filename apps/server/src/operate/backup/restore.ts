import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { pipeline as pipe } from 'node:stream/promises';
import { createInterface } from 'node:readline';
import { createZstdDecompress } from 'node:zlib';
import { verifyLedger } from '../../kernel/audit.ts';
import type { Gate } from '../../kernel/db/gate.ts';
import { readMigrations, migrate } from '../../kernel/db/migrate.ts';
import type { EventsStore } from '../../kernel/events/types.ts';
import type { Manifest } from './backup.ts';
import { BackupError, BackupReader } from './container.ts';
import { listTables, loading, loadRows, tableFigures, type TableName } from './state.ts';

const ROWS = 500;
/** Rows with bytes in them are large: a statement holds no more characters than this, and one row. */
const CHARACTERS = 8 * 1024 * 1024;
/** What may stand in a folder that counts as empty: the spool of the lost installation, from which lines are replayed, mails from which they are, its key, and what a start leaves to be quicker. */
const ALLOWED = new Set(['spool', 'mail', 'master.key', 'cache', 'lost+found']);

/** @throws BackupError not_empty */
export async function refuseUsedFolder(folder: string): Promise<void> {
  const present = existsSync(folder) ? (await readdir(folder)).filter((name) => !ALLOWED.has(name)) : [];
  if (present.length > 0) throw new BackupError('not_empty', `${folder} is not empty (${present.slice(0, 3).join(', ')}). A backup is restored into an empty folder: choose another with --data.`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

export interface RestoreTarget {
  readonly gate: Gate;
  readonly events: EventsStore;
  /** Where master.key goes, and where the work file of the events may stand for a while. */
  readonly folder: string;
}

export interface RestoreReport {
  readonly manifest: Manifest;
  readonly tables: number;
  readonly rows: number;
  readonly events: number;
  readonly ledgers: number;
  readonly keyRestored: boolean;
}

/**
 * Restores a backup into empty stores and proves it: rows and hashes of every table and of the events equal those of
 * the manifest, and every organisation's ledger verifies.
 * @throws BackupError for a file that is damaged, too new or not equal after all
 */
export async function restoreBackup(file: string, passphrase: string | null, target: RestoreTarget): Promise<RestoreReport> {
  const { gate, events, folder } = target;
  const known = readMigrations();
  await migrate(gate, known);
  const reader = await BackupReader.open(file, passphrase);
  const tables = await gate.transaction(listTables);
  await refuseUsedStore(gate, tables);
  let manifest: Manifest | null = null;
  let keyRestored = false;
  const eventsFile = join(folder, '.restore-events');
  try {
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      if (entry.name.startsWith('state/')) {
        const table = tables.find((t) => `state/${t.schema}.${t.name}` === entry.name);
        if (!table) throw new BackupError('too_new', `The backup has a table (${entry.name.slice(6)}) that this version does not know: use the version that wrote it, or a newer one.`);
        await loadTable(gate, table, entry.data);
      } else if (entry.name === 'events') await pipe(entry.data, createWriteStream(eventsFile, { mode: 0o600 }));
      else if (entry.name === 'master.key') {
        const key = Buffer.concat(await Array.fromAsync(entry.data));
        await writeFile(join(folder, 'master.key'), `${key.toString('base64')}\n`, { mode: 0o600 });
        keyRestored = true;
      } else if (entry.name === 'manifest.json') manifest = JSON.parse(Buffer.concat(await Array.fromAsync(entry.data)).toString()) as Manifest;
      else throw new BackupError('too_new', `The backup holds something (${entry.name.slice(0, 60)}) that this version does not know.`);
    }
    if (!manifest) throw new BackupError('damaged', 'The backup was not written to its end.');
    const restored = await events.importFrom(eventsFile);
    if (restored.rows !== manifest.events.rows || restored.hash !== manifest.events.hash) throw new BackupError('not_equal', `The events are not equal to those backed up (${restored.rows} of ${manifest.events.rows} rows).`);
    const rows = await proveEqual(gate, tables, manifest);
    const ledgers = await proveLedgers(gate);
    // Each process that takes lines reads its own spool again from where the backup stands.
    if (manifest.spools) await gate.query('update operate_intakes set rewind = true');
    return { manifest, tables: tables.length, rows, events: restored.rows, ledgers, keyRestored };
  } finally {
    await rm(eventsFile, { force: true });
  }
}

async function loadTable(gate: Gate, table: TableName, data: AsyncGenerator<Buffer>): Promise<void> {
  await loading(gate, async (client) => {
    // Made right before it is read: a reader that waits meanwhile loses lines, and then waits for ever.
    const lines = createInterface({ input: pipeline(Readable.from(data), createZstdDecompress(), () => {}), crlfDelay: Infinity });
    let held: string[] = [];
    let characters = 0;
    for await (const line of lines) {
      if (line === '') continue;
      held.push(line);
      characters += line.length;
      if (held.length === ROWS || characters > CHARACTERS) {
        await loadRows(client, table, held);
        held = [];
        characters = 0;
      }
    }
    if (held.length > 0) await loadRows(client, table, held);
  });
}

/** Tables that migrations fill have rows from the start; everything else must be empty. */
async function refuseUsedStore(gate: Gate, tables: readonly TableName[]): Promise<void> {
  const used = await loading(gate, async (client) => {
    for (const table of tables) if ((await tableFigures(client, table)).rows > 0) return table;
    return null;
  });
  if (used) throw new BackupError('not_empty', `The database is not empty (${used.name} has rows). A backup is restored into an empty database.`);
}

async function proveEqual(gate: Gate, tables: readonly TableName[], manifest: Manifest): Promise<number> {
  return loading(gate, async (client) => {
    let rows = 0;
    for (const table of tables) {
      const wanted = manifest.tables[`${table.schema}.${table.name}`];
      // A table made by a migration newer than the backup has nothing to compare with.
      if (!wanted) continue;
      const found = await tableFigures(client, table);
      if (found.rows !== wanted.rows || found.hash !== wanted.hash) throw new BackupError('not_equal', `The table ${table.name} is not equal to what was backed up (${found.rows} of ${wanted.rows} rows).`);
      rows += found.rows;
    }
    return rows;
  });
}

async function proveLedgers(gate: Gate): Promise<number> {
  return gate.transaction(async (client) => {
    await client.query('set local role banya_system');
    const read = async <Row>(text: string, values: readonly unknown[]): Promise<Row[]> => (await client.query(text, [...values])).rows as Row[];
    const heads = await read<{ org_id: string }>('select org_id from kernel_ledger_heads order by org_id', []);
    for (const { org_id } of heads) {
      const result = await verifyLedger(read, org_id);
      if (!result.ok) throw new BackupError('not_equal', `The ledger of organisation ${org_id} does not verify at entry ${result.atSeq} (${result.reason}).`);
    }
    return heads.length;
  });
}
