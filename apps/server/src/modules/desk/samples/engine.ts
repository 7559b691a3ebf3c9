import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { preparedMailKnowledge, type MailKnowledge } from '@banya/library/prepared';
import { dnsAnswers, judgeBytes, mailsInQuestion, open, type Analysis, type AskDns, type DnsAnswers, type Knowledge, type ParsedMail, type Sent } from '@banya/mail';
import type { DrillMail } from './rules.ts';

/**
 * Runs in a watched child process: everything that reads a mail's bytes. What leaves it is bounded plain data.
 * Steps of one mail: `peek` says whose mail it is, `names` has the house ask what the DNS says for it, `judge` says what it is,
 * `show` what a person sees of it.
 */
export type Step =
  | { readonly step: 'peek'; readonly form: Form }
  | { readonly step: 'names'; readonly form: Form; readonly knowledge: OwnKnowledge }
  | { readonly step: 'judge'; readonly form: Form; readonly knowledge: OwnKnowledge }
  | { readonly step: 'show'; readonly form: Form; readonly index: number };
/** What the bytes are taken for, and how they came. */
export interface Form {
  readonly hint?: Hint | undefined;
  readonly sent: Sent;
}
export type Hint = 'eml' | 'msg' | 'text';
/** What the caller knows; the rest is the library's and is read in the child. */
export type OwnKnowledge = Omit<Knowledge, keyof MailKnowledge>;

export interface Peeked {
  readonly suspects: readonly (DrillMail & { readonly fromDomain: string | null; readonly drill: string | null })[];
}
export interface JudgedMail {
  /** The worst of the mails in question, and which of them it is. */
  readonly analysis: Analysis;
  readonly index: number;
  readonly count: number;
  /** What the employee wrote above the forward. */
  readonly note: string;
  readonly mailer: string | null;
  /** SHA-256 of the mail's own bytes, null where it has none (inline forward, pasted text). */
  readonly digest: string | null;
  readonly engine: string | null;
}
export interface ShownMail {
  readonly text: string;
  readonly hiddenText: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Sanitised; null when the mail has none. */
  readonly html: string | null;
}

const LIMITS = { reasons: 15, evidence: 4, quote: 300, links: 100, url: 2_000, files: 30, entries: 60, words: 20, troubles: 30, lookalikes: 10, indicators: 200, route: 20, text: 500, templates: 20, to: 20, note: 2_000, header: 4_000, headers: 200, shown: 200_000 } as const;

let version: string | undefined;
let library: Promise<MailKnowledge> | undefined;

/** Judged before the first mail of a person, which then waits neither for the lists to be prepared nor for code to be compiled. */
const FIRST_MAIL = Buffer.from('From: =?utf-8?B?55Wq5bGL?= <desk@banya.example>\r\nTo: all@banya.example\r\nSubject: =?utf-8?B?56K66KqN?=\r\nDate: Mon, 2 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@banya.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>本日中に<a href="https://banya.example/">こちら</a>から確認してください。</p>\r\n');

/** Before the first mail: what the library knows is read once, from the folder of the cache where there is one. */
export async function warm(cache?: string): Promise<void> {
  library = preparedMailKnowledge(cache);
  version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve('@banya/mail')), 'utf8')) as { version: string }).version;
  await work(FIRST_MAIL, { step: 'judge', form: { sent: 'file' }, knowledge: { ownDomains: ['banya.example'], ownName: '番屋', officers: [], partners: [], authservIds: [], now: '2026-11-02T00:00:00Z' } });
}

/** `ask`: the house looks a name up; this process has no business in the network. */
export default async function work(bytes: Uint8Array, step: Step, ask: AskDns = async () => null): Promise<Peeked | DnsAnswers | JudgedMail | ShownMail> {
  const { hint, sent } = step.form;
  const options = { ...(hint === undefined ? {} : { hint }), sent };
  switch (step.step) {
    case 'peek':
      return peek(await mailsInQuestion(await open(bytes, options), sent));
    case 'names':
      return dnsAnswers(bytes, step.knowledge, options, ask);
    case 'judge':
      return judge(await judgeBytes(bytes, { ...step.knowledge, ...(await (library ??= preparedMailKnowledge())) }, options));
    case 'show':
      return show(await mailsInQuestion(await open(bytes, options), sent), step.index);
  }
}

type Mails = Awaited<ReturnType<typeof mailsInQuestion>>;

const cut = (text: string, max: number): string => (text.length > max ? text.slice(0, max).toWellFormed() : text);
const headerOf = (mail: { readonly headers: readonly { name: string; value: string }[] }, name: string): string | null => mail.headers.find((h) => h.name.toLowerCase() === name)?.value ?? null;

function peek(mails: Mails): Peeked {
  return {
    suspects: mails.map(({ mail }) => ({
      from: mail.from[0]?.address.slice(0, 320) || null, fromDomain: mail.from[0]?.domain ?? null, messageId: mail.messageId?.slice(0, 998) ?? null, ...drillOf(mail),
    })),
  };
}

function judge({ note, judged }: Awaited<ReturnType<typeof judgeBytes>>): JudgedMail {
  const { mail, analysis, index } = judged[0]!;
  return {
    analysis: bounded(analysis), index, count: judged.length, note: cut(note, LIMITS.note), mailer: cutNull(headerOf(mail, 'x-mailer') ?? headerOf(mail, 'user-agent'), 120),
    digest: mail.raw.length > 0 ? createHash('sha256').update(mail.raw).digest('hex') : null, engine: version ?? null,
  };
}

/** Only what carries a mark is looked at closer. */
function drillOf(mail: ParsedMail): { drill: string | null; subject: string; hosts: string[]; files: string[] } {
  const drill = headerOf(mail, 'banya-drill')?.slice(0, 200) ?? null;
  if (drill === null) return { drill, subject: '', hosts: [], files: [] };
  return { drill, subject: cut(mail.subject, LIMITS.text), hosts: [...new Set(mail.links.map((l) => l.host))].slice(0, LIMITS.links), files: mail.attachments.slice(0, LIMITS.files).map((a) => createHash('sha256').update(a.bytes).digest('hex')) };
}

const cutNull = (text: string | null, max: number): string | null => (text === null ? null : cut(text, max));

async function show(mails: Mails, index: number): Promise<ShownMail> {
  const mail: ParsedMail | undefined = (mails[index] ?? mails[0])?.mail;
  if (!mail) return { text: '', hiddenText: '', headers: [], html: null };
  const { cleanHtml } = await import('./html.ts');
  return {
    text: cut(mail.text, LIMITS.shown), hiddenText: cut(mail.hiddenText, LIMITS.shown), html: mail.html === undefined ? null : cleanHtml(mail.html),
    headers: mail.headers.slice(0, LIMITS.headers).map((h) => ({ name: cut(h.name, 100), value: cut(h.value, LIMITS.header) })),
  };
}

/** What is kept of an analysis: an attacker decides how long the lists in it are. */
export function bounded(a: Analysis): Analysis {
  return {
    verdict: a.verdict, score: a.score, passage: a.passage, asks: a.asks.slice(0, 20), signals: [],
    reasons: a.reasons.slice(0, LIMITS.reasons).map((r) => ({ ...r, text: { ja: cut(r.text.ja, LIMITS.text), en: cut(r.text.en, LIMITS.text) }, evidence: r.evidence.slice(0, LIMITS.evidence).map((e) => ({ ...e, quote: cut(e.quote, LIMITS.quote) })) })),
    authentication: { ...a.authentication, evidence: a.authentication.evidence.slice(0, LIMITS.evidence).map((e) => ({ ...e, quote: cut(e.quote, LIMITS.quote) })) },
    lookalikes: a.lookalikes.slice(0, LIMITS.lookalikes),
    files: a.files.slice(0, LIMITS.files).map((f) => ({ ...f, name: cut(f.name, LIMITS.quote), entries: f.entries.slice(0, LIMITS.entries).map((e) => cut(e, LIMITS.quote)), words: f.words.slice(0, LIMITS.words).map((w) => cut(w, 100)) })),
    links: a.links.slice(0, LIMITS.links).map((l) => ({ ...l, url: cut(l.url, LIMITS.url) })),
    indicators: a.indicators.slice(0, LIMITS.indicators).map((i) => ({ ...i, value: cut(i.value, LIMITS.url) })),
    fingerprints: { ...a.fingerprints, urlTemplates: a.fingerprints.urlTemplates.slice(0, LIMITS.templates), attachmentHashes: a.fingerprints.attachmentHashes.slice(0, LIMITS.files) },
    troubles: a.troubles.slice(0, LIMITS.troubles).map((t) => ({ ...t, ...(t.where === undefined ? {} : { where: cut(t.where, LIMITS.quote) }) })),
    facts: { ...a.facts, subject: cut(a.facts.subject, LIMITS.text), to: a.facts.to.slice(0, LIMITS.to), route: a.facts.route.slice(0, LIMITS.route) },
  };
}
