import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Admissions } from '../../kernel/admissions.ts';
import { headerHost } from './header-host.ts';
import { parseUdpTable } from './kernel-drops.ts';
import { createDirectory } from './rules.ts';
import { BatchWriter, readBatch } from './udp-wire.ts';
import { resolveBatch } from './udp.ts';

test('datagrams come out of a batch as they went in, byte for byte', () => {
  const datagrams = fc.array(fc.record({ address: fc.constantFrom('192.0.2.1', '2001:db8::1', '198.51.100.7'), receivedAt: fc.nat(), bytes: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 50 });
  fc.assert(
    fc.property(datagrams, (list) => {
      const writer = new BatchWriter(64 * 1024);
      for (const item of list) writer.add(item.address, item.receivedAt, item.bytes);
      const { buffer, addresses } = writer.take();
      const read = [...readBatch(buffer, addresses)].map((d) => ({ ...d, bytes: Uint8Array.from(d.bytes) }));
      assert.deepEqual(read, list.map((d) => ({ ...d, bytes: Uint8Array.from(d.bytes) })));
      assert.equal(writer.count, 0);
    }),
  );
});

test('a batch says when it is full before anything is written over its end', () => {
  const writer = new BatchWriter(100);
  assert.equal(writer.fits(84), true);
  assert.equal(writer.fits(85), false);
  writer.add('192.0.2.1', 0, new Uint8Array(40));
  assert.equal(writer.fits(40), false);
});

test('a batch is resolved per line: registered ones marked unverified, others only counted', () => {
  const directory = createDirectory([{ by: 'address', sourceId: 's', orgId: 'o', listener: 'udp', address: '192.0.2.1', headerHost: 'fw1' }]);
  const writer = new BatchWriter(4096);
  writer.add('192.0.2.1', 5, Buffer.from('<13>Jan  2 03:04:05 fw1 app: yes'));
  writer.add('192.0.2.1', 6, Buffer.from('<13>Jan  2 03:04:05 other app: no'));
  writer.add('192.0.2.1', 7, new Uint8Array(0));
  const { buffer, addresses } = writer.take();
  const unknown: unknown[] = [];
  const { records } = resolveBatch(buffer, addresses, directory, (...seen) => unknown.push(seen));
  assert.deepEqual(records.map((r) => [r.sourceId, r.receivedAt, r.flags]), [['s', 5, 2]]);
  assert.deepEqual(unknown, [['192.0.2.1', 'other', 33, 6]]);
});

test('the host is read from RFC 3164 and RFC 5424 headers, else from the name a FortiGate gives itself, and from nothing else', () => {
  assert.equal(headerHost(Buffer.from('<34>Oct 11 22:14:15 mymachine su: failed')), 'mymachine');
  assert.equal(headerHost(Buffer.from('<165>1 2003-10-11T22:14:15.003Z host.example.com evntslog - ID47 - text')), 'host.example.com');
  assert.equal(headerHost(Buffer.from('<189>date=2026-01-02 time=03:04:05 devname="fw"')), 'fw');
  assert.equal(headerHost(Buffer.from('<189>date=2026-01-02 time=03:04:05 mydevname="fw"')), '');
});

test('reading the host never fails on hostile bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => assert.equal(typeof headerHost(bytes), 'string')));
});

test('kernel drops are read from the table, and broken rows are skipped', () => {
  const text = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    '  412: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 31337 2 0000000000000000 42',
    'garbage',
    '  413: 00000000000000000000000000000000:0202 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 99 2 0000000000000000 7',
  ].join('\n');
  assert.deepEqual(parseUdpTable(text), [
    { port: 5514, inode: 31337, drops: 42 },
    { port: 514, inode: 99, drops: 7 },
  ]);
});

test('connections are capped in total and per address, and a place given back twice counts once', () => {
  const admissions = new Admissions(3, 2);
  const first = admissions.enter('192.0.2.1');
  assert.ok(first);
  assert.ok(admissions.enter('192.0.2.1'));
  assert.equal(admissions.enter('192.0.2.1'), null);
  assert.ok(admissions.enter('192.0.2.2'));
  assert.equal(admissions.enter('192.0.2.3'), null);
  first();
  first();
  assert.equal(admissions.total, 2);
  assert.ok(admissions.enter('192.0.2.3'));
  assert.equal(admissions.enter('192.0.2.4'), null);
  const wide = new Admissions(10, 1);
  assert.ok(wide.enter('2001:db8::1'));
  assert.equal(wide.enter('2001:db8::2'), null, 'the addresses of one /64 are one sender’s');
  assert.ok(wide.enter('2001:db8:0:1::1'));
});

// A hosting customer is given a /48, which is 65,536 networks of /64: counted by these alone, one of them fills all places.
test('one site of many networks takes a part of the places only, and gives them back', () => {
  const admissions = new Admissions(100, 5);
  const taken = Array.from({ length: 100 }, (_, i) => admissions.enter(`2001:db8:1:${i.toString(16)}::1`)).filter((leave) => leave !== null);
  assert.equal(taken.length, 20);
  assert.ok(admissions.enter('2001:db8:2::1'), 'another site comes in');
  taken[0]!();
  assert.ok(admissions.enter('2001:db8:1:ffff::1'));
  assert.equal(admissions.enter('2001:db8:1:fffe::1'), null);
  const few = new Admissions(10, 4);
  assert.equal(Array.from({ length: 10 }, (_, i) => few.enter(`2001:db8:1:${i}::1`)).filter(Boolean).length, 5, 'never more than half of all');
  const plain = new Admissions(100, 5);
  assert.equal(Array.from({ length: 10 }, () => plain.enter('192.0.2.1')).filter(Boolean).length, 5, 'an IPv4 address counts once');
});
