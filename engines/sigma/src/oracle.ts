import { inNetwork } from './ip.ts';
import { compileRegex } from './regex.ts';
import { compare, numberOf, timePart } from './time.ts';
import type { Pattern } from './pattern.ts';
import type { Expression, Leaf } from './types.ts';
import { allTexts, type EventInput, readField, textOf } from './fields.ts';

/**
 * Decides an expression the slow and obvious way: no index, no slots, no cache. It shares the parser and
 * the reading of fields with the fast matcher and nothing of how patterns are compared or rules are found,
 * which makes it the reference that the fast matcher is tested against. Its patterns backtrack, so it is not for
 * rules or events of strangers.
 */
export function holds(expression: Expression, event: EventInput, utcOffsetMinutes = 0): boolean {
  switch (expression.kind) {
    case 'leaf':
      return leafHolds(expression, event, utcOffsetMinutes);
    case 'not':
      return !holds(expression.of, event, utcOffsetMinutes);
    case 'and':
      return expression.of.every((part) => holds(part, event, utcOffsetMinutes));
    case 'or':
      return expression.of.some((part) => holds(part, event, utcOffsetMinutes));
  }
}

function leafHolds(leaf: Leaf, event: EventInput, utcOffsetMinutes: number): boolean {
  return leaf.test.kind === 'null' || leaf.test.kind === 'exists' ? presenceHolds(leaf, event) : firstValue(leaf, event, utcOffsetMinutes) !== null;
}

function presenceHolds(leaf: Leaf, event: EventInput): boolean {
  const value = readField(event, leaf.field as string);
  if (leaf.test.kind === 'exists') return (value !== undefined) === leaf.test.wanted;
  return value === undefined || value === null || (Array.isArray(value) && value.includes(null));
}

/** The first value that the test accepts, as text; null where there is none. */
function firstValue(leaf: Leaf, event: EventInput, utcOffsetMinutes: number): string | null {
  const texts = leaf.field === null ? allTexts(event) : textsOf(event, leaf.field);
  for (const text of texts) if (accepts(leaf, text, event, utcOffsetMinutes)) return text;
  return null;
}

function textsOf(event: EventInput, field: string): string[] {
  const value = readField(event, field);
  const items = Array.isArray(value) ? value : [value];
  return items.map(textOf).filter((text) => text !== null);
}

const regexes = new WeakMap<Leaf, (subject: string) => boolean>();

function accepts(leaf: Leaf, text: string, event: EventInput, utcOffsetMinutes: number): boolean {
  const { test } = leaf;
  switch (test.kind) {
    case 'pattern':
      return patternAccepts(test.pattern, text, test.cased);
    case 'regex': {
      let regex = regexes.get(leaf);
      if (regex === undefined) regexes.set(leaf, (regex = compileRegex(test.source, test.flags, leaf.selection, leaf.line)));
      return regex(text);
    }
    case 'cidr':
      return inNetwork(test.network, text);
    case 'compare': {
      const number = numberOf(text);
      return number !== null && compare(number, test.operator, test.value);
    }
    case 'time': {
      const part = timePart(text, test.part, utcOffsetMinutes);
      return part !== null && compare(part, test.operator, test.value);
    }
    case 'fieldref':
      return textsOf(event, test.field).some((reference) => {
        const literal = { literal: reference };
        const before = test.affix === 'endswith' || test.affix === 'contains' ? (['*'] as const) : [];
        const after = test.affix === 'startswith' || test.affix === 'contains' ? (['*'] as const) : [];
        return patternAccepts([...before, literal, ...after], text, test.cased);
      });
    default:
      return false;
  }
}

/**
 * A regular expression of the language itself: `u` makes `?` one character and, with `i`, compares by
 * simple case folding. Consecutive stars do not occur, and only the rule's own shape decides the time.
 */
function patternAccepts(pattern: Pattern, text: string, cased: boolean): boolean {
  const known = cased ? casedRegexes : foldedRegexes;
  let regex = known.get(pattern);
  if (regex === undefined) known.set(pattern, (regex = regexOf(pattern, cased)));
  return regex.test(text);
}

const casedRegexes = new WeakMap<Pattern, RegExp>();
const foldedRegexes = new WeakMap<Pattern, RegExp>();

function regexOf(pattern: Pattern, cased: boolean): RegExp {
  const source = pattern.map((piece) => (piece === '*' ? '.*' : piece === '?' ? '.' : escapeRegex(piece.literal))).join('');
  return new RegExp(`^${source}$`, cased ? 'su' : 'sui');
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
