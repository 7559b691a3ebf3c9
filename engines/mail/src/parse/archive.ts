/** Mails in zip files, with what they really inflate to counted while it happens. */
import { Inflate } from 'fflate';
import type { Trouble } from '../types.ts';
import { decode } from './charset.ts';
import { LIMITS } from './limits.ts';

export interface ZipMails {
  readonly mails: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Files beside the mails. */
  readonly others: number;
  readonly troubles: readonly Trouble[];
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly at: number;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length > 30 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** Entries of the central directory (APPNOTE 6.3, section 4.3.12), at most 200; null when there is none. */
function entries(buffer: Buffer): { list: Entry[]; more: boolean } | null {
  const end = buffer.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > buffer.length) return null;
  const list: Entry[] = [];
  let at = buffer.readUInt32LE(end + 16);
  const count = buffer.readUInt16LE(end + 10);
  for (let i = 0; i < count && i < LIMITS.archiveEntries; i++) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== 0x02014b50) return list.length === 0 ? null : { list, more: true };
    const flags = buffer.readUInt16LE(at + 8);
    const nameLength = buffer.readUInt16LE(at + 28);
    const name = buffer.subarray(at + 46, Math.min(buffer.length, at + 46 + nameLength));
    list.push({
      name: decode(name, (flags & 0x800) !== 0 ? 'utf-8' : undefined).text.slice(0, 500),
      method: buffer.readUInt16LE(at + 10),
      encrypted: (flags & 1) !== 0,
      packed: buffer.readUInt32LE(at + 20),
      at: buffer.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return { list, more: count > LIMITS.archiveEntries };
}

/** Packed bytes handed over at once: what they may inflate to before they are counted stays small. */
const SLICE = 4 * 1024;

/** The bytes of an entry, at most `room` of them and a hundred for each packed one; null when it is more or broken. */
function inflate(buffer: Buffer, entry: Entry, room: number): Uint8Array | 'bomb' | null {
  if (entry.at + 30 > buffer.length || buffer.readUInt32LE(entry.at) !== 0x04034b50) return null;
  const from = entry.at + 30 + buffer.readUInt16LE(entry.at + 26) + buffer.readUInt16LE(entry.at + 28);
  const packed = buffer.subarray(from, Math.min(buffer.length, from + entry.packed));
  if (packed.length < entry.packed) return null;
  if (entry.method === 0) return packed.length > room ? 'bomb' : packed;
  if (entry.method !== 8) return null;
  const limit = Math.min(room, Math.max(64 * 1024, packed.length * LIMITS.archiveRatio));
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    const stream = new Inflate((chunk) => {
      total += chunk.length;
      if (total <= limit) chunks.push(chunk);
    });
    for (let at = 0; at < packed.length && total <= limit; at += SLICE) stream.push(packed.subarray(at, at + SLICE), at + SLICE >= packed.length);
  } catch {
    return null;
  }
  return total > limit ? 'bomb' : Buffer.concat(chunks);
}

const MAIL = /\.(?:eml|msg|mht|tnef)$/i;
/** What archiving programs leave behind. */
const LITTER = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)|\/$/i;

/** The mails in a zip file: at most 20, of its first 200 entries. Never throws. */
export function mailsInZip(bytes: Uint8Array): ZipMails {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = entries(buffer);
  if (directory === null) return { mails: [], others: 0, troubles: [{ code: 'broken_container' }] };
  const troubles: Trouble[] = directory.more ? [{ code: 'archive_too_large' }] : [];
  const mails: { name: string; bytes: Uint8Array }[] = [];
  let others = 0;
  let room: number = LIMITS.archiveBytes;
  for (const entry of directory.list) {
    if (LITTER.test(entry.name)) continue;
    if (!MAIL.test(entry.name)) {
      others++;
      continue;
    }
    if (mails.length >= LIMITS.suspects) {
      troubles.push({ code: 'archive_too_large', where: entry.name });
      break;
    }
    const found = entry.encrypted ? null : inflate(buffer, entry, room);
    if (found === null || found === 'bomb') {
      troubles.push({ code: found === 'bomb' ? 'archive_too_large' : 'attachment_unreadable', where: entry.name });
      continue;
    }
    room -= found.length;
    mails.push({ name: entry.name, bytes: found });
  }
  return { mails, others, troubles };
}
