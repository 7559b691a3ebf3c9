import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Held, HeldValues } from '../src/held.ts';
import { compileRules, JsonEvent, parseRules } from '../src/index.ts';
import { holds } from '../src/oracle.ts';

const rule = (index: number, detection: string) => ({ path: `r${index}.yml`, text: `title: t\nlogsource: {category: test}\ndetection:\n${detection}\n` });
const lineOf = (event: unknown) => {
  const bytes = Buffer.from(JSON.stringify(event));
  return { bytes, text: bytes.toString('latin1') };
};

// What rules wait under changes while events come; a rule that is lost then would be lost without a word.
test('rules that learned from thousands of events where to wait decide as the naive evaluator does', () => {
  const word = fc.constantFrom('powershell', 'cmd.exe', '-enc', 'whoami', 'ntdll.dll', 'C:\\Windows\\', 'ａｂｃ', '😀', 'İK');
  const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const detection = fc.tuple(fc.array(word, { minLength: 2, maxLength: 4 }), word, fc.constantFrom('a', 'b')).map(([all, none, field]) => [
    `  s: {'${field}|contains|all': ${JSON.stringify(all)}}`, `  n: {'b|contains': ${JSON.stringify(none)}}`, '  condition: s and not n',
  ].join('\n'));
  fc.assert(fc.property(fc.array(detection, { minLength: 3, maxLength: 8 }), fc.array(fc.record({ a: text, b: text }), { minLength: 5, maxLength: 12 }), (detections, events) => {
    const sources = detections.map((one, index) => rule(index, one));
    const { rules } = parseRules(sources);
    const ruleset = compileRules(sources);
    const json = new JsonEvent();
    const cases = events.map((event) => ({ event, ...lineOf(event), expected: rules.filter((one) => one.type === 'rule' && holds(one.expression, event)).map(({ meta }) => meta.id) }));
    for (let round = 0; round * events.length < 2_000; round++) {
      for (const { event, bytes, text: line, expected } of cases) {
        assert.equal(json.open(bytes, line, 0, bytes.length), true);
        assert.deepEqual(ruleset.match(round % 2 === 0 ? json : event).map(({ ruleId }) => ruleId), expected);
      }
    }
  }), { numRuns: 25 });
});

// Of long values a hash looks at some characters only: two that differ elsewhere must not be taken for one.
test('values that differ in one character anywhere are told apart', () => {
  const ruleset = compileRules([rule(0, '  s: {\'a|contains\': needle}\n  condition: s')]);
  const json = new JsonEvent();
  for (let at = 0; at < 600; at++) {
    for (const text of ['needle', 'needlf']) {
      const { bytes, text: line } = lineOf({ a: 'x'.repeat(at) + text + 'x'.repeat(600 - at) });
      json.open(bytes, line, 0, bytes.length);
      assert.equal(ruleset.match(json).length, text === 'needle' ? 1 : 0, `${text} at ${at}`);
    }
  }
});

test('a value is given back with what was found out about it, whatever else has its hash', () => {
  const values = new HeldValues();
  const one = values.find(0, '"one"', 7);
  assert.equal(values.find(0, '"one"', 7), one);
  assert.notEqual(values.find(0, '"two"', 7), one);
  assert.deepEqual(values.find(0, '"two"', 7).values, ['two']);
  assert.deepEqual(values.find(0, '"one"', 7).values, ['one']);
  assert.deepEqual(values.find(1, '"one"', 7).values, ['one']);
});

// A flood of values that are all new must not take the memory.
test('values never seen again do not add up', () => {
  const values = new HeldValues();
  let most = 0;
  for (let index = 0; index < 60_000; index++) {
    values.find(index % 3, `"${String(index).padStart(400, 'v')}"`, Math.imul(index, 0x9e3779b1));
    most = Math.max(most, values.size.bytes);
  }
  assert.ok(most <= 16_000_000, `${most} bytes`);
  assert.ok(values.size.values <= 3 * 8_192);
});

test('a value too long to come again is read and not kept', () => {
  const values = new HeldValues();
  const raw = `"${'x'.repeat(10_000)}"`;
  assert.deepEqual(values.find(0, raw, 1).values, ['x'.repeat(10_000)]);
  assert.equal(values.size.values, 0);
});

test('a place for values without JSON text forgets the value before', () => {
  const held = new Held(null);
  held.reset('AB');
  assert.deepEqual([held.present, held.values, held.folded], [true, ['AB'], ['ab']]);
  held.decide(3, true);
  held.reset(['C', null]);
  assert.deepEqual([held.values, held.folded, held.decided(3)], [['C', null], ['c', null], undefined]);
  held.reset(undefined);
  assert.deepEqual([held.present, held.values], [false, []]);
});
