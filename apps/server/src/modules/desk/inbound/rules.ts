/** Everything the decision rests on; ticket ids stand for the conversation they ended in after merging. */
export interface ReplyFacts {
  /** Signed by us: from the address it was sent to, then from Message-IDs it names, the nearest first. */
  readonly signed: readonly string[];
  /** Conversations that hold a Message-ID it names, the nearest first. */
  readonly threads: readonly string[];
  /** The ticket whose number stands in the subject. */
  readonly numbered: string | null;
  /** A ticket with the same subject that the sender has open. */
  readonly alike: string | null;
  readonly participant: (ticketId: string) => boolean;
  /** The sender's domain is proven and is that of a participant. */
  readonly aligned: (ticketId: string) => boolean;
  readonly dmarc: 'pass' | 'fail' | 'none';
}
export type Why = 'address' | 'thread' | 'number' | 'subject';
export type Decision = { readonly join: string; readonly by: Why } | { readonly join: null; readonly related: { readonly ticketId: string; readonly why: Why } | null };

/**
 * Where a mail belongs; the first that fits wins:
 * (a) a signed address or Message-ID, and the sender takes part or is proven to be of a participant's domain;
 * (b) References or In-Reply-To name a known mail, and the sender takes part;
 * (c) the number in the subject, the sender takes part, and the domain is proven;
 * (d) a new ticket, with what it may belong to. A sender whose domain is proven false joins nothing.
 */
export function decide(facts: ReplyFacts): Decision {
  const { signed, threads, numbered, alike, participant, aligned, dmarc } = facts;
  if (dmarc !== 'fail') {
    const a = signed.find((id) => participant(id) || aligned(id));
    if (a !== undefined) return { join: a, by: 'address' };
    const b = threads.find((id) => participant(id));
    if (b !== undefined) return { join: b, by: 'thread' };
    if (numbered !== null && dmarc === 'pass' && participant(numbered)) return { join: numbered, by: 'number' };
  }
  const hint: [string | null | undefined, Why][] = [[signed[0], 'address'], [threads[0], 'thread'], [numbered, 'number'], [alike, 'subject']];
  const found = hint.find(([id]) => id !== null && id !== undefined);
  return { join: null, related: found ? { ticketId: found[0]!, why: found[1] } : null };
}

const SUBJECT_MAX = 300;
const PREFIX = /^(?:\s|(?:re|fw|fwd|aw|sv|返信|転送)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:：])+/i;

/** A subject without Re:, Fwd: and what stands for them. */
export const bareSubject = (subject: string): string => subject.slice(0, SUBJECT_MAX).normalize('NFKC').replace(PREFIX, '').trim();

/** The number of a ticket in a subject: `[#12]`, or as our own mails write it. */
export function numberIn(subject: string): number | null {
  const match = /\[#(\d{1,9})\]|ご相談 #(\d{1,9})|question #(\d{1,9})/i.exec(subject.slice(0, SUBJECT_MAX).normalize('NFKC'));
  const digits = match && (match[1] ?? match[2] ?? match[3]);
  return digits ? Number(digits) : null;
}

/** Stands above the quoted text of our mails that can be answered. */
export const CUT_LINE = { ja: '──── この線より上に返事を書いてください ────', en: '──── Please write your reply above this line ────' } as const;
const CUT = /この線より上に返事を書いてください|Please write your reply above this line/;
const LINES_MAX = 3000;
const LINE_LOOKED_AT = 300;
/** Lines by which mail programs introduce what is quoted below. */
const BEGINS: readonly RegExp[] = [
  /^-{2,}.{0,20}(?:original message|forwarded message|元のメッセージ|元のメール|オリジナル|転送).{0,20}/i,
  /^_{20,}$/,
  /^(?:on|am|le)\b.{5,200}(?:wrote|schrieb|a écrit) ?[::]$/i,
  /^\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}.{0,200}[::>]$/,
  /^.{1,150}(?:さん|様)?(?:は|が)?(?:書きました|のメッセージ) ?[::]?$/,
  /^(?:from|差出人|送信者) ?[::] ?.{1,200}$/i,
];

/**
 * What a person wrote in a reply, without the mail it answers. Answers between quoted lines stay; a reply that would be
 * empty is shown whole. The raw mail is kept elsewhere, so cutting loses nothing. Bounded: 3,000 lines, linear.
 */
export function withoutQuote(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n').slice(0, LINES_MAX);
  const looked = lines.map((line) => line.slice(0, LINE_LOOKED_AT).trim().normalize('NFKC'));
  let end = looked.findIndex((line) => CUT.test(line));
  // Above our line the mail program has put its own introduction.
  const within = end < 0 ? looked.length : end;
  const begins = looked.findIndex((line, i) => i < within && BEGINS.some((b) => b.test(line)));
  if (begins >= 0) {
    // With '>' the program marks what is quoted, so what is not marked below is the person's again.
    const below = looked.slice(begins + 1, within).filter((line) => line !== '');
    const marked = below.filter((line) => line.startsWith('>')).length;
    if (marked === 0 || marked === below.length) end = begins;
  }
  const kept = (end < 0 ? lines : lines.slice(0, end)).filter((_, i) => !looked[i]!.startsWith('>') && i !== begins);
  const cut = kept.join('\n').replace(/\n{3,}/g, '\n\n').trim();
  return cut === '' ? text.trim() : cut;
}
