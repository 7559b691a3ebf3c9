import { parentPort, workerData } from 'node:worker_threads';
import { createParser, type Parser } from '@banya/logs';
import { flattenWindowsEvent, type Hit, JsonEvent } from '@banya/sigma';
import type { Chunk, EventHits, Order, Ready, Result } from './messages.ts';
import { eventWithin, newlines } from './records.ts';
import { compileFor } from './ruleset.ts';
import { timeOf } from './times.ts';

// Decides about one chunk of events at a time.
const order = workerData as Order;
const port = parentPort!;
const ruleset = compileFor(order.rules, order.logsource, order.pipeline);
const json = new JsonEvent();
const parsers = new Map<number, Parser>();
const PARSERS_MAX = 100;
const NEWLINE = 0x0a;
const BRACE = 0x7b;
/** Bad lines that are named, of each chunk. */
const BAD_NAMED = 5;
/** Lists of events as CloudTrail, Azure, Microsoft Graph and AWS give them. */
const WRAPPER_NAMES = ['Records', 'records', 'value', 'Events'] as const;
const WRAPPERS = WRAPPER_NAMES.map((name) => json.numberOf(name));
const PIECE_BYTES = 64 * 1024;
/** What the fields of a line take beside it. */
const LINE_MORE = 500;

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
  const badAt: number[] = [];
  let [events, bad, line] = [0, 0, 0];
  const keep = (at: number, size: number, event: () => Record<string, unknown>, hits: readonly Hit[], time: (event: Record<string, unknown>) => number | null = timeOf): void => {
    if (hits.length === 0) return;
    const whole = event();
    found.push({ line: at, event: whole, timeMs: time(whole), bytes: size, hits });
  };
  const isBad = (at: number): void => {
    bad++;
    if (badAt.length < BAD_NAMED) badAt.push(at);
  };
  /** Decides about one JSON object; false where it is none. */
  const reading = (bytes: Buffer, wrapped: boolean): ((start: number, end: number, at: number) => boolean) => {
    // Pieces that stay in the processor's own memory, bytes and text together.
    let piece = { bytes, text: '', from: 0, to: -1 };
    return (start, end, at) => {
      if (end > piece.to) {
        const to = Math.min(bytes.length, Math.max(end, start + PIECE_BYTES));
        piece = { bytes: bytes.subarray(start, to), text: bytes.toString('latin1', start, to), from: start, to };
      }
      if (!json.open(piece.bytes, piece.text, start - piece.from, end - piece.from)) return false;
      try {
        const inner = wrapped ? null : wrappedIn(json);
        if (inner !== null) {
          const one = reading(inner, true);
          for (let from = 0; from < inner.length; ) {
            const to = inner.indexOf(NEWLINE, from);
            if (!one(from, to, at)) isBad(at);
            from = to + 1;
          }
          return true;
        }
        const nested = json.get('Event');
        const flat = typeof nested === 'object' && nested !== null ? flattenWindowsEvent({ Event: nested }) : null;
        const hits = ruleset.match(flat ?? json);
        keep(at, end - start, () => JSON.parse(json.toString()) as Record<string, unknown>, hits);
        events++;
        return true;
      } catch (error) {
        // An event that is no JSON after all, or too much for the stack.
        if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
        return false;
      }
    };
  };
  const one = reading(bytes, !chunk.auto);
  const text = (start: number, end: number, at: number): void => {
    const { event, unmapped } = parserOf(chunk.file).parse(bytes.subarray(start, end), order.nowMs, false);
    // As in the house, rules find the names of the vendor beside those of ECS.
    const record: Record<string, unknown> = { ...unmapped, ...event };
    // When a line of a file was received is not known, so there is nothing to doubt its clock with.
    const said = record['banya.device_time'];
    if (said !== undefined) {
      record['@timestamp'] = said;
      delete record['banya.device_time'];
      delete record['banya.clock_suspect'];
    }
    record['message'] ??= bytes.toString('utf8', start, end);
    keep(at, end - start + LINE_MORE, () => record, ruleset.match(record), timeOfLine);
    events++;
  };
  if (chunk.values !== null) {
    for (let at = 0; at + 2 < chunk.values.length; at += 3) {
      const [start, end, where] = [chunk.values[at]!, chunk.values[at + 1]!, chunk.values[at + 2]!];
      if (chunk.format === 'lines') text(start, end, where);
      else if (!one(...eventWithin(bytes, start, end), where)) isBad(where);
    }
    return { id: chunk.id, events, bad, badAt, lines: chunk.lines ?? newlines(bytes), found, error: null };
  }
  for (let start = 0; start < bytes.length; line++) {
    let end = bytes.indexOf(NEWLINE, start);
    if (end < 0) end = bytes.length;
    const first = firstOf(bytes, start, end);
    if (first < end) {
      if (!(chunk.auto ? bytes[first] === BRACE : chunk.format === 'json')) text(start, end, line);
      else if (!one(...eventWithin(bytes, start, end), line)) {
        // Among lines of devices, one may begin like JSON and be none.
        if (chunk.format === 'lines') text(start, end, line);
        else isBad(line);
      }
    }
    start = end + 1;
  }
  return { id: chunk.id, events, bad, badAt, lines: line, found, error: null };
}

/** The events of an answer of a cloud service, a line each; null for what is an event itself: it tells a time, or has another list. */
function wrappedIn(json: JsonEvent): Buffer | null {
  for (const number of WRAPPERS) {
    if (json.raw(number)?.startsWith('[') !== true) continue;
    const whole = JSON.parse(json.toString()) as Record<string, unknown>;
    const lists = Object.values(whole).filter((value): value is unknown[] => Array.isArray(value) && value.some(isObject));
    const list = WRAPPER_NAMES.map((name) => whole[name]).find((value) => value === lists[0]);
    if (lists.length !== 1 || list === undefined || !lists[0]!.every(isObject) || timeOf(whole) !== null) return null;
    return Buffer.from(lists[0]!.map((event) => `${JSON.stringify(event)}\n`).join(''), 'utf8');
  }
  return null;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function givenUp(chunk: Chunk, error: unknown): Result {
  const lines = chunk.lines ?? newlines(chunk.bytes);
  const bad = Math.max(1, chunk.values === null ? lines : Math.floor(chunk.values.length / 3));
  return { id: chunk.id, events: 0, bad, badAt: [], lines, found: [], error: error instanceof Error ? error.message : String(error) };
}

/** Where a line begins after white space; its end where it is blank. */
function firstOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! <= 0x20) at++;
  return at;
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

/** What a line does not say, its parser takes from its receipt. */
const timeOfLine = (event: Record<string, unknown>): number | null => (event['@timestamp'] === order.nowMs ? null : timeOf(event));
