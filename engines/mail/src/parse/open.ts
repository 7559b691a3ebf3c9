/** What arrived at the desk, opened: the mail that brought it, and the mails in question inside. */
import type { Attachment, Opened, ParsedMail, Passage } from '../types.ts';
import { isZip, mailsInZip } from './archive.ts';
import { assemble } from './assemble.ts';
import { decode } from './charset.ts';
import { FORWARD_SUBJECT, inlineForward, pastedMail } from './forward.ts';
import { LIMITS } from './limits.ts';
import { mapiMail } from './mapi.ts';
import { isMsg, readMsg, type MsgMail } from './msg.ts';
import { looksLikeMail, readMail } from './parse.ts';
import { isTnef, readTnef } from './tnef.ts';

export interface OpenOptions {
  /** What the caller takes the bytes for; their own marks outweigh it. */
  readonly hint?: 'eml' | 'msg' | 'text';
  /** False when the caller knows that the bytes are the mail in question itself: nothing is taken for a forward. */
  readonly forwards?: boolean;
}

type Suspect = Opened['suspects'][number];
type Form = 'eml' | 'msg' | 'tnef' | 'zip' | 'text' | 'file';

/** A mail that was found, with those that are attached to it as items of Outlook and have no bytes of their own. */
interface Found extends Suspect {
  readonly inside: readonly MsgMail[];
}

/** Bytes at the front that are no text. */
function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return false;
  let strange = 0;
  for (const byte of head) if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b) || byte === 0x7f) strange++;
  return strange * 10 > head.length;
}

function formOf(bytes: Uint8Array, hint?: OpenOptions['hint']): Form {
  if (isMsg(bytes)) return 'msg';
  if (isTnef(bytes)) return 'tnef';
  if (isZip(bytes)) return 'zip';
  if (hint === 'text') return 'text';
  if (hint === 'eml' || looksLikeMail(bytes)) return 'eml';
  return isBinary(bytes) ? 'file' : 'text';
}

/** A mail that consists of one file, for bytes that are no mail. */
function fileMail(bytes: Uint8Array, name: string, troubles: ParsedMail['troubles']): ParsedMail {
  const file: Attachment = { name, declaredType: 'application/octet-stream', bytes, inline: false };
  return assemble({ kind: 'text', size: bytes.length, raw: new Uint8Array(0), fields: [], bodies: [], alternatives: [], attachments: [file], troubles });
}

/** The mail that these bytes of an attachment or of an archive's entry are, null when they are none. */
function innerMail(bytes: Uint8Array, name: string, type: string): Found | null {
  if (bytes.length === 0) return null;
  if (isMsg(bytes)) {
    const item = /\.msg$/i.test(name) || type === 'application/vnd.ms-outlook' ? readMsg(bytes) : null;
    return item === null ? null : { mail: item.mail, passage: 'msg', inside: item.inside };
  }
  if (isTnef(bytes)) {
    const item = readTnef(bytes);
    return item === null ? null : { mail: mapiMail(item, bytes, bytes.length), passage: 'winmail', inside: [] };
  }
  if (type === 'message/rfc822' || type === 'message/global' || /\.eml$/i.test(name)) return { mail: readMail(bytes), passage: 'attached', inside: [] };
  return null;
}

/** Whether an attachment is taken for a mail, by its marks alone. */
const isMail = ({ bytes, name, declaredType }: Attachment): boolean =>
  bytes.length > 0 && (isMsg(bytes) ? /\.msg$/i.test(name) || declaredType === 'application/vnd.ms-outlook' : isTnef(bytes) || /^message\/(?:rfc822|global)$/.test(declaredType) || /\.eml$/i.test(name));

/** The mails attached to `mail`, those in attached archives of mails too, at most 20, and how many more there are. */
function attachedMails(mail: ParsedMail, inside: readonly MsgMail[]): { readonly found: readonly Found[]; readonly left: number; readonly troubles: ParsedMail['troubles'] } {
  const found: Found[] = inside.map((item) => ({ mail: item.mail, passage: 'msg', inside: item.inside }));
  const troubles: ParsedMail['troubles'][number][] = [];
  let left = 0;
  for (const file of mail.attachments) {
    const room = LIMITS.suspects - found.length;
    if (isZip(file.bytes) && /\.zip$/i.test(file.name)) {
      const zip = mailsInZip(file.bytes, Math.max(0, room));
      if (zip.others > 0 || (room > 0 && zip.mails.length === 0)) continue;
      const mails = archived(zip.mails);
      troubles.push(...zip.troubles);
      found.push(...mails);
      left += zip.total - mails.length;
      continue;
    }
    if (room <= 0) {
      if (isMail(file)) left++;
      continue;
    }
    const inner = innerMail(file.bytes, file.name, file.declaredType);
    if (inner !== null) found.push(inner);
  }
  return { found: found.slice(0, LIMITS.suspects), left: left + Math.max(0, found.length - LIMITS.suspects), troubles };
}

function archived(mails: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Found[] {
  return mails.flatMap(({ name, bytes }) => {
    const inner = innerMail(bytes, name, '');
    return inner === null ? [] : [{ ...inner, passage: 'archive' as const }];
  });
}

interface PassedOn {
  readonly suspects: readonly Suspect[];
  readonly left: number;
  readonly note: string;
  readonly troubles: ParsedMail['troubles'];
}

/** What `mail` passes on. An attached mail is opened further only when a colleague of the sender passed it on himself. */
function passedOn(mail: ParsedMail, inside: readonly MsgMail[], depth: number): PassedOn {
  const nothing = { suspects: [], left: 0, note: '', troubles: [] };
  if (depth >= LIMITS.attachedDepth || mail.automatic.bounce) return nothing;
  const { found, troubles, left: closed } = attachedMails(mail, inside);
  let left = closed;
  if (found.length === 0) {
    const inline = inlineForward(mail, depth);
    return inline === null ? nothing : { suspects: [{ mail: inline.mail, passage: 'inline' }], left: 0, note: inline.note, troubles: [] };
  }
  const suspects = found.flatMap((suspect): readonly Suspect[] => {
    const own = mail.from[0]?.domain;
    const colleague = own !== undefined && suspect.mail.from[0]?.domain === own && FORWARD_SUBJECT.test(suspect.mail.subject);
    const deeper = colleague ? passedOn(suspect.mail, suspect.inside, depth + 1) : nothing;
    left += deeper.left;
    return deeper.suspects.length === 0 ? [{ mail: suspect.mail, passage: suspect.passage }] : deeper.suspects;
  });
  return { suspects: suspects.slice(0, LIMITS.suspects), left: left + Math.max(0, suspects.length - LIMITS.suspects), note: mail.text.slice(0, LIMITS.note).trim(), troubles };
}

function opened(outer: ParsedMail, inside: readonly MsgMail[], passage: Passage, forwards: boolean): Opened {
  const passed = forwards ? passedOn(outer, inside, 0) : { suspects: [], left: 0, note: '', troubles: [] };
  if (passed.suspects.length === 0) return { outer, suspects: [{ mail: outer, passage }], left: 0, note: '' };
  return { outer: passed.troubles.length === 0 ? outer : { ...outer, troubles: [...outer.troubles, ...passed.troubles] }, suspects: passed.suspects, left: passed.left, note: passed.note };
}

/**
 * The mails in question in the bytes that a person sent in: a mail, an Outlook item, a zip of mails, pasted text, or a
 * mail that passes others on, attached or quoted. At least one suspect, at most twenty. Never rejects; what could not
 * be read is told in `troubles`.
 */
export async function open(bytes: Uint8Array, options: OpenOptions = {}): Promise<Opened> {
  try {
    return openNow(bytes, options);
  } catch {
    const outer = fileMail(bytes.subarray(0, LIMITS.mail), '', [{ code: 'broken_container' }]);
    return { outer, suspects: [{ mail: outer, passage: 'pasted' }], left: 0, note: '' };
  }
}

function openNow(bytes: Uint8Array, options: OpenOptions): Opened {
  const form = formOf(bytes, options.hint);
  const forwards = options.forwards !== false;
  if (form === 'eml') return opened(readMail(bytes), [], 'original', forwards);
  if (form === 'msg') {
    const item = readMsg(bytes);
    if (item !== null) return opened(item.mail, item.inside, 'msg', forwards);
  }
  if (form === 'tnef') {
    const item = readTnef(bytes);
    if (item !== null) return opened(mapiMail(item, bytes, bytes.length), [], 'winmail', forwards);
  }
  if (form === 'zip') {
    const zip = mailsInZip(bytes);
    const suspects = archived(zip.mails).map(({ mail, passage }): Suspect => ({ mail, passage }));
    const outer = fileMail(bytes.subarray(0, LIMITS.mail), '', zip.troubles);
    return suspects.length === 0 ? { outer, suspects: [{ mail: outer, passage: 'original' }], left: 0, note: '' } : { outer, suspects, left: zip.total - suspects.length, note: '' };
  }
  const limited = bytes.subarray(0, form === 'text' ? LIMITS.textBytes : LIMITS.mail);
  const tooLarge: ParsedMail['troubles'] = bytes.length > limited.length ? [{ code: 'too_large' }] : [];
  if (form !== 'text') {
    const outer = fileMail(limited, '', [...tooLarge, { code: 'broken_container' }]);
    return { outer, suspects: [{ mail: outer, passage: 'original' }], left: 0, note: '' };
  }
  const pasted = pastedMail(decode(limited).text, bytes.length);
  const outer = tooLarge.length === 0 ? pasted : { ...pasted, troubles: [...pasted.troubles, ...tooLarge] };
  return { outer, suspects: [{ mail: outer, passage: 'pasted' }], left: 0, note: '' };
}
