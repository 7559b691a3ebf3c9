import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { createParser, decode, detectEncoding } from '../src/index.ts';

const SENTENCES = ['ウイルスを検出しました', '不正なアクセスを遮断しました。', '社員のパソコンが接続されました', '請求書.zip を隔離', 'ログインに失敗しました(管理者)'];
const HALF = ['ﾌｧｲﾙｻｰﾊﾞｰ ｶﾞ ﾃｲｼ ｼﾏｼﾀ', 'ﾛｸﾞｲﾝ ｼｯﾊﾟｲ', 'ﾈｯﾄﾜｰｸ ｴﾗｰ', 'ﾊﾟｿｺﾝ'];

describe('encodings', () => {
  test('Japanese comes back from CP932 and EUC-JP when pinned, and from UTF-8 whatever is pinned', () => {
    for (const text of [...SENTENCES, ...HALF, 'plain ASCII', '①②㈱ 髙﨑']) {
      assert.deepEqual(decode(iconv.encode(text, 'cp932'), 'cp932'), { text, problem: null });
      for (const pin of ['cp932', 'euc-jp', 'utf-8'] as const) assert.deepEqual(decode(Buffer.from(text), pin), { text, problem: null });
    }
    for (const text of [...SENTENCES, ...HALF]) assert.deepEqual(decode(iconv.encode(text, 'euc-jp'), 'euc-jp'), { text, problem: null });
  });

  test('half-width kana in CP932 that happen to be valid UTF-8 follow the pin', () => {
    const bytes = iconv.encode('ﾃｱ', 'cp932');
    assert.equal(bytes.toString('utf8'), 'ñ');
    assert.equal(decode(bytes, 'cp932').text, 'ﾃｱ');
    assert.equal(decode(bytes).text, 'ñ');
  });

  test('a multibyte tail that was cut costs only the cut character', () => {
    const text = 'ウイルスを検出';
    const utf8 = Buffer.from(text);
    for (const cut of [1, 2]) assert.deepEqual(decode(utf8.subarray(0, utf8.length - cut)), { text: 'ウイルスを検', problem: null });
    const sjis = iconv.encode(text, 'cp932');
    assert.deepEqual(decode(sjis.subarray(0, sjis.length - 1), 'cp932'), { text: 'ウイルスを検', problem: null });
    const euc = iconv.encode(text, 'euc-jp');
    assert.deepEqual(decode(euc.subarray(0, euc.length - 1), 'euc-jp'), { text: 'ウイルスを検', problem: null });
    const emoji = Buffer.from('ok 🚒');
    assert.equal(decode(emoji.subarray(0, emoji.length - 1)).text, 'ok ');
  });

  test('an encoding is proposed from samples', () => {
    for (const encoding of ['cp932', 'euc-jp', 'utf-8'] as const) {
      const proposal = detectEncoding(SENTENCES.map((text) => iconv.encode(text, encoding)));
      assert.equal(proposal?.encoding, encoding);
      assert.ok((proposal?.confidence ?? 0) > 0.3, `${encoding} ${proposal?.confidence}`);
    }
    assert.equal(detectEncoding([Buffer.from('only ascii')]), null);
    assert.equal(detectEncoding([]), null);
  });

  test('half-width kana alone are still proposed as CP932, with less confidence than full text', () => {
    const half = detectEncoding(HALF.map((text) => iconv.encode(text, 'cp932')));
    assert.equal(half?.encoding, 'cp932');
    const full = detectEncoding(SENTENCES.map((text) => iconv.encode(text, 'cp932')));
    assert.ok((half?.confidence ?? 1) < (full?.confidence ?? 0));
  });

  test('a guessed encoding is said, and undecodable bytes too', () => {
    const parser = createParser();
    const guessed = parser.parse(iconv.encode('ウイルスを検出しました', 'cp932'), 0);
    assert.equal(guessed.event.message, 'ウイルスを検出しました');
    assert.ok(guessed.problems.includes('encoding_guessed'));
    assert.ok(parser.parse(Buffer.from([0x80, 0xff, 0xfe, 0x20]), 0).problems.includes('undecodable'));
  });

  test('fields of a line in a pinned encoding are read', () => {
    const line = '<189>date=2026-01-02 time=12:04:05 devid="F" logid="1" type="event" subtype="user" user="田中" msg="ログイン失敗"';
    for (const encoding of ['cp932', 'euc-jp'] as const) {
      const { event, problems } = createParser({ encoding }).parse(iconv.encode(line, encoding), Date.UTC(2026, 0, 2, 3));
      assert.deepEqual([event['user.name'], event.message, problems.length], ['田中', 'ログイン失敗', 0]);
    }
  });

  test('any bytes decode to something without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(undefined, 'cp932' as const, 'euc-jp' as const, 'utf-8' as const), (bytes, pin) => {
        assert.equal(typeof decode(bytes, pin).text, 'string');
        detectEncoding([bytes]);
      }),
      { numRuns: 500 },
    );
  });

  test('any text comes back from UTF-8', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => assert.equal(decode(Buffer.from(text)).text, text)));
  });
});
