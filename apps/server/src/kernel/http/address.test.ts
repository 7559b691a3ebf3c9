import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateLimit } from './limits.ts';
import { addressGroup, clientAddress, inRanges, isRange } from './address.ts';

test('limits count the /64 of an IPv6 address, in every spelling, and an IPv4 address also when it is written as IPv6', () => {
  assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), addressGroup('2001:0DB8:1:2::1'));
  assert.notEqual(addressGroup('2001:db8:1:2::1'), addressGroup('2001:db8:1:3::1'));
  assert.equal(addressGroup('::1'), addressGroup('::2'));
  for (const spelling of ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:c000:207', '0:0:0:0:0:ffff:192.0.2.7']) assert.equal(addressGroup(spelling), '192.0.2.7');
  assert.equal(addressGroup('fe80::1%eth0'), addressGroup('fe80::2'));
  fc.assert(fc.property(fc.ipV6(), (address) => assert.doesNotThrow(() => addressGroup(address))));
});

test('a new address of the same /64 is no new try', () => {
  const limit = new RateLimit({ now: () => 0 }, 3, 1);
  const tries = Array.from({ length: 10 }, (_, i) => limit.take(addressGroup(`2001:db8::${(i + 1).toString(16)}`)));
  assert.deepEqual(tries.map((wait) => wait === 0), [true, true, true, ...Array.from({ length: 7 }, () => false)]);
});

test('ranges of proxies: what is none is told apart, what is one is used', () => {
  for (const right of ['192.0.2.1', '10.0.0.0/8', '2001:db8::/32', '::1']) assert.equal(isRange(right), true, right);
  for (const wrong of ['10.0.0.300', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', 'proxy.example', '2001:db8::/129', '']) assert.equal(isRange(wrong), false, wrong);
  assert.equal(clientAddress('10.1.2.3', '198.51.100.7', inRanges(['10.0.0.0/8'])), '198.51.100.7');
  assert.equal(clientAddress('192.0.2.1', '198.51.100.7', inRanges(['10.0.0.0/8'])), '192.0.2.1');
});
