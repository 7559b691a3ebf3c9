import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './errors.ts';

/**
 * Secrets under one master key (32 bytes): from BANYA_MASTER_KEY (base64) or `master.key` in the data folder, mode 0600.
 * Every use has a key of its own, derived by HKDF-SHA-256 (RFC 5869) with the purpose as info.
 */
export class Secrets {
  readonly #master: Buffer;

  constructor(master: Buffer) {
    if (master.length !== 32) throw new StartError('The master key has the wrong length.', 'BANYA_MASTER_KEY must be 32 bytes as base64 (44 characters).');
    this.#master = master;
  }

  static open(dataDir: string, fromEnvironment: string | undefined): Secrets {
    if (fromEnvironment) return new Secrets(Buffer.from(fromEnvironment, 'base64'));
    const file = join(dataDir, 'master.key');
    if (!existsSync(file)) {
      const fd = openSync(file, 'wx', 0o600);
      writeSync(fd, randomBytes(32).toString('base64') + '\n');
      fsyncSync(fd);
      closeSync(fd);
    }
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return new Secrets(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64'));
  }

  #key(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, 'banya/v1', purpose, 32));
  }

  /** Encrypts with AES-256-GCM; `purpose` and `context` (for instance the row's id) are bound to the result. */
  seal(purpose: string, plain: string | Uint8Array, context = ''): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key(purpose), iv).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return `v1.${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')}`;
  }

  /** Opens what `seal` made; throws if it was changed, or sealed for another purpose or context. */
  open(purpose: string, sealed: string, context = ''): Buffer {
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    if (!sealed.startsWith('v1.') || bytes.length < 28) throw new Error('sealed value is malformed');
    const decipher = createDecipheriv('aes-256-gcm', this.#key(purpose), bytes.subarray(0, 12)).setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  }

  /** `seal` for bytes, without the detour over text: 12 bytes of nonce, the sealed bytes, 16 of tag. */
  sealBytes(purpose: string, plain: Uint8Array, context = ''): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key(purpose), iv).setAAD(Buffer.from(context));
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Opens what `sealBytes` made; throws if it was changed, or sealed for another purpose or context. */
  openBytes(purpose: string, sealed: Uint8Array, context = ''): Buffer {
    if (sealed.length < 28) throw new Error('sealed bytes are malformed');
    const decipher = createDecipheriv('aes-256-gcm', this.#key(purpose), sealed.subarray(0, 12)).setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  }

  /** A keyed hash, hex: for tokens at rest and for links that must not be forged. */
  mac(purpose: string, text: string | Uint8Array): string {
    return createHmac('sha256', this.#key(purpose)).update(text).digest('hex');
  }

  macMatches(purpose: string, text: string, mac: string): boolean {
    const wanted = Buffer.from(this.mac(purpose, text), 'hex');
    const given = Buffer.from(mac, 'hex');
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }

  /** For a backup under a passphrase only. */
  exportMaster(): Buffer {
    return Buffer.from(this.#master);
  }
}

/** A fresh random token, base64url, 256 bits. */
export const randomToken = (): string => randomBytes(32).toString('base64url');
