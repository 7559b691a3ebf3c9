import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { allRoutes, roles, type Route } from '@banya/contract';
import { testHouse, type TestPerson } from './house.ts';
import { buildWorld, giveRole, makeThings, type Things, type World } from './world.ts';

let world: World;
let closeHouse: () => Promise<void>;
/** Things of the sibling; and of a member of the other federation with its desk. */
let siblings: Things;
let others: Things;
let insider: TestPerson;
let deskChief: TestPerson;
before(async () => {
  const house = await testHouse({ after: (fn) => (closeHouse = fn) });
  world = await buildWorld(house);
  siblings = await makeThings(world, world.sibling, world.otherFederation);
  others = await makeThings(world, world.otherMember, world.otherFederation);
  // Every role at once: what is refused here is refused for belonging to somebody else, not for a missing role.
  insider = world.at(world.member, 'lead');
  deskChief = world.at(world.federation, 'desk');
  for (const role of roles) {
    await giveRole(house, world.member, insider.personId, world.member, role);
    await giveRole(house, world.federation, deskChief.personId, world.federation, role);
  }
  house.house.identity.sessions.forgetAll();
});
after(() => closeHouse());

/** Bodies that would work if the thing were one's own. */
const bodies: Readonly<Record<string, unknown>> = {
  'people.update': { name: '変えた名前' }, 'devices.update': { name: '変えた名前' }, 'sources.update': { name: '変えた名前' }, 'findings.close': { outcome: 'handled' }, 'findings.assign': { person: null }, 'findings.ask': { message: '教えてください' }, 'suppressions.change': { reason: '理由' },
  'tickets.reply': { text: '返事' }, 'tickets.rate': { rating: 'good' }, 'queue.update': { urgency: 'now' }, 'queue.reply': { text: '返事' }, 'queue.note': { text: '覚え書き' }, 'queue.merge': { into: randomUUID() }, 'looks.answer': { allow: true },
  'articles.update': { title: { ja: '題' }, summary: { ja: '要約' }, body: { ja: '本文' }, published: true }, 'templates.save': { name: '題', text: '本文', lang: 'ja' }, 'samples.touched': { touched: 'link' }, 'samples.ask': { message: '見てください' }, 'deskSamples.decide': { decision: 'harmless' }, 'deskSamples.keep': { keep: true },
  'search.change': { name: '変えた名前' }, 'bulletins.save': { title: { ja: '題' }, body: { ja: '本文' }, tlp: 'GREEN' }, 'bulletins.send': { members: 'all' },
  'unknownSenders.confirm': { member: randomUUID(), match: { by: 'address', listener: 'udp', address: '192.0.2.1' } }, 'unknownSenders.register': { member: randomUUID(), name: '機器', family: 'generic' },
};
/** Parameters that name no stored thing. */
const plain: Readonly<Record<string, string>> = { role: 'lead', kind: 'scores', family: 'generic', month: '2999-01', key: 'a2V5' };

function parametersOf(route: Route): string[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).filter((name) => name !== 'org');
}

/** Hash of every row another organisation has. */
async function rowsOf(orgId: string): Promise<string> {
  const { gate } = world.house.house;
  const hash = createHash('sha256');
  const { rows } = await gate.query<{ name: string }>(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' where n.nspname = 'public' and c.relkind = 'r' order by 1`);
  for (const { name } of rows) {
    const found = await gate.query<{ row: string }>(`select to_jsonb(t)::text as row from "${name}" t where org_id = $1 order by 1`, [orgId]);
    hash.update(name).update(found.rows.map((r) => r.row).join('\n'));
  }
  const { rows: tokens } = await gate.query<{ row: string }>('select to_jsonb(t)::text as row from auth.tokens t where org_id = $1 order by 1', [orgId]);
  return hash.update(tokens.map((t) => t.row).join('\n')).digest('hex');
}

test("another organisation's thing inside one's own path is a plain 404 for every route that names one, and nothing of it changes", async () => {
  const { house, member, sibling, federation, otherFederation, otherMember } = world;
  const rows = async (): Promise<string[]> => [await rowsOf(sibling), await rowsOf(otherMember), await rowsOf(otherFederation)];
  // What was just made is still being worked on: mails are written, campaigns looked for.
  let before = await rows();
  for (let earlier: string[] = []; earlier.join() !== before.join(); ) {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    [earlier, before] = [before, await rows()];
  }
  const wrong: string[] = [];
  let tried = 0;
  // Saving a template comes last: it makes one of one's own under the number.
  const routes = allRoutes().filter((r) => r.access.kind === 'org').sort((a, b) => Number(a.id === 'templates.save') - Number(b.id === 'templates.save'));
  for (const route of routes) {
    const named = parametersOf(route).filter((name) => !(name in plain));
    if (named.length === 0) continue;
    for (const name of named) assert.ok(name in siblings, `${route.id} has a parameter {${name}} that this test has no thing for: make one in world.ts`);
    if (route.body) assert.ok(route.id in bodies, `${route.id} needs a body in this test's table`);
    const things = /^(queue|deskSamples|campaigns|bulletins|articles|templates)\.|^looks\.ask$/.test(route.id) ? others : siblings;
    for (const [org, as] of [[member, insider], [federation, deskChief]] as const) {
      const path = route.path.replace('{org}', org).replace(/\{(\w+)\}/g, (_, name: string) => plain[name] ?? things[name as keyof Things]);
      const got = await house.send(route.method, path, as, route.body ? bodies[route.id] : undefined);
      tried += 1;
      // That the other desk's stays as it was is shown below.
      if (route.id === 'templates.save' && got.status === 200) continue;
      if (got.status !== 404 || got.body.code !== 'not_found') wrong.push(`${route.id} in ${org === member ? 'member' : 'federation'}: ${got.status} ${got.text.slice(0, 120)}`);
    }
  }
  assert.ok(tried >= 80, `only ${tried} requests were tried`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(await rows(), before, 'nobody else’s row, ledger or token has changed');
});

test("another organisation's thing named in a body is refused, and neither its name nor its lines come into one's own", async () => {
  const { house, member, federation, otherMember } = world;
  const own = async (path: string, body: unknown): Promise<string> => (await house.send('POST', `/orgs/${member}${path}`, insider, body)).body.id;
  const finding = await house.house.kernel.tenancy.asSystem('test: raise a finding', async (tx) => (await house.house.modules.findings.raise(tx, [{
    orgId: member, kind: 'detection', ruleId: 'test.rule', rule: { title: 'Test', author: 'Test', license: 'Apache-2.0', references: [] }, severity: 'look', direction: 'outbound', stopped: 'no', fingerprint: 'own', entity: '192.0.2.9', slots: {}, asset: null,
    minutes: 5, count: 1, firstAt: tx.now, lastAt: tx.now, days: {}, samples: [], deskTicket: false,
  }]))[0]!.id);
  const device = await own('/devices', { name: '自分の機器' });
  const source = await own('/sources', { name: '自分の送り主', family: 'generic', match: { by: 'token' } });
  const ticket = await own('/tickets', { subject: '質問', message: '本文' });
  const colleague = world.at(member, 'staff').personId;
  const bulletin = (await house.send('POST', `/orgs/${federation}/desk/bulletins`, deskChief, {})).body.id as string;
  assert.equal((await house.send('PUT', `/orgs/${federation}/desk/bulletins/${bulletin}`, deskChief, { title: { ja: '題' }, body: { ja: '本文' }, tlp: 'AMBER' })).status, 204);
  const tries: readonly (readonly [method: string, path: string, body: unknown, as?: TestPerson])[] = [
    ['POST', `/orgs/${member}/roles`, { person: siblings.person, role: 'lead' }],
    ['POST', `/orgs/${member}/deputies`, { person: siblings.person, of: insider.personId, until: '2099-01-01' }],
    ['POST', `/orgs/${member}/deputies`, { person: colleague, of: siblings.person, until: '2099-01-01' }],
    ['POST', `/orgs/${member}/handover`, { role: 'lead', from: insider.personId, to: siblings.person }],
    ['POST', `/orgs/${member}/devices`, { name: '機器', owner: siblings.person }],
    ['PATCH', `/orgs/${member}/devices/${device}`, { owner: siblings.person }],
    ['POST', `/orgs/${member}/sources`, { name: '送り主', family: 'generic', match: { by: 'token' }, device: siblings.device }],
    ['PATCH', `/orgs/${member}/sources/${source}`, { device: siblings.device }],
    ['POST', `/orgs/${member}/sources`, { name: '送り主', family: 'generic', match: { by: 'relay', relay: siblings.source, address: '192.168.7.1' } }],
    ['PATCH', `/orgs/${member}/sources/${source}`, { match: { by: 'relay', relay: siblings.source, address: '192.168.7.1' } }],
    ['POST', `/orgs/${member}/findings/${finding}/assign`, { person: siblings.person }],
    ['POST', `/orgs/${member}/tickets/${ticket}/messages`, { text: '返事', article: others.article }],
    ['POST', `/orgs/${federation}/queue/phone`, { member: otherMember, subject: '電話', message: '' }, deskChief],
    ['POST', `/orgs/${federation}/queue/phone`, { member, person: siblings.person, subject: '電話', message: '' }, deskChief],
    ['POST', `/orgs/${federation}/queue/${ticket}/merge`, { into: others.ticket }, deskChief],
    ['POST', `/orgs/${federation}/queue/${ticket}/messages`, { text: '返事', article: others.article }, deskChief],
    ['PATCH', `/orgs/${federation}/queue/${ticket}`, { assignee: siblings.person }, deskChief],
    ['POST', `/orgs/${federation}/desk/bulletins`, { sample: others.sample }, deskChief],
    ['POST', `/orgs/${federation}/desk/bulletins`, { sample: siblings.sample }, deskChief],
    ['POST', `/orgs/${federation}/desk/bulletins`, { campaign: others.campaign }, deskChief],
    ['POST', `/orgs/${federation}/desk/bulletins/${bulletin}/send`, { members: [member, otherMember] }, deskChief],
  ];
  const wrong: string[] = [];
  for (const [method, path, body, as] of tries) {
    const got = await house.send(method, path, as ?? insider, body);
    if (got.status < 400 || got.status >= 500) wrong.push(`${method} ${path.replace(/[0-9a-f-]{36}/g, '…')} ${JSON.stringify(body).replace(/[0-9a-f-]{36}/g, '…')}: ${got.status} ${got.text.slice(0, 150)}`);
  }
  assert.deepEqual(wrong, []);
});

test('senders nobody has registered are shown to a federation’s desk only, not to a member’s manager', async () => {
  const { house, member, federation } = world;
  assert.equal((await house.send('GET', `/orgs/${member}/unknown-senders`, insider)).status, 404);
  assert.equal((await house.send('GET', `/orgs/${federation}/unknown-senders`, deskChief)).status, 200);
});
