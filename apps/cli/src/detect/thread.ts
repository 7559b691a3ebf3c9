import { parentPort, workerData } from 'node:worker_threads';
import { createParser, type Parser } from '@banya/logs';
import { flattenWindowsEvent, type Hit, JsonEvent } from '@banya/sigma';
import type { Chunk, EventHits, Order, Ready, Result } from './messages.ts';
import { eventWithin } from './records.ts';
import { compileFor } from './ruleset.ts';

// Decides about one chunk of events at a time.
const order = workerData as Order;
const port = parentPort!;
const ruleset = compileFor(order.rules, order.logsource, order.pipeline);
const json = new JsonEvent();
const parsers = new Map<number, Parser>();
const PARSERS_MAX = 100;
const NEWLINE = 0x0a;
const PIECE_BYTES = 64 * 1024;

port.on('message', (chunk: Chunk) => {
  try {
    port.postMessage(read(chunk));
  } catch (error) {
    // One chunk must not take the run with it.
    port.postMessage(givenUp(chunk, error));
  }
});
port.postMessage({ ready: true, rules: ruleset.size, correlations: ruleset.correlations.length, errors: ruleset.errors.map((error) => error.message) } satisfies Ready);

function read(chunk: Chunk): Result {
  const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength);
  const found: EventHits[] = [];
  let [events, bad] = [0, 0];
  const keep = (at: number, event: () => Record<string, unknown>, hits: readonly Hit[]): void => {
    if (hits.length === 0) return;
    const whole = event();
    found.push({ line: at, event: whole, timeMs: timeOf(whole), hits });
  };
  // Pieces that stay in the processor's own memory, bytes and text together.
  let piece = { bytes, text: '', from: 0, to: -1 };
  const one = (from: number, to: number, at: number): void => {
    const [start, end] = eventWithin(bytes, from, to);
    if (end > piece.to) {
      const to = Math.min(bytes.length, Math.max(end, start + PIECE_BYTES));
      piece = { bytes: bytes.subarray(start, to), text: bytes.toString('latin1', start, to), from: start, to };
    }
    if (!json.open(piece.bytes, piece.text, start - piece.from, end - piece.from)) {
      bad++;
      return;
    }
    try {
      const nested = json.get('Event');
      const flat = typeof nested === 'object' && nested !== null ? flattenWindowsEvent({ Event: nested }) : null;
      const hits = ruleset.match(flat ?? json);
      keep(at, () => JSON.parse(json.toString()) as Record<string, unknown>, hits);
      events++;
    } catch (error) {
      // An event that is no JSON after all, or too much for the stack.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      bad++;
    }
  };
  const line = (start: number, end: number, at: number): void => {
    const { event, unmapped } = parserOf(chunk.file).parse(bytes.subarray(start, end), order.nowMs, false);
    // As in the house, rules find the names of the vendor beside those of ECS.
    const record: Record<string, unknown> = { ...unmapped, ...event };
    record['message'] ??= bytes.toString('utf8', start, end);
    keep(at, () => record, ruleset.match(record));
    events++;
  };
  if (chunk.values !== null) {
    const read = chunk.format === 'lines' ? line : one;
    for (let at = 0; at + 2 < chunk.values.length; at += 3) read(chunk.values[at]!, chunk.values[at + 1]!, chunk.values[at + 2]!);
    return { id: chunk.id, events, bad, lines: chunk.lines ?? newlines(bytes), found, error: null };
  }
  let lines = 0;
  for (let start = 0; start < bytes.length; lines++) {
    let end = bytes.indexOf(NEWLINE, start);
    if (end < 0) end = bytes.length;
    if (!blank(bytes, start, end)) {
      if (chunk.format === 'json') one(start, end, lines);
      else line(start, end, lines);
    }
    start = end + 1;
  }
  return { id: chunk.id, events, bad, lines, found, error: null };
}

function givenUp(chunk: Chunk, error: unknown): Result {
  const lines = chunk.lines ?? newlines(chunk.bytes);
  const bad = Math.max(1, chunk.values === null ? lines : Math.floor(chunk.values.length / 3));
  return { id: chunk.id, events: 0, bad, lines, found: [], error: error instanceof Error ? error.message : String(error) };
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count++;
  return count;
}

function blank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! > 0x20) return false;
  return true;
}

/** A parser learns from the lines of its file. */
function parserOf(file: number): Parser {
  let parser = parsers.get(file);
  if (parser === undefined) {
    if (parsers.size >= PARSERS_MAX) parsers.delete(parsers.keys().next().value!);
    parsers.set(file, (parser = createParser({ family: 'auto', timeZone: 'Asia/Tokyo' })));
  }
  return parser;
}

const TIME_NAMES = ['@timestamp', 'UtcTime', 'TimeCreated_SystemTime', 'EventTime', 'timestamp', 'time'];

/** When it happened, in milliseconds since 1970; null where the event does not say. */
function timeOf(event: Record<string, unknown>): number | null {
  const flat = flattenWindowsEvent(event) ?? event;
  for (const name of TIME_NAMES) {
    const value = flat[name];
    if (typeof value === 'number' && value > 0) return value < 1e11 ? value * 1000 : value;
    if (typeof value !== 'string' || value.length > 40) continue;
    const time = Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
    if (!Number.isNaN(time)) return time;
  }
  return null;
}
