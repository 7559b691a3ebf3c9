import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Live } from '../src/kernel/http/live.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';

let house: TestHouse;
let federation: string;
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  federation = (await house.federation()).orgId;
});
after(() => close());

/** A page's stream, read until the server ends it. */
async function listen(org: string, as: TestPerson): Promise<{ ended: () => boolean; gone: Promise<void> }> {
  const response = await fetch(`${house.base}/api/v1/orgs/${org}/live`, { headers: { Cookie: as.cookie } });
  assert.equal(response.status, 200);
  let ended = false;
  const gone = (async () => {
    for await (const _ of response.body!) void _;
    ended = true;
  })();
  return { ended: () => ended, gone };
}
const within = (gone: Promise<void>): Promise<void> => Promise.race([gone, new Promise<void>((_, reject) => setTimeout(() => reject(new Error('the stream stayed open')), 5_000).unref())]);

test('a stream ends when its session is signed out, and another session of the same organisation goes on', async () => {
  const org = await house.org('member', federation, '試験商事');
  const [leaver, stayer] = [await house.person(org, 'member', 'lead'), await house.person(org, 'member', 'executive')];
  const [left, stays] = [await listen(org, leaver), await listen(org, stayer)];
  const signedOut = await house.send('POST', '/sign-out', leaver);
  assert.ok(signedOut.status < 300, signedOut.text);
  await within(left.gone);
  await house.house.kernel.live.recheck();
  assert.equal(stays.ended(), false);
});

test('a stream ends when the role it was opened by ends, and when its session is ended from another browser', async () => {
  const org = await house.org('member', federation, '試験商事');
  const [lead, other] = [await house.person(org, 'member', 'lead'), await house.person(org, 'member', 'executive')];
  const stream = await listen(org, other);
  const revoked = await house.send('DELETE', `/orgs/${org}/roles/${other.personId}/executive`, lead);
  assert.ok(revoked.status < 300, revoked.text);
  await within(stream.gone);

  const elsewhere = await house.signedIn(lead.personId, org, lead.email);
  const theirs = await listen(org, elsewhere);
  const sessions = (await house.send('GET', '/me/sessions', lead)).body.items as { id: string; current: boolean }[];
  for (const { id, current } of sessions) if (!current) await house.send('DELETE', `/me/sessions/${id}`, lead);
  await within(theirs.gone);
});

test('a session that has run out ends its stream at the next look; looking does not keep the session alive', async () => {
  const org = await house.org('member', federation, '試験商事');
  const lead = await house.person(org, 'member', 'lead');
  const stream = await listen(org, lead);
  const account = `select a.id from auth.accounts a where a.person_id = '${lead.personId}'`;
  await house.house.gate.query(`update auth.sessions set seen_at = now() - interval '1 hour' where account_id in (${account})`);
  house.house.identity.sessions.forgetAll();
  await house.house.kernel.live.recheck();
  assert.equal(stream.ended(), false);
  const { rows } = await house.house.gate.query<{ old: boolean }>(`select seen_at < now() - interval '50 minutes' as old from auth.sessions where account_id in (${account})`);
  assert.deepEqual(rows, [{ old: true }]);
  await house.house.gate.query(`update auth.sessions set expires_at = now() - interval '1 second' where account_id in (${account})`);
  house.house.identity.sessions.forgetAll();
  await within(stream.gone);
});

test('every stream is looked at again now and then, whatever nobody told', async () => {
  const live = new Live(10, 20);
  let allowed = true;
  const stream = live.stream('org', { personId: 'somebody', stillAllowed: () => Promise.resolve(allowed) });
  setTimeout(() => (allowed = false), 60);
  await within((async () => {
    for await (const _ of stream.body!) void _;
  })());
  assert.equal(allowed, false);
  live.close();
});

// Otherwise one member of staff with two hundred tabs keeps the whole office's pages from hearing anything.
test('where an organisation has all its streams, whoever holds the most gives one way, not the one who came first', async () => {
  const live = new Live(4);
  const open = (personId: string) => {
    const { body } = live.stream('org', { personId, stillAllowed: async () => true });
    let over = false;
    void (async () => {
      for await (const _ of body!) void _;
      over = true;
    })();
    return { over: () => over };
  };
  const first = open('first');
  const many = Array.from({ length: 9 }, () => open('many'));
  await new Promise(setImmediate);
  assert.equal(first.over(), false);
  assert.deepEqual(many.map((s) => s.over()), [true, true, true, true, true, true, false, false, false]);
  const late = open('late');
  await new Promise(setImmediate);
  assert.deepEqual([first.over(), late.over(), many[6]!.over()], [false, false, true]);
  live.close();
});
