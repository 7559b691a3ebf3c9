import { Found } from './automaton.ts';
import { allTexts, type EventInput, readField, type Values } from './fields.ts';
import { fold } from './fold.ts';
import { Grams } from './grams.ts';
import { ABSENT, Held, HeldValues } from './held.ts';
import { JsonEvent } from './json-event.ts';

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
 * regard to case, at most once per event and only when a rule asks; of a {@link JsonEvent} not even that where the value came
 * before. The object is reused between events.
 */
export class EventView {
  readonly #slots: FieldSlots;
  readonly #kept = new HeldValues();
  #event: EventInput = NOTHING;
  /** The event, where it is one, and the last such: its numbers of the slots (0: not asked yet, -1: has none). */
  #json: JsonEvent | null = null;
  #lastJson: JsonEvent | null = null;
  readonly #numbers: Int32Array;
  /** Slots whose name may be a path. */
  readonly #paths: Uint8Array;
  #turn = 0;
  readonly #turns: Uint32Array;
  readonly #held: Held[] = [];
  /** For values that are not kept. */
  readonly #scratch: Held[];
  readonly #one = new Found(1);
  #keywords: Values | null = null;
  #keywordsFolded: Values | null = null;
  /** Minutes added to numeric times before a time part is taken. */
  utcOffsetMinutes = 0;

  constructor(slots: FieldSlots) {
    this.#slots = slots;
    this.#numbers = new Int32Array(slots.names.length);
    this.#paths = Uint8Array.from(slots.names, (name) => (name.includes('.') ? 1 : 0));
    this.#turns = new Uint32Array(slots.names.length);
    this.#scratch = slots.names.map(() => new Held(null));
  }

  open(event: EventInput): void {
    this.#event = event;
    this.#json = event instanceof JsonEvent ? event : null;
    if (this.#json !== null && this.#json !== this.#lastJson) {
      this.#lastJson = this.#json;
      this.#numbers.fill(0);
    }
    this.#keywords = this.#keywordsFolded = null;
    if (++this.#turn === 0xffffffff) {
      this.#turns.fill(0);
      this.#turn = 1;
    }
  }

  /** Forgets the event, so that it can be collected. */
  close(): void {
    this.open(NOTHING);
  }

  /** What is held of values that came before. */
  get kept(): { values: number; bytes: number } {
    return this.#kept.size;
  }

  /** The value of a field, with what is known of it. */
  held(slot: number): Held {
    if (this.#turns[slot] === this.#turn) return this.#held[slot] as Held;
    const held = this.#read(slot);
    this.#turns[slot] = this.#turn;
    this.#held[slot] = held;
    return held;
  }

  values(slot: number): Values {
    return this.held(slot).values;
  }

  folded(slot: number): Values {
    return this.held(slot).folded;
  }

  exists(slot: number): boolean {
    return this.held(slot).present;
  }

  /** True where the field has a value. */
  hasText(slot: number): boolean {
    const held = this.held(slot);
    return held.isText || held.values.some((value) => value !== null);
  }

  /** True where a text stands in a value of the field, whatever its case. */
  contains(slot: number, text: SoughtText): boolean {
    const held = this.held(slot);
    if (held.isLong) {
      const { texts } = text;
      const found = this.#one;
      found.clear();
      if (texts !== null && this.#scanJson(slot, held, texts, found)) return found.numbers.length > 0;
    }
    const values = held.folded;
    const { folded } = text;
    for (let at = 0; at < values.length; at++) if (values[at]?.includes(folded) === true) return true;
    return false;
  }

  /** Adds what stands in the field's values, without decoding or folding them where the event can do that. */
  scan(slot: number, texts: Grams, found: Found): void {
    const held = this.held(slot);
    if (held.raw !== null && this.#scanJson(slot, held, texts, found)) return;
    for (const value of held.values) if (value !== null) texts.scan(value, found);
  }

  #scanJson(slot: number, held: Held, texts: Grams, found: Found): boolean {
    const json = this.#json;
    const number = this.#numbers[slot] as number;
    if (json === null || !held.isText) return false;
    const kind = (texts.hasSlash ? 1 : 0) | (texts.hasBeyond ? 2 : 0);
    if ((held.unusual[kind] ??= json.isUnusual(number, texts))) return false;
    json.scan(number, texts, found);
    return true;
  }

  /** The same for every value of the event; what stands in names may be found as well. */
  scanKeywords(texts: Grams, found: Found): void {
    if (this.#json?.scanAll(texts, found) === true) return;
    for (const value of this.keywords()) if (value !== null) texts.scan(value, found);
  }

  keywords(): Values {
    this.#keywords ??= allTexts(this.#event);
    return this.#keywords;
  }

  keywordsFolded(): Values {
    this.#keywordsFolded ??= this.keywords().map((value) => (value === null ? null : fold(value)));
    return this.#keywordsFolded;
  }

  #read(slot: number): Held {
    const json = this.#json;
    const name = this.#slots.names[slot] as string;
    if (json !== null) {
      let number = this.#numbers[slot] as number;
      if (number === 0) number = this.#numbers[slot] = json.numberOf(name);
      if (number > 0 && !json.isWhole) {
        const raw = json.raw(number);
        if (raw !== undefined) return this.#kept.find(slot, raw, json.hashOf(number));
        if (this.#paths[slot] === 0) return ABSENT;
      }
    }
    const value = readField(this.#event, name);
    if (value === undefined) return ABSENT;
    const held = this.#scratch[slot] as Held;
    held.reset(value);
    return held;
  }
}

/** A text that one test looks for. */
export class SoughtText {
  readonly folded: string;
  #texts: Grams | null | undefined;

  constructor(folded: string) {
    this.folded = folded;
  }

  /** For JSON text; null where the text cannot be found without decoding. */
  get texts(): Grams | null {
    if (this.#texts === undefined) this.#texts = /^[\x20-\x7e]{3,}$/.test(this.folded) ? new Grams(new Map([[this.folded, [0]]])) : null;
    return this.#texts;
  }
}

const NOTHING: EventInput = Object.freeze({});
