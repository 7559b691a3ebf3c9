import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadBrands } from '@banya/library';
import fc from 'fast-check';
import { toASCII } from 'tr46';
import { skeleton } from '../../src/identity/confusables.ts';
import { deletions, distance } from '../../src/identity/edit.ts';
import { isMisspelt, lookalikes, prepareTargets } from '../../src/identity/lookalike.ts';
import type { Brand } from '../../src/types.ts';

const brand = (id: string, domains: string[], more: Partial<Brand> = {}): Brand => ({ id, name: { ja: id, en: id }, spellings: [`${id} brand`], domains, trade: 'shop', ...more });
const brands: Brand[] = [
  brand('minamoto', ['minamoto-bank.example.jp', 'minamotobank.co.jp', 'minamotobank.com'], { spellings: ['ミナモト銀行', 'ロカトニ'] }),
  brand('modern', ['modernmail.com']),
  brand('everyday', ['gadget.com'], { everyday: true }),
  brand('short', ['abx.co.jp']),
  brand('plain', ['family.co.jp']),
];
const targets = prepareTargets({ ownDomains: ['sakanaya.co.jp', 'sakanaya.lg.jp'], partners: [{ domain: 'oroshiuri.jp' }], brands });
const hows = (host: string) => lookalikes(host, targets).map(({ target, targetKind, how }) => `${targetKind} ${target} ${how}`);
const only = (host: string) => {
  const found = hows(host);
  assert.equal(found.length, 1, `${host}: ${found.join(', ') || 'nothing'}`);
  return found[0];
};

test('letters of another script and pairs that look like one are seen through', () => {
  assert.equal(only('sakаnaya.com'), 'own sakanaya.co.jp punycode');
  assert.equal(only(toASCII('sаkаnaya.jp')!), 'own sakanaya.co.jp punycode');
  assert.equal(only('modernmai1.com'), 'brand modernmail.com homoglyph');
  assert.equal(only('modemmail.com'), 'brand modernmail.com homoglyph');
  assert.equal(only('moclernmail.net'), 'brand modernmail.com homoglyph');
  assert.equal(only('0roshiuri.jp'), 'partner oroshiuri.jp homoglyph');
  assert.equal(only('ｓakanaya.test'), 'own sakanaya.co.jp wrong_suffix');
});

test('Japanese characters that look alike are seen through, in names of brands written in kana', () => {
  assert.equal(skeleton('ロカタエニハトヘー'), skeleton('口力夕工二八卜へ一'));
  assert.equal(only('口力卜二.com'), 'brand minamoto-bank.example.jp punycode');
  assert.equal(only('ミナモト銀行.test'), 'brand minamoto-bank.example.jp punycode');
});

test('a slip of the key, two for long names', () => {
  assert.equal(only('sakanoya.co.jp'), 'own sakanaya.co.jp edit');
  assert.equal(only('skaanaya.jp'), 'own sakanaya.co.jp edit');
  assert.equal(only('minamotbnk.com'), 'brand minamotobank.co.jp edit');
});

test('words put around a name', () => {
  assert.equal(only('sakanaya-login.test'), 'own sakanaya.co.jp added_word');
  assert.equal(only('secure-sakanaya.test'), 'own sakanaya.co.jp added_word');
  assert.equal(only('sakanayasupport.test'), 'own sakanaya.co.jp added_word');
  assert.equal(only('sakanaya-jp.com'), 'own sakanaya.co.jp added_word');
  assert.equal(only('sakanaya-co-jp.com'), 'own sakanaya.co.jp added_word');
  assert.equal(only('sakan4ya-2024-update.test'.replace('4', 'a')), 'own sakanaya.co.jp added_word');
  assert.equal(only('login-modernmai1-id.test'), 'brand modernmail.com homoglyph');
  assert.equal(only('gadget-verify.test'), 'brand gadget.com added_word');
  assert.equal(only('abx-login.test'), 'brand abx.co.jp added_word');
});

test("the name under another suffix; the owner's own other suffixes are no look-alikes", () => {
  assert.equal(only('sakanaya.com'), 'own sakanaya.co.jp wrong_suffix');
  assert.deepEqual(hows('www.sakanaya.lg.jp'), []);
  assert.deepEqual(hows('minamotobank.com'), []);
  assert.equal(only('minamotobank.test'), 'brand minamotobank.co.jp wrong_suffix');
});

test('a real domain put in front of another, also glued by hyphens and across the border', () => {
  assert.equal(only('sakanaya.co.jp.evil.test'), 'own sakanaya.co.jp subdomain');
  assert.equal(only('www.sakanaya-co-jp.evil.test'), 'own sakanaya.co.jp subdomain');
  assert.equal(only('abx.co.jp-confirm.test'), 'brand abx.co.jp subdomain');
  assert.equal(only('minamotobank.login.evil.test'), 'brand minamotobank.co.jp subdomain');
  assert.equal(only(toASCII('sakanaya.co.jpノlogin.evil.test')!), 'own sakanaya.co.jp subdomain');
});

test('no alarm for short names, ordinary words, rooms at services and neighbours of everyday names', () => {
  for (const host of ['abz.co.jp', 'abx.com', 'abx-shop.test', 'abxlogin.test', 'gadgets.com', 'gadget.net', 'gadget-shop.test', 'family.com', 'family-support.test', 'sakanaya.service.test', 'sakana.jp', 'anaya.jp', 'modern.test', 'bank.test', '192.0.2.1', '[2001:db8::1]', '', 'localhost', 'co.jp'])
    assert.deepEqual(hows(host), [], host);
});

test('hostile names cost no time and throw nothing', () => {
  const started = performance.now();
  for (const host of [`${'login-'.repeat(40)}x.test`, `${'a-'.repeat(120)}test`, 'xn--'.repeat(60), `${'1'.repeat(63)}.test`, '.'.repeat(1_000), 'ー'.repeat(60), `${'sakanaya.'.repeat(25)}test`, '\ud800.test', 'xn--999999999.test']) lookalikes(host, targets);
  assert.ok(performance.now() - started < 2_000);
  fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (host) => lookalikes(host, targets).length <= 5));
});

const real = loadBrands();
const all = prepareTargets({ ownDomains: ['sakanaya.co.jp'], partners: [], brands: real });

test('a domain of a brand, of a partner or of the organisation, and any host below it, is never a look-alike', () => {
  const domains = [...real.flatMap((one) => one.domains), 'sakanaya.co.jp'];
  for (const domain of domains) assert.deepEqual(lookalikes(domain, all), [], domain);
  fc.assert(fc.property(fc.constantFrom(...domains), fc.domain(), (domain, sub) => lookalikes(`${sub}.${domain}`.slice(-250), all).length === 0), { numRuns: 500 });
});

test('the index finds exactly the misspellings that comparing with every name finds', () => {
  const names = new Map(real.filter(({ everyday }) => everyday !== true).map(({ domains }) => [domains[0]!.split('.', 1)[0]!, domains[0]!] as const));
  const labels = [...names.keys()].filter((label) => /^[a-z-]{6,40}$/.test(label) && prepareTargets({ ownDomains: [`${label}.co.jp`], partners: [], brands: [] }).indexes[0]!.byDeletion.size > 0);
  const one = prepareTargets({ ownDomains: labels.map((label) => `${label}.co.jp`), partners: [], brands: [] });
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const slip = (word: string, kind: number, at: number, letter: string): string => {
    const i = at % word.length;
    if (kind === 0) return word.slice(0, i) + word.slice(i + 1);
    if (kind === 1) return word.slice(0, i) + letter + word.slice(i);
    if (kind === 2) return word.slice(0, i) + letter + word.slice(i + 1);
    return word.slice(0, i) + (word[i + 1] ?? '') + word[i]! + word.slice(i + 2);
  };
  const slips = fc.array(fc.tuple(fc.nat(3), fc.nat(40), fc.constantFrom(...letters)), { minLength: 1, maxLength: 3 });
  const skeletons = new Set(labels.map(skeleton));
  let checked = 0;
  fc.assert(
    fc.property(fc.constantFrom(...labels), slips, (label, changes) => {
      const typed = changes.reduce((word, [kind, at, letter]) => slip(word, kind, at, letter), label);
      if (!/^[a-z][a-z-]*[a-z]$/.test(typed) || typed.includes('--') || skeletons.has(skeleton(typed)) || skeletons.has(skeleton(typed).replaceAll('-', ''))) return;
      const naive = labels.filter((target) => isMisspelt(typed, target)).map((target) => `${target}.co.jp`);
      const found = lookalikes(`${typed}.test`, one).filter(({ how }) => how === 'edit');
      if (naive.length === 0) assert.ok(found.every(({ target }) => typed.includes('-') && target !== ''), typed);
      else assert.deepEqual(new Set(found.map(({ target }) => target)), new Set(naive.slice(0, 5)), typed);
      checked++;
    }),
    { numRuns: 2_000 },
  );
  assert.ok(checked > 1_000);
});

test('distance is symmetric, cut off at its bound, and words within it share a form with letters left out', () => {
  const word = fc.stringMatching(/^[abc]{0,9}$/);
  fc.assert(
    fc.property(word, word, fc.constantFrom(1, 2), (a, b, max) => {
      const far = distance(a, b, max);
      assert.equal(far, distance(b, a, max));
      assert.ok(far <= max + 1);
      assert.equal(far === 0, a === b);
      if (far <= max) assert.ok([...deletions(a, max)].some((form) => deletions(b, max).has(form)), `${a} ${b}`);
    }),
    { numRuns: 3_000 },
  );
});
