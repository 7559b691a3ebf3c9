import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testHouse, type TestHouse } from '../../test/house.ts';
import { DemoLinks } from '../kernel/identity/demo.ts';
import { WebDoor } from './doors.ts';
import { Feeder } from './feed.ts';
import { openDemo, type Demo } from './index.ts';
import { DemoLines } from './lines/index.ts';
import { MAILS, REPORTS } from './mails/index.ts';
import type { DemoState } from './state.ts';
import { dateOf } from './world/calendar.ts';
import { makeWorld } from './world/index.ts';

/** As few lines as its stories and daily round allow. */
const FEW = 1;
const quiet = { say: () => undefined, wanted: FEW, live: false };
const cookieOf = (headers: Headers): string => headers.getSetCookie().find((c) => c.startsWith('banya_session='))!.split(';')[0]!;
const as = (cookie: string) => ({ personId: '', orgId: '', email: '', cookie });
const tokenOf = (link: string): string => link.slice(link.lastIndexOf('=') + 1);

async function tablesOf({ house }: TestHouse): Promise<Record<string, string>> {
  const tables = ['orgs_orgs', 'orgs_people', 'orgs_roles', 'orgs_consents', 'inventory_devices', 'inventory_sources', 'inventory_source_days', 'detect_counters', 'desk_tickets', 'desk_messages', 'desk_articles', 'desk_templates'];
  return house.kernel.tenancy.asSystem('test: count', async (tx) => {
    const counts: Record<string, string> = {};
    for (const table of tables) counts[table] = (await tx.query<{ n: string }>(`select count(*) as n from ${table}`))[0]!.n;
    return counts;
  });
}

/** Lines by header host that must be there for an instant, and those that the house has counted. */
async function counted({ house }: TestHouse, until: number): Promise<{ wanted: Map<string, number>; found: Map<string, number>; notUnderstood: number }> {
  const { seed, anchor } = (await house.kernel.settings.get<DemoState>('demo'))!;
  const lines = new DemoLines(makeWorld(seed, anchor), FEW);
  const wanted = new Map<string, number>();
  const found = new Map<string, number>();
  const rows = await house.kernel.tenancy.asSystem('test: lines by sender', (tx) =>
    tx.query<{ org: string; family: string; n: string; bad: string }>('select o.name as org, s.family, sum(d.lines) as n, sum(d.not_understood) as bad from inventory_source_days d join inventory_sources s on s.id = d.source_id join orgs_orgs o on o.id = d.org_id where d.day >= $1 group by 1, 2', [dateOf(lines.begins)]));
  for (const member of lines.world.members) {
    for (const source of member.sources) {
      wanted.set(source.host, [...lines.of(member, source, lines.begins - 1, until)].length);
      found.set(source.host, Number(rows.find((r) => r.org === member.name && r.family === source.family)?.n ?? 0));
    }
  }
  return { wanted, found, notUnderstood: rows.reduce((sum, r) => sum + Number(r.bad), 0) };
}

async function demoHouse(t: TestContext, folder: string): Promise<TestHouse> {
  return testHouse(t, { args: ['--demo'], folder });
}

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'banya-demo-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a demonstration stopped in the middle goes on, nothing lost and nothing doubled, and leads to what its stories say', async (t) => {
  const folder = newFolder(t);
  let house = await demoHouse(t, folder);
  let demo: Demo = await openDemo(house.house, quiet);
  const seeded = await tablesOf(house);
  const feeding = demo.feed();
  while (house.house.modules.detect.stats.lines < 4_000) await sleep(50);
  await demo.stop();
  await feeding;
  await house.house.close();

  house = await demoHouse(t, folder);
  demo = await openDemo(house.house, quiet);
  const again = await tablesOf(house);
  assert.deepEqual({ ...again, inventory_source_days: '', detect_counters: '', desk_tickets: '', desk_messages: '' }, { ...seeded, inventory_source_days: '', detect_counters: '', desk_tickets: '', desk_messages: '' }, 'opening it again adds nothing');
  const before = house.house.kernel.clock.now();
  await demo.feed();
  const { wanted, found, notUnderstood } = await counted(house, before);
  assert.equal(notUnderstood, 0);
  // Lines that devices wrote while it was being fed may be there as well.
  for (const [host, n] of wanted) assert.ok(found.get(host)! >= n && found.get(host)! <= n + 20, `${host}: ${found.get(host)} of ${n}`);
  await demo.feed();
  const after = house.house.kernel.clock.now();
  const end = await counted(house, after);
  for (const [host, n] of end.wanted) assert.ok(end.found.get(host)! >= wanted.get(host)! && end.found.get(host)! <= n, `${host}: fed twice is counted once`);

  const rows = await house.house.kernel.tenancy.asSystem('test: findings', (tx) =>
    tx.query<{ org: string; rule_id: string; state: string; outcome: string | null }>('select o.name as org, f.rule_id, f.state, f.outcome from findings_findings f join orgs_orgs o on o.id = f.org_id where f.rank < 2'));
  const { seed, anchor } = (await house.house.kernel.settings.get<DemoState>('demo'))!;
  const { stories, world } = new DemoLines(makeWorld(seed, anchor), FEW);
  const name = new Map(world.members.map((m) => [m.key, m.name]));
  const expected = stories.flatMap((s) => s.rules.filter((r) => r.severity !== 'fyi').map((r) => `${name.get(s.member)} ${r.id} ${s.end === 'open' ? 'open' : s.end.outcome}`)).sort();
  // The watch over devices is a job of its own; its two findings come within moments.
  let shown: string[] = [];
  for (let tries = 0; tries < 100; tries++) {
    const found = tries === 0 ? rows : await house.house.kernel.tenancy.asSystem('test: findings', (tx) => tx.query<(typeof rows)[number]>('select o.name as org, f.rule_id, f.state, f.outcome from findings_findings f join orgs_orgs o on o.id = f.org_id where f.rank < 2'));
    shown = found.map((r) => `${r.org} ${r.rule_id} ${r.state === 'open' ? 'open' : r.outcome}`).sort();
    if (shown.length >= expected.length) break;
    await sleep(100);
  }
  assert.deepEqual(shown, expected);
  const [reports] = await house.house.kernel.tenancy.asSystem('test: reports', (tx) => tx.query<{ n: string }>('select count(distinct org_id) as n from prove_reports'));
  assert.equal(Number(reports!.n), world.members.length + 1, 'last month’s report of every organisation is there');

  const mails = await house.house.kernel.tenancy.asSystem('test: mails', (tx) => tx.query<{ org: string; subject: string; state: string; verdict: string; decision: string | null; touched: string | null; channel: string; reporter_id: string | null }>('select o.name as org, s.subject, s.state, s.verdict, s.decision, s.touched, s.channel, s.reporter_id from desk_samples s join orgs_orgs o on o.id = s.org_id'));
  assert.equal(mails.length, REPORTS.length, 'every mail is there once, over a stop in the middle and three feedings');
  assert.deepEqual([mails.filter((m) => m.state !== 'judged'), mails.filter((m) => m.reporter_id === null), mails.filter((m) => m.channel === 'upload').length], [[], [], 2], 'each is judged, and asked by somebody known');
  const wave = mails.filter((m) => m.subject === MAILS.get('quota')!.subject);
  assert.deepEqual([wave.length, wave.filter((m) => m.touched === 'link').length, new Set(wave.map((m) => m.decision))], [6, 1, new Set(['dangerous'])], 'the wave of today: one has clicked, and the desk decided all of it at once');
  const [campaign] = await house.house.kernel.tenancy.asSystem('test: campaigns', (tx) => tx.query<{ members: number; reports: number; touched: number }>('select members, reports, touched from federate_campaigns where merged_into is null order by members desc limit 1'));
  assert.deepEqual({ ...campaign }, { members: 4, reports: 6, touched: 1 });
  const bulletins = await house.house.kernel.tenancy.asSystem('test: warnings', (tx) => tx.query<{ state: string; read: string; got: string }>('select b.state, count(w.read_at) as read, count(w.id) as got from federate_bulletins b left join federate_warnings w on w.bulletin_id = b.id group by b.id, b.state order by b.state'));
  assert.deepEqual(bulletins.map((b) => [b.state, Number(b.read), Number(b.got)]), [['draft', 0, 0], ['sent', 5, world.members.length]]);
});

test('lines told in parts, with a lost connection and a new count between, are each there once', async (t) => {
  const house = await demoHouse(t, newFolder(t));
  await openDemo(house.house, quiet);
  const { seed, anchor } = (await house.house.kernel.settings.get<DemoState>('demo'))!;
  const lines = new DemoLines(makeWorld(seed, anchor), FEW);
  const member = lines.world.members[0]!;
  const [org] = await house.house.kernel.tenancy.asSystem('test: the first member', (tx) => tx.query<{ id: string }>('select id from orgs_orgs where name = $1', [member.name]));
  const feeder = new Feeder(house.house, lines, new WebDoor(house.house), new AbortController().signal);
  const fed = { member, orgId: org!.id };
  const later = anchor + 6 * 3_600_000;
  const check = async (until: number): Promise<void> => {
    await feeder.drained();
    const { wanted, found } = await counted(house, until);
    for (const { host } of member.sources) assert.equal(found.get(host), wanted.get(host), host);
  };
  await feeder.feed(fed, anchor - 3 * 86_400_000);
  await feeder.feed(fed, anchor);
  await check(anchor);
  await feeder.feed(fed, later);
  await check(later);
  await feeder.recount();
  await feeder.feed(fed, later);
  await check(later);
});

test('each kind of person signs in with the link alone, as often as they like, and starts on the page for them', async (t) => {
  const house = await demoHouse(t, newFolder(t));
  const demo = await openDemo(house.house, quiet);
  const pages: string[] = [];
  for (const { link } of await demo.links()) {
    for (let times = 0; times < 2; times++) {
      const done = await house.send('POST', '/sign-in/redeem', null, { token: tokenOf(link) });
      assert.deepEqual([done.status, done.body.step], [200, 'done']);
      const me = await house.send('GET', '/me', as(cookieOf(done.headers)));
      assert.equal(me.status, 200);
      if (times === 1) pages.push(me.body.start.page);
    }
  }
  assert.deepEqual(pages.sort(), ['ask', 'desk', 'executive', 'home', 'overview']);

  const { identity } = house.house;
  const account = (await identity.accounts.forEmail(`${(await house.house.kernel.tenancy.asSystem('test: a lead', (tx) => tx.query<{ email: string }>("select p.emails[1] as email from orgs_roles r join orgs_people p on p.id = r.person_id where r.role = 'lead' limit 1")))[0]!.email}`))[0]!;
  const ordinary = await identity.accounts.link(account);
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token: ordinary })).body.step, 'enrol', 'an ordinary link asks for a second factor here too');
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token: ordinary })).body.code, 'link_used_or_old');

  await identity.parts.tenancy.asAuth('test: somebody real', (tx) => tx.query('update auth.accounts set email = $2 where id = $1', [account.id, 'somebody@elsewhere.example']));
  assert.throws(() => identity.demoLinks!.make({ id: account.id, email: 'somebody@elsewhere.example' }), RangeError);
});

test('a link of the demonstration ends when its account gets the address of somebody real', async (t) => {
  const house = await testHouse(t, { args: ['--demo'] });
  const { orgId } = await house.federation();
  const person = await house.person(orgId, 'federation', 'lead');
  const { identity } = house.house;
  const account = (await identity.accounts.forEmail(person.email))[0]!;
  const token = identity.demoLinks!.make({ id: account.id, email: 'lead@shionagino.example' });
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token })).body.code, 'link_used_or_old');
});

test('without --demo there are no such links, and the same person is asked for a second factor', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const { identity } = house.house;
  assert.equal(identity.demoLinks, null);
  const personId = await house.house.kernel.tenancy.asSystem('test: a person', async (tx) => {
    const row = await house.house.modules.orgs.createPerson(tx, orgId, { name: '試験 花子', emails: ['lead@shionagino.example'] });
    await house.house.modules.orgs.grantRole(tx, orgId, 'federation', { personId: row.id, homeOrgId: orgId, role: 'lead' }, 'test');
    return row.id;
  });
  const account = (await identity.accounts.ensure(personId, orgId, 'lead@shionagino.example'));
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token: new DemoLinks().make(account) })).body.code, 'link_used_or_old', 'a token of another process is nothing here');
  const step = await house.send('POST', '/sign-in/redeem', null, { token: await identity.accounts.link(account) });
  assert.equal(step.body.step, 'enrol');
  assert.equal((await house.send('GET', '/me', as(cookieOf(step.headers)))).status, 401);
});

test('links of the demonstration are for its own domain, not for names that look like it', () => {
  const links = new DemoLinks();
  for (const email of ['a@shionagino.example', 'a@mihanada.shionagino.example', 'A@MIHANADA.SHIONAGINO.EXAMPLE']) assert.equal(links.accountOf(links.make({ id: email, email })), email);
  for (const email of ['a@evilshionagino.example', 'a@shionagino.example.com', 'shionagino.example@elsewhere.example', 'a@example', '']) assert.throws(() => links.make({ id: '1', email }), RangeError, email);
  assert.equal(links.accountOf('x'.repeat(43)), null);
});

test('a folder with a real federation is refused, untouched', async (t) => {
  const house = await testHouse(t, { args: ['--demo'] });
  await house.federation();
  const before = await tablesOf(house);
  await assert.rejects(openDemo(house.house, quiet), /real federation/);
  assert.deepEqual(await tablesOf(house), before);
});
