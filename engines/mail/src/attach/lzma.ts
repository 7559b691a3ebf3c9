/** Decoder state of LZMA, written from the LZMA specification (Igor Pavlov, 2015-06-14); never writes past `limit` bytes. */
const STATES = 12;
const MODEL = 11;
const HALF = 1 << (MODEL - 1);
const TOP = 2 ** 24;

class Lengths {
  readonly choice = new Uint16Array(2).fill(HALF);
  readonly low = new Uint16Array(16 << 3).fill(HALF);
  readonly mid = new Uint16Array(16 << 3).fill(HALF);
  readonly high = new Uint16Array(256).fill(HALF);
}

/**
 * One LZMA stream or a row of LZMA2 chunks. Positions and what was written persist between chunks, so that LZMA2 can
 * take them up again. The output is allocated as it grows, never by a declared size alone.
 */
class Lzma {
  out: Uint8Array;
  length = 0;
  readonly #limit: number;
  #in: Uint8Array;
  #at = 0;
  #end = 0;
  #range = 0;
  #code = 0;
  #lc = 3;
  #lp = 0;
  #pb = 2;
  #state = 0;
  #rep: [number, number, number, number] = [0, 0, 0, 0];
  #literals = new Uint16Array(0);
  #match = new Uint16Array(STATES << 4);
  #isRep = new Uint16Array(STATES);
  #rep0 = new Uint16Array(STATES);
  #rep1 = new Uint16Array(STATES);
  #rep2 = new Uint16Array(STATES);
  #rep0Long = new Uint16Array(STATES << 4);
  #slots = new Uint16Array(4 << 6);
  #special = new Uint16Array(115);
  #align = new Uint16Array(16);
  #lengths = new Lengths();
  #repLengths = new Lengths();

  constructor(bytes: Uint8Array, limit: number) {
    this.#in = bytes;
    this.#limit = limit;
    this.out = new Uint8Array(Math.min(limit, 1 << 16));
  }

  /** False when the properties byte is none. */
  properties(byte: number): boolean {
    if (byte >= 9 * 5 * 5) return false;
    this.#lc = byte % 9;
    this.#lp = Math.floor(byte / 9) % 5;
    this.#pb = Math.floor(byte / 45);
    return true;
  }

  reset(): void {
    this.#state = 0;
    this.#rep = [0, 0, 0, 0];
    this.#literals = new Uint16Array(0x300 << (this.#lc + this.#lp)).fill(HALF);
    for (const table of [this.#match, this.#isRep, this.#rep0, this.#rep1, this.#rep2, this.#rep0Long, this.#slots, this.#special, this.#align]) table.fill(HALF);
    this.#lengths = new Lengths();
    this.#repLengths = new Lengths();
  }

  /** False before the first reset: there is nothing to decode with. */
  get ready(): boolean {
    return this.#literals.length > 0;
  }

  /** A chunk of LZMA2 that stands uncompressed. */
  stored(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length && this.length < this.#limit; i++) this.#put(bytes[i]!);
  }

  begin(at: number, end: number): boolean {
    this.#at = at + 1;
    this.#end = Math.min(end, this.#in.length);
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
    return this.#in[at] === 0;
  }

  #next(): number {
    return this.#at < this.#end ? this.#in[this.#at++]! : (this.#at++, 0);
  }

  #normalise(): void {
    if (this.#range >= TOP) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  #bit(table: Uint16Array, index: number): number {
    const value = table[index]!;
    const bound = (this.#range >>> MODEL) * value;
    if (this.#code < bound) {
      table[index] = value + (((1 << MODEL) - value) >> 5);
      this.#range = bound;
      this.#normalise();
      return 0;
    }
    table[index] = value - (value >> 5);
    this.#range -= bound;
    this.#code -= bound;
    this.#normalise();
    return 1;
  }

  #direct(bits: number): number {
    let result = 0;
    for (let i = 0; i < bits; i++) {
      this.#range = this.#range >>> 1;
      const one = this.#code >= this.#range ? 1 : 0;
      if (one === 1) this.#code -= this.#range;
      result = result * 2 + one;
      this.#normalise();
    }
    return result;
  }

  #tree(table: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.#bit(table, base + node);
    return node - (1 << bits);
  }

  #reverse(table: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let result = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(table, base + node);
      node = (node << 1) | bit;
      result |= bit << i;
    }
    return result;
  }

  #length(tables: Lengths, position: number): number {
    if (this.#bit(tables.choice, 0) === 0) return this.#tree(tables.low, position << 3, 3);
    if (this.#bit(tables.choice, 1) === 0) return 8 + this.#tree(tables.mid, position << 3, 3);
    return 16 + this.#tree(tables.high, 0, 8);
  }

  #put(byte: number): void {
    if (this.length === this.out.length) {
      const larger = new Uint8Array(Math.min(this.#limit, this.out.length * 2));
      larger.set(this.out);
      this.out = larger;
    }
    this.out[this.length++] = byte;
  }

  #literal(): void {
    const before = this.length > 0 ? this.out[this.length - 1]! : 0;
    const context = ((this.length & ((1 << this.#lp) - 1)) << this.#lc) + (before >> (8 - this.#lc));
    const base = 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let match = this.out[this.length - this.#rep[0] - 1] ?? 0;
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.#bit(this.#literals, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    this.#put(symbol & 255);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + this.#reverse(this.#special, base - slot, bits);
    return base + this.#direct(bits - 4) * 16 + this.#reverse(this.#align, 0, 4);
  }

  /** Decodes until `until` bytes are written, the stream says it ends, or a fault. True unless there was a fault. */
  run(until: number): boolean {
    const stop = Math.min(until, this.#limit);
    while (this.length < stop) {
      // Past its input a stream could go on for ever on zeros.
      if (this.#at > this.#end + 16) return false;
      const position = this.length & ((1 << this.#pb) - 1);
      if (this.#bit(this.#match, (this.#state << 4) + position) === 0) {
        this.#literal();
        continue;
      }
      let length: number;
      if (this.#bit(this.#isRep, this.#state) === 1) {
        if (this.#bit(this.#rep0, this.#state) === 0) {
          if (this.#bit(this.#rep0Long, (this.#state << 4) + position) === 0) {
            this.#state = this.#state < 7 ? 9 : 11;
            if (this.#rep[0] >= this.length) return false;
            this.#put(this.out[this.length - this.#rep[0] - 1]!);
            continue;
          }
        } else {
          const [a, b, c, d] = this.#rep;
          if (this.#bit(this.#rep1, this.#state) === 0) this.#rep = [b, a, c, d];
          else this.#rep = this.#bit(this.#rep2, this.#state) === 0 ? [c, a, b, d] : [d, a, b, c];
        }
        length = this.#length(this.#repLengths, position);
        this.#state = this.#state < 7 ? 8 : 11;
      } else {
        length = this.#length(this.#lengths, position);
        this.#state = this.#state < 7 ? 7 : 10;
        const distance = this.#distance(length);
        if (distance === 0xffffffff) return true;
        this.#rep = [distance, this.#rep[0], this.#rep[1], this.#rep[2]];
      }
      const back = this.#rep[0] + 1;
      if (back > this.length) return false;
      for (let i = 0; i < length + 2 && this.length < stop; i++) this.#put(this.out[this.length - back]!);
    }
    return true;
  }
}

/** Raw LZMA with its five bytes of properties. What could be read, at most `size` bytes; undefined when nothing could. */
export function decodeLzma(properties: Uint8Array, packed: Uint8Array, size: number): Uint8Array | undefined {
  const decoder = new Lzma(packed, size);
  if (properties.length < 5 || !decoder.properties(properties[0]!)) return undefined;
  decoder.reset();
  if (!decoder.begin(0, packed.length)) return undefined;
  decoder.run(size);
  return decoder.length === 0 && size > 0 ? undefined : decoder.out.subarray(0, decoder.length);
}

/** LZMA2: chunks with a control byte each (as described with the XZ format, liblzma's lzma2_decoder). At most `size` bytes. */
export function decodeLzma2(packed: Uint8Array, size: number): Uint8Array | undefined {
  const decoder = new Lzma(packed, size);
  let at = 0;
  while (at < packed.length && decoder.length < size) {
    const control = packed[at]!;
    if (control === 0) break;
    if (control < 0x80) {
      if (control > 2) break;
      const length = ((packed[at + 1] ?? 0) << 8 | (packed[at + 2] ?? 0)) + 1;
      decoder.stored(packed.subarray(at + 3, at + 3 + length));
      at += 3 + length;
      continue;
    }
    const unpacked = ((control & 0x1f) << 16 | (packed[at + 1] ?? 0) << 8 | (packed[at + 2] ?? 0)) + 1;
    const length = ((packed[at + 3] ?? 0) << 8 | (packed[at + 4] ?? 0)) + 1;
    const reset = (control >> 5) & 3;
    let from = at + 5;
    if (reset >= 2 && !decoder.properties(packed[from++] ?? 255)) break;
    if (reset >= 1) decoder.reset();
    if (!decoder.ready || !decoder.begin(from, from + length) || !decoder.run(decoder.length + unpacked)) break;
    at = from + length;
  }
  return decoder.length === 0 && size > 0 ? undefined : decoder.out.subarray(0, decoder.length);
}
