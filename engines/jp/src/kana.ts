/** Hiragana for katakana, letter by letter; all else stays. ヷヸヹヺ have no hiragana and stay too. */
export function toHiragana(text: string): string {
  return text.replace(/[\u30a1-\u30f6\u30fd\u30fe]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60));
}

/** Katakana for hiragana, letter by letter; all else stays. */
export function toKatakana(text: string): string {
  return text.replace(/[\u3041-\u3096\u309d\u309e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
}

/** Full-width letters for half-width kana, with ﾞ and ﾟ joined to their letter; all else stays. */
export function toFullWidthKana(text: string): string {
  return text.replace(/[\uff61-\uff9f]+/g, (run) => run.normalize('NFKC').replaceAll('\u3099', '゛').replaceAll('\u309a', '゜'));
}

const HALF_WIDTH = new Map<string, string>();
for (let code = 0xff61; code <= 0xff9f; code++) {
  const half = String.fromCharCode(code);
  HALF_WIDTH.set(half.normalize('NFKC'), half);
}
HALF_WIDTH.set('゛', 'ﾞ').set('゜', 'ﾟ');

/** Half-width kana for katakana and its punctuation, as bank files want it; letters without a half-width form stay. */
export function toHalfWidthKana(text: string): string {
  return text.replace(/[\u3001\u3002\u300c\u300d\u309b\u309c\u30a1-\u30fc]/g, (letter) => {
    const direct = HALF_WIDTH.get(letter);
    if (direct !== undefined) return direct;
    const [base, mark] = letter.normalize('NFD');
    const half = mark === undefined ? undefined : HALF_WIDTH.get(base!);
    return half === undefined ? letter : half + HALF_WIDTH.get(mark!)!;
  });
}

/** True when a text has only kana, ー, ・ and spaces, and at least one kana: what a ふりがな field takes. */
export function isReading(text: string): boolean {
  return /[\u3041-\u3096\u30a1-\u30fa]/.test(text) && /^[\u3041-\u3096\u309d\u309e\u30a1-\u30fe\u3000 ]*$/.test(text);
}

const SMALL = new Map([...'ぁぃぅぇぉっゃゅょゎゕゖ'].map((small, i) => [small, 'あいうえおつやゆよわかけ'[i]!]));

// Rows of the syllabary by vowel, for the long mark: かー sorts as かあ.
const VOWEL = new Map<string, string>();
for (const row of ['あかさたなはまやらわ', 'いきしちにひみりゐ', 'うくすつぬふむゆる', 'えけせてねへめれゑ', 'おこそとのほもよろを']) {
  for (const letter of row) VOWEL.set(letter, row[0]!);
}

/**
 * A key whose plain comparison (`<`, or COLLATE "C") puts readings in dictionary order, after the levels of
 * JIS X 4061 (日本語文字列照合順番): first the letters alone, with ー as the vowel before it and ゝ as the letter before
 * it; then unvoiced, voiced, half-voiced; then long mark, small letter, iteration mark, plain letter; then hiragana
 * before katakana. Spaces and ・ do not count; other characters follow by their lower-case code.
 */
export function readingKey(reading: string): string {
  let letters = '';
  let voicing = '';
  let forms = '';
  let scripts = '';
  let previous = '';
  const text = toFullWidthKana(reading).normalize('NFKC').toLowerCase();
  for (const original of text) {
    if (/[\s\u30fb\p{Cc}]/u.test(original)) continue;
    const hiragana = toHiragana(original);
    const [base = '', mark] = hiragana.normalize('NFD');
    let letter = base;
    let form = '3';
    if (base === 'ー' && VOWEL.has(previous)) [letter, form] = [VOWEL.get(previous)!, '0'];
    else if (SMALL.has(base)) [letter, form] = [SMALL.get(base)!, '1'];
    else if (base === 'ゝ' && previous !== '') [letter, form] = [previous, '2'];
    letters += letter;
    voicing += mark === '\u3099' ? '1' : mark === '\u309a' ? '2' : '0';
    forms += form;
    scripts += original === hiragana ? '0' : '1';
    previous = letter;
  }
  // U+0001 is below every letter, so a shorter reading comes before a longer one; databases refuse U+0000.
  return [letters, voicing, forms, scripts].join('\u0001');
}
