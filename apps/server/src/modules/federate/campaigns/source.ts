import type { z } from 'zod';
import type { Lang, sample } from '@banya/contract';
import type { Analysis } from '@banya/mail';
import type { Tx } from '../../../kernel/types.ts';
import type { OrgRow } from '../../orgs/index.ts';

/** What campaigns need of a reported mail. */
export interface SampleFacts {
  readonly state: 'waiting' | 'judged' | 'failed' | 'drill';
  readonly verdict: z.output<typeof sample>['verdict'];
  readonly decision: z.output<typeof sample>['decision'];
  readonly decidedAt: Date | null;
  readonly touched: z.output<typeof sample>['touched'];
  readonly at: Date;
  readonly reporterId: string | null;
  /** The desk may see the mail itself: a question holds it, or its member shares mails. */
  readonly shown: boolean;
}

/** Where reported mails are kept; the module desk answers it. */
export interface SampleSource {
  /** In the organisation's scope or as system; null where there is none (any more). */
  facts(tx: Tx, orgId: string, sampleId: string): Promise<SampleFacts | null>;
  analysis(tx: Tx, orgId: string, sampleId: string): Promise<{ readonly analysis: Analysis } | null>;
  /** Those of the samples that this federation's desk may see, newest first; in the federation's scope. */
  ofDesk(tx: Tx, federationId: string, sampleIds: readonly string[], lang: Lang): Promise<readonly z.output<typeof sample>[]>;
  /** Tells who knows of campaigns. */
  setCampaigns(campaigns: Campaigns): void;
}

/** What the desk's pages ask of campaigns. */
export interface Campaigns {
  /** The campaign of each sample that is in one; in the scope of its organisation or of the federation. */
  of(tx: Tx, samples: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Samples of a campaign that the transaction may know of, newest first, at most 500. */
  samples(tx: Tx, campaign: string): Promise<readonly string[]>;
  /** Remembers what a judged mail shares with others, and gives the organisation's own mails since then that are of the same campaign, the likest first; in its scope. */
  like(tx: Tx, org: Pick<OrgRow, 'id' | 'kind' | 'path'>, sampleId: string, facts: SampleFacts, analysis: Analysis, since: Date): Promise<readonly string[]>;
  /** How often it was seen, as far as members share: at others for the member, in all for the federation; null when nowhere. */
  seen(tx: Tx, orgId: string, sample: string): Promise<{ readonly members: number; readonly reports: number; readonly touched: number; readonly firstAt: Date | null } | null>;
}
