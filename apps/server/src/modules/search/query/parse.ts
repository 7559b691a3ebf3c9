/**
 * What people type into the search, read into a tree. Words stand for themselves and must all be there; `"two words"`, `-word`,
 * `OR`, brackets; `field:value` with `*` and `?`, `field:>100`, `field:1..1023`, `ip:10.0.0.0/8`, `field:*` (it says something).
 * Full-width colons, brackets and blanks count as the others. Nothing of it is ever put into SQL; see compile.ts.
 */
import { fieldOf, type Field } from './fields.ts';

export type Node =
  | { readonly is: 'and' | 'or'; readonly of: readonly Node[] }
  | { readonly is: 'not'; readonly of: Node }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'field'; readonly field: Field; readonly value: Value };
export type Value =
  | { readonly kind: 'any' }
  | { readonly kind: 'is'; readonly text: string; readonly wild: boolean }
  | { readonly kind: 'range'; readonly from: number | null; readonly to: number | null };

/** Codes of `QueryError`: each has a sentence in texts.ts. */
export type QueryCode = 'field_unknown' | 'number_wanted' | 'address_wanted' | 'too_long' | 'too_many' | 'too_deep' | 'bracket' | 'quote' | 'value_missing' | 'word_missing';

export class QueryError extends Error {
  readonly code: QueryCode;
  /** What was typed there. */
  readonly word: string;
  constructor(code: QueryCode, word = '') {
    super(`${code}: ${word}`);
    this.code = code;
    this.word = word.slice(0, 100);
  }
}

export const LIMITS = { length: 1_000, terms: 40, depth: 8 } as const;

type Token = { readonly kind: 'open' | 'close' | 'or' | 'and' | 'not' } | { readonly kind: 'term'; readonly text: string; readonly quoted: boolean; readonly field: string | null };

const BLANK = /[\s\u3000]/;
const COLON = new Set([':', '：']);
const OPEN = new Set(['(', '（']);
const CLOSE = new Set([')', '）']);
const QUOTES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '”': '”', '「': '」', '＂': '＂' };
/** What a field's name is made of; anything else before a colon is text: `12:30`. */
const NAME = /^[\p{L}_@][\p{L}\p{N}_.@-]*$/u;
/** Text with a colon that looks like a field and is none: `https://…`, `ab:\\temp`, `fe80::1`, a hardware address. */
const TEXT = /^[\p{L}\p{N}+.-]+:(?:\/\/|\\)|^(?:[0-9a-f]{0,4}:){2,}[0-9a-f.:/]*$/iu;

function tokens(query: string): Token[] {
  const out: Token[] = [];
  let at = 0;
  const quoted = (): string => {
    const close = QUOTES[query[at]!]!;
    let text = '';
    for (at++; at < query.length && query[at] !== close; at++) {
      if (query[at] === '\\' && (query[at + 1] === close || query[at + 1] === '\\')) at++;
      text += query[at];
    }
    if (at >= query.length) throw new QueryError('quote');
    at++;
    return text;
  };
  const word = (stop: (char: string) => boolean): string => {
    const from = at;
    while (at < query.length && !BLANK.test(query[at]!) && !OPEN.has(query[at]!) && !CLOSE.has(query[at]!) && !stop(query[at]!)) at++;
    return query.slice(from, at);
  };
  while (at < query.length) {
    const char = query[at]!;
    if (BLANK.test(char)) at++;
    else if (OPEN.has(char) || CLOSE.has(char)) {
      out.push({ kind: OPEN.has(char) ? 'open' : 'close' });
      at++;
    } else if ((char === '-' || char === '－') && at + 1 < query.length && !BLANK.test(query[at + 1]!)) {
      out.push({ kind: 'not' });
      at++;
    } else if (QUOTES[char] !== undefined) out.push({ kind: 'term', text: quoted(), quoted: true, field: null });
    else {
      const begin = at;
      const name = word((c) => COLON.has(c));
      const after = at;
      at = begin;
      const text = word(() => false);
      const isField = COLON.has(query[after] ?? '') && name.length > 1 && NAME.test(name) && (fieldOf(name) !== undefined || !TEXT.test(text));
      if (!isField) {
        if (text === 'OR' || text === 'または') out.push({ kind: 'or' });
        else if (text === 'AND') out.push({ kind: 'and' });
        else if (text === 'NOT') out.push({ kind: 'not' });
        else out.push({ kind: 'term', text, quoted: false, field: null });
        continue;
      }
      at = after + 1;
      if (QUOTES[query[at] ?? ''] !== undefined) out.push({ kind: 'term', text: quoted(), quoted: true, field: name });
      else out.push({ kind: 'term', text: word(() => false), quoted: false, field: name });
    }
  }
  return out;
}

/** A number as it is typed: decimal digits, at most 15 of them. */
function numberOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function valueOf(field: Field, name: string, text: string, quoted: boolean): Value {
  if (text === '') throw new QueryError('value_missing', name);
  if (!quoted && text === '*') return { kind: 'any' };
  if (field.places.every((place) => place.mode === 'number')) {
    const plain = text.normalize('NFKC');
    const span = /^(\d{0,15})\.\.(\d{0,15})$/.exec(plain);
    const side = /^(>=|<=|>|<)(\d{1,15})$/.exec(plain);
    if (span && (span[1] !== '' || span[2] !== '')) return { kind: 'range', from: numberOf(span[1]!), to: numberOf(span[2]!) };
    if (side) {
      const n = Number(side[2]);
      return { kind: 'range', from: side[1] === '>=' ? n : side[1] === '>' ? n + 1 : null, to: side[1] === '<=' ? n : side[1] === '<' ? n - 1 : null };
    }
    const n = numberOf(plain);
    if (n === null) throw new QueryError('number_wanted', `${name}:${text}`);
    return { kind: 'range', from: n, to: n };
  }
  return { kind: 'is', text, wild: !quoted && /[*?]/.test(text) };
}

/** Reads a query; null for an empty one, which finds everything. @throws QueryError */
export function parseQuery(query: string): Node | null {
  if (query.length > LIMITS.length) throw new QueryError('too_long');
  const all = tokens(query);
  if (all.filter((t) => t.kind === 'term').length > LIMITS.terms) throw new QueryError('too_many');
  let at = 0;
  const either = (depth: number): Node => {
    const parts = [every(depth)];
    while (all[at]?.kind === 'or') {
      at++;
      parts.push(every(depth));
    }
    return parts.length === 1 ? parts[0]! : { is: 'or', of: parts };
  };
  const every = (depth: number): Node => {
    const parts = [one(depth)];
    for (;;) {
      const next = all[at]?.kind;
      if (next === undefined || next === 'or' || next === 'close') break;
      if (next === 'and') at++;
      parts.push(one(depth));
    }
    return parts.length === 1 ? parts[0]! : { is: 'and', of: parts };
  };
  const one = (depth: number): Node => {
    if (depth > LIMITS.depth) throw new QueryError('too_deep');
    const token = all[at++];
    if (token?.kind === 'not') return { is: 'not', of: one(depth + 1) };
    if (token?.kind === 'open') {
      const inner = either(depth + 1);
      if (all[at++]?.kind !== 'close') throw new QueryError('bracket');
      return inner;
    }
    if (token?.kind !== 'term') throw new QueryError(token?.kind === 'close' ? 'bracket' : 'word_missing');
    if (token.field === null) {
      if (token.text === '') throw new QueryError('word_missing');
      return { is: 'text', text: token.text };
    }
    const field = fieldOf(token.field);
    if (!field) throw new QueryError('field_unknown', token.field);
    return { is: 'field', field, value: valueOf(field, token.field, token.text, token.quoted) };
  };
  if (all.length === 0) return null;
  const whole = either(0);
  if (at < all.length) throw new QueryError('bracket');
  return whole;
}
