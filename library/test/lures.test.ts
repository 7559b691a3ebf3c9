import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadLures, LURE_FAMILIES, LURE_LANGUAGES, readLures } from '../src/lures.ts';

const lures = loadLures();
const phrases = (lang: 'ja' | 'en') => lures.filter((lure) => lure.lang === lang).flatMap((lure) => lure.phrases);

/** Whole sentences of ordinary mails. A phrase that stands in one of them would cry wolf every day. */
const ORDINARY = [
  'いつもお世話になっております。ご確認ください。', 'ご確認のほどよろしくお願いいたします。', '添付の資料をご確認ください。', '請求書を添付いたします。', 'お見積書をお送りします。', 'ご連絡ありがとうございます。', 'ご返信をお待ちしております。',
  'お手数をおかけしますが、よろしくお願い申し上げます。', '会議の日程を調整させてください。', '本日はありがとうございました。', 'ご入金を確認いたしました。', '商品を発送しました。', 'お荷物のお問い合わせ番号は次のとおりです。', '来週の出張についてご相談です。',
  'please find attached the minutes of our meeting.', 'let me know if you have any questions.', 'i look forward to hearing from you.', 'thank you for your order.', 'your order has shipped.', 'could you please confirm the date?', 'please review at your convenience.', 'best regards', 'the invoice is attached.',
];

test('every family has phrases in both languages: at least 400 Japanese and 250 English ones', () => {
  assert.deepEqual(readLures().broken, []);
  assert.ok(phrases('ja').length >= 600, `${phrases('ja').length}`);
  assert.ok(phrases('en').length >= 550, `${phrases('en').length}`);
  for (const lang of ['ja', 'en'] as const) {
    for (const family of LURE_FAMILIES) {
      const found = lures.filter((lure) => lure.lang === lang && lure.family === family);
      assert.equal(found.length, 1, `${lang} ${family}`);
      assert.ok(found[0]!.phrases.length >= (lang === 'ja' ? 25 : 15), `${lang} ${family}: ${found[0]!.phrases.length}`);
    }
  }
});

test('mails from abroad are read in six more languages', () => {
  for (const lang of LURE_LANGUAGES) assert.ok(lures.filter((lure) => lure.lang === lang).flatMap((lure) => lure.phrases).length >= 60, lang);
});

test('words of every business mail are no lures', () => {
  for (const phrase of [...phrases('ja'), ...phrases('en')]) {
    const [first, ...rest] = phrase.split('…');
    for (const sentence of ORDINARY) {
      let at = sentence.indexOf(first!);
      for (const piece of rest) at = at === -1 ? -1 : sentence.indexOf(piece, at + 1);
      assert.equal(at, -1, `"${phrase}" stands in "${sentence}"`);
    }
  }
});

test('a phrase is long enough to mean something', () => {
  for (const phrase of phrases('ja')) assert.ok([...phrase.replaceAll('…', '')].length >= 3, phrase);
  for (const phrase of phrases('en')) assert.ok(phrase.length >= 6, phrase);
});

test('a broken file is left out whole and told of with its name; the others load', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'banya-lures-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, '../lures'), folder, { recursive: true });
  const broken = (text: string, name = 'en.yml') => {
    writeFileSync(join(folder, name), text);
    const read = readLures(pathToFileURL(`${folder}/`));
    assert.equal(read.lures.every(({ lang }) => lang !== 'en'), true);
    assert.equal(read.broken.length, name === 'en.yml' ? 1 : 2);
    return read.broken[0]!;
  };
  assert.match(broken('- family: ['), /^lures\/en\.yml: /);
  assert.match(broken('- { family: hunger, phrases: [bread and butter] }'), /"hunger" is no family/);
  assert.match(broken('- { family: money, phrases: [Send Money] }'), /not in the form after NFKC/);
  assert.match(broken('- { family: money, phrases: […money] }'), /gap/);
  assert.match(broken('- { family: money, phrases: [send money, send money] }'), /stands in money too/);
  assert.match(broken('- { family: money, phrases: [a…b…c…d…e] }'), /more than 3 gaps/);
  assert.match(broken('- { family: money, phrases: [skicka pengar] }', 'sv.yml'), /^lures\/en\.yml/);
});
