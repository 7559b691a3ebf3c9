import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';

const main = join(import.meta.dirname, '../src/main.ts');
const SSH = '<38>Jan  2 12:04:05 nas sshd[99]: Failed password for root from 203.0.113.5 port 4242 ssh2';
const WEB = '203.0.113.5 - - [02/Jan/2026:12:04:05 +0900] "GET / HTTP/1.1" 200 51 "-" "curl"';
const PROXY = '1767323045.123    456 192.168.1.5 TCP_DENIED/403 1234 GET http://bad.example.net/ - HIER_NONE/- text/html';
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'banya-logs-'));
  writeFileSync(join(folder, 'mixed.log'), `${SSH}\r\n${WEB}\n\n${PROXY}\nworker 7 finished in 12 ms\nworker 8 finished in 9 ms\n\u001b[31mred`);
  utimesSync(join(folder, 'mixed.log'), 1_767_323_100, 1_767_323_100);
});
after(() => rmSync(folder, { recursive: true, force: true }));

function banya(args: readonly string[], { lang = 'ja_JP.UTF-8', input }: { lang?: string; input?: string | Buffer } = {}): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'logs', ...args], { cwd: folder, env: { ...process.env, LC_ALL: lang } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
const events = (out: string): Record<string, unknown>[] => out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

test('each line of a file becomes one ECS event with its own text, in order, none lost', async () => {
  const { code, out, err } = await banya(['parse', 'mixed.log', '--json']);
  assert.equal(code, 0, err);
  const found = events(out);
  assert.deepEqual(found.map((e) => e['banya.family']), ['linux', 'web-server', 'squid', 'generic', 'generic', 'generic']);
  assert.equal(found[0]!['event.original'], SSH);
  assert.deepEqual([found[0]!['@timestamp'], found[0]!['user.name'], found[0]!['event.action']], ['2026-01-02T03:04:05.000Z', 'root', 'login_failed']);
  assert.equal(found[2]!['event.action'], 'blocked');
  assert.deepEqual((found[2]!['unmapped'] as Record<string, string>)['result'], 'TCP_DENIED');
});

test('people read what kinds of lines there are, how many were not understood and in what forms; no line steers their terminal', async () => {
  const ja = await banya(['parse', 'mixed.log']);
  assert.match(ja.out, /6行のうち、3行を読めました。読めなかったのは3行です。/);
  assert.match(ja.out, /2 {2}worker <\*> finished in <\*> ms/);
  assert.match(ja.out, /Squid/);
  assert.ok(!ja.out.includes('\u001b'));
  assert.match((await banya(['parse', 'mixed.log'], { lang: 'en_US.UTF-8' })).out, /3 of 6 lines were understood, 3 were not/);
});

test('gzip and standard input are read like a file', async () => {
  writeFileSync(join(folder, 'a.gz'), gzipSync(`${WEB}\n${WEB}\n`));
  assert.deepEqual(events((await banya(['parse', 'a.gz', '--json'])).out).map((e) => e['banya.family']), ['web-server', 'web-server']);
  assert.deepEqual(events((await banya(['parse', '-', '--json'], { input: gzipSync(PROXY) })).out).map((e) => e['banya.family']), ['squid']);
});

test('old logs keep their own time: when a line of a file came is not known', async () => {
  writeFileSync(join(folder, 'old.log'), WEB.replace('2026', '2019'));
  assert.equal(events((await banya(['parse', 'old.log', '--json'])).out)[0]!['@timestamp'], '2019-01-02T03:04:05.000Z');
});

test('a format that the file does not have is said, and ends with 1', async () => {
  const { code, out } = await banya(['parse', 'mixed.log', '--format', 'fortigate']);
  assert.equal(code, 1);
  assert.match(out, /指定の「fortigate」の行は0行でした/);
  const unknown = await banya(['parse', 'mixed.log', '--format', 'nosuch']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /palo-alto/);
});

test('a missing file, a folder and a wrong word are said in a sentence', async () => {
  for (const args of [['parse', 'nowhere.log'], ['parse', '.'], ['read', 'mixed.log'], ['parse']]) {
    const { code, err } = await banya(args);
    assert.equal(code, 2, args.join(' '));
    assert.ok(!err.includes('    at '));
  }
});

test('a packed file made to fill disks is not read to its end, and a cut one keeps what came before', async () => {
  writeFileSync(join(folder, 'bomb.gz'), gzipSync(Buffer.alloc(100 * 1024 * 1024)));
  const bomb = await banya(['parse', 'bomb.gz', '--json']);
  assert.equal(bomb.code, 1);
  assert.match(bomb.err, /made to fill disks/);
  const packed = gzipSync(`${WEB}\n`.repeat(5000) + Array.from({ length: 5000 }, (_, i) => `${PROXY} ${i * 7919}\n`).join(''));
  writeFileSync(join(folder, 'cut.gz'), packed.subarray(0, packed.length - 40));
  const cut = await banya(['parse', 'cut.gz', '--json']);
  assert.equal(cut.code, 1);
  assert.match(cut.err, /damaged or cut/);
  assert.ok(events(cut.out).length > 1000);
});

test('a line of twenty megabytes is cut, and the next line is read', async () => {
  writeFileSync(join(folder, 'long.log'), `${'x'.repeat(20_000_000)}\n${WEB}\n`);
  const found = events((await banya(['parse', 'long.log', '--json'])).out);
  assert.deepEqual(found.map((e) => e['banya.family']), ['generic', 'web-server']);
  assert.equal(found[0]!['banya.truncated'], true);
});
