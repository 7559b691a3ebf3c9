import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHouse } from './house.ts';
import { post, sender, until } from './senders.ts';

const DAY = 86_400_000;

test('a lead reads since when ordinary days are known, and from when what is new is told; others read nothing of it', async (t) => {
  const house = await testHouse(t);
  const { orgId: federation } = await house.federation();
  const [own, other] = [await house.org('member', federation, '会員一'), await house.org('member', federation, '会員二')];
  const [lead, stranger, staff] = [await house.person(own, 'member', 'lead'), await house.person(other, 'member', 'lead'), await house.person(own, 'member', 'staff')];
  assert.deepEqual((await house.send('GET', `/orgs/${own}/usual`, lead)).body, { items: [] });
  const fortigate = await sender(house, lead, { family: 'fortigate' });
  const now = new Date();
  const stamp = new Date(now.getTime() + 9 * 3_600_000).toISOString();
  const begun = Date.now();
  const sent = await post(house, fortigate, `<189>date=${stamp.slice(0, 10)} time=${stamp.slice(11, 19)} devname="FG-1" devid="FGT60F0000000001" tz="+0900" logid="0101039424" type="event" subtype="vpn" level="information" logdesc="SSL VPN tunnel up" action="tunnel-up" tunneltype="ssl-web" remip=198.51.100.7 srccountry="Japan" user="tanaka" msg="SSL tunnel established"\n`);
  assert.equal(sent.status, 202, sent.text);
  const read = async () => (await house.send('GET', `/orgs/${own}/usual`, lead)).body.items as { kind: string; since: string; values: number; tellsFrom: string }[];
  await until('the first value is learnt', async () => (await read()).length > 0);
  const country = (await read()).find((row) => row.kind === 'login_country')!;
  assert.equal(country.values, 1);
  assert.ok(Date.parse(country.since) >= begun - 1_000 && Date.parse(country.since) <= Date.now());
  assert.equal(Date.parse(country.tellsFrom) - Date.parse(country.since), 14 * DAY);
  assert.deepEqual((await house.send('GET', `/orgs/${other}/usual`, stranger)).body, { items: [] });
  assert.equal((await house.send('GET', `/orgs/${own}/usual`, stranger)).status, 404);
  assert.equal((await house.send('GET', `/orgs/${own}/usual`, staff)).status, 403);
});
