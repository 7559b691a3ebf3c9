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

/** S3 by signed requests (AWS Signature Version 4). One PUT a backup: up to 5 GiB, the protocol's limit for a single request. */
export function s3Place(settings: S3Settings): BackupPlace {
  const client = new AwsClient({ accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey, region: settings.region, service: 's3', retries: 3 });
  const base = `${settings.endpoint.replace(/\/$/, '')}/${encodeURIComponent(settings.bucket)}`;
  const prefix = settings.prefix ? `${settings.prefix.replace(/^\/|\/$/g, '')}/` : '';
  const url = (name: string): string => `${base}/${prefix}${name}`;
  const ask = async (target: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> => {
    const signed = await client.sign(target, { ...init, aws: { signQuery: false } } as Parameters<AwsClient['sign']>[1]);
    const response = await fetch(signed, { signal: AbortSignal.timeout(10 * 60_000) });
    if (!response.ok) throw new Error(`The store answered ${response.status} to ${init.method ?? 'GET'}: ${(await response.text()).replace(/<[^>]*>/g, ' ').trim().slice(0, 200)}`);
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
      do {
        const page = await (await ask(`${base}?list-type=2&prefix=${encodeURIComponent(prefix)}${token ? `&continuation-token=${encodeURIComponent(token)}` : ''}`, { method: 'GET' })).text();
        for (const match of page.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
          const name = /<Key>([^<]*)<\/Key>/.exec(match[1]!)?.[1]?.slice(prefix.length) ?? '';
          if (isBackupName(name)) found.push({ name, bytes: Number(/<Size>(\d+)<\/Size>/.exec(match[1]!)?.[1] ?? 0) });
        }
        token = /<NextContinuationToken>([^<]*)</.exec(page)?.[1] ?? '';
      } while (token);
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

