import { addressGroup } from './http/address.ts';

/** Counts connections against two caps: in total, and per address (of IPv6 the /64). */
export class Admissions {
  readonly #max: number;
  readonly #maxPerAddress: number;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(max: number, maxPerAddress: number) {
    this.#max = max;
    this.#maxPerAddress = maxPerAddress;
  }

  get total(): number {
    return this.#total;
  }

  /** Takes a place and returns the function that gives it back (once), or null when there is none. */
  enter(from: string): (() => void) | null {
    const address = addressGroup(from);
    const here = this.#perAddress.get(address) ?? 0;
    if (this.#total >= this.#max || here >= this.#maxPerAddress) return null;
    this.#total++;
    this.#perAddress.set(address, here + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#total--;
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    };
  }
}
