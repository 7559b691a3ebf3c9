import { decodeJapanese, latin1, slice, startsWith, u16be, u32 } from './bytes.ts';
import { stored } from './inflate.ts';
import type { Archive, Entry } from './zip.ts';

const SECTOR = 2048;
const WALK = 2_000;

/**
 * Files of a CD image: by the Joliet directory where there is one, since Windows shows that, else by the plain one.
 * Source: ECMA-119 (ISO 9660), sections 8.4, 8.5 and 9.1; Joliet Specification 1995.
 */
export function readIso(bytes: Uint8Array): Archive {
  let root: { at: number; size: number } | undefined;
  let wide = false;
  for (let sector = 16; sector < 64 && latin1(bytes, sector * SECTOR + 1, sector * SECTOR + 6) === 'CD001'; sector++) {
    const at = sector * SECTOR;
    const kind = bytes[at];
    const joliet = kind === 2 && startsWith(bytes, '252f', at + 88);
    if (kind === 255) break;
    if ((kind === 1 && root === undefined) || joliet) {
      root = { at: u32(bytes, at + 156 + 2) * SECTOR, size: u32(bytes, at + 156 + 10) };
      wide = joliet;
    }
  }
  if (root === undefined) return { entries: [], namesHidden: false, broken: true };
  const entries: Entry[] = [];
  const seen = new Set<number>();
  const open = [{ ...root, path: '' }];
  while (open.length > 0 && entries.length < WALK) {
    const folder = open.pop()!;
    if (seen.has(folder.at)) continue;
    seen.add(folder.at);
    const end = Math.min(bytes.length, folder.at + Math.min(folder.size, 4 * 1024 * 1024));
    for (let at = folder.at; at + 33 < end && entries.length < WALK;) {
      const length = bytes[at]!;
      if (length === 0) {
        // Records do not cross sectors; the rest of one is zero.
        at = (Math.floor(at / SECTOR) + 1) * SECTOR;
        continue;
      }
      const raw = slice(bytes, at + 33, Math.min(at + 33 + bytes[at + 32]!, at + length));
      const start = u32(bytes, at + 2) * SECTOR;
      const size = u32(bytes, at + 10);
      const isFolder = (bytes[at + 25]! & 2) !== 0;
      at += Math.max(length, 34);
      if (raw.length === 1 && raw[0]! <= 1) continue;
      const name = folder.path + isoName(raw, wide);
      if (isFolder) {
        if (open.length < 200) open.push({ at: start, size, path: `${name}/` });
      } else entries.push({ name, folder: false, encrypted: false, read: (budget) => stored(slice(bytes, start, start + size), budget) });
    }
  }
  return { entries, namesHidden: false, broken: false };
}

function isoName(raw: Uint8Array, wide: boolean): string {
  let name = '';
  if (wide) for (let i = 0; i + 1 < raw.length; i += 2) name += String.fromCharCode(u16be(raw, i));
  else name = decodeJapanese(raw);
  return name.replace(/;\d{1,5}$/, '').replace(/\.$/, '');
}

/** Entries of a tape archive. Source: POSIX.1-2017, pax, ustar interchange format; GNU's long names (type L); pax paths (type x). */
export function readTar(bytes: Uint8Array): Archive {
  const entries: Entry[] = [];
  let at = 0;
  let long = '';
  for (let n = 0; n < WALK && at + 512 <= bytes.length && bytes[at] !== 0; n++) {
    const size = octal(bytes, at + 124, 12);
    const type = latin1(bytes, at + 156, at + 157);
    const from = at + 512;
    if (!Number.isSafeInteger(size) || size < 0) return { entries, namesHidden: false, broken: true };
    if (type === 'L') long = zeroEnded(bytes, from, Math.min(from + size, from + 4096));
    else if (type === 'x') long = /(?:^|\n)\d{1,6} path=([^\n]{1,4000})\n/.exec(decodeJapanese(slice(bytes, from, from + Math.min(size, 16_384))))?.[1] ?? long;
    else if (type !== 'g') {
      const prefix = startsWith(bytes, '7573746172', at + 257) ? zeroEnded(bytes, at + 345, at + 500) : '';
      const own = zeroEnded(bytes, at, at + 100);
      const name = long !== '' ? long : prefix === '' ? own : `${prefix}/${own}`;
      long = '';
      const folder = type === '5' || name.endsWith('/');
      entries.push(folder || (type !== '0' && type !== '\0') ? { name, folder, encrypted: false } : { name, folder, encrypted: false, read: (budget) => stored(slice(bytes, from, from + size), budget) });
    }
    at = from + Math.ceil(size / 512) * 512;
  }
  return { entries, namesHidden: false, broken: at > bytes.length };
}

function octal(bytes: Uint8Array, at: number, length: number): number {
  return Number.parseInt(latin1(bytes, at, at + length).replace(/[^0-7]/g, '') || '0', 8);
}

function zeroEnded(bytes: Uint8Array, from: number, to: number): string {
  const part = slice(bytes, from, to);
  const zero = part.indexOf(0);
  return decodeJapanese(zero < 0 ? part : slice(part, 0, zero));
}

/** Names in a cabinet; contents stay packed. Source: [MS-CAB] 7.0, sections 2.1 and 2.3. */
export function readCab(bytes: Uint8Array): Archive {
  const entries: Entry[] = [];
  const count = Math.min(WALK, bytes[28]! | (bytes[29]! << 8));
  let at = u32(bytes, 16);
  for (let i = 0; i < count; i++) {
    const end = bytes.indexOf(0, at + 16);
    if (end < 0 || end - at - 16 > 256) return { entries, namesHidden: false, broken: true };
    entries.push({ name: decodeJapanese(slice(bytes, at + 16, end)).replaceAll('\\', '/'), folder: false, encrypted: false });
    at = end + 1;
  }
  return { entries, namesHidden: false, broken: false };
}
