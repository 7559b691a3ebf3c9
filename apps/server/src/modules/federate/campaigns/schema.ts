import type { mailVerdicts, sampleDecisions } from '@banya/contract';

export type Verdict = (typeof mailVerdicts)[number];
export type Decision = (typeof sampleDecisions)[number];
/** What two mails may share. `place`: a URL on a host where anybody may put things; `picture`: an image file, which mails of one sender share anyway. */
export type PrintKind = 'band' | 'url' | 'place' | 'sender' | 'subject' | 'file' | 'picture' | 'message';

/** A print under the federation's key: 64 bits of an HMAC as a signed decimal, as bigint columns hold it. */
export interface KeyedPrint {
  readonly mac: string;
  readonly kind: PrintKind;
}

export interface OwnMailRow {
  org_id: string;
  sample_id: string;
  member_id: string;
  federation_id: string;
  at: Date;
  reporter_id: string | null;
  touched: boolean;
  verdict: Verdict | null;
  decision: Decision | null;
  decided_at: Date | null;
  prints: string[];
  kinds: PrintKind[];
  marks: string[];
  campaign_id: string | null;
  shared: boolean;
  shown: boolean;
}

export interface CampaignRow {
  org_id: string;
  id: string;
  first_at: Date;
  last_at: Date;
  members: number;
  reports: number;
  touched: number;
  verdict: Verdict | null;
  decision: Decision | null;
  decided_at: Date | null;
  merged_into: string | null;
}

export interface CampaignMemberRow {
  member_id: string;
  reports: number;
  touched: number;
  first_at: Date;
  last_at: Date;
}
