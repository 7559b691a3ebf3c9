/** Cutting a syslog byte stream into lines: RFC 6587, both methods, told apart frame by frame. */

/** Longest line kept, in bytes. What is beyond it is thrown away; the connection lives on. */
export const MAX_LINE = 65_536;

// A count larger than this is no syslog line but an attempt to make the reader swallow the
// connection, so it is read as ordinary text instead.
const MAX_COUNT_DIGITS = 7;

export interface Frame {
  /** The line without its framing. It may share memory with the chunk it came from. */
  bytes: Uint8Array;
  /** True where the line was longer than the limit and its end was thrown away. */
  truncated: boolean;
  /** True where the connection ended inside the line. */
  incomplete: boolean;
}

const START = 0;
const LINE = 1;
const COUNT = 2;
const SKIP_LINE = 3;
const SKIP_COUNT = 4;

/**
 * One per connection. Octet counting (`83 <34>1 …`, RFC 6587 section 3.4.1) and lines ended by LF
 * or NUL (section 3.4.2) may be mixed freely: each frame is looked at anew. A count is only believed
 * when `digits SP <` is seen. Memory is bounded by the line limit, whatever is sent.
 */
export class SyslogFramer {
  readonly #max: number;
  #state = START;
  #carry: Uint8Array = new Uint8Array(256);
  #carried = 0;
  /** Bytes of a counted frame still to keep, then still to skip. */
  #keep = 0;
  #skip = 0;
  /** Where the next LF of the chunk stands. Kept, so that a chunk of lines ended by NUL is not searched for LF once per line. */
  #lf = -1;

  /** @throws RangeError for a limit below 16 bytes. */
  constructor(maxLine: number = MAX_LINE) {
    if (!(maxLine >= 16)) throw new RangeError(`line limit too small: ${maxLine}`);
    this.#max = maxLine;
  }

  /** Feeds bytes in any portion; returns the lines that are complete now. */
  push(chunk: Uint8Array): Frame[] {
    const out: Frame[] = [];
    this.#lf = -1;
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at, out);
    return out;
  }

  /** Tells that the connection ended; returns the last line when one was begun. */
  end(): Frame[] {
    const out: Frame[] = [];
    if (this.#carried > 0) this.#emit(this.#take(), false, true, out);
    this.#state = START;
    return out;
  }

  #step(chunk: Uint8Array, at: number, out: Frame[]): number {
    switch (this.#state) {
      case START:
        return this.#start(chunk, at);
      case LINE:
        return this.#line(chunk, at, out);
      case COUNT:
        return this.#count(chunk, at, out);
      case SKIP_COUNT: {
        const gone = Math.min(this.#skip, chunk.length - at);
        this.#skip -= gone;
        if (this.#skip === 0) this.#state = START;
        return at + gone;
      }
      default: {
        const stop = this.#terminator(chunk, at);
        if (stop === chunk.length) return stop;
        this.#state = START;
        return stop + 1;
      }
    }
  }

  /** Decides between the two methods, byte by byte, with the digits seen so far in the carry. */
  #start(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at] as number;
      const digit = byte >= 48 && byte <= 57;
      const n = this.#carried;
      if (n === 0) {
        if (byte === 10 || byte === 0 || byte === 13) {
          at++;
          continue;
        }
        if (!digit || byte === 48) break;
      } else {
        const spaced = this.#carry[n - 1] === 32;
        if (spaced) {
          if (byte === 60) {
            const length = Number(Buffer.from(this.#carry.buffer, this.#carry.byteOffset, n - 1).toString('latin1'));
            this.#carried = 0;
            this.#keep = Math.min(length, this.#max);
            this.#skip = length - this.#keep;
            this.#state = COUNT;
            return at;
          }
          break;
        }
        if (!(digit && n < MAX_COUNT_DIGITS) && byte !== 32) break;
      }
      this.#append(chunk, at, at + 1);
      at++;
    }
    if (at < chunk.length) this.#state = LINE;
    return at;
  }

  #line(chunk: Uint8Array, at: number, out: Frame[]): number {
    const stop = this.#terminator(chunk, at);
    const length = this.#carried + stop - at;
    if (length > this.#max) {
      this.#append(chunk, at, at + this.#max - this.#carried);
      this.#emit(this.#take(), true, false, out);
      this.#state = SKIP_LINE;
      return stop;
    }
    if (stop === chunk.length) {
      this.#append(chunk, at, stop);
      return stop;
    }
    if (this.#carried === 0) this.#emit(chunk.subarray(at, stop), false, false, out);
    else {
      this.#append(chunk, at, stop);
      this.#emit(this.#take(), false, false, out);
    }
    this.#state = START;
    return stop + 1;
  }

  #count(chunk: Uint8Array, at: number, out: Frame[]): number {
    const stop = Math.min(chunk.length, at + this.#keep);
    this.#keep -= stop - at;
    if (this.#keep > 0) {
      this.#append(chunk, at, stop);
      return stop;
    }
    const truncated = this.#skip > 0;
    if (this.#carried === 0) this.#emit(chunk.subarray(at, stop), truncated, false, out);
    else {
      this.#append(chunk, at, stop);
      this.#emit(this.#take(), truncated, false, out);
    }
    this.#state = truncated ? SKIP_COUNT : START;
    return stop;
  }

  /** Index of the next LF or NUL, or the length of the chunk. */
  #terminator(chunk: Uint8Array, at: number): number {
    if (this.#lf < at) {
      const found = chunk.indexOf(10, at);
      this.#lf = found < 0 ? chunk.length : found;
    }
    const nul = chunk.subarray(at, this.#lf).indexOf(0);
    return nul < 0 ? this.#lf : at + nul;
  }

  #append(chunk: Uint8Array, from: number, to: number): void {
    const need = this.#carried + to - from;
    if (need > this.#carry.length) {
      const bigger = new Uint8Array(Math.min(Math.max(need, this.#carry.length * 2), Math.max(need, this.#max)));
      bigger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = bigger;
    }
    this.#carry.set(chunk.subarray(from, to), this.#carried);
    this.#carried = need;
  }

  #take(): Uint8Array {
    const bytes = this.#carry.slice(0, this.#carried);
    this.#carried = 0;
    if (this.#carry.length > 4096) this.#carry = new Uint8Array(256);
    return bytes;
  }

  #emit(bytes: Uint8Array, truncated: boolean, incomplete: boolean, out: Frame[]): void {
    const clean = trimEnd(bytes);
    if (clean.length > 0) out.push({ bytes: clean, truncated, incomplete });
  }
}

/** One UDP datagram is one line (RFC 5426, section 3.1); null when it is empty. */
export function datagram(bytes: Uint8Array, maxLine: number = MAX_LINE): Frame | null {
  const clean = trimEnd(bytes);
  if (clean.length === 0) return null;
  const truncated = clean.length > maxLine;
  return { bytes: truncated ? clean.subarray(0, maxLine) : clean, truncated, incomplete: false };
}

function trimEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0) {
    const last = bytes[end - 1];
    if (last !== 10 && last !== 13 && last !== 0) break;
    end--;
  }
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}
