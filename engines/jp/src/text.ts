import { toHiragana } from './kana.ts';

/** ASCII for the full-width forms of ASCII and the ideographic space; nothing else changes. */
export function toHalfWidthAscii(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
}

/** Every stroke that people type for a hyphen, minus, dash or long mark. */
export const DASHES = '\\-\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d\uff70';

// What a keyboard gives for a hyphen; the long mark of kana is one only between ASCII letters and digits: ＦＧーＨＱ, but サーバー.
const HYPHEN = new RegExp(`[\\u2010-\\u2015\\u2212]|(?<=[0-9A-Za-z])[${DASHES}](?=[0-9A-Za-z])`, 'gu');

/** A name as machines write it, however it was typed: full-width letters and the strokes that stand for a hyphen in ASCII, nothing around it. */
export function plainName(text: string): string {
  return text.normalize('NFKC').replace(HYPHEN, '-').trim();
}

// Invisible characters: soft hyphen, zero-width, direction marks, variation selectors (also those that only choose a
// glyph of a name's kanji).
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/gu;

// Variant kanji of names and places that people type one for the other and NFKC keeps apart.
const VARIANTS = new Map(
  ['高髙', '崎﨑嵜', '辺邊邉', '斉齊斎齋', '沢澤', '浜濱濵', '広廣', '国國', '桜櫻', '島嶋嶌', '館舘', '吉𠮷', '徳德', '恵惠', '真眞', '栄榮', '関關', '竜龍', '滝瀧', '富冨', '峰峯', '渋澁', '会會', '学學', '円圓', '鉄鐵鉃', '県縣', '条條', '郎郞', '塩鹽', '壱壹', '万萬', '与與', '寿壽', '実實', '検檢', '豊豐', '礼禮', '静靜', '曽曾', '槙槇', '薮藪', '桧檜', '蛍螢'].flatMap(
    (group) => [...group].slice(1).map((variant) => [variant, [...group][0]!] as const),
  ),
);
const VARIANT = new RegExp(`[${[...VARIANTS.keys()].join('')}]`, 'gu');

const DASH = new RegExp(`^[${DASHES}]$`, 'u');
const KANA = /^[\u3041-\u3096\u3099\u309a\u30a1-\u30fa]$/u;

/**
 * The key under which a text is stored and looked for, so that what looks or sounds the same is found: NFKC, lower
 * case, hiragana for katakana, one hyphen for every dash, one ー for every long mark, no final ー in words of four or
 * more letters (サーバー = サーバ), usual kanji for variant kanji (髙 = 高), single spaces, no invisible characters.
 *
 * Applying it twice changes nothing. Time is linear; NFKC may lengthen a text (at most eighteenfold). Meant for search,
 * never for identity: different names may share a key.
 */
export function searchKey(text: string): string {
  const visible = text.replace(INVISIBLE, '').replaceAll('゛', '\u3099').replaceAll('゜', '\u309a');
  const folded = visible.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ').replaceAll('\u301c', '~');
  const dashed = foldDashes(folded).replace(VARIANT, (kanji) => VARIANTS.get(kanji)!);
  const words = dropFinalLongMark(toHiragana(dropFinalLongMark(dashed)));
  return words.replace(/\s+/gu, ' ').trim();
}

/** ー after a kana (or another ー), "-" elsewhere. */
function foldDashes(text: string): string {
  // From left to right, because the first ー decides about the next.
  let result = '';
  let afterKana = false;
  for (const char of text) {
    if (DASH.test(char)) result += afterKana ? 'ー' : '-';
    else {
      result += char;
      afterKana = KANA.test(char);
    }
  }
  return result;
}

/** Katakana or hiragana words of three letters and more lose their final ー (the habit of technical Japanese). */
function dropFinalLongMark(text: string): string {
  return text.replace(/[\u30a1-\u30fa\u30fc\u3099\u309a]+|[\u3041-\u3096\u30fc\u3099\u309a]+/gu, (word) => {
    let end = word.length;
    while (end > 0 && word[end - 1] === 'ー') end--;
    return end >= 3 ? word.slice(0, end) : word;
  });
}
