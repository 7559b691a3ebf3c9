import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';
import { until } from './senders.ts';

let house: TestHouse;
let lead: TestPerson;
let manager: TestPerson;
let org: string;
let federation: string;
let provider: { issuer: string; close(): Promise<void> };
let close: () => Promise<void>;
/** How far the house's clock is ahead. */
let skew = 0;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
/** A server of this machine; what it answers is said later. */
async function opened(): Promise<Server> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A real provider (oidc-provider) whose accounts are mail addresses; an address that begins with "unverified" is. */
async function openProvider(server: Server, redirect: string): Promise<typeof provider> {
  const { default: Provider } = await import('oidc-provider' as string) as { default: new (issuer: string, configuration: object) => { callback(): (request: object, response: object) => void } };
  const issuer = `http://127.0.0.1:${portOf(server)}`;
  const warn = console.warn;
  console.warn = () => {};
  server.on('request', new Provider(issuer, {
    clients: [{ client_id: 'banya', client_secret: 'the client secret', redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { email: ['email', 'email_verified'], openid: ['sub'] },
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified') }) }),
  }).callback());
  console.warn = warn;
  return {
    issuer,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}

/** A browser: keeps cookies by host, follows where it is sent one step at a time. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async go(url: string, form?: Record<string, string>): Promise<{ status: number; location: string | null; text: string }> {
    const at = new URL(url.replace('//localhost:', '//127.0.0.1:'));
    const jar = this.#cookies.get(at.port) ?? new Map<string, string>();
    this.#cookies.set(at.port, jar);
    const response = await fetch(at, {
      method: form ? 'POST' : 'GET', redirect: 'manual', ...(form ? { body: new URLSearchParams(form) } : {}),
      headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/max-age=0/i.test(cookie) || /expires=thu, 01 jan 1970/i.test(cookie)) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    const location = response.headers.get('location');
    return { status: response.status, location: location === null ? null : new URL(location, at).href, text: await response.text() };
  }

  session(): TestPerson {
    const jar = this.#cookies.get(new URL(house.base).port)!;
    return { personId: '', orgId: '', email: '', cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  /** From Banya to the provider, through its pages as somebody, to the address that leads back. */
  async throughProvider(who: string): Promise<string> {
    let location = (await this.go(`${house.base}/api/v1/sign-in/oidc/${org}`)).location ?? '';
    assert.ok(location.startsWith(provider.issuer), `sent to ${location}`);
    assert.match(location, /code_challenge_method=S256/);
    for (let steps = 0; steps < 12; steps++) {
      if (location.startsWith(house.house.identity.sso.returnUrl(org))) return location;
      const page = await this.go(location);
      if (page.location) {
        location = page.location;
        continue;
      }
      const action = /action="([^"]+)"/.exec(page.text)![1]!;
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)![1]!;
      location = (await this.go(new URL(action, location).href, prompt === 'login' ? { prompt, login: who, password: 'any' } : { prompt })).location ?? '';
    }
    throw new Error('the provider never led back');
  }
}

const configure = (more: Record<string, unknown> = {}) =>
  house.send('PUT', `/orgs/${org}/sso`, lead, { issuer: provider.issuer, clientId: 'banya', clientSecret: 'the client secret', domains: ['Member.example'], ...more });

let evil: Server;
before(async () => {
  const honest = await opened();
  evil = await opened();
  house = await testHouse({ after: (fn) => (close = fn) }, { clock: { now: () => Date.now() + skew }, args: ['--sso-inside-hosts', `127.0.0.1:${portOf(honest)},127.0.0.1:${portOf(evil)}`] });
  ({ orgId: federation, manager } = await house.federation());
  org = await house.org('member', federation, '試験商事');
  lead = await house.person(org, 'member', 'lead');
  provider = await openProvider(honest, house.house.identity.sso.returnUrl(org));
  assert.equal((await configure()).status, 204);
});
after(async () => {
  await close();
  await provider.close();
  evil.closeAllConnections();
  evil.close();
});

test('an organisation’s own sign-in leads to a finished session of the person with that address', async () => {
  const browser = new Browser();
  const back = await browser.go(await browser.throughProvider(lead.email));
  assert.deepEqual([back.status, back.location], [302, `${house.house.url}/`]);
  const me = await house.send('GET', '/me', browser.session());
  assert.deepEqual([me.status, me.body.email, me.body.personId], [200, lead.email, lead.personId]);
  const sessions = (await house.send('GET', '/me/sessions', browser.session())).body.items;
  assert.equal(sessions.find((s: { current: boolean }) => s.current).method, 'oidc');
  const entries = (await house.send('GET', `/orgs/${org}/audit`, lead)).body.items;
  assert.equal(entries[0].action, 'identity.signed_in');
});

test('the way back works once, with its own state, and only in the browser that began', async () => {
  const problem = async (browser: Browser, url: string) => {
    const { status, location } = await browser.go(url);
    assert.equal(status, 302);
    assert.equal((await house.send('GET', '/me', browser.session())).status, 401, 'nobody is signed in');
    return new URL(location!).hash;
  };
  const browser = new Browser();
  const url = await browser.throughProvider(lead.email);
  const changed = new URL(url);
  changed.searchParams.set('state', 'A'.repeat(43));
  assert.equal(await problem(browser, changed.href), '#problem=sso_refused');
  assert.equal(await problem(new Browser(), url), '#problem=sso_refused', 'a stranger’s browser that was handed the address');
  assert.equal((await browser.go(url)).location, `${house.house.url}/`, 'and yet the right one still works');
  const again = await browser.go(url);
  assert.equal(new URL(again.location!).hash, '#problem=sso_refused', 'a second time it does not');
  const other = new Browser();
  const mixed = new URL(await other.throughProvider(lead.email));
  mixed.searchParams.set('code', 'somebody-elses-code');
  assert.equal(await problem(other, mixed.href), '#problem=sso_refused');
  const cancelled = new Browser();
  const denied = new URL(await cancelled.throughProvider(lead.email));
  denied.searchParams.delete('code');
  denied.searchParams.set('error', 'access_denied');
  assert.equal(await problem(cancelled, denied.href), '#problem=sso_refused');
});

test('a code of one organisation’s provider never reaches another’s: whoever was led astray on the way comes back to a refusal', async () => {
  const asked: string[] = [];
  evil.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const issuer = `http://127.0.0.1:${portOf(evil)}`;
    asked.push(request.url!);
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] }));
  });
  const other = await house.org('member', federation, '横道');
  const thief = await house.person(other, 'member', 'lead');
  assert.equal((await house.send('PUT', `/orgs/${other}/sso`, thief, { issuer: `http://127.0.0.1:${portOf(evil)}`, clientId: 'x', clientSecret: 'x', domains: ['thief.example'] })).status, 204);
  // The victim begins at the thief's organisation, whose provider sends the browser on to the honest one.
  const victim = new Browser();
  const astray = new URL((await victim.go(`${house.base}/api/v1/sign-in/oidc/${other}`)).location!);
  const honest = new URL(await new Browser().throughProvider(lead.email));
  honest.searchParams.set('state', astray.searchParams.get('state')!);
  assert.equal(new URL((await victim.go(honest.href)).location!).hash, '#problem=sso_refused');
  assert.deepEqual(asked.filter((url) => url.startsWith('/token')), [], 'the code was not handed over');
});

test('a provider speaks for verified addresses of its own domains and its own organisation’s people only', async () => {
  const outcome = async (who: string) => {
    const browser = new Browser();
    return new URL((await browser.go(await browser.throughProvider(who))).location!).hash;
  };
  const neighbour = await house.org('member', federation, '隣の商店');
  const { modules, kernel } = house.house;
  await kernel.tenancy.asSystem('test: people elsewhere', async (tx) => {
    for (const email of ['boss@elsewhere.example', 'neighbour@member.example']) {
      const person = await modules.orgs.createPerson(tx, neighbour, { name: '隣の人', emails: [email] });
      await modules.orgs.grantRole(tx, neighbour, 'member', { personId: person.id, homeOrgId: neighbour, role: 'lead' }, 'test');
    }
    await modules.orgs.createPerson(tx, org, { name: '役割のない人', emails: ['norole@member.example'] });
    const person = await modules.orgs.createPerson(tx, org, { name: '未確認', emails: ['unverified@member.example'] });
    await modules.orgs.grantRole(tx, org, 'member', { personId: person.id, homeOrgId: org, role: 'staff' }, 'test');
  });
  for (const who of ['boss@elsewhere.example', 'neighbour@member.example', 'norole@member.example', 'nobody@member.example', 'unverified@member.example', 'x@member.example.evil.example']) assert.equal(await outcome(who), '#problem=sso_foreign_address', who);
});

test('settings are asked of the provider before they count: no inner addresses, no plain http elsewhere, no domain twice; the secret is not shown', async () => {
  for (const issuer of ['http://192.0.2.1:8080', 'https://192.0.2.1/', 'https://[2001:db8::1]/', 'https://[::ffff:127.0.0.1]/', 'https://169.254.169.254/', 'http://idp.example', 'https://intranet', 'https://localhost./', provider.issuer.replace('127.0.0.1', 'localhost'), `${provider.issuer}/nothing-here`, `http://127.0.0.1:${house.house.ports.http}/`]) {
    const refused = await configure({ issuer });
    assert.deepEqual([refused.status, refused.body.code], [400, 'issuer_unreachable'], issuer);
  }
  const other = await house.org('member', federation, '横取り');
  const thief = await house.person(other, 'member', 'lead');
  assert.equal((await house.send('PUT', `/orgs/${other}/sso`, thief, { issuer: provider.issuer, clientId: 'banya', clientSecret: 'x', domains: ['member.example'] })).body.code, 'domain_taken');
  const shown = await house.send('GET', `/orgs/${org}/sso`, lead);
  assert.deepEqual(shown.body, { issuer: provider.issuer, clientId: 'banya', domains: ['member.example'], required: false, returnUrl: house.house.identity.sso.returnUrl(org) });
  assert.doesNotMatch(shown.text, /the client secret/);
});

/** Somebody with an address of one's own choosing. */
async function somebody(at: string, email: string, role: 'lead' | 'staff' = 'lead'): Promise<TestPerson> {
  const { orgs } = house.house.modules;
  const personId = await house.house.kernel.tenancy.asSystem('test: somebody', async (tx) => {
    const person = await orgs.createPerson(tx, at, { name: '試験 花子', emails: [email] });
    await orgs.grantRole(tx, at, 'member', { personId: person.id, homeOrgId: at, role }, 'test');
    return person.id;
  });
  return house.signedIn(personId, at, email);
}

// Otherwise any lead has the sign-in page send the people of a neighbour, or of half the country, to a provider of his own.
test('a mail domain is claimed only by who has it alone, and no provider of everybody’s mail', async () => {
  const [own, other] = [await house.org('member', federation, '北浜製作所'), await house.org('member', federation, '南浜商店')];
  const [chief, thief] = [await somebody(own, 'lead@kitahama.example'), await somebody(other, 'lead@minamihama.example')];
  const claim = (at: string, as: TestPerson, ...domains: string[]) => house.send('PUT', `/orgs/${at}/sso`, as, { issuer: provider.issuer, clientId: 'banya', clientSecret: 'x', domains });
  for (const domain of ['kitahama.example', ' @KITAHAMA.example.']) {
    const refused = await claim(other, thief, 'minamihama.example', domain);
    assert.deepEqual([refused.status, refused.body.code], [409, 'domain_taken']);
    assert.match(refused.body.detail, /kitahama\.example/);
    assert.match(refused.body.remedy, /デスク/);
  }
  for (const domain of ['gmail.com', 'Yahoo.co.jp', 'docomo.ne.jp', 'aqua.ocn.ne.jp']) assert.equal((await claim(other, thief, domain)).body.code, 'domain_public', domain);
  const unit = await house.org('unit', own, '北浜製作所 支店');
  await somebody(unit, 'branch@kitahama.example');
  assert.equal((await claim(own, chief, 'kitahama.example')).status, 204, 'people of its own units are its own');
  await somebody(other, 'late@kitahama.example', 'staff');
  assert.equal((await claim(own, chief, 'kitahama.example')).status, 204, 'what it has it keeps, and can change its settings');
});

test('an organisation that asks for its own sign-in mails its people no links, and the page leads there; once others have the domain, too, the page leads nobody away and the mail does', async () => {
  const [own, other] = [await house.org('member', federation, '東浜製作所'), await house.org('member', federation, '西浜商店')];
  const chief = await somebody(own, 'lead@higashihama.example');
  // Only mails of sign-in are sealed; on a Monday morning the week's mail comes to leads as well.
  const mails = async (to: string): Promise<string[]> => {
    const { rows } = await house.house.gate.query<{ id: string; sealed: string }>('select id, sealed from notify_mails where recipient = $1 and sealed is not null order by id', [to]);
    return rows.map((r) => (JSON.parse(house.house.kernel.secrets.open('notify.mail', r.sealed, r.id).toString()) as { text: string }).text);
  };
  const link = async (email: string) => (await house.send('POST', '/sign-in/link', null, { email })).body.sso?.org ?? null;
  const settings = (required: boolean) => house.send('PUT', `/orgs/${own}/sso`, chief, { issuer: provider.issuer, clientId: 'banya', clientSecret: 'x', domains: ['higashihama.example'], required });
  assert.equal((await settings(false)).status, 204);
  assert.equal(await link(chief.email), own);
  assert.equal(await link('nobody@higashihama.example'), own, 'whether somebody has the address is not told');
  await until('the link is mailed', async () => (await mails(chief.email)).length === 1);
  assert.equal((await settings(true)).status, 204);
  assert.equal(await link(chief.email), own);

  const late = await somebody(other, 'late@higashihama.example');
  skew += 11_000;
  for (const email of [chief.email, late.email, 'nobody@higashihama.example']) assert.equal(await link(email), null, email);
  await until('both are mailed', async () => (await mails(late.email)).length === 1 && (await mails(chief.email)).length > 1);
  assert.match((await mails(late.email))[0]!, /#token=/, 'another organisation’s settings do not bind the neighbour');
  const [, told, ...more] = await mails(chief.email);
  assert.ok(told!.includes(`/api/v1/sign-in/oidc/${own}\n`) && !told!.includes('#token='), told);
  assert.deepEqual(more, [], 'before, the page led there and no link was mailed');
  assert.equal((await house.send('DELETE', `/orgs/${own}/sso`, chief)).status, 204);
  assert.equal((await fetch(`${house.base}/api/v1/sign-in/oidc/${own}`, { redirect: 'manual' })).status, 404);
});

// Otherwise a neighbour who writes down one invented address keeps an organisation from its own sign-in for good.
test('a domain that a neighbour’s address stands in the way of is set by those who run the federation, who know whose it is; the page still leads nobody there', async () => {
  const [own, other] = [await house.org('member', federation, '沖浜製作所'), await house.org('member', federation, '磯浜商店')];
  const chief = await somebody(own, 'lead@okihama.example');
  await somebody(other, 'invented@okihama.example', 'staff');
  const claim = (at: string, as: TestPerson, domain = 'okihama.example') => house.send('PUT', `/orgs/${at}/sso`, as, { issuer: provider.issuer, clientId: 'banya', clientSecret: 'x', domains: [domain] });
  assert.equal((await claim(own, chief)).body.code, 'domain_taken');
  assert.equal((await claim(own, manager)).status, 204);
  assert.equal((await claim(own, chief)).status, 204, 'and its lead goes on from there');
  assert.equal((await house.send('POST', '/sign-in/link', null, { email: chief.email })).body.sso, null);
  assert.equal((await claim(other, manager)).body.code, 'domain_taken', 'two providers for one domain there are never');
  assert.equal((await claim(other, manager, 'gmail.com')).body.code, 'domain_public');
});

/** A passkey of somebody, made as a browser would have, with its key at hand. */
async function passkey(of: TestPerson): Promise<{ id: string; key: KeyObject }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const cose = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x!, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y!, 'base64url')]);
  const id = randomBytes(16).toString('base64url');
  await house.house.gate.query(
    `insert into auth.passkeys (id, account_id, credential_id, public_key, counter, transports, name, rp_id, created_at)
       select gen_random_uuid(), a.id, $2, $3, 0, '{}', '1', $4, now() from auth.accounts a where a.person_id = $1`, [of.personId, id, cose, new URL(house.house.url).hostname]);
  return { id, key: privateKey };
}
/** Signs in with it (Web Authentication Level 3, section 6.3.3). */
async function signInWith({ id, key }: { id: string; key: KeyObject }, cookie = '') {
  const { challenge, rpId } = (await house.send('POST', '/sign-in/passkey/options', null)).body;
  const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin: new URL(house.house.url).origin, crossOrigin: false }));
  const data = Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([0x05, 0, 0, 0, 0])]);
  const signature = sign('sha256', Buffer.concat([data, createHash('sha256').update(clientData).digest()]), key);
  const response = { clientDataJSON: clientData.toString('base64url'), authenticatorData: data.toString('base64url'), signature: signature.toString('base64url') };
  return house.send('POST', '/sign-in/passkey', cookie ? ({ cookie } as TestPerson) : null, { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
}

// Whoever is let go is let go at the provider; a passkey made before must not go on opening Banya.
test('an organisation that asks for its own sign-in is not entered by a passkey, whichever of the person’s addresses it is for; the link printed on the server still leads in', async () => {
  // Past what the tests above have used up of the tries of one address.
  skew += 3_600_000;
  const own = await house.org('member', federation, '裏浜製作所');
  const chief = await somebody(own, 'lead@urahama.example');
  const two = await somebody(own, 'home@elsewhere.example', 'staff');
  const key = await passkey(chief);
  const settings = (required: boolean) => house.send('PUT', `/orgs/${own}/sso`, chief, { issuer: provider.issuer, clientId: 'banya', clientSecret: 'x', domains: ['urahama.example'], required });
  assert.equal((await settings(false)).status, 204);
  assert.equal((await signInWith(key)).status, 200, 'while it is a choice');
  assert.equal((await settings(true)).status, 204);
  const refused = await signInWith(key);
  assert.deepEqual([refused.status, refused.body.code], [403, 'sso_required']);
  assert.equal((await signInWith(key, chief.cookie)).body.code, 'sso_required', 'a session from before prolongs nothing');
  const elsewhere = await passkey(two);
  assert.equal((await signInWith(elsewhere)).status, 200, 'who has no address in its domains is not bound');
  await house.house.gate.query("update orgs_people set emails = emails || '{second@urahama.example}' where id = $1", [two.personId]);
  assert.equal((await signInWith(elsewhere)).body.code, 'sso_required');
  const { accounts } = house.house.identity;
  const link = await accounts.link((await accounts.forEmail(chief.email))[0]!);
  const begun = await house.send('POST', '/sign-in/redeem', null, { token: link });
  assert.equal(begun.status, 200);
  const cookie = begun.headers.getSetCookie()[0]!.split(';')[0]!;
  assert.equal((await signInWith(elsewhere, cookie)).body.code, 'sso_required', 'somebody else’s sign-in that has begun helps nobody');
  assert.equal((await signInWith(key, cookie)).status, 200);
});
