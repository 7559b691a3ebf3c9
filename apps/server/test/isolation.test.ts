import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { allRoutes, permissions, roles, type Role, type Route, type TokenScope } from '@banya/contract';
import { testHouse, type TestPerson } from './house.ts';
import { buildWorld, type World } from './world.ts';

/**
 * Who may do what, written here a second time and by hand: own roles | what the desk above needs | roles of the federation
 * above. A change of the contract that nobody meant shows here.
 */
const readers = 'lead deputy executive desk manager auditor operator';
const leads = 'lead deputy manager operator';
const all = 'staff lead deputy executive desk manager auditor operator';
const oracle: Readonly<Record<string, readonly [own: string, desk: string, federation: string]>> = {
  'org.read': [all, 'always', 'desk manager operator'], 'org.write': [leads, '', 'manager operator'], 'org.create': ['manager operator', '', 'manager operator'], 'org.leave': ['lead manager', '', ''],
  'people.read': [readers, 'always', ''], 'people.write': [leads, '', 'manager operator'], 'roles.write': ['lead manager operator', '', 'manager operator'],
  'consent.read': [readers, '', 'desk manager operator'], 'consent.write': ['lead executive manager', '', ''], 'audit.read': [readers, '', ''],
  'tokens.write': ['lead manager operator', '', ''], 'sso.write': ['lead manager operator', '', 'manager operator'],
  'home.read': [readers, 'alerts', ''], 'findings.read': [readers, 'alerts', ''], 'findings.write': [`${leads} desk`, 'alerts', ''], 'events.read': [`${leads} desk`, 'logs', ''],
  'inventory.read': [readers, 'inventory', ''], 'inventory.write': [`${leads} desk`, 'inventory', ''], 'sources.read': [readers, 'always', ''], 'sources.write': [`${leads} desk`, 'always', ''],
  'tickets.read': [`${readers} staff`, 'always', ''], 'tickets.write': [`${readers} staff`, 'always', ''], 'tickets.ask': [all, 'always', ''],
  'samples.report': [all, 'always', ''], 'samples.read': [all, 'samples', ''], 'mailCheck.read': [`${leads} desk`, 'always', ''], 'mailCheck.write': [`${leads} desk`, 'always', ''], 'warnings.read': [all, '', ''],
  'desk.work': ['desk manager operator', '', ''], 'members.trace': ['desk', '', ''], 'knowledge.read': [all, '', ''], 'knowledge.write': ['desk manager operator', '', ''],
  'reports.read': [readers, 'scores', ''], 'reports.write': [`${leads} desk`, '', ''], 'federation.read': ['desk manager executive auditor operator', '', ''],
  'notify.read': ['lead deputy manager desk operator', '', ''], 'notify.write': ['lead manager operator', '', ''],
};
/** What a member may also allow for one question alone; see looks.test.ts for how long. */
const byTicket = ['findings.read', 'events.read'];
/** At a federation itself only those who run it may do these, whatever roles others hold there. */
const atFederation: Readonly<Record<string, string>> = { 'org.leave': 'manager', 'people.write': 'manager operator', 'roles.write': 'manager operator', 'sso.write': 'manager operator', 'tokens.write': 'manager operator' };
/** Routes that anybody may call; each answers nothing that belongs to an organisation. */
const openToAll = [
  'setup.state', 'setup.finish', 'signIn.link', 'signIn.redeem', 'signIn.enrol', 'signIn.totp', 'signIn.passkeyOptions', 'signIn.passkey', 'signIn.enrolPasskeyOptions', 'signIn.enrolPasskey', 'signIn.oidcStart', 'signIn.oidcReturn',
  // Its token is the whole right; checked by the handler.
  'ingest.lines',
];
/** What a new member shares before anybody has changed it. */
const startingConsents = new Set(['scores', 'alerts', 'inventory']);

let world: World;
let closeHouse: () => Promise<void>;
before(async () => {
  const house = await testHouse({ after: (fn) => (closeHouse = fn) });
  world = await buildWorld(house);
});
after(() => closeHouse());

/** Every parameter a path may have; ids are of things that do not exist. */
const fillers: Readonly<Record<string, string>> = {
  person: randomUUID(), role: 'lead', kind: 'scores', device: randomUUID(), source: randomUUID(), family: 'generic', key: 'a2V5', finding: randomUUID(), suppression: randomUUID(), maintenance: randomUUID(), channel: randomUUID(), ticket: randomUUID(), template: randomUUID(),
  // A month that no report can be made for.
  article: randomUUID(), month: '2999-01', token: randomUUID(), session: randomUUID(), passkey: randomUUID(), mail: randomUUID(), sample: randomUUID(), campaign: randomUUID(), bulletin: randomUUID(), warning: randomUUID(), search: randomUUID(),
};

function pathOf(route: Route, org: string): string {
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === 'org' ? org : fillers[name];
    assert.ok(value, `${route.id} has a parameter {${name}} that this test cannot fill: add it to the table`);
    return value;
  });
}

/** Past the door these find nothing at an organisation that is no federation. */
const forFederationOnly = new Set(['unknownSenders.list']);

type Principal = { readonly who: string; readonly as: TestPerson | { token: string } | null; readonly at?: string; readonly role?: Role; readonly scopes?: readonly TokenScope[] };
interface Answer { readonly status: number; readonly code: string | null; readonly body: Record<string, unknown> | null }

/** Sends a request whose body is refused wherever one is asked for, so that nothing but the decision is tried. */
async function ask(route: Route, org: string, principal: Principal): Promise<Answer> {
  const { as } = principal;
  const response = await fetch(`${world.house.base}/api/v1${pathOf(route, org)}`, {
    method: route.method, redirect: 'manual',
    headers: {
      'Banya-Request': '1', 'Accept-Language': 'ja', ...(as === null ? {} : 'token' in as ? { Authorization: `Bearer ${as.token}` } : { Cookie: as.cookie }),
      ...(route.body ? { 'Content-Type': 'application/json' } : route.consumes ? { 'Content-Type': route.consumes[0]! } : {}),
    },
    ...(route.body ? { body: '"not what is asked for"' } : {}),
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body!.cancel();
    return { status: response.status, code: null, body: null };
  }
  const text = await response.text();
  const body = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : null;
  return { status: response.status, code: typeof body?.code === 'string' ? body.code : null, body };
}

type Expected = 'yes' | '401 sign_in_first' | '403 role_missing' | '403 consent_missing' | '403 token_scope_missing' | '404 not_found';

/** The answer by the table: where somebody stands to the organisation, and what the row says. */
function expected(route: Route, permission: string, target: { id: string; above: readonly { id: string; federation: boolean }[] }, consents: ReadonlySet<string>, principal: Principal): Expected {
  if (principal.as === null) return '401 sign_in_first';
  if ('token' in principal.as) return principal.at !== target.id ? '404 not_found' : route.tokenScope && principal.scopes!.includes(route.tokenScope) ? 'yes' : '403 token_scope_missing';
  const [members, desk, federation] = oracle[permission]!;
  const own = target.id === world.federation || target.id === world.otherFederation ? (atFederation[permission] ?? members) : members;
  const has = (list: string): boolean => list.split(' ').includes(principal.role!);
  const above = target.above.find((a) => a.id === principal.at);
  if (principal.at === target.id || above?.federation === false) return has(own) ? 'yes' : '403 role_missing';
  if (!above) return '404 not_found';
  if (has(federation)) return 'yes';
  if (principal.role !== 'desk' || desk === '') return '404 not_found';
  return desk === 'always' || consents.has(desk) ? 'yes' : '403 consent_missing';
}

function judge(route: Route, want: Expected, got: Answer): string | null {
  if (want === 'yes') {
    // Allowed: it gets as far as the body or the missing thing. Nothing may break.
    const past = got.status < 400 || got.status === 400 || got.status === 409 || got.status === 415 || got.status === 422 || got.code === 'person_only' || (got.status === 404 && (/\{(?!org\})/.test(route.path) || got.code !== 'not_found' || forFederationOnly.has(route.id)));
    return past ? null : `wanted past the door, got ${got.status} ${got.code}`;
  }
  return `${got.status} ${got.code}` === want ? null : `wanted ${want}, got ${got.status} ${got.code}`;
}

async function inParallel<T>(items: readonly T[], fn: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: 6 }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await fn(item);
  }));
}

const orgRoutes = allRoutes().filter((r) => r.access.kind === 'org');
const permissionOf = (route: Route): string => (route.access.kind === 'org' ? route.access.permission : '');
/** One route for each permission, the cheapest to answer. */
const onePerPermission = (): Route[] => [...Map.groupBy(orgRoutes, permissionOf).values()].map((group) => group.find((r) => r.body) ?? group.find((r) => /\{(?!org\})/.test(r.path)) ?? group[0]!);
const withoutRequestId = ({ requestId: _, ...rest }: Record<string, unknown>): unknown => rest;

test('the table of permissions is the one that was reviewed', () => {
  assert.deepEqual(Object.keys(permissions).sort(), Object.keys(oracle).sort());
  assert.deepEqual(Object.entries(permissions).flatMap(([name, grant]) => ('ticket' in grant ? [name] : [])), byTicket);
  assert.deepEqual(allRoutes().filter((r) => r.access.kind === 'public').map((r) => r.id), openToAll);
  for (const route of orgRoutes) assert.ok(route.path.startsWith('/orgs/{org}'), `${route.id} names its organisation first`);
});

test('every route answers every role of every place, tokens and strangers as the table says; outside, an organisation that exists looks like one that does not', async () => {
  const { house, member, sibling, unit, federation, otherFederation } = world;
  const scopes = ['findings:read', 'people:write'] as const;
  const token = async (org: string, given: readonly TokenScope[]) => (await house.house.identity.tokens.create(org, 'test', { name: 'test', scopes: given })).secret;
  const every: readonly TokenScope[] = ['ingest', 'findings:read', 'tickets:write', 'inventory:write', 'reports:read', 'people:write', 'samples:write', 'events:read'];
  const principals: Principal[] = [
    { who: 'nobody', as: null },
    { who: 'own token, some scopes', as: { token: await token(member, scopes) }, at: member, scopes },
    { who: 'own token, all scopes', as: { token: await token(member, every) }, at: member, scopes: every },
    { who: 'own token, intake only', as: { token: await token(member, ['ingest']) }, at: member, scopes: ['ingest'] },
    { who: "the sibling's token", as: { token: await token(sibling, every) }, at: sibling, scopes: every },
    { who: "the federation's token", as: { token: await token(federation, every) }, at: federation, scopes: every },
    ...([['own', member], ['federation', federation], ['sibling', sibling], ['stranger', otherFederation], ['below', unit]] as const).flatMap(([name, at]) => roles.map((role): Principal => ({ who: `${role} ${name}`, as: world.at(at, role), at, role }))),
  ];
  const target = { id: member, above: [{ id: federation, federation: true }] };
  const names = new Set((await house.house.modules.orgs.directory.holders(member, roles)).map(String));
  assert.ok(names.size > 0);
  const wrong: string[] = [];
  await inParallel(orgRoutes, async (route) => {
    const missing = await ask(route, randomUUID(), principals.at(-1)!);
    assert.equal(missing.status, 404, route.id);
    for (const principal of principals) {
      const got = await ask(route, member, principal);
      const problem = judge(route, expected(route, permissionOf(route), target, startingConsents, principal), got);
      if (problem) wrong.push(`${route.id} by ${principal.who}: ${problem}`);
      if (got.code === 'not_found' && got.status === 404) assert.deepEqual(withoutRequestId(got.body!), withoutRequestId(missing.body!), `${route.id} by ${principal.who} tells more than that nothing is there`);
      if (got.code === 'role_missing') assert.match(String(got.body!.detail) + String(got.body!.remedy ?? ''), /試験 \d+郎/, `${route.id} names who can`);
    }
  });
  assert.deepEqual(wrong, []);
});

test('above and below: a member never looks up into its federation, its own people look into its units, the federation only as the table says', async () => {
  const { federation, member, unit } = world;
  const targets = [
    { id: federation, above: [] },
    { id: unit, above: [{ id: member, federation: false }, { id: federation, federation: true }] },
  ];
  const principals = [federation, member, unit].flatMap((at) => roles.map((role): Principal => ({ who: `${role} at ${at === federation ? 'federation' : at === member ? 'member' : 'unit'}`, as: world.at(at, role), at, role })));
  const wrong: string[] = [];
  for (const target of targets) {
    await inParallel(onePerPermission(), async (route) => {
      for (const principal of principals) {
        const problem = judge(route, expected(route, permissionOf(route), target, new Set(), principal), await ask(route, target.id, principal));
        if (problem) wrong.push(`${route.id} of ${target.id === unit ? 'unit' : 'federation'} by ${principal.who}: ${problem}`);
      }
    });
  }
  assert.deepEqual(wrong, []);
});

test('without the consent the desk is told which one it needs, and a consent works from the next request on', async () => {
  const { house, member, federation } = world;
  const desk: Principal = { who: 'desk', as: world.at(federation, 'desk'), at: federation, role: 'desk' };
  const kinds = ['scores', 'alerts', 'inventory'] as const;
  const target = { id: member, above: [{ id: federation, federation: true }] };
  const walk = async (consents: ReadonlySet<string>): Promise<void> => {
    for (const route of onePerPermission()) assert.equal(judge(route, expected(route, permissionOf(route), target, consents, desk), await ask(route, member, desk)), null, route.id);
  };
  for (const kind of kinds) assert.equal((await house.send('PUT', `/orgs/${member}/consents/${kind}`, world.at(member, 'lead'), { given: false })).status, 204);
  await walk(new Set());
  for (const kind of kinds) assert.equal((await house.send('PUT', `/orgs/${member}/consents/${kind}`, world.at(member, 'lead'), { given: true })).status, 204);
  await walk(startingConsents);
});

test("one's own pages need a person who is signed in, the installation's need its operator; another federation's operator is nobody", async () => {
  const { house, federation, otherFederation, member } = world;
  const token = (await house.house.identity.tokens.create(federation, 'test', { name: 'test', scopes: ['findings:read'] })).secret;
  for (const route of allRoutes().filter((r) => r.access.kind === 'signedIn' || r.access.kind === 'operator')) {
    const nobody = await ask(route, member, { who: 'nobody', as: null });
    assert.deepEqual([nobody.status, nobody.code], [401, 'sign_in_first'], route.id);
    const byToken = await ask(route, member, { who: 'token', as: { token } });
    assert.deepEqual([byToken.status, byToken.code], [403, route.access.kind === 'operator' ? 'operator_only' : 'person_only'], route.id);
    if (route.access.kind !== 'operator') continue;
    for (const at of [federation, otherFederation, member]) {
      for (const role of roles) {
        if (at === federation && role === 'operator') continue;
        const got = await ask(route, member, { who: role, as: world.at(at, role) });
        assert.deepEqual([got.status, got.code], [403, 'operator_only'], `${route.id} by ${role}`);
      }
    }
    // These two would begin to work; that they are reachable is shown with backups.
    if (route.id === 'operate.backupNow' || route.id === 'operate.restoreTrial') continue;
    const operator = await ask(route, member, { who: 'operator', as: world.at(federation, 'operator') });
    assert.ok(operator.status < 400 || operator.status === 400, `${route.id}: ${operator.status} ${operator.code}`);
  }
  for (const [as, status] of [[null, 403], [world.at(federation, 'manager'), 403], [world.at(otherFederation, 'operator'), 403], [world.at(federation, 'operator'), 200]] as const) {
    assert.equal((await house.send('GET', '/metrics', as)).status, status, 'metrics are for the operator');
  }
});

test('live updates reach the pages of the organisation they belong to and no others', async () => {
  const { house, member, sibling, otherFederation } = world;
  const open = async (org: string, as: TestPerson) => fetch(`${house.base}/api/v1/orgs/${org}/live`, { headers: { Cookie: as.cookie } });
  assert.equal((await open(member, world.at(sibling, 'lead'))).status, 404);
  assert.equal((await open(member, world.at(otherFederation, 'manager'))).status, 404);
  const [own, other] = [await open(member, world.at(member, 'lead')), await open(sibling, world.at(sibling, 'lead'))];
  const [ownReader, otherReader] = [own.body!.getReader(), other.body!.getReader()];
  const read = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  assert.match(await read(ownReader), /^retry/);
  assert.match(await read(otherReader), /^retry/);
  const id = randomUUID();
  house.house.kernel.live.publish(member, { kind: 'finding', id });
  house.house.kernel.live.publish(sibling, { kind: 'ticket', id: randomUUID() });
  assert.ok((await read(ownReader)).includes(id));
  assert.ok(!(await read(otherReader)).includes(id));
  await Promise.all([ownReader.cancel(), otherReader.cancel()]);
});
