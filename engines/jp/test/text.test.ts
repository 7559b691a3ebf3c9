import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isReading, readMark, readingKey, searchKey, toFullWidthKana, toHalfWidthAscii, toHalfWidthKana, toHiragana, toKatakana } from '../src/index.ts';

// Characters that folding treats specially, so that random texts meet its corners often.
const nasty = fc.string({ unit: fc.constantFrom(...'アイカガハバパヴヷーｰ-－—−あいかがはばぱゔっッゝヽ゛゜ﾞﾟｶﾊﾟ\u3099\u309a\u200b\ufe0fＡａ１①㈱髙高﨑𠮷 　\tßİςΣ〜~é\u0301'), maxLength: 14 });
const texts = fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 14 }), fc.string({ unit: 'binary', maxLength: 14 }));

test('a search key is its own search key', () => {
  fc.assert(fc.property(texts, (text) => assert.equal(searchKey(searchKey(text)), searchKey(text))), { numRuns: 5_000 });
});

test('case, width, kana and spacing do not matter to a search', () => {
  const word = fc.string({ unit: fc.constantFrom(...'アイカガパヴッーサキabXYZ019-高橋'), maxLength: 12 });
  fc.assert(fc.property(word, word, (a, b) => {
    const text = `${a} ${b}`;
    const wide = text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).replaceAll(' ', '　');
    for (const same of [wide, text.toUpperCase(), text.toLowerCase(), ` ${text}　`, `${a}\t　${b}`, toHiragana(text), toHalfWidthKana(text)]) assert.equal(searchKey(same), searchKey(text), same);
  }));
});

test('what people mean to be the same word is the same key', () => {
  for (const group of [
    ['サーバー', 'サーバ', 'ｻｰﾊﾞｰ', 'サ−バー', 'さーばー'],
    ['㈱サクラ商店', '(株)さくら商店', '（株）サクラ商店'],
    ['髙橋', '高橋'],
    ['𠮷田', '吉田'],
    ['葛\u{e0100}城', '葛城'],
    ['ＫＥＩＲＩ－０３', 'keiri-03', 'KEIRI‐03', 'KEIRIー03'],
    ['か゛', 'が', 'ｶﾞ'],
  ]) assert.equal(new Set(group.map(searchKey)).size, 1, group.join(' '));
  assert.notEqual(searchKey('キー'), searchKey('キ'));
  assert.notEqual(searchKey('ビル'), searchKey('ビール'));
  assert.ok(searchKey('経理サーバー室').includes(searchKey('サーバー')));
});

test('kana fold into each other and back', () => {
  const kana = fc.string({ unit: fc.integer({ min: 0x3041, max: 0x3096 }).map((code) => String.fromCharCode(code)), maxLength: 20 });
  fc.assert(fc.property(kana, (text) => {
    assert.equal(toHiragana(toKatakana(text)), text);
    assert.equal(toFullWidthKana(toHalfWidthKana(toKatakana(text))), toKatakana(text));
    assert.equal(isReading(`${text}あ`), true);
  }));
  fc.assert(fc.property(texts, (text) => {
    assert.equal(toHiragana(toHiragana(text)), toHiragana(text));
    assert.doesNotMatch(toFullWidthKana(text), /[\uff61-\uff9f]/);
    assert.doesNotMatch(toHalfWidthAscii(text), /[\uff01-\uff5e\u3000]/);
  }));
  assert.equal(toHalfWidthKana('カ）ガギパ「ヴ」、ー゛ヰ漢'), 'ｶ）ｶﾞｷﾞﾊﾟ｢ｳﾞ｣､ｰﾞヰ漢');
  assert.equal(toFullWidthKana('ﾊﾟｿｺﾝ･ﾞ'), 'パソコン・゛');
  for (const bad of ['', '　', 'ー', '山田', 'yamada', 'やまだ1']) assert.equal(isReading(bad), false, bad);
});

test('readings sort as in a Japanese dictionary', () => {
  const sorted = ['あい', 'あいう', 'ああ', 'アア', 'アー', 'かき', 'がき', 'カキ', 'はは', 'はば', 'はぱ', 'ばは', 'きやく', 'きゃく', 'さき', 'さっき', 'さつき'].sort((a, b) => (readingKey(a) < readingKey(b) ? -1 : 1));
  assert.deepEqual(sorted, ['アー', 'ああ', 'アア', 'あい', 'あいう', 'かき', 'カキ', 'がき', 'きゃく', 'きやく', 'さき', 'さっき', 'さつき', 'はは', 'はば', 'はぱ', 'ばは']);
  assert.equal(readingKey('やまだ　たろう'), readingKey('やまだたろう'));
  assert.equal(readingKey('ﾔﾏﾀﾞ'), readingKey('ヤマダ'));
});

test('the order of readings agrees with the Japanese collation of the runtime', () => {
  const collator = new Intl.Collator('ja', { sensitivity: 'accent' });
  const kana = fc.string({ unit: fc.constantFrom(...'あいうかがきぎはばぱひびぴつてとどん'), minLength: 1, maxLength: 6 });
  const alike = fc.tuple(fc.string({ unit: fc.constantFrom('か', 'が', 'は', 'ば', 'ぱ'), minLength: 1, maxLength: 3 }), fc.string({ unit: fc.constantFrom('か', 'が', 'は', 'ば', 'ぱ'), minLength: 1, maxLength: 3 }));
  fc.assert(fc.property(fc.oneof(fc.tuple(kana, kana), alike), ([a, b]) => {
    const [keyA, keyB] = [readingKey(a), readingKey(b)];
    assert.equal(keyA < keyB ? -1 : keyA > keyB ? 1 : 0, Math.sign(collator.compare(a, b)), `${a} ${b}`);
  }), { numRuns: 2_000 });
});

test('every circle, cross, triangle and dash of a checklist is read, in every look-alike', () => {
  const expected: Record<string, string[]> = {
    yes: ['○', '〇', '◯', '◎', '⭕', '⭕️', 'O', 'ｏ', ' ○　', '✓', 'レ', '有', 'はい', '済'],
    partly: ['△', '▲', '一部'],
    no: ['×', '✕', '✖️', 'X', 'ｘ', '❌', 'バツ', '無', 'いいえ', '未実施'],
    not_applicable: ['ー', '－', '-', '—', '―', '−', '‐', 'ｰ', '─', '--', '対象外', 'N/A', 'ｎ／ａ'],
  };
  for (const [mark, cells] of Object.entries(expected)) for (const cell of cells) assert.equal(readMark(cell), mark, cell);
});

test('an empty or doubtful cell is no mark', () => {
  for (const cell of ['', ' ', '0', '1', '○×', '○（一部）', '検討中', '？', 'constructor', '__proto__', '○'.repeat(1_000), '-'.repeat(6)]) assert.equal(readMark(cell), undefined, cell);
  fc.assert(fc.property(texts, (cell) => assert.ok(['yes', 'partly', 'no', 'not_applicable', undefined].includes(readMark(cell)))));
});

test('hostile texts cost linear work', () => {
  const long = ['ー', 'ア', 'アー', '\u3099', 'ﷺ', '-', ' ', '\u200b', 'か゛'].map((unit) => unit.repeat(200_000 / unit.length));
  for (const text of long) assert.equal(typeof searchKey(text), 'string');
  assert.equal(searchKey('ア' + 'ー'.repeat(100_000)), 'あ' + 'ー'.repeat(100_000));
});
