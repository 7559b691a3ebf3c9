/**
 * How soon a search of one member's last 30 days and a trace over all members are answered, and whether what was planted is found.
 *
 *   node bench/search.ts [--millions N] [--members N] [--searches N] [--keep DIR]
 *
 * Makes a federation with the events of 30 days (bench/lib/events-fill.ts), plants lines of three indicators among them and some
 * that only look like it, and asks a whole Banya over HTTP, with `use_query_condition_cache=0`, as people's pages do.
 * `--keep DIR` leaves the filled folder there and fills none that is there already.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHouse } from '../apps/server/src/house.ts';
import { loadConfig } from '../apps/server/src/kernel/config.ts';
import { ChdbEngine } from '../apps/server/src/kernel/events/chdb.ts';
import { encodeRows, type EventRow } from '../apps/server/src/kernel/events/index.ts';
import { newId } from '../apps/server/src/kernel/ids.ts';
import { createLog } from '../apps/server/src/kernel/log.ts';
import { TestHouse, type TestPerson } from '../apps/server/test/house.ts';
import { fill, FILL_MEMORY } from './lib/events-fill.ts';
import { flags, report, spread } from './lib/report.ts';

const given = flags(['millions', 'members', 'searches', 'keep']);
const ROWS = Math.round(Number(given.get('millions') ?? 1) * 1_000_000);
const MEMBERS = Number(given.get('members') ?? 33);
const SEARCHES = Number(given.get('searches') ?? 60);
const DAY = 86_400_000;

const SHA = 'ab'.repeat(16) + '0123456789abcdef'.repeat(2);
/** Indicators that are planted, and values that only look like them. */
const PLANTED = { domain: 'c2.planted.example', ip: '198.51.100.77', sha256: SHA } as const;

interface Made { readonly federation: string; readonly desk: TestPerson; readonly members: readonly { readonly org: string; readonly lead: TestPerson }[]; readonly from: number; readonly to: number; readonly truth: Record<keyof typeof PLANTED | 'text', number[]> }

/** The engine's answer to a repeated condition must come from reading, not from its cache. */
const run = ChdbEngine.prototype.run;
ChdbEngine.prototype.run = function uncached(statement) {
  return run.call(this, statement.settings === undefined || !/^\s*(?:SELECT|WITH)\b/i.test(statement.sql) ? statement : { ...statement, settings: { ...statement.settings, use_query_condition_cache: 0 } });
};

const folder = given.get('keep') ?? mkdtempSync(join(tmpdir(), 'banya-bench-'));
const notes = join(folder, 'made.json');
const config = () => loadConfig(['--data', join(folder, 'data'), '--port', '0', '--syslog-port', '0', '--smtp-port', '0', '--syslog-host', '127.0.0.1'], { BANYA_DISK_FLOOR_BYTES: '0' });
const open = async (): Promise<TestHouse> => new TestHouse(await openHouse(config(), { log: createLog('error'), web: null }), folder);

/** Lines of a member that mention an indicator: where it was understood, by machine. */
function lineOf(org: string, kind: keyof typeof PLANTED, value: string, machine: string, at: number, blocked: boolean): EventRow {
  const event = { '@timestamp': at, 'event.dataset': 'fortigate.webfilter', 'event.category': 'network', 'event.action': blocked ? 'blocked' : 'allowed', 'source.ip': machine } as Record<string, string | number>;
  if (kind === 'domain') event['url.domain'] = `www.${value}`;
  if (kind === 'ip') event['destination.ip'] = value;
  if (kind === 'sha256') event['file.hash.sha256'] = value;
  return { eventId: newId(), orgId: org, sourceId: newId(), deviceId: null, receivedAt: at, retention: 'standard', raw: `date=x srcip=${machine} action="${blocked ? 'deny' : 'close'}" value="${value}"`, event: event as never };
}

/** Every third member has one to four machines of each indicator; every fourth has look-alikes; every fifth has one in the text of an understood line alone. */
async function plant(house: TestHouse, members: Made['members'], from: number, to: number): Promise<Made['truth']> {
  const truth: Made['truth'] = { domain: [], ip: [], sha256: [], text: [] };
  const rows: EventRow[] = [];
  const at = (i: number): number => Math.round(from + ((to - from) * ((i * 37) % 100) + 1) / 101);
  members.forEach(({ org }, i) => {
    for (const kind of ['domain', 'ip', 'sha256'] as const) {
      const machines = i % 3 === 0 ? 1 + (i % 4) : 0;
      truth[kind].push(machines);
      for (let m = 0; m < machines; m++) for (let n = 0; n <= m; n++) rows.push(lineOf(org, kind, PLANTED[kind], `192.168.77.${10 + m}`, at(i + m * 7 + n), false));
    }
    if (i % 4 === 0) {
      for (const [kind, value] of [['domain', `not${PLANTED.domain}`], ['domain', `${PLANTED.domain}.com`], ['ip', PLANTED.ip.slice(0, -1)], ['sha256', `${SHA.slice(0, 63)}0`]] as const) rows.push(lineOf(org, kind, value, '192.168.77.99', at(i), false));
    }
    truth.text.push(i % 5 === 0 ? 1 : 0);
    if (i % 5 === 0) rows.push({ ...lineOf(org, 'domain', 'harmless.example', '192.168.77.50', at(i), false), raw: `{"Computer":"PC","CommandLine":"curl http:\\/\\/text.${PLANTED.domain.replace('c2.', 'only.')}\\/x"}` });
  });
  await house.house.kernel.events.insert({ token: `planted ${newId()}`, rows: encodeRows(rows), count: rows.length });
  return truth;
}

async function make(): Promise<Made> {
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 });
  const house = await open();
  const { orgId: federation } = await house.federation();
  const desk = await house.person(federation, 'federation', 'desk');
  const members: { org: string; lead: TestPerson }[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const org = await house.org('member', federation, `会員 ${i + 1}`);
    await house.house.kernel.tenancy.asSystem('bench: what a member agrees to', (tx) => house.house.modules.orgs.setConsent(tx, org, 'logs', true, null, 'bench'));
    members.push({ org, lead: await house.person(org, 'member', 'lead') });
  }
  const to = Date.now();
  const from = to - 30 * DAY;
  const truth = await plant(house, members, from, to);
  await house.house.close();
  const engine = await ChdbEngine.open({ folder: join(folder, 'data', 'events'), memoryBytesMax: FILL_MEMORY });
  const begun = performance.now();
  await fill(engine, { rows: ROWS, orgs: members.map((m) => m.org), from, to }, (done) => process.stderr.write(`\rfilling: ${Math.round(done * 100)} %`));
  process.stderr.write(`\rfilled ${ROWS} rows in ${Math.round((performance.now() - begun) / 1_000)} s\n`);
  await engine.close();
  const made = { federation, desk, members, from, to, truth };
  writeFileSync(notes, JSON.stringify(made));
  return made;
}

/** What people look for; `n` makes each one another. */
const QUESTIONS: readonly ((n: number) => string)[] = [
  () => '', (n) => `nothing-like-this-${n}`, (n) => `host${n * 37}.site`, (n) => `ip:192.168.10.${20 + (n % 60)}`, (n) => `user:user${n % 40} action:login_failed`, (n) => `domain:site${n * 101}.example`, (n) => `dport:3389 action:blocked -user:user${n % 40}`,
  (n) => `dst:${20 + n}.0.0.0/8 dport:22`, (n) => `"analyticscksum" file${n}`, (n) => `from:sender${n}@*`, (n) => `(deny OR 4625) user${n % 40}`, (n) => `fields.sessionid:${n * 12345}`,
];

async function measure(house: TestHouse, made: Made): Promise<{ figures: object; words: string }> {
  const ask = async (method: string, path: string, as: TestPerson, body?: unknown) => {
    const begun = performance.now();
    const answer = await house.send(method, path, as, body);
    const ms = performance.now() - begun;
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return { ms, body: answer.body };
  };
  const since = encodeURIComponent(new Date(Date.now() - 30 * DAY).toISOString());
  const list: number[] = [];
  const counts: number[] = [];
  const slow = new Map<string, number>();
  for (let i = 0; i < SEARCHES; i++) {
    const { org, lead } = made.members[(i * 7) % MEMBERS]!;
    const q = QUESTIONS[i % QUESTIONS.length]!(i + 1);
    const page = await ask('GET', `/orgs/${org}/events?q=${encodeURIComponent(q)}&from=${since}`, lead);
    list.push(page.ms);
    slow.set(q, Math.round(page.ms));
    counts.push((await ask('GET', `/orgs/${org}/events/counts?q=${encodeURIComponent(q)}&from=${since}`, lead)).ms);
  }
  const [searchMs, countMs] = [spread(list), spread(counts)];
  const from = new Date(made.from - DAY).toISOString();
  const traceAll = async (indicator: string, deep: boolean) => ask('POST', `/orgs/${made.federation}/desk/trace`, made.desk, { indicator, from, deep });
  const traces: Record<string, { ms: number; planted: number; found: number; wrong: number }> = {};
  for (const [name, indicator, deep] of [['domain', PLANTED.domain, false], ['ip', PLANTED.ip, false], ['sha256', PLANTED.sha256, false], ['text', PLANTED.domain.replace('c2.', 'only.'), true]] as const) {
    const { ms, body } = await traceAll(indicator, deep);
    const planted = made.truth[name];
    const at = new Map<string, { counts: { machines: number; possible: number } | null }>(body.members.map((m: { member: string }) => [m.member, m]));
    const found = made.members.map(({ org }) => (at.get(org)?.counts ? at.get(org)!.counts!.machines + at.get(org)!.counts!.possible : 0));
    traces[name] = { ms: Math.round(ms), planted: planted.reduce((a, b) => a + b, 0), found: found.reduce((sum, n, i) => sum + Math.min(n, planted[i]!), 0), wrong: found.reduce((sum, n, i) => sum + Math.max(0, n - planted[i]!), 0) };
  }
  const [one] = made.members;
  const own = await ask('POST', `/orgs/${one!.org}/trace`, one!.lead, { indicator: PLANTED.domain, from });
  const health = await house.house.kernel.events.health();
  const recall = Object.values(traces).reduce((n, t) => n + t.found, 0) / Object.values(traces).reduce((n, t) => n + t.planted, 0);
  const worst = [...slow].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([q, ms]) => `${q || '(everything)'} ${ms} ms`);
  return {
    figures: { rows: health.rows, members: MEMBERS, diskMiB: Math.round(health.bytes / 2 ** 20), engineMiB: Math.round(health.memoryBytes / 2 ** 20), searchMs, countMs, traces, traceOneMs: Math.round(own.ms), recall, slowest: worst },
    words: `${health.rows} events of ${MEMBERS} members: search of one member's 30 days p50 ${searchMs.p50} ms, p95 ${searchMs.p95} ms; counts p95 ${countMs.p95} ms; trace over all members ${Object.entries(traces).map(([n, t]) => `${n} ${t.ms} ms (${t.found} of ${t.planted}, ${t.wrong} wrong)`).join(', ')}; one member through every line ${Math.round(own.ms)} ms. Slowest: ${worst.join('; ')}`,
  };
}

try {
  const made = existsSync(notes) ? (JSON.parse(readFileSync(notes, 'utf8')) as Made) : await make();
  const house = await open();
  try {
    const { figures, words } = await measure(house, made);
    report('search', figures, words);
  } finally {
    await house.house.close();
  }
} finally {
  if (!given.has('keep')) rmSync(folder, { recursive: true, force: true });
}
