import type { Drawing } from './build-pictures.ts';

/** How a large photo is written: gray or with colours at half size, in one pass or in several that grow finer. */
export interface Kind {
  readonly colour?: boolean;
  readonly progressive?: boolean;
  /** Units between restarts. */
  readonly interval?: number;
  /** Each component in a scan of its own. */
  readonly apart?: boolean;
}

// Coefficients in the order of the file (T.81, figure A.6).
const ZIGZAG = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63];
const QUANT = Array.from({ length: 64 }, (_, k) => 6 + k * 2);
const COS = Array.from({ length: 8 }, (_, u) => Array.from({ length: 8 }, (_, x) => (u === 0 ? Math.SQRT1_2 : 1) * Math.cos(((2 * x + 1) * u * Math.PI) / 16) / 2));
/** Symbols of codes of 8 bits, then of 12, so that short and long ones occur. */
const AC = [0, 0xf0, ...Array.from({ length: 10 }, (_, s) => Array.from({ length: 16 }, (_, r) => (r << 4) | (s + 1))).flat(), ...Array.from({ length: 14 }, (_, n) => (n + 1) << 4)];
const SHORT = 40;
const CODES = new Map(AC.map((symbol, n) => [symbol, n < SHORT ? ([n, 8] as const) : ([(SHORT << 4) + n - SHORT, 12] as const)]));

class Writer {
  #out = Buffer.alloc(1 << 20);
  #at = 0;
  #held = 0;
  #bits = 0;
  byte(value: number): void {
    if (this.#at === this.#out.length) this.#out = Buffer.concat([this.#out, Buffer.alloc(this.#out.length)]);
    this.#out[this.#at++] = value;
  }
  put(value: number, length: number): void {
    this.#held = (this.#held << length) | value;
    for (this.#bits += length; this.#bits >= 8; ) {
      const byte = (this.#held >>> (this.#bits -= 8)) & 255;
      this.byte(byte);
      if (byte === 255) this.byte(0);
    }
    this.#held &= (1 << this.#bits) - 1;
  }
  symbol(value: number): void {
    const [code, length] = CODES.get(value)!;
    this.put(code, length);
  }
  /** A number with its length told before; negative ones one less, cut (T.81, F.1.2.1). */
  number(value: number, length: number): void {
    if (length > 0) this.put(value > 0 ? value : value + (1 << length) - 1, length);
  }
  mark(marker: number, body: readonly number[] = []): void {
    this.align();
    for (const value of [255, marker, ...(marker >= 0xd0 && marker <= 0xd9 ? [] : [(body.length + 2) >> 8, (body.length + 2) & 255]), ...body]) this.byte(value);
  }
  align(): void {
    if (this.#bits > 0) this.put((1 << (8 - this.#bits)) - 1, 8 - this.#bits);
  }
  get done(): Buffer {
    return this.#out.subarray(0, this.#at);
  }
}

const lengthOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

function coefficients(shade: (x: number, y: number) => number): Int16Array {
  const rows = Array.from({ length: 8 }, (_, y) => COS.map((wave) => wave.reduce((sum, c, x) => sum + c * (shade(x, y) - 128), 0)));
  return Int16Array.from(ZIGZAG, (place, k) => Math.round(COS[place >> 3]!.reduce((sum, c, y) => sum + c * rows[y]![place & 7]!, 0) / QUANT[k]!));
}

/** A photo of a wall of any size with a drawing on it, its corner at `left`, `top`. */
export function largeJpeg(width: number, height: number, drawing: Drawing, left: number, top: number, { colour = false, progressive = false, interval = 0, apart = false }: Kind = {}): Buffer {
  const wall = Array.from({ length: 16 }, (_, n) => coefficients((x, y) => 168 + n + ((x * (n + 3) + y * 7) % 23) - ((x * y + n) % 11)));
  const none = new Int16Array(64);
  const at = (x: number, y: number): number | undefined => (x < left || y < top || x >= left + drawing.width || y >= top + drawing.height ? undefined : drawing.data[(y - top) * drawing.width + x - left]);
  const drawn = new Map<number, Int16Array>();
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  const block = (bx: number, by: number): Int16Array => {
    const own = (bx * 8 + 7 < left || by * 8 + 7 < top || bx * 8 >= left + drawing.width || by * 8 >= top + drawing.height);
    if (own) return wall[(bx * 7 + by * 13 + ((bx * by) >> 3)) & 15]!;
    const key = by * 65_536 + bx;
    if (!drawn.has(key)) drawn.set(key, coefficients((x, y) => at(bx * 8 + x, by * 8 + y) ?? 175));
    return drawn.get(key)!;
  };
  const out = new Writer();
  out.mark(0xd8);
  out.mark(0xdb, [0, ...QUANT]);
  const parts = colour ? [[1, 0x22], [2, 0x11], [3, 0x11]] : [[1, 0x11]];
  out.mark(progressive ? 0xc2 : 0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, parts.length, ...parts.flatMap(([id, factors]) => [id!, factors!, 0])]);
  out.mark(0xc4, [0, 0, 0, 0, 12, ...new Array<number>(12).fill(0), ...Array.from({ length: 12 }, (_, n) => n)]);
  out.mark(0xc4, [0x10, ...Array.from({ length: 16 }, (_, n) => (n === 7 ? SHORT : n === 11 ? AC.length - SHORT : 0)), ...AC]);
  if (interval > 0) out.mark(0xdd, [interval >> 8, interval & 255]);

  const scan = (ids: readonly number[], [from, to, high, low]: readonly [number, number, number, number]): void => {
    out.mark(0xda, [ids.length, ...ids.flatMap((id) => [id, 0]), from, to, (high << 4) | low]);
    const before = [0, 0, 0, 0];
    let run = 0;
    const flush = (): void => {
      if (run === 0) return;
      const length = lengthOf(run) - 1;
      out.symbol(length << 4);
      if (length > 0) out.put(run & ((1 << length) - 1), length);
      run = 0;
    };
    const write = (id: number, values: Int16Array): void => {
      if (from === 0 && high > 0) return out.put((values[0]! >> low) & 1, 1);
      if (from === 0) {
        const value = values[0]! >> low;
        const length = lengthOf(value - before[id]!);
        out.put(length, 4);
        out.number(value - before[id]!, length);
        before[id] = value;
        if (progressive) return;
      }
      let zeros = 0;
      for (let k = Math.max(1, from); k <= to; k++) {
        const value = Math.trunc(values[k]! / (1 << low));
        if (value === 0) {
          zeros++;
          continue;
        }
        flush();
        for (; zeros > 15; zeros -= 16) out.symbol(0xf0);
        out.symbol((zeros << 4) | lengthOf(value));
        out.number(value, lengthOf(value));
        zeros = 0;
      }
      if (zeros === 0) return;
      if (!progressive) out.symbol(0);
      else if (++run === 0x7fff) flush();
    };
    const together = ids.length > 1;
    const [unitsAcross, unitsDown] = together ? [Math.ceil(width / 16), Math.ceil(height / 16)] : ids[0] === 1 ? [across, down] : [Math.ceil(width / 16), Math.ceil(height / 16)];
    for (let y = 0, unit = 0; y < unitsDown; y++) {
      for (let x = 0; x < unitsAcross; x++, unit++) {
        if (interval > 0 && unit > 0 && unit % interval === 0) {
          flush();
          out.mark(0xd0 + ((unit / interval - 1) & 7));
          before.fill(0);
        }
        if (!together) write(ids[0]!, ids[0] === 1 ? block(x, y) : none);
        else {
          for (const [h, v] of [[0, 0], [1, 0], [0, 1], [1, 1]] as const) write(1, block(Math.min(across - 1, x * 2 + h), Math.min(down - 1, y * 2 + v)));
          for (const id of ids.slice(1)) write(id, none);
        }
      }
    }
    flush();
  };
  const ids = parts.map(([id]) => id!);
  if (progressive) {
    scan(ids, [0, 0, 0, 1]);
    scan([1], [1, 5, 0, 1]);
    if (colour) for (const id of [2, 3]) scan([id], [1, 63, 0, 0]);
    scan([1], [6, 63, 0, 0]);
    scan(ids, [0, 0, 1, 0]);
  } else if (apart) for (const id of ids) scan([id], [0, 63, 0, 0]);
  else scan(ids, [0, 63, 0, 0]);
  out.mark(0xd9);
  return out.done;
}
