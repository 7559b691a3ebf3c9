import { Automaton, type Found } from './automaton.ts';

/** Shorter texts go to the automaton. */
const SHORTEST = 3;
/** A table this much wider than it has entries stays in the quickest memory and is hit by chance once in so many times two. */
const BITS = 4;
/** Up to so many texts two characters are read at a time. */
const FEW = 64;
/** What a window of more characters would save is little. */
const WINDOW_MAX = 16;
const ASCII_RUN = /[\x00-\x7f]+/g;
const encoder = new TextEncoder();

interface Entry {
  /** Folded, without what is not ASCII. */
  readonly text: Uint8Array;
  /** Where the window ends in the text. */
  readonly end: number;
  readonly numbers: readonly number[];
}

/**
 * Finds which of many texts stand in a subject without regard to case: reads two or three characters at a time and steps as far as
 * the shortest text allows (Wu and Manber 1994). Of a text beyond ASCII only a part is looked for, so more may be found than
 * stands there, never less. Texts without three ASCII characters in a row go to an {@link Automaton}.
 */
export class Grams {
  readonly #plain: Table | null;
  readonly #json: Table | null;
  readonly #rest: Automaton | null;

  /** @param texts folded and distinct, without surrogates, of three characters or with one beyond ASCII → the numbers reported for each */
  constructor(texts: ReadonlyMap<string, readonly number[]>) {
    const short = new Map<string, readonly number[]>();
    const long = new Map<string, readonly number[]>();
    for (const [text, numbers] of texts) {
      const run = (text.match(ASCII_RUN) ?? []).reduce((longest, one) => (one.length > longest.length ? one : longest), '');
      if (run.length < SHORTEST) short.set(text, numbers);
      else long.set(run, [...new Set([...(long.get(run) ?? []), ...numbers])]);
    }
    this.#plain = long.size === 0 ? null : new Table([...long]);
    this.#json = long.size === 0 ? null : new Table([...long].map(([text, numbers]) => [JSON.stringify(text).slice(1, -1), numbers]));
    this.#rest = short.size === 0 ? null : new Automaton(short);
  }

  /** Adds the numbers of each text in the subject. */
  scan(subject: string, found: Found): void {
    this.#plain?.scanText(subject, found);
    this.#rest?.scan(subject, found);
  }

  /**
   * The same for JSON text between two positions that writes every character in the usual way: no `\u`, no `\/`, none of the
   * two characters beyond ASCII that fold to a letter of ASCII. What {@link hasBeyond} tells of is not found so.
   */
  scanJson(json: Uint8Array, start: number, end: number, found: Found): void {
    this.#json?.scanBytes(json, start, end, found);
  }

  /** True where a text is looked for that stands only in what is not all ASCII, and must be looked for in the decoded text. */
  get hasBeyond(): boolean {
    return this.#rest !== null;
  }
}

class Table {
  readonly #entries: Entry[][] = [];
  /** By hash: how many characters the window may move on, or the complement of the number of the texts that may end here. */
  readonly #step: Int16Array;
  readonly #shift: number;
  readonly #window: number;
  /** Characters read at a time: of few and short texts two tell enough, and allow longer steps. */
  readonly #gram: 2 | 3;

  constructor(texts: readonly (readonly [string, readonly number[]])[]) {
    const window = (this.#window = Math.min(WINDOW_MAX, ...texts.map(([text]) => text.length)));
    const gram = (this.#gram = window > 3 && window <= 6 && texts.length <= FEW ? 2 : 3);
    const gramAt = gram === 2 ? twoAt : threeAt;
    const bits = Math.max(10, Math.min(18, Math.ceil(Math.log2(texts.length * (window - gram + 1))) + BITS));
    this.#shift = 32 - bits;
    this.#step = new Int16Array(1 << bits).fill(window - gram + 1);
    const counts = new Map<number, number>();
    const bytes = texts.map(([text, numbers]) => ({ text: encoder.encode(text), numbers }));
    for (const { text } of bytes) for (let at = 0; at + gram <= text.length; at++) counts.set(gramAt(text, at), (counts.get(gramAt(text, at)) ?? 0) + 1);
    for (const { text, numbers } of bytes) {
      // The window whose last characters the fewest texts have: those tell most.
      let end = window;
      let fewest = Number.POSITIVE_INFINITY;
      for (let at = window; at <= text.length; at++) {
        const count = counts.get(gramAt(text, at - gram)) as number;
        if (count <= fewest) [fewest, end] = [count, at];
      }
      for (let at = end - window; at + gram < end; at++) {
        const place = this.#hash(gramAt(text, at));
        this.#step[place] = Math.min(this.#step[place] as number, end - gram - at);
      }
      const place = this.#hash(gramAt(text, end - gram));
      const known = this.#step[place] as number;
      if (known < 0) (this.#entries[~known] as Entry[]).push({ text, end, numbers });
      else this.#step[place] = ~(this.#entries.push([{ text, end, numbers }]) - 1);
    }
  }

  #hash(gram: number): number {
    return Math.imul(gram, 0x9e3779b1) >>> this.#shift;
  }

  scanBytes(subject: Uint8Array, start: number, end: number, found: Found): void {
    const step = this.#step;
    const shift = this.#shift;
    if (this.#gram === 2) {
      for (let at = start + this.#window - 1; at < end; ) {
        const by = step[Math.imul(((SYMBOL[subject[at - 1] as number] as number) << 6) | (SYMBOL[subject[at] as number] as number), 0x9e3779b1) >>> shift] as number;
        if (by < 0) this.#check(~by, subject, ++at, start, end, found);
        else at += by;
      }
      return;
    }
    if (this.#window === 3) {
      let gram = 0;
      for (let at = start; at < end; at++) {
        gram = ((gram << 6) | (SYMBOL[subject[at] as number] as number)) & 0x3ffff;
        const by = step[Math.imul(gram, 0x9e3779b1) >>> shift] as number;
        if (by < 0) this.#check(~by, subject, at + 1, start, end, found);
      }
      return;
    }
    for (let at = start + this.#window - 1; at < end; ) {
      const gram = ((SYMBOL[subject[at - 2] as number] as number) << 12) | ((SYMBOL[subject[at - 1] as number] as number) << 6) | (SYMBOL[subject[at] as number] as number);
      const by = step[Math.imul(gram, 0x9e3779b1) >>> shift] as number;
      if (by < 0) this.#check(~by, subject, ++at, start, end, found);
      else at += by;
    }
  }

  scanText(subject: string, found: Found): void {
    if (subject.length < this.#window) return;
    const bytes = scratch(subject.length);
    for (let at = 0; at < subject.length; at++) {
      const unit = subject.charCodeAt(at);
      bytes[at] = unit < 0x80 ? unit : unit === 0x17f ? 0x73 : unit === 0x212a ? 0x6b : 0xff;
    }
    this.scanBytes(bytes, 0, subject.length, found);
  }

  /** Adds the texts whose window ends before `to`. */
  #check(number: number, subject: Uint8Array, to: number, start: number, end: number, found: Found): void {
    const entries = this.#entries[number] as readonly Entry[];
    next: for (const entry of entries) {
      const { text } = entry;
      const from = to - entry.end;
      if (from < start || from + text.length > end) continue;
      for (let at = 0; at < text.length; at++) {
        const byte = subject[from + at] as number;
        if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text[at]) continue next;
      }
      found.add(entry.numbers);
    }
  }
}

/** Letters of both cases, figures and the rest in six bits. */
const SYMBOL = Uint8Array.from({ length: 256 }, (_, unit) => {
  const lower = unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit;
  if (lower >= 0x61 && lower <= 0x7a) return lower - 0x60;
  return lower >= 0x30 && lower <= 0x39 ? lower - 0x30 + 27 : 37 + ((lower * 7) % 27);
});

function twoAt(text: Uint8Array, at: number): number {
  return ((SYMBOL[text[at] as number] as number) << 6) | (SYMBOL[text[at + 1] as number] as number);
}

function threeAt(text: Uint8Array, at: number): number {
  return ((SYMBOL[text[at] as number] as number) << 12) | ((SYMBOL[text[at + 1] as number] as number) << 6) | (SYMBOL[text[at + 2] as number] as number);
}

let held = new Uint8Array(4_096);
function scratch(length: number): Uint8Array {
  if (held.length < length && length <= 1_048_576) held = new Uint8Array(length * 2);
  return length <= held.length ? held : new Uint8Array(length);
}
