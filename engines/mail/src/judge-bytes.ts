/** From the bytes somebody sent in to what is said of each mail in question: the whole way. */
import { analyse } from './judge/judge.ts';
import { open, type OpenOptions } from './parse/open.ts';
import type { Analysis, Knowledge, Opened, ParsedMail } from './types.ts';

/** How the bytes came: as a file that somebody saved and takes for the mail itself, or as a mail that brings others. */
export type Sent = 'file' | 'forward';

export interface JudgedMail {
  readonly mail: ParsedMail;
  readonly analysis: Analysis;
  /** Its place in `mailsInQuestion`. */
  readonly index: number;
}

const MOST = 20;
const MILLIS = 3_500;
const RANK = { dangerous: 3, suspicious: 2, insufficient: 1, clear: 0 } as const;
/** Where a mail program begins what it forwards. */
const QUOTES = /^(?:>{0,3} ?(?:from|差出人|送信者|送信元) ?[:：]|-{2,8} ?(?:original|forwarded|元の|転送))/im;
const QUOTES_WITHIN = 20_000;

type Mails = Opened['suspects'];

/**
 * Of a file that quotes an older mail the file itself, too: whoever writes a false mail can write “Fw:” and a quoted one
 * below it.
 */
function brought({ outer, suspects }: Opened, sent: Sent): Mails {
  const quoted = sent === 'file' && suspects.every(({ mail, passage }) => passage === 'inline' && mail !== outer);
  return [...suspects.slice(0, MOST - 1), ...(quoted ? [{ mail: outer, passage: 'original' as const }] : suspects.slice(MOST - 1, MOST))];
}

/**
 * What attached mails came with, where it is not among those in question. Of a saved mail that mail itself: whoever writes a
 * false one can attach a harmless one. Of a forward the mail it quotes besides: mail programs pass the attachments of what
 * they quote on. Null where there is nothing more, and for archives, which are no mail.
 */
async function carrierOf({ outer, suspects }: Opened, sent: Sent): Promise<Mails[number] | null> {
  if (suspects.some(({ mail, passage }) => mail === outer || passage === 'inline') || (outer.headers.length === 0 && outer.from.length === 0)) return null;
  if (sent === 'file') return { mail: outer, passage: 'original' };
  const quoted = QUOTES.exec(outer.text.slice(0, QUOTES_WITHIN));
  return quoted === null ? null : ((await open(Buffer.from(outer.text.slice(quoted.index)), { hint: 'text' })).suspects[0] ?? null);
}

/** The mails that may be in question, in the order of `JudgedMail.index`: at least one, at most twenty, then what brought them. */
export async function mailsInQuestion(opened: Opened, sent: Sent): Promise<Mails> {
  const carrier = await carrierOf(opened, sent);
  return carrier === null ? brought(opened, sent) : [...brought(opened, sent), carrier];
}

/**
 * Opens the bytes and judges each mail in question, worst first; `note` is what the sender of a forward wrote above it.
 * What brought the mails is one of them only where something is wrong with it: else it is a note to the others. What bytes
 * hold may cost time and memory, so callers run this in a watched process (5 s, 256 MB). Never throws on what a mail holds.
 */
export async function judgeBytes(bytes: Uint8Array, knowledge: Knowledge, options: OpenOptions & { readonly sent: Sent }): Promise<{ readonly note: string; readonly judged: readonly JudgedMail[] }> {
  // All mails of one upload share the time: an archive of twenty heavy ones has no more than one.
  const end = performance.now() + MILLIS;
  const opened = await open(bytes, options);
  const judged: JudgedMail[] = [];
  const mails = brought(opened, options.sent);
  // What is said of these must not be taken for a word on the others.
  const rest = { looked: mails.length, left: opened.left };
  const judge = async ({ mail, passage }: Mails[number], index: number): Promise<JudgedMail> => ({ mail, index, analysis: await analyse(mail, passage, knowledge, end - performance.now(), rest) });
  for (const [index, one] of mails.entries()) judged.push(await judge(one, index));
  const worst = Math.max(...judged.map(({ analysis }) => RANK[analysis.verdict]));
  const carrier = worst === RANK.dangerous ? null : await carrierOf(opened, options.sent);
  if (carrier !== null) {
    const found = await judge(carrier, judged.length);
    if (RANK[found.analysis.verdict] > Math.max(worst, RANK.insufficient)) judged.push(found);
  }
  return { note: opened.note, judged: judged.sort((a, b) => RANK[b.analysis.verdict] - RANK[a.analysis.verdict] || b.analysis.score - a.analysis.score || a.index - b.index) };
}
