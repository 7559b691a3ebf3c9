/** winmail.dat: the Transport Neutral Encapsulation Format of Exchange and Outlook ([MS-OXTNEF]), read within its bytes. */
import type { Attachment, Trouble } from '../types.ts';
import { decode } from './charset.ts';
import { LIMITS } from './limits.ts';
import { codepage, fileTime, PROPS, textOf, untilNul, type MapiItem, type Props, type Recipient, type Value } from './mapi.ts';

const SIGNATURE = 0x223e9f78;
/** Attributes: [MS-OXTNEF], section 2.1.3.3. */
const ATTR = { from: 0x00008000, subject: 0x00018004, messageId: 0x00018009, attachTitle: 0x00018010, body: 0x0002800c, attachData: 0x0006800f, dateSent: 0x00038005, renderData: 0x00069002, props: 0x00069003, recipients: 0x00069004, attachment: 0x00069005, oemCodepage: 0x00069007 } as const;
/** Properties of one list, and rows of recipients. */
const MOST = 2_000;
/** The interface id of an object that is a message: 00020307-0000-0000-C000-000000000046. */
const MESSAGE = Buffer.from('0703020000000000c000000000000046', 'hex');

export function isTnef(bytes: Uint8Array): boolean {
  return bytes.length > 6 && bytes[0] === 0x78 && bytes[1] === 0x9f && bytes[2] === 0x3e && bytes[3] === 0x22;
}

/** Reads little-endian values within a range; asking beyond its end ends the reading. */
class Cursor {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u32(): number {
    if (this.left < 4) throw new RangeError('end of TNEF');
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  u16(): number {
    if (this.left < 2) throw new RangeError('end of TNEF');
    this.at += 2;
    return this.bytes.readUInt16LE(this.at - 2);
  }

  take(length: number): Buffer {
    if (length > this.left) throw new RangeError('end of TNEF');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** `length` bytes, and the padding to four behind them. */
  padded(length: number): Buffer {
    const found = this.take(length);
    this.at = Math.min(this.bytes.length, this.at + ((4 - (length % 4)) % 4));
    return found;
  }
}

const utf16 = (bytes: Uint8Array): string => untilNul(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength & ~1).toString('utf16le'));

/** One property value of a fixed or variable type ([MS-OXTNEF], section 2.1.3.4). */
function value(cursor: Cursor, type: number, charset: string): Value | undefined {
  switch (type) {
    case 0x0002:
    case 0x000b:
      return cursor.padded(2).readUInt16LE(0);
    case 0x0003:
    case 0x0004:
    case 0x000a:
      return cursor.u32();
    case 0x0040: {
      const low = cursor.u32();
      return fileTime(low, cursor.u32());
    }
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
      return cursor.take(8);
    case 0x0048:
      return cursor.take(16);
    case 0x001e:
    case 0x001f:
    case 0x0102:
    case 0x000d: {
      const bytes = cursor.padded(cursor.u32());
      return type === 0x001f ? utf16(bytes) : type === 0x001e ? untilNul(decode(bytes, charset).text) : bytes;
    }
    default:
      throw new RangeError('unknown property type');
  }
}

function readProps(cursor: Cursor, charset: string): Map<number, Value> {
  const props = new Map<number, Value>();
  try {
    const count = Math.min(MOST, cursor.u32());
    for (let i = 0; i < count; i++) {
      const tag = cursor.u16();
      const id = cursor.u16();
      if (id >= 0x8000) {
        cursor.take(16);
        if (cursor.u32() === 1) cursor.padded(cursor.u32());
        else cursor.u32();
      }
      const type = tag & 0x0fff;
      const many = (tag & 0x1000) !== 0 || type === 0x001e || type === 0x001f || type === 0x0102 || type === 0x000d;
      const values = many ? Math.min(MOST, cursor.u32()) : 1;
      for (let k = 0; k < values; k++) {
        const found = value(cursor, type, charset);
        if (k === 0 && found !== undefined && !props.has(id)) props.set(id, found);
      }
    }
  } catch {
    // Cut off or of a kind we do not know: what was read so far stands.
  }
  return props;
}

function recipients(data: Uint8Array, charset: string): Recipient[] {
  const out: Recipient[] = [];
  const cursor = new Cursor(data);
  try {
    const rows = Math.min(LIMITS.addresses, cursor.u32());
    for (let i = 0; i < rows && cursor.left > 4; i++) {
      const row = readProps(cursor, charset);
      const address = [PROPS.smtpAddress, PROPS.emailAddress].map((id) => textOf(row, id)).find((text) => text.includes('@')) ?? '';
      const kind = row.get(PROPS.recipientType);
      out.push({ name: textOf(row, PROPS.displayName), address, kind: kind === 2 ? 'cc' : kind === 3 ? 'bcc' : 'to' });
    }
  } catch {
    return out;
  }
  return out;
}

interface OpenAttachment {
  title: string;
  data: Uint8Array;
  props: Props;
}

/** An attachment of the item. One that is a message keeps its own TNEF bytes, so that it is opened like any other. */
function attachment(open: OpenAttachment): Attachment {
  const { props } = open;
  const object = props.get(PROPS.attachData);
  const name = textOf(props, PROPS.attachLongName) || open.title || textOf(props, PROPS.attachName) || textOf(props, PROPS.displayName);
  const contentId = textOf(props, PROPS.attachContentId).replace(/[<>\s]/g, '').slice(0, 300);
  const common = { name: name.replace(/[\0-\x1f\x7f]/g, '').slice(0, 500), inline: contentId !== '' && props.get(PROPS.attachHidden) === 1, ...(contentId === '' ? {} : { contentId }) };
  if (object instanceof Uint8Array && object.length > 16 && MESSAGE.equals(object.subarray(0, 16))) return { ...common, declaredType: 'application/ms-tnef', bytes: object.subarray(16) };
  const bytes = open.data.length > 0 ? open.data : object instanceof Uint8Array ? object : new Uint8Array(0);
  return { ...common, declaredType: (textOf(props, PROPS.attachType) || 'application/octet-stream').toLowerCase().slice(0, 200), bytes };
}

/** Sender of an old item (attFrom): `name\0SMTP:address\0` behind a header of sixteen bytes. */
function oldSender(data: Buffer, charset: string): { name: string; address: string } {
  const nameLength = data.length >= 8 ? data.readUInt16LE(4) : 0;
  const addressLength = data.length >= 8 ? data.readUInt16LE(6) : 0;
  const text = (from: number, length: number): string => untilNul(decode(data.subarray(from, from + length), charset).text);
  return { name: text(8, nameLength), address: text(8 + nameLength, addressLength).replace(/^smtp:/i, '') };
}

/** The item in these bytes, null when they are no TNEF. Damage ends the reading; what was read stands and is told. */
export function readTnef(bytes: Uint8Array): MapiItem | null {
  if (!isTnef(bytes)) return null;
  const cursor = new Cursor(bytes);
  const props = new Map<number, Value>();
  const attachments: Attachment[] = [];
  const troubles: Trouble[] = [];
  let people: Recipient[] = [];
  let charset = 'windows-1252';
  let open: OpenAttachment | null = null;
  const close = (): void => {
    if (open === null) return;
    if (attachments.length < LIMITS.parts) attachments.push(attachment(open));
    open = null;
  };
  const old = (id: number, text: string): void => {
    if (!props.has(id) && text !== '') props.set(id, text);
  };
  try {
    if (cursor.u32() !== SIGNATURE) return null;
    cursor.u16();
    for (let i = 0; i < 20_000 && cursor.left > 9; i++) {
      cursor.take(1);
      const id = cursor.u32();
      const data = cursor.take(cursor.u32());
      cursor.at = Math.min(bytes.length, cursor.at + 2);
      const text = (): string => untilNul(decode(data, charset).text);
      if (id === ATTR.renderData) {
        close();
        open = { title: '', data: new Uint8Array(0), props: new Map() };
      } else if (id === ATTR.oemCodepage && data.length >= 4) charset = codepage(data.readUInt32LE(0)) ?? charset;
      else if (id === ATTR.props) for (const [key, entry] of readProps(new Cursor(data), charset)) props.set(key, entry);
      else if (id === ATTR.recipients) people = recipients(data, charset);
      else if (id === ATTR.subject) old(PROPS.subject, text());
      else if (id === ATTR.body) old(PROPS.body, text());
      else if (id === ATTR.from) {
        const sender = oldSender(data, charset);
        old(PROPS.senderName, sender.name);
        old(PROPS.senderSmtp, sender.address);
      } else if (open !== null) {
        const current: OpenAttachment = open;
        if (id === ATTR.attachTitle) current.title = text();
        else if (id === ATTR.attachData) current.data = data;
        else if (id === ATTR.attachment) current.props = readProps(new Cursor(data), charset);
      }
    }
  } catch {
    troubles.push({ code: 'broken_container', where: 'winmail.dat' });
  }
  close();
  return { props, recipients: people, attachments, troubles };
}
