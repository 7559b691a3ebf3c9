import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '../kernel/log.ts';
import { openGate, type Gate } from '../kernel/db/gate.ts';
import { openEvents } from '../kernel/events/index.ts';
import { Secrets } from '../kernel/secrets.ts';
import { FileSpool } from '../kernel/spool/index.ts';
import { writeBackup } from './backup/backup.ts';
import { checkBackupFile } from './backup/container.ts';
import { refuseUsedFolder, restoreBackup, type RestoreReport } from './backup/restore.ts';
import { VERSION } from './version.ts';

/** Backup and restore while no server runs: opens the stores of a data folder, or the servers of the environment. */

const clock = { now: () => Date.now() };
const stateTarget = (data: string) => (process.env.BANYA_DATABASE_URL ? { url: process.env.BANYA_DATABASE_URL } : { dataDir: join(data, 'state') });
const eventsTarget = (data: string) => (process.env.BANYA_EVENTS_URL ? { url: process.env.BANYA_EVENTS_URL } : { folder: join(data, 'events') });

export async function backupOffline(data: string, file: string, passphrase: string | null): Promise<{ bytes: number; tables: number; rows: number; events: number }> {
  if (!existsSync(data)) throw new Error(`${data} does not exist.\n→ Name the data folder with --data.`);
  const log = createLog('warn');
  const gate = openGate(stateTarget(data), { clock, log });
  try {
    await refuseRunning(gate);
    const events = await openEvents(eventsTarget(data));
    try {
      const spool = await FileSpool.open({ folder: join(data, 'spool'), lane: 'lines', floorBytes: 0 });
      try {
        const secrets = Secrets.open(data, process.env.BANYA_MASTER_KEY);
        const { bytes, manifest } = await writeBackup({ gate, events, spool, secrets, pause: async () => ({ positions: null, stillHeld: async () => {}, resume: () => {} }), now: () => new Date(), version: VERSION }, file, passphrase);
        return { bytes, tables: Object.keys(manifest.tables).length, rows: Object.values(manifest.tables).reduce((sum, t) => sum + t.rows, 0), events: manifest.events.rows };
      } finally {
        await spool.close();
      }
    } finally {
      await events.close();
    }
  } finally {
    await gate.end();
  }
}

/** Processes elsewhere may use the same servers: without their standing still the two stores would not say the same. */
async function refuseRunning(gate: Gate): Promise<void> {
  if (gate.engine !== 'postgres') return;
  const { rows: [table] } = await gate.query<{ there: boolean }>(`select to_regclass('operate_intakes') is not null as there`);
  if (!table?.there) return;
  const { rows: [running] } = await gate.query<{ name: string }>(`select name from operate_intakes where seen_at > clock_timestamp() - interval '45 seconds' limit 1`);
  if (running) throw new Error(`Banya takes lines at ${running.name}.\n→ Name the data folder of a process that runs (--data), or stop the processes first.`);
}

/**
 * Restores into an empty folder (or empty servers). `replay`: the folder's spool goes on from the backup's position; `gone`:
 * it cannot, since a newer backup has let it forget what came right after this one.
 */
export async function restoreOffline(data: string, file: string, passphrase: string | null): Promise<RestoreReport & { replay: boolean; gone: boolean }> {
  await refuseUsedFolder(data);
  // Before the stores are made: a damaged file leaves the folder as empty as it was.
  await checkBackupFile(file, passphrase);
  const log = createLog('warn');
  const gate = openGate(stateTarget(data), { clock, log });
  try {
    const events = await openEvents(eventsTarget(data));
    try {
      const report = await restoreBackup(file, passphrase, { gate, events, folder: data });
      const replay = existsSync(join(data, 'spool'));
      // Where several processes take lines, each begins again at its own place when it starts.
      if (replay && !report.manifest.spools) {
        const spool = await FileSpool.open({ folder: join(data, 'spool'), lane: 'lines', floorBytes: 0 });
        try {
          await spool.rewind(report.manifest.spool);
        } catch (error) {
          if ((error as { code?: unknown }).code !== 'SPOOL_GONE') throw error;
          return { ...report, replay: false, gone: true };
        } finally {
          await spool.close();
        }
      }
      return { ...report, replay, gone: false };
    } finally {
      await events.close();
    }
  } finally {
    await gate.end();
  }
}
