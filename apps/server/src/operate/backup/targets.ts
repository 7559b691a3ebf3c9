import { AwsClient } from 'aws4fetch';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isBackupName } from './backup.ts';

export interface StoredBackup {
  readonly name: string;
  readonly bytes: number;
}

/** Where backups are kept: a folder (a share mounted there, too) or an S3-compatible store. */
export interface BackupPlace {
  /** Throws with a message for the operator when the place cannot be written. */
  check(): Promise<void>;
  put(file: string, name: string): Promise<void>;
  list(): Promise<StoredBackup[]>;
  get(name: string, file: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface S3Settings {
  readonly endpoint: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export function folderPlace(folder: string): BackupPlace {
  return {
    async check() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const probe = join(folder, '.banya-probe');
      await (await open(probe, 'w', 0o600)).close();
      await unlink(probe);
    },
    async put(file, name) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Under its name only when it is there whole, also on a share that breaks off.
      const part = join(folder, `${name}.part`);
      await copyFile(file, part);
      const handle = await open(part, 'r+');
      await handle.sync();
      await handle.close();
      await rename(part, join(folder, name));
    },
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter(isBackupName).sort();
      return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
    },
    get: (name, file) => copyFile(join(folder, name), file),
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

const ERROR_MAX = 16 * 1024;
/** A page names at most a thousand objects (ListObjectsV2). */
const PAGE_MAX = 4 * 1024 * 1024;
const PAGES_MAX = 1_000;

/** The beginning of an answer; what is more is not read. */
async function boundedText(response: Response, max: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size >= max) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, max));
}

/** Texts between two tags, one after another. Only forward, so that no answer costs more than its length, whatever it holds. */
export function* between(text: string, open: string, close: string): Generator<string> {
  for (let at = 0; ; ) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return;
    yield text.slice(start + open.length, end);
    at = end + close.length;
  }
}
const first = (text: string, name: string): string => between(text, `<${name}>`, `</${name}>`).next().value ?? '';

/** The words of an XML answer. A tag that does not end takes the rest with it. */
export function withoutTags(text: string): string {
  const words: string[] = [];
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('<', at);
    words.push(text.slice(at, open < 0 ? text.length : open).trim());
    const close = open < 0 ? -1 : text.indexOf('>', open);
    if (close < 0) break;
    at = close + 1;
  }
  return words.filter(Boolean).join(' ');
}

/** S3 by signed requests (AWS Signature Version 4). One PUT a backup: up to 5 GiB, the protocol's limit for a single request. */
export function s3Place(settings: S3Settings): BackupPlace {
  const client = new AwsClient({ accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey, region: settings.region, service: 's3', retries: 3 });
  const base = `${settings.endpoint.replace(/\/$/, '')}/${encodeURIComponent(settings.bucket)}`;
  const prefix = settings.prefix ? `${settings.prefix.replace(/^\/|\/$/g, '')}/` : '';
  const url = (name: string): string => `${base}/${prefix}${name}`;
  const ask = async (target: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> => {
    const signed = await client.sign(target, { ...init, aws: { signQuery: false } } as Parameters<AwsClient['sign']>[1]);
    const response = await fetch(signed, { signal: AbortSignal.timeout(10 * 60_000) });
    if (!response.ok) throw new Error(`The store answered ${response.status} to ${init.method ?? 'GET'}: ${withoutTags(await boundedText(response, ERROR_MAX)).slice(0, 200)}`);
    return response;
  };
  return {
    async check() {
      await ask(url('.banya-probe'), { method: 'PUT', body: 'banya' });
      await ask(url('.banya-probe'), { method: 'DELETE' });
    },
    async put(file, name) {
      const { size } = await stat(file);
      await ask(url(name), { method: 'PUT', headers: { 'content-length': String(size), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: Readable.toWeb(createReadStream(file)) as never, duplex: 'half' });
    },
    async list() {
      const found: StoredBackup[] = [];
      let token = '';
      for (let pages = 0; pages < PAGES_MAX; pages++) {
        const page = await boundedText(await ask(`${base}?list-type=2&prefix=${encodeURIComponent(prefix)}${token ? `&continuation-token=${encodeURIComponent(token)}` : ''}`, { method: 'GET' }), PAGE_MAX);
        for (const object of between(page, '<Contents>', '</Contents>')) {
          const name = first(object, 'Key').slice(prefix.length);
          const bytes = Number(first(object, 'Size'));
          if (isBackupName(name)) found.push({ name, bytes: Number.isSafeInteger(bytes) ? bytes : 0 });
        }
        token = first(page, 'NextContinuationToken');
        if (!token) break;
      }
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async get(name, file) {
      const response = await ask(url(name), { method: 'GET' });
      const handle = await open(file, 'w', 0o600);
      try {
        for await (const chunk of Readable.fromWeb(response.body as import('node:stream/web').ReadableStream)) await handle.write(chunk as Uint8Array);
      } finally {
        await handle.close();
      }
    },
    async remove(name) {
      await ask(url(name), { method: 'DELETE' });
    },
  };
}

