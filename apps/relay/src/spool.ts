/**
 * The relay's queue on disk. Lines go to an open file, synced in groups; a file that is long or old enough is sealed
 * and never changes again. One sealed file is one request, and its name is the request's Idempotency-Key: the key is
 * fixed before the first try and survives the death of the process, so the server can tell a repeat from news.
 */
import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

const OPEN = 'open.ndjson';
const SEALED = /^(\d{12})-([0-9a-f]{16})-(\d+)\.ndjson$/;
const REFUSED = 'refused';

export interface Segment {
  readonly name: string;
  readonly key: string;
  readonly lines: number;
  readonly bytes: number;
}

export interface SpoolLimits {
  /** Oldest lines are dropped, and counted, when the queue would grow beyond this. */
  readonly maxBytes: number;
  readonly sealBytes: number;
  /** With nothing else waiting, an open file is sealed after this long. */
  readonly sealMs: number;
  readonly syncMs: number;
  /** Bytes waiting for the disk at which `add` refuses. */
  readonly maxWaitingBytes: number;
}

export const DEFAULT_SPOOL_LIMITS: SpoolLimits = { maxBytes: 1024 ** 3, sealBytes: 512 * 1024, sealMs: 2000, syncMs: 100, maxWaitingBytes: 16 * 1024 * 1024 };

export class RelaySpool {
  readonly #folder: string;
  readonly #limits: SpoolLimits;
  readonly #run = randomBytes(8).toString('hex');
  readonly #sealed: Segment[] = [];
  readonly #inUse = new Set<string>();
  #sequence = 0;
  #file: FileHandle | null = null;
  #openBytes = 0;
  #openLines = 0;
  #openedAt = 0;
  #waiting: { text: string[]; done: PromiseWithResolvers<void> } | null = null;
  #waitingBytes = 0;
  #work: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;
  readonly #timer: NodeJS.Timeout;
  #closed = false;
  #fault: string | null = null;
  dropped = 0;
  refused = 0;

  /** Opens or makes the folder; what a dead process left open is cut to its last whole line and queued. @throws when the folder cannot be used. */
  constructor(folder: string, limits: Partial<SpoolLimits> = {}) {
    this.#folder = folder;
    this.#limits = { ...DEFAULT_SPOOL_LIMITS, ...limits };
    mkdirSync(join(folder, REFUSED), { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder).sort()) {
      const match = SEALED.exec(name);
      if (match === null) continue;
      this.#sequence = Math.max(this.#sequence, Number(match[1]));
      this.#sealed.push(this.#segment(name, Number(match[3]), statSync(join(folder, name)).size));
    }
    this.#recover();
    this.#timer = setInterval(() => void this.#enqueue(() => this.#sealIfDue()), Math.min(250, this.#limits.sealMs));
  }

  get status(): { segments: number; bytes: number; waitingBytes: number; dropped: number; refused: number; fault: string | null } {
    const bytes = this.#sealed.reduce((sum, segment) => sum + segment.bytes, 0) + this.#openBytes;
    return { segments: this.#sealed.length, bytes, waitingBytes: this.#waitingBytes, dropped: this.dropped, refused: this.refused, fault: this.#fault };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** True when the disk is too slow for what comes in: senders that can wait should. */
  get behind(): boolean {
    return this.#waitingBytes > this.#limits.maxWaitingBytes / 2;
  }

  /** Resolves when the lines are on disk. Refuses (false) when too much waits for the disk already. */
  async add(lines: readonly string[]): Promise<boolean> {
    if (this.#closed || this.#waitingBytes > this.#limits.maxWaitingBytes) return false;
    if (this.#waiting === null) {
      this.#waiting = { text: [], done: Promise.withResolvers<void>() };
      setTimeout(() => void this.#enqueue(() => this.#flush()), this.#limits.syncMs);
    }
    this.#waiting.text.push(...lines);
    for (const line of lines) this.#waitingBytes += Buffer.byteLength(line);
    await this.#waiting.done.promise;
    return true;
  }

  /** The oldest sealed file with its bytes, once there is one; null after `close`. Give it back with one of the verbs below. */
  async next(): Promise<{ segment: Segment; body: Buffer } | null> {
    for (;;) {
      if (this.#closed) return null;
      const segment = this.#sealed[0];
      if (segment !== undefined) {
        this.#inUse.add(segment.name);
        try {
          return { segment, body: await readFile(join(this.#folder, segment.name)) };
        } catch (error) {
          await this.#unreadable(segment, error as NodeJS.ErrnoException);
          continue;
        }
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** A file that somebody deleted is counted as lost; a disk that does not answer now is asked again. */
  async #unreadable(segment: Segment, error: NodeJS.ErrnoException): Promise<void> {
    if (error.code === 'ENOENT') {
      this.#forget(segment);
      this.dropped += segment.lines;
      return;
    }
    this.#fault = String(error);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }

  /** The server has it. */
  sent(segment: Segment): void {
    this.#forget(segment);
    rmSync(join(this.#folder, segment.name), { force: true });
  }

  /** The server will never take it: kept aside for a person to look at, as long as there is room. */
  putAside(segment: Segment): void {
    this.#forget(segment);
    this.refused += segment.lines;
    renameSync(join(this.#folder, segment.name), join(this.#folder, REFUSED, segment.name));
    const aside = readdirSync(join(this.#folder, REFUSED)).sort();
    for (const name of aside.slice(0, Math.max(0, aside.length - 20))) unlinkSync(join(this.#folder, REFUSED, name));
  }

  /** Writes and seals everything; nothing is taken afterwards. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closed = true;
    await this.#enqueue(async () => {
      await this.#flush();
      await this.#seal();
    });
    this.#wake();
  }

  #segment(name: string, lines: number, bytes: number): Segment {
    return { name, key: `${name.slice(13, 29)}:${Number(name.slice(0, 12))}:0-${bytes}`, lines, bytes };
  }

  #forget(segment: Segment): void {
    this.#inUse.delete(segment.name);
    const index = this.#sealed.findIndex((other) => other.name === segment.name);
    if (index >= 0) this.#sealed.splice(index, 1);
  }

  #recover(): void {
    const path = join(this.#folder, OPEN);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const whole = bytes.lastIndexOf(10) + 1;
    if (whole === 0) return unlinkSync(path);
    truncateSync(path, whole);
    const descriptor = openSync(path, 'r+');
    fdatasyncSync(descriptor);
    closeSync(descriptor);
    let lines = 0;
    for (let at = bytes.indexOf(10); at >= 0 && at < whole; at = bytes.indexOf(10, at + 1)) lines++;
    this.#rename(lines, whole);
  }

  #rename(lines: number, bytes: number): void {
    const name = `${String(++this.#sequence).padStart(12, '0')}-${this.#run}-${lines}.ndjson`;
    renameSync(join(this.#folder, OPEN), join(this.#folder, name));
    syncFolder(this.#folder);
    this.#sealed.push(this.#segment(name, lines, bytes));
    this.#wake();
    let total = this.#sealed.reduce((sum, segment) => sum + segment.bytes, 0);
    for (const segment of [...this.#sealed]) {
      if (total <= this.#limits.maxBytes) break;
      if (this.#inUse.has(segment.name) || segment.name === name) continue;
      this.sent(segment);
      this.dropped += segment.lines;
      total -= segment.bytes;
    }
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(task).catch((error: unknown) => void (this.#fault = String(error)));
    return this.#work;
  }

  async #flush(): Promise<void> {
    const group = this.#waiting;
    if (group === null) return;
    this.#waiting = null;
    const bytes = Buffer.from(group.text.join(''));
    for (;;) {
      try {
        if (this.#file === null) {
          this.#file = await open(join(this.#folder, OPEN), 'w', 0o600);
          this.#openedAt = Date.now();
          syncFolder(this.#folder);
        }
        // A write that failed halfway is written over, not after.
        await this.#file.write(bytes, 0, bytes.length, this.#openBytes);
        await this.#file.datasync();
        break;
      } catch (error) {
        this.#fault = String(error);
        if (this.#closed) return;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    this.#fault = null;
    this.#openBytes += bytes.length;
    this.#openLines += group.text.length;
    this.#waitingBytes -= bytes.length;
    group.done.resolve();
    if (this.#openBytes >= this.#limits.sealBytes) await this.#seal();
  }

  async #sealIfDue(): Promise<void> {
    // While others wait there is no hurry, and a long outage must not leave a file for every two seconds.
    if (this.#openBytes > 0 && this.#sealed.length === 0 && Date.now() - this.#openedAt >= this.#limits.sealMs) await this.#seal();
  }

  async #seal(): Promise<void> {
    if (this.#file === null || this.#openBytes === 0) return;
    await this.#file.truncate(this.#openBytes);
    await this.#file.datasync();
    await this.#file.close();
    this.#file = null;
    const { lines, bytes } = { lines: this.#openLines, bytes: this.#openBytes };
    this.#openLines = this.#openBytes = 0;
    this.#rename(lines, bytes);
  }
}

/** Makes a rename durable where the system lets folders be synced (Windows does not, and need not). */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  }
}
