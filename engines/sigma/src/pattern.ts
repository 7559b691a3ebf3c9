/** One piece of a Sigma string: literal text, `*` (any run) or `?` (one character). */
export type Piece = { readonly literal: string } | '*' | '?';

/** A Sigma string value after escapes were read. Adjacent literals are joined, adjacent `*` are one. */
export type Pattern = readonly Piece[];

/**
 * Reads wildcards and escapes (Sigma rules specification 2.1, "Escaping"): `*` and `?` are wildcards,
 * `\*`, `\?` and `\\` stand for themselves, and a backslash before anything else is a plain backslash.
 */
export function parsePattern(text: string): Pattern {
  const pieces: Piece[] = [];
  let literal = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    const next = text[index + 1];
    if (character === '\\' && (next === '\\' || next === '*' || next === '?')) {
      literal += next;
      index++;
    } else if (character === '*' || character === '?') {
      if (literal !== '') pieces.push({ literal });
      literal = '';
      pieces.push(character);
    } else literal += character;
  }
  if (literal !== '') pieces.push({ literal });
  return normalise(pieces);
}

/** A pattern that is nothing but text. */
export function literalPattern(text: string): Pattern {
  return text === '' ? [] : [{ literal: text }];
}

/** Joins adjacent literals and adjacent stars. */
export function normalise(pieces: readonly Piece[]): Pattern {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece === '*' && last === '*') continue;
    if (typeof piece === 'object' && typeof last === 'object') out[out.length - 1] = { literal: last.literal + piece.literal };
    else out.push(piece);
  }
  return out;
}

/** The text of a pattern without wildcards, or null where it has some. */
export function plainText(pattern: Pattern): string | null {
  if (pattern.length === 0) return '';
  const only = pattern[0];
  return pattern.length === 1 && typeof only === 'object' ? only.literal : null;
}

/** Applies `change` to the literal pieces. */
export function mapLiterals(pattern: Pattern, change: (text: string) => string): Pattern {
  return normalise(pattern.map((piece) => (typeof piece === 'object' ? { literal: change(piece.literal) } : piece)));
}

/**
 * Compiles a pattern to a test over whole strings. Pattern and subject are compared as they are:
 * fold both first for a comparison without regard to case. Time is O(subject × pattern) at worst.
 */
export function compilePattern(pattern: Pattern): (subject: string) => boolean {
  const [first, second, third] = pattern;
  if (pattern.length === 0) return (subject) => subject === '';
  if (pattern.length === 1) {
    if (first === '*') return () => true;
    if (typeof first === 'object') return equals(first.literal);
  }
  if (pattern.length === 2) {
    if (first === '*' && typeof second === 'object') return suffix(second.literal);
    if (typeof first === 'object' && second === '*') return prefix(first.literal);
  }
  if (pattern.length === 3 && first === '*' && typeof second === 'object' && third === '*') return infix(second.literal);
  return general(pattern);
}

function equals(literal: string) {
  return (subject: string) => subject === literal;
}
function prefix(literal: string) {
  return (subject: string) => subject.startsWith(literal);
}
function suffix(literal: string) {
  return (subject: string) => subject.endsWith(literal);
}
function infix(literal: string) {
  return (subject: string) => subject.includes(literal);
}

/** Greedy matching with one point of return per star: no recursion, no exponential case. */
function general(pattern: Pattern): (subject: string) => boolean {
  const pieces = [...pattern];
  return (subject) => {
    let at = 0;
    let piece = 0;
    let starPiece = -1;
    let starAt = 0;
    while (true) {
      const wanted = pieces[piece];
      if (wanted === '*') {
        if (piece === pieces.length - 1) return true;
        starPiece = piece++;
        starAt = at;
        continue;
      }
      if (wanted === undefined && at === subject.length) return true;
      if (wanted === '?' && at < subject.length) {
        at += characterLength(subject, at);
        piece++;
        continue;
      }
      if (typeof wanted === 'object' && subject.startsWith(wanted.literal, at)) {
        at += wanted.literal.length;
        piece++;
        continue;
      }
      if (starPiece < 0 || starAt >= subject.length) return false;
      // Jump to the next place where the literal after the star could stand.
      const after = pieces[starPiece + 1];
      starAt += characterLength(subject, starAt);
      if (typeof after === 'object') {
        starAt = subject.indexOf(after.literal, starAt);
        if (starAt < 0) return false;
      }
      at = starAt;
      piece = starPiece + 1;
    }
  };
}

function characterLength(subject: string, at: number): number {
  const unit = subject.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return 1;
  const next = subject.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}
