import type { Kysely } from 'kysely';
import type { Lang, Role } from '@banya/contract';

/** Who acts. Stands in every ledger entry. */
export type Actor =
  | { readonly kind: 'person'; readonly personId: string; readonly homeOrgId: string; readonly name: string }
  | { readonly kind: 'token'; readonly tokenId: string; readonly homeOrgId: string; readonly name: string }
  | { readonly kind: 'system'; readonly name: string };

/** One organisation's rows, and who looks at them. */
export interface Scope {
  readonly orgId: string;
  readonly actor: Actor;
  /** Set when the actor belongs to another organisation: why reading is allowed (consent kind or 'always'). */
  readonly via?: string;
  /** Set when the member allows it for open questions alone: their numbers, `#12 #15`. Stands in every ledger entry of the scope. */
  readonly ticket?: string;
  /** Set when the caller may only see what is his or her own: that person's id. */
  readonly self?: string;
}

/** An entry of an organisation's audit ledger. Never holds secrets or message bodies. */
export interface AuditEntry {
  /** `module.verb`, for instance `findings.closed`, `desk.read`. */
  readonly action: string;
  /** What it was done to: `finding:0190…`. */
  readonly target?: string;
  /** A few plain facts, small: at most 2 KiB as JSON. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  /** Ledger to write to; the scope's organisation unless told. */
  readonly orgId?: string;
}

/** Facts that modules tell one another. Each module adds its own by declaration merging in its index.ts. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface BusEvents {}
export type BusEventName = keyof BusEvents & string;

/** Jobs by name with their payload (plain JSON, carries orgId). Each module adds its own by declaration merging. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface JobPayloads {}
export type JobName = keyof JobPayloads & string;

export interface JobOptions {
  /** Jobs of one name with the same key are kept once while waiting. */
  readonly singletonKey?: string;
  readonly startAfter?: Date;
  readonly retryLimit?: number;
  readonly priority?: number;
}

/** One transaction: SQL inside a scope, and what must happen with its commit. */
export interface Tx {
  /** null inside asSystem. */
  readonly orgId: string | null;
  readonly actor: Actor;
  /** The transaction's instant, from the kernel's clock. */
  readonly now: Date;
  /** The query builder, typed by the calling module's own schema. */
  table<Schema>(): Kysely<Schema>;
  /** A statement with $1… parameters, for what the builder says badly. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Tells the house. Handlers of `bus.on` run inside this transaction, before commit, in order; `bus.after` ones after it. */
  emit<N extends BusEventName>(name: N, payload: BusEvents[N]): Promise<void>;
  /** Asks for work after commit (outbox: lost never, doubled maybe, so jobs are idempotent). */
  job<N extends JobName>(name: N, payload: JobPayloads[N], options?: JobOptions): void;
  /** Writes to the audit ledger with this transaction. */
  audit(entry: AuditEntry): void;
  /** Runs after commit, never if it rolls back; errors are logged, not thrown. */
  afterCommit(fn: () => void | Promise<void>): void;
}

export interface Tenancy {
  /** Runs `fn` in a transaction that sees and writes only rows of `scope.orgId` (and rows shared with it by design). */
  inOrg<T>(scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Runs `fn` over all organisations. `reason` is a constant that says why; tests list every one. `actor` is the person
   * behind it, for the ledger, where there is one.
   */
  asSystem<T>(reason: string, fn: (tx: Tx) => Promise<T>, options?: { readonly actor?: Actor }): Promise<T>;
}

export interface Bus {
  on<N extends BusEventName>(name: N, handler: (tx: Tx, payload: BusEvents[N]) => Promise<void>): void;
  after<N extends BusEventName>(name: N, handler: (payload: BusEvents[N]) => void | Promise<void>): void;
}

export interface JobHandler<N extends JobName = JobName> {
  readonly name: N;
  /** Jobs of this name at work at once in this process. */
  readonly concurrency?: number;
  /** Five-field cron in the given zone; the payload is then `cronPayload`. */
  readonly cron?: { readonly expression: string; readonly zone: string; readonly payload: JobPayloads[N] };
  readonly run: (payload: JobPayloads[N], context: { readonly jobId: string; readonly signal: AbortSignal }) => Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Somebody signed in: the account, the person behind it, and the roles by organisation. */
export interface SignedIn {
  readonly sessionId: string;
  readonly accountId: string;
  readonly personId: string;
  readonly homeOrgId: string;
  readonly name: string;
  readonly email: string;
  readonly lang: Lang;
  /** Roles per organisation node, already resolved for deputies and expiry. */
  readonly roles: ReadonlyMap<string, readonly Role[]>;
}
