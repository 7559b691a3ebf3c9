import { Unzlib } from 'fflate';
import { PNG } from 'pngjs';
import { latin1, slice, u32be, buffer } from './bytes.ts';
import { luma, Shrinker } from './gray.ts';
import type { Gray } from './gray.ts';
import { unpack } from './inflate.ts';
import type { Budget } from './budget.ts';

export interface RowFormat {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** Samples of one pixel: 1 gray or palette, 2 gray with alpha, 3 colour, 4 colour with alpha (or CMYK, see `cmyk`). */
  readonly samples: number;
  /** Brightness of each palette entry. */
  readonly palette?: Uint8Array;
  readonly cmyk?: boolean;
  /** 0 is white. */
  readonly inverted?: boolean;
}

/** Interlaced pictures are read whole by the library, so only small ones are. */
const INTERLACED_PIXELS = 8_000_000;

/** Width and height by the header, or undefined when it is none. Source: PNG (W3C, third edition), 11.2.1. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (latin1(bytes, 12, 16) !== 'IHDR') return undefined;
  return { width: u32be(bytes, 16), height: u32be(bytes, 20) };
}

/** Decodes row by row, so that a large picture costs one row and what is kept of it. undefined when it is broken from the start. */
export function readPng(bytes: Uint8Array, budget: Budget): Gray | undefined {
  const size = pngSize(bytes);
  const depth = bytes[24] ?? 0;
  const colour = bytes[25] ?? 0;
  if (size === undefined) return undefined;
  if (bytes[28] === 1) return readInterlaced(bytes, size.width * size.height, budget);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour];
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth)) return undefined;
  let palette: Uint8Array | undefined;
  const data: Uint8Array[] = [];
  for (let at = 8, n = 0; at + 8 <= bytes.length && n < 100_000; n++) {
    const length = u32be(bytes, at);
    const type = latin1(bytes, at + 4, at + 8);
    const body = slice(bytes, at + 8, at + 8 + length);
    if (type === 'PLTE') palette = paletteLuma(body);
    if (type === 'IDAT') data.push(body);
    if (type === 'IEND') break;
    at += 12 + length;
  }
  const format: RowFormat = { ...size, depth, samples, ...(colour === 3 ? { palette: palette ?? new Uint8Array(256) } : {}) };
  const rows = new FilteredRows(format, true);
  let stopped = false;
  const stream = new Unzlib((chunk) => {
    budget.spend(chunk.length);
    if (!rows.push(chunk) || budget.room <= 0 || budget.late) stopped = true;
  });
  try {
    // A small piece of input gives at most about a thousand times its size: what is in memory at once stays small.
    for (const part of data) for (let at = 0; at < part.length && !stopped; at += 8_192) stream.push(slice(part, at, at + 8_192));
  } catch {
    // A stream that breaks off gives the rows before it.
  }
  return rows.any ? rows.gray : undefined;
}

export function paletteLuma(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array(256);
  for (let i = 0; i * 3 + 2 < rgb.length && i < 256; i++) out[i] = luma(rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!);
  return out;
}

function readInterlaced(bytes: Uint8Array, pixels: number, budget: Budget): Gray | undefined {
  if (pixels > INTERLACED_PIXELS || pixels * 8 > budget.room) return undefined;
  budget.spend(pixels * 4);
  try {
    const { width, height, data } = PNG.sync.read(buffer(bytes));
    const shrinker = new Shrinker(width, height);
    const row = new Uint8Array(width);
    for (let y = 0; y < height; y++) {
      for (let x = 0, at = y * width * 4; x < width; x++, at += 4) row[x] = overWhite(luma(data[at]!, data[at + 1]!, data[at + 2]!), data[at + 3]!);
      shrinker.push(row);
    }
    return shrinker.gray;
  } catch {
    return undefined;
  }
}

/** A mail program shows a picture on white. */
function overWhite(shade: number, alpha: number): number {
  return alpha === 255 ? shade : Math.round((shade * alpha + 255 * (255 - alpha)) / 255);
}

/** Takes bytes of rows as they come, undoes PNG's filters (9.2) and passes brightness on. Also used for PDF, with and without filters. */
export class FilteredRows {
  readonly #format: RowFormat;
  readonly #filtered: boolean;
  readonly #stride: number;
  readonly #pixel: number;
  readonly #shrinker: Shrinker;
  readonly #line: Uint8Array;
  #row: Uint8Array;
  #before: Uint8Array;
  #filled = 0;
  #rows = 0;

  constructor(format: RowFormat, filtered: boolean) {
    this.#format = format;
    this.#filtered = filtered;
    this.#stride = Math.ceil((format.width * format.samples * format.depth) / 8);
    this.#pixel = Math.max(1, (format.samples * format.depth) >> 3);
    this.#shrinker = new Shrinker(format.width, format.height);
    this.#line = new Uint8Array(format.width);
    this.#row = new Uint8Array(this.#stride + (filtered ? 1 : 0));
    this.#before = new Uint8Array(this.#row.length);
  }

  get any(): boolean {
    return this.#rows > 0;
  }

  get gray(): Gray {
    return this.#shrinker.gray;
  }

  /** False when all rows are there. */
  push(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length && this.#rows < this.#format.height;) {
      const take = Math.min(this.#row.length - this.#filled, chunk.length - at);
      this.#row.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled === this.#row.length) this.#finish();
    }
    return this.#rows < this.#format.height;
  }

  #finish(): void {
    if (this.#filtered) this.#unfilter(this.#row[0]!);
    const samples = this.#filtered ? this.#row.subarray(1) : this.#row;
    this.#brightness(samples);
    this.#shrinker.push(this.#line);
    [this.#row, this.#before] = [this.#before, this.#row];
    this.#filled = 0;
    this.#rows++;
  }

  #unfilter(kind: number): void {
    const row = this.#row;
    const before = this.#before;
    const back = this.#pixel;
    if (kind === 0 || kind > 4) return;
    for (let i = 1; i < row.length; i++) {
      const left = i > back ? row[i - back]! : 0;
      const up = before[i]!;
      const corner = i > back ? before[i - back]! : 0;
      row[i] = row[i]! + (kind === 1 ? left : kind === 2 ? up : kind === 3 ? (left + up) >> 1 : paeth(left, up, corner));
    }
  }

  #brightness(row: Uint8Array): void {
    const { width, depth, samples, palette, cmyk, inverted } = this.#format;
    const line = this.#line;
    if (depth < 8) {
      const mask = (1 << depth) - 1;
      const scale = 255 / mask;
      for (let x = 0; x < width; x++) {
        const bit = x * depth;
        const value = (row[bit >> 3]! >> (8 - depth - (bit & 7))) & mask;
        line[x] = palette?.[value] ?? value * scale;
      }
    } else {
      const bytes = depth >> 3;
      for (let x = 0, at = 0; x < width; x++, at += samples * bytes) {
        const first = row[at]!;
        if (palette !== undefined) line[x] = palette[first]!;
        else if (samples === 1) line[x] = first;
        else if (samples === 2) line[x] = overWhite(first, row[at + bytes]!);
        else {
          const shade = luma(first, row[at + bytes]!, row[at + bytes * 2]!);
          line[x] = samples === 3 ? shade : cmyk === true ? Math.max(0, 255 - shade - row[at + bytes * 3]!) : overWhite(shade, row[at + bytes * 3]!);
        }
      }
    }
    if (inverted === true) for (let x = 0; x < width; x++) line[x] = 255 - line[x]!;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const a = Math.abs(estimate - left);
  const b = Math.abs(estimate - up);
  const c = Math.abs(estimate - corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Rows that stand in a deflate stream without a PNG around them, as in PDF. */
export function readRows(packed: Uint8Array, format: RowFormat, filtered: boolean, budget: Budget): Gray | undefined {
  const stride = Math.ceil((format.width * format.samples * format.depth) / 8) + (filtered ? 1 : 0);
  const out = unpack('zlib', packed, budget, Math.max(1, stride * format.height + 16));
  if (out.kind !== 'ok') return undefined;
  const rows = new FilteredRows(format, filtered);
  rows.push(out.bytes);
  return rows.any ? rows.gray : undefined;
}
