import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDirectory, type Registration } from './rules.ts';
import { openForTest, until } from './testing.ts';
import type { SyslogDoorOptions } from './types.ts';
import { createUnknownSenders } from './unknown.ts';

const at = (sourceId: string, address: string, headerHost?: string): Registration => ({ by: 'address', sourceId, orgId: 'o', listener: 'udp', address, ...(headerHost === undefined ? {} : { headerHost }) });

async function opened(t: TestContext, registrations: Registration[], extra: Partial<SyslogDoorOptions> = {}) {
  const all = await openForTest(registrations, extra);
  t.after(() => all.door.close());
  return all;
}

async function senderFrom(t: TestContext, address: string, port: number): Promise<(line: string | Uint8Array) => void> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  t.after(() => socket.close());
  return (line) => socket.send(line);
}

test('each datagram of a registered address is one line, byte for byte, marked unverified', async (t) => {
  const { door, spool } = await opened(t, [at('s', '127.0.0.1')]);
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  const binary = Buffer.concat([Buffer.from('<13>'), Buffer.from(Array.from({ length: 256 }, (_, i) => i)), Buffer.from('.')]);
  send('<13>one\n');
  send(binary);
  send('');
  await until(() => spool.records.length === 2, 'two lines');
  const payloads = spool.records.map((r) => Buffer.from(r.payload));
  assert.ok(payloads.some((p) => p.equals(binary)));
  assert.ok(payloads.some((p) => p.toString() === '<13>one'));
  assert.ok(spool.records.every((r) => r.flags === 2 && r.sourceId === 's' && r.receivedAt > 1_600_000_000_000));
});

test('the largest datagram there is arrives whole', async (t) => {
  const { door, spool } = await opened(t, [at('s', '127.0.0.1')]);
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  send(Buffer.alloc(65_507, 'x'));
  await until(() => spool.records.length === 1, 'the line');
  assert.equal(spool.records[0]!.payload.length, 65_507);
});

test('unknown senders on UDP are counted with their host, and their lines are not stored', async (t) => {
  const { door, spool, unknown } = await opened(t, []);
  const send = await senderFrom(t, '127.0.0.3', door.ports.udp);
  for (let i = 0; i < 10; i++) send('<13>Jan  2 03:04:05 fw9 app: secret');
  await until(() => (unknown.snapshot().senders[0]?.lines ?? 0) === 10, 'ten counted lines');
  const [row] = unknown.snapshot().senders;
  assert.deepEqual([row?.listener, row?.address, row?.headerHost, row?.bytes], ['udp', '127.0.0.3', 'fw9', 350]);
  assert.equal(spool.appends, 0);
});

test('a sender that waits for the desk is counted by the thread under the name that is claimed', async (t) => {
  const directory = createDirectory([], [{ by: 'address', listener: 'udp', address: '127.0.0.3', headerHost: 'FW9' }]);
  const unknown = createUnknownSenders(directory);
  const { door } = await opened(t, [], { directory, unknown });
  const send = await senderFrom(t, '127.0.0.3', door.ports.udp);
  for (const host of ['fw9', 'FW9', 'other']) send(`<13>Jan  2 03:04:05 ${host} app: secret`);
  await until(() => unknown.snapshot().senders.reduce((sum, s) => sum + s.lines, 0) === 3, 'three counted lines');
  assert.deepEqual(unknown.snapshot().senders.map((s) => [s.headerHost, s.lines]).sort(), [['fw9', 2], ['other', 1]]);
});

test('a source registered while the door is open is stored from then on', async (t) => {
  const directory = createDirectory();
  const { door, spool, unknown } = await opened(t, [], { directory });
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  send('<13>early');
  await until(() => unknown.snapshot().senders.length === 1, 'counted as unknown');
  directory.replace([at('s', '127.0.0.1')]);
  for (let i = 0; i < 50 && spool.records.length === 0; i++) {
    send('<13>late');
    await sleep(20);
  }
  assert.ok(spool.records.length > 0 && spool.lines().every((line) => line === '<13>late'));
});

test('a source registered for TLS by certificate gets nothing from UDP in its name', async (t) => {
  const { door, spool } = await opened(t, [at('s', '127.0.0.1'), { by: 'certificate', sourceId: 's', orgId: 'o', fingerprint: 'ab'.repeat(32) }]);
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  send('<13>forged');
  await until(() => door.stats().udp.unknown === 1, 'counted as unknown');
  assert.equal(spool.records.length, 0);
});

test('a flood from one source costs a quiet one nothing and is itself cut to its share', async (t) => {
  const { door, spool } = await opened(t, [at('flood', '127.0.0.1'), at('quiet', '127.0.0.2')], { udp: { guaranteedPerSec: 100, poolPerSec: 500, burstSec: 1 } });
  const flood = await senderFrom(t, '127.0.0.1', door.ports.udp);
  const quiet = await senderFrom(t, '127.0.0.2', door.ports.udp);
  const line = 'x'.repeat(200);
  for (let i = 0; i < 100; i++) {
    for (let k = 0; k < 200; k++) flood(line);
    quiet(`<13>quiet ${i}`);
    await sleep(5);
  }
  await until(() => spool.lines('quiet').length === 100, 'every line of the quiet source');
  await until(() => door.stats().udp.dropped.some((row) => row.share > 0), 'the tally of drops');
  if (process.platform === 'linux') assert.equal(door.stats().udp.isolated, 1, 'the flood has a socket to itself');
  const dropped = door.stats().udp.dropped;
  assert.deepEqual(dropped.map((row) => row.address), ['127.0.0.1']);
  assert.ok(spool.lines('flood').length < 20_000);
});

test('a full spool loses UDP lines visibly, and memory stays bounded', async (t) => {
  const { door, spool, metrics } = await opened(t, [at('s', '127.0.0.1')]);
  spool.full = true;
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  for (let i = 0; i < 100; i++) send(`<13>${i}`);
  await until(() => metrics.total('banya_syslog_dropped_total') === 100, 'all counted as dropped');
  assert.equal(door.stats().udp.dropped[0]?.spoolFull, 100);
  await until(() => door.stats().udp.pendingBytes === 0, 'nothing held');
});

test('a spool that does not answer bounds what is held, and the drops say so', async (t) => {
  const { door, spool } = await opened(t, [at('s', '127.0.0.1')], { udp: { inFlightSoftBytes: 10_000, guaranteedPerSec: 100_000 } });
  spool.delayMs = 700;
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  for (let i = 0; i < 300; i++) {
    send(Buffer.alloc(1000, 'x'));
    if (i % 10 === 0) await sleep(2);
  }
  await until(() => door.stats().udp.dropped.some((row) => row.behind > 0), 'drops');
  assert.ok(door.stats().udp.pendingBytes <= 40_000 + 256 * 1024);
});

test('closing writes the datagrams that wait in the sockets', async (t) => {
  const { door, spool } = await opened(t, [at('s', '127.0.0.1')]);
  spool.delayMs = 50;
  const send = await senderFrom(t, '127.0.0.1', door.ports.udp);
  for (let i = 0; i < 1000; i++) send(`<13>${i}`);
  await sleep(1);
  await door.close();
  assert.equal(spool.records.length, 1000);
});

test('what the system granted as buffer and what the kernel dropped are shown', async (t) => {
  const { door } = await opened(t, []);
  const { udp } = door.stats();
  assert.ok(udp.alive && udp.sockets >= 1 && udp.receiveBufferBytes.length === udp.sockets);
  assert.ok(udp.receiveBufferBytes.every((bytes) => bytes > 0));
  if (process.platform !== 'linux') return t.skip('kernel drops are read from /proc, which only Linux has');
  assert.equal(udp.kernelDrops, 0);
});
