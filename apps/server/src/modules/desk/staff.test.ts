import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHouse } from '../../../test/house.ts';

test('staff read and continue their own questions; a colleague’s does not exist for them', async (t) => {
  const house = await testHouse(t);
  const { orgId } = await house.federation();
  const member = await house.org('member', orgId, '南浜製作所');
  const [hanako, taro, lead] = [await house.person(member, 'member', 'staff'), await house.person(member, 'member', 'staff'), await house.person(member, 'member', 'lead')];
  const asked = await house.send('POST', `/orgs/${member}/tickets`, hanako, { subject: '変なメールが来ました', message: '開いてもいいですか。' });
  assert.equal(asked.status, 201);
  const ticket = asked.body.id as string;
  assert.deepEqual((await house.send('GET', `/orgs/${member}/tickets`, hanako)).body.items.map((i: { id: string }) => i.id), [ticket]);
  assert.deepEqual((await house.send('GET', `/orgs/${member}/tickets`, taro)).body.items, []);
  assert.equal((await house.send('GET', `/orgs/${member}/tickets/${ticket}`, hanako)).status, 200);
  assert.equal((await house.send('POST', `/orgs/${member}/tickets/${ticket}/messages`, hanako, { text: '追記です。' })).status, 201);
  for (const [method, path, body] of [['GET', '', undefined], ['POST', '/messages', { text: 'のぞき見' }], ['POST', '/solved', undefined], ['POST', '/reopen', undefined], ['POST', '/rating', { rating: 'bad' }]] as const)
    assert.equal((await house.send(method, `/orgs/${member}/tickets/${ticket}${path}`, taro, body)).status, 404, `${method} ${path}`);
  assert.equal((await house.send('GET', `/orgs/${member}/tickets/${ticket}`, lead)).status, 200, 'the lead sees all of them');
});
