import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Readable, Transform } from 'node:stream';
import { Usage } from '../args.ts';

/** One file, out of a folder or an archive. Its bytes come once, and before the next file is asked for. */
export interface Source {
  /** Name inside the folder or archive, with `/`; the path itself for a single file. */
  readonly name: string;
  /** In bytes, as far as it is told beforehand. */
  readonly size: number | null;
  /** Why no more of this file or archive can be read; `bytes` throws it. */
  readonly broken?: unknown;
  bytes(): AsyncIterable<Buffer>;
}

/** What is wrong with an archive. */
export class ArchiveError extends Error {
  /** The message in Japanese. */
  readonly ja: string;

  constructor(en: string, ja: string) {
    super(en);
    this.ja = ja;
  }
}

/** It grows more than an archive may. */
export class GrowthError extends ArchiveError {}

const BLOCK = 512;
const NAME_MAX = 4_096;
const ENTRIES_MAX = 200_000;
/** Above this no list of a zip's entries is read. */
const DIRECTORY_MAX = 64 * 1024 * 1024;
/** Logs shrink to a tenth or a hundredth; what grows more than this is made to keep a machine busy. */
export const RATIO_MAX = 400;
export const RATIO_FROM = 64 * 1024 * 1024;

/**
 * Files below a folder in order of their names, rotated ones from the oldest (what is hidden and what is no file is left out), the files of an archive, or the
 * file itself. One that cannot be read comes as a source that says so, and the others follow it.
 */
export async function* sourcesOf(path: string): AsyncGenerator<Source> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Usage(error.code === 'ENOENT' ? `${path} is not there.` : `${path} cannot be read: ${error.message}`);
  });
  if (!info.isDirectory()) yield* sourcesIn(path);
  else for (const file of await filesBelow(path)) for await (const source of sourcesIn(join(path, file))) yield { ...source, name: source.name === join(path, file) ? file : `${file}/${source.name}` };
}

async function* sourcesIn(path: string): AsyncGenerator<Source> {
  try {
    yield* unpacked(path);
  } catch (error) {
    yield {
      name: path, size: null, broken: error,
      async *bytes() {
        throw error;
      },
    };
  }
}

async function* unpacked(path: string): AsyncGenerator<Source> {
  const { size } = await stat(path);
  const head = await firstBytes(path);
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) yield* zipEntries(path, size);
  else if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) {
    // What cannot be unpacked is said where it is read, after what can be.
    if (isTar(await firstOf(gunzip(path), BLOCK).catch(() => Buffer.alloc(0)))) yield* tarEntries(gunzip(path));
    else yield { name: path, size: null, bytes: () => gunzip(path) };
  } else if (isTar(await firstBytes(path, BLOCK))) yield* tarEntries(createReadStream(path));
  else yield { name: path, size, bytes: () => createReadStream(path, { highWaterMark: 1024 * 1024 }) };
}

async function filesBelow(folder: string): Promise<string[]> {
  const out: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => inOrder(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else if (entry.isFile()) out.push(name);
    }
  };
  await walk('');
  return out;
}

/** By name; rotated files from the oldest (auth.log.10, auth.log.2.gz, auth.log-20260506, auth.log). */
export function inOrder(left: string, right: string): number {
  const [a, b] = [rotation(left), rotation(right)];
  if (a.of !== b.of) return a.of < b.of ? -1 : 1;
  return a.turn - b.turn || (left < right ? -1 : 1);
}

function rotation(name: string): { readonly of: string; readonly turn: number } {
  const found = /^(.{1,250}?)(?:\.(\d{1,3})|[-.]((?:19|20)\d{6}))(?:\.(?:gz|zip|tgz))?$/.exec(name);
  if (found === null) return { of: name, turn: 0 };
  return { of: found[1]!, turn: found[2] === undefined ? Number(found[3]) - 1e8 : -Number(found[2]) };
}

async function firstBytes(path: string, length = 4): Promise<Buffer> {
  const file = await open(path);
  try {
    return await readAt(file, 0, length);
  } finally {
    await file.close();
  }
}

/** Up to `length` bytes at a place; fewer at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const out = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(out, got, length - got, position + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return out.subarray(0, got);
}

function gunzip(path: string): AsyncGenerator<Buffer> {
  return gunzipped(createReadStream(path), new Growth(Infinity));
}

/** Packed bytes are unpacked so many at a time, so that all that comes of them can be held. */
const PACKED_PART = 16 * 1024;

/**
 * Unpacks gzip, one member after another (RFC 1952). What came before damage is given before the damage is thrown, and what
 * stands behind the last member is told apart from damage inside one. Zeros behind it are filling.
 */
export async function* gunzipped(packed: AsyncIterable<Buffer>, growth: Growth): AsyncGenerator<Buffer> {
  const input = new Bytes(packed);
  try {
    for (let members = 0; ; members++) {
      if (!(await gzipHead(input, members))) return;
      let sum = 0;
      let size = 0;
      for await (const part of inflated(input, growth)) {
        sum = crc32(part, sum);
        size += part.length;
        yield part;
      }
      const tail = await input.take(8);
      if (tail.length < 8) throw damaged('it ends too early', '途中で切れています');
      if (tail.readUInt32LE(0) !== sum || tail.readUInt32LE(4) !== size % 2 ** 32) throw damaged('its sum is wrong', '検査値が合いません');
    }
  } finally {
    await input.close();
  }
}

function damaged(en: string, ja: string): ArchiveError {
  return new ArchiveError(`the packed data is damaged or cut: ${en}; what came before was read`, `圧縮されたデータが壊れているか切れています（${ja}）。その前までは読みました`);
}

/** Reads the head of a member up to its data. False where nothing follows the last one. */
async function gzipHead(input: Bytes, members: number): Promise<boolean> {
  let head = await input.take(10);
  while (members > 0 && head.length > 0 && head.every((byte) => byte === 0)) head = await input.take(10);
  if (members > 0 && head.length === 0) return false;
  if (members > 0 && (head[0] !== 0x1f || head[1] !== 0x8b)) throw new ArchiveError('behind the packed data stands something else, which is not read; all before it was read', '圧縮されたデータの後ろに別のものがあります。それは読まず、その前まではすべて読みました');
  if (head.length < 10) throw damaged('it ends too early', '途中で切れています');
  if (head[2] !== 8) throw damaged('it is packed in an unknown way', '圧縮の形式が分かりません');
  const flags = head[3] as number;
  if ((flags & 4) !== 0) {
    const length = await input.take(2);
    if (length.length === 2) await input.take(length.readUInt16LE(0));
  }
  // A name and a comment, each ended by a zero.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    for (let length = 0; ; length++) {
      const byte = await input.take(1);
      if (byte.length === 0 || byte[0] === 0) break;
      if (length > 64 * 1024) throw damaged('its name is too long', '名前が長すぎます');
    }
  }
  if ((flags & 2) !== 0) await input.take(2);
  return true;
}

/** The data of one member; the input is left right behind it. */
async function* inflated(input: Bytes, growth: Growth): AsyncGenerator<Buffer> {
  const unpacker = createInflateRaw({ chunkSize: 64 * 1024 });
  let out: Buffer[] = [];
  let error: Error | null = null;
  let ended = false;
  let wake = (): void => undefined;
  unpacker.on('data', (part: Buffer) => out.push(part));
  unpacker.on('error', (failure: Error) => {
    error = failure;
    wake();
  });
  unpacker.on('end', () => {
    ended = true;
    wake();
  });
  try {
    let given = 0;
    while (!ended && error === null) {
      const part = await input.some(PACKED_PART);
      const done = new Promise<void>((resolve) => (wake = resolve));
      if (part.length === 0) unpacker.end();
      else unpacker.write(part, () => wake());
      await done;
      given += part.length;
      const over = ended ? given - unpacker.bytesWritten : 0;
      if (over > 0) input.back(part.subarray(part.length - over));
      growth.give(part.length - over);
      const got = out;
      out = [];
      for (const piece of got) {
        growth.get(piece.length);
        yield piece;
      }
    }
    if (error !== null) throw damaged((error as Error).message, (error as Error).message);
  } finally {
    unpacker.destroy();
  }
}

/** Bytes that went into the unpacking of one archive and came out of it. */
export class Growth {
  readonly #size: number;
  #given = 0;
  #got = 0;

  /** @param size of the archive: where its files lie over each other, no more than this was given */
  constructor(size: number) {
    this.#size = size;
  }

  give(bytes: number): void {
    this.#given += bytes;
  }

  /** @throws ArchiveError where it is too much */
  get(bytes: number): void {
    this.#got += bytes;
    if (this.isTooMuch) throw new GrowthError(`it grows more than ${RATIO_MAX} times when unpacked; the rest is not read`, `展開すると ${RATIO_MAX} 倍より大きくなるため、残りは読みません`);
  }

  get isTooMuch(): boolean {
    return this.#got > RATIO_FROM && this.#got > Math.min(this.#given, this.#size) * RATIO_MAX;
  }

  /** What comes out of the unpacker, or of the stream itself where nothing was packed. */
  async *of(raw: Readable, unpacker: Transform | null): AsyncGenerator<Buffer> {
    if (unpacker !== null) {
      raw.on('data', (part: Buffer) => (this.#given += part.length));
      raw.on('error', (error) => unpacker.destroy(error));
      unpacker.on('close', () => raw.destroy());
    }
    for await (const part of (unpacker === null ? raw : raw.pipe(unpacker)) as AsyncIterable<Buffer>) {
      if (unpacker === null) this.#given += part.length;
      this.get(part.length);
      yield part;
    }
  }
}

async function firstOf(stream: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  let out = Buffer.alloc(0);
  for await (const chunk of stream) {
    out = Buffer.concat([out, chunk]);
    if (out.length >= length) break;
  }
  return out;
}

function isTar(block: Buffer): boolean {
  return block.length >= BLOCK && block.toString('latin1', 257, 262) === 'ustar';
}

/** POSIX tar (ustar, pax and GNU long names). Links, devices and folders are left out. */
async function* tarEntries(stream: AsyncIterable<Buffer>): AsyncGenerator<Source> {
  const input = new Bytes(stream);
  let longName: string | null = null;
  try {
    for (let count = 0; ; count++) {
      const header = await input.take(BLOCK);
      if (header.length < BLOCK || header.every((byte) => byte === 0)) return;
      if (!isTar(header)) throw new ArchiveError('the tar archive is broken', 'tar が壊れています');
      if (count > ENTRIES_MAX) throw new ArchiveError(`more than ${ENTRIES_MAX} files`, `${ENTRIES_MAX} を超えるファイルが入っています`);
      const size = tarSize(header);
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      const type = String.fromCharCode(header[156] as number);
      if (type === 'x' || type === 'g' || type === 'L') {
        if (size > 64 * 1024) throw new ArchiveError('a name in the tar archive is too long', 'tar の中の名前が長すぎます');
        const text = (await input.take(size + padding)).toString('utf8', 0, size);
        if (type === 'L') longName = text.replace(/\0.*$/s, '');
        else if (type === 'x') longName = paxPath(text) ?? longName;
        continue;
      }
      const prefix = tarText(header, 345, 155);
      const name: string = longName ?? (prefix === '' ? '' : `${prefix}/`) + tarText(header, 0, 100);
      longName = null;
      let left = size;
      if (type === '0' || type === '\0') {
        yield {
          name, size,
          async *bytes() {
            while (left > 0) {
              const chunk = await input.some(left);
              if (chunk.length === 0) throw new ArchiveError('the tar archive ends too early', 'tar が途中で切れています');
              left -= chunk.length;
              yield chunk;
            }
          },
        };
      }
      for (let rest = left + padding; rest > 0; ) {
        const chunk = await input.some(rest);
        if (chunk.length === 0) return;
        rest -= chunk.length;
      }
    }
  } finally {
    await input.close();
  }
}

function tarSize(header: Buffer): number {
  const size = (header[124] as number) & 0x80 ? header.readUIntBE(130, 6) : Number.parseInt(tarText(header, 124, 12).trim() || '0', 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new ArchiveError('the tar archive is broken', 'tar が壊れています');
  return size;
}

function tarText(header: Buffer, at: number, length: number): string {
  return header.toString('utf8', at, at + length).replace(/\0.*$/s, '');
}

/** Records of a pax header are `length key=value\n`. */
function paxPath(text: string): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? null;
}

/** Bytes of a stream, as many as are asked for. */
export class Bytes {
  readonly #iterator: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  /** At least one byte and at most `most`; none at the end. */
  async some(most: number): Promise<Buffer> {
    if (this.#held.length === 0) {
      const next = await this.#iterator.next();
      if (next.done === true) return Buffer.alloc(0);
      this.#held = next.value;
    }
    const out = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(out.length);
    return out;
  }

  /** Gives back what was taken last. */
  back(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([bytes, this.#held]);
  }

  /** So many bytes; fewer at the end. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = length; left > 0; ) {
      const part = await this.some(left);
      if (part.length === 0) break;
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}

/** Entries by the central directory (PKWARE APPNOTE 4.3.12), stored or deflated; encrypted ones are refused. */
async function* zipEntries(path: string, fileSize: number): AsyncGenerator<Source> {
  const file = await open(path);
  const growth = new Growth(fileSize);
  try {
    const tail = await readAt(file, Math.max(0, fileSize - 65_557), Math.min(fileSize, 65_557));
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (end < 0 || end + 22 > tail.length) throw new ArchiveError('the zip has no list of its files', 'zip にファイルの一覧がありません');
    let [count, size, offset] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
    if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
      const locator = end - 20;
      if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) throw new ArchiveError('the zip is broken', 'zip が壊れています');
      const far = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
      if (far.length < 56 || far.readUInt32LE(0) !== 0x06064b50) throw new ArchiveError('the zip is broken', 'zip が壊れています');
      [count, size, offset] = [Number(far.readBigUInt64LE(32)), Number(far.readBigUInt64LE(40)), Number(far.readBigUInt64LE(48))];
    }
    if (count > ENTRIES_MAX || size > DIRECTORY_MAX) throw new ArchiveError(`more than ${ENTRIES_MAX} files`, `${ENTRIES_MAX} を超えるファイルが入っています`);
    const directory = await readAt(file, offset, size);
    for (let at = 0, entry = 0; entry < count; entry++) {
      if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw new ArchiveError('the zip is broken', 'zip が壊れています');
      const [flags, method, nameLength, extraLength, commentLength] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10), directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30), directory.readUInt16LE(at + 32)];
      let [packed, unpacked, place] = [directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 42)];
      const unixType = (directory.readUInt32LE(at + 38) >>> 28) & 0xf;
      if (nameLength > NAME_MAX) throw new ArchiveError('a name in the zip is too long', 'zip の中の名前が長すぎます');
      const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
      const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
      [unpacked, packed, place] = zip64(extra, unpacked, packed, place);
      at += 46 + nameLength + extraLength + commentLength;
      // Folders, and links where the archive was made on a Unix.
      if (name.endsWith('/') || unixType === 0xa) continue;
      if ((flags & 1) !== 0) throw new ArchiveError(`${name} is encrypted`, `${name} に鍵がかかっています`);
      if (method !== 0 && method !== 8) throw new ArchiveError(`${name} is packed in an unknown way`, `${name} の圧縮の形式が分かりません`);
      yield {
        name, size: unpacked,
        async *bytes() {
          const header = await readAt(file, place, 30);
          if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw new ArchiveError('the zip is broken', 'zip が壊れています');
          const start = place + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
          if (packed === 0) return;
          const raw = createReadStream(path, { start, end: start + packed - 1 });
          yield* growth.of(raw, method === 0 ? null : createInflateRaw());
        },
      };
      // Said once, where it was read, and not of every file that follows.
      if (growth.isTooMuch) return;
    }
  } finally {
    await file.close();
  }
}

/** Sizes and place above 4 GB stand in an extra field, in this order and only where the usual field is full. */
function zip64(extra: Buffer, unpacked: number, packed: number, place: number): [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    const next = (value: number): number => {
      if (value !== 0xffffffff) return value;
      if (from + 8 > extra.length) throw new ArchiveError('the zip is broken', 'zip が壊れています');
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    };
    return [next(unpacked), next(packed), next(place)];
  }
  return [unpacked, packed, place];
}
