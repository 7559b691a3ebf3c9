/** What families of many vendors share: pairs of a line as a map, and tables that say where each pair goes. */
import type { EcsEvent, EcsName } from '../ecs.ts';
import type { ParseContext, Unmapped } from '../event.ts';
import { jsonText, MAX_PAIRS } from '../kv.ts';
import { leave } from './family.ts';
import { putField } from './standard-keys.ts';

/** The vendor's own keys and values in the order of the line. The first value of a key stays. */
export type Values = Map<string, string>;

/** Key of the vendor → field; null for what another field already says. Keys that are not named stay among the leftovers. */
export type Targets = ReadonlyMap<string, EcsName | null>;

export function targets(table: Readonly<Record<string, EcsName | null>>): Targets {
  return new Map(Object.entries(table));
}

const MAX_KEYS = 512;
const MAX_KEY = 128;

/** Words by which devices say that they have nothing to say. */
function isNothing(value: string): boolean {
  return value === '' || value === '-' || value === 'N/A' || value === 'n/a' || value === '(null)' || value === 'null';
}

/** Puts every pair where the table says; what it does not name, or what is no value of its field, stays a leftover. */
export function tell(values: Values, table: Targets, event: EcsEvent, unmapped: Unmapped, ctx: ParseContext): void {
  let count = 0;
  for (const [key, value] of values) {
    if (isNothing(value)) continue;
    const field = table.get(key);
    if (field === null) continue;
    if (field === undefined || event[field] !== undefined || !putField(event, field, value, ctx)) count = leave(unmapped, count, key, value, ctx);
  }
}

/** A value that says something, or undefined. */
export function said(values: Values, key: string): string | undefined {
  const value = values.get(key);
  return value === undefined || isNothing(value) ? undefined : value;
}

function isKeyChar(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 45 || c === 46;
}

/**
 * `key=value key="quoted value" key='quoted value'` from `from`, separated by spaces, commas or semicolons behind a value.
 * A quote closes where a separator or the end follows. Words that are no pair are passed over. Linear in the length.
 */
export function keyValues(line: string, from: number, ctx: ParseContext, to = line.length): Values {
  const values: Values = new Map();
  let pos = from;
  while (pos < to) {
    if (!isKeyChar(line.charCodeAt(pos))) {
      pos++;
      continue;
    }
    const keyFrom = pos;
    while (pos < to && isKeyChar(line.charCodeAt(pos))) pos++;
    if (line.charCodeAt(pos) !== 61 || pos >= to) {
      // The rest of a word that is no key belongs to it.
      while (pos < to && line.charCodeAt(pos) !== 32) pos++;
      continue;
    }
    const key = line.slice(keyFrom, Math.min(pos, keyFrom + MAX_KEY));
    pos++;
    const quote = line.charCodeAt(pos);
    let value: string;
    if (quote === 34 || quote === 39) {
      const end = closing(line, pos + 1, to, quote);
      value = line.slice(pos + 1, end);
      if (end >= to) ctx.note('broken_quote');
      if (value.includes('\\')) value = unescapeQuotes(value);
      pos = end + 1;
    } else {
      const valueFrom = pos;
      while (pos < to && line.charCodeAt(pos) > 32) pos++;
      // A comma or semicolon before the space belongs to the line, not to the value.
      const last = line.charCodeAt(pos - 1);
      value = line.slice(valueFrom, (last === 44 || last === 59) && pos - 1 > valueFrom ? pos - 1 : pos);
    }
    if (values.size >= MAX_KEYS) {
      ctx.note('too_many_keys');
      break;
    }
    if (!values.has(key)) values.set(key, value);
  }
  return values;
}

/** Index of the quote that ends a value: not escaped, with a separator or the end behind it; `to` where there is none. */
function closing(line: string, from: number, to: number, quote: number): number {
  for (let i = from; i < to; i++) {
    const c = line.charCodeAt(i);
    if (c === 92) i++;
    else if (c === quote) {
      const next = line.charCodeAt(i + 1);
      if (i + 1 >= to || next <= 32 || next === 44 || next === 59 || next === 41 || next === 93) return i;
    }
  }
  return to;
}

function unescapeQuotes(text: string): string {
  return text.replace(/\\(["'\\])/g, '$1');
}

/** Nesting of JSON that becomes dotted names; what lies deeper is kept as JSON. */
const MAX_DEPTH = 4;
const MAX_VALUE = 2048;

let heldLine = '';
let heldAt = -1;
let held: Record<string, unknown> | null = null;

/** The JSON object that a line holds from `start`, or null. The same line is read once, however many families ask. */
export function jsonObject(line: string, start: number): Record<string, unknown> | null {
  if (line.charCodeAt(start) !== 123) return null;
  if (heldAt === start && heldLine === line) return held;
  let value: unknown = null;
  try {
    value = JSON.parse(start === 0 ? line : line.slice(start));
  } catch {
    // Text that is no JSON belongs to another family.
  }
  held = isRecord(value) ? value : null;
  heldLine = line;
  heldAt = start;
  return held;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member as text: strings, numbers and booleans; the first of a list of those. Undefined for all else. Inherited names do not exist. */
export function textAt(record: unknown, ...path: readonly string[]): string | undefined {
  let value: unknown = record;
  for (const name of path) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  if (Array.isArray(value)) value = value[0];
  if (typeof value === 'string') return isNothing(value) ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A list of objects; empty where there is none. */
export function recordsAt(record: unknown, name: string): Record<string, unknown>[] {
  const value = isRecord(record) && Object.hasOwn(record, name) ? record[name] : undefined;
  return Array.isArray(value) ? value.slice(0, 64).filter(isRecord) : [];
}

/** Members under dotted names; a list of plain values with one entry becomes that entry, other lists their JSON. */
export function flatten(record: Record<string, unknown>, ctx: ParseContext, without: ReadonlySet<string> = NONE): Values {
  const values: Values = new Map();
  let seen = 0;
  const walk = (part: Record<string, unknown>, prefix: string, depth: number): void => {
    for (const key of Object.keys(part)) {
      if (values.size >= MAX_KEYS || ++seen > MAX_PAIRS) return ctx.note('too_many_keys');
      if (depth === 1 && without.has(key)) continue;
      let value = part[key];
      const name = (prefix + key).slice(0, MAX_KEY);
      if (Array.isArray(value) && value.length === 1 && typeof value[0] !== 'object') value = value[0];
      if (value === null || value === undefined || values.has(name)) continue;
      if (typeof value === 'string') values.set(name, value);
      else if (typeof value !== 'object') values.set(name, String(value));
      else if (isRecord(value) && depth < MAX_DEPTH) walk(value, `${name}.`, depth + 1);
      else values.set(name, jsonText(value).slice(0, MAX_VALUE));
    }
  };
  walk(record, '', 1);
  return values;
}

const NONE: ReadonlySet<string> = new Set();
