import { crc32 } from 'node:zlib';
import { slice, u32, u64, utf16 } from './bytes.ts';
import type { Unpacked } from './inflate.ts';
import type { Budget } from './budget.ts';
import { decodeLzma, decodeLzma2 } from './lzma.ts';
import type { Archive, Entry } from './zip.ts';

/** A header beyond this is no list of file names. Seven-zip itself writes about 60 bytes a name. */
const MAX_HEADER = 2 * 1024 * 1024;
const MAX_ITEMS = 20_000;
/** This decoder gives about 5 MB/s; contents that are larger are judged by their names. */
const MAX_FOLDER = 4 * 1024 * 1024;

interface Coder { readonly id: string; readonly properties: Uint8Array; readonly ins: number; readonly outs: number }
interface Folder { readonly coders: readonly Coder[]; unpackSizes: number[]; readonly outs: number; readonly packed: number; streams: number; sizes: number[]; digest: boolean }
interface Streams { position: number; packSizes: number[]; folders: Folder[] }

class Malformed extends Error {}

/** Reads numbers and bytes in order; whatever lies outside ends the reading by Malformed, caught in this file. */
class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new Malformed();
    return this.bytes[this.at++]!;
  }

  /** 7z's number: the first byte's leading ones say how many bytes follow. */
  number(): number {
    const first = this.byte();
    let value = 0;
    let mask = 0x80;
    for (let i = 0; i < 8; i++, mask >>= 1) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 256 ** i;
      value += this.byte() * 256 ** i;
    }
    return value;
  }

  count(): number {
    const value = this.number();
    if (value > MAX_ITEMS) throw new Malformed();
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new Malformed();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  bits(count: number): boolean[] {
    const out: boolean[] = [];
    for (let i = 0, byte = 0; i < count; i++) {
      if (i % 8 === 0) byte = this.byte();
      out.push((byte & (0x80 >> i % 8)) !== 0);
    }
    return out;
  }

  defined(count: number): boolean[] {
    return this.byte() === 0 ? this.bits(count) : new Array<boolean>(count).fill(true);
  }
}

/**
 * Names of a 7z archive, and whether it is locked. Its header is itself compressed by LZMA and may be encrypted: then
 * the names are hidden. Source: 7zFormat.txt of the LZMA SDK 24.
 */
export function readSevenZip(bytes: Uint8Array): Archive {
  const broken: Archive = { entries: [], namesHidden: false, broken: true };
  const size = u64(bytes, 20);
  const from = 32 + u64(bytes, 12);
  let header = slice(bytes, from, from + Math.min(size, MAX_HEADER));
  // A header that ends early or does not fit its checksum is damaged or a lie; nothing of it is believed.
  if (size > MAX_HEADER || header.length !== size || crc32(header) !== u32(bytes, 28)) return broken;
  try {
    for (let layer = 0; layer < 3 && header[0] === 0x17; layer++) {
      const cursor = new Cursor(header);
      cursor.at = 1;
      const streams = readStreams(cursor);
      const folder = streams.folders[0];
      if (folder === undefined) return broken;
      if (isLocked(folder)) return { entries: [], namesHidden: true, broken: false };
      const next = decodeFolder(bytes, streams, 0, MAX_HEADER);
      if (next === undefined) return broken;
      header = next;
    }
    if (header[0] !== 0x01) return header.length === 0 ? { ...broken, broken: false } : broken;
    return { entries: readHeader(new Cursor(header), bytes), namesHidden: false, broken: false };
  } catch (error) {
    if (error instanceof Malformed) return broken;
    throw error;
  }
}

/** 06F10701 is AES-256 with SHA-256. */
function isLocked(folder: Folder): boolean {
  return folder.coders.some(({ id }) => id.startsWith('06f107'));
}

function readStreams(cursor: Cursor): Streams {
  const streams: Streams = { position: 0, packSizes: [], folders: [] };
  for (let id = cursor.byte(); id !== 0; id = cursor.byte()) {
    if (id === 0x06) readPackInfo(cursor, streams);
    else if (id === 0x07) readUnpackInfo(cursor, streams);
    else if (id === 0x08) readSubStreams(cursor, streams);
    else throw new Malformed();
  }
  return streams;
}

function readPackInfo(cursor: Cursor, streams: Streams): void {
  streams.position = 32 + cursor.number();
  const count = cursor.count();
  for (let id = cursor.byte(); id !== 0; id = cursor.byte()) {
    if (id === 0x09) for (let i = 0; i < count; i++) streams.packSizes.push(cursor.number());
    else if (id === 0x0a) skipDigests(cursor, count);
    else throw new Malformed();
  }
}

function skipDigests(cursor: Cursor, count: number): void {
  cursor.take(cursor.defined(count).filter(Boolean).length * 4);
}

function readUnpackInfo(cursor: Cursor, streams: Streams): void {
  if (cursor.byte() !== 0x0b) throw new Malformed();
  const count = cursor.count();
  if (cursor.byte() !== 0) throw new Malformed();
  for (let i = 0; i < count; i++) streams.folders.push(readFolder(cursor));
  for (let id = cursor.byte(); id !== 0; id = cursor.byte()) {
    if (id === 0x0c) for (const folder of streams.folders) folder.unpackSizes = Array.from({ length: folder.outs }, () => cursor.number());
    else if (id === 0x0a) {
      const defined = cursor.defined(count);
      cursor.take(defined.filter(Boolean).length * 4);
      streams.folders.forEach((folder, i) => { folder.digest = defined[i] === true; });
    } else throw new Malformed();
  }
  for (const folder of streams.folders) folder.sizes = [folder.unpackSizes.at(-1) ?? 0];
}

function readFolder(cursor: Cursor): Folder {
  const count = cursor.number();
  if (count < 1 || count > 16) throw new Malformed();
  const coders: Coder[] = [];
  for (let i = 0; i < count; i++) {
    const flags = cursor.byte();
    const id = Buffer.from(cursor.take(flags & 15)).toString('hex');
    const ins = (flags & 0x10) === 0 ? 1 : cursor.number();
    const outs = (flags & 0x10) === 0 ? 1 : cursor.number();
    if (ins > 16 || outs > 16) throw new Malformed();
    coders.push({ id, ins, outs, properties: (flags & 0x20) === 0 ? new Uint8Array(0) : cursor.take(cursor.number()) });
  }
  const ins = coders.reduce((sum, coder) => sum + coder.ins, 0);
  const outs = coders.reduce((sum, coder) => sum + coder.outs, 0);
  for (let i = 0; i < outs - 1; i++) {
    cursor.number();
    cursor.number();
  }
  const packed = Math.max(0, ins - (outs - 1));
  if (packed > 1) for (let i = 0; i < packed; i++) cursor.number();
  return { coders, outs, packed, unpackSizes: [], streams: 1, sizes: [], digest: false };
}

function readSubStreams(cursor: Cursor, streams: Streams): void {
  let id = cursor.byte();
  if (id === 0x0d) {
    for (const folder of streams.folders) folder.streams = cursor.count();
    id = cursor.byte();
  }
  for (const folder of streams.folders) {
    const whole = folder.unpackSizes.at(-1) ?? 0;
    const sizes: number[] = [];
    let left = whole;
    for (let i = 0; i < folder.streams - 1 && id === 0x09; i++) {
      const size = cursor.number();
      sizes.push(size);
      left -= size;
    }
    if (folder.streams > 0) sizes.push(left);
    folder.sizes = sizes;
  }
  if (id === 0x09) id = cursor.byte();
  // A folder of one stream that has its digest already has no second one.
  const digests = streams.folders.reduce((sum, folder) => sum + (folder.streams === 1 && folder.digest ? 0 : folder.streams), 0);
  for (; id !== 0; id = cursor.byte()) {
    if (id !== 0x0a) throw new Malformed();
    skipDigests(cursor, digests);
  }
}

function readHeader(cursor: Cursor, bytes: Uint8Array): Entry[] {
  cursor.at = 1;
  let streams: Streams = { position: 0, packSizes: [], folders: [] };
  let names: string[] = [];
  let empty: boolean[] = [];
  for (let id = cursor.byte(); id !== 0; id = cursor.byte()) {
    if (id === 0x02) for (let property = cursor.byte(); property !== 0; property = cursor.byte()) cursor.take(cursor.number());
    else if (id === 0x03) readStreams(cursor);
    else if (id === 0x04) streams = readStreams(cursor);
    else if (id === 0x05) ({ names, empty } = readFiles(cursor));
    else throw new Malformed();
  }
  const places: { index: number; size: number; from: number; locked: boolean }[] = [];
  streams.folders.forEach((folder, index) => {
    let from = 0;
    for (const size of folder.sizes) {
      if (places.length < MAX_ITEMS) places.push({ index, size, from, locked: isLocked(folder) });
      from += size;
    }
  });
  const cache = new Map<number, Uint8Array | undefined>();
  let stream = 0;
  return names.map((name, i): Entry => {
    const place = empty[i] === true ? undefined : places[stream++];
    if (place === undefined) return { name, folder: empty[i] === true && !/\.[a-z0-9]{1,5}$/i.test(name), encrypted: false };
    if (place.locked || (streams.folders[place.index]!.unpackSizes.at(-1) ?? 0) > MAX_FOLDER) return { name, folder: false, encrypted: place.locked };
    return { name, folder: false, encrypted: false, read: (budget) => content(bytes, streams, place, cache, budget) };
  });
}

function readFiles(cursor: Cursor): { names: string[]; empty: boolean[] } {
  const count = cursor.count();
  const names: string[] = [];
  let empty: boolean[] = [];
  for (let id = cursor.byte(); id !== 0; id = cursor.byte()) {
    const size = cursor.number();
    const property = new Cursor(cursor.take(size));
    if (id === 0x0e) empty = property.bits(count);
    if (id !== 0x11 || property.byte() !== 0) continue;
    for (let at = 1, i = 0; i < count && at < size; i++) {
      let end = at;
      while (end + 1 < size && (property.bytes[end] !== 0 || property.bytes[end + 1] !== 0)) end += 2;
      names.push(utf16(property.bytes, at, end));
      at = end + 2;
    }
  }
  return { names, empty };
}

function content(bytes: Uint8Array, streams: Streams, place: { index: number; size: number; from: number }, cache: Map<number, Uint8Array | undefined>, budget: Budget): Unpacked {
  if (!cache.has(place.index)) {
    const size = streams.folders[place.index]!.unpackSizes.at(-1) ?? 0;
    if (size > budget.room) return { kind: 'bomb' };
    const whole = decodeFolder(bytes, streams, place.index, size);
    budget.spend(whole?.length ?? 0);
    cache.set(place.index, whole);
  }
  const whole = cache.get(place.index);
  return whole === undefined ? { kind: 'broken' } : { kind: 'ok', bytes: slice(whole, place.from, place.from + place.size) };
}

/** Decodes a folder of one coder, LZMA, LZMA2 or none; filters for programs (BCJ) before it are left undone, which keeps magic numbers and names. */
function decodeFolder(bytes: Uint8Array, streams: Streams, index: number, most: number): Uint8Array | undefined {
  const folder = streams.folders[index]!;
  const before = streams.folders.slice(0, index).reduce((sum, { packed }) => sum + packed, 0);
  const at = streams.position + streams.packSizes.slice(0, before).reduce((sum, size) => sum + size, 0);
  const packed = slice(bytes, at, at + (streams.packSizes[before] ?? 0));
  const coder = folder.coders.find(({ id }) => id === '030101' || id === '21' || id === '00');
  if (coder === undefined || folder.packed !== 1 || folder.coders.some(({ id }) => !['030101', '21', '00', '03030103', '04', '03030501', '0a'].includes(id))) return undefined;
  const size = Math.min(most, folder.unpackSizes.at(-1) ?? 0);
  if (coder.id === '00') return slice(packed, 0, size);
  return coder.id === '21' ? decodeLzma2(packed, size) : decodeLzma(coder.properties, packed, size);
}
