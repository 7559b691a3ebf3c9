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
const BUILT_IN = ['device.silent', 'signature.old'];

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
  assert.ok(reported.length >= 36);
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
      const seen = event ?? new EventFields().open(parser.parse(fill(line ?? ''), timeMs));
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

test('an ordinary day of a firewall, a router and PCs raises nothing that asks for action', () => {
  const quiet = [
    '<189>date=2026-11-24 time=10:04:05 devname="FG-HONSHA" devid="FGT60F0000000001" tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.168.1.23 srcport=51544 srcintf="lan" srcintfrole="lan" dstip=203.0.113.80 dstport=443 dstintf="wan1" dstintfrole="wan" proto=6 action="close" policyid=3 service="HTTPS" sentbyte=1500 rcvdbyte=42000',
    '<134>Nov 24 10:04:05 rtx-honsha [INSPECT] PP[01][out][101] TCP 192.168.100.2:51234 > 203.0.113.5:443 (2026/11/24 10:03:05)',
    '<134>Nov 24 10:04:05 rtx-honsha PP[01] Rejected at IN(2000) filter: TCP 203.0.113.9:51515 > 198.51.100.1:23',
    '<134>Nov 24 10:04:05 rtx-honsha [DHCPD] LAN1(port1) Allocates 192.168.100.10: 02:00:5e:10:00:0a',
    '<30>Nov 24 10:04:05 gw dnsmasq-dhcp[300]: DHCPACK(br0) 192.168.0.15 02:00:5e:10:00:0f PC-MORI',
    '<22>Nov 24 10:04:05 mx postfix/qmgr[99]: 4XyZ12abcd: from=<a@example.net>, size=1234, nrcpt=1 (queue active)',
    'CEF:0|Example|Guard|1.0|302|Pattern updated|1|shost=PC-4',
  ];
  const asking = [...play(quiet.map((line) => ({ line, times: 200, every: 30 })))].filter((id) => explanations.has(id) && explanations.get(id)?.severity !== 'fyi');
  assert.deepEqual(asking, []);
});
