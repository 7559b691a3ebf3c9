/** Archives and disk images: a zip writer that can encrypt (APPNOTE 6.3, traditional encryption) and an ISO 9660 writer. */
import { crc32, deflateRawSync } from 'node:zlib';
import iconv from 'iconv-lite';

export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** Traditional PKWARE encryption (APPNOTE 6.1) with a fixed 12-byte header, so that mails are the same on every run. */
function encrypt(bytes: Uint8Array, password: string, checksum: number): Buffer {
  const keys = Uint32Array.of(0x12345678, 0x23456789, 0x34567890);
  const step = (crc: number, byte: number): number => table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  const update = (byte: number): void => {
    keys[0] = step(keys[0]!, byte);
    keys[1] = Math.imul((keys[1]! + (keys[0]! & 0xff)) >>> 0, 134775813) + 1;
    keys[2] = step(keys[2]!, keys[1]! >>> 24);
  };
  for (const byte of Buffer.from(password)) update(byte);
  const header = Buffer.from([17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, checksum >>> 24]);
  return Buffer.from([...header, ...bytes].map((byte) => {
    const key = (keys[2]! | 2) & 0xffff;
    const out = byte ^ ((Math.imul(key, key ^ 1) >>> 8) & 0xff);
    update(byte);
    return out;
  }));
}

/** A zip file. Names without the UTF-8 flag stand in CP932, as Windows' own compressed folders write them. */
export function archive(members: readonly Member[], how: { readonly names: 'cp932' | 'utf-8'; readonly password?: string }): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of members) {
    const path = how.names === 'utf-8' ? Buffer.from(name) : iconv.encode(name, 'cp932');
    const checksum = crc32(bytes) >>> 0;
    const packed = deflateRawSync(bytes);
    const data = how.password === undefined ? packed : encrypt(packed, how.password, checksum);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((how.password === undefined ? 0 : 1) | (how.names === 'utf-8' ? 0x800 : 0), 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0x4a60, 6);
    common.writeUInt16LE(0x5d62, 8);
    common.writeUInt32LE(checksum, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(Buffer.from('504b01021400', 'hex'), common, place, path);
    const entry = Buffer.concat([Buffer.from('504b0304', 'hex'), common, path, data]);
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

const sector = 2048;

function both32(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}

function both16(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(value, 0);
  bytes.writeUInt16BE(value, 2);
  return bytes;
}

/** A directory record (ECMA-119 9.1). */
function record(name: Buffer, start: number, size: number, directory: boolean): Buffer {
  const length = 33 + name.length + (name.length % 2 === 0 ? 1 : 0);
  return Buffer.concat([Buffer.from([length, 0]), both32(start), both32(size), Buffer.from([126, 11, 2, 9, 0, 0, 36, directory ? 2 : 0, 0, 0]), both16(1), Buffer.from([name.length]), name, Buffer.alloc(length - 33 - name.length)]);
}

/** An ISO 9660 image (ECMA-119) with one directory; long and Japanese names become FILE1.EXE and the like in it, and stand in full in a Joliet tree. */
export function diskImage(members: readonly Member[]): Uint8Array {
  const rootAt = 19;
  const jolietAt = 20;
  let next = 21;
  const placed = members.map(({ name, bytes }, index) => {
    const start = next;
    next += Math.ceil(bytes.length / sector);
    const extension = name.slice(name.lastIndexOf('.') + 1).toUpperCase().replace(/[^A-Z0-9]/g, '');
    return { short: Buffer.from(`FILE${index + 1}.${extension};1`), long: Buffer.from(name, 'utf16le').swap16(), bytes, start };
  });
  const tree = (at: number, key: 'short' | 'long'): Buffer => Buffer.concat([record(Buffer.of(0), at, sector, true), record(Buffer.of(1), at, sector, true), ...placed.map((file) => record(file[key], file.start, file.bytes.length, false))]);
  const volume = (kind: number, at: number): Buffer => {
    const bytes = Buffer.alloc(sector);
    bytes.writeUInt8(kind, 0);
    bytes.write('CD001\x01', 1, 'latin1');
    (kind === 1 ? Buffer.from('DOCUMENTS'.padEnd(32)) : Buffer.from('DOCUMENTS'.padEnd(16), 'utf16le').swap16()).copy(bytes, 40);
    if (kind === 2) bytes.write('%/E', 88, 'latin1');
    both32(next).copy(bytes, 80);
    both16(1).copy(bytes, 120);
    both16(1).copy(bytes, 124);
    both16(sector).copy(bytes, 128);
    record(Buffer.of(0), at, sector, true).copy(bytes, 156);
    bytes.writeUInt8(1, 881);
    return bytes;
  };
  const image = Buffer.alloc(next * sector);
  volume(1, rootAt).copy(image, 16 * sector);
  volume(2, jolietAt).copy(image, 17 * sector);
  image.write('\xffCD001\x01', 18 * sector, 'latin1');
  tree(rootAt, 'short').copy(image, rootAt * sector);
  tree(jolietAt, 'long').copy(image, jolietAt * sector);
  for (const file of placed) Buffer.from(file.bytes).copy(image, file.start * sector);
  return image;
}
