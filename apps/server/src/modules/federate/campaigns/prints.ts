import { registrable } from '@banya/indicators/hosts';
import type { Analysis, Indicator } from '@banya/mail';
import type { Secrets } from '../../../kernel/secrets.ts';
import type { KeyedPrint, PrintKind } from './schema.ts';

/** A print in plain words; it leaves this process only under the federation's key. */
export interface Print {
  readonly kind: PrintKind;
  readonly value: string;
}

const BLOCKS = [[0, 13], [13, 13], [26, 13], [39, 13], [52, 12]] as const;
/** The engine gives at most so many indicators; with that many, what is missing among them says nothing. */
const INDICATORS_MAX = 60;
const URLS_MAX = 20;
const FILES_MAX = 10;
const VALUE_MAX = 1_000;
/** Smaller files (an empty one, the notes that mail programs attach) are the same in unrelated mails. */
const FILE_BYTES_MIN = 200;
const PICTURES: ReadonlySet<string> = new Set(['png', 'jpg', 'gif', 'bmp', 'webp', 'ico', 'tiff', 'svg', 'heic']);
const MARKS_MAX = 200;

/**
 * Ten keys of a 64-bit SimHash (16 hex digits): it is cut into five blocks, and each pair of blocks is a key. Texts whose
 * hashes differ in three bits share at least one key, in two bits at least three, in one bit at least six, in none all ten.
 */
export function bandsOf(simhash: string): string[] {
  if (!/^[0-9a-f]{16}$/.test(simhash)) return [];
  const bits = BigInt(`0x${simhash}`);
  const blocks = BLOCKS.map(([from, length]) => (bits >> BigInt(from)) & ((1n << BigInt(length)) - 1n));
  const keys: string[] = [];
  for (let a = 0; a < blocks.length; a++) for (let b = a + 1; b < blocks.length; b++) keys.push(`${a}${b} ${blocks[a]!.toString(16)} ${blocks[b]!.toString(16)}`);
  return keys;
}

/** What two mails of one campaign share, from the facts of an analysis; without what links to well-known or own places. At most 60. */
export function printsOf(analysis: Pick<Analysis, 'fingerprints' | 'links' | 'files' | 'indicators'>): Print[] {
  const { fingerprints: f, links, files, indicators } = analysis;
  const prints: Print[] = bandsOf(f.simhash ?? '').map((value) => ({ kind: 'band', value }));
  const strange = new Set(indicators.filter((i) => i.kind === 'domain' || i.kind === 'host' || i.kind === 'ip').map((i) => i.value));
  const urls = new Set(indicators.filter((i) => i.kind === 'url').map((i) => i.value));
  const places = new Set(links.filter((l) => urls.has(l.url)).map((l) => l.domain));
  const all = indicators.length >= INDICATORS_MAX;
  // Real pages of the brand that a mail imitates stand in every mail that imitates it.
  const known = new Set(all ? [] : links.map((l) => l.domain).filter((domain) => !strange.has(domain) && !places.has(domain)));
  for (const template of f.urlTemplates.slice(0, URLS_MAX)) {
    const host = template.slice(0, VALUE_MAX).split(/[/?]/, 1)[0]!;
    const domain = registrable(host) ?? host;
    if (!known.has(domain)) prints.push({ kind: places.has(domain) ? 'place' : 'url', value: template });
  }
  const [domain = '', name = ''] = f.senderPattern.split('|');
  // A free mail service without a name would be thousands of senders.
  if (name !== '' || strange.has(domain)) prints.push({ kind: 'sender', value: f.senderPattern });
  if (f.subjectSkeleton.length >= 4) prints.push({ kind: 'subject', value: f.subjectSkeleton });
  const hashes = new Set(f.attachmentHashes);
  for (const file of files.filter((x) => hashes.has(x.sha256) && x.size >= FILE_BYTES_MIN).slice(0, FILES_MAX)) {
    prints.push({ kind: PICTURES.has(file.realType) && file.flags.length === 0 ? 'picture' : 'file', value: file.sha256 });
  }
  if (f.messageId !== undefined && f.messageId.length >= 8 && f.messageId.includes('@')) prints.push({ kind: 'message', value: f.messageId });
  return prints.map(({ kind, value }) => ({ kind, value: value.slice(0, VALUE_MAX).toWellFormed() }));
}

/** Puts prints and indicators under one federation's key: another federation's values say nothing about them. */
export class Keyer {
  readonly #secrets: Pick<Secrets, 'mac'>;

  constructor(secrets: Pick<Secrets, 'mac'>) {
    this.#secrets = secrets;
  }

  #mac(federationId: string, text: string): string {
    return BigInt.asIntN(64, BigInt(`0x${this.#secrets.mac(`federate.prints ${federationId}`, text).slice(0, 16)}`)).toString();
  }

  prints(federationId: string, prints: readonly Print[]): KeyedPrint[] {
    return [...new Map(prints.map(({ kind, value }) => [this.#mac(federationId, `${kind} ${value}`), kind])).entries()].map(([mac, kind]) => ({ mac, kind }));
  }

  marks(federationId: string, indicators: readonly Pick<Indicator, 'kind' | 'value'>[]): string[] {
    return [...new Set(indicators.slice(0, MARKS_MAX).map(({ kind, value }) => this.#mac(federationId, `indicator ${kind} ${value.slice(0, 2_048).toLowerCase()}`)))];
  }
}
