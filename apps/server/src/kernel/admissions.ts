import { addressGroup, addressSite } from './http/address.ts';

/**
 * Counts connections against three caps: in total, per address (of IPv6 the /64), and per site (of IPv6 the /48), which has as
 * many as four addresses but never more than half of all places, so that no single site shuts the others out.
 */
export class Admissions {
  readonly #max: number;
  readonly #maxPerAddress: number;
  readonly #maxPerSite: number;
  readonly #within = new Map<string, number>();
  #total = 0;

  constructor(max: number, maxPerAddress: number) {
    this.#max = max;
    this.#maxPerAddress = maxPerAddress;
    this.#maxPerSite = Math.max(maxPerAddress, Math.min(4 * maxPerAddress, Math.floor(max / 2)));
  }

  get total(): number {
    return this.#total;
  }

  /** Takes a place and returns the function that gives it back (once), or null when there is none. */
  enter(from: string): (() => void) | null {
    const [address, site] = [addressGroup(from), addressSite(from)];
    // Of IPv4 both are the address itself, which is counted once.
    const groups = address === site ? [address] : [address, site];
    if (this.#total >= this.#max || this.#count(address) >= this.#maxPerAddress || this.#count(site) >= this.#maxPerSite) return null;
    this.#total++;
    for (const group of groups) this.#within.set(group, this.#count(group) + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#total--;
      for (const group of groups) {
        const left = this.#count(group) - 1;
        if (left > 0) this.#within.set(group, left);
        else this.#within.delete(group);
      }
    };
  }

  #count(group: string): number {
    return this.#within.get(group) ?? 0;
  }
}
