import { dayNumber, zoneOf } from '@banya/deadlines';
import type { Lang } from '@banya/contract';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Files } from '../files/index.ts';
import { titleOf, type Findings } from '../findings/index.ts';
import type { Notify } from '../notify/index.ts';
import { holdFindings } from './findings-held.ts';
import { Inbound, TicketIds, type InboundDeps } from './inbound/index.ts';
import type { Orgs } from '../orgs/index.ts';
import { countRisks, risksJob, watchRisks } from './risks.ts';
import { DeskMails } from './jobs.ts';
import { articleRoutes, settingsRoutes, templateRoutes } from './knowledge-routes.ts';
import { lookRoutes } from './looks.ts';
import { queueRoutes } from './queue-routes.ts';
import { Limits, memberRoutes, type RouteParts } from './routes.ts';
import { openSamples, type MailJudge, type Samples } from './samples/index.ts';
import { lookCard, slaState, urgencyOfSeverity, urgencyOf, waitingCard } from './rules.ts';
import type { Channel } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import { lookKinds } from './texts.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    'desk.asked': { orgId: string; deskOrgId: string; ticketId: string; channel: Channel };
    'desk.replied': { orgId: string; deskOrgId: string; ticketId: string };
    'desk.solved': { orgId: string; deskOrgId: string; ticketId: string; findingId: string | null };
  }
  interface JobPayloads {
    'desk.tell': { orgId: string; ticketId: string; messageId: string | null };
    /** The desk asks to look for a question. */
    'desk.lookAsked': { orgId: string; ticketId: string; messageId: string };
    'desk.urgent': { orgId: string; deskOrgId: string; ticketId: string };
    /** Somebody has opened a mail that a question was about already. */
    'desk.raised': { orgId: string; deskOrgId: string; ticketId: string };
    'desk.late': Record<string, never>;
    /** A member has registered a sender of logs that waits for the desk. */
    'desk.confirm': { orgId: string; deskOrgId: string };
  }
}

export type { NewTicket } from './service.ts';
export type { Inbound, InboundMail, Received } from './inbound/index.ts';
export type { Campaigns, Mailboxes, MailboxOf, ReportedSample, Samples, StoredAnalysis } from './samples/index.ts';

/** Questions of the members, one queue for their federation. */
export interface Desk extends Module {
  /** Questions and replies by mail. */
  readonly inbound: Inbound;
  /** Mails that people ask about. */
  readonly samples: Samples;
  /** Open questions of one organisation. */
  openCount(tx: Tx, orgId: string): Promise<number>;
  /** Tickets opened and tickets solved on the organisation's days `from` to `to` (YYYY-MM-DD, both included); in its own transaction. */
  ofMonth(tx: Tx, orgId: string, from: string, to: string): Promise<{ asked: number; solved: number }>;
  /** Oldest first, at most 200. */
  openTickets(tx: Tx, orgId: string): Promise<OpenTicket[]>;
  /** Questions of the organisation whose subject or words hold one of the texts, newest first, at most 20; in its scope. */
  mentioning(tx: Tx, orgId: string, texts: readonly string[], since: Date): ReturnType<typeof store.tickets.mentioning>;
  /** Opens a ticket in the member's transaction or a system one; gives its id. */
  open(tx: Tx, asked: service.NewTicket): Promise<string>;
}

/** A question that is still open, for reports. */
export interface OpenTicket {
  readonly id: string;
  readonly subject: string;
  /** waiting: the desk has answered and waits for the member. */
  readonly state: 'new' | 'working' | 'waiting';
  /** Since when it is in that state. */
  readonly since: Date;
  /** Past the time set for an answer. */
  readonly late: boolean;
}

export interface DeskDeps {
  readonly orgs: Orgs;
  readonly notify: Pick<Notify, 'mail'>;
  readonly findings: Findings;
  readonly files: Files;
  /** The language of people's accounts; Japanese where it is not known. */
  readonly langs?: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>;
  /** The part behind the @ of signed addresses, and whether replies come in. */
  readonly mailIn?: { readonly domain: string; readonly on: boolean };
  readonly keepRaw?: InboundDeps['keepRaw'];
  /** What reads reported mails; the engine in watched children unless told. */
  readonly judge?: MailJudge;
}

const CARDS_MAX = 5;
const CONFIRM_DELAY_MS = 120_000;
const REPORTED_MAX = 200;

export function openDesk(kernel: Kernel, { orgs, notify, findings, files, langs, mailIn, keepRaw, judge }: DeskDeps): Desk {
  const parts: RouteParts = { kernel, orgs, findings, limits: new Limits(kernel.clock) };
  const inbound = new Inbound(kernel, { orgs, parts, ids: new TicketIds(kernel.secrets, mailIn?.domain ?? 'localhost'), on: mailIn?.on ?? false, keepRaw });
  const mails = new DeskMails(kernel, { orgs, mail: notify.mail, langs, threading: (tx, row, message, personId) => inbound.threading(tx, row, message, personId) });
  const samples = openSamples(kernel, parts, { files, mail: notify.mail, langs, mailDomain: () => (mailIn?.on ? mailIn.domain : null), judge });

  holdFindings(kernel, findings);
  watchRisks(kernel);
  kernel.bus.on('findings.raised', async (tx, { orgId, findingId, severity, deskTicket, created, title }) => {
    // The conversation about it may be open already; the desk sees what has come to it since.
    if (!created) return countRisks(tx, orgId);
    if (!deskTicket) return;
    const org = await orgs.get(tx, orgId);
    if (!org) return;
    const row = await service.openTicket(parts, tx, { org, channel: 'finding', requester: { id: null, name: service.HOUSE }, subject: title.ja, text: title.ja, urgency: urgencyOfSeverity[severity], findingId });
    countRisks(tx, orgId);
    await findings.linkTicket(tx, orgId, findingId, row.id);
  });
  kernel.bus.on('findings.asked', async (tx, question) => {
    const { orgId, findingId, by } = question;
    parts.limits.asks(tx.actor);
    const before = question.ticketId ?? (await store.tickets.ofFinding(tx, orgId, findingId))?.id;
    if (before !== undefined) {
      const row = await service.takeRoot(tx, orgId, before);
      if (question.message.trim()) await service.memberSays(parts, tx, row, { text: question.message, by });
      question.ticketId = row.id;
      return;
    }
    const [org, finding] = [await orgs.get(tx, orgId), await findings.get(tx, orgId, findingId)];
    if (!org || !finding) return;
    const subject = titleOf(finding, { lang: 'ja', zone: org.time_zone, now: tx.now });
    const row = await service.openTicket(parts, tx, { org, channel: 'finding', requester: { id: by.personId, name: by.name }, subject, text: question.message.trim() || 'この気づきについて教えてください。', urgency: urgencyOf(finding.rank), findingId });
    countRisks(tx, orgId, 0);
    question.ticketId = row.id;
  });
  kernel.bus.on('findings.closed', async (tx, { orgId, findingId, outcome, by }) => {
    if (outcome === 'ticket') return;
    const row = await store.tickets.ofFinding(tx, orgId, findingId);
    if (!row) return;
    await store.details.remember(tx, [service.line(tx, row, 'finding_closed', outcome, by)]);
    service.changed(parts, tx, row);
  });
  // History belongs to the member, whom the federation's transaction does not write for: the ledger says who handed over.
  const reassign = async (tx: Tx, federation: string, from: string, to: { id: string; name: string } | null): Promise<number> => {
    const rows = await store.tickets.reassign(tx, federation, from, to);
    for (const row of rows) service.changed(parts, tx, { ...row, desk_org_id: federation });
    return rows.length;
  };
  kernel.bus.on('roles.handedOver', async (tx, { orgId, role, from, to, moved }) => {
    if (role !== 'desk') return;
    const name = (await orgs.people(tx, [to])).get(to)?.name;
    if (name !== undefined) moved.tickets += await reassign(tx, orgId, from, { id: to, name });
  });
  // The desk's notes are the federation's rows, but they are about the member.
  kernel.bus.on('orgs.erasing', (tx, { orgId }) => store.tickets.forgetNotes(tx, orgId));
  kernel.bus.on('people.archived', async (tx, { orgId, personId }) => {
    await reassign(tx, orgId, personId, null);
  });
  // Several registered one after another are told in one mail.
  kernel.bus.on('inventory.sourceWaits', async (tx, { orgId }) => {
    const org = await orgs.get(tx, orgId);
    const deskOrgId = org ? orgs.federationOf(org) : orgId;
    if (deskOrgId === orgId) return;
    tx.job('desk.confirm', { orgId, deskOrgId }, { singletonKey: orgId, startAfter: new Date(tx.now.getTime() + CONFIRM_DELAY_MS) });
    tx.afterCommit(() => kernel.live.publish(deskOrgId, { kind: 'source', id: orgId }));
  });
  findings.addCards(async (tx, orgId) => {
    const asked = await orgs.ticketConsents.waiting(tx, orgId, CARDS_MAX);
    // Such a question is one click, and the same page as the answer that came with it.
    const asks = new Set(asked.map((a) => a.ticket));
    return [...asked.map((a) => lookCard(a, { ja: lookKinds(a.kinds, 'ja'), en: lookKinds(a.kinds, 'en') })), ...(await store.tickets.answered(tx, orgId, CARDS_MAX)).filter((row) => !asks.has(row.id)).map(waitingCard)];
  });

  return {
    name: 'desk',
    inbound,
    samples: samples.api,
    routes: [...memberRoutes(parts), ...queueRoutes(parts, (tx, id) => inbound.related(tx, id)), ...lookRoutes(parts), ...templateRoutes(parts), ...articleRoutes(parts), ...settingsRoutes(parts), ...samples.routes],
    jobs: [...mails.jobs(), ...samples.jobs, risksJob(kernel, { orgs, findings })],
    stop: samples.stop,
    openCount: store.tickets.openCount,
    ofMonth: async (tx, orgId, from, to) => {
      const zone = zoneOf((await orgs.get(tx, orgId))?.time_zone ?? 'Asia/Tokyo');
      return store.tickets.ofSpan(tx, orgId, new Date(zone.instantOf(dayNumber(from), 0)), new Date(zone.instantOf(dayNumber(to) + 1, 0)));
    },
    mentioning: store.tickets.mentioning,
    openTickets: async (tx, orgId) =>
      (await store.tickets.oldestOpen(tx, orgId, REPORTED_MAX)).map((r) => ({ id: r.id, subject: r.subject, state: r.state as OpenTicket['state'], since: r.state_since, late: slaState(r, tx.now) === 'late' })),
    open: async (tx, asked) => (await service.openTicket(parts, tx, asked)).id,
  };
}
