import type { z } from 'zod';
import type { Lang, sample as sampleShape, sampleAnswer, sampleDetail } from '@banya/contract';
import type { Mailbox, Reason } from '@banya/mail';
import { defangAddress, defangText, defangUrl } from './defang.ts';
import { shouldCall, shownVerdict } from './rules.ts';
import type { SampleRow } from './schema.ts';
import type { StoredAnalysis } from './sealed.ts';
import type { Campaigns } from './service.ts';
import { doNow, gone } from './texts.ts';
import { ZIP_PASSWORD } from './zip.ts';

type Sample = z.output<typeof sampleShape>;
type Answer = z.output<typeof sampleAnswer>;
type Detail = z.output<typeof sampleDetail>;
type Seen = Awaited<ReturnType<Campaigns['seen']>>;

/** How many asked about one mail, where that is more than one. */
export interface Asked {
  readonly people: number;
  readonly touched: number;
}

export function presentSample(row: SampleRow, orgName: string | undefined, campaign: string | undefined, lang: Lang, asked?: Asked): Sample {
  return {
    id: row.id, org: row.org_id, orgName: orgName ?? '', at: row.created_at.toISOString(), state: row.state, channel: row.channel, reporter: { id: row.reporter_id, name: row.reporter_name },
    subject: row.file_id === null && row.state !== 'waiting' ? gone[lang] : defangText(row.subject), from: defangAddress(row.sender), verdict: shownVerdict(row), score: row.score, decision: row.decision, decidedAt: row.decided_at?.toISOString() ?? null,
    touched: row.touched, ticket: row.ticket_id, campaign: campaign ?? null, firstReason: row.first_reason && { ja: defangText(row.first_reason.ja), en: defangText(row.first_reason.en) },
    ...(asked ? { asked } : {}),
  };
}

/** A quote of a link is made unusable like the link itself; the rest stands as it stands in the mail. */
const presentReason = (r: Reason): Answer['reasons'][number] => ({
  code: r.code, severity: r.severity, text: { ja: defangText(r.text.ja), en: defangText(r.text.en) },
  evidence: r.evidence.map((e) => ({ where: e.where, ...(e.name === undefined ? {} : { name: e.name }), quote: e.where === 'link' ? defangUrl(e.quote) : e.quote })),
});

export interface AnswerParts {
  readonly orgName: string | undefined;
  readonly campaign: string | undefined;
  readonly seen: Seen;
  readonly stored: StoredAnalysis | null;
  readonly phone: string | null;
  /** For the desk. */
  readonly asked?: Asked | undefined;
}

export function presentAnswer(row: SampleRow, parts: AnswerParts, lang: Lang): Answer {
  return {
    ...presentSample(row, parts.orgName, parts.campaign, lang, parts.asked), reasons: (parts.stored?.analysis.reasons ?? []).map(presentReason), passage: (row.passage as Answer['passage']) ?? null,
    doNow: doNow(row, lang, parts.phone), callDesk: shouldCall(row), seen: parts.seen && { members: parts.seen.members, reports: parts.seen.reports, touched: parts.seen.touched, firstAt: parts.seen.firstAt?.toISOString() ?? null },
    answeredAt: row.answered_at?.toISOString() ?? null, deleteOn: row.file_id === null || row.kept ? null : row.delete_on,
  };
}

const mailbox = (m: Mailbox | undefined): NonNullable<Detail['facts']>['from'] => (m ? { name: m.name, address: defangAddress(m.address), domain: m.domain === undefined ? null : defangUrl(m.domain) } : null);
const instantOf = (text: string | undefined): string | null => {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isFinite(time) && Math.abs(time) < 8.64e15 && time > -62_135_596_800_000 && time < 253_402_300_800_000 ? new Date(time).toISOString() : null;
};

/** Everything on one screen for the desk. */
export function presentDetail(row: SampleRow, parts: AnswerParts, alike: readonly Sample[], lang: Lang): Detail {
  const a = parts.stored?.analysis;
  return {
    ...presentAnswer(row, parts, lang),
    facts: a ? {
      from: mailbox(a.facts.from), replyTo: mailbox(a.facts.replyTo), returnPath: mailbox(a.facts.returnPath), to: a.facts.to.map(defangAddress), date: instantOf(a.facts.date), messageId: a.facts.messageId === undefined ? null : defangAddress(a.facts.messageId),
      route: a.facts.route.map((hop) => ({ from: hop.from === undefined ? null : defangAddress(hop.from), by: hop.by === undefined ? null : defangAddress(hop.by), ip: hop.ip ?? null, at: hop.at ?? null })),
    } : null,
    authentication: a ? { by: a.authentication.by, spf: a.authentication.spf, dkim: a.authentication.dkim, dmarc: a.authentication.dmarc, arc: a.authentication.arc, provenDomain: a.authentication.provenDomain ?? null, fcrdns: a.authentication.fcrdns ?? null } : null,
    lookalikes: (a?.lookalikes ?? []).map((l) => ({ target: l.target, targetKind: l.targetKind, domain: defangUrl(l.domain), how: l.how })),
    links: (a?.links ?? []).map((l) => ({ url: defangUrl(l.url), domain: defangUrl(l.domain), from: l.from, text: l.text === undefined ? null : defangText(l.text), file: l.file ?? null })),
    files: (a?.files ?? []).map((f) => ({ name: f.name, size: f.size, sha256: f.sha256, realType: f.realType, flags: [...f.flags], entries: [...f.entries], words: [...f.words] })),
    note: parts.stored?.note ?? '', troubles: (a?.troubles ?? []).map((t) => ({ code: t.code, where: t.where ?? null })), engine: parts.stored?.engine ?? null, alike: [...alike], size: row.size, zipPassword: ZIP_PASSWORD,
  };
}
