import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDirectory } from './rules.ts';
import { createUnknownSenders, sanitiseHost } from './unknown.ts';

const seen = (address: string, headerHost: string, at: number, lines = 1) => ({ listener: 'udp' as const, address, headerHost, lines, bytes: lines * 100, at });
const small = { claimed: 100, proven: 100, forgeable: 100 };

test('sightings of one sender add up, with first and last time', () => {
  const table = createUnknownSenders();
  table.note({ ...seen('192.0.2.1', 'fw', 2000, 3), since: 1000 });
  table.note(seen('::ffff:192.0.2.1', 'fw', 5000, 2));
  assert.deepEqual(table.snapshot(), {
    senders: [{ listener: 'udp', address: '192.0.2.1', headerHost: 'fw', fingerprint: '', lines: 5, bytes: 500, firstSeen: 1000, lastSeen: 5000 }],
    overflow: { senders: 0, lines: 0 },
  });
});

test('the table stays bounded under invented addresses, keeps the newest and counts the rest', () => {
  const table = createUnknownSenders(undefined, small);
  for (let i = 0; i < 5000; i++) table.note(seen(`2001:db8:${i.toString(16)}::1`, '', i));
  const { senders, overflow } = table.snapshot();
  assert.equal(senders.length, 100);
  assert.equal(senders[0]?.lastSeen, 4999);
  assert.deepEqual(overflow, { senders: 4900, lines: 4900 });
});

test('one address that invents a host per line takes no more than its few rows', () => {
  const table = createUnknownSenders(undefined, small);
  table.note(seen('192.0.2.7', 'printer', 0));
  for (let i = 0; i < 5000; i++) table.note(seen('192.0.2.1', `h${i}`, i));
  const { senders } = table.snapshot();
  assert.equal(senders.length, 18);
  assert.ok(senders.some((row) => row.headerHost === 'printer'));
  assert.equal(senders.filter((row) => row.address === '192.0.2.1').reduce((sum, row) => sum + row.lines, 0), 5000);
});

test('one IPv6 network with all its addresses pushes out nobody but itself', () => {
  const table = createUnknownSenders(undefined, small);
  const tcp = (address: string, at: number) => table.note({ ...seen(address, '', at), listener: 'tcp' });
  for (let i = 0; i < 30; i++) tcp(`198.51.100.${i}`, i);
  for (let i = 0; i < 5000; i++) tcp(`2001:db8::${i.toString(16)}`, 100 + i);
  tcp('2001:db8:0:1::1', 9000);
  const { senders, overflow } = table.snapshot();
  assert.equal(senders.filter((s) => s.address.startsWith('198.')).length, 30);
  assert.equal(senders.filter((s) => s.address.startsWith('2001:db8::')).length, 64);
  assert.equal(senders.find((s) => s.address.startsWith('2001:db8::'))?.lastSeen, 5099);
  assert.deepEqual([senders.length, overflow], [95, { senders: 4936, lines: 4936 }]);
});

test('a header host is shown harmless whatever was sent', () => {
  assert.equal(sanitiseHost('<script>alert(1)'), '?script?alert?1?');
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (host) => assert.match(sanitiseHost(host), /^[A-Za-z0-9._:?-]{0,64}$/)));
});

test('a sender that was registered or waved off leaves the table', () => {
  const table = createUnknownSenders();
  table.note(seen('192.0.2.1', 'fw', 1));
  table.forget({ listener: 'udp', address: '192.0.2.1', headerHost: 'fw', fingerprint: '' });
  table.forget({ listener: 'udp', address: '192.0.2.9', headerHost: '', fingerprint: '' });
  assert.deepEqual(table.snapshot().senders, []);
});

// Anybody can write any address on a datagram: without places of their own, a minute of that hides every claim from the desk.
test('a flood of forged addresses pushes out neither who waits for the desk nor who is proven by a connection', () => {
  const directory = createDirectory([], [{ by: 'address', listener: 'udp', address: '192.0.2.10', headerHost: 'FW-1' }, { by: 'address', listener: 'udp', address: '192.0.2.11' }]);
  const table = createUnknownSenders(directory, small);
  table.note(seen('192.0.2.10', 'fw-1', 1));
  table.note(seen('192.0.2.11', 'core', 1));
  table.note({ ...seen('192.0.2.12', 'fw', 1), listener: 'tcp' });
  for (let i = 0; i < 5000; i++) table.note(seen(`2001:db8:${i.toString(16)}::1`, '', i + 2));
  const left = table.snapshot().senders.filter((s) => s.address.startsWith('192.'));
  assert.deepEqual(left.map((s) => [s.listener, s.address, s.headerHost]).sort(), [['tcp', '192.0.2.12', 'fw'], ['udp', '192.0.2.10', 'fw-1'], ['udp', '192.0.2.11', '']]);
});

test('forging a claimed address makes no more rows than it has claims, whatever names are invented', () => {
  const directory = createDirectory([], [{ by: 'address', listener: 'udp', address: '192.0.2.10', headerHost: 'fw-1' }, { by: 'address', listener: 'udp', address: '192.0.2.10' }]);
  const table = createUnknownSenders(directory, small);
  for (let i = 0; i < 500; i++) table.note(seen('192.0.2.10', `h${i}`, i));
  for (const spelling of ['fw-1', 'FW-1', 'Fw-1']) table.note(seen('192.0.2.10', spelling, 600));
  assert.deepEqual(table.snapshot().senders.map((s) => [s.headerHost, s.lines]), [['fw-1', 3], ['', 500]]);
});

test('a sender that is claimed while it is counted goes on from its count, and exists once', () => {
  const directory = createDirectory();
  const table = createUnknownSenders(directory, small);
  table.note(seen('192.0.2.10', 'fw-1', 1, 3));
  directory.replace([], [{ by: 'address', listener: 'udp', address: '192.0.2.10', headerHost: 'fw-1' }]);
  table.note(seen('192.0.2.10', 'fw-1', 2, 4));
  directory.replace([]);
  table.note(seen('192.0.2.10', 'fw-1', 3, 5));
  assert.deepEqual(table.snapshot().senders.map((s) => [s.lines, s.firstSeen]), [[12, 1]]);
});

test('who shows a certificate is counted by it, wherever it stands; one address cannot fill the table with certificates', () => {
  const mine = 'ab'.repeat(32);
  const table = createUnknownSenders(createDirectory([], [{ by: 'certificate', fingerprint: mine }]), small);
  const tls = (address: string, fingerprint: string, at: number) => table.note({ ...seen(address, 'fw', at), listener: 'tls', fingerprint });
  tls('192.0.2.1', mine.toUpperCase().match(/../g)!.join(':'), 1);
  tls('198.51.100.1', mine, 2);
  for (let i = 0; i < 500; i++) tls('192.0.2.1', i.toString(16).padStart(64, '0'), 3);
  const { senders } = table.snapshot();
  assert.deepEqual(senders.filter((s) => s.fingerprint === mine).map((s) => [s.address, s.lines]), [['198.51.100.1', 2]]);
  assert.equal(senders.length, 1 + 17);
});
