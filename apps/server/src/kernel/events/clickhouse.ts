import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { EventsEngine, Statement } from './engine.ts';
import { EventsError, engineError } from './errors.ts';

export interface ClickHouseOptions {
  /** `http(s)://user:password@host:8123/database`; the database is `banya` unless told. */
  readonly url: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMsMax?: number;
}

type Value = string | number | readonly string[];

const DATABASE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Escapes of ClickHouse's TSV, the form in which it reads `param_x`. */
function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0').replaceAll("'", "\\'");
}

/** A parameter's value as ClickHouse reads it from the query string: an array is an SQL literal, escaped once. */
function paramText(value: Value): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return `[${value.map((item) => `'${escapeText(item)}'`).join(',')}]`;
}

/** A ClickHouse server over its HTTP interface (https://clickhouse.com/docs/interfaces/http). */
export class ClickHouseEngine implements EventsEngine {
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  readonly #database: string;
  readonly #timeoutMsMax: number;

  private constructor(options: ClickHouseOptions) {
    const url = new URL(options.url);
    this.#database = decodeURIComponent(url.pathname.replaceAll('/', '')) || 'banya';
    if (!DATABASE.test(this.#database)) throw new TypeError(`not a database name: ${this.#database}`);
    this.#headers = url.username === '' ? {} : { 'X-ClickHouse-User': decodeURIComponent(url.username), 'X-ClickHouse-Key': decodeURIComponent(url.password) };
    this.#url = new URL('/', `${url.protocol}//${url.host}`);
    this.#timeoutMsMax = options.timeoutMsMax ?? 600_000;
  }

  /** Reaches the server and makes sure of the database. */
  static async open(options: ClickHouseOptions): Promise<ClickHouseEngine> {
    const engine = new ClickHouseEngine(options);
    const answer = await engine.#post({ database: 'default' }, `CREATE DATABASE IF NOT EXISTS ${engine.#database}`);
    await answer.arrayBuffer();
    return engine;
  }

  /** Query string → body. A body that is data has its statement in `query`. */
  async #post(search: Record<string, string>, body: NonNullable<RequestInit['body']>): Promise<Response> {
    const url = new URL(this.#url);
    // The whole answer is made before the first byte is sent, so that a late failure is a status and not a cut body.
    for (const [name, value] of Object.entries({ database: this.#database, wait_end_of_query: '1', ...search })) url.searchParams.set(name, value);
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { ...this.#headers, 'Content-Type': 'application/octet-stream' },
        body,
        duplex: 'half',
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMsMax),
      } as RequestInit);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new EventsError('EVENTS_UNAVAILABLE', `the ClickHouse server cannot be reached: ${cause}`, { cause: error });
    }
    const code = response.headers.get('x-clickhouse-exception-code');
    if (response.ok && code === null) return response;
    const text = await response.text();
    if (code === null && (response.status === 502 || response.status === 503 || response.status === 504)) throw new EventsError('EVENTS_UNAVAILABLE', `the ClickHouse server answered ${response.status}`);
    throw engineError(text || `the ClickHouse server answered ${response.status}`, code === null ? undefined : Number(code));
  }

  static #search({ params = {}, settings = {} }: Pick<Statement, 'params' | 'settings'>): Record<string, string> {
    const search: Record<string, string> = {};
    for (const [name, value] of Object.entries(params)) search[`param_${name}`] = paramText(value);
    for (const [name, value] of Object.entries(settings)) search[name] = String(value);
    return search;
  }

  async run(statement: Statement): Promise<Buffer> {
    const response = await this.#post({ default_format: 'JSONEachRow', ...ClickHouseEngine.#search(statement) }, statement.sql);
    return Buffer.from(await response.arrayBuffer());
  }

  async insert(table: string, rows: Uint8Array, settings: Readonly<Record<string, string | number>>): Promise<void> {
    // A copy: requests take no memory that another thread may write.
    const response = await this.#post({ query: `INSERT INTO ${table} FORMAT Native`, ...ClickHouseEngine.#search({ settings }) }, Buffer.from(rows));
    await response.arrayBuffer();
  }

  async exportTable(table: string, file: string): Promise<void> {
    // Not held back to the end here: the rows may be more than the server would buffer. A failure breaks the stream off.
    const response = await this.#post({ default_format: 'Native', wait_end_of_query: '0' }, `SELECT * FROM ${table}`);
    if (response.body === null) throw new EventsError('EVENTS_FAILED', 'the ClickHouse server sent no rows');
    await pipeline(Readable.fromWeb(response.body as never), createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }), createWriteStream(file, { mode: 0o600 }));
  }

  async importTable(table: string, file: string): Promise<void> {
    const rows = createReadStream(file).pipe(createZstdDecompress());
    const response = await this.#post({ query: `INSERT INTO ${table} FORMAT Native` }, Readable.toWeb(rows) as never);
    await response.arrayBuffer();
  }

  async memoryBytes(): Promise<number> {
    const row = JSON.parse((await this.run({ sql: "SELECT toUInt64(value) AS bytes FROM system.metrics WHERE metric = 'MemoryTracking'" })).toString() || '{"bytes":0}') as { bytes: number | string };
    return Number(row.bytes);
  }

  async close(): Promise<void> {}
}
