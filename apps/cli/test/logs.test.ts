import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';

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

/** An event log of one chunk: each record an event with its number and channel as plain elements. */
function evtx(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4096 + 65_536);
  bytes.write('ElfFile\0', 0, 'latin1');
  const chunk = bytes.subarray(4096);
  chunk.write('ElfChnk\0', 0, 'latin1');
  let at = 512;
  const u8 = (value: number): void => void (at = chunk.writeUInt8(value, at));
  const u16 = (value: number): void => void (at = chunk.writeUInt16LE(value, at));
  const u32 = (value: number): void => void (at = chunk.writeUInt32LE(value, at));
  const text = (value: string): void => {
    u16(value.length);
    at += chunk.write(value, at, 'utf16le');
  };
  const element = (name: string, body: string | (() => void)): void => {
    u8(1);
    u16(0xffff);
    const size = at;
    u32(0);
    u32(at + 4);
    u32(0);
    u16(0);
    text(name);
    u16(0);
    u8(2);
    if (typeof body === 'string') {
      u8(5);
      u8(1);
      text(body);
    } else body();
    u8(4);
    chunk.writeUInt32LE(at - size - 4, size);
  };
  for (const number of numbers) {
    const from = at;
    u32(0x2a2a);
    u32(0);
    at = chunk.writeBigUInt64LE(BigInt(number), at);
    at = chunk.writeBigUInt64LE((BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) + 11_644_473_600_000n) * 10_000n, at);
    element('Event', () => element('System', () => {
      element('EventID', '4625');
      element('EventRecordID', String(number));
      element('Channel', 'Security');
    }));
    u8(0);
    while ((at + 4) % 8 !== 0) at++;
    chunk.writeUInt32LE(at + 4 - from, from + 4);
    u32(at + 4 - from);
    chunk.writeUInt32LE(at, 48);
  }
  return bytes;
}
const xmlEvent = (number: number, more = ''): string => `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Example-Provider'/><EventID>4625</EventID><TimeCreated SystemTime='2026-01-02T03:04:05.000Z'/><EventRecordID>${number}</EventRecordID><Channel>Security</Channel><Computer>pc.example</Computer></System><EventData><Data Name='TargetUserName'>sato</Data></EventData>${more}</Event>`;
const utf16be = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

function banya(args: readonly string[], { lang = 'ja_JP.UTF-8', input }: { lang?: string; input?: string | Buffer | readonly Buffer[] } = {}): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'logs', ...args], { cwd: folder, env: { ...process.env, LC_ALL: lang } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => undefined);
    if (typeof input === 'string' || Buffer.isBuffer(input) || input === undefined) child.stdin.end(input ?? '');
    else {
      // A slow pipe: each part alone.
      const parts = [...input];
      const next = (): void => {
        const part = parts.shift();
        if (part === undefined) child.stdin.end();
        else child.stdin.write(part, () => setTimeout(next, 300));
      };
      next();
    }
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

test('events of the Windows Event Viewer and of wevtutil are one record each, however they stand in the file', async () => {
  const message = '<RenderingInfo Culture="ja-JP"><Message>サインインに失敗しました。\r\n\r\n理由： &lt;不明&gt;</Message></RenderingInfo>';
  const files: Record<string, string | Buffer> = {
    'viewer.xml': `\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${xmlEvent(1)}${xmlEvent(2, message)}${xmlEvent(3)}</Events>`,
    'wide.xml': Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-16"?><Events>${xmlEvent(1)}${xmlEvent(2, message)}${xmlEvent(3)}</Events>`, 'utf16le'),
    'wevtutil.xml': [xmlEvent(1), xmlEvent(2, message), xmlEvent(3)].join('\r\n'),
    'packed.xml.gz': gzipSync(`<Events>\n${xmlEvent(1)}\n${xmlEvent(2, message)}\n${xmlEvent(3)}\n</Events>\n`),
  };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytes);
    const { code, out, err } = await banya(['parse', name, '--json']);
    assert.equal(code, 0, err);
    assert.deepEqual(events(out).map((e) => [e['banya.family'], e['event.id'], e['user.name'], e['event.action']]), ['1', '2', '3'].map((id) => ['windows', id, 'sato', 'login_failed']), name);
    assert.match(String(events(out)[1]!['message']), /理由： <不明>/, name);
  }
});

test('XML without end is read record by record: memory is bounded, and what is broken is a line', async () => {
  const many = `<Events>${Array.from({ length: 20_000 }, (_, i) => xmlEvent(i)).join('')}${'<Event x="'.padEnd(3_000_000, 'x')}</Event>rubbish between${xmlEvent(20_000)}<Event xmlns='x'><System><EventID>4625`;
  writeFileSync(join(folder, 'many.xml'), many);
  const { out } = await banya(['parse', 'many.xml', '--json']);
  const found = events(out);
  assert.equal(found.filter((e) => e['banya.family'] === 'windows').length, 20_001);
  assert.equal(found.length, 20_004);
  assert.equal(found[20_000]!['banya.truncated'], true);
  assert.equal(found[20_001]!['message'], 'rubbish between');
});

test('EVTX is read from a file, from standard input and out of gzip; damage is a line, said, and ends with 1', async () => {
  const good = evtx([1, 2, 3]);
  writeFileSync(join(folder, 'a.evtx'), good);
  writeFileSync(join(folder, 'a.evtx.gz'), gzipSync(good));
  for (const [args, input] of [[['parse', 'a.evtx', '--json'], undefined], [['parse', '-', '--json'], good], [['parse', 'a.evtx.gz', '--json'], undefined], [['parse', '-', '--json'], gzipSync(good)]] as const) {
    const { code, out, err } = await banya(args, { ...(input === undefined ? {} : { input }) });
    assert.equal(code, 0, err);
    assert.deepEqual(events(out).map((e) => [e['banya.family'], e['event.id'], e['@timestamp']]), ['1', '2', '3'].map((id) => ['windows', id, '2026-01-02T03:04:05.000Z']));
  }
  const bad = Buffer.concat([good, Buffer.alloc(65_536, 0x41), Buffer.alloc(65_536)]);
  bad[bad.indexOf(Buffer.from([0x2a, 0x2a, 0, 0]), 4096 + 516)] = 0;
  writeFileSync(join(folder, 'bad.evtx'), bad);
  const { code, out, err } = await banya(['parse', 'bad.evtx', '--json']);
  assert.deepEqual([code, events(out).map((e) => e['event.id'])], [1, ['1', '0', '3', '0']]);
  assert.match(err, /2 of its records are damaged/);
  assert.match((await banya(['parse', 'bad.evtx'])).out, /4行のうち、2行を読めました。読めなかったのは2行です。/);
  const cut = await banya(['parse', '-', '--json'], { input: good.subarray(0, 40_000) });
  assert.deepEqual([cut.code, events(cut.out).length], [1, 3]);
  assert.match(cut.err, /middle of a chunk/);
});

test('a slow pipe, UTF-16 of both orders, and rubbish behind gzip cost nothing', async () => {
  const packed = gzipSync(`${WEB}\n`);
  assert.deepEqual(events((await banya(['parse', '-', '--json'], { input: [packed.subarray(0, 1), packed.subarray(1)] })).out).map((e) => e['banya.family']), ['web-server']);
  for (const wide of [utf16be(`${WEB}\r\n${PROXY}\r\n`), Buffer.from(`\ufeff${WEB}\r\n${PROXY}\r\n`, 'utf16le')]) {
    const parts = [wide.subarray(0, 1), wide.subarray(1, 33), wide.subarray(33)];
    assert.deepEqual(events((await banya(['parse', '-', '--json'], { input: parts })).out).map((e) => [e['banya.family'], e['event.original']]), [['web-server', WEB], ['squid', PROXY]]);
  }
  const many = Array.from({ length: 3_000 }, (_, i) => `${WEB} ${i * 7919}\n`).join('');
  for (const text of [`${WEB}\n${PROXY}`, many]) {
    const { code, out, err } = await banya(['parse', '-', '--json'], { input: Buffer.concat([gzipSync(text), Buffer.from('rubbish behind it')]) });
    assert.deepEqual([code, events(out).length], [1, text.trim().split('\n').length]);
    assert.match(err, /stands something else/);
    assert.doesNotMatch(err, /damaged/);
  }
  const two = await banya(['parse', '-', '--json'], { input: Buffer.concat([gzipSync(`${WEB}\n`), gzipSync(PROXY), Buffer.alloc(512)]) });
  assert.deepEqual([two.code, two.err, events(two.out).length], [0, '', 2]);
});

test('the text of CP932 and EUC-JP lines is Japanese, also among the forms of lines', async () => {
  const words = '装置の状態が変わりました 温度が高くなっています';
  for (const encoding of ['cp932', 'euc-jp'] as const) {
    const name = `${encoding}.log`;
    writeFileSync(join(folder, name), iconv.encode(`${words}\n`, encoding));
    for (const more of [[], ['--encoding', encoding]]) assert.equal(events((await banya(['parse', name, '--json', ...more])).out)[0]!['event.original'], words);
    assert.match((await banya(['parse', name])).out, new RegExp(words));
  }
});

test('JSON in lists, over several lines, in pages and as Elasticsearch keeps it is one record each', async () => {
  const audit = (number: number): Record<string, unknown> => ({ CreationTime: '2026-01-02T03:04:05', Id: `id-${number}`, Operation: 'UserLoggedIn', RecordType: 15, Workload: 'AzureActiveDirectory', UserId: 'taro@customer.example', Big: 1, Note: 'brackets ]}[{ and a \\"quote' });
  const all = [1, 2, 3].map(audit);
  const long = `${JSON.stringify(all[0]).slice(0, -1)},"Number":12345678901234567890}`;
  const files: Record<string, string> = {
    'list.json': JSON.stringify(all),
    'list2.json': JSON.stringify(all, null, 2),
    'pretty.json': all.map((one) => JSON.stringify(one, null, 4)).join('\n'),
    'page.json': JSON.stringify({ '@odata.context': 'https://graph.example/v1.0/$metadata', '@odata.count': 3, value: all, '@odata.nextLink': 'https://graph.example/next', more: { a: [{}] } }),
    'pages.json': JSON.stringify({ '@odata.context': 'x', value: all.slice(0, 2) }, null, 2) + JSON.stringify({ '@odata.context': 'x', value: all.slice(2) }, null, 2),
    'elastic.json': all.map((one, i) => `${JSON.stringify({ _index: 'logs', _id: `${i}`, _score: 1, _source: one, sort: [1] })}\n`).join(''),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    const { code, out, err } = await banya(['parse', name, '--json']);
    assert.equal(code, 0, err);
    assert.deepEqual(events(out).map((e) => [e['banya.family'], e['event.id'], e['event.original']]), all.map((one) => ['m365', one['Id'], JSON.stringify(one)]), name);
  }
  const mixed = await banya(['parse', '-', '--json'], { input: `[\n${long}\n,\nno json\n${JSON.stringify(all[1])}, {"cut": ` });
  assert.deepEqual(events(mixed.out).map((e) => e['event.original']), [long, 'no json', JSON.stringify(all[1]), '{"cut": ']);
});

test('the result of a Purview audit search is a record for each row', async () => {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const data = (number: number): string => JSON.stringify({ CreationTime: '2026-01-02T03:04:05', Id: `id-${number}`, Operation: 'FileAccessed', RecordType: 6, Workload: 'SharePoint', UserId: 'taro@customer.example', Note: 'a, "b"\nc', Long: 'x'.repeat(40_000) });
  const head = 'RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits\r\n';
  const row = (number: number): string => `id-${number},2026-01-02T03:04:05Z,6,FileAccessed,taro@customer.example,${quoted(data(number))},\r\n`;
  const all = Array.from({ length: 60 }, (_, i) => row(i)).join('');
  for (const input of [Buffer.from(`\ufeff${head}${all}`), Buffer.from(`\ufeff${head}${all}`, 'utf16le'), gzipSync(head + all)]) {
    const { code, out, err } = await banya(['parse', '-', '--json'], { input });
    assert.equal(code, 0, err);
    assert.deepEqual(events(out).map((e) => [e['banya.family'], e['event.id']]), Array.from({ length: 60 }, (_, i) => ['m365', `id-${i}`]));
    assert.equal(events(out)[7]!['event.original'], data(7));
  }
  const broken = await banya(['parse', '-', '--json'], { input: `${head}${row(1)}id-2,,,,,"{""never` });
  assert.deepEqual([broken.code, events(broken.out).length], [1, 1]);
  assert.match(broken.err, /line 3: csv-unclosed-quote/);
});

test('lines that are read as anybody\'s are told apart, and do not count as understood', async () => {
  const { code, out } = await banya(['parse', '-'], { input: `a=1 b=2 c=3 d=4\n${WEB}\nsome words\n` });
  assert.equal(code, 0);
  assert.match(out, /3行のうち、1行を読めました。読めなかったのは2行です。\n読めなかった行のうち1行は、項目の名前と値だけを読みました（generic）。/);
  const alone = await banya(['parse', '-'], { input: 'a=1 b=2 c=3 d=4\n', lang: 'C' });
  assert.equal(alone.code, 1);
  assert.match(alone.out, /0 of 1 lines were understood, 1 were not\.\nOf those that were not, 1 were read for names and values only/);
});

test('the zone of the clock can be said; wrong zones and encodings are refused, and the help names what there is', async () => {
  for (const [zone, time] of [['+00:00', '2026-01-02T12:04:05.000Z'], ['America/New_York', '2026-01-02T17:04:05.000Z']] as const) assert.equal(events((await banya(['parse', 'mixed.log', '--json', '--time-zone', zone])).out)[0]!['@timestamp'], time);
  for (const more of [['--time-zone', 'Mars/Base'], ['--encoding', 'ebcdic']]) assert.equal((await banya(['parse', 'mixed.log', ...more])).code, 2);
  const { code, out } = await banya(['--help']);
  assert.equal(code, 0);
  for (const word of ['fortigate', 'Asia/Tokyo', '--time-zone', '--encoding', 'euc-jp', 'Exit code', '400 times']) assert.ok(out.includes(word), word);
});

test('a time that no file can hold keeps its mark', async () => {
  const lines = [WEB, WEB.replace('2026', '2031'), WEB.replace('2026', '1985')];
  writeFileSync(join(folder, 'odd.log'), lines.join('\n'));
  utimesSync(join(folder, 'odd.log'), 1_767_323_100, 1_767_323_100);
  const found = events((await banya(['parse', 'odd.log', '--json'])).out);
  assert.deepEqual(found.map((e) => [String(e['@timestamp']).slice(0, 4), e['banya.clock_suspect'], e['banya.problems']]), [['2026', undefined, undefined], ['2031', true, ['clock_suspect']], ['1985', true, ['clock_suspect']]]);
});

test('a packed file of tiny lines is stopped soon, whatever JSON its lines make', async () => {
  for (const line of ['a\n', `${'k=v '.repeat(20)}\n`]) {
    const unit = gzipSync(line.repeat(Math.ceil(16_000_000 / line.length)));
    writeFileSync(join(folder, 'tiny.gz'), Buffer.concat(Array.from({ length: 20 }, () => unit)));
    const { code, out, err } = await banya(['parse', 'tiny.gz'], { lang: 'C' });
    assert.equal(code, 1);
    assert.match(err, /400 times and more \(a line counts as 256 bytes at least\)/);
    assert.ok(Number(/of ([\d,]+) lines/.exec(out)![1]!.replaceAll(',', '')) < 300_000, out);
  }
});
