import { SigmaError } from './errors.ts';
import { join } from './modifiers.ts';
import type { Expression } from './types.ts';

const MAX_TOKENS = 2_000;
const MAX_DEPTH = 64;
/** Tests that a rule may stand for, each counted as often as the condition names its selection. */
const MAX_TESTS = 200_000;
const TOKEN = /\s*(\(|\)|[^\s()]+)/y;

/**
 * Reads a condition (Sigma rules specification 2.1, "Condition") and puts the selections in.
 * Binding from weakest: `or`, `and`, `not`, `x of pattern`. `them` and patterns leave out names that
 * begin with `_` unless the pattern does so itself.
 * @throws SigmaError `condition`, `too_large` for a condition that names so much so often that nobody could wait for it, or
 * `unsupported` for the aggregation pipe of Sigma 1
 */
export function parseCondition(text: string, selections: ReadonlyMap<string, Expression>, path: string, line: number): Expression {
  const fail = (detail: string) => new SigmaError('condition', path, line, `condition "${short(text)}": ${detail}`);
  if (text.includes('|')) throw new SigmaError('unsupported', path, line, 'aggregation after "|" was removed from Sigma; write a correlation rule');
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[1] as string);
    if (tokens.length > MAX_TOKENS) throw fail(`longer than ${MAX_TOKENS} words`);
  }
  let at = 0;
  let depth = 0;
  let tests = 0;
  const sizes = new Map<Expression, number>();
  const named = (selection: Expression): Expression => {
    tests += sizeOf(selection, sizes);
    if (tests > MAX_TESTS) throw new SigmaError('too_large', path, line, `condition "${short(text)}": it stands for more than ${MAX_TESTS} comparisons`);
    return selection;
  };
  const keyword = (offset = 0) => tokens[at + offset]?.toLowerCase();

  function parseOr(): Expression {
    const parts = [parseAnd()];
    while (keyword() === 'or') {
      at++;
      parts.push(parseAnd());
    }
    return join('or', parts);
  }
  function parseAnd(): Expression {
    const parts = [parseNot()];
    while (keyword() === 'and') {
      at++;
      parts.push(parseNot());
    }
    return join('and', parts);
  }
  function parseNot(): Expression {
    if (keyword() !== 'not') return parseAtom();
    at++;
    deeper();
    const of = parseNot();
    depth--;
    return { kind: 'not', of };
  }
  function deeper(): void {
    if (++depth > MAX_DEPTH) throw fail(`nested deeper than ${MAX_DEPTH}`);
  }
  function parseAtom(): Expression {
    const token = tokens[at];
    if (token === undefined) throw fail('it ends too early');
    if (token === '(') {
      at++;
      deeper();
      const inner = parseOr();
      depth--;
      if (tokens[at] !== ')') throw fail('a bracket is not closed');
      at++;
      return inner;
    }
    if (keyword(1) === 'of') {
      const quantity = keyword();
      if (quantity !== '1' && quantity !== 'any' && quantity !== 'all') throw fail(`"${short(token)} of" is not known; use 1 of or all of`);
      const pattern = tokens[at + 2];
      if (pattern === undefined) throw fail('"of" needs a name');
      at += 3;
      return quantified(quantity === 'all' ? 'and' : 'or', pattern);
    }
    at++;
    const selection = selections.get(token);
    if (selection === undefined) throw fail(`there is no selection "${short(token)}"`);
    return named(selection);
  }
  function quantified(kind: 'and' | 'or', pattern: string): Expression {
    const all = pattern.toLowerCase() === 'them';
    const matches = all ? () => true : nameMatcher(pattern);
    const found: Expression[] = [];
    for (const [name, selection] of selections) {
      if (name.startsWith('_') && (all || !pattern.startsWith('_'))) continue;
      if (matches(name)) found.push(named(selection));
    }
    if (found.length === 0) throw fail(`no selection is called "${short(pattern)}"`);
    return join(kind, found);
  }

  const expression = parseOr();
  if (at < tokens.length) throw fail(`"${short(tokens[at] as string)}" was not expected`);
  return expression;
}

function sizeOf(expression: Expression, known: Map<Expression, number>): number {
  if (expression.kind === 'leaf') return 1;
  if (expression.kind === 'not') return sizeOf(expression.of, known);
  let size = known.get(expression);
  if (size === undefined) known.set(expression, (size = expression.of.reduce((sum, part) => sum + sizeOf(part, known), 0)));
  return size;
}

/** `*` stands for any run of characters, anywhere in the pattern. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  return (name) => {
    const first = parts[0] as string;
    if (parts.length === 1) return name === first;
    const last = parts.at(-1) as string;
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let from = first.length;
    const end = name.length - last.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, from);
      if (found < 0 || found + part.length > end) return false;
      from = found + part.length;
    }
    return true;
  };
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
