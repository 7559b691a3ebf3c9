import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDirectory, normaliseAddress, normaliseFingerprint, type Registration } from './rules.ts';

const FINGERPRINT = 'AB:'.repeat(31) + 'CD';
const byAddress = (sourceId: string, listener: 'udp' | 'tcp' | 'tls', address: string, headerHost?: string): Registration => ({
  by: 'address',
  sourceId,
  orgId: `org-${sourceId}`,
  listener,
  address,
  ...(headerHost === undefined ? {} : { headerHost }),
});
const byCertificate = (sourceId: string, fingerprint = FINGERPRINT): Registration => ({ by: 'certificate', sourceId, orgId: `org-${sourceId}`, fingerprint });
const sender = (listener: 'udp' | 'tcp' | 'tls', address: string, headerHost = '', clientCertFingerprint: string | null = null) => ({ listener, address, headerHost, clientCertFingerprint });

test('a registered address is found on its own listener only', () => {
  const directory = createDirectory([byAddress('a', 'tcp', '192.0.2.1')]);
  assert.deepEqual(directory.resolve(sender('tcp', '192.0.2.1')), { sourceId: 'a', orgId: 'org-a' });
  assert.equal(directory.resolve(sender('udp', '192.0.2.1')), null);
  assert.equal(directory.resolve(sender('tcp', '192.0.2.2')), null);
});

test('several devices behind one address are told apart by header host, in any letter case', () => {
  const directory = createDirectory([byAddress('a', 'udp', '192.0.2.1', 'FW-1'), byAddress('b', 'udp', '192.0.2.1', 'fw-2')]);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1', 'fw-1'))?.sourceId, 'a');
  assert.equal(directory.resolve(sender('udp', '192.0.2.1', 'FW-2'))?.sourceId, 'b');
});

test('a device behind a shared address whose host nobody registered belongs to nobody', () => {
  const directory = createDirectory([byAddress('a', 'udp', '192.0.2.1', 'fw-1')]);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1', 'printer')), null);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1')), null);
});

test('an address without host takes what the registered hosts leave', () => {
  const directory = createDirectory([byAddress('a', 'udp', '192.0.2.1', 'fw-1'), byAddress('rest', 'udp', '192.0.2.1')]);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1', 'fw-1'))?.sourceId, 'a');
  assert.equal(directory.resolve(sender('udp', '192.0.2.1', 'other'))?.sourceId, 'rest');
  assert.equal(directory.resolve(sender('udp', '192.0.2.1'))?.sourceId, 'rest');
});

test('a certificate is recognised from any address', () => {
  const directory = createDirectory([byCertificate('c')]);
  assert.equal(directory.resolve(sender('tls', '203.0.113.9', '', FINGERPRINT.toLowerCase().replaceAll(':', '')))?.sourceId, 'c');
});

test('a certificate outranks the address it comes from', () => {
  const directory = createDirectory([byAddress('a', 'tls', '192.0.2.1'), byCertificate('c')]);
  assert.equal(directory.resolve(sender('tls', '192.0.2.1', '', FINGERPRINT))?.sourceId, 'c');
  assert.equal(directory.resolve(sender('tls', '192.0.2.1'))?.sourceId, 'a');
});

test('a source registered by certificate cannot be claimed by UDP, TCP or TLS without it, even if its address is registered too', () => {
  const registrations = [byAddress('c', 'udp', '192.0.2.1'), byAddress('c', 'tcp', '192.0.2.1'), byAddress('c', 'tls', '192.0.2.1'), byCertificate('c')];
  const directory = createDirectory();
  const refused = directory.replace(registrations);
  assert.deepEqual(refused.map((r) => r.reason), ['has-certificate', 'has-certificate', 'has-certificate']);
  for (const listener of ['udp', 'tcp', 'tls'] as const) assert.equal(directory.resolve(sender(listener, '192.0.2.1')), null);
});

test('a fingerprint on anything but TLS counts for nothing', () => {
  const directory = createDirectory([byCertificate('c')]);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1', '', FINGERPRINT)), null);
  assert.equal(directory.resolve(sender('tcp', '192.0.2.1', '', FINGERPRINT)), null);
});

test('registering the address of another organisation again does not take its device over', () => {
  const directory = createDirectory();
  const refused = directory.replace([byAddress('owner', 'udp', '192.0.2.1'), byAddress('thief', 'udp', '::ffff:192.0.2.1')]);
  assert.deepEqual(refused.map((r) => [r.registration.sourceId, r.reason]), [['thief', 'taken']]);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1'))?.sourceId, 'owner');
});

test('a malformed fingerprint or empty address is refused, not matched', () => {
  const directory = createDirectory();
  const refused = directory.replace([byCertificate('c', 'abc'), byAddress('a', 'udp', '')]);
  assert.deepEqual(refused.map((r) => r.reason), ['malformed', 'malformed']);
  assert.equal(directory.resolve(sender('udp', '')), null);
});

test('IPv4 seen through an IPv6 socket is the same address', () => {
  assert.equal(normaliseAddress('::FFFF:192.0.2.1'), '192.0.2.1');
  assert.equal(normaliseAddress('FE80::1%eth0'), 'fe80::1');
  assert.equal(normaliseAddress('2001:DB8::1'), '2001:db8::1');
  assert.equal(normaliseFingerprint('zz'), null);
});

test('after a refresh removed sources are gone and subscribers have been told', () => {
  const directory = createDirectory([byAddress('a', 'udp', '192.0.2.1')]);
  let told = 0;
  const unsubscribe = directory.onChange(() => told++);
  directory.replace([byAddress('b', 'udp', '192.0.2.2'), byAddress('c', 'udp', '192.0.2.2', 'h')]);
  assert.equal(directory.resolve(sender('udp', '192.0.2.1')), null);
  assert.deepEqual([...directory.udpAddresses()], [['192.0.2.2', 2]]);
  unsubscribe();
  directory.replace([]);
  assert.equal(told, 1);
});

test('no header host, however strange, reaches a source of another address', () => {
  const directory = createDirectory([byAddress('a', 'udp', '192.0.2.1', 'fw-1'), byAddress('b', 'udp', '192.0.2.2'), byCertificate('c')]);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'fw-1', '192.0.2.2', FINGERPRINT)), (host) => {
      const found = directory.resolve(sender('udp', '192.0.2.1', host));
      assert.ok(found === null || (found.sourceId === 'a' && host.toLowerCase() === 'fw-1'));
    }),
  );
});
