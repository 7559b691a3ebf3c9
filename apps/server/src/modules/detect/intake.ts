import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadDetections } from '@banya/library';
import { batchSeen, takeBatch } from '../../kernel/batches.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { FLAG_BUNDLE, unpackBundle, type Bundle } from '../../kernel/spool/bundle.ts';
import { intakeId } from '../../kernel/spool/intake-id.ts';
import type { SpoolBatch, StoredRecord } from '../../kernel/spool/types.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Findings } from '../findings/index.ts';
import type { Inventory, SourceFacts } from '../inventory/index.ts';
import { keepBatch } from './keep.ts';
import type { BatchIn, BatchOut } from './messages.ts';
import { Spare } from './spare.ts';
import * as store from './store.ts';
import { IntakeThread } from './thread.ts';

/** Large batches fold more hits into each finding and make fewer parts to merge; a busy intake fills them in about a second. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_RECORDS = 10_000;
/** So many batches behind, they are twice as large: more is folded into each finding, and soon is out of reach anyway. */
const BEHIND = 4;
/** Least time between the starts of two batches: an insert costs the same for one line as for hundreds. */
const GATHER_MS = 500;
/** The same while so many lines come that each batch is worth its insert, and takes a time of its own until its findings show. */
const GATHER_BUSY_MS = 250;
const BUSY_RECORDS = 1_000;
/** How often the memory of correlations is kept; a killed process forgets at most this much of what it was counting towards a threshold. */
const STATE_EVERY_MS = 10_000;
/** What is kept quiet is written by transactions that may commit in another order than they began. */
const QUIET_OVERLAP_MS = 60_000;
/** When the rules are compiled if no line came before: after the first page. */
const WARM_MS = 5_000;
const RETRY_MS = [200, 1_000, 5_000, 15_000];

export interface IntakeStats {
  lines: number;
  batches: number;
  dropped: number;
  lastBatchMs: number;
}

/** A batch that is read and not stored yet. */
interface ReadBatch {
  readonly batch: SpoolBatch;
  /** The requests in it that carry an Idempotency-Key. */
  readonly keyed: readonly { sourceId: string; key: string; hash: string; accepted: number }[];
  readonly sources: readonly SourceFacts[];
  /** Null when there is nothing to store. */
  readonly out: BatchOut | null;
  readonly ms: number;
}

/**
 * From the spool to the stores: read, evaluate, insert the events, then one transaction with counts, leases, findings and
 * the batch's token, and only then the spool's position. Whatever stops in between is done again; the token in each
 * store makes the second time harmless.
 */
export class Intake {
  readonly stats: IntakeStats = { lines: 0, batches: 0, dropped: 0, lastBatchMs: 0 };
  readonly #kernel: Kernel;
  readonly #inventory: Inventory;
  readonly #findings: Findings;
  readonly #thread: IntakeThread;
  #loop: Promise<void> | null = null;
  #stopping = false;
  readonly #linesSpare = new Spare();
  readonly #rowsSpare = new Spare();
  #nextId = 1;
  #stateAt = 0;
  /** Set while a backup wants both stores to stand still; lines wait in the spool meanwhile. */
  #paused: Promise<void> | null = null;
  #release: (() => void) | null = null;
  #heldAtEnd = false;
  /** Up to when changes of what is kept quiet were read; null: a thread that knows nothing yet. */
  #quietSince: Date | null = null;
  /** Where the memory of correlations is kept: of several processes that take lines, none overwrites another's. */
  #memory = 'correlations';
  #working: Promise<void> = Promise.resolve();
  /** The start of the thread, once there was reason for it. */
  #begun: Promise<void> | null = null;
  #warm: NodeJS.Timeout | undefined;

  constructor(kernel: Kernel, inventory: Inventory, findings: Findings) {
    this.#kernel = kernel;
    this.#inventory = inventory;
    this.#findings = findings;
    this.#thread = new IntakeThread(kernel.log, { importedRules: join(kernel.config.data, 'rules') });
  }

  async start(): Promise<void> {
    const { role, data } = this.#kernel.config;
    if (role === 'ingest') this.#memory = `correlations ${await intakeId(data)}`;
    this.#warm = setTimeout(() => void this.#begin().catch(() => {}), WARM_MS).unref();
    this.#loop = this.#run();
  }

  /** Rules and explanations that were left out; of a process that takes no lines only the files it reads itself. */
  get broken(): readonly string[] {
    return this.#thread.broken ?? loadDetections().broken;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#warm);
    // A backup is being taken: what is read by now is read again after the next start.
    this.#heldAtEnd = this.#paused !== null;
    // Whoever holds the intake may do so for long; there is no further batch to hold.
    this.#release?.();
    await this.#loop;
    await this.#thread.stop();
  }

  /** Stops between two batches until the returned function is called. */
  async pause(): Promise<() => void> {
    while (this.#paused) await this.#paused;
    const { promise, resolve } = Promise.withResolvers<void>();
    const release = (): void => {
      if (this.#paused !== promise) return;
      this.#paused = null;
      this.#release = null;
      resolve();
    };
    this.#paused = promise;
    this.#release = release;
    // A batch that could not be stored is done again after the pause.
    await this.#working.catch(() => {});
    return release;
  }

  /** Starts the thread unless it was. Compiling the rules takes most of a second, which a start need not wait for. */
  #begin(): Promise<void> {
    return (this.#begun ??= this.#startThread().catch((error: unknown) => {
      this.#begun = null;
      throw error;
    }));
  }

  async #startThread(): Promise<void> {
    this.#quietSince = null;
    const state = await this.#kernel.tenancy.asSystem('load the memory of correlations', (tx) => store.loadState(tx, this.#memory));
    if (!this.#stopping) await this.#thread.start(state);
  }

  async #run(): Promise<void> {
    let failures = 0;
    /** Lines of the batch before. */
    let before = 0;
    /** Read, and not stored yet. */
    let read: ReadBatch | null = null;
    /** While lines wait, a batch is read while the one before it is stored: two processors work then, not one. */
    let ahead: Promise<ReadBatch | null> | null = null;
    while (!this.#stopping) {
      try {
        read = (await ahead) ?? (await this.#read());
        ahead = null;
        if (!read) continue;
        // Looked at again each time: whoever waited for the end of one pause may have begun the next.
        while (this.#paused) await this.#paused;
        if (this.#stopping) break;
        if (this.#waits(read.batch)) {
          ahead = this.#read(read);
          ahead.catch(() => {});
        }
        const started = performance.now();
        this.#working = this.#store(read);
        await this.#working;
        this.stats.lastBatchMs = read.ms + performance.now() - started;
        const records = read.batch.records.length;
        read = null;
        failures = 0;
        // Of two batches, since a single small one may have caught the spool between two writes.
        const rest = (Math.max(records, before) >= BUSY_RECORDS ? GATHER_BUSY_MS : GATHER_MS) - this.stats.lastBatchMs;
        before = records;
        if (!ahead && rest > 0 && this.#kernel.spool.position().backlogBytes < BATCH_BYTES) await sleep(rest);
      } catch (error) {
        await ahead?.catch(() => {});
        ahead = null;
        if (this.#stopping) return;
        // Nothing is lost by waiting: the spool keeps what it acknowledged, and the doors refuse when it is full.
        this.#kernel.log.error({ err: error, failures }, 'a batch of lines could not be stored and is tried again');
        await sleep(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!);
        // Lines that are read again must not count twice towards a threshold, so the thread begins with what was kept last.
        await this.#thread.discard();
        this.#begun = null;
        read = null;
      }
    }
    if (failures > 0 || this.#heldAtEnd) return void (await ahead?.catch(() => {}));
    await this.#finish(read, ahead).catch((error: unknown) => this.#kernel.log.warn({ err: error }, 'the memory of correlations could not be kept at the end; the one kept last is at most ten seconds old'));
  }

  /** Stores what is read, so that the thread remembers exactly what is counted, and keeps that memory. */
  async #finish(read: ReadBatch | null, ahead: Promise<ReadBatch | null> | null): Promise<void> {
    const next = read ?? (await ahead);
    if (next) await this.#store(next);
    const state = await this.#thread.state();
    if (state) await this.#kernel.tenancy.asSystem('keep the memory of correlations at the end', (tx) => store.saveState(tx, this.#memory, state));
  }

  /** Whether a whole batch waits behind this one. */
  #waits(batch: SpoolBatch): boolean {
    return this.#kernel.spool.position().backlogBytes - batch.bytes >= BATCH_BYTES / 2;
  }

  /**
   * Reads the next batch, or the one after a batch that is being stored. That one must be free of keys on both sides:
   * whether a key was counted is known only when everything before is stored.
   */
  async #read(before?: ReadBatch): Promise<ReadBatch | null> {
    if (before && before.keyed.length > 0) return null;
    const large = this.#kernel.spool.position().backlogBytes > BEHIND * BATCH_BYTES ? 2 : 1;
    const batch = await this.#kernel.spool.next({ maxBytes: BATCH_BYTES * large, maxRecords: BATCH_RECORDS * large, waitMs: before ? 0 : 250, ...(before ? { after: before.batch.to } : {}), memory: this.#linesSpare.take() });
    if (!batch) return null;
    await this.#begin();
    const started = performance.now();
    const bundles = batch.records.filter((r) => (r.flags & FLAG_BUNDLE) !== 0).map((r) => unpackBundle(r, batch.memory));
    const keyed = bundles.flatMap((b) => (b.key === null ? [] : [{ sourceId: b.sourceId, key: b.key, hash: b.hash, accepted: b.records.length }]));
    if (before && keyed.length > 0) return null;
    const { seen, keys, quiet, at } = await this.#kernel.tenancy.asSystem('was this batch counted before', async (tx) => ({
      seen: await batchSeen(tx, batch.token), keys: await this.#inventory.knownIntakeKeys(tx, keyed), quiet: await this.#findings.quietFilters(tx, this.#quietSince), at: tx.now,
    }));
    const packed = seen ? null : this.#pack(batch, bundles.length === 0 ? batch.records : unfold(batch.records, bundles, keys), quiet);
    if (packed) this.#quietSince = new Date(at.getTime() - QUIET_OVERLAP_MS);
    const out = packed && (await this.#thread.read(packed));
    if (out) this.#linesSpare.give(batch.memory.buffer, this.#waits(batch));
    return { batch, keyed, sources: packed?.sources ?? [], out, ms: performance.now() - started };
  }

  async #store({ batch, keyed, sources, out }: ReadBatch): Promise<void> {
    if (out) {
      // Read before a pause, stored after it: an organisation that left in between has nobody to give its lines to.
      if (sources.some((source) => this.#inventory.sources.get(source.sourceId)?.orgId !== source.orgId)) throw new Error('a sender was taken away while its lines were read');
      const inserted = await this.#kernel.events.insert({ token: batch.token, rows: out.rows, count: out.count });
      const keep = (what: BatchOut): Promise<void> => this.#kernel.tenancy.asSystem('store what a batch of lines says', async (tx) => {
        if (!(await takeBatch(tx, batch.token))) return;
        await this.#keep(tx, what);
        await this.#inventory.noteIntakeKeys(tx, keyed);
        if (inserted.kind === 'partly') {
          this.#kernel.log.error({ rows: inserted.poison.length }, 'some rows could never be stored and were put aside');
          await store.notePoison(tx, sources[0]!.orgId, inserted.poison);
        }
        // Two intake processes may meet over the same findings: the one that loses does it again.
      }, { retry: true });
      await keep(out).catch((error: unknown) => {
        // SQLSTATE class 22, data exception: it will never be taken, and one line must not stop everybody's. The lines themselves are stored.
        if (!/^22/.test(String((error as { code?: unknown }).code ?? ''))) throw error;
        this.#kernel.log.error({ err: error }, 'what a batch of lines says could not be stored; its lines are stored and counted');
        return keep({ ...out, groups: [], counters: [], leases: [], health: [], seen: [], state: null });
      });
      this.#rowsSpare.give(out.rows.buffer, this.#waits(batch));
      this.stats.lines += out.count;
      this.stats.batches += 1;
    }
    await this.#kernel.spool.commit(batch.to);
  }

  /** Lines of sources that are registered still; a source taken away since its line came has nobody to give it to. */
  #pack({ memory }: SpoolBatch, records: readonly StoredRecord[], quiet: NonNullable<BatchIn['quiet']>): BatchIn | null {
    const sources: SourceFacts[] = [];
    /** Null: taken away. */
    const places = new Map<string, number | null>();
    const index = new Int32Array(records.length * 4);
    const receivedAt = new Float64Array(records.length);
    let kept = 0;
    for (const record of records) {
      let place = places.get(record.sourceId);
      if (place === undefined) {
        const facts = this.#inventory.sources.get(record.sourceId);
        place = facts ? sources.push(facts) - 1 : null;
        places.set(record.sourceId, place);
      }
      if (place === null) continue;
      const at = kept * 4;
      index[at] = memory.byteOffset + record.at;
      index[at + 1] = record.length;
      index[at + 2] = record.flags;
      index[at + 3] = place;
      receivedAt[kept++] = record.receivedAt;
    }
    this.stats.dropped += records.length - kept;
    if (kept === 0) return null;
    const now = this.#kernel.clock.now();
    const keeps = now - this.#stateAt >= STATE_EVERY_MS;
    if (keeps) this.#stateAt = now;
    // Whoever left has no senders any more, and must not live on in what is kept.
    const remember = keeps ? new Set([...this.#inventory.sources.all()].map((source) => source.orgId)) : null;
    return { id: this.#nextId++, bytes: memory.buffer, index: index.subarray(0, kept * 4), receivedAt: receivedAt.subarray(0, kept), sources, remember, spare: this.#rowsSpare.take(), ...(quiet.size > 0 ? { quiet } : {}) };
  }

  async #keep(tx: Tx, out: BatchOut): Promise<void> {
    await keepBatch({ inventory: this.#inventory, findings: this.#findings }, tx, out);
    if (out.state) await store.saveState(tx, this.#memory, out.state);
  }
}

/** Plain lines and the lines of bundles, in order; a bundle whose key was counted before, or stands here twice, is left out. */
function unfold(records: readonly StoredRecord[], bundles: readonly Bundle<StoredRecord>[], counted: ReadonlySet<string>): StoredRecord[] {
  const taken = new Set(counted);
  let next = 0;
  return records.flatMap((record) => {
    if ((record.flags & FLAG_BUNDLE) === 0) return [record];
    const bundle = bundles[next++]!;
    if (bundle.key === null) return bundle.records;
    const name = `${bundle.sourceId} ${bundle.key}`;
    if (taken.has(name)) return [];
    taken.add(name);
    return bundle.records;
  });
}
