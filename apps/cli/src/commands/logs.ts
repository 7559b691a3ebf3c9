import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createParser, decode, ECS, type Encoding, FAMILIES, isEcsName, MAX_LINE, type ParsedEvent, type Parser, template } from '@banya/logs';
import { speaksJapanese, Usage } from '../args.ts';
import { ArchiveError, Growth, GrowthError, gunzipped, RATIO_FROM, RATIO_MAX } from '../detect/archives.ts';
import { type Cutter, cutterOf, eventWithin, evtxRecords, opened, withHead } from '../detect/records.ts';

type Lang = 'ja' | 'en';

/** Kinds of lines that nobody understood, kept while reading; beyond them only a number. */
const TEMPLATES_MAX = 10_000;
const SHOWN = 20;
/** A record that is no line may be so long with its blanks; of its text as much is read as of a line. */
const RECORD_MAX = 1024 * 1024;
/** Where a packed file is measured, a line counts as no less, and as no less than a part of the JSON that it makes. */
const LINE_WEIGHT = 256;
const JSON_PART = 4;
const DAY = 86_400_000;
const FIRST_YEAR = Date.UTC(1990, 0, 1);
const ENCODINGS: readonly Encoding[] = ['utf-8', 'cp932', 'euc-jp'];
const ZONE = 'Asia/Tokyo';

export function logsHelp(): string {
  return [
    '  FILE: text in UTF-8, UTF-16, CP932 or EUC-JP; JSON of any layout, also a page of answers with “value” or what Elasticsearch',
    '    keeps under “_source”; XML of the Windows Event Viewer and wevtutil; EVTX; the CSV of a Purview audit search; each also as gzip',
    `  --format NAME: what is tried first, of auto, ${FAMILIES.map(({ id }) => id).join(', ')}`,
    `  --time-zone ZONE: clock of lines that name no zone, such as Asia/Tokyo or +09:00 (${ZONE})`,
    `  --encoding NAME: of lines that are not UTF-8, one of ${ENCODINGS.join(', ')} (found out for each line)`,
    '  --json: a line of JSON for each record instead of the summary; its event.original is the text of the record',
    `  A packed file is read as long as it grows less than ${RATIO_MAX} times beyond ${RATIO_FROM >> 20} MB; a line counts as ${LINE_WEIGHT} bytes at least.`,
    '  Exit code: 0 when something was understood; 1 when nothing was, the file ended badly or parts of it are damaged; 2 when the command is written wrongly',
    '',
  ].join('\n');
}

/** `logs parse FILE|-`: tells lines in ECS. Exit code 0 when something was understood, 1 when nothing was, the file ended badly or is damaged. */
export async function logs(args: readonly string[]): Promise<number> {
  const { path, format, json, encoding, parser } = ordered(args);
  const lang: Lang = speaksJapanese() ? 'ja' : 'en';
  const tally = new Tally();
  let stopped: string | null = null;
  try {
    const file = await begun(path);
    for await (const batch of batchesOf(file)) {
      const out: string[] = [];
      let weight = 0;
      for (const { line, at, truncated, broken } of batch) {
        const parsed = parser.parse(line, at, truncated);
        const text = typeof line === 'string' ? line : decode(line.subarray(0, MAX_LINE), encoding).text;
        tally.add(parsed, text, broken);
        const told = json ? JSON.stringify(record(parsed, text, file.at)) : '';
        if (json) out.push(told);
        weight += Math.max(0, LINE_WEIGHT - line.length, told.length / JSON_PART - line.length);
      }
      if (out.length > 0) await write(out.join('\n'));
      file.growth?.get(weight);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    stopped = error instanceof GrowthError
      ? `The packed file grows ${RATIO_MAX} times and more (a line counts as ${LINE_WEIGHT} bytes at least); it was made to fill disks. It is not read further.`
      : `${path}: ${error.message}.`;
  }
  if (!json) await write(tally.said(lang, format));
  if (tally.broken > 0) process.stderr.write(`${path}: ${tally.broken} of its records are damaged; each of them is one line.\n`);
  if (stopped !== null) process.stderr.write(`${stopped}\n`);
  const good = format === 'auto' ? tally.understood > 0 || tally.lines === 0 : (tally.families.get(format) ?? 0) > 0;
  return stopped === null && tally.broken === 0 && good ? 0 : 1;
}

interface Wanted {
  readonly path: string;
  readonly format: string;
  readonly json: boolean;
  readonly encoding: Encoding | undefined;
  readonly parser: Parser;
}

function ordered(args: readonly string[]): Wanted {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { format: { type: 'string' }, 'time-zone': { type: 'string' }, encoding: { type: 'string' }, json: { type: 'boolean' } } });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const [verb, path, ...more] = parsed.positionals;
  if (verb !== 'parse' || path === undefined || more.length > 0) throw new Usage('logs knows one word, parse, and needs a file, or - for what comes in.');
  const format = parsed.values.format ?? 'auto';
  if (format !== 'auto' && !FAMILIES.some(({ id }) => id === format)) throw new Usage(`There is no format “${format}”. Known are: auto, ${FAMILIES.map(({ id }) => id).join(', ')}.`);
  const encoding = ENCODINGS.find((name) => name === parsed.values.encoding?.toLowerCase());
  if (parsed.values.encoding !== undefined && encoding === undefined) throw new Usage(`There is no encoding “${parsed.values.encoding}”. Known are: ${ENCODINGS.join(', ')}.`);
  const timeZone = parsed.values['time-zone'] ?? ZONE;
  try {
    return { path, format, json: parsed.values.json ?? false, encoding, parser: createParser({ family: format, timeZone, encoding }) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Usage(`There is no time zone “${timeZone}”. They are written as Asia/Tokyo or +09:00.`);
  }
}

interface Line {
  readonly line: Uint8Array | string;
  readonly at: number;
  readonly truncated: boolean;
  /** Damaged in the file itself: the line tells only of that. */
  readonly broken: boolean;
}

interface File {
  /** The time of the file stands for that of receipt. */
  readonly at: number;
  readonly bytes: AsyncIterable<Buffer>;
  /** Where the file is packed. */
  readonly growth: Growth | null;
}

async function begun(path: string): Promise<File> {
  if (path === '-') return unpacked(process.stdin, Date.now());
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Usage(error.code === 'ENOENT' ? `${path} is not there.` : `${path} cannot be read: ${error.message}`);
  });
  if (info.isDirectory()) throw new Usage(`${path} is a folder; name one file.`);
  return unpacked(createReadStream(path, { highWaterMark: 256 * 1024 }), info.mtimeMs);
}

/** The bytes of a stream, unpacked where they are gzip. Nothing is held but the portion in hand. */
async function unpacked(stream: AsyncIterable<Buffer>, at: number): Promise<File> {
  const { head, parts } = await withHead(stream, (bytes) => bytes.length >= 8);
  if (head.length < 2 || head[0] !== 0x1f || head[1] !== 0x8b) return { at, bytes: parts, growth: null };
  const growth = new Growth(Infinity);
  return { at, bytes: gunzipped(parts, growth), growth };
}

/** Records of a file in portions, whatever holds them. What was read before a file breaks off comes before that is thrown. */
async function* batchesOf({ at, bytes }: File): AsyncGenerator<Line[]> {
  const { kind, parts } = await opened(bytes);
  if (kind === 'evtx') {
    for await (const records of evtxRecords(parts)) yield records.map(({ line, time, broken }) => ({ line, at: time === 0 ? at : time, truncated: false, broken }));
  } else if (kind === 'xml' || kind === 'csv' || kind === 'stream') yield* recordLines(parts, cutterOf(kind, RECORD_MAX), at);
  else yield* textLines(parts, at);
}

async function* recordLines(parts: AsyncIterable<Buffer>, cutter: Cutter, at: number): AsyncGenerator<Line[]> {
  const some = (pieces: ReturnType<Cutter['add']>): Line[] => [...pieces].flatMap(({ bytes, cut }) => lineOf(compact(bytes), at, cut));
  let failed: { readonly error: unknown } | null = null;
  try {
    for await (const part of parts) {
      const lines = some(cutter.add(part));
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    failed = { error };
  }
  const last = some(cutter.end());
  if (last.length > 0) yield last;
  if (failed !== null) throw failed.error;
}

/** JSON without the blanks between its parts, where they are spread over lines. */
function compact(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x7b || (!bytes.includes(10) && !bytes.includes(13))) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let [size, inText] = [0, false];
  for (let at = 0; at < bytes.length; at++) {
    const unit = bytes[at]!;
    if (unit <= 0x20 && !inText) continue;
    out[size++] = unit;
    if (unit === 0x22) inText = !inText;
    else if (unit === 0x5c && inText && at + 1 < bytes.length) out[size++] = bytes[++at]!;
  }
  return out.subarray(0, size);
}

/** Lines ended by LF or CRLF; what is longer than a line may be is cut and the rest dropped. */
async function* textLines(bytes: AsyncIterable<Buffer>, at: number): AsyncGenerator<Line[]> {
  let held: Buffer = Buffer.alloc(0);
  let dropping = false;
  let failed: { readonly error: unknown } | null = null;
  try {
    for await (const portion of bytes) {
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
        lines.push(...lineOf(held.length === 0 ? piece : Buffer.concat([held, piece]), at));
        held = Buffer.alloc(0);
      }
      if (!dropping && from < portion.length) {
        held = Buffer.concat([held, portion.subarray(from)]);
        if (held.length > MAX_LINE) {
          lines.push(...lineOf(held, at));
          dropping = true;
          held = Buffer.alloc(0);
        }
      }
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    failed = { error };
  }
  const last = dropping ? [] : lineOf(held, at);
  if (last.length > 0) yield last;
  if (failed !== null) throw failed.error;
}

/** One line, or none where it is blank. */
function lineOf(bytes: Buffer, at: number, cut = false): Line[] {
  const end = bytes.length > 0 && bytes[bytes.length - 1] === 13 ? bytes.length - 1 : bytes.length;
  if (end === 0) return [];
  const [from, to] = eventWithin(bytes, 0, end);
  return [{ line: Buffer.from(bytes.subarray(from, Math.min(to, from + MAX_LINE))), at, truncated: cut || to - from > MAX_LINE, broken: false }];
}

/** One event as ECS JSON: dotted names, times in ISO 8601, the line itself, and what had no place. */
function record({ event, family, unmapped, problems }: ParsedEvent, text: string, fileTime: number): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event)) {
    if (name === 'banya.device_time' || name === 'banya.clock_suspect') continue;
    out[name] = isEcsName(name) && ECS[name].type === 'date' && typeof value === 'number' ? new Date(value).toISOString() : value;
  }
  // When a line of a file was received is not known: its own time stays, and is doubted only where no file can hold it.
  const said = event['banya.device_time'];
  if (said !== undefined && Math.abs(said) < 8.64e15) out['@timestamp'] = new Date(said).toISOString();
  const time = said ?? event['@timestamp'];
  const doubted = time !== undefined && (time > fileTime + DAY || time < FIRST_YEAR);
  if (doubted) out['banya.clock_suspect'] = true;
  out['event.original'] = text;
  out['banya.family'] = family;
  const noted: string[] = problems.filter((problem) => problem !== 'clock_suspect');
  if (doubted) noted.push('clock_suspect');
  if (noted.length > 0) out['banya.problems'] = noted;
  if (Object.keys(unmapped).length > 0) out['unmapped'] = { ...unmapped };
  return out;
}

class Tally {
  lines = 0;
  /** As the house counts: by a family that knows the line. */
  understood = 0;
  /** Of the rest, lines of which names and values were read, as anybody's. */
  general = 0;
  broken = 0;
  readonly families = new Map<string, number>();
  readonly #templates = new Map<string, { count: number; example: string }>();
  #others = 0;

  add({ family, problems }: ParsedEvent, text: string, broken: boolean): void {
    this.lines++;
    this.families.set(family, (this.families.get(family) ?? 0) + 1);
    const unparsed = problems.includes('unparsed');
    if (broken) this.broken++;
    else if (!unparsed && family !== 'generic') {
      this.understood++;
      return;
    } else if (!unparsed) this.general++;
    const key = template(text.slice(0, 2048));
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
    if (this.general > 0) rows.push(ja ? `読めなかった行のうち${n(this.general)}行は、項目の名前と値だけを読みました（generic）。` : `Of those that were not, ${n(this.general)} were read for names and values only (generic).`);
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
