import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Language } from './detections.ts';

/**
 * Brands used in Japan with the domains that are really theirs, read from `library/brands`. Whoever writes in
 * the name of one of them is held against these domains. A domain that is missing costs a sharper word; a wrong
 * one calls a forgery real: when in doubt, leave it out.
 */

export const TRADES = ['bank', 'card', 'securities', 'insurance', 'delivery', 'shop', 'telecom', 'government', 'cloud', 'payment', 'transport', 'energy', 'software', 'other'] as const;
export type Trade = (typeof TRADES)[number];

/** Fits the `Brand` that @banya/mail takes. */
export interface Brand {
  /** Lower case letters, digits and hyphens. */
  readonly id: string;
  readonly name: Readonly<Record<Language, string>>;
  /** As they stand in display names and bodies, at least two characters each. */
  readonly spellings: readonly string[];
  /** Registrable domains, lower case. */
  readonly domains: readonly string[];
  readonly trade: Trade;
  /** True where a spelling is also an everyday word: then the display name alone counts. */
  readonly everyday?: boolean;
  /** Of `domains`, those where anybody may hold an address or a page. */
  readonly open?: readonly string[];
  /** Brands of one group vouch for one another. */
  readonly group?: string;
}

export interface Brands {
  readonly brands: readonly Brand[];
  /** Files that could not be read and were left out, each with its path and what is wrong. */
  readonly broken: readonly string[];
}

const FOLDER = new URL('../brands/', import.meta.url);
const KEYS = ['id', 'name', 'spellings', 'domains', 'trade', 'everyday', 'open', 'group'];
const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}$/;

let loaded: Brands | undefined;

/** All brands; read once. `readBrands` tells which files were left out. */
export function loadBrands(): readonly Brand[] {
  return (loaded ??= readBrands(FOLDER)).brands;
}

/** Reads a folder of brands. A file is taken whole or not at all: one that is wrong is left out and told of. */
export function readBrands(folder: URL = FOLDER): Brands {
  const brands: Brand[] = [];
  const broken: string[] = [];
  const owners = new Map<string, string>();
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.yml')).sort()) {
    const path = `brands/${name}`;
    try {
      const value: unknown = parse(readFileSync(fileURLToPath(new URL(name, folder)), 'utf8'));
      if (!Array.isArray(value)) throw new Error('a file holds a list of brands');
      const read = value.map(checkedBrand);
      const taken = new Map(owners);
      for (const brand of read) claimAll(brand, taken);
      for (const [key, id] of taken) owners.set(key, id);
      brands.push(...read);
    } catch (error) {
      broken.push(`${path}: ${(error as Error).message.split('\n', 1)[0]}`);
    }
  }
  return { brands, broken };
}

/** The form in which two spellings are the same: width, case, spaces and middle dots do not count. */
export function spellingKey(spelling: string): string {
  return spelling.normalize('NFKC').toLowerCase().replace(/[\s・·‧]/gu, '');
}

/** An id, a spelling or a domain of two brands would make every answer depend on the order of files. */
function claimAll(brand: Brand, taken: Map<string, string>): void {
  for (const key of [`id ${brand.id}`, ...brand.domains.map((domain) => `domain ${domain}`), ...brand.spellings.map((spelling) => `spelling ${spellingKey(spelling)}`)]) {
    const owner = taken.get(key);
    if (owner !== undefined) throw new Error(`${brand.id}: "${key}" stands twice, also in ${owner}`);
    taken.set(key, brand.id);
  }
}

function checkedBrand(value: unknown): Brand {
  const record = asRecord(value);
  const id = record['id'];
  if (typeof id !== 'string' || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) throw new Error(`"${String(id)}" is no id of a brand`);
  const fail = (detail: string): never => {
    throw new Error(`${id}: ${detail}`);
  };
  const unknown = Object.keys(record).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) fail(`"${unknown}" is not a key of brands`);
  const name = asRecord(record['name']);
  const { ja, en } = name;
  if (typeof ja !== 'string' || typeof en !== 'string' || ja === '' || en === '') return fail('"name" needs ja and en');
  const spellings = texts(record['spellings']) ?? fail('"spellings" must be a list of texts');
  if (spellings.length === 0 || spellings.some((spelling) => [...spellingKey(spelling)].length < 2)) fail('every spelling has at least two characters');
  const domains = texts(record['domains']) ?? fail('"domains" must be a list of texts');
  if (domains.length === 0 || domains.some((domain) => !DOMAIN.test(domain))) fail('every domain is lower case, without a scheme');
  const trade = TRADES.find((word) => word === record['trade']) ?? fail(`"trade" must be one of ${TRADES.join(', ')}`);
  const { everyday, group } = record;
  if (everyday !== undefined && everyday !== true) fail('"everyday" is true or left out');
  if (group !== undefined && typeof group !== 'string') fail('"group" must be a text');
  const open = record['open'] === undefined ? undefined : (texts(record['open']) ?? fail('"open" must be a list of texts'));
  if (open?.some((domain) => !domains.includes(domain))) fail('"open" names domains of the brand');
  return {
    id, name: { ja, en }, spellings, domains, trade,
    ...(everyday === true ? { everyday } : {}), ...(open === undefined ? {} : { open }), ...(typeof group === 'string' ? { group } : {}),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('a brand and its name are maps');
  return value as Record<string, unknown>;
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item.trim() === item && item !== '') ? value : undefined;
}
