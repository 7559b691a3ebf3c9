import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createParser, EventFields } from '@banya/logs';
import { compileRules, type RuleSet } from '@banya/sigma';
import { parse } from 'yaml';
import { ecsLogsources, type Explanation, type ExplanationText, type Language, loadDetections, readDetections, renderExplanation, slotPhrases } from '../src/detections.ts';

const { rules, explanations } = loadDetections();
const ruleset: RuleSet = compileRules(rules, { logsource: ecsLogsources, utcOffsetMinutes: 540 });
/** Rules that report by themselves: all but those that only feed a correlation. */
const fed = new Set(ruleset.correlations.filter((rule) => !rule.generate).flatMap((rule) => rule.rules));
const reported = ruleset.metadata.filter(({ id }) => !fed.has(id));
const BUILT_IN = ['burst.members', 'device.silent', 'signature.old', ...['login_country', 'admin_name', 'admin_hour', 'remote_hour', 'usb_model', 'program', 'suffix'].map((kind) => `first.${kind}`)];

test('one broken file is left out and told of with its name; all others load', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-detections-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, '../detections'), folder, { recursive: true });
  const whole = readDetections(pathToFileURL(`${folder}/`));
  assert.deepEqual(whole.broken, []);
  writeFileSync(join(folder, 'vpn', 'aaa.explain.yml'), 'rule: [unclosed');
  writeFileSync(join(folder, 'vpn', 'bbb.explain.yml'), 'rule: x\nseverity: never');
  writeFileSync(join(folder, 'slots.yml'), 'a: [');
  writeFileSync(join(folder, 'vpn', 'ccc.yml'), 'title: [unclosed');
  const { rules: kept, explanations: explained, broken } = readDetections(pathToFileURL(`${folder}/`));
  assert.deepEqual(broken.map((line) => line.split(':', 1)[0]), ['detections/slots.yml', 'detections/vpn/aaa.explain.yml', 'detections/vpn/bbb.explain.yml']);
  assert.deepEqual([...explained.keys()], [...whole.explanations.keys()]);
  const compiled = compileRules(kept, { logsource: ecsLogsources, utcOffsetMinutes: 540 });
  assert.equal(compiled.size, ruleset.size);
  assert.ok(compiled.errors.length === 1 && compiled.errors[0]!.message.includes('detections/vpn/ccc.yml'));
});

test('every rule compiles', () => {
  assert.deepEqual(ruleset.errors.map(({ message }) => message), []);
});

test('what happens to small organisations is covered: at least 120 rules and 25 correlations report', () => {
  const correlations = new Set(ruleset.correlations.map(({ meta }) => meta.id));
  const counted = reported.filter(({ id }) => correlations.has(id)).length;
  assert.ok(reported.length - counted >= 120 && counted >= 25, `${reported.length - counted} rules, ${counted} correlations`);
});

test('every rule says who wrote it, under which licence, and what it is about', () => {
  for (const meta of ruleset.metadata) {
    assert.match(meta.id, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, meta.path);
    assert.deepEqual([meta.author, meta.license], ['Banya', 'Apache-2.0'], meta.path);
    assert.ok(meta.falsepositives.length > 0, meta.path);
    for (const tag of meta.tags) assert.match(tag, /^attack\.(t\d{4}(\.\d{3})?|[a-z-]+)$/, meta.path);
  }
  for (const meta of reported) assert.ok(meta.tags.length > 0, meta.path);
});

test('every rule that reports is explained, and nothing else is', () => {
  assert.deepEqual([...explanations.keys()].sort(), [...reported.map(({ id }) => id), ...BUILT_IN].sort());
});

function sentences(text: ExplanationText): string[] {
  return [text.title, text.whatHappened, text.stopped, text.whose, text.certainty, ...text.doNow, text.callWhen, text.doNot, text.normal];
}

/** A machine is called a device everywhere: two words for one thing make a reader look for two things. */
const FORBIDDEN: Readonly<Record<Language, RegExp>> = {
  ja: /C2|C&C|IPS|IDS|シグネチャ|マルウェア|ファイア|脆弱性|検知|検出|アラート|インシデント|エンドポイント|SPF|DMARC|DKIM|IPアドレス|ポート|プロトコル|トンネル|VPN|DNS|DHCP|ログ|ドメイン|アカウント|エラー|不正|可能性|ブロック|パケット|スキャン|ランサム|ファームウェア|リブート|クリックして/,
  en: /\bC2\b|C&C|\bIPS\b|signature|malware|firewall|firmware|endpoint|protocol|vulnerab|payload|exploit|\bSPF\b|DMARC|\bDNS\b|DHCP|\bVPN\b|tunnel|detected|ransomware|an error|may possibly|\bmachines?\b/i,
};

test('texts use no word of the trade', () => {
  for (const explanation of explanations.values()) {
    for (const language of ['ja', 'en'] as const) {
      for (const sentence of sentences(explanation[language])) {
        const bare = sentence.replace(/\{[^}]*\}/g, '');
        assert.doesNotMatch(bare, FORBIDDEN[language], `${explanation.rule}: ${sentence}`);
      }
    }
  }
});

test('Japanese sentences are short and polite', () => {
  for (const { rule, ja } of explanations.values()) {
    for (const text of sentences(ja)) {
      for (const sentence of text.split('。')) assert.ok(sentence.replace(/\{[^}]*\}/g, '').length <= 60, `${rule}: ${sentence}`);
    }
    for (const text of [ja.whatHappened, ja.stopped, ja.doNot]) assert.match(text.replace(/（[^）]*）/g, ''), /(です|ます|ました|ません|ください|でした)(。|$)|^\{stopped\}/, `${rule}: ${text}`);
  }
});

test('what is to be done at once takes at most ten minutes, and something is asked for where it matters', () => {
  const minutesOf = (steps: readonly string[], unit: RegExp) => steps.reduce((sum, step) => sum + Number(unit.exec(step)?.[1] ?? 0), 0);
  for (const { rule, severity, ja, en, minutes, deskTicket, folding } of explanations.values()) {
    assert.ok(minutesOf(ja.doNow, /（(\d+)分）/) <= 10, rule);
    assert.equal(minutesOf(ja.doNow, /（(\d+)分）/), minutesOf(en.doNow, /\((\d+) min\)/), rule);
    assert.equal(ja.doNow.length, en.doNow.length, rule);
    assert.ok(minutes <= 10, rule);
    if (severity !== 'fyi') assert.ok(ja.doNow.length > 0, rule);
    if (severity === 'now') assert.ok(deskTicket, rule);
    if (folding.digest) assert.equal(severity, 'fyi', rule);
  }
});

test('a text without any values is still whole sentences in both languages', () => {
  for (const explanation of explanations.values()) {
    for (const language of ['ja', 'en'] as const) {
      const rendered = renderExplanation(explanation, {}, language);
      for (const sentence of sentences(rendered)) assert.doesNotMatch(sentence, /[{}]|undefined|null/, `${explanation.rule}: ${sentence}`);
    }
  }
});

test('what happened at one moment is told as one, not from then to then', () => {
  const { explanations } = loadDetections();
  for (const explanation of explanations.values()) {
    for (const language of ['ja', 'en'] as const) {
      const told = renderExplanation(explanation, { first: 'FIRST', last: 'FIRST', count: 1 }, language);
      const texts = [told.whatHappened, told.title, told.stopped, told.certainty, told.normal].join(' ');
      assert.doesNotMatch(texts, /FIRST(〜|から| to )FIRST/, `${explanation.rule} ${language}`);
    }
  }
  const spans = renderExplanation({ ...[...explanations.values()][0]!, ja: { ...[...explanations.values()][0]!.ja, whatHappened: '3回です（{first}〜{last}）。{first}から{last}までに、来ました。' } }, { first: 'A', last: 'B' }, 'ja');
  assert.equal(spans.whatHappened, '3回です（A〜B）。AからBまでに、来ました。');
});

// What can wait is told the next morning at nine: a text that says to phone at once would come too late, or is not meant.
test('only what is told at once says to phone at once', () => {
  for (const { rule, severity, ja, en } of explanations.values()) {
    if (severity !== 'now') assert.deepEqual([/^すぐに電話/.test(ja.callWhen ?? ''), /^phone at once/i.test(en.callWhen ?? '')], [false, false], rule);
  }
});

test('slots are filled with the values of the event, cut and cleaned, and never from a prototype', () => {
  const explanation = explanations.values().next().value as Explanation;
  const text: ExplanationText = { ...explanation.ja, title: '{asset}が{count}回', whatHappened: '{rule.name}', stopped: '{destination.ip}' };
  const filled = renderExplanation({ ...explanation, ja: text }, { asset: '経理のパソコン（KEIRI-03）', count: 1200, 'rule.name': `a\u202eb\n{asset}${'x'.repeat(500)}`, 'destination.ip': '' }, 'ja');
  assert.equal(filled.title, '経理のパソコン（KEIRI-03）が1,200回');
  assert.equal(filled.whatHappened.startsWith('a b {asset}xxx'), true);
  assert.ok(filled.whatHappened.length <= 121);
  assert.equal(filled.stopped, slotPhrases().get('destination.ip')?.ja);
  assert.equal(renderExplanation({ ...explanation, ja: { ...text, title: '{constructor}' } }, {}, 'ja').title, '不明');
});

test('whether it was stopped is told from what the device did, and as unknown where it does not say', () => {
  const explanation = explanations.values().next().value as Explanation;
  const said = (slots: Record<string, unknown>) => renderExplanation({ ...explanation, en: { ...explanation.en, stopped: '{stopped}' } }, slots, 'en').stopped;
  assert.deepEqual(
    [said({ 'event.action': 'blocked' }), said({ 'event.action': 'detected' }), said({ 'event.action': 'info' }), said({})],
    ['It was stopped.', 'It was not stopped.', 'Whether it was stopped is not known.', 'Whether it was stopped is not known.'],
  );
});

test('an English sentence that begins with a missing value begins with a capital letter', () => {
  const explanation = explanations.values().next().value as Explanation;
  const text = { ...explanation.en, title: '{asset} called. {device} saw {asset}' };
  assert.equal(renderExplanation({ ...explanation, en: text }, {}, 'en').title, 'One of your devices called. The security device saw one of your devices');
});

interface Step {
  readonly line?: string;
  readonly event?: Record<string, unknown>;
  readonly times?: number;
  readonly every?: number;
  readonly start?: string;
}
interface RuleTest {
  readonly rule: string;
  readonly positive: readonly (readonly (string | Step)[])[];
  readonly negative: readonly (readonly (string | Step)[])[];
}

const FOLDER = join(import.meta.dirname, '../detections');
const ruleTests = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.yml'))
  .map((name) => ({ name, content: parse(readFileSync(join(FOLDER, name), 'utf8')) as RuleTest }));

/** Every field that was asked for, and whether any line had it. */
const asked = new Map<string, boolean>();
class AskedFields extends EventFields {
  override get(field: string): unknown {
    const value = super.get(field);
    asked.set(field, value !== undefined || asked.get(field) === true);
    return value;
  }
}

/** `{n}` counts the repetitions, `{d}` and `{t}` are the date and time of the step in Japan. */
function play(steps: readonly (string | Step)[]): Set<string> {
  const parser = createParser({ timeZone: 'Asia/Tokyo' });
  const correlator = ruleset.correlator();
  const found = new Set<string>();
  let timeMs = Date.parse('2026-11-24T10:04:05+09:00');
  for (const step of steps) {
    const { line, event, times = 1, every = 1, start } = typeof step === 'string' ? { line: step } : step;
    if (start !== undefined) timeMs = Date.parse(`2026-11-24T${start}+09:00`);
    for (let n = 1; n <= times; n++, timeMs += every * 1000) {
      const local = new Date(timeMs + 9 * 3_600_000).toISOString();
      const fill = (text: string) => text.replaceAll('{n}', String(n)).replaceAll('{d}', local.slice(0, 10)).replaceAll('{t}', local.slice(11, 19));
      const seen = event ?? new AskedFields().open(parser.parse(fill(line ?? ''), timeMs));
      const hits = ruleset.match(seen);
      for (const hit of hits) found.add(hit.ruleId);
      for (const hit of correlator.observe('org', seen, hits, timeMs)) found.add(hit.ruleId);
    }
  }
  return found;
}

test('every rule that reports has at least two positive and two negative examples', () => {
  assert.deepEqual(ruleTests.map(({ content }) => content.rule).sort(), reported.map(({ id }) => id).sort());
  for (const { name, content } of ruleTests) assert.ok(content.positive.length >= 2 && content.negative.length >= 2, name);
});

for (const { name, content } of ruleTests) {
  test(`${name.replace('.test.yml', '')}: finds what it is made for and nothing beside it`, () => {
    for (const steps of content.positive) assert.ok(play(steps).has(content.rule), `should be found: ${JSON.stringify(steps[0]).slice(0, 300)}`);
    for (const steps of content.negative) assert.ok(!play(steps).has(content.rule), `should not be found: ${JSON.stringify(steps[0]).slice(0, 300)}`);
  });
}

test('every field that a rule asks for is one that a parser gives: a misspelt name would never match', () => {
  assert.ok(asked.size > 60);
  assert.deepEqual([...asked].filter(([, given]) => !given).map(([field]) => field), []);
});

/** Each line is said 200 times, one every 30 seconds. */
function askingFor(quiet: readonly string[]): string[] {
  return [...play(quiet.map((line) => ({ line, times: 200, every: 30 })))].filter((id) => explanations.has(id) && explanations.get(id)?.severity !== 'fyi').map((id) => ruleset.metadata.find((meta) => meta.id === id)?.title ?? id);
}

test('an ordinary day of a firewall, a router and PCs raises nothing that asks for action', () => {
  assert.deepEqual(askingFor([
    '<189>date=2026-11-24 time=10:04:05 devname="FG-HONSHA" devid="FGT60F0000000001" tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 srcport=51544 srcintf="lan" srcintfrole="lan" dstip=203.0.113.80 dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 action="close" policyid=3 service="HTTPS" sentbyte=1500 rcvdbyte=42000',
    '<134>Nov 24 10:04:05 rtx-honsha [INSPECT] PP[01][out][101] TCP 192.168.100.2:51234 > 203.0.113.5:443 (2026/11/24 10:03:05)',
    '<134>Nov 24 10:04:05 rtx-honsha PP[01] Rejected at IN(2000) filter: TCP 203.0.113.9:51515 > 198.51.100.1:23',
    '<134>Nov 24 10:04:05 rtx-honsha [DHCPD] LAN1(port1) Allocates 192.168.100.10: 02:00:5e:10:00:0a',
    '<30>Nov 24 10:04:05 gw dnsmasq-dhcp[300]: DHCPACK(br0) 192.168.0.15 02:00:5e:10:00:0f PC-MORI',
    '<22>Nov 24 10:04:05 mx postfix/qmgr[99]: 4XyZ12abcd: from=<a@example.net>, size=1234, nrcpt=1 (queue active)',
    '<22>Nov 24 10:04:05 mx postfix/lmtp[125]: 4XyZ12abcd: to=<tanaka@example.jp>, relay=mail.example.jp[192.168.1.5]:24, delay=0.5, dsn=2.0.0, status=sent (250 2.0.0 OK)',
    'CEF:0|Example|Guard|1.0|302|Pattern updated|1|shost=PC-4',
  ]), []);
});

test('an ordinary day of Windows computers raises nothing that asks for action', () => {
  const windows = (Channel: string, EventID: number, more: Record<string, unknown>) => JSON.stringify({ EventTime: '{d} {t}', Hostname: 'PC-23', EventID, SourceName: Channel.split('/')[0], Channel, ...more });
  const sysmon = (id: number, more: Record<string, unknown>) => windows('Microsoft-Windows-Sysmon/Operational', id, { User: 'EXAMPLE\\tanaka', ...more });
  const system32 = 'C:\\Windows\\System32\\';
  assert.deepEqual(askingFor([
    windows('Security', 4624, { TargetUserName: 'tanaka', LogonType: '3', IpAddress: '192.168.1.50' }),
    windows('Security', 4624, { TargetUserName: 'PC-50$', LogonType: '3', IpAddress: '192.168.1.50' }),
    windows('Security', 4672, { SubjectUserName: 'admin', PrivilegeList: 'SeSecurityPrivilege' }),
    windows('Security', 4769, { TargetUserName: 'tanaka@EXAMPLE.JP', ServiceName: 'FS01$', TicketEncryptionType: '0x12', Status: '0x0', IpAddress: '::ffff:192.168.1.50' }),
    windows('Security', 5140, { SubjectUserName: 'tanaka', IpAddress: '192.168.1.50', ShareName: '\\\\*\\keiri' }),
    windows('Security', 4698, { SubjectUserName: 'tanaka', TaskName: '\\GoogleUpdater', TaskContent: '<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>C:\\Program Files (x86)\\Google\\GoogleUpdater\\updater.exe</Command></Exec></Actions></Task>' }),
    windows('Security', 4688, { SubjectUserName: 'PC-23$', NewProcessName: `${system32}svchost.exe`, CommandLine: 'svchost.exe -k netsvcs -p', ParentProcessName: `${system32}services.exe` }),
    windows('Security', 1100, {}),
    windows('System', 7045, { ServiceName: 'GoogleUpdaterService', ImagePath: '"C:\\Program Files (x86)\\Google\\GoogleUpdater\\updater.exe" --system', AccountName: 'LocalSystem' }),
    windows('System', 7036, { param1: 'Windows Update', param2: 'running' }),
    windows('System', 19, { SourceName: 'Microsoft-Windows-WindowsUpdateClient', updateTitle: 'KB0000001' }),
    windows('Microsoft-Windows-Windows Defender/Operational', 2000, {}),
    windows('Microsoft-Windows-PowerShell/Operational', 4104, { ScriptBlockText: 'Get-Service | Where-Object Status -eq Running' }),
    sysmon(1, { Image: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', CommandLine: 'chrome.exe --type=renderer', ParentImage: 'C:\\Windows\\explorer.exe' }),
    sysmon(1, { Image: `${system32}ipconfig.exe`, CommandLine: 'ipconfig /all', ParentImage: `${system32}cmd.exe` }),
    sysmon(1, { Image: `${system32}rundll32.exe`, CommandLine: 'rundll32.exe shell32.dll,Control_RunDLL', ParentImage: 'C:\\Windows\\explorer.exe' }),
    sysmon(3, { Image: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', Protocol: 'tcp', Initiated: true, SourceIp: '192.168.1.23', SourcePort: 50000, DestinationIp: '203.0.113.80', DestinationPort: 443 }),
    sysmon(10, { SourceImage: `${system32}svchost.exe`, TargetImage: `${system32}lsass.exe`, GrantedAccess: '0x1000' }),
    sysmon(11, { Image: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE', TargetFilename: 'D:\\share\\keiri\\{n}.xlsx' }),
    sysmon(13, { EventType: 'SetValue', Image: 'C:\\OneDrive.exe', TargetObject: 'HKU\\S-1-5-21-1\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\OneDrive', Details: '"C:\\Users\\tanaka\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe" /background' }),
    sysmon(22, { Image: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', QueryName: 'www.example.com', QueryResults: '203.0.113.80;' }),
  ]), []);
});

test('an ordinary day of Microsoft 365, servers, a proxy and a watching device raises nothing that asks for action', () => {
  const audit = (Operation: string, Workload: string, more: Record<string, unknown> = {}) => JSON.stringify({ CreationTime: '2026-11-24T01:04:05', Id: 'id-{n}', Operation, OrganizationId: 'o', RecordType: 1, ResultStatus: 'Success', UserId: 'tanaka@example.jp', Workload, ClientIP: '192.0.2.10', ...more });
  const eve = (event_type: string, more: Record<string, unknown>) => JSON.stringify({ timestamp: '2026-11-24T10:04:05.000000+0900', flow_id: 1, event_type, src_ip: '192.168.1.23', src_port: 51000, dest_ip: '203.0.113.80', dest_port: 443, proto: 'TCP', ...more });
  const page = (request: string, status: number) => `www.example.jp 198.51.100.9 - - [24/Nov/2026:10:04:05 +0900] "${request} HTTP/1.1" ${status} 4523 "-" "Mozilla/5.0"`;
  assert.deepEqual(askingFor([
    audit('UserLoggedIn', 'AzureActiveDirectory', { RecordType: 15 }),
    audit('FileAccessed', 'SharePoint', { RecordType: 6, ObjectId: 'https://example.sharepoint.com/a/{n}.xlsx', SourceFileName: '{n}.xlsx' }),
    audit('FileModified', 'OneDrive', { RecordType: 6, ObjectId: 'https://example.sharepoint.com/a/{n}.xlsx', SourceFileName: '{n}.xlsx' }),
    audit('FileDownloaded', 'OneDrive', { RecordType: 6, ObjectId: 'https://example.sharepoint.com/a/{n}.xlsx', SourceFileName: '{n}.xlsx' }),
    audit('MailItemsAccessed', 'Exchange'),
    audit('New-InboxRule', 'Exchange', { Parameters: [{ Name: 'MoveToFolder', Value: '取引先' }, { Name: 'From', Value: 'order@example.com' }] }),
    audit('Set-Mailbox', 'Exchange', { Parameters: [{ Name: 'Identity', Value: 'tanaka' }, { Name: 'Languages', Value: 'ja-JP' }] }),
    audit('Update user.', 'AzureActiveDirectory', { RecordType: 8, ObjectId: 'sato@example.jp' }),
    JSON.stringify({ id: 's-{n}', createdDateTime: '2026-11-24T01:04:05Z', userPrincipalName: 'tanaka@example.jp', appDisplayName: 'Office', ipAddress: '192.0.2.10', conditionalAccessStatus: 'success', status: { errorCode: 0 }, location: { countryOrRegion: 'JP' }, riskLevelDuringSignIn: 'none', userAgent: 'Mozilla/5.0' }),
    '<38>Nov 24 10:04:05 srv01 sshd[99]: Accepted publickey for tanaka from 192.168.1.5 port 4242 ssh2: ED25519 SHA256:abc',
    '<86>Nov 24 10:04:05 srv01 sudo:   sato : TTY=pts/0 ; PWD=/home/sato ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx',
    '<78>Nov 24 10:04:05 srv01 CRON[58]: (root) CMD (/usr/local/bin/backup.sh)',
    '<30>Nov 24 10:04:05 nas01 System: Backup task [Daily] has finished successfully.',
    '<30>Nov 24 10:04:05 nas01 smbd_audit[331]: tanaka|192.168.1.23|pc-23|share|renameat|ok|keiri/{n}.tmp|keiri/{n}.xlsx',
    page('GET /', 200), page('GET /favicon.ico', 404), page('POST /contact/send.php', 302), page('GET /wp-content/uploads/2026/11/photo.jpg', 200), page('POST /wp-admin/admin-ajax.php', 200), page('GET /wp-admin/', 302),
    '1795482245.123    456 192.168.1.23 TCP_TUNNEL/200 1512 CONNECT www.example.jp:443 - HIER_DIRECT/203.0.113.80 -',
    '1795482245.123    456 192.168.1.23 TCP_MISS/200 1512 GET http://download.example.com/setup.exe - HIER_DIRECT/203.0.113.80 application/x-msdownload',
    eve('flow', { flow: { pkts_toserver: 10, pkts_toclient: 8, bytes_toserver: 1200, bytes_toclient: 9000, state: 'closed' } }),
    eve('tls', { tls: { sni: 'www.example.com', version: 'TLS 1.3' } }),
    eve('dns', { dest_ip: '192.168.1.1', dest_port: 53, proto: 'UDP', dns: { type: 'query', id: 1, rrname: 'www{n}.example.com', rrtype: 'A' } }),
    eve('alert', { alert: { action: 'allowed', signature_id: 2000001, signature: 'EXAMPLE POLICY package manager', category: 'Not Suspicious Traffic', severity: 3 } }),
  ]), []);
});
