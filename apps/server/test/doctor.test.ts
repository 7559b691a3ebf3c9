import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask } from '../../cli/src/server.ts';
import { testHouse, type TestHouse, type TestPerson } from './house.ts';

let house: TestHouse;
let federation: string;
let manager: TestPerson;
let data: string;
let close: () => Promise<void>;
before(async () => {
  house = await testHouse({ after: (fn) => (close = fn) });
  ({ orgId: federation, manager } = await house.federation());
  data = join(house.folder, 'data');
});
after(() => close());

const CLI = join(import.meta.dirname, '../../cli/src/main.ts');
function banya(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args, '--data', data], { env: { ...process.env, LANG: 'ja_JP.UTF-8' } }, (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }));
  });
}

test('the way in for the command line is open to the data folder’s owner alone', () => {
  const socket = statSync(join(data, 'control.sock'));
  assert.ok(socket.isSocket());
  assert.equal(socket.mode & 0o777, 0o600);
  assert.equal(statSync(join(data, 'master.key')).mode & 0o777, 0o600);
});

test('a sign-in link from the server’s console signs in once, is in the ledger, and exists for nobody without a role', async () => {
  const printed = await banya('signin-link', manager.email);
  assert.equal(printed.code, 0, printed.text);
  const token = /#token=([\w-]+)/.exec(printed.text)?.[1];
  assert.ok(token, printed.text);
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token })).status, 200);
  assert.equal((await house.send('POST', '/sign-in/redeem', null, { token })).body.code, 'link_used_or_old');
  const entries = (await house.send('GET', `/orgs/${federation}/audit`, manager)).body.items;
  assert.ok(entries.some((e: { action: string; who: string }) => e.action === 'identity.link_printed' && e.who === 'console'));
  const stranger = await banya('signin-link', 'nobody@elsewhere.example');
  assert.equal(stranger.code, 1);
  assert.match(stranger.text, /Nobody/);
});

test('the doctor says how each part is and what to do, in the reader’s language, and fails when something is bad', async () => {
  const { code, text } = await banya('doctor');
  assert.equal(code, 0, text);
  for (const key of ['state', 'events', 'disk', 'clock', 'intake', 'mail', 'certificate', 'passkeys', 'backup']) assert.match(text, new RegExp(`${key} +[^\\n]*[ぁ-ん]`), key);
  assert.match(text, /look .*mail[^\n]*\n +→/);
});

/** The command as somebody types it, without a server. */
function alone(args: readonly string[], environment: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], { env: { ...process.env, LANG: 'C', ...environment } }, (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }));
  });
}

test('without a server the doctor tries the ports that the settings name, for TCP and for UDP', async (t) => {
  const tcp = createServer().listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const udp = createSocket('udp4').bind(0, '0.0.0.0');
  await once(udp, 'listening');
  t.after(() => {
    tcp.close();
    udp.close();
  });
  const port = (tcp.address() as AddressInfo).port;
  const args = ['doctor', '--data', join(house.folder, 'nothing-here')];
  const bad = await alone(args, { BANYA_PORT: String(port), BANYA_SYSLOG_PORT: String(udp.address().port) });
  assert.equal(bad.code, 1, bad.text);
  assert.match(bad.text, new RegExp(`Port ${port} is used by another program[^]*--port[^]*Port ${udp.address().port} is used[^]*--syslog-port`));
  const good = await alone(args, { BANYA_PORT: '0', BANYA_SYSLOG_PORT: '0' });
  assert.equal(good.code, 0, good.text);
  assert.match((await alone(args, { BANYA_PORT: 'eighty' })).text, /settings cannot be read[^]*BANYA_PORT/);
});

test('a reader that has read enough is no failure of the command', async () => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, 'doctor', '--data', join(house.folder, 'nothing-here')], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, BANYA_PORT: '0', BANYA_SYSLOG_PORT: '0' } });
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = await once(child, 'close');
  assert.deepEqual([code, errors], [0, '']);
});

test('every command explains itself with --help, and start names all its options', async () => {
  for (const name of ['backup', 'restore', 'doctor', 'signin-link', 'ledger', 'update', 'service']) {
    const { code, text } = await alone([name, '--help']);
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`^banya ${name}[^]*--data`));
  }
  const { code, text } = await alone(['start', '--help']);
  assert.equal(code, 0, text);
  for (const option of ['--port', '--disk-floor-share', '--config', 'BANYA_METRICS_TOKEN']) assert.ok(text.includes(option), option);
  assert.ok(!text.includes('--master-key'), 'secrets are no flags');
});

test('the console knows its own commands only, and rubbish does not hurt it', async () => {
  await assert.rejects(ask(data, '/shell', {}), /not known/);
  await assert.rejects(ask(data, '/signin-link', {}), /email is needed/);
  await assert.rejects(ask(data, '/backup', { file: 7 }), /file is needed/);
  assert.ok(await ask(data, '/doctor', {}));
});

test('a row of the ledger that was changed behind its back is found and named; whole ledgers pass', async () => {
  const whole = await banya('ledger', 'verify');
  assert.equal(whole.code, 0, whole.text);
  assert.match(whole.text, /ledgers are whole/);
  const { rows: [row] } = await house.house.gate.query<{ seq: string }>('select min(seq) + 1 as seq from kernel_ledger where org_id = $1', [federation]);
  const { rowCount } = await house.house.gate.query(`update kernel_ledger set facts = '{"role":"auditor"}' where org_id = $1 and seq = $2`, [federation, row!.seq]);
  assert.equal(rowCount, 1);
  const broken = await banya('ledger', 'verify');
  assert.equal(broken.code, 1);
  assert.match(broken.text, new RegExp(`${federation}  BROKEN at entry ${row!.seq}`));
  assert.deepEqual((await house.send('POST', `/orgs/${federation}/audit/verify`, manager)).body.ok, false);
});
