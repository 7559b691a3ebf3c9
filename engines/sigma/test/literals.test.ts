import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Automaton, Found } from '../src/automaton.ts';
import { fold } from '../src/index.ts';
import { regexLiteral } from '../src/regex-literal.ts';
import { compileRegex } from '../src/regex.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'あ', 'σ'), { minLength: 1, maxLength: 6 }).map((letters) => letters.join(''));

const automatonOf = (texts: readonly string[]) => new Automaton(new Map(texts.map((one, index) => [one, [index]])));
function scan(texts: readonly string[], subject: string): number[] {
  const found = new Found(texts.length);
  found.clear();
  automatonOf(texts).scan(subject, found);
  return found.numbers.sort((left, right) => left - right);
}

test('every text that stands in the subject is reported, and no other', () => {
  fc.assert(fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 30 }), fc.array(fc.constantFrom('a', 'b', 'c', 'あ', 'σ', '\u{1f600}', 'z'), { maxLength: 60 }), (texts, letters) => {
    const subject = letters.join('');
    assert.deepEqual(scan(texts, subject), texts.flatMap((one, index) => (subject.includes(one) ? [index] : [])));
  }), { numRuns: 1_000 });
});

test('texts of a huge alphabet are split over several tables and still found', () => {
  const texts = Array.from({ length: 3_000 }, (_, index) => String.fromCharCode(0x4e00 + index, 0x4e00 + ((index * 7) % 3_000), 0x3042));
  const automaton = automatonOf(texts);
  const found = new Found(texts.length);
  for (const wanted of [0, 1_499, 2_999]) {
    found.clear();
    automaton.scan(`..${texts[wanted]}..`, found);
    assert.deepEqual(found.numbers, [wanted]);
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
