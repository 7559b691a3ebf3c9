/** Near SimHashes among many, in memory of a size that is fixed beforehand. */

export interface Near {
  /** What was given to `add`. */
  readonly id: string;
  /** Bits that differ. */
  readonly distance: number;
}

const BLOCKS = 4;
const BUCKETS = 65_536;

/**
 * An index over 64-bit SimHashes that finds all within three bits. Each hash is cut into four blocks of 16 bits: two
 * hashes that differ in three bits at most agree in one block at least, so only entries of four buckets are compared.
 * About 80 bytes an entry and its id; when it is full, the oldest entry makes room.
 */
export class FingerprintIndex {
  readonly capacity: number;
  #size = 0;
  #next = 0;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #ids: string[];
  /** First entry of each bucket, and the neighbours of each entry within its bucket, for each block; -1 is none. */
  readonly #heads: Int32Array;
  readonly #after: Int32Array;
  readonly #before: Int32Array;

  constructor(capacity = 1_000_000) {
    this.capacity = Math.max(1, Math.min(16_000_000, Math.floor(capacity)));
    this.#high = new Uint32Array(this.capacity);
    this.#low = new Uint32Array(this.capacity);
    this.#ids = [];
    this.#heads = new Int32Array(BLOCKS * BUCKETS).fill(-1);
    this.#after = new Int32Array(BLOCKS * this.capacity);
    this.#before = new Int32Array(BLOCKS * this.capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Takes a fingerprint in; false when it is none (16 hex digits). */
  add(simhash: string, id: string): boolean {
    if (!/^[0-9a-f]{16}$/.test(simhash)) return false;
    const slot = this.#next;
    this.#next = (slot + 1) % this.capacity;
    if (this.#size === this.capacity) this.#unlink(slot);
    else this.#size++;
    this.#high[slot] = Number.parseInt(simhash.slice(0, 8), 16);
    this.#low[slot] = Number.parseInt(simhash.slice(8), 16);
    this.#ids[slot] = id;
    for (let block = 0; block < BLOCKS; block++) {
      const bucket = block * BUCKETS + blockOf(this.#high[slot]!, this.#low[slot]!, block);
      const at = block * this.capacity + slot;
      const first = this.#heads[bucket]!;
      this.#after[at] = first;
      this.#before[at] = -1;
      if (first >= 0) this.#before[block * this.capacity + first] = slot;
      this.#heads[bucket] = slot;
    }
    return true;
  }

  #unlink(slot: number): void {
    for (let block = 0; block < BLOCKS; block++) {
      const base = block * this.capacity;
      const after = this.#after[base + slot]!;
      const before = this.#before[base + slot]!;
      if (before >= 0) this.#after[base + before] = after;
      else this.#heads[block * BUCKETS + blockOf(this.#high[slot]!, this.#low[slot]!, block)] = after;
      if (after >= 0) this.#before[base + after] = before;
    }
  }

  /** All entries within `within` bits (at most three), nearest first, at most `limit`. An empty list for what is no fingerprint. */
  find(simhash: string, within = 3, limit = 1_000): Near[] {
    if (!/^[0-9a-f]{16}$/.test(simhash)) return [];
    const most = Math.min(3, within);
    const high = Number.parseInt(simhash.slice(0, 8), 16);
    const low = Number.parseInt(simhash.slice(8), 16);
    const byDistance: number[][] = [[], [], [], []];
    for (let block = 0; block < BLOCKS; block++) {
      const base = block * this.capacity;
      for (let slot = this.#heads[block * BUCKETS + blockOf(high, low, block)]!; slot >= 0; slot = this.#after[base + slot]!) {
        const a = this.#high[slot]! ^ high;
        const b = this.#low[slot]! ^ low;
        const bits = count(a) + count(b);
        if (bits > most || agreesBefore(a, b, block)) continue;
        if (byDistance[bits]!.length < limit) byDistance[bits]!.push(slot);
      }
    }
    return byDistance.flatMap((slots, bits) => slots.map((slot) => ({ id: this.#ids[slot]!, distance: bits }))).slice(0, limit);
  }
}

function blockOf(high: number, low: number, block: number): number {
  const word = block < 2 ? low : high;
  return (block & 1) === 0 ? word & 0xffff : word >>> 16;
}

/** True when the hashes agree in a block before this one: then that block has found the entry already. */
function agreesBefore(high: number, low: number, block: number): boolean {
  for (let earlier = 0; earlier < block; earlier++) if (blockOf(high, low, earlier) === 0) return true;
  return false;
}

function count(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
