import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { crc32, deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

/** Brightness a pixel, 0 black. */
export interface Drawing { readonly width: number; readonly height: number; readonly data: Uint8Array }

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm'));
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer } });

/** The modules of a code, without a border: 0 dark. */
export async function modules(text: string): Promise<Drawing> {
  const { symbol } = await writeBarcode(text, { format: 'QRCode' });
  return { width: symbol.width, height: symbol.height, data: Uint8Array.from(symbol.data) };
}

export async function qr(text: string, scale = 4, border = 4): Promise<Drawing> {
  const code = await modules(text);
  const width = (code.width + border * 2) * scale;
  return draw(width, width, (x, y) => {
    const [column, row] = [Math.floor(x / scale) - border, Math.floor(y / scale) - border];
    return column < 0 || row < 0 || column >= code.width || row >= code.height ? 255 : code.data[row * code.width + column]!;
  });
}

export function draw(width: number, height: number, shade: (x: number, y: number) => number): Drawing {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = shade(x, y);
  return { width, height, data };
}

export const inverted = ({ width, height, data }: Drawing): Drawing => ({ width, height, data: data.map((shade) => 255 - shade) });

/** Pictures side by side on white. */
export function beside(...drawings: readonly Drawing[]): Drawing {
  const height = Math.max(...drawings.map((drawing) => drawing.height));
  const width = drawings.reduce((sum, drawing) => sum + drawing.width, 0);
  const out = new Uint8Array(width * height).fill(255);
  let left = 0;
  for (const drawing of drawings) {
    for (let y = 0; y < drawing.height; y++) out.set(drawing.data.subarray(y * drawing.width, (y + 1) * drawing.width), y * width + left);
    left += drawing.width;
  }
  return { width, height, data: out };
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function header(width: number, height: number, depth: number, colour: number): Buffer {
  const out = Buffer.alloc(13);
  out.writeUInt32BE(width, 0);
  out.writeUInt32BE(height, 4);
  out.set([depth, colour, 0, 0, 0], 8);
  return chunk('IHDR', out);
}

const SIGN = Buffer.from('89504e470d0a1a0a', 'hex');

/** `kind`: one byte of gray, colour with alpha, one bit from a palette; `filter`: PNG's filter for each row. */
export function png({ width, height, data }: Drawing, kind: 'gray' | 'rgba' | 'palette' = 'gray', filter: 0 | 1 | 2 | 3 | 4 = 0): Buffer {
  const samples = kind === 'rgba' ? 4 : 1;
  const stride = kind === 'palette' ? Math.ceil(width / 8) : width * samples;
  const rows = Buffer.alloc((stride + 1) * height);
  let before = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = new Uint8Array(stride);
    for (let x = 0; x < width; x++) {
      const shade = data[y * width + x]!;
      if (kind === 'palette') row[x >> 3]! |= shade > 127 ? 0 : 0x80 >> (x & 7);
      else if (kind === 'gray') row[x] = shade;
      // Half of the dark pixels of a transparent picture are transparent white's opposite: black ink on nothing.
      else row.set([0, 0, 0, 255 - shade], x * 4);
    }
    rows[y * (stride + 1)] = filter;
    for (let i = 0; i < stride; i++) {
      const left = row[i - samples] ?? 0;
      const up = before[i]!;
      const corner = before[i - samples] ?? 0;
      const estimate = left + up - corner;
      const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
      const predicted = [0, left, up, (left + up) >> 1, a <= b && a <= c ? left : b <= c ? up : corner][filter]!;
      rows[y * (stride + 1) + 1 + i] = row[i]! - predicted;
    }
    before = row;
  }
  const palette = kind === 'palette' ? [chunk('PLTE', Buffer.from([255, 255, 255, 0, 0, 64]))] : [];
  return Buffer.concat([SIGN, header(width, height, kind === 'palette' ? 1 : 8, { gray: 0, rgba: 6, palette: 3 }[kind]), ...palette, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A header that promises a picture of any size, and data that begins it. */
export function hugePng(width: number, height: number): Buffer {
  return Buffer.concat([SIGN, header(width, height, 8, 6), chunk('IDAT', deflateSync(Buffer.alloc(4_000_000))), chunk('IEND', Buffer.alloc(0))]);
}

export function jpg({ width, height, data }: Drawing, quality = 80): Buffer {
  const rgba = Buffer.alloc(width * height * 4, 255);
  data.forEach((shade, i) => rgba.set([shade, shade, shade], i * 4));
  return Buffer.from(jpeg.encode({ width, height, data: rgba }, quality).data);
}

/** GIF89a of two colours, its codes never compressed: a clear code before the table grows. */
export function gif({ width, height, data }: Drawing): Buffer {
  const head = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([width & 255, width >> 8, height & 255, height >> 8, 0x80, 0, 0, 255, 255, 255, 0, 0, 0]), Buffer.from([0x2c, 0, 0, 0, 0, width & 255, width >> 8, height & 255, height >> 8, 0, 2])]);
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  const put = (code: number): void => {
    bits |= code << held;
    held += 3;
    while (held >= 8) {
      bytes.push(bits & 255);
      bits >>= 8;
      held -= 8;
    }
  };
  data.forEach((shade, i) => {
    if (i % 2 === 0) put(4);
    put(shade > 127 ? 0 : 1);
  });
  put(5);
  bytes.push(bits & 255);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 255) blocks.push(Buffer.from([Math.min(255, bytes.length - at), ...bytes.slice(at, at + 255)]));
  return Buffer.concat([head, ...blocks, Buffer.from([0, 0x3b])]);
}

/** A code drawn with half blocks, as terminals and mails show it; dark modules are ink. */
export async function blocks(text: string, style: 'half' | 'double' | 'square' = 'half'): Promise<string> {
  const code = await modules(text);
  const dark = (x: number, y: number): boolean => y < code.height && code.data[y * code.width + x] === 0;
  const lines: string[] = [];
  if (style === 'half') for (let y = 0; y < code.height; y += 2) lines.push(Array.from({ length: code.width }, (_, x) => (dark(x, y) ? (dark(x, y + 1) ? '█' : '▀') : dark(x, y + 1) ? '▄' : ' ')).join(''));
  else for (let y = 0; y < code.height; y++) lines.push(Array.from({ length: code.width }, (_, x) => (style === 'double' ? (dark(x, y) ? '██' : '  ') : dark(x, y) ? '■' : '□')).join(''));
  return lines.map((line) => line.trimEnd()).join('\n');
}
