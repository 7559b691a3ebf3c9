import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ecsLogsources, loadDetections } from '@banya/library';
import { createParser, EventFields } from '@banya/logs';
import { compileRules, Correlator } from '@banya/sigma';
import { BAD } from './mails/bad.ts';
import { service } from './lines/outside.ts';
import { Random } from './random.ts';
import { DemoLines, RULE, SILENT, type DemoLine } from './lines/index.ts';
import { DAY } from './world/calendar.ts';
import { makeWorld, type DemoMember, type DemoSource } from './world/index.ts';

/** A working day, a Sunday night, the first minutes of a year and of a month after a short one. */
const ANCHORS = ['2026-11-24T02:00:00Z', '2026-06-14T13:30:00Z', '2026-12-31T15:20:00Z', '2027-02-28T15:01:00Z'].map((t) => Date.parse(t));
const linesAt = (anchor: number, wanted?: number, seed = 'banya'): DemoLines => new DemoLines(makeWorld(seed, anchor), wanted);

function* all(lines: DemoLines, to = lines.world.anchor): Generator<{ member: DemoMember; source: DemoSource; line: DemoLine }> {
  for (const member of lines.world.members) for (const source of member.sources) for (const line of lines.of(member, source, lines.begins - 1, to)) yield { member, source, line };
}

function digest(lines: DemoLines): string {
  const hash = createHash('sha256');
  for (const { source, line } of all(lines)) hash.update(`${source.host} ${line.at} ${line.text}\n`);
  return hash.digest('hex');
}

test('the same seed and instant give the same bytes, another seed others', () => {
  const [first, again, other] = [digest(linesAt(ANCHORS[0]!, 30_000)), digest(linesAt(ANCHORS[0]!, 30_000)), digest(linesAt(ANCHORS[0]!, 30_000, 'other'))];
  assert.equal(first, again);
  assert.notEqual(first, other);
});

test('there are about 220,000 lines and never more than 300,000, whatever the day', () => {
  for (const anchor of ANCHORS) {
    let n = 0;
    for (const _ of all(linesAt(anchor))) n += 1;
    assert.ok(n > 180_000 && n < 260_000, `${n} lines at ${new Date(anchor).toISOString()}`);
  }
});

test('lines told in two parts are the lines told at once, in the order of their clock', () => {
  const lines = linesAt(ANCHORS[0]!, 30_000);
  const later = ANCHORS[0]! + 3 * DAY;
  for (const member of lines.world.members) {
    for (const source of member.sources) {
      const once = [...lines.of(member, source, lines.begins - 1, later)];
      const cut = lines.world.anchor + 12_345_000;
      assert.deepEqual([...lines.of(member, source, lines.begins - 1, cut), ...lines.of(member, source, cut, later)], once);
      assert.deepEqual(once.map((l) => l.at), once.map((l) => l.at).sort((a, b) => a - b));
      assert.ok(once.every((l) => l.at >= lines.begins && l.at <= later));
    }
  }
});

test('every line is understood as what its device writes, at the time it was written', () => {
  for (const anchor of ANCHORS) {
    const lines = linesAt(anchor, 25_000);
    for (const member of lines.world.members) {
      for (const source of member.sources) {
        const parser = createParser({ family: source.family, ownRanges: [member.ownRange] });
        for (const { at, text } of lines.of(member, source, lines.begins - 1, anchor)) {
          const { family, event, problems } = parser.parse(text, anchor);
          // A CEF line names its product.
          assert.deepEqual([family, problems, event['@timestamp']], [source.family === 'cef' ? 'trend-micro' : source.family, [], at], text);
          // The header host decides whose line it is when all come from one address.
          if (source.door === 'syslog') assert.equal(event['log.syslog.hostname'], source.host, text);
        }
      }
    }
  }
});

test('no address and no name of the real world stands in any line', () => {
  const address = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
  const allowed = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/;
  const name = /[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|jp|info|biz|io|cn|ru|example)\b/gi;
  for (const { line } of all(linesAt(ANCHORS[0]!, 40_000))) {
    for (const [ip] of line.text.matchAll(address)) assert.match(ip, allowed, line.text);
    for (const [host] of line.text.matchAll(name)) assert.match(host, /(?:^|\.)example\.(?:com|net|org)$|\.example$/i, line.text);
  }
});

// Without it the trace of the story's other side shows half the town's ordinary traffic.
test('what people use every day has no address of a story or of a bad mail', () => {
  const random = new Random('services');
  const used = new Set(Array.from({ length: 5_000 }, () => service(random)));
  const planted = [...['66', '88', '53'].map((end) => `203.0.113.${end}`), '198.51.100.23', ...BAD.map((mail) => mail.ip)];
  assert.deepEqual(planted.filter((ip) => used.has(ip)), []);
});

test('every story raises its rules at its member, and nothing else asks anybody to do anything', () => {
  const { rules, explanations } = loadDetections();
  const compiled = compileRules(rules, { logsource: ecsLogsources, utcOffsetMinutes: 540 });
  assert.deepEqual(compiled.errors, []);
  const builtIn: readonly string[] = [RULE.deviceSilent, RULE.signatureOld];
  for (const anchor of ANCHORS) {
    const lines = linesAt(anchor, 40_000);
    const correlator = new Correlator(compiled.correlations, new Map(compiled.metadata.map((m) => [m.id, m])));
    const raised = new Set<string>();
    for (const member of lines.world.members) {
      const events = member.sources.flatMap((source) => {
        const parser = createParser({ family: source.family, ownRanges: [member.ownRange] });
        return [...lines.of(member, source, lines.begins - 1, anchor)].map(({ at, text }) => ({ at, event: new EventFields().open(parser.parse(text, anchor)) }));
      });
      events.sort((a, b) => a.at - b.at);
      for (const { at, event } of events) {
        const hits = compiled.match(event);
        for (const { ruleId, standalone } of [...hits, ...(hits.length > 0 ? correlator.observe(member.key, event, hits, at) : [])]) {
          const { severity } = explanations.get(ruleId) ?? { severity: 'none' };
          if (standalone && severity !== 'fyi') raised.add(`${member.key} ${severity} ${ruleId}`);
        }
      }
    }
    const told = lines.stories.flatMap((s) => s.rules.filter((r) => r.severity !== 'fyi' && !builtIn.includes(r.id)).map((r) => `${s.member} ${r.severity} ${r.id}`));
    assert.deepEqual([...raised].sort(), [...new Set(told)].sort());
    for (const { end, lines: own } of lines.stories) if (end !== 'open') assert.ok(end.at < anchor && own.every((l) => l.at < end.at), 'what is over ended after it happened and before now');
  }
});

test('two or three members have something now, most have one thing or none', () => {
  const open = linesAt(ANCHORS[0]!).stories.filter((s) => s.end === 'open');
  const now = new Set(open.filter((s) => s.rules.some((r) => r.severity === 'now')).map((s) => s.member));
  assert.ok(now.size >= 2 && now.size <= 3);
  const counts = makeWorld('banya', ANCHORS[0]!).members.map((m) => open.filter((s) => s.member === m.key).length);
  assert.ok(counts.filter((n) => n <= 1).length >= 10);
});

test('the silent device says nothing in its last five days, and the beacon goes on while the demonstration is open', () => {
  const lines = linesAt(ANCHORS[0]!, 30_000);
  const [later, told] = [lines.world.anchor + 6 * 3_600_000, [...all(lines, lines.world.anchor + 6 * 3_600_000)]];
  const silent = told.filter(({ source }) => source.host === SILENT.source);
  assert.ok(silent.length > 0 && silent.every(({ line }) => line.at <= lines.world.anchor - SILENT.days * DAY));
  const beacon = told.filter(({ line }) => line.text.includes('Botnet C&C') && line.at > lines.world.anchor);
  assert.equal(beacon.length, 6);
  assert.ok(beacon.every(({ line }) => line.at <= later));
});
