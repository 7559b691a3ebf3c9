import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { diskFloor, loadConfig } from '../src/kernel/config.ts';
import { StartError } from '../src/kernel/errors.ts';
import { readyFolder, testHouse } from './house.ts';
import { post, sender, sendTcp, until } from './senders.ts';

test('a house that cannot open its last door closes all it had opened, and opens once the door is free', async (t) => {
  const folder = await readyFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const spare = createServer().listen(0, '127.0.0.1');
  await once(spare, 'listening');
  const http = (spare.address() as AddressInfo).port;
  await new Promise((resolve) => spare.close(resolve));
  const args = ['--port', String(http), '--syslog-port', String((taken.address() as AddressInfo).port)];
  await assert.rejects(testHouse(t, { folder, args }), (error: NodeJS.ErrnoException) => error.code === 'EADDRINUSE');
  await assert.rejects(fetch(`http://127.0.0.1:${http}/healthz`), 'nothing answers any more');
  await new Promise((resolve) => taken.close(resolve));
  const house = await testHouse(t, { folder, args });
  assert.equal((await fetch(`${house.base}/readyz`)).status, 200);
});

test('a folder that holds the demonstration is not opened as a real desk: the start says so, and how to go on', async (t) => {
  const folder = await readyFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const endings: (() => Promise<void>)[] = [];
  const house = await testHouse({ after: (fn) => endings.push(fn) }, { folder, args: ['--demo'] });
  await house.house.kernel.settings.set('demo', { seed: 'x', anchor: 0, done: [] });
  for (const end of endings) await end();
  await assert.rejects(testHouse(t, { folder }), (error) => error instanceof StartError && /demonstration/.test(error.message) && /--demo/.test(error.remedy) && /--data/.test(error.remedy));
  await testHouse(t, { folder, args: ['--demo'] });
});

test('metrics are read by an operator and by who shows the token, by nobody else; every name begins once with banya_', async (t) => {
  const token = 'a-token-of-some-length-0123';
  const house = await testHouse(t, { environment: { BANYA_METRICS_TOKEN: token } });
  const { orgId, manager } = await house.federation();
  const lead = await house.person(await house.org('member', orgId, '試験商事'), 'member', 'lead');
  const read = (as: Parameters<typeof house.send>[2]) => house.send('GET', '/metrics', as);
  for (const stranger of [null, lead, { token: 'a-token-of-some-length-0124' }, { token: '' }]) assert.notEqual((await read(stranger)).status, 200);
  assert.equal((await read(manager)).status, 200);
  await sender(house, lead, { match: { by: 'address', listener: 'tcp', address: '127.0.0.1', headerHost: null } });
  await sendTcp(house.house.ports.syslog!, ['<13>one']);
  // Counted once the line is on disk.
  await until('the line is counted', async () => (await read({ token })).text.includes('banya_syslog_lines_total'));
  const { status, text } = await read({ token });
  assert.equal(status, 200);
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map((m) => `${m[1]} ${m[2]}`);
  for (const name of ['banya_spool_backlog_bytes gauge', 'banya_lines_total counter', 'banya_syslog_lines_total counter', 'banya_udp_kernel_drops_total counter', 'banya_http_seconds histogram']) assert.ok(names.includes(name), name);
  assert.deepEqual(names.filter((n) => n.includes('banya_banya')), []);
  assert.equal((await house.send('GET', '/me', { token })).status, 401, 'the token opens nothing else');
});

test('below the floor of the disk, by bytes or by share, lines are refused; 0 bytes turns it off', async (t) => {
  const disk = statfsSync(tmpdir());
  const size = disk.blocks * disk.bsize;
  const of = (...args: string[]) => diskFloor(loadConfig(['--data', tmpdir(), ...args], {}));
  assert.equal(await of('--disk-floor-bytes', '0', '--disk-floor-share', '0.5'), 0);
  assert.equal(await of('--disk-floor-bytes', '1', '--disk-floor-share', '0.5'), Math.floor(size * 0.5));
  assert.equal(await of('--disk-floor-bytes', String(size), '--disk-floor-share', '0.01'), size);
  const house = await testHouse(t, { environment: { BANYA_DISK_FLOOR_BYTES: String(size + 1) } });
  const { orgId } = await house.federation();
  const lead = await house.person(await house.org('member', orgId, '試験商事'), 'member', 'lead');
  assert.equal((await post(house, await sender(house, lead), 'one\n')).body.code, 'intake_paused');
  assert.equal((await house.house.modules.operate.checks()).find((c) => c.key === 'disk')!.state, 'bad');
});

test('whom to ask about senders of mails is nobody, the machine’s own name servers, or the addresses given; anything else is told at the start', () => {
  const load = (value: string) => loadConfig([], { BANYA_MAIL_DNS: value }).mailDns;
  assert.deepEqual(loadConfig([], {}).mailDns, []);
  assert.deepEqual(load('system'), ['system']);
  assert.deepEqual(load('192.0.2.53, [2001:db8::53]:5353,2001:db8::1,192.0.2.54:53'), ['192.0.2.53', '[2001:db8::53]:5353', '2001:db8::1', '192.0.2.54:53']);
  for (const value of ['on', 'dns.example.jp', '192.0.2', '192.0.2.53:0', '192.0.2.53:65536', '[192.0.2.53]:53', '[2001:db8::53]', '192.0.2.53/24', 'system,192.0.2.53', 'https://192.0.2.53']) {
    assert.throws(() => load(value), (error) => error instanceof StartError && error.message.includes('BANYA_MAIL_DNS') && error.remedy.includes('--mail-dns'), value);
  }
});
