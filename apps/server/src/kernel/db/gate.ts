import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import type { Clock } from '../types.ts';
import { NestedUse, StoreUnavailable } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import { typeParsers } from './parsers.ts';
import { PgliteStream } from './pglite-stream.ts';
import { Plans } from './plans.ts';

/** The few lines of a logger that the kernel needs; pino has this shape. */
export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export type GateTarget = { readonly dataDir: string } | { readonly url: string };

export interface GateContext {
  readonly clock: Clock;
  readonly log: Log;
  /** For tests and tools; milliseconds. */
  readonly deadlineMs?: number;
}

/** A session taken out of the gate. `release` rolls back what is open. */
export type GateClient = Pick<pg.PoolClient, 'query'> & { release(error?: Error | boolean): void };

/** What Kysely's PostgresDialect and pg-boss need of a pg.Pool. */
export interface GatePool {
  connect(): Promise<GateClient>;
  /** Without `values` the text may hold several statements. */
  query<Row extends pg.QueryResultRow = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>>;
  end(): Promise<void>;
}

export interface Gate extends GatePool {
  readonly engine: 'pglite' | 'postgres';
  /** This gate, for libraries that ask for a pg.Pool. */
  readonly pool: GatePool;
  /**
   * Runs `fn` between begin and commit on one session; rolls back when it throws. Inside, using the gate itself throws
   * NestedUse. `opening` are statements sent together with begin, built from constants and checked values only.
   */
  transaction<T>(fn: (client: GateClient) => Promise<T>, opening?: string): Promise<T>;
  /** How many statements `fn` (and all it awaits) sent, without begin, commit, rollback, savepoints and settings. */
  counted<T>(fn: () => Promise<T>): Promise<{ result: T; statements: number; texts: readonly string[] }>;
  /** Lifts the embedded store's deadline per statement while `fn` runs: migrations, backups. */
  patiently<T>(fn: () => Promise<T>): Promise<T>;
  /** The name under which the session keeps the plan of a statement that comes often; the embedded store only. */
  planOf(role: string, text: string): string | undefined;
  /** Calls `heard` for each NOTIFY on `channel` from any process; PostgreSQL only (the embedded store has no other process). */
  listen?(channel: string, heard: (payload: string) => void, again: () => void): Promise<{ close(): Promise<void> }>;
}

const STATEMENT_MS = 10_000;
/** For migrations and backups. */
const PATIENT_MS = 30 * 60_000;
const OPEN_MS = 60_000;
const WAIT_MS = 60_000;
/** How long a store that could not be opened is not tried again. */
const REOPEN_MS = 1000;
const UNCOUNTED = /^\s*(?:begin|commit|rollback|savepoint|release|set|reset|deallocate|select\s+set_config)\b/i;

interface Inside {
  open: boolean;
}

/**
 * Opens the state store: PGlite under `dataDir` (a lock file keeps other processes out), or PostgreSQL at `url`.
 * @throws DataFolderInUse when another process has the folder. Connection errors come with the first statement.
 */
export function openGate(target: GateTarget, context: GateContext): Gate {
  return new PoolGate(target, context);
}

interface Engine {
  readonly config: pg.PoolConfig;
  /** Waits until everything is closed, after the pool has ended. */
  readonly closed: () => Promise<void>;
}

function postgresConfig(url: string, context: GateContext): Engine {
  return {
    config: {
      connectionString: url,
      application_name: 'banya',
      max: 10,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
      statement_timeout: context.deadlineMs ?? 30_000,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      types: typeParsers,
      onConnect: async (client) => {
        await client.query("set timezone = 'UTC'");
      },
    },
    closed: async () => {},
  };
}

function pgliteConfig(dataDir: string, context: GateContext, deadlineMs: () => number): Engine {
  const lock = lockFolder(dataDir);
  let last: Promise<void> = Promise.resolve();
  let refusal: { readonly at: number; readonly error: StoreUnavailable } | undefined;
  return {
    config: {
      user: 'postgres',
      database: 'postgres',
      password: 'unused',
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: WAIT_MS,
      types: typeParsers,
      stream: () => {
        const stream = new PgliteStream({ dataDir: join(dataDir, 'pg'), deadlineMs, openDeadlineMs: OPEN_MS });
        const before = last;
        last = stream.gone;
        const connect = stream.connect.bind(stream);
        stream.connect = () => {
          // Opening a broken store again for everybody who waits would keep a processor busy and the callers in the dark.
          const since = refusal ? context.clock.now() - refusal.at : -1;
          if (refusal && since >= 0 && since < REOPEN_MS) {
            stream.destroy(refusal.error);
            return stream;
          }
          stream.once('error', (error: StoreUnavailable) => {
            refusal = error.reason === 'open_failed' ? { at: context.clock.now(), error } : undefined;
            context.log.error({ err: error }, 'embedded database ended; it opens again with the next statement');
          });
          // The folder must be closed before it is opened again.
          void before.then(connect);
          return stream;
        };
        return stream as never;
      },
    },
    closed: async () => {
      await last;
      lock.release();
    },
  };
}

class PoolGate implements Gate {
  readonly engine: 'pglite' | 'postgres';
  readonly #pool: pg.Pool;
  readonly #engine: Engine;
  readonly #inside = new AsyncLocalStorage<Inside>();
  readonly #counter = new AsyncLocalStorage<string[]>();
  readonly listen?: NonNullable<Gate['listen']>;
  /** Plans of the one session of the embedded store. A server plans quicker, has many sessions, and may be migrated under us. */
  readonly #plans: Plans | null;
  #ended: Promise<void> | undefined;
  #patient = 0;
  /** Sessions that reported an error since they were taken out. */
  readonly #suspects = new WeakSet<pg.PoolClient>();

  constructor(target: GateTarget, context: GateContext) {
    this.engine = 'url' in target ? 'postgres' : 'pglite';
    const deadline = (): number => (this.#patient > 0 ? PATIENT_MS : (context.deadlineMs ?? STATEMENT_MS));
    this.#engine = 'url' in target ? postgresConfig(target.url, context) : pgliteConfig(target.dataDir, context, deadline);
    this.#plans = this.engine === 'pglite' ? new Plans(() => context.clock.now()) : null;
    this.#pool = new pg.Pool(this.#engine.config);
    this.#pool.on('error', (error) => context.log.warn({ err: error }, 'idle database session lost'));
    this.#pool.on('connect', (client) => this.#watch(client));
    if (this.engine === 'postgres') this.listen = listener(this.#engine.config, context.log);
  }

  get pool(): GatePool {
    return this;
  }

  async connect(): Promise<GateClient> {
    if (this.#inside.getStore()?.open) throw new NestedUse();
    const client = await this.#pool.connect().catch((error: Error) => {
      // Refused by the server (wrong password, too many sessions) or not reached at all: either way nothing was sent.
      if (error instanceof StoreUnavailable) throw error;
      throw new StoreUnavailable('open_failed', `The database cannot be reached: ${error.message}`, { cause: error });
    });
    const giveBack = client.release;
    // Without a listener a session lost while it is taken out would end the process; the waiting query rejects anyway.
    const lost = (): void => {};
    client.on('error', lost);
    client.release = (error) => {
      client.release = giveBack;
      const done = (failure?: Error | boolean): void => {
        client.removeListener('error', lost);
        giveBack(failure);
      };
      if (error || (client.getTransactionStatus() === 'I' && !this.#suspects.delete(client))) done(error);
      else client.query('rollback').then(() => done(), done);
    };
    if (this.#plans?.expire()) {
      try {
        await this.#forgetPlans(client);
      } catch (error) {
        client.release(error as Error);
        throw error;
      }
    }
    return client;
  }

  async query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>> {
    const client = await this.connect();
    try {
      const name = values && this.planOf('', text);
      return await client.query<Row>(name === undefined ? { text, ...(values ? { values: values as unknown[] } : {}) } : { text, values: values as unknown[], name });
    } finally {
      client.release();
    }
  }

  planOf(role: string, text: string): string | undefined {
    // Migrations change what plans are made for, so during one none is made or used.
    return this.#patient > 0 ? undefined : this.#plans?.nameOf(role, text);
  }

  async #forgetPlans(client: pg.PoolClient): Promise<void> {
    // node-postgres remembers what it has named.
    (client as unknown as { connection: { parsedStatements: Record<string, string> } }).connection.parsedStatements = {};
    await client.query('deallocate all');
  }

  async transaction<T>(fn: (client: GateClient) => Promise<T>, opening = ''): Promise<T> {
    const client = await this.connect();
    const inside: Inside = { open: true };
    let failure: Error | undefined;
    try {
      await client.query(`begin; ${opening}`);
      const result = await this.#inside.run(inside, () => fn(client));
      const committed = await client.query('commit');
      // PostgreSQL answers COMMIT of a failed transaction with success and the word ROLLBACK.
      if (committed.command === 'ROLLBACK') throw new Error('The transaction was rolled back: a statement in it failed and the error was swallowed.');
      return result;
    } catch (error) {
      if (error instanceof StoreUnavailable) failure = error;
      throw error;
    } finally {
      inside.open = false;
      client.release(failure);
    }
  }

  async counted<T>(fn: () => Promise<T>): Promise<{ result: T; statements: number; texts: readonly string[] }> {
    const texts: string[] = [];
    const result = await this.#counter.run(texts, fn);
    return { result, statements: texts.length, texts };
  }

  async patiently<T>(fn: () => Promise<T>): Promise<T> {
    this.#patient += 1;
    try {
      return await fn();
    } finally {
      this.#patient -= 1;
    }
  }

  end(): Promise<void> {
    this.#ended ??= this.#pool.end().then(() => this.#engine.closed());
    return this.#ended;
  }

  #watch(client: pg.PoolClient): void {
    // A query rejects when its error arrives, a moment before the session says whether a transaction is still open.
    const { connection } = client as unknown as { connection: EventEmitter };
    connection.on('errorMessage', (error: { readonly code?: string }) => {
      this.#suspects.add(client);
      // The plan is not there, or its table has changed (PostgreSQL manual, Appendix A: invalid_sql_statement_name, feature_not_supported).
      if (error.code === '26000' || error.code === '0A000') this.#plans?.doubt();
    });
    const send = client.query.bind(client) as (...all: unknown[]) => unknown;
    (client as { query: unknown }).query = (...all: unknown[]) => {
      const texts = this.#counter.getStore();
      if (texts) {
        const [first] = all;
        const text = typeof first === 'string' ? first : ((first as { text?: string } | undefined)?.text ?? '');
        if (!UNCOUNTED.test(text)) texts.push(text);
      }
      return send(...all);
    };
  }
}

/** LISTEN on a session of its own, made anew when lost; `again` is called whenever notifications may have been missed. */
function listener(config: pg.PoolConfig, log: Log): NonNullable<Gate['listen']> {
  return async (channel, heard, again) => {
    let client: pg.Client | undefined;
    let timer: NodeJS.Timeout | undefined;
    let closed = false;
    const open = async (): Promise<void> => {
      const next = new pg.Client({ ...config, application_name: 'banya listen', statement_timeout: 0 });
      next.on('notification', (message) => heard(message.payload ?? ''));
      next.on('error', (error) => log.warn({ err: error }, 'notification session lost'));
      next.on('end', () => {
        if (client === next && !closed) later();
      });
      try {
        await next.connect();
        await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      } catch (error) {
        await next.end().catch(() => {});
        throw error;
      }
      client = next;
      again();
    };
    const later = (): void => {
      timer = setTimeout(() => {
        open().catch(() => {
          if (!closed) later();
        });
      }, 2000);
    };
    await open();
    return {
      close: async () => {
        closed = true;
        clearTimeout(timer);
        await client?.end();
      },
    };
  };
}
