/** What the readers of all forms (MIME, Outlook, pasted text) found, put together as one ParsedMail. */
import type { Attachment, HeaderField, Link, Mailbox, ParsedMail, Trouble } from '../types.ts';
import { mailboxes } from './addresses.ts';
import { messageIds, openField, parseDate, type RawField } from './headers.ts';
import { readHtml } from './html.ts';
import { LIMITS } from './limits.ts';
import { linksOfText } from './links.ts';

/** One piece of the body, in the order of the mail. */
export interface Body {
  readonly kind: 'plain' | 'html';
  readonly text: string;
}

export interface Material {
  readonly kind: ParsedMail['kind'];
  readonly size: number;
  readonly raw: Uint8Array;
  readonly fields: readonly RawField[];
  /** Charset of the body, for raw bytes in headers. */
  readonly charset?: string;
  /** What is shown, one after the other. */
  readonly bodies: readonly Body[];
  /** The other forms of an alternative, not shown where HTML is: only their links count. */
  readonly alternatives: readonly Body[];
  readonly attachments: readonly Attachment[];
  readonly troubles: readonly Trouble[];
  /** Links that were found with their targets already. */
  readonly links?: readonly Link[];
  /** The body is a report on a delivery. */
  readonly report?: boolean;
}

/** The ParsedMail of the material. Never throws; what is over the limits is cut and told. */
export function assemble(material: Material): ParsedMail {
  const troubles = [...material.troubles];
  const first = new Map<string, RawField>();
  for (const field of material.fields) if (!first.has(field.name)) first.set(field.name, field);
  const headers = material.fields.map((field) => openField(field, material.charset));
  const values = new Map<string, string>();
  for (const header of headers) if (!values.has(header.name)) values.set(header.name, header.value);
  const boxes = (name: string): Mailbox[] => (first.has(name) ? mailboxes(first.get(name)!.raw, material.charset) : []);
  const body = readBodies(material, troubles);
  const sender = boxes('sender')[0];
  const returnPath = boxes('return-path')[0];
  const date = parseDate(values.get('date') ?? '');
  const messageId = messageIds(values.get('message-id') ?? '')[0];
  const inReplyTo = messageIds(values.get('in-reply-to') ?? '')[0];
  const from = boxes('from');
  if (from.length === 0 && material.kind === 'eml') troubles.push({ code: 'broken_mime', where: 'from' });
  return {
    kind: material.kind,
    size: material.size,
    raw: material.raw,
    headers,
    from,
    ...(sender === undefined ? {} : { sender }),
    replyTo: boxes('reply-to'),
    to: boxes('to'),
    cc: boxes('cc'),
    ...(returnPath === undefined ? {} : { returnPath }),
    subject: (values.get('subject') ?? '').replace(/[\0-\x1f\x7f]+/g, ' ').trim(),
    ...(date === undefined ? {} : { date }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    references: messageIds(values.get('references') ?? ''),
    text: body.text,
    hiddenText: body.hidden,
    ...(body.html === '' ? {} : { html: body.html }),
    links: body.links,
    attachments: material.attachments,
    automatic: automatic(values, headers, from, material.report === true),
    troubles,
  };
}

interface Read {
  readonly text: string;
  readonly hidden: string;
  readonly html: string;
  readonly links: readonly Link[];
}

function readBodies(material: Material, troubles: Trouble[]): Read {
  const texts: string[] = [];
  const hidden: string[] = [];
  const html: string[] = [];
  const links = new Map<string, Link>();
  let over = false;
  let room = LIMITS.html;
  const add = (link: Link): void => {
    const key = `${link.from} ${link.url} ${link.text ?? ''}`;
    if (links.has(key)) return;
    if (links.size >= LIMITS.links) over = true;
    else links.set(key, link);
  };
  /** URLs that stand as the shown text of a link lead where the link leads, not where they say. */
  const shown: string[] = [];
  const sources: string[] = [];
  const shows = (link: Link): void => {
    add(link);
    if (link.text !== undefined && link.text.includes('.')) shown.push(link.text);
  };
  for (const link of material.links ?? []) shows(link);
  for (const piece of material.bodies) {
    if (piece.kind === 'plain') {
      const text = tidy(piece.text);
      texts.push(text);
      sources.push(text);
      continue;
    }
    const facts = readHtml(piece.text.slice(0, room));
    if (facts.cut || piece.text.length > room) troubles.push({ code: 'too_large', where: 'html' });
    room -= Math.min(room, piece.text.length);
    html.push(piece.text.slice(0, LIMITS.html));
    texts.push(facts.text);
    sources.push(facts.text);
    hidden.push(facts.hiddenText);
    over ||= facts.manyLinks;
    for (const { link } of facts.links) shows(link);
  }
  for (const piece of material.alternatives) if (piece.kind === 'plain') sources.push(tidy(piece.text));
  const known = new Set([...links.values()].map((link) => link.url));
  const shownText = shown.slice(0, 200).join('\n');
  for (const source of sources) {
    for (const link of linksOfText(source.slice(0, LIMITS.text))) {
      if (known.has(link.url) || known.has(`${link.url}/`) || (shownText !== '' && shownText.includes(link.url.replace(/^http:\/\//, '')))) continue;
      known.add(link.url);
      add(link);
    }
  }
  if (over) troubles.push({ code: 'too_many_links' });
  // A mail of images only: what its plain form says is better than nothing to judge by.
  if (texts.join('') === '') texts.push(...material.alternatives.filter((piece) => piece.kind === 'plain').map((piece) => tidy(piece.text)));
  const text = texts.filter((part) => part.length > 0).join('\n\n');
  if (text.length > LIMITS.text) troubles.push({ code: 'too_large', where: 'text' });
  return { text: text.slice(0, LIMITS.text), hidden: hidden.join('\n').trim().slice(0, LIMITS.hiddenText), html: html.join('\n').slice(0, LIMITS.html), links: [...links.values()] };
}

/** Text with single line breaks and without control characters. */
export function tidy(text: string): string {
  return text.slice(0, LIMITS.text * 2).replace(/\r\n?/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f]/g, '').trimEnd();
}

function automatic(values: ReadonlyMap<string, string>, headers: readonly HeaderField[], from: readonly Mailbox[], report: boolean): ParsedMail['automatic'] {
  const get = (name: string): string => (values.get(name) ?? '').trim().toLowerCase();
  const precedence = get('precedence');
  const submitted = get('auto-submitted');
  const list = ['list-id', 'list-post', 'list-unsubscribe', 'mailing-list', 'x-mailing-list', 'x-ml-name'].some((name) => values.has(name)) || precedence === 'list';
  const machine = /^(?:mailer-daemon|postmaster)@/.test(from[0]?.address ?? '');
  const nullPath = headers.some((header) => header.name === 'return-path' && /^<\s*>$/.test(header.value.trim()));
  return {
    list,
    bulk: precedence === 'bulk' || precedence === 'junk',
    reply: (submitted !== '' && !submitted.startsWith('no')) || precedence === 'auto_reply' || values.has('x-autoreply') || values.has('x-autorespond'),
    bounce: report || nullPath || (machine && submitted !== '' && !submitted.startsWith('no')),
  };
}
