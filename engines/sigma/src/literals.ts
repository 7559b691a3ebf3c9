import { fold } from './fold.ts';
import type { Piece } from './pattern.ts';
import { regexLiteral } from './regex-literal.ts';
import type { Expression, Leaf } from './types.ts';

/** A folded text that must stand in a field (null: in any value), as the whole value or somewhere inside. */
export interface Literal {
  readonly field: string | null;
  readonly text: string;
  readonly whole: boolean;
}

const SURROGATE = /[\ud800-\udfff]/;
/** Shorter texts stand in too many events to be worth looking for; characters beyond ASCII are rare enough by themselves. */
const SHORTEST_ASCII = 3;
/** A part of a demanded text is demanded too; the end of a text tells more apart than its beginning. */
const LONGEST = 24;
/** A rule that could be proven by more literals than this is simply always evaluated. */
const MOST = 4_000;

/**
 * The literals of which at least one stands in every event the expression can be true for (the rule's
 * "witness"), or null where there is no such set. `weight` says how common a literal is thought to be.
 */
export function witness(expression: Expression, weight: (literal: Literal) => number): readonly Literal[] | null {
  switch (expression.kind) {
    case 'leaf': {
      const literal = literalOf(expression);
      return literal === null ? null : [literal];
    }
    case 'not':
      return null;
    case 'or': {
      const all: Literal[] = [];
      for (const part of expression.of) {
        const found = witness(part, weight);
        if (found === null) return null;
        all.push(...found);
        if (all.length > MOST) return null;
      }
      return all;
    }
    case 'and': {
      let best: readonly Literal[] | null = null;
      let bestCost = Number.POSITIVE_INFINITY;
      for (const part of expression.of) {
        const found = witness(part, weight);
        if (found === null) continue;
        const cost = found.reduce((sum, literal) => sum + weight(literal), 0);
        if (cost < bestCost) {
          best = found;
          bestCost = cost;
        }
      }
      return best;
    }
  }
}

/** What a single test demands: the longest text in a pattern or regular expression. Other tests demand none. */
export function literalOf(leaf: Leaf): Literal | null {
  const { test, field } = leaf;
  if (test.kind === 'regex') return inside(field, regexLiteral(test.source));
  if (test.kind !== 'pattern') return null;
  const only = test.pattern[0];
  if (field !== null && test.pattern.length === 1 && typeof only === 'object') return { field, text: fold(only.literal), whole: true };
  let longest = '';
  for (const piece of test.pattern) if (isText(piece) && piece.literal.length > longest.length) longest = piece.literal;
  return inside(field, longest);
}

function inside(field: string | null, whole: string): Literal | null {
  const folded = fold(whole);
  const text = SURROGATE.test(folded) ? comparable(folded) : folded;
  if (text === '' || (text.length < SHORTEST_ASCII && /^[\x00-\x7f]*$/.test(text))) return null;
  const end = text.slice(-LONGEST);
  return { field, text: /^[\udc00-\udfff]/.test(end) ? end.slice(1) : end, whole: false };
}

/** The longest part that can be compared unit by unit: characters that have a case and take two units, and halves of such, cannot. */
function comparable(folded: string): string {
  let longest = '';
  let part = '';
  for (const character of folded) {
    const whole = SURROGATE.test(character) ? character.length === 2 && character.toLowerCase() === character && character.toUpperCase() === character : true;
    part = whole ? part + character : '';
    if (part.length > longest.length) longest = part;
  }
  return longest;
}

function isText(piece: Piece): piece is { readonly literal: string } {
  return typeof piece === 'object';
}

/** Calls `visit` for every leaf. */
export function eachLeaf(expression: Expression, visit: (leaf: Leaf) => void): void {
  if (expression.kind === 'leaf') visit(expression);
  else if (expression.kind === 'not') eachLeaf(expression.of, visit);
  else for (const part of expression.of) eachLeaf(part, visit);
}
