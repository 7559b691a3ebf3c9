import type { Source } from './archives.ts';
import type { Format } from './messages.ts';

/** Bytes handed on at once, and the longest event. */
export const LIMITS = { chunkBytes: 1024 * 1024, eventBytes: 16 * 1024 * 1024 } as const;
const SNIFFED = 64 * 1024;
const NEWLINE = 0x0a;

export interface Cut {
  readonly format: Format;
  readonly bytes: Buffer;
  readonly values: readonly number[] | null;
  /** Events left out here because they were too long. */
  readonly tooLong: number;
}

/** What a file holds, by its first bytes; null for what is no text. */
export function formatOf(head: Buffer): Format | null {
  const text = withoutMark(head);
  if (text.subarray(0, 1024).includes(0) || (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return null;
  const words = text.toString('latin1').trimStart();
  if (words.startsWith('[')) return /^\[\s*[{\]]/.test(words) ? 'stream' : 'lines';
  if (!words.startsWith('{')) return 'lines';
  const end = words.indexOf('\n');
  if (end < 0) return text.length < SNIFFED ? 'stream' : 'json';
  try {
    JSON.parse(words.slice(0, end));
    return 'json';
  } catch {
    // A broken first line among whole ones, or the beginning of a value over several lines.
    return /^\{\s*$/.test(words.slice(0, end)) || !/\n\{.*\}\r?\n/.test(words) ? 'stream' : 'json';
  }
}

const withoutMark = (bytes: Buffer): Buffer => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes);

/** Cuts a file between its events. Null first where it is no text. Memory is bounded whatever the file holds. */
export async function* cuts(source: Source, forced: Format | null): AsyncGenerator<Cut | null> {
  let cutter: LineCutter | ValueCutter | null = null;
  for await (const part of withHead(source.bytes())) {
    if (cutter === null) {
      const format = forced ?? formatOf(part);
      if (format === null) {
        yield null;
        return;
      }
      cutter = cutterOf(format);
      yield* cutter.add(withoutMark(part));
    } else yield* cutter.add(part);
  }
  yield* cutter!.end();
}

/** The same bytes with a first part that is long enough to tell the format by; all of them where there are fewer, an empty one where there are none. */
async function* withHead(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const part of parts) {
    if (head === null) yield part;
    else {
      head = Buffer.concat([head, part]);
      if (head.length < SNIFFED) continue;
      yield head;
      head = null;
    }
  }
  if (head !== null) yield head;
}

const cutterOf = (format: Format): LineCutter | ValueCutter => (format === 'stream' ? new ValueCutter() : new LineCutter(format));

/** Whole lines, about a megabyte at a time. */
class LineCutter {
  readonly #format: Format;
  #parts: Buffer[] = [];
  #size = 0;
  /** Inside a line that is too long to be an event. */
  #skipping = false;
  #tooLong = 0;

  constructor(format: Format) {
    this.#format = format;
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
      this.#tooLong++;
      this.#skipping = true;
      yield this.#take();
    }
  }

  *end(): Generator<Cut> {
    if (this.#size > 0 || this.#tooLong > 0) yield this.#take();
  }

  #take(): Cut {
    // A copy of its own, so that it can be given away to a thread.
    const bytes = Buffer.from(new Uint8Array(Buffer.concat(this.#parts)).buffer);
    const cut = { format: this.#format, bytes, values: null, tooLong: this.#tooLong };
    this.#parts = [];
    this.#size = 0;
    this.#tooLong = 0;
    return cut;
  }
}

/** Objects that stand one after another or in a list, over any number of lines. */
class ValueCutter {
  #held: Buffer = Buffer.alloc(0);
  #at = 0;
  #depth = 0;
  #inText = false;
  #start = 0;
  #startLine = 0;
  #line = 0;
  #values: number[] = [];
  #tooLong = 0;
  #skipping = false;

  *add(part: Buffer): Generator<Cut> {
    this.#held = this.#held.length === 0 ? part : Buffer.concat([this.#held, part]);
    const held = this.#held;
    for (; this.#at < held.length; this.#at++) {
      const unit = held[this.#at]!;
      if (unit === NEWLINE) this.#line++;
      if (this.#inText) {
        if (unit === 0x5c) {
          // What is escaped may come with the next part.
          if (this.#at + 1 >= held.length) break;
          this.#at++;
        } else if (unit === 0x22) this.#inText = false;
      } else if (this.#depth > 0 && unit === 0x22) this.#inText = true;
      else if (unit === 0x7b) {
        if (this.#depth++ === 0) [this.#start, this.#startLine] = [this.#at, this.#line];
      } else if (unit === 0x7d && this.#depth > 0 && --this.#depth === 0) {
        if (this.#skipping) this.#skipping = false;
        else this.#values.push(this.#start, this.#at + 1, this.#startLine);
      }
    }
    if (this.#depth > 0 && held.length - this.#start > LIMITS.eventBytes && !this.#skipping) {
      this.#skipping = true;
      this.#tooLong++;
    }
    if (held.length >= LIMITS.chunkBytes && (this.#values.length > 0 || this.#skipping || this.#depth === 0)) yield this.#take();
  }

  *end(): Generator<Cut> {
    if (this.#depth > 0 && !this.#skipping) this.#tooLong++;
    this.#at = this.#held.length;
    this.#depth = 0;
    if (this.#held.length > 0 || this.#tooLong > 0) yield this.#take();
  }

  #take(): Cut {
    const upTo = this.#depth > 0 && !this.#skipping ? this.#start : this.#at;
    const bytes = Buffer.from(new Uint8Array(this.#held.subarray(0, upTo)).buffer);
    const cut: Cut = { format: 'stream', bytes, values: this.#values, tooLong: this.#tooLong };
    this.#held = Buffer.from(this.#held.subarray(upTo));
    this.#at -= upTo;
    const lines = this.#depth > 0 && !this.#skipping ? this.#startLine : this.#line;
    this.#line -= lines;
    this.#startLine = 0;
    this.#start = 0;
    this.#values = [];
    this.#tooLong = 0;
    return cut;
  }
}
