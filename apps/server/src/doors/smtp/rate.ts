import { addressGroup } from '../../kernel/http/address.ts';

/** What one address may do in a minute, and how many connections it may hold. */
export interface RateLimits {
  readonly connectionsPerMinute: number;
  readonly mailsPerMinute: number;
  /** Addresses that nobody here has, before the connection ends. */
  readonly unknownPerMinute: number;
  /** Of mails: three of the largest, or a hundred of the usual size. */
  readonly bytesPerMinute: number;
  readonly open: number;
}
export const USUAL_RATE: RateLimits = { connectionsPerMinute: 60, mailsPerMinute: 60, unknownPerMinute: 20, bytesPerMinute: 100 * 1024 * 1024, open: 10 };

/** Mails to the open addresses in a day: from one network that is not an own mail server's, and in one sender's name. */
export const OPEN_NETWORK_MAX = 20;
export const OPEN_SENDER_MAX = 100;
const DAY = 86_400_000;

/** Counts by key in a day. A table that is full forgets the oldest. */
export class Daily {
  readonly #max: number;
  readonly #now: () => number;
  readonly #seen = new Map<string, { readonly from: number; count: number }>();

  constructor(max: number, now: () => number) {
    this.#max = max;
    this.#now = now;
  }

  #row(key: string): { readonly from: number; count: number } | undefined {
    const row = this.#seen.get(key);
    return row && this.#now() - row.from < DAY && this.#now() >= row.from ? row : undefined;
  }

  has(key: string): boolean {
    return (this.#row(key)?.count ?? 0) < this.#max;
  }

  add(key: string): void {
    const row = this.#row(key);
    if (row) row.count += 1;
    else {
      this.#seen.delete(key);
      if (this.#seen.size >= ADDRESSES_MAX) this.#seen.delete(this.#seen.keys().next().value!);
      this.#seen.set(key, { from: this.#now(), count: 1 });
    }
  }
}

type What = 'connections' | 'mails' | 'unknown' | 'bytes';
const MINUTE = 60_000;
const ADDRESSES_MAX = 10_000;

/** Counts by address; of IPv6 by /64. A table that is full forgets the oldest, so memory stays bounded. */
export class Rate {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #seen = new Map<string, { from: number; connections: number; mails: number; unknown: number; bytes: number }>();
  readonly #open = new Map<string, number>();

  constructor(limits: RateLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts one, or so many; false when it is more than the address may. */
  allow(address: string, what: What, by = 1): boolean {
    const key = addressGroup(address);
    const now = this.#now();
    let row = this.#seen.get(key);
    if (!row || now - row.from >= MINUTE || now < row.from) {
      if (!row && this.#seen.size >= ADDRESSES_MAX) this.#seen.delete(this.#seen.keys().next().value!);
      this.#seen.set(key, (row = { from: now, connections: 0, mails: 0, unknown: 0, bytes: 0 }));
    }
    row[what] += by;
    return row[what] <= this.#limits[`${what}PerMinute`];
  }

  /** A connection begins; false when the address holds too many. What `enter` took, `leave` gives back. */
  enter(address: string): boolean {
    const key = addressGroup(address);
    const held = this.#open.get(key) ?? 0;
    if (held >= this.#limits.open) return false;
    this.#open.set(key, held + 1);
    return true;
  }

  leave(address: string): void {
    const key = addressGroup(address);
    const held = this.#open.get(key) ?? 0;
    if (held > 1) this.#open.set(key, held - 1);
    else this.#open.delete(key);
  }
}
