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

const COLUMN_OF = new Map(EVENT_COLUMNS.map((column) => [column.ecs as string, column]));

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= TIME_MIN && value <= TIME_MAX;
}

function uuid(value: string, what: string): string {
  if (!UUID.test(value)) throw new TypeError(`${what} is not a UUID: ${value.slice(0, 64)}`);
  return value;
}

/** Short ASCII that JSON writes as it is: most values, at half the cost. */
const PLAIN = /^[ !#-[\]-~]{0,64}$/;

/** A JSON string without lone surrogates (they have no UTF-8 form), at most `cap` units. */
function quote(value: string, cap: number): string {
  if (value.length <= cap && PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify((value.length > cap ? value.slice(0, cap) : value).toWellFormed());
}

class Fields {
  #text = '';
  #count = 0;
  #names: Set<string> | undefined;
  #cut: string[] = [];

  /** Notes that `name` was shortened or left out. */
  cut(name: string): void {
    if (this.#cut.length < 16) this.#cut.push(name.slice(0, 128));
  }

  add(name: string, value: string): void {
    if (this.#count >= CAPS.fields) {
      if (this.#count++ === CAPS.fields) this.cut('fields');
      return;
    }
    if (value.length > CAPS.field) this.cut(name);
    this.#text += `${this.#count++ === 0 ? '' : ','}${quote(name, 256)}:${quote(value, CAPS.field)}`;
  }

  /** A vendor key; it never replaces an ECS field of the same name. */
  addUnmapped(name: string, value: string, event: EcsEvent): void {
    const key = Object.hasOwn(event, name) || name.startsWith('banya.') ? `vendor.${name}` : name;
    this.#names ??= new Set();
    if (this.#names.has(key)) return;
    this.#names.add(key);
    this.add(key, value);
  }

  json(): string {
    if (this.#cut.length === 0) return `{${this.#text}}`;
    return `{${this.#text}${this.#text === '' ? '' : ','}"banya.cut":${quote(this.#cut.join(' '), CAPS.field)}}`;
  }
}

/**
 * One event as a JSON object of the events table: one line, with its line end, so that lines can be put together as they are.
 * Every event fits: what does not fit its column goes to `fields` as text, and long values are cut and named.
 * @throws TypeError when an id is not a UUID or `receivedAt` is not a time: a fault of the caller, not of the log line.
 */
export function encodeRow(row: EventRow): string {
  if (!isTime(row.receivedAt)) throw new TypeError(`receivedAt is not a time: ${row.receivedAt}`);
  const fields = new Fields();
  // A bare whole number in JSON is the count of DateTime64's own ticks: milliseconds here.
  const happened = row.event['@timestamp'];
  let text = `{"org_id":"${uuid(row.orgId, 'orgId')}","event_id":"${uuid(row.eventId, 'eventId')}","source_id":"${uuid(row.sourceId, 'sourceId')}"`;
  if (row.deviceId !== null) text += `,"device_id":"${uuid(row.deviceId, 'deviceId')}"`;
  text += `,"received_at":${Math.trunc(row.receivedAt)},"timestamp":${Math.trunc(isTime(happened) ? happened : row.receivedAt)},"retention":"${row.retention}"`;
  if (happened !== undefined && !isTime(happened)) fields.add('@timestamp', String(happened));

  const event = row.event as Readonly<Record<string, unknown>>;
  for (const name in event) {
    const value = event[name];
    if (value === undefined || value === null || name === '@timestamp') continue;
    const column = COLUMN_OF.get(name);
    if (column === undefined) {
      fields.add(name, String(value));
    } else if (column.of.kind === 'uint') {
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= column.of.max) text += `,"${column.column}":${value}`;
      else fields.add(name, String(value));
    } else {
      const string = String(value);
      if (string.length > CAPS.column) fields.cut(name);
      text += `,"${column.column}":${quote(string, CAPS.column)}`;
    }
  }
  if (row.unmapped !== undefined) {
    for (const name in row.unmapped) fields.addUnmapped(name, String(row.unmapped[name]), row.event);
  }
  if (row.raw.length > CAPS.raw) fields.cut('raw');
  return `${text},"raw":${quote(row.raw, CAPS.raw)},"fields":${fields.json()}}\n`;
}

/** Larger buffers are not kept for the next batch. */
const KEPT_BYTES = 32 * 1024 * 1024;

/**
 * Rows put together as JSONEachRow: UTF-8, one JSON object per line. Each row is written at once, since a string of a whole
 * batch would live through several collections of garbage, to be flattened and copied once more at the end.
 */
export class RowBuffer {
  #buffer: Buffer;
  #at = 0;

  constructor(bytes = 256 * 1024) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** @throws TypeError as `encodeRow`; nothing is added then. */
  add(row: EventRow): void {
    const line = encodeRow(row);
    // A UTF-16 unit takes at most three bytes of UTF-8.
    const needed = this.#at + line.length * 3;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, needed));
      this.#buffer.copy(larger, 0, 0, this.#at);
      this.#buffer = larger;
    }
    this.#at += this.#buffer.write(line, this.#at, 'utf8');
  }

  /** What was added since the last time, in memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#buffer.subarray(0, this.#at));
    this.clear();
    return bytes;
  }

  /** Forgets what was added. */
  clear(): void {
    this.#at = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = Buffer.allocUnsafeSlow(256 * 1024);
  }
}

/** Events as JSONEachRow. Pure; the same events give the same bytes. */
export function encodeRows(rows: readonly EventRow[]): Uint8Array {
  const buffer = new RowBuffer(rows.length * 2048);
  for (const row of rows) buffer.add(row);
  return buffer.take();
}
