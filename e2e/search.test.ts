import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test, type TestContext } from 'node:test';
import { openMailServer, type TestMailServer } from '../apps/server/src/modules/notify/smtp.test-helper.ts';
import type { TestPerson } from '../apps/server/test/house.ts';
import { noBrowser } from '../apps/web/test/browser.ts';
import { startFederation, type Federation, type Member } from './federation.ts';
import { visit, type Visit } from './visit.ts';

// The desk's way: somebody reports something odd, the desk searches, traces, and tells the members.
const shots = new URL('../artifacts/e2e/', import.meta.url).pathname;
const EVIL = 'portal.evil-login.example';
let sink: TestMailServer;
let world: Federation;
const wrong: string[] = [];

before(async () => {
  if (noBrowser) return;
  mkdirSync(shots, { recursive: true });
  sink = await openMailServer();
  world = await startFederation(sink.port, 1);
}, { timeout: 180_000 });
after(async () => {
  if (world) assert.equal(await world.banya.stop(), 0, 'SIGTERM ends it cleanly');
  await sink?.close();
});

/** A web filter's line as a FortiGate writes it. */
function line(minutesAgo: number, ip: string, host: string, user: string, action: 'passthrough' | 'blocked'): string {
  const at = new Date(Date.now() - minutesAgo * 60_000 + 9 * 3_600_000).toISOString();
  return `date=${at.slice(0, 10)} time=${at.slice(11, 19)} devname="FG-1" devid="FGT60FTK20000001" logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" level="notice" vd="root" policyid=1 srcip=${ip} srcport=50000 srcintf="internal" srcintfrole="lan" dstip=203.0.113.9 dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 service="HTTPS" user="${user}" hostname="${host}" action="${action}" reqtype="direct" url="https://${host}/x" sentbyte=500 rcvdbyte=900 direction="outgoing" msg="URL"`;
}

/** A member's device sends lines over HTTPS, and they have arrived. */
async function send(member: Member, lines: readonly string[]): Promise<void> {
  const source = await world.ask<{ id: string; token: string }>(member.lead, 'POST', `/orgs/${member.orgId}/sources`, { name: '入口のUTM', family: 'fortigate', match: { by: 'token' } });
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${world.banya.url}/api/v1/ingest/${source.id}`, { method: 'POST', headers: { Authorization: `Bearer ${source.token}`, 'Content-Type': 'text/plain' }, body: `${lines.join('\n')}\n` });
    if (answer.status === 202) break;
    // A new sender is known to the door within moments.
    if (tries > 50) throw new Error(`ingest: ${answer.status} ${await answer.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  for (let tries = 0; ; tries += 1) {
    const { total } = await world.ask<{ total: number }>(member.lead, 'GET', `/orgs/${member.orgId}/events/counts`);
    if (total >= lines.length) return;
    if (tries > 150) throw new Error(`${total} of ${lines.length} lines are there after 30 seconds`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Names in the picture of a spread, the one that is seen at this width. */
const drawn = ({ page }: Visit): Promise<string[]> => page.locator('main figure svg').evaluateAll((pictures) => pictures.filter((svg) => getComputedStyle(svg).display !== 'none').flatMap((svg) => [...svg.querySelectorAll('[data-place="one"]')].map((place) => place.getAttribute('data-name')!)));

const as = (t: TestContext, person: TestPerson): Promise<Visit> => visit(t, world.banya.url, person, { folder: shots, prefix: 'search', wrong });

test('without a standing consent the desk asks for one question, looks while it is open, and is shut out when it is settled', { skip: noBrowser ?? false, timeout: 300_000 }, async (t) => {
  const member = world.members[1]!;
  await send(member, [line(25, '192.168.1.8', 'odd.example', 'hara', 'passthrough')]);
  const { id: ticket } = await world.ask<{ id: string }>(member.lead, 'POST', `/orgs/${member.orgId}/tickets`, { subject: '身に覚えのない通信があります', message: '調べてください。' });
  const [desk, lead] = [await as(t, world.desk), await as(t, member.lead)];

  // The desk asks with one click.
  await desk.go(`${world.federationId}/desk/${ticket}`);
  await desk.page.getByText('この会員は「ログ」を共有していません').waitFor();
  await desk.shot('ticket-none');
  await desk.page.getByRole('button', { name: '見てもよいか尋ねる' }).click();
  await desk.page.getByText('「ログ」を見てもよいか尋ねました').waitFor();
  await desk.shot('ticket-asked');
  await desk.go(`${member.orgId}/search?q=odd`);
  await desk.page.getByText('まだ同意していません').first().waitFor();

  // The lead meets the question at home, and answers with one.
  await lead.go(`${member.orgId}/home`);
  await lead.page.getByText('デスクがログを見てもよいか尋ねています').first().waitFor();
  await lead.shot('lead-home-asked');
  await lead.page.getByRole('link', { name: /^相談を開く/ }).first().click();
  await lead.page.getByRole('button', { name: '許可する' }).waitFor();
  await lead.shot('lead-ticket-asked');
  await lead.page.getByRole('button', { name: '許可する' }).click();
  await lead.page.getByText('許可しています').waitFor();
  await lead.shot('lead-ticket-allowed');
  await lead.go(`${member.orgId}/settings/sharing`);
  await lead.page.getByRole('heading', { name: '相談のあいだだけ見せること' }).waitFor();
  await lead.shot('lead-sharing');

  // The desk searches and traces, from the ticket.
  await desk.go(`${world.federationId}/desk/${ticket}`);
  await desk.page.getByText('許可されています').waitFor();
  await desk.shot('ticket-allowed');
  await desk.page.getByRole('link', { name: 'ログを探す' }).click();
  await desk.page.getByLabel('探す言葉').fill('odd.example');
  await desk.page.keyboard.press('Enter');
  await desk.page.getByText('192.168.1.8').first().waitFor();
  await desk.go(`${member.orgId}/trace?q=odd.example`);
  await desk.page.getByText('192.168.1.8').first().waitFor();
  await desk.go(`${world.federationId}/members/${member.orgId}`);
  await desk.page.getByText('相談が解決するまで').waitFor();
  await desk.shot('member-allowed');

  // Settled: the door is shut, and the records name the question.
  await lead.go(`${member.orgId}/tickets/${ticket}`);
  await lead.page.getByRole('button', { name: '解決した' }).click();
  await lead.page.getByText('に相談と一緒に終わりました').waitFor();
  await lead.shot('lead-ticket-over');
  await desk.go(`${member.orgId}/search?q=odd`);
  await desk.page.getByText('まだ同意していません').first().waitFor();
  await desk.go(`${world.federationId}/desk/${ticket}`);
  await desk.page.getByText('前の許可は').waitFor();
  await desk.shot('ticket-over');
  await lead.go(`${member.orgId}/settings/audit`);
  await lead.page.getByText(/相談 #\d+ のあいだの許可で（ログ）/).first().waitFor();
  await lead.shot('lead-audit');
  assert.deepEqual([...desk.faults, ...lead.faults].filter((f) => !/status of 40[03]/.test(f)), []);
  assert.deepEqual(wrong, []);
});

test('the desk searches a member’s logs, traces what it found over all members, and tells them', { skip: noBrowser ?? false, timeout: 300_000 }, async (t) => {
  const [a, b] = world.members as [Member, Member];
  await world.ask(a.lead, 'POST', `/orgs/${a.orgId}/devices`, { name: '経理のパソコン', kind: 'pc', addresses: ['192.168.1.23'], owner: a.lead.personId });
  await send(a, [line(50, '192.168.1.23', EVIL, 'sato', 'passthrough'), line(40, '192.168.1.24', EVIL, 'tanaka', 'blocked'), line(30, '192.168.1.25', 'www.city.example', 'suzuki', 'passthrough')]);
  await send(b, [line(20, '192.168.1.9', EVIL, 'mori', 'passthrough')]);
  const desk = await as(t, world.desk);
  const fed = world.federationId;

  // Without the member's consent the page says who can give it, and shows nothing.
  await desk.go(`${a.orgId}/search?q=evil`);
  await desk.page.getByText('まだ同意していません').first().waitFor();
  await desk.shot('refused');
  await world.ask(a.lead, 'PUT', `/orgs/${a.orgId}/consents/logs`, { given: true });

  // Search: from the member's card, by keyboard.
  await desk.go(`${fed}/members/${a.orgId}`);
  await desk.page.getByRole('link', { name: 'ログを探す' }).first().click();
  await desk.page.getByRole('heading', { name: 'ログを探す', level: 1 }).waitFor();
  await desk.shot('empty');
  await desk.page.getByLabel('探す言葉').fill('evil-login');
  await desk.page.keyboard.press('Enter');
  await desk.page.getByText('192.168.1.23').first().waitFor();
  assert.match(await desk.page.locator('main').innerText(), /2件ありました/);
  await desk.page.getByText('行の全体').first().click();
  await desk.page.getByText('srcip=192.168.1.').first().waitFor();
  await desk.shot('found');
  await desk.page.getByLabel('探す言葉').fill('usr:sato');
  await desk.page.getByRole('button', { name: '探す', exact: true }).click();
  await desk.page.getByText('「usr:」という項目はありません').first().waitFor();
  await desk.shot('wrong');
  await desk.page.getByLabel('探す言葉').fill('利用者：sato');
  await desk.page.getByRole('button', { name: '探す', exact: true }).click();
  await desk.page.getByText('1件ありました').first().waitFor();

  // A search that will be needed again.
  await desk.page.getByRole('button', { name: 'この検索を保存' }).click();
  await desk.page.getByLabel('名前').fill('佐藤さんの記録');
  await desk.page.getByRole('button', { name: '保存する' }).click();
  await desk.page.getByRole('button', { name: '佐藤さんの記録', exact: true }).waitFor();

  // Trace, over all members: this one with names, the other with numbers.
  await desk.go(`${fed}/desk/trace`);
  await desk.page.getByLabel('手がかり', { exact: true }).fill('portal[.]evil-login[.]example');
  await desk.page.getByRole('button', { name: '調べる', exact: true }).click();
  await desk.page.getByText('2会員のうち2会員にあります').first().waitFor();
  await desk.page.getByText('同意により、件数だけが分かります。').first().waitFor();
  assert.deepEqual((await drawn(desk)).slice(1).sort(), [a.name, b.name].sort(), 'the picture names the members it reached');
  await desk.shot('all');
  await desk.page.getByRole('link', { name: '見る' }).first().click();
  await desk.page.getByText('経理のパソコン').first().waitFor();
  const told = await desk.page.locator('main').innerText();
  assert.match(told, /1台が通信などで関わり、1台は止められました。/);
  assert.match(told, /関わった[\s\S]*経理のパソコン/);
  await desk.page.getByText('つながりを表で見る').click();
  const inTable = await desk.page.getByRole('table', { name: /手がかりからのつながり/ }).locator('tbody tr').evaluateAll((rows) => rows.flatMap((row) => [...row.querySelectorAll('td')].slice(0, 2).map((cell) => cell.textContent!)));
  assert.deepEqual(new Set(await drawn(desk)), new Set(inTable), 'the picture and the table name the same');
  await desk.shot('one');

  // Tell the members.
  await desk.go(`${fed}/desk/trace?q=${EVIL}`);
  await desk.page.getByRole('button', { name: '会員に知らせる' }).click();
  await desk.page.waitForURL(/\/desk\/warnings\/[0-9a-f-]{36}/);
  await desk.page.getByLabel('題').first().waitFor();
  assert.equal(await desk.page.getByLabel('題').first().inputValue(), `危険な接続先「${EVIL.replaceAll('.', '[.]')}」に注意してください`);
  await desk.shot('draft');
  await desk.page.getByRole('button', { name: '会員に送る' }).click();
  await desk.page.getByRole('button', { name: '送る', exact: true }).click();
  await desk.page.getByText('2会員に送りました').first().waitFor();

  // The member's lead reads who has looked, and finds the same lines.
  const lead = await as(t, a.lead);
  await lead.go(`${a.orgId}/settings/audit`);
  await lead.page.getByText('ログを探しました').first().waitFor();
  await lead.page.getByText('広がりを調べました').first().waitFor();
  await lead.go(`${a.orgId}/trace?q=${EVIL}`);
  await lead.page.getByText('経理のパソコン').first().waitFor();
  await lead.shot('lead');
  await lead.go(`${a.orgId}/home`);
  await lead.page.getByText(`危険な接続先「${EVIL.replaceAll('.', '[.]')}」に注意してください`).first().waitFor();
  // The browser reports the refusals that were asked for.
  assert.deepEqual([...desk.faults, ...lead.faults].filter((f) => !/status of 40[03]/.test(f)), []);
  assert.deepEqual(wrong, []);
});
