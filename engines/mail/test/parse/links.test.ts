import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { hostOf, normaliseHost, registrable } from '@banya/indicators/hosts';
import { defang, findUrls, linksOfText, toLink } from '../../src/parse/links.ts';

const urls = (text: string) => findUrls(text).map(({ url }) => url);

describe('URLs in text', () => {
  const CASES: readonly [text: string, ...urls: string[]][] = [
    ['https://example.jp/abcを開く', 'https://example.jp/abc'],
    ['https://example.jpを開く', 'https://example.jp'],
    ['「https://example.jp/abc」をご確認', 'https://example.jp/abc'],
    ['こちら（https://example.jp/a）です。', 'https://example.jp/a'],
    ['URL：https://example.jp/a。次', 'https://example.jp/a'],
    ['https://example.jp/a?x=1&y=2、', 'https://example.jp/a?x=1&y=2'],
    ['See (https://example.jp/a_(b)).', 'https://example.jp/a_(b)'],
    ['<https://example.jp/a>', 'https://example.jp/a'],
    ['"https://example.jp/a",', 'https://example.jp/a'],
    ['https://example.jp/a　https://example.com/b', 'https://example.jp/a', 'https://example.com/b'],
    ['https://日本語.jp/abc です', 'https://日本語.jp/abc'],
    ['https://xn--wgv71a119e.jp/', 'https://xn--wgv71a119e.jp/'],
    ['https://exаmple.com/login', 'https://exаmple.com/login'],
    ['https://bank.example@evil.test/x', 'https://bank.example@evil.test/x'],
    ['http://192.0.2.1:8080/xへ', 'http://192.0.2.1:8080/x'],
    ['HTTPS://EXAMPLE.JP/A', 'HTTPS://EXAMPLE.JP/A'],
    ['hxxps://example[.]jp/a', 'hxxps://example[.]jp/a'],
    ['www.example.com/a, next', 'www.example.com/a'],
    ['example.com/login へ', 'example.com/login'],
    ['taro@example.com/x', ],
    ['file.txt/abc and 12.5/kg and e.g./x', ],
    ['https://', ],
    ['ｈttps://example.jp/', ],
    ['https://example.jp/a?u=https://example.com/b', 'https://example.jp/a?u=https://example.com/b'],
    ['https://example.jp/a…', 'https://example.jp/a'],
    ['**https://example.jp/a**', 'https://example.jp/a'],
  ];
  for (const [text, ...expected] of CASES) test(text, () => assert.deepEqual(urls(text), expected));

  test('each URL is one link, with its place told', () => {
    assert.equal(linksOfText('https://a.example/ https://a.example/ https://b.example/').length, 2);
    assert.deepEqual(findUrls('あ https://a.example/'), [{ url: 'https://a.example/', at: 2 }]);
  });
  test('long runs of URL-like text end in linear time', () => {
    const before = performance.now();
    for (const piece of ['http://', 'a.', 'www.', 'https://a/(', '((((', 'a-', 'https://あ', 'a@', 'https://exаmple.com.', '[.]']) findUrls(piece.repeat(100_000 / piece.length));
    assert.ok(performance.now() - before < 10_000);
  });
});

describe('hosts', () => {
  const HOSTS: readonly [url: string, host: string][] = [
    ['https://WWW.Example.JP./x', 'www.example.jp'],
    ['https://user:pass@evil.test/', 'evil.test'],
    ['https://bank.example%40evil.test/', ''],
    ['https://bank.example\\@evil.test/', 'bank.example'],
    ['https:\\\\evil.test\\x', 'evil.test'],
    ['https:///evil.test/', 'evil.test'],
    ['http://3221225985/', '192.0.2.1'],
    ['http://0xc0000201/', '192.0.2.1'],
    ['http://0300.0.02.1/', '192.0.2.1'],
    ['http://192.513/', '192.0.2.1'],
    ['http://[2001:DB8::1]:80/', '[2001:db8::1]'],
    ['https://日本語.jp/', 'xn--wgv71a119e.jp'],
    ['https://ｅｘａｍｐｌｅ．ｊｐ/', 'example.jp'],
    ['https://example。jp/', 'example.jp'],
    ['https://exаmple.com/', 'xn--exmple-4nf.com'],
    ['hxxps://example[.]jp/', 'example.jp'],
    ['https://ex%61mple.jp/', 'example.jp'],
    ['https://example.jp:8443/x', 'example.jp'],
    ['javascript:alert(1)', ''],
    ['data:text/html,https://x.example', ''],
  ];
  for (const [url, host] of HOSTS) test(`${url} leads to ${host || 'no host'}`, () => assert.equal(hostOf(url), host));

  test('the domain somebody registered, private suffixes included', () => {
    assert.equal(registrable('www.mail.example.co.jp'), 'example.co.jp');
    assert.equal(registrable('a.b.city.kawasaki.jp'), 'city.kawasaki.jp');
    assert.equal(registrable('shop.github.io'), 'shop.github.io');
    assert.equal(registrable('deep.shop.github.io'), 'shop.github.io');
    assert.equal(registrable('www.example.test'), 'example.test');
    for (const none of ['co.jp', 'jp', '192.0.2.1', '[2001:db8::1]', 'localhost', '', 'a b', '..']) assert.equal(registrable(none), undefined, none);
  });
  test('a link keeps its URL, cut to 4,096 characters, and its text to 200', () => {
    const link = toLink(`https://a.example/${'x'.repeat(10_000)}`, 'html', { text: 'y'.repeat(1_000) });
    assert.equal(link?.url.length, 4_096);
    assert.equal(link?.text?.length, 200);
    assert.deepEqual(toLink('http://192.0.2.1/a', 'text'), { url: 'http://192.0.2.1/a', host: '192.0.2.1', domain: '192.0.2.1', from: 'text' });
  });
  test('any text is taken as a host, and the result is stable', () => {
    assert.equal(normaliseHost('⑴.example'), '1.example');
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const host = normaliseHost(text);
      assert.ok(host.length <= 253 && !/[\s/@]/.test(host));
      assert.equal(normaliseHost(host), host);
      assert.equal(typeof hostOf(`https://${text}`), 'string');
    }), { numRuns: 1_000, examples: [['⑴']] });
  });
});

describe('defanged URLs', () => {
  test('no program makes a link of them', () => {
    assert.equal(defang('https://www.example.jp/a.b?c=d'), 'hxxps://www[.]example[.]jp/a.b?c=d');
    assert.equal(defang('http://u@192.0.2.1/'), 'hxxp://u[@]192[.]0[.]2[.]1/');
    assert.equal(defang('www.example.jp'), 'www[.]example[.]jp');
    assert.equal(defang('javascript:alert(1)'), 'javascript[:]alert(1)');
    assert.equal(defang('https://a.example/\u202egpj.exe'), 'hxxps://a[.]example/gpj.exe');
  });
  test('whatever the URL, its scheme and the dots of its host are broken', () => {
    fc.assert(fc.property(fc.webUrl(), (url) => {
      const safe = defang(url);
      assert.ok(!/https?:\/\//i.test(safe.slice(0, 12)));
      assert.deepEqual(urls(safe).filter((found) => /^https?:/i.test(found) && safe.startsWith(found)), []);
    }), { numRuns: 300 });
  });
});
