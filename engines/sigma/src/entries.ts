import { fold } from './fold.ts';

/** What an entry without a counted value has in place of one. */
export const NO_VALUE = -1;

/**
 * The events counted in one group, oldest first; equal times in order of arrival. In columns: an object for each of hundreds of
 * thousands of events is several times the memory, and all of them are looked at by each run of the garbage collector.
 */
export class Entries {
  #times: number[] = [];
  /** Null: all are of the correlation's only rule, or none has a value. */
  readonly #sources: number[] | null;
  readonly #values: number[] | null;
  /** Before it stand those that were cut off and are not cleared away yet. */
  #first = 0;

  constructor(rule: { readonly rules: readonly string[]; readonly fields: readonly string[] }) {
    this.#sources = rule.rules.length > 1 ? [] : null;
    this.#values = rule.fields.length > 0 ? [] : null;
  }

  get length(): number {
    return this.#times.length - this.#first;
  }

  /** Numbers kept for each entry. */
  get columns(): number {
    return 1 + (this.#sources === null ? 0 : 1) + (this.#values === null ? 0 : 1);
  }

  /** Milliseconds since 1970 UTC. */
  time(at: number): number {
    return this.#times[this.#first + at] as number;
  }

  /** By which of the correlation's rules: its number there. */
  source(at: number): number {
    return this.#sources === null ? 0 : (this.#sources[this.#first + at] as number);
  }

  /** The place of its value in {@link Texts}, or {@link NO_VALUE}. */
  value(at: number): number {
    return this.#values === null ? NO_VALUE : (this.#values[this.#first + at] as number);
  }

  /** Puts an entry in its place by time, after those of equal time. Most events arrive in order. @returns the place */
  insert(timeMs: number, source: number, value: number): number {
    let at = this.#times.length;
    while (at > this.#first && (this.#times[at - 1] as number) > timeMs) at--;
    put(this.#times, at, timeMs);
    if (this.#sources !== null) put(this.#sources, at, source);
    if (this.#values !== null) put(this.#values, at, value);
    return at - this.#first;
  }

  /** Takes out the oldest. */
  cut(count: number): void {
    this.#first += count;
    if (this.#first < CLEAR_AT || this.#first * 2 < this.#times.length) return;
    for (const column of [this.#times, this.#sources, this.#values]) column?.splice(0, this.#first);
    this.#first = 0;
  }
}

/** So many cut off entries may stand before the others, or as many as there are others. */
const CLEAR_AT = 32;

function put(column: number[], at: number, value: number): void {
  if (at === column.length) column.push(value);
  else column.splice(at, 0, value);
}

/** A number for each text of an organisation's counted values, kept as long as an entry has it. */
export class Texts {
  readonly #places = new Map<string, number>();
  #texts: string[] = [];
  #uses: number[] = [];
  /** The place of the text without regard to case. */
  #folded: number[] = [];
  /** Places that are given again. */
  #free: number[] = [];
  #bytes = 0;

  /** Every place is below it. */
  get end(): number {
    return this.#texts.length;
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#bytes + PLACE_BYTES * this.#texts.length;
  }

  text(place: number): string {
    return this.#texts[place] as string;
  }

  /** Equal for texts that differ in case alone. */
  folded(place: number): number {
    return this.#folded[place] as number;
  }

  /** The place of a text, held until it is given back. */
  take(text: string): number {
    const place = this.#places.get(text) ?? this.#add(text);
    (this.#uses[place] as number)++;
    return place;
  }

  giveBack(place: number): void {
    if (--(this.#uses[place] as number) > 0) return;
    const text = this.#texts[place] as string;
    const folded = this.#folded[place] as number;
    this.#places.delete(text);
    this.#texts[place] = '';
    this.#free.push(place);
    this.#bytes -= textBytes(text);
    if (folded !== place) this.giveBack(folded);
    if (this.#places.size > 0) return;
    // What a flood has taken is given up with its last text.
    this.#texts = [];
    this.#uses = [];
    this.#folded = [];
    this.#free = [];
  }

  #add(text: string): number {
    const own = ownCopy(text);
    const place = this.#free.pop() ?? this.#texts.length;
    this.#places.set(own, place);
    this.#texts[place] = own;
    this.#uses[place] = 0;
    this.#bytes += textBytes(own);
    const folded = fold(own);
    this.#folded[place] = folded === own ? place : this.take(folded);
    return place;
  }
}

/** About what a text takes, and a place in the lists, which stays when its text has gone. */
const textBytes = (text: string): number => 88 + 2 * text.length;
const PLACE_BYTES = 32;

/** A text cut out of a line would hold the whole line in memory for as long as the window is long. */
export const ownCopy = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
