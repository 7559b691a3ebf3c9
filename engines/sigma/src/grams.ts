import { Automaton, type Found } from './automaton.ts';

/** Shorter texts go to the automaton. */
const SHORTEST = 3;
/** A table this much wider than it has entries stays in the quickest memory and is hit by chance once in so many times two. */
const BITS = 4;
/** Where the windows of all texts have no more places than this, two characters tell enough. */
const FEW = 400;
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
  readonly #slash: boolean;

  /** @param texts folded and distinct, without characters of two units that have a case, of three characters or with one beyond ASCII → the numbers reported for each */
  constructor(texts: ReadonlyMap<string, readonly number[]>) {
    const short = new Map<string, readonly number[]>();
    const long = new Map<string, readonly number[]>();
    for (const [text, numbers] of texts) {
      const run = (text.match(ASCII_RUN) ?? []).reduce((longest, one) => (one.length > longest.length ? one : longest), '');
      if (run.length < SHORTEST) short.set(text, numbers);
      else long.set(run, [...new Set([...(long.get(run) ?? []), ...numbers])]);
    }
    this.#slash = [...texts.keys()].some((text) => text.includes('/'));
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

  /** True where a text has a character that is written in two ways without `\u`. */
  get hasSlash(): boolean {
    return this.#slash;
  }
}

class Table {
  readonly #entries: Entry[][] = [];
  /** By characters, three of which are hashed: how many the window may move on, or the complement of the number of the texts that may end here. */
  readonly #step: Int16Array;
  readonly #shift: number;
  readonly #window: number;
  /** Characters read at a time: of few texts two tell enough, allow longer steps and need no hash. */
  readonly #gram: 2 | 3;

  constructor(texts: readonly (readonly [string, readonly number[]])[]) {
    const window = (this.#window = Math.min(WINDOW_MAX, ...texts.map(([text]) => text.length)));
    const gram = (this.#gram = window > 3 && texts.length * (window - 1) <= FEW ? 2 : 3);
    const gramAt = gram === 2 ? twoAt : threeAt;
    const bits = Math.max(10, Math.min(18, Math.ceil(Math.log2(texts.length * (window - gram + 1))) + BITS));
    this.#shift = 32 - bits;
    this.#step = new Int16Array(gram === 2 ? 1 << 12 : 1 << bits).fill(window - gram + 1);
    for (const [text, numbers] of texts) {
      const bytes = encoder.encode(text);
      const end = bestEnd(bytes, window, gram);
      for (let at = end - window; at + gram < end; at++) {
        const place = this.#place(gramAt(bytes, at));
        this.#step[place] = Math.min(this.#step[place] as number, end - gram - at);
      }
      const place = this.#place(gramAt(bytes, end - gram));
      const known = this.#step[place] as number;
      if (known < 0) (this.#entries[~known] as Entry[]).push({ text: bytes, end, numbers });
      else this.#step[place] = ~(this.#entries.push([{ text: bytes, end, numbers }]) - 1);
    }
  }

  #place(gram: number): number {
    return this.#gram === 2 ? gram : Math.imul(gram, 0x9e3779b1) >>> this.#shift;
  }

  scanBytes(subject: Uint8Array, start: number, end: number, found: Found): void {
    const step = this.#step;
    const shift = this.#shift;
    // The longest step is told apart: the processor guesses that it comes next and does not wait for the table.
    const most = this.#window - this.#gram + 1;
    if (this.#gram === 2) {
      for (let at = start + this.#window - 1; at < end; ) {
        const by = step[((SYMBOL[subject[at - 1] as number] as number) << 6) | (SYMBOL[subject[at] as number] as number)] as number;
        if (by === most) at += most;
        else if (by < 0) this.#check(~by, subject, ++at, start, end, found);
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
      if (by === most) at += most;
      else if (by < 0) this.#check(~by, subject, ++at, start, end, found);
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

/** The end of the window that is likely to cost least: a common end is compared often, common characters before it shorten the steps. */
function bestEnd(text: Uint8Array, window: number, gram: number): number {
  let best = window;
  let least = Number.POSITIVE_INFINITY;
  for (let end = window; end <= text.length; end++) {
    let cost = COMPARISON * likelihood(text, end - gram, gram);
    for (let at = end - window; at + gram < end; at++) cost += (at - (end - window) + 1) * likelihood(text, at, gram);
    if (cost <= least) [least, best] = [cost, end];
  }
  return best;
}

/** A comparison takes as long as so many steps. */
const COMPARISON = 12;

function likelihood(text: Uint8Array, from: number, gram: number): number {
  let all = 1;
  for (let at = from; at < from + gram; at++) all *= COMMON[text[at] as number] as number;
  return all;
}

/** How common characters are thought to be, in hundredths: letters as in English, marks as in paths and JSON. */
const COMMON = new Float64Array(256).fill(0.003);
for (const [characters, hundredths] of [
  ['e ', 10], ['tao', 8], ['insr"', 6], ['hdl\\0', 4], ['cum123', 2.5], ['wfgyp45678.,:-', 2], ['b9_v', 1.2], ['k', 0.8],
] as const) for (const character of characters) COMMON[character.charCodeAt(0)] = hundredths / 100;

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
