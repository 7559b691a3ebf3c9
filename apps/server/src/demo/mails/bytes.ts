import { createHash } from 'node:crypto';
import { at, DAY, dateOf, dayKind, timeOf } from '../world/calendar.ts';
import type { DemoMember, DemoPerson } from '../world/types.ts';
import type { DemoMail, DemoReport } from './types.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUTE = 60_000;
/** A word of a header holds at most 75 characters (RFC 2047, section 2). */
const WORD_BYTES = 42;

/** `Tue, 24 Nov 2026 10:05:00 +0900` (RFC 5322, section 3.3). */
export function mailDate(instant: number): string {
  const day = new Date(`${dateOf(instant)}T00:00:00Z`);
  return `${DAYS[day.getUTCDay()]}, ${String(day.getUTCDate()).padStart(2, '0')} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()} ${timeOf(instant)} +0900`;
}

/** When a mail came: near the first opening, or on a working day of the month before it. */
export function cameAt(anchor: number, came: DemoReport['came']): number {
  if ('minutesAgo' in came) return anchor - came.minutesAgo * MINUTE;
  let day = anchor - came.daysAgo * DAY;
  while (dayKind(day) !== 'work') day -= DAY;
  return at(day, came.hour, came.minute);
}

/** Encoded words in UTF-8, folded; plain ASCII as it is. */
function words(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const parts: string[] = [];
  let part = '';
  for (const char of text) {
    if (Buffer.byteLength(part + char) > WORD_BYTES) {
      parts.push(part);
      part = '';
    }
    part += char;
  }
  parts.push(part);
  return parts.map((p) => `=?UTF-8?B?${Buffer.from(p).toString('base64')}?=`).join('\r\n ');
}

const box = (name: string, address: string): string => (name === '' ? address : `${/^[\x20-\x7e]*$/.test(name) ? `"${name}"` : words(name)} <${address}>`);
const lines = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');
const textPart = (type: string, text: string): string => `Content-Type: text/${type}; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(Buffer.from(text.replace(/\r?\n/g, '\r\n')))}\r\n`;
const parts = (kind: string, boundary: string, all: readonly string[]): string => `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${all.map((p) => `--${boundary}\r\n${p}\r\n`).join('')}--${boundary}--\r\n`;
const filePart = ({ name, type, bytes }: NonNullable<DemoMail['file']>): string => `Content-Type: ${type}; name="${words(name)}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${words(name)}"\r\n\r\n${lines(bytes)}\r\n`;
/** Who a mail comes to: of an organisation its name, mail domain and people, the executive first. */
export type Receiver = Pick<DemoMember, 'domain' | 'name'> & { readonly people: readonly Pick<DemoPerson, 'name'>[] };
export type You = Pick<DemoPerson, 'name' | 'email'>;

const idOf = (...of: readonly string[]): string => createHash('sha256').update(of.join('\n')).digest('hex').slice(0, 20);

export const authserv = (member: Pick<DemoMember, 'domain'>): string => `mx.${member.domain}`;

/** What a text is for this receiver. */
export function filled(text: string, member: Receiver, you: You): string {
  const values: Readonly<Record<string, string>> = { you: you.name, youMail: you.email, boss: member.people[0]!.name, org: member.name, domain: member.domain };
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** The mail as the receiver's mail server stored it. The same arguments give the same bytes. */
export function mailBytes(mail: DemoMail, member: Receiver, you: You, came: number): string {
  const fill = (text: string): string => filled(text, member, you);
  const { address } = mail.from;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const id = idOf(mail.key, you.email, String(came));
  const found = { pass: `spf=pass smtp.mailfrom=${address}; dkim=pass header.d=${domain}; dmarc=pass header.from=${domain}`, none: `spf=none smtp.mailfrom=${address}; dkim=none; dmarc=none header.from=${domain}`, fail: `spf=fail smtp.mailfrom=${address}; dkim=none; dmarc=fail header.from=${domain}` }[mail.proof];
  const head = [
    `Return-Path: <${address}>`, `Authentication-Results: ${authserv(member)}; ${found}`,
    `Received: from mail.${domain} (mail.${domain} [${mail.ip}])\r\n by ${authserv(member)} with ESMTPS id ${id.slice(0, 10)}; ${mailDate(came)}`,
    `Date: ${mailDate(came - 9_000)}`, `From: ${box(fill(mail.from.name), address)}`, ...(mail.replyTo ? [`Reply-To: ${mail.replyTo}`] : []), `To: ${box('', you.email)}`, `Subject: ${words(fill(mail.subject))}`, `Message-ID: <${id}@${domain}>`,
    ...(mail.list ? [`List-Unsubscribe: <https://${domain}/stop>`, 'Precedence: bulk'] : []), 'MIME-Version: 1.0',
  ];
  const text = textPart('plain', fill(mail.text));
  const body = mail.html === undefined ? text : parts('alternative', `=_alt_${id}`, [text, textPart('html', fill(mail.html))]);
  return `${head.join('\r\n')}\r\n${mail.file ? parts('mixed', `=_mix_${id}`, [body, filePart(mail.file)]) : body}`;
}

/** The forward by which its receiver asks: some minutes later, to the address for reports. */
export function forwardBytes(mail: DemoMail, { how, note }: Pick<DemoReport, 'how' | 'note'>, member: Receiver, you: You, to: string, came: number): string {
  const subject = filled(mail.subject, member, you);
  const id = idOf('forward', mail.key, you.email, String(came));
  const head = [`Date: ${mailDate(came + 3 * MINUTE)}`, `From: ${box(you.name, you.email)}`, `To: ${to}`, `Subject: ${words(`FW: ${subject}`)}`, `Message-ID: <${id}@${member.domain}>`, 'MIME-Version: 1.0'];
  if (how !== 'inline') return `${head.join('\r\n')}\r\n${parts('mixed', `=_fwd_${id}`, [textPart('plain', `${note}\n`), `Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n${mailBytes(mail, member, you, came)}`])}`;
  const quoted = [note, '', '-----元のメッセージ-----', `差出人: ${filled(mail.from.name, member, you)} <${mail.from.address}>`, `送信日時: ${dateOf(came).replaceAll('-', '/')} ${timeOf(came).slice(0, 5)}`, `宛先: ${you.email}`, `件名: ${subject}`, '', filled(mail.text, member, you)].join('\n');
  return `${head.join('\r\n')}\r\n${textPart('plain', quoted)}`;
}
