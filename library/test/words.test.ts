import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadWords, WORD_CLASSES } from '../src/words.ts';

test('every class has words in Japanese and English, and threats are no orders', () => {
  const words = loadWords();
  for (const name of WORD_CLASSES) {
    assert.ok(words[name].filter((word) => /[^\x00-\x7f]/.test(word)).length >= 20, name);
    assert.ok(words[name].filter((word) => /^[a-z]/.test(word)).length >= 10, name);
  }
  const demands = new Set(words.demand);
  assert.deepEqual(words.threat.filter((word) => demands.has(word)), []);
});
