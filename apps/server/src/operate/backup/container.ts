import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * A backup file: a plain head, then frames. A frame is u32 length and bytes; with a passphrase each frame is
 * AES-256-GCM with its number as nonce, so that none can be changed, left out, moved or cut off. Without one it ends in
 * 16 bytes of SHA-256 over its number and itself: what a disk or a wire breaks is found, what a person forges is not.
 * Frames carry entries: a name frame, data frames, an empty frame as end; an entry with an empty name ends the file.
 */
const MAGIC = 'BNYBAK01';
const FRAME = 256 * 1024;
const SEAL = 16;
/** scrypt: 64 MiB and about 0.2 s a try (RFC 7914). */
const SCRYPT = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 } as const;

export class BackupError extends Error {
  readonly code: 'not_a_backup' | 'passphrase_needed' | 'passphrase_wrong' | 'damaged' | 'not_empty' | 'too_new' | 'not_equal';
  constructor(code: BackupError['code'], message: string) {
    super(message);
    this.name = 'BackupError';
    this.code = code;
  }
}

const sum = (nonce: Uint8Array, frame: Uint8Array): Buffer => createHash('sha256').update(nonce).update(frame).digest().subarray(0, SEAL);

class Seal {
  readonly #key: Buffer | null;
  #number = 0n;
  constructor(key: Buffer | null) {
    this.#key = key;
  }

  #nonce(): Buffer {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(this.#number++, 4);
    return nonce;
  }

  close(frame: Uint8Array): Uint8Array {
    const nonce = this.#nonce();
    if (!this.#key) return Buffer.concat([frame, sum(nonce, frame)]);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Buffer.concat([cipher.update(frame), cipher.final(), cipher.getAuthTag()]);
  }

  open(frame: Buffer): Buffer {
    const nonce = this.#nonce();
    if (frame.length < SEAL) throw new BackupError('damaged', 'The backup is damaged: a part is too short.');
    const [inner, seal] = [frame.subarray(0, -SEAL), frame.subarray(-SEAL)];
    if (!this.#key) {
      if (timingSafeEqual(sum(nonce, inner), seal)) return inner;
      throw new BackupError('damaged', 'The backup is damaged: a part does not match its check sum.');
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce).setAuthTag(seal);
    try {
      return Buffer.concat([decipher.update(inner), decipher.final()]);
    } catch {
      throw this.#number === 1n ? new BackupError('passphrase_wrong', 'The passphrase does not open this backup.') : new BackupError('damaged', 'The backup is damaged: a part does not match its seal.');
    }
  }
}

/** Writes a backup file; on disk (fsynced) when `finish` resolves. */
export class BackupWriter {
  readonly #file: FileHandle;
  readonly #seal: Seal;
  #bytes = 0;

  private constructor(file: FileHandle, seal: Seal) {
    this.#file = file;
    this.#seal = seal;
  }

  static async create(path: string, passphrase: string | null): Promise<BackupWriter> {
    const file = await open(path, 'wx', 0o600);
    const salt = passphrase ? randomBytes(16) : Buffer.alloc(0);
    await file.write(Buffer.concat([Buffer.from(MAGIC), Buffer.from([salt.length]), salt]));
    const writer = new BackupWriter(file, new Seal(passphrase ? scryptSync(passphrase, salt, 32, SCRYPT) : null));
    await writer.#frame(Buffer.from('banya'));
    return writer;
  }

  async entry(name: string, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    await this.#frame(Buffer.from(name));
    for await (const chunk of source) for (let at = 0; at < chunk.length; at += FRAME) await this.#frame(chunk.subarray(at, at + FRAME));
    await this.#frame(Buffer.alloc(0));
  }

  /** Ends the file. @returns its size in bytes */
  async finish(): Promise<number> {
    await this.#frame(Buffer.alloc(0));
    await this.#file.sync();
    await this.#file.close();
    return this.#bytes;
  }

  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #frame(bytes: Uint8Array): Promise<void> {
    const sealed = this.#seal.close(bytes);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(sealed.length);
    await this.#file.writev([length, sealed]);
    this.#bytes += 4 + sealed.length;
  }
}

/**
 * Reads a whole backup file and throws its content away: what is damaged is found before anything was restored of it.
 * @throws BackupError
 */
export async function checkBackupFile(path: string, passphrase: string | null): Promise<void> {
  const reader = await BackupReader.open(path, passphrase);
  for (let entry = await reader.next(); entry; entry = await reader.next()) for await (const _ of entry.data) void _;
}

/** Reads a backup file once, from front to end. */
export class BackupReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #seal!: Seal;

  private constructor(path: string) {
    this.#chunks = createReadStream(path, { highWaterMark: 1024 * 1024 })[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** @throws BackupError not_a_backup, passphrase_needed, passphrase_wrong */
  static async open(path: string, passphrase: string | null): Promise<BackupReader> {
    const reader = new BackupReader(path);
    const magic = await reader.#take(MAGIC.length).catch(() => Buffer.alloc(0));
    if (magic.toString() !== MAGIC) throw new BackupError('not_a_backup', 'This file is not a backup of Banya.');
    const salt = await reader.#take((await reader.#take(1))[0]!);
    if (salt.length > 0 && !passphrase) throw new BackupError('passphrase_needed', 'This backup is encrypted. Give its passphrase.');
    reader.#seal = new Seal(salt.length > 0 ? scryptSync(passphrase!, salt, 32, SCRYPT) : null);
    if ((await reader.#frame()).toString() !== 'banya') throw new BackupError('damaged', 'The backup is damaged at its beginning.');
    return reader;
  }

  /** The next entry; its data must be read to the end before the next. Null at the end of the file. */
  async next(): Promise<{ name: string; data: AsyncGenerator<Buffer> } | null> {
    const name = (await this.#frame()).toString();
    if (name === '') {
      if (this.#held.length > 0 || !(await this.#chunks.next()).done) throw new BackupError('damaged', 'The backup is damaged: something stands behind its end.');
      return null;
    }
    return { name, data: this.#data() };
  }

  async *#data(): AsyncGenerator<Buffer> {
    for (let frame = await this.#frame(); frame.length > 0; frame = await this.#frame()) yield frame;
  }

  async #frame(): Promise<Buffer> {
    const length = (await this.#take(4)).readUInt32LE(0);
    if (length > FRAME + SEAL) throw new BackupError('damaged', 'The backup is damaged: a part is too long.');
    return this.#seal.open(await this.#take(length));
  }

  async #take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#held.length === 0) {
        const { value, done } = await this.#chunks.next();
        if (done) throw new BackupError('damaged', 'The backup ends too early: it is damaged, or was not written to its end.');
        this.#held = value;
      }
      const part = this.#held.subarray(0, missing);
      this.#held = this.#held.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }
}
