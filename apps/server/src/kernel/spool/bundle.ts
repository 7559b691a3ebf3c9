import type { SpoolBatch, SpoolRecord, StoredRecord } from './types.ts';

/** Flag of a spool record that holds many lines of one request: stored whole or not at all. */
export const FLAG_BUNDLE = 4;

/** One HTTP request's lines. `key` makes a repetition recognisable: the lines of a key count once. */
export interface Bundle<Line = SpoolRecord> {
  readonly sourceId: string;
  readonly key: string | null;
  readonly hash: string;
  readonly records: readonly Line[];
}

interface Head {
  readonly key: string | null;
  readonly hash: string;
  readonly sources: readonly string[];
  /** Per line: index into sources, arrival, flags, length. */
  readonly lines: readonly (readonly [number, number, number, number])[];
}

/** Packs a bundle: u32 length of the head (little endian), the head as JSON, the lines' bytes. */
export function packBundle(bundle: Bundle, receivedAt: number): SpoolRecord {
  const sources = [...new Set(bundle.records.map((r) => r.sourceId))];
  const head: Head = { key: bundle.key, hash: bundle.hash, sources, lines: bundle.records.map((r) => [sources.indexOf(r.sourceId), r.receivedAt, r.flags, r.payload.length]) };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return { sourceId: bundle.sourceId, receivedAt, flags: FLAG_BUNDLE, payload: Buffer.concat([length, json, ...bundle.records.map((r) => r.payload)]) };
}

/** Unpacks what `packBundle` made, in the memory it was read into; a record's checksum has vouched for the bytes. */
export function unpackBundle(record: StoredRecord, memory: SpoolBatch['memory']): Bundle<StoredRecord> {
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
  const from = record.at + 4;
  let at = from + bytes.readUInt32LE(record.at);
  const head = JSON.parse(bytes.toString('utf8', from, at)) as Head;
  const records = head.lines.map(([source, receivedAt, flags, length]): StoredRecord => {
    at += length;
    return { sourceId: head.sources[source]!, receivedAt, flags, at: at - length, length };
  });
  return { sourceId: record.sourceId, key: head.key, hash: head.hash, records };
}
