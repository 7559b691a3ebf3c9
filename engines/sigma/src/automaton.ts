/** A table above this many cells is split into several automata, so that no rule set can ask for gigabytes. */
const MAX_CELLS = 4_000_000;

/**
 * Finds which of many texts stand in a subject (Aho and Corasick 1975), over UTF-16 units, with a dense
 * table over the characters that occur in the texts. Time is linear in the subject for each part.
 */
export class Automaton {
  readonly #parts: Part[];

  /** @param texts distinct, not empty; the position is the number reported */
  constructor(texts: readonly string[]) {
    this.#parts = build(texts, texts.map((_, index) => index));
  }

  /** Calls `found` with the number of each text in the subject, possibly more than once. */
  scan(subject: string, found: (index: number) => void): void {
    for (const part of this.#parts) part.scan(subject, found);
  }
}

function build(texts: readonly string[], numbers: readonly number[]): Part[] {
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

class Part {
  readonly #classes = new Uint16Array(0x10000);
  readonly #width: number;
  /** Row offset of the next state times two, plus one where a text ends there. */
  readonly #next: Int32Array;
  /** Texts ending in a state, and in the states its suffixes stand for. */
  readonly #outputs: (readonly number[] | null)[];

  constructor(texts: readonly string[], numbers: readonly number[], characters: ReadonlySet<number>, maxStates: number) {
    // Class 0 is every character that stands in no text.
    let classes = 0;
    for (const unit of characters) this.#classes[unit] = ++classes;
    const width = (this.#width = classes + 1);
    const { next, outputs, states } = this.#trie(texts, numbers, maxStates);
    const order = complete(next, outputs, states, width);
    // States near the root are visited most; numbered by depth they lie together in memory.
    const place = new Int32Array(states);
    for (const [position, state] of order.entries()) place[state] = position;
    this.#next = new Int32Array(states * width);
    this.#outputs = new Array<readonly number[] | null>(states);
    for (const [position, state] of order.entries()) {
      this.#outputs[position] = outputs[state] ?? null;
      for (let symbol = 1; symbol < width; symbol++) {
        const target = next[state * width + symbol] as number;
        this.#next[position * width + symbol] = (place[target] as number) * width * 2 + (outputs[target] ? 1 : 0);
      }
    }
  }

  #trie(texts: readonly string[], numbers: readonly number[], maxStates: number) {
    const width = this.#width;
    const next = new Int32Array(maxStates * width);
    const outputs: (number[] | null)[] = [null];
    let states = 1;
    for (const [index, text] of texts.entries()) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        const cell = state * width + (this.#classes[text.charCodeAt(at)] as number);
        if (next[cell] === 0) {
          next[cell] = states++;
          outputs.push(null);
        }
        state = next[cell] as number;
      }
      (outputs[state] ??= []).push(numbers[index] as number);
    }
    return { next, outputs, states };
  }

  scan(subject: string, found: (index: number) => void): void {
    const classes = this.#classes;
    const next = this.#next;
    let state = 0;
    for (let at = 0; at < subject.length; at++) {
      // Class 0 leads back to the root from everywhere.
      state = next[(state >> 1) + (classes[subject.charCodeAt(at)] as number)] as number;
      if ((state & 1) === 1) for (const index of this.#outputs[(state >> 1) / this.#width] as readonly number[]) found(index);
    }
  }
}

/** Turns a trie into an automaton: every missing edge leads where the longest suffix would. Gives the states by depth. */
function complete(next: Int32Array, outputs: (number[] | null)[], states: number, width: number): Int32Array {
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
  return order;
}
