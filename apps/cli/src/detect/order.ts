/** What is held to be put in order: about 64 MB of events as text, which are some times that in memory. */
const BOUNDS = { items: 250_000, bytes: 64_000_000 } as const;

export interface Placed<T> {
  timeMs: number;
  readonly bytes: number;
  readonly item: T;
}

/**
 * Puts what comes in any order into that of its time: files may be newest first, rotated, or of several machines. Memory is
 * bounded: where it is full the older half goes on, and what comes later and is older than that comes late.
 */
export class TimeOrder<T> {
  #held: Placed<T>[] = [];
  #bytes = 0;
  #lastMs: number | null = null;
  readonly #bounds: { readonly items: number; readonly bytes: number };
  /** True once the bound was reached. */
  overflowed = false;
  /** How many told no time. */
  withoutTime = 0;

  constructor(bounds: { readonly items: number; readonly bytes: number } = BOUNDS) {
    this.#bounds = bounds;
  }

  /**
   * @param timeMs null where none is told: then it happened when the one before it did, or the first of all that tells one
   * @returns what must go on now, the oldest first
   */
  add(timeMs: number | null, bytes: number, item: T): readonly Placed<T>[] {
    if (timeMs === null) this.withoutTime++;
    else {
      if (this.#lastMs === null) for (const placed of this.#held) placed.timeMs = timeMs;
      this.#lastMs = timeMs;
    }
    this.#held.push({ timeMs: this.#lastMs ?? 0, bytes, item });
    this.#bytes += bytes;
    if (this.#held.length <= this.#bounds.items && this.#bytes <= this.#bounds.bytes) return [];
    this.overflowed = true;
    const all = this.end();
    const half = Math.ceil(all.length / 2);
    this.#held = all.splice(half);
    for (const placed of this.#held) this.#bytes += placed.bytes;
    return all;
  }

  /** All that is left, the oldest first. */
  end(): Placed<T>[] {
    const all = this.#held.sort((left, right) => left.timeMs - right.timeMs);
    this.#held = [];
    this.#bytes = 0;
    return all;
  }
}
