import { EVTX_CHUNK, EVTX_HEADER, isEvtx, readEvtxChunk, type EvtxRecord } from '@banya/logs';
import { readCsv, TableError } from '@banya/xlsx';
import { ArchiveError, Bytes } from './archives.ts';
import type { Format } from './messages.ts';

/** What a file holds: lines, or one of the forms whose records are no lines. */
export type Kind = Format | 'xml' | 'csv' | 'evtx' | 'binary';

/** One record of a file that is not made of lines. */
export interface Piece {
  readonly bytes: Buffer;
  /** Where it begins, from 0. */
  readonly line: number;
  /** Its end is missing: it is too long, or the file ends. */
  readonly cut: boolean;
}

/** Takes the parts of a file in their order and gives the records that have ended. */
export interface Cutter {
  add(part: Buffer): Generator<Piece>;
  end(): Generator<Piece>;
}

/** The first bytes tell the kind. */
const SNIFFED = 64 * 1024;
const HEAD = 8;
const NEWLINE = 0x0a;

export interface Opened {
  readonly kind: Kind;
  /** Text in UTF-8 without a mark; the bytes as they are where it is no text. */
  readonly parts: AsyncIterable<Buffer>;
}

/**
 * Looks at the first bytes, as few as are needed: lines of a slow pipe do not wait for more than the first of them.
 * @param sure of the kind where somebody has said it
 */
export async function opened(given: AsyncIterable<Buffer>, sure: Format | null = null): Promise<Opened> {
  const bytes = await withHead(given, (head) => head.length >= HEAD);
  if (isEvtx(bytes.head)) return { kind: 'evtx', parts: bytes.parts };
  const text = await withHead(inUtf8(bytes.head, bytes.parts), (head) => sure !== null || kindOf(head, false) !== undefined);
  return { kind: sure ?? kindOf(text.head, true)!, parts: text.parts };
}

interface Headed {
  readonly head: Buffer;
  /** All bytes, the head among them. */
  readonly parts: AsyncIterable<Buffer>;
}

/** Gathers a beginning that is enough, or all there is. What breaks the stream is thrown where it is read, behind what came before it. */
export async function withHead(given: AsyncIterable<Buffer>, enough: (head: Buffer) => boolean): Promise<Headed> {
  const iterator = given[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let failed: { readonly error: unknown } | null = null;
  let ended = false;
  while (!ended && (head.length === 0 || !enough(head))) {
    try {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    } catch (error) {
      failed = { error };
      ended = true;
    }
  }
  const rest = async function* (): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      if (failed !== null) throw failed.error;
      if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  };
  return { head, parts: rest() };
}

/** Text in UTF-8, without its mark. Windows exports are often UTF-16. */
async function* inUtf8(head: Buffer, parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const [a, b, c] = head;
  const name = utf16Of(head);
  if (name !== null) {
    const decoder = new TextDecoder(name);
    for await (const part of parts) {
      const text = decoder.decode(part, { stream: true });
      if (text !== '') yield Buffer.from(text, 'utf8');
    }
    return;
  }
  let skip = a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
  for await (const part of parts) {
    yield skip > 0 ? part.subarray(skip) : part;
    skip = 0;
  }
}

/** UTF-16 by its mark, or by the zeros that stand in every second byte of its ASCII where all of it makes sense as text. */
function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, 1024 & ~1);
  const zeros = [0, 0];
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) zeros[at & 1]!++;
  const name = zeros[1]! > zeros[0]! ? 'utf-16le' : 'utf-16be';
  // An odd end, or half of a pair, is left to what follows.
  if (Math.max(zeros[0]!, zeros[1]!) < sample.length / 16 || Math.min(zeros[0]!, zeros[1]!) > 0 || sample.length < 8) return null;
  try {
    return /[\u0000-\u0008\u000e-\u001f\u007f\ufffe\uffff]/.test(new TextDecoder(name, { fatal: true }).decode(sample, { stream: true })) ? null : name;
  } catch {
    return null;
  }
}

const WRAPPER = /^\{\s{0,64}(?:"@[^"]{1,64}"\s{0,64}:\s{0,64}(?:"[^"]{0,4096}"|\d{1,16})\s{0,64},\s{0,64}){0,8}"(?:value|[Rr]ecords)"\s{0,64}:\s{0,64}\[/;
const XML = /^(?:<\?xml[^>]{0,200}\?>)?\s{0,64}<Events?[\s>]/;

/** What a beginning of text holds; undefined where more of it is needed. */
export function kindOf(head: Buffer, isAll: boolean): Kind | undefined {
  if (head.subarray(0, 1024).includes(0)) return 'binary';
  const words = head.toString('latin1', 0, SNIFFED).trimStart();
  const more = !isAll && head.length < SNIFFED;
  if (more && words.length < HEAD) return undefined;
  const end = words.indexOf('\n');
  if (words.startsWith('<Event') || words.startsWith('<?xml')) {
    if (XML.test(words)) return 'xml';
    return more && words.length < 512 ? undefined : 'lines';
  }
  if (words.startsWith('[')) return /^\[\s*[{\]]/.test(words) ? 'stream' : more && /^\[\s*$/.test(words) ? undefined : 'lines';
  if (!words.startsWith('{')) {
    if (end < 0 && more) return undefined;
    return /(?:^|,)\s?"?AuditData"?\s?(?:,|\r?$)/.test((end < 0 ? words : words.slice(0, end)).slice(0, 4096)) ? 'csv' : 'lines';
  }
  if (WRAPPER.test(words)) return 'stream';
  if (end < 0) return more ? undefined : head.length < SNIFFED ? 'stream' : 'json';
  try {
    JSON.parse(words.slice(0, end));
    return 'json';
  } catch {
    if (more) return undefined;
    // A broken first line among whole ones, or the beginning of a value over several lines.
    return /^\{\s*$/.test(words.slice(0, end)) || !/\n\{.*\}\r?\n/.test(words) ? 'stream' : 'json';
  }
}

/** @param longest a record may be before its rest is dropped */
export function cutterOf(kind: 'stream' | 'xml' | 'csv', longest: number): Cutter {
  return kind === 'stream' ? new ValueCutter(longest) : kind === 'xml' ? new XmlCutter(longest) : new AuditCutter(longest);
}

/** Bytes that have come and are not yet cut, with the line at which they begin. */
class Held {
  bytes: Buffer = Buffer.alloc(0);
  line = 0;

  add(part: Buffer): void {
    this.bytes = this.bytes.length === 0 ? part : Buffer.concat([this.bytes, part]);
  }

  drop(count: number): void {
    this.line += newlines(this.bytes, 0, count);
    this.bytes = this.bytes.subarray(count);
  }
}

export function newlines(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/**
 * Objects that stand one after another, in a list, or in the list of a page of answers (`{"@odata.context":…,"value":[…]}`),
 * over any number of lines. Other text between them is given line by line.
 */
class ValueCutter implements Cutter {
  readonly #held = new Held();
  readonly #longest: number;
  #at = 0;
  #depth = 0;
  #inText = false;
  /** Depth at which records begin: 1 inside a page. */
  #base = 0;
  #inRecord = false;
  #start = 0;
  /** Inside a list: of the whole file, or of the page. */
  #inList = false;
  #mayBePage = false;
  #skipping = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  *add(part: Buffer): Generator<Piece> {
    const held = this.#held;
    held.add(part);
    const { bytes } = held;
    let { line } = held;
    let counted = 0;
    const piece = (from: number, to: number, cut: boolean): Piece => {
      line += newlines(bytes, counted, from);
      counted = from;
      return { bytes: bytes.subarray(from, to), line, cut };
    };
    let at = this.#at;
    for (; at < bytes.length; at++) {
      const unit = bytes[at]!;
      if (this.#inText) {
        if (unit === 0x5c) {
          // What is escaped may come with the next part.
          if (at + 1 >= bytes.length) break;
          at++;
        } else if (unit === 0x22) this.#inText = false;
      } else if (unit === 0x22 && this.#depth > 0) this.#inText = true;
      else if (unit === 0x7b) {
        if (this.#depth++ === this.#base && (this.#base === 0 || this.#inList)) {
          this.#start = at;
          this.#inRecord = true;
          this.#mayBePage = this.#base === 0 && !this.#inList;
        }
      } else if (unit === 0x7d && this.#depth > 0) {
        this.#depth--;
        if (this.#depth === this.#base && this.#inRecord) {
          if (!this.#skipping) yield piece(this.#start, at + 1, false);
          this.#skipping = this.#inRecord = false;
        } else if (this.#depth === 0) {
          this.#base = 0;
          this.#inList = false;
        }
      } else if (this.#depth === 1 && unit === 0x5b && this.#mayBePage) {
        this.#mayBePage = false;
        if (at - this.#start < 16_384 && WRAPPER.exec(bytes.toString('latin1', this.#start, at + 1))?.[0].length === at + 1 - this.#start) {
          this.#base = 1;
          this.#inList = true;
          this.#inRecord = false;
        }
      } else if (this.#depth === this.#base && unit === 0x5d) this.#inList = false;
      else if (this.#depth === 0) {
        if (unit === 0x5b) this.#inList = true;
        else if (unit > 0x20 && unit !== 0x2c) {
          // No JSON object begins here: a line of something else.
          const end = bytes.indexOf(NEWLINE, at);
          if (end < 0 && bytes.length - at <= this.#longest) break;
          const to = end < 0 ? bytes.length : end;
          yield piece(at, Math.min(to, at + this.#longest), end < 0);
          at = to - 1;
        }
      }
    }
    if (this.#inRecord && !this.#skipping && at - this.#start > this.#longest) {
      yield piece(this.#start, this.#start + this.#longest, true);
      this.#skipping = true;
    }
    // Of a record under way all is kept, of the rest nothing.
    const done = this.#inRecord && !this.#skipping ? this.#start : Math.min(at, bytes.length);
    held.drop(done);
    this.#at = at - done;
    this.#start -= done;
  }

  *end(): Generator<Piece> {
    const { bytes, line } = this.#held;
    if (!this.#skipping && !blank(bytes)) yield { bytes, line, cut: this.#inRecord };
  }
}

function blank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x20) return false;
  return true;
}

const CLOSING = Buffer.from('</Event>');

/** `<Event …>…</Event>` one after another, on any number of lines, with or without `<Events>` around them. */
class XmlCutter implements Cutter {
  readonly #held = new Held();
  readonly #longest: number;
  #skipping = false;
  /** Looked through for the end of the record. */
  #seen = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  *add(part: Buffer): Generator<Piece> {
    const held = this.#held;
    held.add(part);
    for (;;) {
      if (this.#skipping) {
        const end = held.bytes.indexOf(CLOSING);
        if (end < 0) {
          held.drop(Math.max(0, held.bytes.length - CLOSING.length));
          return;
        }
        held.drop(end + CLOSING.length);
        this.#skipping = false;
      }
      yield* this.#between();
      if (!isEventAt(held.bytes, 0)) return;
      const end = held.bytes.indexOf(CLOSING, this.#seen);
      if (end < 0) {
        this.#seen = Math.max(0, held.bytes.length - CLOSING.length);
        if (held.bytes.length <= this.#longest) return;
        yield { bytes: held.bytes.subarray(0, this.#longest), line: held.line, cut: true };
        this.#skipping = true;
      } else {
        yield { bytes: held.bytes.subarray(0, end + CLOSING.length), line: held.line, cut: false };
        held.drop(end + CLOSING.length);
      }
      this.#seen = 0;
    }
  }

  /** Passes over tags and blanks up to the next record; other text is given line by line. */
  *#between(): Generator<Piece> {
    const held = this.#held;
    for (;;) {
      let at = 0;
      while (at < held.bytes.length && held.bytes[at]! <= 0x20) at++;
      if (at > 0) held.drop(at);
      const { bytes } = held;
      if (bytes.length < 8 || isEventAt(bytes, 0)) return;
      const isTag = /^(?:<\?xml|<\/?Events[\s>]|<!--)/.test(bytes.toString('latin1', 0, 9));
      const ends = isTag ? bytes.indexOf(0x3e) : -1;
      if (isTag && ends >= 0 && ends < 4096) {
        held.drop(ends + 1);
        continue;
      }
      if (isTag && ends < 0 && bytes.length < 4096) return;
      const line = bytes.indexOf(NEWLINE);
      const next = nextEvent(bytes);
      const end = next >= 0 && (line < 0 || next < line) ? next : line;
      if (end < 0 && bytes.length <= this.#longest) return;
      const size = end < 0 ? bytes.length : end;
      yield { bytes: bytes.subarray(0, Math.min(size, this.#longest)), line: held.line, cut: end < 0 };
      held.drop(size);
    }
  }

  *end(): Generator<Piece> {
    const { bytes, line } = this.#held;
    if (!this.#skipping && !blank(bytes) && !/^<\/Events\s{0,64}>\s{0,64}$/.test(bytes.toString('latin1', 0, 200))) yield { bytes, line, cut: isEventAt(bytes, 0) };
  }
}

function isEventAt(bytes: Buffer, at: number): boolean {
  const next = bytes[at + 6];
  return next !== undefined && (next <= 0x20 || next === 0x3e) && bytes.toString('latin1', at, at + 6) === '<Event';
}

function nextEvent(bytes: Buffer): number {
  for (let at = bytes.indexOf('<Event'); at >= 0; at = bytes.indexOf('<Event', at + 1)) if (isEventAt(bytes, at)) return at;
  return -1;
}

/** The search result of the Purview audit log: a row's column AuditData holds the record as JSON. */
class AuditCutter implements Cutter {
  readonly #held = new Held();
  readonly #longest: number;
  #head: readonly string[] | null = null;
  #column = -1;
  /** Looked through, and the end of the last whole row in it. */
  #seen = 0;
  #whole = 0;
  #inQuotes = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  *add(part: Buffer): Generator<Piece> {
    const held = this.#held;
    held.add(part);
    for (; this.#seen < held.bytes.length; this.#seen++) {
      const unit = held.bytes[this.#seen];
      if (unit === 0x22) this.#inQuotes = !this.#inQuotes;
      else if (unit === NEWLINE && !this.#inQuotes) this.#whole = this.#seen + 1;
    }
    if (this.#whole > 0) yield* this.#rows(this.#whole);
    // A quote that never ends would hold all that follows.
    if (held.bytes.length > this.#longest) throw tableError(`the row at line ${held.line + 1} has no end within ${this.#longest >> 20} MB`, `${held.line + 1}行目が ${this.#longest >> 20} MB を超えても終わりません`);
  }

  *end(): Generator<Piece> {
    if (this.#held.bytes.length > 0) yield* this.#rows(this.#held.bytes.length);
  }

  *#rows(length: number): Generator<Piece> {
    const held = this.#held;
    const from = held.line;
    const bytes = held.bytes.subarray(0, length);
    held.drop(length);
    this.#seen -= length;
    this.#whole = 0;
    try {
      const limits = { maxBytes: Infinity, maxRows: Infinity, maxCells: Infinity, maxTextLength: this.#longest };
      for (const { line, cells } of readCsv(bytes, { separator: ',', limits }).rows()) {
        if (this.#head === null) {
          this.#head = cells.map((cell) => cell.trim());
          this.#column = this.#head.indexOf('AuditData');
          continue;
        }
        if (cells.length === 1 && cells[0] === '') continue;
        const data = cells[this.#column] ?? '';
        // A row without its record is told by its other columns.
        const text = data.startsWith('{') ? data : JSON.stringify(Object.fromEntries(this.#head.map((name, at) => [name, cells[at] ?? ''])));
        yield { bytes: Buffer.from(text), line: from + line - 1, cut: false };
      }
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      const line = from + Number(error.params['line'] ?? 1);
      throw tableError(`line ${line}: ${error.code}`, `${line}行目：${error.code}`);
    }
  }
}

const tableError = (en: string, ja: string): ArchiveError => new ArchiveError(`the CSV is broken: ${en}; what came before was read`, `CSV が壊れています（${ja}）。その前までは読みました`);

/** The records of a Windows event log, chunk by chunk; the last ones come before it is said that the file is cut. */
export async function* evtxRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<EvtxRecord[]> {
  const input = new Bytes(bytes);
  try {
    if ((await input.take(EVTX_HEADER)).length < EVTX_HEADER) throw new ArchiveError('it ends in its head', '先頭の部分の途中で切れています');
    for (;;) {
      const chunk = await input.take(EVTX_CHUNK);
      const records = readEvtxChunk(chunk);
      if (records.length > 0) yield records;
      if (chunk.length > 0 && chunk.length < EVTX_CHUNK) throw new ArchiveError('it ends in the middle of a chunk; what came before was read', 'チャンクの途中で切れています。その前までは読みました');
      if (chunk.length === 0) return;
    }
  } finally {
    await input.close();
  }
}

/** Where the event stands in the bytes of one JSON object: what Elasticsearch keeps under `_source`, or all of it. */
export function eventWithin(bytes: Uint8Array, start: number, end: number): readonly [from: number, to: number] {
  const all = [start, end] as const;
  let at = start;
  while (at < end && bytes[at]! <= 0x20) at++;
  // Its own names all begin with an underscore, and come first.
  if (bytes[at] !== 0x7b) return all;
  let key = at + 1;
  while (key < end && bytes[key]! <= 0x20) key++;
  if (bytes[key] !== 0x22 || bytes[key + 1] !== 0x5f) return all;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let depth = 0;
  let from = -1;
  let name = '';
  for (; at < end; at++) {
    const unit = buffer[at]!;
    if (unit === 0x22) {
      const text = at + 1;
      for (at++; at < end && buffer[at] !== 0x22; at++) if (buffer[at] === 0x5c) at++;
      if (depth === 1 && at - text <= 16) name = buffer.toString('latin1', text, at);
    } else if (unit === 0x7b) {
      if (depth++ === 1 && name === '_source') from = at;
    } else if (unit === 0x7d) {
      if (--depth === 1 && from >= 0) return [from, at + 1];
    } else if (unit === 0x2c && depth === 1) name = '';
  }
  return all;
}
