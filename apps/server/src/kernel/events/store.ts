import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { TABLE_COLUMNS } from './columns.ts';
import type { EventsEngine } from './engine.ts';
import { EventsError } from './errors.ts';
import { guardSql, guardSystemSql } from './guard.ts';
import { blockRows, rawOf, sliceBlock } from './native.ts';
import type { EventBatch, EventQuery, EventsStore, InsertResult } from './types.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ROWS_MAX = 10_000;
const SECONDS_MAX = 30;

/** Read limits of one query; sorting and grouping spill to disk before they reach the memory cap. */
const READ_SETTINGS = {
  max_threads: 2,
  max_memory_usage: 250_000_000,
  max_bytes_before_external_group_by: 80_000_000,
  max_bytes_before_external_sort: 80_000_000,
  max_result_bytes: 64_000_000,
  result_overflow_mode: 'throw',
  timeout_overflow_mode: 'throw',
  max_query_size: 1_000_000,
  output_format_json_quote_64bit_integers: 0,
  // A CTE in front of the statement is seen by its subqueries and by every branch of a UNION.
  enable_global_with_statement: 1,
} as const;

/** One batch is one block: the same bytes always give the same parts, which the token relies on. */
const INSERT_SETTINGS = {
  async_insert: 0,
  // Rules over insert_deduplicate, and over whatever a server's profile says.
  deduplicate_insert: 'enable',
  max_memory_usage: 300_000_000,
  max_insert_block_size: 1_048_576,
  max_threads: 1,
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
  // A block with a column that the table lacks is a fault to be seen, not to be half stored.
  input_format_skip_unknown_fields: 0,
} as const;

/** Exceptions that speak of the rows, not of the engine: the batch is bisected. */
const ROW_FAULTS: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  33, // CANNOT_READ_ALL_DATA
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  130, // CANNOT_READ_ARRAY_FROM_TEXT
  131, // TOO_LARGE_STRING_SIZE
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376, // CANNOT_PARSE_UUID
  407, // DECIMAL_OVERFLOW
  441, // CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING
  467, // CANNOT_PARSE_BOOL
  691, // UNKNOWN_ELEMENT_OF_ENUM
]);

/** Order-free: a sum and an exclusive-or over a hash of each whole row. Arguments are tuples since a bare NULL would hash to NULL. */
function fingerprintSql(table: string): string {
  const row = `cityHash64(${[...TABLE_COLUMNS].map(([name, type]) => (type.startsWith('Nullable') ? `isNull(${name}), ifNull(toString(${name}), '')` : name)).join(', ')})`;
  return `SELECT count() AS rows, lower(concat(leftPad(hex(sumWithOverflow(h)), 16, '0'), leftPad(hex(groupBitXor(h)), 16, '0'))) AS hash FROM (SELECT ${row} AS h FROM ${table})`;
}

export interface StoreOptions {
  /** How long an insert goes on trying while the engine is short of memory or disk, in milliseconds. */
  readonly insertRetryMs?: number;
}

/** The events store over any engine; what chDB and a ClickHouse server have in common, which is nearly all. */
export class ClickHouseEventsStore implements EventsStore {
  readonly #engine: EventsEngine;
  readonly #insertRetryMs: number;

  constructor(engine: EventsEngine, options: StoreOptions = {}) {
    this.#engine = engine;
    this.#insertRetryMs = options.insertRetryMs ?? 60_000;
  }

  async insert(batch: EventBatch): Promise<InsertResult> {
    if (batch.count === 0) return { kind: 'stored' };
    const rows = blockRows(batch.rows);
    if (rows !== batch.count) throw new EventsError('EVENTS_FAILED', `a batch of ${batch.count} rows holds ${rows}`);
    const poison: { row: string; reason: string }[] = [];
    await this.#insertBlock(batch.token, batch.rows, rows, poison);
    return poison.length === 0 ? { kind: 'stored' } : { kind: 'partly', poison };
  }

  /**
   * Stores a block; on a fault in the rows, each half on its own, with a token of its own.
   * A refused block has stored nothing, and a repeated bisection takes the same cuts.
   */
  async #insertBlock(token: string, block: Uint8Array, rows: number, poison: { row: string; reason: string }[]): Promise<void> {
    try {
      await this.#insertPatiently(token, block);
    } catch (error) {
      if (!(error instanceof EventsError) || error.engineCode === undefined || !ROW_FAULTS.has(error.engineCode)) throw error;
      if (rows === 1) {
        poison.push({ row: rawOf(block), reason: faultOf(error.message) });
        return;
      }
      const half = rows >>> 1;
      await this.#insertBlock(`${token}/0`, sliceBlock(block, 0, half), half, poison);
      await this.#insertBlock(`${token}/1`, sliceBlock(block, half, rows), rows - half, poison);
    }
  }

  async #insertPatiently(token: string, rows: Uint8Array): Promise<void> {
    const until = Date.now() + this.#insertRetryMs;
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5000)) {
      try {
        return await this.#engine.insert('events', rows, { ...INSERT_SETTINGS, insert_deduplication_token: token });
      } catch (error) {
        if (!isPassing(error) || Date.now() + waitMs > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs * (0.5 + Math.random() / 2)));
      }
    }
  }

  async query<Row = Record<string, unknown>>(orgId: string, query: EventQuery): Promise<Row[]> {
    if (!UUID.test(orgId)) throw new EventsError('EVENTS_FORBIDDEN', 'the organisation is not a UUID');
    return this.#read<Row>(guardSql(query.sql), query, { banya_org: orgId }, { additional_table_filters: `{'events': 'org_id = \\'${orgId}\\''}` });
  }

  async system<Row = Record<string, unknown>>(reason: string, query: EventQuery): Promise<Row[]> {
    if (reason.trim() === '') throw new EventsError('EVENTS_FORBIDDEN', 'a read over organisations needs a reason');
    return this.#read<Row>(guardSystemSql(query.sql), query, {}, {});
  }

  async #read<Row>(sql: string, query: EventQuery, params: Record<string, string>, settings: Record<string, string>): Promise<Row[]> {
    const statement = {
      sql,
      params: { ...query.params, ...params },
      settings: { ...READ_SETTINGS, ...settings, max_execution_time: query.maxSeconds ?? SECONDS_MAX, max_result_rows: query.maxRows ?? ROWS_MAX, readonly: 1 },
    };
    for (let tries = 0; ; tries++) {
      try {
        return parseRows<Row>(await this.#engine.run(statement));
      } catch (error) {
        if (!isPassing(error) || tries === 2) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200 << tries));
      }
    }
  }

  async forget(orgId: string): Promise<void> {
    if (!UUID.test(orgId)) throw new EventsError('EVENTS_FORBIDDEN', 'the organisation is not a UUID');
    // A mutation, not a lightweight delete: the rows leave the disk, not only the answers.
    await this.#engine.run({ sql: `ALTER TABLE events DELETE WHERE org_id = '${orgId}'`, settings: { mutations_sync: 2 } });
  }

  async fingerprint(): Promise<{ rows: number; hash: string }> {
    return this.#fingerprint('events');
  }

  async #fingerprint(table: string): Promise<{ rows: number; hash: string }> {
    const [row] = parseRows<{ rows: number; hash: string }>(await this.#engine.run({ sql: fingerprintSql(table), settings: { max_threads: 2, max_memory_usage: 250_000_000, max_execution_time: 3600 } }));
    return { rows: Number(row!.rows), hash: row!.hash };
  }

  async exportTo(file: string): Promise<{ rows: number; hash: string }> {
    // A clone shares the parts by hard links: a picture of this moment at no cost, while inserts go on.
    const snapshot = `events_export_${randomUUID().replaceAll('-', '')}`;
    await this.#engine.run({ sql: `CREATE TABLE IF NOT EXISTS ${snapshot} CLONE AS events` });
    try {
      await this.#engine.exportTable(snapshot, file);
      return await this.#fingerprint(snapshot);
    } finally {
      await this.#engine.run({ sql: `DROP TABLE IF EXISTS ${snapshot} SYNC` });
    }
  }

  async importFrom(file: string): Promise<{ rows: number; hash: string }> {
    await checkWhole(file);
    const [present] = await this.system<{ n: number }>('restore: is the store empty', { sql: 'SELECT count() AS n FROM events' });
    if (Number(present!.n) > 0) throw new EventsError('EVENTS_FAILED', 'the events store is not empty: a backup is restored into an empty one');
    // Read into a table of its own and handed over by partition: a failure while reading leaves no rows behind, and a
    // repeated hand-over changes nothing.
    const incoming = `events_import_${randomUUID().replaceAll('-', '')}`;
    try {
      await this.#engine.run({ sql: `CREATE TABLE IF NOT EXISTS ${incoming} AS events` });
      // What the backup holds twice is restored twice.
      await this.#engine.run({ sql: `ALTER TABLE ${incoming} MODIFY SETTING non_replicated_deduplication_window = 0` });
      await this.#engine.importTable(incoming, file);
      const result = await this.#fingerprint(incoming);
      const partitions = await this.system<{ id: string }>('restore: the partitions that came in', {
        sql: "SELECT DISTINCT partition_id AS id FROM system.parts WHERE active AND database = currentDatabase() AND table = {incoming:String}",
        params: { incoming },
      });
      for (const { id } of partitions) await this.#engine.run({ sql: `ALTER TABLE events REPLACE PARTITION ID '${id}' FROM ${incoming}` });
      return result;
    } finally {
      await this.#engine.run({ sql: `DROP TABLE IF EXISTS ${incoming} SYNC` });
    }
  }

  /** Never rejects because the engine is away: that is what `ok` says. */
  async health(): Promise<{ ok: boolean; version: string; rows: number; bytes: number; memoryBytes: number }> {
    try {
      const [[row], memoryBytes] = await Promise.all([
        this.system<{ version: string; rows: number; bytes: number }>('health', {
          sql: "SELECT version() AS version, toUInt64(sum(rows)) AS rows, toUInt64(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND table = 'events'",
          maxSeconds: 5,
        }),
        this.#engine.memoryBytes(),
      ]);
      return { ok: true, version: row!.version, rows: Number(row!.rows), bytes: Number(row!.bytes), memoryBytes };
    } catch (error) {
      if (!(error instanceof EventsError)) throw error;
      return { ok: false, version: '', rows: 0, bytes: 0, memoryBytes: 0 };
    }
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** Reads a compressed file to its end. ClickHouse itself takes a cut file for a short one. */
async function checkWhole(file: string): Promise<void> {
  try {
    await pipeline(createReadStream(file), createZstdDecompress(), new Writable({ write: (_chunk, _encoding, done) => done() }));
  } catch (error) {
    throw new EventsError('EVENTS_FAILED', `${file} is damaged or not whole: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** What ClickHouse says is wrong with a row, without its frame of words around it. */
function faultOf(message: string): string {
  return message.replace(/Code: \d+\. DB::Exception: /g, '').split('\n')[0]!.slice(0, 300);
}

function isPassing(error: unknown): boolean {
  return error instanceof EventsError && (error.code === 'EVENTS_BUSY' || error.code === 'EVENTS_UNAVAILABLE');
}

function parseRows<Row>(bytes: Buffer): Row[] {
  const text = bytes.toString('utf8').trimEnd();
  return text === '' ? [] : (JSON.parse(`[${text.replaceAll('\n', ',')}]`) as Row[]);
}
