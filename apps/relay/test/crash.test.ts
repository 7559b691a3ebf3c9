import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RelaySpool } from '../src/spool.ts';
import { encodeLine } from '../src/wire.ts';
import { numbered, startServer, until } from './server.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

async function launch(folder: string, server: URL): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [MAIN, '--server', server.href, '--source', 's', '--token-file', join(folder, 'token'), '--listen', '127.0.0.1:0', '--spool', join(folder, 'spool'), '--status-port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (part) => (text += part));
  await until(() => /Listening on 127\.0\.0\.1:\d+/.test(text) || child.exitCode !== null, 'start');
  return { child, port: Number(/Listening on 127\.0\.0\.1:(\d+)/.exec(text)?.[1]) };
}

test('killed again and again under a server that loses answers, the relay loses nothing it had on disk and doubles nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-crash-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'token'), 'secret');
  const server = await startServer();
  t.after(() => server.close());
  server.mood = (nth) => (nth % 3 === 2 ? 'ok' : nth % 3 === 1 ? 503 : 'lose-answer');
  const rounds = 4;
  for (let round = 0; round < rounds; round++) {
    const { child, port } = await launch(folder, server.url);
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    for (const line of numbered(500, round * 500)) socket.write(`${line}\n`);
    // Acknowledged means read and synced within 200 ms; the kill may hit any moment of sealing and sending after it.
    await new Promise((resolve) => setTimeout(resolve, 400 + round * 700));
    child.kill('SIGKILL');
    await once(child, 'exit');
    socket.destroy();
  }
  server.mood = () => 'ok';
  const { child } = await launch(folder, server.url);
  await until(() => server.lines.length >= rounds * 500, 'all lines', 20_000);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.deepEqual(server.texts().sort(), numbered(rounds * 500).sort());
});

test('a line torn by the crash is dropped and the whole ones before it are kept', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-torn-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const line = (text: string) => encodeLine({ at: 1, from: '192.0.2.1', by: 'tcp', cut: false, bytes: Buffer.from(text) });
  writeFileSync(join(folder, 'open.ndjson'), line('one') + line('two') + line('three').slice(0, 20));
  const spool = new RelaySpool(folder);
  const next = await spool.next();
  assert.equal(next?.body.toString(), line('one') + line('two'));
  assert.equal(next?.segment.lines, 2);
  await spool.close();
});

test('a key is never given to other lines, although everything was sent and the process restarted', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-key-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const keys = new Set<string>();
  for (let run = 0; run < 5; run++) {
    const spool = new RelaySpool(folder, { sealMs: 10, syncMs: 1 });
    await spool.add(['{"same":"length"}\n']);
    const next = await spool.next();
    keys.add(next!.segment.key);
    spool.sent(next!.segment);
    await spool.close();
  }
  assert.equal(keys.size, 5);
});

test('an unsent file keeps its key over restarts', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-relay-same-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = new RelaySpool(folder, { sealMs: 10, syncMs: 1 });
  await first.add(['{"a":1}\n']);
  const before = await first.next();
  await first.close();
  appendFileSync(join(folder, 'unrelated.txt'), 'left alone');
  const second = new RelaySpool(folder);
  const after = await second.next();
  await second.close();
  assert.deepEqual(after, before);
  assert.ok(readdirSync(folder).includes('unrelated.txt'));
});
