import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { normalise, NORMALISE_MAX, type Indicator } from '@banya/indicators';

const read = (typed: string): Indicator => {
  const got = normalise(typed);
  assert.ok(got.ok, `${typed} is read`);
  return got.indicator;
};
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

describe('what people paste', () => {
  const CASES: readonly [typed: string, kind: Indicator['kind'], value: string][] = [
    ['192.0.2.1', 'ip', '192.0.2.1'],
    ['１９２．０．２．１', 'ip', '192.0.2.1'],
    ['192[.]0[.]2[.]1', 'ip', '192.0.2.1'],
    ['192.0.2[.1', 'ip', '192.0.2.1'],
    ['192(dot)0(dot)2(dot)1', 'ip', '192.0.2.1'],
    ['IP：192.0.2.1。', 'ip', '192.0.2.1'],
    ['192.0.2.1:8443', 'ip', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', 'ip', '2001:db8::1'],
    ['[2001:db8::1]:443', 'ip', '2001:db8::1'],
    ['fe80::1%eth0', 'ip', 'fe80::1'],
    ['::ffff:192.0.2.1', 'ip', '192.0.2.1'],
    ['http://3221225985/', 'ip', '192.0.2.1'],
    ['hxxp://192[.]0[.]2[.]1/', 'ip', '192.0.2.1'],
    ['Evil.Example.COM', 'domain', 'evil.example.com'],
    ['evil[.]example[.]com', 'domain', 'evil.example.com'],
    ['evil[dot]example{.}com.', 'domain', 'evil.example.com'],
    ['「evil.example.com」', 'domain', 'evil.example.com'],
    ['ドメイン: evil.example.com', 'domain', 'evil.example.com'],
    ['ｅｖｉｌ．ｅｘａｍｐｌｅ．ｃｏｍ', 'domain', 'evil.example.com'],
    ['evil\u200b.example\u00ad.com', 'domain', 'evil.example.com'],
    ['evil.example', 'domain', 'evil.example'],
    ['日本語.jp', 'domain', 'xn--wgv71a119e.jp'],
    ['xn--wgv71a119e.jp', 'domain', 'xn--wgv71a119e.jp'],
    ['hxxps://evil[.]example[.]com', 'domain', 'evil.example.com'],
    ['https://evil.example.com/', 'domain', 'evil.example.com'],
    ['hxxps[:]//evil[.]example[.]com/a/../b?c=d#e', 'url', 'https://evil.example.com/b?c=d'],
    ['hXXp://Evil.example.com:80/Login', 'url', 'http://evil.example.com/Login'],
    ['h**p://evil.example.com/x', 'url', 'http://evil.example.com/x'],
    ['evil.example.com/x', 'url', 'http://evil.example.com/x'],
    ['https://bank.example.com@evil.example.net/x', 'url', 'https://evil.example.net/x'],
    ['<https://evil.example.com/x>', 'url', 'https://evil.example.com/x'],
    ['https://[2001:db8::1]/x', 'url', 'https://[2001:db8::1]/x'],
    ['Taro@Example.com', 'address', 'taro@example.com'],
    ['mailto:taro@example.com', 'address', 'taro@example.com'],
    ['taro[@]example[.]com', 'address', 'taro@example.com'],
    ['taro (at) example.com', 'address', 'taro@example.com'],
    ['差出人：taro+shop@example.com', 'address', 'taro+shop@example.com'],
    [SHA256.toUpperCase(), 'sha256', SHA256],
    [`SHA256: ${SHA256}`, 'sha256', SHA256],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 'sha1', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['MD5=D41D8CD98F00B204E9800998ECF8427E', 'md5', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['CORP\\Tanaka', 'account', 'corp\\tanaka'],
    ['CORP\\\\Tanaka', 'account', 'corp\\tanaka'],
    ['KEIRI-03', 'name', 'keiri-03'],
    ['経理03', 'name', '経理03'],
    ['fs1.corp.local', 'name', 'fs1.corp.local'],
    ['tanaka', 'name', 'tanaka'],
    ['PC01$', 'name', 'pc01$'],
  ];
  for (const [typed, kind, value] of CASES) test(typed, () => assert.deepEqual({ kind: read(typed).kind, value: read(typed).value }, { kind, value }));

  test('what was done to it is told: made whole, an international name, an alias, a port and a user left out', () => {
    assert.deepEqual(read('evil[.]example[.]com').notes, ['refanged']);
    assert.deepEqual(read('日本語.jp').notes, ['idn']);
    assert.deepEqual(read('taro+shop@example.com'), { kind: 'address', value: 'taro+shop@example.com', host: 'example.com', registrable: 'example.com', base: 'taro@example.com', notes: ['alias'] });
    assert.deepEqual(read('192.0.2.1:53').notes, ['port_dropped']);
    assert.deepEqual(read('https://bank.example.com@evil.example.net/x').notes, ['user_dropped']);
    assert.deepEqual(read('http://0xc0000201/x').notes, ['odd_address']);
    assert.equal(read('CORP\\tanaka').base, 'tanaka');
  });
  test('the domain somebody registered stands beside a host below it', () => {
    assert.equal(read('www.mail.evil.co.jp').registrable, 'evil.co.jp');
    assert.equal(read('https://a.evil.example.com/x').registrable, 'example.com');
    assert.equal(read('192.0.2.1').registrable, undefined);
    assert.equal(read('fs1.corp.local').registrable, undefined);
  });
  test('a word of hexadecimal digits is a name again where the caller knows better', () => {
    const got = normalise('beef', { as: 'account' });
    assert.ok(got.ok && got.indicator.kind === 'name');
  });
});

describe('what is refused, and why', () => {
  const REFUSED: readonly [typed: string, code: string][] = [
    ['', 'empty'], [' 　\u200b', 'empty'], ['a'.repeat(NORMALISE_MAX + 1), 'too_long'], ['192.0.2.1 192.0.2.2', 'several'], ['evil.example.com\nother.example.com', 'several'], ['10.0.0.0/8', 'range'], ['2001:db8::/32', 'range'],
    ['https://', 'unknown'], ['@example.com', 'unknown'], ['a@b', 'unknown'], ['CORP\\', 'unknown'], ['---', 'unknown'], ["' OR 1=1 --", 'several'], ["x'; DROP", 'several'], ['javascript:alert(1)', 'unknown'], ['a/b', 'unknown'],
  ];
  for (const [typed, code] of REFUSED) test(JSON.stringify(typed.slice(0, 40)), () => assert.deepEqual(normalise(typed), { ok: false, code }));
});

describe('for any text', () => {
  const bound = { numRuns: 3_000 };
  test('nothing throws, and a normal form is normal: reading it again gives the same', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.webUrl(), fc.emailAddress(), fc.ipV4(), fc.ipV6(), fc.domain(), fc.stringMatching(/^[a-f0-9]{28,70}$/), fc.stringMatching(/^[A-Z]{1,8}\\[a-z0-9.]{1,12}$/)), (typed) => {
      const first = normalise(typed);
      if (!first.ok) return;
      const again = normalise(first.indicator.value);
      assert.ok(again.ok, `${first.indicator.value} is read again`);
      assert.deepEqual([again.indicator.kind, again.indicator.value], [first.indicator.kind, first.indicator.value]);
    }), bound);
  });
  test('breaking an address for eyes and case change nothing of what it is', () => {
    fc.assert(fc.property(fc.oneof(fc.domain(), fc.ipV4()), (value) => {
      const plain = normalise(value);
      if (!plain.ok) return;
      for (const broken of [value.replaceAll('.', '[.]'), value.replaceAll('.', '(dot)'), `「${value}」`, ` ${value}。`, value.toUpperCase(), value.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))]) {
        const got = normalise(broken);
        assert.ok(got.ok, broken);
        assert.equal(got.indicator.value, plain.indicator.value, broken);
      }
    }), bound);
  });
  test('long runs of one piece end in linear time', () => {
    const before = performance.now();
    for (const piece of ['[.]', '(', '「', 'hxxp://', 'a@', '\\', ':', '%', 'xn--', '。', 'IP:', 'ａ', '١']) normalise(piece.repeat(Math.floor(NORMALISE_MAX / piece.length)));
    assert.ok(performance.now() - before < 2_000);
  });
});
