import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { EventsEngine, Statement } from './engine.ts';
import { EventsError, engineError } from './errors.ts';
import { FrameReader, KIND, encodeFrame } from './frames.ts';

export interface ChdbOptions {
  /** Folder for the data; made when missing. One process at a time may have it open. */
  readonly folder: string;
  readonly database?: string;
  /** Cap on what the engine may hold, in bytes. */
  readonly memoryBytesMax?: number;
  /** Told when the child died and is started again. */
  readonly onRestart?: (reason: string) => void;
}

interface Pending {
  readonly kind: number;
  readonly head: unknown;
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: EventsError) => void;
  /** Further deaths of the child that this request may live through. */
  lives: number;
}

/** A request that was under way at more deaths of the child is given up: it may be what kills it. */
const LIVES = 3;
const START_MS_MAX = 60_000;
const CLOSE_MS_MAX = 10_000;
/** Rows on their way into the store. */
const BLOCK = 'block.native.';
const CHILD = fileURLToPath(new URL('./chdb-child.ts', import.meta.url));

/** Server settings that keep chDB small: caps on memory and caches, and few background threads. */
function engineConfig(memoryBytesMax: number): string {
  const settings: Record<string, number> = {
    max_server_memory_usage: memoryBytesMax,
    mark_cache_size: 20_000_000,
    uncompressed_cache_size: 0,
    query_condition_cache_size: 4_000_000,
    max_thread_pool_size: 200,
    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 1,
    background_common_pool_size: 2,
    background_schedule_pool_size: 2,
    background_fetches_pool_size: 1,
    background_move_pool_size: 1,
    background_buffer_flush_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
  };
  const lines = Object.entries(settings).map(([name, value]) => `  <${name}>${value}</${name}>`);
  return `<clickhouse>\n  <logger><level>none</level></logger>\n${lines.join('\n')}\n</clickhouse>\n`;
}

/**
 * chDB in a child process of its own. In a worker thread it crashes at teardown; as a child its death costs a restart
 * and nothing else, because every statement may be repeated (see EventsEngine).
 * chDB itself locks the folder (flock on `status`), so a second process is refused with EVENTS_LOCKED.
 */
export class ChdbEngine implements EventsEngine {
  readonly #options: ChdbOptions;
  readonly #database: string;
  readonly #config: string;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #pipe: Socket | undefined;
  #up = false;
  #nextId = 1;
  #nextBlock = 1;
  #closing = false;
  #restartMs = 50;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: ChdbOptions) {
    this.#options = options;
    this.#database = options.database ?? 'banya';
    this.#config = join(options.folder, 'engine.xml');
  }

  /** Opens the folder and starts the child. @throws EventsError EVENTS_LOCKED when another process has it open. */
  static async open(options: ChdbOptions): Promise<ChdbEngine> {
    const engine = new ChdbEngine(options);
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    writeFileSync(engine.#config, engineConfig(options.memoryBytesMax ?? 400_000_000), { mode: 0o600 });
    // A child whose parent was killed ends within moments; a folder held longer is in somebody else's use.
    for (let attempt = 0; ; attempt++) {
      try {
        await engine.#start();
        // The folder is ours now. Left by a process that was killed in the middle of an insert, which is done again.
        for (const name of readdirSync(options.folder)) if (name.startsWith(BLOCK)) rmSync(join(options.folder, name), { force: true });
        return engine;
      } catch (error) {
        if (!(error instanceof EventsError && error.code === 'EVENTS_LOCKED') || attempt === 8) {
          engine.#closing = true;
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  /** Process number of the child, for operators and tests. */
  get childPid(): number | undefined {
    return this.#child?.pid;
  }

  #start(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, ['--max-old-space-size=128', '--max-semi-space-size=2', CHILD, join(this.#options.folder, 'data'), this.#config, this.#database], {
        // The child needs none of the parent's secrets. Local time is UTC whatever the machine says.
        env: { JE_MALLOC_CONF: 'narenas:2,dirty_decay_ms:500,muzzy_decay_ms:0', MALLOC_ARENA_MAX: '2', TZ: 'UTC', NODE_NO_WARNINGS: '1' },
        cwd: this.#options.folder,
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      });
      const pipe = child.stdio[3] as Socket;
      const frames = new FrameReader();
      let started = false;
      let stderr = '';
      const tooSlow = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX);
      child.stderr!.on('data', (chunk: Buffer) => {
        stderr = (stderr + chunk.toString('latin1')).slice(-2000);
      });
      pipe.on('error', () => child.kill('SIGKILL'));
      pipe.on('data', (chunk: Buffer) => {
        for (const frame of frames.push(chunk)) {
          if (frame.id !== 0) {
            this.#settle(frame.id, frame.kind, frame.head, frame.body);
          } else if (frame.kind === KIND.ready) {
            started = this.#up = true;
            this.#restartMs = 50;
            clearTimeout(tooSlow);
            for (const [id, pending] of this.#pending) this.#write(id, pending);
            resolve();
          } else {
            // Why it could not open the folder; the engine's own words are on stderr.
            stderr = `${(frame.head as { message: string }).message}\n${stderr}`;
          }
        }
      });
      child.on('error', (error) => reject(new EventsError('EVENTS_UNAVAILABLE', `the events engine could not be started: ${error.message}`, { cause: error })));
      child.on('close', (code, signal) => {
        clearTimeout(tooSlow);
        this.#child = this.#pipe = undefined;
        this.#up = false;
        const reason = stderr.trim() || `ended with ${signal ?? code}`;
        if (started) this.#died(reason);
        else if (/Cannot lock file/.test(reason)) reject(new EventsError('EVENTS_LOCKED', `another process has ${this.#options.folder} open`));
        else reject(new EventsError('EVENTS_UNAVAILABLE', `the events engine did not start: ${reason}`));
      });
      this.#child = child;
      this.#pipe = pipe;
    });
  }

  #died(reason: string): void {
    for (const [id, pending] of this.#pending) {
      if (this.#closing || --pending.lives < 0) {
        this.#pending.delete(id);
        pending.reject(new EventsError('EVENTS_UNAVAILABLE', `the events engine ended during the statement: ${reason}`));
      }
    }
    if (this.#closing) return;
    this.#options.onRestart?.(reason);
    this.#restart();
  }

  #restart(): void {
    this.#timer = setTimeout(() => {
      this.#start().catch((error: unknown) => this.#died(error instanceof Error ? error.message : String(error)));
    }, this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, 5000);
  }

  #settle(id: number, kind: number, head: unknown, body: Buffer): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    if (kind === KIND.ok) pending.resolve(body);
    else pending.reject(engineError((head as { message: string }).message));
  }

  #write(id: number, pending: Pending): void {
    for (const part of encodeFrame(id, pending.kind, pending.head)) this.#pipe!.write(part);
  }

  #request(kind: number, head: unknown, lives = LIVES): Promise<Buffer> {
    if (this.#closing) return Promise.reject(new EventsError('EVENTS_UNAVAILABLE', 'the events store is closed'));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const pending: Pending = { kind, head, resolve, reject, lives };
      this.#pending.set(id, pending);
      // While the child starts, requests wait in the map and are written when it is ready.
      if (this.#up) this.#write(id, pending);
    });
  }

  run(statement: Statement, lives = LIVES): Promise<Buffer> {
    return this.#request(KIND.run, { sql: statement.sql, params: statement.params ?? {}, settings: statement.settings ?? {} }, lives);
  }

  async insert(table: string, rows: Uint8Array, settings: Readonly<Record<string, string | number>>): Promise<void> {
    // chDB takes only formats of text from memory. The file is gone before the disk sees it, and the child reads it at once.
    const block = resolve(this.#options.folder, `${BLOCK}${this.#nextBlock++}`);
    try {
      await writeFile(block, rows, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
        throw engineError(error instanceof Error ? error.message : String(error));
      });
      await this.#request(KIND.insert, { table, settings, block });
    } finally {
      await rm(block, { force: true });
    }
  }

  async exportTable(table: string, file: string): Promise<void> {
    await this.run({
      sql: `INSERT INTO FUNCTION file({file:String}, Native, auto, 'zstd') SELECT * FROM ${table}`,
      params: { file: resolve(file) },
      settings: { engine_file_truncate_on_insert: 1, max_threads: 1, max_memory_usage: 250_000_000 },
    });
  }

  async importTable(table: string, file: string): Promise<void> {
    // Not repeated when the child dies: a second run would add the rows again.
    await this.run(
      {
        sql: `INSERT INTO ${table} SELECT * FROM file({file:String}, Native, auto, 'zstd')`,
        params: { file: resolve(file) },
        settings: { max_threads: 1, max_insert_threads: 1, max_memory_usage: 300_000_000 },
      },
      0,
    );
  }

  async memoryBytes(): Promise<number> {
    return Number((await this.#request(KIND.memory, null)).toString());
  }

  /** Ends the child after the statements under way; a child that does not end in time is killed, which loses nothing. */
  async close(): Promise<void> {
    if (this.#closing) return;
    const child = this.#child;
    const closed = this.#up ? this.#request(KIND.close, null).catch(() => {}) : Promise.resolve();
    this.#closing = true;
    clearTimeout(this.#timer);
    if (child === undefined) return;
    const ended = new Promise((done) => child.once('close', done));
    let late: NodeJS.Timeout | undefined;
    await Promise.race([closed, new Promise((done) => (late = setTimeout(done, CLOSE_MS_MAX)))]);
    clearTimeout(late);
    child.kill('SIGKILL');
    await ended;
  }
}
