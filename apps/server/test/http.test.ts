import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadConfig } from '../src/kernel/config.ts';
import { StartError } from '../src/kernel/errors.ts';
import { checkRules } from '../src/operate/checks.ts';
import { testHouse, type TestHouse } from './house.ts';

let house: TestHouse;
let federation: Awaited<ReturnType<TestHouse['federation']>>;
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  federation = await house.federation();
});
after(() => close());

test('whatever is no page may run nothing, be framed by nobody and be taken for nothing else', async () => {
  const { manager, orgId } = federation;
  for (const [path, as] of [[`/orgs/${orgId}`, manager], ['/me', null], ['/nothing/here', null], ['/api/v1/openapi.json', null], [`/orgs/${orgId}/devices.xlsx`, manager]] as const) {
    const { headers } = await house.send('GET', path, as);
    assert.deepEqual([headers.get('content-security-policy'), headers.get('x-content-type-options')], ["default-src 'none'; frame-ancestors 'none'", 'nosniff'], path);
  }
});

test('a trusted proxy that is no address is refused at the start, with the key and what to write', () => {
  for (const entry of ['10.0.0.0/33', 'proxy.example', '10.0.0.300']) {
    assert.throws(() => loadConfig(['--trusted-proxies', `192.0.2.1,${entry}`], {}), (error: unknown) => error instanceof StartError && error.message.includes('--trusted-proxies') && error.message.includes('10.0.0.0/8') && error.remedy.includes('BANYA_TRUSTED_PROXIES'));
  }
  assert.deepEqual(loadConfig(['--trusted-proxies', '192.0.2.1, 10.0.0.0/8'], {}).trustedProxies, ['192.0.2.1', '10.0.0.0/8']);
});

test('a device sent again under another system’s key is the same device, also from two at once; what was left out stays, and what was archived comes back', async () => {
  const [org, other] = [await house.org('member', federation.orgId, '試験商事'), await house.org('member', federation.orgId, '隣の商店')];
  const [lead, theirs] = [await house.person(org, 'member', 'lead'), await house.person(other, 'member', 'lead')];
  const token = async (at: string, scope: 'inventory:write' | 'findings:read') => ({ token: (await house.house.identity.tokens.create(at, 'test', { name: 'test', scopes: [scope] })).secret });
  const put = async (at: string, as: { token: string }, body: unknown, key = 'asset/00417') => house.send('PUT', `/orgs/${at}/devices/by-key/${encodeURIComponent(key)}`, as, body);
  const program = await token(org, 'inventory:write');
  const made = await Promise.all(Array.from({ length: 4 }, () => put(org, program, { name: 'KEIRI-09', kind: 'pc', addresses: ['192.168.10.99'], note: '会計' })));
  assert.deepEqual(made.map((m) => m.status), [200, 200, 200, 200], made[0]!.text);
  assert.equal(new Set(made.map((m) => m.body.id)).size, 1);
  await house.send('POST', `/orgs/${org}/devices/${made[0]!.body.id}/archive`, lead);
  const again = (await put(org, program, { name: 'KEIRI-10' })).body;
  assert.deepEqual([again.id, again.name, again.kind, again.note, again.addresses, again.archivedAt], [made[0]!.body.id, 'KEIRI-10', 'pc', '会計', ['192.168.10.99'], null]);
  assert.equal((await house.send('GET', `/orgs/${org}/devices`, lead)).body.items.length, 1);
  assert.notEqual((await put(other, await token(other, 'inventory:write'), { name: 'KEIRI-10' })).body.id, again.id, 'another organisation’s keys are its own');
  assert.equal((await house.send('GET', `/orgs/${other}/devices`, theirs)).body.items.length, 1);
  assert.equal((await put(org, program, { kind: 'pc' })).status, 400);
});

test('a token that may not is told in words what it would need, or that no token may', async () => {
  const org = await house.org('member', federation.orgId, '試験商事');
  const reader = { token: (await house.house.identity.tokens.create(org, 'test', { name: 'test', scopes: ['findings:read'] })).secret };
  assert.match((await house.send('POST', `/orgs/${org}/devices`, reader, { name: 'x' })).body.detail, /「機器を書き込む」（inventory:write）/);
  assert.match((await house.send('GET', `/orgs/${org}/devices`, reader, undefined, { 'Accept-Language': 'en' })).body.detail, /No token may do this/);
});

test('a detection rule that could not be read stands on the operator’s health page with its file', async () => {
  const checks = (await house.send('GET', '/operate/health', federation.manager)).body.checks as { key: string; state: string }[];
  assert.deepEqual(checks.filter((c) => c.key === 'rules').map((c) => c.state), ['ok']);
  const bad = checkRules(['detections/vpn/brute-force.explain.yml: "severity" is not known']);
  assert.equal(bad.state, 'bad');
  assert.match(bad.text.ja, /brute-force\.explain\.yml/);
});
