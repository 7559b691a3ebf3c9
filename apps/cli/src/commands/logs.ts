import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { createParser, ECS, EVTX_CHUNK, EVTX_HEADER, FAMILIES, isEcsName, isEvtx, MAX_LINE, type ParsedEvent, readEvtxChunk, template } from '@banya/logs';
import { speaksJapanese, Usage } from '../args.ts';
import { RATIO_FROM, RATIO_MAX } from '../detect/archives.ts';

type Lang = 'ja' | 'en';

/** Kinds of lines that nobody understood, kept while reading; beyond them only a number. */
const TEMPLATES_MAX = 10_000;
const SHOWN = 20;

/** The file says no more, or not what it should: told in one sentence, never as a stack. */
class Stopped extends Error {}

/** `logs parse FILE|-`: tells lines in ECS. Exit code 0 when something was understood, 1 when nothing was or the file ended badly. */
export async function logs(args: readonly string[]): Promise<number> {
  const { path, format, json } = ordered(args);
  const lang: Lang = speaksJapanese() ? 'ja' : 'en';
  const tally = new Tally();
  const parser = createParser({ family: format });
  let stopped: string | null = null;
  try {
    for await (const batch of batchesOf(path)) {
      const out: string[] = [];
      for (const { line, at, truncated } of batch) {
        const parsed = parser.parse(line, at, truncated);
        tally.add(parsed, line);
        if (json) out.push(JSON.stringify(record(parsed, line)));
      }
      if (out.length > 0) await write(out.join('\n'));
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    stopped = error.message;
  }
  if (!json) await write(tally.said(lang, format));
  if (stopped !== null) process.stderr.write(`${stopped}\n`);
  const good = format === 'auto' ? tally.understood > 0 || tally.lines === 0 : (tally.families.get(format) ?? 0) > 0;
  return stopped === null && good ? 0 : 1;
}

function ordered(args: readonly string[]): { path: string; format: string; json: boolean } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { format: { type: 'string' }, json: { type: 'boolean' } } });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const [verb, path, ...more] = parsed.positionals;
  if (verb !== 'parse' || path === undefined || more.length > 0) throw new Usage('logs knows one word, parse, and needs a file, or - for what comes in.');
  const format = parsed.values.format ?? 'auto';
  if (format !== 'auto' && !FAMILIES.some(({ id }) => id === format)) throw new Usage(`There is no format “${format}”. Known are: auto, ${FAMILIES.map(({ id }) => id).join(', ')}.`);
  return { path, format, json: parsed.values.json ?? false };
}

interface Line {
  readonly line: Uint8Array | string;
  readonly at: number;
  readonly truncated: boolean;
}

/** Lines of a file in portions: text, gzip of text, or a Windows event log. The time of the file stands for that of receipt. */
async function* batchesOf(path: string): AsyncGenerator<Line[]> {
  if (path === '-') {
    yield* textLines(await begun(process.stdin), Date.now());
    return;
  }
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Usage(error.code === 'ENOENT' ? `${path} is not there.` : `${path} cannot be read: ${error.message}`);
  });
  if (info.isDirectory()) throw new Usage(`${path} is a folder; name one file.`);
  const file = await open(path);
  try {
    const head = Buffer.alloc(8);
    const { bytesRead } = await file.read(head, 0, 8, 0);
    if (bytesRead === 8 && isEvtx(head)) {
      yield* eventLog(file, path);
      return;
    }
  } finally {
    await file.close();
  }
  yield* textLines(await begun(createReadStream(path, { highWaterMark: 256 * 1024 })), info.mtimeMs);
}

async function* eventLog(file: Awaited<ReturnType<typeof open>>, path: string): AsyncGenerator<Line[]> {
  const chunk = Buffer.alloc(EVTX_CHUNK);
  for (let at = EVTX_HEADER; ; at += EVTX_CHUNK) {
    const { bytesRead } = await file.read(chunk, 0, EVTX_CHUNK, at);
    if (bytesRead === 0) return;
    const records = readEvtxChunk(chunk.subarray(0, bytesRead));
    if (records.length > 0) yield records.map(({ line, time }) => ({ line, at: time, truncated: false }));
    if (bytesRead < EVTX_CHUNK) throw new Stopped(`${path} ends in the middle of a chunk; what came before was read.`);
  }
}

/** The bytes of a stream, unpacked where they are gzip. Nothing is held but the portion in hand. */
async function begun(stream: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer>> {
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next();
  const rest = { [Symbol.asyncIterator]: () => iterator };
  if (first.done) return rest;
  const whole = (async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    yield* rest;
  })();
  return first.value.length >= 2 && first.value[0] === 0x1f && first.value[1] === 0x8b ? unpacked(whole) : whole;
}

async function* unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let given = 0;
  let got = 0;
  let failed: Error | null = null;
  void (async () => {
    for await (const bytes of packed) {
      given += bytes.length;
      if (!gunzip.write(bytes)) await new Promise((next) => gunzip.once('drain', next));
    }
    gunzip.end();
  })().catch((error: Error) => {
    failed = error;
    gunzip.destroy(error);
  });
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) {
      got += bytes.length;
      if (got > RATIO_FROM && got > given * RATIO_MAX) throw new Stopped(`The packed file grows ${RATIO_MAX} times and more; it was made to fill disks. It is not read further.`);
      yield bytes;
    }
  } catch (error) {
    if (error instanceof Stopped || failed !== null) throw error;
    throw new Stopped(`The packed file is damaged or cut: ${(error as Error).message}. What came before was read.`);
  } finally {
    gunzip.destroy();
  }
}

/** Lines ended by LF or CRLF; what is longer than a line may be is cut and the rest dropped. Files in UTF-16 (Windows exports) are read as text. */
async function* textLines(bytes: AsyncIterable<Buffer>, at: number): AsyncGenerator<Line[]> {
  let held: Buffer = Buffer.alloc(0);
  let dropping = false;
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  for await (const raw of bytes) {
    let portion = raw;
    if (decoder === undefined) decoder = raw[0] === 0xff && raw[1] === 0xfe ? new TextDecoder('utf-16le') : null;
    if (decoder !== null) portion = Buffer.from(decoder.decode(raw, { stream: true }), 'utf8');
    const lines: Line[] = [];
    let from = 0;
    for (let end = portion.indexOf(10); end >= 0; end = portion.indexOf(10, from)) {
      const piece = portion.subarray(from, end);
      from = end + 1;
      if (dropping) {
        dropping = false;
        held = Buffer.alloc(0);
        continue;
      }
      add(lines, held.length === 0 ? piece : Buffer.concat([held, piece]), at);
      held = Buffer.alloc(0);
    }
    if (!dropping && from < portion.length) {
      held = Buffer.concat([held, portion.subarray(from)]);
      if (held.length > MAX_LINE) {
        add(lines, held, at);
        dropping = true;
        held = Buffer.alloc(0);
      }
    }
    if (lines.length > 0) yield lines;
  }
  if (!dropping && held.length > 0) {
    const last: Line[] = [];
    add(last, held, at);
    if (last.length > 0) yield last;
  }
}

function add(lines: Line[], bytes: Buffer, at: number): void {
  const end = bytes.length > 0 && bytes[bytes.length - 1] === 13 ? bytes.length - 1 : bytes.length;
  if (end > 0) lines.push({ line: Buffer.from(bytes.subarray(0, Math.min(end, MAX_LINE))), at, truncated: end > MAX_LINE });
}

/** One event as ECS JSON: dotted names, times in ISO 8601, the line itself, and what had no place. */
function record({ event, family, unmapped, problems }: ParsedEvent, line: Uint8Array | string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event)) {
    if (name === 'banya.device_time' || name === 'banya.clock_suspect') continue;
    out[name] = isEcsName(name) && ECS[name].type === 'date' && typeof value === 'number' ? new Date(value).toISOString() : value;
  }
  // When a line of a file was received is not known, so there is nothing to doubt the clock with.
  const said = event['banya.device_time'];
  if (said !== undefined && Math.abs(said) < 8.64e15) out['@timestamp'] = new Date(said).toISOString();
  out['event.original'] = typeof line === 'string' ? line : Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
  out['banya.family'] = family;
  const noted = problems.filter((problem) => problem !== 'clock_suspect');
  if (noted.length > 0) out['banya.problems'] = noted;
  if (Object.keys(unmapped).length > 0) out['unmapped'] = { ...unmapped };
  return out;
}

class Tally {
  lines = 0;
  understood = 0;
  readonly families = new Map<string, number>();
  readonly #templates = new Map<string, { count: number; example: string }>();
  #others = 0;

  add({ family, problems }: ParsedEvent, line: Uint8Array | string): void {
    this.lines++;
    this.families.set(family, (this.families.get(family) ?? 0) + 1);
    const unread = problems.includes('unparsed');
    if (!unread) {
      this.understood++;
      return;
    }
    const text = typeof line === 'string' ? line : Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, 2048)).toString('utf8');
    const key = template(text);
    const known = this.#templates.get(key);
    if (known) known.count++;
    else if (this.#templates.size < TEMPLATES_MAX) this.#templates.set(key, { count: 1, example: text.slice(0, 200) });
    else this.#others++;
  }

  said(lang: Lang, format: string): string {
    const ja = lang === 'ja';
    const n = (value: number): string => value.toLocaleString(ja ? 'ja-JP' : 'en-US');
    const names = new Map(FAMILIES.map(({ id, name }) => [id, name[lang]]));
    const unread = this.lines - this.understood;
    const rows = [ja ? `${n(this.lines)}行のうち、${n(this.understood)}行を読めました。読めなかったのは${n(unread)}行です。` : `${n(this.understood)} of ${n(this.lines)} lines were understood, ${n(unread)} were not.`];
    for (const [family, count] of [...this.families].sort((a, b) => b[1] - a[1])) rows.push(`  ${n(count).padStart(10)}  ${family.padEnd(13)} ${names.get(family) ?? ''}`);
    if (format !== 'auto' && this.lines > 0) {
      const own = this.families.get(format) ?? 0;
      if (own < this.lines) rows.push(ja ? `指定の「${format}」の行は${n(own)}行でした。ほかの行は、上の種類として読みました。` : `${n(own)} lines are “${format}” as you said; the others were read as listed above.`);
    }
    if (this.#templates.size > 0) {
      rows.push('', ja ? '読めなかった行の形（多い順）' : 'Lines that were not understood, by their form:');
      const sorted = [...this.#templates].sort((a, b) => b[1].count - a[1].count);
      for (const [key, { count }] of sorted.slice(0, SHOWN)) rows.push(`  ${n(count).padStart(10)}  ${printable(key).slice(0, 160)}`);
      const rest = sorted.slice(SHOWN).reduce((sum, [, { count }]) => sum + count, 0) + this.#others;
      if (rest > 0) rows.push(ja ? `  ほかに${n(rest)}行あります。` : `  and ${n(rest)} more lines.`);
    }
    return rows.join('\n');
  }
}

/** Lines come from outside: what would steer a terminal is shown as a dot. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '·');
}

/** Waits where the reader is slower. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`) && !process.stdout.destroyed) await new Promise<void>((next) => {
    const go = (): void => {
      process.stdout.off('drain', go).off('close', go).off('error', go);
      next();
    };
    process.stdout.once('drain', go).once('close', go).once('error', go);
  });
}
