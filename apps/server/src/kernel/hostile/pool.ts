import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem, tooMany } from '../errors.ts';
import type { HostileLimits } from './run.ts';

export interface PoolOptions extends HostileLimits {
  /** Children at once. */
  readonly size: number;
  /** Calls after which a child is replaced, so that nothing it may have gathered lives on. */
  readonly callsMax: number;
  /** Calls that wait; more are refused. */
  readonly waitingMax: number;
  /** What waits is held in memory: more bytes than these are refused, unless nothing waits. */
  readonly waitingBytesMax: number;
  /** A child that has had nothing to do for so long is ended. */
  readonly idleSeconds: number;
  /** From the first one on a child stays ready, however long nothing comes: whoever asks next does not wait for its start. */
  readonly keepOne: boolean;
  /** A folder for what makes starting cheap: compiled code, and what `warm` prepares. Null: nothing is kept. */
  readonly cache: string | null;
}

const USUAL: Omit<PoolOptions, 'seconds' | 'memoryBytes'> = { size: 2, callsMax: 200, waitingMax: 100, waitingBytesMax: 200 * 1024 * 1024, idleSeconds: 1800, keepOne: false, cache: null };
const WATCH_MS = 50;
/** Loading a module on a busy machine is not the file's fault; it is bounded all the same. */
const START_MS = 60_000;
/** A child that has kept this share of its memory after a call is replaced: the next file would pay for the last. */
const KEPT_SHARE = 0.75;
const PAGE_BYTES = 4096;

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly params?: Record<string, string | number>;
}
type FromChild = { readonly ready: true } | { readonly call: number; readonly asked: number; readonly question: unknown } | { readonly call: number; readonly ok: true; readonly result: unknown } | { readonly call: number; readonly ok: false; readonly error: Failure };

/** Answers what the function asks while it works: the question is as hostile as the bytes. */
export type Answer = (question: unknown) => Promise<unknown>;

interface Call {
  readonly bytes: Uint8Array;
  readonly args: unknown;
  readonly answer: Answer;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Children that stay: each runs the default export of one module on bytes from outside, one call at a time, with a watchdog
 * on time and memory. What explodes takes its child with it; another takes its place. For work that comes often, where a new
 * process for each file would cost more than the file. As with `runHostile`, a child has no environment and no secrets; a
 * module that exports `warm` is warmed before its first call, with the folder of the cache where there is one.
 */
export class HostilePool {
  readonly #module: URL;
  readonly #options: PoolOptions;
  readonly #children = new Set<Child>();
  readonly #waiting: Call[] = [];
  #closed = false;

  constructor(module: URL, options: HostileLimits & Partial<PoolOptions>) {
    this.#module = module;
    this.#options = { ...USUAL, ...options };
  }

  /** Starts a child ahead of the first call, unless there is one. */
  warm(): void {
    if (!this.#closed && this.#children.size === 0) this.#start();
  }

  /**
   * `answer`: for a function that takes a third argument, `ask`, to have the house look something up; it is told null unless
   * given. The clock goes on meanwhile.
   * @returns what the function returned (plain data). @throws Problem file_too_heavy, too_many_requests, or what the function threw as {code, params}
   */
  run<Result>(bytes: Uint8Array, args: unknown, answer: Answer = async () => null): Promise<Result> {
    if (this.#closed) return Promise.reject(new Error('the pool is closed'));
    const held = this.#waiting.reduce((sum, call) => sum + call.bytes.length, 0);
    if (this.#waiting.length >= this.#options.waitingMax || (held > 0 && held + bytes.length > this.#options.waitingBytesMax)) return Promise.reject(tooMany(10));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ bytes, args, answer, resolve: resolve as (result: unknown) => void, reject });
      this.#next();
    });
  }

  /** How many children there are; for tests and figures. */
  get size(): number {
    return this.#children.size;
  }

  /** Ends all children; calls that wait are refused. */
  close(): void {
    this.#closed = true;
    for (const call of this.#waiting.splice(0)) call.reject(new Error('the pool is closed'));
    for (const child of this.#children) child.end();
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const free = [...this.#children].find((child) => child.free);
      if (free) {
        free.take(this.#waiting.shift()!);
        continue;
      }
      const starting = [...this.#children].filter((child) => child.starting).length;
      if (this.#children.size < this.#options.size && starting < this.#waiting.length) {
        this.#start();
        continue;
      }
      return;
    }
  }

  #start(): void {
    const child = new Child(this.#module, this.#options, {
      freed: () => this.#next(),
      mayRest: () => this.#options.keepOne && this.#children.size === 1,
      gone: (unready) => {
        this.#children.delete(child);
        // A module that does not even load would be tried for ever: those who wait hear of it.
        if (unready) for (const call of this.#waiting.splice(0)) call.reject(new Error('the watched child did not start'));
        if (this.#closed) return;
        this.#next();
        if (this.#options.keepOne && !unready) this.warm();
      },
    });
    this.#children.add(child);
  }
}

/** What a child asks of the pool, and tells it. */
interface Pool {
  freed(): void;
  /** It stays although it has had nothing to do for long. */
  mayRest(): boolean;
  gone(unready: boolean): void;
}

class Child {
  readonly #process: ChildProcess;
  readonly #options: PoolOptions;
  readonly #pool: Pool;
  #state: 'starting' | 'free' | 'busy' | 'ended' = 'starting';
  #call: Call | null = null;
  #calls = 0;
  #timer: NodeJS.Timeout;
  #watch: NodeJS.Timeout | null = null;

  constructor(module: URL, options: PoolOptions, pool: Pool) {
    this.#options = options;
    this.#pool = pool;
    this.#process = fork(new URL('./pool-child.ts', import.meta.url), [module.href, ...(options.cache === null ? [] : [options.cache])], {
      // Compiled code alone: nothing of the house's own environment.
      env: options.cache === null ? {} : { NODE_COMPILE_CACHE: join(options.cache, 'code') }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${Math.floor(options.memoryBytes / 1024 / 1024)}`, '--max-semi-space-size=4'],
    });
    this.#timer = setTimeout(() => this.end(), START_MS);
    this.#process.on('message', (message: FromChild) => this.#heard(message));
    this.#process.on('error', () => this.end());
    this.#process.on('exit', () => this.end());
  }

  get free(): boolean {
    return this.#state === 'free';
  }

  get starting(): boolean {
    return this.#state === 'starting';
  }

  take(call: Call): void {
    this.#state = 'busy';
    this.#call = call;
    this.#calls += 1;
    clearTimeout(this.#timer);
    this.#hold(true);
    this.#timer = setTimeout(() => this.end(), this.#options.seconds * 1000);
    // Linux tells the resident pages of any process; elsewhere the heap limit alone holds.
    this.#watch = setInterval(() => {
      void this.#resident().then((bytes) => {
        if (bytes > this.#options.memoryBytes) this.end();
      });
    }, WATCH_MS);
    this.#process.send({ call: this.#calls, bytes: call.bytes, args: call.args }, (error) => {
      if (error) this.end();
    });
  }

  /** Ends it, whatever it does; a call at work is too heavy. */
  end(): void {
    if (this.#state === 'ended') return;
    const unready = this.#state === 'starting';
    this.#state = 'ended';
    clearTimeout(this.#timer);
    if (this.#watch) clearInterval(this.#watch);
    this.#process.kill('SIGKILL');
    this.#call?.reject(new Problem(422, 'file_too_heavy'));
    this.#call = null;
    this.#pool.gone(unready);
  }

  async #heard(message: FromChild): Promise<void> {
    if (this.#state === 'ended') return;
    if ('ready' in message) {
      this.#rest();
      return;
    }
    const call = this.#call;
    if (call === null || message.call !== this.#calls) return;
    if ('asked' in message) {
      const answer = await call.answer(message.question).catch(() => null);
      // Another call is none of its business.
      if (this.#call === call) this.#process.send({ answered: message.asked, answer });
      return;
    }
    this.#call = null;
    clearTimeout(this.#timer);
    if (this.#watch) clearInterval(this.#watch);
    if (message.ok) call.resolve(message.result);
    else call.reject(Object.assign(new Error(message.error.message), message.error));
    if (this.#calls >= this.#options.callsMax || (await this.#resident()) > this.#options.memoryBytes * KEPT_SHARE) this.end();
    else this.#rest();
  }

  #rest(): void {
    if (this.#state === 'ended') return;
    this.#state = 'free';
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.#pool.mayRest()) this.end();
    }, this.#options.idleSeconds * 1000).unref();
    this.#hold(false);
    this.#pool.freed();
  }

  /** A child that rests keeps no process from ending. */
  #hold(on: boolean): void {
    if (on) {
      this.#process.ref();
      this.#process.channel?.ref();
    } else {
      this.#process.unref();
      this.#process.channel?.unref();
    }
  }

  async #resident(): Promise<number> {
    try {
      return Number((await readFile(`/proc/${this.#process.pid}/statm`, 'utf8')).split(' ')[1]) * PAGE_BYTES;
    } catch {
      return 0;
    }
  }
}
