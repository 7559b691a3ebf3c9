import { isoDate, searchKey } from '@banya/jp';
import type { Bilingual, Lang } from '@banya/contract';
import { newId } from '../../../kernel/ids.ts';
import type { Kernel, OutgoingMail } from '../../../kernel/kernel.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import type { Files } from '../../files/index.ts';
import type { FederationSettings, OrgRow } from '../../orgs/index.ts';
import type { RouteParts } from '../routes.ts';
import { rankOf } from '../rules.ts';
import type { TicketRow } from '../schema.ts';
import * as desk from '../service.ts';
import * as tickets from '../store.ts';
import { hasRoom, isUnproven, markUnproven, mayAnswer, NoRoom } from './bounds.ts';
import { defangText } from './defang.ts';
import type { JudgedMail } from './engine.ts';
import { Senders } from './history.ts';
import { reasonLines, sampleAnswerMail } from './mails.ts';
import { profiles } from './profile.ts';
import { deliveredAt, drillMark, drillText, needsDesk, questionSubject, saysTheSame, teaches, urgencyOf, wasTouched, type DrillMail } from './rules.ts';
import type { Decision, SampleChannel, SampleRow, Touched } from './schema.ts';
import { openAnalysis, sealAnalysis, type StoredAnalysis } from './sealed.ts';
import { samples } from './store.ts';
import { decisionAnswers, decisions, failedWord, touchedWords, verdicts } from './texts.ts';

const SUBJECT_MAX = 300;
const SENDER_MAX = 320;
const TICKET_TEXT_MAX = 5000;
const DAY = 86_400_000;
/** What is older than this is a new question. */
const JOIN_DAYS = 7;
const RAISED_DELAY_MS = 120_000;
/** A question takes in no more mails than this. */
const QUESTION_MAX = 2_000;
const FILE_PURPOSE = 'sample';
const HELD_BY_TICKET = 'ticket';
const HELD_BY_DESK = 'kept';

export interface SampleParts extends RouteParts {
  readonly kernel: Kernel;
  readonly files: Files;
  readonly senders: Senders;
  readonly mail: (tx: Tx, mail: OutgoingMail) => Promise<void>;
  readonly langs: ((personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>) | undefined;
  /** Other modules' knowledge of the same mail elsewhere, once they have said so. */
  readonly campaigns: { current: Campaigns | null };
}

/** The same mail at several members; whoever keeps campaigns answers this. */
export interface Campaigns {
  /** The campaign of each sample that is in one. */
  of(tx: Tx, samples: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Samples of a campaign that the transaction may know of. */
  samples(tx: Tx, campaign: string): Promise<readonly string[]>;
  /** Remembers what a judged mail shares with others, and gives the organisation's own mails since then that are of the same campaign, the likest first. */
  like(tx: Tx, org: Pick<OrgRow, 'id' | 'kind' | 'path'>, sample: string, facts: LikeFacts, analysis: StoredAnalysis['analysis'], since: Date): Promise<readonly string[]>;
  /** How often it was seen, as far as members share; null when it is in none. */
  seen(tx: Tx, orgId: string, sample: string): Promise<{ readonly members: number; readonly reports: number; readonly touched: number; readonly firstAt: Date | null } | null>;
}

export interface LikeFacts extends Pick<SampleRow, 'state' | 'verdict' | 'decision' | 'touched'> {
  readonly at: Date;
  readonly decidedAt: Date | null;
  readonly reporterId: string | null;
  readonly shown: boolean;
}

/** Nothing; an address that only the organisation's people know; the own mail server, which proved the sender's domain. */
export type Proof = 'none' | 'address' | 'sender';

export interface ReportedSample {
  readonly orgId: string;
  /** id null: a token, the desk, or an address that is on no list. */
  readonly reporter: { readonly id: string | null; readonly name: string };
  /** Sent by a report button: its token, and whom it named, where that is one of the organisation's people. */
  readonly button?: { readonly tokenId: string; readonly told: string | null } | undefined;
  readonly raw: Uint8Array;
  /** Of a report by mail: what shows that it is the reporter's. */
  readonly proof?: Proof | undefined;
  readonly channel: SampleChannel;
  readonly touched: Touched | null;
  /** The same key is the same report, however often it is told. */
  readonly key?: string;
  /** Whether the reporter may get an answer by mail. */
  readonly answer: boolean;
  /** What the sender says the bytes are. */
  readonly hint?: 'eml' | 'msg' | 'text' | undefined;
}

export type Outcome = { readonly kind: 'judged'; readonly mail: JudgedMail; readonly messageId: string | null } | { readonly kind: 'failed'; readonly code: string } | { readonly kind: 'drill'; readonly token: string };

export const systemScope = (orgId: string): Scope => ({ orgId, actor: { kind: 'system', name: 'desk' } });
/** U+0000 cannot be kept, and a line of a list is a line. */
const plain = (text: string, max: number): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim().slice(0, max).toWellFormed();
const two = (text: Bilingual): Bilingual => ({ ja: plain(text.ja, 500), en: plain(text.en, 500) });
const digestOf = (parts: Pick<SampleParts, 'kernel'>, orgId: string, kind: string, value: string | Uint8Array): string => parts.kernel.secrets.mac(`samples.${kind} ${orgId}`, value);

export function changed(parts: Pick<SampleParts, 'kernel'>, tx: Tx, row: Pick<SampleRow, 'org_id' | 'desk_org_id' | 'id'>): void {
  tx.afterCommit(() => {
    for (const orgId of new Set([row.org_id, row.desk_org_id])) parts.kernel.live.publish(orgId, { kind: 'sample', id: row.id });
  });
}

export const deskPhone = async (parts: Pick<SampleParts, 'kernel'>): Promise<string | null> => (await parts.kernel.settings.get<FederationSettings>('federation'))?.deskPhone ?? null;

/** Takes a mail with the caller's transaction: its bytes, its row, and the job that judges it. @returns null where the same report is here already */
export async function take(parts: SampleParts, tx: Tx, org: Pick<OrgRow, 'id' | 'path' | 'name'>, sharesSamples: boolean, given: ReportedSample, told: { readonly lang: Lang; readonly phone: string | null } = { lang: 'ja', phone: null }): Promise<string | null> {
  const orgId = org.id;
  if (given.key !== undefined && (await samples.byKey(tx, orgId, given.key)) !== undefined) return null;
  if (!(await hasRoom(tx, orgId, given.raw.length, isUnproven(given)))) throw new NoRoom();
  const answered = await mayAnswer(parts, tx, org, given, told);
  const keepDays = (await profiles.get(tx, orgId)).keep_days;
  const deleteOn = isoDate(new Date(tx.now.getTime() + keepDays * 86_400_000));
  const id = newId(tx.now.getTime());
  const fileId = await parts.files.put(tx, { orgId, bytes: given.raw, purpose: FILE_PURPOSE, deleteOn });
  const made = await samples.insert(tx, {
    org_id: orgId, id, desk_org_id: sharesSamples ? parts.orgs.federationOf(org) : orgId, created_at: tx.now, channel: given.channel, report_key: given.key ?? null, reporter_id: given.reporter.id, reporter_name: plain(given.reporter.name, 120), token_id: given.button?.tokenId ?? null, told_id: given.button?.told ?? null,
    answer_by_mail: answered || (given.answer && (given.button?.told ?? null) !== null), report_digest: digestOf(parts, orgId, 'bytes', given.raw), size: given.raw.length, file_id: fileId, delete_on: deleteOn, touched: given.touched,
  });
  // Told twice at the same moment: undone with the file that was just put.
  if (!made) throw new ReportedAlready();
  if (isUnproven(given) || (given.answer && (given.proof ?? 'none') !== 'sender')) await markUnproven(tx, orgId, id);
  tx.audit({ action: 'samples.reported', target: `sample:${id}`, orgId, facts: { channel: given.channel, bytes: given.raw.length } });
  tx.job('desk.judge', { orgId, sampleId: id, hint: given.hint ?? null }, { priority: 10 });
  changed(parts, tx, { org_id: orgId, desk_org_id: orgId, id });
  return id;
}
export class ReportedAlready extends Error {}

/** A mark in a mail that says it is a drill of this very organisation for this person, and this very mail; null for those anybody could write or copy. */
export function drillToken(parts: Pick<SampleParts, 'kernel'>, orgId: string, personId: string | null, at: Date, { drill, ...mail }: DrillMail & { readonly drill: string | null }): string | null {
  const mark = drill === null || personId === null ? null : drillMark(drill);
  if (!mark || at.getTime() > mark.until * 1000) return null;
  return parts.kernel.secrets.macMatches('drill', drillText(orgId, personId!, mark.token, mark.until, mail), mark.mac) ? mark.token : null;
}

/** Writes what came of judging, opens or joins the question, answers who asked. Does nothing where that was done already. */
export async function finish(parts: SampleParts, tx: Tx, org: OrgRow, id: string, outcome: Outcome, told: { readonly langs: ReadonlyMap<string, Lang>; readonly phone: string | null; readonly hint: StoredAnalysis['hint'] }): Promise<void> {
  const row = await samples.lock(tx, org.id, id);
  if (!row || row.state !== 'waiting') return;
  const next = await write(parts, tx, row, outcome, told.hint);
  if (outcome.kind === 'drill') await tx.emit('mail.reported', { orgId: org.id, sampleId: id, personId: next.reporter_id, token: outcome.token });
  else {
    await askDesk(parts, tx, org, next, outcome.kind === 'judged' ? storedOf(outcome.mail, told.hint) : null);
    await tx.emit('samples.judged', { orgId: org.id, sampleId: id });
    if (wasTouched(next.touched)) await tx.emit('samples.touched', { orgId: org.id, sampleId: id });
  }
  await answer(parts, tx, org, next, outcome.kind === 'judged' ? outcome.mail.analysis.reasons : [], told);
  // Whether the desk may know of it has just been settled.
  changed(parts, tx, (await samples.get(tx, 'org_id', org.id, id))!);
}

const storedOf = (mail: JudgedMail, hint: StoredAnalysis['hint']): StoredAnalysis => ({ analysis: mail.analysis, index: mail.index, count: mail.count, note: mail.note, mailer: mail.mailer, engine: mail.engine, hint });

async function write(parts: SampleParts, tx: Tx, row: SampleRow, outcome: Outcome, hint: StoredAnalysis['hint']): Promise<SampleRow> {
  const { secrets } = parts.kernel;
  if (outcome.kind !== 'judged') {
    await samples.finish(tx, row.org_id, row.id, { state: outcome.kind === 'drill' ? 'drill' : 'failed', subject: '', sender: '', verdict: null, score: null, passage: null, first_reason: null, asks: [], analysis: null, delivered_at: null, mail_digest: null, message_key: null, learned: false, search_key: '' });
    return (await samples.get(tx, 'org_id', row.org_id, row.id))!;
  }
  const { analysis, mailer, digest } = outcome.mail;
  const { from, subject } = analysis.facts;
  const learned = teaches(analysis.verdict, null);
  const shown = { subject: plain(subject, SUBJECT_MAX), sender: plain(from ? (from.name ? `${from.name} <${from.address}>` : from.address) : '', SENDER_MAX) };
  const first = analysis.reasons[0]?.text;
  await samples.finish(tx, row.org_id, row.id, {
    state: 'judged', ...shown, verdict: analysis.verdict, score: Math.round(analysis.score), passage: analysis.passage, first_reason: first ? two(first) : null, asks: analysis.asks.map((a) => a.slice(0, 40)),
    analysis: sealAnalysis(secrets, row.org_id, row.id, storedOf(outcome.mail, hint)), delivered_at: deliveredAt(analysis.facts, row.created_at),
    mail_digest: digest === null ? null : digestOf(parts, row.org_id, 'mail', digest), message_key: outcome.messageId === null ? null : digestOf(parts, row.org_id, 'message', outcome.messageId), learned,
    search_key: searchKey(`${shown.subject} ${shown.sender} ${row.reporter_name}`).slice(0, 1000),
  });
  if (learned) await parts.senders.learn(tx, row.org_id, analysis, mailer, 1);
  return (await samples.get(tx, 'org_id', row.org_id, row.id))!;
}

/** Whether the two are byte for byte the same: in what was sent in, or in the mail in question. */
export const sameBytes = (a: SampleRow, b: SampleRow): boolean => (a.mail_digest !== null && a.mail_digest === b.mail_digest) || a.report_digest === b.report_digest;

/** What the desk knows of the same mail already, and questions about it: a Message-ID alone is copied easily, so bytes or what it says must be the same. */
async function before(parts: SampleParts, tx: Tx, row: SampleRow, stored: StoredAnalysis | null): Promise<{ readonly decision: Decision | null; readonly questions: readonly string[] }> {
  const found = await samples.same(tx, row, { message: row.message_key, digest: row.mail_digest, report: row.report_digest });
  const known = found.find((other) => other.decision !== null && sameBytes(row, other))?.decision ?? null;
  const questions = new Set<string>();
  for (const other of found) {
    if (other.ticket_id === null || questions.has(other.ticket_id)) continue;
    if (sameBytes(row, other) || saysTheSame(openAnalysis(parts.kernel.secrets, other.org_id, other.id, await samples.analysis(tx, other.org_id, other.id))?.analysis ?? null, stored?.analysis ?? null)) questions.add(other.ticket_id);
  }
  return { decision: known, questions: [...questions] };
}

/** Questions about mails of the same campaign that were judged the same. */
async function like(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, stored: StoredAnalysis | null): Promise<readonly string[]> {
  if (stored === null) return [];
  const facts: LikeFacts = { state: row.state, verdict: row.verdict, decision: row.decision, decidedAt: row.decided_at, touched: row.touched, at: row.created_at, reporterId: row.reporter_id, shown: row.desk_org_id !== row.org_id };
  const ids = (await parts.campaigns.current?.like(tx, org, row.id, facts, stored.analysis, new Date(tx.now.getTime() - JOIN_DAYS * DAY))) ?? [];
  const found = new Map((await samples.byIds(tx, org.id, ids)).map((r) => [r.id, r]));
  return ids.map((id) => found.get(id)).filter((r) => r !== undefined && r.verdict === row.verdict && r.decision === null).flatMap((r) => r!.ticket_id ?? []);
}

/** Opens a question where the mail needs one, or joins one. The desk's word is taken over where the mails are byte for byte the same. */
async function askDesk(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, stored: StoredAnalysis | null): Promise<void> {
  const needs = needsDesk(row);
  if (needs) await samples.hold(tx, org.id);
  const { decision, questions } = await before(parts, tx, row, stored);
  if (decision !== null && !wasTouched(row.touched)) return settle(parts, tx, row, decision, stored);
  if (needs) await askOf(parts, tx, org, row, stored, '', questions);
}

/** Asks the desk about a mail: in the open question about the same or a like one where there is one, else in a question of its own. */
async function askOf(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, stored: StoredAnalysis | null, message: string, same: readonly string[]): Promise<void> {
  await samples.hold(tx, org.id);
  for (const question of new Set([...same, ...(await like(parts, tx, org, row, stored))])) if (await join(parts, tx, org, row, stored, message, question)) return;
  await openQuestion(parts, tx, org, row, stored, message);
}

/** A question to the desk about this mail alone, in its reporter's name. */
async function openQuestion(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, stored: StoredAnalysis | null, message: string): Promise<TicketRow> {
  const ticket = await desk.openTicket(parts, tx, {
    org, channel: row.channel === 'mail' || row.channel === 'mailbox' ? 'mail' : 'web', requester: { id: row.reporter_id, name: row.reporter_name }, subject: questionSubject(row.subject), text: questionText(row, stored, message), urgency: urgencyOf(row),
  });
  await hand(parts, tx, [row], ticket.id, false);
  return ticket;
}

/** The question holds these mails from now on. */
async function hand(parts: SampleParts, tx: Tx, rows: readonly SampleRow[], ticketId: string, joined: boolean): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((r) => r.id);
  await samples.asked(tx, rows[0]!.org_id, ids, ticketId, joined);
  await samples.hand(tx, ids, true);
  for (const row of rows) if (row.file_id !== null && row.ticket_id === null) await parts.files.hold(tx, row.org_id, row.file_id, HELD_BY_TICKET);
}

/**
 * Lets a mail join the question about the same or a like one: its reporter is told what the desk finds, and what he or she has
 * done raises the question. One that is closed, decided or some days old is not joined.
 */
async function join(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, stored: StoredAnalysis | null, message: string, question: string): Promise<boolean> {
  const root = await tickets.details.root(tx, org.id, question);
  // Under its lock: whoever settles or decides it at this moment comes before, or finds this mail in it.
  const target = root === undefined ? undefined : await tickets.tickets.lock(tx, org.id, root);
  if (!target || target.state === 'solved' || target.merged_into !== null || target.created_at.getTime() < tx.now.getTime() - JOIN_DAYS * DAY) return false;
  const first = await samples.leading(tx, org.id, question);
  if (!first || first.decision !== null || (await samples.many(tx, org.id, question, QUESTION_MAX))) return false;
  await hand(parts, tx, [row], question, true);
  const words = ownWords(row, stored, message);
  // Those who only ask the same add a number, not a page.
  if (words !== '') await desk.memberSays(parts, tx, target, { text: words, by: { personId: row.reporter_id, name: row.reporter_name } });
  if (wasTouched(row.touched)) await raise(parts, tx, org, target.id);
  else if (urgencyOf(row) === 'today' && target.rank > rankOf('today')) await desk.update(parts, tx, await desk.takeRoot(tx, org.id, target.id), org, { urgency: 'today' });
  desk.changed(parts, tx, target);
  changed(parts, tx, first);
  return true;
}

/** Somebody has clicked, opened or typed something: the question cannot wait any longer, and the desk is told, also where somebody has taken it. */
async function raise(parts: SampleParts, tx: Tx, org: OrgRow, ticketId: string): Promise<void> {
  const ticket = await desk.takeRoot(tx, org.id, ticketId);
  const known = ticket.rank === rankOf('now');
  if (!known) await desk.update(parts, tx, ticket, org, { urgency: 'now' });
  // The first is told at once, those after it together.
  tx.job('desk.raised', { orgId: org.id, deskOrgId: ticket.desk_org_id, ticketId: ticket.id }, known ? { singletonKey: ticket.id, startAfter: new Date(tx.now.getTime() + RAISED_DELAY_MS) } : {});
}

function questionText(row: SampleRow, stored: StoredAnalysis | null, message: string): string {
  const lines: string[] = [];
  if (message.trim()) lines.push(message.trim(), '');
  lines.push(row.state === 'failed' ? failedWord.ja : `判定：${row.verdict ? verdicts[row.verdict].ja : '—'}`);
  for (const reason of reasonLines(stored?.analysis.reasons ?? [], 'ja')) lines.push(`・${reason}`);
  if (row.touched) lines.push('', `このメールに：${touchedWords[row.touched].ja}`);
  if (stored?.note.trim()) lines.push('', '転送のときのひとこと：', defangText(stored.note.trim()));
  return plainLines(lines.join('\n')).slice(0, TICKET_TEXT_MAX).toWellFormed();
}

/** What whoever joins has to say beside the mail: empty where that is nothing. */
function ownWords(row: SampleRow, stored: StoredAnalysis | null, message: string): string {
  const note = stored?.note.trim() ?? '';
  const lines = [...(message.trim() ? [message.trim()] : []), ...(wasTouched(row.touched) ? [`このメールに：${touchedWords[row.touched].ja}`] : []), ...(note ? ['転送のときのひとこと：', defangText(note)] : [])];
  return plainLines(lines.join('\n')).slice(0, TICKET_TEXT_MAX).toWellFormed();
}
const plainLines = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

/** The answer by mail, to the reporter's registered address and only where a mail was asked for. Made once. */
async function answer(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, reasons: readonly { text: Bilingual; severity: 'high' | 'medium' | 'low' | 'note' | 'good' }[], told: { readonly langs: ReadonlyMap<string, Lang>; readonly phone: string | null }): Promise<void> {
  const whom = row.reporter_id ?? row.told_id;
  if (!row.answer_by_mail || whom === null) return;
  const person = (await parts.orgs.people(tx, [whom])).get(whom);
  const to = person?.emails[0];
  if (!person || to === undefined) return;
  const head = { lang: told.langs.get(whom) ?? ('ja' as const), personName: person.name, orgName: org.name, url: parts.kernel.publicUrl().replace(/\/$/, ''), deskPhone: told.phone };
  await parts.mail(tx, { orgId: org.id, to, lang: head.lang, key: `answer:${row.id}`, ...sampleAnswerMail(head, { ...row, orgId: org.id, reasons }) });
}

/** The desk's word on one mail, and what its sender's history makes of it. */
export async function settle(parts: SampleParts, tx: Tx, row: SampleRow, decision: Decision, stored: StoredAnalysis | null): Promise<void> {
  const learned = stored !== null && teaches(row.verdict, decision);
  if (stored !== null && learned !== row.learned) await parts.senders.learn(tx, row.org_id, stored.analysis, stored.mailer, learned ? 1 : -1);
  await samples.decided(tx, row.org_id, row.id, decision, learned);
  await tx.emit('samples.decided', { orgId: row.org_id, sampleId: row.id, decision });
  changed(parts, tx, row);
}

/**
 * The desk decides some mails of one member: each reporter hears of it in the conversation. Mails of the same question that are
 * something else get a question of their own first, so that nobody is told another mail's answer.
 * @returns how many mails of these questions are left for `decideRest`
 */
export async function decide(parts: SampleParts, tx: Tx, org: OrgRow, rows: readonly SampleRow[], decision: Decision, said: string): Promise<number> {
  const roots = new Map<string, SampleRow[]>();
  let left = 0;
  for (const row of rows) await decided(parts, tx, row, decision);
  for (const [question, group] of Map.groupBy(rows, (r) => r.ticket_id)) {
    if (question === null) {
      for (const row of group) {
        // Who has not asked the desk, and heard nothing bad, need not hear that it was right.
        if (row.reporter_id === null && said.trim() === '') continue;
        const { id } = await openQuestion(parts, tx, org, { ...row, decision }, null, decisions[decision].ja);
        roots.set(id, [row]);
      }
      continue;
    }
    await desk.takeRoot(tx, org.id, question);
    const { ticket, rest } = await apart(parts, tx, org, question, group, decision);
    left += rest;
    const root = (await tickets.details.root(tx, org.id, ticket)) ?? ticket;
    roots.set(root, [...(roots.get(root) ?? []), ...group]);
  }
  for (const [root, told] of roots) {
    const ticket = await desk.takeRoot(tx, org.id, root);
    const open = decision === 'dangerous' && told.some((r) => wasTouched(r.touched));
    await desk.deskSays(parts, tx, ticket, { text: said.trim() || decisionAnswers[decision].ja, then: open ? 'waiting' : 'solved' });
  }
  return left;
}

async function decided(parts: SampleParts, tx: Tx, row: SampleRow, decision: Decision): Promise<void> {
  await settle(parts, tx, row, decision, openAnalysis(parts.kernel.secrets, row.org_id, row.id, await samples.analysis(tx, row.org_id, row.id)));
  tx.audit({ action: 'samples.decided', target: `sample:${row.id}`, orgId: row.org_id, facts: { decision } });
}

/** Parts what was just decided from what is something else in the same question, which the caller holds. @returns where the decided ones are now, and how many with them are still to be decided */
async function apart(parts: SampleParts, tx: Tx, org: OrgRow, question: string, rows: readonly SampleRow[], decision: Decision): Promise<{ ticket: string; rest: number }> {
  const ids = new Set(rows.map((r) => r.id));
  const others = (await samples.ofQuestions(tx, org.id, [question], { undecided: false, limit: QUESTION_MAX })).filter((r) => !ids.has(r.id) && r.state !== 'waiting' && r.decision !== decision);
  const open = others.filter((r) => r.decision === null);
  if (decision !== 'harmless' && open.length === others.length) {
    if (open.length > 0) tx.job('desk.decideRest', { orgId: org.id, ticketId: question, decision });
    return { ticket: question, rest: open.length };
  }
  if (others.length === 0) return { ticket: question, rest: 0 };
  const first = await samples.leading(tx, org.id, question);
  const stays = open.length === others.length && first !== undefined && ids.has(first.id);
  // Whoever opened something first, so that the new question is as urgent as the worst of them.
  const moved = (stays ? open : [...rows]).sort((a, b) => Number(wasTouched(b.touched)) - Number(wasTouched(a.touched)) || (a.id < b.id ? -1 : 1));
  const [opening, ...with_] = moved;
  const made = await openQuestion(parts, tx, org, opening!, openAnalysis(parts.kernel.secrets, org.id, opening!.id, await samples.analysis(tx, org.id, opening!.id)), '');
  await hand(parts, tx, with_, made.id, true);
  await samples.promote(tx, org.id, question);
  return { ticket: stays ? question : made.id, rest: 0 };
}

/** What was left of a question that the desk has decided: a page of it. @returns whether there is more */
export async function decideRest(parts: SampleParts, tx: Tx, orgId: string, question: string, decision: Decision, limit: number): Promise<boolean> {
  const first = await samples.leading(tx, orgId, question);
  // The desk has changed its mind meanwhile.
  if (first?.decision !== decision) return false;
  const rows = await samples.ofQuestions(tx, orgId, [question], { undecided: true, limit });
  for (const row of rows) await decided(parts, tx, row, decision);
  return rows.length === limit;
}

/** "I clicked": the desk hears of it at once. */
export async function touch(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, touched: Touched): Promise<void> {
  await samples.touched(tx, org.id, row.id, touched);
  const next = { ...row, touched };
  tx.audit({ action: 'samples.touched', target: `sample:${row.id}`, orgId: org.id, facts: { touched } });
  await tx.emit('samples.touched', { orgId: org.id, sampleId: row.id });
  // A mail that is still being judged asks the desk when that is done.
  if (wasTouched(touched) && row.state !== 'waiting' && row.state !== 'drill') {
    const stored = openAnalysis(parts.kernel.secrets, org.id, row.id, await samples.analysis(tx, org.id, row.id));
    const ticket = await ownTalk(tx, org, row);
    if (ticket === null) await (row.ticket_id === null ? askOf(parts, tx, org, next, stored, '', []) : openAgain(parts, tx, org, next, stored, ''));
    else {
      await desk.memberSays(parts, tx, ticket, { text: `このメールに：${touchedWords[touched].ja}` });
      await raise(parts, tx, org, ticket.id);
    }
  }
  changed(parts, tx, row);
}

/** The conversation about a mail, to write in; null where there is none, or where it is over and others would hear it. */
async function ownTalk(tx: Tx, org: OrgRow, row: SampleRow): Promise<TicketRow | null> {
  if (row.ticket_id === null) return null;
  const ticket = await desk.takeRoot(tx, org.id, row.ticket_id);
  return ticket.state === 'solved' && (await samples.shared(tx, org.id, ticket.id, row.reporter_id)) ? null : ticket;
}

/** What goes on after a question of several is over is a question of its own. */
async function openAgain(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, stored: StoredAnalysis | null, message: string): Promise<void> {
  const old = row.ticket_id!;
  await openQuestion(parts, tx, org, row, stored, message);
  await samples.promote(tx, org.id, old);
}

/** "Have the desk look". */
export async function ask(parts: SampleParts, tx: Tx, org: OrgRow, row: SampleRow, message: string): Promise<void> {
  tx.audit({ action: 'samples.asked', target: `sample:${row.id}`, orgId: org.id });
  const stored = openAnalysis(parts.kernel.secrets, org.id, row.id, await samples.analysis(tx, org.id, row.id));
  if (row.ticket_id !== null) {
    if (!message.trim()) return;
    const ticket = await ownTalk(tx, org, row);
    if (ticket === null) await openAgain(parts, tx, org, row, stored, message);
    else await desk.memberSays(parts, tx, ticket, { text: message.trim() });
    return;
  }
  await askOf(parts, tx, org, row, stored, message, (await before(parts, tx, row, stored)).questions);
  await tx.emit('samples.asked', { orgId: org.id, sampleId: row.id });
  changed(parts, tx, row);
}

export async function keep(parts: SampleParts, tx: Tx, row: SampleRow, kept: boolean): Promise<void> {
  await samples.kept(tx, row.org_id, row.id, kept);
  if (row.file_id !== null) await (kept ? parts.files.hold(tx, row.org_id, row.file_id, HELD_BY_DESK) : parts.files.release(tx, row.org_id, row.file_id, HELD_BY_DESK));
  tx.audit({ action: 'samples.kept', target: `sample:${row.id}`, orgId: row.org_id, facts: { kept } });
  changed(parts, tx, row);
}

/** On its day: what an open question holds is held, the rest let go; one page of mails, in the system's transaction. @returns where the next page begins, null behind the last */
export async function letGo(parts: SampleParts, tx: Tx, today: string, after: string | null, limit: number): Promise<string | null> {
  const due = await samples.due(tx, today, after, limit);
  for (const row of due) {
    const root = row.ticket_id === null ? undefined : await tickets.details.root(tx, row.org_id, row.ticket_id);
    const ticket = root === undefined ? undefined : await tickets.tickets.get(tx, 'org_id', row.org_id, root);
    const held = ticket !== undefined && ticket.state !== 'solved';
    await (held ? parts.files.hold(tx, row.org_id, row.file_id, HELD_BY_TICKET) : parts.files.release(tx, row.org_id, row.file_id, HELD_BY_TICKET));
  }
  return due.length < limit ? null : due.at(-1)!.id;
}
export const isSampleFile = (purpose: string): boolean => purpose === FILE_PURPOSE;
