import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CanonicalError, canonicalize } from '../src/index.ts';

function refused(value: unknown, code: string, path = ''): void {
  assert.throws(
    () => canonicalize(value),
    (error) => error instanceof CanonicalError && error.code === code && error.path === path,
  );
}

// Expected texts follow from RFC 8785 section 3.2.2.3 (ECMAScript Number::toString), given as IEEE 754 bit patterns.
test('numbers are written in the one ECMAScript form', () => {
  const byBits: [string, string][] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['3ff0000000000000', '1'],
    ['3fb999999999999a', '0.1'],
    ['3fd3333333333334', '0.30000000000000004'],
  ];
  for (const [bits, expected] of byBits) {
    assert.equal(canonicalize(Buffer.from(bits, 'hex').readDoubleBE()), expected);
  }
  assert.equal(canonicalize([1e20, 1e21, 123456789012345680000, 1e-6, 1e-7, 4.5, 2e-3, 1.0]), '[100000000000000000000,1e+21,123456789012345680000,0.000001,1e-7,4.5,0.002,1]');
});

test('keys are ordered by UTF-16 code units, not by code points or locale', () => {
  const value = { 'ﬀ': 1, '😀': 2, ö: 3, '1': 4, '\r': 5, '€': 6, '\u0080': 7, '10': 8, '2': 9, '': 10, A: 11, a: 12 };
  const keys = ['', '\\r', '1', '10', '2', 'A', 'a', '\u0080', 'ö', '€', '😀', 'ﬀ'];
  assert.equal(
    canonicalize(value).replaceAll(/:\d+/g, ''),
    '{' + keys.map((key) => `"${key}"`).join(',') + '}',
    'U+1F600 begins with the unit D83D, below FB00',
  );
});

test('only the required characters are escaped, in the shortest form and lower-case hex', () => {
  assert.equal(canonicalize('\b\t\n\f\r"\\/'), '"\\b\\t\\n\\f\\r\\"\\\\/"');
  assert.equal(canonicalize('\u0000\u001f\u000b'), '"\\u0000\\u001f\\u000b"');
  assert.equal(canonicalize('\u007f\u2028<é\u0301番屋😀'), '"\u007f\u2028<é\u0301番屋😀"');
  assert.notEqual(canonicalize('é'), canonicalize('e\u0301'), 'no Unicode normalisation');
});

test('literals, empties and nesting carry no white space', () => {
  assert.equal(canonicalize({ b: [true, false, null, [], {}], a: { z: '', y: [0] } }), '{"a":{"y":[0],"z":""},"b":[true,false,null,[],{}]}');
});

test('lone surrogates are refused in values and keys', () => {
  refused('\ud83d', 'lone_surrogate');
  refused(['ok', 'x\ude00y'], 'lone_surrogate', '/1');
  refused({ a: { '\udead': 1 } }, 'lone_surrogate', '/a/\udead');
});

test('what is not JSON is refused and never dropped in silence', () => {
  refused(undefined, 'not_json');
  refused({ a: undefined }, 'not_json', '/a');
  refused([1, , 2], 'not_json', '/1');
  refused({ 'a/b~c': () => 1 }, 'not_json', '/a~1b~0c');
  refused(10n, 'not_json');
  refused(Symbol('s'), 'not_json');
  refused({ [Symbol('hidden')]: 1 }, 'not_json');
  refused(new Date(0), 'not_json');
  refused(new Map([['a', 1]]), 'not_json');
  refused(new String('a'), 'not_json');
  refused([NaN], 'not_finite', '/0');
  refused(-Infinity, 'not_finite');
});

test('a toJSON method cannot show the hash something other than what is stored', () => {
  refused({ amount: 1, toJSON: () => ({ amount: 2 }) }, 'not_json', '/toJSON');
});

test('a key named __proto__ is ordinary data', () => {
  assert.equal(canonicalize(JSON.parse('{"b":1,"__proto__":{"x":1}}')), '{"__proto__":{"x":1},"b":1}');
});

test('cycles, depth and size are bounded', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  assert.throws(() => canonicalize(cycle), { code: 'too_deep' });
  assert.equal(canonicalize([[[]]], { maxDepth: 3 }), '[[[]]]');
  assert.throws(() => canonicalize([[[[]]]], { maxDepth: 3 }), { code: 'too_deep' });
  assert.throws(() => canonicalize('x'.repeat(2_000_000)), { code: 'too_large' });
  assert.equal(canonicalize('abc', { maxLength: 5 }), '"abc"');
  assert.throws(() => canonicalize('abcd', { maxLength: 5 }), { code: 'too_large' });
  assert.throws(() => canonicalize('\u0001', { maxLength: 5 }), { code: 'too_large' }, 'escapes count');
});

const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, shuffled(inner)]));
}

test('the text means the same value, whatever the order of keys was, and is a fixed point', () => {
  fc.assert(
    fc.property(json, (value) => {
      let text: string;
      try {
        text = canonicalize(value);
      } catch (error) {
        assert.equal((error as CanonicalError).code, 'lone_surrogate');
        return;
      }
      assert.deepEqual(JSON.parse(text), value);
      assert.equal(canonicalize(shuffled(value)), text);
      assert.equal(canonicalize(JSON.parse(text)), text);
    }),
    { numRuns: 1_000 },
  );
});
