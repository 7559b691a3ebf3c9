/** From the bytes somebody sent in to what is said of each mail in question: the whole way, as plain data. */
import { analyse } from './judge/judge.ts';
import { open, type OpenOptions } from './parse/open.ts';
import type { Analysis, Knowledge } from './types.ts';

export interface JudgedMail {
  readonly analysis: Analysis;
  /** What a reader sees, for the desk's preview. */
  readonly text: string;
  readonly hiddenText: string;
  readonly html: string | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

export interface JudgedBytes {
  /** `note`: what the employee wrote above a forward. `from`: who sent the outer mail, '' for a file. */
  readonly opened: { readonly note: string; readonly count: number };
  /** The mails in question, at least one, at most twenty, worst first. */
  readonly analyses: readonly JudgedMail[];
}

const HTML_MAX = 2_000_000;
const HEADERS_MAX = 300;
const RANK = { dangerous: 3, suspicious: 2, insufficient: 1, clear: 0 } as const;

/**
 * Opens and judges. Takes plain data and gives plain data, so that it can run in a watched process of its own: what the
 * bytes hold may cost time and memory, which the caller bounds (5 s, 256 MB). Never throws on what a mail holds.
 */
export async function judgeBytes(bytes: Uint8Array, knowledge: Knowledge, options: OpenOptions = {}): Promise<JudgedBytes> {
  const { suspects, note } = await open(bytes, options);
  const analyses: JudgedMail[] = [];
  for (const { mail, passage } of suspects) {
    analyses.push({
      analysis: await analyse(mail, passage, knowledge), text: mail.text, hiddenText: mail.hiddenText, html: mail.html?.slice(0, HTML_MAX),
      headers: mail.headers.slice(0, HEADERS_MAX).map(({ name, value }) => ({ name, value: value.slice(0, 4_000) })),
    });
  }
  analyses.sort((a, b) => RANK[b.analysis.verdict] - RANK[a.analysis.verdict] || b.analysis.score - a.analysis.score);
  return { opened: { note, count: suspects.length }, analyses };
}
