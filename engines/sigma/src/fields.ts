/** An event: a record of fields, or anything that can be asked for a field. */
export type EventInput = Readonly<Record<string, unknown>> | Getter;

export interface Getter {
  get(field: string): unknown;
  /** Shows every value, one after another. */
  each?(visit: (value: unknown) => void): void;
}

/** A field's values as text. `null` stands for a JSON null; an absent field has no entry at all. */
export type Values = readonly (string | null)[];

const ABSENT: Values = Object.freeze([]);
const MAX_KEYWORD_VALUES = 5_000;
const MAX_KEYWORD_DEPTH = 16;
/** Parts of a dotted name that are followed, and values found on the way. */
export const MAX_PARTS = 16;
const MAX_FOUND = 1_000;

/**
 * Reads one field. A dotted name is tried as it stands, then as a path through nested objects, whose own names may have dots;
 * of a list on the way each item is followed, and the values found are one list. Inherited keys do not exist.
 */
export function readField(event: EventInput, field: string): unknown {
  if (typeof (event as Getter).get === 'function') return (event as Getter).get(field);
  const record = event as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(record, field)) return record[field];
  if (!field.includes('.')) return undefined;
  const parts = field.split('.');
  return parts.length > MAX_PARTS ? undefined : follow(record, parts, 0);
}

/** What stands under the parts from `at` on; undefined where nothing does. */
export function follow(value: unknown, parts: readonly string[], at: number): unknown {
  if (at === parts.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) {
    let name = parts[at] as string;
    for (let next = at + 1; ; name += `.${parts[next++]}`) {
      const found = Object.hasOwn(value, name) ? follow((value as Record<string, unknown>)[name], parts, next) : undefined;
      if (found !== undefined || next === parts.length) return found;
    }
  }
  const all: unknown[] = [];
  for (const item of value) {
    const found = follow(item, parts, at);
    if (Array.isArray(found)) for (const one of found) all.push(one);
    else if (found !== undefined) all.push(found);
    if (all.length >= MAX_FOUND) break;
  }
  return all.length === 0 ? undefined : all;
}

/** The text a scalar is compared as; null where the value has none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return null;
}

/** Every scalar of the event as text, however deep, up to 5,000 values and 16 levels. Keyword rules look here. */
export function allTexts(event: EventInput): string[] {
  const out: string[] = [];
  if (typeof (event as Getter).get === 'function') {
    const getter = event as Getter;
    if (getter.each === undefined) {
      for (const field of ['message', 'event.original']) collect(getter.get(field), out, 0);
    } else getter.each((value) => collect(value, out, 0));
  } else collect(event, out, 0);
  return out;
}

function collect(value: unknown, out: string[], depth: number): void {
  if (out.length >= MAX_KEYWORD_VALUES || depth > MAX_KEYWORD_DEPTH) return;
  const text = textOf(value);
  if (text !== null) out.push(text);
  else if (Array.isArray(value)) for (const item of value) collect(item, out, depth + 1);
  else if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) collect((value as Record<string, unknown>)[key], out, depth + 1);
}

/** An object has no text of its own: it is present but equals nothing. */
export function toValues(value: unknown): Values {
  if (value === undefined) return ABSENT;
  if (typeof value === 'string') return [value];
  if (value === null) return [null];
  if (Array.isArray(value)) return value.map((item) => (item === null || item === undefined ? null : textOf(item))).filter((text, index) => text !== null || value[index] === null);
  const text = textOf(value);
  return text === null ? ABSENT : [text];
}
