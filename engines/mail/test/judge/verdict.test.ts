import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judge, SUSPICIOUS_FROM, WEIGHTS, type SignalCode } from '../../src/index.ts';
import type { Signal } from '../../src/types.ts';

const codes = Object.keys(WEIGHTS) as SignalCode[];
const of = (list: readonly SignalCode[]): fc.Arbitrary<Signal> => fc.record({ code: fc.constantFrom(...list), value: fc.integer({ min: 1, max: 10 }).map((tenth) => tenth / 10) }).map(({ code, value }): Signal => ({ code, value, evidence: [], slots: {} }));
const bad = codes.filter((code) => WEIGHTS[code] > 0);
const good = codes.filter((code) => WEIGHTS[code] < 0);
const heavy = codes.filter((code) => WEIGHTS[code] >= SUSPICIOUS_FROM);
const RANK = { dangerous: 2, suspicious: 1, insufficient: 0, clear: 0 };

// Where one more lie made a mail look better, whoever writes it would add that lie.
test('one more bad signal never lowers sum, score or verdict', () => {
  fc.assert(fc.property(fc.array(of(codes), { maxLength: 14 }), of(bad), (signals, one) => {
    const [before, after] = [judge(signals), judge([...signals, one])];
    assert.ok(after.sum >= before.sum - 1e-9 && after.score >= before.score && RANK[after.verdict] >= RANK[before.verdict]);
  }), { numRuns: 5_000 });
});

test('one more good signal never raises sum, score or verdict', () => {
  fc.assert(fc.property(fc.array(of(codes), { maxLength: 14 }), of(good), (signals, one) => {
    const [before, after] = [judge(signals), judge([...signals, one])];
    assert.ok(after.sum <= before.sum + 1e-9 && after.score <= before.score && RANK[after.verdict] <= RANK[before.verdict]);
  }), { numRuns: 5_000 });
});

// Most phishing passes its checks: a pass says who sent it, not that he means well.
test('all that can speak for a mail together does not clear one heavy fact', () => {
  const all = good.map((code): Signal => ({ code, value: 1, evidence: [], slots: {} }));
  for (const code of heavy) assert.notEqual(judge([...all, { code, value: 1, evidence: [], slots: {} }]).verdict, 'clear', code);
});

test('the order of signals and their repetition change nothing', () => {
  fc.assert(fc.property(fc.array(of(codes), { maxLength: 14 }), (signals) => {
    const once = judge(signals);
    for (const other of [judge([...signals].reverse()), judge([...signals, ...signals])]) assert.ok(Math.abs(other.sum - once.sum) < 1e-9 && other.verdict === once.verdict);
  }), { numRuns: 2_000 });
});
