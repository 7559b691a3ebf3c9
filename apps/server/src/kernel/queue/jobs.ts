import { AsyncLocalStorage } from 'node:async_hooks';
import { PgBoss } from 'pg-boss';
import type { JobInsert, JobWithMetadata } from 'pg-boss';
import type { Gate, Log } from '../db/gate.ts';
import type { JobHandler, JobName } from '../types.ts';
import type { OutboxRow } from './outbox.ts';
import { flushOutbox } from './outbox.ts';

/** Polling is only the backstop: workers are woken when jobs are flushed here, or by NOTIFY from another process. */
const POLL_SECONDS = 20;
const SWEEP_MS = 30_000;
const DEAD = 'kernel.dead';
/** No queue name of ours begins so; schedules of pg-boss itself do not either. */
const CRON_KEY = 'cron';

export interface DeadLetter {
  readonly name: string;
  readonly payload: unknown;
  /** What the last try reported. */
  readonly error: string;
}

export interface JobsOptions {
  readonly gate: Gate;
  readonly log: Log;
  /** Called once for a job that failed for good (again after an error of its own). */
  readonly onDeadLetter: (letter: DeadLetter) => Promise<void>;
  /** Seconds between looks at a queue that nobody announced work for; at least 0.5. */
  readonly pollSeconds?: number;
}

/** The queue behind four verbs. Jobs run at least once, so handlers are idempotent. */
export interface Jobs {
  /** Registers a handler; before `start`. One per name. */
  work<N extends JobName>(handler: JobHandler<N>): void;
  /** Prepares queues and schedules, begins work, and sends what an earlier process left in the outbox. */
  start(): Promise<void>;
  /** Sends committed jobs to the queue soon; called by the tenancy after each commit with jobs. */
  wake(): void;
  /** Takes no new jobs, waits for running ones until `deadlineMs`, then aborts their signal; they run again later. */
  stop(deadlineMs: number): Promise<void>;
}

export function createJobs(options: JobsOptions): Jobs {
  return new BossJobs(options);
}

class BossJobs implements Jobs {
  readonly #options: JobsOptions;
  readonly #handlers = new Map<string, JobHandler>();
  readonly #workers = new Map<string, { id: string; busy: boolean }[]>();
  #boss: PgBoss | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #wanted = false;
  // Flushing serves everybody, so it must not run in the context (and the statement count) of whoever woke it.
  readonly #flush = AsyncLocalStorage.bind(() => this.#flushNow());
  readonly #poll: number;
  #stopped = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#poll = options.pollSeconds ?? POLL_SECONDS;
  }

  work<N extends JobName>(handler: JobHandler<N>): void {
    if (this.#boss) throw new Error(`handler ${handler.name} came after start`);
    if (this.#handlers.has(handler.name)) throw new Error(`two handlers for job ${handler.name}`);
    this.#handlers.set(handler.name, handler as unknown as JobHandler);
  }

  async start(): Promise<void> {
    const boss = this.#open();
    this.#boss = boss;
    await boss.start();
    await this.#prepareQueues(boss);
    await this.#prepareSchedules(boss);
    for (const handler of this.#handlers.values()) await this.#begin(boss, handler);
    if (this.#handlers.size > 0) await boss.work(DEAD, { pollingIntervalSeconds: this.#poll, notifyPollingIntervalSeconds: this.#poll, includeMetadata: true }, (jobs) => this.#bury(jobs));
    this.#sweep = setInterval(() => this.wake(), SWEEP_MS);
    this.#sweep.unref();
    this.wake();
  }

  wake(): void {
    this.#wanted = true;
    if (!this.#boss || this.#flushing || this.#stopped) return;
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = undefined;
      if (this.#wanted) this.wake();
    });
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweep);
    await this.#flushing;
    await this.#boss?.stop({ graceful: true, timeout: deadlineMs });
  }

  #open(): PgBoss {
    const { gate, log } = this.#options;
    const boss = new PgBoss({
      db: {
        // Its polls have no values, and their plans are worth keeping, too; its maintenance sends several statements in one text.
        executeSql: (text, values) => gate.query(text, values ?? (text.includes(';') ? undefined : [])),
        ...(gate.listen ? { listen: gate.listen } : {}),
      },
      backend: gate.engine,
      schema: 'pgboss',
      useListenNotify: gate.listen !== undefined,
      registerInstance: false,
      openTelemetry: { enabled: false },
      // The embedded store has one session, so rebuilding indexes concurrently is impossible there.
      reindex: gate.engine === 'postgres',
      monitorVacuum: gate.engine === 'postgres',
      bamIntervalSeconds: 300,
      flowIntervalSeconds: 3600,
    });
    boss.on('error', (error) => log.error({ err: error }, 'job queue'));
    boss.on('warning', (warning) => log.warn({ warning }, 'job queue'));
    return boss;
  }

  async #prepareQueues(boss: PgBoss): Promise<void> {
    const names = [DEAD, ...this.#handlers.keys()];
    const there = new Set((await boss.getQueues(names)).map(({ name }) => name));
    for (const name of names.filter((wanted) => !there.has(wanted))) {
      await boss.createQueue(name, {
        // "short" keeps one waiting job per key; jobs without a key get their own id as key.
        policy: 'short',
        notify: true,
        retryLimit: 5,
        retryDelay: 10,
        retryBackoff: true,
        retryDelayMax: 3600,
        ...(name === DEAD ? {} : { deadLetter: DEAD }),
      });
    }
  }

  async #prepareSchedules(boss: PgBoss): Promise<void> {
    if (this.#handlers.size === 0) return;
    const wanted = [...this.#handlers.values()].filter(({ cron }) => cron !== undefined);
    for (const { name, cron } of wanted) {
      await boss.schedule(name, cron!.expression, cron!.payload as object, { tz: cron!.zone, key: CRON_KEY, singletonKey: CRON_KEY, missed: 'once' });
    }
    for (const { name } of await boss.getSchedules()) {
      if (!wanted.some((handler) => handler.name === name)) await boss.unschedule(name, CRON_KEY);
    }
  }

  async #begin(boss: PgBoss, handler: JobHandler): Promise<void> {
    const workers: { id: string; busy: boolean }[] = [];
    this.#workers.set(handler.name, workers);
    for (let i = 0; i < (handler.concurrency ?? 1); i += 1) {
      const worker = { id: '', busy: false };
      worker.id = await boss.work<never>(handler.name, { pollingIntervalSeconds: this.#poll, notifyPollingIntervalSeconds: this.#poll }, async ([job]) => {
        // There may be more: look again at once instead of after the polling interval.
        boss.notifyWorker(worker.id);
        worker.busy = true;
        try {
          if (job) await handler.run(job.data, { jobId: job.id, signal: job.signal });
        } finally {
          worker.busy = false;
        }
      });
      workers.push(worker);
    }
  }

  async #bury(jobs: readonly JobWithMetadata<unknown>[]): Promise<void> {
    for (const job of jobs) {
      await this.#options.onDeadLetter({ name: job.sourceName ?? DEAD, payload: job.data, error: errorText(job.sourceOutput) });
    }
  }

  async #flushNow(): Promise<void> {
    const boss = this.#boss!;
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await flushOutbox(this.#options.gate, (name, rows) => this.#send(boss, name, rows), this.#options.log);
      } catch (error) {
        // The rows stay; the next commit or sweep tries again.
        this.#options.log.error({ err: error }, 'outbox not flushed');
      }
    }
  }

  async #send(boss: PgBoss, name: string, rows: readonly OutboxRow[]): Promise<void> {
    await boss.insert(name, rows.map(insertOf));
    const due = rows.filter(({ options: { startAfter } }) => startAfter === undefined || new Date(startAfter).getTime() <= Date.now()).length;
    // Each look at the queue is a statement. Whoever is busy looks again by itself, and what begins later is found by polling;
    // so is, within its seconds, a job whose worker has just found an older one.
    const workers = this.#workers.get(name) ?? [];
    for (const worker of workers.filter(({ busy }) => !busy).slice(0, due)) {
      boss.notifyWorker(worker.id);
      // It may not have begun when the next job comes: that one is another's.
      workers.push(...workers.splice(workers.indexOf(worker), 1));
    }
  }
}

function insertOf({ id, payload, options }: OutboxRow): JobInsert {
  return {
    id,
    data: payload as object,
    singletonKey: options.singletonKey ?? id,
    ...(options.startAfter ? { startAfter: new Date(options.startAfter) } : {}),
    ...(options.retryLimit === undefined ? {} : { retryLimit: options.retryLimit }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
  };
}

function errorText(output: unknown): string {
  if (output && typeof output === 'object' && 'message' in output && typeof output.message === 'string') return output.message;
  return output === null || output === undefined ? '' : JSON.stringify(output).slice(0, 2000);
}
