import type { EcsEvent } from '@banya/logs';
import { EVENT_COLUMNS, type Retention, TABLE_COLUMNS } from './columns.ts';
import { type Column, FixedColumn, LowColumn, MapColumn, TextColumn, turnUuid, uuidBytes, writeBlock } from './native.ts';

/** One event on its way into the store. */
export interface EventRow {
  /** UUIDs in canonical text, or the event's own as its sixteen bytes; made by us, never taken from a log line. */
  readonly eventId: string | Uint8Array;
  readonly orgId: string;
  readonly sourceId: string;
  readonly deviceId: string | null;
  /** Arrival, epoch milliseconds. */
  readonly receivedAt: number;
  readonly retention: Retention;
  /** The line as received, decoded; or its bytes where they are UTF-8 already. */
  readonly raw: string | Uint8Array;
  readonly event: EcsEvent;
  /** The vendor's keys that ECS has no name for. */
  readonly unmapped?: Readonly<Record<string, string>>;
}

/** Longest values kept, in UTF-16 units. Cut ones are named in `fields['banya.cut']`; the spool's retention holds the rest. */
export const CAPS = { raw: 65_536, column: 8_192, field: 8_192, fields: 256 } as const;

/** 1900-01-01 and 2299-12-31: what DateTime64 holds. */
const TIME_MIN = -2_208_988_800_000;
const TIME_MAX = 10_413_791_999_999;

const RETENTIONS: Readonly<Record<Retention, number>> = { short: 0, standard: 1, long: 2, kept: 3 };

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= TIME_MIN && value <= TIME_MAX;
}

/** Ids seen last, as bytes: a batch says the same few again and again. */
const ids = new Map<string, Uint8Array>();
const IDS_MAX = 10_000;

function idBytes(value: string, what: string): Uint8Array {
  const known = ids.get(value);
  if (known) return known;
  const bytes = freshId(value, what);
  if (ids.size >= IDS_MAX) ids.clear();
  ids.set(value, bytes);
  return bytes;
}

/** An event's own id is said once. */
function freshId(value: string, what: string): Uint8Array {
  const bytes = uuidBytes(value);
  if (!bytes) throw new TypeError(`${what} is not a UUID: ${value.slice(0, 64)}`);
  return bytes;
}

const turned = new Uint8Array(16);

function turnedId(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 16) throw new TypeError(`eventId of ${bytes.length} bytes`);
  turnUuid(bytes, turned);
  return turned;
}

/** Where an ECS field goes. */
type Place =
  | { readonly kind: 'low'; readonly column: LowColumn }
  | { readonly kind: 'text'; readonly column: TextColumn }
  | { readonly kind: 'uint'; readonly column: FixedColumn; readonly max: number };

/** Rows put together as one block of ClickHouse's Native format, ready to insert. */
export class RowBlock {
  readonly #org = new FixedColumn(16);
  readonly #event = new FixedColumn(16);
  readonly #source = new FixedColumn(16);
  readonly #device = new FixedColumn(16, true);
  readonly #received = new FixedColumn(8);
  readonly #time = new FixedColumn(8);
  readonly #retention = new FixedColumn(1);
  readonly #raw = new TextColumn();
  readonly #fields = new MapColumn();
  /** By ECS name. */
  readonly #places = new Map<string, Place>();
  readonly #columns: ReadonlyMap<string, Column>;
  #rows = 0;
  /** Entries of `fields` of the row at hand. */
  #entries = 0;
  readonly #cut: string[] = [];

  constructor() {
    const columns = new Map<string, Column>([
      ['org_id', this.#org], ['event_id', this.#event], ['source_id', this.#source], ['device_id', this.#device], ['received_at', this.#received],
      ['timestamp', this.#time], ['retention', this.#retention], ['raw', this.#raw], ['fields', this.#fields],
    ]);
    for (const { ecs, column, of } of EVENT_COLUMNS) {
      const place: Place =
        of.kind === 'uint' ? { kind: 'uint', column: new FixedColumn(of.type === 'UInt8' ? 1 : of.type === 'UInt16' ? 2 : 8, of.nullable), max: of.max } : of.low ? { kind: 'low', column: new LowColumn() } : { kind: 'text', column: new TextColumn() };
      this.#places.set(ecs, place);
      columns.set(column, place.column);
    }
    this.#columns = new Map([...TABLE_COLUMNS.keys()].map((name) => [name, columns.get(name)!]));
  }

  /**
   * Every event fits: what does not fit its column goes to `fields` as text, and long values are cut and named.
   * @throws TypeError when an id is not a UUID or `receivedAt` is not a time, a fault of the caller, not of the log line;
   * nothing is added then.
   */
  add({ orgId, eventId, sourceId, deviceId, receivedAt, retention, raw, event, unmapped }: EventRow): void {
    if (!isTime(receivedAt)) throw new TypeError(`receivedAt is not a time: ${receivedAt}`);
    const org = idBytes(orgId, 'orgId');
    const source = idBytes(sourceId, 'sourceId');
    const device = deviceId === null ? null : idBytes(deviceId, 'deviceId');
    const id = typeof eventId === 'string' ? freshId(eventId, 'eventId') : turnedId(eventId);
    const row = this.#rows++;
    this.#entries = this.#cut.length = 0;
    this.#org.uuid(row, org);
    this.#event.uuid(row, id);
    this.#source.uuid(row, source);
    if (device) this.#device.uuid(row, device);
    const happened = event['@timestamp'];
    this.#received.number(row, Math.trunc(receivedAt));
    this.#time.number(row, Math.trunc(isTime(happened) ? happened : receivedAt));
    this.#retention.number(row, RETENTIONS[retention]);
    if (happened !== undefined && !isTime(happened)) this.#field('@timestamp', String(happened));

    const values = event as Readonly<Record<string, unknown>>;
    for (const name in values) {
      const value = values[name];
      if (value === undefined || value === null || name === '@timestamp') continue;
      const place = this.#places.get(name);
      if (place === undefined) this.#field(name, typeof value === 'string' ? value : String(value));
      else if (place.kind === 'uint') {
        if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= place.max) place.column.number(row, value);
        else this.#field(name, String(value));
      } else {
        const text = typeof value === 'string' ? value : String(value);
        if (text.length > CAPS.column) this.#noteCut(name);
        place.column.text(row, text.length > CAPS.column ? text.slice(0, CAPS.column) : text);
      }
    }
    if (unmapped !== undefined) this.#unmapped(unmapped, values);
    if (raw.length > CAPS.raw) this.#noteCut('raw');
    if (typeof raw === 'string') this.#raw.text(row, raw.slice(0, CAPS.raw));
    else if (raw.length <= CAPS.raw) this.#raw.utf8(row, raw);
    else this.#raw.text(row, Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8').slice(0, CAPS.raw));
    if (this.#cut.length > 0) this.#fields.entry('banya.cut', this.#cut.join(' '));
    this.#fields.end(row);
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

  #field(name: string, value: string): void {
    if (this.#entries >= CAPS.fields) {
      if (!this.#cut.includes('fields')) this.#noteCut('fields');
      return;
    }
    this.#entries++;
    if (value.length > CAPS.field) this.#noteCut(name);
    this.#fields.entry(name.length > 256 ? name.slice(0, 256) : name, value.length > CAPS.field ? value.slice(0, CAPS.field) : value);
  }

  #noteCut(name: string): void {
    if (this.#cut.length < 16) this.#cut.push(name.slice(0, 128));
  }

  get rows(): number {
    return this.#rows;
  }

  /** What was added since the last time as one block, in `memory` if it is large enough, else in its own; no bytes when nothing was. */
  take(memory?: SharedArrayBuffer): Uint8Array<SharedArrayBuffer> {
    const block = writeBlock(this.#columns, this.#rows, memory);
    this.clear();
    return block;
  }

  /** Forgets what was added. */
  clear(): void {
    for (const column of this.#columns.values()) column.clear(this.#rows);
    this.#rows = 0;
  }
}

/** Events as one block. Pure; the same events give the same bytes. */
export function encodeRows(rows: readonly EventRow[]): Uint8Array {
  const block = new RowBlock();
  for (const row of rows) block.add(row);
  return block.take();
}
