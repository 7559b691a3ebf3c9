/** Who the mail says it is: brands, the organisation itself, partners, officers. What of it is proven is another matter. */
import type { Bilingual, Brand, Evidence, Knowledge, Mailbox, ParsedMail } from '../types.ts';
import { Automaton } from './automaton.ts';
import { fold, type Folded, sourceOf } from './fold.ts';
import { displayKeys, personKeys, withoutForm } from './names.ts';
import { imageTexts, signatureStart } from './places.ts';

/** Where the name stands, the weightiest first. */
export type ClaimPlace = 'display_name' | 'logo' | 'subject' | 'signature' | 'body' | 'link_text' | 'hidden';

export interface Claim {
  readonly kind: 'brand' | 'own' | 'partner' | 'officer';
  /** Id of the brand, domain of the partner, first own domain, name of the officer. */
  readonly id: string;
  readonly name: Bilingual;
  /** Registrable domains that would prove it; for a brand also those of its group. */
  readonly domains: readonly string[];
  /** Of these, domains where anybody may hold an address: a sender there proves nothing. */
  readonly open: readonly string[];
  /** For an officer: whether the mail is from an address of theirs. A name without the address is ニセ社長. */
  readonly theirs?: boolean;
  readonly places: readonly ClaimPlace[];
  /** One for each place. */
  readonly evidence: readonly Evidence[];
}

interface Owner extends Omit<Claim, 'places' | 'evidence' | 'theirs'> {
  /** An everyday word: it counts in the display name alone. */
  readonly displayOnly: boolean;
  /** Of an officer. */
  readonly addresses: readonly string[];
}
interface Spelling {
  readonly key: string;
  /** White space between Latin letters that belongs to the name: `American Express` has one. */
  readonly blanks: number;
  readonly owner: Owner;
}
interface Names {
  readonly automaton: Automaton;
  readonly spellings: readonly Spelling[];
  readonly byDomain: ReadonlyMap<string, Owner>;
  readonly officers: readonly (readonly [Owner, ReadonlySet<string>])[];
}

const BODY_CHARS = 3_000;
const MAX_LINKS = 100;
const PLACES: readonly ClaimPlace[] = ['display_name', 'logo', 'subject', 'signature', 'body', 'link_text', 'hidden'];

const ofBrands = new WeakMap<readonly Brand[], Names>();
const ofOrganisation = new WeakMap<Knowledge, Names>();

/**
 * What the mail claims to be, weightiest place first: one entry for each brand, partner, officer and for the organisation.
 * Names are compared without regard to width, case, white space and middle dots; a longer name hides a shorter one
 * inside it. The lists are prepared once for as long as `knowledge` and its brands live.
 */
export function claims(mail: ParsedMail, knowledge: Knowledge): Claim[] {
  const found = new Map<Owner, Map<ClaimPlace, Evidence>>();
  const add = (owner: Owner, place: ClaimPlace, evidence: Evidence): void => {
    const places = found.get(owner) ?? new Map<ClaimPlace, Evidence>();
    if (!places.has(place)) places.set(place, evidence);
    found.set(owner, places);
  };
  const lists = [organisationNames(knowledge), brandNames(knowledge.brands)];
  for (const { place, text, evidence } of texts(mail)) {
    const signed = place === 'body' ? signatureStart(text) : 0;
    for (const { owner, quote, at } of namesIn(text, lists, place)) {
      const where = place === 'body' && at >= signed ? 'signature' : place;
      if (!speaksAs(owner, where, text, at, quote)) continue;
      add(owner, where, evidence(quote));
    }
  }
  for (const box of senders(mail)) {
    for (const [quote, owner] of domainsIn(box.name, lists)) add(owner, 'display_name', headerEvidence(mail, 'from', quote));
    const officer = officerOf(box, lists[0]!, knowledge.ownName);
    if (officer !== undefined) add(officer, 'display_name', headerEvidence(mail, 'from', box.name));
  }
  const from = senders(mail).map(({ address }) => address);
  return [...found].map(([{ displayOnly: _, addresses, ...owner }, places]): Claim => {
    const ordered = PLACES.filter((place) => places.has(place));
    const theirs = owner.kind === 'officer' ? { theirs: from.length > 0 && from.every((address) => addresses.includes(address)) } : {};
    return { ...owner, ...theirs, places: ordered, evidence: ordered.map((place) => places.get(place)!) };
  }).sort((a, b) => PLACES.indexOf(a.places[0]!) - PLACES.indexOf(b.places[0]!));
}

// ---------------------------------------------------------------- names, prepared once

function brandNames(brands: readonly Brand[]): Names {
  const known = ofBrands.get(brands);
  if (known !== undefined) return known;
  const groups = Map.groupBy(brands, (brand) => brand.group ?? `only ${brand.id}`);
  const named: [Owner, readonly string[]][] = brands.map((brand) => {
    const kin = groups.get(brand.group ?? `only ${brand.id}`)!;
    const others = kin.filter(({ id }) => id !== brand.id);
    const owner: Owner = {
      kind: 'brand', id: brand.id, name: brand.name, displayOnly: brand.everyday === true, addresses: [],
      domains: [...brand.domains, ...others.flatMap(({ domains }) => domains)],
      open: kin.flatMap(({ open = [] }) => open),
    };
    return [owner, brand.spellings];
  });
  const names = prepare(named, new Map(named.flatMap(([owner], i) => brands[i]!.domains.map((domain) => [domain, owner] as const))));
  ofBrands.set(brands, names);
  return names;
}

function organisationNames(knowledge: Knowledge): Names {
  const known = ofOrganisation.get(knowledge);
  if (known !== undefined) return known;
  const { ownName, ownDomains, partners, officers } = knowledge;
  const own: Owner = { kind: 'own', id: ownDomains[0] ?? '', name: { ja: ownName ?? '', en: ownName ?? '' }, domains: ownDomains, open: [], displayOnly: false, addresses: [] };
  const named: [Owner, readonly string[]][] = [[own, ownName === undefined ? [] : [ownName, withoutForm(ownName)]]];
  for (const { domain, name } of partners) {
    const owner: Owner = { kind: 'partner', id: domain, name: { ja: name ?? domain, en: name ?? domain }, domains: [domain], open: [], displayOnly: false, addresses: [] };
    named.push([owner, name === undefined ? [] : [name, withoutForm(name)]]);
  }
  const byDomain = new Map(named.flatMap(([owner]) => owner.domains.map((domain) => [domain.toLowerCase(), owner] as const)));
  const led = officers.map(({ name, also = [], addresses }): [Owner, ReadonlySet<string>, readonly string[]] => {
    const owner: Owner = { kind: 'officer', id: name, name: { ja: name, en: name }, domains: ownDomains, open: [], displayOnly: false, addresses: addresses.map((address) => address.toLowerCase()) };
    return [owner, new Set([name, ...also].flatMap(personKeys).filter((key) => key.length >= 2)), [name, ...also]];
  });
  const names = prepare([...named, ...led.map(([owner, , list]) => [owner, list] as const)], byDomain, led.map(([owner, keys]) => [owner, keys] as const));
  ofOrganisation.set(knowledge, names);
  return names;
}

function prepare(named: readonly (readonly [Owner, readonly string[]])[], byDomain: ReadonlyMap<string, Owner>, officers: Names['officers'] = []): Names {
  const spellings = new Map<string, Spelling>();
  for (const [owner, list] of named) {
    for (const spelling of list) {
      const key = fold(spelling, 'name').text;
      // Two characters of a company's own name stand in too many other words.
      if (key.length >= (owner.kind === 'brand' ? 2 : 3) && !spellings.has(key)) spellings.set(key, { key, blanks: blanksOf(spelling), owner });
    }
  }
  const list = [...spellings.values()];
  return { automaton: new Automaton(list.map(({ key }) => key)), spellings: list, byDomain, officers };
}

// ---------------------------------------------------------------- texts of the mail

interface Text {
  readonly place: ClaimPlace;
  readonly text: string;
  readonly evidence: (quote: string) => Evidence;
}

function* texts(mail: ParsedMail): Generator<Text> {
  for (const box of senders(mail)) yield { place: 'display_name', text: box.name.slice(0, 300), evidence: (quote) => headerEvidence(mail, box === mail.sender ? 'sender' : 'from', quote) };
  yield { place: 'subject', text: mail.subject.slice(0, 500), evidence: (quote) => headerEvidence(mail, 'subject', quote) };
  const body = mail.text.slice(0, BODY_CHARS);
  yield { place: 'body', text: body, evidence: (quote) => ({ where: 'text', quote }) };
  if (mail.text.length > BODY_CHARS) {
    const tail = mail.text.slice(Math.max(BODY_CHARS, mail.text.length - 1_500));
    const start = signatureStart(tail);
    if (start < tail.length) yield { place: 'signature', text: tail.slice(start), evidence: (quote) => ({ where: 'text', quote }) };
  }
  for (const link of mail.links.slice(0, MAX_LINKS)) if (link.text !== undefined && link.from === 'html') yield { place: 'link_text', text: link.text.slice(0, 200), evidence: (quote) => ({ where: 'link', quote }) };
  for (const { text, raw } of imageTexts(mail.html ?? '')) yield { place: 'logo', text, evidence: (quote) => ({ where: 'html', quote: raw.includes(quote) ? quote : raw }) };
  if (mail.hiddenText !== '') yield { place: 'hidden', text: mail.hiddenText.slice(0, BODY_CHARS), evidence: (quote) => ({ where: 'html', quote }) };
}

function senders(mail: ParsedMail): Mailbox[] {
  return [...mail.from, ...(mail.sender === undefined ? [] : [mail.sender])].slice(0, 5);
}

/** The quote as it stands in the header; where the header was written in another way (escapes), the whole of it. */
function headerEvidence(mail: ParsedMail, name: string, quote: string): Evidence {
  const field = mail.headers.find((header) => header.name === name && header.value.includes(quote)) ?? mail.headers.find((header) => header.name === name);
  return { where: 'header', name, quote: field === undefined || field.value.includes(quote) ? quote : field.value.slice(0, 300) };
}

// ---------------------------------------------------------------- finding

interface Hit {
  readonly owner: Owner;
  readonly quote: string;
  readonly at: number;
}

function namesIn(text: string, lists: readonly Names[], place: ClaimPlace): Hit[] {
  if (text === '') return [];
  const folded = fold(text, 'name');
  const hits: { spelling: Spelling; start: number; end: number }[] = [];
  for (const { automaton, spellings } of lists) {
    automaton.scan(folded.text, (word, start, end) => {
      const spelling = spellings[word]!;
      if (hits.length < 1_000 && stands(text, folded, start, end, spelling, place)) hits.push({ spelling, start, end });
    });
  }
  // The longer name is the one that was meant: 「例示銀行カード」 is not 「例示銀行」.
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Hit[] = [];
  let covered = 0;
  for (const { spelling, start, end } of hits) {
    if (end <= covered) continue;
    covered = end;
    if (spelling.owner.displayOnly && place !== 'display_name') continue;
    out.push({ owner: spelling.owner, quote: sourceOf(text, folded, start, end), at: folded.starts[start]! });
  }
  return out;
}

const LATIN = /[a-z0-9]/i;
const KATAKANA = /[\u30a1-\u30fa\u30fc\uff66-\uff9f]/;

/** Whether the name stands by itself there: not inside another word, an address or a URL. */
function stands(text: string, { starts, ends }: Folded, start: number, end: number, { key, blanks }: Spelling, place: ClaimPlace): boolean {
  const from = starts[start]!;
  const to = ends[end - 1]!;
  const before = text[from - 1] ?? ' ';
  const after = text[to] ?? ' ';
  if (LATIN.test(key[0]!) && (LATIN.test(before) || (place !== 'display_name' && /[@./_-]/.test(before) && LATIN.test(text[from - 2] ?? (before === '@' ? 'a' : ' '))))) return false;
  if (LATIN.test(key.at(-1)!) && (LATIN.test(after) || (place !== 'display_name' && /[@._-]/.test(after) && LATIN.test(text[to + 1] ?? ' ')))) return false;
  // A name inside of `//host/`: part of a URL, which says where a link leads, not who writes.
  if (place !== 'display_name' && before === '/' && text[from - 2] === '/') return false;
  if (KATAKANA.test(key[0]!) && KATAKANA.test(before)) return false;
  if (KATAKANA.test(key.at(-1)!) && KATAKANA.test(after)) return false;
  const gaps = blanksOf(text.slice(from, to));
  return gaps <= blanks || gaps >= key.length - 1;
}

/** Runs of white space between two Latin letters or digits. */
function blanksOf(text: string): number {
  return text.match(/(?<=[a-z0-9])\s{1,20}(?=[a-z0-9])/gi)?.length ?? 0;
}

/** Addresses and host names written into a display name: `info@example.jp <x@other.test>`. */
function domainsIn(name: string, lists: readonly Names[]): [string, Owner][] {
  const out: [string, Owner][] = [];
  for (const [quote] of name.slice(0, 300).matchAll(/[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}/gi)) {
    const labels = quote.toLowerCase().split('.');
    for (let cut = 0; cut < labels.length - 1; cut++) {
      const owner = lists.map(({ byDomain }) => byDomain.get(labels.slice(cut).join('.'))).find((one) => one !== undefined);
      if (owner === undefined) continue;
      out.push([quote, owner]);
      break;
    }
  }
  return out.slice(0, 5);
}

/**
 * Everybody who writes to us names us and our officers in the text. Whoever signs or calls himself so claims to be them;
 * a name in a quoted line, or with an honorific behind it, is spoken of.
 */
function speaksAs(owner: Owner, place: ClaimPlace, text: string, at: number, quote: string): boolean {
  if (owner.kind === 'own') return place !== 'body' && place !== 'subject' && !/^\s?(?:様|御中|殿|各位)/.test(text.slice(at + quote.length, at + quote.length + 4));
  if (owner.kind !== 'officer') return true;
  // The display name is compared whole, by officerOf.
  if (place !== 'signature') return false;
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  return !/^\s?[>＞|]/.test(line) && !/^\s?(?:様|さん|さま|殿|氏|先生|宛)/.test(text.slice(at + quote.length, at + quote.length + 4));
}

function officerOf(box: Mailbox, { officers }: Names, organisation: string | undefined): Owner | undefined {
  if (box.name === '' || officers.length === 0) return undefined;
  const shown = displayKeys(box.name, organisation);
  return officers.find(([, keys]) => shown.some((key) => keys.has(key)))?.[0];
}
