import type { EcsEvent } from '@banya/logs';
import { EVENT_COLUMNS } from './columns.ts';
import type { Retention } from './columns.ts';

/** One event on its way into the store. */
export interface EventRow {
  /** UUIDs in canonical text; made by us, never taken from a log line. */
  readonly eventId: string;
  readonly orgId: string;
  readonly sourceId: string;
  readonly deviceId: string | null;
  /** Arrival, epoch milliseconds. */
  readonly receivedAt: number;
  readonly retention: Retention;
  /** The line as received, decoded. */
  readonly raw: string;
  readonly event: EcsEvent;
  /** The vendor's keys that ECS has no name for. */
  readonly unmapped?: Readonly<Record<string, string>>;
}

/** Longest values kept, in UTF-16 units. Cut ones are named in `fields['banya.cut']`; the spool's retention holds the rest. */
export const CAPS = { raw: 65_536, column: 8_192, field: 8_192, fields: 256 } as const;

/** 1900-01-01 and 2299-12-31: what DateTime64 holds. */
const TIME_MIN = -2_208_988_800_000;
const TIME_MAX = 10_413_791_999_999;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A bounded memory of pieces of JSON that come again and again, as bytes: one copy writes what a loop would need many steps for. */
class Pieces {
  readonly #known = new Map<string, Uint8Array>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get(text: string): Uint8Array | undefined {
    return this.#known.get(text);
  }

  keep(text: string, bytes: Uint8Array): void {
    if (this.#known.size >= this.#max) this.#known.clear();
    this.#known.set(text, bytes);
  }
}

/** By ECS name: the column, its beginning in JSON, and where values repeat, the whole piece by value. */
const COLUMN_OF = new Map(EVENT_COLUMNS.map((column) => [column.ecs as string, { ...column, head: ascii(`,"${column.column}":`), whole: column.of.kind === 'text' && column.of.low ? new Pieces(1_000) : null }]));

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= TIME_MIN && value <= TIME_MAX;
}

/** Ids seen last that are UUIDs: a batch says the same few again and again. */
const uuids = new Set<string>();
const UUIDS_MAX = 10_000;

function uuid(value: string, what: string): string {
  if (uuids.has(value)) return value;
  if (!UUID.test(value)) throw new TypeError(`${what} is not a UUID: ${value.slice(0, 64)}`);
  if (uuids.size >= UUIDS_MAX) uuids.clear();
  uuids.add(value);
  return value;
}

/** An event's own id is said once. */
function freshUuid(value: string): string {
  if (!UUID.test(value)) throw new TypeError(`eventId is not a UUID: ${value.slice(0, 64)}`);
  return value;
}

const RAW = ascii(',"raw":');
const FIELDS = ascii(',"fields":{');
const END = ascii('}}\n');
/** Names of fields: devices say the same few hundred. */
const names = new Pieces(5_000);

/** Up to here a loop is faster than calls into the engine. */
const SHORT = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Buffers larger than this are not kept for the next batch. */
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Rows put together as JSONEachRow: UTF-8, one JSON object per line. Pieces are written as bytes into one buffer;
 * strings put together would be flattened, copied and collected.
 */
export class RowBuffer {
  #bytes: Buffer;
  #at = 0;
  /** What goes to `fields` of the row at hand: names and values in turn. */
  readonly #fields: string[] = [];
  readonly #cut: string[] = [];

  constructor(bytes = 256 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  /**
   * Every event fits: what does not fit its column goes to `fields` as text, and long values are cut and named.
   * @throws TypeError when an id is not a UUID or `receivedAt` is not a time, a fault of the caller, not of the log line;
   * nothing is added then.
   */
  add(row: EventRow): void {
    const { orgId, eventId, sourceId, deviceId, receivedAt } = row;
    if (!isTime(receivedAt)) throw new TypeError(`receivedAt is not a time: ${receivedAt}`);
    const device = deviceId === null ? '' : `","device_id":"${uuid(deviceId, 'deviceId')}`;
    this.#fields.length = this.#cut.length = 0;
    // A bare whole number in JSON is the count of DateTime64's own ticks: milliseconds here.
    const happened = row.event['@timestamp'];
    const time = isTime(happened) ? happened : receivedAt;
    this.#ascii(`{"org_id":"${uuid(orgId, 'orgId')}","event_id":"${freshUuid(eventId)}","source_id":"${uuid(sourceId, 'sourceId')}${device}","received_at":${Math.trunc(receivedAt)},"timestamp":${Math.trunc(time)},"retention":"${row.retention}"`);
    if (happened !== undefined && !isTime(happened)) this.#field('@timestamp', String(happened));

    const event = row.event as Readonly<Record<string, unknown>>;
    for (const name in event) {
      const value = event[name];
      if (value === undefined || value === null || name === '@timestamp') continue;
      const column = COLUMN_OF.get(name);
      if (column === undefined) {
        this.#field(name, String(value));
      } else if (column.of.kind === 'uint') {
        if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= column.of.max) {
          this.#bytesOf(column.head);
          this.#ascii(String(value));
        } else this.#field(name, String(value));
      } else {
        const text = String(value);
        const whole = column.whole?.get(text);
        if (whole) {
          this.#bytesOf(whole);
          continue;
        }
        if (text.length > CAPS.column) this.#noteCut(name);
        const from = this.#at;
        this.#bytesOf(column.head);
        this.#quoted(text, CAPS.column);
        if (text.length <= SHORT) column.whole?.keep(text, this.#since(from));
      }
    }
    if (row.unmapped !== undefined) this.#unmapped(row.unmapped, event);
    if (row.raw.length > CAPS.raw) this.#noteCut('raw');
    this.#bytesOf(RAW);
    this.#quoted(row.raw, CAPS.raw);
    this.#bytesOf(FIELDS);
    if (this.#cut.length > 0) this.#fields.push('banya.cut', this.#cut.join(' '));
    for (let i = 0; i < this.#fields.length; i += 2) {
      if (i > 0) this.#ascii(',');
      this.#name(this.#fields[i]!);
      this.#quoted(this.#fields[i + 1]!, CAPS.field);
    }
    this.#bytesOf(END);
  }

  /** Vendor keys; they never replace an ECS field of the same name. */
  #unmapped(unmapped: Readonly<Record<string, string>>, event: Readonly<Record<string, unknown>>): void {
    // Keys of one line differ; only a prefixed one may meet a key that the vendor wrote so.
    let prefixed: Set<string> | undefined;
    for (const name in unmapped) {
      const key = Object.hasOwn(event, name) || name.startsWith('banya.') ? `vendor.${name}` : name;
      if (key.startsWith('vendor.')) {
        prefixed ??= new Set();
        if (prefixed.has(key)) continue;
        prefixed.add(key);
      }
      this.#field(key, String(unmapped[name]));
    }
  }

  /** A field's name and the colon. */
  #name(name: string): void {
    const known = names.get(name);
    if (known) {
      this.#bytesOf(known);
      return;
    }
    const from = this.#at;
    this.#quoted(name, 256);
    this.#ascii(':');
    if (name.length <= SHORT) names.keep(name, this.#since(from));
  }

  #field(name: string, value: string): void {
    if (this.#fields.length >= CAPS.fields * 2) {
      if (!this.#cut.includes('fields')) this.#noteCut('fields');
      return;
    }
    if (value.length > CAPS.field) this.#noteCut(name);
    this.#fields.push(name, value);
  }

  #noteCut(name: string): void {
    if (this.#cut.length < 16) this.#cut.push(name.slice(0, 128));
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, needed));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #bytesOf(piece: Uint8Array): void {
    this.#room(piece.length);
    this.#bytes.set(piece, this.#at);
    this.#at += piece.length;
  }

  /** Text of ours, known to be ASCII. */
  #ascii(text: string): void {
    this.#room(text.length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#at = at;
  }

  /** A JSON string without lone surrogates (they have no UTF-8 form), at most `cap` units. */
  #quoted(value: string, cap: number): void {
    if (value.length <= SHORT && value.length <= cap) {
      this.#room(SHORT * 2 + 2);
      const bytes = this.#bytes;
      let at = this.#at;
      let i = 0;
      bytes[at++] = QUOTE;
      for (; i < value.length; i++) {
        const unit = value.charCodeAt(i);
        if (unit < 0x20 || unit > 0x7e) break;
        if (unit === QUOTE || unit === BACKSLASH) bytes[at++] = BACKSLASH;
        bytes[at++] = unit;
      }
      if (i === value.length) {
        bytes[at++] = QUOTE;
        this.#at = at;
        return;
      }
    }
    const json = JSON.stringify((value.length > cap ? value.slice(0, cap) : value).toWellFormed());
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#room(json.length * 3);
    this.#at += this.#bytes.write(json, this.#at, 'utf8');
  }

  /** What was written from a place on, in memory of its own. */
  #since(from: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.subarray(from, this.#at));
  }

  /** What was added since the last time, in memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#since(0);
    this.clear();
    return bytes;
  }

  /** Forgets what was added. */
  clear(): void {
    this.#at = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(256 * 1024);
  }
}

/** Events as JSONEachRow. Pure; the same events give the same bytes. */
export function encodeRows(rows: readonly EventRow[]): Uint8Array {
  const buffer = new RowBuffer(rows.length * 2048);
  for (const row of rows) buffer.add(row);
  return buffer.take();
}
