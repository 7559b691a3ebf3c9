import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type CorrelationHit, type Correlator, flattenWindowsEvent, type Hit, type LogSource } from '@banya/sigma';
import { speaksJapanese, Usage } from '../args.ts';
import { ArchiveError, sourcesOf } from '../detect/archives.ts';
import { cuts, LIMITS } from '../detect/chunks.ts';
import type { Chunk, EventHits, Format, Order, Ready, Result } from '../detect/messages.ts';
import { type Placed, TimeOrder } from '../detect/order.ts';
import { pipelineFile, printable, readRules } from '../detect/rules.ts';
import { compileFor } from '../detect/ruleset.ts';

const THREADS_MAX = 64;
/** Chunks under way for each thread: one at work, one waiting. */
const AHEAD = 2;
/** Files and lines that could not be read are named up to here, and then only counted. */
const NAMED_MAX = 20;
const FORMATS = ['auto', 'json', 'stream', 'lines'] as const;

export const DETECT_HELP = `
  Tries Sigma rules and correlations on every event of the logs and prints each hit; nothing is sent or kept.

  --rules …      folder or archive (tar, tgz, zip) of .yml and .yaml files, or one such file
  --logs …       file, folder or archive; may be given several times. gz, zip and tar are unpacked, UTF-16 and Windows event
                 logs (EVTX) are read. In folders, names that begin with a dot, .yml, .yaml and .md are left aside
  --format …     auto (default): by the beginning of each file; a line that begins with { is JSON and any other is text, and lists
                 under Records, records, value or Events are read event by event
                 json: one JSON object a line. stream: JSON objects one after another or in a list, over any number of lines.
                 lines: lines of devices and services, as banya logs parse reads them
  --logsource …  what all events are, such as product=linux,service=auditd; without it each event says so itself, or all rules
                 are tried
  --pipeline …   names of fields and values of placeholders, in pySigma’s YAML
  --threads …    from 1 to ${THREADS_MAX} (${Math.min(4, availableParallelism())} here: the processors, 4 at the most)
  --json         a line of JSON for each hit, with file, line, rule, title, level, author, event and matched, and {"summary":…} last

  The line of an event log is the number of its record in the file. Correlations are counted in the order of time over all files and
  stand after the other hits, with the event that completed them.

  The summary counts: events and bytes that were read (unpacked), hits, rules (correlations apart) and ruleErrors (what of the rules
  cannot be used), badLines (no event could be read there), unreadableFiles (broken), skippedFiles (no logs), seconds. Only where they
  are not zero: withoutTime (events that correlations count and that tell no time), late (too old to be counted when they came),
  evictedGroups and evictedEntries (forgotten because memory was full: correlations may have been missed).

  Exit code 0: all was read, with hits or without. 1: something could not be read, or there was no log or no usable rule.
  2: the command was written wrongly.
`;

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
 * their lines, then one for each correlation in the order of time, and a summary. Exit code 0 when all was read, 1 when something could
 * not be or nothing was.
 */
export async function detect(args: readonly string[]): Promise<number> {
  const wanted = ordered(args);
  const { rules, errors } = await readRules(wanted.rules).catch((error: unknown) => {
    throw error instanceof ArchiveError ? new Error(speaksJapanese() ? `${wanted.rules} を読めません。理由：${error.ja}` : `${wanted.rules} cannot be read: ${error.message}`) : error;
  });
  const order: Order = { rules, logsource: wanted.logsource, pipeline: await pipelineFile(wanted.pipeline), nowMs: Date.now() };
  const pool = new Pool(wanted.threads, order);
  try {
    const ready = await pool.ready();
    const messages = [...errors.map(({ message }) => message), ...ready.errors];
    for (const message of messages) process.stderr.write(`${printable(message)}\n`);
    if (ready.rules === 0) throw new Error(`${wanted.rules} holds no Sigma rule that can be used.`);
    const run = new Run(wanted, order, ready.correlations > 0);
    return await run.all(pool, ready.rules, messages.length);
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
  /** Files that were no logs, and lines that were no events, are named up to here. */
  #namedSkips = 0;
  #namedLines = 0;
  /** Files that were logs. */
  #read = 0;
  /** Events that feed correlations. */
  readonly #order = new TimeOrder<{ readonly file: number; readonly line: number; readonly found: EventHits }>();
  readonly counts = { events: 0, bytes: 0, hits: 0, badLines: 0, skippedFiles: 0, unreadableFiles: 0 };

  constructor(wanted: Wanted, order: Order, correlates: boolean) {
    this.#wanted = wanted;
    const ruleset = correlates ? compileFor(order.rules, order.logsource, order.pipeline) : null;
    this.#correlator = ruleset?.correlator() ?? null;
    this.#silent = ruleset === null ? null : new Set(ruleset.correlations.flatMap((rule) => rule.rules));
  }

  async all(pool: Pool, rules: number, ruleErrors: number): Promise<number> {
    const started = performance.now();
    const waiting: Promise<Result>[] = [];
    const owners: number[] = [];
    let id = 0;
    const print = async (): Promise<void> => this.#print(await waiting.shift()!, owners.shift()!);
    for (const path of this.#wanted.logs) {
      let isEmpty = true;
      for await (const source of sourcesOf(path)) {
        isEmpty = false;
        // Rules and notes beside logs are no logs.
        if (source.broken === undefined && source.name !== path && /\.(?:ya?ml|md)$/i.test(source.name)) {
          this.#skip(`${path}/${source.name}`, 'rules and notes are no logs', '規則や覚え書きで、ログではありません');
          continue;
        }
        const file = this.#files.push(source.name === path ? path : `${path}/${source.name}`) - 1;
        let isLog = true;
        try {
          for await (const cut of cuts(source, this.#wanted.format)) {
            if (cut === null) {
              this.#skip(this.#files[file]!, 'it is no text (binary)', 'テキストではありません（バイナリ）');
              isLog = false;
              break;
            }
            if (cut.lost > 0) tell(`${this.#files[file]!}: ${cut.lost} not read: damaged, without an end, or longer than ${LIMITS.eventBytes / 1024 / 1024} MB`, `${this.#files[file]!}: ${cut.lost}件を読めません（壊れている、終わりがない、または${LIMITS.eventBytes / 1024 / 1024} MBを超える）`);
            this.counts.badLines += cut.lost;
            this.counts.bytes += cut.bytes.length;
            const { result } = await pool.give({ id: id++, file, format: cut.format, bytes: cut.bytes, values: cut.values, lines: cut.lines, auto: cut.auto });
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
        if (isLog) this.#read++;
      }
      if (isEmpty) tell(`${path}: there is no file in it`, `${path}: ファイルがありません`);
    }
    if (this.#read === 0) tell('No log was read.', '読めるログがありませんでした。');
    while (waiting.length > 0) await print();
    await this.#observe(this.#order.end());
    // After the last line every timespan has passed.
    for (const hit of this.#correlator?.advance('', Number.POSITIVE_INFINITY) ?? []) if (hit.standalone) await this.#correlation(null, null, hit, hit.group);
    const lost = this.#lost();
    const seconds = (performance.now() - started) / 1000;
    const summary = { ...this.counts, ...lost, rules, ruleErrors, threads: this.#wanted.threads, seconds: Math.round(seconds * 1000) / 1000, eventsPerSecond: Math.round(this.counts.events / Math.max(seconds, 0.001)) };
    await write(this.#wanted.json ? JSON.stringify({ summary }) : inWords(summary, rules));
    return this.counts.badLines + this.counts.unreadableFiles === 0 && this.#read > 0 ? 0 : 1;
  }

  #skip(name: string, en: string, ja: string): void {
    this.counts.skippedFiles++;
    if (++this.#namedSkips <= NAMED_MAX) tell(`${name}: left aside, ${en}`, `${name}: 飛ばしました。${ja}`);
    else if (this.#namedSkips === NAMED_MAX + 1) tell('More files are left aside; the summary has their number.', 'ほかにも飛ばすファイルがあります。件数は最後にまとめて示します。');
  }

  #badLine(file: number, line: number): void {
    const place = `${this.#files[file]!}:${line}`;
    if (++this.#namedLines <= NAMED_MAX) tell(`${place}: no event could be read here`, `${place}: 記録として読めません`);
    else if (this.#namedLines === NAMED_MAX + 1) tell('More lines could not be read; the summary has their number.', 'ほかにも読めない行があります。件数は最後にまとめて示します。');
  }

  /** What makes correlations less sure than they look: numbers for the summary, and each said once. */
  #lost(): Readonly<Record<string, number>> {
    const { withoutTime, overflowed } = this.#order;
    const { late = 0, evictedGroups = 0, evictedEntries = 0 } = this.#correlator?.counters ?? {};
    if (withoutTime > 0) tell(`${withoutTime} events that correlations count tell no time; each was taken to have happened when the one before it did, so these correlations may be wrong.`, `相関が数える記録のうち${withoutTime}件に時刻がありません。直前の記録と同じ時刻とみなしたため、相関の結果は正しくないことがあります。`);
    if (overflowed) tell('There were too many events for correlations to put all of them in the order of their time; they were counted about in the order of the files.', '相関が数える記録が多すぎるため、すべてを時刻の順には並べられず、おおよそファイルの順に数えました。');
    if (late > 0) tell(`${late} events came too late to be counted by correlations: newer ones had been counted before them.`, `${late}件の記録は、それより新しい記録を数えた後に来たため、相関では数えていません。`);
    if (evictedGroups > 0 || evictedEntries > 0) tell(`Correlations held more than memory allows and forgot the oldest: ${evictedGroups} groups and ${evictedEntries} events. A flood of events does this; others may have been missed because of it.`, `相関が覚えておける量を超えたため、古いものを忘れました（まとまり${evictedGroups}個、記録${evictedEntries}件）。大量の記録があるとこうなり、見逃しがあるかもしれません。`);
    return Object.fromEntries(Object.entries({ withoutTime, late, evictedGroups, evictedEntries }).filter(([, count]) => count > 0));
  }

  async #print(result: Result, file: number): Promise<void> {
    if (file !== this.#file) [this.#file, this.#line] = [file, 0];
    this.counts.events += result.events;
    this.counts.badLines += result.bad;
    if (result.error !== null) process.stderr.write(`${printable(this.#files[file]!)}: ${printable(result.error)}\n`);
    for (const at of result.badAt) this.#badLine(file, this.#line + at + 1);
    for (const found of result.found) {
      const line = this.#line + found.line + 1;
      for (const hit of found.hits) if (hit.standalone) await this.#hit(file, line, hit, found.event, { matched: hit.matched });
      if (this.#correlator !== null && found.hits.some((hit) => this.#silent!.has(hit.ruleId))) await this.#observe(this.#order.add(found.timeMs, found.bytes, { file, line, found }));
    }
    this.#line += result.lines;
  }

  /** Counts what happened, the oldest first. */
  async #observe(placed: readonly Placed<{ readonly file: number; readonly line: number; readonly found: EventHits }>[]): Promise<void> {
    for (const { timeMs, item: { file, line, found: { event, hits } } } of placed) {
      for (const hit of this.#correlator!.observe('', flattenWindowsEvent(event) ?? event, hits, timeMs)) {
        if (hit.standalone) await this.#correlation(file, line, hit, event);
      }
    }
  }

  /** @param file null for what was decided at the end of all logs */
  #correlation(file: number | null, line: number | null, hit: CorrelationHit, event: object): Promise<void> {
    const { group, count, events, firstMs, lastMs, values, sources } = hit;
    return this.#hit(file, line, hit, event, { matched: [], correlation: { group, count, events, first: iso(firstMs), last: iso(lastMs), values, sources } });
  }

  async #hit(file: number | null, line: number | null, hit: Hit | CorrelationHit, event: object, more: object): Promise<void> {
    this.counts.hits++;
    const name = file === null ? null : this.#files[file]!;
    if (this.#wanted.json) await write(JSON.stringify({ file: name, line, rule: hit.ruleId, title: hit.title, level: hit.level, author: hit.author, license: hit.license, references: hit.references, event, ...more }));
    else await write(printable(`${name === null ? '' : `${name}:${line} `}[${hit.level}] ${hit.title} (${hit.ruleId}, ${hit.author ?? 'no author named'})`));
  }
}

/** Null where no event told a time. */
const iso = (ms: number): string | null => (ms > 0 && ms <= 8.64e15 ? new Date(ms).toISOString() : null);

/** To whoever runs the command, beside the hits. */
function tell(en: string, ja: string): void {
  process.stderr.write(`${printable(speaksJapanese() ? ja : en)}\n`);
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
