import { decodeJapanese, slice, u16, u32, u64, buffer } from './bytes.ts';
import { stored, unpack } from './inflate.ts';
import type { Unpacked } from './inflate.ts';
import type { Budget } from './budget.ts';

/** One name inside an archive or a disk image. `read` is undefined where the content cannot be had (encrypted, method unknown). */
export interface Entry {
  readonly name: string;
  readonly folder: boolean;
  readonly encrypted: boolean;
  readonly read?: (budget: Budget) => Unpacked;
}

export interface Archive {
  readonly entries: readonly Entry[];
  /** The names themselves are encrypted. */
  readonly namesHidden: boolean;
  /** The structure ends or contradicts itself before its end. */
  readonly broken: boolean;
}

/** More names than this are not walked; the mail's budget of entries is smaller still. */
const WALK = 2_000;

/**
 * Names and contents of a zip by its central directory; without one, by its local headers. Where the two give different
 * names, both are told: programs differ in which they believe. Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
 */
export function readZip(bytes: Uint8Array): Archive {
  const end = endRecord(bytes);
  if (end === undefined) return byLocalHeaders(bytes);
  const entries: Entry[] = [];
  let at = end.start;
  // Bytes before the archive (a self-extracting program) shift every offset alike.
  const shift = u32(bytes, at) === 0x02014b50 ? 0 : end.at - end.size - end.start;
  at += shift;
  let broken = false;
  for (let i = 0; i < Math.min(end.count, WALK); i++) {
    if (u32(bytes, at) !== 0x02014b50) {
      broken = true;
      break;
    }
    const nameLength = u16(bytes, at + 28);
    const extra = slice(bytes, at + 46 + nameLength, at + 46 + nameLength + u16(bytes, at + 30));
    const large = zip64(extra, u32(bytes, at + 24), u32(bytes, at + 20), u32(bytes, at + 42));
    const flags = u16(bytes, at + 8);
    const name = entryName(slice(bytes, at + 46, at + 46 + nameLength), flags, extra);
    const local = large.offset + shift;
    const data = local + 30 + u16(bytes, local + 26) + u16(bytes, local + 28);
    const method = u16(bytes, at + 10);
    const encrypted = isEncrypted(flags, method, extra) || (u16(bytes, local + 6) & 1) === 1;
    entries.push(entry(name, encrypted, method, bytes, data, data + large.packed));
    if (u32(bytes, local) !== 0x04034b50) broken = true;
    else {
      const localName = entryName(slice(bytes, local + 30, local + 30 + u16(bytes, local + 26)), u16(bytes, local + 6), new Uint8Array(0));
      if (localName !== name && extra.length === 0) entries.push({ name: localName, folder: false, encrypted });
    }
    at += 46 + nameLength + u16(bytes, at + 30) + u16(bytes, at + 32);
  }
  if (entries.length === 0 && u32(bytes, 0) === 0x04034b50) return byLocalHeaders(bytes);
  return { entries, namesHidden: false, broken };
}

function endRecord(bytes: Uint8Array): { at: number; count: number; size: number; start: number } | undefined {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 65_557); at--) {
    if (bytes[at] !== 0x50 || u32(bytes, at) !== 0x06054b50) continue;
    const record = { at, count: u16(bytes, at + 10), size: u32(bytes, at + 12), start: u32(bytes, at + 16) };
    if (u32(bytes, at - 20) === 0x07064b50) {
      const wide = u64(bytes, at - 12);
      if (u32(bytes, wide) === 0x06064b50) return { at: wide, count: u64(bytes, wide + 32), size: u64(bytes, wide + 40), start: u64(bytes, wide + 48) };
    }
    return record;
  }
  return undefined;
}

function zip64(extra: Uint8Array, size: number, packed: number, offset: number): { packed: number; offset: number } {
  const field = extraField(extra, 0x0001);
  if (field === undefined) return { packed, offset };
  let at = size === 0xffffffff ? 8 : 0;
  if (packed === 0xffffffff) {
    packed = u64(field, at);
    at += 8;
  }
  return { packed, offset: offset === 0xffffffff ? u64(field, at) : offset };
}

function extraField(extra: Uint8Array, id: number): Uint8Array | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + u16(extra, at + 2)) if (u16(extra, at) === id) return slice(extra, at + 4, at + 4 + u16(extra, at + 2));
  return undefined;
}

/** Flag bit 0, strong encryption (bit 6), or WinZip AES (method 99, extra field 0x9901). */
function isEncrypted(flags: number, method: number, extra: Uint8Array): boolean {
  return (flags & 0x41) !== 0 || method === 99 || extraField(extra, 0x9901) !== undefined;
}

/** Bit 11: UTF-8. Else Info-ZIP's Unicode path (0x7075), else what Windows in Japan writes. */
function entryName(raw: Uint8Array, flags: number, extra: Uint8Array): string {
  if ((flags & 0x800) !== 0) return buffer(raw).toString('utf8');
  const path = extraField(extra, 0x7075);
  return path !== undefined && path.length > 5 ? buffer(slice(path, 5, path.length)).toString('utf8') : decodeJapanese(raw);
}

function entry(name: string, encrypted: boolean, method: number, bytes: Uint8Array, from: number, to: number): Entry {
  const folder = /[\\/]$/.test(name);
  if (encrypted || folder || ![0, 8, 93].includes(method)) return { name, folder, encrypted };
  return { name, folder, encrypted, read: (budget) => {
    const packed = slice(bytes, from, to);
    return method === 0 ? stored(packed, budget) : unpack(method === 8 ? 'raw' : 'zstd', packed, budget);
  } };
}

/** Walks the local headers of a zip that lost its directory; an entry without its size ends at the next header. */
function byLocalHeaders(bytes: Uint8Array): Archive {
  const entries: Entry[] = [];
  const whole = buffer(bytes);
  const sign = Buffer.from('PK\u0003\u0004', 'latin1');
  let at = whole.indexOf(sign);
  while (at >= 0 && entries.length < WALK) {
    const flags = u16(bytes, at + 6);
    const method = u16(bytes, at + 8);
    const nameEnd = at + 30 + u16(bytes, at + 26);
    const data = nameEnd + u16(bytes, at + 28);
    const extra = slice(bytes, nameEnd, data);
    const packed = u32(bytes, at + 18);
    const next = whole.indexOf(sign, Math.max(data, at + 4) + ((flags & 8) === 0 && packed < bytes.length ? packed : 0));
    const to = (flags & 8) === 0 ? data + packed : next < 0 ? bytes.length : next;
    if (nameEnd > at + 30 && nameEnd <= bytes.length) entries.push(entry(entryName(slice(bytes, at + 30, nameEnd), flags, extra), isEncrypted(flags, method, extra), method, bytes, data, to));
    at = next;
  }
  return { entries, namesHidden: false, broken: true };
}

/** True when the zip carries the parts of an Office document. */
export function isOffice(archive: Archive): boolean {
  return archive.entries.some(({ name }) => name.toLowerCase() === '[content_types].xml');
}

/** Packages that are zips with a fixed part: Java, Android, Windows, OpenDocument. */
export function packageType(archive: Archive): string | undefined {
  const names = new Set(archive.entries.map(({ name }) => name));
  if (names.has('AndroidManifest.xml')) return 'apk';
  if (names.has('AppxManifest.xml')) return 'msix';
  if (names.has('META-INF/MANIFEST.MF')) return 'jar';
  return names.has('mimetype') && names.has('content.xml') ? 'odf' : undefined;
}
