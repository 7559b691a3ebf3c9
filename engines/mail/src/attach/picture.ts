import jpeg from 'jpeg-js';
import { buffer, latin1, u16be, u32, u16, slice } from './bytes.ts';
import { gifSize, readGif } from './gif.ts';
import { luma, Shrinker } from './gray.ts';
import type { Gray } from './gray.ts';
import { readReduced } from './jpeg-reduced.ts';
import { pngSize, readPng } from './png.ts';
import type { Probe } from './probe.ts';
import { readCodes } from './qr.ts';
import { sniff } from './sniff.ts';

/** A code has at least 21 modules a side (11 in a micro code, which phones do not read). */
const SMALLEST = 21;
/** The JPEG decoder holds every coefficient; measured, it takes about 12 bytes a pixel. Larger ones are read at a quarter of their size. */
const JPEG_PIXELS = 16_000_000;
const JPEG_LARGEST = 128_000_000;
/** So much less that costs. */
const REDUCED = 8;
/** Photos and logos under this many pixels a side hold no code that a phone would read off a screen. */
const JPEG_SMALLEST = 100;
/** A picture in many passes costs a pass each; cameras and programs write at most about ten. */
const JPEG_SCANS = 24;

/** Looks for codes in a picture. The size is read from the header and paid for before anything is decoded. */
export async function judgePicture(bytes: Uint8Array, probe: Probe): Promise<void> {
  const type = sniff(bytes);
  const size = pictureSize(type, bytes);
  if (size === undefined || Math.min(size.width, size.height) < SMALLEST) return;
  const whole = size.width * size.height;
  const reduced = type === 'jpg' && whole > JPEG_PIXELS;
  const pixels = reduced ? Math.ceil(whole / REDUCED) : whole;
  if (type === 'jpg' && (whole > JPEG_LARGEST || scans(bytes) > JPEG_SCANS)) return probe.trouble('image_too_large');
  if (type === 'jpg' && Math.min(size.width, size.height) < JPEG_SMALLEST) return;
  if (type === 'jpg' && !probe.budget.photo(pixels)) return probe.trouble('picture_not_read');
  if (!probe.budget.picture(pixels)) return probe.trouble('image_too_large');
  if (probe.late()) return;
  const gray = reduced ? readReduced(bytes, JPEG_LARGEST, () => probe.budget.late) : decode(type, bytes, pixels, probe);
  if (reduced && probe.late()) return;
  if (gray === undefined) return probe.trouble('attachment_unreadable');
  await judgeGray(gray, probe);
}

/** Codes of a decoded picture: addresses become links, anything else text for the judge. */
export async function judgeGray(gray: Gray, probe: Probe): Promise<void> {
  for (const text of await readCodes(gray)) {
    probe.flag('qr');
    const before = probe.links.length;
    probe.link(text.trim(), 'qr');
    if (probe.links.length === before && !probe.links.some(({ from, url }) => from === 'qr' && text.includes(url))) probe.read(text);
  }
}

function pictureSize(type: string, bytes: Uint8Array): { width: number; height: number } | undefined {
  if (type === 'png') return pngSize(bytes);
  if (type === 'gif') return gifSize(bytes);
  if (type === 'jpg') return jpegSize(bytes);
  if (type === 'bmp') return { width: u32(bytes, 18), height: Math.abs(u32(bytes, 22) | 0) };
  return undefined;
}

function decode(type: string, bytes: Uint8Array, pixels: number, probe: Probe): Gray | undefined {
  if (type === 'png') return readPng(bytes, probe.budget);
  if (type === 'gif') return readGif(bytes, pixels);
  if (type === 'bmp') return readBmp(bytes);
  try {
    const { width, height, data } = jpeg.decode(buffer(bytes), { useTArray: true, formatAsRGBA: false, tolerantDecoding: true, maxResolutionInMP: 17, maxMemoryUsageInMB: 256 });
    const shrinker = new Shrinker(width, height);
    const line = new Uint8Array(width);
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at += 3) line[x] = luma(data[at]!, data[at + 1]!, data[at + 2]!);
      shrinker.push(line);
    }
    return shrinker.gray;
  } catch {
    return undefined;
  }
}

/** Size by the first frame header (ITU-T T.81, B.2.2). */
function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  for (let at = 2, n = 0; at + 9 < bytes.length && n < 10_000; n++) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker === 0xff || marker === 0xd8 || marker === 0x01 || marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) return { height: u16be(bytes, at + 5), width: u16be(bytes, at + 7) };
    if (marker === 0xda) return undefined;
    at += 2 + u16be(bytes, at + 2);
  }
  return undefined;
}

function scans(bytes: Uint8Array): number {
  const whole = buffer(bytes);
  let count = 0;
  for (let at = whole.indexOf('\u00ff\u00da', 0, 'latin1'); at >= 0 && count <= JPEG_SCANS; at = whole.indexOf('\u00ff\u00da', at + 2, 'latin1')) count++;
  return count;
}

/** Uncompressed bitmaps of 1, 8, 24 and 32 bits. */
function readBmp(bytes: Uint8Array): Gray | undefined {
  const width = u32(bytes, 18);
  const signed = u32(bytes, 22) | 0;
  const height = Math.abs(signed);
  const bits = u16(bytes, 28);
  if (latin1(bytes, 0, 2) !== 'BM' || (u32(bytes, 30) !== 0 && u32(bytes, 30) !== 3) || ![1, 8, 24, 32].includes(bits)) return undefined;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = u32(bytes, 10);
  if (stride * height > bytes.length) return undefined;
  const palette = slice(bytes, 14 + u32(bytes, 14), start);
  const shade = (i: number): number => luma(palette[i * 4 + 2] ?? 0, palette[i * 4 + 1] ?? 0, palette[i * 4] ?? 0);
  const shrinker = new Shrinker(width, height);
  const line = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const row = start + (signed < 0 ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      if (bits === 1) line[x] = shade(((bytes[row + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1);
      else if (bits === 8) line[x] = shade(bytes[row + x] ?? 0);
      else line[x] = luma(bytes[row + (x * bits) / 8 + 2] ?? 0, bytes[row + (x * bits) / 8 + 1] ?? 0, bytes[row + (x * bits) / 8] ?? 0);
    }
    shrinker.push(line);
  }
  return shrinker.gray;
}
