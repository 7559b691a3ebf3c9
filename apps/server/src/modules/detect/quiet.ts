import type { RuleSet, Suppressions } from '@banya/sigma';
import type { QuietFilter } from '../findings/index.ts';

interface Live {
  readonly id: string;
  readonly until: number;
  readonly sigma: string;
  readonly filter: Suppressions;
}

/** What each organisation has said to keep quiet. Asked about hits only; a filter that cannot be read keeps nothing quiet. */
export class Quiet {
  readonly #rules: Pick<RuleSet, 'suppressions'>;
  readonly #byOrg = new Map<string, readonly Live[]>();

  constructor(rules: Pick<RuleSet, 'suppressions'>) {
    this.#rules = rules;
  }

  /** Takes the filters of some organisations anew. For a minute after each change every batch brings all of them again: only what says something else is compiled. */
  set(given: ReadonlyMap<string, readonly QuietFilter[]>): void {
    for (const [orgId, filters] of given) {
      const before = new Map(this.#byOrg.get(orgId)?.map((own) => [own.id, own]));
      if (filters.length === 0) this.#byOrg.delete(orgId);
      else this.#byOrg.set(orgId, filters.map(({ id, until, sigma }) => {
        const known = before.get(id);
        return { id, until, sigma, filter: known?.sigma === sigma ? known.filter : this.#rules.suppressions([{ path: id, text: sigma }]) };
      }));
    }
  }

  /** The suppression that this hit meets, by the moment `now`; null: it is told. */
  find(orgId: string, hit: { readonly ruleId: string }, event: Readonly<Record<string, unknown>>, now: number): string | null {
    const own = this.#byOrg.get(orgId);
    if (own === undefined) return null;
    for (const { id, until, filter } of own) if (until > now && filter.find(hit, event) !== null) return id;
    return null;
  }
}
