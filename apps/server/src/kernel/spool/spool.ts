import { randomBytes } from 'node:crypto';
import { mkdir, readdir, stat, statfs, unlink } from 'node:fs/promises';
import { lockFolder } from '../db/folder-lock.ts';
import type { FolderLock } from '../db/folder-lock.ts';
import { SpoolError } from './errors.ts';
import { addEdge, edgesFile, readEdges, readState, segmentFile, segmentOf, syncFolder, writeState } from './files.ts';
import type { SegmentEdges, SpoolState } from './files.ts';
import { checkRecord, comparePositions } from './format.ts';
import { SEGMENT_START, SegmentReader } from './reader.ts';
import type { Spool, SpoolBatch, SpoolPosition, SpoolRecord } from './types.ts';
import { SegmentWriter } from './writer.ts';

export interface SpoolOptions {
  readonly folder: string;
  /** First part of every token. */
  readonly lane: string;
  /** A segment that has grown this long is followed by a new one. */
  readonly segmentBytes?: number;
  /** Least time between two syncs, in milliseconds; also the longest an idle spool waits before it writes. */
  readonly syncMsMin?: number;
  /** Bytes that must stay free on the disk: max(2 GB, 5 %) unless told. */
  readonly floorBytes?: number;
  /** Told when stored bytes could not be read as records and were passed over. */
  readonly onDamage?: (where: SpoolPosition, bytes: number) => void;
}

type NextOptions = Parameters<Spool['next']>[0];

const FLOOR_CHECK_MS = 1000;

/** The journal of one door lane, in a folder of its own (see format.ts for the bytes). */
export class FileSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #folder: string;
  readonly #lane: string;
  readonly #lock: FolderLock;
  readonly #reader: SegmentReader;
  /** Length of every segment before the one written to. */
  readonly #sealed = new Map<number, number>();
  readonly #wakers = new Set<() => void>();
  #writer!: SegmentWriter;
  #written: SpoolPosition = { segment: 1, offset: SEGMENT_START };
  #state: SpoolState;
  #edges: (SegmentEdges & { readonly segment: number }) | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  #saving: Promise<unknown> = Promise.resolve();
  #freeEnough = true;
  #checkedAt = -Infinity;
  #checking: Promise<void> | undefined;
  #closed = false;

  private constructor(options: SpoolOptions, lock: FolderLock, state: SpoolState) {
    this.#options = options;
    this.#folder = options.folder;
    this.#lane = `${options.lane}.${state.id}`;
    this.#lock = lock;
    this.#state = state;
    this.#reader = new SegmentReader(options.folder);
  }

  /** Opens or makes the spool. @throws DataFolderInUse when a process has it open. */
  static async open(options: SpoolOptions): Promise<FileSpool> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const lock = lockFolder(options.folder);
    try {
      const segments = (await readdir(options.folder)).map(segmentOf).filter((n) => n !== null).sort((a, b) => a - b);
      let state = await readState(options.folder);
      if (state === null) {
        const start = { segment: segments[0] ?? 1, offset: SEGMENT_START };
        state = { id: randomBytes(4).toString('hex'), committed: start, keepUntil: start };
        await writeState(options.folder, state);
      }
      const spool = new FileSpool(options, lock, state);
      const reached = await furthest(options.folder, segments.at(-1), state.committed);
      for (const segment of segments.slice(0, -1)) spool.#sealed.set(segment, (await stat(segmentFile(options.folder, segment))).size);
      spool.#writer = await SegmentWriter.open(
        {
          folder: options.folder,
          segmentBytes: options.segmentBytes ?? 32 * 1024 * 1024,
          syncMsMin: options.syncMsMin ?? 50,
          onWritten: (end) => spool.#onWritten(end),
        },
        segments,
        reached,
      );
      spool.#written = spool.#writer.end;
      const last = segments.at(-1);
      if (last !== undefined && last < spool.#written.segment) spool.#sealed.set(last, (await stat(segmentFile(options.folder, last))).size);
      await spool.#checkFloor();
      return spool;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  #onWritten(end: SpoolPosition): void {
    for (let segment = this.#written.segment; segment < end.segment; segment++) this.#sealed.set(segment, this.#written.offset);
    this.#written = end;
    for (const wake of this.#wakers) wake();
  }

  async append(records: readonly SpoolRecord[]): Promise<void> {
    if (this.#closed) throw new SpoolError('SPOOL_CLOSED', 'the spool is closed');
    if (records.length === 0) return;
    // All are checked before one is taken, so that a refusal leaves nothing behind.
    for (const record of records) checkRecord(record);
    if (Date.now() - this.#checkedAt >= FLOOR_CHECK_MS) {
      const checking = this.#checkFloor();
      // While there is room the answer of a moment ago is good enough; while there is none, the newest counts.
      if (!this.#freeEnough) await checking;
    }
    if (!this.#freeEnough) throw new SpoolError('SPOOL_FULL', 'the disk is below its floor; intake is refused until there is room');
    await this.#writer.append(records);
  }

  #checkFloor(): Promise<void> {
    this.#checkedAt = Date.now();
    this.#checking ??= statfs(this.#folder)
      .then((disk) => {
        const floor = this.#options.floorBytes ?? Math.max(2e9, disk.blocks * disk.bsize * 0.05);
        this.#freeEnough = disk.bavail * disk.bsize >= floor;
      })
      .finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  next(options: NextOptions): Promise<SpoolBatch | null> {
    const turn = this.#reading.then(() => this.#next(options));
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #next(options: NextOptions): Promise<SpoolBatch | null> {
    const until = Date.now() + options.waitMs;
    for (;;) {
      if (this.#closed) throw new SpoolError('SPOOL_CLOSED', 'the spool is closed');
      const from = this.#start(options.after);
      if (comparePositions(from, this.#written) < 0) {
        const batch = await this.#cut(from, options);
        if (batch !== null || options.after) return batch;
        continue;
      }
      const leftMs = until - Date.now();
      if (leftMs <= 0) return null;
      await this.#wait(leftMs);
    }
  }

  /** The committed position, or a later one, moved to the next segment when its own is finished. */
  #start(after?: SpoolPosition): SpoolPosition {
    let { segment, offset } = after && comparePositions(after, this.#state.committed) > 0 ? after : this.#state.committed;
    while (segment < this.#written.segment && offset >= (this.#sealed.get(segment) ?? 0)) {
      segment += 1;
      offset = SEGMENT_START;
    }
    return { segment, offset };
  }

  /** A batch lies in one segment. Its edge is on disk before it is handed out, and the same edge is taken again. */
  async #cut(from: SpoolPosition, limits: NextOptions): Promise<SpoolBatch | null> {
    const end = from.segment === this.#written.segment ? this.#written.offset : this.#sealed.get(from.segment)!;
    if (this.#edges?.segment !== from.segment) this.#edges = { segment: from.segment, ...(await readEdges(this.#folder, from.segment)) };
    const edges = this.#edges;
    const known = edges.edges.get(from.offset);
    const fixed = known !== undefined && known <= end;
    const cut = fixed
      ? await this.#reader.cut(from.segment, from.offset, known, { maxBytes: known - from.offset, maxRecords: Infinity, memory: limits.memory })
      : await this.#reader.cut(from.segment, from.offset, end, limits);
    const to = fixed ? known : cut.to;
    if (limits.after && (cut.damagedBytes > 0 || cut.records.length === 0)) return null;
    if (cut.damagedBytes > 0) this.#options.onDamage?.(from, cut.damagedBytes);
    if (cut.records.length === 0) {
      await this.commit({ segment: from.segment, offset: to });
      return null;
    }
    if (!fixed) {
      await addEdge(this.#folder, from.segment, edges.count, from.offset, to);
      edges.edges.set(from.offset, to);
      edges.count += 1;
    }
    return {
      from,
      to: { segment: from.segment, offset: to },
      token: `${this.#lane}:${from.segment}:${from.offset}-${to}`,
      records: cut.records,
      memory: cut.memory,
      bytes: to - from.offset,
    };
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wakers.add(done);
    });
  }

  async commit(to: SpoolPosition): Promise<void> {
    // A batch ends at what was written, or at the end of an earlier segment.
    if (comparePositions(to, this.#written) > 0) throw new SpoolError('SPOOL_GONE', 'a position that was never written cannot be committed');
    if (comparePositions(to, this.#state.committed) <= 0) return;
    await this.#save({ committed: to });
  }

  position(): { readonly written: SpoolPosition; readonly committed: SpoolPosition; readonly backlogBytes: number } {
    const from = this.#start();
    let backlogBytes = this.#written.offset;
    for (let segment = from.segment; segment < this.#written.segment; segment++) backlogBytes += (this.#sealed.get(segment) ?? SEGMENT_START) - SEGMENT_START;
    return { written: this.#written, committed: this.#state.committed, backlogBytes: Math.max(0, backlogBytes - from.offset) };
  }

  async keepUntil(position: SpoolPosition): Promise<void> {
    if (comparePositions(position, this.#state.keepUntil) > 0) await this.#save({ keepUntil: position });
    const keep = Math.min(this.#state.keepUntil.segment, this.#state.committed.segment, this.#written.segment);
    let removed = 0;
    for (const segment of [...this.#sealed.keys()].sort((a, b) => a - b)) {
      if (segment >= keep) break;
      // The edges go last: a segment without edges would be cut anew.
      await unlink(segmentFile(this.#folder, segment));
      await unlink(edgesFile(this.#folder, segment)).catch(() => {});
      this.#sealed.delete(segment);
      removed += 1;
    }
    if (removed > 0) await syncFolder(this.#folder);
  }

  async rewind(position: SpoolPosition): Promise<void> {
    const oldest = Math.min(this.#written.segment, ...this.#sealed.keys());
    if (position.segment < oldest || position.offset < SEGMENT_START || comparePositions(position, this.#written) > 0) {
      throw new SpoolError('SPOOL_GONE', `the spool holds segments ${oldest} to ${this.#written.segment}; segment ${position.segment} is not among them`);
    }
    // Between two batches, so that none is cut from a place that was just left.
    const turn = this.#reading.then(() => this.#save({ committed: position }));
    this.#reading = turn.catch(() => {});
    await turn;
  }

  #save(change: Partial<Pick<SpoolState, 'committed' | 'keepUntil'>>): Promise<void> {
    const turn = this.#saving.then(async () => {
      const state = { ...this.#state, ...change };
      await writeState(this.#folder, state);
      this.#state = state;
    });
    this.#saving = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const wake of this.#wakers) wake();
    await this.#writer.close();
    await this.#reading;
    await this.#saving;
    await this.#reader.close();
    this.#lock.release();
  }
}

/** The furthest position handed out or committed. */
async function furthest(folder: string, last: number | undefined, committed: SpoolPosition): Promise<SpoolPosition> {
  if (last === undefined || committed.segment > last) return committed;
  const { edges } = await readEdges(folder, last);
  let offset = committed.segment === last ? committed.offset : SEGMENT_START;
  for (const to of edges.values()) offset = Math.max(offset, to);
  return { segment: last, offset };
}
