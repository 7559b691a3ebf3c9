import type { z } from 'zod';
import { ticketConsent, ticketConsentKinds, type ConsentKind } from '@banya/contract';
import { Problem } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/types.ts';
import { TICKET_CONSENT_DAYS } from './rules.ts';
import type { TicketConsentEnd, TicketConsentRow } from './schema.ts';
import * as store from './store.ts';

const DAY = 86_400_000;

/** A question of a member, as the module desk keeps it. */
export interface AskedTicket {
  readonly orgId: string;
  readonly deskOrgId: string;
  readonly id: string;
  readonly number: string;
  readonly subject: string;
}

const facts = (row: TicketConsentRow) => ({ number: Number(row.ticket_number), kinds: row.kinds.join(' ') });

/** Of some kinds those that do not stand. */
export async function missingKinds(tx: Tx, orgId: string, wanted: readonly (typeof ticketConsentKinds)[number][]): Promise<ConsentKind[]> {
  const standing = new Set((await store.consents.list(tx, orgId)).filter((c) => c.until === null || c.until > tx.now).map((c) => c.kind));
  return wanted.filter((kind) => !standing.has(kind));
}

/** The desk asks. In the member's scope, with the ticket locked. @throws Problem where it need not, or has */
export async function askForTicket(tx: Tx, ticket: AskedTicket, wanted: readonly (typeof ticketConsentKinds)[number][], by: string): Promise<TicketConsentRow> {
  const kinds = await missingKinds(tx, ticket.orgId, wanted);
  if (kinds.length === 0) throw new Problem(409, 'look_not_needed');
  const before = await store.ticketConsents.latest(tx, ticket.orgId, ticket.id);
  if (before && stateOf(before, tx.now) === 'asked') throw new Problem(409, 'look_asked');
  if (before && stateOf(before, tx.now) === 'allowed') throw new Problem(409, 'look_not_needed');
  // One that has run out makes room.
  if (before) await store.ticketConsents.end(tx, ticket.orgId, 'expired', { ticketId: ticket.id });
  const row: TicketConsentRow = {
    org_id: ticket.orgId, id: newId(tx.now.getTime()), desk_org_id: ticket.deskOrgId, ticket_id: ticket.id, ticket_number: ticket.number, ticket_subject: ticket.subject, kinds, asked_at: tx.now, asked_by: by,
    answered_at: null, answered_by: null, until: null, ended_at: null, ended_how: null,
  };
  await store.ticketConsents.insert(tx, row);
  tx.audit({ action: 'consents.ticket_asked', target: `ticket:${ticket.id}`, orgId: ticket.orgId, facts: facts(row) });
  return row;
}

/** @throws Problem where nothing was asked, or it was answered already */
export async function answerForTicket(tx: Tx, orgId: string, ticketId: string, allow: boolean, by: string): Promise<TicketConsentRow> {
  const row = await store.ticketConsents.answer(tx, orgId, ticketId, by, allow ? new Date(tx.now.getTime() + TICKET_CONSENT_DAYS * DAY) : null);
  if (!row) throw new Problem(409, 'look_not_asked');
  tx.audit({ action: allow ? 'consents.ticket_allowed' : 'consents.ticket_refused', target: `ticket:${ticketId}`, orgId, facts: { ...facts(row), ...(row.until ? { until: row.until.toISOString() } : {}) } });
  return row;
}

/** Ends what runs or is asked for a question, or of a kind. @returns what ended */
export async function endTicketConsents(tx: Tx, orgId: string, how: TicketConsentEnd, of: { readonly ticketId: string } | { readonly kind: ConsentKind }): Promise<readonly TicketConsentRow[]> {
  return told(tx, await store.ticketConsents.end(tx, orgId, how, of));
}

/** After a standing consent was given: nobody need answer for one question what stands for all. */
export async function endStanding(tx: Tx, orgId: string): Promise<void> {
  told(tx, await store.ticketConsents.endNeedless(tx, orgId));
}

function told(tx: Tx, rows: readonly TicketConsentRow[]): readonly TicketConsentRow[] {
  for (const row of rows) tx.audit({ action: 'consents.ticket_ended', target: `ticket:${row.ticket_id}`, orgId: row.org_id, facts: { ...facts(row), how: row.ended_how } });
  return rows;
}

type State = z.output<typeof ticketConsent>['state'];
export function stateOf(row: TicketConsentRow, now: Date): State {
  if (row.ended_how === 'refused') return 'refused';
  if (row.ended_at !== null || (row.until !== null && row.until <= now)) return 'ended';
  return row.until === null ? 'asked' : 'allowed';
}

export function presentTicketConsent(row: TicketConsentRow, now: Date): z.output<typeof ticketConsent> {
  const state = stateOf(row, now);
  // What has run out has no other end until somebody asks again.
  const ended = state === 'ended' ? { at: row.ended_at ?? row.until!, how: row.ended_how === null || row.ended_how === 'refused' ? 'expired' as const : row.ended_how } : null;
  return {
    ticket: row.ticket_id, number: Number(row.ticket_number), subject: row.ticket_subject, kinds: [...row.kinds], state, askedAt: row.asked_at.toISOString(), askedBy: row.asked_by,
    answered: row.answered_at ? { at: row.answered_at.toISOString(), by: row.answered_by ?? '' } : null, until: row.until?.toISOString() ?? null, ended: ended && { at: ended.at.toISOString(), how: ended.how },
  };
}
