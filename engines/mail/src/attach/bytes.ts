import { decodeUnlabelled } from '../parse/charset.ts';
import { decodeIso2022 } from '../parse/iso2022jp.ts';

/** Reads that never throw: what lies outside the bytes is 0. Little endian unless the name says otherwise. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

export function u32(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}

/** As a double: exact up to 2^53, which is past every size that is accepted here. */
export function u64(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + u32(bytes, at + 4) * 0x1_0000_0000;
}

export function u16be(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function u32be(bytes: Uint8Array, at: number): number {
  return ((u16be(bytes, at) << 16) | u16be(bytes, at + 2)) >>> 0;
}

/** A view, not a copy; cut at the end of the bytes. */
export function slice(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const start = Math.min(Math.max(0, from), bytes.length);
  return bytes.subarray(start, Math.min(Math.max(start, to), bytes.length));
}

export function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function latin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return buffer(slice(bytes, from, to)).toString('latin1');
}

/** Only whole characters: Node 24.21 frees memory twice when an odd number of bytes at an odd address is read as UTF-16. */
export function utf16(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const piece = slice(bytes, from, to);
  return buffer(piece.subarray(0, piece.length & ~1)).toString('utf16le');
}

export function startsWith(bytes: Uint8Array, hex: string, at = 0): boolean {
  for (let i = 0; i < hex.length; i += 2) if (bytes[at + i / 2] !== Number.parseInt(hex.slice(i, i + 2), 16)) return false;
  return true;
}

export { decodeUnlabelled as decodeJapanese } from '../parse/charset.ts';

/** Text of a file: by its byte order mark, else UTF-16 when every other byte is zero, else as `decodeJapanese`. */
export function decodeText(bytes: Uint8Array): string {
  if (startsWith(bytes, 'fffe')) return utf16(bytes, 2);
  if (startsWith(bytes, 'feff')) return buffer(Uint8Array.from(slice(bytes, 2, bytes.length - (bytes.length % 2)))).swap16().toString('utf16le');
  if (startsWith(bytes, 'efbbbf')) return buffer(slice(bytes, 3, bytes.length)).toString('utf8');
  if (bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0 && bytes[5] === 0 && bytes[0] !== 0) return utf16(bytes);
  // ISO-2022-JP announces itself with an escape that stands in no other text.
  if (buffer(slice(bytes, 0, 4096)).includes('\x1b$')) return decodeIso2022(buffer(bytes));
  return decodeUnlabelled(bytes);
}
