import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_CODES, explain, formatDateTime, parseCorporateNumber, parseEmail, parseInvoiceNumber, parsePhone, parsePostalCode, plainName, plainPhone, searchKey } from '../src/index.ts';

const digit = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const fullWidth = (text: string) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
const code = (result: { ok: boolean; code?: string }) => result.code ?? 'ok';
const phone = (text: string) => {
  const result = parsePhone(text);
  return result.ok ? `${result.value.kind} ${result.value.display}` : result.code;
};

test('telephone numbers are read as people type them', () => {
  const cases: [string, string][] = [
    ['043-123-4567', 'geographic 043-123-4567'],
    ['０４３（１２３）４５６７', 'geographic 043-123-4567'],
    ['043ー123ー4567', 'geographic 043-123-4567'],
    ['0431234567', 'geographic 0431234567'],
    ['04992-2-1234', 'geographic 04992-2-1234'],
    ['0312345678', 'geographic 03-1234-5678'],
    ['09012345678', 'mobile 090-1234-5678'],
    ['060-1234-5678', 'mobile 060-1234-5678'],
    ['050 1234 5678', 'ip 050-1234-5678'],
    ['0120123456', 'toll_free 0120-123-456'],
    ['08001234567', 'toll_free 0800-123-4567'],
    ['0570-012-345', 'navi 0570-012-345'],
    ['+81 43-123-4567', 'geographic 0431234567'],
    ['+81 (0)90-1234-5678', 'mobile 090-1234-5678'],
    ['110', 'short 110'],
    ['＃９１１０', 'short #9110'],
  ];
  for (const [typed, expected] of cases) assert.equal(phone(typed), expected, typed);
  const withExtension = parsePhone('043-123-4567（内線 12）');
  assert.equal(withExtension.ok && withExtension.value.extension, '12');
  const ext = parsePhone('043-123-4567 ext. 305');
  assert.equal(ext.ok && ext.value.extension, '305');
});

test('a number to call keeps its groups and loses what only a keyboard gave it', () => {
  const cases: [string, string | null][] = [
    ['０４３−１２３−４５６７', '043-123-4567'], ['043ー123―4567', '043-123-4567'], ['（043）123・4567', '043-123-4567'], ['\u202d090 0000 0001\u202c', '090-0000-0001'], ['0431234567', '0431234567'],
    ['＋１ ２１２ ５５５ ０１００', '+1-212-555-0100'], ['123-4567', null], ['043-123-45678 内線', null], ['社長', null], ['', null], ['0'.repeat(100), null],
  ];
  for (const [typed, expected] of cases) assert.equal(plainPhone(typed), expected, typed);
});

test('the name of a device is read as it stands in its lines, and kana keep their long mark', () => {
  const cases: [string, string][] = [['ＦＧ－ＨＱ', 'FG-HQ'], ['ＦＧ−ＨＱ', 'FG-HQ'], ['ＦＧーＨＱ', 'FG-HQ'], [' fg—hq　', 'fg-hq'], ['サーバー', 'サーバー'], ['　', '']];
  for (const [typed, expected] of cases) assert.equal(plainName(typed), expected, typed);
});

test('telephone numbers that cannot be are refused with what to do', () => {
  const cases: [string, string][] = [
    ['', 'phone.empty'],
    ['　', 'phone.empty'],
    ['なし', 'phone.not_digits'],
    ['043-123-45a7', 'phone.not_digits'],
    ['+1 212 555 0100', 'phone.foreign'],
    ['9012345678', 'phone.leading_zero_lost'],
    ['431234567', 'phone.leading_zero_lost'],
    ['123-4567', 'phone.unknown_prefix'],
    ['043-123-456', 'phone.too_short'],
    ['090-1234-567', 'phone.too_short'],
    ['043-123-45678', 'phone.too_long'],
    ['043-123-4567 / 090-1234-5678', 'phone.too_long'],
    ['0000000000', 'phone.unknown_prefix'],
    ['030-1234-5678', 'phone.too_long'],
    ['0'.repeat(100), 'phone.too_long'],
  ];
  for (const [typed, expected] of cases) assert.equal(phone(typed), expected, typed);
});

test('a telephone number is the same in every width, with any hyphen and from abroad', () => {
  const number = fc.oneof(
    digit(8).map((rest) => `090${rest}`),
    digit(8).map((rest) => `050${rest}`),
    digit(7).map((rest) => `043${rest}`),
    digit(8).map((rest) => `03${rest}`).filter((text) => text[2] !== '0'),
    digit(6).map((rest) => `0120${rest}`),
  );
  fc.assert(fc.property(number, fc.constantFrom(...'-‐−ー－―ｰ 　'), fc.integer({ min: 1, max: 8 }), (national, dash, at) => {
    const typed = national.slice(0, at) + dash + national.slice(at);
    for (const form of [national, typed, fullWidth(typed), `+81${national.slice(1)}`, `＋81 (0)${national.slice(1)}`]) {
      const result = parsePhone(form);
      assert.equal(result.ok && result.value.national, national, form);
      assert.equal(result.ok && result.value.e164, `+81${national.slice(1)}`);
      assert.equal(result.ok && result.value.display.replaceAll('-', ''), national);
    }
  }));
});

test('postal codes are normalised from every way of typing them', () => {
  fc.assert(fc.property(digit(7), (digits) => {
    const normal = `${digits.slice(0, 3)}-${digits.slice(3)}`;
    for (const typed of [digits, normal, `〒${normal}`, `〒 ${fullWidth(normal)}`, normal.replace('-', 'ー'), normal.replace('-', '−')]) assert.deepEqual(parsePostalCode(typed), { ok: true, value: normal });
  }));
  assert.equal(code(parsePostalCode('〒')), 'postal_code.empty');
  assert.equal(code(parsePostalCode('600001')), 'postal_code.leading_zero_lost');
  assert.equal(code(parsePostalCode('12345678')), 'postal_code.length');
  assert.equal(code(parsePostalCode('SW1A 1AA')), 'postal_code.not_digits');
});

test('e-mail addresses that people have are accepted', () => {
  const good: [string, string][] = [
    ['soumu@example.co.jp', 'soumu@example.co.jp'],
    [' Taro.Yamada@Example.COM ', 'Taro.Yamada@example.com'],
    ['ｓｏｕｍｕ＠ｅｘａｍｐｌｅ．ｊｐ', 'soumu@example.jp'],
    ["o'neil+tag@sub.example.org", "o'neil+tag@sub.example.org"],
    ['info@日本語.example', 'info@日本語.example'],
    ['a@xn--wgv71a119e.example', 'a@xn--wgv71a119e.example'],
  ];
  for (const [typed, address] of good) {
    const result = parseEmail(typed);
    assert.equal(result.ok && result.value.address, address, typed);
  }
  const old = parseEmail('taro..love.@example.ne.jp');
  assert.equal(old.ok && old.value.oddDots, true);
});

test('what cannot be one e-mail address is refused with the reason', () => {
  const bad: [string, string][] = [
    ['', 'email.empty'], ['soumu', 'email.no_at'], ['a@b@example.jp', 'email.several_at'], ['a@example.jp, b@example.jp', 'email.several_at'],
    ['@example.jp', 'email.local_part'], ['so umu@example.jp', 'email.local_part'], ['総務@example.jp', 'email.local_part'], ['"a b"@example.jp', 'email.local_part'], ['...@example.jp', 'email.local_part'],
    [`${'a'.repeat(65)}@example.jp`, 'email.local_part'], ['a@example', 'email.domain'], ['a@', 'email.domain'], ['a@.jp', 'email.domain'], ['a@example..jp', 'email.domain'], ['a@-example.jp', 'email.domain'],
    ['a@192.0.2.1', 'email.domain'], ['a@[192.0.2.1]', 'email.domain'], ['a@exa mple.jp', 'email.domain'], [`a@${'b'.repeat(64)}.jp`, 'email.domain'],
    ['a@example.jp\r\nBcc: b', 'email.domain'], [`a@${'b.'.repeat(150)}jp`, 'email.too_long'], ['a'.repeat(1_000_000), 'email.too_long'],
  ];
  for (const [typed, expected] of bad) assert.equal(code(parseEmail(typed)), expected, typed.slice(0, 40));
});

test('an accepted address has no white space, control or second @, and reads back as itself', () => {
  const piece = fc.string({ unit: fc.constantFrom(...'ab.@- \r\n\t<>",;＠．\u0000\u200b日'), maxLength: 12 });
  fc.assert(fc.property(fc.oneof(piece, fc.tuple(piece, piece).map(([a, b]) => `x${a}@${b}.jp`), fc.emailAddress()), (typed) => {
    const result = parseEmail(typed);
    if (!result.ok) return;
    assert.doesNotMatch(result.value.address, /[\s\p{Cc}\p{Cf}<>",;]/u);
    assert.equal(result.value.address.split('@').length, 2);
    assert.deepEqual(parseEmail(result.value.address), result);
  }), { numRuns: 3_000 });
  fc.assert(fc.property(fc.emailAddress(), (typed) => assert.equal(parseEmail(typed).ok, true, typed)));
});

test('no input makes a check throw, and every refusal has words in both languages', () => {
  const checks = [parsePhone, parsePostalCode, parseEmail, parseCorporateNumber, parseInvoiceNumber];
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0189+#()-ー＋０９内線extT@.〒 '), maxLength: 20 }));
  fc.assert(fc.property(texts, fc.constantFrom(...checks), (text, check) => {
    const result = check(text);
    if (!result.ok) assert.ok(INPUT_CODES.includes(result.code));
  }), { numRuns: 3_000 });
  for (const inputCode of INPUT_CODES) {
    assert.match(explain(inputCode), /。$|）。$/);
    assert.match(explain(inputCode, 'en'), /\.$/);
  }
});

test('the example of the README runs', () => {
  assert.deepEqual(parseCorporateNumber('７-1234-5678-9012'), { ok: true, value: '7123456789012' });
  assert.equal(explain('phone.leading_zero_lost'), '先頭の0が消えているようです。0から入れてください。');
  assert.equal(formatDateTime(new Date('2026-11-22T01:05:00Z')), '11月22日（日）10:05');
  assert.equal(searchKey('髙橋　ｻｰﾊﾞｰ'), searchKey('高橋 サーバ'));
});
