import iconv from 'iconv-lite';
import { buffer, slice, u16, u32, utf16 } from './bytes.ts';
import type { Stream } from './cfb.ts';

/** Source text of one VBA project is read up to this many bytes in all, 2 MiB of a single module. */
const MAX_SOURCE = 4 * 1024 * 1024;
const MAX_MODULE = 2 * 1024 * 1024;

export interface Module {
  readonly name: string;
  readonly source: string;
}

/**
 * Decompresses a CompressedContainer. Gives what could be read before the first fault; never more than `max` bytes.
 * Source: [MS-OVBA] 11.0, sections 2.4.1.1 (structures) and 2.4.1.3 (algorithms).
 */
export function decompressVba(packed: Uint8Array, max: number): Uint8Array {
  if (packed[0] !== 0x01) return new Uint8Array(0);
  let out = Buffer.allocUnsafe(Math.min(max, 64 * 1024));
  let length = 0;
  let at = 1;
  while (at + 2 <= packed.length && length < max) {
    const header = u16(packed, at);
    if (((header >> 12) & 7) !== 0b011) break;
    const end = Math.min(packed.length, at + (header & 0x0fff) + 3);
    at += 2;
    // A chunk gives at most 4,096 bytes (2.4.1.1.1).
    if (length + 4096 > out.length) out = Buffer.concat([out, Buffer.allocUnsafe(Math.max(out.length, 4096))]);
    const chunk = length;
    if ((header & 0x8000) === 0) {
      const raw = slice(packed, at, Math.min(end, at + 4096));
      out.set(raw, length);
      length += raw.length;
    } else {
      length = tokens(packed, at, end, out, chunk);
      if (length < 0) return slice(out, 0, Math.min(-length - 1, max));
    }
    at = end;
  }
  return slice(out, 0, Math.min(length, max));
}

/** One compressed chunk. The length reached; as `-length - 1` when a token points outside the chunk. */
function tokens(packed: Uint8Array, at: number, end: number, out: Uint8Array, chunk: number): number {
  let length = chunk;
  const full = chunk + 4096;
  while (at < end) {
    let flags = packed[at++]!;
    for (let bit = 0; bit < 8 && at < end; bit++, flags >>= 1) {
      if ((flags & 1) === 0) {
        if (length >= full) return -length - 1;
        out[length++] = packed[at++]!;
        continue;
      }
      if (at + 2 > end) return -length - 1;
      const token = u16(packed, at);
      at += 2;
      // CopyToken Help (2.4.1.3.19.1): the offset takes as many bits as the position in the chunk needs, at least 4.
      const offsetBits = Math.max(4, Math.ceil(Math.log2(length - chunk)));
      const lengthBits = 16 - offsetBits;
      const offset = (token >> lengthBits) + 1;
      const count = (token & ((1 << lengthBits) - 1)) + 3;
      if (offset > length - chunk || length + count > full) return -length - 1;
      for (let i = 0; i < count; i++, length++) out[length] = out[length - offset]!;
    }
  }
  return length;
}

/** The records of a `dir` stream that lead to source text (2.3.4.2): names of module streams with the place of their text. */
export function moduleList(dir: Uint8Array): { codePage: number; modules: { stream: string; streamUnicode: string; offset: number }[] } {
  let codePage = 1252;
  const modules: { stream: string; streamUnicode: string; offset: number }[] = [];
  let name = '';
  let unicode = '';
  for (let at = 0; at + 6 <= dir.length && modules.length < 1_000;) {
    const id = u16(dir, at);
    // PROJECTVERSION says 4 and has 6 bytes (2.3.4.2.1.11).
    const size = id === 0x0009 ? 6 : u32(dir, at + 2);
    const data = slice(dir, at + 6, at + 6 + size);
    if (id === 0x0003) codePage = u16(data, 0);
    if (id === 0x001a) [name, unicode] = [iconv.decode(buffer(data), encodingOf(codePage)), ''];
    if (id === 0x0032) unicode = utf16(data);
    if (id === 0x0031) modules.push({ stream: name, streamUnicode: unicode, offset: u32(data, 0) });
    at += 6 + size;
  }
  return { codePage, modules };
}

function encodingOf(codePage: number): string {
  if (codePage === 65001) return 'utf8';
  const name = `cp${codePage}`;
  return iconv.encodingExists(name) ? name : 'latin1';
}

/**
 * Source text of every module of every VBA project in a compound file. `project` is true when there is a project at
 * all, with or without readable source: where only compiled code is left, the source was taken out on purpose.
 */
export function readVba(streams: readonly Stream[]): { project: boolean; modules: Module[] } {
  const modules: Module[] = [];
  let project = false;
  let left = MAX_SOURCE;
  for (const dirStream of streams) {
    if (dirStream.storage || dirStream.path.at(-1)?.toLowerCase() !== 'dir') continue;
    const parent = dirStream.path.slice(0, -1).join('/');
    const siblings = streams.filter(({ path, storage }) => !storage && path.slice(0, -1).join('/') === parent);
    if (!siblings.some(({ path }) => path.at(-1)?.toUpperCase() === '_VBA_PROJECT')) continue;
    project = true;
    const { codePage, modules: listed } = moduleList(decompressVba(dirStream.read(MAX_MODULE), MAX_MODULE));
    const encoding = encodingOf(codePage);
    for (const stream of siblings) {
      const name = stream.path.at(-1)!;
      if (left <= 0 || /^(?:dir|_vba_project|__srp_.*)$/i.test(name)) continue;
      const known = listed.find((module) => module.streamUnicode === name || module.stream === name);
      const bytes = stream.read(MAX_MODULE);
      const from = known !== undefined && bytes[known.offset] === 0x01 ? known.offset : sourceStart(bytes);
      if (from < 0) continue;
      const source = decompressVba(slice(bytes, from, bytes.length), Math.min(MAX_MODULE, left));
      left -= source.length;
      if (source.length > 0) modules.push({ name, source: iconv.decode(buffer(source), encoding) });
    }
  }
  return { project, modules };
}

/** A module's text begins with `Attribut`, eight literals after the signature, the chunk's header and a flag byte of 0. */
function sourceStart(bytes: Uint8Array): number {
  const at = buffer(bytes).indexOf('\0Attribut', 0, 'latin1');
  return at >= 3 && bytes[at - 3] === 0x01 ? at - 3 : -1;
}
