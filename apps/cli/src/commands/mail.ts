import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DnsAnswers, Knowledge, Reason } from '@banya/mail';
import { HostilePool } from '../../../server/src/kernel/hostile/pool.ts';
import { speaksJapanese, Usage } from '../args.ts';
import type { Done, Order, Verdict } from '../mail-child.ts';

/** Each mail has so long and its process so much memory; two at once. */
const LIMITS = { seconds: 5, memoryBytes: 256 * 1024 * 1024, size: 2, callsMax: 2_000, waitingMax: 1_000 };
const FILE_MAX = 100 * 1024 * 1024;
/** Mails that are read ahead of the one that is printed. */
const AHEAD = 8;
type Lang = 'ja' | 'en';
type Own = Order['knowledge'];

interface Line {
  readonly file: string;
  readonly verdict: 'dangerous' | 'suspicious' | 'insufficient' | 'clear';
  readonly score: number;
  readonly reasons: readonly Pick<Reason, 'code' | 'severity' | 'text' | 'evidence'>[];
  readonly ms: number;
  /** Why it could not be analysed. */
  readonly error?: string;
}

const words: Readonly<Record<Line['verdict'], Record<Lang, string>>> = {
  dangerous: { ja: '危険', en: 'Dangerous' }, suspicious: { ja: '疑わしい', en: 'Suspicious' }, insufficient: { ja: '情報不足', en: 'Too little to tell' }, clear: { ja: '不審な点は見つかりません', en: 'Nothing suspicious found' },
};
/** What to do comes before why. There is no desk behind a command line, so none is promised. */
const advice: Readonly<Partial<Record<Line['verdict'], Record<Lang, string>>>> = {
  dangerous: { ja: 'リンクや添付ファイルを開かず、返事もしないでください。開いたときは、すぐデスクに電話してください。', en: 'Do not open its links or files, and do not answer it. If somebody did, phone your desk at once.' },
  suspicious: { ja: '開く前に、デスクに確かめてください。', en: 'Ask your desk before anybody opens it.' },
};
const unread = { ja: 'このメールは調べられませんでした。大きすぎるか、形がくずれています。開く前に、デスクに確かめてください。', en: 'This mail could not be analysed: reading it takes too much time or memory, or it is malformed. Ask your desk before anybody opens it.' };
const unreadLine = (file: string, error: string): Line => ({ file, verdict: 'insufficient', score: 0, reasons: [{ code: 'could_not_be_analysed', severity: 'note', text: unread, evidence: [] }], ms: 0, error });

/** `mail check PATH…`: judges files, folders and zips without a server. Exit code 0 when all were read, 1 when some could not be. */
export async function mail(args: readonly string[]): Promise<number> {
  const { paths, own, json } = await ordered(args);
  const pool = new HostilePool(new URL('../mail-child.ts', import.meta.url), LIMITS);
  const lang: Lang = speaksJapanese() ? 'ja' : 'en';
  let whole = true;
  let count = 0;
  try {
    const waiting: Promise<Line[]>[] = [];
    const print = async (): Promise<void> => {
      for (const line of await waiting.shift()!) {
        count += 1;
        if (line.error !== undefined) whole = false;
        await write(json ? JSON.stringify(line) : spoken(line, lang));
      }
    };
    for (const path of paths) {
      for await (const file of filesOf(path)) {
        waiting.push(check(pool, file, own));
        if (waiting.length >= AHEAD) await print();
      }
    }
    while (waiting.length > 0) await print();
  } finally {
    pool.close();
  }
  if (count === 0) {
    process.stderr.write(lang === 'ja' ? 'メールが見つかりませんでした。\n' : 'No mail was found there.\n');
    return 1;
  }
  return whole ? 0 : 1;
}

async function ordered(args: readonly string[]): Promise<{ paths: string[]; own: Own; json: boolean }> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { profile: { type: 'string' }, dns: { type: 'string' }, json: { type: 'boolean' } } });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
  const [verb, ...paths] = parsed.positionals;
  if (verb !== 'check' || paths.length === 0) throw new Usage('mail knows one word, check, and needs a file or folder.');
  const { profile, dns, json } = parsed.values;
  return { paths, json: json ?? false, own: { ...(profile === undefined ? usual() : profileOf(await jsonFile(profile), profile)), ...(dns === undefined ? {} : { dns: zoneOf(await jsonFile(dns), dns) }), now: new Date().toISOString() } };
}

const usual = (): Omit<Own, 'now'> => ({ ownDomains: [], officers: [], partners: [], authservIds: [] });

async function jsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Usage(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Usage(`${path} is not JSON: ${(error as Error).message}`);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((v) => typeof v === 'string');

/** What the engine is told of an organisation: the fields of `mail-check` and its own domains and name; what is missing is unknown. */
function profileOf(value: unknown, path: string): Omit<Own, 'now'> {
  const wrong = (field: string, wanted: string): Usage => new Usage(`${path}: ${field} must be ${wanted}.`);
  if (!isRecord(value)) throw wrong('the file', 'an object');
  const texts = (field: string): string[] => {
    const given = value[field] ?? [];
    if (!isTexts(given)) throw wrong(field, 'a list of texts');
    return given;
  };
  const records = (field: string): Record<string, unknown>[] => {
    const given = value[field] ?? [];
    if (!Array.isArray(given) || !given.every(isRecord)) throw wrong(field, 'a list of objects');
    return given;
  };
  const officers = records('officers').map((o) => {
    if (typeof o.name !== 'string' || (o.addresses !== undefined && !isTexts(o.addresses)) || (o.also !== undefined && !isTexts(o.also)) || (o.title !== undefined && typeof o.title !== 'string')) throw wrong('officers', 'a list of {name, also?, title?, addresses?}');
    return { name: o.name, addresses: (o.addresses ?? []) as string[], ...(o.also === undefined ? {} : { also: o.also as string[] }), ...(o.title === undefined ? {} : { title: o.title }) };
  });
  const partners = records('partners').map((p) => {
    if (typeof p.domain !== 'string' || (p.name !== undefined && typeof p.name !== 'string')) throw wrong('partners', 'a list of {domain, name?}');
    return { domain: p.domain.toLowerCase(), ...(p.name === undefined ? {} : { name: p.name }) };
  });
  if (value.ownName !== undefined && typeof value.ownName !== 'string') throw wrong('ownName', 'a text');
  if (value.knownIds !== undefined && !isTexts(value.knownIds)) throw wrong('knownIds', 'a list of texts');
  return {
    ownDomains: texts('ownDomains').map((d) => d.toLowerCase()), officers, partners, authservIds: texts('authservIds').map((d) => d.toLowerCase()),
    ...(value.ownName === undefined ? {} : { ownName: value.ownName }), ...(value.knownIds === undefined ? {} : { knownIds: value.knownIds }), ...(value.history === undefined ? {} : { history: historyOf(value.history, wrong) }),
  };
}

function historyOf(value: unknown, wrong: (field: string, wanted: string) => Usage): NonNullable<Knowledge['history']> {
  const count = (field: string): number => (isRecord(value) && Number.isInteger(value[field]) ? (value[field] as number) : 0);
  const texts = (field: string): string[] => (isRecord(value) && isTexts(value[field]) ? value[field] : []);
  if (!isRecord(value)) throw wrong('history', 'an object');
  return { address: count('address'), domain: count('domain'), sentTo: count('sentTo'), names: texts('names'), mailers: texts('mailers'), replyDomains: texts('replyDomains') };
}

/** `{ "example.jp": { "TXT": ["v=spf1 -all"] } }` */
function zoneOf(value: unknown, path: string): DnsAnswers {
  const zone: Record<string, Record<string, readonly string[]>> = Object.create(null) as Record<string, Record<string, readonly string[]>>;
  if (!isRecord(value)) throw new Usage(`${path}: the file must be an object of names.`);
  for (const [name, types] of Object.entries(value)) {
    if (!isRecord(types) || !Object.values(types).every(isTexts)) throw new Usage(`${path}: ${name.slice(0, 100)} must be an object of record types with lists of texts.`);
    zone[name.toLowerCase()] = types as Record<string, readonly string[]>;
  }
  return { ...zone };
}

/** Files below a path in order of their names; what is hidden or no file is left out. */
async function* filesOf(path: string): AsyncGenerator<string> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Usage(error.code === 'ENOENT' ? `${path} is not there.` : `${path} cannot be read: ${error.message}`);
  });
  if (!info.isDirectory()) {
    yield path;
    return;
  }
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) yield* filesOf(join(path, entry.name));
    else if (entry.isFile()) yield join(path, entry.name);
  }
}

async function check(pool: HostilePool, file: string, knowledge: Own): Promise<Line[]> {
  try {
    if ((await stat(file)).size > FILE_MAX) return [unreadLine(file, 'too_large')];
    const bytes = await readFile(file);
    const isZip = bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50;
    const lines: Line[] = [];
    for (let from: number | null = isZip ? 0 : null, first = true; first || from !== null; first = false) {
      const { verdicts, next }: Done = await pool.run<Done>(bytes, { knowledge, from } satisfies Order);
      lines.push(...verdicts.map((v) => lineOf(file, v)));
      from = next;
    }
    return lines;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return [unreadLine(file, typeof code === 'string' ? code.toLowerCase() : 'unreadable')];
  }
}

function lineOf(file: string, { entry, found, ms }: Verdict): Line {
  const name = entry === '' ? file : `${file}/${entry}`;
  if (found === null) return { ...unreadLine(name, 'unreadable'), ms };
  return { file: name, verdict: found.verdict, score: found.score, reasons: found.reasons.map((r) => ({ code: r.code, severity: r.severity, text: r.text, evidence: r.evidence })), ms };
}

/** Words of a mail must not steer the terminal they are printed on. */
const harmless = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '');

function spoken(line: Line, lang: Lang): string {
  const reasons = line.reasons.map((r) => `    ${lang === 'ja' ? '・' : '- '}${harmless(r.text[lang])}`);
  const todo = advice[line.verdict]?.[lang];
  return [harmless(line.file), `  ${words[line.verdict][lang]}${line.error === undefined ? ` (${Math.round(line.score)})` : ''}`, ...(todo === undefined ? [] : [`  ${todo}`]), ...reasons].join('\n');
}

/** Waits where the reader is slow. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(`${text}\n`)) resolve();
    else process.stdout.once('drain', resolve);
  });
}
