import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { KeptMemory } from './memory.ts';
import type { BatchIn, BatchOut, FromThread, ThreadData, ToThread } from './messages.ts';

/** The intake thread from outside. It is started again when it dies; the batch it held is given to the new one once. */
export class IntakeThread {
  readonly #log: Logger;
  readonly #data: ThreadData;
  #worker: Worker | null = null;
  #ready: Promise<void> = Promise.resolve();
  #waiting: { readonly id: number; resolve(out: BatchOut): void; reject(error: Error): void } | null = null;
  /** Who asked for the memory of correlations. */
  #asked: ((state: KeptMemory | null) => void) | null = null;
  #closing = false;
  /** Rules and explanations that are wrong and were left out; null before the first start. */
  broken: readonly string[] | null = null;

  constructor(log: Logger, data: ThreadData) {
    this.#log = log;
    this.#data = data;
  }

  async start(state: KeptMemory | null): Promise<void> {
    const worker = new Worker(new URL('./intake-thread.ts', import.meta.url), { workerData: this.#data, resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48 }, env: {} });
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'ready') {
          this.broken = message.errors;
          for (const error of message.errors) this.#log.error({ rule: error }, 'a detection rule is wrong and was left out');
          for (const rule of message.slow) this.#log.warn({ rule }, 'a detection rule holds no text to be found by and is tried on every line of its log source');
          this.#log.debug({ rules: message.rules }, 'detection rules are ready');
          resolve();
        } else if (message.kind === 'not restored') this.#log.warn({ reason: message.error }, 'the memory of correlations could not be read; what was being counted towards a threshold begins anew');
        else if (message.kind === 'batch') this.#waiting?.resolve(message.out);
        else if (message.kind === 'state') this.#asked?.(message.state);
        else this.#waiting?.reject(new Error(message.error));
      });
      worker.on('error', (error) => {
        reject(error);
        this.#waiting?.reject(error as Error);
      });
      worker.on('exit', (code) => {
        reject(new Error(`the intake thread ended with code ${code}`));
        if (this.#worker !== worker) return;
        this.#worker = null;
        this.#asked?.(null);
        if (!this.#closing) this.#waiting?.reject(new Error(`the intake thread ended with code ${code}`));
      });
    });
    await this.#ready;
    if (state) this.#post({ kind: 'state', state });
  }

  get alive(): boolean {
    return this.#worker !== null;
  }

  /** One batch at a time. Rejects when the thread died or the batch could not be read. */
  read(batch: BatchIn): Promise<BatchOut> {
    return new Promise<BatchOut>((resolve, reject) => {
      this.#waiting = { id: batch.id, resolve, reject };
      this.#post({ kind: 'batch', batch });
    }).finally(() => (this.#waiting = null));
  }

  /** The memory of correlations after the batch read last; null when the thread has died. */
  state(): Promise<KeptMemory | null> {
    if (!this.#worker) return Promise.resolve(null);
    return new Promise<KeptMemory | null>((resolve) => {
      this.#asked = resolve;
      this.#post({ kind: 'ask state' });
    }).finally(() => (this.#asked = null));
  }

  #post(message: ToThread): void {
    if (!this.#worker) throw new Error('the intake thread is not running');
    this.#worker.postMessage(message);
  }

  /** Ends the thread with what it remembers; `start` begins a new one. */
  async discard(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async stop(): Promise<void> {
    this.#closing = true;
    await this.discard();
  }
}
