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

/** Reads one field. A dotted name is tried as it stands, then as a path through nested objects. Inherited keys do not exist. */
export function readField(event: EventInput, field: string): unknown {
  if (typeof (event as Getter).get === 'function') return (event as Getter).get(field);
  const record = event as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(record, field)) return record[field];
  if (!field.includes('.')) return undefined;
  let value: unknown = record;
  for (const part of field.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
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
