import type { AssetFacts, Matched, RuleFacts } from './schema.ts';

export type FindingKind = 'detection' | 'device_silent' | 'signature_old' | 'digest' | 'operator';
export type Severity = 'now' | 'look' | 'fyi';
export type Stopped = 'yes' | 'no' | 'unknown';
export type FindingDirection = 'inbound' | 'outbound' | 'internal' | 'none';
/** How a finding ended; `ticket`: settled in the conversation with the desk. */
export type FindingOutcome = 'known' | 'handled' | 'false_alarm' | 'ticket';

/** What a module has seen: one alert, or a batch of the same alert folded already. */
export interface RaisedFinding {
  readonly orgId: string;
  readonly kind: FindingKind;
  readonly ruleId: string;
  readonly rule: RuleFacts;
  readonly severity: Severity;
  readonly direction: FindingDirection;
  /** Whether the device stopped it. */
  readonly stopped: Stopped;
  /** Says that two are the same thing, within the organisation. A digest's is made here, from rule and day. */
  readonly fingerprint: string;
  readonly entity: string;
  /** Values for the explanation's slots. */
  readonly slots: Readonly<Record<string, string>>;
  readonly asset: AssetFacts | null;
  /** What to do about it takes so long. */
  readonly minutes: number;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Counts by calendar day of the organisation; their sum is `count`. */
  readonly days: Readonly<Record<string, number>>;
  readonly samples: readonly { readonly at: Date; readonly raw: string; readonly sourceName: string; readonly matched: readonly Matched[] }[];
  /** The desk opens a ticket by itself. */
  readonly deskTicket: boolean;
  /** The registered device that said so, beside `asset`, which it is about. */
  readonly reporterId?: string | null;
  /** The suppression whose filter it meets: kept apart from the same that does not. */
  readonly suppressionId?: string | null;
}

/** What became of one raised finding. */
export interface Raised {
  readonly id: string;
  readonly created: boolean;
  readonly fingerprint: string;
}
