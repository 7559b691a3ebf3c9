import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { common, kindsOf, literals, mentions, normalise, pattern, sameAddress, type Indicator } from '@banya/indicators';

const of = (typed: string): Indicator => {
  const got = normalise(typed);
  assert.ok(got.ok, typed);
  return got.indicator;
};

describe('what mentions an indicator, and what only looks like it', () => {
  const CASES: readonly [typed: string, yes: readonly string[], no: readonly string[]][] = [
    ['10.0.0.1', ['srcip=10.0.0.1 dstip=1.1.1.1', '[10.0.0.1]', 'to 10.0.0.1:443', 'from 10.0.0.1.', '10.0.0.1'], ['10.0.0.11', '110.0.0.1', '10.0.0.1.5', '1.10.0.0.1']],
    ['2001:db8::1', ['src=2001:db8::1 ', '2001:DB8::1', '2001:0db8:0000:0000:0000:0000:0000:0001', '[2001:db8::1]:443'], ['2001:db8::11', '2001:db8::1:2:3', '12001:db8::1']],
    ['evil.example', ['hostname="evil.example"', 'www.EVIL.example/x', 'to evil.example.', 'u=https%3A%2F%2Fevil.example%2F', 'a@evil.example'], ['notevil.example', 'evil.example.com', 'evil.examples', 'my-evil.example']],
    ['日本語.jp', ['host=xn--wgv71a119e.jp', 'host=日本語.jp'], ['日本語xjp']],
    ['https://evil.example/a/b?x=1', ['url="https://evil.example/a/b?x=1"', 'evil.example/a/b?x=1&y=2', 'EVIL.example/a/b?x=1'], ['notevil.example/a/b?x=1', 'evil.example/a/b?x=12']],
    ['taro@example.com', ['from=<taro@example.com>', 'TARO+shop@example.com', 'taro@example.com.'], ['otaro@example.com', 'taro@example.com.au', 'a.taro@example.com']],
    ['taro+x@example.com', ['from=<taro@example.com>', '<taro+y@example.com>'], ['taroo@example.com']],
    ['d41d8cd98f00b204e9800998ecf8427e', ['md5=D41D8CD98F00B204E9800998ECF8427E '], ['d41d8cd98f00b204e9800998ecf8427e00']],
    ['tanaka', ['"msg":"Account Name:\\t\\ttanaka\\r\\n"', 'ユーザtanakaがログイン', 'a@tanaka'], ['tanakas', 'stanaka', 'x-tanaka']],
    ['CORP\\tanaka', ['user=CORP\\Tanaka ', '"Account":"corp\\\\tanaka"', 'corp.local\\tanaka'], ['CORP\\tanakas', 'XCORP\\tanaka', 'CORP tanaka']],
    ['KEIRI-03', ['devname="keiri-03"', 'KEIRI-03.corp.local'], ['KEIRI-031', 'XKEIRI-03', 'KEIRI-03-old']],
  ];
  for (const [typed, yes, no] of CASES) {
    test(typed, () => {
      for (const text of yes) assert.ok(mentions(of(typed), text), text);
      for (const text of no) assert.ok(!mentions(of(typed), text), text);
    });
  }
  test('a line that matches the pattern holds one of the quick texts: nothing is lost by looking for these first', () => {
    fc.assert(fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.emailAddress(), fc.webUrl()), fc.string(), fc.string(), (value, before, after) => {
      const got = normalise(value);
      if (!got.ok) return;
      for (const text of [`${before} ${got.indicator.value} ${after}`, `x="${got.indicator.value.toUpperCase()}"`]) {
        if (new RegExp(pattern(got.indicator), 'i').test(text)) assert.ok(literals(got.indicator).some((l) => text.toLowerCase().includes(l.toLowerCase())), text);
        else assert.fail(`${got.indicator.value} is found in ${text}`);
      }
    }), { numRuns: 2_000 });
  });
  test('aliases of a mailbox are the mailbox', () => {
    assert.ok(sameAddress('Taro+shop@Example.com', 'taro@example.com'));
    assert.ok(!sameAddress('taro@example.com', 'jiro@example.com'));
  });
});

test('values that everybody has are known as such', () => {
  const known = { kinds: kindsOf({ freemail: ['freemail.example'], storage: ['github.io', 'docs.google.com'], suffix: ['top'] }), brands: new Set(['bigshop.example']) };
  const why = (typed: string) => common(of(typed), known);
  assert.equal(why('192.168.1.1'), 'inside_address');
  assert.equal(why('fd00::1'), 'inside_address');
  assert.equal(why('8.8.8.8'), 'public_resolver');
  assert.equal(why('203.0.113.9'), null);
  assert.equal(why('d41d8cd98f00b204e9800998ecf8427e'), 'empty_file');
  assert.equal(why('freemail.example'), 'free_mail');
  assert.equal(why('fs1.corp.local'), null);
  assert.equal(why('docs.google.com'), 'shared_place');
  assert.equal(why('github.io'), 'shared_place');
  assert.equal(why('somebody.github.io'), null, "one customer's corner of it");
  assert.equal(why('www.bigshop.example'), 'well_known');
  assert.equal(why('taro@freemail.example'), null, 'one address of a free service is one person');
});
