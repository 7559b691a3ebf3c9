import type { Analysis } from '@banya/mail';
import type { Decision, SampleRow, Touched, Verdict } from './schema.ts';
import type { Urgency } from '../schema.ts';

/** Whether something was done with the mail before asking; `null`: nobody said. */
export const wasTouched = (touched: Touched | null): touched is 'link' | 'file' | 'typed' | 'unsure' => touched !== null && touched !== 'nothing';

/** `ticket_id`: the desk has been asked. */
export type Facts = Pick<SampleRow, 'state' | 'verdict' | 'touched' | 'decision'> & Partial<Pick<SampleRow, 'ticket_id'>>;

/** Whether the desk looks at it without being asked. */
export function needsDesk({ state, verdict, touched }: Facts): boolean {
  return state === 'failed' || (state === 'judged' && (verdict === 'dangerous' || verdict === 'suspicious' || wasTouched(touched)));
}

/** How soon. A dangerous mail that nobody touched has had its answer already. */
export function urgencyOf({ state, verdict, touched }: Facts): Urgency {
  if (wasTouched(touched)) return 'now';
  return state === 'failed' || verdict === 'suspicious' ? 'today' : 'normal';
}

/** What a question to the desk about a mail is called. */
export const questionSubject = (subject: string): string => `メールの確認：${subject || '（件名を読めません）'}`;

/** Whether whoever asked should pick up the phone now. */
export const shouldCall = ({ state, touched, decision }: Facts): boolean => state !== 'drill' && wasTouched(touched) && decision !== 'harmless' && decision !== 'unwanted';

/** The desk's word, where it has spoken, else the engine's. */
export function shownVerdict({ verdict, decision }: Pick<SampleRow, 'verdict' | 'decision'>): Verdict | null {
  return decision === null ? verdict : decision === 'dangerous' ? 'dangerous' : decision === 'harmless' ? 'clear' : verdict === 'dangerous' ? 'suspicious' : verdict;
}

/** Whether a mail may stand in its sender's history: what looks good, or was found good. A dangerous one must not build trust. */
export const teaches = (verdict: Verdict | null, decision: Decision | null): boolean => decision === 'harmless' || (decision === null && verdict === 'clear');

/** `v2.<token>.<until, seconds since 1970>.<mac>`: a drill's own mark, in the header Banya-Drill. */
const DRILL = /^v2\.([A-Za-z0-9_-]{8,64})\.(\d{10})\.([0-9a-f]{64})$/;
export const DRILL_HEADER = 'Banya-Drill';

export function drillMark(header: string): { readonly token: string; readonly until: number; readonly mac: string } | null {
  const found = DRILL.exec(header.trim());
  return found ? { token: found[1]!, until: Number(found[2]), mac: found[3]! } : null;
}

/** What a mark vouches for: this mail alone, as it was sent. */
export interface DrillMail {
  /** With its brackets or without. */
  readonly messageId: string | null;
  readonly from: string | null;
  readonly subject: string;
  /** Hosts of its links. */
  readonly hosts: readonly string[];
  /** SHA-256 of its attachments. */
  readonly files: readonly string[];
}

/** The text under a mark: a mark copied into another mail, for another person or from another day does not fit. */
export function drillText(orgId: string, personId: string, token: string, until: number, mail: DrillMail): string {
  const list = (of: readonly string[]): string[] => [...new Set(of.map((one) => one.toLowerCase()))].sort();
  return JSON.stringify([orgId, personId, token, until, (mail.messageId ?? '').replace(/^<|>$/g, ''), (mail.from ?? '').toLowerCase(), mail.subject.replace(/\s+/g, ' ').trim(), list(mail.hosts), list(mail.files)]);
}

/** When the mail reached its receiver: by the newest hop, else by its own date; ISO texts that attackers may have written. */
export function deliveredAt(facts: Analysis['facts'], now: Date): Date | null {
  for (const text of [facts.route[0]?.at, facts.date]) {
    const time = text === undefined ? NaN : Date.parse(text);
    // A minute of difference between two clocks is no lie.
    if (Number.isFinite(time) && time > 0 && time <= now.getTime() + 60_000) return new Date(time);
  }
  return null;
}

const BITS_APART = 3;
const bitsApart = (a: string, b: string): number => {
  let n = 0;
  for (let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`); bits > 0n; bits &= bits - 1n) n += 1;
  return n;
};

/** What tells whether two mails say the same. */
export type Content = Pick<Analysis, 'fingerprints' | 'indicators' | 'asks'> & { readonly facts: Pick<Analysis['facts'], 'replyTo'> };

/**
 * Whether `other` says no more than `known`: the same sender and text, and no link, file, address or phone number besides.
 * A Message-ID is copied easily, so it says nothing here. Account numbers leave no trace in fingerprints: mails about money
 * are never the same by this.
 */
export function saysTheSame(known: Content | null, other: Content | null): boolean {
  if (!known || !other) return false;
  const [a, b] = [known.fingerprints, other.fingerprints];
  const within = (few: readonly string[], many: readonly string[]): boolean => few.every((one) => many.includes(one));
  if (a.senderPattern !== b.senderPattern || (a.simhash === undefined) !== (b.simhash === undefined)) return false;
  if (a.simhash !== undefined && bitsApart(a.simhash, b.simhash!) > BITS_APART) return false;
  if (other.asks.some((ask) => ask === 'money' || ask === 'bank_change' || ask === 'boss')) return false;
  const traces = (c: Content): string[] => c.indicators.filter((i) => i.kind !== 'url').map((i) => `${i.kind} ${i.value}`);
  return within(b.urlTemplates, a.urlTemplates) && within(b.attachmentHashes, a.attachmentHashes) && within(traces(other), traces(known)) && (other.facts.replyTo?.domain ?? null) === (known.facts.replyTo?.domain ?? null);
}
