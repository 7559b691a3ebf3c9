import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type CorrelationHit, type Correlator, flattenWindowsEvent, type Hit, type LogSource } from '@banya/sigma';
import { speaksJapanese, Usage } from '../args.ts';
import { ArchiveError, sourcesOf } from '../detect/archives.ts';
import { cuts } from '../detect/chunks.ts';
import type { Chunk, EventHits, Format, Order, Ready, Result } from '../detect/messages.ts';
import { pipelineFile, printable, readRules } from '../detect/rules.ts';
import { compileFor } from '../detect/ruleset.ts';

const THREADS_MAX = 64;
/** Chunks under way for each thread: one at work, one waiting. */
const AHEAD = 2;
const FORMATS = ['auto', 'json', 'stream', 'lines'] as const;

interface Wanted {
  readonly rules: string;
  readonly logs: readonly string[];
  readonly format: Format | null;
  readonly logsource: LogSource | null;
  readonly pipeline: string | undefined;
  readonly threads: number;
  readonly json: boolean;
}

/**
 * `detect run`: rules over files of logs, without a server. Prints a line of JSON for each hit, in the order of the files and
 * their lines, and a summary. Exit code 0 when all was read, 1 when something could not be.
 */
export async function detect(args: readonly string[]): Promise<number> {
  const wanted = ordered(args);
  const { rules } = await readRules(wanted.rules).catch((error: unknown) => {
    throw error instanceof ArchiveError ? new Error(speaksJapanese() ? `${wanted.rules} を読めません。理由：${error.ja}` : `${wanted.rules} cannot be read: ${error.message}`) : error;
  });
  const order: Order = { rules, logsource: wanted.logsource, pipeline: await pipelineFile(wanted.pipeline), nowMs: Date.now() };
  const pool = new Pool(wanted.threads, order);
  try {
    const ready = await pool.ready();
    for (const message of ready.errors) process.stderr.write(`${printable(message)}\n`);
    if (ready.rules === 0) throw new Error(`${wanted.rules} holds no Sigma rule that can be used.`);
    const run = new Run(wanted, order, ready.correlations > 0);
    return await run.all(pool, ready);
  } finally {
    await pool.close();
  }
}

function ordered(args: readonly string[]): Wanted {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args], allowPositionals: true,
      options: { rules: { type: 'string' }, logs: { type: 'string', multiple: true }, format: { type: 'string' }, logsource: { type: 'string' }, pipeline: { type: 'string' }, threads: { type: 'string' }, json: { type: 'boolean' } },
    });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const { rules, logs, format = 'auto', logsource, pipeline, threads, json = false } = parsed.values;
  if (parsed.positionals.join(' ') !== 'run' || rules === undefined || logs === undefined) throw new Usage('detect knows one word, run, and needs --rules and --logs.');
  if (!(FORMATS as readonly string[]).includes(format)) throw new Usage(`--format is one of ${FORMATS.join(', ')}.`);
  const count = threads === undefined ? Math.min(4, availableParallelism()) : Number(threads);
  if (!Number.isInteger(count) || count < 1 || count > THREADS_MAX) throw new Usage(`--threads is a number from 1 to ${THREADS_MAX}.`);
  return { rules, logs, format: format === 'auto' ? null : (format as Format), logsource: logsource === undefined ? null : sourceOf(logsource), pipeline, threads: count, json };
}

/** `product=linux,service=auditd` */
function sourceOf(text: string): LogSource {
  const parts = text.split(',').map((part) => /^(category|product|service)=([A-Za-z0-9_.-]{1,64})$/.exec(part.trim()));
  if (parts.some((part) => part === null)) throw new Usage('--logsource is written as product=linux,service=auditd.');
  return Object.fromEntries(parts.map((part) => [part![1], part![2]!.toLowerCase()]));
}

/** Threads that decide about chunks; no more are under way than they can hold. */
class Pool {
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<number, { done: (result: Result) => void; failed: (error: Error) => void }>();
  readonly #load: number[] = [];
  readonly #ready: Promise<Ready>[];
  #free: (() => void) | null = null;
  #broken: Error | null = null;

  constructor(threads: number, order: Order) {
    this.#ready = Array.from({ length: threads }, (_, number) => new Promise<Ready>((resolve, reject) => {
      const worker = new Worker(new URL('../detect/thread.ts', import.meta.url), { workerData: order, resourceLimits: { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 2_048 } });
      this.#workers.push(worker);
      this.#load.push(0);
      worker.on('message', (message: Ready | Result) => {
        if ('ready' in message) {
          resolve(message);
          return;
        }
        this.#load[number]! -= 1;
        this.#waiting.get(message.id)?.done(message);
        this.#waiting.delete(message.id);
        this.#free?.();
      });
      worker.on('error', (error: Error) => {
        this.#broken = error;
        reject(error);
        for (const { failed } of this.#waiting.values()) failed(error);
        this.#free?.();
      });
    }));
  }

  async ready(): Promise<Ready> {
    const all = await Promise.all(this.#ready);
    return all[0]!;
  }

  /** Waits for a thread with room, then gives it the chunk; the promise inside is the result. */
  async give(chunk: Chunk): Promise<{ result: Promise<Result> }> {
    for (;;) {
      if (this.#broken !== null) throw this.#broken;
      const least = Math.min(...this.#load);
      if (least < AHEAD) {
        const number = this.#load.indexOf(least);
        this.#load[number]! += 1;
        const result = new Promise<Result>((done, failed) => this.#waiting.set(chunk.id, { done, failed }));
        // Whoever prints asks for it later; that it failed is no surprise until then.
        result.catch(() => undefined);
        this.#workers[number]!.postMessage(chunk, [chunk.bytes.buffer as ArrayBuffer]);
        return { result };
      }
      await new Promise<void>((resolve) => (this.#free = resolve));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

class Run {
  readonly #wanted: Wanted;
  readonly #correlator: Correlator | null;
  readonly #silent: ReadonlySet<string> | null;
  readonly #files: string[] = [];
  /** Lines before the next chunk of the file that is printed. */
  #line = 0;
  #file = -1;
  #lastMs = 0;
  readonly counts = { events: 0, bytes: 0, hits: 0, badLines: 0, skippedFiles: 0, unreadableFiles: 0 };

  constructor(wanted: Wanted, order: Order, correlates: boolean) {
    this.#wanted = wanted;
    const ruleset = correlates ? compileFor(order.rules, order.logsource, order.pipeline) : null;
    this.#correlator = ruleset?.correlator() ?? null;
    this.#silent = ruleset === null ? null : new Set(ruleset.correlations.flatMap((rule) => rule.rules));
  }

  async all(pool: Pool, { rules, errors }: Ready): Promise<number> {
    const started = performance.now();
    const waiting: Promise<Result>[] = [];
    const owners: number[] = [];
    let id = 0;
    const print = async (): Promise<void> => this.#print(await waiting.shift()!, owners.shift()!);
    for (const path of this.#wanted.logs) {
      for await (const source of sourcesOf(path)) {
        // Rules and notes beside logs are no logs.
        if (source.broken === undefined && /\.(?:ya?ml|md)$/i.test(source.name)) {
          this.counts.skippedFiles++;
          continue;
        }
        const file = this.#files.push(source.name === path ? path : `${path}/${source.name}`) - 1;
        try {
          for await (const cut of cuts(source, this.#wanted.format)) {
            if (cut === null) {
              this.counts.skippedFiles++;
              break;
            }
            this.counts.badLines += cut.lost;
            this.counts.bytes += cut.bytes.length;
            const { result } = await pool.give({ id: id++, file, format: cut.format, bytes: cut.bytes, values: cut.values, lines: cut.lines });
            waiting.push(result);
            owners.push(file);
            while (waiting.length > this.#wanted.threads * AHEAD) await print();
          }
        } catch (error) {
          // A file that breaks off must not take the others with it; a thread that does must.
          if (error !== source.broken && !(error instanceof ArchiveError) && typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
          this.counts.unreadableFiles++;
          process.stderr.write(`${printable(this.#files[file]!)}: ${printable((error as Error).message)}\n`);
        }
      }
    }
    while (waiting.length > 0) await print();
    // After the last line every timespan has passed.
    for (const hit of this.#correlator?.advance('', Number.POSITIVE_INFINITY) ?? []) if (hit.standalone) await this.#correlation(null, null, hit, hit.group);
    const seconds = (performance.now() - started) / 1000;
    const summary = { ...this.counts, rules, ruleErrors: errors.length, threads: this.#wanted.threads, seconds: Math.round(seconds * 1000) / 1000, eventsPerSecond: Math.round(this.counts.events / Math.max(seconds, 0.001)) };
    await write(this.#wanted.json ? JSON.stringify({ summary }) : inWords(summary, rules));
    return this.counts.badLines + this.counts.unreadableFiles === 0 ? 0 : 1;
  }

  async #print(result: Result, file: number): Promise<void> {
    if (file !== this.#file) [this.#file, this.#line] = [file, 0];
    this.counts.events += result.events;
    this.counts.badLines += result.bad;
    if (result.error !== null) process.stderr.write(`${printable(this.#files[file]!)}: ${printable(result.error)}\n`);
    for (const found of result.found) {
      const line = this.#line + found.line + 1;
      for (const hit of found.hits) if (hit.standalone) await this.#hit(file, line, hit, found.event, { matched: hit.matched });
      for (const hit of this.#correlated(found)) {
        if (hit.standalone) await this.#correlation(file, line, hit, found.event);
      }
    }
    this.#line += result.lines;
  }

  #correlated({ event, hits, timeMs }: EventHits): CorrelationHit[] {
    if (this.#correlator === null || !hits.some((hit) => this.#silent!.has(hit.ruleId))) return [];
    // An event that tells no time happened when the one before it did.
    this.#lastMs = timeMs ?? this.#lastMs;
    return this.#correlator.observe('', flattenWindowsEvent(event) ?? event, hits, this.#lastMs);
  }

  /** @param file null for what was decided at the end of all logs */
  #correlation(file: number | null, line: number | null, hit: CorrelationHit, event: object): Promise<void> {
    const { group, count, events, firstMs, lastMs, values, sources } = hit;
    return this.#hit(file, line, hit, event, { matched: [], correlation: { group, count, events, first: new Date(firstMs).toISOString(), last: new Date(lastMs).toISOString(), values, sources } });
  }

  async #hit(file: number | null, line: number | null, hit: Hit | CorrelationHit, event: object, more: object): Promise<void> {
    this.counts.hits++;
    const name = file === null ? null : this.#files[file]!;
    if (this.#wanted.json) await write(JSON.stringify({ file: name, line, rule: hit.ruleId, title: hit.title, level: hit.level, author: hit.author, license: hit.license, references: hit.references, event, ...more }));
    else await write(printable(`${name === null ? '' : `${name}:${line} `}[${hit.level}] ${hit.title} (${hit.ruleId}, ${hit.author ?? 'no author named'})`));
  }
}

/** Waits where the reader is slow. */
function write(text: string): Promise<void> | void {
  if (process.stdout.write(`${text}\n`)) return;
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}

function inWords(of: { readonly hits: number; readonly events: number; readonly bytes: number; readonly seconds: number; readonly eventsPerSecond: number; readonly badLines: number; readonly unreadableFiles: number; readonly skippedFiles: number }, rules: number): string {
  return speaksJapanese()
    ? `${of.events}件の記録を${rules}件のルールで調べ、${of.hits}件が当てはまりました（${of.seconds}秒、毎秒${of.eventsPerSecond}件）。読めなかったのは${of.badLines}行と${of.unreadableFiles}ファイル、ログではないので飛ばしたのは${of.skippedFiles}ファイルです。`
    : `${of.hits} hits in ${of.events} events (${of.bytes} bytes) by ${rules} rules, ${of.seconds} s, ${of.eventsPerSecond} events/s; could not be read: ${of.badLines} lines, ${of.unreadableFiles} files; left aside: ${of.skippedFiles} files`;
}
