import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { samples as contract, type Lang, type Role, type Route } from '@banya/contract';
import { fingerprints, type Analysis, type Indicator, type ParsedMail } from '@banya/mail';
import { eachHouse, quiet } from '../../../test/gates.ts';
import { createAudit, listLedger, type LedgerLine } from '../../kernel/audit.ts';
import type { Gate } from '../../kernel/db/gate.ts';
import { createTenancy, type KernelTenancy } from '../../kernel/db/tenancy.ts';
import { Problem } from '../../kernel/errors.ts';
import type { EventQuery } from '../../kernel/events/types.ts';
import { authorise } from '../../kernel/http/authorise.ts';
import type { Principal } from '../../kernel/http/call.ts';
import { Live, type LiveEvent } from '../../kernel/http/live.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel, OutgoingMail } from '../../kernel/kernel.ts';
import { createBus } from '../../kernel/queue/bus.ts';
import { Secrets } from '../../kernel/secrets.ts';
import type { JobOptions, Scope, Tx } from '../../kernel/types.ts';
import { openFindings } from '../findings/index.ts';
import { Directory, openOrgs, type OrgKind, type Orgs } from '../orgs/index.ts';
import { openFederate, type Campaigns, type SampleFacts, type SampleSource } from './index.ts';

export interface Person {
  readonly personId: string;
  readonly homeOrgId: string;
  readonly name: string;
}

/** What a test says of a mail; the rest is that of a mail in the name of a bank. */
export interface Written {
  readonly text?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly sender?: string;
  readonly url?: string | null;
  readonly messageId?: string;
  readonly file?: string;
  readonly to?: string;
  readonly asks?: Analysis['asks'];
  readonly indicators?: readonly Indicator[];
  readonly lookalikes?: Analysis['lookalikes'];
}

/** Federation, four members (the last with a unit), another federation; modules federate and findings over a real store, mails kept in memory. */
export interface World {
  readonly gate: Gate;
  readonly tenancy: KernelTenancy;
  readonly orgs: Orgs;
  readonly federation: string;
  readonly members: readonly string[];
  readonly unit: string;
  readonly otherFederation: string;
  readonly otherMember: string;
  readonly desk: Person;
  readonly otherDesk: Person;
  readonly leads: readonly Person[];
  readonly staff: Person;
  readonly mails: OutgoingMail[];
  readonly published: { orgId: string; event: LiveEvent }[];
  readonly campaigns: Campaigns;
  /** What an organisation's logs answer, and what was asked of them. */
  readonly logs: Map<string, { n: number; first: number }>;
  readonly asked: { orgId: string; query: EventQuery }[];
  time: number;
  call<T = any>(as: Person, route: Route, orgId: string, given?: { params?: object; query?: object; body?: unknown; lang?: Lang }): Promise<T>;
  /** A mail was reported and judged; gives its id. */
  report(orgId: string, analysis: Analysis, facts?: Partial<SampleFacts>): Promise<string>;
  change(orgId: string, id: string, facts: Partial<SampleFacts>, event?: 'samples.decided' | 'samples.touched'): Promise<void>;
  /** The mail itself is deleted after its days. */
  drop(orgId: string, id: string): void;
  consent(orgId: string, kind: 'indicators' | 'samples', given: boolean, until?: Date | null): Promise<void>;
  person(orgId: string, kind: OrgKind, name: string, ...roles: Role[]): Promise<Person>;
  work(): Promise<void>;
  run(job: string, payload?: unknown): Promise<void>;
  in<T>(orgId: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  ledger(orgId: string): Promise<LedgerLine[]>;
}

export const DAY = 86_400_000;
export const scopeOf = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'test' } });
export const problem = (code: string) => (error: unknown): boolean => error instanceof Problem && error.code === code;

const TEXT = 'ご登録のお支払い方法が承認されなかったため、ご利用を一時的に制限しております。下記のリンクよりログインのうえ、登録内容をご確認ください。二十四時間以内にご確認いただけない場合、アカウントは停止されます。';

/** An analysis with real fingerprints. */
export function analysis(w: Written = {}): Analysis {
  const { text = TEXT, subject = '【重要】お支払い方法の確認', from = 'なぎさ銀行', sender = 'minato-check.example', url = 'https://login-minato.example/verify/account?id=1', to = 'hana@member.example' } = w;
  const host = url === null ? '' : new URL(url).host;
  const links = url === null ? [] : [{ url, host, domain: host, from: 'text' as const }];
  const files = w.file === undefined ? [] : [{ name: '請求書.xlsm', size: 30_000, sha256: w.file, declaredType: 'application/octet-stream', realType: 'xlsm', flags: ['macro' as const], entries: [], words: [] }];
  const mailbox = { name: from, address: `info@${sender}`, domain: sender };
  const parsed: ParsedMail = {
    kind: 'eml', size: text.length, raw: new Uint8Array(), headers: [], from: [mailbox], replyTo: [], to: [{ name: '', address: to, domain: 'member.example' }], cc: [], subject, ...(w.messageId === undefined ? {} : { messageId: w.messageId }), references: [], text, hiddenText: '', links, attachments: [],
    automatic: { list: false, bulk: false, reply: false, bounce: false }, troubles: [],
  };
  return {
    verdict: 'dangerous', score: 80, reasons: [], signals: [], passage: 'original', authentication: { by: 'none', spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none', evidence: [] }, lookalikes: w.lookalikes ?? [], files, links,
    indicators: w.indicators ?? [{ kind: 'address', value: mailbox.address }, { kind: 'domain', value: sender }, ...(url === null ? [] : [{ kind: 'domain' as const, value: host }]), ...files.map((f) => ({ kind: 'sha256' as const, value: f.sha256 }))],
    fingerprints: fingerprints(parsed, files), troubles: [], asks: w.asks ?? ['credentials', 'account_stop'], facts: { from: mailbox, replyTo: undefined, returnPath: undefined, to: [to], subject, route: [] },
  };
}

interface Stored {
  facts: SampleFacts;
  analysis: Analysis;
  orgId: string;
}

export function eachWorld(t: TestContext, name: string, fn: (world: World) => Promise<void>): Promise<void> {
  return eachHouse(t, name, async ({ gate }) => fn(await buildWorld(gate)));
}

export async function buildWorld(gate: Gate): Promise<World> {
  const clock = { now: (): number => world.time };
  const bus = createBus();
  const tenancy = createTenancy({ gate, bus, clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
  const mails: OutgoingMail[] = [];
  const published: World['published'] = [];
  const asked: World['asked'] = [];
  const logs: World['logs'] = new Map();
  const live = new Live();
  live.publish = (orgId, event) => void published.push({ orgId, event });
  const absent = (what: string) => new Proxy({}, { get: () => { throw new Error(`${what} is not part of this test`); } }) as never;
  const events = { query: async (orgId: string, query: EventQuery) => { asked.push({ orgId, query }); return [logs.get(orgId) ?? { n: 0, first: 0 }]; } };
  const settings = new Map<string, unknown>([['federation', { deskPhone: '03-0000-0000' }]]);
  const kernel: Kernel = {
    tenancy, bus, clock, live, log: pino({ enabled: false }), secrets: new Secrets(randomBytes(32)), settings: { get: async <T>(key: string) => (settings.get(key) ?? null) as T | null, set: async () => {} },
    config: absent('config'), metrics: absent('metrics'), events: events as never, spool: absent('spool'), publicUrl: () => 'https://banya.example.jp',
  };
  const mail = async (_tx: unknown, letter: OutgoingMail): Promise<void> => {
    if (!letter.key || !mails.some((m) => m.key === letter.key && m.orgId === letter.orgId)) mails.push(letter);
  };
  const directory = new Directory(tenancy, clock);
  const identity = { sessions: { forget() {}, forgetAll() {} }, accounts: { withSignIn: async () => new Set(), disable: async () => {}, changeEmail: async () => {} } };
  const orgs = openOrgs(kernel, { identity: identity as never, directory, saveMail: async () => {} });
  const findings = openFindings(kernel, { orgs, notify: { mail } } as never);
  const stored = new Map<string, Stored>();
  let campaigns: Campaigns | null = null;
  const federationOf = async (orgId: string): Promise<string | null> => directory.federationOf(orgId);
  const above = new Map<string, string>();
  const samples: SampleSource = {
    facts: async (_tx, orgId, id) => (stored.get(id)?.orgId === orgId ? stored.get(id)!.facts : null),
    analysis: async (_tx, orgId, id) => (stored.get(id)?.orgId === orgId ? { analysis: stored.get(id)!.analysis } : null),
    ofDesk: async (_tx, federationId, ids) =>
      ids.filter((id) => stored.get(id)?.facts.shown && above.get(stored.get(id)!.orgId) === federationId).map((id) => {
        const { facts, analysis: a, orgId } = stored.get(id)!;
        return { id, org: orgId, orgName: '', at: facts.at.toISOString(), state: facts.state, channel: 'upload' as const, reporter: { id: null, name: 'だれか' }, subject: a.facts.subject, from: a.facts.from?.address ?? '', verdict: facts.verdict, score: 0, decision: facts.decision, decidedAt: null, touched: facts.touched, ticket: newId(), campaign: null, firstReason: null };
      }),
    setCampaigns: (given) => void (campaigns = given),
  };
  const module = openFederate(kernel, {
    orgs, inventory: { sourcesOf: async () => [] }, findings: { ofMonth: async () => [], outcomes: async () => [] }, desk: { openTickets: async () => [] }, mails: { samples, findings, mail, langs: async () => new Map() },
  });
  const bound = new Map([module, findings].flatMap((m) => m.routes ?? []).map((b) => [b.route.id, b]));
  const run = async (name: string, payload: unknown = {}): Promise<void> => {
    const handler = (module.jobs ?? []).find((j) => j.name === name);
    if (!handler) throw new Error(`nobody handles the job ${name}`);
    await handler.run(payload, { jobId: newId(world.time), signal: new AbortController().signal });
  };
  const org = (kind: OrgKind, parent: string | null, name: string, more: object = {}): Promise<string> =>
    tenancy.asSystem('test: make an organisation', async (tx) => (await orgs.createOrg(tx, kind, parent === null ? null : (await orgs.get(tx, parent))!, { name, ...more })).id);

  const world: World = {
    gate, tenancy, orgs, mails, published, logs, asked, time: Date.parse('2026-11-24T10:00:00+09:00'),
    federation: '', members: [], unit: '', otherFederation: '', otherMember: '', desk: {} as never, otherDesk: {} as never, leads: [], staff: {} as never, campaigns: campaigns!,
    async call(as, route, orgId, given = {}) {
      const found = bound.get(route.id);
      if (!found || route.access.kind !== 'org') throw new Error(`${route.id} is not bound`);
      const principal: Principal = { kind: 'person', sessionId: newId(), accountId: newId(), personId: as.personId, homeOrgId: as.homeOrgId, name: as.name, email: 'x@example.jp', lang: 'ja', roles: await directory.roles(as.personId) };
      const reply = await found.handle({
        route, lang: given.lang ?? 'ja', scope: await authorise(route, route.access.permission, orgId, principal, directory), principal, person: principal,
        params: route.params?.parse({ org: orgId, ...given.params }), query: route.query?.parse(given.query ?? {}), body: route.body?.parse(given.body),
      } as never);
      return (route.reply ? route.reply.parse(reply) : reply) as never;
    },
    async report(orgId, made, facts = {}) {
      const id = newId(world.time);
      above.set(orgId, (await federationOf(orgId))!);
      stored.set(id, { orgId, analysis: made, facts: { state: 'judged', verdict: made.verdict, decision: null, decidedAt: null, touched: null, at: new Date(world.time), reporterId: newId(), shown: false, ...facts } });
      await world.in(orgId, (tx) => tx.emit('samples.judged', { orgId, sampleId: id }));
      await world.work();
      return id;
    },
    async change(orgId, id, facts, event = 'samples.decided') {
      stored.get(id)!.facts = { ...stored.get(id)!.facts, ...facts };
      await world.in(orgId, (tx) => tx.emit(event, { orgId, sampleId: id } as never));
      await world.work();
    },
    drop: (_orgId, id) => void stored.delete(id),
    async consent(orgId, kind, given, until = null) {
      await world.in(orgId, (tx) => orgs.setConsent(tx, orgId, kind, given, until, 'test'));
      await world.work();
    },
    person: (orgId, _kind, name, ...roles) =>
      tenancy.asSystem('test: make a person', async (tx) => {
        const made = await orgs.createPerson(tx, orgId, { name, emails: [`${newId(world.time)}@example.jp`] });
        for (const role of roles) await tx.query('insert into orgs_roles (org_id, person_id, home_org_id, role, granted_by, granted_at) values ($1,$2,$3,$4,$5,$6)', [orgId, made.id, orgId, role, 'test', tx.now]);
        return { personId: made.id, homeOrgId: orgId, name };
      }),
    async work() {
      for (;;) {
        const { rows } = await gate.query<{ id: string; name: string; payload: unknown; options: JobOptions & { startAfter?: string } }>('select id, name, payload, options from kernel_outbox order by id');
        const due = rows.filter((r) => /^federate\.(mail|mailsOf|warn|look)$/.test(r.name) && (!r.options.startAfter || Date.parse(String(r.options.startAfter)) <= world.time));
        if (due.length === 0) return;
        await gate.query('delete from kernel_outbox where id = any($1::uuid[])', [due.map((r) => r.id)]);
        for (const job of due) await run(job.name, job.payload);
      }
    },
    run,
    in: (orgId, fn) => tenancy.inOrg(scopeOf(orgId), fn),
    ledger: (orgId) => world.in(orgId, (tx) => listLedger((text, values) => tx.query(text, values), orgId, { limit: 200 })),
  };
  const federation = await org('federation', null, '浜の連合会');
  const members: string[] = [];
  for (const name of ['北浜商店', '南浜水産', '東浜製作所', '西浜信用組合']) members.push(await org('member', federation, name, { domains: [`m${members.length}.example.jp`] }));
  const unit = await org('unit', members[3]!, '西浜信用組合 港支店');
  const otherFederation = await org('federation', null, '山の連合会');
  const otherMember = await org('member', otherFederation, '山里組合');
  const leads: Person[] = [];
  for (const [i, name] of ['北浜 青子', '南浜 桃子', '東浜 守', '西浜 茂'].entries()) leads.push(await world.person(members[i]!, 'member', name, 'lead'));
  return Object.assign(world, {
    federation, members, unit, otherFederation, otherMember, leads, staff: await world.person(members[0]!, 'member', '北浜 一郎', 'staff'), campaigns: campaigns!,
    desk: await world.person(federation, 'federation', '受付 花', 'desk'), otherDesk: await world.person(otherFederation, 'federation', '山の 受付', 'desk'),
  });
}

export const routes = contract;
