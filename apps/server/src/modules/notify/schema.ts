import type { Lang } from '@banya/contract';

export type MailState = 'waiting' | 'sent' | 'failed' | 'kept';

export interface MailRow {
  org_id: string;
  id: string;
  recipient: string;
  lang: Lang;
  subject: string;
  /** What may be shown. */
  text: string;
  /** The whole text under kernel.secrets, when `text` leaves something out. */
  sealed: string | null;
  masked: boolean;
  key: string | null;
  state: MailState;
  tries: number;
  created_at: Date;
  retry_from: Date;
  next_try_at: Date;
  held_until: Date | null;
  message_id: string | null;
  threading: { readonly replyTo: string; readonly references: readonly string[] } | null;
  handed_at: Date | null;
  error_code: string | null;
  error_detail: string | null;
}

export interface NotifySchema {
  notify_mails: MailRow;
}
