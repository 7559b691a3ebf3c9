import type { SigmaError } from './errors.ts';
import { expressionHolds } from './explain.ts';
import { covers } from './pipeline.ts';
import type { FilterRule, LogSource, Metadata } from './types.ts';
import type { EventInput } from './fields.ts';

/** Filters kept apart from the rules. Expiry is the caller's: make it anew without those that ran out. */
export class Suppressions {
  readonly errors: readonly SigmaError[];
  readonly #filters: ReadonlyMap<string, readonly FilterRule[]>;
  readonly #logsourceOf: (ruleId: string) => LogSource | null;
  readonly #utcOffsetMinutes: number;

  /** @param filters rule id, or `any`, → its filters */
  constructor(filters: ReadonlyMap<string, readonly FilterRule[]>, logsourceOf: (ruleId: string) => LogSource | null, utcOffsetMinutes: number, errors: readonly SigmaError[]) {
    this.#filters = filters;
    this.#logsourceOf = logsourceOf;
    this.#utcOffsetMinutes = utcOffsetMinutes;
    this.errors = errors;
  }

  /**
   * The filter that suppresses this hit, or null. For a correlation give the event that made it true;
   * correlations have no log source, so a filter's own is not compared.
   */
  find(hit: { readonly ruleId: string }, event: EventInput): Metadata | null {
    const logsource = this.#logsourceOf(hit.ruleId);
    for (const key of [hit.ruleId, 'any']) {
      for (const filter of this.#filters.get(key) ?? []) {
        if (logsource !== null && !covers(filter.logsource, logsource)) continue;
        if (!expressionHolds(filter.keep, event, this.#utcOffsetMinutes)) return filter.meta;
      }
    }
    return null;
  }
}
