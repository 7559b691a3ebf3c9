import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readField } from '../src/fields.ts';
import fc from 'fast-check';
import { Found } from '../src/automaton.ts';
import { Grams } from '../src/grams.ts';
import { compileRules, fold, JsonEvent } from '../src/index.ts';

const open = (event: JsonEvent, json: string) => {
  const bytes = Buffer.from(json);
  return event.open(bytes, bytes.toString('latin1'), 0, bytes.length);
};
const letter = fc.constantFrom('a', 'B', 'k', 'K', '\u212a', 's', '\u017f', 'S', '\\', '"', '/', '\n', 'é', 'É', '経', '\u{1f600}', ' ', '::', 'dll', '\ufffd');
const text = fc.array(letter, { maxLength: 12 }).map((letters) => letters.join(''));
const scalar = fc.oneof({ weight: 4, arbitrary: text }, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null));
const name = fc.constantFrom('a', 'b', 'Image', 'n.x', 'ö', 'q"', '__proto__', '');
const object = fc.dictionary(name, fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.constantFrom('x', 'y'), scalar, { maxKeys: 2, noNullPrototype: true })), { maxKeys: 5, noNullPrototype: true });
/** The same JSON with other escapes and spaces than JSON.stringify would choose. */
const written = fc.tuple(object, fc.constantFrom(undefined, 1), fc.boolean()).map(([value, indent, escape]) => {
  const json = JSON.stringify(value, null, indent);
  return escape ? json.replace(/[^\x00-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).replaceAll('/', '\\/') : json;
});

test('a field read out of the text is what JSON.parse would give', () => {
  const event = new JsonEvent();
  fc.assert(fc.property(written, (json) => {
    const whole = JSON.parse(json) as Record<string, unknown>;
    assert.equal(open(event, json), true);
    for (const field of ['a', 'b', 'Image', 'ö', 'q"', '__proto__', '', 'nobody']) assert.deepEqual(event.get(field), Object.hasOwn(whole, field) ? whole[field] : undefined, field);
    const values: unknown[] = [];
    event.each((value) => values.push(value));
    assert.deepEqual(values, Object.values(whole));
  }), { numRuns: 800 });
});

test('a dotted name is followed in the text as in the object', () => {
  const event = new JsonEvent();
  const name = fc.constantFrom('a', 'b', 'a.b', 'b.a', 'a.b.c', 'c');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(1, 'x', null, true), tie('list'), tie('map'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }), map: fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  }));
  fc.assert(fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 }), (made) => {
    const json = JSON.stringify(made);
    const object = JSON.parse(json) as Record<string, unknown>;
    assert.equal(open(event, json), true);
    for (const field of ['a', 'a.b', 'a.b.c', 'b.a', 'a.a', 'a.b.a.b', 'c.c']) assert.deepEqual(event.get(field), readField(object, field), field);
  }), { numRuns: 800 });
});

test('rules decide about the text of an event as about the event', () => {
  const word = text.filter((one) => one !== '');
  const value = fc.oneof(word.map((one) => JSON.stringify(one)), fc.integer({ min: -5, max: 5 }).map(String));
  const item = fc.tuple(fc.constantFrom('a', 'b', 'Image', 'n.x', 'a.x'), fc.constantFrom('', '|contains', '|endswith', '|neq'), value).map(([field, modifier, one]) => `{'${field}${modifier}': ${one}}`);
  const rule = fc.oneof(item, value.map((one) => `[${one}]`)).map((selection) => `title: t\nlogsource: {category: test}\ndetection:\n  s: ${selection}\n  condition: s\n`);
  const event = new JsonEvent();
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.array(written, { minLength: 1, maxLength: 4 }), (rules, lines) => {
    const ruleset = compileRules(rules.map((one, index) => ({ path: `r${index}`, text: one })));
    const all = Buffer.from(lines.join('\n'));
    const latin1 = all.toString('latin1');
    let start = 0;
    for (const line of lines) {
      const end = start + Buffer.byteLength(line);
      assert.equal(event.open(all, latin1, start, end), true);
      start = end + 1;
      assert.deepEqual(ruleset.match(event), ruleset.match(JSON.parse(line) as Record<string, unknown>), line);
    }
  }), { numRuns: 800 });
});

test('of two values of one name the last counts, and names may be written in escapes', () => {
  const event = new JsonEvent();
  assert.equal(open(event, '{"a":1,"a":"two"}'), true);
  assert.equal(event.get('a'), 'two');
  assert.equal(open(event, '{"\\u0061":3}'), true);
  assert.equal(event.get('a'), 3);
});

test('refused: what is not the outline of one object', () => {
  const event = new JsonEvent();
  for (const json of ['', '1', '[1]', '{', '{"a"', '{"a":', '{"a":1', '{"a":"x', '{"a":"x\\"}', '{"a":1}x', '{"a":1 "b":2}', '{a:1}', '{"a":[1}', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`, '{"a":}', '{"\\x":1}']) {
    assert.equal(open(event, json), false, json);
  }
});

test('refused: values nested too deep, also behind a name in escapes, whose event is parsed whole', () => {
  const event = new JsonEvent();
  const nested = (name: string, depth: number) => `{"${name}":${'['.repeat(depth)}"]["${']'.repeat(depth)},"CommandLine":"whoami"}`;
  for (const name of ['a', '\\u0061']) assert.deepEqual([64, 65, 100_000].map((depth) => open(event, nested(name, depth))), [true, false, false], name);
  assert.equal(open(event, `{"\\u0061":"${'['.repeat(100)}","CommandLine":"whoami"}`), true, 'brackets in a text are text');
  assert.equal(event.get('CommandLine'), 'whoami');
});

test('texts are found in strings and in JSON wherever they stand, whatever their case', () => {
  const wanted = fc.uniqueArray(text.map((one) => fold(one).replace(/[\ud800-\udfff]/g, '')).filter((one) => one.length >= 3 || /[^\x00-\x7f]/.test(one)), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(wanted, fc.array(letter, { maxLength: 60 }), (texts, letters) => {
    const subject = letters.join('');
    const grams = new Grams(new Map(texts.map((one, index) => [one, [index]])));
    const expected = texts.flatMap((one, index) => (fold(subject).includes(one) ? [index] : []));
    const found = new Found(texts.length);
    found.clear();
    grams.scan(subject, found);
    for (const index of expected) assert.ok(found.numbers.includes(index), `"${texts[index]}" in "${subject}"`);
    if (/[\u017f\u212a]/.test(subject)) return;
    const json = Buffer.from(JSON.stringify(subject));
    found.clear();
    if (grams.hasBeyond && /[^\x00-\x7f]/.test(subject)) return;
    grams.scanJson(json, 1, json.length - 1, found);
    for (const index of expected) assert.ok(found.numbers.includes(index), `"${texts[index]}" in ${json}`);
  }), { numRuns: 1_500 });
});

// Names are remembered; a sender that makes up new ones, or ones that meet in the table, must neither fill it nor hide a field.
test('fields are found among any number of names, also names made to meet in the table', () => {
  const event = new JsonEvent();
  for (let round = 0; round < 60; round++) {
    const names = Array.from({ length: 100 }, (_, index) => (round % 2 === 0 ? `n${round}x${index}` : `a${String(round * 100 + index).padStart(8, '0').replace(/(....)(....)/, '$1m$2')}z`));
    const json = JSON.stringify(Object.fromEntries([...names, `wanted${round}`].map((name) => [name, name])));
    assert.equal(open(event, json), true);
    for (const name of [`wanted${round}`, names[0]!, names[99]!]) assert.equal(event.get(name), name);
    assert.equal(event.get('nobody'), undefined);
  }
});

test('the order of names in the last event decides nothing about the next', () => {
  const event = new JsonEvent();
  fc.assert(fc.property(fc.array(fc.shuffledSubarray(['a', 'ab', 'abc', 'b', 'Image', 'n.x'], { minLength: 1 }), { minLength: 2, maxLength: 6 }), (orders) => {
    for (const names of orders) {
      assert.equal(open(event, JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index])))), true);
      for (const name of ['a', 'ab', 'abc', 'b', 'Image', 'n.x']) assert.equal(event.get(name), names.includes(name) ? names.indexOf(name) : undefined);
    }
  }), { numRuns: 400 });
});
