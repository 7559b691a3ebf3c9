/** Numbers that look random and are the same for the same seed on every machine: sfc32, seeded by a hash of a text. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 1;

  constructor(seed: string) {
    // FNV-1a with four bases; quality matters little here, sameness everywhere does.
    const words = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
    for (let i = 0; i < seed.length; i++) for (let w = 0; w < 4; w++) words[w] = Math.imul(words[w]! ^ (seed.charCodeAt(i) + w), 0x01000193 + 2 * w);
    [this.#a, this.#b, this.#c, this.#d] = [words[0]!, words[1]!, words[2]!, 1];
    for (let i = 0; i < 12; i++) this.next();
  }

  /** In [0, 1). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number whose mean is `mean`, about 15 % to and fro. */
  about(mean: number): number {
    const wanted = mean * (0.85 + 0.3 * this.next());
    return Math.floor(wanted) + (this.chance(wanted - Math.floor(wanted)) ? 1 : 0);
  }

  /** Places where the cumulated weights say; returns the index. */
  weighted(cumulated: readonly number[]): number {
    const at = this.next() * cumulated[cumulated.length - 1]!;
    return cumulated.findIndex((edge) => at < edge);
  }
}
