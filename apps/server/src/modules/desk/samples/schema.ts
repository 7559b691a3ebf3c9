import type { z } from 'zod';
import type { mailProfile, mailVerdicts, sampleChannels, sampleDecisions, sampleStates, touches, Bilingual } from '@banya/contract';

export type Verdict = (typeof mailVerdicts)[number];
export type Touched = (typeof touches)[number];
export type SampleChannel = (typeof sampleChannels)[number];
export type SampleState = (typeof sampleStates)[number];
export type Decision = (typeof sampleDecisions)[number];
export type Profile = z.output<typeof mailProfile>;

/** A mail that somebody asked about, without its analysis: what lists read. */
export interface SampleRow {
  org_id: string;
  id: string;
  desk_org_id: string;
  created_at: Date;
  channel: SampleChannel;
  report_key: string | null;
  reporter_id: string | null;
  reporter_name: string;
  /** The token it was sent with. */
  token_id: string | null;
  /** Whom a report button named: a claim. Told the answer, and may read it. */
  told_id: string | null;
  answer_by_mail: boolean;
  state: SampleState;
  subject: string;
  sender: string;
  verdict: Verdict | null;
  score: number | null;
  passage: string | null;
  first_reason: Bilingual | null;
  asks: string[];
  delivered_at: Date | null;
  report_digest: string;
  mail_digest: string | null;
  message_key: string | null;
  size: number;
  file_id: string | null;
  delete_on: string;
  kept: boolean;
  touched: Touched | null;
  decision: Decision | null;
  decided_at: Date | null;
  ticket_id: string | null;
  /** It joined the question that a like mail had opened. */
  joined: boolean;
  learned: boolean;
  answered_at: Date | null;
}
export type NewSample = Pick<SampleRow, 'org_id' | 'id' | 'desk_org_id' | 'created_at' | 'channel' | 'report_key' | 'reporter_id' | 'reporter_name' | 'token_id' | 'told_id' | 'answer_by_mail' | 'report_digest' | 'size' | 'file_id' | 'delete_on' | 'touched'>;

export interface MailboxSettings {
  readonly kind: 'none' | 'imap' | 'microsoft365';
  readonly host: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly folder: string | null;
  readonly tenant: string | null;
  readonly clientId: string | null;
}

export interface ProfileRow {
  org_id: string;
  officers: Profile['officers'];
  partners: Profile['partners'];
  authserv_ids: string[];
  keep_days: number;
  mailbox: MailboxSettings | null;
  mailbox_sealed: string | null;
  mailbox_at: Date | null;
  mailbox_error: string | null;
}

export interface SenderRow {
  org_id: string;
  kind: 'address' | 'domain';
  key: string;
  seen: number;
  names: string[];
  mailers: string[];
  reply_domains: string[];
}
