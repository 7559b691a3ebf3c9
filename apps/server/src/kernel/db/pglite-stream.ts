import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from './errors.ts';
import { handedOver } from './handed-over.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './pglite-worker.ts';

const FLUSHING = new Set([...'SQHcf'].map((letter) => letter.charCodeAt(0)));
const TERMINATE = 'X'.charCodeAt(0);

export interface PgliteStreamOptions {
  readonly dataDir: string;
  /** A request unanswered for this long ends the worker, in milliseconds. */
  readonly deadlineMs: () => number;
  /** The same for opening, which may include initdb and recovery. */
  readonly openDeadlineMs: number;
}

/**
 * A socket-shaped stream for node-postgres whose other end is PGlite in a worker thread: one stream, one worker, one session.
 * On a full disk or a missed deadline the worker is ended and every waiting query rejects with StoreUnavailable; the next
 * connection opens the folder anew (PGlite spins for ever after SQLSTATE 53100, so nothing gentler works).
 */
export class PgliteStream extends Duplex {
  readonly #options: PgliteStreamOptions;
  #worker: Worker | undefined;
  #started = false;
  #pending = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #referenced = true;
  /** Settles when the worker has ended and the folder is closed. */
  readonly gone: Promise<void>;
  #whenGone: () => void = () => {};

  constructor(options: PgliteStreamOptions) {
    super();
    this.#options = options;
    this.gone = new Promise((resolve) => {
      this.#whenGone = resolve;
    });
  }

  connect(): this {
    const workerData: WorkerOptions = { dataDir: this.#options.dataDir };
    this.#worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData, name: 'pglite', execArgv: [] });
    if (!this.#referenced) this.#worker.unref();
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.destroy(new StoreUnavailable('ended', 'The embedded database ended unexpectedly.', { cause: error })));
    this.#worker.on('exit', () => this.destroy(new StoreUnavailable('ended', 'The embedded database ended unexpectedly.')));
    this.#watch(this.#options.openDeadlineMs, 'opening');
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#referenced = true;
    this.#worker?.ref();
    return this;
  }

  unref(): this {
    this.#referenced = false;
    this.#worker?.unref();
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#take([chunk]);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#take(chunks.map(({ chunk }) => chunk));
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    // Closing writes a checkpoint; a worker that cannot do even that in time is ended.
    if (this.#worker) {
      this.#watch(this.#options.deadlineMs(), 'closing');
      this.#worker.postMessage({ kind: 'close' } satisfies ToWorker);
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.removeAllListeners();
    worker?.on('error', () => {});
    void Promise.resolve(worker?.terminate()).finally(() => {
      this.#whenGone();
      done(error);
    });
  }

  #take(chunks: readonly Buffer[]): void {
    this.#pending = Buffer.concat([this.#pending, ...chunks]);
    if (!this.#started && this.#pending.length >= 4 && this.#pending.length >= this.#pending.readInt32BE(0)) {
      const end = this.#pending.readInt32BE(0);
      this.#started = true;
      this.#send(end);
    }
    if (!this.#started) return;
    let end = 0;
    for (let at = 0; at + 5 <= this.#pending.length; ) {
      const type = this.#pending[at]!;
      const next = at + 1 + this.#pending.readInt32BE(at + 1);
      if (next > this.#pending.length) break;
      // node-postgres says goodbye and then ends the stream, which closes the folder.
      if (type === TERMINATE) {
        this.#pending = this.#pending.subarray(next);
        return;
      }
      if (FLUSHING.has(type)) end = next;
      at = next;
    }
    if (end > 0) this.#send(end);
  }

  #send(end: number): void {
    // An exact copy: a slice of Node's buffer pool would carry the whole pool along.
    const bytes = new Uint8Array(end);
    bytes.set(this.#pending.subarray(0, end));
    this.#pending = this.#pending.subarray(end);
    this.#watch(this.#options.deadlineMs(), 'answering a statement');
    this.#worker?.postMessage({ kind: 'wire', bytes } satisfies ToWorker, handedOver(bytes));
  }

  #receive(message: FromWorker): void {
    clearTimeout(this.#timer);
    switch (message.kind) {
      case 'ready':
        this.emit('connect');
        return;
      case 'failed':
        this.destroy(new StoreUnavailable('open_failed', `The embedded database could not be opened: ${message.message}`));
        return;
      case 'closed':
        this.push(null);
        this.destroy();
        return;
      case 'wire':
        if (message.diskFull) {
          this.destroy(new StoreUnavailable('disk_full', 'The disk is full: nothing more can be stored until space is freed.'));
          return;
        }
        this.push(Buffer.from(message.bytes.buffer));
    }
  }

  #watch(ms: number, doing: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.destroy(new StoreUnavailable('deadline', `The embedded database took more than ${ms} ms ${doing}; it is opened anew.`));
    }, ms);
    this.#timer.unref();
  }
}
