import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { allRoutes, type Lang, type Role } from '@banya/contract';
import { eachHouse, quiet } from '../../../test/gates.ts';
import { createAudit, listLedger, type LedgerLine } from '../../kernel/audit.ts';
import type { Gate } from '../../kernel/db/gate.ts';
import { createTenancy, type KernelTenancy } from '../../kernel/db/tenancy.ts';
import { Problem } from '../../kernel/errors.ts';
import { authorise } from '../../kernel/http/authorise.ts';
import { actorOf, type Principal } from '../../kernel/http/call.ts';
import { Live, type LiveEvent } from '../../kernel/http/live.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel, Module, OutgoingMail } from '../../kernel/kernel.ts';
import { Secrets } from '../../kernel/secrets.ts';
import type { JobOptions, Scope } from '../../kernel/types.ts';
import { createBus, type KernelBus } from '../../kernel/queue/bus.ts';
import { openFiles } from '../files/index.ts';
import { openFindings, type Findings, type RaisedFinding } from '../findings/index.ts';
import { Directory, openOrgs, type OrgKind, type Orgs } from '../orgs/index.ts';
import { openDesk, type Desk } from './index.ts';
import type { MailJudge } from './samples/index.ts';

export interface Person {
  readonly personId: string;
  readonly homeOrgId: string;
  readonly name: string;
}
type Caller = Person | { readonly token: string; readonly orgId: string };

/** A federation with two members, their people, and the modules around the desk over a real store; the test turns the clock. */
export interface World {
  readonly gate: Gate;
  readonly tenancy: KernelTenancy;
  readonly bus: KernelBus;
  readonly orgs: Orgs;
  readonly findings: Findings;
  readonly desk: Desk;
  readonly federation: string;
  readonly north: string;
  readonly south: string;
  /** Another federation with a member of its own. */
  readonly otherFederation: string;
  readonly otherMember: string;
  readonly people: Readonly<Record<'desk' | 'desk2' | 'manager' | 'lead' | 'staff' | 'southLead' | 'otherDesk' | 'otherLead', Person>>;
  readonly mails: OutgoingMail[];
  readonly published: { orgId: string; event: LiveEvent }[];
  /** Milliseconds since the epoch; begins on Tuesday, 24 November 2026, 10:00 in Japan. */
  time: number;
  /** Calls a route the way the door does: validated, authorised by the caller's roles, its reply checked. */
  call<T = any>(as: Caller, routeId: string, orgId: string, given?: { params?: object; query?: object; body?: unknown; lang?: Lang; bytes?: Uint8Array; type?: string }): Promise<T>;
  person(orgId: string, kind: OrgKind, name: string, ...roles: Role[]): Promise<Person>;
  /** Runs jobs that are due, and those they ask for. */
  work(): Promise<void>;
  run(job: string): Promise<void>;
  ledger(orgId: string): Promise<LedgerLine[]>;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface WorldOptions {
  /** What reads reported mails; nothing may, unless told. */
  readonly judge?: MailJudge;
  readonly mailDomain?: string;
}

export function eachWorld(t: TestContext, name: string, fn: (world: World) => Promise<void>, options: WorldOptions = {}): Promise<void> {
  return eachHouse(t, name, async ({ gate }) => {
    await fn(await buildWorld(gate, options));
  });
}

export async function buildWorld(gate: Gate, options: WorldOptions = {}): Promise<World> {
  const clock = { now: (): number => world.time };
  const bus = createBus();
  const tenancy = createTenancy({ gate, bus, clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
  const mails: OutgoingMail[] = [];
  const keys = new Set<string>();
  const published: World['published'] = [];
  const live = new Live();
  live.publish = (orgId, event) => void published.push({ orgId, event });
  const absent = (what: string) => new Proxy({}, { get: () => { throw new Error(`${what} is not part of this test`); } }) as never;
  const settings = new Map<string, unknown>([['federation', { id: '', name: '', deskPhone: '03-0000-0000', lang: 'ja' }]]);
  const kernel: Kernel = {
    tenancy, bus, clock, live, log: pino({ enabled: false }), secrets: new Secrets(randomBytes(32)),
    settings: { get: async <T>(key: string) => (settings.get(key) ?? null) as T | null, set: async (key, value) => void settings.set(key, value) },
    config: absent('config'), metrics: absent('metrics'), events: absent('events'), spool: absent('spool'), publicUrl: () => 'https://banya.example.jp',
  };
  const mail = async (_tx: unknown, letter: OutgoingMail): Promise<void> => {
    if (letter.key !== undefined && keys.has(`${letter.orgId} ${letter.key}`)) return;
    keys.add(`${letter.orgId} ${letter.key}`);
    mails.push(letter);
  };
  const directory = new Directory(tenancy, clock);
  const identity = { sessions: { forget() {} }, accounts: { withSignIn: async () => new Set(), disable: async () => {}, changeEmail: async () => {} } };
  const orgs = openOrgs(kernel, { identity: identity as never, directory, saveMail: async () => {} });
  const notify = { name: 'notify', mail } as never;
  const findings = openFindings(kernel, { orgs, notify, mail } as never);
  const files = openFiles(kernel);
  const desk = openDesk(kernel, { orgs, notify, findings, files, judge: options.judge ?? absent('judge'), ...(options.mailDomain ? { mailIn: { domain: options.mailDomain, on: true } } : {}) });
  const modules: readonly Module[] = [orgs, findings, files, desk];
  const runJob = async (job: string, payload: unknown): Promise<void> => {
    const handler = modules.flatMap((m) => m.jobs ?? []).find((j) => j.name === job);
    if (!handler) throw new Error(`nobody handles the job ${job}`);
    await handler.run(payload, { jobId: newId(world.time), signal: new AbortController().signal });
  };
  const bound = new Map(modules.flatMap((m) => m.routes ?? []).map((b) => [b.route.id, b]));
  const org = (kind: OrgKind, parent: string | null, name: string, more: object = {}): Promise<string> =>
    tenancy.asSystem('test: make an organisation', async (tx) => (await orgs.createOrg(tx, kind, parent === null ? null : (await orgs.get(tx, parent))!, { name, ...more })).id);

  const world: World = {
    gate, tenancy, bus, orgs, findings, desk, mails, published, time: Date.parse('2026-11-24T10:00:00+09:00'),
    federation: '', north: '', south: '', otherFederation: '', otherMember: '', people: {} as never,
    async call(as, routeId, orgId, given = {}) {
      const found = bound.get(routeId);
      if (!found) throw new Error(`${routeId} is not bound`);
      const { route } = found;
      if (route.access.kind !== 'org') throw new Error(`${routeId} is no route of an organisation`);
      const principal = await principalOf(directory, as);
      const params = route.params?.parse({ org: orgId, ...given.params });
      const scope = await authorise(route, route.access.permission, orgId, principal, directory);
      const reply = await found.handle({
        route, lang: given.lang ?? 'ja', scope, principal, params, query: route.query?.parse(given.query ?? {}), body: route.body?.parse(given.body), readBody: async () => given.bytes ?? new Uint8Array(), request: new Request('https://banya.example.jp/', { headers: { 'Content-Type': given.type ?? 'message/rfc822' } }), actor: actorOf(principal),
        get person() {
          if (principal.kind !== 'person') throw new Problem(403, 'person_only');
          return principal;
        },
      } as never);
      if (reply instanceof Response) return reply as never;
      return (route.reply ? route.reply.parse(reply) : reply) as never;
    },
    person: (orgId, _kind, name, ...roles) =>
      tenancy.asSystem('test: make a person', async (tx) => {
        const made = await orgs.createPerson(tx, orgId, { name, emails: [`${newId(world.time)}@example.jp`], phone: '043-200-0001' });
        // Directly, also one that pages would refuse at this kind of organisation.
        for (const role of roles) await tx.query('insert into orgs_roles (org_id, person_id, home_org_id, role, granted_by, granted_at) values ($1,$2,$3,$4,$5,$6)', [orgId, made.id, orgId, role, 'test', tx.now]);
        return { personId: made.id, homeOrgId: orgId, name };
      }),
    async work() {
      for (;;) {
        const { rows } = await gate.query<{ id: string; name: string; payload: unknown; options: JobOptions & { startAfter?: string } }>('select id, name, payload, options from kernel_outbox order by id');
        const due = rows.filter((r) => r.name.startsWith('desk.') && (!r.options.startAfter || Date.parse(String(r.options.startAfter)) <= world.time));
        if (due.length === 0) return;
        await gate.query('delete from kernel_outbox where id = any($1::uuid[])', [due.map((r) => r.id)]);
        for (const job of due) await runJob(job.name, job.payload);
      }
    },
    run: (job) => runJob(job, {}),
    ledger: (orgId) => tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'test' } }, (tx) => listLedger((text, values) => tx.query(text, values), orgId, { limit: 200 })),
  };
  const federation = await org('federation', null, '浜の連合会');
  const north = await org('member', federation, '北浜商店', { reading: 'きたはましょうてん', phone: '043-111-2222' });
  const south = await org('member', federation, '南浜水産', { reading: 'みなみはますいさん', phone: '043-333-4444' });
  const otherFederation = await org('federation', null, '山の連合会');
  const otherMember = await org('member', otherFederation, '山里組合');
  const people = {
    desk: await world.person(federation, 'federation', '受付 一郎', 'desk'), desk2: await world.person(federation, 'federation', '受付 二郎', 'desk'), manager: await world.person(federation, 'federation', '管理 花子', 'manager'),
    lead: await world.person(north, 'member', '北浜 青子', 'lead'), staff: await world.person(north, 'member', '北浜 茂', 'staff'), southLead: await world.person(south, 'member', '南浜 桃子', 'lead'),
    otherDesk: await world.person(otherFederation, 'federation', '山の 受付', 'desk'), otherLead: await world.person(otherMember, 'member', '山里 守', 'lead'),
  };
  return Object.assign(world, { federation, north, south, otherFederation, otherMember, people });
}

async function principalOf(directory: Directory, as: Caller): Promise<Principal> {
  if ('token' in as) return { kind: 'token', tokenId: as.token, orgId: as.orgId, name: '受付システム', scopes: ['tickets:write', 'samples:write'], sourceId: null };
  return { kind: 'person', sessionId: newId(), accountId: newId(), personId: as.personId, homeOrgId: as.homeOrgId, name: as.name, email: 'x@example.jp', lang: 'ja', roles: await directory.roles(as.personId) };
}

/** For assert.rejects: the problem with this code. */
export const problem = (code: string) => (error: unknown): boolean => error instanceof Problem && error.code === code;
export const status = (code: number) => (error: unknown): boolean => error instanceof Problem && error.status === code;
export const scopeOf = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'test' } });
export const deskRouteIds = allRoutes().filter((r) => /^(tickets|queue|looks|templates|articles|desk)\./.test(r.id)).map((r) => r.id);

export function raised(orgId: string, more: Partial<RaisedFinding> = {}): RaisedFinding {
  const at = new Date('2026-11-24T09:55:00+09:00');
  return {
    orgId, kind: 'detection', ruleId: 'banya-test', rule: { title: 'Test rule', author: 'Banya', license: 'Apache-2.0', references: [] }, severity: 'now', direction: 'outbound', stopped: 'no', fingerprint: `f ${newId()}`, entity: '192.0.2.7',
    slots: {}, asset: null, minutes: 10, count: 1, firstAt: at, lastAt: at, days: { '2026-11-24': 1 }, samples: [], deskTicket: true, ...more,
  };
}
