/** Text in one form for comparing, with the way back to where each character stood. */
import { latin } from './confusables.ts';

export interface Folded {
  readonly text: string;
  /** Index in the source where the character that gave unit i of `text` begins. */
  readonly starts: readonly number[];
  /** Index in the source behind it. */
  readonly ends: readonly number[];
}

/** name: without white space and middle dots. phrase: white space between Latin words is one blank, between Japanese characters none. */
export type FoldMode = 'name' | 'phrase';

const COMBINING = /^[\p{M}\uff9e\uff9f]$/u;
const DROPPED = /^[\p{Cf}\ufe00-\ufe0f\u034f\u115f\u3164]$/u;
const MAX_CLUSTER = 8;

/**
 * NFKC and lower case, character by character with the marks behind it; invisible characters gone, letters of other
 * scripts as the Latin ones they imitate. Linear in the text. Equal to `text.normalize('NFKC').toLowerCase()` but for
 * these, white space and Hangul jamo.
 */
export function fold(source: string, mode: FoldMode): Folded {
  const units: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let blank = -1;
  const emit = (char: string, start: number, end: number): void => {
    const code = char.charCodeAt(0);
    if (code <= 0x20 || code === 0xa0 || code === 0x85 || code === 0x2028 || code === 0x2029) {
      if (blank < 0) blank = start;
      return;
    }
    if (mode === 'name') {
      if (code === 0x30fb || code === 0xb7 || code === 0x2022 || code === 0x2027) return;
    } else if (blank >= 0 && units.length > 0 && code < 0x2e80 && units.at(-1)!.charCodeAt(0) < 0x2e80) {
      units.push(' ');
      starts.push(blank);
      ends.push(Math.max(start, blank + 1));
    }
    blank = -1;
    units.push(char);
    for (let i = 0; i < char.length; i++) {
      starts.push(start);
      ends.push(end);
    }
  };
  for (let at = 0; at < source.length; ) {
    const code = source.charCodeAt(at);
    if (code < 0x80) {
      const next = source.charCodeAt(at + 1);
      if (!(next >= 0x300)) {
        emit(code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 32) : source[at]!, at, at + 1);
        at++;
        continue;
      }
    }
    const first = String.fromCodePoint(source.codePointAt(at)!);
    let end = at + first.length;
    for (let marks = 0; marks < MAX_CLUSTER && end < source.length && source.charCodeAt(end) >= 0x300 && isMark(source, end); marks++) end += source.codePointAt(end)! > 0xffff ? 2 : 1;
    if (end === at + 1 && isStable(code)) emit(first, at, end);
    else {
      const plain = source.slice(at, end).normalize('NFKC').toLowerCase().replaceAll('ς', 'σ');
      for (const char of latin(plain)) if (!DROPPED.test(char)) emit(char, at, end);
    }
    at = end;
  }
  return { text: units.join(''), starts, ends };
}

/** The piece of the source behind units `from` to `to` (exclusive) of the folded text. */
export function sourceOf(source: string, folded: Folded, from: number, to: number): string {
  return source.slice(folded.starts[from]!, folded.ends[to - 1]!);
}

/** Kana and the common characters, which NFKC leaves as they are. */
function isStable(code: number): boolean {
  return (code >= 0x3041 && code <= 0x3096) || (code >= 0x30a1 && code <= 0x30fc) || (code >= 0x4e00 && code <= 0x9fff) || code === 0x3001 || code === 0x3002;
}

function isMark(source: string, at: number): boolean {
  const code = source.charCodeAt(at);
  if (code >= 0x3041 && code <= 0x9fff && code !== 0x3099 && code !== 0x309a) return false;
  return COMBINING.test(String.fromCodePoint(source.codePointAt(at)!));
}

