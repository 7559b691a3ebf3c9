/** Many words in one pass over a text (Aho and Corasick 1975). Built once, used for every mail. */
export class Automaton {
  readonly #next: Map<number, number>[] = [new Map()];
  readonly #fail: number[] = [0];
  /** Words that end at a node, longest first, those reached over shorter suffixes included. */
  readonly #out: (readonly number[])[] = [[]];
  readonly #lengths: readonly number[];

  /** Empty words are never found; equal ones are both told of. */
  constructor(words: readonly string[]) {
    this.#lengths = words.map(({ length }) => length);
    for (const [id, word] of words.entries()) {
      if (word === '') continue;
      let node = 0;
      for (let i = 0; i < word.length; i++) node = this.#child(node, word.charCodeAt(i));
      this.#out[node] = [...this.#out[node]!, id];
    }
    const queue = [...this.#next[0]!.values()];
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!;
      for (const [code, child] of this.#next[node]!) {
        queue.push(child);
        let back = this.#fail[node]!;
        while (back !== 0 && !this.#next[back]!.has(code)) back = this.#fail[back]!;
        this.#fail[child] = this.#next[back]!.get(code) ?? 0;
        this.#out[child] = [...this.#out[child]!, ...this.#out[this.#fail[child]!]!];
      }
    }
  }

  /** Calls `found` with the word's number and where it begins and ends, by ends. It stops when `found` answers false. */
  scan(text: string, found: (word: number, start: number, end: number) => boolean | void): void {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      let to = this.#next[node]!.get(code);
      while (to === undefined && node !== 0) {
        node = this.#fail[node]!;
        to = this.#next[node]!.get(code);
      }
      node = to ?? 0;
      for (const word of this.#out[node]!) if (found(word, at + 1 - this.#lengths[word]!, at + 1) === false) return;
    }
  }

  #child(node: number, code: number): number {
    const known = this.#next[node]!.get(code);
    if (known !== undefined) return known;
    const child = this.#next.length;
    this.#next[node]!.set(code, child);
    this.#next.push(new Map());
    this.#fail.push(0);
    this.#out.push([]);
    return child;
  }
}
