import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unzipSync, strFromU8 } from 'fflate';
import { nameServer } from '../src/modules/desk/samples/dns.test-helper.ts';
import { testHouse } from './house.ts';
import { buildWorld, makeSample, type World } from './world.ts';

let world: World;
let close: () => Promise<void>;
before(async () => {
  world = await buildWorld(await testHouse({ after: (fn) => (close = fn) }));
});
after(() => close());

const noUnzip = spawnSync('unzip', ['-v']).error ? 'unzip is not installed' : false;
const WORD = 'himitsu-no-honbun';
/** A mail whose look-alike link and claim are for the engine to find. */
const letter = (n: number): Uint8Array =>
  new Uint8Array(Buffer.from([
    'Received: from mail.unknown.example (mail.unknown.example [203.0.113.9]) by mx.member.example; Tue, 24 Nov 2026 09:00:01 +0900', `From: "Account center" <notice@secure-${n}.example.net>`, 'To: taro@member.example', `Subject: [${n}] Please confirm your account within 24 hours`,
    'Date: Tue, 24 Nov 2026 09:00:00 +0900', `Message-ID: <${n}@secure.example.net>`, 'MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary=b', '', '--b', 'Content-Type: text/plain; charset=utf-8', '', `${WORD} Your account is suspended. Enter your password at https://login-${n}.example.net/verify now.`, '',
    '--b', 'Content-Type: text/html; charset=utf-8', '', `<p>${WORD} Your account is suspended.</p><a href="https://login-${n}.example.net/verify">https://www.example.com/</a><img src="https://login-${n}.example.net/p.png"><script>1</script>`, '--b--', '',
  ].join('\r\n')));
const upload = (n: number, query = '') => world.house.send('POST', `/orgs/${world.member}/samples${query}`, world.at(world.member, 'lead'), letter(n), { 'Content-Type': 'message/rfc822' });
const get = async (id: string) => (await world.house.send('GET', `/orgs/${world.member}/samples/${id}`, world.at(world.member, 'lead'))).body;
async function answered(id: string): Promise<Record<string, any>> {
  // Seldom enough to be no load of its own: pages are told by the live stream.
  for (let tries = 0; tries < 300; tries += 1) {
    const body = await get(id);
    if (body.state !== 'waiting') return body;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('not judged within a minute');
}

test('twenty people who ask at the same moment are all answered with reasons; how long it took is printed', async (t) => {
  await answered((await upload(0)).body.id);
  const started = performance.now();
  const times = await Promise.all(Array.from({ length: 20 }, async (_, n) => {
    const at = performance.now();
    const { status, body } = await upload(n + 1);
    assert.equal(status, 201);
    const answer = await answered(body.id);
    assert.equal(answer.state, 'judged');
    assert.ok(answer.reasons.length >= 2);
    return performance.now() - at;
  }));
  times.sort((a, b) => a - b);
  t.diagnostic(`upload to answer, 20 at once: p50 ${Math.round(times[9]!)} ms, p95 ${Math.round(times[18]!)} ms, all in ${Math.round(performance.now() - started)} ms`);
});

test('the desk gets the mail as text, as harmless HTML in a frame of our own, and as a zip that opens to the very bytes', { skip: noUnzip }, async (t) => {
  const { house, federation, at } = world;
  const { id, ticket } = await answered((await upload(50, '?touched=link')).body.id);
  assert.notEqual(ticket, null);
  const desk = at(federation, 'desk');
  const path = `/orgs/${federation}/desk/samples/${id}`;
  const preview = (await house.send('GET', `${path}/preview`, desk)).body;
  assert.ok(preview.text.includes(WORD) && preview.text.includes('hxxps://www[.]example[.]com/') && preview.hasHtml);
  const html = await house.send('GET', `${path}/html`, desk);
  assert.deepEqual([html.headers.get('content-security-policy'), html.headers.get('x-frame-options'), html.headers.get('cache-control')], ["default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'", 'SAMEORIGIN', 'private, no-store']);
  assert.ok(html.text.includes(WORD));
  assert.doesNotMatch(html.text, /<script|<a |<img|p\.png|href/);
  assert.equal((await house.send('GET', path, desk)).headers.get('x-frame-options'), 'DENY', 'nothing else may be framed');
  const detail = (await house.send('GET', path, desk)).body;
  assert.ok(detail.links.some((link: { url: string }) => link.url === 'hxxps://login-50[.]example[.]net/verify'), 'where the link really leads');
  const original = await fetch(`${house.base}/api/v1${path}/original`, { headers: { Cookie: desk.cookie } });
  const folder = mkdtempSync(join(tmpdir(), 'banya-sample-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'mail.zip'), Buffer.from(await original.arrayBuffer()));
  assert.equal(execFileSync('unzip', ['-P', detail.zipPassword, '-p', join(folder, 'mail.zip')]).equals(Buffer.from(letter(50))), true);
});

test('whoever takes the organisation’s data along has its mails opened; the stores themselves hold no word of them', async () => {
  const { house, member, at } = world;
  await makeSample(world, member);
  const response = await fetch(`${house.base}/api/v1/orgs/${member}/archive`, { method: 'POST', headers: { Cookie: at(member, 'lead').cookie, 'Banya-Request': '1' } });
  const entries = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const parts = strFromU8(entries['files_parts.jsonl']!).split('\n').filter(Boolean).map((line) => JSON.parse(line) as { base64: string });
  assert.ok(parts.some((part) => Buffer.from(part.base64, 'base64').includes(WORD)));
  const { rows } = await house.house.gate.query<{ row: string }>("select to_jsonb(s)::text as row from desk_samples s union all select to_jsonb(t)::text from desk_messages t union all select encode(bytes, 'escape') from files_parts");
  assert.equal(rows.some((r) => r.row.includes(WORD)), false);
});

test('a program checks a mail without anything being kept, and pasted text is judged as such', async () => {
  const { house, member, at } = world;
  const count = async (): Promise<number> => (await house.house.gate.query('select 1 from desk_samples')).rows.length;
  const before = await count();
  const checked = await house.send('POST', '/mail/check', at(member, 'staff'), letter(70), { 'Content-Type': 'message/rfc822' });
  assert.equal(checked.status, 200);
  assert.ok(['dangerous', 'suspicious', 'insufficient', 'clear'].includes(checked.body.verdict) && checked.body.reasons.length >= 2 && checked.body.ms > 0);
  assert.equal((await house.send('POST', '/mail/check', at(member, 'staff'), new Uint8Array(), { 'Content-Type': 'message/rfc822' })).body.code, 'mail_empty');
  assert.equal((await house.send('POST', '/mail/check', at(member, 'staff'), letter(71), { 'Content-Type': 'text/html' })).status, 415);
  assert.equal(await count(), before);
  const pasted = await house.send('POST', `/orgs/${member}/samples`, at(member, 'staff'), new TextEncoder().encode('このメールは本物ですか'), { 'Content-Type': 'text/plain' });
  for (let tries = 0; tries < 600; tries += 1) {
    const { body } = await house.send('GET', `/orgs/${member}/samples/${pasted.body.id}`, at(member, 'staff'));
    if (body.state === 'waiting') await new Promise((resolve) => setTimeout(resolve, 25));
    else return assert.deepEqual([body.state, body.passage], ['judged', 'pasted']);
  }
  assert.fail('not judged');
});

test('a burst of one campaign, each mail to somebody else with its own link, is one question at the desk; the button reads each answer', async () => {
  const { house, federation, at } = world;
  const member = await house.org('member', federation, '波の商店');
  const { secret } = await house.house.identity.tokens.create(member, 'test', { name: '報告ボタン', scopes: ['samples:write'] });
  const as = { token: secret };
  const one = (n: number): Uint8Array => Buffer.from([
    'Received: from mail.unknown.example (mail.unknown.example [203.0.113.9]) by mx.member.example; Tue, 24 Nov 2026 09:00:01 +0900', 'From: "Account center" <notice@secure-portal.example.net>', `To: staff${n}@member.example`, `Subject: Dear staff${n}, please confirm your account within 24 hours`, 'Date: Tue, 24 Nov 2026 09:00:00 +0900',
    `Message-ID: <${n}.${n * 7919}@secure-portal.example.net>`, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', `Dear staff${n}, your account is suspended because of a suspicious sign-in. Enter your password within 24 hours, or it will be deleted together with all of your mails and files.`, `https://login-portal.example.net/verify/${(n * 104_729).toString(36)}`, '',
  ].join('\r\n'));
  const ids = await Promise.all(Array.from({ length: 16 }, async (_, n) => (await house.send('POST', `/orgs/${member}/samples?via=button`, as, one(n), { 'Content-Type': 'message/rfc822' })).body.id as string));
  const verdicts = new Set<string>();
  for (const id of ids) {
    let answer = await house.send('GET', `/orgs/${member}/samples/${id}`, as);
    for (let tries = 0; answer.body.state === 'waiting' && tries < 300; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      answer = await house.send('GET', `/orgs/${member}/samples/${id}`, as);
    }
    assert.equal(answer.status, 200);
    verdicts.add(answer.body.verdict);
  }
  assert.ok([...verdicts].every((v) => v === 'dangerous' || v === 'suspicious'), [...verdicts].join());
  const { items } = (await house.send('GET', `/orgs/${federation}/queue?member=${member}`, at(federation, 'desk'))).body;
  assert.equal(items.length, verdicts.size, 'one question for each verdict');
  assert.equal(items.reduce((n: number, q: { asked?: { people: number } }) => n + (q.asked?.people ?? 1), 0), 16);
});

test('no name is looked up for a mail unless the operator has said whom to ask', async (t) => {
  const bytes = Buffer.from('From: uri@oroshi.co.jp\r\nTo: taro@member.example\r\nSubject: order\r\nMessage-ID: <dns@oroshi.co.jp>\r\n\r\nHello, this is about your order of last week.\r\n');
  // Every name that this process has anybody look up begins as one of these.
  const lookups: string[] = [];
  const hook = createHook({ init: (_, type) => void (/^(?:QUERYWRAP|DNSCHANNEL|GETADDRINFOREQWRAP|UDPSENDWRAP)$/.test(type) && lookups.push(type)) }).enable();
  t.after(() => hook.disable());
  const judged = async (house: World['house'], org: string, lead: Parameters<World['house']['send']>[2]): Promise<void> => {
    const { status, body } = await house.send('POST', `/orgs/${org}/samples`, lead, bytes, { 'Content-Type': 'message/rfc822' });
    assert.equal(status, 201);
    for (let tries = 0; (await house.send('GET', `/orgs/${org}/samples/${body.id}`, lead)).body.state === 'waiting' && tries < 150; tries += 1) await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await house.send('GET', `/orgs/${org}/samples/${body.id}`, lead)).body.state, 'judged');
  };
  await judged(world.house, world.member, world.at(world.member, 'lead'));
  assert.equal(lookups.join(), '');

  const server = await nameServer({ 'oroshi.co.jp': {} });
  t.after(() => server.close());
  const house = await testHouse(t, { args: ['--mail-dns', server.address] });
  const { orgId } = await house.federation();
  const org = await house.org('member', orgId, '試験商事');
  await judged(house, org, await house.person(org, 'member', 'lead'));
  assert.ok(server.asked.includes('TXT _dmarc.oroshi.co.jp'));
  assert.ok(lookups.includes('QUERYWRAP'), 'which would have been seen');
});
