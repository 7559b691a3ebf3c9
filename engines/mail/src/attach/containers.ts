import { slice } from './bytes.ts';
import { cleanName } from './names.ts';
import { readCab, readIso, readTar } from './disk.ts';
import { unpack } from './inflate.ts';
import { readRar } from './rar.ts';
import { readSevenZip } from './sevenzip.ts';
import type { Archive } from './zip.ts';

type Opener = (bytes: Uint8Array, name: string) => Archive;

const OPENERS: Readonly<Record<string, Opener>> = {
  gzip: openGzip,
  tar: readTar,
  '7z': readSevenZip,
  rar: readRar,
  cab: readCab,
  iso: readIso,
};

export function isContainer(type: string): boolean {
  return Object.hasOwn(OPENERS, type);
}

/** Names and contents of an archive or a disk image; undefined where it says nothing. */
export function openContainer(type: string, name: string, bytes: Uint8Array): Archive | undefined {
  return OPENERS[type]?.(bytes, name);
}

/** One packed file (RFC 1952). Its own name is the one in the header, else the archive's without its ending. */
function openGzip(bytes: Uint8Array, name: string): Archive {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[10] ?? 0) + ((bytes[11] ?? 0) << 8);
  const end = bytes.indexOf(0, at);
  const inner = (flags & 8) !== 0 && end > at ? Buffer.from(slice(bytes, at, Math.min(end, at + 255))).toString('latin1') : cleanName(name).replace(/\.t?gz$/i, (whole) => (/^\.tgz$/i.test(whole) ? '.tar' : ''));
  return { namesHidden: false, broken: false, entries: [{ name: inner, folder: false, encrypted: false, read: (budget) => unpack('gzip', bytes, budget) }] };
}
