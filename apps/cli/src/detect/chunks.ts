import type { Source } from './archives.ts';
import type { Format } from './messages.ts';
import { type Cutter, cutterOf, evtxRecords, opened, withHead } from './records.ts';

/** Bytes handed on at once, and the longest event. */
export const LIMITS = { chunkBytes: 1024 * 1024, eventBytes: 16 * 1024 * 1024 } as const;
/** First bytes that are looked at; files do not keep anybody waiting. */
const SNIFFED = 64 * 1024;
const NEWLINE = 0x0a;

export interface Cut {
  readonly format: Format;
  readonly bytes: Buffer;
  readonly values: readonly number[] | null;
  /** Lines of the file up to the next cut, where they cannot be counted in the bytes. */
  readonly lines: number | null;
  /** Nobody said what the file holds: each line may be JSON or text, and lists may be wrapped. */
  readonly auto: boolean;
  /** Events left out here: too long, without end, or damaged. */
  readonly lost: number;
}

/** Cuts a file between its events. Null first where it is no text. Memory is bounded whatever the file holds. */
export async function* cuts(source: Source, forced: Format | null): AsyncGenerator<Cut | null> {
  const { parts: bytes } = await withHead(source.bytes(), (head) => head.length >= SNIFFED);
  const { kind, parts } = await opened(bytes, forced);
  if (kind === 'binary') yield null;
  else if (kind === 'evtx') yield* ofEvtx(parts);
  else if (kind === 'xml' || kind === 'csv' || kind === 'stream') yield* ofRecords(parts, cutterOf(kind, LIMITS.eventBytes), kind === 'xml' ? 'lines' : 'stream', kind === 'stream' && forced === null);
  else yield* ofLines(parts, kind, forced === null);
}

async function* ofLines(parts: AsyncIterable<Buffer>, format: Format, auto: boolean): AsyncGenerator<Cut> {
  const cutter = new LineCutter(format, auto);
  try {
    for await (const part of parts) yield* cutter.add(part);
  } catch (error) {
    yield* cutter.end();
    throw error;
  }
  yield* cutter.end();
}

async function* ofRecords(parts: AsyncIterable<Buffer>, cutter: Cutter, format: Format, auto: boolean): AsyncGenerator<Cut> {
  const chunk = new Gathered(format, auto);
  let failed: { readonly error: unknown } | null = null;
  const pieces = async function* (): AsyncGenerator<ReturnType<Cutter['add']>> {
    try {
      for await (const part of parts) yield cutter.add(part);
    } catch (error) {
      failed = { error };
    }
    yield cutter.end();
  };
  try {
    for await (const some of pieces()) {
      for (const { bytes, line, cut } of some) {
        // Text between the values of a file of JSON is no event either.
        if (cut || (format === 'stream' && bytes[0] !== 0x7b)) chunk.lost++;
        else if (chunk.add(bytes, line)) yield chunk.take();
      }
    }
  } catch (error) {
    failed ??= { error };
  }
  if (!chunk.isEmpty) yield chunk.take();
  if (failed !== null) throw (failed as { readonly error: unknown }).error;
}

async function* ofEvtx(parts: AsyncIterable<Buffer>): AsyncGenerator<Cut> {
  const chunk = new Gathered('stream', false);
  let number = 0;
  let failed: { readonly error: unknown } | null = null;
  try {
    for await (const records of evtxRecords(parts)) {
      for (const { line, broken } of records) {
        if (broken) chunk.lost++;
        else if (chunk.add(Buffer.from(line), number)) yield chunk.take();
        number++;
      }
    }
  } catch (error) {
    failed = { error };
  }
  if (!chunk.isEmpty) yield chunk.take();
  if (failed !== null) throw failed.error;
}

/** Records side by side, about a megabyte at a time. */
class Gathered {
  readonly #format: Format;
  readonly #auto: boolean;
  #parts: Buffer[] = [];
  #size = 0;
  #values: number[] = [];
  /** Line of the file at which the chunk begins, and the last one that is known. */
  #from = 0;
  #line = 0;
  lost = 0;

  constructor(format: Format, auto: boolean) {
    this.#format = format;
    this.#auto = auto;
  }

  get isEmpty(): boolean {
    return this.#size === 0 && this.lost === 0;
  }

  /** True where it is time to take them. */
  add(bytes: Buffer, line: number): boolean {
    this.#values.push(this.#size, this.#size + bytes.length, line - this.#from);
    this.#parts.push(bytes);
    this.#size += bytes.length;
    this.#line = line;
    return this.#size >= LIMITS.chunkBytes;
  }

  take(): Cut {
    // A copy of its own, so that it can be given away to a thread.
    const bytes = Buffer.from(new Uint8Array(Buffer.concat(this.#parts)).buffer);
    const cut = { format: this.#format, bytes, values: this.#values, lines: this.#line - this.#from, auto: this.#auto, lost: this.lost };
    this.#parts = [];
    this.#size = 0;
    this.#values = [];
    this.#from = this.#line;
    this.lost = 0;
    return cut;
  }
}

/** Whole lines, about a megabyte at a time. */
class LineCutter {
  readonly #format: Format;
  readonly #auto: boolean;
  #parts: Buffer[] = [];
  #size = 0;
  /** Inside a line that is too long to be an event. */
  #skipping = false;
  #lost = 0;

  constructor(format: Format, auto: boolean) {
    this.#format = format;
    this.#auto = auto;
  }

  *add(given: Buffer): Generator<Cut> {
    let part = given;
    if (this.#skipping) {
      const end = part.indexOf(NEWLINE);
      if (end < 0) return;
      this.#skipping = false;
      // The newline stays, so that lines are counted right.
      part = part.subarray(end);
    }
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size < LIMITS.chunkBytes) return;
    const last = part.lastIndexOf(NEWLINE);
    if (last >= 0) {
      const rest = part.subarray(last + 1);
      this.#parts[this.#parts.length - 1] = part.subarray(0, last + 1);
      yield this.#take();
      this.#parts = [rest];
      this.#size = rest.length;
    } else if (this.#size > LIMITS.eventBytes) {
      const whole = Buffer.concat(this.#parts);
      const before = whole.lastIndexOf(NEWLINE);
      this.#parts = [whole.subarray(0, before + 1)];
      this.#lost++;
      this.#skipping = true;
      yield this.#take();
    }
  }

  *end(): Generator<Cut> {
    if (this.#size > 0 || this.#lost > 0) yield this.#take();
  }

  #take(): Cut {
    // A copy of its own, so that it can be given away to a thread.
    const bytes = Buffer.from(new Uint8Array(Buffer.concat(this.#parts)).buffer);
    const cut = { format: this.#format, bytes, values: null, lines: null, auto: this.#auto, lost: this.#lost };
    this.#parts = [];
    this.#size = 0;
    this.#lost = 0;
    return cut;
  }
}
