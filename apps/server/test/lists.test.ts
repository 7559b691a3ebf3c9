import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allRoutes, type Route } from '@banya/contract';
import { newId } from '../src/kernel/ids.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { giveRole } from './world.ts';

const MANY = 1_000;
const STATEMENTS = 10;
let house: TestHouse;
let federation: string;
let member: string;
let lead: TestPerson;
let manager: TestPerson;
let close: () => Promise<void>;

before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  ({ orgId: federation, manager } = await house.federation());
  member = await house.org('member', federation, '大きな商事');
  lead = await house.person(member, 'member', 'lead');
  await giveRole(house, member, lead.personId, member, 'manager');
  house.house.identity.sessions.forgetAll();
  const { kernel, modules } = house.house;
  await kernel.tenancy.asSystem('test: a large organisation', async (tx) => {
    const numbers = JSON.stringify(Array.from({ length: MANY }, (_, i) => ({ id: newId(tx.now.getTime()), n: i })));
    await tx.query(`insert into orgs_people (id, org_id, name, sort_key, search_key, emails, created_at, updated_at)
      select id, $2, '人' || n, lpad((n % 100)::text, 4, '0'), '人' || n, '{}', $3, $3 from jsonb_to_recordset($1::jsonb) as r(id uuid, n int)`, [numbers, member, tx.now]);
    await tx.query(`insert into inventory_devices (id, org_id, name, kind, owner_id, sort_key, search_key, created_at, updated_at)
      select id, $2, '機器' || n, 'pc', id, lpad((n % 100)::text, 4, '0'), '機器' || n, $3, $3 from jsonb_to_recordset($1::jsonb) as r(id uuid, n int)`, [numbers, member, tx.now]);
    await tx.query(`insert into inventory_sources (id, org_id, name, family, match, time_zone, encoding, retention, silent_after_hours, created_at, updated_at)
      select id, $2, '送り主' || n, 'generic', '{"by":"token"}', 'Asia/Tokyo', 'utf-8', '1y', 24, $3, $3 from jsonb_to_recordset($1::jsonb) as r(id uuid, n int)`, [numbers, member, tx.now]);
    await tx.query(`insert into orgs_orgs (id, org_id, parent_id, path, kind, name, search_key, time_zone, created_at)
      select r.id, r.id, $2, array[$4::uuid, $2::uuid], 'unit', '支店' || n, lpad((n % 100)::text, 4, '0'), 'Asia/Tokyo', $3 from jsonb_to_recordset($1::jsonb) as r(id uuid, n int)`, [numbers, member, tx.now, federation]);
    await modules.findings.raise(tx, Array.from({ length: 120 }, (_, i) => ({
      orgId: member, kind: 'detection', ruleId: 'test.rule', rule: { title: 'Test', author: 'Test', license: 'Apache-2.0', references: [] }, severity: 'look', direction: 'outbound', stopped: 'no', fingerprint: `test ${i}`, entity: `192.0.2.${i}`, slots: {},
      asset: null, minutes: 5, count: 1, firstAt: tx.now, lastAt: tx.now, days: {}, samples: [], deskTicket: i % 2 === 0,
    } as const)));
  });
});
after(() => close());

/** Lists of the contract: what pages by keyset. */
const lists = allRoutes().filter((r) => r.method === 'GET' && r.access.kind === 'org' && r.query && 'shape' in r.query && 'after' in (r.query.shape as object));
const isFederations = (route: Route): boolean => /^(queue|federationReports|overview|articles|deskSamples|campaigns|bulletins)\./.test(route.id);

test(`every list answers with at most ${STATEMENTS} statements, however much there is, and the pages beside lists too`, async () => {
  assert.ok(lists.length >= 12, lists.map((r) => r.id).join());
  const others = allRoutes().filter((r) => ['home.get', 'executive.get', 'queue.counts', 'queue.statistics', 'queue.members', 'templates.list', 'tokens.list', 'consents.get', 'me.get'].includes(r.id));
  assert.equal(others.length, 9);
  const wrong: string[] = [];
  for (const route of [...lists, ...others]) {
    const desk = isFederations(route) || route.id.startsWith('templates');
    const path = route.path.replace('{org}', desk ? federation : member);
    const as = desk ? manager : lead;
    // The first request of a person reads the session; what follows is what a list costs.
    await house.send('GET', path, as);
    const { result, statements, texts } = await house.house.gate.counted(() => house.send('GET', `${path}${lists.includes(route) ? '?limit=200' : ''}`, as));
    assert.equal(result.status, 200, `${route.id}: ${result.text.slice(0, 200)}`);
    if (statements > STATEMENTS) wrong.push(`${route.id}: ${statements}\n  ${texts.map((t) => t.replace(/\s+/g, ' ').slice(0, 100)).join('\n  ')}`);
  }
  assert.deepEqual(wrong, []);
});

interface Page { body: { items: { id: string; name: string }[]; next: string | null; total?: { count: number; more: boolean } } }
test('pages neither repeat nor leave out a row while others come and go before, behind and between', async () => {
  const adders: Readonly<Record<string, (i: number) => Promise<unknown>>> = {
    people: (i) => house.send('POST', `/orgs/${member}/people`, lead, { name: `あたらしい人${i}`, reading: i % 2 ? 'あ' : 'わ', emails: [] }),
    devices: (i) => house.send('POST', `/orgs/${member}/devices`, lead, { name: i % 2 ? `0000 新しい機器${i}` : `わ 新しい機器${i}` }),
    sources: (i) => house.send('POST', `/orgs/${member}/sources`, lead, { name: `新しい送り主${i}`, family: 'generic', match: { by: 'token' } }),
    children: (i) => house.send('POST', `/orgs/${member}/children`, lead, { kind: 'unit', name: `新しい支店${i}`, reading: i % 2 ? 'あ' : 'わ' }),
  };
  const old = { people: '人', devices: '機器', sources: '送り主', children: '支店' };
  for (const [list, add] of Object.entries(adders)) {
    const seen: { id: string; name: string }[] = [];
    let after = '';
    for (let pages = 0; ; pages++) {
      const page = (await house.send('GET', `/orgs/${member}/${list}?limit=90${after && `&after=${after}`}`, lead)) as Page;
      seen.push(...page.body.items);
      if (pages === 0 && page.body.total) assert.deepEqual(page.body.total, { count: 1000, more: list === 'people' }, 'counting stops at a thousand');
      if (page.body.next === null) break;
      after = page.body.next;
      await add(pages);
      assert.ok(pages < 30, 'paging ends');
    }
    assert.equal(new Set(seen.map((s) => s.id)).size, seen.length, `${list}: none twice`);
    assert.equal(seen.filter((s) => new RegExp(`^${old[list as keyof typeof old]}\\d+$`).test(s.name)).length, MANY, `${list}: none left out`);
  }
});

test('a cursor that somebody made up breaks no list and reads nothing it should not', async () => {
  const wrong: string[] = [];
  for (const route of lists) {
    const path = route.path.replace('{org}', isFederations(route) ? federation : member);
    for (const cursor of ['nonsense', Buffer.from('["a"]').toString('base64url'), Buffer.from(`["'; select 1; --","x","y","z","q"]`).toString('base64url'), Buffer.from('[[1],{}]').toString('base64url'), ...[2, 3, 4].map((n) => Buffer.from(JSON.stringify(Array.from({ length: n }, () => 'a'))).toString('base64url')), ...[1, 2, 3, 4].map((n) => Buffer.from(JSON.stringify(Array.from({ length: n }, () => 1e300))).toString('base64url'))]) {
      const { status, body, text } = await house.send('GET', `${path}?after=${cursor}`, isFederations(route) ? manager : lead);
      // A value that could stand there is a place like any other, behind which there may be nothing.
      if (status === 200) assert.ok(Array.isArray(body.items));
      else if (status !== 400 || body.code !== 'cursor_broken') wrong.push(`${route.id} with ${Buffer.from(cursor, 'base64url')}: ${text.slice(0, 100)}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('a character no store can keep is refused as the sender’s mistake, in lists and at the sign-in alike', async () => {
  for (const route of allRoutes().filter((r) => r.method === 'GET' && r.access.kind === 'org' && r.query && 'shape' in r.query && 'q' in (r.query.shape as object))) {
    const org = isFederations(route) ? federation : member;
    const path = route.path.replace('{org}', org).replace('{month}', '2026-10');
    const got = await house.send('GET', `${path}?q=%00x`, isFederations(route) ? manager : lead);
    assert.ok(got.status < 500, `${route.id}: ${got.status}`);
  }
  const response = { clientDataJSON: Buffer.from('{"challenge":"\\u0000"}').toString('base64url') };
  assert.equal((await house.send('POST', '/sign-in/passkey', null, { id: 'x', response })).status, 400);
  assert.equal((await house.send('PATCH', `/orgs/${member}`, lead, { domains: ['\u0000'] })).body.code, 'invalid');
});
