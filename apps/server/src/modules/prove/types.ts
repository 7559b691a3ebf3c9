import type { Bilingual } from '@banya/contract';
import type { Tx } from '../../kernel/types.ts';
import type { FindingHolder, HomeCardSource } from '../findings/index.ts';

export type Verdict = 'calm' | 'look' | 'act' | 'blind';
export type Reason = 'month' | 'late' | 'demand';
export type Outcome = 'known' | 'handled' | 'false_alarm' | 'ticket';

/** A finding as a report tells it. */
export interface FindingForReport {
  readonly id: string;
  readonly kind: 'detection' | 'device_silent' | 'signature_old' | 'digest' | 'operator';
  readonly ruleId: string;
  readonly rule: { readonly title: string; readonly author: string; readonly license: string };
  readonly title: Bilingual;
  /** The first thing to do about it, without the time it takes; empty where there is nothing to do. */
  readonly step: Bilingual;
  readonly severity: 'now' | 'look' | 'fyi';
  readonly direction: 'inbound' | 'outbound' | 'internal' | 'none';
  readonly stopped: 'yes' | 'no' | 'unknown';
  /** Alerts on the days asked for. */
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly open: boolean;
  readonly outcome: Outcome | null;
  /** What closed it at its start, where nobody has judged it. */
  readonly quieted: 'suppression' | 'maintenance' | null;
  readonly assigneeName: string | null;
  readonly asset: string | null;
}

/** What reports ask of findings. */
export interface FindingsForReport {
  /**
   * Findings with alerts on the organisation's days `from` to `to` (both included), and those of severity now and look that are
   * open, whenever they began. Gravest first, open before closed, newest first; at most 500.
   */
  ofMonth(tx: Tx, orgId: string, from: string, to: string): Promise<FindingForReport[]>;
  /** Those of the ids that are closed. */
  closedAmong(tx: Tx, orgId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  addCards(source: HomeCardSource): void;
  addHolder(holder: FindingHolder): void;
}

export interface OpenTicket {
  readonly id: string;
  readonly subject: string;
  /** waiting: the desk has answered and waits for the member. */
  readonly state: 'new' | 'working' | 'waiting';
  /** Since when it is in that state. */
  readonly since: Date;
  /** Past the desk's promise to answer. */
  readonly late: boolean;
}

/** What reports ask of the desk, in the member's own transaction. */
export interface TicketsForReport {
  /** Tickets opened and tickets solved on the organisation's days `from` to `to`. */
  ofMonth(tx: Tx, orgId: string, from: string, to: string): Promise<{ asked: number; solved: number }>;
  /** Oldest first, at most 200. */
  openTickets(tx: Tx, orgId: string): Promise<OpenTicket[]>;
}

export interface TrendPoint {
  readonly month: string;
  readonly lines: number;
  readonly blocked: number;
  readonly findings: number;
  readonly demonstration: boolean;
}

/** One device's month. */
export interface SourceMonth {
  readonly id: string;
  readonly name: string;
  /** First day on which lines could have come: when it was registered, or the first of the month. */
  readonly since: string;
  readonly everSeen: boolean;
  /** Lines by day; days without any are absent. */
  readonly lines: ReadonlyMap<string, number>;
  /** The last day until the end of what is reported on which it took new protection data. */
  readonly signatureOn: string | null;
  readonly configChanges: number;
}

/** All a report is decided from. */
export interface MonthFacts {
  readonly month: string;
  readonly from: string;
  /** Last whole day it covers: the month's last, or yesterday while the month runs; before `from` on the first. */
  readonly to: string;
  readonly partial: boolean;
  readonly now: Date;
  /** Today in the organisation's zone. */
  readonly today: string;
  readonly zone: string;
  readonly sources: readonly SourceMonth[];
  /** By direction and category. */
  readonly blocked: ReadonlyMap<string, number>;
  readonly blockedLastMonth: number | null;
  readonly demonstration: boolean;
  readonly findings: readonly FindingForReport[];
  readonly tickets: { readonly asked: number; readonly solved: number };
  readonly openTickets: readonly OpenTicket[];
  /** Earlier months, oldest first. */
  readonly history: readonly TrendPoint[];
  readonly lead: string | null;
}

/** A report as it is kept: decided once, in both languages. */
export interface ReportData {
  readonly verdict: { readonly state: Verdict; readonly text: Bilingual; /** Without names, for the federation. */ readonly plain: Bilingual };
  readonly actions: readonly { readonly text: Bilingual; readonly step: Bilingual; readonly owner: string | null; readonly due: string; readonly finding: string | null }[];
  readonly blocked: { readonly total: number; readonly lastMonth: number | null; readonly whyNormal: Bilingual; readonly kinds: readonly { readonly title: Bilingual; readonly count: number }[] };
  readonly outbound: readonly { readonly title: Bilingual; readonly asset: string; readonly count: number; readonly outcome: Bilingual }[];
  readonly devices: readonly { readonly name: string; readonly lines: number; readonly silentDays: number; readonly signature: string | null; readonly configChanges: number; readonly note: Bilingual; readonly well: boolean }[];
  readonly findings: readonly { readonly title: Bilingual; readonly severity: 'now' | 'look' | 'fyi'; readonly count: number; readonly outcome: Bilingual | null; readonly at: string }[];
  readonly trend: readonly TrendPoint[];
  readonly tickets: { readonly asked: number; readonly solved: number };
  readonly open: { readonly now: number; readonly look: number };
  readonly appendix: readonly { /** Not in reports of before it was kept. */ readonly ruleId?: string; readonly rule: string; readonly author: string; readonly license: string; readonly count: number }[];
}

/** What of a month a federation may see, by kind of consent. */
export interface MonthFigures {
  readonly scores?: {
    readonly verdict: { readonly state: Verdict; readonly text: Bilingual };
    readonly blocked: number; readonly blockedLastMonth: number | null; readonly lines: number; readonly findings: number;
    readonly openNow: number; readonly openLook: number; readonly asked: number; readonly solved: number; readonly blindDevices: number; readonly devices: number;
    readonly partial: boolean; readonly demonstration: boolean; readonly trend: readonly TrendPoint[];
  };
  readonly alerts?: {
    readonly actions: readonly { readonly text: Bilingual; readonly step: Bilingual; readonly due: string }[];
    readonly findings: readonly { readonly title: Bilingual; readonly severity: 'now' | 'look' | 'fyi'; readonly count: number; readonly outcome: Bilingual | null }[];
  };
  readonly inventory?: { readonly devices: readonly { readonly name: string; readonly lines: number; readonly silentDays: number; readonly signature: string | null; readonly note: Bilingual; readonly well: boolean }[] };
}

/** A row of the federation's month, as its members have pushed it. */
export interface MemberMonth {
  readonly memberId: string;
  readonly name: string;
  readonly sortKey: string;
  /** null: shares no scores. Empty: shares, but nothing has come for this month. */
  readonly figures: MonthFigures | null;
}

export interface Place {
  readonly members: number;
  readonly blockedPlace: number;
  readonly openPlace: number;
}
