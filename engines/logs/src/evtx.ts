/**
 * Windows event log files (EVTX): every record becomes one line of JSON in the shape
 * `{"Event":{"System":{…},"EventData":{…}}}`, which the family `windows` reads like any other line.
 *
 * The format is not published; this follows the description of libyal/libevtx ("Windows XML Event Log (EVTX)", 2021) and
 * MS-EVEN6, section 2.2.12 (BinXml). Hostile files are bounded: a record may nest, name and say only so much; offsets that
 * lead out of the chunk, in circles or nowhere cost that record only. A record that cannot be read still becomes a line.
 */

/** Bytes of the header of a file. */
export const EVTX_HEADER = 4096;
/** Bytes of a chunk; records never cross its border. */
export const EVTX_CHUNK = 65_536;

const MAX_DEPTH = 24;
const MAX_NODES = 8_192;
const MAX_TEXT = 60_000;
/** For all records of a chunk together: many small ones may point at one large template. */
const MAX_CHUNK_NODES = 300_000;
const MAX_CHUNK_TEXT = 8_000_000;
const RECORDS_FROM = 512;
const RECORD_HEAD = 24;
/** Two asterisks. */
const MARK = 0x2a2a;
const LOST_SHOWN = 1_024;

export interface EvtxRecord {
  /** Number of the record in its log; 0 where it is not known. */
  readonly id: number;
  /** When it was written, epoch milliseconds; 0 where it is not known. */
  readonly time: number;
  /** One line of JSON. */
  readonly line: string;
  /** True where the record itself could not be read; the line then holds what its head says and its bytes in base64. */
  readonly broken: boolean;
}

/** True when bytes begin like an event log file. */
export function isEvtx(head: Uint8Array): boolean {
  return head.length >= 8 && ascii(head, 0, 8) === 'ElfFile\0';
}

/**
 * The records of one chunk (up to EVTX_CHUNK bytes). Nothing for the unused end of a file, which is zeros. What has no mark of a
 * chunk becomes a broken line, before the records that are still found in it; so does what stands between records. Never throws.
 */
export function readEvtxChunk(bytes: Uint8Array): EvtxRecord[] {
  const out: EvtxRecord[] = [];
  const chunk = bytes.subarray(0, EVTX_CHUNK);
  const marked = chunk.length >= 8 && ascii(chunk, 0, 8) === 'ElfChnk\0';
  if (!marked) {
    if (isZero(chunk, 0, chunk.length)) return out;
    out.push(lost(chunk, 0, chunk.length));
  }
  if (chunk.length < RECORDS_FROM) return out;
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const free = view.getUint32(48, true);
  const bounded = marked && free > RECORDS_FROM && free <= chunk.length;
  const end = bounded ? free : chunk.length;
  const left = { nodes: MAX_CHUNK_NODES, text: MAX_CHUNK_TEXT };
  let pos = RECORDS_FROM;
  // Where damage began that no line tells of yet; the rest of a record of a wrong size is told with it.
  let damage = -1;
  let told = !marked;
  while (pos + RECORD_HEAD + 4 <= end) {
    if (view.getUint32(pos, true) !== MARK) {
      if (damage < 0) damage = pos;
      // After a damaged record the next one is looked for by its mark; records begin at multiples of eight.
      pos = (pos + 8) & ~7;
      continue;
    }
    if (damage >= 0 && !told) out.push(lost(chunk, damage, pos));
    damage = -1;
    const size = view.getUint32(pos + 4, true);
    const whole = size >= RECORD_HEAD + 4 && size <= end - pos;
    if (whole) out.push(readRecord(chunk, view, pos, size, left));
    else out.push(broken(chunk, view, pos, RECORD_HEAD));
    told = !whole || !marked;
    pos = whole ? pos + size : (pos + 8) & ~7;
  }
  // Zeros behind the last record are room for more, unless the chunk says that its records reach further.
  if (damage >= 0 && !told && (bounded || !isZero(chunk, damage, end))) out.push(lost(chunk, damage, end));
  return out;
}

/** Bytes of which nothing is known, not even a number or a time. */
function lost(chunk: Uint8Array, from: number, to: number): EvtxRecord {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset + from, Math.min(to - from, LOST_SHOWN)).toString('base64');
  return { id: 0, time: 0, line: JSON.stringify({ Event: { System: { EventRecordID: 0 } }, Unreadable: bytes }), broken: true };
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}

interface Left {
  nodes: number;
  text: number;
}

function readRecord(chunk: Uint8Array, view: DataView, at: number, size: number, left: Left): EvtxRecord {
  try {
    const reader = new BinXml(chunk, view, left);
    const root = reader.fragment(at + RECORD_HEAD, at + size - 4);
    if (root === null) throw new RangeError('no element');
    return { ...headOf(view, at), line: JSON.stringify({ [root.name]: toJson(root) }), broken: false };
  } catch {
    return broken(chunk, view, at, Math.min(size, 4096));
  }
}

function headOf(view: DataView, at: number): { id: number; time: number } {
  const time = fileTime(view.getBigUint64(at + 16, true));
  return { id: Number(view.getBigUint64(at + 8, true) & 0x1fffffffffffffn), time: Number.isNaN(time) ? 0 : time };
}

/** What the head of a record says, and its first bytes. */
function broken(chunk: Uint8Array, view: DataView, at: number, size: number): EvtxRecord {
  const { id, time } = headOf(view, at);
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset + at, size).toString('base64');
  const line = JSON.stringify({ Event: { System: { EventRecordID: id, TimeCreated: { '#attributes': { SystemTime: new Date(time).toISOString() } } } }, Unreadable: bytes });
  return { id, time, line, broken: true };
}

interface Element {
  name: string;
  attributes: [string, Value][];
  /** Values and elements in their order. */
  children: (Value | Element)[];
}
type Value = string | number | boolean | null;

/** One substitution of a template: a type and a range of bytes in the chunk. */
interface Slot {
  type: number;
  from: number;
  size: number;
}

/** Reads binary XML inside one chunk. Every way out of bounds throws; the caller gives up this record. */
class BinXml {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #left: Left;
  #pos = 0;
  #nodes = 0;
  #text = 0;

  constructor(bytes: Uint8Array, view: DataView, left: Left) {
    this.#bytes = bytes;
    this.#view = view;
    this.#left = left;
  }

  /** The first element between two offsets. */
  fragment(from: number, to: number): Element | null {
    const holder: Element = { name: '', attributes: [], children: [] };
    this.#pos = from;
    this.#read(holder, to, null, 0, false);
    return holder.children.find((child): child is Element => typeof child === 'object' && child !== null) ?? null;
  }

  #spend(): void {
    if (++this.#nodes > MAX_NODES || --this.#left.nodes < 0) throw new RangeError('too many nodes');
  }

  /** Text is paid for before it is read and by its size there: what is trimmed away costs as much time as what stays. */
  #pay(units: number): void {
    this.#text += units;
    this.#left.text -= units;
    if (this.#text > MAX_TEXT || this.#left.text < 0) throw new RangeError('too much text');
  }

  #character(): string {
    this.#pay(1);
    return String.fromCharCode(this.#u16());
  }

  #u8(): number {
    return this.#view.getUint8(this.#pos++);
  }

  #u16(): number {
    const value = this.#view.getUint16(this.#pos, true);
    this.#pos += 2;
    return value;
  }

  #u32(): number {
    const value = this.#view.getUint32(this.#pos, true);
    this.#pos += 4;
    return value;
  }

  /** Reads tokens into `parent` up to `to`, the end of the element, or the end of the stream. */
  #read(parent: Element, to: number, slots: readonly Slot[] | null, depth: number, inner: boolean): void {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    while (this.#pos < to) {
      const token = this.#u8();
      this.#spend();
      switch (token & 0x0f) {
        case 0x00:
          return;
        case 0x01:
          parent.children.push(this.#element(token, to, slots, depth, inner));
          break;
        case 0x02:
          // The open tag ends and its content begins: same loop.
          break;
        case 0x03:
        case 0x04:
          return;
        case 0x05: {
          const value = this.#valueText();
          parent.children.push(value);
          break;
        }
        case 0x07:
          parent.children.push(this.#utf16(this.#u16() * 2));
          break;
        case 0x08:
          parent.children.push(this.#character());
          break;
        case 0x09:
          parent.children.push(ENTITIES[this.#name()] ?? '');
          break;
        case 0x0a:
          this.#name();
          break;
        case 0x0b:
          this.#utf16(this.#u16() * 2);
          break;
        case 0x0c:
          this.#template(parent, to, depth);
          break;
        case 0x0d:
        case 0x0e:
          this.#substitute(parent, slots, depth);
          break;
        case 0x0f:
          // Version and flags of a fragment.
          this.#pos += 3;
          break;
        default:
          throw new RangeError('unknown token');
      }
    }
  }

  #element(token: number, to: number, slots: readonly Slot[] | null, depth: number, inner: boolean): Element {
    // Binary XML inside a value has no dependency number.
    if (!inner) this.#pos += 2;
    const size = this.#u32();
    const end = Math.min(to, this.#pos + size);
    const element: Element = { name: this.#name(), attributes: [], children: [] };
    if ((token & 0x40) !== 0) {
      const stop = this.#u32() + this.#pos;
      if (stop > end) throw new RangeError('attributes out of bounds');
      while (this.#pos < stop) {
        if ((this.#u8() & 0x0f) !== 0x06) throw new RangeError('not an attribute');
        this.#spend();
        const name = this.#name();
        const holder: Element = { name, attributes: [], children: [] };
        this.#attributeValue(holder, stop, slots, depth);
        element.attributes.push([name, valueOf(holder.children)]);
      }
    }
    const next = this.#u8() & 0x0f;
    if (next === 0x03) return element;
    if (next !== 0x02) throw new RangeError('open tag without end');
    this.#read(element, end, slots, depth + 1, inner);
    return element;
  }

  /** The tokens of one attribute: they end where the next attribute or the end of the list begins. */
  #attributeValue(holder: Element, stop: number, slots: readonly Slot[] | null, depth: number): void {
    while (this.#pos < stop) {
      const token = this.#view.getUint8(this.#pos) & 0x0f;
      if (token === 0x05) {
        this.#pos++;
        holder.children.push(this.#valueText());
      } else if (token === 0x0d || token === 0x0e) {
        this.#pos++;
        this.#substitute(holder, slots, depth);
      } else if (token === 0x08) {
        this.#pos++;
        holder.children.push(this.#character());
      } else if (token === 0x09) {
        this.#pos++;
        holder.children.push(ENTITIES[this.#name()] ?? '');
      } else return;
      this.#spend();
    }
  }

  #valueText(): Value {
    const type = this.#u8();
    if (type !== 0x01) throw new RangeError('text of a type that is none');
    return this.#utf16(this.#u16() * 2);
  }

  #utf16(size: number): string {
    if (this.#pos + size > this.#bytes.length) throw new RangeError('text out of bounds');
    this.#pay(size >> 1);
    const text = utf16(this.#bytes, this.#pos, size);
    this.#pos += size;
    return text;
  }

  /** A name stands where its offset points; where that is here, it is passed over. */
  #name(): string {
    const offset = this.#u32();
    const here = this.#pos;
    const length = this.#view.getUint16(offset + 6, true);
    if (length > 512 || offset + 8 + length * 2 > this.#bytes.length) throw new RangeError('name out of bounds');
    this.#pay(length);
    const name = utf16(this.#bytes, offset + 8, length * 2);
    if (offset === here) this.#pos = offset + 8 + length * 2 + 2;
    return name;
  }

  /** An instance: where its definition is, and the values that go into it. */
  #template(parent: Element, to: number, depth: number): void {
    this.#pos += 5;
    const offset = this.#u32();
    const here = this.#pos;
    const size = this.#view.getUint32(offset + 20, true);
    const body = offset + 24;
    if (size > this.#bytes.length || body + size > this.#bytes.length) throw new RangeError('template out of bounds');
    this.#pos = offset === here ? body + size : here;
    const count = this.#u32();
    if (count > 2048) throw new RangeError('too many values');
    const slots: Slot[] = [];
    for (let i = 0; i < count; i++) {
      this.#spend();
      const length = this.#u16();
      const type = this.#u8();
      this.#pos++;
      slots.push({ type, from: 0, size: length });
    }
    for (const slot of slots) {
      slot.from = this.#pos;
      this.#pos += slot.size;
    }
    if (this.#pos > to) throw new RangeError('values out of bounds');
    const after = this.#pos;
    this.#pos = body;
    this.#read(parent, body + size, slots, depth + 1, false);
    this.#pos = after;
  }

  #substitute(parent: Element, slots: readonly Slot[] | null, depth: number): void {
    const slot = slots?.[this.#u16()];
    this.#pos++;
    if (slot === undefined || slot.type === 0x00 || slot.size === 0) return void parent.children.push(null);
    if (slot.type === 0x21) {
      if (depth > MAX_DEPTH) throw new RangeError('too deep');
      const after = this.#pos;
      this.#pos = slot.from;
      this.#read(parent, slot.from + slot.size, null, depth + 1, true);
      this.#pos = after;
      return;
    }
    const value = this.#value(slot);
    if (Array.isArray(value)) parent.children.push(...value);
    else parent.children.push(value);
  }

  #value({ type, from, size }: Slot): Value | Value[] {
    const view = this.#view;
    if (from + size > this.#bytes.length) throw new RangeError('value out of bounds');
    switch (type) {
      case 0x01:
        this.#pay(size >> 1);
        return trimEnd(utf16(this.#bytes, from, size & ~1));
      case 0x02:
        this.#pay(size);
        return trimEnd(Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, size).toString('latin1'));
      case 0x03:
        return view.getInt8(from);
      case 0x04:
        return view.getUint8(from);
      case 0x05:
        return size < 2 ? null : view.getInt16(from, true);
      case 0x06:
        return size < 2 ? null : view.getUint16(from, true);
      case 0x07:
        return size < 4 ? null : view.getInt32(from, true);
      case 0x08:
        return size < 4 ? null : view.getUint32(from, true);
      case 0x09:
        return size < 8 ? null : whole(view.getBigInt64(from, true));
      case 0x0a:
        return size < 8 ? null : whole(view.getBigUint64(from, true));
      case 0x0b:
        return size < 4 ? null : finite(view.getFloat32(from, true));
      case 0x0c:
        return size < 8 ? null : finite(view.getFloat64(from, true));
      case 0x0d:
        return view.getUint8(from) !== 0;
      case 0x0f:
        return size < 16 ? null : guid(view, from);
      case 0x10:
        return size >= 8 ? `0x${view.getBigUint64(from, true).toString(16)}` : size >= 4 ? `0x${view.getUint32(from, true).toString(16)}` : null;
      case 0x11:
        return size < 8 ? null : isoTime(view.getBigUint64(from, true));
      case 0x12:
        return size < 16 ? null : systemTime(view, from);
      case 0x13:
        return sid(view, from, size);
      case 0x14:
        return size < 4 ? null : `0x${view.getUint32(from, true).toString(16)}`;
      case 0x15:
        return size < 8 ? null : `0x${view.getBigUint64(from, true).toString(16)}`;
      case 0x81:
        this.#pay(size >> 1);
        return trimEnd(utf16(this.#bytes, from, size & ~1)).split('\0');
      default:
        if ((type & 0x80) !== 0 && WIDTHS[type & 0x7f] !== undefined) return this.#list(type & 0x7f, from, size);
        this.#pay(size * 2);
        return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, size).toString('hex').toUpperCase();
    }
  }

  #list(type: number, from: number, size: number): Value[] {
    const width = WIDTHS[type] as number;
    const out: Value[] = [];
    for (let at = from; at + width <= from + size && out.length < 256; at += width) {
      this.#spend();
      const value = this.#value({ type, from: at, size: width });
      out.push(Array.isArray(value) ? null : value);
    }
    return out;
  }
}

const ENTITIES: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });
/** Bytes of one value of the types that occur in lists. */
const WIDTHS: Readonly<Record<number, number>> = { 3: 1, 4: 1, 5: 2, 6: 2, 7: 4, 8: 4, 9: 8, 10: 8, 11: 4, 12: 8, 13: 4, 15: 16, 17: 8, 20: 4, 21: 8 };

function valueOf(children: readonly (Value | Element)[]): Value {
  const values = children.filter((child): child is Value => typeof child !== 'object' || child === null);
  if (values.length === 1) return values[0] as Value;
  return values.length === 0 ? null : values.map((value) => value ?? '').join('');
}

/**
 * `EventData` becomes its named values; other elements their text, or their members under their names, with attributes under
 * `#attributes`. Where a name comes twice, the first stays plain and further ones join it in a list.
 */
function toJson(element: Element): unknown {
  const inner = element.children.filter((child): child is Element => typeof child === 'object' && child !== null);
  const text = valueOf(element.children);
  const attributes = element.attributes.filter(([, value]) => value !== null);
  if (inner.length === 0 && attributes.length === 0) {
    const values = element.children.filter((child): child is Value => typeof child !== 'object');
    return values.length > 1 && element.name === 'Data' ? values : text;
  }
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (attributes.length > 0) out['#attributes'] = Object.fromEntries(attributes);
  if (inner.length === 0) {
    if (text !== null) out['#text'] = text;
    return out;
  }
  for (const child of inner) {
    const named = child.name === 'Data' ? child.attributes.find(([name]) => name === 'Name')?.[1] : undefined;
    const key = typeof named === 'string' && named !== '' ? named : child.name;
    const value = typeof named === 'string' && named !== '' ? valueOf(child.children) : toJson(child);
    const before = out[key];
    out[key] = before === undefined ? value : Array.isArray(before) ? [...before.slice(0, 255), value] : [before, value];
  }
  return out;
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

/** UTF-16 little-endian, character by character: odd offsets are usual here. */
function utf16(bytes: Uint8Array, from: number, size: number): string {
  let text = '';
  const to = Math.min(from + size, bytes.length - 1);
  for (let at = from; at < to; ) {
    const codes: number[] = [];
    for (; at < to && codes.length < 4096; at += 2) codes.push((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
    text += String.fromCharCode(...codes);
  }
  return text;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function whole(value: bigint): number | string {
  return value <= 9_007_199_254_740_991n && value >= -9_007_199_254_740_991n ? Number(value) : value.toString();
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** 100 nanoseconds since 1601 as epoch milliseconds; NaN outside what a date can be. */
function fileTime(value: bigint): number {
  const ms = Number(value / 10_000n) - 11_644_473_600_000;
  return ms > -8.64e15 && ms < 4e12 ? ms : NaN;
}

function isoTime(value: bigint): string | null {
  const ms = fileTime(value);
  if (Number.isNaN(ms)) return null;
  const micros = Number((value / 10n) % 1_000n);
  return new Date(ms).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

function systemTime(view: DataView, at: number): string | null {
  const part = (i: number): number => view.getUint16(at + i * 2, true);
  const ms = Date.UTC(part(0), part(1) - 1, part(3), part(4), part(5), part(6), part(7));
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function guid(view: DataView, at: number): string {
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
  let tail = '';
  for (let i = 8; i < 16; i++) tail += (i === 10 ? '-' : '') + hex(view.getUint8(at + i), 2);
  return `${hex(view.getUint32(at, true), 8)}-${hex(view.getUint16(at + 4, true), 4)}-${hex(view.getUint16(at + 6, true), 4)}-${tail}`.toUpperCase();
}

function sid(view: DataView, at: number, size: number): string | null {
  if (size < 8) return null;
  const parts = view.getUint8(at + 1);
  if (parts > 15 || 8 + parts * 4 > size) return null;
  const authority = view.getUint16(at + 2, false) * 2 ** 32 + view.getUint32(at + 4, false);
  let text = `S-${view.getUint8(at)}-${authority}`;
  for (let i = 0; i < parts; i++) text += `-${view.getUint32(at + 8 + i * 4, true)}`;
  return text;
}
