import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  companySize, corporateCheckDigit, corporateNumberOfRegistry, findPrefecture, formatAbout, formatAboutYen, formatAtLeast, formatBytes, formatCount,
  formatYen, groupDigits, jsicDivision, JSIC_DIVISIONS, municipalityCheckDigit, parseCorporateNumber, parseInvoiceNumber, parseYen,
  prefectureOfAddress, PREFECTURES, roundForSentence, SIZE_BANDS, sizeBand, smeSectors,
} from '../src/index.ts';

const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const fullWidth = (text: string) => text.replace(/[0-9A-Z-]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
const code = (result: { ok: boolean; code?: string }) => result.code ?? 'ok';

test('a corporate number is accepted with its own check digit and with no other', () => {
  fc.assert(fc.property(digits(12), (base) => {
    const check = corporateCheckDigit(base);
    assert.match(check, /^[1-9]$/);
    for (const first of '0123456789') assert.equal(parseCorporateNumber(first + base).ok, first === check);
    assert.equal(corporateNumberOfRegistry(base), check + base);
  }));
});

test('every single wrong digit of a corporate number is found, but for 0 and 9 taken for each other', () => {
  fc.assert(fc.property(digits(12), fc.integer({ min: 1, max: 12 }), fc.constantFrom(...'0123456789'), (base, place, wrong) => {
    const number = corporateNumberOfRegistry(base);
    const typo = number.slice(0, place) + wrong + number.slice(place + 1);
    const blind = typo === number || (wrong === '0' && number[place] === '9') || (wrong === '9' && number[place] === '0');
    assert.equal(parseCorporateNumber(typo).ok, blind);
  }));
});

test('a corporate number is understood in any width and spacing', () => {
  fc.assert(fc.property(digits(12), (base) => {
    const number = corporateNumberOfRegistry(base);
    const spaced = `${number[0]}-${number.slice(1, 5)}－${number.slice(5, 9)} ${number.slice(9)}`;
    for (const typed of [fullWidth(number), spaced, ` ${fullWidth(spaced)}　`]) assert.deepEqual(parseCorporateNumber(typed), { ok: true, value: number });
  }));
  assert.equal(parseCorporateNumber('7123456789012').ok, true, 'the worked example of the rule: sum 74, remainder 2');
});

test('what is no corporate number is refused with the reason', () => {
  assert.equal(code(parseCorporateNumber('　')), 'corporate_number.empty');
  assert.equal(code(parseCorporateNumber('1.23E+12')), 'corporate_number.not_digits');
  assert.equal(code(parseCorporateNumber('１２３４５６７８９０１２')), 'corporate_number.registry_number');
  assert.equal(code(parseCorporateNumber('12345')), 'corporate_number.length');
  assert.equal(code(parseCorporateNumber('1'.repeat(1_000_000))), 'corporate_number.length');
  assert.equal(code(parseCorporateNumber('1123456789012')), 'corporate_number.check_digit');
  for (const bad of ['', '12345678901', '12345678901a', '１２３４５６７８９０１２']) assert.throws(() => corporateCheckDigit(bad), RangeError);
});

test('an invoice number is T and thirteen digits, with a corporate number inside or not', () => {
  assert.deepEqual(parseInvoiceNumber('ｔ７１２３４５６７８９０１２'), { ok: true, value: { number: 'T7123456789012', corporateNumber: '7123456789012' } });
  assert.deepEqual(parseInvoiceNumber('T1123456789012'), { ok: true, value: { number: 'T1123456789012', corporateNumber: undefined } });
  assert.equal(code(parseInvoiceNumber('7123456789012')), 'invoice_number.form');
  assert.equal(code(parseInvoiceNumber('')), 'invoice_number.empty');
});

test('the twenty divisions cover the major groups 01 to 99 without gap or overlap', () => {
  assert.equal(JSIC_DIVISIONS.map((entry) => entry.code).join(''), 'ABCDEFGHIJKLMNOPQRST');
  for (let group = 1; group <= 99; group++) {
    const owners = JSIC_DIVISIONS.filter(({ groups: [first, last] }) => group >= first && group <= last);
    assert.equal(owners.length, 1, `group ${group}`);
    assert.equal(jsicDivision(String(group).padStart(2, '0')), owners[0]);
  }
  for (const bad of ['', 'U', 'e', '00', '5', '12345', 'AA', '５６']) assert.equal(jsicDivision(bad), undefined, bad);
});

test('every head count has exactly one size band', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), (people) => {
    assert.equal(SIZE_BANDS.filter(({ min, max }) => people >= min && people <= max).length, 1);
    assert.ok(SIZE_BANDS.includes(sizeBand(people)));
  }));
  assert.deepEqual([5, 6, 20, 21, 50, 51, 100, 101, 300, 301, 1000, 1001].map((people) => sizeBand(people).id), ['1-5', '6-20', '6-20', '21-50', '21-50', '51-100', '51-100', '101-300', '101-300', '301-1000', '301-1000', '1001+']);
  for (const bad of [0, -1, 1.5, NaN, Infinity]) assert.throws(() => sizeBand(bad), RangeError);
});

test('company size follows the limits of the Act at their edges', () => {
  const cases: [string, number | null, number, string | undefined][] = [
    ['E', 300_000_000, 5_000, 'small_medium'],
    ['E', 300_000_001, 300, 'small_medium'],
    ['E', 300_000_001, 301, 'mid'],
    ['E', 300_000_001, 2_000, 'mid'],
    ['E', 300_000_001, 2_001, 'large'],
    ['E', 900_000_000, 20, 'micro'],
    ['E', null, 301, 'mid'],
    ['55', 100_000_000, 101, 'small_medium'],
    ['55', 100_000_001, 101, 'mid'],
    ['58', 50_000_001, 51, 'mid'],
    ['76', 50_000_001, 50, 'small_medium'],
    ['75', 50_000_001, 100, 'small_medium'],
    ['P', 50_000_001, 101, 'mid'],
    ['P', 0, 5, 'micro'],
    ['P', 0, 6, 'small_medium'],
    ['I', 60_000_000, 80, undefined],
    ['I', 10_000_000, 80, 'small_medium'],
    ['?', 0, 1, undefined],
  ];
  for (const [jsic, capital, people, expected] of cases) assert.equal(companySize(jsic, capital, people), expected, `${jsic} ${capital} ${people}`);
  for (const [capital, people] of [[-1, 1], [1, -1], [0.5, 1], [1, NaN]] as const) assert.throws(() => companySize('E', capital, people), RangeError);
});

test('a company never grows into a smaller class', () => {
  const order = ['micro', 'small_medium', 'mid', 'large'];
  fc.assert(fc.property(fc.constantFrom('E', '55', '58', 'P', '39', '693', '791'), fc.nat(400_000_000), fc.nat(3_000), fc.nat(50_000_000), fc.nat(500), (jsic, capital, people, moreCapital, morePeople) => {
    const small = order.indexOf(companySize(jsic, capital, people)!);
    const big = order.indexOf(companySize(jsic, capital + moreCapital, people + morePeople)!);
    assert.ok(small <= big);
  }));
  assert.deepEqual(['38', '39', '40', '411', '413', '68', '693', '70', '791', '792'].map((jsic) => smeSectors(jsic).join()), ['service', 'service', 'manufacturing_other', 'service', 'manufacturing_other', 'manufacturing_other', 'service', 'service', 'manufacturing_other', 'service']);
});

test('prefectures are found by code, by full and short name, in kana and English, and nothing else is', () => {
  assert.equal(PREFECTURES.length, 47);
  assert.deepEqual([1, 13, 26, 27, 47].map((n) => PREFECTURES[n - 1]!.ja), ['北海道', '東京都', '京都府', '大阪府', '沖縄県']);
  for (const prefecture of PREFECTURES) {
    const { code: jis, ja, kana, en } = prefecture;
    for (const text of [jis, fullWidth(jis), ja, ja === '北海道' ? ja : ja.slice(0, -1), kana, en.toUpperCase(), ` ${ja}　`]) assert.equal(findPrefecture(text), prefecture, text);
    assert.equal(prefectureOfAddress(`${ja}どこか市1-2-3`), prefecture);
  }
  assert.equal(prefectureOfAddress('京都府京都市'), findPrefecture('26'));
  for (const bad of ['', '0', '48', '都', '東京市', '__proto__', 'x'.repeat(1_000)]) assert.equal(findPrefecture(bad), undefined, bad);
});

test('municipality check digits meet known codes', () => {
  for (const full of ['011002', '131016', '271004', '401307', '472018']) assert.equal(municipalityCheckDigit(full.slice(0, 5)), full[5], full);
  assert.throws(() => municipalityCheckDigit('1310'), RangeError);
});

test('money is written in whole yen with its period', () => {
  assert.equal(formatYen(12_000), '12,000円');
  assert.equal(formatYen(12_000, { per: 'month' }), '12,000円／月');
  assert.equal(formatYen(-1_234_567), '-1,234,567円');
  assert.equal(formatYen(12_000, { lang: 'en', per: 'month' }), '¥12,000 / month');
  assert.equal(formatYen(-500, { lang: 'en' }), '-¥500');
  for (const bad of [0.5, NaN, Infinity, 2 ** 53]) assert.throws(() => formatYen(bad), RangeError);
});

test('grouped digits read back as the same number, in groups of three', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (n) => {
    const text = groupDigits(n);
    assert.match(text, /^-?\d{1,3}(,\d{3})*$/);
    assert.equal(Number(text.replaceAll(',', '')), n);
    if (n >= 0) assert.equal(parseYen(formatYen(n)), n);
    assert.equal(text, n.toLocaleString('en-US'));
  }));
});

test('amounts are read as people write them, and doubtful ones are not', () => {
  const read: [string, number][] = [['１２，０００円', 12_000], ['¥12,000', 12_000], ['12万円', 120_000], ['3千万', 30_000_000], ['5百万円', 5_000_000], ['1億2,000万円', 120_000_000], ['1.5億円', 150_000_000], ['500千円', 500_000], ['1億', 100_000_000], ['2万5千円', 25_000], ['0', 0]];
  for (const [text, yen] of read) assert.equal(parseYen(text), yen, text);
  for (const bad of ['', '円', '約100円', '-5円', '1.5円', '1万2億', '12,000ドル', '9'.repeat(17), '１２三', 'x'.repeat(1_000)]) assert.equal(parseYen(bad), undefined, bad);
});

test('numbers in sentences keep two digits and say that they are rounded', () => {
  assert.equal(formatAbout(1_234, '件'), '約1,200件');
  assert.equal(formatAbout(1_200, '件'), '1,200件');
  assert.equal(formatAbout(37, '件'), '37件');
  assert.equal(formatAbout(1_234, 'alerts', 'en'), 'about 1,200 alerts');
  assert.equal(formatCount(1_234, '件'), '1,234件');
  assert.equal(formatAtLeast(1_000, '件'), '1,000件以上');
  assert.equal(formatAtLeast(1_000, 'alerts', 'en'), '1,000 alerts or more');
  assert.deepEqual([9_950, 12_345_678, 344_000_000, 20_000].map((yen) => formatAboutYen(yen)), ['約1万円', '約1,200万円', '約3.4億円', '2万円']);
  assert.equal(formatAboutYen(12_345_678, 'en'), 'about ¥12 million');
  fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (n) => {
    const rounded = roundForSentence(n);
    assert.ok(Math.abs(rounded - n) <= Math.abs(n) * 0.05 + 1e-9);
    assert.equal(roundForSentence(rounded), rounded);
  }));
});

test('sizes stay short and never show a thousand of a smaller unit', () => {
  assert.deepEqual([0, 999, 1_000, 1_234, 99_949, 99_950, 999_499, 999_500, 999_949, 1_200_000_000].map(formatBytes), ['0 B', '999 B', '1 KB', '1.2 KB', '99.9 KB', '100 KB', '999 KB', '1 MB', '1 MB', '1.2 GB']);
  const nearThousand = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -600, max: 600 })).map(([power, off]) => 1_000 ** power + off * 1_000 ** (power - 1));
  fc.assert(fc.property(fc.oneof(fc.maxSafeNat(), nearThousand.filter((n) => n >= 0)), (n) => assert.match(formatBytes(n), /^(?:\d{1,2}\.\d|\d{1,3}) (?:B|KB|MB|GB|TB|PB)$/)));
  for (const bad of [-1, 0.5, NaN]) assert.throws(() => formatBytes(bad), RangeError);
});
