import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Registration } from './rules.ts';
import { closed, connect, openForTest, until } from './testing.ts';
import type { SyslogDoorOptions } from './types.ts';

const HERE: Registration = { by: 'address', sourceId: 's', orgId: 'o', listener: 'tcp', address: '127.0.0.1' };

async function opened(t: TestContext, registrations: Registration[] = [HERE], extra: Partial<SyslogDoorOptions> = {}) {
  const all = await openForTest(registrations, extra);
  t.after(() => all.door.close());
  return all;
}

test('lines ended by LF and counted frames arrive whole, mixed on one connection', async (t) => {
  const { door, spool } = await opened(t);
  const socket = await connect(door.ports.tcp);
  socket.write('<13>one\n11 <13>two\nx\r\n<13>three\r\n8 <13>four5 <13>5<13>six\n');
  await until(() => spool.records.length === 6, 'six lines');
  socket.destroy();
  assert.deepEqual(spool.lines(), ['<13>one', '<13>two\nx', '<13>three', '<13>four', '<13>5', '<13>six'].map((line) => line.trimEnd()));
});

test('a frame is the same wherever the network cuts it', async (t) => {
  const { door, spool } = await opened(t);
  const bytes = Buffer.from('<13>alpha\n14 <13>beta gamma<13>delta\n');
  const socket = await connect(door.ports.tcp);
  socket.setNoDelay(true);
  for (const byte of bytes) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await until(() => spool.records.length === 3, 'three lines');
  socket.destroy();
  assert.deepEqual(spool.lines(), ['<13>alpha', '<13>beta gamma', '<13>delta']);
});

test('two connections with different framings do not disturb one another', async (t) => {
  const { door, spool } = await opened(t);
  const [lf, counted] = await Promise.all([connect(door.ports.tcp), connect(door.ports.tcp)]);
  for (let i = 0; i < 200; i++) {
    lf.write(`<13>lf ${i}\n`);
    const line = `<13>counted ${i}`;
    counted.write(`${line.length} ${line}`);
  }
  await until(() => spool.records.length === 400, 'all lines');
  lf.destroy();
  counted.destroy();
  const lines = spool.lines();
  assert.deepEqual(lines.filter((l) => l.includes('lf')), Array.from({ length: 200 }, (_, i) => `<13>lf ${i}`));
  assert.deepEqual(lines.filter((l) => l.includes('counted')), Array.from({ length: 200 }, (_, i) => `<13>counted ${i}`));
});

test('a line over 64 KiB is cut and marked, and the next line is whole', async (t) => {
  const { door, spool } = await opened(t);
  const socket = await connect(door.ports.tcp);
  socket.write(`<13>${'x'.repeat(200_000)}\n<13>after\n70000 <13>${'y'.repeat(69_996)}<13>last\n`);
  await until(() => spool.records.length === 4, 'four lines');
  socket.destroy();
  assert.deepEqual(spool.records.map((r) => [r.payload.length, r.flags]), [[65_536, 1], [9, 0], [65_536, 1], [8, 0]]);
  assert.equal(door.stats().tcp.truncated, 2);
});

test('binary bytes and NUL in a counted frame survive untouched', async (t) => {
  const { door, spool } = await opened(t);
  const body = Buffer.concat([Buffer.from('<13>'), Buffer.from(Array.from({ length: 256 }, (_, i) => i)), Buffer.from('end')]);
  const socket = await connect(door.ports.tcp);
  socket.write(Buffer.concat([Buffer.from(`${body.length} `), body]));
  await until(() => spool.records.length === 1, 'the line');
  socket.destroy();
  assert.deepEqual(Buffer.from(spool.records[0]!.payload), body);
});

test('a last line without an end is kept when the sender closes', async (t) => {
  const { door, spool } = await opened(t);
  const socket = await connect(door.ports.tcp);
  socket.end('<13>no newline');
  await until(() => spool.records.length === 1, 'the line');
  assert.deepEqual(spool.lines(), ['<13>no newline']);
});

test('lines of unknown senders are counted with their host and never stored', async (t) => {
  const { door, spool, unknown } = await opened(t, []);
  const socket = await connect(door.ports.tcp);
  socket.write('<13>Jan  2 03:04:05 fw<1> app: secret\n<13>Jan  2 03:04:05 fw2 app: secret\n<13>Jan  2 03:04:05 fw2 app: secret\n');
  await until(() => door.stats().tcp.unknown === 3, 'three counted lines');
  socket.destroy();
  const { senders } = unknown.snapshot();
  assert.deepEqual(senders.find((row) => row.headerHost === 'fw2')?.lines, 2);
  assert.ok(senders.every((row) => row.listener === 'tcp' && row.address === '127.0.0.1' && !JSON.stringify(row).includes('secret')));
  assert.equal(spool.appends, 0);
});

test('an unknown sender is read slowly', async (t) => {
  const { door } = await opened(t, [], { stream: { unknownBytesPerSec: 1000 } });
  const socket = await connect(door.ports.tcp);
  for (let i = 0; i < 40; i++) socket.write(Buffer.alloc(256 * 1024, 'x\n'));
  await until(() => door.stats().tcp.unknown > 0, 'something was read');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(socket.writableLength > 1024 * 1024, 'most of it must still wait at the sender');
  socket.destroy();
});

test('devices behind one address are told apart on one connection', async (t) => {
  const { door, spool, unknown } = await opened(t, [
    { ...HERE, sourceId: 'a', headerHost: 'fw-a' },
    { ...HERE, sourceId: 'b', headerHost: 'fw-b' },
  ]);
  const socket = await connect(door.ports.tcp);
  socket.write('<13>Jan  2 03:04:05 fw-a app: 1\n<13>1 2026-01-02T03:04:05Z FW-B app - - - 2\n<13>Jan  2 03:04:05 fw-c app: 3\n');
  await until(() => spool.records.length === 2 && door.stats().tcp.unknown === 1, 'two stored, one counted');
  socket.destroy();
  assert.equal(spool.lines('a').length, 1);
  assert.equal(spool.lines('b').length, 1);
  assert.equal(unknown.snapshot().senders[0]?.headerHost, 'fw-c');
});

test('connections over the cap per address are refused and those inside go on', async (t) => {
  const { door, spool } = await opened(t, [HERE], { stream: { maxPerAddress: 2 } });
  const first = await connect(door.ports.tcp);
  const second = await connect(door.ports.tcp);
  const third = net.connect(door.ports.tcp, '127.0.0.1');
  await closed(third);
  first.write('<13>still here\n');
  await until(() => spool.records.length === 1, 'the line');
  assert.equal(door.stats().tcp.refused, 1);
  first.destroy();
  second.destroy();
  await until(() => door.stats().tcp.connections === 0, 'places given back');
  const fourth = await connect(door.ports.tcp);
  fourth.end('<13>again\n');
  await until(() => spool.records.length === 2, 'the line of the fourth');
});

test('strangers cannot take the places of registered devices', async (t) => {
  const { door } = await opened(t, [], { stream: { maxUnknownPerAddress: 1, maxPerAddress: 10 } });
  await connect(door.ports.tcp);
  const second = net.connect(door.ports.tcp, '127.0.0.1');
  await closed(second);
  assert.equal(door.stats().tcp.refused, 1);
});

test('one address that holds connections open and says nothing shuts nobody else out', async (t) => {
  const { door, spool } = await opened(t, [{ ...HERE, address: '127.0.0.3' }], { stream: { maxConnections: 12, maxPerAddress: 6, maxUnknown: 4, maxUnknownPerAddress: 4 } });
  const from = (localAddress: string): net.Socket => net.connect({ port: door.ports.tcp, host: '127.0.0.1', localAddress }).on('error', () => undefined);
  const held = Array.from({ length: 40 }, () => from('127.0.0.2'));
  await until(() => door.stats().tcp.refused === 36, 'its share is used up');
  from('127.0.0.3').end('<13>let in\n');
  await until(() => spool.records.length === 1, 'the line of another');
  held.forEach((socket) => socket.destroy());
});

test('a sender that drips bytes without ever ending a line is closed, and its bytes are kept', async (t) => {
  const { door, spool } = await opened(t, [HERE], { stream: { idleMs: 300 } });
  const socket = await connect(door.ports.tcp);
  const drip = setInterval(() => socket.write('x'), 20);
  t.after(() => clearInterval(drip));
  await closed(socket);
  clearInterval(drip);
  await until(() => spool.records.length === 1, 'the unfinished line');
  assert.match(spool.lines()[0]!, /^x+$/);
});

test('a slow spool makes the sender wait instead of filling memory, and nothing is lost', async (t) => {
  const { door, spool } = await opened(t, [HERE], { stream: { maxPendingPerConnection: 128 * 1024 } });
  spool.delayMs = 30;
  const socket = await connect(door.ports.tcp);
  const total = 40_000;
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, door.stats().tcp.pendingBytes)), 2);
  t.after(() => clearInterval(watch));
  const line = 'x'.repeat(200);
  for (let i = 0; i < total; i++) socket.write(`<13>${i} ${line}\n`);
  socket.end();
  await until(() => spool.records.length === total, 'all lines', 20_000);
  clearInterval(watch);
  assert.ok(peak > 0 && peak <= 256 * 1024, `pending peaked at ${peak}`);
  assert.deepEqual(spool.lines().map((l) => Number(/<13>(\d+)/.exec(l)?.[1])), Array.from({ length: total }, (_, i) => i));
});

test('a full spool stops reading, is said once, and all lines arrive when there is room again', async (t) => {
  const { door, spool, log, metrics } = await opened(t, [HERE], { stream: { maxPendingPerConnection: 64 * 1024 } });
  spool.full = true;
  const socket = await connect(door.ports.tcp);
  const line = 'x'.repeat(1000);
  for (let i = 0; i < 20_000; i++) socket.write(`<13>${i} ${line}\n`);
  await until(() => metrics.total('banya_syslog_spool_refused_total') >= 3, 'several refusals');
  assert.equal(spool.records.length, 0);
  assert.equal(door.stats().spoolFull, true);
  assert.ok(door.stats().tcp.pendingBytes <= 256 * 1024);
  assert.equal(log.entries.filter((entry) => entry.level === 'error').length, 1);
  spool.full = false;
  socket.end();
  await until(() => spool.records.length === 20_000, 'all lines', 20_000);
  assert.equal(new Set(spool.lines()).size, 20_000);
  assert.equal(door.stats().spoolFull, false);
});

test('closing reads what the kernel already holds and writes it to the spool', async (t) => {
  const { door, spool } = await opened(t);
  spool.delayMs = 50;
  const sockets = await Promise.all(Array.from({ length: 5 }, () => connect(door.ports.tcp)));
  for (const [n, socket] of sockets.entries()) for (let i = 0; i < 1000; i++) socket.write(`<13>${n} ${i}\n`);
  await Promise.all(sockets.map((socket) => until(() => socket.writableLength === 0, 'all handed to the kernel')));
  await door.close();
  assert.equal(new Set(spool.lines()).size, 5000);
  assert.equal(spool.records.length, 5000);
});

test('closing ends although the spool stays full', async () => {
  const { door, spool } = await openForTest([HERE]);
  spool.full = true;
  const socket = await connect(door.ports.tcp);
  socket.write('<13>never\n');
  await until(() => door.stats().spoolFull, 'refusal');
  await door.close();
  assert.equal(spool.records.length, 0);
  const late = net.connect(door.ports.tcp, '127.0.0.1');
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNREFUSED');
});

test('a second door on the same port is refused and leaves nothing open', async (t) => {
  const { door, spool } = await opened(t);
  await assert.rejects(openForTest([HERE], { port: door.ports.tcp }), { code: 'EADDRINUSE' });
  const socket = await connect(door.ports.tcp);
  socket.end('<13>mine\n');
  await until(() => spool.records.length === 1, 'the line at the first door');
});

test('a spool that is only busy is no fault: nothing is logged and nothing lost', async (t) => {
  const { door, spool, log, metrics } = await opened(t);
  spool.full = true;
  spool.code = 'SPOOL_BUSY';
  const socket = await connect(door.ports.tcp);
  socket.write('<13>patient\n');
  await until(() => metrics.total('banya_syslog_spool_refused_total') >= 2, 'two refusals');
  assert.equal(door.stats().spoolFull, false);
  spool.full = false;
  await until(() => spool.records.length === 1, 'the line');
  socket.destroy();
  assert.deepEqual(log.entries, []);
});

test('lines the spool can never keep are lost loudly and do not block those behind them', async (t) => {
  const { door, spool, log } = await opened(t);
  spool.full = true;
  spool.code = 'SPOOL_RECORD';
  const socket = await connect(door.ports.tcp);
  socket.write('<13>poison\n');
  await until(() => log.entries.length === 1, 'the error');
  spool.full = false;
  socket.write('<13>good\n');
  await until(() => spool.records.length === 1, 'the next line');
  socket.destroy();
  assert.deepEqual(spool.lines(), ['<13>good']);
});
