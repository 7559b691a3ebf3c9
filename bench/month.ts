/**
 * A simulated month of many members: are the intrusions found, and how often is each member told?
 *
 *   node bench/month.ts [--members 300] [--lines 100] [--warm 16] [--days 30] [--seed 7]
 *
 * Ordinary lines of a firewall for every member (bench/lib/month-lines.ts), `lines` a working day each, and twelve
 * injected stories go through the real path: parser, rules and correlations (BatchReader), counts, baselines and findings
 * (keepBatch), comparing of members, notices and the weekly mail with their jobs, over PGlite; the clock is simulated and
 * there are no sockets. `warm` days before the month teach what is usual. A lead closes what is open on Tuesdays and Fridays.
 * Hours without a story are read as one batch, hours with one minute by minute. Prints one line of JSON; exits with 1 where
 * a story was missed, somebody was told more than twice a week of what can wait, or the burst came late.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createAudit } from '../apps/server/src/kernel/audit.ts';
import { openGate } from '../apps/server/src/kernel/db/gate.ts';
import { migrate, readMigrations } from '../apps/server/src/kernel/db/migrate.ts';
import { createTenancy } from '../apps/server/src/kernel/db/tenancy.ts';
import { Live } from '../apps/server/src/kernel/http/live.ts';
import { newId } from '../apps/server/src/kernel/ids.ts';
import type { Kernel, Module, OutgoingMail } from '../apps/server/src/kernel/kernel.ts';
import { Metrics } from '../apps/server/src/kernel/metrics.ts';
import { Secrets } from '../apps/server/src/kernel/secrets.ts';
import { createBus } from '../apps/server/src/kernel/queue/bus.ts';
import type { JobOptions } from '../apps/server/src/kernel/types.ts';
import { BatchReader } from '../apps/server/src/modules/detect/batch-reader.ts';
import { batchOf, type Line } from '../apps/server/src/modules/detect/batches.test-helper.ts';
import { keepBatch } from '../apps/server/src/modules/detect/keep.ts';
import * as baselines from '../apps/server/src/modules/detect/baselines/store.ts';
import { openFederate } from '../apps/server/src/modules/federate/index.ts';
import { openFindings } from '../apps/server/src/modules/findings/index.ts';
import { openInventory, type SourceFacts } from '../apps/server/src/modules/inventory/index.ts';
import { openNotify } from '../apps/server/src/modules/notify/index.ts';
import { Directory, openOrgs } from '../apps/server/src/modules/orgs/index.ts';
import { atJapan, habitsOf, ordinary, random, STORIES, type Story, type TimedLine } from './lib/month-lines.ts';
import { flags, report, spread } from './lib/report.ts';

const given = flags(['members', 'lines', 'warm', 'days', 'seed']);
const MEMBERS = Number(given.get('members') ?? 300);
const LINES = Number(given.get('lines') ?? 100);
const WARM = Number(given.get('warm') ?? 16);
const DAYS = Number(given.get('days') ?? 30);
const SEED = Number(given.get('seed') ?? 7);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** Midnight in Japan, the first of October 2026. */
const START = Date.parse('2026-10-01T00:00:00+09:00');

const dataDir = mkdtempSync(join(tmpdir(), 'banya-bench-month-'));
let now = START - WARM * DAY;
const clock = { now: (): number => now };
const quiet = { info() {}, warn() {}, error: (...args: unknown[]) => console.error(...args) };
const gate = openGate({ dataDir: join(dataDir, 'state') }, { clock, log: quiet, deadlineMs: 900_000 });
await migrate(gate, readMigrations());
const bus = createBus();
const tenancy = createTenancy({ gate, bus, clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
const settings = new Map<string, unknown>();
const absent = (what: string) => new Proxy({}, { get: () => { throw new Error(`${what} is not part of this bench`); } }) as never;
const kernel: Kernel = {
  tenancy, bus, clock, live: new Live(), log: pino({ enabled: false }), secrets: new Secrets(randomBytes(32)), metrics: new Metrics(), config: absent('config'), events: absent('events'), spool: absent('spool'), publicUrl: () => 'https://banya.example.jp',
  settings: { get: async <T>(key: string) => (settings.get(key) ?? null) as T | null, set: async (key, value) => void settings.set(key, value) },
};
const mails = new Map<string, number>();
const notify = openNotify(kernel);
const sent = new Set<string>();
const mail = async (_tx: unknown, m: OutgoingMail): Promise<void> => {
  if (m.key && sent.has(`${m.orgId} ${m.key}`)) return;
  if (m.key) sent.add(`${m.orgId} ${m.key}`);
  mails.set(m.orgId, (mails.get(m.orgId) ?? 0) + 1);
};
const orgs = openOrgs(kernel, { identity: new Proxy({}, { get: () => new Proxy({}, { get: () => () => undefined }) }) as never, directory: new Directory(tenancy, clock), saveMail: async () => {} });
const inventory = openInventory(kernel, { orgs, tokens: {} as never, guideTarget: () => ({}) as never });
const findings = openFindings(kernel, { orgs, notify: { ...notify, mail } });
const federate = openFederate(kernel, { orgs, inventory, findings, desk: { openTickets: async () => [] }, bursts: findings });
const handlers = new Map([findings, federate, notify].flatMap((m: Module) => m.jobs ?? []).map((j) => [j.name, j]));
/** Pushed figures and pages' news have no part in finding and telling. */
const PART = /^(findings\.|federate\.(sight|unsight)|notify\.)/;

// A federation, its members with a lead and one firewall each.
const federation = await tenancy.asSystem('bench: federation', async (tx) => (await orgs.createOrg(tx, 'federation', null, { name: '計測連合会' })).id);
const members: string[] = [];
while (members.length < MEMBERS) {
  await tenancy.asSystem('bench: members', async (tx) => {
    const top = (await orgs.get(tx, federation))!;
    for (const end = Math.min(MEMBERS, members.length + 50); members.length < end; ) {
      const i = members.length;
      const org = await orgs.createOrg(tx, 'member', top, { name: `会員${i}` });
      const lead = await orgs.createPerson(tx, org.id, { name: `担当 ${i}`, emails: [`lead${i}@member.example`] });
      await orgs.grantRole(tx, org.id, 'member', { personId: lead.id, homeOrgId: org.id, role: 'lead' }, 'bench');
      await inventory.addSource(tx, { id: newId(now), org_id: org.id, name: '入口の機器', family: 'fortigate', match: { by: 'token' }, match_key: null, device_id: null, time_zone: 'Asia/Tokyo', encoding: 'utf-8', retention: '90d', silent_after_hours: 24, created_at: tx.now, updated_at: tx.now, seen_at: null, clock_off_seconds: null, silent_since: null, archived_at: null, confirmed_at: tx.now } as never);
      members.push(org.id);
    }
  });
}
await gate.query('delete from kernel_outbox');
settings.set('federation', { id: federation, name: '計測連合会', deskPhone: '03-0000-0000', lang: 'ja' });
await inventory.sources.refresh();
const sourceOf = new Map<string, SourceFacts>([...inventory.sources.all()].map((s) => [s.orgId, s]));

const reader = new BatchReader();
const figures = { lines: 0, batches: 0, readMs: 0, keepMs: [] as number[], jobs: 0, generateMs: 0 };

interface Waiting { readonly name: string; readonly payload: unknown; readonly due: number; readonly key: string | undefined }
const waiting: Waiting[] = [];
const run = async (name: string, payload: unknown = {}): Promise<void> => {
  figures.jobs += 1;
  await handlers.get(name)!.run(payload as never, { jobId: newId(now), signal: new AbortController().signal });
};
/** Runs what is due, and what that asks for. One of a name and key waits at a time, as in the queue. */
async function work(): Promise<void> {
  for (;;) {
    const { rows } = await gate.query<{ name: string; payload: unknown; options: JobOptions & { startAfter?: string } }>('with gone as (delete from kernel_outbox returning id, name, payload, options) select * from gone order by id');
    for (const { name, payload, options } of rows) {
      if (!PART.test(name) || (options.singletonKey !== undefined && waiting.some((w) => w.name === name && w.key === options.singletonKey))) continue;
      waiting.push({ name, payload, due: options.startAfter ? Date.parse(String(options.startAfter)) : now, key: options.singletonKey });
    }
    const due = waiting.filter((w) => w.due <= now);
    if (due.length === 0) return;
    for (const w of due) waiting.splice(waiting.indexOf(w), 1);
    for (const { name, payload } of due) await run(name, payload);
  }
}

async function take(lines: readonly Line[], at: number): Promise<void> {
  now = at;
  if (lines.length === 0) return;
  let start = performance.now();
  const out = reader.read(batchOf(figures.batches, lines));
  figures.readMs += performance.now() - start;
  start = performance.now();
  await tenancy.asSystem('bench: keep a batch', (tx) => keepBatch({ inventory, findings }, tx, out));
  figures.keepMs.push(performance.now() - start);
  figures.batches += 1;
  figures.lines += lines.length;
}

interface Injected { readonly story: Story; readonly member: string; readonly lines: readonly TimedLine[] }
const injected: Injected[] = STORIES.flatMap((story) => story.where.map((share, i) => {
  const index = Math.floor(share * MEMBERS / (story.daily ? 5 : 1)) * (story.daily ? 5 : 1);
  const from = atJapan(START, story.day, story.hour) + i * story.apartHours * HOUR + 7 * MINUTE;
  return { story, member: members[index]!, lines: story.lines(index, from) };
}));

const began = performance.now();
const rolls = members.map((_, i) => random(SEED * 100_003 + i));
const habits = members.map((_, i) => habitsOf(i));
for (let hour = now; hour < START + DAYS * DAY; hour += HOUR) {
  const made = performance.now();
  const batch: Line[] = [];
  habits.forEach((member, i) => {
    const source = sourceOf.get(members[i]!)!;
    for (const line of ordinary(member, hour, LINES, rolls[i]!)) batch.push({ ...line, source });
  });
  const told = injected.flatMap(({ member, lines }) => lines.filter((l) => l.at >= hour && l.at < hour + HOUR).map((l): Line => ({ ...l, source: sourceOf.get(member)! })));
  batch.push(...told);
  batch.sort((a, b) => a.at - b.at);
  figures.generateMs += performance.now() - made;
  const step = told.length > 0 ? MINUTE : HOUR;
  for (let from = hour; from < hour + HOUR; from += step) {
    await take(step === HOUR ? batch : batch.filter((l) => l.at >= from && l.at < from + step), from + step);
    await work();
  }
  const local = new Date(now + 9 * HOUR);
  await run('findings.weekly');
  await work();
  if (local.getUTCHours() === 4) {
    await run('findings.tidy');
    await tenancy.asSystem('bench: the night', (tx) => baselines.forget(tx));
  }
  if (local.getUTCHours() === 10 && (local.getUTCDay() === 2 || local.getUTCDay() === 5)) await lead();
}

/** Leads close what is open. */
async function lead(): Promise<void> {
  const { rows } = await gate.query<{ org_id: string; id: string }>("select org_id, id from findings_findings where state = 'open' and rank < 2 and org_id <> $1 and created_at < $2", [federation, new Date(now - HOUR)]);
  for (const [orgId, own] of Map.groupBy(rows, (r) => r.org_id)) {
    await tenancy.inOrg({ orgId, actor: { kind: 'person', personId: orgId, homeOrgId: orgId, name: '担当' } }, async (tx) => {
      for (const { id } of own) await findings.close(tx, orgId, id, { outcome: 'handled' });
    });
  }
  await work();
}

const seconds = (performance.now() - began) / 1000;
const { rows: found } = await gate.query<{ org_id: string; rule_id: string; created_at: Date; first_at: Date; rank: number; slots: Record<string, string> }>('select org_id, rule_id, created_at, first_at, rank, slots from findings_findings where rank < 2 or rule_id like $1', ['first.%']);
const stories = STORIES.map((story) => {
  const mine = injected.filter((i) => i.story === story);
  const waits = mine.map(({ member, lines }) => {
    const [first, last] = [lines[0]!.at, lines.at(-1)!.at];
    const hit = found.find((f) => f.org_id === member && story.rules.includes(f.rule_id) && (story.slot === undefined || Object.hasOwn(f.slots, story.slot)) && f.rank < 2 && f.first_at.getTime() >= first - MINUTE && f.first_at.getTime() <= last + MINUTE);
    return hit ? Math.round((hit.created_at.getTime() - first) / 1000) : null;
  });
  return { name: story.name, found: waits.every((w) => w !== null), seconds: waits };
});
const { rows: bursts } = await gate.query<{ indicator: string; members: number; third_at: Date; raised_at: Date }>('select indicator, members, third_at, raised_at from federate_bursts order by raised_at');
const wanted = bursts.find((b) => b.indicator === '203.0.113.250');
const thirdLine = injected.filter((i) => i.story.where.length > 1).map((i) => i.lines[0]!.at).sort((a, b) => a - b)[2]!;
const burstMinutes = wanted ? (wanted.raised_at.getTime() - thirdLine) / MINUTE : null;
// Any seven days, not only those of a calendar's week.
const { rows: told } = await gate.query<{ org_id: string; at: Date; urgency: string }>('select org_id, at, urgency from notify_told where at >= $1 order by at', [new Date(START)]);
let mostInWeek = 0;
let mostNowInWeek = 0;
for (const own of Map.groupBy(told, (r) => r.org_id).values()) {
  const most = (rows: readonly { at: Date }[]): number => Math.max(0, ...rows.map((r) => rows.filter((o) => o.at >= r.at && o.at.getTime() - r.at.getTime() < WEEK).length));
  mostInWeek = Math.max(mostInWeek, most(own.filter((r) => r.urgency !== 'now')));
  mostNowInWeek = Math.max(mostNowInWeek, most(own.filter((r) => r.urgency === 'now')));
}
const weeks = DAYS / 7;
const per = (urgency: string): number => Math.round((told.filter((t) => t.urgency === urgency).length / MEMBERS / weeks) * 1000) / 1000;
const { rows: sums } = await gate.query<{ rank: number; n: string }>('select rank, count(*) as n from findings_findings where org_id <> $1 group by rank order by rank', [federation]);
const missed = stories.filter((s) => !s.found).map((s) => s.name);
report('month', {
  members: MEMBERS, days: DAYS, warmDays: WARM, lines: figures.lines, batches: figures.batches, found: stories.length - missed.length, stories: stories.length, missed, secondsToFinding: Object.fromEntries(stories.map((s) => [s.name, s.seconds])),
  noticesAWeekMax: mostInWeek, noticesAWeekMean: { week: per('week'), look: per('look'), now: per('now') }, nowAWeekMax: mostNowInWeek, mails: [...mails.values()].reduce((a, b) => a + b, 0),
  burstMinutes, burstMembers: wanted?.members ?? 0, otherBursts: bursts.length - (wanted ? 1 : 0), findings: { now: Number(sums.find((s) => s.rank === 0)?.n ?? 0), look: Number(sums.find((s) => s.rank === 1)?.n ?? 0), fyi: Number(sums.find((s) => s.rank === 2)?.n ?? 0) },
  seconds: Math.round(seconds), readSeconds: Math.round(figures.readMs / 1000), keepMs: spread(figures.keepMs), jobs: figures.jobs,
}, `${stories.length - missed.length} of ${stories.length} found among ${figures.lines} lines of ${MEMBERS} members; at most ${mostInWeek} notices a member and week; the burst ${burstMinutes === null ? 'never came' : `${Math.round(burstMinutes * 10) / 10} minutes after the third member`}`);
await gate.end();
kernel.live.close();
rmSync(dataDir, { recursive: true, force: true });
process.exit(missed.length === 0 && mostInWeek <= 2 && burstMinutes !== null && burstMinutes <= 5 ? 0 : 1);
