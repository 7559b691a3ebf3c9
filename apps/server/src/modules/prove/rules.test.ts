import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { businessDaysAfter, daysOf, lastDay, monthPlus } from './calendar.ts';
import { decisions } from './executive.ts';
import { checksum, decide, figuresOf, needsLook, places, seen, worst } from './rules.ts';
import { facts, finding, source } from './prove.test-helper.ts';
import type { FindingForReport, MonthFacts } from './types.ts';

const days = daysOf('2026-10-01', '2026-10-31');
const anyFinding: fc.Arbitrary<FindingForReport> = fc.record({
  severity: fc.constantFrom('now', 'look', 'fyi'), direction: fc.constantFrom('inbound', 'outbound', 'internal', 'none'), stopped: fc.constantFrom('yes', 'no', 'unknown'),
  open: fc.boolean(), count: fc.nat(1000), kind: fc.constantFrom('detection', 'device_silent', 'signature_old', 'digest'), asset: fc.constantFrom(null, '本社のUTM', 'KEIRI-03'),
}).map((f) => finding(f as Partial<FindingForReport>));
const anyFacts: fc.Arbitrary<MonthFacts> = fc.record({
  findings: fc.array(anyFinding, { maxLength: 12 }),
  sources: fc.array(fc.record({ silent: fc.subarray(days), name: fc.constantFrom('本社のUTM', '倉庫のルーター'), old: fc.boolean() }).map(({ silent, name, old }) => source(name, days.filter((d) => !silent.includes(d)), old ? { signatureOn: '2026-10-01' } : {})), { maxLength: 4 }),
  blocked: fc.dictionary(fc.constantFrom('inbound network', 'outbound web', 'none other', 'strange __proto__'), fc.nat(1e6)).map((d) => new Map(Object.entries(d))),
  blockedLastMonth: fc.option(fc.nat(1e6)),
}).map((some) => facts(some));

test('a verdict is never calm while something is open and not stopped, a device was not seen, or nobody sends logs', () => {
  fc.assert(fc.property(anyFacts, (given) => {
    const { verdict } = decide(given);
    if (verdict.state !== 'calm') return;
    assert.ok(given.findings.every((f) => !f.open || f.stopped !== 'no'));
    assert.ok(given.findings.every((f) => !f.open || f.severity === 'fyi'));
    assert.ok(given.sources.length > 0 && given.sources.every((s) => !seen(s, given.from, given.to).blind));
  }), { numRuns: 400 });
});

test('something burning is told before a silent device: the verdict is "act" exactly when something open needs it now', () => {
  fc.assert(fc.property(anyFacts, (given) => {
    const burning = given.findings.some((f) => f.open && (f.severity === 'now' || (f.direction === 'outbound' && f.stopped === 'no')));
    assert.equal(decide(given).verdict.state === 'act', burning);
  }));
});

test('there are at most three actions and three decisions, each with a day after today, and none when all is calm', () => {
  fc.assert(fc.property(anyFacts, (given) => {
    const { actions, verdict } = decide(given);
    assert.ok(actions.length <= 3 && decisions(given).length <= 3);
    for (const action of actions) assert.ok(action.due > given.today && action.text.ja !== '' && action.text.en !== '');
    if (verdict.state === 'calm') assert.deepEqual(actions, []);
    if (verdict.state === 'act') assert.ok(actions.length > 0);
    const asked = actions.flatMap((a) => a.finding ?? []);
    assert.equal(new Set(asked).size, asked.length, 'nothing is asked twice');
  }), { numRuns: 300 });
});

test('the blocked total is the sum of the counters, and the kinds never say more than it', () => {
  fc.assert(fc.property(anyFacts, (given) => {
    const { blocked, trend } = decide(given);
    assert.equal(blocked.total, [...given.blocked.values()].reduce((a, b) => a + b, 0));
    assert.ok(blocked.kinds.reduce((sum, k) => sum + k.count, 0) <= blocked.total);
    assert.equal(trend[trend.length - 1]!.blocked, blocked.total);
  }));
});

test('the trend holds at most twelve months, oldest first, and marks those of a demonstration', () => {
  const history = Array.from({ length: 20 }, (_, i) => ({ month: monthPlus('2026-10', i - 20), lines: 1, blocked: i, findings: 0, demonstration: i < 15 }));
  const { trend } = decide(facts({ history }));
  assert.equal(trend.length, 12);
  assert.equal(trend[0]!.month, '2025-11');
  assert.equal(trend[11]!.month, '2026-10');
  assert.ok(trend[0]!.demonstration && !trend[11]!.demonstration);
});

test('no comparison with fewer than five members, and equal figures share a place', () => {
  const shared = (n: number) => new Map(Array.from({ length: n }, (_, i) => [`m${i}`, { blocked: i < 2 ? 7 : i, open: 0 }]));
  for (let n = 0; n < 5; n += 1) assert.equal(places(shared(n)).size, 0);
  const found = places(shared(5));
  assert.deepEqual(found.get('m0'), { members: 5, blockedPlace: 1, openPlace: 1 });
  assert.deepEqual(found.get('m1'), { members: 5, blockedPlace: 1, openPlace: 1 });
  assert.equal(found.get('m4')!.blockedPlace, 3);
});

test('an office that is switched off at weekends is seen; one that went silent three days ago is not', () => {
  const weekdays = days.filter((d) => ![0, 6].includes(new Date(`${d}T00:00:00Z`).getUTCDay()));
  assert.equal(seen(source('a', weekdays), '2026-10-01', '2026-10-31').blind, false);
  assert.equal(seen(source('a', days.slice(0, -3)), '2026-10-01', '2026-10-31').blind, true);
  assert.equal(seen(source('a', []), '2026-10-01', '2026-10-31').blind, true);
});

test('on the first of a running month nothing is called silent: no whole day has passed', () => {
  const { verdict } = decide(facts({ partial: true, from: '2026-11-01', to: '2026-10-31', month: '2026-11', today: '2026-11-01', sources: [source('a', [])] }));
  assert.equal(verdict.state, 'calm');
});

test('every rule that found something stands in the appendix with author and licence', () => {
  const found = [finding({ ruleId: 'a', rule: { title: 'A', author: 'Alice Example', license: 'DRL-1.1' }, count: 2 }), finding({ ruleId: 'a', rule: { title: 'A', author: 'Alice Example', license: 'DRL-1.1' }, count: 3 }), finding({ ruleId: 'b', severity: 'fyi', kind: 'digest', count: 9 })];
  assert.deepEqual(decide(facts({ findings: found })).appendix, [{ ruleId: 'b', rule: 'Rule', author: 'Banya', license: 'Apache-2.0', count: 9 }, { ruleId: 'a', rule: 'A', author: 'Alice Example', license: 'DRL-1.1', count: 5 }]);
});

test('what goes to a federation under "scores" names no device, no person and no finding', () => {
  const data = decide(facts({ lead: '秘密 太郎', sources: [source('秘密のUTM', [])], findings: [finding({ open: true, severity: 'now', outcome: null, assigneeName: '秘密 太郎', asset: '秘密のPC', title: { ja: '秘密のこと', en: 'a secret' } })] }));
  const figures = figuresOf(data, false);
  assert.doesNotMatch(JSON.stringify(figures.scores), /秘密|secret/);
  assert.doesNotMatch(JSON.stringify(figures.alerts), /太郎/, 'who owns an action stays inside');
});

test('the checksum does not depend on the order of rows, and changes with any figure', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.string(), fc.nat()), { minLength: 1, maxLength: 20 }), fc.nat(), (rows, at) => {
    assert.equal(checksum([...rows].reverse()), checksum(rows));
    const changed = rows.map((row, i) => (i === at % rows.length ? ([row[0], row[1] + 1] as [string, number]) : row));
    assert.notEqual(checksum(changed), checksum(rows));
  }));
});

test('the worst of nobody is "not seen", never calm', () => {
  assert.equal(worst([]), 'blind');
  assert.equal(worst(['calm', 'look', 'act', 'blind']), 'act');
  assert.equal(worst(['calm', 'calm']), 'calm');
});

test('business days skip weekends and holidays of Japan, also beyond the holiday table', () => {
  assert.equal(businessDaysAfter('2026-10-30', 1), '2026-11-02');
  assert.equal(businessDaysAfter('2026-11-02', 1), '2026-11-04', 'November 3 is a holiday');
  assert.equal(businessDaysAfter('2099-01-02', 1), '2099-01-05');
});

test('the last day of February is found, and a year is crossed', () => {
  assert.equal(lastDay('2028-02'), '2028-02-29');
  assert.equal(monthPlus('2026-12', 1), '2027-01');
  assert.equal(monthPlus('2026-01', -1), '2025-12');
});

test('what is open and harmless does not disturb: a stopped digest asks for nothing', () => {
  const digest = finding({ open: true, severity: 'fyi', kind: 'digest', stopped: 'yes', outcome: null, count: 900 });
  assert.equal(needsLook(digest), false);
  assert.equal(decide(facts({ findings: [digest] })).verdict.state, 'calm');
});
