import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadBrands } from '@banya/library';
import fc from 'fast-check';
import { Automaton } from '../../src/identity/automaton.ts';
import { type Claim, claims } from '../../src/identity/claims.ts';
import { latin } from '../../src/identity/confusables.ts';
import { fold, sourceOf } from '../../src/identity/fold.ts';
import type { ParsedMail } from '../../src/types.ts';
import { knowledgeOf, mailOf } from './mail.test-helper.ts';

const knowledge = knowledgeOf();

/** Claims as `kind id places`, after checking that every quote stands in the mail. */
function said(given: Parameters<typeof mailOf>[0]): string[] {
  const mail = mailOf(given);
  const found = claims(mail, knowledge);
  for (const claim of found) checkQuotes(claim, mail);
  return found.map(({ kind, id, places }) => `${kind} ${id} ${places.join(',')}`).sort();
}

function checkQuotes({ evidence, places }: Claim, mail: ParsedMail): void {
  assert.equal(evidence.length, places.length);
  for (const { where, name, quote } of evidence) {
    assert.ok(quote !== '');
    const haystacks = where === 'header' ? mail.headers.filter((field) => field.name === name).map(({ value }) => value)
      : where === 'text' ? [mail.text] : where === 'link' ? mail.links.map(({ text = '' }) => text) : [mail.html ?? '', mail.hiddenText];
    assert.ok(haystacks.some((text) => text.includes(quote)), `${where} ${name}: ${quote}`);
  }
}

test('a brand is found however it is written: width, case, blanks, middle dots, invisible characters, Cyrillic letters', () => {
  for (const fromName of ['ミナモト銀行', 'ﾐﾅﾓﾄ銀行', 'ミ ナ モ ト 銀 行', 'ミナモト・銀行', 'ミナ\u200bモト銀行', '【ミナモト銀行】', 'MINAMOTO BANK', 'Ｍｉｎａｍｏｔｏ　Ｂａｎｋ', 'Minаmоto Bank', 'M i n a m o t o B a n k'])
    assert.deepEqual(said({ fromName }), ['brand minamoto display_name'], fromName);
  assert.deepEqual(said({ text: 'お客様のミナモト\n銀行口座は' }), ['brand minamoto body']);
});

test('a longer name hides the shorter one inside it', () => {
  assert.deepEqual(said({ fromName: 'ミナモト銀行カード' }), ['brand minamoto-card display_name']);
  assert.deepEqual(said({ fromName: 'ミナモト銀行カード／ミナモト銀行' }), ['brand minamoto display_name', 'brand minamoto-card display_name']);
});

test('a name inside another word, an address or a URL is no claim', () => {
  for (const text of ['The tides turned.', 'https://tide.example/login', 'see http://www.tide.example', 'mail tide@other.test', 'info@tide.example', 'untide', 'ti de', 'カミナモト銀行員', 'half-tide', 'プレミナモト銀行']) assert.deepEqual(said({ text }), [], text);
  assert.deepEqual(said({ text: 'TIDEをご利用のお客様' }), ['brand tide body']);
  assert.deepEqual(said({ text: 'Your Tide account.' }), ['brand tide body']);
});

test('an everyday word counts in the display name alone', () => {
  assert.deepEqual(said({ fromName: 'Gadget Support', subject: 'Gadget' }), ['brand gadget display_name']);
  assert.deepEqual(said({ subject: 'a new gadget', text: 'ガジェットを買いました。', html: '<img alt="gadget">' }), []);
});

test('every place is told apart, hidden text too', () => {
  const given = {
    fromName: 'ミナモト', subject: '【ミナモト銀行】お知らせ', text: 'ミナモト銀行をご利用ありがとうございます。\n\n━━━━━━━━\nミナモト銀行\n本店営業部\n━━━━━━━━\n', hiddenText: 'ミナモト',
    html: '<p><IMG src=x alt=\'ミナモト&#x9280;行\'><img src="a>b" alt="TIDE logo"></p>', links: [{ url: 'https://x.test/', host: 'x.test', domain: 'x.test', from: 'html' as const, text: 'ミナモト銀行へログイン' }],
  };
  assert.deepEqual(said(given), ['brand minamoto display_name,logo,subject,signature,body,link_text,hidden', 'brand tide logo']);
});

test('only the first 3,000 characters of the body speak, and the signature wherever it is', () => {
  const filler = 'あ'.repeat(3_500);
  assert.deepEqual(said({ text: `${filler}ミナモト銀行` }), []);
  assert.deepEqual(said({ text: `${filler}\n-- \nミナモト銀行\n` }), ['brand minamoto signature']);
});

test('brands of a group vouch for one another, and domains open to all are named', () => {
  const [claim] = claims(mailOf({ fromName: 'ミナモト銀行' }), knowledge);
  assert.deepEqual(claim!.domains, ['minamoto.example', 'minamoto-card.example']);
  assert.deepEqual(claim!.open, ['minamoto-card.example']);
});

test('the display name of an officer in any order, reading and title, from an address that is not theirs', () => {
  for (const fromName of ['磯野 大海', '磯野大海', '大海 磯野', '磯野　大海', '代表取締役社長 磯野大海', '磯野大海（社長）', '株式会社さかなや本店 代表取締役 磯野 大海', 'さかなや本店 磯野大海', 'ISONO, Oomi', 'Oomi Isono (CEO)', 'いその おおみ', '磯野社長', '磯野大海です', '磯\u200b野 大海'])  {
    const officers = claims(mailOf({ fromName, fromAddress: 'boss@free.test' }), knowledge).filter(({ kind }) => kind === 'officer');
    assert.deepEqual(officers.map(({ id, theirs, places }) => [id, theirs, places]), [['磯野 大海', false, ['display_name']]], fromName);
  }
  assert.equal(claims(mailOf({ fromName: '磯野 大海', fromAddress: 'isono@sakanaya.example.jp' }), knowledge)[0]!.theirs, true);
});

test('others of that surname, and mails that speak of an officer, are nobody’s disguise', () => {
  for (const fromName of ['磯野 花', '磯野', '大海原', '磯野大海の件', '社長', '', '部長']) assert.deepEqual(said({ fromName }).filter((one) => one.startsWith('officer')), [], fromName);
  assert.deepEqual(said({ text: '磯野大海様\nお世話になっております。\n\n-- \n磯野大海様\n> 磯野大海\n' }), []);
  assert.deepEqual(said({ text: '急ぎの件です。\n\n--\n代表取締役 磯野大海\n' }), ['officer 磯野 大海 signature']);
});

test('the organisation itself: who signs or calls himself so, not who writes to it', () => {
  assert.deepEqual(said({ fromName: 'さかなや本店 システム管理者' }), ['own sakanaya.example.jp display_name']);
  assert.deepEqual(said({ text: '株式会社さかなや本店 御中\nさかなや本店様' }), []);
  assert.deepEqual(said({ text: '更新してください。\n-----\n株式会社さかなや本店 情報システム部\n' }), ['own sakanaya.example.jp signature']);
  assert.deepEqual(said({ fromName: '(有)うみべ卸' }), ['partner oroshi.example display_name']);
  assert.deepEqual(said({ fromName: 'うみべ卸 担当', text: '有限会社うみべ卸の者です。' }), ['partner oroshi.example display_name,body']);
});

test('an address or host written into the display name claims its domain', () => {
  assert.deepEqual(said({ fromName: 'info@sakanaya.example.jp' }), ['own sakanaya.example.jp display_name']);
  assert.deepEqual(said({ fromName: 'www.minamoto.example' }), ['brand minamoto display_name']);
});

test('folding is NFKC and lower case without blanks, and leads back to the source', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom('ｱ', 'ﾞ', 'が', 'か\u3099', 'Ａ', '㈱', '㍿', ' ', '　', 'é', 'e\u0301', 'ー', '・', 'ß', 'İ', '①', '\u200b', 'x', '社', 'а'), fc.string({ unit: 'grapheme', maxLength: 2 })), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const folded = fold(text, 'phrase');
      assert.equal(folded.text.length, folded.starts.length);
      assert.equal(folded.text.length, folded.ends.length);
      for (let i = 0; i < folded.text.length; i++) assert.ok(folded.starts[i]! < folded.ends[i]! && folded.ends[i]! <= text.length && (i === 0 || folded.starts[i]! >= folded.starts[i - 1]!));
      if (!/[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff]/.test(text) && !/\p{M}{8}/u.test(text)) {
        const plain = (value: string) => latin(value.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')).replace(/[\s\p{Cf}\p{Cc}\ufe00-\ufe0f\u034f\u115f\u3164]/gu, '').normalize('NFC');
        assert.equal(plain(folded.text), plain(text));
      }
    }),
    { numRuns: 2_000 },
  );
  const folded = fold('貴社 ㈱ﾐﾅﾓﾄ・銀 行', 'name');
  assert.equal(folded.text, '貴社(株)ミナモト銀行');
  assert.equal(sourceOf('貴社 ㈱ﾐﾅﾓﾄ・銀 行', folded, 5, 11), 'ﾐﾅﾓﾄ・銀 行');
});

test('one pass finds every word that searching for each finds', () => {
  const word = fc.stringMatching(/^[ab]{1,4}$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.stringMatching(/^[abc]{0,40}$/), (words, text) => {
      const found: string[] = [];
      new Automaton(words).scan(text, (id, start, end) => void found.push(`${id} ${start} ${end}`));
      const naive = words.flatMap((one, id) => [...text].flatMap((_, at) => (text.startsWith(one, at) ? [`${id} ${at} ${at + one.length}`] : [])));
      assert.deepEqual(found.sort(), naive.sort());
    }),
    { numRuns: 2_000 },
  );
});

test('hostile mails cost no time and throw nothing', () => {
  const brands = loadBrands();
  const real = knowledgeOf({ brands });
  claims(mailOf({}), real);
  const spelling = brands[0]!.spellings[0]!;
  const started = performance.now();
  for (const text of [spelling.repeat(3_000), '・'.repeat(200_000), '\u3099'.repeat(200_000), '-'.repeat(200_000), '\n-----'.repeat(30_000), ' '.repeat(200_000), '\ud800'.repeat(1_000)])
    claims(mailOf({ text, subject: text, fromName: text, hiddenText: text, html: `<img alt=${'"'.repeat(9)}>${'<img '.repeat(60_000)}` }), real);
  assert.ok(performance.now() - started < 5_000, `${performance.now() - started} ms`);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, fromName) => claims(mailOf({ text, fromName, html: text }), real).length < 50));
});
