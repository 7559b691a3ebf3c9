import { DASHES, toHalfWidthAscii } from './text.ts';

/** What a mark in a Japanese checklist says. */
export type Mark = 'yes' | 'partly' | 'no' | 'not_applicable';

const MARKS: readonly (readonly [Mark, readonly string[]])[] = [
  // Four different circles look alike in print: U+25CB, U+3007 (kanji zero), U+25EF, U+2B55; typed by hand also the letter O.
  ['yes', ['○', '〇', '◯', '⭕', '◎', '●', 'o', '丸', 'まる', 'マル', '✓', '✔', '☑', '✅', 'レ', '有', 'あり', 'はい', '済', '済み', 'yes', 'y', '実施済', '実施済み', '対応済', '対応済み']],
  ['partly', ['△', '▲', '▵', '∆', '三角', '一部', '一部実施', '一部対応', 'partly', 'partial']],
  ['no', ['×', '✕', '✖', '✗', '✘', '☓', '╳', '⨯', '❌', '❎', 'x', 'バツ', 'ばつ', 'ペケ', '無', 'なし', 'いいえ', '未', '未実施', '未対応', 'no', 'n']],
  ['not_applicable', ['/', '対象外', '該当なし', '非該当', '該当せず', 'n/a', 'na', 'none']],
];
const BY_TEXT = new Map(MARKS.flatMap(([mark, texts]) => texts.map((text) => [text, mark] as const)));
const ONLY_DASHES = new RegExp(`^[${DASHES}]{1,5}$`, 'u');

/**
 * Reads the mark in a cell: ○〇◯◎ yes, △ partly, ×✕ no, ー and other dashes not applicable, with their look-alikes,
 * full-width letters and usual words. Undefined for an empty cell and for everything that is not plainly one mark,
 * so that a person decides. The digit 0 is not read as a circle.
 */
export function readMark(cell: string): Mark | undefined {
  if (cell.length > 40) return undefined;
  // U+FE0F only asks for a coloured drawing of the same mark.
  const text = toHalfWidthAscii(cell).replaceAll('\ufe0f', '').trim().toLowerCase();
  return BY_TEXT.get(text) ?? (ONLY_DASHES.test(text) ? 'not_applicable' : undefined);
}
