import type { Dmarc } from './types.ts';

/** The header block is read up to here; what is longer is no letter of a person. */
export const HEADER_BYTES_MAX = 256 * 1024;
const FIELDS_MAX = 1000;
const VALUE_MAX = 8192;
/** A longer From is no person's: what was cut off could name somebody else. */
const FROM_MAX = 4096;
/** RFC 5321, section 6.3: a mail that has been through more servers goes round in a circle. */
const HOPS_MAX = 30;
const IDS_MAX = 50;
const ID_MAX = 250;

export interface Field {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
}

/** The fields of a mail's header block in order, unfolded, each cut at 8 KiB. Never throws; one pass over at most 256 KiB. */
export function readFields(raw: Uint8Array): Field[] {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, HEADER_BYTES_MAX)).toString('utf8');
  const fields: { name: string; value: string }[] = [];
  let at = 0;
  while (at < text.length && fields.length < FIELDS_MAX) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    at = end + 1;
    if (line === '') break;
    const last = fields.at(-1);
    if (line[0] === ' ' || line[0] === '\t') {
      if (last && last.value.length < VALUE_MAX) last.value = `${last.value} ${line.trim()}`.slice(0, VALUE_MAX);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0 && colon < 100) fields.push({ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim().slice(0, VALUE_MAX) });
  }
  return fields;
}

export const valuesOf = (fields: readonly Field[], name: string): string[] => fields.filter((f) => f.name === name).map((f) => f.value);

/**
 * The addresses of a From field (RFC 5322, section 3.4): names in quotes and comments are passed over, so that what only
 * looks like an address in a name is none. Lower case; at most ten.
 */
export function addressesIn(value: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let bare = '';
  let angle: string | null = null;
  const take = (): void => {
    const address = (angle ?? bare).trim().toLowerCase();
    if (/^[^\s@<>"]{1,64}@[^\s@<>"]{1,253}$/.test(address) && found.length < 10) found.push(address);
    bare = '';
    angle = null;
  };
  let inAngle = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (depth > 0 && c === '\\') i++;
    else if (depth === 0 && c === '"') quoted = true;
    else if (c === '(') depth++;
    else if (c === ')') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (c === '<') {
      // A second pair of brackets in one mailbox: nobody knows which is meant.
      if (angle !== null) return [];
      inAngle = true;
      angle = '';
    } else if (c === '>') inAngle = false;
    else if (c === ',' || c === ';') take();
    else if (inAngle) angle += c;
    // Behind the brackets nothing may stand: another reader would take that for the address.
    else if (angle !== null && c.trim() !== '') return [];
    else bare += c;
  }
  // A comment or name without an end: it may hide the rest.
  if (depth > 0 || quoted || inAngle) return [];
  take();
  return found;
}

/** The one person a mail says it is from; null when it names none, several, or says so twice, or where not all of it was read. */
export function senderOf(fields: readonly Field[]): string | null {
  const from = valuesOf(fields, 'from');
  const addresses = from.length === 1 && from[0]!.length < FROM_MAX && fields.length < FIELDS_MAX ? addressesIn(from[0]!) : [];
  return addresses.length === 1 ? addresses[0]! : null;
}

/** Message-IDs of a field, `<…>` kept; bounded in number and length. */
export function idsIn(value: string): string[] {
  const found: string[] = [];
  for (const match of value.matchAll(/<([^<>\s]+)>/g)) {
    if (match[1]!.length <= ID_MAX && match[1]!.includes('@')) found.push(`<${match[1]!}>`);
    if (found.length >= IDS_MAX) break;
  }
  return found;
}

/** What a mail answers: References, then In-Reply-To, the nearest last, each once. */
export function referencesOf(fields: readonly Field[]): string[] {
  return [...new Set([...valuesOf(fields, 'references'), ...valuesOf(fields, 'in-reply-to')].flatMap(idsIn))].slice(-IDS_MAX);
}

/** A mail that a program wrote gets no answer (RFC 3834, section 2): absence notes, bounces, lists, bulk. */
export function isAutomatic(fields: readonly Field[], envelopeFrom: string): boolean {
  if (envelopeFrom === '' || /^(?:mailer-daemon|postmaster|no-?reply)@/i.test(envelopeFrom)) return true;
  const submitted = valuesOf(fields, 'auto-submitted')[0];
  if (submitted !== undefined && !/^no\b/i.test(submitted)) return true;
  if (valuesOf(fields, 'precedence').some((v) => /^(?:bulk|list|junk|auto_reply)\b/i.test(v))) return true;
  if (fields.some((f) => f.name === 'list-id' || f.name === 'list-unsubscribe' || f.name === 'list-post' || f.name === 'x-autoreply' || f.name === 'x-autorespond' || f.name === 'banya-loop')) return true;
  return valuesOf(fields, 'content-type').some((v) => /^multipart\/report\b/i.test(v));
}

export interface Ours {
  readonly mark: string;
  readonly isOurId: (id: string) => boolean;
}

/** Whether this house sent it: taking it would answer ourselves. */
export function isOurs(fields: readonly Field[], ours: Ours): boolean {
  return valuesOf(fields, 'banya-loop').some((v) => v === ours.mark) || valuesOf(fields, 'message-id').some((v) => idsIn(v).some(ours.isOurId));
}

/** Whether it came back to us, or goes round between others. */
export const isLoop = (fields: readonly Field[], ours: Ours): boolean => isOurs(fields, ours) || valuesOf(fields, 'received').length > HOPS_MAX;

/**
 * What the own mail server found of the sender's domain: the topmost Authentication-Results alone, and only with its name
 * (RFC 8601, section 5). The caller has made sure that the mail came from that server: anybody can write the field. A pass
 * of another domain than the sender's as we read it is none: two readers of one From may differ.
 */
export function dmarcOf(fields: readonly Field[], authserv: string): Dmarc {
  const [top] = valuesOf(fields, 'authentication-results');
  if (top === undefined) return 'none';
  const [name = '', ...results] = withoutComments(top).split(';');
  if (name.trim().split(/\s/, 1)[0]!.toLowerCase() !== authserv) return 'none';
  const found = results.map((r) => /^\s*dmarc\s*=\s*([a-z]+)/i.exec(r)?.[1]?.toLowerCase()).filter((r) => r !== undefined);
  if (found.length !== 1) return 'none';
  const of = results.map((r) => /^\s*dmarc\s*=.{0,300}?\bheader\.from\s*=\s*"?([^\s";]{1,253})/i.exec(r)?.[1]?.toLowerCase()).find((r) => r !== undefined);
  if (found[0] === 'pass' && of !== undefined && of.slice(of.lastIndexOf('@') + 1) !== senderOf(fields)?.split('@')[1]) return 'none';
  return found[0] === 'pass' ? 'pass' : found[0] === 'fail' ? 'fail' : 'none';
}

function withoutComments(value: string): string {
  let depth = 0;
  let kept = '';
  for (const c of value) {
    if (c === '(') depth++;
    else if (c === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += c;
  }
  return kept;
}
