import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createUnknownSenders, sanitiseHost } from './unknown.ts';

const seen = (address: string, headerHost: string, at: number, lines = 1) => ({ listener: 'udp' as const, address, headerHost, lines, bytes: lines * 100, at });

test('sightings of one sender add up, with first and last time', () => {
  const table = createUnknownSenders();
  table.note({ ...seen('192.0.2.1', 'fw', 2000, 3), since: 1000 });
  table.note(seen('::ffff:192.0.2.1', 'fw', 5000, 2));
  assert.deepEqual(table.snapshot(), {
    senders: [{ listener: 'udp', address: '192.0.2.1', headerHost: 'fw', lines: 5, bytes: 500, firstSeen: 1000, lastSeen: 5000 }],
    overflow: { senders: 0, lines: 0 },
  });
});

test('the table stays bounded under invented addresses, keeps the newest and counts the rest', () => {
  const table = createUnknownSenders(100);
  for (let i = 0; i < 5000; i++) table.note(seen(`2001:db8::${i.toString(16)}`, '', i));
  const { senders, overflow } = table.snapshot();
  assert.equal(senders.length, 100);
  assert.equal(senders[0]?.lastSeen, 4999);
  assert.deepEqual(overflow, { senders: 4900, lines: 4900 });
});

test('one address that invents a host per line takes no more than its few rows', () => {
  const table = createUnknownSenders(100);
  table.note(seen('192.0.2.7', 'printer', 0));
  for (let i = 0; i < 5000; i++) table.note(seen('192.0.2.1', `h${i}`, i));
  const { senders } = table.snapshot();
  assert.equal(senders.length, 18);
  assert.ok(senders.some((row) => row.headerHost === 'printer'));
  assert.equal(senders.filter((row) => row.address === '192.0.2.1').reduce((sum, row) => sum + row.lines, 0), 5000);
});

test('a header host is shown harmless whatever was sent', () => {
  assert.equal(sanitiseHost('<script>alert(1)'), '?script?alert?1?');
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (host) => assert.match(sanitiseHost(host), /^[A-Za-z0-9._:?-]{0,64}$/)));
});

test('a sender that was registered or waved off leaves the table', () => {
  const table = createUnknownSenders();
  table.note(seen('192.0.2.1', 'fw', 1));
  table.forget('udp', '192.0.2.1', 'fw');
  table.forget('udp', '192.0.2.9', '');
  assert.deepEqual(table.snapshot().senders, []);
});
