import type { Lang } from '@banya/contract';
import { cacheOf } from '../../../kernel/config.ts';
import type { Bound } from '../../../kernel/http/call.ts';
import type { Kernel, OutgoingMail } from '../../../kernel/kernel.ts';
import type { JobHandler, Tx } from '../../../kernel/types.ts';
import type { Files } from '../../files/index.ts';
import { orgOf, type RouteParts } from '../routes.ts';
import { hasRoom, noteRefusal } from './bounds.ts';
import { deskRoutes } from './desk-routes.ts';
import { MailDns } from './dns.ts';
import { forgetMail } from './forget.ts';
import { Senders } from './history.ts';
import { Judge, type MailJudge } from './judge.ts';
import { keyOf, memberRoutes, report, SampleLimits } from './member-routes.ts';
import { addresses, profiles, tokenOf } from './profile.ts';
import { presentSample } from './present.ts';
import { DRILL_HEADER, drillMark, drillText, type DrillMail } from './rules.ts';
import type { SampleRow } from './schema.ts';
import { openAnalysis, type StoredAnalysis } from './sealed.ts';
import { isSampleFile, systemScope, type Campaigns, type ReportedSample, type SampleParts } from './service.ts';
import { mailboxOf, settingsRoutes, type Mailboxes, type MailboxOf } from './settings-routes.ts';
import { samples } from './store.ts';
import './texts.ts';
import { SampleWork } from './work.ts';

declare module '../../../kernel/types.ts' {
  interface BusEvents {
    /** A reported mail has been judged, or could not be. */
    'samples.judged': { orgId: string; sampleId: string };
    'samples.decided': { orgId: string; sampleId: string; decision: 'dangerous' | 'unwanted' | 'harmless' };
    /** Somebody has clicked, opened or typed something. */
    'samples.touched': { orgId: string; sampleId: string };
    /** Somebody has had the desk look at a mail that it did not see before. */
    'samples.asked': { orgId: string; sampleId: string };
    /** A drill was reported by whom it was sent to. */
    'mail.reported': { orgId: string; sampleId: string; personId: string | null; token: string };
  }
  interface JobPayloads {
    'desk.judge': { orgId: string; sampleId: string; hint: 'eml' | 'msg' | 'text' | null };
    'desk.judgeSweep': Record<string, never>;
    'desk.samplesClean': Record<string, never>;
    /** The desk has decided a question that very many asked. */
    'desk.decideRest': { orgId: string; ticketId: string; decision: 'dangerous' | 'unwanted' | 'harmless' };
  }
}

export type { Campaigns, ReportedSample } from './service.ts';
export type { MailJudge } from './judge.ts';
export type { StoredAnalysis } from './sealed.ts';
export type { Mailboxes, MailboxOf } from './settings-routes.ts';

const DRILL_DAYS_MAX = 90;

export interface SampleFacts extends Pick<SampleRow, 'state' | 'verdict' | 'decision' | 'touched'> {
  readonly at: Date;
  readonly decidedAt: Date | null;
  readonly reporterId: string | null;
  /** The desk may see the mail itself: a question holds it, or its member shares mails. */
  readonly shown: boolean;
}

/** Mails that people ask about: taken, judged, answered, looked at by the desk. */
export interface Samples {
  /** A mail may come soon: who asks does not wait until the engine has started. */
  warm(): void;
  /** Takes a report once, however often it is told with the same key; in a transaction of its own. @throws Problem too_many_requests */
  report(mail: ReportedSample): Promise<{ sampleId: string; again: boolean }>;
  /** Whose address for reports this is, by the part before the @. */
  recipient(localPart: string): Promise<{ orgId: string } | null>;
  /** Whether this organisation takes more mails now, proven to be their sender's or not; the desk hears of it when not. */
  room(orgId: string, proven: boolean): Promise<boolean>;
  /** Who keeps campaigns says so once. */
  setCampaigns(campaigns: Campaigns): void;
  /** The door that reads mailboxes says so once. */
  setMailboxes(mailboxes: Mailboxes): void;
  /** Organisations whose mailbox is read. */
  withMailbox(): Promise<readonly string[]>;
  mailbox(orgId: string): Promise<MailboxOf | null>;
  /** After a reading: null, or why it failed, in words for the lead. */
  mailboxRead(orgId: string, error: string | null): Promise<void>;
  /** Of a judged mail; null while it waits and once it is deleted. In the organisation's scope or as system. */
  analysis(tx: Tx, orgId: string, sampleId: string): Promise<StoredAnalysis | null>;
  /** What became of a reported mail, without its words; null where there is none (any more). In the organisation's scope or as system. */
  facts(tx: Tx, orgId: string, sampleId: string): Promise<SampleFacts | null>;
  /** Reported mails of the organisation by id, or whose sender or subject holds one of the texts, newest first; in its scope. */
  traced(tx: Tx, orgId: string, ids: readonly string[], texts: readonly string[], since: Date, limit: number): ReturnType<typeof samples.traced>;
  /** Those of the samples that this federation's desk may see, newest first; in the federation's scope. */
  ofDesk(tx: Tx, federationId: string, sampleIds: readonly string[], lang: Lang): Promise<ReturnType<typeof presentSample>[]>;
  /** The header that marks this one mail as a drill for this person until then, 90 days at most. `token`: 8 to 64 of A–Z, a–z, 0–9, _ and -. `mail`: as it is sent; files: SHA-256. */
  drillHeader(orgId: string, drill: { readonly token: string; readonly personId: string; readonly until: Date; readonly mail: DrillMail }): { readonly name: string; readonly value: string };
}

export interface SampleDeps {
  readonly files: Files;
  readonly mail: (tx: Tx, mail: OutgoingMail) => Promise<void>;
  readonly langs?: ((personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>) | undefined;
  /** Where mails are taken in; null while they are not. */
  readonly mailDomain?: (() => string | null) | undefined;
  /** The engine in watched children, unless told. */
  readonly judge?: MailJudge | undefined;
}

export interface OpenSamples {
  readonly api: Samples;
  readonly routes: readonly Bound[];
  // Each handler was checked against its own job's payload where it is written.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly jobs: readonly JobHandler<any>[];
  stop(): Promise<void>;
}

/** Nobody is asked unless the operator has said whom. */
const dnsOf = (servers: Kernel['config']['mailDns']): MailDns | null => (servers.length === 0 ? null : new MailDns(servers[0] === 'system' ? 'system' : servers));

export function openSamples(kernel: Kernel, route: RouteParts, { files, mail, langs, mailDomain, judge: given }: SampleDeps): OpenSamples {
  const judge = given ?? new Judge({ cache: cacheOf(kernel.config), keepOne: kernel.config.role === 'all' || kernel.config.role === 'worker', dns: dnsOf(kernel.config.mailDns) });
  const campaigns: { current: Campaigns | null } = { current: null };
  let mailboxes: Mailboxes | null = null;
  const { tenancy, secrets } = kernel;
  const limits = new SampleLimits(kernel.clock);
  const parts: SampleParts = { ...route, kernel, files, senders: new Senders(secrets), mail, langs, campaigns };
  const work = new SampleWork(parts, judge);

  kernel.bus.on('files.deleted', async (tx, { orgId, fileId, purpose }) => {
    if (isSampleFile(purpose)) await forgetMail(tx, orgId, fileId);
  });
  // With a standing consent the desk sees every mail; without it those it is asked about.
  kernel.bus.on('consents.given', async (tx, { orgId, kind }) => {
    if (kind === 'samples' && tx.orgId === orgId) await samples.hand(tx, null, true);
  });
  kernel.bus.on('consents.withdrawn', async (tx, { orgId, kind }) => {
    if (kind === 'samples' && tx.orgId === orgId) await samples.hand(tx, null, false);
  });

  return {
    routes: [...memberRoutes(parts, limits, judge), ...deskRoutes(parts, judge), ...settingsRoutes(parts, () => mailboxes, mailDomain ?? (() => null))],
    jobs: work.jobs(),
    stop: async () => judge.close(),
    api: {
      warm: () => judge.warm(),
      report: (given) => {
        limits.reports(given.orgId, given.reporter.id ?? given.reporter.name ?? keyOf({ kind: 'system', name: 'mail' }));
        judge.warm();
        return report(parts, systemScope(given.orgId), given);
      },
      recipient: async (localPart) => {
        const token = tokenOf(localPart);
        if (token === null) return null;
        const orgId = await tenancy.asSystem('whose address for reports is this', (tx) => addresses.holder(tx, token));
        // Who has left takes no more mails.
        return orgId !== null && (await route.orgs.directory.facts(orgId))?.left === false ? { orgId } : null;
      },
      room: async (orgId, proven) => {
        const free = await tenancy.inOrg(systemScope(orgId), (tx) => hasRoom(tx, orgId, 0, !proven));
        if (!free) await tenancy.inOrg(systemScope(orgId), async (tx) => noteRefusal(parts, tx, await orgOf(parts, tx, orgId)));
        return free;
      },
      setCampaigns: (given) => {
        campaigns.current = given;
      },
      setMailboxes: (given) => {
        mailboxes = given;
      },
      withMailbox: () => tenancy.asSystem('which organisations have a mailbox that is read', (tx) => profiles.withMailbox(tx)),
      mailbox: (orgId) => tenancy.inOrg(systemScope(orgId), (tx) => mailboxOf(parts, tx, orgId)),
      mailboxRead: (orgId, error) => tenancy.inOrg(systemScope(orgId), async (tx) => void (await profiles.mailboxRead(tx, orgId, error))),
      analysis: async (tx, orgId, sampleId) => openAnalysis(secrets, orgId, sampleId, await samples.analysis(tx, orgId, sampleId)),
      facts: async (tx, orgId, sampleId) => {
        const row = await samples.get(tx, 'org_id', orgId, sampleId);
        return row ? { state: row.state, verdict: row.verdict, decision: row.decision, decidedAt: row.decided_at, touched: row.touched, at: row.created_at, reporterId: row.reporter_id, shown: row.desk_org_id !== row.org_id } : null;
      },
      traced: samples.traced,
      ofDesk: async (tx, federationId, sampleIds, lang) => {
        const rows = await samples.list(tx, 'desk_org_id', federationId, { verdict: null, q: '', reporter: null, member: null, ids: sampleIds, open: false, after: null, limit: sampleIds.length });
        const names = await route.orgs.names(tx, rows.map((r) => r.org_id));
        const found = await campaigns.current?.of(tx, rows.map((r) => r.id));
        return rows.map((r) => presentSample(r, names.get(r.org_id), found?.get(r.id), lang));
      },
      drillHeader: (orgId, { token, personId, until, mail: sent }) => {
        const seconds = Math.floor(until.getTime() / 1000);
        if (seconds * 1000 > kernel.clock.now() + DRILL_DAYS_MAX * 86_400_000) throw new RangeError(`a drill is known as one for ${DRILL_DAYS_MAX} days at most`);
        const value = `v2.${token}.${seconds}.${secrets.mac('drill', drillText(orgId, personId, token, seconds, sent))}`;
        if (!drillMark(value)) throw new RangeError('the token of a drill has 8 to 64 of A–Z, a–z, 0–9, _ and -');
        return { name: DRILL_HEADER, value };
      },
    },
  };
}
