/** One batch of events, ready to insert: encoded once, retried byte for byte. */
export interface EventBatch {
  /** Fixed before the first try: spool segment + byte range. A store that has seen it inserts nothing and says so. */
  readonly token: string;
  /** One block of ClickHouse's Native format with the columns of the events table, see native.ts. */
  readonly rows: Uint8Array;
  readonly count: number;
}

export type InsertResult =
  | { readonly kind: 'stored' }
  /** Rows that can never be stored (found by bisection), as the lines they were made from; the rest is stored. */
  | { readonly kind: 'partly'; readonly poison: readonly { readonly row: string; readonly reason: string }[] };

export interface EventQuery {
  /** ClickHouse SQL with {name:Type} parameters. Reads `events`; the store adds the organisation filter itself. */
  readonly sql: string;
  readonly params?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly maxSeconds?: number;
  readonly maxRows?: number;
}

/** Log records of all organisations: chDB in a child process, or ClickHouse over HTTP. */
export interface EventsStore {
  insert(batch: EventBatch): Promise<InsertResult>;
  /** Reads one organisation's events; its filter is applied by the store, whatever the SQL says. */
  query<Row = Record<string, unknown>>(orgId: string, query: EventQuery): Promise<Row[]>;
  /** Reads over organisations: retention, counts for tests, backup. `reason` says why. */
  system<Row = Record<string, unknown>>(reason: string, query: EventQuery): Promise<Row[]>;
  /** Removes one organisation's events for good. */
  forget(orgId: string): Promise<void>;
  /** Writes all events to `file` (Native format, zstd) as of now; returns rows and a hash over them. */
  exportTo(file: string): Promise<{ rows: number; hash: string }>;
  importFrom(file: string): Promise<{ rows: number; hash: string }>;
  /** rows and an order-free hash over all of them. */
  fingerprint(): Promise<{ rows: number; hash: string }>;
  health(): Promise<{ ok: boolean; version: string; rows: number; bytes: number; memoryBytes: number }>;
  close(): Promise<void>;
}
