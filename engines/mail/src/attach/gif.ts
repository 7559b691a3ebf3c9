import { slice, u16 } from './bytes.ts';
import { Shrinker } from './gray.ts';
import type { Gray } from './gray.ts';
import { paletteLuma } from './png.ts';

/** Width and height of the canvas. Source: GIF89a specification, section 18. */
export function gifSize(bytes: Uint8Array): { width: number; height: number } {
  return { width: u16(bytes, 6), height: u16(bytes, 8) };
}

/** The first frame, at its own size. undefined when there is none. At most `pixels` of them. */
export function readGif(bytes: Uint8Array, pixels: number): Gray | undefined {
  const flags = bytes[10] ?? 0;
  const globalSize = (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
  let palette = paletteLuma(slice(bytes, 13, 13 + globalSize));
  let at = 13 + globalSize;
  for (let n = 0; n < 10_000 && at < bytes.length; n++) {
    const block = bytes[at];
    if (block === 0x21) {
      at = skipBlocks(bytes, at + 2);
      continue;
    }
    if (block !== 0x2c) return undefined;
    const width = u16(bytes, at + 5);
    const height = u16(bytes, at + 7);
    const local = bytes[at + 9] ?? 0;
    if (width * height === 0 || width * height > pixels) return undefined;
    at += 10;
    if ((local & 0x80) !== 0) {
      const size = 3 << ((local & 7) + 1);
      palette = paletteLuma(slice(bytes, at, at + size));
      at += size;
    }
    return frame(bytes, at, width, height, palette, (local & 0x40) !== 0);
  }
  return undefined;
}

function skipBlocks(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1;
  return at + 1;
}

function frame(bytes: Uint8Array, at: number, width: number, height: number, palette: Uint8Array, interlaced: boolean): Gray {
  const indices = new Uint8Array(width * height);
  lzw(bytes, at, indices);
  const order = interlaced ? interlacedRows(height) : undefined;
  const place = new Uint32Array(height);
  if (order !== undefined) order.forEach((y, i) => { place[y] = i; });
  const shrinker = new Shrinker(width, height);
  const line = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const from = (order === undefined ? y : place[y]!) * width;
    for (let x = 0; x < width; x++) line[x] = palette[indices[from + x]!]!;
    shrinker.push(line);
  }
  return shrinker.gray;
}

function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [start, step] of [[0, 8], [4, 8], [2, 4], [1, 2]] as const) for (let y = start; y < height; y += step) rows.push(y);
  return rows;
}

/** Appendix F of GIF89a. Fills `out` as far as the codes go. */
function lzw(bytes: Uint8Array, at: number, out: Uint8Array): void {
  const minimum = Math.min(11, Math.max(2, bytes[at] ?? 2));
  const clear = 1 << minimum;
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const stack = new Uint8Array(4097);
  for (let i = 0; i < clear; i++) suffix[i] = i;
  let size = minimum + 1;
  let next = clear + 2;
  let previous = -1;
  let first = 0;
  let bits = 0;
  let held = 0;
  let filled = 0;
  at++;
  let left = bytes[at++] ?? 0;
  while (filled < out.length) {
    while (held < size) {
      if (left === 0) {
        left = bytes[at++] ?? 0;
        if (left === 0) return;
      }
      bits |= (bytes[at++] ?? 0) << held;
      held += 8;
      left--;
    }
    let code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    if (code === clear) {
      size = minimum + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && previous < 0)) return;
    const current = code;
    let depth = 0;
    if (code === next) {
      stack[depth++] = first;
      code = previous;
    }
    while (code >= clear && depth < 4096) {
      stack[depth++] = suffix[code]!;
      code = prefix[code]!;
    }
    first = suffix[code]!;
    stack[depth++] = first;
    while (depth > 0 && filled < out.length) out[filled++] = stack[--depth]!;
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next++] = first;
      if (next === 1 << size && size < 12) size++;
    }
    previous = current;
  }
}
