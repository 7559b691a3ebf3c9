import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Problem, tooMany } from '../../../kernel/errors.ts';
import type { PressDocument } from './document.ts';
import type { PressReply, PressRequest } from './press-child.ts';

export interface PressOptions {
  readonly log: Pick<Logger, 'warn'>;
  /** Milliseconds one document may take. */
  readonly deadlineMs?: number;
  /** Milliseconds without work after which the process ends. */
  readonly idleMs?: number;
  /** Resident bytes at which the process is ended (Linux only). */
  readonly memoryMax?: number;
  /** Milliseconds between looks at time and memory. */
  readonly watchMs?: number;
}

const CACHE_BYTES = 24 * 1024 * 1024;
const WAITING_MAX = 20;
const DATA_MAX = 16 * 1024 * 1024;
/** A process that has made so many is replaced: what a library leaks stays bounded. */
const DOCUMENTS_MAX = 200;
/** After a large document the process keeps its memory: then starting anew is cheaper than holding it for a minute. */
const SWOLLEN_BYTES = 192 * 1024 * 1024;

interface Waiting {
  readonly request: PressRequest;
  readonly done: (pdf: Uint8Array) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Makes PDFs in a child process, which is started by the first document and ended after a minute without one. Documents are
 * made one after another; equal ones come from a small cache.
 */
export class Press {
  readonly #options: Required<PressOptions>;
  readonly #cache = new Map<string, Uint8Array>();
  readonly #making = new Map<string, Promise<Uint8Array>>();
  readonly #waiting: Waiting[] = [];
  #cached = 0;
  #child: ChildProcess | undefined;
  #made = 0;
  #current: Waiting | undefined;
  #watch: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 0;
  #closed = false;

  constructor(options: PressOptions) {
    this.#options = { deadlineMs: 30_000, idleMs: 60_000, memoryMax: 512 * 1024 * 1024, watchMs: 200, ...options };
  }

  /** Whether the process runs now, and what it holds. */
  get running(): boolean {
    return this.#child !== undefined;
  }
  get memoryBytes(): number {
    return residentBytes(this.#child?.pid);
  }

  /** The document as a tagged PDF (PDF/UA-1 where every character has a glyph). @throws Problem pdf_unavailable, too_many_requests */
  async print(document: PressDocument, at: Date): Promise<Uint8Array> {
    const data = JSON.stringify(document);
    if (data.length > DATA_MAX) throw new Problem(503, 'pdf_unavailable');
    const key = createHash('sha256').update(`${at.getTime()} ${data}`).digest('base64url');
    const known = this.#cache.get(key);
    if (known) {
      this.#cache.delete(key);
      this.#cache.set(key, known);
      return known;
    }
    const making = this.#making.get(key);
    if (making) return making;
    const made = this.#make(data, Math.floor(at.getTime() / 1000)).then((pdf) => this.#keep(key, pdf)).finally(() => this.#making.delete(key));
    this.#making.set(key, made);
    return made;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { failed } of this.#waiting.splice(0)) failed(new Problem(503, 'pdf_unavailable'));
    await this.#end(new Problem(503, 'pdf_unavailable'));
  }

  #keep(key: string, pdf: Uint8Array): Uint8Array {
    if (pdf.byteLength > CACHE_BYTES / 4) return pdf;
    this.#cache.set(key, pdf);
    this.#cached += pdf.byteLength;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cached <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cached -= bytes.byteLength;
    }
    return pdf;
  }

  #make(data: string, at: number): Promise<Uint8Array> {
    if (this.#closed) return Promise.reject(new Problem(503, 'pdf_unavailable'));
    if (this.#waiting.length >= WAITING_MAX) return Promise.reject(tooMany(10));
    return new Promise((done, failed) => {
      this.#waiting.push({ request: { id: ++this.#next, data, at }, done, failed });
      this.#go();
    });
  }

  #go(): void {
    if (this.#current || this.#waiting.length === 0) return;
    clearTimeout(this.#idle);
    const current = this.#waiting.shift()!;
    this.#current = current;
    const child = (this.#child ??= this.#start());
    child.ref();
    const began = performance.now();
    this.#watch = setInterval(() => {
      if (performance.now() - began > this.#options.deadlineMs) void this.#end(new Error('a PDF took too long'));
      else if (residentBytes(child.pid) > this.#options.memoryMax) void this.#end(new Error('a PDF took too much memory'));
    }, this.#options.watchMs);
    child.send(current.request, (error) => {
      if (error) void this.#end(error);
    });
  }

  #start(): ChildProcess {
    // The child gets no environment: it needs no secret of this process, and none is there to be read.
    const child = fork(join(import.meta.dirname, 'press-child.ts'), { execPath: process.execPath, execArgv: ['--max-old-space-size=192', '--disable-warning=ExperimentalWarning'], env: {}, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#made = 0;
    child.on('message', (reply: PressReply) => this.#answered(child, reply));
    child.on('error', (error) => void this.#end(error, child));
    child.on('exit', (code, signal) => {
      if (this.#child === child) void this.#end(new Error(`the PDF process ended (${signal ?? code})`), child);
    });
    return child;
  }

  #answered(child: ChildProcess, reply: PressReply): void {
    const current = this.#current;
    if (this.#child !== child || !current || reply.id !== current.request.id) return;
    clearInterval(this.#watch);
    this.#current = undefined;
    if ('pdf' in reply) current.done(reply.pdf);
    else {
      this.#options.log.warn({ reason: reply.error }, 'a PDF could not be made');
      current.failed(new Problem(503, 'pdf_unavailable'));
    }
    if (++this.#made >= DOCUMENTS_MAX || residentBytes(child.pid) > SWOLLEN_BYTES) void this.#end(null);
    if (this.#waiting.length > 0) this.#go();
    else if (this.#child) {
      // An idle process must not keep this one from ending.
      child.unref();
      child.channel?.unref();
      this.#idle = setTimeout(() => void this.#end(null), this.#options.idleMs).unref();
    }
  }

  /** Ends the process; what it was making fails with `reason`, what waits goes to a new one. */
  async #end(reason: Error | null, which = this.#child): Promise<void> {
    if (which === undefined || which !== this.#child) return;
    const child = which;
    this.#child = undefined;
    clearInterval(this.#watch);
    clearTimeout(this.#idle);
    const current = this.#current;
    this.#current = undefined;
    if (current) {
      this.#options.log.warn({ err: reason }, 'a PDF could not be made');
      current.failed(new Problem(503, 'pdf_unavailable', {}, { cause: reason }));
    }
    const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.ref();
    child.kill('SIGKILL');
    if (!this.#closed) this.#go();
    await gone;
  }
}

function residentBytes(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
