import type { Found } from './automaton.ts';
import { fold } from './fold.ts';
import type { Grams } from './grams.ts';

/** An event: a plain record (dotted names, or nested objects), or anything that can be asked for a field. */
export type EventInput = Readonly<Record<string, unknown>> | Getter;

interface Getter {
  get(field: string): unknown;
  values?(): Iterable<unknown>;
  /** Looks for texts in a field, or anywhere, without reading values; false where it cannot. See JsonEvent. */
  scan?(field: string, texts: Grams, found: Found): boolean;
  scanAll?(texts: Grams, found: Found): boolean;
  mayHaveLength?(field: string, min: number, max: number): boolean;
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
    if (getter.values === undefined) {
      for (const field of ['message', 'event.original']) collect(getter.get(field), out, 0);
    } else for (const value of getter.values()) collect(value, out, 0);
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

/** Names that rules ask for, numbered once, so that reading an event costs no hashing. */
export class FieldSlots {
  readonly #numbers = new Map<string, number>();
  readonly names: string[] = [];

  of(field: string): number {
    let slot = this.#numbers.get(field);
    if (slot === undefined) {
      slot = this.names.length;
      this.#numbers.set(field, slot);
      this.names.push(field);
    }
    return slot;
  }
}

/**
 * One event seen through the slots of a rule set. Fields are read, and folded for comparison without
 * regard to case, at most once per event and only when a rule asks. The object is reused between events.
 */
export class EventView {
  readonly #slots: FieldSlots;
  #event: EventInput = {};
  #turn = 0;
  #rawTurn: Uint32Array;
  #foldedTurn: Uint32Array;
  #present: Uint8Array;
  #raw: Values[] = [];
  #folded: Values[] = [];
  #keywords: Values | null = null;
  #keywordsFolded: Values | null = null;
  /** Minutes added to numeric times before a time part is taken. */
  utcOffsetMinutes = 0;

  constructor(slots: FieldSlots) {
    this.#slots = slots;
    this.#rawTurn = new Uint32Array(slots.names.length);
    this.#foldedTurn = new Uint32Array(slots.names.length);
    this.#present = new Uint8Array(slots.names.length);
  }

  open(event: EventInput): void {
    this.#event = event;
    this.#keywords = this.#keywordsFolded = null;
    if (++this.#turn === 0xffffffff) {
      this.#rawTurn.fill(0);
      this.#foldedTurn.fill(0);
      this.#turn = 1;
    }
  }

  /** Forgets the event, so that it can be collected. */
  close(): void {
    this.open(NOTHING);
  }

  values(slot: number): Values {
    if (this.#rawTurn[slot] === this.#turn) return this.#raw[slot] as Values;
    const value = readField(this.#event, this.#slots.names[slot] as string);
    const values = toValues(value);
    this.#rawTurn[slot] = this.#turn;
    this.#present[slot] = value === undefined ? 0 : 1;
    this.#raw[slot] = values;
    return values;
  }

  folded(slot: number): Values {
    if (this.#foldedTurn[slot] === this.#turn) return this.#folded[slot] as Values;
    const folded = foldAll(this.values(slot));
    this.#foldedTurn[slot] = this.#turn;
    this.#folded[slot] = folded;
    return folded;
  }

  exists(slot: number): boolean {
    this.values(slot);
    return this.#present[slot] === 1;
  }

  /** Adds what stands in the field's values, without decoding or folding them where the event can do that. */
  scan(slot: number, texts: Grams, found: Found): void {
    if (this.#rawTurn[slot] !== this.#turn) {
      const event = this.#event as Getter;
      if (typeof event.scan === 'function' && event.scan(this.#slots.names[slot] as string, texts, found)) return;
    }
    for (const value of this.values(slot)) if (value !== null) texts.scan(value, found);
  }

  /** False where no value of the field has so many UTF-16 units. */
  mayHaveLength(slot: number, min: number, max: number): boolean {
    if (this.#rawTurn[slot] !== this.#turn) {
      const event = this.#event as Getter;
      if (typeof event.mayHaveLength === 'function' && !event.mayHaveLength(this.#slots.names[slot] as string, min, max)) return false;
    }
    for (const value of this.values(slot)) if (value !== null && value.length >= min && value.length <= max) return true;
    return false;
  }

  /** The same for every value of the event; what stands in names may be found as well. */
  scanKeywords(texts: Grams, found: Found): void {
    const event = this.#event as Getter;
    if (typeof event.scanAll === 'function' && event.scanAll(texts, found)) return;
    for (const value of this.keywords()) if (value !== null) texts.scan(value, found);
  }

  keywords(): Values {
    this.#keywords ??= allTexts(this.#event);
    return this.#keywords;
  }

  keywordsFolded(): Values {
    this.#keywordsFolded ??= foldAll(this.keywords());
    return this.#keywordsFolded;
  }
}

const NOTHING: EventInput = Object.freeze({});

function foldAll(values: Values): Values {
  if (values.length === 1) {
    const only = values[0] as string | null;
    const folded = only === null ? null : fold(only);
    return folded === only ? values : [folded];
  }
  return values.length === 0 ? values : values.map((value) => (value === null ? null : fold(value)));
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
