import { searchKey } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Findings } from '../findings/index.ts';
import type { OrgRow, Orgs } from '../orgs/index.ts';
import { plansOf } from './calendars.ts';
import * as knowledge from './knowledge-store.ts';
import { clockAfter, clockAtStart, rankOf, type ClockChange } from './rules.ts';
import type { Channel, HistoryKind, HistoryRow, MessageRow, TicketRow, TicketState, Urgency } from './schema.ts';
import * as store from './store.ts';

/** `who` of what the house does by itself; pages write it in their language. */
export const HOUSE = '';
const SUBJECT_MAX = 120;
const SEARCH_MAX = 1000;

export interface ServiceParts {
  readonly kernel: Pick<Kernel, 'live'>;
  readonly orgs: Orgs;
  readonly findings: Findings;
}

export const nameOf = (tx: Tx): string => (tx.actor.kind === 'system' ? HOUSE : tx.actor.name);
export const personOf = (tx: Tx): string | null => (tx.actor.kind === 'person' ? tx.actor.personId : null);

export function line(tx: Tx, row: Pick<TicketRow, 'org_id' | 'desk_org_id' | 'id'>, what: HistoryKind, value: string | null = null, who: string = nameOf(tx)): HistoryRow {
  return { org_id: row.org_id, desk_org_id: row.desk_org_id, ticket_id: row.id, id: newId(tx.now.getTime()), at: tx.now, who, what, value };
}

/** Tells the pages of both organisations after the commit. */
export function changed({ kernel }: Pick<ServiceParts, 'kernel'>, tx: Tx, row: Pick<TicketRow, 'org_id' | 'desk_org_id' | 'id'>): void {
  tx.afterCommit(() => {
    for (const orgId of new Set([row.org_id, row.desk_org_id])) kernel.live.publish(orgId, { kind: 'ticket', id: row.id });
  });
}

export const searchable = (number: string, subject: string, requester: string, orgName: string): string => searchKey(`#${number} ${subject} ${requester} ${orgName}`).slice(0, SEARCH_MAX);

export interface NewTicket {
  readonly org: Pick<OrgRow, 'id' | 'name' | 'path'>;
  readonly channel: Channel;
  readonly requester: { readonly id: string | null; readonly name: string };
  readonly subject: string;
  /** Empty: no first message. */
  readonly text: string;
  readonly urgency: Urgency;
  readonly callback?: string | null;
  readonly findingId?: string | null;
  /** The desk takes it down while the caller is on the line. */
  readonly phone?: { readonly solved: boolean };
}

/** Opens a ticket in the member's scope, or in a system transaction. */
export async function openTicket(parts: ServiceParts, tx: Tx, asked: NewTicket): Promise<TicketRow> {
  const { org, requester, phone } = asked;
  const federation = parts.orgs.federationOf(org);
  const clock = clockAtStart(asked.urgency, plansOf(await store.tickets.sla(tx, federation)), tx.now, phone ? { state: phone.solved ? 'solved' : 'working' } : null);
  const number = await store.tickets.number(tx, federation);
  const subject = asked.subject.slice(0, SUBJECT_MAX).toWellFormed();
  const row: TicketRow = {
    org_id: org.id, id: newId(tx.now.getTime()), desk_org_id: federation, number, subject, channel: asked.channel, requester_id: requester.id, requester_name: requester.name,
    assignee_id: phone ? personOf(tx) : null, assignee_name: phone ? nameOf(tx) : null, finding_id: asked.findingId ?? null, callback: asked.callback ?? null, created_at: tx.now, updated_at: tx.now, ...clock,
    late_told_at: null, satisfaction: null, rated_at: null, merged_into: null, member_wrote_at: tx.now, member_read_at: tx.now, desk_wrote_at: null, desk_read_at: phone ? tx.now : null,
    search_key: searchable(number, subject, requester.name, org.name), risk: null, risk_at: null,
  };
  await store.tickets.insert(tx, row);
  if (asked.text) await store.details.say(tx, message(tx, row, { side: 'member', whoId: requester.id, who: requester.name, text: asked.text, article: null }));
  await store.details.remember(tx, [line(tx, row, 'opened', asked.channel), ...(phone?.solved ? [line(tx, row, 'solved')] : [])]);
  tx.audit({ action: 'desk.asked', target: `ticket:${row.id}`, orgId: org.id, facts: { number: Number(number), channel: asked.channel, urgency: asked.urgency } });
  await tx.emit('desk.asked', { orgId: org.id, deskOrgId: federation, ticketId: row.id, channel: asked.channel });
  if (row.state === 'solved') await solvedNow(parts, tx, row, null);
  else if (asked.urgency === 'now' && !phone) tx.job('desk.urgent', { orgId: org.id, deskOrgId: federation, ticketId: row.id });
  changed(parts, tx, row);
  return row;
}

interface Said {
  readonly side: 'member' | 'desk';
  readonly whoId: string | null;
  readonly who: string;
  readonly text: string;
  readonly article: string | null;
}

function message(tx: Tx, row: TicketRow, said: Said): MessageRow {
  return { org_id: row.org_id, desk_org_id: row.desk_org_id, ticket_id: row.id, id: newId(tx.now.getTime()), at: tx.now, who_id: said.whoId, who: said.who, side: said.side, text: said.text, article_id: said.article };
}

/** Takes a ticket of the organisation to change it; what was merged stands for the ticket it went into. */
export async function takeRoot(tx: Tx, orgId: string, id: string): Promise<TicketRow> {
  // The ticket may be merged between looking and locking; then it is looked up once more.
  for (let again = 0; again < 3; again += 1) {
    const root = await store.details.root(tx, orgId, id);
    const row = root === undefined ? undefined : await store.tickets.lock(tx, orgId, root);
    if (!row) throw notFound();
    if (row.merged_into === null) return row;
  }
  throw new Problem(409, 'ticket_merged');
}

/** Writes the clock and other columns; tells the house when it is solved by it. */
export async function change(parts: ServiceParts, tx: Tx, row: TicketRow, clock: ClockChange, patch: Partial<TicketRow> = {}, messageId: string | null = null): Promise<TicketRow> {
  const turns = clock.state !== undefined || clock.urgency !== undefined || clock.replied === true;
  const columns = turns ? clockAfter(row, clock, plansOf(await store.tickets.sla(tx, row.desk_org_id)), tx.now) : {};
  const next = await store.tickets.update(tx, row, { ...columns, ...patch, updated_at: tx.now });
  if (next.state === 'solved' && row.state !== 'solved') await solvedNow(parts, tx, next, messageId);
  changed(parts, tx, next);
  return next;
}

/** A solved ticket ends the findings it was about, and the member hears of it. */
async function solvedNow(parts: ServiceParts, tx: Tx, row: TicketRow, messageId: string | null): Promise<void> {
  // What was allowed for this question ends with it, and does not come back when it is opened again.
  await parts.orgs.ticketConsents.end(tx, row.org_id, 'closed', { ticketId: row.id });
  await tx.emit('desk.solved', { orgId: row.org_id, deskOrgId: row.desk_org_id, ticketId: row.id, findingId: row.finding_id });
  for (const finding of await store.details.findings(tx, row.org_id, row.id)) {
    if ((await parts.findings.get(tx, row.org_id, finding))?.state === 'open') await parts.findings.close(tx, row.org_id, finding, { outcome: 'ticket' });
  }
  // Who settles what he or she asked knows it already.
  if (tx.actor.kind === 'person' && tx.actor.homeOrgId === row.desk_org_id && tx.actor.personId !== row.requester_id) tx.job('desk.tell', { orgId: row.org_id, ticketId: row.id, messageId });
}

const turn = (row: TicketRow, to: TicketState): HistoryKind | null => (to === row.state ? null : to === 'solved' ? 'solved' : row.state === 'solved' ? 'reopened' : 'state');

async function articleFor(tx: Tx, row: TicketRow, article: string | undefined): Promise<string | null> {
  if (article === undefined) return null;
  const found = await knowledge.articles.published(tx, row.desk_org_id, article);
  if (!found) throw notFound();
  return found.id;
}

/** The member writes: the desk's turn again. */
export async function memberSays(parts: ServiceParts, tx: Tx, row: TicketRow, said: { text: string; article?: string | undefined; by?: { personId: string | null; name: string } }): Promise<MessageRow> {
  const by = said.by ?? { personId: personOf(tx), name: nameOf(tx) };
  const article = await articleFor(tx, row, said.article);
  const written = message(tx, row, { side: 'member', whoId: by.personId, who: by.name, text: said.text, article });
  await store.details.say(tx, written);
  const state: TicketState = row.state === 'new' ? 'new' : 'working';
  const kind = turn(row, state);
  if (kind) await store.details.remember(tx, [line(tx, row, kind, state, by.name)]);
  await change(parts, tx, row, kind ? { state } : {}, { member_wrote_at: tx.now, member_read_at: tx.now });
  tx.audit({ action: 'desk.written', target: `ticket:${row.id}`, orgId: row.org_id });
  return written;
}

/** The desk answers; who answers a ticket that nobody has, has it. */
export async function deskSays(parts: ServiceParts, tx: Tx, row: TicketRow, said: { text: string; article?: string | undefined; then: 'waiting' | 'solved' | 'working'; asksLook?: true }): Promise<MessageRow> {
  const article = await articleFor(tx, row, said.article);
  const written = message(tx, row, { side: 'desk', whoId: personOf(tx), who: nameOf(tx), text: said.text, article });
  await store.details.say(tx, written);
  const takes = row.assignee_id === null && personOf(tx) !== null;
  const kind = turn(row, said.then);
  await store.details.remember(tx, [...(takes ? [line(tx, row, 'assigned', nameOf(tx))] : []), ...(kind ? [line(tx, row, kind, said.then)] : [])]);
  await change(parts, tx, row, { state: said.then, replied: true }, { desk_wrote_at: tx.now, desk_read_at: tx.now, ...(takes ? { assignee_id: personOf(tx), assignee_name: nameOf(tx) } : {}) }, written.id);
  tx.audit({ action: 'desk.replied', target: `ticket:${row.id}`, orgId: row.org_id, facts: { then: said.then } });
  await tx.emit('desk.replied', { orgId: row.org_id, deskOrgId: row.desk_org_id, ticketId: row.id });
  // Only those who may change consents can answer this one.
  if (said.asksLook) tx.job('desk.lookAsked', { orgId: row.org_id, ticketId: row.id, messageId: written.id });
  else if (said.then !== 'solved' || row.state === 'solved') tx.job('desk.tell', { orgId: row.org_id, ticketId: row.id, messageId: written.id });
  return written;
}

/** Settles or takes up again, from either side. */
export async function setState(parts: ServiceParts, tx: Tx, row: TicketRow, state: TicketState): Promise<TicketRow> {
  const kind = turn(row, state);
  if (kind === null) return row;
  await store.details.remember(tx, [line(tx, row, kind, state)]);
  tx.audit({ action: kind === 'state' ? 'desk.updated' : `desk.${kind}`, target: `ticket:${row.id}`, orgId: row.org_id, facts: { state } });
  return change(parts, tx, row, { state }, kind === 'reopened' ? { member_wrote_at: tx.now } : {});
}

export interface Update {
  readonly assignee?: { readonly id: string; readonly name: string } | null | undefined;
  readonly state?: TicketState | undefined;
  readonly urgency?: Urgency | undefined;
  readonly subject?: string | undefined;
}

/** What the desk sets on a ticket: only what differs is written, remembered and told. */
export async function update(parts: ServiceParts, tx: Tx, given: TicketRow, org: Pick<OrgRow, 'name'>, set: Update): Promise<TicketRow> {
  let row = given;
  const lines: HistoryRow[] = [];
  const patch: Partial<TicketRow> = {};
  if (set.assignee !== undefined && (set.assignee?.id ?? null) !== row.assignee_id) {
    Object.assign(patch, { assignee_id: set.assignee?.id ?? null, assignee_name: set.assignee?.name ?? null });
    lines.push(line(tx, row, 'assigned', set.assignee?.name ?? null));
    if (row.state === 'new' && set.assignee && set.state === undefined) set = { ...set, state: 'working' };
  }
  if (set.subject !== undefined && set.subject !== row.subject) {
    Object.assign(patch, { subject: set.subject, search_key: searchable(row.number, set.subject, row.requester_name, org.name) });
    lines.push(line(tx, row, 'subject', set.subject));
  }
  const urgency = set.urgency !== undefined && rankOf(set.urgency) !== row.rank ? set.urgency : undefined;
  if (urgency !== undefined) lines.push(line(tx, row, 'urgency', urgency));
  if (lines.length > 0) {
    await store.details.remember(tx, lines);
    tx.audit({ action: 'desk.updated', target: `ticket:${row.id}`, orgId: row.org_id, facts: { fields: lines.map((l) => l.what).join(',') } });
    row = await change(parts, tx, row, urgency === undefined ? {} : { urgency }, patch);
  }
  return set.state === undefined ? row : setState(parts, tx, row, set.state);
}

/** Puts a ticket into another of the same organisation. Only `merged_into` changes, so that undoing restores all of it. */
export async function merge(parts: ServiceParts, tx: Tx, orgId: string, id: string, into: string): Promise<void> {
  const locked = new Map<string, TicketRow | undefined>();
  for (const each of [id, into].sort()) locked.set(each, await store.tickets.lock(tx, orgId, each));
  const [source, target] = [locked.get(id), locked.get(into)];
  if (!source || !target) throw notFound();
  if (source.id === target.id || source.merged_into !== null || target.merged_into !== null || target.state === 'solved') throw new Problem(409, 'merge_not_possible');
  await store.tickets.update(tx, source, { merged_into: target.id });
  // The other question is another one to have been asked about.
  await parts.orgs.ticketConsents.end(tx, orgId, 'closed', { ticketId: source.id });
  await store.details.remember(tx, [line(tx, source, 'merged', `#${target.number}`), line(tx, target, 'took_in', `#${source.number}`)]);
  tx.audit({ action: 'desk.merged', target: `ticket:${id}`, orgId, facts: { into } });
  for (const row of [source, target]) changed(parts, tx, row);
}

export async function unmerge(parts: ServiceParts, tx: Tx, orgId: string, id: string): Promise<void> {
  const row = await store.tickets.lock(tx, orgId, id);
  if (!row) throw notFound();
  if (row.merged_into === null) throw new Problem(409, 'not_merged');
  await store.tickets.update(tx, row, { merged_into: null });
  const target = { ...row, id: row.merged_into };
  await store.details.remember(tx, [line(tx, row, 'unmerged'), line(tx, target, 'gave_back', `#${row.number}`)]);
  tx.audit({ action: 'desk.unmerged', target: `ticket:${id}`, orgId });
  for (const each of [row, target]) changed(parts, tx, each);
}

export async function rate(parts: ServiceParts, tx: Tx, row: TicketRow, rating: 'good' | 'bad'): Promise<void> {
  if (row.state !== 'solved') throw new Problem(409, 'not_solved_yet');
  await store.tickets.update(tx, row, { satisfaction: rating, rated_at: tx.now });
  if (row.satisfaction !== rating) await store.details.remember(tx, [line(tx, row, 'rated', rating)]);
  tx.audit({ action: 'desk.rated', target: `ticket:${row.id}`, orgId: row.org_id, facts: { rating } });
  changed(parts, tx, row);
}
