/**
 * A JPEG at a quarter of its width and height, for pictures that are too large to decode whole: of each block of 8 × 8 only
 * the four coarsest coefficients of brightness are kept (ITU-T T.81). Baseline, extended and progressive, Huffman, 8 bits.
 */
import { slice, u16be } from './bytes.ts';
import { Shrinker, type Gray } from './gray.ts';

/** Pixels kept of what was read: a code in a photo is small. */
const KEPT = 4_000_000;
/** Of codes up to so many bits the symbol is found in one step. */
const FAST = 9;
/** Coefficients 1, 2 and 4 in the order of the file are one wave across, one down, one both ways. */
const PLACE = Int8Array.of(0, 1, 2, -1, 3);
/** Mean of half a wave over half a block, times its norm. */
const [WAVE, BOTH] = [0.11327, 0.10263];
/** Bytes of nothing behind the end of a scan after which its rest is missing. */
const BEHIND = 8;

interface Huffman {
  /** Length << 8 | symbol, by the next bits; 0 for longer codes. */
  readonly fast: Uint16Array;
  /** By length: the first code that is too large, and what to add to a code to find its symbol. */
  readonly above: Int32Array;
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

interface Component {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  readonly quant: number;
  dc: Huffman | undefined;
  ac: Huffman | undefined;
  pred: number;
}

interface Frame {
  readonly progressive: boolean;
  readonly components: readonly Component[];
  /** Units of the interleaved scan. */
  readonly across: number;
  readonly down: number;
  /** Blocks of brightness in a row of `coarse`, and those that hold the picture. */
  readonly stride: number;
  readonly blocks: { readonly across: number; readonly down: number };
  readonly size: { readonly width: number; readonly height: number };
  /** Four coefficients a block. */
  readonly coarse: Int16Array;
}

class Broken extends Error {}

/**
 * Reads a JPEG of up to `pixels` pixels. Undefined where it is none of these kinds, or nothing of it can be read; what is cut
 * is read as far as it goes. `late` is asked at every row of blocks and ends the reading.
 */
export function readReduced(bytes: Uint8Array, pixels: number, late: () => boolean): Gray | undefined {
  const quants: (Uint16Array | undefined)[] = [];
  const tables: { readonly dc: (Huffman | undefined)[]; readonly ac: (Huffman | undefined)[] } = { dc: [], ac: [] };
  let [frame, interval, scans]: [Frame | undefined, number, number] = [undefined, 0, 0];
  try {
    for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 4 <= bytes.length && !late(); at = bytes.indexOf(0xff, at)) {
      const marker = bytes[at + 1]!;
      if (marker === 0xd9) break;
      // Data of a scan, and marks without a length.
      if (marker === 0xff || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) {
        at++;
        continue;
      }
      const body = slice(bytes, at + 4, at + 2 + u16be(bytes, at + 2));
      at += 2 + Math.max(2, u16be(bytes, at + 2));
      if (marker === 0xdb) readQuants(body, quants);
      else if (marker === 0xc4) readTables(body, tables);
      else if (marker === 0xdd) interval = u16be(body, 0);
      else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
        if (frame !== undefined) throw new Broken();
        frame = frameOf(body, marker === 0xc2, pixels);
      } else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) return undefined;
      else if (marker === 0xda) {
        if (frame === undefined) throw new Broken();
        if (readScan(bytes, at, body, frame, tables, interval, late)) scans++;
      }
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
  }
  const quant = frame === undefined ? undefined : quants[frame.components[0]!.quant];
  return frame === undefined || scans === 0 || quant === undefined ? undefined : drawn(frame, quant);
}

function readQuants(body: Uint8Array, quants: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < body.length; ) {
    const [wide, id] = [body[at]! >> 4, body[at]! & 15];
    quants[id & 3] = Uint16Array.from({ length: 5 }, (_, k) => (wide === 0 ? (body[at + 1 + k] ?? 0) : u16be(body, at + 1 + k * 2)));
    at += 1 + (wide === 0 ? 64 : 128);
  }
}

function readTables(body: Uint8Array, tables: { readonly dc: (Huffman | undefined)[]; readonly ac: (Huffman | undefined)[] }): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const counts = slice(body, at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    (body[at]! >> 4 === 0 ? tables.dc : tables.ac)[body[at]! & 3] = huffman(counts, slice(body, at + 17, at + 17 + total));
    at += 17 + total;
  }
}

function huffman(counts: Uint8Array, symbols: Uint8Array): Huffman {
  const [fast, above, offset] = [new Uint16Array(1 << FAST), new Int32Array(17).fill(-1), new Int32Array(17)];
  for (let length = 1, code = 0, n = 0; length <= 16; length++, code <<= 1) {
    offset[length] = n - code;
    for (let i = counts[length - 1]!; i > 0; i--, code++, n++) {
      if (n >= symbols.length || code >= 1 << length) throw new Broken();
      if (length <= FAST) fast.fill((length << 8) | symbols[n]!, code << (FAST - length), (code + 1) << (FAST - length));
    }
    above[length] = code;
  }
  return { fast, above, offset, symbols };
}

function frameOf(body: Uint8Array, progressive: boolean, pixels: number): Frame {
  const [height, width, count] = [u16be(body, 1), u16be(body, 3), body[5] ?? 0];
  const components = Array.from({ length: count }, (_, i): Component => {
    const [id = 0, factors = 0, quant = 0] = slice(body, 6 + i * 3, 9 + i * 3);
    return { id, h: factors >> 4, v: factors & 15, quant: quant & 3, dc: undefined, ac: undefined, pred: 0 };
  });
  const first = components[0];
  if (body[0] !== 8 || first === undefined || count > 4 || width * height === 0 || width * height > pixels || components.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) throw new Broken();
  const [hMax, vMax] = [Math.max(...components.map(({ h }) => h)), Math.max(...components.map(({ v }) => v))];
  const [across, down] = [Math.ceil(width / (8 * hMax)), Math.ceil(height / (8 * vMax))];
  const size = { width: Math.ceil((width * first.h) / hMax), height: Math.ceil((height * first.v) / vMax) };
  return { progressive, components, across, down, stride: across * first.h, blocks: { across: Math.ceil(size.width / 8), down: Math.ceil(size.height / 8) }, size, coarse: new Int16Array(across * first.h * down * first.v * 4) };
}

/** Reads one scan into the frame, where it holds anything that is kept. @returns whether it did */
function readScan(bytes: Uint8Array, start: number, body: Uint8Array, frame: Frame, tables: { readonly dc: readonly (Huffman | undefined)[]; readonly ac: readonly (Huffman | undefined)[] }, interval: number, late: () => boolean): boolean {
  const count = body[0] ?? 0;
  const [from, to, shifts] = [body[1 + count * 2] ?? 0, body[2 + count * 2] ?? 0, body[3 + count * 2] ?? 0];
  if (count < 1 || count > 4) throw new Broken();
  const parts = Array.from({ length: count }, (_, i) => {
    const part = frame.components.find(({ id }) => id === body[1 + i * 2]);
    if (part === undefined) throw new Broken();
    return Object.assign(part, { dc: tables.dc[(body[2 + i * 2]! >> 4) & 3], ac: tables.ac[body[2 + i * 2]! & 3], pred: 0 });
  });
  const luma = frame.components[0]!;
  const { progressive, coarse, stride } = frame;
  // What is left out: colours, fine waves, and later bits of coarse ones.
  if (!parts.includes(luma) || (progressive && (shifts >> 4 !== 0 || from > 4))) return false;
  const shift = progressive ? shifts & 15 : 0;
  const [withDc, last] = [!progressive || from === 0, progressive ? to : 63];
  if (last > 63 || (progressive && from > 0 && parts.length > 1)) throw new Broken();

  let [at, held, bits, behind, run] = [start, 0, 0, 0, 0];
  const fill = (): void => {
    while (bits <= 24) {
      let byte = 0;
      if (behind === 0 && at < bytes.length && (bytes[at] !== 0xff || bytes[at + 1] === 0)) {
        byte = bytes[at]!;
        at += byte === 0xff ? 2 : 1;
      } else if (++behind > BEHIND) throw new Broken();
      held = (held << 8) | byte;
      bits += 8;
    }
  };
  const symbol = (table: Huffman): number => {
    if (bits < 16) fill();
    const found = table.fast[(held >>> (bits - FAST)) & ((1 << FAST) - 1)]!;
    if (found !== 0) {
      bits -= found >> 8;
      return found & 255;
    }
    for (let length = FAST + 1; length <= 16; length++) {
      const code = (held >>> (bits - length)) & ((1 << length) - 1);
      if (code < table.above[length]!) {
        bits -= length;
        return table.symbols[code + table.offset[length]!] ?? 0;
      }
    }
    throw new Broken();
  };
  const number = (length: number): number => {
    if (length === 0) return 0;
    if (bits < length) fill();
    bits -= length;
    const value = (held >>> bits) & ((1 << length) - 1);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  };
  /** `place`: where its coefficients are kept, −1 for colours. */
  const block = (part: Component, place: number): void => {
    if (withDc) {
      if (part.dc === undefined) throw new Broken();
      part.pred += number(symbol(part.dc) & 15);
      if (place >= 0) coarse[place] = part.pred << shift;
      if (progressive) return;
    }
    if (run > 0) {
      run--;
      return;
    }
    const table = part.ac;
    if (table === undefined) throw new Broken();
    for (let k = withDc ? 1 : from; k <= last; k++) {
      const found = symbol(table);
      const [zeros, length] = [found >> 4, found & 15];
      if (length === 0) {
        if (zeros < 15) {
          if (progressive && zeros > 0) {
            if (bits < zeros) fill();
            bits -= zeros;
            run = (1 << zeros) - 1 + ((held >>> bits) & ((1 << zeros) - 1));
          }
          return;
        }
        k += 15;
        continue;
      }
      k += zeros;
      if (k <= 4 && place >= 0 && PLACE[k]! > 0) coarse[place + PLACE[k]!] = number(length) << shift;
      else {
        if (bits < length) fill();
        bits -= length;
      }
    }
  };
  /** At the end of an interval: behind the marker of a restart, or not where there is none. */
  const restart = (): void => {
    [held, bits, behind, run] = [0, 0, 0, 0];
    for (const part of parts) part.pred = 0;
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1]! !== 0 && bytes[at + 1]! !== 0xff)) at++;
    if (!(bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7)) throw new Broken();
    at += 2;
  };

  const alone = parts.length === 1;
  const [across, down] = alone ? [frame.blocks.across, frame.blocks.down] : [frame.across, frame.down];
  let read = false;
  try {
    for (let y = 0, unit = 0; y < down && !late(); y++) {
      for (let x = 0; x < across; x++, unit++) {
        if (interval > 0 && unit > 0 && unit % interval === 0) restart();
        if (alone) block(luma, (y * stride + x) * 4);
        else {
          for (const part of parts) {
            for (let v = 0; v < part.v; v++) for (let h = 0; h < part.h; h++) block(part, part === luma ? ((y * part.v + v) * stride + x * part.h + h) * 4 : -1);
          }
        }
      }
      read ||= withDc;
    }
  } catch (error) {
    // What came before stands.
    if (!(error instanceof Broken)) throw error;
  }
  return read;
}

/** Two by two pixels of each block. */
function drawn({ coarse, stride, size }: Frame, quant: Uint16Array): Gray {
  const [width, height] = [Math.ceil(size.width / 4), Math.ceil(size.height / 4)];
  const shrinker = new Shrinker(width, height, KEPT);
  const line = new Uint8Array(stride * 2);
  const clamped = new Uint8ClampedArray(line.buffer);
  const [q0, q1, q2, q3] = [quant[0]! / 8, quant[1]! * WAVE, quant[2]! * WAVE, quant[4]! * BOTH];
  for (let y = 0; y < height; y++) {
    const lower = y & 1 ? -1 : 1;
    for (let x = 0, at = (y >> 1) * stride * 4; x < stride; x++, at += 4) {
      const middle = 128 + coarse[at]! * q0 + lower * coarse[at + 2]! * q2;
      const side = coarse[at + 1]! * q1 + lower * coarse[at + 3]! * q3;
      clamped[x * 2] = middle + side;
      clamped[x * 2 + 1] = middle - side;
    }
    shrinker.push(line);
  }
  return shrinker.gray;
}
