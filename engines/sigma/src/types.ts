import type { Network } from './ip.ts';
import type { Pattern } from './pattern.ts';

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const LEVELS: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Where events come from (Sigma specification, "Log source"). Absent parts mean any. */
export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** What the author wrote about a rule. Everything a hit must carry to honour the rule's licence is here. */
export interface Metadata {
  /** The rule's UUID, or `path#n` where it has none. */
  readonly id: string;
  readonly name: string | null;
  readonly title: string;
  readonly description: string;
  readonly status: string | null;
  readonly level: Level;
  readonly author: string | null;
  readonly license: string | null;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly date: string | null;
  readonly modified: string | null;
  readonly path: string;
  readonly line: number;
}

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';
export type Affix = 'whole' | 'startswith' | 'endswith' | 'contains';

/** A test on one value of one field. */
export type Test =
  | { readonly kind: 'pattern'; readonly pattern: Pattern; readonly cased: boolean }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly network: Network; readonly text: string }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: number }
  | { readonly kind: 'time'; readonly part: TimePart; readonly operator: Comparison | 'eq'; readonly value: number }
  | { readonly kind: 'fieldref'; readonly field: string; readonly affix: Affix; readonly cased: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly wanted: boolean };

/** `field` null means every value of the event (keywords). `written` is the item as the author wrote it. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly field: string | null;
  readonly test: Test;
  readonly selection: string;
  readonly written: string;
  readonly line: number;
  /** Which item (`field|modifiers: values`) of its rule it is of; none for conditions that a pipeline added. */
  readonly item?: number;
  /** The steps of pipelines that changed it. */
  readonly by?: readonly string[];
}

export type Expression =
  | Leaf
  | { readonly kind: 'and'; readonly of: readonly Expression[] }
  | { readonly kind: 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression };

/** A detection rule ready to be compiled: the condition with its selections put in, and the pipeline applied. */
export interface DetectionRule {
  readonly type: 'rule';
  readonly meta: Metadata;
  readonly logsource: LogSource;
  readonly selections: ReadonlyMap<string, Expression>;
  readonly condition: string;
  readonly expression: Expression;
}

export interface FilterRule {
  readonly type: 'filter';
  readonly meta: Metadata;
  readonly logsource: LogSource;
  /** Ids or names of the rules it applies to, or `any`. */
  readonly rules: readonly string[] | 'any';
  /** True for an event that the filter lets through. */
  readonly keep: Expression;
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'value_sum'
  | 'value_avg'
  | 'value_min'
  | 'value_max'
  | 'value_median'
  | 'value_percentile'
  | 'temporal'
  | 'temporal_ordered';

export interface Threshold {
  readonly operator: Comparison | 'eq' | 'neq';
  readonly value: number;
}

export interface CorrelationRule {
  readonly type: 'correlation';
  readonly meta: Metadata;
  readonly correlation: CorrelationType;
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** alias → rule name or id → field name */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespanMs: number;
  readonly thresholds: readonly Threshold[];
  /** Fields of value_* correlations: of several, value_count counts the distinct combinations. Empty for the others. */
  readonly fields: readonly string[];
  /** What must be true of the rules seen within the timespan, for a temporal correlation that says more than how many; leaves bear the number of a rule as their selection. */
  readonly expression: Expression | null;
  /** True where nothing can be said before the timespan has passed: a condition without a lower bound, or with a negation. */
  readonly closing: boolean;
  /** 0 to 100, for value_percentile. */
  readonly percentile: number;
  /** True: the rules it refers to also report on their own. */
  readonly generate: boolean;
}

export type SigmaRule = DetectionRule | FilterRule | CorrelationRule;
