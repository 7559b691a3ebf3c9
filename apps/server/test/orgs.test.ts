import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { STATE_MIGRATIONS } from '../src/kernel/db/migrate.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { giveRole } from './world.ts';

let house: TestHouse;
let federation: string;
let manager: TestPerson;
let close: () => Promise<void>;
let now = Date.UTC(2026, 5, 10, 3);
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) }, { clock: { now: () => now } });
  ({ orgId: federation, manager } = await house.federation());
});
after(() => close());

async function member(name = '試験商事'): Promise<{ org: string; lead: TestPerson }> {
  const org = await house.org('member', federation, name);
  return { org, lead: await house.person(org, 'member', 'lead') };
}

test('the manager registers a member with its lead, who can then sign in and sees no other member', async () => {
  const made = await house.send('POST', `/orgs/${federation}/children`, manager, { kind: 'member', name: '登録商店', reading: 'とうろくしょうてん', corporateNumber: '８７０-０１１-００２０８１', lead: { name: '責任 太郎', email: 'lead@touroku.example' } });
  assert.equal(made.status, 400, 'a number with a wrong check digit is refused');
  assert.equal(made.body.fields[0].at, '/corporateNumber');
  assert.match(made.body.fields[0].message, /[ぁ-ん]/);
  const good = await house.send('POST', `/orgs/${federation}/children`, manager, { kind: 'member', name: '登録商店', reading: 'とうろくしょうてん', corporateNumber: '５８３５６７８２５６２４６', lead: { name: '責任 太郎', email: 'lead@touroku.example' } });
  assert.deepEqual([good.status, good.body.corporateNumber, good.body.timeZone], [201, '5835678256246', 'Asia/Tokyo']);
  const [account] = await house.house.identity.accounts.forEmail('LEAD@touroku.example');
  assert.equal(account?.org_id, good.body.id);
  const { lead } = await member();
  assert.equal((await house.send('GET', `/orgs/${good.body.id}`, lead)).status, 404);
});

test('a unit that the federation makes below a member is in the member’s ledger, as something others did', async () => {
  const { org, lead } = await member();
  const made = await house.send('POST', `/orgs/${org}/children`, manager, { kind: 'unit', name: '支店' });
  assert.equal(made.status, 201);
  const seen = (await house.send('GET', `/orgs/${org}/audit?outsiders=true`, lead)).body.items;
  assert.deepEqual(seen.map((e: { action: string; target: string; via: string }) => [e.action, e.target, e.via]), [['orgs.created', `org:${made.body.id}`, 'federation']]);
});

test('a profile is changed field by field; what cannot be right is refused in words and changes nothing', async () => {
  const { org, lead } = await member('前の名前');
  const changed = await house.send('PATCH', `/orgs/${org}`, lead, { industry: 'E', sizeBand: '21-50', prefecture: '13', domains: ['Example.JP '], ownRanges: ['198.51.100.0/24'] });
  assert.deepEqual([changed.body.name, changed.body.industry, changed.body.domains], ['前の名前', 'E', ['example.jp']]);
  for (const [body, at] of [[{ corporateNumber: '1234567890123' }, '/corporateNumber'], [{ timeZone: 'Mars/Olympus' }, '/timeZone'], [{ industry: 'Z' }, '/industry'], [{ prefecture: '48' }, '/prefecture'], [{ name: '' }, '/name'], [{ ownRanges: ['どこか'] }, '/ownRanges/0']] as const) {
    const refused = await house.send('PATCH', `/orgs/${org}`, lead, body);
    assert.equal(refused.status, 400, JSON.stringify(body));
    assert.equal(refused.body.fields[0].at, at);
    assert.match(refused.body.fields[0].message, /[ぁ-ん]/);
  }
  assert.equal((await house.send('GET', `/orgs/${org}`, lead)).body.name, '前の名前');
});

test('members are paged by reading without a gap, also while new ones come', async () => {
  const nest = await house.org('member', federation, '親');
  const chief = manager;
  for (let i = 0; i < 25; i++) await house.send('POST', `/orgs/${nest}/children`, chief, { kind: 'unit', name: `支店${String(i).padStart(2, '0')}`, reading: `してん${String.fromCharCode(0x3042 + i * 2)}` });
  const seen: string[] = [];
  let after: string | null = '';
  let pages = 0;
  while (after !== null) {
    const page: { body: { items: { name: string }[]; next: string | null } } = await house.send('GET', `/orgs/${nest}/children?limit=10${after ? `&after=${after}` : ''}`, chief);
    seen.push(...page.body.items.map((o) => o.name));
    after = page.body.next;
    if (pages++ === 0) await house.send('POST', `/orgs/${nest}/children`, chief, { kind: 'unit', name: '途中の支店', reading: 'あ' });
  }
  assert.equal(new Set(seen).size, seen.length, 'none twice');
  assert.equal(seen.filter((n) => n.startsWith('支店')).length, 25, 'none left out');
  assert.equal((await house.send('GET', `/orgs/${nest}/children?q=${encodeURIComponent('支店07')}`, chief)).body.items.length, 1);
  assert.equal((await house.send('GET', `/orgs/${nest}/children?after=bm9uc2Vuc2U`, chief)).body.code, 'cursor_broken');
});

test('a deputy may until the end of the day that was named, and not after; the past cannot be named', async () => {
  const { org, lead } = await member();
  const other = await house.person(org, 'member');
  assert.equal((await house.send('GET', `/orgs/${org}/people`, other)).status, 404);
  const naming = (until: string) => house.send('POST', `/orgs/${org}/deputies`, lead, { person: other.personId, of: lead.personId, until });
  assert.equal((await naming('2026-06-09')).body.fields[0].at, '/until');
  assert.equal((await naming('2026-06-12')).status, 204);
  assert.equal((await house.send('GET', `/orgs/${org}/people`, other)).status, 200);
  now = Date.UTC(2026, 5, 12, 14, 59);
  assert.equal((await house.send('GET', `/orgs/${org}/people`, other)).status, 200, 'the last minute in Japan');
  now = Date.UTC(2026, 5, 12, 15, 1);
  assert.equal((await house.send('GET', `/orgs/${org}/people`, other)).status, 404);
});

test('a role is handed over whole: the successor has it, the predecessor does not, and it is never without a holder', async () => {
  const { org, lead } = await member();
  const next = await house.person(org, 'member');
  const bare = (await house.send('POST', `/orgs/${org}/people`, lead, { name: '宛先のない人', emails: [] })).body.id;
  const hand = (from: string, to: string) => house.send('POST', `/orgs/${org}/handover`, lead, { role: 'lead', from, to });
  assert.equal((await hand(lead.personId, bare)).body.code, 'no_mail_address');
  assert.equal((await hand(lead.personId, lead.personId)).status, 400, 'to oneself would lose it');
  assert.equal((await hand(next.personId, lead.personId)).status, 404, 'only who holds it hands it over');
  assert.equal((await house.send('DELETE', `/orgs/${org}/roles/${lead.personId}/lead`, lead)).body.code, 'last_lead');
  assert.deepEqual((await hand(lead.personId, next.personId)).body, { moved: { findings: 0, tickets: 0 } });
  assert.equal((await house.send('GET', `/orgs/${org}/people`, lead)).status, 404);
  assert.equal((await house.send('GET', `/orgs/${org}/people`, next)).status, 200);
});

// A deputy who hands over on the way to a leave must not make a permanent deputy of a temporary one.
test('a deputy’s role is handed over with its last day; who is deputy for longer stays it, and one that has run out is nobody’s to hand over', async () => {
  const began = now;
  now = Date.UTC(2026, 5, 12, 3);
  const { org, lead } = await member();
  const [one, two, three] = [await house.person(org, 'member'), await house.person(org, 'member'), await house.person(org, 'member')];
  const name = (person: TestPerson, until: string) => house.send('POST', `/orgs/${org}/deputies`, lead, { person: person.personId, of: lead.personId, until });
  const hand = (from: TestPerson, to: TestPerson) => house.send('POST', `/orgs/${org}/handover`, lead, { role: 'deputy', from: from.personId, to: to.personId });
  const roles = async (person: TestPerson) => (await house.send('GET', `/orgs/${org}/people/${person.personId}`, lead)).body.roles;
  assert.equal((await name(one, '2026-06-12')).status, 204);
  assert.equal((await hand(one, two)).status, 200);
  assert.deepEqual([await roles(one), await roles(two)], [[], [{ role: 'deputy', deputyOf: lead.personId, until: '2026-06-12' }]]);
  assert.equal((await name(three, '2026-06-14')).status, 204);
  assert.equal((await hand(two, three)).status, 200);
  assert.equal((await roles(three))[0].until, '2026-06-14');
  now = Date.UTC(2026, 5, 14, 15, 1);
  assert.equal((await hand(three, one)).status, 404);
  assert.deepEqual(await roles(one), []);
  now = began;
});

test('a refusal names who can in the reader’s language, with its own comma', async () => {
  const { org, lead } = await member();
  await house.person(org, 'member', 'lead');
  const deputy = await house.person(org, 'member', 'deputy');
  const said = async (lang: string): Promise<string> => (await house.send('POST', `/orgs/${org}/roles`, deputy, { person: lead.personId, role: 'staff' }, { 'Accept-Language': lang })).body.detail;
  assert.match(await said('ja'), /郎、試験/);
  assert.match(await said('en'), /Who can: 試験 \d+郎, 試験 \d+郎$/);
});

test('roles fit the kind of organisation, and a federation’s roles come from its managers only', async () => {
  const { org, lead } = await member();
  const other = await house.person(org, 'member');
  assert.equal((await house.send('POST', `/orgs/${org}/roles`, lead, { person: other.personId, role: 'operator' })).body.code, 'role_not_for_kind');
  const householder = await house.person(federation, 'federation', 'lead');
  const grab = await house.send('POST', `/orgs/${federation}/roles`, householder, { person: householder.personId, role: 'operator' });
  assert.deepEqual([grab.status, grab.body.code], [403, 'role_missing']);
  assert.match(grab.text, /管理 花子/);
  assert.equal((await house.send('DELETE', `/orgs/${federation}/roles/${manager.personId}/manager`, householder)).status, 403);
  assert.equal((await house.send('POST', `/orgs/${federation}/roles`, manager, { person: householder.personId, role: 'desk' })).status, 204);
});

// Otherwise a lead makes himself manager of his own member and founds members below it, which no federation knows.
test('managers, desks and operators are a federation’s, members stand directly below it, and nobody gives what he does not hold', async () => {
  const { org, lead } = await member();
  const grant = (at: string, as: TestPerson, person: TestPerson, role: string) => house.send('POST', `/orgs/${at}/roles`, as, { person: person.personId, role });
  for (const role of ['manager', 'desk', 'operator']) for (const as of [lead, manager]) assert.equal((await grant(org, as, lead, role)).body.code, 'role_not_for_kind', role);
  const child = (at: string, as: TestPerson, kind: string) => house.send('POST', `/orgs/${at}/children`, as, { kind, name: '下の組織', lead: { name: '責任 太郎', email: 'below@member.example' } });
  for (const kind of ['member', 'unit']) assert.equal((await child(org, lead, kind)).body.code, 'role_missing', kind);
  assert.deepEqual([(await child(org, manager, 'member')).status, (await child(org, manager, 'member')).body.code], [409, 'kind_not_here']);
  const unit = await child(org, manager, 'unit');
  assert.equal(unit.status, 201);
  assert.equal((await child(unit.body.id, manager, 'member')).body.code, 'kind_not_here');

  const [onlyManager, onlyOperator, clerk] = [await house.person(federation, 'federation', 'manager'), await house.person(federation, 'federation', 'operator'), await house.person(federation, 'federation')];
  for (const [as, role] of [[onlyManager, 'operator'], [onlyOperator, 'manager']] as const) {
    const refused = await grant(federation, as, as, role);
    assert.deepEqual([refused.status, refused.body.code], [403, 'role_missing'], role);
    assert.match(refused.text, /管理 花子/, 'who can is named');
    assert.equal((await house.send('POST', `/orgs/${federation}/handover`, as, { role, from: manager.personId, to: as.personId })).status, 403, role);
    assert.equal((await house.send('DELETE', `/orgs/${federation}/roles/${manager.personId}/${role}`, as)).status, 403, role);
    assert.equal((await house.send('PATCH', `/orgs/${federation}/people/${manager.personId}`, as, { emails: ['mine@elsewhere.example'] })).status, 403, role);
    assert.equal((await grant(federation, as, clerk, 'desk')).status, 204);
  }
  for (const role of ['manager', 'operator']) assert.equal((await grant(federation, manager, clerk, role)).status, 204, role);
});

test('who was manager of a member before that rule is its lead after it', async () => {
  const { org } = await member();
  const [chief, both] = [await house.person(org, 'member'), await house.person(org, 'member', 'lead')];
  for (const { personId } of [chief, both]) await giveRole(house, org, personId, org, 'manager');
  const sql = readFileSync(join(STATE_MIGRATIONS, '0070_accounts.sql'), 'utf8');
  await house.house.gate.query(sql.slice(sql.indexOf('insert into orgs_roles')));
  for (const { personId } of [chief, both]) assert.deepEqual((await house.send('GET', `/orgs/${org}/people/${personId}`, both)).body.roles.map((r: { role: string }) => r.role), ['lead']);
  assert.equal((await house.send('GET', `/orgs/${federation}/people`, manager)).status, 200, 'the federation keeps its managers');
});

test('nobody at a federation comes by its managers’ accounts: their addresses, factors and sign-in are changed by managers and operators only', async () => {
  const provider = { issuer: 'http://localhost:1', clientId: 'x', clientSecret: 'x', domains: ['federation.example'] };
  for (const role of ['lead', 'deputy', 'executive', 'desk'] as const) {
    const somebody = await house.person(federation, 'federation', role);
    for (const [method, path, body] of [
      ['PATCH', `/people/${manager.personId}`, { emails: ['mine@elsewhere.example'] }], ['POST', `/people/${manager.personId}/archive`, undefined], ['POST', `/people/${manager.personId}/lost-phone`, undefined],
      ['POST', '/people', { name: '新しい 人' }], ['PUT', '/sso', provider], ['POST', '/archive', undefined],
    ] as const) assert.equal((await house.send(method, `/orgs/${federation}${path}`, somebody, body)).body?.code, 'role_missing', `${role}: ${method} ${path}`);
  }
  assert.deepEqual((await house.send('GET', `/orgs/${federation}/people/${manager.personId}`, manager)).body.emails, ['manager@federation.example']);
});

test('a consent is given, runs out, is taken back, and all of it stands in its history; tickets are no choice', async () => {
  const { org, lead } = await member();
  const desk = await house.person(federation, 'federation', 'desk');
  const set = (kind: string, body: unknown) => house.send('PUT', `/orgs/${org}/consents/${kind}`, lead, body);
  const reads = async () => (await house.send('GET', `/orgs/${org}/findings`, desk)).status;
  assert.equal(await reads(), 200);
  assert.equal((await set('alerts', { given: false })).status, 204);
  const refused = await house.send('GET', `/orgs/${org}/findings`, desk);
  assert.deepEqual([refused.status, refused.body.code], [403, 'consent_missing']);
  assert.equal((await set('alerts', { given: true, until: new Date(now + 60_000).toISOString() })).status, 204);
  assert.equal(await reads(), 200);
  now += 61_000;
  assert.equal(await reads(), 403, 'it ran out by itself');
  assert.equal((await set('tickets', { given: false })).body.code, 'consent_fixed');
  const page = (await house.send('GET', `/orgs/${org}/consents`, lead)).body;
  assert.equal(page.federation.id, federation);
  assert.deepEqual(page.items.find((i: { kind: string }) => i.kind === 'alerts').given, false);
  assert.deepEqual(page.items.find((i: { kind: string }) => i.kind === 'tickets'), { kind: 'tickets', given: true, fixed: true, since: null, by: null, until: null });
  assert.deepEqual(page.history.filter((h: { kind: string }) => h.kind === 'alerts').map((h: { given: boolean }) => h.given), [true, false, true]);
});

test('the ledger says who did what, shows outsiders on their own, pages without a gap, and verifies', async () => {
  const { org, lead } = await member();
  for (let i = 0; i < 12; i++) await house.send('PATCH', `/orgs/${org}`, lead, { phone: `03-0000-00${i + 10}` });
  await house.send('PATCH', `/orgs/${org}`, manager, { phone: '03-0000-0001' });
  const desk = await house.person(federation, 'federation', 'desk');
  await house.send('GET', `/orgs/${org}/people`, desk);
  const outside = (await house.send('GET', `/orgs/${org}/audit?outsiders=true`, lead)).body.items;
  assert.deepEqual(outside.map((e: { action: string; whose: string; via: string }) => [e.action, e.whose, e.via]), [['kernel.read', federation, 'always'], ['orgs.updated', federation, 'federation']]);
  for (const entry of outside) assert.match(entry.text, /[ぁ-ん]/);
  const seqs: number[] = [];
  let after: string | null = '';
  while (after !== null) {
    const page: { body: { items: { seq: string }[]; next: string | null } } = await house.send('GET', `/orgs/${org}/audit?limit=5${after ? `&after=${after}` : ''}`, lead);
    seqs.push(...page.body.items.map((e) => Number(e.seq)));
    after = page.body.next;
  }
  assert.deepEqual(seqs, Array.from({ length: seqs.length }, (_, i) => seqs.length - i));
  const verified = (await house.send('POST', `/orgs/${org}/audit/verify`, lead)).body;
  assert.deepEqual([verified.ok, verified.entries, verified.atSeq], [true, seqs.length, null]);
});
