import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alert } from './fixtures.test-helper.ts';
import { bounded, byDay, chooseCards, fateOf, foldKey, mailNow, merge, rankOf, untilLook, type Card } from './rules.ts';
import type { FindingRow } from './schema.ts';
import type { RaisedFinding } from './types.ts';

const start = Date.parse('2026-11-23T00:00:00Z');
const raised = fc.record({
  entity: fc.constantFrom('a', 'b', 'c'), kind: fc.constantFrom('detection' as const, 'digest' as const), severity: fc.constantFrom('now' as const, 'look' as const, 'fyi' as const), stopped: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
  minute: fc.integer({ min: 0, max: 10_000 }), span: fc.integer({ min: 0, max: 3 }), count: fc.integer({ min: 4, max: 50 }),
}).map(({ minute, span, count, ...rest }): RaisedFinding => {
  const lastAt = new Date(start + minute * 60_000);
  const day = (back: number): string => new Date(lastAt.getTime() - back * 86_400_000).toISOString().slice(0, 10);
  const days = span === 0 ? { [day(0)]: count } : { [day(span)]: 3, [day(0)]: count - 3 };
  return alert({ time: start }, { ...rest, orgId: 'o', fingerprint: `${rest.kind} ${rest.entity}`, count, lastAt, firstAt: new Date(lastAt.getTime() - span * 86_400_000), days });
});

/** What counts: everything but the samples, of which the first five are kept. */
function fold(batches: readonly (readonly RaisedFinding[])[]): Map<string, unknown> {
  const all = new Map<string, RaisedFinding>();
  for (const batch of batches) {
    const inBatch = new Map<string, RaisedFinding>();
    for (const f of batch.flatMap(byDay)) inBatch.set(foldKey(f), inBatch.has(foldKey(f)) ? merge(inBatch.get(foldKey(f))!, f) : f);
    for (const [key, f] of inBatch) all.set(key, all.has(key) ? merge(all.get(key)!, f) : f);
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, f]) => [key, [f.count, Object.entries(f.days).sort(), f.firstAt.getTime(), f.lastAt.getTime(), f.severity, f.stopped]]));
}

test('alerts give the same findings in any order and however they are cut into batches', () => {
  fc.assert(fc.property(fc.array(raised, { maxLength: 30 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.integer({ min: 1, max: 7 }))), ([list, shuffled, size]) => {
    const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, i) => shuffled.slice(i * size, (i + 1) * size));
    assert.deepEqual(fold(batches), fold([list]));
  }));
});

test('folding loses no alert: the counts of all findings and of their days are the counts of all alerts', () => {
  fc.assert(fc.property(fc.array(raised, { maxLength: 30 }), (list) => {
    const total = list.reduce((n, f) => n + f.count, 0);
    const folded = [...fold([list]).values()] as [number, [string, number][]][];
    assert.equal(folded.reduce((n, [count]) => n + count, 0), total);
    for (const [count, days] of folded) assert.equal(days.reduce((n, [, c]) => n + c, 0), count);
  }));
});

const row = (more: Partial<FindingRow>): FindingRow => ({ kind: 'detection', state: 'open', closed_at: null, quiet_until: null, ...more }) as FindingRow;
const fate = (r: FindingRow | null, suppressed = false, lastAt = new Date(start)): string => fateOf(alert({ time: start }, { lastAt }), r, suppressed).kind;

test('the fate of an alert follows the finding it meets', () => {
  const closed = (hoursAgo: number, more: Partial<FindingRow> = {}) => row({ state: 'closed', closed_at: new Date(start - hoursAgo * 3_600_000), ...more });
  assert.equal(fate(null), 'new');
  assert.equal(fate(null, true), 'quiet');
  assert.equal(fate(row({})), 'grow');
  assert.equal(fate(row({}), true), 'grow');
  assert.equal(fate(closed(0.5)), 'count');
  assert.equal(fate(closed(1)), 'reopen');
  assert.equal(fate(closed(1), true), 'count');
  assert.equal(fate(closed(24 * 32)), 'new');
  assert.equal(fate(closed(50, { quiet_until: new Date(start + 1) })), 'count');
  assert.equal(fate(closed(50, { quiet_until: new Date(start) })), 'reopen');
  assert.equal(fate(closed(50, { kind: 'digest' })), 'count');
  assert.equal(fate(closed(2), false, new Date(start - 3 * 3_600_000)), 'count', 'a late line from before closing is no news');
});

test('what comes from log lines is cut before it is stored', () => {
  const huge = alert({ time: start }, { entity: 'x'.repeat(10_000), slots: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 'v'.repeat(5000)])), samples: Array.from({ length: 50 }, () => ({ at: new Date(start), raw: '\u0000'.repeat(100_000), sourceName: 's', matched: Array.from({ length: 100 }, () => ({ field: 'f', value: 'w'.repeat(9999) })) })) });
  const text = JSON.stringify(bounded(huge));
  assert.ok(text.length < 300_000);
  assert.ok(!text.includes('\\u0000'));
});

test('a lead is mailed at once by day, by night only of what was not stopped, three times a day and once for the rest', () => {
  const f = { state: 'open' as const, rank: 0, stopped: 'yes' as const, mailed_at: null };
  assert.equal(mailNow(f, 0, 0).kind, 'send');
  assert.deepEqual(mailNow(f, 480, 0), { kind: 'later', minutes: 480 });
  assert.equal(mailNow({ ...f, stopped: 'no' }, 240, 0).kind, 'send');
  assert.equal(mailNow({ ...f, stopped: 'unknown' }, 240, 0).kind, 'send');
  assert.equal(mailNow(f, 0, 3).kind, 'fold');
  assert.equal(mailNow({ ...f, mailed_at: new Date() }, 0, 0).kind, 'none');
  assert.equal(mailNow({ ...f, state: 'closed' }, 0, 0).kind, 'none');
  assert.equal(mailNow({ ...f, rank: rankOf('look') }, 0, 0).kind, 'none');
  assert.deepEqual([untilLook(8 * 60 + 59), untilLook(9 * 60), untilLook(9 * 60 + 1), untilLook(0)], [1, 1440, 1439, 540]);
});

test('cards: never more than five, each once, nothing that needs no act, worst and oldest first', () => {
  const card = fc.record({ key: fc.string({ maxLength: 2 }), severity: fc.constantFrom('now' as const, 'look' as const, 'fyi' as const), since: fc.integer({ min: 0, max: 100 }).map((n) => new Date(n)) })
    .map((c): Card => ({ ...c, kind: 'finding', title: { ja: '', en: '' }, step: { ja: '', en: '' }, minutes: 1, askedBy: { ja: '', en: '' }, target: null }));
  fc.assert(fc.property(fc.array(card, { maxLength: 20 }), (cards) => {
    const chosen = chooseCards(cards);
    assert.ok(chosen.length <= 5);
    assert.equal(new Set(chosen.map((c) => c.key)).size, chosen.length);
    assert.ok(chosen.every((c) => c.severity !== 'fyi'));
    for (let i = 1; i < chosen.length; i += 1) assert.ok(rankOf(chosen[i - 1]!.severity) < rankOf(chosen[i]!.severity) || (chosen[i - 1]!.severity === chosen[i]!.severity && chosen[i - 1]!.since <= chosen[i]!.since));
  }));
});
