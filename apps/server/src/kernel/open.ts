import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createAudit } from './audit.ts';
import { diskFloor, type Config } from './config.ts';
import { openGate, type Gate } from './db/gate.ts';
import { migrate, readMigrations } from './db/migrate.ts';
import { createTenancy } from './db/tenancy.ts';
import { openEvents } from './events/index.ts';
import { Live } from './http/live.ts';
import type { Kernel } from './kernel.ts';
import { Metrics } from './metrics.ts';
import { Secrets } from './secrets.ts';
import { createSettings } from './settings.ts';
import { FileSpool } from './spool/index.ts';
import type { Clock } from './types.ts';
import { createBus } from './queue/bus.ts';
import { relayLive } from './queue/live-relay.ts';
import { createJobs, type DeadLetter, type Jobs } from './queue/jobs.ts';

export interface OpenKernel {
  readonly kernel: Kernel;
  readonly gate: Gate;
  readonly jobs: Jobs;
  /** Closes what `openKernel` opened, in the opposite order. */
  close(): Promise<void>;
}

/** Opens both stores, the spool and the queue; nothing works yet until the modules have registered and `jobs.start` ran. */
export async function openKernel(config: Config, parts: { log: Logger; clock: Clock; publicUrl: () => string; onDeadLetter: (letter: DeadLetter) => Promise<void> }): Promise<OpenKernel> {
  const { log, clock } = parts;
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer().catch((error: unknown) => log.error({ err: error }, 'a part did not close'));
  };
  try {
    const secrets = Secrets.open(config.data, config.masterKey);
    const gate = openGate(config.databaseUrl ? { url: config.databaseUrl } : { dataDir: join(config.data, 'state') }, { clock, log });
    closers.push(() => gate.end());
    // Both stores take a moment to open; neither needs the other.
    const [migrated, opened] = await Promise.allSettled([
      migrate(gate, readMigrations(), log),
      openEvents(config.eventsUrl ? { url: config.eventsUrl } : { folder: join(config.data, 'events'), onRestart: (reason) => log.error({ reason }, 'the events store was started again') }),
    ]);
    if (opened.status === 'fulfilled') closers.push(() => opened.value.close());
    if (migrated.status === 'rejected') throw migrated.reason;
    if (opened.status === 'rejected') throw opened.reason;
    const events = opened.value;
    const spool = await FileSpool.open({
      folder: join(config.data, 'spool'), lane: 'lines',
      floorBytes: await diskFloor(config),
      onDamage: (where, bytes) => log.error({ where, bytes }, 'stored bytes of the spool could not be read as lines'),
    });
    closers.push(() => spool.close());
    const bus = createBus();
    const jobs = createJobs({ gate, log, onDeadLetter: parts.onDeadLetter });
    const tenancy = createTenancy({ gate, clock, bus, jobs, audit: createAudit(), log });
    const live = new Live();
    closers.push(async () => live.close());
    if (config.role !== 'all') {
      const relay = await relayLive(live, gate, log);
      closers.push(() => relay.close());
    }
    const kernel: Kernel = { config, clock, log, metrics: new Metrics(), secrets, tenancy, bus, live, settings: createSettings(tenancy), events, spool, publicUrl: parts.publicUrl };
    return { kernel, gate, jobs, close };
  } catch (error) {
    await close();
    throw error;
  }
}
