import { unitsFoldingTo } from './fold.ts';

/** A table above this many cells is split into several automata, so that no rule set can ask for gigabytes. */
const MAX_CELLS = 4_000_000;

/** Collects numbers, each once a turn. */
export class Found {
  readonly numbers: number[] = [];
  readonly #seen: Uint32Array;
  #turn = 0;

  /** @param size one more than the greatest number */
  constructor(size: number) {
    this.#seen = new Uint32Array(size);
  }

  clear(): void {
    this.numbers.length = 0;
    if (++this.#turn === 0xffffffff) {
      this.#seen.fill(0);
      this.#turn = 1;
    }
  }

  add(numbers: readonly number[]): void {
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at] as number;
      if (this.#seen[number] === this.#turn) continue;
      this.#seen[number] = this.#turn;
      this.numbers.push(number);
    }
  }
}

/**
 * Finds which of many texts stand in a subject without regard to case (Aho and Corasick 1975), over UTF-16 units, with
 * a dense table over the characters that occur in the texts. Subjects need not be folded: characters of one fold share
 * a column. Time is linear in the subject for each part.
 */
export class Automaton {
  readonly #parts: Part[];

  /** @param texts folded and distinct, not empty, without characters of two units that have a case (what they fold to depends on both) → the numbers reported for each */
  constructor(texts: ReadonlyMap<string, readonly number[]>) {
    this.#parts = build([...texts.keys()], [...texts.values()]);
  }

  /** Adds the numbers of each text in the subject. */
  scan(subject: string, found: Found): void {
    for (const part of this.#parts) part.scan(subject, found);
  }
}

function build(texts: readonly string[], numbers: readonly (readonly number[])[]): Part[] {
  const characters = new Set<number>();
  let units = 0;
  for (const text of texts) {
    units += text.length;
    for (let at = 0; at < text.length; at++) characters.add(text.charCodeAt(at));
  }
  if ((units + 1) * (characters.size + 1) > MAX_CELLS && texts.length > 1) {
    const half = texts.length >> 1;
    return [...build(texts.slice(0, half), numbers.slice(0, half)), ...build(texts.slice(half), numbers.slice(half))];
  }
  return [new Part(texts, numbers, characters, units + 1)];
}

const NONE: readonly number[] = Object.freeze([]);

class Part {
  /** Column of a character; 0 for every character that stands in no text. */
  readonly #low = new Uint16Array(128);
  readonly #high = new Map<number, number>();
  readonly #width: number;
  /** Row offset of the next state times two, plus one where a text ends there. */
  readonly #next: Int32Array;
  /** Numbers of the texts ending in a state, and in the states its suffixes stand for; by row. */
  readonly #outputs: (readonly number[])[];

  constructor(texts: readonly string[], numbers: readonly (readonly number[])[], characters: ReadonlySet<number>, maxStates: number) {
    const columns = new Map<number, number>();
    for (const unit of characters) columns.set(unit, columns.size + 1);
    for (const [unit, column] of columns) {
      for (const same of unitsFoldingTo(unit)) {
        if (same < 128) this.#low[same] = column;
        else this.#high.set(same, column);
      }
    }
    const width = (this.#width = columns.size + 1);
    const { next, ends, states } = trie(texts, columns, width, maxStates);
    const { order, outputs } = complete(next, ends, states, width);
    // States near the root are visited most; numbered by depth they lie together in memory.
    const place = new Int32Array(states);
    for (const [position, state] of order.entries()) place[state] = position;
    this.#next = new Int32Array(states * width);
    this.#outputs = new Array<readonly number[]>(states);
    for (const [position, state] of order.entries()) {
      const found = outputs[state] ?? null;
      this.#outputs[position] = found === null ? NONE : [...new Set(found.flatMap((text) => numbers[text] as readonly number[]))];
      for (let symbol = 1; symbol < width; symbol++) {
        const target = next[state * width + symbol] as number;
        this.#next[position * width + symbol] = (place[target] as number) * width * 2 + (outputs[target] ? 1 : 0);
      }
    }
  }

  scan(subject: string, found: Found): void {
    const low = this.#low;
    const next = this.#next;
    const length = subject.length;
    let state = 0;
    for (let at = 0; at < length; at++) {
      const unit = subject.charCodeAt(at);
      // Column 0 leads back to the root from everywhere.
      state = next[(state >> 1) + (unit < 128 ? (low[unit] as number) : (this.#high.get(unit) ?? 0))] as number;
      if ((state & 1) === 1) found.add(this.#outputs[(state >> 1) / this.#width] as readonly number[]);
    }
  }
}

function trie(texts: readonly string[], columns: ReadonlyMap<number, number>, width: number, maxStates: number) {
  const next = new Int32Array(maxStates * width);
  const ends: (number[] | null)[] = [null];
  let states = 1;
  for (const [index, text] of texts.entries()) {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const cell = state * width + (columns.get(text.charCodeAt(at)) as number);
      if (next[cell] === 0) {
        next[cell] = states++;
        ends.push(null);
      }
      state = next[cell] as number;
    }
    (ends[state] ??= []).push(index);
  }
  return { next, ends, states };
}

/** Turns a trie into an automaton: every missing edge leads where the longest suffix would. Gives the states by depth. */
function complete(next: Int32Array, outputs: (number[] | null)[], states: number, width: number) {
  const fail = new Int32Array(states);
  const order = new Int32Array(states);
  let tail = 1;
  for (let symbol = 1; symbol < width; symbol++) {
    const child = next[symbol] as number;
    if (child !== 0) order[tail++] = child;
  }
  for (let head = 1; head < tail; head++) {
    const state = order[head] as number;
    const back = fail[state] as number;
    const inherited = outputs[back];
    if (inherited) outputs[state] = [...(outputs[state] ?? []), ...inherited];
    for (let symbol = 1; symbol < width; symbol++) {
      const cell = state * width + symbol;
      const child = next[cell] as number;
      const viaBack = next[back * width + symbol] as number;
      if (child === 0) next[cell] = viaBack;
      else {
        fail[child] = viaBack;
        order[tail++] = child;
      }
    }
  }
  return { order, outputs };
}
