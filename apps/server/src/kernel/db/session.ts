import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { QueryConfig } from 'pg';
import type { GateClient } from './gate.ts';

const adapter = new PostgresAdapter();

/**
 * The session of one transaction, for as long as it lasts. Statements run one after another however they are started, and
 * always by the extended protocol, which takes a single statement: nothing can be smuggled in behind a semicolon.
 */
export class TxSession implements Driver, DatabaseConnection {
  readonly #client: GateClient;
  readonly #planOf: (text: string) => string | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #open = true;
  #builder: Kysely<unknown> | undefined;

  /** @param planOf the name under which the session may keep the plan of a statement */
  constructor(client: GateClient, planOf: (text: string) => string | undefined) {
    this.#client = client;
    this.#planOf = planOf;
  }

  /** After this every use throws: the session behind already serves somebody else. */
  close(): void {
    this.#open = false;
  }

  /** `name` keeps the plan in the session, of a server too: for the kernel's own statements, whose planning costs more than running them. */
  async run(text: string, values: readonly unknown[] = [], name?: string): Promise<{ rows: unknown[]; rowCount: number | null; command: string }> {
    const turn = this.#turn.then(() => {
      if (!this.#open) throw new Error('This transaction has ended; its handle cannot be used any more.');
      const plan = name ?? this.#planOf(text);
      const config: QueryConfig & { queryMode: 'extended' } = { text, values: values as unknown[], queryMode: 'extended', ...(plan === undefined ? {} : { name: plan }) };
      return this.#client.query<Record<string, unknown>>(config);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  get builder(): Kysely<unknown> {
    this.#builder ??= new Kysely<unknown>({
      dialect: {
        createAdapter: () => adapter,
        createDriver: () => this,
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    return this.#builder;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount, command } = await this.run(query.sql, query.parameters);
    const counts = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE';
    return counts ? { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) } : { rows: rows as Row[] };
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streaming is not offered inside a transaction: page with keysets.');
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {
    throw new Error('A transaction is already open; use a savepoint by tx.query where part of it may fail.');
  }

  async commitTransaction(): Promise<void> {
    throw new Error('The kernel commits.');
  }

  async rollbackTransaction(): Promise<void> {
    throw new Error('Throw to roll back.');
  }

  async destroy(): Promise<void> {}
}
