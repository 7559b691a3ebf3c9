import { TABLE_COLUMNS } from './columns.ts';

/**
 * Blocks of ClickHouse's Native format, as far as the table `events` needs it: column after column, so that the engine copies
 * where it would have to parse text (insert of a FortiGate row: 15 instead of 85 µs of processor time, bench/events-insert.ts).
 * `varuint columns, varuint rows`, then for each column `name, type, data`; numbers little endian, a text as varuint length
 * and UTF-8. A LowCardinality column is a version, a kind of index, its dictionary and one index a row.
 * Sources: https://clickhouse.com/docs/interfaces/formats/Native and SerializationLowCardinality.cpp of ClickHouse.
 */

const LOW_VERSION = 1;
/** The block brings its own dictionary: HasAdditionalKeys and NeedUpdateDictionary. */
const LOW_OWN_KEYS = 0x600;
/** Texts up to here are ASCII more often than not, and a loop is faster than a call into the engine. */
const SHORT = 48;
const START_BYTES = 4096;

const sizeOfLength = (n: number): number => (n < 0x80 ? 1 : n < 0x4000 ? 2 : n < 0x20_0000 ? 3 : 4);

function writeLength(bytes: Uint8Array, at: number, n: number): number {
  while (n >= 0x80) {
    bytes[at++] = (n & 0x7f) | 0x80;
    n >>>= 7;
  }
  bytes[at++] = n;
  return at;
}

/** Bytes that grow, zero where nothing was set. */
class Growing {
  bytes: Buffer = Buffer.alloc(START_BYTES);

  room(needed: number): void {
    if (needed <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, needed));
    this.bytes.copy(larger);
    this.bytes = larger;
  }

  /** Zero again up to `used`; a buffer above `most` is given back. */
  reset(used: number, most: number): void {
    if (this.bytes.length > most) this.bytes = Buffer.alloc(START_BYTES);
    else this.bytes.fill(0, 0, Math.min(used, this.bytes.length));
  }
}

/** Largest buffer a column keeps for the next block. */
const KEPT_BYTES = 24 * 1024 * 1024;

/** A column under construction. A row that sets nothing has the type's default: empty, 0, NULL. */
export interface Column {
  /** Bytes of the column with so many rows. */
  size(rows: number): number;
  /** Writes them; returns the end. */
  write(into: Buffer, at: number, rows: number): number;
  clear(rows: number): void;
}

/** Numbers and UUIDs: values of one width, set by row. */
export class FixedColumn implements Column {
  readonly #width: number;
  readonly #values = new Growing();
  /** One byte a row, 1 for NULL. */
  readonly #given: Growing | null;

  constructor(width: 1 | 2 | 8 | 16, nullable = false) {
    this.#width = width;
    this.#given = nullable ? new Growing() : null;
  }

  #place(row: number): Buffer {
    this.#values.room((row + 1) * this.#width);
    if (this.#given) {
      this.#given.room(row + 1);
      this.#given.bytes[row] = 1;
    }
    return this.#values.bytes;
  }

  /** A whole number within ±2^53; of the width's lowest bytes. */
  number(row: number, value: number): void {
    const bytes = this.#place(row);
    let at = row * this.#width;
    if (this.#width === 1) bytes[at] = value;
    else if (this.#width === 2) {
      bytes[at] = value;
      bytes[at + 1] = value >>> 8;
    } else {
      const high = Math.floor(value / 0x1_0000_0000);
      let half = value >>> 0;
      for (let i = 0; i < 4; i++, half >>>= 8) bytes[at++] = half;
      half = high >>> 0;
      for (let i = 0; i < 4; i++, half >>>= 8) bytes[at++] = half;
    }
  }

  /** Sixteen bytes, as `uuidBytes` gives them. */
  uuid(row: number, value: Uint8Array): void {
    this.#place(row).set(value, row * 16);
  }

  size(rows: number): number {
    return rows * (this.#width + (this.#given ? 1 : 0));
  }

  write(into: Buffer, at: number, rows: number): number {
    if (this.#given) {
      this.#given.room(rows);
      for (let row = 0; row < rows; row++) into[at++] = this.#given.bytes[row] ? 0 : 1;
    }
    this.#values.room(rows * this.#width);
    return at + this.#values.bytes.copy(into, at, 0, rows * this.#width);
  }

  clear(rows: number): void {
    this.#values.reset(rows * this.#width, KEPT_BYTES);
    this.#given?.reset(rows, KEPT_BYTES);
  }
}

/** Texts one after another; rows between two that set a text have the empty one. */
export class TextColumn implements Column {
  readonly #texts = new Growing();
  #at = 0;
  /** Rows written so far, empty ones included. */
  rows = 0;

  #upTo(row: number): void {
    const empty = row - this.rows;
    this.#texts.room(this.#at + empty);
    if (empty > 0) this.#texts.bytes.fill(0, this.#at, (this.#at += empty));
    this.rows = row;
  }

  /** Lone surrogates, which have no UTF-8 form, become U+FFFD. Rows come in order. */
  text(row: number, value: string): void {
    this.#upTo(row);
    this.rows++;
    const units = value.length;
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#texts.room(this.#at + 4 + units * 3);
    const { bytes } = this.#texts;
    let at = this.#at;
    if (units <= SHORT) {
      bytes[at++] = units;
      let i = 0;
      for (; i < units; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 0x7f) break;
        bytes[at++] = unit;
      }
      if (i === units) {
        this.#at = at;
        return;
      }
      at = this.#at;
    }
    // Written behind the room its length will need if all is ASCII, and moved in the rare case that it is not.
    const guess = sizeOfLength(units);
    const size = bytes.write(value, at + guess, 'utf8');
    const needed = sizeOfLength(size);
    if (needed !== guess) bytes.copyWithin(at + needed, at + guess, at + guess + size);
    this.#at = writeLength(bytes, at, size) + size;
  }

  /** Valid UTF-8 of less than 2^28 bytes, taken as it is. */
  utf8(row: number, value: Uint8Array): void {
    this.#upTo(row);
    this.rows++;
    this.#texts.room(this.#at + 4 + value.length);
    const at = writeLength(this.#texts.bytes, this.#at, value.length);
    this.#texts.bytes.set(value, at);
    this.#at = at + value.length;
  }

  size(rows: number): number {
    return this.#at + rows - this.rows;
  }

  write(into: Buffer, at: number, rows: number): number {
    at += this.#texts.bytes.copy(into, at, 0, this.#at);
    into.fill(0, at, (at += rows - this.rows));
    return at;
  }

  clear(): void {
    // Empty texts are written too, so old bytes may stay.
    this.#texts.reset(0, KEPT_BYTES);
    this.#at = this.rows = 0;
  }
}

/** Texts that come again and again: each stands once in the block's dictionary. */
export class LowColumn implements Column {
  readonly #numbers = new Map<string, number>();
  readonly #keys = new TextColumn();
  #indexes = new Uint32Array(START_BYTES / 4);

  constructor() {
    this.clear(0);
  }

  text(row: number, value: string): void {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(value, number);
      this.#keys.text(number, value);
    }
    if (row >= this.#indexes.length) {
      const larger = new Uint32Array(Math.max(this.#indexes.length * 2, row + 1));
      larger.set(this.#indexes);
      this.#indexes = larger;
    }
    this.#indexes[row] = number;
  }

  #width(): 1 | 2 | 4 {
    return this.#keys.rows <= 0x100 ? 1 : this.#keys.rows <= 0x1_0000 ? 2 : 4;
  }

  /** Of no rows, as in maps that are all empty, not even the dictionary is written. */
  size(rows: number): number {
    return rows === 0 ? 0 : 8 * 3 + this.#keys.size(this.#keys.rows) + rows * this.#width();
  }

  /** The version stands before everything else of the column it is part of. */
  static prefix(into: Buffer, at: number): number {
    return into.writeBigUInt64LE(BigInt(LOW_VERSION), at);
  }

  write(into: Buffer, at: number, rows: number): number {
    if (rows === 0) return at;
    const width = this.#width();
    at = into.writeBigUInt64LE(BigInt(LOW_OWN_KEYS | (width >>> 1)), at);
    at = into.writeBigUInt64LE(BigInt(this.#keys.rows), at);
    at = this.#keys.write(into, at, this.#keys.rows);
    at = into.writeBigUInt64LE(BigInt(rows), at);
    const indexes = this.#indexes;
    for (let row = 0; row < rows; row++) {
      const index = row < indexes.length ? indexes[row]! : 0;
      into[at++] = index;
      if (width > 1) into[at++] = index >>> 8;
      if (width > 2) {
        into[at++] = index >>> 16;
        into[at++] = index >>> 24;
      }
    }
    return at;
  }

  clear(rows: number): void {
    this.#numbers.clear();
    this.#keys.clear();
    // The first key is the default of rows that set nothing.
    this.#numbers.set('', 0);
    this.#keys.text(0, '');
    if (this.#indexes.byteLength > KEPT_BYTES) this.#indexes = new Uint32Array(START_BYTES / 4);
    else this.#indexes.fill(0, 0, rows);
  }
}

/** Map(LowCardinality(String), String): names and values of any number a row. */
export class MapColumn implements Column {
  readonly #ends = new FixedColumn(8);
  readonly #names = new LowColumn();
  readonly #values = new TextColumn();

  /** Adds an entry to the row at hand. */
  entry(name: string, value: string): void {
    this.#names.text(this.#values.rows, name);
    this.#values.text(this.#values.rows, value);
  }

  /** Ends a row; every row must be ended. */
  end(row: number): void {
    this.#ends.number(row, this.#values.rows);
  }

  size(rows: number): number {
    const entries = this.#values.rows;
    return this.#ends.size(rows) + this.#names.size(entries) + this.#values.size(entries);
  }

  write(into: Buffer, at: number, rows: number): number {
    const entries = this.#values.rows;
    at = this.#ends.write(into, at, rows);
    at = this.#names.write(into, at, entries);
    return this.#values.write(into, at, entries);
  }

  clear(rows: number): void {
    this.#names.clear(this.#values.rows);
    this.#values.clear();
    this.#ends.clear(rows);
  }
}

const UUID_PLACES = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8];

/** The sixteen bytes of a UUID as the engine keeps them: two halves, each turned round. */
export function turnUuid(bytes: Uint8Array, into: Uint8Array): void {
  for (let i = 0; i < 16; i++) into[UUID_PLACES[i]!] = bytes[i]!;
}

/** A canonical UUID as the engine keeps it: two halves, each turned round. Null when it is none. */
export function uuidBytes(text: string): Uint8Array | null {
  if (text.length !== 36) return null;
  const bytes = new Uint8Array(16);
  let at = 0;
  for (let i = 0; i < 36; ) {
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (text.charCodeAt(i++) !== 0x2d) return null;
      continue;
    }
    const high = hexDigit(text.charCodeAt(i++));
    const low = hexDigit(text.charCodeAt(i++));
    if (high < 0 || low < 0) return null;
    bytes[UUID_PLACES[at++]!] = (high << 4) | low;
  }
  return bytes;
}

const hexDigit = (c: number): number => (c >= 0x30 && c <= 0x39 ? c - 0x30 : c >= 0x61 && c <= 0x66 ? c - 0x57 : c >= 0x41 && c <= 0x46 ? c - 0x37 : -1);

const ascii = (text: string): Buffer => Buffer.concat([writtenLength(text.length), Buffer.from(text, 'latin1')]);
const writtenLength = (n: number): Buffer => Buffer.from(Array.from({ length: sizeOfLength(n) }, (_, i) => (n >>> (7 * i)) & 0x7f | (i + 1 < sizeOfLength(n) ? 0x80 : 0)));

/** Name and type of every column, as each block repeats them, with the versions of the dictionaries in it. */
const HEADS: ReadonlyMap<string, Buffer> = new Map(
  [...TABLE_COLUMNS].map(([name, type]) => {
    const prefix = Buffer.alloc(type.includes('LowCardinality') ? 8 : 0);
    if (prefix.length > 0) LowColumn.prefix(prefix, 0);
    return [name, Buffer.concat([ascii(name), ascii(type), prefix])];
  }),
);

/** Memory for a block is made a little larger than needed, so that the next one of about its size fits too. */
const ROUND = 2 * 1024 * 1024;

/** All columns of the table as one block that other threads may read, in `memory` if it is large enough; no bytes when there are no rows. */
export function writeBlock(columns: ReadonlyMap<string, Column>, rows: number, memory?: SharedArrayBuffer): Uint8Array<SharedArrayBuffer> {
  if (rows === 0) return new Uint8Array(new SharedArrayBuffer(0));
  const head = Buffer.concat([writtenLength(columns.size), writtenLength(rows)]);
  let size = head.length;
  for (const [name, column] of columns) size += HEADS.get(name)!.length + column.size(rows);
  const block = Buffer.from(memory && memory.byteLength >= size ? memory : new SharedArrayBuffer(size < ROUND ? size : Math.ceil(size / ROUND + 0.5) * ROUND), 0, size);
  let at = head.copy(block);
  for (const [name, column] of columns) {
    at += HEADS.get(name)!.copy(block, at);
    at = column.write(block, at, rows);
  }
  if (at !== size) throw new Error(`a block of ${size} bytes was written with ${at}`);
  return block;
}

/** Rows of a block; 0 of an empty one. @throws RangeError when it does not begin like a block. */
export function blockRows(block: Uint8Array): number {
  return block.length === 0 ? 0 : new Reader(block).head();
}

/** Walks a block of ours. */
class Reader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(block: Uint8Array) {
    this.#bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  }

  head(): number {
    const columns = this.length();
    if (columns !== TABLE_COLUMNS.size) throw new RangeError(`a block of ${columns} columns, not ${TABLE_COLUMNS.size}`);
    return this.length();
  }

  length(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`a length that does not end at byte ${this.at}`);
  }

  take(bytes: number): Buffer {
    if (this.at + bytes > this.#bytes.length) throw new RangeError(`a block that ends before byte ${this.at + bytes}`);
    return this.#bytes.subarray(this.at, (this.at += bytes));
  }

  uint64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  texts(rows: number): Buffer {
    const from = this.at;
    for (let row = 0; row < rows; row++) {
      // The length first: it moves the place.
      const bytes = this.length();
      this.take(bytes);
    }
    return this.#bytes.subarray(from, this.at);
  }
}

/** Bytes of a value by type, null for those whose length varies. */
function widthOf(type: string): number | null {
  if (type === 'UUID') return 16;
  if (type === 'UInt64' || type.startsWith('DateTime64')) return 8;
  if (type === 'UInt16') return 2;
  return type === 'UInt8' || type.startsWith('Enum8') ? 1 : null;
}

const uint64 = (n: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
};

/** Rows `from` to `to` of a dictionary column behind its version, with the whole dictionary. */
function sliceLow(reader: Reader, rows: number, from: number, to: number): Buffer[] {
  if (rows === 0) return [];
  const kind = reader.uint64();
  const width = 1 << (kind & 0xff);
  const keys = reader.uint64();
  const texts = reader.texts(keys);
  reader.uint64();
  const indexes = reader.take(rows * width);
  if (from === to) return [];
  return [uint64(kind), uint64(keys), texts, uint64(to - from), indexes.subarray(from * width, to * width)];
}

function sliceTexts(reader: Reader, rows: number, from: number, to: number): Buffer {
  reader.texts(from);
  const kept = reader.texts(to - from);
  reader.texts(rows - to);
  return kept;
}

/** Every column of a block with its rows `from` to `to`, in pieces of bytes. @throws RangeError when it is no block of the table. */
function* columnsOf(block: Uint8Array, from: number, to: number): Generator<[name: string, pieces: Buffer[]]> {
  const reader = new Reader(block);
  const rows = reader.head();
  for (const [name, type] of TABLE_COLUMNS) {
    const head = reader.take(HEADS.get(name)!.length);
    if (!head.equals(HEADS.get(name)!)) throw new RangeError(`where column ${name} should stand is another`);
    const pieces = [head];
    const plain = /^Nullable\((\w+)\)$/.exec(type)?.[1] ?? type;
    if (plain !== type) pieces.push(reader.take(rows).subarray(from, to));
    const width = widthOf(plain);
    if (width !== null) pieces.push(reader.take(rows * width).subarray(from * width, to * width));
    else if (type === 'String') pieces.push(sliceTexts(reader, rows, from, to));
    else if (type.startsWith('LowCardinality')) pieces.push(...sliceLow(reader, rows, from, to));
    else {
      const ends = Array.from({ length: rows }, () => reader.uint64());
      const [begin, end, all] = [ends[from - 1] ?? 0, ends[to - 1] ?? 0, ends.at(-1) ?? 0];
      for (let row = from; row < to; row++) pieces.push(uint64(ends[row]! - begin));
      pieces.push(...sliceLow(reader, all, begin, end), sliceTexts(reader, all, begin, end));
    }
    yield [name, pieces];
  }
}

/** Rows `from` to `to` of a block as a block. @throws RangeError when the bytes are no block of the table. */
export function sliceBlock(block: Uint8Array, from: number, to: number): Uint8Array {
  const pieces = [writtenLength(TABLE_COLUMNS.size), writtenLength(to - from)];
  for (const [, column] of columnsOf(block, from, to)) pieces.push(...column);
  return Buffer.concat(pieces);
}

/** The line that the first row of a block was made from. @throws RangeError when the bytes are no block of the table. */
export function rawOf(block: Uint8Array): string {
  for (const [name, pieces] of columnsOf(block, 0, 1)) {
    if (name !== 'raw') continue;
    const text = new Reader(pieces.at(-1)!);
    return text.take(text.length()).toString('utf8');
  }
  throw new RangeError('a block without lines');
}
