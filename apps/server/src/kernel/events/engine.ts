/** One statement for the engine. */
export interface Statement {
  /** One ClickHouse statement, without FORMAT and SETTINGS. */
  readonly sql: string;
  /** Values of {name:Type} parameters. */
  readonly params?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly settings?: Readonly<Record<string, string | number>>;
}

/**
 * A ClickHouse that runs statements: chDB in a child process, or a server over HTTP.
 * Every failure is an EventsError. Statements may run more than once when the engine dies in the middle,
 * so only ones that may be repeated are sent: reads, inserts with a token, DDL with IF [NOT] EXISTS, deletes.
 */
export interface EventsEngine {
  /** Runs a statement and returns what it printed as JSONEachRow. */
  run(statement: Statement): Promise<Buffer>;
  /** Inserts one Native block into `table`. */
  insert(table: string, rows: Uint8Array, settings: Readonly<Record<string, string | number>>): Promise<void>;
  /** Writes a table to `file` as zstd-compressed Native. */
  exportTable(table: string, file: string): Promise<void>;
  /** Adds the rows of such a file to `table`. */
  importTable(table: string, file: string): Promise<void>;
  /** Bytes of memory the engine holds. */
  memoryBytes(): Promise<number>;
  close(): Promise<void>;
}
