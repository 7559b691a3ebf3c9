/**
 * Case-insensitive comparison by simple case folding: two strings are equal without regard to case
 * exactly when their folds are equal. Folding never changes the number of UTF-16 units, so positions
 * and lengths stay comparable. The equivalence is that of a JavaScript `/iu` regular expression, which
 * is CaseFolding.txt (Unicode), status C and S.
 */
export function fold(text: string): string {
  // Of a long text the length in UTF-8 is told quicker.
  if (text.length > LONG ? Buffer.byteLength(text) === text.length : !NOT_ASCII.test(text)) return text.toLowerCase();
  table ??= buildTable();
  const length = text.length;
  let index = 0;
  while (index < length && table[text.charCodeAt(index)] === text.charCodeAt(index) && !isSurrogate(text.charCodeAt(index))) index++;
  if (index === length) return text;
  let out = text.slice(0, index);
  while (index < length) {
    const unit = text.charCodeAt(index);
    if (isSurrogate(unit)) {
      const point = text.codePointAt(index) as number;
      out += point > 0xffff ? foldPoint(point) : text[index];
      index += point > 0xffff ? 2 : 1;
    } else {
      out += String.fromCharCode(table[unit] as number);
      index++;
    }
  }
  return out;
}

const LONG = 512;
const NOT_ASCII = /[^\x00-\x7f]/;
let table: Uint16Array | null = null;

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

function buildTable(): Uint16Array {
  const out = new Uint16Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) out[unit] = isSurrogate(unit) ? unit : foldPoint(unit).charCodeAt(0);
  return out;
}

let inverse: Map<number, number[]> | null = null;

/** Every UTF-16 unit (but surrogates) whose fold is the given folded unit, itself included. */
export function unitsFoldingTo(folded: number): readonly number[] {
  if (inverse === null) {
    table ??= buildTable();
    inverse = new Map();
    for (let unit = 0; unit < 0x10000; unit++) {
      const to = table[unit] as number;
      if (to !== unit) inverse.set(to, [...(inverse.get(to) ?? [to]), unit]);
    }
  }
  return inverse.get(folded) ?? [folded];
}

/** U+0131 (dotless i) has no simple folding though its upper case is I. */
const UNFOLDED = new Set([0x131]);

function foldPoint(point: number): string {
  const self = String.fromCodePoint(point);
  if (UNFOLDED.has(point)) return self;
  const upper = self.toUpperCase();
  const base = upper.length === self.length ? upper : self;
  const lower = base.toLowerCase();
  return lower.length === base.length ? lower : base;
}
