import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { eachGate, quiet } from '../../../test/gates.ts';
import { createAudit } from '../../kernel/audit.ts';
import type { Gate } from '../../kernel/db/gate.ts';
import { migrate, readMigrations } from '../../kernel/db/migrate.ts';
import { createTenancy, type KernelTenancy } from '../../kernel/db/tenancy.ts';
import { Problem } from '../../kernel/errors.ts';
import type { Bound, Principal } from '../../kernel/http/call.ts';
import { Live } from '../../kernel/http/live.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { Secrets } from '../../kernel/secrets.ts';
import type { Actor, JobOptions, Scope } from '../../kernel/types.ts';
import { createBus } from '../../kernel/queue/bus.ts';

/** A kernel over a real, fresh state store, with a clock the test turns and jobs the test runs. */
export interface TestKernel extends Kernel {
  readonly gate: Gate;
  readonly tenancy: KernelTenancy;
  /** Milliseconds since the epoch; starts on a Monday, 23 November 2026 at 09:00 in Tokyo. */
  time: number;
  /** Runs waiting jobs that are due, and those they ask for, in order. Returns how many ran. */
  work(...modules: Module[]): Promise<number>;
  /** Runs one job now. */
  run(module: Module, name: string, payload?: unknown): Promise<void>;
}

export const at = (text: string): number => Date.parse(text);

export async function eachKernel(t: TestContext, name: string, fn: (kernel: TestKernel, t: TestContext) => Promise<void>): Promise<void> {
  await eachGate(t, name, async (gate, inner) => {
    await migrate(gate, readMigrations());
    const live = new Live();
    try {
      await fn(testKernel(gate, live), inner);
    } finally {
      live.close();
    }
  });
}

function testKernel(gate: Gate, live: Live): TestKernel {
  const settings = new Map<string, unknown>();
  const bus = createBus();
  const clock = { now: (): number => kernel.time };
  const tenancy = createTenancy({ gate, bus, clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
  const absent = (what: string) => new Proxy({}, { get: () => { throw new Error(`${what} is not part of this test`); } }) as never;
  const run = async (modules: readonly Module[], name: string, payload: unknown): Promise<void> => {
    const handler = modules.flatMap((m) => m.jobs ?? []).find((j) => j.name === name);
    if (!handler) throw new Error(`nobody handles the job ${name}`);
    await handler.run(payload, { jobId: newId(clock.now()), signal: new AbortController().signal });
  };
  const kernel: TestKernel = {
    gate, tenancy, bus, live, clock,
    time: at('2026-11-23T00:00:00Z'),
    log: pino({ enabled: false }),
    secrets: new Secrets(randomBytes(32)),
    settings: {
      get: async <T>(key: string) => (settings.get(key) ?? null) as T | null,
      set: async (key, value) => void settings.set(key, structuredClone(value)),
    },
    config: absent('config'), metrics: absent('metrics'), events: absent('events'), spool: absent('spool'),
    publicUrl: () => 'https://banya.example.jp',
    async work(...modules) {
      for (let ran = 0; ; ) {
        const { rows } = await gate.query<{ id: string; name: string; payload: unknown; options: JobOptions & { startAfter?: string } }>('select id, name, payload, options from kernel_outbox order by id');
        const due = rows.filter((r) => !r.options.startAfter || at(String(r.options.startAfter)) <= clock.now());
        if (due.length === 0) return ran;
        await gate.query('delete from kernel_outbox where id = any($1::uuid[])', [due.map((r) => r.id)]);
        for (const job of due) {
          await run(modules, job.name, job.payload);
          ran += 1;
        }
      }
    },
    run: (module, name, payload = {}) => run([module], name, payload),
  };
  return kernel;
}

const somebody: Actor = { kind: 'person', personId: '01900000-0000-7000-8000-00000000000a', homeOrgId: '01900000-0000-7000-8000-00000000000b', name: '青木 花子' };

export const scopeOf = (orgId: string, actor: Actor = somebody): Scope => ({ orgId, actor });

/** Calls the handler of a route the way the door does, after its schemas. */
export async function call<T = never>(module: Module, routeId: string, given: { scope?: Scope; params?: object; query?: object; body?: unknown; lang?: 'ja' | 'en'; principal?: Principal } = {}): Promise<T> {
  const bound: Bound | undefined = module.routes?.find((b) => b.route.id === routeId);
  if (!bound) throw new Error(`${routeId} is not bound`);
  const { route } = bound;
  const parse = (schema: typeof route.query, value: unknown): unknown => (schema ? schema.parse(value) : undefined);
  const signedIn = { ...somebody, sessionId: newId(0), accountId: newId(0), email: 'somebody@example.jp', lang: given.lang ?? 'ja', roles: new Map() } as Principal & { kind: 'person' };
  const principal = given.principal ?? signedIn;
  const reply = await bound.handle({
    route, lang: given.lang ?? 'ja', scope: given.scope, principal, person: principal.kind === 'person' ? principal : undefined,
    params: parse(route.params, { org: given.scope?.orgId, ...given.params }), query: parse(route.query, given.query ?? {}), body: parse(route.body, given.body),
  } as never);
  if (reply instanceof Response) return reply as T;
  return (route.reply ? route.reply.parse(reply) : reply) as T;
}

/** For assert.rejects: the problem with this code. */
export const problem = (code: string) => (error: unknown): boolean => error instanceof Problem && error.code === code;
