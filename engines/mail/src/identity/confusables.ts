/**
 * What the eye takes for the same. A skeleton is the form in which look-alikes are equal; it is for comparing only,
 * never for showing. The table is our own: scripts that stand in host names, and the pairs of Japanese writing.
 */

/** Each group: the first character stands for all that follow. */
const GROUPS = [
  'aаαɑ', 'bьβƅ', 'cсϲ', 'dԁժ', 'eеεҽ', 'fſ', 'gɡցԍ', 'hһհн', 'jјϳ', 'kкκ', 'mмʍ', 'nпոηɴ', 'oоοօσøㅇ〇', 'pрρþ', 'qԛզ', 'rгʀ', 'sѕꜱ', 'tтτ', 'uυսμ', 'vνѵ', 'wԝωѡ', 'xхχ', 'yуγʏ', 'zᴢ',
  // 1, l and i are one in most fonts.
  'lіιıɩӏłʟǀ|丨i1', 'o0',
  'ロ口囗', 'カ力', 'ー一—―─－‐‑–', 'ニ二', 'ハ八', 'エ工ェ', 'タ夕', 'ト卜', 'へヘ', 'べベ', 'ぺペ', 'りリ', 'ソン', 'シツッ', 'ノ丿', 'ヒ匕', 'ミ三', 'オ才ォ', 'チ千', 'ム厶', 'メ乂', 'ヤャ', 'ユュ', 'ヨョ',
  'アァ', 'イィ亻', 'ウゥ', 'つっ',
];

const TABLE: ReadonlyMap<string, string> = (() => {
  const table = new Map<string, string>();
  for (const group of GROUPS) {
    const [first = '', ...rest] = [...group];
    for (const char of rest) if (!table.has(char)) table.set(char, table.get(first) ?? first);
  }
  return table;
})();

/** Letters that only together look like another one. */
const PAIRS: readonly (readonly [string, string])[] = [['rn', 'm'], ['vv', 'w'], ['cl', 'd']];

/**
 * Skeleton of a host label or a word: full width, accents and case gone, characters of other scripts as the Latin ones
 * they look like, `rn` as `m`, `0` as `o`. Two labels with the same skeleton look the same.
 */
export function skeleton(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return pairs(text.toLowerCase()).replace(/[i1]/g, 'l').replaceAll('0', 'o');
  let out = '';
  // Marks are dropped, but for the kana's own (が is not か).
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFD').replace(/[\u0300-\u036f\p{Cf}]/gu, '').normalize('NFC');
  // Pairs of letters first: once `l` stands for `i` too, `ci` would be a `d`.
  for (const char of pairs(latin(plain))) out += TABLE.get(char) ?? char;
  return out;
}

/** True for a character that looks like a plain Latin letter and is none, such as a Cyrillic о. */
export function isDisguised(char: string): boolean {
  const like = TABLE.get(char);
  return like !== undefined && /[a-z]/.test(like) && !/[\x00-\x7f〇丨]/.test(char);
}

/** Cyrillic, Greek and Armenian letters as the Latin ones they look like; all else stays. For names, where `1` is not `l`. */
export function latin(text: string): string {
  return text.replace(/[\u0180-\u058f\u1d00-\u1dff\ua730-\ua7ff]/g, (char) => (isDisguised(char) ? TABLE.get(char)! : char));
}

function pairs(text: string): string {
  let out = text;
  for (const [pair, one] of PAIRS) if (out.includes(pair)) out = out.replaceAll(pair, one);
  return out;
}
