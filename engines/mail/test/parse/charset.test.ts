import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { charsetName, decode, guess } from '../../src/parse/charset.ts';
import { decodeWords } from '../../src/parse/words.ts';
import { CHARSETS, encode, word, words } from './build.ts';

const SENTENCE = 'お客様の口座を確認してください。カード番号①㈱髙橋、至急ご連絡を。';

describe('charsets', () => {
  for (const charset of CHARSETS) {
    test(`${charset}: text with vendor characters is read as written`, () => {
      assert.equal(decode(encode(SENTENCE, charset), charset).text, SENTENCE);
    });
    test(`${charset}: is recognised when the mail does not say it`, () => {
      assert.equal(decode(encode(SENTENCE, charset)).text, SENTENCE);
      assert.equal(decode(encode(SENTENCE, charset), 'us-ascii').text, SENTENCE);
      assert.equal(decode(encode(SENTENCE, charset), 'x-no-such-charset').text, SENTENCE);
    });
    test(`${charset}: is read although the mail says another one`, () => {
      for (const lie of CHARSETS) if (lie !== charset) assert.equal(decode(encode(SENTENCE, charset), lie).text, SENTENCE, lie);
      assert.equal(decode(encode(SENTENCE, charset), 'iso-8859-1').text, SENTENCE);
    });
    test(`${charset}: a character cut in half at the end does not spoil the rest`, () => {
      const bytes = encode(SENTENCE, charset);
      const cut = bytes.subarray(0, bytes.length - (charset === 'iso-2022-jp' ? 4 : 1));
      assert.ok(decode(cut, charset).text.startsWith(SENTENCE.slice(0, -2)));
      if (charset !== 'iso-2022-jp') assert.ok(decode(cut).text.startsWith(SENTENCE.slice(0, -2)));
    });
  }

  test('Western text under a Western label stays Western', () => {
    const bytes = Buffer.from('Café à la crème, déjà vu – 10 £', 'latin1');
    assert.ok(decode(bytes, 'iso-8859-1').text.startsWith('Café à la crème, déjà vu'));
    assert.equal(decode(Buffer.from([0x80, 0x20, 0x93, 0x61, 0x94]), 'iso-8859-1').text, '€ “a”');
  });

  test('half-width kana come through in all their ways of writing', () => {
    assert.equal(decode(encode('ｱｲｳ ﾃﾞｽ', 'shift_jis'), 'shift_jis').text, 'ｱｲｳ ﾃﾞｽ');
    assert.equal(decode(encode('ｱｲｳ', 'iso-2022-jp'), 'iso-2022-jp').text, 'ｱｲｳ');
    assert.equal(decode(Buffer.from([0x0e, 0x31, 0x32, 0x33, 0x0f, 0x61]), 'iso-2022-jp').text, 'ｱｲｳa');
    assert.equal(decode(Buffer.from([0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0xb1]), 'iso-2022-jp').text, 'あｱ');
  });

  test('a line that forgot to return to ASCII does not garble the next', () => {
    const bytes = Buffer.concat([Buffer.from([0x1b, 0x24, 0x42, 0x24, 0x22]), Buffer.from('\nhttps://example.jp/')]);
    assert.equal(decode(bytes, 'iso-2022-jp').text, 'あ\nhttps://example.jp/');
  });

  test('JIS X 0212 and the national sets of ISO-2022-JP-2 are read', () => {
    assert.equal(decode(Buffer.from([0x1b, 0x24, 0x28, 0x44, 0x30, 0x21, 0x1b, 0x28, 0x42]), 'iso-2022-jp-1').text, '丂');
    assert.equal(decode(Buffer.from([0x1b, 0x24, 0x41, 0x46, 0x3d, 0x1b, 0x28, 0x42]), 'iso-2022-jp-2').text, '平');
  });

  test('a byte order mark outweighs the label', () => {
    assert.equal(decode(Buffer.from('\ufeffあ', 'utf8'), 'shift_jis').text, 'あ');
    assert.equal(decode(Buffer.from('\ufeffあ', 'utf16le'), 'us-ascii').text, 'あ');
  });

  test('labels are known in the spellings that mails use', () => {
    for (const label of ['Shift_JIS', 'x-sjis', 'CP932', 'windows-31j', '"Shift-JIS"', 'MS932']) assert.equal(charsetName(label), 'cp932', label);
    for (const label of ['ISO-2022-JP', 'iso2022jp', 'csISO2022JP', 'CP50221', 'iso-2022-jp-ms']) assert.equal(charsetName(label), 'iso-2022-jp', label);
    for (const label of ['EUC-JP', 'x-euc-jp', 'eucJP-ms', 'ujis']) assert.equal(charsetName(label), 'euc-jp', label);
    for (const label of ['unknown-8bit', '', 'x'.repeat(10_000), '__proto__', 'constructor', 'base64']) assert.equal(charsetName(label), undefined, label.slice(0, 20));
  });

  test('Japanese text of any kind survives each charset, said or not', () => {
    const kana = fc.string({ unit: fc.constantFrom(...'あいうえおかきくけこさしすせそアイウエオカキクケコ口座確認番号至急連絡様、。ー①'), minLength: 12, maxLength: 200 });
    fc.assert(fc.property(kana, fc.constantFrom(...CHARSETS), (text, charset) => {
      assert.equal(decode(encode(text, charset), charset).text, text);
    }), { numRuns: 300 });
  });

  test('any bytes under any label become text', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('utf-7', 'utf-16', 'utf-32', 'iso-2022-jp', 'hex', 'base64', 'big5', 'gb18030')), { nil: undefined }), (bytes, label) => {
      assert.equal(typeof decode(bytes, label).text, 'string');
      assert.equal(typeof guess(bytes), 'string');
    }), { numRuns: 1_000 });
  });
});

describe('encoded words', () => {
  for (const charset of CHARSETS) {
    test(`${charset}: B and Q words are read`, () => {
      assert.equal(decodeWords(words('重要なお知らせ①', charset, 'B')), '重要なお知らせ①');
      assert.equal(decodeWords(words('重要な お知らせ', charset, 'Q')), '重要な お知らせ');
    });
    test(`${charset}: a character split between two words is put together`, () => {
      const bytes = encode('重要なお知らせ', charset);
      for (let at = 1; at < bytes.length; at++) {
        const text = `${word(bytes.subarray(0, at), charset)} ${word(bytes.subarray(at), charset)}`;
        assert.equal(decodeWords(text), '重要なお知らせ', `${at}`);
      }
    });
  }

  test('a base64 group split between two words is put together', () => {
    const payload = encode('重要なお知らせ', 'utf-8').toString('base64');
    for (let at = 1; at < payload.length; at++) assert.equal(decodeWords(`=?utf-8?B?${payload.slice(0, at)}?=\t=?UTF-8?b?${payload.slice(at)}?=`), '重要なお知らせ', `${at}`);
  });

  test('words without blanks around them are read, blanks between two are dropped, others kept', () => {
    assert.equal(decodeWords(`[x]${words('重要', 'utf-8')}!`), '[x]重要!');
    assert.equal(decodeWords(`${words('重', 'utf-8')}${words('要', 'utf-8')}`), '重要');
    assert.equal(decodeWords(`Re: ${words('重', 'utf-8')}  ${words('要', 'shift_jis')} end`), 'Re: 重要 end');
  });

  test('a word with question marks, blanks or no end is read as far as it goes', () => {
    assert.equal(decodeWords('=?utf-8?Q?Are you there??='), 'Are you there?');
    assert.equal(decodeWords('=?UTF-8?Q?Are_you=20there=3F?= yes'), 'Are you there? yes');
    assert.equal(decodeWords(`=?utf-8?B?${Buffer.from('重要なお知らせ').toString('base64')}`), '重要なお知らせ');
    assert.equal(decodeWords(`=?utf-8?B?${Buffer.from('重要').toString('base64').replace(/(.{4})/, '$1 ')}?=`), '重要');
    assert.equal(decodeWords('=?utf-8*ja?B?6YeN6KaB?='), '重要');
  });

  test('what only looks like a word stays as it is', () => {
    for (const text of ['=?', '=?utf-8?', '=?utf-8?X?abc?=', 'a =? b ?= c', '=??B??=', '=?=?=?']) assert.equal(decodeWords(text), text);
  });

  test('any text is taken, in linear time', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('=?', '?=', 'utf-8', '?B?', '?Q?', '=', '?', 'a', ' ', '重'), maxLength: 300 }), (text) => assert.equal(typeof decodeWords(text), 'string')), { numRuns: 500 });
    const before = performance.now();
    for (const piece of ['=?', '=?a?b?', '=?utf-8?B?', '=?utf-8?Q?=', ' =?utf-8?B??=']) decodeWords(piece.repeat(3_000));
    assert.ok(performance.now() - before < 3_000);
  });
});
