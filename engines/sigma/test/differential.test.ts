import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fold, parseRules } from '../src/index.ts';
import { compileRules } from '../src/index.ts';
import { holds } from '../src/oracle.ts';
import { Entries, Texts } from '../src/entries.ts';
import { decideWindow } from '../src/window.ts';
import type { CorrelationRule } from '../src/types.ts';

const FIELDS = ['a', 'b', 'n.x'];
/** Small alphabets make random rules and events meet. */
const letter = fc.constantFrom('abk', 'ABK', 'bka', 'σςß', 'ΣΣẞ', '経理部', 'a', 'A', 'b', 'k', '\u212a', 'ß', 'ẞ', 'σ', 'ς', 'Σ', 'İ', 'ı', '経', '\u{10400}', '\u{10428}', '.', ' ');
const text = fc.array(letter, { maxLength: 4 }).map((letters) => letters.join(''));
const patternText = fc.array(fc.oneof({ weight: 6, arbitrary: letter }, fc.constantFrom('*', '?', '\\*', '\\\\')), { maxLength: 4 }).map((letters) => letters.join(''));
const value = fc.oneof({ weight: 5, arbitrary: patternText }, fc.integer({ min: 0, max: 3 }), fc.constant(null));
const modifiers = fc.constantFrom('', '|contains', '|startswith', '|endswith', '|cased', '|contains|cased', '|contains|all', '|neq', '|contains|neq', '|all');
const quote = (item: unknown) => (typeof item === 'string' ? JSON.stringify(item) : String(item));

const item = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...FIELDS), modifiers, fc.array(value, { minLength: 1, maxLength: 5 })).map(([field, modifier, values]) => {
    const usable = modifier.includes('with') || modifier.includes('contains') ? values.filter((one) => one !== null) : values;
    return `${field}${modifier}: [${(usable.length === 0 ? ['a'] : usable).map(quote).join(', ')}]`;
  }) },
  fc.tuple(fc.constantFrom(...FIELDS), fc.boolean()).map(([field, wanted]) => `${field}|exists: ${wanted}`),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom('lt', 'lte', 'gt', 'gte'), fc.integer({ min: 0, max: 3 })).map(([field, operator, number]) => `${field}|${operator}: ${number}`),
  fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...FIELDS), fc.constantFrom('', '|startswith', '|contains')).map(([field, other, affix]) => `${field}|fieldref${affix}: ${other}`),
);
const keywords = fc.array(patternText, { minLength: 1, maxLength: 3 }).map((words) => `[${words.map(quote).join(', ')}]`);
const selection = fc.oneof(
  { weight: 5, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => `{${[...new Map(items.map((one) => [one.slice(0, one.indexOf(':')), one])).values()].join(', ')}}`) },
  keywords,
);
const condition: fc.Arbitrary<string> = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('s0', 's1', 's2', '1 of s*', 'all of s*', '1 of them'),
    fc.tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node')).map(([left, operator, right]) => `(${left}) ${operator} ${right}`),
    tie('node').map((inner) => `not (${inner})`),
  ),
})).node as fc.Arbitrary<string>;
const ruleText = fc.tuple(selection, selection, selection, condition).map(([s0, s1, s2, text]) => `title: t\nlogsource: {category: test}\ndetection:\n  s0: ${s0}\n  s1: ${s1}\n  s2: ${s2}\n  condition: ${text}\n`);
const scalar = fc.oneof({ weight: 5, arbitrary: text }, fc.integer({ min: 0, max: 3 }), fc.constant(null), fc.boolean());
const event = fc.record({ a: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), b: scalar, n: fc.record({ x: scalar }, { requiredKeys: [] }) }, { requiredKeys: [] });

test('random rules over random events: the indexed matcher decides as the naive evaluator does', () => {
  fc.assert(fc.property(fc.array(ruleText, { minLength: 1, maxLength: 6 }), fc.array(event, { minLength: 1, maxLength: 8 }), (texts, events) => {
    const sources = texts.map((text, index) => ({ path: `r${index}.yml`, text }));
    const { rules, errors } = parseRules(sources);
    assert.deepEqual(errors.map(({ message }) => message), []);
    const indexed = compileRules(sources);
    for (const one of events) {
      const expected = rules.filter((rule) => rule.type === 'rule' && holds(rule.expression, one)).map(({ meta }) => meta.id);
      const hits = indexed.match(one);
      assert.deepEqual(hits.map(({ ruleId }) => ruleId), expected);
      for (const rule of rules) assert.equal(indexed.explain(rule.meta.id, one)?.matched, expected.includes(rule.meta.id));
    }
  }), { numRuns: 600 });
});

test('folding is the simple case folding of Unicode for every character, and keeps the length', () => {
  for (let point = 0; point <= 0x1ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const character = String.fromCodePoint(point);
    const folded = fold(character);
    assert.equal(folded.length, character.length);
    if (folded === character) continue;
    const source = `^\\u{${(folded.codePointAt(0) as number).toString(16)}}$`;
    assert.ok(new RegExp(source, 'iu').test(character), `U+${point.toString(16)}`);
    assert.equal(fold(folded), folded);
  }
  assert.equal(fold('İstanbul ẞ Σς K'), 'İstanbul ß σσ k');
});

test('any text at all is read or refused with a SigmaError, never with another failure', () => {
  const word = fc.constantFrom('title: t\n', 'detection:\n', '  s: ', 'condition: ', '[', ']', '{', '}', '&a ', '*a ', '- ', '|', '\n', 'logsource: {category: x}\n', 'not ', '1 of ', '%x%', '!!binary ', '---\n', '?', ': ', 'null');
  fc.assert(fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 40 }), (words) => {
    const ruleset = compileRules([{ path: 'any.yml', text: words.join('') }]);
    for (const error of ruleset.errors) assert.ok(error.line >= 1);
  }), { numRuns: 1_500 });
});

const TIMESPAN_MS = 5;
interface Entry { readonly timeMs: number; readonly source: number; readonly value: string }
const entry = fc.record({ timeMs: fc.integer({ min: 0, max: 20 }), source: fc.integer({ min: 0, max: 2 }), value: fc.constantFrom('1', '2', 'x', 'X').map(String) });

/** Looks at every window that ends at an entry, holds the changed one, and reaches back one timespan. */
function naive(rule: CorrelationRule, entries: readonly Entry[], changed: number): number | null {
  const ends = [...new Set(entries.map(({ timeMs }) => timeMs))].sort((left, right) => right - left);
  const changedMs = (entries[changed] as Entry).timeMs;
  for (const endMs of ends) {
    if (endMs < changedMs || changedMs < endMs - rule.timespanMs) continue;
    const inside = entries.filter(({ timeMs }) => timeMs <= endMs && timeMs >= endMs - rule.timespanMs);
    let count: number;
    if (rule.correlation === 'event_count') count = inside.length;
    else if (rule.correlation === 'value_count') count = new Set(inside.map(({ value }) => fold(value))).size;
    else if (rule.correlation === 'temporal') count = new Set(inside.map(({ source }) => source)).size;
    else {
      let next = 0;
      for (const { source } of inside) if (source === next) next++;
      const reaches = inside.some(({ source, timeMs }) => source === rule.rules.length - 1 && timeMs === endMs) && next >= rule.rules.length;
      count = reaches ? rule.rules.length : 0;
    }
    if (rule.thresholds.every(({ value }) => count >= value)) return count;
  }
  return null;
}

test('random correlations: one pass over a window decides as looking at every window does', () => {
  const type = fc.constantFrom('event_count' as const, 'value_count' as const, 'temporal' as const, 'temporal_ordered' as const);
  fc.assert(fc.property(type, fc.integer({ min: 1, max: 4 }), fc.array(entry, { minLength: 1, maxLength: 25 }), (correlation, threshold, arrivals) => {
    const sources = correlation.startsWith('temporal') ? ['r0', 'r1', 'r2'] : ['r0'];
    const value = correlation.startsWith('temporal') ? 3 : threshold;
    const rule = { correlation, rules: sources, timespanMs: TIMESPAN_MS, thresholds: [{ operator: 'gte', value }], percentile: 50, expression: null, fields: correlation === 'value_count' ? ['f'] : [] } as unknown as CorrelationRule;
    const plain: Entry[] = [];
    const [entries, texts] = [new Entries(rule), new Texts()];
    let wasFalse = false;
    for (const one of arrivals) {
      let at = plain.length;
      while (at > 0 && (plain[at - 1] as Entry).timeMs > one.timeMs) at--;
      const source = one.source % sources.length;
      plain.splice(at, 0, { ...one, source });
      assert.equal(entries.insert(one.timeMs, source, texts.take(one.value)), at);
      const expected = naive(rule, plain, at);
      const found = decideWindow(rule, entries, texts, at, wasFalse);
      assert.equal(found?.count ?? null, expected);
      wasFalse = found === null && (wasFalse || at === plain.length - 1);
    }
  }), { numRuns: 2_000 });
});
