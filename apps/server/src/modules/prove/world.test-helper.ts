import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import type { Lang, Role } from '@banya/contract';
import { eachHouse, quiet } from '../../../test/gates.ts';
import { createAudit } from '../../kernel/audit.ts';
import type { Gate } from '../../kernel/db/gate.ts';
import { createTenancy, type KernelTenancy } from '../../kernel/db/tenancy.ts';
import { Problem } from '../../kernel/errors.ts';
import { authorise } from '../../kernel/http/authorise.ts';
import type { Principal } from '../../kernel/http/call.ts';
import { Live, type LiveEvent } from '../../kernel/http/live.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel, Module, OutgoingMail } from '../../kernel/kernel.ts';
import { Metrics } from '../../kernel/metrics.ts';
import { Secrets } from '../../kernel/secrets.ts';
import type { JobOptions, Scope, Tx } from '../../kernel/types.ts';
import { createBus } from '../../kernel/queue/bus.ts';
import { openDesk, type Desk } from '../desk/index.ts';
import * as counters from '../detect/store.ts';
import { openFederate } from '../federate/index.ts';
import { openFiles } from '../files/index.ts';
import { openFindings, type Findings, type RaisedFinding } from '../findings/index.ts';
import { openInventory, type Inventory } from '../inventory/index.ts';
import { Directory, openOrgs, type OrgKind, type Orgs } from '../orgs/index.ts';
import { openProve, type Prove } from './index.ts';
import { daysOf } from './calendar.ts';

export interface Person {
  readonly personId: string;
  readonly homeOrgId: string;
  readonly name: string;
}

/** A federation with six members over a real store, the modules below prove and federate, and a clock the test turns. */
export interface World {
  readonly gate: Gate;
  readonly tenancy: KernelTenancy;
  readonly orgs: Orgs;
  readonly inventory: Inventory;
  readonly findings: Findings;
  readonly desk: Desk;
  readonly prove: Prove;
  readonly federation: string;
  readonly members: readonly string[];
  readonly otherFederation: string;
  readonly manager: Person;
  readonly lead: Person;
  readonly mails: OutgoingMail[];
  readonly published: { orgId: string; event: LiveEvent }[];
  readonly seen: Map<string, Date>;
  /** Runs while a push asks for last visits: between computing figures and writing them. */
  meanwhile: (() => Promise<void>) | null;
  time: number;
  call<T = any>(as: Person, routeId: string, orgId: string, given?: { params?: object; query?: object; lang?: Lang }): Promise<T>;
  person(orgId: string, kind: OrgKind, name: string, ...roles: Role[]): Promise<Person>;
  member(name: string): Promise<string>;
  in<T>(orgId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** A device of the member that has sent lines on these days. */
  device(orgId: string, name: string, from: string, to: string): Promise<string>;
  count(orgId: string, rows: readonly (readonly [day: string, metric: string, key: string, n: number])[], demonstration?: boolean): Promise<void>;
  raise(orgId: string, more: Partial<RaisedFinding>): Promise<string>;
  /** Runs jobs of prove and federate that are due, and those they ask for. */
  work(): Promise<void>;
  run(job: string, payload?: unknown): Promise<void>;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const at = (text: string): number => Date.parse(text);

export function eachWorld(t: TestContext, name: string, fn: (world: World) => Promise<void>): Promise<void> {
  return eachHouse(t, name, async ({ gate }) => {
    const world = await buildWorld(gate);
    try {
      await fn(world);
    } finally {
      await world.prove.stop!();
    }
  });
}

/** Begins in September 2026, so that October is a whole month of everybody's. */
export async function buildWorld(gate: Gate, members = 6): Promise<World> {
  const clock = { now: (): number => world.time };
  const bus = createBus();
  const tenancy = createTenancy({ gate, bus, clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
  const mails: OutgoingMail[] = [];
  const published: World['published'] = [];
  const live = new Live();
  live.publish = (orgId, event) => void published.push({ orgId, event });
  const absent = (what: string) => new Proxy({}, { get: () => { throw new Error(`${what} is not part of this test`); } }) as never;
  const kernel: Kernel = {
    tenancy, bus, clock, live, log: pino({ enabled: false }), secrets: new Secrets(randomBytes(32)), settings: { get: async () => null, set: async () => {} },
    config: { findingsDays: 400, role: 'web', data: tmpdir(), mailDns: [] as readonly string[] } as Kernel['config'], metrics: new Metrics(), events: absent('events'), spool: absent('spool'), publicUrl: () => 'https://banya.example.jp',
  };
  const notify = {
    name: 'notify',
    mail: async (_tx: unknown, mail: OutgoingMail) => {
      if (!mail.key || !mails.some((m) => m.key === mail.key)) mails.push(mail);
    },
  } as never;
  const directory = new Directory(tenancy, clock);
  const identity = { sessions: { forget() {} }, accounts: { withSignIn: async () => new Set(), disable: async () => {}, changeEmail: async () => {} } };
  const orgs = openOrgs(kernel, { identity: identity as never, directory, saveMail: async () => {} });
  const inventory = openInventory(kernel, { orgs, tokens: {} as never, guideTarget: () => ({}) as never });
  inventory.sources.refresh = async () => {};
  const findings = openFindings(kernel, { orgs, notify } as never);
  const desk = openDesk(kernel, { orgs, notify, findings, files: openFiles(kernel) });
  const seen = new Map<string, Date>();
  const prove = openProve(kernel, { orgs, inventory, findings, detect: { counters: counters.counters, monthSums: counters.monthSums, deviceHealth: counters.deviceHealth }, desk, notify });
  const federate = openFederate(kernel, { orgs, inventory, findings, desk, bursts: findings, lastSeen: async (ids) => {
    await world.meanwhile?.();
    return new Map([...seen].filter(([id]) => ids.includes(id)));
  } });
  const bound = new Map([prove, federate, findings].flatMap((m: Module) => m.routes ?? []).map((b) => [b.route.id, b]));
  const handlers = [prove, federate].flatMap((m: Module) => m.jobs ?? []);
  const run = async (name: string, payload: unknown = {}): Promise<void> => {
    const handler = handlers.find((j) => j.name === name);
    if (!handler) throw new Error(`nobody handles the job ${name}`);
    await handler.run(payload, { jobId: newId(world.time), signal: new AbortController().signal });
  };
  const scope = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'test' } });
  const org = (kind: OrgKind, parent: string | null, name: string): Promise<string> =>
    tenancy.asSystem('test: make an organisation', async (tx) => (await orgs.createOrg(tx, kind, parent === null ? null : (await orgs.get(tx, parent))!, { name })).id);

  const world: World = {
    gate, tenancy, orgs, inventory, findings, desk, prove, mails, published, seen, meanwhile: null, time: at('2026-09-10T10:00:00+09:00'),
    federation: '', members: [], otherFederation: '', manager: {} as never, lead: {} as never,
    async call(as, routeId, orgId, given = {}) {
      const { route, handle } = bound.get(routeId)!;
      if (route.access.kind !== 'org') throw new Error(`${routeId} is no route of an organisation`);
      const principal: Principal = { kind: 'person', sessionId: newId(), accountId: newId(), personId: as.personId, homeOrgId: as.homeOrgId, name: as.name, email: 'x@example.jp', lang: 'ja', roles: await directory.roles(as.personId) };
      const reply = await handle({
        route, lang: given.lang ?? 'ja', scope: await authorise(route, route.access.permission, orgId, principal, directory), principal,
        params: route.params?.parse({ org: orgId, ...given.params }), query: route.query?.parse(given.query ?? {}),
      } as never);
      return (reply instanceof Response ? reply : route.reply!.parse(reply)) as never;
    },
    person: (orgId, kind, name, ...roles) =>
      tenancy.asSystem('test: make a person', async (tx) => {
        const made = await orgs.createPerson(tx, orgId, { name, emails: [`${newId(world.time)}@example.jp`] });
        for (const role of roles) await orgs.grantRole(tx, orgId, kind, { personId: made.id, homeOrgId: orgId, role }, 'test');
        return { personId: made.id, homeOrgId: orgId, name };
      }),
    member: (name) => org('member', world.federation, name),
    in: (orgId, fn) => tenancy.inOrg(scope(orgId), fn),
    device: (orgId, name, from, to) =>
      tenancy.inOrg(scope(orgId), async (tx) => {
        const row = await inventory.addSource(tx, { id: newId(world.time), org_id: orgId, name, family: 'fortigate', match: { by: 'token' }, match_key: null, device_id: null, time_zone: 'Asia/Tokyo', encoding: 'utf-8', retention: '90d', silent_after_hours: 24, created_at: tx.now, updated_at: tx.now, seen_at: null, clock_off_seconds: null, silent_since: null, archived_at: null, confirmed_at: tx.now } as never);
        await inventory.countLines(tx, daysOf(from, to).map((day) => ({ orgId, sourceId: row.id, day, lines: 1000, notUnderstood: 0, bytes: 1, lastAt: new Date(`${day}T23:00:00+09:00`), clockOffSeconds: null })) as never);
        return row.id;
      }),
    count: (orgId, rows, demonstration = false) => tenancy.inOrg(scope(orgId), (tx) => counters.addCounters(tx, rows.map((r) => [orgId, ...r]), demonstration)),
    async raise(orgId, more) {
      const now = new Date(world.time);
      const raised: RaisedFinding = {
        orgId, kind: 'detection', ruleId: 'unexplained', rule: { title: 'Something odd', author: 'Alice Example', license: 'DRL-1.1', references: [] }, severity: 'look', direction: 'none', stopped: 'yes', fingerprint: newId(world.time), entity: 'e',
        slots: {}, asset: null, minutes: 5, count: 1, firstAt: now, lastAt: now, days: { [new Date(world.time + 9 * HOUR).toISOString().slice(0, 10)]: 1 }, samples: [], deskTicket: false, ...more,
      };
      return (await tenancy.inOrg(scope(orgId), (tx) => findings.raise(tx, [raised])))[0]!.id;
    },
    async work() {
      for (;;) {
        const { rows } = await gate.query<{ id: string; name: string; payload: unknown; options: JobOptions & { startAfter?: string } }>('select id, name, payload, options from kernel_outbox order by id');
        const due = rows.filter((r) => /^(prove|federate)\./.test(r.name) && (!r.options.startAfter || at(String(r.options.startAfter)) <= world.time));
        if (due.length === 0) return;
        await gate.query('delete from kernel_outbox where id = any($1::uuid[])', [due.map((r) => r.id)]);
        const once = new Map(due.map((job) => [`${job.name} ${job.options.singletonKey ?? job.id}`, job]));
        for (const job of once.values()) await run(job.name, job.payload);
      }
    },
    run,
  };
  const federation = await org('federation', null, 'みなと連合会');
  Object.assign(world, { federation, otherFederation: await org('federation', null, 'やま連合会') });
  const ids: string[] = [];
  for (let i = 0; i < members; i += 1) ids.push(await world.member(`第${i + 1}会員`));
  Object.assign(world, { members: ids, manager: await world.person(federation, 'federation', '管理 花子', 'manager'), lead: await world.person(ids[0]!, 'member', '佐藤 花子', 'lead') });
  await gate.query('delete from kernel_outbox');
  return world;
}

export const problem = (code: string) => (error: unknown): boolean => error instanceof Problem && error.code === code;
