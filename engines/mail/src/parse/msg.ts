/** Outlook's .msg files ([MS-OXMSG]): properties, recipients, attachments and messages inside, from a bounded compound file. */
import type { Attachment, ParsedMail, Trouble } from '../types.ts';
import { readCompound, type Stream } from '../attach/cfb.ts';
import { decode } from './charset.ts';
import { LIMITS } from './limits.ts';
import { codepage, fileTime, mapiMail, PROPS, textOf, untilNul, type MapiItem, type Recipient, type Value } from './mapi.ts';

export function isMsg(bytes: Uint8Array): boolean {
  return bytes.length > 512 && bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0;
}

/** Streams and storages that stand directly in a storage. */
interface Folder {
  readonly streams: ReadonlyMap<string, Stream>;
  readonly folders: ReadonlyMap<string, Folder>;
}

interface Growing {
  readonly streams: Map<string, Stream>;
  readonly folders: Map<string, Growing>;
}

function tree(streams: readonly Stream[]): Folder {
  const root: Growing = { streams: new Map(), folders: new Map() };
  for (const stream of streams) {
    let folder = root;
    for (const name of stream.storage ? stream.path : stream.path.slice(0, -1)) {
      let next = folder.folders.get(name);
      if (next === undefined) {
        next = { streams: new Map(), folders: new Map() };
        folder.folders.set(name, next);
      }
      folder = next;
    }
    if (!stream.storage) folder.streams.set(stream.path.at(-1)!, stream);
  }
  return root;
}

const VALUE = /^__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})$/i;
/** Bytes of values that are read of one file, all together: streams may overlap. */
const MOST = 60 * 1024 * 1024;

interface Purse {
  left: number;
}

/** Properties of a storage: those of variable length from their streams, the fixed ones from the property stream. */
function propsOf(folder: Folder, header: number, purse: Purse): Map<number, Value> {
  const props = new Map<number, Value>();
  const fixed = folder.streams.get('__properties_version1.0')?.read(64 * 1024) ?? new Uint8Array(0);
  const view = new DataView(fixed.buffer, fixed.byteOffset, fixed.byteLength);
  for (let at = header; at + 16 <= fixed.length; at += 16) {
    const type = view.getUint16(at, true);
    const id = view.getUint16(at + 2, true);
    if (type === 0x0003 || type === 0x000b || type === 0x0002) props.set(id, type === 0x0003 ? view.getUint32(at + 8, true) : view.getUint16(at + 8, true));
    else if (type === 0x0040) props.set(id, fileTime(view.getUint32(at + 8, true), view.getUint32(at + 12, true)));
  }
  const page = props.get(PROPS.messageCodepage) ?? props.get(PROPS.codepage);
  const charset = typeof page === 'number' ? codepage(page) : undefined;
  for (const [name, stream] of folder.streams) {
    const form = VALUE.exec(name);
    if (form === null) continue;
    const id = Number.parseInt(form[1]!, 16);
    const type = Number.parseInt(form[2]!, 16);
    if (type !== 0x001e && type !== 0x001f && type !== 0x0102) continue;
    if (id >= 0x8000 && type === 0x0102) continue;
    const bytes = stream.read(Math.max(0, purse.left));
    purse.left -= bytes.length;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    props.set(id, type === 0x001f ? untilNul(buffer.toString('utf16le', 0, buffer.length & ~1)) : type === 0x001e ? untilNul(decode(buffer, charset).text) : bytes);
  }
  return props;
}

function recipientsOf(folder: Folder, purse: Purse): Recipient[] {
  const out: Recipient[] = [];
  for (const [name, inner] of folder.folders) {
    if (!name.toLowerCase().startsWith('__recip_version1.0_') || out.length >= LIMITS.addresses) continue;
    const props = propsOf(inner, 8, purse);
    const address = [PROPS.smtpAddress, PROPS.emailAddress].map((id) => textOf(props, id)).find((text) => text.includes('@')) ?? '';
    const kind = props.get(PROPS.recipientType);
    out.push({ name: textOf(props, PROPS.displayName), address, kind: kind === 2 ? 'cc' : kind === 3 ? 'bcc' : 'to' });
  }
  return out;
}

export interface MsgMail {
  readonly mail: ParsedMail;
  /** Mails that are attached as items: they have no bytes of their own. */
  readonly inside: readonly MsgMail[];
}

function readItem(folder: Folder, header: number, raw: Uint8Array, size: number, depth: number, purse: Purse): MsgMail {
  const inside: MsgMail[] = [];
  const attachments: Attachment[] = [];
  const troubles: Trouble[] = [];
  for (const [name, inner] of [...folder.folders].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.toLowerCase().startsWith('__attach_version1.0_')) continue;
    if (attachments.length >= LIMITS.parts || purse.left <= 0) {
      troubles.push({ code: 'too_many_parts' });
      break;
    }
    const props = propsOf(inner, 8, purse);
    const file = (textOf(props, PROPS.attachLongName) || textOf(props, PROPS.attachName) || textOf(props, PROPS.displayName)).replace(/[\0-\x1f\x7f]/g, '').slice(0, 500);
    const message = inner.folders.get('__substg1.0_3701000D');
    const contentId = textOf(props, PROPS.attachContentId).replace(/[<>\s]/g, '').slice(0, 300);
    const data = props.get(PROPS.attachData);
    attachments.push({
      name: file,
      declaredType: message === undefined ? (textOf(props, PROPS.attachType) || 'application/octet-stream').toLowerCase().slice(0, 200) : 'application/vnd.ms-outlook',
      bytes: data instanceof Uint8Array ? data : new Uint8Array(0),
      inline: contentId !== '' && props.get(PROPS.attachHidden) === 1,
      ...(contentId === '' ? {} : { contentId }),
    });
    if (message === undefined || !message.streams.has('__properties_version1.0')) continue;
    if (depth + 1 >= LIMITS.attachedDepth) troubles.push({ code: 'too_deep', where: file });
    else if (inside.length < LIMITS.suspects) inside.push(readItem(message, 24, new Uint8Array(0), 0, depth + 1, purse));
  }
  const item: MapiItem = { props: propsOf(folder, header, purse), recipients: recipientsOf(folder, purse), attachments, troubles };
  return { mail: mapiMail(item, raw, size), inside };
}

/** The mail in a .msg file, null when it is none (another compound file, or broken beyond reading). */
export function readMsg(bytes: Uint8Array): MsgMail | null {
  const streams = isMsg(bytes) ? readCompound(bytes.subarray(0, LIMITS.mail)) : undefined;
  if (streams === undefined) return null;
  const root = tree(streams);
  if (!root.streams.has('__properties_version1.0')) return null;
  return readItem(root, 32, bytes.subarray(0, LIMITS.mail), bytes.length, 0, { left: MOST });
}
