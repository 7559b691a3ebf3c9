import type { QuietFilter } from '../findings/index.ts';
import type { SourceFacts } from '../inventory/index.ts';
import type { Seen } from './baselines/gather.ts';
import type { KeptMemory } from './memory.ts';

/** What the intake thread is given: many lines in one buffer, and what is known of their sources. */
export interface BatchIn {
  readonly id: number;
  readonly bytes: SharedArrayBuffer;
  /** Per line: offset, length, flags, index into `sources`. */
  readonly index: Int32Array;
  /** Per line: arrival, epoch milliseconds. */
  readonly receivedAt: Float64Array;
  readonly sources: readonly SourceFacts[];
  /** Whose memory of correlations is handed back with this batch; that of any other organisation is forgotten. Null: not this time. */
  readonly remember: ReadonlySet<string> | null;
  /** Memory for the rows, of an earlier batch. */
  readonly spare?: SharedArrayBuffer | undefined;
  /** What is kept quiet, of organisations where that has changed: all they have. */
  readonly quiet?: ReadonlyMap<string, readonly QuietFilter[]>;
}

export interface Sample {
  readonly at: number;
  readonly raw: string;
  readonly sourceId: string;
  readonly matched: readonly { readonly field: string; readonly value: string }[];
}

/** Hits of one batch that belong together: same organisation, rule, entity and direction. */
export interface HitGroup {
  readonly orgId: string;
  readonly ruleId: string;
  readonly title: string;
  readonly level: string;
  readonly author: string;
  readonly license: string;
  readonly references: readonly string[];
  readonly entity: string;
  readonly direction: 'inbound' | 'outbound' | 'internal' | 'none';
  stopped: 'yes' | 'no' | 'unknown';
  count: number;
  firstAt: number;
  lastAt: number;
  readonly days: Record<string, number>;
  readonly samples: Sample[];
  /** Values the explanation may name, from the newest event. */
  slots: Record<string, string>;
  readonly asset: { ip?: string; mac?: string; hostName?: string; at: number } | null;
  readonly deviceId: string | null;
  /** The suppression that keeps these quiet. */
  readonly suppressionId: string | null;
}

export interface SourceCount {
  readonly orgId: string;
  readonly sourceId: string;
  readonly day: string;
  lines: number;
  notUnderstood: number;
  bytes: number;
  lastAt: number;
  clockOffSeconds: number | null;
}

export interface LeaseFact {
  readonly orgId: string;
  readonly ip: string;
  readonly mac: string;
  readonly hostName: string;
  readonly at: number;
  readonly kind: 'assigned' | 'released';
}

export interface HealthFact {
  readonly orgId: string;
  readonly sourceId: string;
  signatureAt?: number;
  signatureFailedAt?: number;
  configAt?: number;
  restartedAt?: number;
}

export interface BatchOut {
  readonly id: number;
  readonly rows: Uint8Array<SharedArrayBuffer>;
  readonly count: number;
  readonly groups: readonly HitGroup[];
  readonly sourceCounts: readonly SourceCount[];
  /** org, day, metric, key → n */
  readonly counters: readonly (readonly [orgId: string, day: string, metric: string, key: string, n: number])[];
  readonly leases: readonly LeaseFact[];
  readonly health: readonly HealthFact[];
  /** Values that may be unusual, each once a day. */
  readonly seen: readonly Seen[];
  readonly state: KeptMemory | null;
}

/** What the thread begins with: the folder of the operator's rules. */
export interface ThreadData { readonly importedRules: string }

export type ToThread = { readonly kind: 'state'; readonly state: KeptMemory } | { readonly kind: 'ask state' } | { readonly kind: 'batch'; readonly batch: BatchIn };
export type FromThread = { readonly kind: 'ready'; readonly rules: number; readonly errors: readonly string[]; readonly slow: readonly string[] } | { readonly kind: 'batch'; readonly out: BatchOut } | { readonly kind: 'state'; readonly state: KeptMemory } | { readonly kind: 'not restored'; readonly error: string } | { readonly kind: 'failed'; readonly id: number; readonly error: string };
