/**
 * The house's own Japanese mails as data (`bad/*.yml`, `good/*.yml`, `knowledge.yml`) and as real MIME bytes.
 * Half of each family is for tuning (`tune`), half for measuring what was never tuned on (`blind`).
 * Every brand, firm, person and domain in them is invented; domains stand under .example and .test (RFC 2606).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Brand, HostKinds, Knowledge, Officer, SenderHistory } from '../../src/types.ts';
import { base64Lines, body, type Charset, fileParameter, labels, type TransferEncoding, words } from './mime.ts';
import { make, type Recipe } from './recipes.ts';

export interface Person {
  readonly name: string;
  readonly address: string;
}

export interface MailCase {
  /** `bad/012-topic`: folder and file. */
  readonly id: string;
  readonly lang: 'ja' | 'en';
  readonly truth: 'bad' | 'good';
  /** Of good mails: whether it looks hostile. */
  readonly looks?: 'hostile' | 'ordinary';
  readonly family: string;
  readonly half: 'tune' | 'blind';
  readonly charset: Charset;
  /** Of the text and HTML parts. */
  readonly encoding: TransferEncoding;
  /** Receiving organisation in knowledge.yml. */
  readonly org: string;
  readonly from: Person;
  readonly replyTo?: Person;
  /** Envelope sender, '' for the null sender. */
  readonly returnPath: string;
  readonly to: readonly Person[];
  readonly cc?: readonly Person[];
  readonly subject: string;
  /** ISO 8601 with offset. */
  readonly date: string;
  readonly messageId: string;
  /** In the order of the mail; the receiving server's Authentication-Results stands first. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly Recipe[];
  /** What the organisation's history says of the sender; absent where none is kept. */
  readonly history?: SenderHistory;
  /** Message ids of conversations that took place; absent where unknown. */
  readonly knownIds?: readonly string[];
  /** The decisive fact (bad), or what makes it look hostile although it is good. */
  readonly why: string;
}

export interface Organisation {
  readonly id: string;
  readonly ownName: string;
  readonly ownDomains: readonly string[];
  readonly authservIds: readonly string[];
  readonly officers: readonly Officer[];
  readonly partners: readonly { readonly domain: string; readonly name: string }[];
}

const here = import.meta.dirname;
let known: { organisations: readonly Organisation[]; brands: readonly Brand[]; hosts: HostKinds } | undefined;

function world(): NonNullable<typeof known> {
  known ??= parse(readFileSync(join(here, 'knowledge.yml'), 'utf8')) as NonNullable<typeof known>;
  return known;
}

/** The invented brands. */
export function brands(): readonly Brand[] {
  return world().brands;
}

/** The receiving organisations. */
export function organisations(): readonly Organisation[] {
  return world().organisations;
}

/** All mails, bad first, by file name. Throws when a file is no YAML; what they hold is checked by the test beside. */
export function loadMails(): MailCase[] {
  return ['bad', 'good'].flatMap((folder) => readdirSync(join(here, folder)).filter((name) => name.endsWith('.yml')).sort().map((name) => parse(readFileSync(join(here, folder, name), 'utf8')) as MailCase));
}

/** What the receiving organisation knows when the mail is judged, ten minutes after its date. The lures are the caller's. */
export function knowledgeOf(mail: MailCase, lures: Knowledge['lures']): Knowledge {
  const own = organisations().find((one) => one.id === mail.org);
  if (!own) throw new Error(`${mail.id}: no organisation ${mail.org}`);
  return {
    ownDomains: own.ownDomains, ownName: own.ownName, officers: own.officers, partners: own.partners, authservIds: own.authservIds,
    ...(mail.history ? { history: mail.history } : {}), ...(mail.knownIds ? { knownIds: mail.knownIds } : {}),
    brands: brands(), lures, hosts: world().hosts, now: new Date(Date.parse(mail.date) + 600_000).toISOString(),
  };
}

function mailbox(person: Person, charset: Charset): string {
  if (person.name === '') return person.address;
  const plain = /^[\x20-\x7e]*$/.test(person.name);
  return `${plain ? `"${person.name.replace(/["\\]/g, '\\$&')}"` : words(person.name, charset)} <${person.address}>`;
}

function headerDate(date: string): string {
  const local = new Date(Date.parse(date) + 9 * 3_600_000).toUTCString();
  return local.replace('GMT', '+0900');
}

function part(type: string, text: string, mail: MailCase): Buffer {
  return Buffer.concat([Buffer.from(`Content-Type: ${type}; charset=${labels[mail.charset]}\r\nContent-Transfer-Encoding: ${mail.encoding}\r\n\r\n`), body(text, mail.charset, mail.encoding)]);
}

function multipart(kind: string, boundary: string, parts: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n\r\n`)];
  for (const one of parts) pieces.push(Buffer.from(`--${boundary}\r\n`), one, Buffer.from('\r\n'));
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

async function attached(recipe: Recipe, mail: MailCase): Promise<Buffer> {
  const file = await make(recipe, mail.charset === 'utf-8' ? 'utf-8' : 'cp932');
  const style = mail.charset === 'utf-8' ? '2231' : '2047';
  const place = recipe.cid === undefined ? 'attachment' : 'inline';
  const nested = file.type === 'message/rfc822';
  return Buffer.concat([
    Buffer.from(`Content-Type: ${file.type};\r\n ${fileParameter('name', file.name, mail.charset, style)}\r\n${nested ? '' : 'Content-Transfer-Encoding: base64\r\n'}${recipe.cid === undefined ? '' : `Content-ID: <${recipe.cid}>\r\n`}Content-Disposition: ${place};\r\n ${fileParameter('filename', file.name, mail.charset, style)}\r\n\r\n`),
    nested ? Buffer.from(file.bytes) : Buffer.from(base64Lines(file.bytes)),
  ]);
}

/**
 * The mail as its bytes would arrive at the organisation's server: CRLF line ends, headers in the mail's charset,
 * Return-Path and the receiving server's headers on top. The same bytes on every run. Throws when a character
 * has no place in the charset.
 */
export async function buildMail(mail: MailCase): Promise<Uint8Array> {
  const { charset } = mail;
  const fields: string[] = [`Return-Path: <${mail.returnPath}>`];
  const people = (list: readonly Person[]): string => list.map((one) => mailbox(one, charset)).join(',\r\n ');
  const given = mail.headers.map(([name, value]): string => `${name}: ${/^(?:authentication-results|received|references)$/i.test(name) ? value.replace(/; /g, ';\r\n ') : words(value, charset)}`);
  fields.push(...given);
  fields.push(`Date: ${headerDate(mail.date)}`, `From: ${mailbox(mail.from, charset)}`);
  if (mail.replyTo) fields.push(`Reply-To: ${mailbox(mail.replyTo, charset)}`);
  fields.push(`To: ${people(mail.to)}`);
  if (mail.cc?.length) fields.push(`Cc: ${people(mail.cc)}`);
  fields.push(`Subject: ${words(mail.subject, charset)}`, `Message-ID: ${mail.messageId}`, 'MIME-Version: 1.0');
  const texts = [...(mail.text === undefined ? [] : [part('text/plain', mail.text, mail)]), ...(mail.html === undefined ? [] : [part('text/html', mail.html, mail)])];
  const mark = mail.id.replace(/[^a-z0-9]/gi, '_').slice(0, 40);
  let content = texts.length > 1 ? multipart('alternative', `=_alt_${mark}`, texts) : texts[0] ?? part('text/plain', '', mail);
  if (mail.attachments?.length) content = multipart('mixed', `=_mix_${mark}`, [content, ...(await Promise.all(mail.attachments.map((one) => attached(one, mail))))]);
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n`), content, Buffer.from('\r\n')]);
}
