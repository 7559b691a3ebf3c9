import type { Clock } from '../types.ts';

/** Token buckets by key, in memory, at most `keysMax` of them; the longest unused go first. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #keysMax: number;

  constructor(clock: Clock, burst: number, perSecond: number, keysMax = 20_000) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#keysMax = keysMax;
  }

  /** Takes one token: 0 if there was one, else the seconds to wait. */
  take(key: string): number {
    const now = this.#clock.now();
    const held = this.#buckets.get(key);
    const tokens = held ? Math.min(this.#burst, held.tokens + ((now - held.at) / 1000) * this.#perSecond) : this.#burst;
    this.#buckets.delete(key);
    if (this.#buckets.size >= this.#keysMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / this.#perSecond);
  }
}
