import type { MonthFigures, Reason, ReportData, Verdict } from './types.ts';

export interface ReportHeadRow {
  month: string;
  version: number;
  reason: Reason;
  closed_at: Date;
  partial: boolean;
  verdict: Verdict;
  latest: boolean;
}
export interface ReportRow extends Omit<ReportHeadRow, 'latest'> {
  org_id: string;
  lines: string;
  blocked: string;
  findings: number;
  demonstration: boolean;
  checksum: string;
  data: ReportData;
  read_at: Date | null;
}
export interface FederationMemberRow {
  member_id: string;
  name: string;
  sort_key: string;
  figures: MonthFigures | null;
}
