import { createReadStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createZstdCompress } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import type { Gate } from '../../kernel/db/gate.ts';
import type { EventsStore } from '../../kernel/events/types.ts';
import type { Secrets } from '../../kernel/secrets.ts';
import type { Spool, SpoolPosition } from '../../kernel/spool/types.ts';
import { BackupWriter } from './container.ts';
import { dumpTable, listTables, snapshot, tableFigures, type TableFigures } from './state.ts';

export interface Manifest {
  readonly format: 1;
  readonly version: string;
  readonly at: string;
  /** State migrations the rows belong to, newest last. */
  readonly migrations: readonly string[];
  readonly tables: Readonly<Record<string, TableFigures>>;
  readonly events: { readonly rows: number; readonly hash: string };
  /** Lines from here on are not in the backup; the spool of this installation replays them. */
  readonly spool: SpoolPosition;
  /** The same for each process that takes lines, where there are several; then these count, by the intake's id. */
  readonly spools?: Readonly<Record<string, SpoolPosition>>;
  readonly hasMasterKey: boolean;
}

/** No intake works between the two stores, in any process. */
export interface Standstill {
  /** Where each intake stands, by its id; null when this process's own is the only one. */
  readonly positions: Readonly<Record<string, SpoolPosition>> | null;
  /** Throws when an intake may have gone on meanwhile. */
  stillHeld(): Promise<void>;
  resume(): void;
}

export interface BackupParts {
  readonly gate: Gate;
  readonly events: EventsStore;
  readonly spool: Pick<Spool, 'position'>;
  readonly secrets: Secrets;
  /** Holds the intake between two batches, so that both stores and the spool's position say the same. */
  readonly pause: () => Promise<Standstill>;
  readonly now: () => Date;
  readonly version: string;
}

/**
 * Writes a backup of both stores to `path`. Runs while Banya works: lines wait in the spool meanwhile, pages go on.
 * The manifest comes last: a file without one was not finished, and is refused.
 */
export async function writeBackup(parts: BackupParts, path: string, passphrase: string | null): Promise<{ bytes: number; manifest: Manifest }> {
  const part = `${path}.part`;
  await rm(part, { force: true });
  const work = await mkdtemp(join(dirname(path), '.backup-'));
  const writer = await BackupWriter.create(part, passphrase);
  let still: Standstill | null = null;
  try {
    still = await parts.pause();
    const { positions } = still;
    const spool = parts.spool.position().committed;
    const eventsFile = join(work, 'events');
    const exporting = parts.events.exportTo(eventsFile);
    // Two stores, two engines: reading one does not disturb the other.
    const tables: Record<string, TableFigures> = {};
    let migrations: string[] = [];
    const [events] = await Promise.all([
      exporting,
      snapshot(parts.gate, async (client) => {
        migrations = (await client.query<{ name: string }>('select name from banya.migrations order by name')).rows.map((r) => r.name);
        for (const table of await listTables(client)) {
          const name = `${table.schema}.${table.name}`;
          tables[name] = await tableFigures(client, table);
          await writer.entry(`state/${name}`, pipeline(Readable.from(lines(dumpTable(client, table))), createZstdCompress(), () => {}));
        }
      }),
    ]);
    await still.stillHeld();
    still.resume();
    await writer.entry('events', createReadStream(eventsFile, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>);
    // The key that opens sealed secrets travels only under a passphrase: else whoever finds the file has both.
    if (passphrase) await writer.entry('master.key', [parts.secrets.exportMaster()]);
    const manifest: Manifest = { format: 1, version: parts.version, at: parts.now().toISOString(), migrations, tables, events, spool, ...(positions ? { spools: positions } : {}), hasMasterKey: passphrase !== null };
    await writer.entry('manifest.json', [Buffer.from(JSON.stringify(manifest))]);
    const bytes = await writer.finish();
    await rename(part, path);
    return { bytes, manifest };
  } catch (error) {
    still?.resume();
    await writer.abandon().catch(() => {});
    await rm(part, { force: true });
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function* lines(pages: AsyncGenerator<string[]>): AsyncGenerator<Buffer> {
  for await (const page of pages) yield Buffer.from(page.join('\n') + '\n');
}

/** banya-20261124-100500.backup: sorts by time, and says what it is. */
export const backupName = (at: Date): string => `banya-${at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}.backup`;
export const isBackupName = (name: string): boolean => /^banya-\d{8}-\d{6}\.backup$/.test(basename(name));
