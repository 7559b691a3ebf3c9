import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { segmentFile } from './files.ts';
import { MAGIC, RECORD_MAX, SourceNames, lookAt, nextMark, readRecord } from './format.ts';
import type { StoredRecord } from './types.ts';

export interface Cut {
  readonly records: StoredRecord[];
  readonly memory: Buffer<SharedArrayBuffer>;
  /** Offset behind the last record taken, or behind damage that was passed over. */
  readonly to: number;
  /** Bytes passed over because no record could be read from them. */
  readonly damagedBytes: number;
}

export interface CutLimits {
  readonly maxBytes: number;
  readonly maxRecords: number;
  /** Read into this when it is large enough. */
  readonly memory?: SharedArrayBuffer | undefined;
}

/** Reads records out of segments, one segment open at a time. */
export class SegmentReader {
  readonly #folder: string;
  readonly #names = new SourceNames();
  #file: FileHandle | undefined;
  #segment = -1;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Records of `segment` from `from` on, none beyond `until`: as many as the limits allow, at least one if there is one.
   * Holds one buffer of about `maxBytes`, in which the records stand.
   */
  async cut(segment: number, from: number, until: number, limits: CutLimits): Promise<Cut> {
    let size = Math.min(until - from, Math.max(limits.maxBytes, 1));
    for (;;) {
      const memory = await this.#read(segment, from, size, limits.memory);
      const cut = this.#take(memory, until - from, limits);
      if (cut.need === 0) return { records: cut.records, memory, to: from + cut.to, damagedBytes: cut.damagedBytes };
      // All was read and the file ends before it should: the rest of the segment is gone.
      if (size >= until - from) return { records: [], memory, to: until, damagedBytes: until - from };
      // The first record is longer than the buffer: once more, with room for it.
      size = Math.min(until - from, Math.max(cut.need, size));
    }
  }

  #take(bytes: Buffer, available: number, limits: CutLimits): Omit<Cut, 'memory'> & { readonly need: number } {
    const records: StoredRecord[] = [];
    let at = 0;
    let damagedBytes = 0;
    while (at < bytes.length && records.length < limits.maxRecords) {
      const seen = lookAt(bytes, at);
      if (seen.kind === 'record') {
        records.push(readRecord(bytes, at, seen.end, this.#names));
        at = seen.end;
        continue;
      }
      if (seen.kind === 'cut' && seen.end <= available) {
        if (records.length > 0) break;
        if (at === 0 || seen.end - at <= bytes.length) return { records, to: at, damagedBytes, need: at === 0 ? seen.end : seen.end + RECORD_MAX };
      }
      const mark = nextMark(bytes, at + 1);
      const next = mark === -1 ? (bytes.length === available ? available : Math.max(at + 1, bytes.length - 1)) : mark;
      damagedBytes += next - at;
      at = next;
    }
    return { records, to: at, damagedBytes, need: 0 };
  }

  async #read(segment: number, from: number, size: number, memory?: SharedArrayBuffer): Promise<Buffer<SharedArrayBuffer>> {
    if (this.#segment !== segment) {
      await this.close();
      this.#file = await open(segmentFile(this.#folder, segment), 'r');
      this.#segment = segment;
    }
    const bytes = Buffer.from(memory && memory.byteLength >= size ? memory : new SharedArrayBuffer(size), 0, size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await this.#file!.read(bytes, filled, size - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#segment = -1;
    await file?.close();
  }
}

/** Offset of a segment's first record. */
export const SEGMENT_START = MAGIC.length;
