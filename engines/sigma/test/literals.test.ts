import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Automaton } from '../src/automaton.ts';
import { fold } from '../src/index.ts';
import { regexLiteral } from '../src/regex-literal.ts';
import { compileRegex } from '../src/regex.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'あ', '\u{1f600}'), { minLength: 1, maxLength: 6 }).map((letters) => letters.join(''));

test('every text that stands in the subject is reported, and no other', () => {
  fc.assert(fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 30 }), fc.array(fc.constantFrom('a', 'b', 'c', 'あ', '\u{1f600}', 'z'), { maxLength: 60 }), (texts, letters) => {
    const subject = letters.join('');
    const found = new Set<number>();
    new Automaton(texts).scan(subject, (index) => found.add(index));
    assert.deepEqual([...found].sort((left, right) => left - right), texts.flatMap((one, index) => (subject.includes(one) ? [index] : [])));
  }), { numRuns: 1_000 });
});

test('texts of a huge alphabet are split over several tables and still found', () => {
  const texts = Array.from({ length: 3_000 }, (_, index) => String.fromCharCode(0x4e00 + index, 0x4e00 + ((index * 7) % 3_000), 0x3042));
  const automaton = new Automaton(texts);
  for (const wanted of [0, 1_499, 2_999]) {
    const found = new Set<number>();
    automaton.scan(`..${texts[wanted]}..`, (index) => found.add(index));
    assert.deepEqual([...found], [wanted]);
  }
});

test('the text taken from a regular expression stands in everything the expression matches', () => {
  const atom: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'bc', 'K', '\u{1f600}', '\\.', '.', '[ab]', '[^a]', '[]a]', '[[:alpha:]]', '\\w', '\\x61', '\\x{62}', '\\pL', '\\p{Greek}', '{', '}', '^', '$', '(?i)');
  const piece = fc.tuple(fc.oneof({ weight: 5, arbitrary: atom }, fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => `(?:${atoms.join('|')})`)), fc.constantFrom('', '', '', '', '*', '+', '?', '{0,2}', '{2}'));
  const regex = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.map(([text, repeat]) => (/^(\^|\$|\(\?i\))$/.test(text) ? text : text.length > 1 && repeat !== '' && !/^[[(\\]/.test(text) ? `(?:${text})${repeat}` : text + repeat)).join(''));
  const subject = fc.array(fc.constantFrom('a', 'b', 'c', 'k', 'K', '.', '{', '\u{1f600}', 'σ', 'A', 'B'), { maxLength: 8 }).map((letters) => letters.join(''));
  fc.assert(fc.property(regex, fc.array(subject, { minLength: 10, maxLength: 10 }), (source, subjects) => {
    const matches = compileRegex(source, '', 'test', 1);
    const literal = fold(regexLiteral(source));
    for (const one of subjects) if (matches(one)) assert.ok(fold(one).includes(literal), `${source} matches "${one}" without "${literal}"`);
  }), { numRuns: 2_000 });
  assert.equal(regexLiteral('cmd.{0,5}(?:/c|/r).+clip(?:\\.exe)?'), 'clip');
  assert.equal(regexLiteral('one|other'), '');
  assert.equal(regexLiteral('xyz{|abc'), '');
  assert.equal(regexLiteral('\\\\Temp\\\\x+y'), '\\Temp\\x');
});
