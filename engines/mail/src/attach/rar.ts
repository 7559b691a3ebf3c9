import { buffer, decodeJapanese, slice, startsWith, u16, u32 } from './bytes.ts';
import { stored } from './inflate.ts';
import type { Archive, Entry } from './zip.ts';

const WALK = 2_000;

/** Names and locks of a RAR archive by its headers; contents only where they stand uncompressed (RAR's method is not public). */
export function readRar(bytes: Uint8Array): Archive {
  return startsWith(bytes, '526172211a070100') ? readRar5(bytes) : readRar4(bytes);
}

/** RAR 1.5 to 4: blocks of CRC, type, flags, size. Source: technical note of RAR 4.x (technote.txt). */
function readRar4(bytes: Uint8Array): Archive {
  const entries: Entry[] = [];
  let at = 7;
  for (let n = 0; n < WALK && at + 7 <= bytes.length; n++) {
    const type = bytes[at + 2]!;
    const flags = u16(bytes, at + 3);
    const size = u16(bytes, at + 5);
    if (type === 0x7b) return { entries, namesHidden: false, broken: false };
    if (size < 7 || type < 0x72 || type > 0x7a) return { entries, namesHidden: false, broken: true };
    // MHD_PASSWORD: everything behind the main header is encrypted.
    if (type === 0x73 && (flags & 0x80) !== 0) return { entries, namesHidden: true, broken: false };
    let packed = (flags & 0x8000) === 0 && type !== 0x74 ? 0 : u32(bytes, at + 7);
    if (type === 0x74) {
      const large = (flags & 0x100) !== 0;
      if (large) packed += u32(bytes, at + 32) * 0x1_0000_0000;
      const nameAt = at + (large ? 40 : 32);
      const raw = slice(bytes, nameAt, Math.min(nameAt + u16(bytes, at + 26), at + size));
      const encrypted = (flags & 0x04) !== 0;
      const folder = (flags & 0xe0) === 0xe0;
      const data = at + size;
      entries.push(entry(rar4Name(raw, (flags & 0x200) !== 0), folder, encrypted, bytes[at + 25] === 0x30, bytes, data, data + packed));
    }
    at += size + packed;
  }
  return { entries, namesHidden: false, broken: at > bytes.length };
}

function entry(name: string, folder: boolean, encrypted: boolean, plain: boolean, bytes: Uint8Array, from: number, to: number): Entry {
  if (folder || encrypted || !plain) return { name, folder, encrypted };
  return { name, folder, encrypted, read: (budget) => stored(slice(bytes, from, to), budget) };
}

/** A name in the system's writing, then 0, then the same in UTF-16 with common high bytes left out. */
function rar4Name(raw: Uint8Array, unicode: boolean): string {
  const zero = raw.indexOf(0);
  if (!unicode || zero < 0) return decodeJapanese(zero < 0 ? raw : slice(raw, 0, zero)).replaceAll('\\', '/');
  const coded = slice(raw, zero + 1, raw.length);
  const high = coded[0] ?? 0;
  let name = '';
  let flags = 0;
  let left = 0;
  for (let at = 1; at < coded.length && name.length < 1_000;) {
    if (left === 0) {
      flags = coded[at++]!;
      left = 8;
    }
    const kind = (flags >> 6) & 3;
    flags = (flags << 2) & 255;
    left -= 2;
    if (kind === 0) name += String.fromCharCode(coded[at++] ?? 0);
    else if (kind === 1) name += String.fromCharCode((coded[at++] ?? 0) | (high << 8));
    else if (kind === 2) {
      name += String.fromCharCode(u16(coded, at));
      at += 2;
    } else {
      const run = coded[at++] ?? 0;
      const correction = (run & 0x80) === 0 ? undefined : (coded[at++] ?? 0);
      for (let i = (run & 0x7f) + 2; i > 0 && name.length < zero; i--) {
        const narrow = raw[name.length] ?? 0;
        name += String.fromCharCode(correction === undefined ? narrow : ((narrow + correction) & 255) | (high << 8));
      }
    }
  }
  return name.replaceAll('\\', '/');
}

/** RAR 5: blocks of CRC, size, type, flags, all in numbers of seven bits a byte. Source: RAR 5.0 archive format, rarlab.com. */
function readRar5(bytes: Uint8Array): Archive {
  const entries: Entry[] = [];
  let at = 8;
  for (let n = 0; n < WALK && at + 6 <= bytes.length; n++) {
    const block = new Vints(bytes, at + 4);
    const size = block.next();
    const start = block.at;
    const type = block.next();
    const flags = block.next();
    const extra = (flags & 1) === 0 ? 0 : block.next();
    const data = (flags & 2) === 0 ? 0 : block.next();
    const end = start + size;
    if (size === 0 || block.broken || end > bytes.length) return { entries, namesHidden: false, broken: true };
    if (type === 5) return { entries, namesHidden: false, broken: false };
    if (type === 4) return { entries, namesHidden: true, broken: false };
    if (type === 2) entries.push(rar5File(bytes, block, end, extra, end + data));
    at = end + data;
  }
  return { entries, namesHidden: false, broken: true };
}

function rar5File(bytes: Uint8Array, block: Vints, end: number, extra: number, dataEnd: number): Entry {
  const flags = block.next();
  block.next();
  block.next();
  if ((flags & 2) !== 0) block.at += 4;
  if ((flags & 4) !== 0) block.at += 4;
  const compression = block.next();
  block.next();
  const length = block.next();
  const name = buffer(slice(bytes, block.at, Math.min(block.at + length, end))).toString('utf8');
  let encrypted = false;
  for (let at = end - extra; at < end && extra > 0;) {
    const record = new Vints(bytes, at);
    const size = record.next();
    const start = record.at;
    if (record.next() === 1) encrypted = true;
    if (size === 0) break;
    at = start + size;
  }
  return entry(name, (flags & 1) !== 0, encrypted, ((compression >> 7) & 7) === 0, bytes, end, dataEnd);
}

class Vints {
  readonly #bytes: Uint8Array;
  at: number;
  broken = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value += (byte & 127) * 128 ** i;
      if (byte < 128) return value;
    }
    this.broken = true;
    return 0;
  }
}
