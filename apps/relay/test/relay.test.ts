import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startRelay, type Relay, type RelayOptions, type RelayTuning } from '../src/index.ts';
import { numbered, sendTcp, startServer, until } from './server.ts';

const FAST: RelayTuning = { spool: { sealMs: 30, syncMs: 5 }, backoffMs: 5, answerMs: 2000, tokenCheckMs: 20 };

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function setUp(t: TestContext, extra: Partial<RelayOptions> = {}, tuning: RelayTuning = FAST) {
  const server = await startServer();
  const relays: Relay[] = [];
  // Hooks run in the order of their registration: relays end before their folder goes.
  t.after(async () => {
    await Promise.all(relays.map((relay) => relay.close()));
    server.close();
  });
  const logged: string[] = [];
  const options: RelayOptions = {
    server: server.url,
    source: 'site-1',
    token: { value: 'secret', onCommandLine: false },
    host: '127.0.0.1',
    port: 0,
    spool: folderFor(t),
    spoolMaxBytes: 100 * 1024 * 1024,
    statusPort: 0,
    ...extra,
  };
  const start = async () => {
    const relay = await startRelay(options, (text) => logged.push(text), tuning);
    relays.push(relay);
    return relay;
  };
  return { server, logged, options, start };
}

test('lines over UDP and TCP reach the server with their device and bytes unchanged', async (t) => {
  const { server, start } = await setUp(t);
  const relay = await start();
  const binary = Buffer.concat([Buffer.from('<13>'), Buffer.from([0x83, 0x65, 0x83, 0x58, 0, 255]), Buffer.from('.')]);
  const udp = dgram.createSocket('udp4');
  t.after(() => udp.close());
  udp.send(binary, relay.port, '127.0.0.1');
  await sendTcp(relay.port, ['<13>テスト "引用" \u0007', '15 <13>counted\nx']);
  await until(() => server.lines.length === 3, 'three lines');
  assert.ok(server.lines.every((line) => line.from === '127.0.0.1' && !line.cut && Math.abs(line.at - Date.now()) < 60_000));
  assert.deepEqual(Buffer.from(server.lines.find((line) => line.by === 'udp')!.bytes), binary);
  assert.deepEqual(server.lines.filter((line) => line.by === 'tcp').map((line) => Buffer.from(line.bytes).toString()), ['<13>テスト "引用" \u0007', '<13>counted\nx']);
  const [request] = server.requests;
  assert.equal(request?.path, '/api/v1/ingest/site-1');
  assert.equal(request?.headers['content-type'], 'application/x-banya-relay+ndjson');
  assert.equal(request?.headers['content-encoding'], 'gzip');
});

test('a server that loses its answers, breaks off and says 503 gets every line once, under one key per body', async (t) => {
  const { server, start } = await setUp(t, {}, { ...FAST, spool: { sealMs: 10, syncMs: 2, sealBytes: 2000 } });
  const moods = ['lose-answer', 'die', 503, 'lose-answer', 500, 'ok'] as const;
  server.mood = (nth) => moods[nth % moods.length] ?? 'ok';
  const relay = await start();
  for (let i = 0; i < 10; i++) await sendTcp(relay.port, numbered(100, i * 100));
  await until(() => server.lines.length === 1000 && relay.status().queue.bytes === 0, 'all lines, queue empty');
  assert.deepEqual(new Set(server.texts()), new Set(numbered(1000)));
  const sizes = new Map<string, Set<number>>();
  for (const { key, lines } of server.requests) sizes.set(key, (sizes.get(key) ?? new Set()).add(lines));
  assert.ok(server.requests.length > sizes.size, 'there were repeats');
  assert.ok([...sizes.values()].every((set) => set.size === 1), 'a key always carries the same lines');
});

test('Retry-After is waited for', async (t) => {
  const { server, start } = await setUp(t);
  server.headers = { 'retry-after': '3600' };
  server.mood = (nth) => (nth === 0 ? 429 : 'ok');
  const relay = await start();
  await sendTcp(relay.port, numbered(1));
  await until(() => relay.status().state.kind === 'waiting', 'waiting');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(server.requests.length, 1);
  assert.equal(relay.status().queue.segments, 1);
});

test('a wrong token stops sending, says so, keeps the lines, and goes on when the file is corrected', async (t) => {
  const tokenFile = join(folderFor(t), 'token');
  writeFileSync(tokenFile, 'wrong\n');
  const { server, start, logged } = await setUp(t, { token: { file: tokenFile } });
  const relay = await start();
  await sendTcp(relay.port, numbered(5));
  await until(() => relay.status().state.kind === 'token-refused', 'refusal');
  await sendTcp(relay.port, numbered(5, 5));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(server.requests.length, 1);
  assert.ok(logged.some((text) => text.includes('token is wrong')));
  writeFileSync(tokenFile, 'secret\n');
  await until(() => server.lines.length === 10, 'all lines');
  assert.equal(relay.status().state.kind, 'ok');
});

test('a body the server will never take is put aside and does not block the next', async (t) => {
  const { server, start, options } = await setUp(t);
  server.mood = (nth) => (nth === 0 ? 422 : 'ok');
  const relay = await start();
  await sendTcp(relay.port, ['<13>poison']);
  await until(() => relay.status().queue.refused === 1, 'put aside');
  await sendTcp(relay.port, ['<13>good']);
  await until(() => server.lines.length === 1, 'the next line');
  assert.deepEqual(server.texts(), ['<13>good']);
  const [aside] = readdirSync(join(options.spool, 'refused'));
  assert.match(readFileSync(join(options.spool, 'refused', aside!), 'utf8'), /poison/);
});

test('a redirect is not followed, so the token goes nowhere else', async (t) => {
  const other = await startServer();
  t.after(() => other.close());
  const { server, start } = await setUp(t);
  server.headers = { location: other.url.href };
  server.mood = () => 307;
  const relay = await start();
  await sendTcp(relay.port, numbered(1));
  await until(() => relay.status().state.kind === 'misconfigured', 'said');
  assert.equal(other.requests.length, 0);
});

test('what waits at an orderly stop is sent after the next start', async (t) => {
  const { server, start } = await setUp(t);
  server.mood = () => 'die';
  const first = await start();
  await sendTcp(first.port, numbered(50));
  await until(() => first.status().queue.bytes > 0 && first.status().queue.waitingBytes === 0, 'on disk');
  await first.close();
  server.mood = () => 'ok';
  await start();
  await until(() => server.lines.length === 50, 'all lines');
  assert.deepEqual(server.texts(), numbered(50));
});

test('a full queue drops the oldest lines and counts exactly those', async (t) => {
  const { server, start } = await setUp(t, { spoolMaxBytes: 20_000 }, { ...FAST, spool: { sealMs: 10, syncMs: 2, sealBytes: 2000 } });
  server.mood = () => 'die';
  const relay = await start();
  for (let i = 0; i < 20; i++) {
    await sendTcp(relay.port, numbered(100, i * 100));
    await until(() => relay.status().senders[0]?.lines === (i + 1) * 100 && relay.status().queue.waitingBytes === 0, 'on disk');
  }
  // The file being sent and the newest one are never dropped; each is at most one batch of this test beyond the limit.
  assert.ok(relay.status().queue.bytes <= 20_000 + 2 * 12_000, String(relay.status().queue.bytes));
  server.mood = () => 'ok';
  await until(() => relay.status().queue.bytes === 0, 'queue empty');
  const texts = server.texts();
  assert.equal(texts.length + relay.status().queue.dropped, 2000);
  assert.ok(relay.status().queue.dropped > 0);
  assert.ok(texts.includes('<13>line 1999'));
  assert.equal(server.requests.at(-1)?.headers['banya-relay-dropped'], String(relay.status().queue.dropped));
});

test('the status page shows the state to this computer only and escapes what it shows', async (t) => {
  const { start, server } = await setUp(t, { statusPort: await freePort() });
  const relay = await start();
  await sendTcp(relay.port, numbered(3));
  await until(() => server.lines.length === 3, 'sent');
  const base = `http://127.0.0.1:${relay.statusPort}`;
  const page = await fetch(base);
  assert.match(await page.text(), /正常に動いています[\s\S]*127\.0\.0\.1/);
  const status = (await (await fetch(`${base}/status.json`)).json()) as { sentLines: number };
  assert.equal(status.sentLines, 3);
  assert.equal(await statusFor(relay.statusPort!, 'evil.example'), 403);
});

test('over TLS only a server of a known authority gets the token', async (t) => {
  const folder = folderFor(t);
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key', '-out', 'cert', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'], { cwd: folder, stdio: 'ignore' });
  if (made.status !== 0) return t.skip('the openssl command is needed to make a throw-away certificate (apt install openssl)');
  const server = await startServer({ key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) });
  t.after(() => server.close());
  const stranger = await setUp(t, { server: server.url });
  const first = await stranger.start();
  await sendTcp(first.port, numbered(1));
  await until(() => first.status().state.kind === 'waiting', 'refused');
  assert.equal(server.requests.length, 0);
  await first.close();
  const known = await setUp(t, { server: server.url, caFile: join(folder, 'cert') });
  const second = await known.start();
  await sendTcp(second.port, numbered(1));
  await until(() => server.lines.length === 1, 'the line');
});

async function freePort(): Promise<number> {
  const probe = await startServer();
  const port = Number(probe.url.port);
  probe.close();
  return port;
}

async function statusFor(port: number, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}
