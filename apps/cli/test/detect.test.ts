import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { Order, Result } from '../src/detect/messages.ts';
import { inOrder } from '../src/detect/archives.ts';
import { TimeOrder } from '../src/detect/order.ts';
import { timeIn, timeOf } from '../src/detect/times.ts';

const main = join(import.meta.dirname, '../src/main.ts');
let folder: string;

const rule = (id: string, detection: string, more = 'logsource: {product: windows, category: process_creation}') =>
  `title: Rule ${id}\nid: ${id}\nname: ${id}\nauthor: Somebody\nlicense: CC0-1.0\nlevel: high\nreferences: [https://example.com/${id}]\n${more}\ndetection:\n  s:\n    ${detection}\n  condition: s\n`;
const started = (commandLine: string, second = 0) => ({ Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1, Image: 'C:\\Windows\\System32\\whoami.exe', CommandLine: commandLine, UtcTime: `2026-11-24 09:00:0${second}.000`, User: 'EXAMPLE\\taro' });
const jsonl = (events: readonly object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** A tar of files, by the bytes of POSIX ustar. */
function tar(files: Readonly<Record<string, string>>, type = '0'): Buffer {
  const parts: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    parts.push(header, Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'banya-detect-'));
  mkdirSync(join(folder, 'rules/deeper'), { recursive: true });
  writeFileSync(join(folder, 'rules/whoami.yml'), rule('whoami', "Image|endswith: '\\whoami.exe'"));
  writeFileSync(join(folder, 'rules/deeper/flag.yml'), rule('flag', "CommandLine|contains: ' /all'"));
  writeFileSync(join(folder, 'rules/LICENSE'), 'Do as you like.');
});
after(() => rmSync(folder, { recursive: true, force: true }));

function banya(args: readonly string[], lang = 'C'): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { cwd: folder, env: { ...process.env, LC_ALL: lang } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
interface HitLine { file: string; line: number; rule: string; author: string; license: string; references: string[]; matched: { field: string; value: string }[]; event: Record<string, unknown>; correlation?: { count: number; group: Record<string, string>; first: string | null } }
const parsed = (out: string) => out.trim().split('\n').map((line) => JSON.parse(line) as HitLine & { summary?: Record<string, number> });
async function run(logs: string, ...more: string[]) {
  const { code, out, err } = await banya(['detect', 'run', '--rules', 'rules', '--logs', logs, '--threads', '1', '--json', ...more]);
  const lines = parsed(out);
  return { code, err, hits: lines.slice(0, -1), summary: lines.at(-1)!.summary! };
}

test('a hit says file, line, rule, author, licence and what matched, in the order of the lines, and the summary comes last', async () => {
  writeFileSync(join(folder, 'a.jsonl'), `\ufeff${jsonl([started('whoami'), { Channel: 'Security', EventID: 4624 }])}\n{not json\n${jsonl([started('whoami /all')])}`);
  const { code, err, hits, summary } = await run('a.jsonl');
  assert.deepEqual(hits.map(({ file, line, rule: id }) => [file, line, id]), [['a.jsonl', 1, 'whoami'], ['a.jsonl', 5, 'flag'], ['a.jsonl', 5, 'whoami']]);
  assert.deepEqual([hits[1]!.author, hits[1]!.license, hits[1]!.references, hits[1]!.matched.filter(({ field }) => field === 'CommandLine')], ['Somebody', 'CC0-1.0', ['https://example.com/flag'], [{ selection: 's', field: 'CommandLine', value: 'whoami /all' }]]);
  assert.equal(hits[0]!.event['User'], 'EXAMPLE\\taro');
  assert.deepEqual([summary['events'], summary['hits'], summary['rules'], summary['badLines']], [3, 3, 2, 1]);
  assert.equal(code, 1, 'a line could not be read');
  assert.match(err, /^a\.jsonl:4: /m);
});

test('the same events hit whether they come bare, packed, in a list or over several lines', async () => {
  const events = [started('whoami'), started('whoami /all'), { Channel: 'System' }];
  const nested = events.map(({ Channel, ...data }) => ({ Event: { System: { Channel, EventID: { '#text': 1 } }, EventData: data } }));
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'logs/bare.json'), jsonl(events));
  writeFileSync(join(folder, 'logs/packed.json.gz'), gzipSync(jsonl(events)));
  writeFileSync(join(folder, 'logs/zipped.zip'), zipSync({ 'in/side.json': Buffer.from(jsonl(events)), 'x.bin': Buffer.from([0, 1, 2]) }));
  writeFileSync(join(folder, 'logs/tarred.tgz'), gzipSync(tar({ 'side.json': jsonl(events) })));
  writeFileSync(join(folder, 'logs/list.json'), JSON.stringify(events, null, 2));
  writeFileSync(join(folder, 'logs/nested.json'), nested.map((event) => JSON.stringify(event, null, 2)).join('\n'));
  const { code, hits, summary, err } = await run('logs');
  assert.equal(code, 0, err);
  assert.equal(hits.length, 6 * 3);
  assert.equal(summary['events'], 6 * 3);
  assert.equal(summary['skippedFiles'], 1);
  assert.deepEqual(hits.filter(({ file }) => file === 'logs/nested.json').map(({ line }) => line), [1, JSON.stringify(nested[0], null, 2).split('\n').length + 1, JSON.stringify(nested[0], null, 2).split('\n').length + 1]);
});

test('the same events hit as XML of Windows, in UTF-16, in a page of answers, under _source and in an audit search', async () => {
  const xml = (commandLine: string): string => `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID><EventRecordID>7</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>pc.example</Computer></System><EventData><Data Name="Image">C:\\Windows\\System32\\whoami.exe</Data><Data Name="CommandLine">${commandLine}</Data></EventData><RenderingInfo><Message>Process\nCreate</Message></RenderingInfo></Event>`;
  const other = xml('x').replaceAll('whoami.exe', 'other.exe');
  const events = [started('whoami'), { Channel: 'System' }, started('whoami /all')];
  const text = JSON.stringify({ '@odata.context': 'x', value: events }, null, 2);
  mkdirSync(join(folder, 'forms'));
  writeFileSync(join(folder, 'forms/a.xml'), `\ufeff<?xml version="1.0"?><Events>${xml('whoami')}${other}${xml('whoami /all')}</Events>`);
  writeFileSync(join(folder, 'forms/b.xml'), Buffer.from(`\ufeff${xml('whoami')}\r\n${other}\r\n${xml('whoami /all')}`, 'utf16le'));
  writeFileSync(join(folder, 'forms/c.json'), text);
  writeFileSync(join(folder, 'forms/d.json'), Buffer.from(`\ufeff${jsonl(events.map((one) => ({ _index: 'i', _source: one })))}`, 'utf16le').swap16());
  writeFileSync(join(folder, 'forms/e.csv'), `RecordId,AuditData\n${events.map((one, i) => `${i},"${JSON.stringify(one).replaceAll('"', '""')}"\n`).join('')}`);
  const { code, err, hits, summary } = await run('forms');
  assert.deepEqual([code, summary['events'], summary['badLines'], summary['skippedFiles']], [0, 15, 0, 0], err);
  const lineOf = (n: number): number => text.split('\n').reduce((found, line, at) => (/^ {4}\{/.test(line) ? [...found, at + 1] : found), [] as number[])[n]!;
  const wanted: readonly [string, number, number][] = [['a.xml', 1, 3], ['b.xml', 1, 5], ['c.json', lineOf(0), lineOf(2)], ['d.json', 1, 3], ['e.csv', 2, 4]];
  assert.deepEqual(hits.map(({ file, line, rule: id }) => [file, line, id]), wanted.flatMap(([file, first, third]) => [[`forms/${file}`, first, 'whoami'], [`forms/${file}`, third, 'flag'], [`forms/${file}`, third, 'whoami']]));
});

test('rubbish behind a packed file does not cost the events before it, and damage of a Windows event log is counted', async () => {
  writeFileSync(join(folder, 'behind.json.gz'), Buffer.concat([gzipSync(jsonl([started('whoami')])), Buffer.from('rubbish behind it')]));
  const behind = await run('behind.json.gz');
  assert.deepEqual([behind.code, behind.hits.length, behind.summary['unreadableFiles']], [1, 1, 1]);
  assert.match(behind.err, /stands something else/);
  writeFileSync(join(folder, 'bad.evtx'), Buffer.concat([Buffer.from('ElfFile\0'), Buffer.alloc(4088), Buffer.alloc(65_536, 0x41), Buffer.alloc(65_536)]));
  const bad = await run('bad.evtx');
  assert.deepEqual([bad.code, bad.summary['badLines'], bad.summary['skippedFiles']], [1, 1, 0]);
});

test('more than one chunk, several threads: lines are still counted and ordered', async () => {
  const events = Array.from({ length: 9_000 }, (_, index) => (index % 3_000 === 2_999 ? started('whoami') : { Channel: 'System', EventID: index, filler: 'x'.repeat(300) }));
  writeFileSync(join(folder, 'long.json'), jsonl(events));
  const { hits, summary } = await run('long.json', '--threads', '3');
  assert.deepEqual(hits.map(({ line }) => line), [3_000, 6_000, 9_000]);
  assert.equal(summary['events'], 9_000);
});

test('correlations count over the whole run', async () => {
  mkdirSync(join(folder, 'counted'));
  writeFileSync(join(folder, 'counted/c.yml'), `${rule('whoami', "Image|endswith: '\\whoami.exe'")}---\ntitle: Many\nid: many\nauthor: Somebody Else\ncorrelation:\n  type: event_count\n  rules: whoami\n  group-by: User\n  timespan: 1m\n  condition:\n    gte: 3\n`);
  writeFileSync(join(folder, 'three.json'), jsonl([started('a', 1), started('b', 2), started('c', 3)]));
  const lines = parsed((await banya(['detect', 'run', '--rules', 'counted', '--logs', 'three.json', '--json'])).out);
  assert.deepEqual(lines.slice(0, -1).map(({ rule: id, line, correlation }) => [id, line, correlation?.count, correlation?.group]), [['many', 3, 3, { User: 'EXAMPLE\\taro' }]]);
});

test('what is known only after a timespan is told at the end of the run', async () => {
  mkdirSync(join(folder, 'few'), { recursive: true });
  writeFileSync(join(folder, 'few/c.yml'), `${rule('whoami', "Image|endswith: '\\whoami.exe'")}---\ntitle: Few\nid: few\nauthor: Somebody Else\ncorrelation:\n  type: event_count\n  rules: whoami\n  group-by: User\n  timespan: 1m\n  condition:\n    lt: 3\n`);
  writeFileSync(join(folder, 'two.json'), jsonl([started('a', 1), started('b', 2)]));
  const lines = parsed((await banya(['detect', 'run', '--rules', 'few', '--logs', 'two.json', '--json'])).out);
  assert.deepEqual(lines.slice(0, -1).map(({ rule: id, file, line, correlation }) => [id, file, line, correlation?.count]), [['few', null, null, 2]]);
});

/** Three events of one kind, `field` telling when. */
async function correlated(name: string, times: readonly unknown[], field: string, nest = (event: object): object => event) {
  writeFileSync(join(folder, name), jsonl(times.map((time) => nest({ ...started('x'), UtcTime: undefined, ...(time === null ? {} : { [field]: time }) }))));
  const { code, out, err } = await banya(['detect', 'run', '--rules', 'counted', '--logs', name, '--json', '--threads', '1']);
  const lines = parsed(out);
  return { code, err, hits: lines.slice(0, -1), summary: lines.at(-1)!.summary! };
}

test('a clock that lies costs its own event, and the run goes on to its summary', async () => {
  const { code, err, hits, summary } = await correlated('lying.json', ['2026-05-06T01:00:00Z', 9e15, '2026-05-06T01:00:02Z', -5, '2026-05-06T01:00:03Z'], 'timestamp');
  assert.deepEqual([code, hits.length, summary['events'], summary['withoutTime']], [0, 1, 5, 2], err);
  assert.match(err, /^2 events that correlations count tell no time/);
});

test('events without any time are told of, and no time is made up for them', async () => {
  const { err, hits, summary } = await correlated('timeless.json', [null, null, null], 'x');
  assert.deepEqual([hits.length, summary['withoutTime'], hits[0]!.correlation], [1, 3, { ...hits[0]!.correlation, first: null, last: null }]);
  assert.match(err, /^3 events/);
});

test('what is minutes apart is not simultaneous, whatever name and form its time has', async () => {
  for (const [field, ...times] of [['eventTime', '2026-05-06T01:00:00Z', '2026-05-06T01:10:00Z', '2026-05-06T01:20:00Z'], ['ts', 1778029200.5, 1778029800.5, 1778030400.5], ['_time', '1778029200', '1778029800', '1778030400']] as const) {
    const { hits, summary } = await correlated('apart.json', times, field);
    assert.deepEqual([hits.length, summary['withoutTime']], [0, undefined], field);
  }
});

test('times are read in all usual forms, and what cannot be a time is none', () => {
  const at = Date.UTC(2026, 4, 6, 1, 0, 0);
  for (const value of [at, at / 1000, at * 1000, at * 1e6, String(at), String(at / 1000), `${at / 1000}.000`, '2026-05-06 01:00:00,000', '2026-05-06T10:00:00.000000+0900', '2026-05-06T10:00:00+09:00', '2026/5/6 1:00', '2026-05-06 01:00:00 UTC', '06/May/2026:10:00:00 +0900', 'Wed, 06 May 2026 10:00:00 +0900', 'Wed May  6 01:00:00 2026', `/Date(${at})/`, '20260506010000']) assert.equal(timeIn(value), at, String(value));
  assert.equal(timeIn('2026-05-06 01:00:00,123'), at + 123);
  for (const value of [9e15 * 1e6, 0, -1, NaN, 5, '5', '', 'never', '2026-13-01', '1601-01-01T00:00:00Z', '5/6/2026 1:00:00 AM', {}, null, true]) assert.equal(timeIn(value), null, String(value));
  for (const [name, value] of Object.entries({ TimeGenerated: '2026-05-06T01:00:00Z', CreationTime: '2026-05-06T01:00:00', TimeCreated: '2026-05-06T01:00:00Z', published: '2026-05-06T01:00:00.000Z', createdDateTime: '2026-05-06T01:00:00Z', event: { created: '2026-05-06T01:00:00Z' }, 'event.created': '2026-05-06T01:00:00Z', id: { time: '2026-05-06T01:00:00Z' }, Event: { System: { TimeCreated: { '#attributes': { SystemTime: '2026-05-06T01:00:00Z' } } } } })) assert.equal(timeOf({ [name]: value }), at, name);
});

test('lines of devices are as old as they say, and those that say nothing tell no time', async () => {
  mkdirSync(join(folder, 'lined'));
  writeFileSync(join(folder, 'lined/c.yml'), `${rule('failed', "message|contains: 'Failed password'", 'logsource: {product: linux}')}---\ntitle: Many\nid: many\ncorrelation:\n  type: event_count\n  rules: failed\n  timespan: 1m\n  condition:\n    gte: 3\n`);
  const line = (time: string) => `${time}sshd[1]: Failed password for taro from 192.0.2.7 port 2000 ssh2\n`;
  const lined = async (times: readonly string[]) => {
    writeFileSync(join(folder, 'lined.log'), times.map(line).join(''));
    const lines = parsed((await banya(['detect', 'run', '--rules', 'lined', '--logs', 'lined.log', '--json'])).out);
    return [lines.length - 1, lines.at(-1)!.summary!['withoutTime']];
  };
  assert.deepEqual(await lined(['2019-05-06T01:00:00Z host ', '2019-05-06T01:10:00Z host ', '2019-05-06T01:20:00Z host ']), [0, undefined]);
  assert.deepEqual(await lined(['2019-05-06T01:00:00Z host ', '2019-05-06T01:00:10Z host ', '2019-05-06T01:00:20Z host ']), [1, undefined]);
  assert.deepEqual(await lined(['', '', '']), [1, 3]);
});

test('correlations count by time, whatever the order of lines and files, and a clock ahead harms nobody else', async () => {
  const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 4, 6, 1, minute, second)).toISOString();
  const { hits, summary } = await correlated('newest-first.json', [at(59), at(30, 2), '2031-01-01T00:00:00Z', at(30, 1), at(30, 0), at(0)], 'timestamp');
  assert.deepEqual([hits.map(({ line, correlation }) => [line, correlation!.count, correlation!.first]), summary['late']], [[[2, 3, at(30, 0)]], undefined]);
  mkdirSync(join(folder, 'rotated'));
  for (const [name, time] of [['a.log', at(0, 50)], ['a.log.1', at(0, 20)], ['a.log.2', at(0, 0)]] as const) writeFileSync(join(folder, 'rotated', name), jsonl([{ ...started('x'), UtcTime: time }]));
  const lines = parsed((await banya(['detect', 'run', '--rules', 'counted', '--logs', 'rotated', '--json'])).out);
  assert.deepEqual(lines.slice(0, -1).map(({ file, correlation }) => [file, correlation!.count]), [['rotated/a.log', 3]]);
});

test('a flood that makes correlations forget is told of', async () => {
  const { err, summary } = await correlated('flood.json', Array.from({ length: 10_050 }, () => '2026-05-06T01:00:00Z'), 'timestamp');
  assert.deepEqual([summary['evictedEntries'], summary['evictedGroups']], [49, undefined]);
  assert.match(err, /^Correlations held more than memory allows/);
});

test('what is put in order stays within its bounds; nothing is lost, and what tells no time stays beside its neighbour', () => {
  const order = new TimeOrder<string>({ items: 4, bytes: 1_000 });
  assert.deepEqual([order.add(null, 1, 'a'), order.add(50, 1, 'b'), order.add(null, 1, 'c'), order.add(9e12, 1, 'd')].flat(), []);
  assert.deepEqual(order.add(10, 1, 'e').map(({ item, timeMs }) => [item, timeMs]), [['e', 10], ['a', 50], ['b', 50]]);
  assert.deepEqual([order.overflowed, order.withoutTime, order.end().map(({ item }) => item), order.end()], [true, 2, ['c', 'd'], []]);
  order.add(1, 600, 'f');
  assert.deepEqual(order.add(0, 600, 'g').map(({ item }) => item), ['g']);
});

test('rotated files are read from the oldest', () => {
  assert.deepEqual(['b.log', 'a.log', 'a.log.1', 'a.log.10.gz', 'a.log-20260506', 'a.log-20260401.gz', 'a.log.2', 'a.2026.log'].sort(inOrder), ['a.2026.log', 'a.log-20260401.gz', 'a.log-20260506', 'a.log.10.gz', 'a.log.2', 'a.log.1', 'a.log', 'b.log']);
});

/** A Windows event log of one chunk: a process that started, and a record of nothing. */
function evtx(): Buffer {
  const chunk = Buffer.alloc(65_536);
  chunk.write('ElfChnk\0', 0, 'latin1');
  let at = 512;
  const bytes = (...values: number[]) => values.forEach((value) => (at = chunk.writeUInt8(value, at)));
  const u16 = (value: number) => (at = chunk.writeUInt16LE(value, at));
  const u32 = (value: number) => (at = chunk.writeUInt32LE(value, at));
  const text = (value: string) => (at += chunk.write(value, at, 'utf16le'));
  const name = (value: string) => [u32(at + 4), u32(0), u16(0), u16(value.length), text(value), u16(0)];
  const element = (of: string, body: string | (() => void), data?: string): void => {
    bytes(data === undefined ? 0x01 : 0x41);
    u16(0xffff);
    const size = at;
    u32(0);
    name(of);
    if (data !== undefined) {
      const list = at;
      u32(0);
      bytes(0x06);
      name('Name');
      bytes(0x05, 0x01);
      u16(data.length);
      text(data);
      chunk.writeUInt32LE(at - list - 4, list);
    }
    bytes(0x02);
    if (typeof body === 'function') body();
    else {
      bytes(0x05, 0x01);
      u16(body.length);
      text(body);
    }
    bytes(0x04);
    chunk.writeUInt32LE(at - size - 4, size);
  };
  const record = (body: () => void): void => {
    const from = at;
    at += 24;
    body();
    bytes(0);
    while ((at + 4) % 8 !== 0) at++;
    chunk.writeUInt32LE(0x2a2a, from);
    chunk.writeUInt32LE(at + 4 - from, from + 4);
    chunk.writeBigUInt64LE((BigInt(Date.UTC(2026, 4, 6, 1)) + 11_644_473_600_000n) * 10_000n, from + 16);
    u32(at + 4 - from);
    chunk.writeUInt32LE(at, 48);
  };
  record(() => undefined);
  record(() => {
    bytes(0x0f, 1, 1, 0);
    element('Event', () => {
      element('System', () => [element('EventID', '1'), element('Channel', 'Microsoft-Windows-Sysmon/Operational')]);
      element('EventData', () => [element('Data', 'C:\\whoami.exe', 'Image'), element('Data', '2026-05-06 01:00:00.000', 'UtcTime')]);
    });
  });
  const header = Buffer.alloc(4096);
  header.write('ElfFile\0', 0, 'latin1');
  return Buffer.concat([header, chunk]);
}

test('Windows event logs are read record by record, packed too; what is cut or broken is told', async () => {
  mkdirSync(join(folder, 'evtx'));
  writeFileSync(join(folder, 'evtx/a.evtx'), evtx());
  writeFileSync(join(folder, 'evtx/b.evtx.gz'), gzipSync(Buffer.concat([evtx(), evtx().subarray(4096, 40_000)])));
  const { code, err, hits, summary } = await run('evtx');
  assert.deepEqual([code, hits.map(({ file, line, rule: id, event }) => [file, line, id, Object.keys(event)]), summary['unreadableFiles']], [1, [['evtx/a.evtx', 2, 'whoami', ['Event']], ['evtx/b.evtx.gz', 2, 'whoami', ['Event']], ['evtx/b.evtx.gz', 4, 'whoami', ['Event']]], 1], err);
  assert.match(err, /^evtx\/a\.evtx: 1 not read: damaged/m);
  assert.match(err, /^evtx\/b\.evtx\.gz: it ends in the middle of a chunk/m);
});

test('UTF-16 is read, with its mark and without', async () => {
  mkdirSync(join(folder, 'wide'));
  const text = jsonl([started('whoami'), { ...started('x'), User: '太郎' }, { Channel: 'System' }]);
  const little = Buffer.from(text, 'utf16le');
  writeFileSync(join(folder, 'wide/a.json'), Buffer.concat([Buffer.from([0xff, 0xfe]), little]));
  writeFileSync(join(folder, 'wide/b.json'), Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]));
  writeFileSync(join(folder, 'wide/c.json'), little);
  writeFileSync(join(folder, 'wide/d.json.gz'), gzipSync(Buffer.from(little).swap16()));
  const { code, err, hits, summary } = await run('wide');
  assert.deepEqual([code, hits.length, summary['events'], summary['skippedFiles']], [0, 8, 12, 0], err);
  assert.equal(hits.at(-1)!.event['User'], '太郎');
});

test('a file that is left aside is named with the reason; where there is nothing else, that is no clean run', async () => {
  mkdirSync(join(folder, 'aside'));
  writeFileSync(join(folder, 'aside/x.bin'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0]));
  writeFileSync(join(folder, 'aside/note.md'), 'note');
  const { code, err, summary } = await run('aside');
  assert.deepEqual([code, summary['skippedFiles'], summary['events']], [1, 2, 0]);
  assert.match(err, /^aside\/note\.md: left aside, .*\naside\/x\.bin: left aside, it is no text \(binary\)\nNo log was read\.$/m);
  mkdirSync(join(folder, 'empty'));
  const nothing = await run('empty');
  assert.deepEqual([nothing.code, /^empty: there is no file in it/m.test(nothing.err)], [1, true]);
});

test('lists that a cloud service wraps are read event by event, and an event with such a list is one', async () => {
  const two = [started('whoami'), { Channel: 'System', EventID: 1 }, started('whoami /all')];
  writeFileSync(join(folder, 'wrapped.json'), `${['Records', 'records', 'value', 'Events'].map((name) => JSON.stringify({ '@odata.context': 'x', [name]: two })).join('\n')}\n${JSON.stringify({ ...started('whoami'), value: two })}\n${JSON.stringify({ ...started('whoami'), UtcTime: undefined, value: two, more: two })}\n`);
  const { code, hits, summary } = await run('wrapped.json');
  assert.deepEqual([code, summary['events'], hits.map(({ line }) => line)], [0, 14, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6]]);
  writeFileSync(join(folder, 'wrapped-long.json'), JSON.stringify({ Records: two }, null, 2));
  assert.deepEqual((await run('wrapped-long.json')).summary['events'], 3);
  assert.deepEqual((await run('wrapped.json', '--format', 'json')).summary['events'], 6);
});

test('JSON and text stand in one file, line by line', async () => {
  mkdirSync(join(folder, 'both'));
  const lines = ['<38>May  6 01:00:00 host sshd[1]: Failed password for taro from 192.0.2.7 port 2000 ssh2', JSON.stringify(started('whoami')), 'whoami?', '{no JSON at all}', ''];
  writeFileSync(join(folder, 'both/a.log'), lines.join('\n'));
  writeFileSync(join(folder, 'both/b.log'), [lines[1], lines[0], lines[3], lines[2], ''].join('\n'));
  const { code, err, hits, summary } = await run('both');
  assert.deepEqual([code, summary['events'], summary['badLines'], hits.map(({ file, line }) => [file, line])], [1, 7, 1, [['both/a.log', 2], ['both/b.log', 1]]]);
  assert.match(err, /^both\/b\.log:3: /m);
});

test('a broken archive among logs costs itself: the others are read, and it is counted and named', async () => {
  mkdirSync(join(folder, 'some'));
  const good = Buffer.from(jsonl([started('whoami')]));
  writeFileSync(join(folder, 'some/a-cut.json.gz'), gzipSync(good).subarray(0, 30));
  writeFileSync(join(folder, 'some/b-broken.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
  writeFileSync(join(folder, 'some/c-broken.zip'), Buffer.from(zipSync({ 'x.json': good })).subarray(0, 60));
  writeFileSync(join(folder, 'some/d-tar.tgz'), gzipSync(Buffer.concat([tar({ 'in.json': good.toString() }).subarray(0, -1024), Buffer.alloc(512, 0x41)])));
  writeFileSync(join(folder, 'some/e-good.json'), good);
  const { code, err, hits, summary } = await run('some');
  assert.deepEqual([code, hits.map(({ file }) => file), summary['unreadableFiles']], [1, ['some/d-tar.tgz/in.json', 'some/e-good.json'], 4], err);
  for (const name of ['a-cut.json.gz', 'b-broken.gz', 'c-broken.zip', 'd-tar.tgz']) assert.match(err, new RegExp(`^some/${name}: .`, 'm'));
  const alone = await run('some/c-broken.zip', '--logs', 'some/e-good.json');
  assert.deepEqual([alone.code, alone.hits.length, alone.summary['unreadableFiles']], [1, 1, 1]);
});

test('an archive that grows without measure is not read to its end, also where its files lie over each other', async () => {
  mkdirSync(join(folder, 'growing'));
  const line = Buffer.alloc(1024 * 1024, 0x20);
  line[line.length - 1] = 10;
  writeFileSync(join(folder, 'growing/a.gz'), gzipSync(Buffer.concat(Array.from({ length: 100 }, () => line))));
  // A megabyte that shrinks to a fiftieth, which is usual, listed 300 times.
  let state = 7;
  const noise = Buffer.from(Array.from({ length: 10_000 }, () => 0x21 + ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % 90));
  const zip = Buffer.from(zipSync({ 'a.log': Buffer.concat(Array.from({ length: 100 }, () => noise)) }));
  const end = zip.length - 22;
  const listed = zip.subarray(zip.readUInt32LE(end + 16), end);
  const tail = Buffer.from(zip.subarray(end));
  for (const at of [8, 10]) tail.writeUInt16LE(300, at);
  tail.writeUInt32LE(listed.length * 300, 12);
  writeFileSync(join(folder, 'growing/b.zip'), Buffer.concat([zip.subarray(0, zip.readUInt32LE(end + 16)), ...Array.from({ length: 300 }, () => listed), tail]));
  writeFileSync(join(folder, 'growing/c.json'), jsonl([started('whoami')]));
  const { code, err, hits, summary } = await run('growing');
  assert.deepEqual([code, hits.map(({ file }) => file), summary['unreadableFiles']], [1, ['growing/c.json'], 2], err);
  assert.match(err, /^growing\/a\.gz: it grows more than 400 times/m);
  assert.match(err, /^growing\/b\.zip\/a\.log: it grows more than 400 times/m);
  assert.ok(summary['bytes']! < 140_000_000, `${summary['bytes']} bytes`);
});

test('an event nested without end costs its line, and hits before and after it are told', async () => {
  const deep = `{"\\u0061":${'['.repeat(100_000)}${']'.repeat(100_000)},"Image":"C:\\\\whoami.exe","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1}\n`;
  writeFileSync(join(folder, 'deep.json'), `${jsonl([started('whoami')])}${deep}${jsonl([started('whoami')])}`);
  const { code, err, hits, summary } = await run('deep.json');
  assert.deepEqual([code, hits.map(({ line }) => line), summary['badLines']], [1, [1, 3], 1], err);
});

test('a chunk that a thread cannot decide about is answered as bad, and the thread goes on', async () => {
  const order: Order = { rules: [{ path: 'w.yml', text: rule('whoami', "Image|endswith: '\\whoami.exe'") }], logsource: null, pipeline: null, nowMs: 0 };
  const worker = new Worker(new URL('../src/detect/thread.ts', import.meta.url), { workerData: order });
  const answers: Result[] = [];
  try {
    await once(worker, 'message');
    for (const values of [[0n, 2n, 0n], null]) {
      worker.postMessage({ id: answers.length, file: 0, format: 'json', bytes: Buffer.from(jsonl([started('whoami')])), values, auto: true });
      answers.push(((await once(worker, 'message')) as [Result])[0]);
    }
  } finally {
    await worker.terminate();
  }
  assert.deepEqual(answers.map(({ id, events, bad, lines, found, error }) => [id, events, bad, lines, found.length, typeof error]), [[0, 0, 1, 1, 0, 'string'], [1, 1, 0, 1, 1, 'object']]);
});

test('check names file and line of what cannot be used, and fails', async () => {
  const good = await banya(['rules', 'check', 'rules', '--json']);
  assert.deepEqual([good.code, parsed(good.out).at(-1)?.summary?.['rules']], [0, 2]);
  mkdirSync(join(folder, 'broken'));
  writeFileSync(join(folder, 'broken/b.yml'), rule('b', 'a|contians: x'));
  const bad = await banya(['rules', 'check', 'broken']);
  assert.equal(bad.code, 1);
  assert.match(bad.out, /^b\.yml:11: the modifier "contians" is not a Sigma modifier\n/);
});

test('a rule file that cannot be taken costs itself: the others are used', async () => {
  mkdirSync(join(folder, 'mixed'));
  const good = rule('whoami', "Image|endswith: '\\whoami.exe'");
  writeFileSync(join(folder, 'mixed/good.yml'), good);
  writeFileSync(join(folder, 'mixed/large.yml'), '#'.repeat(4_000_001));
  writeFileSync(join(folder, 'mixed/latin.yml'), Buffer.from(rule('b', 'a: caf\u00e9'), 'latin1'));
  writeFileSync(join(folder, 'mixed/LICENSE'), Buffer.from('Caf\u00e9', 'latin1'));
  writeFileSync(join(folder, 'mixed.tgz'), gzipSync(tar({ 'a:b.yml': good.replaceAll('whoami', 'other'), 'large.yml': '#'.repeat(4_000_001), 'good.yml': good })));
  for (const [set, errors] of [['mixed', [['large.yml', 'too_large'], ['latin.yml', 'yaml']]], ['mixed.tgz', [['a:b.yml', 'unsupported'], ['large.yml', 'too_large']]]] as const) {
    const { code, out } = await banya(['rules', 'check', set, '--json']);
    const lines = parsed(out) as unknown as { file: string; code: string; summary?: Record<string, number> }[];
    assert.deepEqual([code, lines.slice(0, -1).map((line) => [line.file, line.code]), lines.at(-1)!.summary!['rules'], lines.at(-1)!.summary!['errors']], [1, errors, 1, 2], set);
  }
  writeFileSync(join(folder, 'one.json'), jsonl([started('whoami')]));
  const { code, out, err } = await banya(['detect', 'run', '--rules', 'mixed', '--logs', 'one.json', '--json']);
  assert.deepEqual([code, parsed(out).length, parsed(out).at(-1)!.summary!['ruleErrors']], [0, 2, 2]);
  assert.match(err, /^latin\.yml:1: the file is not UTF-8$/m);
  const kept = await banya(['rules', 'import', 'mixed', '--data', 'kept']);
  assert.deepEqual([kept.code, kept.err.split('\n').length], [0, 3]);
  assert.deepEqual([readdirSync(join(folder, 'kept/rules/mixed')).sort(), readFileSync(join(folder, 'kept/rules/mixed/LICENSE'), 'utf8')], [['LICENSE', 'good.yml', 'import.json'], 'Caf\u00e9']);
  writeFileSync(join(folder, 'a.txt'), good);
  const text = await banya(['rules', 'check', 'a.txt']);
  assert.deepEqual([text.code, text.err], [1, 'a.txt: only files whose names end in .yml or .yaml are read, and there is none.\n']);
});

test('a pipeline of the operator maps fields and gives placeholders their values', async () => {
  mkdirSync(join(folder, 'mapped'));
  writeFileSync(join(folder, 'mapped/m.yml'), rule('m', "user|expand: '%Admins%'", 'logsource: {product: app}'));
  writeFileSync(join(folder, 'own.yml'), 'vars:\n  Admins: [root]\ntransformations:\n  - type: value_placeholders\n  - type: field_name_mapping\n    mapping: {user: account}\n');
  writeFileSync(join(folder, 'app.json'), jsonl([{ account: 'ROOT' }, { account: 'taro' }]));
  assert.equal((await banya(['rules', 'check', 'mapped'])).code, 1);
  assert.equal((await banya(['rules', 'check', 'mapped', '--pipeline', 'own.yml'])).code, 0);
  const { out } = await banya(['detect', 'run', '--rules', 'mapped', '--pipeline', 'own.yml', '--logs', 'app.json', '--logsource', 'product=app', '--json']);
  assert.deepEqual(parsed(out).slice(0, -1).map(({ line, rule: id }) => [line, id]), [[1, 'm']]);
});

test('import keeps rules and their licence, and a second import takes the place of the first whole', async () => {
  writeFileSync(join(folder, 'set.tgz'), gzipSync(tar({ 'set/LICENSE': 'Do as you like.', 'set/one.yml': rule('one', 'a: 1'), 'set/run.sh': 'echo' })));
  const { code, out } = await banya(['rules', 'import', 'set.tgz', '--data', 'data'], 'ja_JP.UTF-8');
  assert.equal(code, 0);
  assert.match(out, /1 件の規則を .* に保存しました/);
  assert.deepEqual(readdirSync(join(folder, 'data/rules/set/set')).sort(), ['LICENSE', 'one.yml']);
  writeFileSync(join(folder, 'set.tgz'), gzipSync(tar({ 'set/two.yml': rule('two', 'a: 2') })));
  assert.equal((await banya(['rules', 'import', 'set.tgz', '--data', 'data'])).code, 0);
  assert.deepEqual(readdirSync(join(folder, 'data/rules/set/set')), ['two.yml']);
  assert.deepEqual(readdirSync(join(folder, 'data/rules')), ['set']);
  assert.equal((JSON.parse(readFileSync(join(folder, 'data/rules/set/import.json'), 'utf8')) as { rules: number }).rules, 1);
});

test('refused: archives that lead out of their folder, unpack without end, or hold no rule', async () => {
  const good = rule('one', 'a: 1');
  const cases: Record<string, Buffer> = {
    'up.tgz': gzipSync(tar({ '../up.yml': good })), 'root.tgz': gzipSync(tar({ '/etc/root.yml': good })), 'drive.zip': Buffer.from(zipSync({ 'C:\\x.yml': Buffer.from(good) })),
    'bomb.tgz': gzipSync(tar({ 'bomb.yml': 'x'.repeat(5_000_000) })), 'bomb.zip': Buffer.from(zipSync({ 'bomb.yml': Buffer.alloc(5_000_000, 0x20) })), 'link.tgz': gzipSync(tar({ 'link.yml': '' }, '2')),
    'cut.tgz': gzipSync(tar({ 'cut.yml': good })).subarray(0, 60), 'broken.zip': Buffer.from(zipSync({ 'a.yml': Buffer.from(good) })).subarray(20), 'none.tgz': gzipSync(tar({ 'note.txt': 'no rule' })),
    'twice.tgz': gzipSync(Buffer.concat([tar({ 'a.yml': good }).subarray(0, -1024), tar({ 'a.yml': good.replaceAll('one', 'two') })])),
  };
  await Promise.all(Object.entries(cases).map(async ([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    const { code, out } = await banya(['rules', 'import', name, '--data', 'refused']);
    assert.deepEqual([code, out], [1, ''], name);
  }));
  assert.deepEqual(existsSync(join(folder, 'refused/rules')) ? readdirSync(join(folder, 'refused/rules')) : [], []);
  assert.equal(existsSync(join(folder, 'up.yml')), false);
});

test('help says what is read, what the counts mean and the exit codes', async () => {
  for (const [args, ...words] of [[['detect', 'run', '--help'], '--threads', 'skippedFiles', 'withoutTime', 'Exit code 0'], [['rules', 'check', '--help'], '.yaml', 'slow', 'Exit code of check 0', '--data DIR'], [['rules', 'import', '-h'], '--name', 'Exit code of import 0']] as const) {
    const { code, out } = await banya(args);
    assert.deepEqual([code, words.filter((word) => !out.includes(word)), out.split('\n').filter((line, number) => number > 1 && line.length > 140)], [0, [], []], args.join(' '));
  }
});

test('refused: a command that is written wrongly says how it is written', async () => {
  const wrong = [['detect'], ['detect', 'run'], ['detect', 'run', '--rules', 'rules', '--logs', 'rules', '--threads', '0'], ['detect', 'run', '--rules', 'nowhere', '--logs', 'rules'], ['rules'], ['rules', 'check'], ['detect', 'run', '--rules', 'rules', '--logs', 'rules', '--logsource', 'x']];
  await Promise.all(wrong.map(async (args) => assert.equal((await banya(args)).code, 2, args.join(' '))));
});
