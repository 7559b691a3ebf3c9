import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { SpoolError } from './errors.ts';
import { segmentFile, syncFolder } from './files.ts';
import { MAGIC, endOfRecords, recordLength, writeRecord } from './format.ts';
import type { SpoolPosition, SpoolRecord } from './types.ts';

const CHUNK_BYTES = 1024 * 1024;
const POOL_MAX = 8;
/** More than this waiting for the disk is refused: the senders are faster than it. */
export const WAITING_BYTES_MAX = 32 * 1024 * 1024;

interface Chunk {
  readonly buffer: Buffer;
  used: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: SpoolError) => void;
}

export interface WriterOptions {
  readonly folder: string;
  readonly segmentBytes: number;
  /** Least time between two syncs, in milliseconds. */
  readonly syncMsMin: number;
  /** Called after every sync with the new end. */
  readonly onWritten: (end: SpoolPosition) => void;
}

/** Appends records to segments: encoded at once into shared buffers, written and synced in groups. */
export class SegmentWriter {
  readonly #options: WriterOptions;
  readonly #pool: Chunk[] = [];
  #file: FileHandle;
  #segment: number;
  #offset: number;
  #filling: Chunk[] = [];
  #waiters: Waiter[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #lastSync = 0;
  #broken = false;

  private constructor(options: WriterOptions, file: FileHandle, end: SpoolPosition) {
    this.#options = options;
    this.#file = file;
    this.#segment = end.segment;
    this.#offset = end.offset;
  }

  /**
   * Goes on at the end of the last segment; a torn tail is cut off first.
   * `reached` is the furthest position that was handed out: offsets up to there are never given to other records, so a
   * disk that lost synced bytes costs a new segment and not the records to come.
   */
  static async open(options: WriterOptions, segments: readonly number[], reached: SpoolPosition): Promise<SegmentWriter> {
    const last = segments.at(-1);
    if (last === undefined || last < reached.segment) {
      const segment = reached.offset > MAGIC.length ? reached.segment + 1 : reached.segment;
      return new SegmentWriter(options, await createSegment(options.folder, segment), { segment, offset: MAGIC.length });
    }
    const file = await open(segmentFile(options.folder, last), 'r+');
    const { size } = await file.stat();
    const head = Buffer.alloc(MAGIC.length);
    await file.read(head, 0, head.length, 0);
    let end = MAGIC.length;
    if (head.equals(MAGIC)) {
      end = await endOfRecords(file, MAGIC.length, size);
    } else {
      // The process died while making the segment; no record in it was ever acknowledged.
      await file.write(MAGIC, 0, MAGIC.length, 0);
    }
    await file.truncate(end);
    // Records that were written and not synced when the process died are kept, so they must be on disk now.
    await file.sync();
    const writer = new SegmentWriter(options, file, { segment: last, offset: end });
    if (reached.segment === last && reached.offset > end) await writer.#roll();
    return writer;
  }

  /** The end of what is on disk. */
  get end(): SpoolPosition {
    return { segment: this.#segment, offset: this.#offset };
  }

  /** Resolves when the records are on disk. The caller has checked them. */
  append(records: readonly SpoolRecord[]): Promise<void> {
    let bytes = 0;
    for (const record of records) bytes += recordLength(record);
    if (this.#waitingBytes + bytes > WAITING_BYTES_MAX && this.#waitingBytes > 0) {
      return Promise.reject(new SpoolError('SPOOL_BUSY', `${this.#waitingBytes} bytes are waiting for the disk`));
    }
    for (const record of records) this.#encode(record);
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#schedule();
    });
  }

  #encode(record: SpoolRecord): void {
    const length = recordLength(record);
    let chunk = this.#filling.at(-1);
    if (chunk === undefined || chunk.used + length > chunk.buffer.length) {
      chunk = (length <= CHUNK_BYTES ? this.#pool.pop() : undefined) ?? { buffer: Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length)), used: 0 };
      chunk.used = 0;
      this.#filling.push(chunk);
    }
    chunk.used = writeRecord(chunk.buffer, chunk.used, record);
  }

  #schedule(): void {
    if (this.#flushing !== undefined || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#lastSync + this.#options.syncMsMin - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flushing = this.#flush().finally(() => {
        this.#flushing = undefined;
        if (this.#waiters.length > 0) this.#schedule();
      });
    }, Math.min(waitMs, this.#options.syncMsMin));
  }

  async #flush(): Promise<void> {
    const chunks = this.#filling;
    const waiters = this.#waiters;
    this.#filling = [];
    this.#waiters = [];
    this.#waitingBytes = 0;
    this.#lastSync = Date.now();
    try {
      if (this.#broken || this.#offset >= this.#options.segmentBytes) await this.#roll();
      let length = 0;
      for (const chunk of chunks) length += chunk.used;
      await writeAll(this.#file, chunks, this.#offset);
      await this.#file.datasync();
      this.#offset += length;
      this.#options.onWritten(this.end);
      for (const waiter of waiters) waiter.resolve();
    } catch (error) {
      // After a failed sync nobody knows what is on disk: the tail goes, and a new segment begins.
      this.#broken = true;
      await this.#file.truncate(this.#offset).catch(() => {});
      const code = (error as NodeJS.ErrnoException).code;
      const full = code === 'ENOSPC' || code === 'EDQUOT';
      const refused = new SpoolError(full ? 'SPOOL_FULL' : 'SPOOL_FAILED', full ? 'the disk is full' : `the disk refused: ${(error as Error).message}`, error);
      for (const waiter of waiters) waiter.reject(refused);
    }
    for (const chunk of chunks) if (chunk.buffer.length === CHUNK_BYTES && this.#pool.length < POOL_MAX) this.#pool.push(chunk);
  }

  async #roll(): Promise<void> {
    const file = await createSegment(this.#options.folder, this.#segment + 1);
    await this.#file.close().catch(() => {});
    this.#file = file;
    this.#segment += 1;
    this.#offset = MAGIC.length;
    this.#broken = false;
  }

  /** Ends after what waits is on disk. */
  async close(): Promise<void> {
    while (this.#flushing !== undefined || this.#timer !== undefined) {
      await (this.#flushing ?? new Promise((resolve) => setTimeout(resolve, 5)));
    }
    await this.#file.close();
  }
}

async function createSegment(folder: string, segment: number): Promise<FileHandle> {
  const file = await open(segmentFile(folder, segment), 'w+', 0o600);
  await file.write(MAGIC, 0, MAGIC.length, 0);
  await file.sync();
  await syncFolder(folder);
  return file;
}

/** Writes the chunks one behind the other; the system may take less than it was given. */
async function writeAll(file: FileHandle, chunks: readonly Chunk[], position: number): Promise<void> {
  let parts: Uint8Array[] = chunks.map((chunk) => chunk.buffer.subarray(0, chunk.used));
  let at = position;
  while (parts.length > 0) {
    const { bytesWritten } = await file.writev(parts, at);
    at += bytesWritten;
    let left = bytesWritten;
    while (parts.length > 0 && left >= parts[0]!.length) left -= parts.shift()!.length;
    if (left > 0) parts = [parts[0]!.subarray(left), ...parts.slice(1)];
  }
}
