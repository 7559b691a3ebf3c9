/** Items of Outlook and Exchange, whatever they were stored in, as mails. */
import type { Attachment, ParsedMail, Trouble } from '../types.ts';
import { assemble, tidy, type Body } from './assemble.ts';
import { charsetName, decode } from './charset.ts';
import { readBlock, type RawField } from './headers.ts';
import { LIMITS } from './limits.ts';
import { readRtf, unpackRtf } from './rtf.ts';

/** Property ids of [MS-OXPROPS] that make up a mail. */
export const PROPS = {
  subject: 0x0037, clientSubmitTime: 0x0039, representingName: 0x0042, representingAddress: 0x0065, transportHeaders: 0x007d,
  senderName: 0x0c1a, senderType: 0x0c1e, senderAddress: 0x0c1f, senderSmtp: 0x5d01, representingSmtp: 0x5d02,
  displayCc: 0x0e03, displayTo: 0x0e04, deliveryTime: 0x0e06, body: 0x1000, rtf: 0x1009, html: 0x1013, messageId: 0x1035, inReplyTo: 0x1042, references: 0x1039,
  codepage: 0x3fde, messageCodepage: 0x3ffd, displayName: 0x3001, emailAddress: 0x3003, smtpAddress: 0x39fe, recipientType: 0x0c15,
  attachData: 0x3701, attachName: 0x3704, attachMethod: 0x3705, attachLongName: 0x3707, attachType: 0x370e, attachContentId: 0x3712, attachHidden: 0x7ffe,
} as const;

/** A value as stored: text already decoded, numbers and times as numbers (times in milliseconds since 1970), the rest bytes. */
export type Value = string | number | Uint8Array;
export type Props = ReadonlyMap<number, Value>;

export interface Recipient {
  readonly name: string;
  readonly address: string;
  readonly kind: 'to' | 'cc' | 'bcc';
}

export interface MapiItem {
  readonly props: Props;
  readonly recipients: readonly Recipient[];
  readonly attachments: readonly Attachment[];
  readonly troubles: readonly Trouble[];
}

export function textOf(props: Props, id: number): string {
  const value = props.get(id);
  return typeof value === 'string' ? value : '';
}

/** A stored text up to its first NUL. */
export function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Milliseconds since 1970 of a FILETIME ([MS-DTYP], section 2.3.3). */
export function fileTime(low: number, high: number): number {
  return (high * 2 ** 32 + low) / 10_000 - 11_644_473_600_000;
}

/** Name of the charset of a Windows code page. */
export function codepage(number: number): string | undefined {
  if (number === 65001 || number === 1200) return 'utf-8';
  return charsetName(`cp${number}`) ?? charsetName(`windows-${number}`);
}

function asField(name: string, text: string): RawField {
  return { name, raw: Buffer.from(text.replace(/[\r\n\0]/g, ' ').slice(0, LIMITS.value), 'utf8').toString('latin1') };
}

function box(name: string, address: string): string {
  const quoted = `"${name.replace(/["\\]/g, '\\$&')}"`;
  return address.includes('@') ? `${quoted} <${address}>` : `${quoted} <>`;
}

/** Header fields of an item: those it was transported with where they are stored, else written from its properties. */
function fieldsOf(item: MapiItem): RawField[] {
  const { props } = item;
  const stored = textOf(props, PROPS.transportHeaders).slice(0, LIMITS.headers);
  if (stored.includes(':')) {
    const bytes = Buffer.from(`${stored.trim()}\r\n\r\n`, 'utf8');
    const { fields } = readBlock(bytes, 0, bytes.length, LIMITS.headers);
    if (fields.some((field) => field.name === 'from')) return fields.filter((field) => field.name !== 'content-type' && field.name !== 'content-transfer-encoding');
  }
  const smtp = (...ids: number[]): string => ids.map((id) => textOf(props, id)).find((text) => /^[^\s@]+@[^\s@]+$/.test(text)) ?? '';
  const fields: RawField[] = [];
  const sender = { name: textOf(props, PROPS.senderName), address: smtp(PROPS.senderSmtp, PROPS.senderAddress) };
  const shown = { name: textOf(props, PROPS.representingName) || sender.name, address: smtp(PROPS.representingSmtp, PROPS.representingAddress) || sender.address };
  if (shown.name !== '' || shown.address !== '') fields.push(asField('from', box(shown.name, shown.address)));
  if (sender.address !== '' && sender.address.toLowerCase() !== shown.address.toLowerCase()) fields.push(asField('sender', box(sender.name, sender.address)));
  for (const kind of ['to', 'cc'] as const) {
    const boxes = item.recipients.filter((recipient) => recipient.kind === kind).map((recipient) => box(recipient.name, recipient.address));
    const display = textOf(props, kind === 'to' ? PROPS.displayTo : PROPS.displayCc);
    if (boxes.length > 0) fields.push(asField(kind, boxes.join(', ')));
    else if (display !== '') fields.push(asField(kind, display.split(';').map((name) => box(/@/.test(name) ? '' : name.trim(), /@/.test(name) ? name.trim() : '')).join(', ')));
  }
  if (props.has(PROPS.subject)) fields.push(asField('subject', textOf(props, PROPS.subject)));
  const time = props.get(PROPS.clientSubmitTime) ?? props.get(PROPS.deliveryTime);
  if (typeof time === 'number' && time > 0 && time < 7_258_118_400_000) fields.push(asField('date', new Date(time).toUTCString()));
  for (const [name, id] of [['message-id', PROPS.messageId], ['in-reply-to', PROPS.inReplyTo], ['references', PROPS.references]] as const) {
    if (textOf(props, id) !== '') fields.push(asField(name, textOf(props, id)));
  }
  return fields;
}

/** What the item shows, the richest form last. */
export function bodiesOf(props: Props): Body[] {
  const forms: Body[] = [];
  const plain = textOf(props, PROPS.body);
  if (tidy(plain) !== '') forms.push({ kind: 'plain', text: plain });
  const html = props.get(PROPS.html);
  const page = props.get(PROPS.codepage);
  if (typeof html === 'string' && html.trim() !== '') forms.push({ kind: 'html', text: html });
  else if (html instanceof Uint8Array && html.length > 0) forms.push({ kind: 'html', text: decode(html, typeof page === 'number' ? codepage(page) : undefined).text });
  const rtf = props.get(PROPS.rtf);
  if (rtf instanceof Uint8Array && !forms.some((form) => form.kind === 'html')) {
    const bytes = unpackRtf(rtf);
    const read = bytes === null ? null : readRtf(bytes);
    if (read !== null && tidy(read.text) !== '' && (read.kind === 'html' || forms.length === 0)) forms.push(read);
  }
  return forms;
}

/** The mail that an item is. `raw`: the bytes of the file it fills alone, else empty. */
export function mapiMail(item: MapiItem, raw: Uint8Array, size: number): ParsedMail {
  const forms = bodiesOf(item.props);
  return assemble({
    kind: 'msg', size, raw, fields: fieldsOf(item),
    bodies: forms.slice(-1), alternatives: forms.slice(0, -1),
    attachments: item.attachments, troubles: item.troubles,
  });
}
