import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLures } from '@banya/library';
import fc from 'fast-check';
import { findLures, GAP, prepareLures } from '../src/lures.ts';
import type { Lure } from '../src/types.ts';

const real = prepareLures(loadLures());
const families = (text: string) => [...new Set(findLures(text, real).map(({ family }) => family))].sort();
const one = (phrases: string[], lang: Lure['lang'] = 'ja') => prepareLures([{ family: 'money', lang, phrases }]);

test('what a mail wants of its reader is found in Japanese and English', () => {
  assert.deepEqual(families('お客様のアカウントを一時的に停止いたしました。24時間以内にご対応いただけない場合'), ['account_stop', 'urgency']);
  assert.deepEqual(families('今回のお支払いより、振込先の口座が変更となりました。従来の口座は'), ['bank_change']);
  assert.deepEqual(families('お疲れ様です。今後の業務の都合上、LINEグループを作成してください。'), ['boss', 'contact_elsewhere']);
  assert.deepEqual(families('ご不在のため、お荷物を持ち帰りました。再配達のお手続きを'), ['delivery']);
  assert.deepEqual(families('別メールの添付ファイルのパスワードをお送りします。パスワードは別メールで'), ['password_apart']);
  assert.deepEqual(families('Your account has been suspended. Verify your identity within 24 hours.'), ['account_stop', 'credentials', 'urgency']);
});

test('ordinary mails hold none', () => {
  for (const text of ['お世話になっております。添付の資料をご確認ください。', '来週の会議の件、よろしくお願いいたします。', 'Thank you for the meeting. Please find the minutes attached.', 'ご注文ありがとうございます。商品を発送しました。']) assert.deepEqual(families(text), [], text);
});

test('width, case, line breaks and blanks do not hide a phrase, and the quote stands literally in the mail', () => {
  for (const text of ['【重要】ｱｶｳﾝﾄを停\n止しました', 'アカウント が 停　止され', 'ア\u200bカウントを停止']) {
    const [found] = findLures(text, one(['アカウント…停止']));
    assert.ok(found !== undefined && text.includes(found.quote), text);
    assert.equal(text.indexOf(found.quote), found.index);
  }
  const [found] = findLures('Please ＶＥＲＩＦＹ\r\n  your   Account now', one(['verify your account'], 'en'));
  assert.equal(found!.quote, 'ＶＥＲＩＦＹ\r\n  your   Account');
  assert.equal(findLures('Vеrify your аccount', one(['verify your account'], 'en')).length, 1);
});

test('a gap holds at most 12 characters and no end of a sentence', () => {
  const index = one(['口座…変更']);
  assert.equal(findLures(`口座${'あ'.repeat(GAP)}変更`, index).length, 1);
  assert.equal(findLures(`口座${'あ'.repeat(GAP + 1)}変更`, index).length, 0);
  assert.equal(findLures('口座です。変更', index).length, 0);
  assert.equal(findLures('口座2.5変更', index).length, 1);
});

test('Latin letters count as whole words only', () => {
  const index = one(['act now', 'id…必要'], 'en');
  assert.deepEqual(findLures('The fact nowhere. impact now', index), []);
  assert.equal(findLures('Act now!', index).length, 1);
  assert.equal(findLures('android必要', index).length, 0);
  assert.equal(findLures('IDが必要', index).length, 1);
});

test('one pass finds what trying each phrase at each place finds', () => {
  const letters = '口座変更あx1 。';
  const piece = fc.stringMatching(/^[口座変更あx]{1,2}$/);
  const phrase = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join('…'));
  const isLatin = (char: string | undefined) => char !== undefined && /[a-z0-9]/.test(char);
  fc.assert(
    fc.property(fc.uniqueArray(phrase, { maxLength: 8 }), fc.array(fc.constantFrom(...letters, 'ああああああああああ'), { maxLength: 40 }).map((chars) => chars.join('')), (phrases, source) => {
      // Blanks stand between Latin letters alone.
      const text = source.replace(/ +/g, ' ').replace(/(?<![x1]) | (?![x1])/g, '');
      const whole = (at: number, length: number) => !(isLatin(text[at]) && isLatin(text[at - 1])) && !(isLatin(text[at + length - 1]) && isLatin(text[at + length]));
      const naive = (pieces: readonly string[], at: number): number | undefined => {
        const [first, ...rest] = pieces;
        if (first === undefined) return at;
        if (!text.startsWith(first, at) || !whole(at, first.length)) return undefined;
        if (rest.length === 0) return at + first.length;
        for (let gap = 0; gap <= GAP; gap++) {
          const between = text.slice(at + first.length, at + first.length + gap);
          if (between.length < gap || between.includes('。')) break;
          const end = naive(rest, at + first.length + gap);
          if (end !== undefined) return end;
        }
        return undefined;
      };
      const expected = phrases.flatMap((wanted) => {
        for (let at = 0; at < text.length; at++) {
          const end = naive(wanted.split('…'), at);
          if (end !== undefined) return [`${wanted} ${at} ${text.slice(at, end)}`];
        }
        return [];
      });
      assert.deepEqual(findLures(text, one(phrases)).map(({ phrase: found, index, quote }) => `${found} ${index} ${quote}`).sort(), expected.sort());
    }),
    { numRuns: 2_000 },
  );
});

test('every phrase of the library is found in itself', () => {
  for (const { family, phrases } of loadLures())
    for (const phrase of phrases) assert.ok(findLures(phrase.replaceAll('…', ''), real).some((found) => found.family === family && found.phrase === phrase) || phrase.includes('…'), phrase);
});

test('hostile texts cost time in proportion to their length', () => {
  const phrases = loadLures().flatMap((lure) => lure.phrases.map((phrase) => phrase.split('…')[0]!));
  for (const text of ['アカウント'.repeat(40_000), phrases.join('').repeat(20).slice(0, 200_000), 'アカウント停'.repeat(33_000), '…'.repeat(200_000), '\u0301'.repeat(200_000), ' '.repeat(200_000), 'a '.repeat(100_000)]) {
    const before = process.cpuUsage();
    findLures(text, real);
    assert.ok(process.cpuUsage(before).user < 2_000_000, `${text.slice(0, 10)}: ${process.cpuUsage(before).user} µs`);
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => findLures(text, real).every(({ quote }) => text.includes(quote))));
});
