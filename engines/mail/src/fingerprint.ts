/**
 * What two mails of one campaign share, without what differs from receiver to receiver. Plain values: whoever lets them
 * leave an organisation keys them first.
 */
import type { FileFacts, Fingerprints, ParsedMail } from './types.ts';
import { isAddress } from '@banya/indicators/hosts';
import { findUrls } from './parse/links.ts';

/** Characters of a text that are looked at, and what a text must have for a fingerprint. */
const MOST = 20_000;
const LEAST = 40;
const TEMPLATES = 20;

/** Names and addresses of the receivers, longest first, as they would stand in a text. */
function receivers(mail: ParsedMail): string[] {
  const names = new Set<string>();
  for (const box of [...mail.to, ...mail.cc].slice(0, 20)) {
    const at = box.address.lastIndexOf('@');
    if (at > 0) names.add(box.address).add(box.address.slice(0, at));
    const name = box.name.normalize('NFKC').toLowerCase().slice(0, 60);
    names.add(name);
    for (const word of name.split(/[\s,・]+/, 4)) names.add(word);
  }
  return [...names].filter((name) => name.length >= 2).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** A line that speaks to the receiver: its name is no part of the campaign. */
const GREETING = /^.{0,40}(?:様|さま|さん|殿|各位|御中)[、。,.!！\s]*$|^(?:dear|hi|hello|hey|good (?:morning|day|afternoon)|attn)\b.{0,60}$/;

function withoutReceivers(text: string, names: readonly string[]): string {
  let out = text;
  for (const name of names.slice(0, 40)) out = out.replaceAll(name, ' ');
  return out;
}

/** The text that all mails of a campaign have: no links, addresses, numbers, receivers, blanks or punctuation. */
export function commonText(mail: ParsedMail): string {
  const text = mail.text.slice(0, MOST);
  let bare = '';
  let from = 0;
  for (const { url, at } of findUrls(text)) {
    bare += `${text.slice(from, at)} `;
    from = at + url.length;
  }
  bare += text.slice(from);
  const folded = bare.normalize('NFKC').toLowerCase();
  const kept = folded
    .slice(0, MOST * 2)
    .split('\n')
    .filter((line, i) => i > 60 || line.length > 120 || !GREETING.test(line.trim()))
    .join('\n');
  return withoutReceivers(kept.replace(/[\w.+-]{1,64}@[\w.-]{1,255}/g, ' '), receivers(mail))
    .replace(/[a-z]{0,30}\d[a-z\d]*/g, '')
    .replace(/[^\p{L}]+/gu, '')
    .slice(0, MOST);
}

/**
 * 64-bit SimHash over the different runs of four characters (Japanese has no spaces to cut at), 16 hex digits;
 * undefined under 40 characters. Texts that differ in a few words differ in a few bits.
 */
export function simhash(text: string): string | undefined {
  if (text.length < LEAST) return undefined;
  const counts = new Int32Array(64);
  const seen = new Set<number>();
  for (let i = 0; i + 4 <= text.length; i++) {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    for (let k = i; k < i + 4; k++) {
      const code = text.charCodeAt(k);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b + code, 0x85ebca6b) ^ (b >>> 13);
    }
    a = mix(a);
    b = mix(b ^ a);
    // The same run again tells nothing new: signatures and lines of dashes would outweigh the rest.
    const key = (a >>> 0) * 0x200000 + (b >>> 11);
    if (seen.has(key)) continue;
    seen.add(key);
    for (let bit = 0; bit < 32; bit++) {
      counts[bit]! += ((a >>> bit) & 1) * 2 - 1;
      counts[bit + 32]! += ((b >>> bit) & 1) * 2 - 1;
    }
  }
  let low = 0;
  let high = 0;
  for (let bit = 0; bit < 32; bit++) {
    if (counts[bit]! > 0) low |= 1 << bit;
    if (counts[bit + 32]! > 0) high |= 1 << bit;
  }
  return hex(high) + hex(low);
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

function bits(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits in which two SimHashes differ, 0…64; 64 when one of them is none. */
export function distance(a: string, b: string): number {
  if (!/^[0-9a-f]{16}$/.test(a) || !/^[0-9a-f]{16}$/.test(b)) return 64;
  return bits(Number.parseInt(a.slice(0, 8), 16) ^ Number.parseInt(b.slice(0, 8), 16)) + bits(Number.parseInt(a.slice(8), 16) ^ Number.parseInt(b.slice(8), 16));
}

/** A part of a path without what is made for one receiver: numbers, ids, tokens. */
function maskPart(part: string): string {
  if (part === '') return '';
  const plain = part.slice(0, 200).toLowerCase();
  if (/^[0-9a-f-]{8,}$/.test(plain) && /\d/.test(plain)) return '*';
  if (plain.length >= 16 && /\d/.test(plain) && !/\.(?:html?|php|aspx?|jsp)$/.test(plain)) return '*';
  if (plain.length > 40 || plain.includes('@') || plain.includes('%40')) return '*';
  return plain.replace(/\d+/g, '#');
}

/** Host and path of a URL with what varies masked, and the names of its parameters; undefined without a host. */
export function urlTemplate(url: string, host: string): string | undefined {
  if (host === '') return undefined;
  const rest = /^[a-z][a-z0-9+.-]{0,30}:[/\\]{0,8}[^/\\?#]*([^?#]*)(?:\?([^#]*))?/i.exec(url.slice(0, 2_000));
  const labels = isAddress(host) ? host : host.split('.').map((label) => (label.length > 12 && /\d/.test(label) && !label.startsWith('xn--') ? '*' : label.replace(/\d{3,}/g, '#'))).join('.');
  const path = (rest?.[1] ?? '').split(/[/\\]/, 12).map(maskPart).join('/');
  const names = (rest?.[2] ?? '').split('&', 12).map((pair) => maskPart(pair.split('=', 1)[0]!)).filter((name) => name !== '');
  return `${labels}${path}${names.length > 0 ? `?${[...new Set(names)].sort().join('&')}` : ''}`;
}

const REPLY = /^(?:\s{0,3}(?:(?:re|fwd?|aw|wg|tr|sv|vs|返信|転送)\s{0,2}(?:\[\d{1,3}\])?\s{0,2}[:：]|\[[^\]]{1,40}\]))+/i;

/** The subject that all mails of a campaign have. */
export function subjectSkeleton(mail: ParsedMail): string {
  const folded = mail.subject.slice(0, 500).normalize('NFKC').toLowerCase().replace(REPLY, '');
  return withoutReceivers(folded.replace(/[\w.+-]{1,64}@[\w.-]{1,255}/g, ' '), receivers(mail)).replace(/[a-z]{0,30}\d[a-z\d-]*/g, '#').replace(/[^\p{L}#]+/gu, ' ').trim().slice(0, 200);
}

function senderPattern(mail: ParsedMail): string {
  const from = mail.from[0];
  const header = (name: string): string => mail.headers.find((field) => field.name === name)?.value ?? '';
  const name = (from?.name ?? '').normalize('NFKC').toLowerCase().replace(/[a-z]{0,30}\d[a-z\d]*/g, '#').replace(/[^\p{L}#]+/gu, ' ').trim().slice(0, 100);
  const mailer = (header('x-mailer') || header('user-agent')).toLowerCase().replace(/[^a-z ]+/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 60);
  return `${from?.domain ?? ''}|${name}|${mailer}`;
}

/** The fingerprints of a mail. `files`: facts of its attachments, inline pictures of signatures included as they are. */
export function fingerprints(mail: ParsedMail, files: readonly FileFacts[]): Fingerprints {
  const hash = simhash(commonText(mail));
  const templates = new Set<string>();
  for (const link of mail.links) {
    const template = urlTemplate(link.url, link.host);
    if (template !== undefined) templates.add(template);
  }
  return {
    ...(hash === undefined ? {} : { simhash: hash }),
    urlTemplates: [...templates].sort().slice(0, TEMPLATES),
    senderPattern: senderPattern(mail),
    attachmentHashes: [...new Set(files.map((file) => file.sha256))].sort().slice(0, 100),
    subjectSkeleton: subjectSkeleton(mail),
    ...(mail.messageId === undefined ? {} : { messageId: mail.messageId }),
  };
}

export { FingerprintIndex, type Near } from './fingerprint-index.ts';
