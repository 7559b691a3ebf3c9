import type { Lang } from '@banya/contract';

export type TicketState = 'new' | 'working' | 'waiting' | 'solved';
export type Urgency = 'now' | 'today' | 'normal';
export type Channel = 'web' | 'finding' | 'phone' | 'mail';
/** Milliseconds since the epoch; an end of null: still running. */
export type PausePair = readonly [start: number, end: number | null];

export interface TicketRow {
  org_id: string;
  id: string;
  desk_org_id: string;
  number: string;
  subject: string;
  state: TicketState;
  state_since: Date;
  rank: number;
  channel: Channel;
  requester_id: string | null;
  requester_name: string;
  assignee_id: string | null;
  assignee_name: string | null;
  finding_id: string | null;
  callback: string | null;
  created_at: Date;
  updated_at: Date;
  pauses: readonly PausePair[];
  first_replied_at: Date | null;
  first_reply_minutes: number | null;
  first_reply_due: Date | null;
  solve_due: Date | null;
  next_due: Date | null;
  soon_at: Date | null;
  due_key: Date;
  late_told_at: Date | null;
  solved_at: Date | null;
  satisfaction: 'good' | 'bad' | null;
  rated_at: Date | null;
  merged_into: string | null;
  member_wrote_at: Date | null;
  member_read_at: Date | null;
  desk_wrote_at: Date | null;
  desk_read_at: Date | null;
  search_key: string;
  /** What its finding's computer or name had come to at `risk_at`. */
  risk: number | null;
  risk_at: Date | null;
}

export interface MessageRow {
  org_id: string;
  desk_org_id: string;
  ticket_id: string;
  id: string;
  at: Date;
  who_id: string | null;
  who: string;
  side: 'member' | 'desk';
  text: string;
  article_id: string | null;
}

export const historyKinds = ['opened', 'assigned', 'state', 'urgency', 'subject', 'solved', 'reopened', 'merged', 'unmerged', 'took_in', 'gave_back', 'rated', 'finding_closed', 'look_asked', 'look_allowed', 'look_refused', 'look_withdrawn'] as const;
export type HistoryKind = (typeof historyKinds)[number];

export interface HistoryRow {
  org_id: string;
  desk_org_id: string;
  ticket_id: string;
  id: string;
  at: Date;
  who: string;
  what: HistoryKind;
  value: string | null;
}

export interface NoteRow {
  org_id: string;
  ticket_id: string;
  id: string;
  at: Date;
  who: string;
  text: string;
}

export interface TemplateRow {
  org_id: string;
  id: string;
  name: string;
  text: string;
  lang: Lang;
  updated_at: Date;
}

export interface ArticleRow {
  org_id: string;
  id: string;
  title_ja: string;
  title_en: string | null;
  summary_ja: string;
  summary_en: string | null;
  body_ja: string;
  body_en: string | null;
  published: boolean;
  by_name: string;
  search_key: string;
  created_at: Date;
  updated_at: Date;
}

export interface HelpedRow {
  org_id: string;
  desk_org_id: string;
  article_id: string;
  person_id: string;
  at: Date;
}

export interface DeskSchema {
  desk_tickets: TicketRow;
  desk_messages: MessageRow;
  desk_history: HistoryRow;
  desk_notes: NoteRow;
  desk_templates: TemplateRow;
  desk_articles: ArticleRow;
  desk_article_helped: HelpedRow;
}
