import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

/** The password everybody in the trade knows: it keeps virus scanners from eating the file and nobody from reading it. */
export const ZIP_PASSWORD = 'banya';
const deflate = promisify(deflateRaw);
const CHUNK = 1024 * 1024;

/** Table of CRC-32 (ISO 3309), which the cipher uses byte by byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c >>> 0;
});

/** The traditional cipher of zip files (APPNOTE 6.1): weak, and the only one that every Windows opens by itself. */
class ZipCrypto {
  #a = 0x12345678;
  #b = 0x23456789;
  #c = 0x34567890;

  constructor(password: string) {
    for (const byte of Buffer.from(password, 'latin1')) this.#turn(byte);
  }

  #turn(byte: number): void {
    this.#a = (TABLE[(this.#a ^ byte) & 0xff]! ^ (this.#a >>> 8)) >>> 0;
    this.#b = (Math.imul((this.#b + (this.#a & 0xff)) >>> 0, 134775813) + 1) >>> 0;
    this.#c = (TABLE[(this.#c ^ (this.#b >>> 24)) & 0xff]! ^ (this.#c >>> 8)) >>> 0;
  }

  /** In place. */
  encrypt(bytes: Uint8Array): void {
    for (let n = 0; n < bytes.length; n += 1) {
      const plain = bytes[n]!;
      const t = (this.#c | 2) & 0xffff;
      bytes[n] = plain ^ ((Math.imul(t, t ^ 1) >>> 8) & 0xff);
      this.#turn(plain);
    }
  }
}

/** A zip of one file under a password. The house goes on serving between two megabytes. `name` is ASCII. */
export async function passwordZip(name: string, bytes: Uint8Array, at: Date, password = ZIP_PASSWORD): Promise<Buffer> {
  const crc = crc32(bytes);
  const packed = await deflate(bytes, { level: 6 });
  const body = Buffer.concat([randomBytes(11), Buffer.from([crc >>> 24]), packed]);
  const cipher = new ZipCrypto(password);
  for (let from = 0; from < body.length; from += CHUNK) {
    cipher.encrypt(body.subarray(from, from + CHUNK));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const file = Buffer.from(name, 'latin1');
  const time = ((at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)) & 0xffff;
  const date = (((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()) & 0xffff;
  // Version 2.0, flag bit 0: encrypted; method 8: deflated (APPNOTE 4.3.7).
  const common = Buffer.alloc(26);
  [20, 1, 8, time, date].forEach((value, n) => common.writeUInt16LE(value, n * 2));
  common.writeUInt32LE(crc, 10);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + body.length, 16);
  return Buffer.concat([local, body, central, end]);
}
