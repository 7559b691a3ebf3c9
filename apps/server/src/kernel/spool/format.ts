import { crc32 } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { SpoolError } from './errors.ts';
import type { SpoolPosition, SpoolRecord, StoredRecord } from './types.ts';

/**
 * A segment: 8 bytes of magic, then records.
 * A record: u16 mark, u32 length of what follows the checksum, u32 CRC-32 over it, then
 * 16 bytes source, f64 arrival (epoch ms), u8 flags, payload. Little endian.
 * The mark lets a reader find the next record behind a damaged one.
 */
export const MAGIC = Buffer.from('BNYSPL01', 'latin1');
const MARK = Buffer.from([0xb5, 0x9e]);
const HEAD = 10;
const FIXED = 25;
/** Longest payload of one record, in bytes. */
export const PAYLOAD_MAX = 4 * 1024 * 1024;
export const RECORD_MAX = HEAD + FIXED + PAYLOAD_MAX;

/** Length of a record in its segment. */
export function recordLength(record: SpoolRecord): number {
  return HEAD + FIXED + record.payload.length;
}

/** @throws SpoolError SPOOL_RECORD when the record cannot be kept. */
export function checkRecord(record: SpoolRecord): void {
  if (record.payload.length > PAYLOAD_MAX) throw new SpoolError('SPOOL_RECORD', `a record of ${record.payload.length} bytes is longer than ${PAYLOAD_MAX}`);
  if (!Number.isFinite(record.receivedAt)) throw new SpoolError('SPOOL_RECORD', 'the arrival time is not a number');
  sourceBytes(record.sourceId);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SOURCES_MAX = 10_000;
const sources = new Map<string, Buffer>();

function sourceBytes(id: string): Buffer {
  const known = sources.get(id);
  if (known !== undefined) return known;
  if (!UUID.test(id)) throw new SpoolError('SPOOL_RECORD', `the source is not a UUID: ${id.slice(0, 64)}`);
  if (sources.size >= SOURCES_MAX) sources.clear();
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  sources.set(id, bytes);
  return bytes;
}

/** Writes a record at `at`; the caller has made room. @returns the offset behind it. */
export function writeRecord(target: Buffer, at: number, record: SpoolRecord): number {
  const length = FIXED + record.payload.length;
  const body = at + HEAD;
  target.set(sourceBytes(record.sourceId), body);
  target.writeDoubleLE(record.receivedAt, body + 16);
  target[body + 24] = record.flags & 0xff;
  target.set(record.payload, body + FIXED);
  target[at] = MARK[0]!;
  target[at + 1] = MARK[1]!;
  target.writeUInt32LE(length, at + 2);
  target.writeUInt32LE(crc32(target.subarray(body, body + length)), at + 6);
  return body + length;
}

/** What stands at `at` in `bytes`. */
export type Seen =
  | { readonly kind: 'record'; readonly end: number }
  /** The record goes on behind the end of `bytes`: `end` is where it would end. */
  | { readonly kind: 'cut'; readonly end: number }
  | { readonly kind: 'damaged' };

export function lookAt(bytes: Buffer, at: number): Seen {
  if (at + HEAD > bytes.length) return { kind: 'cut', end: at + HEAD };
  const length = bytes.readUInt32LE(at + 2);
  if (bytes[at] !== MARK[0] || bytes[at + 1] !== MARK[1] || length < FIXED || length > FIXED + PAYLOAD_MAX) return { kind: 'damaged' };
  const end = at + HEAD + length;
  if (end > bytes.length) return { kind: 'cut', end };
  return crc32(bytes.subarray(at + HEAD, end)) === bytes.readUInt32LE(at + 6) ? { kind: 'record', end } : { kind: 'damaged' };
}

/** Where the next mark stands behind `at`, or -1. */
export function nextMark(bytes: Buffer, at: number): number {
  return bytes.indexOf(MARK, at);
}

const NAMES_MAX = 10_000;

/** Sources by their bytes, so that a name is made once and not for every record. */
export class SourceNames {
  readonly #known = new Map<number, { readonly words: readonly number[]; readonly name: string }[]>();
  #size = 0;

  at(bytes: Buffer, at: number): string {
    const words = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)] as const;
    const same = this.#known.get(words[3]);
    if (same !== undefined) for (const one of same) if (one.words[0] === words[0] && one.words[1] === words[1] && one.words[2] === words[2]) return one.name;
    if (this.#size >= NAMES_MAX) {
      this.#known.clear();
      this.#size = 0;
    }
    const hex = bytes.toString('hex', at, at + 16);
    const name = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    this.#known.set(words[3], [...(this.#known.get(words[3]) ?? []), { words, name }]);
    this.#size += 1;
    return name;
  }
}

/** The record that `lookAt` found at `at`. */
export function readRecord(bytes: Buffer, at: number, end: number, names: SourceNames): StoredRecord {
  const body = at + HEAD;
  return { sourceId: names.at(bytes, body), receivedAt: bytes.readDoubleLE(body + 16), flags: bytes[body + 24]!, at: body + FIXED, length: end - body - FIXED };
}

const WINDOW = 8 * 1024 * 1024;

/**
 * The end of the last whole record in a segment of `size` bytes, from `from` on: behind it is a torn tail.
 * Damage with whole records behind it is no tail.
 */
export async function endOfRecords(file: FileHandle, from: number, size: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(WINDOW, Math.max(0, size - from)));
  let last = from;
  let at = from;
  while (at < size) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) break;
    const window = buffer.subarray(0, bytesRead);
    let offset = 0;
    while (offset < bytesRead) {
      const seen = lookAt(window, offset);
      if (seen.kind === 'record') {
        offset = seen.end;
        last = at + offset;
      } else if (seen.kind === 'cut' && at + seen.end <= size && offset > 0) {
        break;
      } else {
        const mark = nextMark(window, offset + 1);
        // The mark's first byte may be the window's last.
        offset = mark === -1 ? Math.max(offset + 1, bytesRead - 1) : mark;
        if (mark === -1) break;
      }
    }
    at += Math.max(1, offset);
  }
  return last;
}

/** Negative when `a` comes before `b`. */
export function comparePositions(a: SpoolPosition, b: SpoolPosition): number {
  return a.segment - b.segment || a.offset - b.offset;
}
