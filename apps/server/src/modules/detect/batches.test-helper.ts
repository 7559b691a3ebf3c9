import type { SourceFacts } from '../inventory/index.ts';
import { BatchReader } from './batch-reader.ts';
import type { BatchIn, BatchOut } from './messages.ts';

/** A sender as the intake knows it. */
export function senderOf(orgId: string, more: Partial<SourceFacts> = {}): SourceFacts {
  return {
    sourceId: '01900000-0000-7000-8000-0000000000f1', orgId, name: '本社のUTM', family: 'fortigate', timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '1y', deviceId: null, match: { by: 'token' }, ownRanges: ['192.168.0.0/16'], orgZone: 'Asia/Tokyo', ...more,
  } as SourceFacts;
}

export interface Line {
  readonly text: string;
  /** Arrival, epoch milliseconds. */
  readonly at: number;
  readonly source: SourceFacts;
}

/** Lines as the intake hands them to its thread. */
export function batchOf(id: number, lines: readonly Line[], more: Partial<BatchIn> = {}): BatchIn {
  const sources = [...new Set(lines.map((l) => l.source))];
  const places = new Map(sources.map((s, i) => [s, i]));
  const texts = lines.map((l) => Buffer.from(l.text));
  const bytes = new Uint8Array(new SharedArrayBuffer(texts.reduce((sum, text) => sum + text.length, 0)));
  const index = new Int32Array(lines.length * 4);
  let offset = 0;
  texts.forEach((text, i) => {
    bytes.set(text, offset);
    index.set([offset, text.length, 0, places.get(lines[i]!.source)!], i * 4);
    offset += text.length;
  });
  return { id, bytes: bytes.buffer, index, receivedAt: Float64Array.from(lines, (l) => l.at), sources, remember: null, ...more };
}

let next = 1;
export const readLines = (reader: BatchReader, lines: readonly Line[], more: Partial<BatchIn> = {}): BatchOut => reader.read(batchOf(next++, lines, more));
