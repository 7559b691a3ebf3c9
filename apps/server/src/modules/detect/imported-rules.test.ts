import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { SourceFacts } from '../inventory/index.ts';
import { BatchReader } from './batch-reader.ts';
import { readLines } from './batches.test-helper.ts';
import { readImported } from './imported-rules.ts';

const SOURCE: SourceFacts = {
  sourceId: '0192a000-0000-7000-8000-000000000001', orgId: '0192a000-0000-7000-8000-000000000002', name: 'PC', family: 'generic', timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '30d', deviceId: null, match: {} as SourceFacts['match'], ownRanges: [], orgZone: 'Asia/Tokyo',
};

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'banya-rules-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const rule = (id: string, logsource: string, detection: string, more = ''): string =>
  `title: Rule ${id}\nid: ${id}\nauthor: Hanako Example\nlicense: DRL-1.1\nreferences:\n  - https://example.org/${id}\nlevel: high\n${more}logsource: ${logsource}\ndetection:\n${detection}\n`;
const WHOAMI = rule('whoami', '{category: process_creation, product: windows}', "  s:\n    Image|endswith: '\\whoami.exe'\n    CommandLine|contains: ' /all'\n  condition: s");

/** A process creation as NXLog writes it. */
const sysmon = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ EventTime: '2026-11-24 10:00:00', Hostname: 'PC-01.example.jp', EventID: 1, SourceName: 'Microsoft-Windows-Sysmon', Channel: 'Microsoft-Windows-Sysmon/Operational', Image: 'C:\\Windows\\System32\\whoami.exe', CommandLine: 'whoami  /all', User: 'EXAMPLE\\taro', ...more });

const read = (reader: BatchReader, lines: readonly string[]) => readLines(reader, lines.map((text, at) => ({ text, at: Date.parse('2026-11-24T01:00:00Z') + at * 1_000, source: SOURCE })));

// The licence of shared rules asks that their author stands with everything they find.
test('a rule in the words of Windows finds its line, and brings its author, licence and references', (t) => {
  const reader = new BatchReader(folderWith(t, { 'sigma/windows/whoami.yml': WHOAMI }));
  assert.deepEqual(reader.broken, []);
  const { groups } = read(reader, [sysmon(), sysmon({ CommandLine: 'whoami' }), sysmon({ EventID: 5 })]);
  assert.deepEqual(groups.map(({ ruleId, title, author, license, references, count, level }) => ({ ruleId, title, author, license, references, count, level })), [
    { ruleId: 'whoami', title: 'Rule whoami', author: 'Hanako Example', license: 'DRL-1.1', references: ['https://example.org/whoami'], count: 1, level: 'high' },
  ]);
  assert.deepEqual(groups[0]!.samples[0]!.matched.slice(-2), [{ field: 'Image', value: 'C:\\Windows\\System32\\whoami.exe' }, { field: 'CommandLine', value: 'whoami  /all' }]);
});

test('our own rules find beside them what they find alone', (t) => {
  const line = '<189>date=2026-11-24 time=10:04:05 devname="FG-HONSHA" devid="FGT60F0000000001" tz="+0900" logid="0101039426" type="event" subtype="vpn" level="alert" logdesc="SSL VPN login fail" action="ssl-login-fail" tunneltype="ssl-web" remip=198.51.100.7 user="tanaka" reason="sslvpn_login_permission_denied" msg="SSL user failed to logged in"';
  const lines = Array.from({ length: 12 }, () => line);
  const found = (reader: BatchReader) => read(reader, lines).groups.map(({ ruleId, count }) => [ruleId, count]);
  const alone = found(new BatchReader(null));
  assert.ok(alone.length > 0);
  assert.deepEqual(found(new BatchReader(folderWith(t, { 'sigma/whoami.yml': WHOAMI }))), alone);
});

test('rules for firewalls, proxies and web servers find their fields under the names of ECS', (t) => {
  const reader = new BatchReader(folderWith(t, {
    'a/proxy.yml': rule('proxy', '{category: proxy}', "  s:\n    c-uri|contains: /evil/\n    cs-method: GET\n  condition: s"),
    'a/firewall.yml': rule('firewall', '{category: firewall}', '  s:\n    dst_port: 4444\n  condition: s'),
  }));
  assert.deepEqual(reader.broken, []);
  const { groups } = read(reader, [
    '1732410000.123    456 192.0.2.10 TCP_MISS/200 1234 GET http://www.example.org/evil/one - HIER_DIRECT/203.0.113.5 text/html',
    '<189>date=2026-11-24 time=10:04:05 devname="FG" devid="FGT60F0000000001" tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.0.2.7 srcport=51000 dstip=203.0.113.9 dstport=4444 proto=6 action="accept" service="tcp/4444"',
  ]);
  assert.deepEqual(groups.map(({ ruleId }) => ruleId).filter((id) => id === 'proxy' || id === 'firewall').sort(), ['firewall', 'proxy']);
});

test('correlations over imported rules count, by fields of Windows too', (t) => {
  const reader = new BatchReader(folderWith(t, { 'a/many.yml': `name: one\n${WHOAMI}---\ntitle: many\nid: many\nauthor: Taro Example\ncorrelation:\n  type: event_count\n  rules: one\n  group-by: [User]\n  timespan: 10m\n  condition: {gte: 3}\n` }));
  assert.deepEqual(reader.broken, []);
  const { groups } = read(reader, [sysmon(), sysmon({ User: 'EXAMPLE\\jiro' }), sysmon(), sysmon()]);
  assert.deepEqual(groups.map(({ ruleId, author, count }) => [ruleId, author, count]), [['many', 'Taro Example', 3]]);
});

test('broken rules are named with file and line, and the others work', (t) => {
  const reader = new BatchReader(folderWith(t, {
    'a/good.yml': WHOAMI,
    'a/modifier.yml': rule('x1', '{product: windows}', '  s:\n    Image|contians: x\n  condition: s'),
    'a/look-around.yml': rule('x2', '{product: windows}', "  s:\n    Image|re: '(?=a)b'\n  condition: s"),
    'a/again.yml': WHOAMI,
    'a/no-yaml.yml': 'title: [\n',
    'a/notes.txt': 'no rule',
    '.in-4711/half.yml': 'title: [\n',
  }));
  assert.equal(reader.broken.length, 4);
  for (const [at, place] of ['rules/a/good.yml:1: another rule', 'rules/a/look-around.yml:11: the regular expression', 'rules/a/modifier.yml:11: the modifier "contians"', 'rules/a/no-yaml.yml:'].entries()) {
    assert.ok(reader.broken.some((message) => message.startsWith(place)), `${at}: ${place} in ${reader.broken.join(' / ')}`);
  }
  assert.equal(read(reader, [sysmon()]).groups.length, 1);
});

test('rules that nothing finds by its text are told of when an operator imported them, and not those of ours that were measured', (t) => {
  assert.deepEqual(new BatchReader(null).slow, []);
  const { slow } = new BatchReader(folderWith(t, { 'a/slow.yml': rule('x3', '{product: windows}', "  s:\n    Image|re: '[0-9]{3}'\n  condition: s"), 'a/good.yml': WHOAMI }));
  assert.deepEqual(slow.map((s) => s.slice(0, 'rules/a/slow.yml:'.length)), ['rules/a/slow.yml:']);
});

test('a folder that is not there, and files beyond the bounds, keep nothing from starting', (t) => {
  assert.deepEqual(readImported('/nowhere/at/all'), { sources: [], errors: [] });
  const folder = folderWith(t, { 'a/large.yml': `# ${'x'.repeat(4_000_001)}\n`, 'a/small.yml': WHOAMI });
  const { sources, errors } = readImported(folder);
  assert.deepEqual(sources.map(({ path }) => path), ['rules/a/small.yml']);
  assert.deepEqual(errors, ['rules/a/large.yml: larger than 4 MB']);
});
