import type { Kysely } from 'kysely';
import { newId } from '../ids.ts';
import type { AuditEntry, Actor, BusEventName, BusEvents, Clock, JobName, JobOptions, JobPayloads, Scope, Tenancy, Tx } from '../types.ts';
import type { AuditLedger, PendingEntry } from '../audit.ts';
import { checkEntry } from '../audit.ts';
import type { KernelBus } from '../queue/bus.ts';
import type { Jobs } from '../queue/jobs.ts';
import type { OutboxRow } from '../queue/outbox.ts';
import { writeOutbox } from '../queue/outbox.ts';
import type { Gate, GateClient, Log } from './gate.ts';
import { TxSession } from './session.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A handler that answers an event with itself must not run for ever; one after another there may be many, as for a batch of lines. */
const MAX_EVENTS_WITHIN = 100;

/** The ledger of the installation itself: entries of system work that name no organisation. */
export const HOUSE_ORG = '00000000-0000-0000-0000-000000000000';

export interface TenancyParts {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly bus: KernelBus;
  readonly jobs: Pick<Jobs, 'wake'>;
  readonly audit: AuditLedger;
  readonly log: Log;
}

export interface RunOptions {
  /** Run `fn` again (twice at most) when PostgreSQL reports a deadlock or serialisation failure. Only for `fn` whose effects outside the database may happen more than once. */
  readonly retry?: boolean;
  /** The person behind system work, for the ledger. */
  readonly actor?: Actor;
}

/** What the kernel itself has; modules get it as `Tenancy`. */
export interface KernelTenancy extends Tenancy {
  inOrg<T>(scope: Scope, fn: (tx: Tx) => Promise<T>, options?: RunOptions): Promise<T>;
  asSystem<T>(reason: string, fn: (tx: Tx) => Promise<T>, options?: RunOptions): Promise<T>;
  /** Runs `fn` over schema auth only. For kernel/identity alone. */
  asAuth<T>(reason: string, fn: (tx: Tx) => Promise<T>, options?: RunOptions): Promise<T>;
}

interface Frame {
  readonly role: 'banya_app' | 'banya_system' | 'banya_auth';
  readonly orgId: string | null;
  readonly actor: Actor;
  readonly via?: string | undefined;
  readonly ticket?: string | undefined;
}

export function createTenancy(parts: TenancyParts): KernelTenancy {
  return {
    inOrg(scope, fn, options) {
      if (!UUID.test(scope.orgId)) return Promise.reject(new TypeError('scope.orgId is a lower-case UUID'));
      return run(parts, { role: 'banya_app', orgId: scope.orgId, actor: scope.actor, via: scope.via, ticket: scope.ticket }, fn, options);
    },
    asSystem(reason, fn, options) {
      return run(parts, { role: 'banya_system', orgId: null, actor: options?.actor ?? { kind: 'system', name: reason } }, fn, options);
    },
    asAuth(reason, fn, options) {
      return run(parts, { role: 'banya_auth', orgId: null, actor: { kind: 'system', name: reason } }, fn, options);
    },
  };
}

async function run<T>(parts: TenancyParts, frame: Frame, fn: (tx: Tx) => Promise<T>, options: RunOptions | undefined): Promise<T> {
  for (let again = options?.retry ? 2 : 0; ; again -= 1) {
    try {
      return await once(parts, frame, fn);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      // Serialization failure and deadlock detected (PostgreSQL manual, Appendix A): nothing was stored.
      if (again === 0 || (code !== '40001' && code !== '40P01')) throw error;
    }
  }
}

async function once<T>(parts: TenancyParts, frame: Frame, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const opening = `set local role ${frame.role}; select set_config('banya.org', '${frame.orgId ?? ''}', true)`;
  let work: KernelTx | undefined;
  const result = await parts.gate.transaction(async (client) => {
    work = new KernelTx(parts, frame, client);
    try {
      const value = await fn(work);
      await work.finish(client);
      return value;
    } finally {
      work.session.close();
    }
  }, opening);
  await work?.committed();
  return result;
}

class KernelTx implements Tx {
  readonly orgId: string | null;
  readonly actor: Actor;
  readonly now: Date;
  readonly session: TxSession;
  readonly #parts: TenancyParts;
  readonly #frame: Frame;
  readonly #entries: PendingEntry[] = [];
  readonly #jobs: OutboxRow[] = [];
  readonly #jobKeys = new Set<string>();
  readonly #events: { name: BusEventName; payload: never }[] = [];
  /** Events whose handlers run at the moment. */
  #within = 0;
  readonly #after: (() => void | Promise<void>)[] = [];

  constructor(parts: TenancyParts, frame: Frame, client: GateClient) {
    this.#parts = parts;
    this.#frame = frame;
    this.orgId = frame.orgId;
    this.actor = frame.actor;
    this.now = new Date(parts.clock.now());
    this.session = new TxSession(client, (text) => parts.gate.planOf(frame.role, text));
  }

  table<Schema>(): Kysely<Schema> {
    return this.session.builder as Kysely<Schema>;
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return (await this.session.run(text, values)).rows as Row[];
  }

  async emit<N extends BusEventName>(name: N, payload: BusEvents[N]): Promise<void> {
    if (this.#within >= MAX_EVENTS_WITHIN) throw new Error(`More than ${MAX_EVENTS_WITHIN} events within one another; the last is ${name}.`);
    this.#events.push({ name, payload: payload as never });
    this.#within++;
    try {
      await this.#parts.bus.run(this, name, payload);
    } finally {
      this.#within--;
    }
  }

  job<N extends JobName>(name: N, payload: JobPayloads[N], options: JobOptions = {}): void {
    const { singletonKey } = options;
    if (singletonKey !== undefined) {
      // The queue would keep the first and throw the others away: a batch of lines asks for the same thousands of times.
      const key = `${name} ${singletonKey}`;
      if (this.#jobKeys.has(key)) return;
      this.#jobKeys.add(key);
    }
    this.#jobs.push({ id: newId(this.#parts.clock.now()), name, payload, options });
  }

  audit(entry: AuditEntry): void {
    const orgId = entry.orgId ?? this.orgId ?? HOUSE_ORG;
    if (!UUID.test(orgId)) throw new TypeError('the ledger\'s orgId is a lower-case UUID');
    const { via, ticket } = this.#frame;
    const whole = ticket === undefined ? entry : { ...entry, facts: { ...entry.facts, ticket } };
    checkEntry(whole);
    this.#entries.push({ ...whole, orgId, actor: this.actor, ...(via === undefined ? {} : { via }) });
  }

  afterCommit(fn: () => void | Promise<void>): void {
    this.#after.push(fn);
  }

  /** Writes what was collected, as the last statements before commit. */
  async finish(client: GateClient): Promise<void> {
    const { via, orgId } = this.#frame;
    if (via !== undefined && !this.#entries.some((entry) => entry.orgId === orgId)) this.audit({ action: 'kernel.read' });
    if (this.#entries.length === 0 && this.#jobs.length === 0) return;
    if (this.#frame.role !== 'banya_system') await client.query('set local role banya_system');
    await writeOutbox(this.session, this.#jobs);
    await this.#parts.audit.append(this.session, this.#entries, this.now);
  }

  /** What follows the commit; an error here concerns nobody who waits for the transaction. */
  async committed(): Promise<void> {
    if (this.#jobs.length > 0) this.#parts.jobs.wake();
    const after = this.#events.map(({ name, payload }) => () => this.#parts.bus.runAfter(name, payload));
    for (const fn of [...after, ...this.#after]) {
      try {
        await fn();
      } catch (error) {
        this.#parts.log.error({ err: error }, 'after-commit work failed');
      }
    }
  }
}
