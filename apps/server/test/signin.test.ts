import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSync } from 'otplib';
import { testHouse, type TestHouse } from './house.ts';
import { until } from './senders.ts';

const cookieOf = (headers: Headers): string => headers.getSetCookie().find((c) => c.startsWith('banya_session='))!.split(';')[0]!;
const as = (cookie: string) => ({ personId: '', orgId: '', email: '', cookie });

async function linkFor(house: TestHouse, email: string): Promise<string> {
  const { identity } = house.house;
  return identity.accounts.link((await identity.accounts.forEmail(email))[0]!);
}

test('a mail link alone never signs anybody in: a second factor is set up at the first sign-in and asked for at every later one', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');

  const first = await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) });
  assert.deepEqual([first.status, first.body.step], [200, 'enrol']);
  const waiting = as(cookieOf(first.headers));
  assert.equal((await house.send('GET', '/me', waiting)).status, 401, 'the link alone opens nothing');

  const enrol = await house.send('POST', '/sign-in/enrol', waiting);
  assert.match(enrol.body.uri, /^otpauth:\/\/totp\/Banya/);
  assert.match(enrol.body.qrSvg, /^<svg/);
  assert.equal((await house.send('POST', '/sign-in/totp', waiting, { code: '000000' })).body.code, 'code_wrong');
  const done = await house.send('POST', '/sign-in/totp', waiting, { code: generateSync({ secret: enrol.body.secret }) });
  assert.deepEqual([done.status, done.body.step, done.body.recoveryCodes.length], [200, 'done', 10]);
  const session = as(cookieOf(done.headers));
  assert.notEqual(session.cookie, waiting.cookie, 'the cookie from before sign-in is worth nothing after');
  assert.equal((await house.send('GET', '/me', waiting)).status, 401);
  assert.equal((await house.send('GET', '/me', session)).body.email, lead.email);

  const second = await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) });
  assert.equal(second.body.step, 'totp');
  const again = as(cookieOf(second.headers));
  assert.equal((await house.send('POST', '/sign-in/enrol', again)).status, 401, 'a mailbox is not enough to add another factor');
  assert.equal((await house.send('POST', '/sign-in/totp', again, { code: generateSync({ secret: enrol.body.secret }) })).body.code, 'code_wrong', 'a code works once');
  const recovery = await house.send('POST', '/sign-in/totp', again, { recovery: done.body.recoveryCodes[0].toLowerCase() });
  assert.equal(recovery.body.step, 'done');
  const third = await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) });
  assert.equal((await house.send('POST', '/sign-in/totp', as(cookieOf(third.headers)), { recovery: done.body.recoveryCodes[0] })).body.code, 'code_wrong', 'a recovery code works once');
});

test('asking for a link gives the same answer for strangers and members, and links work once', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');
  const known = await house.send('POST', '/sign-in/link', null, { email: lead.email });
  const stranger = await house.send('POST', '/sign-in/link', null, { email: 'nobody@elsewhere.example' });
  assert.deepEqual([known.status, known.body], [stranger.status, stranger.body]);
  const token = await linkFor(house, lead.email);
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token })).status, 200);
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token })).body.code, 'link_used_or_old');
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token: 'x'.repeat(43) })).body.code, 'link_used_or_old');
});

/** Mails to an address, whole, as they would be sent; and what the outbox page shows of them. */
async function mailsTo(house: TestHouse, to: string): Promise<{ org: string; whole: string; shown: string }[]> {
  const { rows } = await house.house.gate.query<{ id: string; org_id: string; text: string; sealed: string | null }>('select id, org_id, text, sealed from notify_mails where recipient = $1 order by id', [to]);
  return rows.map((r) => ({ org: r.org_id, shown: r.text, whole: r.sealed === null ? r.text : (JSON.parse(house.house.kernel.secrets.open('notify.mail', r.sealed, r.id).toString()) as { text: string }).text }));
}

// Otherwise whoever registers a neighbour's address first takes that person's sign-in, or keeps it from working.
test('an address that two organisations know has an account at each: one mail with a link for each, which opens that account alone', async (t) => {
  const house = await testHouse(t);
  const { orgId: federation } = await house.federation();
  const [north, south] = [await house.org('member', federation, '北浜製作所'), await house.org('member', federation, '南浜商店')];
  const [victim, other] = [await house.person(north, 'member', 'lead'), await house.person(south, 'member', 'lead')];
  const ask = (email: string) => house.send('POST', '/sign-in/link', null, { email });
  const known = await ask(victim.email);
  await until('the link is mailed', async () => (await mailsTo(house, victim.email)).length === 1);
  const [single] = await mailsTo(house, victim.email);
  assert.match(single!.whole, /^次のリンクを開くと、番屋にサインインできます。\n\nhttp/, 'who works for one organisation reads the mail as ever');
  assert.equal(single!.org, north);

  const twin = await house.send('POST', `/orgs/${south}/people`, other, { name: '同じ 宛先', emails: [victim.email] });
  assert.equal((await house.send('POST', `/orgs/${south}/roles`, other, { person: twin.body.id, role: 'lead' })).status, 204);
  const both = await ask(victim.email);
  assert.deepEqual([both.status, both.body], [known.status, known.body], 'the answer does not tell how many know the address');
  await until('the links are mailed', async () => (await mailsTo(house, victim.email)).length === 2);
  const mail = (await mailsTo(house, victim.email))[1]!;
  assert.equal(mail.org, federation, 'no member’s outbox tells where else somebody works');
  assert.doesNotMatch(mail.shown, /北浜|南浜|#token/);
  const links = [...mail.whole.matchAll(/■ (.+)\nhttp\S+#token=([\w-]+)/g)].map(([, org, token]) => ({ org: org!, token: token! }));
  assert.deepEqual(links.map((l) => l.org), ['北浜製作所', '南浜商店']);
  const homes: string[] = [];
  for (const { token } of links) {
    const step = await house.send('POST', '/sign-in/redeem', null, { token });
    assert.equal(step.body.step, 'enrol', 'each account has a second factor of its own');
    const waiting = as(cookieOf(step.headers));
    const { body: enrol } = await house.send('POST', '/sign-in/enrol', waiting);
    assert.equal(new URL(enrol.uri).pathname.includes(encodeURIComponent(links[homes.length]!.org)), true, 'the app keeps the two apart');
    const done = await house.send('POST', '/sign-in/totp', waiting, { code: generateSync({ secret: enrol.secret }) });
    const { body: me } = await house.send('GET', '/me', as(cookieOf(done.headers)));
    homes.push(me.homeOrg);
    assert.deepEqual(me.roles.map((r: { org: string }) => r.org), [me.homeOrg], 'roles of the other organisation are not here');
  }
  assert.deepEqual(homes, [north, south]);

  assert.equal((await house.send('POST', `/orgs/${south}/people/${twin.body.id}/lost-phone`, other)).status, 204);
  assert.equal((await house.send('GET', '/me', victim)).status, 200, 'a reset at one organisation leaves the other’s account alone');
  await until('the new link is mailed', async () => (await mailsTo(house, victim.email)).length === 3);
  const again = (await mailsTo(house, victim.email))[2]!;
  assert.deepEqual([again.org, again.whole.match(/#token=/g)!.length], [south, 1]);

  assert.equal((await house.send('POST', `/orgs/${south}/people/${twin.body.id}/archive`, other)).status, 204);
  assert.equal((await house.send('POST', `/orgs/${south}/people/${twin.body.id}/lost-phone`, other)).status, 404, 'who left gets no link');
  await ask(victim.email);
  await until('a link is mailed', async () => (await mailsTo(house, victim.email)).length === 4);
  assert.equal((await mailsTo(house, victim.email))[3]!.org, north);
});

// Otherwise the second to finish replaces the first one's factor, and the recovery codes that were just written down are worth nothing.
test('of two sign-ins that set up a second factor at once, one wins and the other begins again', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');
  const begun = [];
  for (let i = 0; i < 2; i++) {
    const waiting = as(cookieOf((await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) })).headers));
    begun.push({ waiting, secret: (await house.send('POST', '/sign-in/enrol', waiting)).body.secret as string });
  }
  const { identity } = house.house;
  const [before] = await identity.accounts.forEmail(lead.email);
  const ends = await Promise.all(begun.map(({ waiting, secret }) => house.send('POST', '/sign-in/totp', waiting, { code: generateSync({ secret }) })));
  const won = ends.findIndex((e) => e.status === 200);
  assert.ok(won >= 0 && [400, 401].includes(ends[1 - won]!.status), ends.map((e) => e.text).join());
  // The other as it may happen, too: it read the account before the first was done.
  const { parts, factors } = identity;
  const late = parts.secrets.seal('totp', begun[1 - won]!.secret, before!.id);
  await assert.rejects(parts.tenancy.asAuth('test: the second of two', (tx) => factors.keep(tx, before!, late, 1)), { code: 'sign_in_not_started' });
  const later = as(cookieOf((await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) })).headers));
  assert.equal((await house.send('POST', '/sign-in/totp', later, { recovery: ends[won]!.body.recoveryCodes[0] })).body.step, 'done', 'the codes that were shown are those that count');
  const [account] = await identity.accounts.forEmail(lead.email);
  assert.notEqual(factors.verify(account!.totp_sealed!, account!.id, generateSync({ secret: begun[won]!.secret }), null), null);
});

test('nobody can lock somebody else out: wrong codes end one sign-in in the making, not the account', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');
  const redeem = async () => as(cookieOf((await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) })).headers));
  const first = await redeem();
  const { body: enrol } = await house.send('POST', '/sign-in/enrol', first);
  let refused = 0;
  for (let i = 0; i < 10; i++) if ((await house.send('POST', '/sign-in/totp', first, { code: '123456' })).status === 429) refused++;
  assert.ok(refused > 0, 'guessing is stopped');
  const second = await redeem();
  await house.send('POST', '/sign-in/enrol', second);
  void enrol;
  assert.equal((await house.send('GET', '/me', lead)).status, 200, 'sessions that are open stay open');
  assert.notEqual((await house.send('POST', '/sign-in/totp', second, { code: '123456' })).status, 429, 'a new sign-in has tries of its own');
});

test('who reads somebody’s mail cannot guess the code by asking for link after link; sessions that are open stay open', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');
  const tries = new Map<number, number>();
  for (let link = 0; link < 6; link++) {
    const waiting = as(cookieOf((await house.send('POST', '/sign-in/redeem', null, { token: await linkFor(house, lead.email) })).headers));
    await house.send('POST', '/sign-in/enrol', waiting);
    for (let i = 0; i < 5; i++) {
      const { status } = await house.send('POST', '/sign-in/totp', waiting, { code: '123456' });
      tries.set(status, (tries.get(status) ?? 0) + 1);
    }
  }
  assert.deepEqual([tries.get(400), tries.get(429)], [20, 10]);
  assert.equal((await house.send('GET', '/me', lead)).status, 200);
});

test('sessions are listed and can be ended, and end at once', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');
  const other = await house.signedIn(lead.personId, orgId, lead.email);
  const list = (await house.send('GET', '/me/sessions', lead)).body.items;
  assert.equal(list.length, 2);
  const target = list.find((s: { current: boolean }) => !s.current);
  const stranger = await house.person(orgId, 'federation', 'lead');
  assert.equal((await house.send('DELETE', `/me/sessions/${target.id}`, stranger)).status, 404, 'only one’s own');
  assert.equal((await house.send('GET', '/me', other)).status, 200);
  assert.equal((await house.send('DELETE', `/me/sessions/${target.id}`, lead)).status, 204);
  assert.equal((await house.send('GET', '/me', other)).status, 401);
});

test('a lost phone is reset by somebody else, never by oneself, and ends every session', async (t) => {
  const house = await testHouse(t);
  const { orgId, manager } = await house.federation();
  const lead = await house.person(orgId, 'federation', 'lead');
  assert.equal((await house.send('POST', `/orgs/${orgId}/people/${manager.personId}/lost-phone`, manager)).body.code, 'cannot_reset_own');
  assert.equal((await house.send('POST', `/orgs/${orgId}/people/${lead.personId}/lost-phone`, manager)).status, 204);
  assert.equal((await house.send('GET', '/me', lead)).status, 401);
});

test('requests from another site are refused, whatever the cookie', async (t) => {
  const house = await testHouse(t);
  const { orgId, manager } = await house.federation();
  const path = `/orgs/${orgId}/people`;
  const body = { name: '侵入 者' };
  assert.equal((await house.send('POST', path, manager, body, { 'Banya-Request': '' })).body.code, 'foreign_site');
  assert.equal((await house.send('POST', path, manager, body, { 'Sec-Fetch-Site': 'cross-site' })).body.code, 'foreign_site');
  assert.equal((await house.send('POST', path, manager, body)).status, 201);
});

test('who leaves, or loses the role, is out at once', async (t) => {
  const house = await testHouse(t);
  const { orgId, manager } = await house.federation();
  const member = await house.org('member', orgId, '南浜製作所');
  const lead = await house.person(member, 'member', 'lead');
  const second = await house.person(member, 'member', 'lead');
  assert.equal((await house.send('GET', `/orgs/${member}/people`, second)).status, 200);
  assert.equal((await house.send('DELETE', `/orgs/${member}/roles/${second.personId}/lead`, lead)).status, 204);
  assert.equal((await house.send('GET', `/orgs/${member}/people`, second)).status, 404);
  assert.equal((await house.send('DELETE', `/orgs/${member}/roles/${lead.personId}/lead`, lead)).body.code, 'last_lead', 'the last lead cannot leave the member without one');
  assert.equal((await house.send('POST', `/orgs/${member}/people/${second.personId}/archive`, manager)).status, 204);
  assert.equal((await house.send('GET', '/me', second)).status, 401);
});
