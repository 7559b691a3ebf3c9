import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../kernel/spool/files.ts';
import type { Head } from './types.ts';

const HEAD_BYTES_MAX = 64 * 1024;
const NAME = /^(\d{14})-([0-9a-f]{32})\.mail$/;

/** A file of the door: when it was taken (epoch milliseconds) and its id, which is the hash of envelope and bytes. */
export interface Taken {
  readonly name: string;
  readonly at: number;
  readonly id: string;
}

const named = (name: string): Taken | null => {
  const match = NAME.exec(name);
  return match && { name, at: Number(match[1]), id: match[2]! };
};

/**
 * The door's journal: one file a mail. `new` holds what is acknowledged and not delivered, `done` what is delivered and not
 * yet in a verified backup, `kept` what could not be read and is stored nowhere else. Whoever sends the same mail again
 * because the answer was lost gets the same id, so it is stored once.
 */
export class MailFolder {
  readonly #root: string;
  /** Ids in `new` and `done`; the promise ends when the file is safe on disk. */
  readonly #ids = new Map<string, Promise<void>>();
  #new: Taken[] = [];
  /** Of the files in `new`, by name. */
  readonly #sizes = new Map<string, number>();
  #waitingBytes = 0;

  private constructor(root: string) {
    this.#root = root;
  }

  /** Files that were being written when an earlier process died were never acknowledged: they go. */
  static async open(root: string): Promise<MailFolder> {
    const folder = new MailFolder(root);
    for (const part of ['part', 'new', 'done', 'kept']) await mkdir(folder.#path(part), { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder.#path('part'))) await rm(folder.#path('part', name), { force: true });
    await syncFolder(root);
    folder.#new = await folder.#list('new');
    for (const taken of folder.#new) await folder.#measure(taken);
    for (const { id } of [...folder.#new, ...(await folder.#list('done'))]) folder.#ids.set(id, Promise.resolve());
    return folder;
  }

  #path(...parts: string[]): string {
    return join(this.#root, ...parts);
  }

  async #list(part: string): Promise<Taken[]> {
    return (await readdir(this.#path(part))).map(named).filter((t) => t !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Acknowledged and not delivered, the oldest first. */
  get waiting(): readonly Taken[] {
    return this.#new;
  }

  /** Of all that waits. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  async #measure(taken: Taken): Promise<void> {
    this.#count(taken, (await stat(this.#path('new', taken.name))).size);
  }

  #count({ name }: Taken, size: number): void {
    this.#sizes.set(name, size);
    this.#waitingBytes += size;
  }

  done(): Promise<Taken[]> {
    return this.#list('done');
  }

  /** Begins a file; `head` is known before the first byte of the mail. */
  async begin(head: Head): Promise<Writing> {
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    if (line.length > HEAD_BYTES_MAX) throw new Error('the envelope is too long');
    const path = this.#path('part', randomBytes(12).toString('hex'));
    const file = await open(path, 'wx', 0o600);
    const hash = createHash('sha256').update(JSON.stringify([head.from, head.to.map((t) => t.address).sort()]));
    try {
      await file.write(line);
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    return new Writing(file, path, hash, (id) => this.#keep(path, id, Date.parse(head.at)));
  }

  async #keep(path: string, id: string, at: number): Promise<boolean> {
    const before = this.#ids.get(id);
    if (before) {
      await before;
      await rm(path, { force: true });
      return false;
    }
    const taken = { name: `${String(at).padStart(14, '0')}-${id}.mail`, at, id };
    const safe = (async () => {
      const { size } = await stat(path);
      await rename(path, this.#path('new', taken.name));
      await syncFolder(this.#path('new'));
      this.#count(taken, size);
    })();
    this.#ids.set(id, safe);
    try {
      await safe;
    } catch (error) {
      // Nobody knows whether the name is on disk: the sender is refused and tries again.
      this.#ids.delete(id);
      throw error;
    }
    this.#new.push(taken);
    return true;
  }

  /** @throws when the file is damaged: its first line is no head */
  async read({ name }: Taken): Promise<{ head: Head; raw: Buffer }> {
    const bytes = await readFile(this.#path('new', name));
    const end = bytes.subarray(0, HEAD_BYTES_MAX).indexOf(10);
    if (end < 0) throw new Error(`${name} has no head`);
    return { head: JSON.parse(bytes.subarray(0, end).toString('utf8')) as Head, raw: bytes.subarray(end + 1) };
  }

  /** After the delivery. `keep`: nothing else holds its bytes. */
  async finish(taken: Taken, keep: boolean): Promise<void> {
    const place = keep ? 'kept' : 'done';
    await rename(this.#path('new', taken.name), this.#path(place, taken.name));
    this.#new = this.#new.filter((t) => t.name !== taken.name);
    this.#waitingBytes -= this.#sizes.get(taken.name) ?? 0;
    this.#sizes.delete(taken.name);
  }

  /** Takes a delivered one up again: the stores were put back to a moment before it. */
  async replay(taken: Taken): Promise<void> {
    await rename(this.#path('done', taken.name), this.#path('new', taken.name));
    await this.#measure(taken);
    this.#new = [...this.#new, taken].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** When a delivered one was last moved, epoch milliseconds. */
  async movedAt({ name }: Taken): Promise<number> {
    return (await stat(this.#path('done', name))).ctimeMs;
  }

  /** A verified backup holds what came of it. */
  async forget(taken: Taken): Promise<void> {
    await rm(this.#path('done', taken.name), { force: true });
    this.#ids.delete(taken.id);
  }
}

/** One mail on its way to disk. */
export class Writing {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #hash: ReturnType<typeof createHash>;
  readonly #keep: (id: string) => Promise<boolean>;

  constructor(file: FileHandle, path: string, hash: ReturnType<typeof createHash>, keep: (id: string) => Promise<boolean>) {
    this.#file = file;
    this.#path = path;
    this.#hash = hash;
    this.#keep = keep;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    // writeFile writes on from where the handle stands, until all of it is written.
    await this.#file.writeFile(chunk);
  }

  /** Resolves when the mail survives the end of the power. @returns its id; `again` when it was there already */
  async finish(): Promise<{ id: string; again: boolean }> {
    try {
      await this.#file.sync();
      await this.#file.close();
      const id = this.#hash.digest('hex').slice(0, 32);
      return { id, again: !(await this.#keep(id)) };
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true }).catch(() => {});
  }
}
