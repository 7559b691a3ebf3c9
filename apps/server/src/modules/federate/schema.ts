import type { SnapshotFigures } from './rules.ts';

export interface SnapshotRow {
  org_id: string;
  member_id: string;
  day: string;
  updated_at: Date;
  name: string;
  sort_key: string;
  search_key: string;
  industry: string | null;
  size_band: string | null;
  lead: string | null;
  kinds: string[];
  figures: SnapshotFigures;
  need: number;
  silent: number;
  late: number;
  open_now: number;
  no_lead: boolean;
}
export interface MonthRow {
  org_id: string;
  member_id: string;
  month: string;
  version: number;
  /** By kind of consent. */
  figures: Record<string, unknown>;
  updated_at: Date;
}
