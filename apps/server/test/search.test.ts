import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readWorkbook } from '@banya/xlsx';
import { encodeRows, type EventRow } from '../src/kernel/events/index.ts';
import { newId } from '../src/kernel/ids.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { buildWorld, makeSample, type World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EVIL_IP = '203.0.113.66';
const EVIL = 'login.evil.example';

let world: World;
let house: TestHouse;
let close: () => Promise<void>;
let now: number;
const sources = new Map<string, string>();

type Fields = EventRow['event'];
interface Said { readonly ago: number; readonly raw: string; readonly event?: Omit<Fields, '@timestamp'>; readonly unmapped?: Record<string, string> }
let batches = 0;
async function lines(orgId: string, rows: readonly Said[]): Promise<void> {
  const made = rows.map(({ ago, raw, event, unmapped = {} }): EventRow => ({ unmapped, eventId: newId(), orgId, sourceId: sources.get(orgId)!, deviceId: null, receivedAt: now - ago, retention: 'standard', raw, event: { '@timestamp': now - ago, 'event.dataset': 'fortigate.traffic', 'event.category': 'network', ...event } as Fields }));
  await house.house.kernel.events.insert({ token: `test ${batches++}`, rows: encodeRows(made), count: made.length });
}
const traffic = (ago: number, ip: string, more: Omit<Fields, '@timestamp'> = {}) => ({ ago, raw: `srcip=${ip} dstip=${EVIL_IP} action=accept`, event: { 'source.ip': ip, 'destination.ip': EVIL_IP, 'destination.port': 443, 'event.action': 'allowed', ...more } });
const login = (ago: number, host: string, user: string, more: Omit<Fields, '@timestamp'> = {}) => ({ ago, raw: `{"Computer":"${host}","TargetUserName":"${user}"}`, event: { 'event.dataset': 'windows.security', 'event.category': 'authentication', 'event.outcome': 'success', 'event.action': 'login_succeeded', 'host.name': host, 'user.name': user, ...more } });

const get = (path: string, as: TestPerson | { token: string }) => house.send('GET', path, as);
const find = async (q: string, more = '', as = world.at(world.member, 'lead'), org = world.member) => get(`/orgs/${org}/events?q=${encodeURIComponent(q)}${more}`, as);
const week = () => `&from=${encodeURIComponent(new Date(now - 7 * DAY).toISOString())}`;
const ledger = async (org: string, lang = 'ja'): Promise<{ action: string; via: string | null; facts: Record<string, unknown> | null }[]> =>
  house.house.kernel.tenancy.inOrg({ orgId: org, actor: { kind: 'system', name: lang } }, (tx) => tx.query('select action, via, facts from kernel_ledger where org_id = $1 order by seq', [org]));
const consent = async (org: string, kind: string, given: boolean): Promise<void> => assert.equal((await house.send('PUT', `/orgs/${org}/consents/${kind}`, world.at(org, 'lead'), { given })).status, 204) as void;

before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  world = await buildWorld(house);
  now = Date.now() - MINUTE;
  for (const org of [world.member, world.sibling, world.otherMember]) {
    const { body, status, text } = await house.send('POST', `/orgs/${org}/sources`, world.at(org, 'lead'), { name: '入口のUTM', family: 'fortigate', match: { by: 'token' } });
    assert.equal(status, 201, text);
    sources.set(org, body.id);
  }
});
after(() => close());

describe('search', () => {
  before(async () => {
    await lines(world.member, [
      ...Array.from({ length: 7 }, (_, i) => ({ ago: i * HOUR, raw: `line ${i} alpha srcip=192.168.1.${i}`, event: { 'source.ip': `192.168.1.${i}`, 'user.name': i % 2 ? 'tanaka' : 'suzuki', 'destination.port': 443, 'event.action': 'allowed' }, unmapped: { vendorkey: `v${i}` } })),
      { ago: 3 * DAY, raw: '=HYPERLINK("http://evil.example") alpha old 日本語', event: { 'host.name': 'KEIRI-03' } },
    ]);
    await lines(world.sibling, [{ ago: HOUR, raw: 'line alpha of the neighbour', event: { 'user.name': 'tanaka' } }]);
  });

  test('words, fields and time narrow it; each line says who sent it and what was understood', async () => {
    const { status, body } = await find('alpha');
    assert.equal(status, 200);
    assert.equal(body.items.length, 7, 'a day back unless told');
    assert.deepEqual(body.items[0].source, { id: sources.get(world.member), name: '入口のUTM' });
    assert.equal(body.items[0].fields['source.ip'], '192.168.1.0');
    assert.equal(body.items[0].fields['fields.vendorkey'], 'v0', 'what only the vendor knows is named as the search can name it');
    assert.equal((await find('fields.vendorkey:v0')).body.items.length, 1);
    assert.equal((await find('alpha', week())).body.items.length, 8);
    assert.deepEqual((await find('user:tanaka alpha')).body.items.map((i: { raw: string }) => i.raw.slice(0, 6)), ['line 1', 'line 3', 'line 5']);
    assert.equal((await find('日本語', week())).body.items[0].raw.includes('日本語'), true);
  });
  test('pages follow one another without a gap or a double, newest first', async () => {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await find('alpha', `${week()}&limit=3${after}`);
      seen.push(...body.items.map((i: { id: string }) => i.id));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    assert.equal(seen.length, 8);
    assert.equal(new Set(seen).size, 8);
    for (const cursor of ['x', Buffer.from('["a","b"]').toString('base64url'), Buffer.from('[1,"\' OR 1"]').toString('base64url')]) assert.equal((await find('alpha', `&after=${cursor}`)).status, 400);
  });
  test('a wrong query says what is wrong in words, and nothing was read', async () => {
    const { status, body } = await find('usr:tanaka');
    assert.deepEqual([status, body.code], [400, 'query_wrong']);
    assert.match(body.detail, /「usr:」という項目はありません/);
    for (const q of ["' OR 1=1 --", '{banya_org:UUID}', 'x) UNION ALL SELECT * FROM events']) assert.ok([200, 400].includes((await find(q)).status), q);
    assert.equal((await find('a', `&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`)).body.code, 'time_wrong');
  });
  test('counts over time add up to what is found, and the commonest values are counted', async () => {
    const lead = world.at(world.member, 'lead');
    const { body } = await get(`/orgs/${world.member}/events/counts?q=alpha${week()}`, lead);
    assert.equal(body.total, 8);
    assert.equal(body.items.reduce((n: number, i: { count: number }) => n + i.count, 0), 8);
    assert.equal(body.step, 'hour');
    assert.deepEqual((await get(`/orgs/${world.member}/events/values?q=alpha&field=user.name`, lead)).body, { field: 'user.name', distinct: 2, items: [{ value: 'suzuki', count: 4 }, { value: 'tanaka', count: 3 }] });
    assert.equal((await get(`/orgs/${world.member}/events/values?field=raw`, lead)).status, 404, 'no column by any other name');
    assert.ok((await get(`/orgs/${world.member}/events/fields`, lead)).body.names.includes('利用者'));
  });
  test('files hold what was found, and a spreadsheet runs none of it', async () => {
    const lead = world.at(world.member, 'lead');
    const path = (format: string) => `/orgs/${world.member}/events/export?q=alpha&format=${format}${week()}`;
    const csv = await get(path('csv'), lead);
    assert.match(csv.headers.get('content-type')!, /text\/csv/);
    assert.equal(csv.text.trim().split('\r\n').length, 9);
    assert.match(csv.text, /"'=HYPERLINK/);
    assert.equal((await get(path('jsonl'), lead)).text.trim().split('\n').map((l) => JSON.parse(l).raw).length, 8);
    const xlsx = await fetch(`${house.base}/api/v1${path('xlsx')}`, { headers: { Cookie: lead.cookie } });
    const book = readWorkbook(new Uint8Array(await xlsx.arrayBuffer()));
    assert.equal(book.sheets.length, 1);
    assert.equal((await ledger(world.member)).filter((e) => e.action === 'search.exported').length, 3);
  });
  test('nobody finds a line of another organisation', async () => {
    assert.equal((await find('neighbour', week())).body.items.length, 0);
    assert.equal((await find('alpha', week(), world.at(world.sibling, 'lead'), world.sibling)).body.items.length, 1);
    assert.equal((await find('alpha', '', world.at(world.sibling, 'lead'), world.member)).status, 404);
    assert.equal((await find('alpha', '', world.at(world.member, 'staff'))).body.code, 'role_missing');
  });
  test('the desk searches only while the member shares its logs, and each look stands in the member’s ledger', async () => {
    const desk = world.at(world.federation, 'desk');
    assert.equal((await find('alpha', '', desk)).body.code, 'consent_missing');
    await consent(world.member, 'logs', true);
    assert.equal((await find('alpha', '', desk)).body.items.length, 7);
    const look = (await ledger(world.member)).filter((e) => e.action === 'search.read');
    assert.equal(look.length, 1, 'its own people’s looks are their own affair');
    assert.equal(look[0]!.via, 'logs');
    assert.equal(look[0]!.facts!.q, 'alpha');
    await consent(world.member, 'logs', false);
    assert.equal((await find('alpha', '', desk)).body.code, 'consent_missing');
  });
  test('a token searches where it may, and keeps no searches', async () => {
    const { secret: token } = await house.house.identity.tokens.create(world.member, 'test', { name: 'reader', scopes: ['events:read'] });
    assert.equal((await get(`/orgs/${world.member}/events?q=alpha`, { token })).body.items.length, 7);
    assert.equal((await get(`/orgs/${world.sibling}/events?q=alpha`, { token })).status, 404);
    assert.equal((await house.send('POST', `/orgs/${world.member}/searches`, { token }, { name: 'x', q: '', span: '24h' })).status, 403);
  });
});

describe('saved searches', () => {
  test('they are one’s own until they are shared, and only their maker changes them', async () => {
    const [lead, deputy] = [world.at(world.member, 'lead'), world.at(world.member, 'deputy')];
    const path = `/orgs/${world.member}/searches`;
    const mine = (await house.send('POST', path, lead, { name: '夜の接続', q: 'action:login_succeeded', span: '7d' })).body;
    assert.equal(mine.mine, true);
    const list = async (as: TestPerson) => (await get(path, as)).body.items.map((s: { name: string; mine: boolean }) => `${s.name} ${s.mine}`);
    assert.deepEqual(await list(deputy), []);
    assert.equal((await house.send('PATCH', `${path}/${mine.id}`, lead, { shared: true })).status, 200);
    assert.deepEqual(await list(deputy), ['夜の接続 false']);
    for (const [method, body] of [['PATCH', { name: 'x' }], ['DELETE', undefined]] as const) assert.equal((await house.send(method, `${path}/${mine.id}`, deputy, body)).status, 404);
    assert.equal((await house.send('PATCH', `/orgs/${world.sibling}/searches/${mine.id}`, world.at(world.sibling, 'lead'), { name: 'x' })).status, 404);
    assert.equal((await house.send('POST', path, lead, { name: 'x', q: 'usr:x', span: '7d' })).body.code, 'query_wrong');
    assert.equal((await house.send('DELETE', `${path}/${mine.id}`, lead)).status, 204);
    assert.equal((await house.send('DELETE', `${path}/${randomUUID()}`, lead)).status, 404);
  });
});

describe('whoever leaves', () => {
  test('takes their searches along, those that the desk’s people keep at members too; what was shared stays', async () => {
    await consent(world.member, 'logs', true);
    const desk = await house.person(world.federation, 'federation', 'desk');
    house.house.identity.sessions.forgetAll();
    const keep = async (name: string, shared: boolean) => assert.equal((await house.send('POST', `/orgs/${world.member}/searches`, desk, { name, q: 'alpha', span: '7d', shared })).status, 201);
    await keep('mine', false);
    await keep('ours', true);
    const { kernel } = house.house;
    const kept = async (): Promise<string[]> => (await kernel.tenancy.asSystem('test: searches', (tx) => tx.query<{ name: string }>('select name from search_saved where person_id = $1 order by name', [desk.personId]))).map((r) => r.name);
    assert.deepEqual(await kept(), ['mine', 'ours']);
    await kernel.tenancy.inOrg({ orgId: world.federation, actor: { kind: 'system', name: 'test' } }, (tx) => tx.emit('people.archived', { orgId: world.federation, personId: desk.personId }));
    for (let tries = 0; (await kept()).length > 1 && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(await kept(), ['ours']);
    await consent(world.member, 'logs', false);
  });
});

describe('spread', () => {
  const trace = (indicator: string, as: TestPerson | { token: string } = world.at(world.member, 'lead'), org = world.member, more: object = {}) => house.send('POST', `/orgs/${org}/trace`, as, { indicator, from: new Date(now - 7 * DAY).toISOString(), ...more });
  interface Call { name: string; state: string; hop: number; why: string; owner: string | null; confidence: string; firstAt: string; device: string | null }
  const said = (calls: readonly Call[]): string[] => calls.map((c) => `${c.name} ${c.state} ${c.hop}`).sort();

  before(async () => {
    const lead = world.at(world.member, 'lead');
    const device = (name: string, more: object) => house.send('POST', `/orgs/${world.member}/devices`, lead, { name, kind: 'pc', ...more });
    await device('経理のパソコン', { hostNames: ['keiri-03'], owner: lead.personId });
    await device('営業のパソコン', { macs: ['00:11:22:33:44:55'] });
    await device('倉庫のパソコン', { macs: ['00:11:22:33:44:66'] });
    // One address, two machines: who had it when.
    const { inventory } = house.house.modules;
    await house.house.kernel.tenancy.asSystem('test: leases', (tx) => inventory.recordLeases(tx, [
      { orgId: world.member, ip: '192.168.5.5', at: new Date(now - 6 * HOUR), kind: 'assigned', mac: '00:11:22:33:44:55' },
      { orgId: world.member, ip: '192.168.5.5', at: new Date(now - 2 * HOUR), kind: 'assigned', mac: '00:11:22:33:44:66' },
    ]));
    await lines(world.member, [
      // The accounting PC, by name; its user on the same line.
      { ago: 5 * HOUR, raw: `hostname=${EVIL} user=sato`, event: { 'event.dataset': 'fortigate.webfilter', 'host.name': 'KEIRI-03.corp.local', 'source.ip': '192.168.5.3', 'url.domain': EVIL, 'user.name': 'sato', 'event.action': 'allowed' } },
      // The shared address before and after it changed hands.
      traffic(4 * HOUR, '192.168.5.5', { 'destination.domain': EVIL }), traffic(HOUR, '192.168.5.5', { 'destination.domain': EVIL }),
      // Stopped.
      traffic(3 * HOUR, '192.168.5.9', { 'destination.domain': EVIL, 'event.action': 'blocked' }),
      // Only the text of a line that nobody understood has it.
      { ago: 2 * HOUR, raw: `strange device says: GET http://${EVIL}/x`, event: { 'event.dataset': 'unknown' } },
      // Only the text of a line that was understood has it.
      { ago: 2 * HOUR, raw: `{"Computer":"JIMU-01","CommandLine":"curl https:\\/\\/${EVIL}\\/x"}`, event: { 'event.dataset': 'windows.sysmon', 'event.category': 'process', 'host.name': 'JIMU-01', 'process.name': 'curl.exe' } },
      // What looks like it and is not.
      { ago: 2 * HOUR, raw: `hostname=${EVIL}.com`, event: { 'source.ip': '192.168.5.77', 'url.domain': `${EVIL}.com`, 'event.action': 'allowed' } },
      { ago: 2 * HOUR, raw: `hostname=not${EVIL}`, event: { 'source.ip': '192.168.5.78', 'url.domain': `not${EVIL}`, 'event.action': 'allowed' } },
      { ago: 2 * HOUR, raw: `dstip=${EVIL_IP}0`, event: { 'source.ip': '192.168.5.79', 'destination.ip': '203.0.113.60' } },
      // The account goes on to two more; somebody else's does not count.
      login(4 * HOUR, 'FILESV', 'sato'), login(3 * HOUR, 'KEIRI-04', 'SATO'), login(4 * HOUR, 'OTHER', 'yamada'), login(6 * HOUR, 'BEFORE', 'sato'),
      // A working connection from the address of the accounting PC.
      { ago: 4 * HOUR, raw: 'smb', event: { 'source.ip': '192.168.5.3', 'destination.ip': '192.168.5.20', 'destination.port': 445, 'event.action': 'allowed' } },
      // Mails.
      ...['lead@member.example', 'a@member.example', 'b@member.example'].map((to) => ({ ago: 5 * HOUR, raw: `from=<x@${EVIL}> to=<${to}>`, event: { 'event.dataset': 'postfix', 'event.category': 'email', 'email.from.address': `x@${EVIL}`, 'email.to.address': to, 'event.action': 'mail_sent' } as Omit<Fields, '@timestamp'> })),
    ]);
    await lines(world.sibling, [traffic(HOUR, '192.168.9.1', { 'destination.domain': EVIL })]);
    await lines(world.otherMember, [traffic(HOUR, '192.168.9.2', { 'destination.domain': EVIL })]);
  });

  test('every machine and person that had it is named once, by the lease of that time, with why; what only looks like it is not', async () => {
    const { status, body, text } = await trace('login[.]evil[.]example');
    assert.equal(status, 200, text);
    assert.deepEqual(said(body.calls), [
      '192.168.5.20 possible 2', '192.168.5.9 stopped 1', 'filesv possible 3', 'a@member.example received 1', 'b@member.example received 1', 'jimu-01 possible 1', 'keiri-04 possible 3', 'lead@member.example received 1', '入口のUTM possible 1', '倉庫のパソコン communicated 1', '営業のパソコン communicated 1', '経理のパソコン communicated 1',
    ].sort());
    assert.deepEqual({ ...body.counts, silent: 0 }, { received: 3, opened: 0, machines: 3, stopped: 1, possible: 5, silent: 0, lines: 9 });
    assert.match(body.sentence, /メールで3人に届き、3台が通信などで関わり、1台は止められました。ほかに、確かめたい機器が5台あります。/);
    const keiri = body.calls.find((c: Call) => c.name === '経理のパソコン');
    assert.equal(keiri.owner, (await get(`/orgs/${world.member}/people/${world.at(world.member, 'lead').personId}`, world.at(world.member, 'lead'))).body.name);
    assert.ok(body.edges.every((e: { hop: number; why: string; firstAt: string; confidence: string }) => e.hop >= 1 && e.hop <= 3 && e.why !== '' && e.firstAt && e.confidence));
    assert.equal(body.indicator.shown, 'login[.]evil[.]example');
  });
  test('an address, a sender and an account are traced by what they are', async () => {
    assert.deepEqual(said((await trace(EVIL_IP)).body.calls).filter((c) => c.endsWith(' 1')), ['192.168.5.9 stopped 1', '倉庫のパソコン communicated 1', '営業のパソコン communicated 1']);
    assert.equal((await trace(`X+tag@${EVIL}`)).body.counts.received, 3);
    const account = (await trace('sato', undefined, undefined, { as: 'account' })).body;
    assert.deepEqual(said(account.calls), ['192.168.5.20 possible 2', 'before communicated 1', 'filesv communicated 1', 'keiri-04 communicated 1', '経理のパソコン communicated 1']);
  });
  test('what cannot be read is refused in words; what everybody has is called so and leads nowhere', async () => {
    const refused = await trace('10.0.0.0/8');
    assert.deepEqual([refused.status, refused.body.code], [400, 'indicator_unread']);
    const common = (await trace('192.168.5.3')).body;
    assert.equal(common.common, 'inside_address');
    assert.ok(common.calls.every((c: Call) => c.hop === 1));
  });
  test('a reported mail counts for who reported it, and whoever opened it brings their own machine', async () => {
    const lead = world.at(world.member, 'lead');
    const sample = await makeSample(world, world.member);
    assert.equal((await house.send('POST', `/orgs/${world.member}/samples/${sample}/touched`, lead, { touched: 'link' })).status, 200);
    const { body } = await trace('info@shop.example.jp');
    assert.equal(body.mails.length, 1);
    assert.deepEqual([body.counts.received, body.counts.opened], [1, 1]);
    assert.deepEqual(body.calls.map((c: Call) => `${c.state} ${c.hop}`), ['opened 1', 'possible 2']);
    assert.equal(body.calls[1].name, '経理のパソコン');
  });
  test('senders that were silent are listed: of what they would have told nothing is known', async () => {
    const { body } = await trace('nowhere.example');
    assert.equal(body.calls.length, 0);
    assert.equal(body.counts.silent, body.silent.length);
    assert.ok(body.silent.length > 0);
    assert.match(body.sentence, /この期間には見つかりませんでした。ログが届いていない機器が\d+台あり/);
  });
  test('over all members: names with the consent for logs, numbers with that for traces, else nothing; other federations are not touched', async () => {
    const desk = world.at(world.federation, 'desk');
    const all = async () => (await house.send('POST', `/orgs/${world.federation}/desk/trace`, desk, { indicator: EVIL, from: new Date(now - 7 * DAY).toISOString() })).body;
    const at = (body: { members: { member: string; seen: string; counts: { machines: number } | null }[] }, org: string) => body.members.find((m) => m.member === org)!;
    const before = await all();
    assert.deepEqual([at(before, world.member).seen, at(before, world.member).counts, before.counts.unasked], ['closed', null, 2]);
    assert.equal(before.members.length, 2, 'members of this federation alone');
    await consent(world.member, 'logs', true);
    await consent(world.sibling, 'indicators', true);
    const body = await all();
    assert.deepEqual([at(body, world.member).seen, at(body, world.sibling).seen], ['open', 'numbers']);
    assert.equal(at(body, world.member).counts!.machines, 3);
    assert.equal(at(body, world.sibling).counts!.machines, 1);
    assert.deepEqual([body.counts.members, body.counts.reached, body.counts.unasked], [2, 2, 0]);
    assert.match(body.sentence, /2会員のうち2会員にあります。/);
    // Numbers alone: the door to the names stays shut, and the member's ledger does not say what another member has.
    assert.equal((await trace(EVIL, desk, world.sibling)).body.code, 'consent_missing');
    const looked = (await ledger(world.sibling)).filter((e) => e.action === 'trace.counted');
    assert.equal(looked.length, 1);
    assert.ok(!JSON.stringify(looked).includes('evil'));
    assert.equal(looked[0]!.via, 'indicators');
    assert.equal((await trace(EVIL, desk, world.member)).body.calls.length, 12);
    assert.equal((await ledger(world.member)).filter((e) => e.action === 'trace.looked').length, 2);
    const other = await house.send('POST', `/orgs/${world.otherFederation}/desk/trace`, world.at(world.otherFederation, 'desk'), { indicator: EVIL });
    assert.deepEqual(other.body.members.map((m: { seen: string }) => m.seen), ['closed']);
  });

  // Who lets the desk into its logs has not agreed to show its reported mails, its findings and whose which computer is.
  test('the desk is told of findings, reported mails and devices only what the member shares of each', async () => {
    const desk = world.at(world.federation, 'desk');
    const kinds = ['alerts', 'samples', 'inventory'] as const;
    await consent(world.member, 'logs', true);
    for (const kind of kinds) await consent(world.member, kind, false);
    await house.house.kernel.tenancy.inOrg({ orgId: world.member, actor: { kind: 'system', name: 'test' } }, (tx) => house.house.modules.findings.raise(tx, [{
      orgId: world.member, kind: 'detection', ruleId: 'test', rule: { title: 'info@shop.example.jp', author: 'Banya', license: '', references: [] }, severity: 'look', direction: 'none', stopped: 'no', fingerprint: 'trace', entity: 'info@shop.example.jp', slots: {},
      asset: { deviceId: null, name: 'FILESV', owner: null, department: null }, minutes: 1, count: 1, firstAt: new Date(now - HOUR), lastAt: new Date(now - HOUR), days: { [new Date(now + 9 * HOUR).toISOString().slice(0, 10)]: 1 }, samples: [], deskTicket: false,
    }]));
    const told = async (indicator: string) => {
      const { body } = await trace(indicator, desk, world.member);
      return { findings: body.findings.length, mails: body.mails.length, opened: body.counts.opened, names: body.calls.map((c: Call) => c.name), owners: body.calls.filter((c: Call) => c.owner !== null || c.device !== null).length };
    };
    assert.deepEqual(await told('info@shop.example.jp'), { findings: 0, mails: 0, opened: 0, names: [], owners: 0 });
    assert.equal((await told('filesv')).findings, 0);
    const evil = await told(EVIL);
    assert.deepEqual([evil.owners, evil.names.includes('keiri-03.corp.local'), evil.names.includes('経理のパソコン'), evil.names.length], [0, true, false, 12]);
    for (const kind of kinds) await consent(world.member, kind, true);
    const all = await told('info@shop.example.jp');
    assert.deepEqual([all.mails, all.opened, all.names.includes('経理のパソコン')], [1, 1, true]);
    assert.ok((await told('filesv')).findings > 0);
    for (const kind of [...kinds, 'logs']) await consent(world.member, kind, false);
  });

  // The desk's way without a standing consent: for one question it searches, traces and takes files as with one, and sweeps over members as without.
  test('for one question the desk searches and traces the one member, named in its ledger; over all members that opens nothing', async () => {
    const desk = world.at(world.federation, 'desk');
    const lead = world.at(world.member, 'lead');
    for (const kind of ['logs', 'indicators', 'samples', 'inventory', 'alerts']) await consent(world.member, kind, false);
    const ticket = (await house.send('POST', `/orgs/${world.member}/tickets`, lead, { subject: '変な通信', message: '調べてください。' })).body;
    const paths = ['events', 'events/counts', 'events/values?field=source.ip', 'events/export', 'events/fields', 'searches'];
    const answers = async () => [...(await Promise.all(paths.map(async (path) => (await get(`/orgs/${world.member}/${path}`, desk)).status))), (await trace(EVIL, desk, world.member)).status];
    assert.deepEqual([...new Set(await answers())], [403]);
    assert.equal((await house.send('POST', `/orgs/${world.federation}/queue/${ticket.id}/look`, desk)).status, 204);
    assert.deepEqual([...new Set(await answers())], [403]);
    assert.equal((await house.send('POST', `/orgs/${world.member}/tickets/${ticket.id}/look`, lead, { allow: true })).status, 204);
    const before = (await ledger(world.member)).length;
    assert.deepEqual([...new Set(await answers())], [200]);
    const told = (await ledger(world.member)).slice(before);
    assert.deepEqual([...new Set(told.map((e) => e.action))].sort(), ['kernel.read', 'search.counted', 'search.exported', 'search.read', 'trace.looked']);
    assert.deepEqual([...new Set(told.map((e) => `${e.via} ${String(e.facts?.['ticket'])}`))], [`logs #${ticket.number}`]);
    // The neighbour’s logs stay shut, and the member is counted with those that share nothing.
    assert.equal((await get(`/orgs/${world.sibling}/events`, desk)).body.code, 'consent_missing');
    const swept = (await house.send('POST', `/orgs/${world.federation}/desk/trace`, desk, { indicator: EVIL, from: new Date(now - 7 * DAY).toISOString() })).body;
    assert.equal(swept.members.find((m: { member: string }) => m.member === world.member).seen, 'closed');
    // Findings come along only where the question was about one.
    assert.equal((await trace('filesv', desk, world.member)).body.findings.length, 0);
    assert.equal((await house.send('DELETE', `/orgs/${world.member}/tickets/${ticket.id}/look`, lead)).status, 204);
    assert.deepEqual([...new Set(await answers())], [403]);
    const finding = (await get(`/orgs/${world.member}/findings`, lead)).body.items[0];
    const about = (await house.send('POST', `/orgs/${world.member}/findings/${finding.id}/ask`, lead, { message: '教えてください。' })).body.ticket as string;
    assert.equal((await house.send('POST', `/orgs/${world.federation}/queue/${about}/look`, desk)).status, 204);
    assert.equal((await house.send('POST', `/orgs/${world.member}/tickets/${about}/look`, lead, { allow: true })).status, 204);
    assert.ok((await trace('filesv', desk, world.member)).body.findings.length > 0);
    assert.equal((await house.send('POST', `/orgs/${world.member}/tickets/${about}/solved`, lead)).status, 204);
    assert.deepEqual([...new Set(await answers())], [403]);
  });

  // A member agrees that the desk reads its logs. Managers and operators have no desk's work to do in them, one member or all.
  test('over all members is for the desk alone, as each member’s logs are, and so often and no more', async () => {
    const all = (as: TestPerson, indicator = EVIL) => house.send('POST', `/orgs/${world.federation}/desk/trace`, as, { indicator, from: new Date(now - DAY).toISOString() });
    for (const role of ['manager', 'operator'] as const) assert.equal((await all(world.at(world.federation, role))).body.code, 'role_missing', role);
    const desk = world.at(world.federation, 'desk');
    for (let i = 0; i < 12; i += 1) assert.equal((await all(desk, '10.0.0.0/8')).body.code, 'indicator_unread', 'what reads nothing counts for nothing');
    const answers = [];
    for (let i = 0; i < 11; i += 1) answers.push(await all(desk));
    const refused = answers.findIndex((a) => a.status === 429);
    assert.ok(refused > 0 && refused <= 10, `${refused}`);
    assert.ok(Number(answers[refused]!.headers.get('retry-after')) <= 30);
    assert.equal((await house.send('POST', `/orgs/${world.otherFederation}/desk/trace`, world.at(world.otherFederation, 'desk'), { indicator: EVIL })).status, 200, 'another federation has its own');
  });

  test('the command line asks the server with a token, says it in words or as JSON, and says what is missing', async () => {
    const { secret } = await house.house.identity.tokens.create(world.member, 'test', { name: 'reader', scopes: ['events:read'] });
    const banya = (args: string[], env: Record<string, string>) =>
      new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
        const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../cli/src/main.ts'), 'trace', ...args], { env: { ...process.env, LC_ALL: 'ja_JP.UTF-8', BANYA_TOKEN: '', ...env } });
        let [out, err] = ['', ''];
        child.stdout.on('data', (chunk: Buffer) => (out += chunk));
        child.stderr.on('data', (chunk: Buffer) => (err += chunk));
        child.once('close', (code) => resolve({ code, out, err }));
      });
    const env = { BANYA_TOKEN: secret, BANYA_ORG: world.member, BANYA_URL: house.base };
    const told = await banya([EVIL, '--days', '7'], env);
    assert.equal(told.code, 0, told.err);
    assert.match(told.out, /login\[\.\]evil\[\.\]example {2}メールで3人に届き/);
    assert.match(told.out, /経理のパソコン/);
    const json = JSON.parse((await banya([EVIL, '--days', '7', '--json'], env)).out);
    assert.equal(json.counts.machines, 3);
    const refused = await banya(['10.0.0.0/8'], env);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /範囲では調べられません/);
    assert.equal((await banya([EVIL], { BANYA_ORG: world.member })).code, 2, 'without a token');
    assert.match((await banya([EVIL], { ...env, BANYA_ORG: world.sibling })).err, /見つかりません/);
  });
});
