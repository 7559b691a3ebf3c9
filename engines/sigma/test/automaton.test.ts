import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Automaton } from '../src/automaton.ts';

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
