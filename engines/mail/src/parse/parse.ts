/** Bytes of one mail (RFC 5322, MIME) to a ParsedMail, however broken they are. */
import type { Attachment, ParsedMail, Trouble } from '../types.ts';
import { assemble, tidy, type Body } from './assemble.ts';
import { decode } from './charset.ts';
import { isHeaderLine } from './headers.ts';
import { LIMITS } from './limits.ts';
import { bodiesOf } from './mapi.ts';
import { newBudget, readPart, tell, type Budget, type Part } from './mime.ts';
import { isTnef, readTnef } from './tnef.ts';

const FROM_LINE = /^>?From \S{1,300} /;

/** The bytes with line breaks and text form that the rest can rely on; the mail's own bytes are not changed. */
function normalise(bytes: Buffer, budget: Budget): Buffer {
  let buffer = bytes;
  if (buffer.length > LIMITS.mail) {
    tell(budget, 'too_large');
    buffer = buffer.subarray(0, LIMITS.mail);
  }
  // Saved as "Unicode" by an editor.
  if ((buffer[0] === 0xff && buffer[1] === 0xfe) || (buffer[0] === 0xfe && buffer[1] === 0xff)) return Buffer.from(decode(buffer).text, 'utf8');
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) buffer = buffer.subarray(3);
  // Lines that end in bare CR: only where they are the rule, since one inside a header is an attack, not an end.
  const head = buffer.subarray(0, 64 * 1024);
  let cr = 0;
  let lf = 0;
  for (let i = 0; i < head.length; i++) {
    if (head[i] === 0x0a) lf++;
    else if (head[i] === 0x0d && head[i + 1] !== 0x0a) cr++;
  }
  if (cr > 2 && cr > lf) {
    const copy = Buffer.from(buffer);
    for (let i = 0; i < copy.length; i++) if (copy[i] === 0x0d && copy[i + 1] !== 0x0a) copy[i] = 0x0a;
    return copy;
  }
  return buffer;
}

/** Where the first header begins, past empty lines and the `From ` line of a mailbox file. */
function headerStart(buffer: Buffer): number {
  let at = 0;
  for (let lines = 0; lines < 20; lines++) {
    while (at < buffer.length && (buffer[at] === 0x0a || buffer[at] === 0x0d || buffer[at] === 0x20 || buffer[at] === 0x09 || buffer[at] === 0)) at++;
    let end = buffer.indexOf(0x0a, at);
    if (end < 0) end = buffer.length;
    if (!FROM_LINE.test(buffer.toString('latin1', at, Math.min(end, at + 400)))) return at;
    at = Math.min(buffer.length, end + 1);
  }
  return at;
}

/** True when the bytes begin as a mail does: two header lines, or one that only mails have. */
export function looksLikeMail(bytes: Uint8Array): boolean {
  const buffer = normalise(view(bytes).subarray(0, 64 * 1024), newBudget());
  const lines = buffer.toString('latin1', headerStart(buffer), 64 * 1024).split('\n', 12);
  let headers = 0;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') break;
    if (/^(?:received|return-path|delivered-to|mime-version|message-id|dkim-signature|content-type|x-[\w-]{1,60}|authentication-results|arc-[\w-]{1,40}):/i.test(line)) return true;
    if (isHeaderLine(line)) headers++;
    else if (!/^[ \t]/.test(line) && i > 0) break;
  }
  return headers >= 2 && !/^(?:https?|ftp):/i.test(lines[0] ?? '');
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * A mail of these bytes. Limits: `LIMITS`; beyond them the mail is cut and `troubles` says so. Never rejects.
 * `text` is what the reader's program shows: of an alternative the HTML where it shows anything, else the plain text.
 */
export async function parseMail(bytes: Uint8Array): Promise<ParsedMail> {
  return readMail(bytes);
}

/** As `parseMail`, at once. */
export function readMail(bytes: Uint8Array): ParsedMail {
  const budget = newBudget();
  const buffer = normalise(view(bytes), budget);
  const root = readPart(buffer, headerStart(buffer), buffer.length, 0, budget);
  const collector = new Collector(budget);
  collector.take(root, false);
  const opened = withoutWinmail(collector);
  return assemble({
    kind: 'eml',
    size: bytes.length,
    raw: bytes.length > LIMITS.mail ? bytes.subarray(0, LIMITS.mail) : bytes,
    fields: root.fields,
    ...(collector.charset === undefined ? {} : { charset: collector.charset }),
    bodies: opened.bodies,
    alternatives: collector.alternatives,
    attachments: opened.attachments,
    troubles: [...opened.troubles, ...budget.troubles.values()],
    report: root.type.value === 'multipart/report' && (root.type.params.get('report-type') ?? '').includes('delivery-status'),
  });
}

/** What a winmail.dat holds takes its place: its attachments, and its text where the mail shows none itself. */
function withoutWinmail(collector: Collector): { bodies: readonly Body[]; attachments: readonly Attachment[]; troubles: readonly Trouble[] } {
  if (!collector.attachments.some((file) => isTnef(file.bytes))) return { bodies: collector.bodies, attachments: collector.attachments, troubles: [] };
  const attachments: Attachment[] = [];
  const troubles: Trouble[] = [];
  let bodies: readonly Body[] = collector.bodies;
  for (const file of collector.attachments) {
    const item = readTnef(file.bytes);
    if (item === null) {
      attachments.push(file);
      continue;
    }
    troubles.push(...item.troubles);
    if (attachments.length < LIMITS.parts) attachments.push(...item.attachments.slice(0, LIMITS.parts - attachments.length));
    if (bodies.every((body) => tidy(body.text) === '')) bodies = bodiesOf(item.props).slice(-1);
  }
  return { bodies, attachments, troubles };
}

/** Sorts the parts of a mail into what is shown, what could be shown instead, and attachments. */
class Collector {
  readonly bodies: Body[] = [];
  readonly alternatives: Body[] = [];
  readonly attachments: Attachment[] = [];
  charset: string | undefined;
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  take(part: Part, related: boolean): void {
    if (part.type.value === 'multipart/alternative') return this.#alternative(part);
    if (part.children.length > 0) {
      for (const [i, child] of part.children.entries()) this.take(child, part.type.value === 'multipart/related' && i > 0);
      return;
    }
    if (this.#isBody(part, related)) this.bodies.push(this.#body(part));
    else if (part.bytes.length > 0 || part.name !== '' || part.disposition === 'attachment') this.#attach(part, related);
  }

  #isBody(part: Part, related: boolean): boolean {
    const { value } = part.type;
    if ((value !== 'text/plain' && value !== 'text/html' && value !== 'application/xhtml+xml') || part.disposition === 'attachment') return false;
    // Named text is an attachment, save as the first thing there is: programs show it then.
    return part.name === '' ? !(related && part.contentId !== '' && value === 'text/plain') : this.bodies.length === 0;
  }

  #body(part: Part): Body {
    const most = part.type.value === 'text/plain' ? LIMITS.textBytes : LIMITS.html * 2;
    if (part.bytes.length > most) tell(this.#budget, 'too_large', part.type.value);
    const decoded = decode(part.bytes.subarray(0, most), part.type.params.get('charset'));
    if (decoded.unsure) tell(this.#budget, 'undecodable', part.type.params.get('charset') ?? '');
    if (this.charset === undefined && decoded.charset !== 'us-ascii') this.charset = decoded.charset;
    if (part.type.value !== 'text/plain') return { kind: 'html', text: decoded.text };
    return { kind: 'plain', text: part.type.params.get('format')?.toLowerCase() === 'flowed' ? unflow(decoded.text, part.type.params.get('delsp')?.toLowerCase() === 'yes') : decoded.text };
  }

  /** Of the forms of one text the last that shows anything is what a reader sees (RFC 2046, section 5.1.4). */
  #alternative(part: Part): void {
    const inner = new Collector(this.#budget);
    const forms: Body[][] = [];
    for (const child of part.children) {
      const before = inner.bodies.length;
      inner.take(child, false);
      if (inner.bodies.length > before) forms.push(inner.bodies.slice(before));
    }
    this.attachments.push(...inner.attachments);
    this.alternatives.push(...inner.alternatives);
    this.charset ??= inner.charset;
    const chosen = forms.findLast((form) => form.some((body) => body.kind === 'html' && tidy(body.text) !== '')) ?? forms.findLast((form) => form.some((body) => tidy(body.text) !== '')) ?? forms[0];
    for (const form of forms) (form === chosen ? this.bodies : this.alternatives).push(...form);
  }

  #attach(part: Part, related: boolean): void {
    this.attachments.push({
      name: part.name,
      declaredType: part.type.value,
      bytes: part.bytes,
      inline: part.disposition === 'inline' || related,
      ...(part.contentId === '' ? {} : { contentId: part.contentId }),
    });
  }
}

/** Paragraphs of format=flowed (RFC 3676, section 4) in one line each, so that a link broken at a blank stays one. */
function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let open = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (line.endsWith(' ') && line !== '-- ' && !line.startsWith('>')) open += deleteSpace ? line.slice(0, -1) : line;
    else {
      out.push(open + line);
      open = '';
    }
  }
  if (open !== '') out.push(open);
  return out.join('\n');
}
