/**
 * Mails quoted inside a mail that somebody passed on: the header lines that programs write above them are read back.
 * What is found this way is what the forwarder's program chose to write, no header of the mail: less certain.
 */
import type { Link, ParsedMail } from '../types.ts';
import { mailboxes } from './addresses.ts';
import { assemble, tidy } from './assemble.ts';
import { parseScreenDate, type RawField } from './headers.ts';
import { readHtml } from './html.ts';
import { LIMITS } from './limits.ts';

type Label = 'from' | 'date' | 'to' | 'cc' | 'subject';

const LABELS = new Map<string, Label>(Object.entries({
  from: 'from', 差出人: 'from', 送信者: 'from', 送信元: 'from', 発信者: 'from', 差出人アドレス: 'from',
  sent: 'date', date: 'date', 送信日時: 'date', 日時: 'date', 日付: 'date', 送信日: 'date', 受信日時: 'date', 送信: 'date',
  to: 'to', 宛先: 'to', 送信先: 'to', 受信者: 'to', あて先: 'to',
  cc: 'cc', subject: 'subject', 件名: 'subject', 題名: 'subject', 表題: 'subject', タイトル: 'subject',
} as const));
const LABELLED = /^[>|\s\u3000*]{0,20}([A-Za-z]{2,7}|[\u3040-\u30ff\u4e00-\u9fff]{2,8})\*{0,2}[ \t\u3000]{0,4}[:：]\*{0,2}[ \t\u3000]{0,4}(.*)$/;
const FORWARD_LINE = /^[>\s]{0,10}(?:[-=_*]{2,60}\s{0,4}(?:begin )?(?:forwarded (?:message|mail|by[^-]{0,80})|転送(?:された)?(?:メッセージ|メール)|転送|fw message)[^-=_*]{0,40}[-=_*]{0,60}|begin forwarded message\s{0,3}[:：]?|転送された(?:メッセージ|メール)\s{0,3}[:：]?)\s{0,20}$/i;
const QUOTE_LINE = /^[>\s]{0,10}(?:[-=_*]{2,60}\s{0,4}(?:original message(?: begins)?|original mail|元のメッセージ|元のメール|引用)[^-=_*]{0,20}[-=_*]{0,60}|_{20,80}|-{20,80})\s{0,20}$/i;
export const FORWARD_SUBJECT = /^[\s[(【]{0,4}(?:fwd?|転送|tr|wg|i)\s{0,3}(?:[:：\])】]|\d?[:：])/i;

interface Block {
  /** First line of the divider or of the block, and the line behind the block. */
  readonly start: number;
  readonly end: number;
  readonly values: ReadonlyMap<Label, string>;
  /** Lines above say that this is a forward, not the mail that is answered. */
  readonly forward: boolean;
}

/** Lines that are searched for a quoted mail. */
const LINES = 5_000;

function labelled(line: string): { label: Label; value: string } | null {
  if (line.length > 4_000) return null;
  const found = LABELLED.exec(line);
  const label = found === null ? undefined : LABELS.get(found[1]!.toLowerCase());
  return label === undefined ? null : { label, value: found![2]!.trim() };
}

/** The header block whose first line is `at`, null when it is none: a sender and one more of date, receiver, subject. */
function blockAt(lines: readonly string[], at: number): Block | null {
  const values = new Map<Label, string>();
  let last: Label | null = null;
  let end = at;
  let strange = 0;
  for (let i = at; i < lines.length && i < at + 30; i++) {
    const line = lines[i]!;
    if (line.replace(/^[>\s\u3000]+/, '') === '') {
      // One empty line may stand between two header lines.
      if (lines[i + 1] === undefined || labelled(lines[i + 1]!) === null || values.has(labelled(lines[i + 1]!)!.label)) break;
      continue;
    }
    const found = labelled(line);
    if (found !== null) {
      if (values.has(found.label)) break;
      values.set(found.label, found.value);
      last = found.label;
      strange = 0;
      end = i + 1;
    } else if (last !== null && ++strange <= 2 && (values.get(last) === '' || ((last === 'to' || last === 'cc') && /@|[;,]$/.test(line)))) {
      values.set(last, `${values.get(last)!} ${line.replace(/^[>\s\u3000]+/, '')}`.trim());
      end = i + 1;
    } else if (!(i - at < 4 && /^[\w-]{2,20}\s{0,2}[:：]/.test(line))) break;
  }
  if (!values.has('from') || values.size < 2) return null;
  return { start: at, end, values, forward: false };
}

/** The first quoted mail in these lines, from line `from` on. */
export function findBlock(lines: readonly string[], from = 0): Block | null {
  for (let i = from; i < lines.length && i < LINES; i++) {
    if (labelled(lines[i]!) === null) continue;
    const block = blockAt(lines, i);
    if (block === null) continue;
    let start = i;
    let forward = false;
    for (let above = i - 1; above >= Math.max(from, i - 4); above--) {
      const line = lines[above]!;
      if (FORWARD_LINE.test(line.slice(0, 300))) forward = true;
      else if (!QUOTE_LINE.test(line.slice(0, 300)) && line.trim() !== '' && line.trim() !== '>') break;
      start = above;
    }
    return { ...block, start, forward };
  }
  return null;
}

function asRaw(text: string): string {
  return Buffer.from(text.replace(/[\r\n\0]/g, ' '), 'utf8').toString('latin1');
}

/** An address line of a quoted mail as a header would have it: the tags of Outlook and of bold text taken out. */
function addressLine(value: string, single: boolean): string {
  const plain = value
    .slice(0, 4_000)
    .replace(/[<[(＜]?mailto:([^\s<>\])＞]{3,320})[>\])＞]?/gi, (_, address: string) => (value.includes(`${address}<mailto`) || value.includes(`<${address}`) ? '' : `<${address}>`))
    .replace(/[＜]/g, '<')
    .replace(/[＞]/g, '>')
    .replace(/>{2,}/g, '>')
    .replace(/\*+/g, '')
    .trim();
  if (!single) return plain;
  const at = plain.lastIndexOf('<');
  const address = at < 0 ? null : /^<\s?([^\s<>@]{1,80}@[^\s<>]{1,255}?)\s?>/.exec(plain.slice(at));
  if (address !== null) return `"${plain.slice(0, at).trim().replace(/^["']|["']$/g, '').replace(/(["\\])/g, '\\$1')}" <${address[1]!}>`;
  const bracket = /^(.{0,300}?)\s{0,3}[[(（]([^\s@[\]()（）]{1,80}@[^\s[\]()（）]{1,255})[\])）]$/.exec(plain);
  if (bracket !== null) return `"${bracket[1]!.replace(/(["\\])/g, '\\$1')}" <${bracket[2]!}>`;
  return /^\S+@\S+$/.test(plain) ? plain : `"${plain.replace(/(["\\])/g, '\\$1')}" <>`;
}

/** Header fields as a mail would have them, from the lines of a block. */
export function blockFields(values: ReadonlyMap<Label, string>): RawField[] {
  const fields: RawField[] = [];
  for (const [label, value] of values) {
    const text = label === 'from' ? addressLine(value, true) : label === 'to' || label === 'cc' ? addressLine(value, false) : value.replace(/^\*+|\*+$/g, '').trim();
    fields.push({ name: label, raw: asRaw(text) });
  }
  return fields;
}

/** Lines without the quotation marks that most of them begin with. */
function unquote(lines: readonly string[]): string {
  const filled = lines.filter((line) => line.trim() !== '');
  const quoted = filled.filter((line) => line.startsWith('>')).length;
  return (quoted * 2 > filled.length ? lines.map((line) => line.replace(/^>{1,5} ?/, '')) : lines).join('\n').trim();
}

export interface InlineForward {
  readonly mail: ParsedMail;
  /** What stands above the quoted mail. */
  readonly note: string;
}

/** Minutes east of UTC that dates above quoted mails are meant in: they carry no zone, and our readers are in Japan. */
const SCREEN_ZONE = 540;

/**
 * The mail that `outer` passes on as a quotation, null when it passes none on. A quoted mail alone is an answer: it
 * counts as a forward when the subject or the line above says so and the quoted sender is not the outer one.
 */
export function inlineForward(outer: ParsedMail, depth = 0): InlineForward | null {
  const facts = outer.html === undefined ? null : readHtml(outer.html);
  const source = facts === null || facts.text === '' ? outer.text : facts.text;
  const lines = source.split('\n', LINES + 200);
  let block = findBlock(lines);
  if (block === null) return null;
  const note = lines.slice(0, block.start).join('\n').trim().slice(0, LIMITS.note);
  // Somebody of our own passed it on before: then the mail in question stands further in.
  const own = outer.from[0]?.domain;
  let forwarded = block.forward || FORWARD_SUBJECT.test(outer.subject);
  for (let deeper = depth; deeper < LIMITS.attachedDepth; deeper++) {
    const sender = mailboxes(asRaw(addressLine(block.values.get('from') ?? '', true)))[0];
    const again = FORWARD_SUBJECT.test(block.values.get('subject') ?? '');
    if (own === undefined || sender?.domain !== own || !(again || forwarded)) break;
    const next = findBlock(lines, block.end);
    if (next === null || !(next.forward || again)) break;
    forwarded = true;
    block = next;
  }
  if (!forwarded) return null;
  const fields = blockFields(block.values);
  let offset = 0;
  for (let i = 0; i < block.end; i++) offset += lines[i]!.length + 1;
  const links: Link[] = (facts?.links ?? []).filter(({ at }) => at >= offset - 1).map(({ link }) => link);
  const body = unquote(lines.slice(block.end));
  const mail = assemble({
    kind: 'eml', size: Buffer.byteLength(body), raw: new Uint8Array(0), fields, links, alternatives: [],
    bodies: [{ kind: 'plain', text: body }],
    attachments: outer.attachments,
    troubles: outer.troubles,
  });
  if (mail.from[0] === undefined || (mail.from[0].address !== '' && mail.from[0].address === outer.from[0]?.address)) return null;
  const date = parseScreenDate(block.values.get('date') ?? '', SCREEN_ZONE);
  return { mail: { ...mail, ...(mail.date === undefined && date === undefined ? {} : { date: withZone(block.values.get('date') ?? '') ? mail.date! : (date ?? mail.date!) }), hiddenText: outer.hiddenText }, note };
}

function withZone(date: string): boolean {
  return /[+-]\d{4}|GMT|UTC|JST/.test(date) && /\d{1,2} [A-Za-z]{3} \d{4}/.test(date);
}

/** A mail of text that somebody pasted: a header block at its top is read, everything else is its text. */
export function pastedMail(text: string, size: number): ParsedMail {
  const clean = tidy(text);
  const lines = clean.split('\n', LINES + 200);
  const block = findBlock(lines);
  const top = block !== null && lines.slice(0, block.start).every((line) => line.trim() === '') ? block : null;
  const rest = top === null ? clean : lines.slice(top.end).join('\n').trim();
  const mail = assemble({
    kind: 'text', size, raw: new Uint8Array(0), fields: top === null ? [] : blockFields(top.values),
    bodies: [{ kind: 'plain', text: top === null ? rest : unquote(rest.split('\n')) }], alternatives: [], attachments: [], troubles: [],
  });
  const date = top === null ? undefined : parseScreenDate(top.values.get('date') ?? '', SCREEN_ZONE);
  return date === undefined || withZone(top?.values.get('date') ?? '') ? mail : { ...mail, date };
}
