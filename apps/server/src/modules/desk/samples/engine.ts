import { createHash } from 'node:crypto';
import * as library from '@banya/library';
import type { Analysis, Knowledge, Opened, ParsedMail, Passage } from '@banya/mail';
import { cleanHtml } from './html.ts';

/**
 * Runs in a watched child process: everything that reads a mail's bytes. What leaves it is bounded plain data.
 * Steps of one mail: `peek` says whose mail it is, `judge` what it is, `show` what a person sees of it.
 */
export type Step =
  | { readonly step: 'peek'; readonly hint?: Hint | undefined }
  | { readonly step: 'judge'; readonly hint?: Hint | undefined; readonly knowledge: OwnKnowledge }
  | { readonly step: 'show'; readonly hint?: Hint | undefined; readonly index: number };
export type Hint = 'eml' | 'msg' | 'text';
/** What the caller knows; brands, lures and hosts are the library's and are read in the child. */
export type OwnKnowledge = Omit<Knowledge, 'brands' | 'lures' | 'hosts'>;

export interface Peeked {
  readonly suspects: readonly { readonly from: string | null; readonly fromDomain: string | null; readonly messageId: string | null; readonly drill: string | null }[];
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

/** The engine as it is spoken to here. */
interface Engine {
  open?(bytes: Uint8Array, options?: { hint?: Hint }): Promise<Opened>;
  judgeBytes?(bytes: Uint8Array, knowledge: Knowledge, options?: { hint?: Hint }): Promise<{ opened: { note: string; count: number }; analyses: readonly { analysis: Analysis; headers: readonly { name: string; value: string }[] }[] }>;
  readonly ENGINE_VERSION?: string;
}

const SUSPECTS_MAX = 20;
const worst = ['dangerous', 'suspicious', 'insufficient', 'clear'] as const;
const LIMITS = { reasons: 15, evidence: 4, quote: 300, links: 100, url: 2_000, files: 30, entries: 60, words: 20, troubles: 30, lookalikes: 10, indicators: 200, route: 20, text: 500, templates: 20, to: 20, note: 2_000, header: 4_000, headers: 200, shown: 200_000 } as const;

/** A missing engine is told, never replaced: the mail then goes to the desk as one that could not be analysed. */
async function engine(): Promise<Required<Pick<Engine, 'open' | 'judgeBytes'>> & Engine> {
  const found = (await import('@banya/mail')) as unknown as Engine;
  if (typeof found.open !== 'function' || typeof found.judgeBytes !== 'function') throw Object.assign(new Error('the engine for mails is not part of this version'), { code: 'engine_missing' });
  return found as Required<Pick<Engine, 'open' | 'judgeBytes'>> & Engine;
}

let ground: Pick<Knowledge, 'brands' | 'lures' | 'hosts'> | undefined;
function libraryKnowledge(): Pick<Knowledge, 'brands' | 'lures' | 'hosts'> {
  const { loadLures } = library as unknown as { loadLures?: () => Knowledge['lures'] };
  return (ground ??= { brands: library.loadBrands(), lures: loadLures?.() ?? [], hosts: library.loadHosts() });
}

/** Before the first mail: modules and knowledge are read once. */
export async function warm(): Promise<void> {
  await import('@banya/mail');
  libraryKnowledge();
}

export default async function work(bytes: Uint8Array, step: Step): Promise<Peeked | JudgedMail | ShownMail> {
  const options = step.hint === undefined ? {} : { hint: step.hint };
  switch (step.step) {
    case 'peek':
      return peek(await (await engine()).open(bytes, options));
    case 'judge':
      return judge(bytes, step.knowledge, options);
    case 'show':
      return show(await (await engine()).open(bytes, options), step.index);
  }
}

const cut = (text: string, max: number): string => (text.length > max ? text.slice(0, max).toWellFormed() : text);
const headerOf = (mail: { readonly headers: readonly { name: string; value: string }[] }, name: string): string | null => mail.headers.find((h) => h.name.toLowerCase() === name)?.value ?? null;

function peek(opened: Opened): Peeked {
  return {
    suspects: opened.suspects.slice(0, SUSPECTS_MAX).map(({ mail }) => ({
      from: mail.from[0]?.address.slice(0, 320) || null, fromDomain: mail.from[0]?.domain ?? null, messageId: mail.messageId?.slice(0, 998) ?? null, drill: headerOf(mail, 'banya-drill')?.slice(0, 200) ?? null,
    })),
  };
}

async function judge(bytes: Uint8Array, own: OwnKnowledge, options: { hint?: Hint }): Promise<JudgedMail> {
  const { judgeBytes, open, ENGINE_VERSION } = await engine();
  const { opened, analyses } = await judgeBytes(bytes, { ...own, ...libraryKnowledge() }, options);
  const [first] = analyses
    .map(({ analysis, headers }, index) => ({ analysis, headers, index, rank: worst.indexOf(analysis.verdict) }))
    .sort((a, b) => a.rank - b.rank || b.analysis.score - a.analysis.score || a.index - b.index);
  if (!first) throw Object.assign(new Error('no mail was found in it'), { code: 'no_mail' });
  const raw = (await open(bytes, options)).suspects[first.index]?.mail.raw;
  return {
    analysis: bounded(first.analysis), index: first.index, count: opened.count, note: cut(opened.note, LIMITS.note), mailer: cutNull(headerOf(first, 'x-mailer') ?? headerOf(first, 'user-agent'), 120),
    digest: raw && raw.length > 0 ? createHash('sha256').update(raw).digest('hex') : null, engine: ENGINE_VERSION ?? null,
  };
}

const cutNull = (text: string | null, max: number): string | null => (text === null ? null : cut(text, max));

function show(opened: Opened, index: number): ShownMail {
  const mail: ParsedMail | undefined = opened.suspects[index]?.mail ?? opened.suspects[0]?.mail;
  if (!mail) return { text: '', hiddenText: '', headers: [], html: null };
  return {
    text: cut(mail.text, LIMITS.shown), hiddenText: cut(mail.hiddenText, LIMITS.shown), html: mail.html === undefined ? null : cleanHtml(mail.html),
    headers: mail.headers.slice(0, LIMITS.headers).map((h) => ({ name: cut(h.name, 100), value: cut(h.value, LIMITS.header) })),
  };
}

/** What is kept of an analysis: an attacker decides how long the lists in it are. */
export function bounded(a: Analysis): Analysis {
  return {
    verdict: a.verdict, score: a.score, passage: a.passage as Passage, asks: a.asks.slice(0, 20), signals: [],
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
