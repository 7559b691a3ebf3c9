import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { between, withoutTags } from './targets.ts';

test('a long hostile answer of a store costs no more than its length', () => {
  const begun = performance.now();
  for (const hostile of ['<'.repeat(4_000_000), '<Contents>'.repeat(400_000), '<Contents><Key>'.repeat(250_000), 'a<b'.repeat(1_000_000)]) {
    withoutTags(hostile);
    assert.deepEqual([...between(hostile, '<Contents>', '</Contents>')], []);
  }
  // With regular expressions the first alone took minutes.
  assert.ok(performance.now() - begun < 2_000);
});

test('an answer is read as before: what stands between the tags, and the words of an error', () => {
  assert.deepEqual([...between('<a>1</a>x<a>2</a><a>3', '<a>', '</a>')], ['1', '2']);
  assert.equal(withoutTags('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No.</Message></Error>'), 'AccessDenied No.');
  assert.equal(withoutTags('plain words'), 'plain words');
  fc.assert(fc.property(fc.array(fc.constantFrom('<', '>', 'a', ' ')).map((p) => p.join('')), (text) => assert.doesNotMatch(withoutTags(text), /</)));
});
