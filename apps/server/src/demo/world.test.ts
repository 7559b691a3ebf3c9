import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCorporateNumber, parseEmail } from '@banya/jp';
import { DEMO_DOMAIN, makeWorld } from './world/index.ts';

const world = makeWorld('banya', Date.parse('2026-11-24T02:00:00Z'));
const everybody = [world.federation, ...world.members].flatMap((o) => o.people);

test('the same seed makes the same federation, another seed another one', () => {
  assert.deepEqual(makeWorld('banya', world.anchor), world);
  assert.notDeepEqual(makeWorld('other', world.anchor).members[0]!.people, world.members[0]!.people);
});

test('thirteen members of different trades, about 400 people and 600 devices, one to four senders each', () => {
  assert.equal(world.members.length, 13);
  assert.ok(new Set(world.members.map((m) => m.industry)).size >= 8);
  assert.ok(new Set(world.members.map((m) => m.prefecture)).size === 13);
  assert.ok(new Set(world.members.map((m) => m.sizeBand)).size >= 4);
  assert.ok(everybody.length >= 380 && everybody.length <= 420, `${everybody.length} people`);
  const devices = world.members.flatMap((m) => m.devices);
  assert.ok(devices.length >= 540 && devices.length <= 660, `${devices.length} devices`);
  for (const member of world.members) assert.ok(member.sources.length >= 1 && member.sources.length <= 4);
  assert.deepEqual(new Set(world.members.flatMap((m) => m.sources.map((s) => s.door))), new Set(['syslog', 'https']));
});

test('corporate numbers have a right check digit and belong to nobody', () => {
  for (const { corporateNumber } of world.members) {
    assert.equal(parseCorporateNumber(corporateNumber).ok, true);
    assert.match(corporateNumber, /^\d9999/, 'there is no registry office numbered 9999');
  }
});

test('every person has an address of their own under .example, a name and a reading', () => {
  assert.equal(new Set(everybody.map((p) => p.email)).size, everybody.length);
  for (const { email, name, reading } of everybody) {
    assert.equal(parseEmail(email).ok, true);
    assert.ok(email.endsWith(`.${DEMO_DOMAIN}`) || email.endsWith(`@${DEMO_DOMAIN}`), email);
    assert.match(name, /^\S+ \S+$/);
    assert.match(reading, /^[ぁ-ん]+ [ぁ-ん]+$/);
  }
});

test('addresses, hardware addresses and host names of a member are each one device’s', () => {
  for (const { key, lan, devices, sources } of world.members) {
    for (const field of ['address', 'mac', 'host'] as const) assert.equal(new Set(devices.map((d) => d[field])).size, devices.length, `${key} ${field}`);
    for (const { address } of devices) assert.ok(address.startsWith(`${lan}.`) && Number(address.split('.')[3]) < 255, address);
    for (const source of sources) assert.ok(devices.some((d) => d.host === source.device), source.device);
  }
  const hosts = world.members.flatMap((m) => m.sources.map((s) => s.host));
  assert.equal(new Set(hosts).size, hosts.length, 'all come from one address here, so the header host tells them apart');
});

test('each member has a lead and an executive; the federation has a desk and a manager', () => {
  for (const { people, key } of world.members) for (const role of ['lead', 'executive'] as const) assert.equal(people.filter((p) => p.roles.includes(role)).length, 1, `${key} ${role}`);
  assert.ok(world.federation.people.some((p) => p.roles.includes('manager')) && world.federation.people.some((p) => p.roles.includes('desk')));
  assert.deepEqual(new Set(world.members.map((m) => m.shares)), new Set(['nothing', 'usual', 'logs']));
});
