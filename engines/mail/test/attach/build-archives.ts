import { crc32 } from 'node:zlib';
import { le } from './build.ts';

// ---------------------------------------------------------------- LZMA and 7z

/**
 * The least of an LZMA encoder: every byte as a literal (lc 3, lp 0, pb 2), through the range coder of the LZMA
 * specification. Streams with matches come from the tests as bytes that another program wrote.
 */
export function lzmaLiterals(data: Uint8Array): Buffer {
  const out: number[] = [];
  let low = 0;
  let range = 0xffffffff;
  let cache = 0;
  let pending = 1;
  const shift = (): void => {
    if (low < 0xff000000 || low > 0xffffffff) {
      const carry = low > 0xffffffff ? 1 : 0;
      for (; pending > 0; pending--) {
        out.push((cache + carry) & 255);
        cache = 0xff;
      }
      cache = Math.floor(low / 0x1000000) & 255;
    }
    pending++;
    low = (low & 0x00ffffff) * 256;
  };
  const encode = (table: Uint16Array, index: number, bit: number): void => {
    const value = table[index]!;
    const bound = (range >>> 11) * value;
    if (bit === 0) {
      range = bound;
      table[index] = value + ((2048 - value) >> 5);
    } else {
      low += bound;
      range -= bound;
      table[index] = value - (value >> 5);
    }
    while (range < 0x1000000) {
      range = (range << 8) >>> 0;
      shift();
    }
  };
  const match = new Uint16Array(4).fill(1024);
  const literals = new Uint16Array(0x300 << 3).fill(1024);
  data.forEach((byte, i) => {
    encode(match, i & 3, 0);
    const base = 0x300 * ((data[i - 1] ?? 0) >> 5);
    let node = 1;
    for (let bit = 7; bit >= 0; bit--) {
      encode(literals, base + node, (byte >> bit) & 1);
      node = (node << 1) | ((byte >> bit) & 1);
    }
  });
  for (let i = 0; i < 5; i++) shift();
  return Buffer.from(out);
}

const LZMA_PROPERTIES = Buffer.from('5d00000100', 'hex');

function number(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value]);
  if (value < 0x4000) return Buffer.from([0x80 | (value >> 8), value & 255]);
  return Buffer.concat([Buffer.from([0xf0]), le([4, value])]);
}

export interface SevenZip {
  readonly files: readonly { readonly name: string; readonly data?: Uint8Array }[];
  /** Contents under AES. */
  readonly locked?: boolean;
  /** The header compressed by LZMA, as 7-Zip does it, or under AES, too. */
  readonly header?: 'plain' | 'lzma' | 'aes';
  /** Size of the unpacked contents, when it is to be a lie. */
  readonly declared?: number;
}

export function sevenZip({ files, locked = false, header = 'plain', declared }: SevenZip): Buffer {
  const contents = files.map(({ data }) => Buffer.from(data ?? 'x'));
  const whole = Buffer.concat(contents);
  const packed = locked ? whole : lzmaLiterals(whole);
  const coder = locked ? Buffer.from('2406f107010140', 'hex') : Buffer.concat([Buffer.from('2303010105', 'hex'), LZMA_PROPERTIES]);
  const names = Buffer.concat([Buffer.from([0]), ...files.map(({ name }) => Buffer.from(`${name}\0`, 'utf16le'))]);
  const plain = Buffer.concat([
    Buffer.from([1, 4, 6, 0]), number(1), Buffer.from([9]), number(packed.length), Buffer.from([0]),
    Buffer.from([7, 0x0b, 1, 0, 1]), coder, Buffer.from([0x0c]), number(declared ?? whole.length), Buffer.from([0]),
    Buffer.from([8, 0x0d]), number(files.length), ...(files.length > 1 ? [Buffer.from([9]), ...contents.slice(0, -1).map((data) => number(data.length))] : []),
    Buffer.from([0x0a, 1]), ...contents.map((data) => le([4, crc32(data)])), Buffer.from([0, 0]),
    Buffer.from([5]), number(files.length), Buffer.from([0x11]), number(names.length), names, Buffer.from([0, 0]),
  ]);
  const coded = header === 'plain' ? Buffer.alloc(0) : lzmaLiterals(plain);
  const next = header === 'plain' ? plain : Buffer.concat([
    Buffer.from([0x17, 6]), number(packed.length), number(1), Buffer.from([9]), number(coded.length), Buffer.from([0, 7, 0x0b, 1, 0, 1]),
    header === 'aes' ? Buffer.from('2406f107010140', 'hex') : Buffer.concat([Buffer.from('2303010105', 'hex'), LZMA_PROPERTIES]),
    Buffer.from([0x0c]), number(plain.length), Buffer.from([0x0a, 1]), le([4, crc32(plain)]), Buffer.from([0, 0]),
  ]);
  const start = le([8, packed.length + coded.length], [8, next.length], [4, crc32(next)]);
  return Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), le([4, crc32(start)]), start, packed, coded, next]);
}

// ---------------------------------------------------------------- RAR

export function rar4(files: readonly { name: string; data?: Uint8Array; locked?: boolean }[], hidden = false): Buffer {
  const block = (type: number, flags: number, body: Buffer): Buffer => Buffer.concat([le([2, 0], [1, type], [2, flags], [2, 7 + body.length]), body]);
  const parts: Buffer[] = [Buffer.from('526172211a0700', 'hex'), block(0x73, hidden ? 0x80 : 0, Buffer.alloc(6))];
  for (const { name, data = Buffer.from('x'), locked = false } of files) {
    const ascii = Buffer.from(name.replace(/[^\u0020-\u007e]/g, '_'));
    // Unicode names: every character as two bytes (kind 2), four to a byte of flags.
    const coded: number[] = [0];
    for (let i = 0; i < name.length; i += 4) {
      coded.push(0b10101010);
      for (const char of name.slice(i, i + 4)) coded.push(char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8);
    }
    const raw = Buffer.concat([ascii, Buffer.from([0]), Buffer.from(coded)]);
    const body = Buffer.concat([le([4, data.length], [4, data.length], [1, 2], [4, crc32(data)], [4, 0], [1, 29], [1, 0x30], [2, raw.length], [4, 0x20]), raw]);
    parts.push(block(0x74, 0x8000 | 0x200 | (locked ? 4 : 0), body), Buffer.from(data));
  }
  return Buffer.concat([...parts, block(0x7b, 0x4000, Buffer.alloc(0))]);
}

export function rar5(files: readonly { name: string; data?: Uint8Array; locked?: boolean }[], hidden = false): Buffer {
  const vint = (value: number): Buffer => {
    const out: number[] = [];
    for (; value > 127; value = Math.floor(value / 128)) out.push((value & 127) | 128);
    return Buffer.from([...out, value]);
  };
  const block = (...fields: Buffer[]): Buffer => {
    const body = Buffer.concat(fields);
    const sized = Buffer.concat([vint(body.length), body]);
    return Buffer.concat([le([4, crc32(sized)]), sized]);
  };
  const parts: Buffer[] = [Buffer.from('526172211a070100', 'hex')];
  if (hidden) return Buffer.concat([...parts, block(vint(4), vint(0), vint(0), vint(0), Buffer.alloc(17)), Buffer.alloc(80, 0x5a)]);
  parts.push(block(vint(1), vint(0), vint(0)));
  for (const { name, data = Buffer.from('x'), locked = false } of files) {
    const raw = Buffer.from(name);
    const extra = locked ? Buffer.concat([vint(4), vint(1), vint(0), vint(0), vint(0)]) : Buffer.alloc(0);
    parts.push(block(vint(2), vint(locked ? 3 : 2), ...(locked ? [vint(extra.length)] : []), vint(data.length), vint(0), vint(data.length), vint(0x20), vint(0), vint(0), vint(raw.length), raw, extra), Buffer.from(data));
  }
  return Buffer.concat([...parts, block(vint(5), vint(0), vint(0))]);
}

// ---------------------------------------------------------------- tar, cabinet, disk images

export function tar(files: readonly { name: string; data: Uint8Array | string }[]): Buffer {
  const parts = files.flatMap(({ name, data }) => {
    const bytes = Buffer.from(data);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\u000000', 257);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

export function cab(names: readonly string[]): Buffer {
  const files = names.map((name) => Buffer.concat([le([4, 1], [4, 0], [2, 0], [2, 0], [2, 0], [2, 0x80]), Buffer.from(`${name}\0`)]));
  return Buffer.concat([Buffer.from('MSCF'), le([4, 0], [4, 200], [4, 0], [4, 36], [4, 0], [1, 3], [1, 1], [2, 0], [2, names.length], [2, 0], [2, 0], [2, 0]), ...files]);
}

/** A CD image with one folder and, where wanted, a second directory with long names (Joliet). */
export function iso(files: readonly { name: string; data: Uint8Array }[], joliet = true): Buffer {
  const sector = 2048;
  const record = (name: Buffer, at: number, size: number, folder: boolean): Buffer => {
    const length = 33 + name.length + ((33 + name.length) % 2);
    const out = Buffer.alloc(length);
    out[0] = length;
    out.writeUInt32LE(at, 2);
    out.writeUInt32LE(size, 10);
    out[25] = folder ? 2 : 0;
    out[32] = name.length;
    name.copy(out, 33);
    return out;
  };
  const places = files.map((_, i) => 24 + i * 4);
  const directory = (at: number, wide: boolean): Buffer => {
    const rows = [record(Buffer.from([0]), at, sector, true), record(Buffer.from([1]), at, sector, true)];
    files.forEach(({ name, data }, i) => rows.push(record(wide ? Buffer.from(name, 'utf16le').swap16() : Buffer.from(`${name.replace(/[^\u0020-\u007e]/g, '_').slice(0, 30).toUpperCase()};1`), places[i]!, data.length, false)));
    return Buffer.concat([Buffer.concat(rows), Buffer.alloc(sector)]).subarray(0, sector);
  };
  const volume = (kind: number, root: number): Buffer => {
    const out = Buffer.alloc(sector);
    out[0] = kind;
    out.write('CD001\u0001', 1, 'latin1');
    if (kind === 2) out.write('%/E', 88);
    record(Buffer.from([0]), root, sector, true).copy(out, 156);
    return out;
  };
  const image = Buffer.alloc(sector * (24 + files.length * 4 + 4));
  volume(1, 20).copy(image, sector * 16);
  if (joliet) volume(2, 21).copy(image, sector * 17);
  volume(255, 0).copy(image, sector * (joliet ? 18 : 17));
  directory(20, false).copy(image, sector * 20);
  directory(21, true).copy(image, sector * 21);
  files.forEach(({ data }, i) => Buffer.from(data).copy(image, sector * places[i]!));
  return image;
}

/** A disk image with one partition, with the footer of a VHD or without. */
export function disk(kind: 'img' | 'vhd'): Buffer {
  const image = Buffer.alloc(4096);
  image.set([0x80, 1, 1, 0, 7, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0], 446);
  image.writeUInt16LE(0xaa55, 510);
  if (kind === 'vhd') image.write('conectix', image.length - 512);
  return image;
}

// ---------------------------------------------------------------- shortcuts and notebooks

export interface Lnk { readonly path?: string; readonly relative?: string; readonly parameters?: string; readonly icon?: string }

/** [MS-SHLLINK]: header, LinkInfo with a local path, strings in UTF-16. */
export function lnk({ path, relative, parameters, icon }: Lnk): Buffer {
  const flags = 0x80 | (path === undefined ? 0 : 0x02) | (relative === undefined ? 0 : 0x08) | (parameters === undefined ? 0 : 0x20) | (icon === undefined ? 0 : 0x40);
  const header = Buffer.concat([Buffer.from('4c0000000114020000000000c000000000000046', 'hex'), le([4, flags]), Buffer.alloc(52)]);
  const parts: Buffer[] = [header];
  if (path !== undefined) {
    const base = Buffer.from(`${path}\0`, 'latin1');
    parts.push(le([4, 28 + base.length], [4, 28], [4, 1], [4, 28], [4, 28], [4, 0], [4, 0]), base);
  }
  for (const text of [relative, parameters, icon]) if (text !== undefined) parts.push(le([2, text.length]), Buffer.from(text, 'utf16le'));
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** [MS-ONESTORE]: header id, some page text, embedded files. */
export function oneNote(files: readonly { name: string; data: Uint8Array }[]): Buffer {
  const parts: Buffer[] = [Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex'), Buffer.alloc(1008), Buffer.from('会議のメモ\0', 'utf16le')];
  for (const { name, data } of files) parts.push(Buffer.from(`${name}\0`, 'utf16le'), Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex'), le([8, data.length], [4, 0], [8, 0]), Buffer.from(data), Buffer.alloc(16));
  return Buffer.concat(parts);
}
