/** Sharing the UDP door: every registered address has a rate of its own, and what is above it comes out of one pool. */

export interface ShareLimits {
  /** Datagrams per second that every registered source may always send. */
  readonly guaranteedPerSec: number;
  /** Datagrams per second above the guarantees, for whoever comes first. */
  readonly poolPerSec: number;
  /** Both may be saved up for this long, for bursts. */
  readonly burstSec: number;
}

export const DEFAULT_SHARES: ShareLimits = { guaranteedPerSec: 500, poolPerSec: 10_000, burstSec: 4 };

/** A token bucket. Times are milliseconds on any clock that does not go back. */
export class Bucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #at: number;

  constructor(perSec: number, burstSec: number, nowMs: number) {
    this.#perMs = perSec / 1000;
    this.#capacity = Math.max(1, perSec * burstSec);
    this.#tokens = this.#capacity;
    this.#at = nowMs;
  }

  /** Takes one token if there is one. */
  take(nowMs: number): boolean {
    if (nowMs > this.#at) {
      this.#tokens = Math.min(this.#capacity, this.#tokens + (nowMs - this.#at) * this.#perMs);
      this.#at = nowMs;
    }
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

export type Admission = 'guaranteed' | 'pool' | 'refused';

/** Decides, datagram by datagram, from the sender address alone. */
export class FairShare {
  readonly #limits: ShareLimits;
  readonly #pool: Bucket;
  readonly #own = new Map<string, { sources: number; bucket: Bucket }>();

  constructor(limits: ShareLimits, nowMs: number) {
    this.#limits = limits;
    this.#pool = new Bucket(limits.poolPerSec, limits.burstSec, nowMs);
  }

  /** Registered addresses with the number of sources at each. Buckets of addresses that stay are kept as they are. */
  register(addresses: ReadonlyMap<string, number>, nowMs: number): void {
    for (const address of this.#own.keys()) if (!addresses.has(address)) this.#own.delete(address);
    for (const [address, sources] of addresses) {
      if (this.#own.get(address)?.sources === sources) continue;
      this.#own.set(address, { sources, bucket: new Bucket(this.#limits.guaranteedPerSec * sources, this.#limits.burstSec, nowMs) });
    }
  }

  isRegistered(address: string): boolean {
    return this.#own.has(address);
  }

  /** `refused` for addresses that are not registered. */
  admit(address: string, nowMs: number): Admission {
    const own = this.#own.get(address);
    if (own === undefined) return 'refused';
    if (own.bucket.take(nowMs)) return 'guaranteed';
    return this.#pool.take(nowMs) ? 'pool' : 'refused';
  }
}
