import type { tlps } from '@banya/contract';
import type { Indicator } from '@banya/mail';
import type { PrintKind } from '../campaigns/schema.ts';

export type Tlp = (typeof tlps)[number];
export type Wanted = Pick<Indicator, 'kind' | 'value'>;

interface Words {
  title_ja: string;
  title_en: string;
  body_ja: string;
  body_en: string;
  tlp: Tlp;
}
/** What members look for. */
interface Traces {
  prints: string[];
  kinds: PrintKind[];
  indicators: Wanted[];
}

export interface BulletinRow extends Words, Traces {
  org_id: string;
  id: string;
  state: 'draft' | 'sent';
  campaign_id: string | null;
  created_at: Date;
  by_name: string;
  sent_at: Date | null;
}

export interface WarningRow extends Words, Traces {
  org_id: string;
  id: string;
  federation_id: string;
  bulletin_id: string;
  at: Date;
  mailed_to: number;
  read_at: Date | null;
  read_by: string | null;
  seen: boolean | null;
}

export interface SightingRow {
  org_id: string;
  warning_id: string;
  looked_at: Date;
  mails: number;
  lines: string;
  first_at: Date | null;
}
