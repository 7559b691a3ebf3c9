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

/**
 * The mails to judge, at least one, at most twenty. Of a file that quotes an older mail the file itself, too: whoever
 * writes a false mail can write “Fw:” and a quoted one below it.
 */
export function mailsInQuestion({ outer, suspects }: Opened, sent: Sent): Opened['suspects'] {
  const quoted = sent === 'file' && suspects.every(({ mail, passage }) => passage === 'inline' && mail !== outer);
  return [...suspects.slice(0, MOST - 1), ...(quoted ? [{ mail: outer, passage: 'original' as const }] : suspects.slice(MOST - 1, MOST))];
}

/**
 * Opens the bytes and judges each mail in question, worst first; `note` is what the sender of a forward wrote above it.
 * What bytes hold may cost time and memory, so callers run this in a watched process (5 s, 256 MB). Never throws on what
 * a mail holds.
 */
export async function judgeBytes(bytes: Uint8Array, knowledge: Knowledge, options: OpenOptions & { readonly sent: Sent }): Promise<{ readonly note: string; readonly judged: readonly JudgedMail[] }> {
  // All mails of one upload share the time: an archive of twenty heavy ones has no more than one.
  const end = performance.now() + MILLIS;
  const opened = await open(bytes, options);
  const judged: JudgedMail[] = [];
  const mails = mailsInQuestion(opened, options.sent);
  for (const [index, { mail, passage }] of mails.entries()) judged.push({ mail, index, analysis: await analyse(mail, passage, knowledge, end - performance.now()) });
  // Whoever writes a false mail can attach a harmless one. Where nothing is wrong with what brought them, it is a note to the others.
  const { outer } = opened;
  if (options.sent === 'file' && mails.every(({ mail }) => mail !== outer) && outer.headers.length > 0) {
    const analysis = await analyse(outer, 'original', knowledge, end - performance.now());
    if (RANK[analysis.verdict] >= RANK.suspicious) judged.push({ mail: outer, index: mails.length, analysis });
  }
  return { note: opened.note, judged: judged.sort((a, b) => RANK[b.analysis.verdict] - RANK[a.analysis.verdict] || b.analysis.score - a.analysis.score || a.index - b.index) };
}
