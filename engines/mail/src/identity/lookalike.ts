/** Hosts that look like a domain of the organisation, of a partner or of a brand, and are none of theirs. */
import { getDomainWithoutSuffix } from 'tldts';
import { toUnicode } from 'tr46';
import { isAddress, normaliseHost, registrable } from '@banya/indicators/hosts';
import type { Brand, Knowledge, Lookalike } from '../types.ts';
import { skeleton } from './confusables.ts';
import { deletions, distance } from './edit.ts';
import { purposeLike } from './office.ts';
import { COMMON_NAMES, PLAIN_NAMES, STRONG_WORDS, WEAK_WORDS } from './words.ts';

/** How sure one can be that the name means the owner: `everyday` for words and surnames, `plain` for what means nothing. */
type Rarity = 'rare' | 'everyday' | 'plain';

interface Target {
  readonly domain: string;
  readonly kind: Lookalike['targetKind'];
  /** Without the suffix, in Unicode: `example` of `example.co.jp`. */
  readonly label: string;
  /** At home in Japan. Others hold their name under the suffixes of many countries, more than anybody lists. */
  readonly japanese: boolean;
  readonly rarity: Rarity;
}

interface Index {
  /** Domains that are theirs and therefore never look-alikes. */
  readonly known: ReadonlySet<string>;
  readonly bySkeleton: ReadonlyMap<string, Target>;
  readonly byDeletion: ReadonlyMap<string, readonly Target[]>;
  /** `example.co.jp` cut at dots and hyphens: `example co jp`. */
  readonly byTokens: ReadonlyMap<string, Target>;
}

/** Made once by `prepareTargets` and used for every host of every mail. */
export interface Targets {
  readonly indexes: readonly Index[];
}

const MIN_LABEL = 4;
/** Of three letters only with a strong word apart: `abc-login`. */
const MIN_TOKEN = 3;
/** Countries whose suffixes serve forgers far more often than owners. */
const CHEAP = new Set(['cn', 'ru', 'cc', 'tk', 'ml', 'ga', 'cf', 'gq', 'pw', 'su', 'ws', 'la']);
const MIN_EDIT = 6;
const MIN_EDIT_TWO = 10;
const MAX_RESULTS = 5;
const MAX_TOKENS = 6;

const WORDS: ReadonlyMap<string, boolean> = new Map([...WEAK_WORDS.map((word) => [skeleton(word), false] as const), ...STRONG_WORDS.map((word) => [skeleton(word), true] as const)]);
const LONGEST_WORD = Math.max(...[...WORDS.keys()].map((word) => word.length));

const ofBrands = new WeakMap<readonly Brand[], Index>();

/** The index of all that a host may be held against. The part of the brands is kept for as long as their list lives. */
export function prepareTargets(knowledge: Pick<Knowledge, 'ownDomains' | 'partners' | 'brands'>): Targets {
  let brands = ofBrands.get(knowledge.brands);
  if (brands === undefined) {
    brands = buildIndex(knowledge.brands.flatMap((brand) => brandTargets(brand)));
    ofBrands.set(knowledge.brands, brands);
  }
  const own = knowledge.ownDomains.map((domain) => toTarget(domain, 'own'));
  const partners = knowledge.partners.map(({ domain }) => toTarget(domain, 'partner'));
  return { indexes: [buildIndex([...own, ...partners]), brands] };
}

/**
 * What a host looks like, at most five, own domains first, then partners, then brands; one entry for each name. Empty
 * for a host that belongs to one of them, for addresses and for what is no host. Time grows with the length of the host
 * alone (at most 253), not with the number of targets.
 */
export function lookalikes(host: string, targets: Targets): Lookalike[] {
  const plain = normaliseHost(host);
  if (!plain.includes('.') || isAddress(plain)) return [];
  const domain = registrable(plain) ?? plain;
  if (targets.indexes.some(({ known }) => belongs(plain, known))) return [];
  const shape = readHost(plain, domain);
  const found: Lookalike[] = [];
  const names = new Set<string>();
  for (const index of targets.indexes) {
    for (const [target, how] of [...bySubdomain(shape, index), ...byLabel(shape, index)]) {
      if (names.has(target.label) || found.length === MAX_RESULTS) continue;
      names.add(target.label);
      found.push({ target: target.domain, targetKind: target.kind, domain, how });
    }
  }
  const rank = { own: 0, partner: 1, brand: 2 } as const;
  return found.sort((a, b) => rank[a.targetKind] - rank[b.targetKind]);
}

// ---------------------------------------------------------------- targets

function toTarget(domain: string, kind: Lookalike['targetKind'], japanese = true, everyday = false): Target {
  const host = normaliseHost(domain);
  const label = unicode(labelOf(host));
  return { domain: host, kind, label, japanese, rarity: PLAIN_NAMES.has(label) ? 'plain' : everyday || COMMON_NAMES.has(label) ? 'everyday' : 'rare' };
}

/** The domains of a brand, and its Japanese spellings as labels of their own (`例示銀行.example`). */
function brandTargets(brand: Brand): Target[] {
  const [first] = brand.domains;
  if (first === undefined) return [];
  const spelled = brand.everyday === true ? [] : brand.spellings.map((spelling) => spelling.normalize('NFKC').toLowerCase().replace(/[\s・]/g, '')).filter((label) => /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ーa-z0-9]{4,}$/u.test(label) && !/^[a-z0-9]+$/.test(label));
  return [...brand.domains.map((domain) => toTarget(domain, 'brand', first.endsWith('.jp'), brand.everyday)), ...spelled.map((label): Target => ({ domain: first, kind: 'brand', label, japanese: true, rarity: 'rare' }))];
}

function labelOf(host: string): string {
  return getDomainWithoutSuffix(host, { allowPrivateDomains: true, validateHostname: false, extractHostname: false, detectIp: false }) ?? host.split('.', 1)[0]!;
}

function buildIndex(targets: readonly Target[]): Index {
  const known = new Set<string>();
  const bySkeleton = new Map<string, Target>();
  const byDeletion = new Map<string, Target[]>();
  const byTokens = new Map<string, Target>();
  for (const target of targets) {
    if (target.domain === '') continue;
    known.add(target.domain);
    const tokens = target.domain.split(/[.-]/);
    if (target.domain.length >= 6 && tokens.length <= MAX_TOKENS && !byTokens.has(tokens.join(' '))) byTokens.set(tokens.join(' '), target);
    const key = skeleton(target.label);
    if (key.length < MIN_TOKEN || bySkeleton.has(key)) continue;
    bySkeleton.set(key, target);
    if (!editable(target)) continue;
    for (const shorter of deletions(target.label, target.label.length >= MIN_EDIT_TWO ? 2 : 1)) {
      const list = byDeletion.get(shorter);
      if (list === undefined) byDeletion.set(shorter, [target]);
      else list.push(target);
    }
  }
  return { known, bySkeleton, byDeletion, byTokens };
}

/** Names of few letters have too many honest neighbours. */
function editable({ label, rarity }: Target): boolean {
  return rarity === 'rare' && label.replace(/\P{L}/gu, '').length >= MIN_EDIT - 1 && label.length >= MIN_EDIT && label.length <= 40;
}

// ---------------------------------------------------------------- the host

interface Shape {
  /** Label of the registrable domain as it is written, in Unicode. */
  readonly label: string;
  readonly ascii: boolean;
  /** The country whose suffix it has. */
  readonly country: string | undefined;
  /** Parts of the host without its public suffix, cut at dots, hyphens and what looks like a slash. */
  readonly tokens: readonly string[];
  /** How many of the tokens stand before the registrable domain. */
  readonly before: number;
  /** Labels before the registrable domain, as they are. */
  readonly rooms: readonly string[];
}

const CUT = /[.\-ノ丿∕⁄╱⧸／]/;

function readHost(host: string, domain: string): Shape {
  const raw = labelOf(domain);
  const label = unicode(raw);
  const sub = host === domain ? '' : unicode(host.slice(0, host.length - domain.length - 1));
  const before = sub === '' ? [] : sub.split(CUT).filter((token) => token !== '');
  return { label, ascii: !raw.includes('xn--'), country: /\.([a-z]{2})$/.exec(domain)?.[1], tokens: [...before, ...label.split(CUT).filter((token) => token !== '')].slice(0, 60), before: before.length, rooms: sub === '' ? [] : sub.split('.').slice(0, 8) };
}

function unicode(text: string): string {
  return text.includes('xn--') ? toUnicode(text).domain : text;
}

function belongs(host: string, known: ReadonlySet<string>): boolean {
  for (let at = 0; at !== -1; at = host.indexOf('.', at + 1)) if (known.has(host.slice(at === 0 ? 0 : at + 1))) return true;
  return false;
}

/** `example.co.jp.evil.test`, `example-co-jp.evil.test`, `login.example.evil.test`, and across the border: `example.co.jp-login.test`. */
function bySubdomain({ tokens, before, rooms, label }: Shape, index: Index): [Target, Lookalike['how']][] {
  const out: [Target, Lookalike['how']][] = [];
  // A rare name as a room of a house that has none of its own (`example.file-view.test`).
  for (const room of rooms) {
    const target = room.length >= MIN_EDIT ? index.bySkeleton.get(skeleton(room)) : undefined;
    if (target !== undefined && target.rarity === 'rare' && purposeLike(label) === 1) out.push([target, 'subdomain']);
  }
  for (let from = 0; from < tokens.length; from++) {
    let window = '';
    for (let to = from; to < Math.min(tokens.length, from + MAX_TOKENS); to++) {
      window = window === '' ? tokens[to]! : `${window} ${tokens[to]!}`;
      if (to === from) continue;
      const target = index.byTokens.get(window);
      if (target !== undefined) out.push([target, from < before ? 'subdomain' : 'added_word']);
    }
    // The name alone is a customer's own room at many services; beside such a word it is a disguise.
    const target = from < before && tokens[from]!.length >= MIN_LABEL ? index.bySkeleton.get(skeleton(tokens[from]!)) : undefined;
    if (target !== undefined && target.rarity !== 'plain' && target.kind === 'brand' && [tokens[from - 1], tokens[from + 1]].some((word) => word !== undefined && WORDS.get(skeleton(word)) === true)) out.push([target, 'subdomain']);
  }
  return out;
}

/** The registrable domain itself: the name under another suffix, disguised, misspelt, or with words added. */
function byLabel({ label, ascii, country }: Shape, index: Index): [Target, Lookalike['how']][] {
  if (label.length > 63) return [];
  const disguise = ascii ? 'homoglyph' : 'punycode';
  const whole = skeleton(label);
  const same = index.bySkeleton.get(whole);
  if (same !== undefined && same.label.length < MIN_LABEL) return [];
  if (same !== undefined) {
    // Four letters of which one is an i and not an l are as often another name.
    if (same.label !== label) return ascii && label.length < 5 && !/\d/.test(label) ? [] : [[same, disguise]];
    if (!ascii) return [[same, 'punycode']];
    const abroad = same.kind === 'brand' && !same.japanese && country !== undefined && country !== 'jp' && !CHEAP.has(country);
    return same.rarity === 'rare' && !abroad ? [[same, 'wrong_suffix']] : [];
  }
  const joined = label.includes('-') ? index.bySkeleton.get(whole.replaceAll('-', '')) : undefined;
  if (joined !== undefined && joined.rarity === 'rare' && joined.label.length > MIN_LABEL) return [[joined, 'edit']];
  const out = neighbours(label, index).map((target): [Target, Lookalike['how']] => [target, 'edit']);
  return out.length > 0 ? out : withWords(label, whole, disguise, index);
}

/** Targets one slip of a key away, or two for long names. */
function neighbours(label: string, index: Index): Target[] {
  if (label.length < MIN_EDIT - 1 || label.length > 42 || PLAIN_NAMES.has(label)) return [];
  const seen = new Set<Target>();
  for (const shorter of deletions(label, label.length >= MIN_EDIT_TWO - 1 ? 2 : 1)) for (const target of index.byDeletion.get(shorter) ?? []) seen.add(target);
  return [...seen].filter((target) => isMisspelt(label, target.label));
}

/**
 * One slip for names of at least 6 letters, two behind the first two letters of at least 10, never in digits alone. Short names have honest
 * neighbours: there the first letter must stand, and a letter put at the end must be the last one again.
 */
export function isMisspelt(label: string, target: string): boolean {
  if (label === target || target.length < MIN_EDIT) return false;
  const slips = distance(label, target, 2);
  if (slips > (target.length >= MIN_EDIT_TWO && label.length >= MIN_EDIT_TWO - 1 ? 2 : 1)) return false;
  if (label.replace(/\d/g, '') === target.replace(/\d/g, '')) return false;
  if (slips > 1 && label.slice(0, 2) !== target.slice(0, 2)) return false;
  if (target.length >= 8) return true;
  if (label[0] !== target[0]) return false;
  return !(label.length > target.length && label.startsWith(target)) || label.at(-1) === target.at(-1);
}

/** `secure-example-login`, `examplelogin`, `examp1e-jp`: the name with words around it that all are known ones. */
function withWords(label: string, whole: string, disguise: 'homoglyph' | 'punycode', index: Index): [Target, Lookalike['how']][] {
  if (!whole.includes('-') && !holdsName(whole, index)) return [];
  const left = fillers(whole);
  const right = fillers([...whole].reverse().join(''), true).reverse();
  for (let from = 0; from < whole.length; from++) {
    if (left[from] === undefined) continue;
    for (let to = Math.min(whole.length, from + 42); to >= from + MIN_TOKEN; to--) {
      if (right[to] === undefined || (from === 0 && to === whole.length)) continue;
      const part = whole.slice(from, to);
      const apart = (from === 0 || whole[from - 1] === '-') && (to === whole.length || whole[to] === '-');
      const strong = left[from] === true || right[to] === true;
      const target = index.bySkeleton.get(part);
      if (target === undefined) {
        const misspelt = apart && strong && whole.length === label.length ? neighbours(label.slice(from, to), index)[0] : undefined;
        if (misspelt !== undefined) return [[misspelt, 'edit']];
        continue;
      }
      if (target.rarity === 'plain' || (target.rarity === 'everyday' && !strong)) continue;
      if (target.label.length < MIN_LABEL && !(apart && strong)) continue;
      if (!apart && target.label.length < 6 && !(strong && target.rarity === 'rare')) continue;
      return [[target, label.includes(target.label) ? 'added_word' : disguise]];
    }
  }
  return [];
}

/** Whether any name stands in the label at all; most labels end here. */
function holdsName(whole: string, { bySkeleton }: Index): boolean {
  for (let from = 0; from + MIN_LABEL <= whole.length; from++) for (let to = from + MIN_LABEL; to <= Math.min(whole.length, from + 42); to++) if (bySkeleton.has(whole.slice(from, to))) return true;
  return false;
}

/**
 * Where known words end, counted from the start of `text`: at each place undefined, or whether a strong word is among
 * them. Numbers and short scraps with a digit are taken for words, too.
 */
function fillers(text: string, backwards = false): (boolean | undefined)[] {
  const ends: (boolean | undefined)[] = new Array<boolean | undefined>(text.length + 1).fill(undefined);
  ends[0] = false;
  const reach = (at: number, strong: boolean): void => {
    ends[at] = (ends[at] ?? false) || strong;
  };
  for (let at = 0; at < text.length; at++) {
    const strong = ends[at];
    if (strong === undefined) continue;
    if (text[at] === '-') reach(at + 1, strong);
    for (let length = 1; length <= Math.min(LONGEST_WORD, text.length - at); length++) {
      const piece = text.slice(at, at + length);
      const word = WORDS.get(backwards ? [...piece].reverse().join('') : piece);
      if (word !== undefined) reach(at + length, strong || word);
    }
    const scrap = /^(?:[a-z]{0,4}\d[a-z\d]{0,5}(?=-|$)|\d{1,4})/.exec(text.slice(at, at + 12))?.[0];
    if (scrap !== undefined && (at === 0 || text[at - 1] === '-' || /^\d+$/.test(scrap))) reach(at + scrap.length, strong);
  }
  return ends;
}
