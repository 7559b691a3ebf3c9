import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test, type TestContext } from 'node:test';
import { ensureBuilt } from '@banya/web/build';
import { decodedBody, header, openMailServer, type TestMailServer } from '../apps/server/src/modules/notify/smtp.test-helper.ts';
import { testHouse, type TestHouse, type TestPerson } from '../apps/server/test/house.ts';
import { fortigate, sender, until } from '../apps/server/test/senders.ts';
import { noBrowser } from '../apps/web/test/browser.ts';
import { visit, type Visit } from './visit.ts';

// When a lead is told, and what the same at three members changes. One house for the file, in this process, since its clock is
// moved; lines, mails and pages are real.
const shots = new URL('../artifacts/e2e/', import.meta.url).pathname;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The controller that all three members are in contact with. */
const EVIL = '203.0.113.66';
const ELSEWHERE = '同じ相手が関わる動きが、あなたの組織を含めて少なくとも3会員で見つかっています。';

/** Tuesday at two in the afternoon in Tokyo: the next one, since the queue's own clock must not have passed what waits. */
const tuesday = ((): number => {
  const local = Date.now() + 9 * HOUR;
  const weekday = new Date(local).getUTCDay();
  return local - (local % DAY) + ((9 - weekday) % 7 || 7) * DAY + 14 * HOUR - 9 * HOUR;
})();
let skew = tuesday - Date.now();
const now = (): number => Date.now() + skew;
const moveTo = (time: number): void => void (skew = time - Date.now());

interface Member {
  readonly orgId: string;
  readonly name: string;
  readonly lead: TestPerson;
  /** Where its device sends from. */
  readonly device: string;
}
let sink: TestMailServer;
let house: TestHouse;
let federation: string;
let desk: TestPerson;
const members: Member[] = [];
const ends: (() => Promise<void>)[] = [];
const wrong: string[] = [];

before(async () => {
  if (noBrowser) return;
  mkdirSync(shots, { recursive: true });
  sink = await openMailServer();
  const web = await ensureBuilt({ log: () => {} });
  house = await testHouse({ after: (fn) => void ends.push(fn) }, { web, clock: { now } });
  const { notify, orgs } = house.house.modules;
  await notify.saveServer({ host: '127.0.0.1', port: sink.port, secure: false, from: 'noreply@banya.test' });
  federation = (await house.federation()).orgId;
  desk = await house.person(federation, 'federation', 'desk');
  for (const [n, name] of ['北浜商店', '南浜水産', '中浜製菓'].entries()) {
    const orgId = await house.org('member', federation, name);
    for (const kind of ['alerts', 'indicators'] as const) await house.house.kernel.tenancy.asSystem('e2e: what a member agrees to', (tx) => orgs.setConsent(tx, orgId, kind, true, null, '北浜 洋一'));
    const member: Member = { orgId, name, lead: await house.person(orgId, 'member', 'lead'), device: `127.0.0.${91 + n}` };
    await sender(house, member.lead, { name: '入口のUTM', family: 'fortigate', match: { by: 'address', listener: 'tcp', address: member.device } });
    members.push(member);
  }
}, { timeout: 180_000 });
after(async () => {
  for (const end of ends) await end();
  await sink?.close();
});

const as = (t: TestContext, person: TestPerson): Promise<Visit> => visit(t, house.base.replace('127.0.0.1', 'localhost'), person, { folder: shots, prefix: 'notices', wrong });
const inWords = (text: string): string => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, bytes: string) => Buffer.from(bytes, 'base64').toString());
/** The notices a lead has got, in order; not the reports, which the queue makes whenever a quarter of an hour is full. */
const mailsTo = ({ lead }: Member) =>
  sink.received.filter((m) => m.to.includes(lead.email)).map((m) => ({ subject: inWords(header(m.raw, 'Subject') ?? ''), text: decodedBody(m.raw) })).filter((m) => /^【番屋(・今すぐ)?】(?!.*報告書)/.test(m.subject));

/** A member's device sends lines by syslog over TCP from its own address. */
async function send({ device }: Member, ...lines: readonly string[]): Promise<void> {
  const socket = connect({ port: house.house.ports.syslog!, host: '127.0.0.1', localAddress: device });
  await once(socket, 'connect');
  socket.end(lines.map((line) => `${line}\n`).join(''));
  await once(socket.resume(), 'close');
}
const controller = (pc: string): string => fortigate(now(), `logid="0419016384" type="utm" subtype="ips" eventtype="botnet" level="warning" severity="critical" srcip=${pc} dstip=${EVIL} srcintf="lan" srcintfrole="lan" dstintf="wan1" dstintfrole="wan" action="detected" proto=6 service="HTTPS" attack="Example.Botnet" srcport=51000 dstport=443 direction="outgoing" attackid=7630075 msg="Botnet C&C Communication."`);
const fileExchange = (pc: string): string => fortigate(now(), `logid="1059028704" type="utm" subtype="app-ctrl" eventtype="signature" level="warning" appid=16 srcip=${pc} dstip=198.51.100.20 srcport=50100 dstport=6881 srcintf="lan" srcintfrole="lan" dstintf="wan1" dstintfrole="wan" proto=6 service="tcp/6881" direction="outgoing" policyid=3 applist="default" action="pass" appcat="P2P" app="BitTorrent" apprisk="high"`);

interface Finding { readonly id: string; readonly title: string; readonly severity: string; readonly count: number }
async function findings(member: Member): Promise<readonly Finding[]> {
  const { status, body, text } = await house.send('GET', `/orgs/${member.orgId}/findings`, member.lead);
  assert.equal(status, 200, text);
  return body.items;
}
const urgent = async (member: Member): Promise<Finding | undefined> => (await findings(member)).find((f) => f.severity === 'now');
/** Asks for work as the clock of the queue would. */
const due = (job: 'findings.look' | 'findings.weeklyOrg', orgId: string): Promise<void> => house.house.kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'e2e' } }, async (tx) => tx.job(job, { orgId }));

test('what must be acted on comes by mail at once and once, and leads to what to do; what can wait stands in the mails of nine o’clock and of Monday', { skip: noBrowser ?? false, timeout: 240_000 }, async (t) => {
  const [a] = members as [Member];
  await send(a, controller('192.168.1.23'), fileExchange('192.168.1.24'));
  await until('the lead has a mail', async () => mailsTo(a).length > 0);
  const [mail] = mailsTo(a);
  const found = (await urgent(a))!;
  assert.equal(mail!.subject, `【番屋・今すぐ】${found.title}`);
  assert.match(found.title, /悪者の指令役とみられる相手に連絡しています/);
  assert.match(mail!.text, /■今すること\n1\. .*LANケーブルを抜き[\s\S]*■電話すべき時\nすぐに電話してください。[\s\S]*■してはいけないこと\n電源を切らないでください。/);

  const links = mail!.text.match(/https?:\/\/\S+/g)!;
  assert.equal(links.length, 1, 'one link, to the finding');
  const lead = await as(t, a.lead);
  await lead.go(links[0]!);
  await lead.page.getByRole('heading', { level: 1, name: found.title }).waitFor();
  const told = await lead.page.locator('main').innerText();
  for (const part of ['何が起きたか', EVIL, '止まっていません。', '約10分', 'LANケーブルを抜き', '電話すべき時', 'してはいけないこと', '電源を切らないでください。']) assert.ok(told.includes(part), `${part} stands on the page`);
  await lead.shot('finding');

  // The same again, and another thing that can wait: both are there, and nobody is written to.
  await send(a, controller('192.168.1.23'), controller('192.168.1.23'));
  await until('it is folded', async () => (await urgent(a))?.count === 3);
  const all = await findings(a);
  const wait = all.find((f) => f.severity === 'look')!;
  assert.match(wait.title, /ファイル交換などのソフト（BitTorrent）/);
  assert.equal(all.length, 2);
  const [waiting] = (await house.house.gate.query<{ at: Date }>("select start_after as at from pgboss.job where name = 'findings.look' and state = 'created'")).rows;
  assert.ok(Math.abs(waiting!.at.getTime() - (tuesday + 19 * HOUR)) < 60_000, `it waits until nine of the next morning: ${waiting!.at.toISOString()}`);

  moveTo(tuesday + 19 * HOUR);
  await due('findings.look', a.orgId);
  await until('nine o’clock’s mail is there', async () => mailsTo(a).length > 1);
  assert.deepEqual(mailsTo(a).slice(1).map((m) => m.subject), ['【番屋】見てほしい気づき：1つ'], 'and none came between: what was folded made no second one');
  assert.ok(mailsTo(a)[1]!.text.includes(wait.title) && mailsTo(a)[1]!.text.includes(`/o/${a.orgId}/findings/${wait.id}`));

  moveTo(tuesday + 6 * DAY - 6 * HOUR);
  await due('findings.weeklyOrg', a.orgId);
  await until('Monday’s mail is there', async () => mailsTo(a).length > 2);
  const monday = mailsTo(a).at(-1)!;
  assert.equal(monday.subject, '【番屋】今週やること：2つ（約20分）');
  for (const title of [found.title, wait.title]) assert.ok(monday.text.includes(title), 'what is still open stands in it');
  assert.equal(mailsTo(a).length, 3);
  assert.deepEqual(lead.faults, []);
  assert.deepEqual(wrong, []);
});

test('the same at three members within a day is on the desk’s page and on their homes, and leaves those of a member that shares no more', { skip: noBrowser ?? false, timeout: 240_000 }, async (t) => {
  // The next Tuesday, so that no Monday’s mail comes between.
  moveTo(tuesday + 7 * DAY - 4 * HOUR);
  const [a, b, c] = members as [Member, Member, Member];
  await send(a, controller('192.168.1.23'));
  await send(b, controller('10.0.0.5'));
  const atDesk = await as(t, desk);
  await atDesk.go(`${federation}/desk/bursts`);
  assert.doesNotMatch(await atDesk.page.locator('main').innerText(), new RegExp(EVIL), 'two are no burst');
  await send(c, controller('172.16.0.9'));
  const elsewhere = async (member: Member): Promise<number | null> => (await house.send('GET', `/orgs/${member.orgId}/home`, member.lead)).body.cards.find((card: { severity: string }) => card.severity === 'now')?.elsewhere ?? null;
  for (const member of [a, b, c]) await until(`${member.name} is told`, async () => (await elsewhere(member)) === 3);

  await atDesk.go(`${federation}/desk/bursts`);
  const row = atDesk.page.locator('main tbody tr', { hasText: EVIL });
  await row.waitFor();
  const shown = await row.innerText();
  for (const part of ['3', a.name, b.name, c.name]) assert.ok(shown.includes(part), `${part} stands in the row`);
  await atDesk.shot('bursts');
  const leads = await Promise.all([a, b].map((member) => as(t, member.lead)));
  for (const [n, member] of [a, b].entries()) {
    await leads[n]!.go(`${member.orgId}/home`);
    assert.equal(await leads[n]!.page.getByText(ELSEWHERE).count(), 1, member.name);
  }
  await leads[1]!.shot('home');

  for (const kind of ['alerts', 'indicators']) assert.equal((await house.send('PUT', `/orgs/${b.orgId}/consents/${kind}`, b.lead, { given: false })).status, 204);
  await leads[1]!.go(`${b.orgId}/home`);
  await leads[1]!.page.getByText('悪者の指令役とみられる相手に連絡しています').first().waitFor();
  assert.equal(await leads[1]!.page.getByText(ELSEWHERE).count(), 0, 'who does not share is not told');
  await leads[0]!.go(`${a.orgId}/home`);
  assert.equal(await leads[0]!.page.getByText(ELSEWHERE).count(), 1, 'the others go on being told');
  await until('what it brought is gone', async () => {
    await atDesk.go(`${federation}/desk/bursts`);
    await row.waitFor();
    return !(await row.innerText()).includes(b.name);
  });
  assert.ok((await row.innerText()).includes(c.name));
  // Each was told of its own finding once; that others see the same is no mail of its own where it is as urgent as can be already.
  assert.deepEqual(members.map((member) => mailsTo(member).filter((m) => m.subject.startsWith('【番屋・今すぐ】')).length), [1, 1, 1]);
  assert.deepEqual([...atDesk.faults, ...leads.flatMap((lead) => lead.faults)], []);
  assert.deepEqual(wrong, []);
});
