import type { Condition } from '@banya/contract';
import type { FindingDirection, FindingKind, FindingOutcome, Stopped } from './types.ts';

export interface RuleFacts {
  readonly title: string;
  readonly author: string;
  readonly license: string;
  readonly references: readonly string[];
}
export interface AssetFacts {
  readonly deviceId: string | null;
  readonly name: string;
  readonly owner: string | null;
  readonly department: string | null;
}
export interface Matched {
  readonly field: string;
  readonly value: string;
}

export interface FindingRow {
  org_id: string;
  id: string;
  kind: FindingKind;
  rule_id: string;
  rule: RuleFacts;
  rank: number;
  direction: FindingDirection;
  stopped: Stopped;
  fingerprint: string;
  current: boolean;
  entity: string;
  slots: Record<string, string>;
  asset: AssetFacts | null;
  minutes: number;
  count: string;
  first_at: Date;
  last_at: Date;
  samples: number;
  state: 'open' | 'closed';
  outcome: FindingOutcome | null;
  closed_by: string | null;
  closed_at: Date | null;
  quiet_until: Date | null;
  assignee_id: string | null;
  assignee_name: string | null;
  ticket_id: string | null;
  mailed_at: Date | null;
  look_told_at: Date | null;
  search_key: string;
  created_at: Date;
}
export interface DayRow {
  org_id: string;
  finding_id: string;
  day: string;
  count: string;
}
export interface SampleRow {
  org_id: string;
  finding_id: string;
  id: string;
  at: Date;
  raw: string;
  source_name: string;
  matched: readonly Matched[];
}
export interface HistoryRow {
  org_id: string;
  finding_id: string;
  id: string;
  at: Date;
  who: string;
  what: 'raised' | 'closed' | 'reopened' | 'assigned' | 'ticket' | 'grew';
  note: string | null;
}
export interface SuppressionRow {
  org_id: string;
  id: string;
  finding_id: string;
  rule_id: string;
  rule_title: string;
  entity: string;
  reason: string;
  by_name: string;
  created_at: Date;
  expires_at: Date;
  conditions: readonly Condition[] | null;
  owner_id: string | null;
  changed_at: Date;
  hits: string;
  last_hit_at: Date | null;
}
export interface MaintenanceRow {
  org_id: string;
  id: string;
  device_id: string | null;
  device_name: string | null;
  starts_at: Date;
  ends_at: Date;
  reason: string;
  by_name: string;
  created_at: Date;
  hits: string;
}

export interface FindingsSchema {
  findings_findings: FindingRow;
  findings_days: DayRow;
  findings_samples: SampleRow;
  findings_history: HistoryRow;
  findings_suppressions: SuppressionRow;
  findings_maintenance: MaintenanceRow;
}
