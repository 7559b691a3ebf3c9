import type { z } from 'zod';
import type { Lang, ticket as ticketShape, ticketDetail } from '@banya/contract';
import type { Tx } from '../../kernel/types.ts';
import { fade, levelOf } from '../findings/index.ts';
import type { Orgs } from '../orgs/index.ts';
import * as knowledge from './knowledge-store.ts';
import { slaState, unreadByDesk, unreadByMember, urgencyOf, wantedFor } from './rules.ts';
import type { Asked } from './samples/present.ts';
import { questionSubject } from './samples/rules.ts';
import type { SampleRow } from './samples/schema.ts';
import { samples } from './samples/store.ts';
import type { MessageRow, NoteRow, TicketRow } from './schema.ts';
import * as store from './store.ts';
import { historyText, house } from './texts.ts';

export type Ticket = z.output<typeof ticketShape>;
export type Reader = 'member' | 'desk';

const who = (name: string, lang: Lang): string => name || house[lang];

export function presentTicket(row: TicketRow, orgName: string | undefined, reader: Reader, lang: Lang, now: Date, asked?: Asked): Ticket {
  return {
    id: row.id, number: Number(row.number), org: row.org_id, orgName: orgName ?? '', subject: row.subject, state: row.state, urgency: urgencyOf(row.rank), channel: row.channel,
    requester: { id: row.requester_id, name: who(row.requester_name, lang) }, assignee: row.assignee_id ? { id: row.assignee_id, name: row.assignee_name ?? '' } : null, finding: row.finding_id,
    createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString(),
    sla: { firstReplyDue: row.first_reply_due?.toISOString() ?? null, solveDue: row.solve_due?.toISOString() ?? null, state: slaState(row, now) },
    unread: reader === 'desk' ? unreadByDesk(row) : unreadByMember(row), satisfaction: row.satisfaction, ...(asked ? { asked } : {}), ...(reader === 'desk' && row.risk !== null && row.risk_at ? { risk: riskOf(row.risk, row.risk_at, now) } : {}),
  };
}

function riskOf(score: number, at: Date, now: Date): NonNullable<Ticket['risk']> {
  const faded = fade(score, at, now);
  return { score: Math.round(faded * 10) / 10, level: levelOf(faded) };
}

export function presentMessage(row: MessageRow, titles: ReadonlyMap<string, string>, lang: Lang): z.output<typeof ticketDetail>['messages'][number] {
  const title = row.article_id ? titles.get(row.article_id) : undefined;
  return { id: row.id, at: row.at.toISOString(), who: who(row.who, lang), side: row.side, text: row.text, article: row.article_id && title !== undefined ? { id: row.article_id, title } : null };
}

export const presentNotes = (rows: readonly NoteRow[]) => rows.map((n) => ({ id: n.id, at: n.at.toISOString(), who: n.who, text: n.text }));

/** A conversation as its member may read it: notes of the desk are not here to be shown. */
export async function presentDetail(tx: Tx, row: TicketRow, orgName: string | undefined, reader: Reader, lang: Lang): Promise<z.output<typeof ticketDetail>> {
  const messages = await store.details.messages(tx, row.org_id, row.id);
  const history = await store.details.history(tx, row.org_id, row.id);
  const titles = await knowledge.articles.titles(tx, row.desk_org_id, messages.flatMap((m) => (m.article_id ? [m.article_id] : [])), lang);
  const sample = await samples.leading(tx, row.org_id, row.id);
  return {
    ...presentTicket(row, orgName, reader, lang, tx.now, (await samples.counts(tx, [row.id])).get(row.id)), sample: sample?.id ?? null, mergedInto: row.merged_into, callback: row.callback,
    messages: messages.map((m) => presentMessage(m, titles, lang)), history: history.map((h) => ({ at: h.at.toISOString(), who: who(h.who, lang), what: historyText(h, lang) })),
  };
}

/** Whether the desk may look for it. Where the question is the federation's own there is nobody to ask. In the scope of the question's organisation. */
export async function presentLook(orgs: Pick<Orgs, 'ticketConsents'>, tx: Tx, row: TicketRow): Promise<z.output<typeof ticketDetail>['look']> {
  const missing = row.org_id === row.desk_org_id ? [] : await orgs.ticketConsents.missing(tx, row.org_id, wantedFor(row));
  return { missing, last: await orgs.ticketConsents.latest(tx, row.org_id, row.id) };
}

/** A question that somebody joined with a mail of his or her own: nothing that names who asked first. */
export const asJoined = (row: TicketRow, personId: string, mine: Pick<SampleRow, 'subject' | 'reporter_name'>): TicketRow =>
  row.requester_id === personId ? row : { ...row, requester_id: personId, requester_name: mine.reporter_name, subject: questionSubject(mine.subject), callback: null, finding_id: null, satisfaction: null, risk: null, risk_at: null };

/** A question that others asked as well, as one of them may read it: what the desk wrote and what he or she did, and nobody else. */
export async function presentShared(tx: Tx, row: TicketRow, orgName: string | undefined, lang: Lang, personId: string, mine: SampleRow | undefined): Promise<z.output<typeof ticketDetail>> {
  const messages = await store.details.messages(tx, row.org_id, row.id, personId);
  const titles = await knowledge.articles.titles(tx, row.desk_org_id, messages.flatMap((m) => (m.article_id ? [m.article_id] : [])), lang);
  const shown = mine ? asJoined(row, personId, mine) : row;
  return {
    ...presentTicket(shown, orgName, 'member', lang, tx.now), sample: mine?.id ?? null, mergedInto: null, callback: shown.callback, shared: true,
    messages: messages.map((m) => presentMessage(m, titles, lang)), history: [],
  };
}
