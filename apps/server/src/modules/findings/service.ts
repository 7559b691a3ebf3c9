import { Problem, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { ELSEWHERE, elsewhereOf } from './elsewhere.ts';
import { titlesOf } from './explain.ts';
import { HOUSE } from './raise.ts';
import { QUIET_DAYS, severityOf } from './rules.ts';
import type { FindingRow, HistoryRow } from './schema.ts';
import { suppressions } from './quiet-store.ts';
import * as store from './store.ts';
import { conditionsOf } from './suppress.ts';
import type { FindingOutcome } from './types.ts';

const DAY = 86_400_000;
/** Filters of one organisation that the reader of everybody's lines asks and makes anew with each change; further ones are kept quiet by their entity. */
export const FILTERS_MAX = 500;

async function taken(tx: Tx, orgId: string, id: string): Promise<FindingRow> {
  const row = await store.findings.lock(tx, orgId, id);
  if (!row) throw notFound();
  return row;
}

const entry = (tx: Tx, orgId: string, findingId: string, what: HistoryRow['what'], note: string | null = null, who: string = tx.actor.kind === 'system' ? HOUSE : tx.actor.name): HistoryRow => ({
  org_id: orgId, finding_id: findingId, id: newId(tx.now.getTime()), at: tx.now, who, what, note,
});

const changed = (kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, ids: readonly string[]): void =>
  tx.afterCommit(() => ids.forEach((id) => kernel.live.publish(orgId, { kind: 'finding', id })));

export interface Closing {
  readonly outcome: FindingOutcome;
  readonly note?: string | undefined;
  /** For how long more of the same stays quiet; the outcome's usual time unless told. */
  readonly quietDays?: number | undefined;
}

/** Closes with an outcome. "We know this" keeps quiet for a while; "false alarm" makes a silence that can be seen and ended. */
export async function close(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, id: string, closing: Closing): Promise<void> {
  const row = await taken(tx, orgId, id);
  if (row.state === 'closed') throw new Problem(409, 'already_closed', { who: row.closed_by || '番屋' });
  const { outcome, note } = closing;
  const who = tx.actor.kind === 'system' ? HOUSE : tx.actor.name;
  const days = outcome === 'known' || outcome === 'false_alarm' ? (closing.quietDays ?? QUIET_DAYS[outcome]) : null;
  const until = days === null ? null : new Date(tx.now.getTime() + days * DAY);
  await store.findings.patch(tx, orgId, id, { state: 'closed', outcome, closed_by: who, closed_at: tx.now, quiet_until: outcome === 'known' ? until : null });
  if (outcome === 'false_alarm') {
    await suppressions.insert(tx, {
      org_id: orgId, id: newId(tx.now.getTime()), finding_id: id, rule_id: row.rule_id, rule_title: row.rule.title, entity: row.entity, reason: note ?? '', by_name: who, created_at: tx.now, expires_at: until!,
      conditions: (await suppressions.filtersOf(tx, orgId)) < FILTERS_MAX ? conditionsOf(row) : null, owner_id: tx.actor.kind === 'person' ? tx.actor.personId : null, changed_at: tx.now, hits: '0', last_hit_at: null,
    });
  }
  await store.details.note(tx, [entry(tx, orgId, id, 'closed', note ?? null)]);
  tx.audit({ action: 'findings.closed', target: `finding:${id}`, orgId, facts: { outcome, ...(days === null ? {} : { days }) } });
  await tx.emit('findings.closed', { orgId, findingId: id, outcome, by: who });
  changed(kernel, tx, orgId, [id]);
}

/** Undoes closing, and the silence that came with it. */
export async function reopen(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, id: string): Promise<void> {
  const row = await taken(tx, orgId, id);
  if (row.state === 'open') throw new Problem(409, 'not_closed');
  if (!row.current) throw new Problem(409, 'replaced_by_newer');
  await store.findings.patch(tx, orgId, id, { state: 'open', outcome: null, closed_by: null, closed_at: null, quiet_until: null });
  await suppressions.endOf(tx, orgId, id);
  await store.details.note(tx, [entry(tx, orgId, id, 'reopened')]);
  tx.audit({ action: 'findings.reopened', target: `finding:${id}`, orgId });
  await tx.emit('findings.reopened', { orgId, findingId: id, by: tx.actor.name });
  changed(kernel, tx, orgId, [id]);
}

/** Gives a finding to somebody of the organisation, or to the caller (the desk's people are not on the member's list). */
export async function assign(kernel: Pick<Kernel, 'live'>, orgs: Pick<Orgs, 'people'>, tx: Tx, orgId: string, id: string, personId: string | null): Promise<void> {
  await taken(tx, orgId, id);
  const self = tx.actor.kind === 'person' && tx.actor.personId === personId ? tx.actor.name : undefined;
  const name = personId === null ? null : (self ?? (await orgs.people(tx, [personId])).get(personId)?.name);
  if (name === undefined) throw notFound();
  await store.findings.patch(tx, orgId, id, { assignee_id: personId, assignee_name: name });
  await store.details.note(tx, [entry(tx, orgId, id, 'assigned', name)]);
  tx.audit({ action: 'findings.assigned', target: `finding:${id}`, orgId, facts: { person: personId } });
  changed(kernel, tx, orgId, [id]);
}

/** Asks the desk; gives the ticket's id. A finding has one conversation: a second question goes into the first one's ticket. */
export async function ask(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, id: string, message: string | undefined): Promise<string> {
  const row = await taken(tx, orgId, id);
  if (row.ticket_id && !message?.trim()) return row.ticket_id;
  const { actor } = tx;
  const question = { orgId, findingId: id, message: message ?? '', by: { personId: actor.kind === 'person' ? actor.personId : null, name: actor.name }, ticketId: row.ticket_id };
  await tx.emit('findings.asked', question);
  if (question.ticketId === null) throw new Problem(503, 'desk_unreachable');
  tx.audit({ action: 'findings.asked', target: `finding:${id}`, orgId });
  if (question.ticketId !== row.ticket_id) await linkTicket(kernel, tx, orgId, id, question.ticketId);
  return question.ticketId;
}

export async function linkTicket(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, id: string, ticketId: string): Promise<void> {
  await store.findings.patch(tx, orgId, id, { ticket_id: ticketId });
  await store.details.note(tx, [entry(tx, orgId, id, 'ticket')]);
  changed(kernel, tx, orgId, [id]);
}

/** Closes what is over by itself, for instance a device that talks again. */
export async function settle(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, fingerprints: readonly string[]): Promise<void> {
  if (fingerprints.length === 0) return;
  const ids = (await store.findings.settle(tx, orgId, fingerprints, HOUSE)).map((r) => r.id);
  await store.details.note(tx, ids.map((id) => entry(tx, orgId, id, 'closed', null, HOUSE)));
  for (const id of ids) await tx.emit('findings.closed', { orgId, findingId: id, outcome: 'handled', by: HOUSE });
  if (ids.length > 0) changed(kernel, tx, orgId, ids);
}

/**
 * The same was seen at several members: it weighs more than by itself, once, and says so. What was closed stays closed and
 * says so, too.
 */
export async function escalate(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, told: readonly { readonly findingId: string; readonly members: number }[]): Promise<void> {
  const most = new Map<string, number>();
  for (const { findingId, members } of told) most.set(findingId, Math.max(members, most.get(findingId) ?? 0));
  const grown = (await store.findings.lockAll(tx, orgId, [...most.keys()])).flatMap((row) => {
    const before = elsewhereOf(row) ?? 0;
    const members = most.get(row.id)!;
    const graver = before === 0 && row.state === 'open' && row.rank > 0;
    return before >= members ? [] : [{ row, members, graver, rank: graver ? row.rank - 1 : row.rank }];
  });
  if (grown.length === 0) return;
  await store.findings.elsewhere(tx, orgId, ELSEWHERE, grown.map(({ row, members, rank }) => ({ id: row.id, members, rank })));
  changed(kernel, tx, orgId, grown.map(({ row }) => row.id));
  const graver = grown.filter((g) => g.graver);
  await store.details.note(tx, graver.map(({ row }) => entry(tx, orgId, row.id, 'grew', null, HOUSE)));
  for (const { row, rank } of graver) {
    await tx.emit('findings.raised', { orgId, findingId: row.id, severity: severityOf(rank), deskTicket: false, created: false, title: titlesOf({ ...row, rank }, tx.now) });
  }
  const now = graver.filter(({ rank }) => rank === 0);
  if (now.length > 0) tx.job('findings.now', { orgId, findingIds: now.map(({ row }) => row.id) });
}

/** Takes findings back whose ground is gone, because somebody no longer shares what they were made of. Nothing that was read there stays. */
export async function withdraw(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, fingerprints: readonly string[]): Promise<void> {
  if (fingerprints.length === 0) return;
  const ids = (await store.findings.byFingerprint(tx, orgId, fingerprints)).map((r) => r.id);
  if (ids.length === 0) return;
  await store.findings.remove(tx, orgId, ids);
  await tx.emit('findings.withdrawn', { orgId, ids });
  tx.audit({ action: 'findings.withdrawn', orgId, facts: { count: ids.length } });
  changed(kernel, tx, orgId, ids);
}

/** Moves somebody's open findings; `to` null: nobody's yet. */
export async function reassign(kernel: Pick<Kernel, 'live'>, tx: Tx, orgId: string, from: string, to: { id: string; name: string } | null): Promise<number> {
  const ids = (await store.findings.reassign(tx, orgId, from, to)).map((r) => r.id);
  await store.details.note(tx, ids.map((id) => entry(tx, orgId, id, 'assigned', to?.name ?? null)));
  if (ids.length > 0) changed(kernel, tx, orgId, ids);
  return ids.length;
}
