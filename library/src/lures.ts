import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What mails of ill will ask of their readers, by family, read from `library/lures`: one file for each language. */

export const LURE_FAMILIES = [
  'credentials', 'money', 'bank_change', 'open_file', 'call', 'scan_code', 'urgency', 'secrecy', 'delivery', 'refund', 'account_stop', 'prize', 'contact_elsewhere', 'boss', 'extortion', 'password_apart', 'advert',
] as const;
/** Japanese and English, and what members get from abroad. */
export const LURE_LANGUAGES = ['ja', 'en', 'de', 'es', 'fr', 'it', 'nl', 'pt'] as const;
export type LureFamily = (typeof LURE_FAMILIES)[number];

/** Fits the `Lure` that @banya/mail takes. */
export interface Lure {
  readonly family: LureFamily;
  readonly lang: (typeof LURE_LANGUAGES)[number];
  /** After NFKC, in lower case. `…` stands for up to 12 characters of anything but a full stop. */
  readonly phrases: readonly string[];
}

export interface Lures {
  readonly lures: readonly Lure[];
  /** Files that could not be read and were left out, each with its path and what is wrong. */
  readonly broken: readonly string[];
}

const FOLDER = new URL('../lures/', import.meta.url);
const MAX_GAPS = 3;
const MAX_PHRASE_CHARS = 60;

let loaded: Lures | undefined;

/** All lures; read once. `readLures` tells which files were left out. */
export function loadLures(): readonly Lure[] {
  return (loaded ??= readLures(FOLDER)).lures;
}

/** Reads a folder of lures; the name of a file is its language. A file that is wrong is left out whole and told of. */
export function readLures(folder: URL = FOLDER): Lures {
  const lures: Lure[] = [];
  const broken: string[] = [];
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.yml')).sort()) {
    const path = `lures/${name}`;
    try {
      const lang = LURE_LANGUAGES.find((language) => name === `${language}.yml`);
      if (lang === undefined) throw new Error(`a file is named after its language: ${LURE_LANGUAGES.join(', ')}`);
      const value: unknown = parse(readFileSync(fileURLToPath(new URL(name, folder)), 'utf8'));
      if (!Array.isArray(value)) throw new Error('a file holds a list of families');
      lures.push(...checkedFamilies(value, lang));
    } catch (error) {
      broken.push(`${path}: ${(error as Error).message.split('\n', 1)[0]}`);
    }
  }
  return { lures, broken };
}

function checkedFamilies(values: readonly unknown[], lang: Lure['lang']): Lure[] {
  const families = new Set<string>();
  const owners = new Map<string, string>();
  return values.map((value): Lure => {
    const record = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    const family = LURE_FAMILIES.find((word) => word === record['family']);
    if (family === undefined) throw new Error(`"${String(record['family'])}" is no family`);
    const fail = (detail: string): never => {
      throw new Error(`${family}: ${detail}`);
    };
    const unknown = Object.keys(record).find((key) => key !== 'family' && key !== 'phrases');
    if (unknown !== undefined) fail(`"${unknown}" is not a key of lures`);
    if (families.has(family)) fail('stands twice');
    families.add(family);
    const { phrases } = record;
    if (!Array.isArray(phrases) || phrases.length === 0 || !phrases.every((phrase) => typeof phrase === 'string')) return fail('"phrases" must be a list of texts');
    for (const phrase of phrases as string[]) {
      const problem = phraseProblem(phrase);
      if (problem !== undefined) fail(`"${phrase}" ${problem}`);
      const owner = owners.get(phrase);
      if (owner !== undefined) fail(`"${phrase}" stands in ${owner} too`);
      owners.set(phrase, family);
    }
    return { family, lang, phrases: phrases as string[] };
  });
}

function phraseProblem(phrase: string): string | undefined {
  const pieces = phrase.split('…');
  if (pieces.some((piece) => piece.trim() === '')) return 'begins or ends with a gap';
  if (pieces.length > MAX_GAPS + 1 || phrase.length > MAX_PHRASE_CHARS) return `has more than ${MAX_GAPS} gaps or ${MAX_PHRASE_CHARS} characters`;
  // NFKC makes three dots of the gap itself, so it is taken piece by piece.
  if (pieces.some((piece) => piece.normalize('NFKC').toLowerCase().trim() !== piece)) return 'is not in the form after NFKC and lower case';
  return /[。.]\s|。/.test(phrase) ? 'goes past a full stop' : undefined;
}
