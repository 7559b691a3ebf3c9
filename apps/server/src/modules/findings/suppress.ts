import type { Condition } from '@banya/contract';
import { loadDetections } from '@banya/library';
import type { FindingRow } from './schema.ts';

/** What is kept quiet, as Sigma filters (specification 2.1, "Sigma Filters"): the engine that found it decides whether it is to be told. Pure. */

const RULE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The fields a finding is about where its rule does not say; as in detect/reading.ts. */
const ENTITY = ['host.name', 'source.ip', 'user.name'] as const;
/** With whom it was; names first: the address beside a name may be that of a resolver, a proxy or whatever serves the name today. */
const OTHER_SIDE = ['destination.domain', 'url.domain', 'dns.question.name', 'destination.ip'] as const;
/** What it was, where there is no other side. */
const WHAT = ['rule.name', 'file.name', 'process.name'] as const;

/**
 * What makes this the same again, beside its entity, for what must be acted on at once: else a mistake about one address
 * would keep the next intruder at the same computer quiet. Nothing where the rule is about many lines together (a
 * correlation, which says its `values`): the newest of them names one of many others.
 */
function narrower({ slots }: Pick<FindingRow, 'slots'>, entity: readonly string[]): Condition[] {
  if (slots['values'] !== undefined || OTHER_SIDE.some((field) => entity.includes(field)) || WHAT.some((field) => entity.includes(field))) return [];
  const field = [...OTHER_SIDE, ...WHAT].find((name) => slots[name]);
  return field === undefined ? [] : [{ field, is: 'is', value: slots[field]! }];
}

/**
 * The conditions that mean this finding: its entity, and where it must be acted on at once the other side too. Null where no
 * line of a device said it (a silent device), or where the values are not known any more: it is then kept quiet by its entity.
 */
export function conditionsOf(row: Pick<FindingRow, 'rule_id' | 'rank' | 'kind' | 'entity' | 'slots'>): Condition[] | null {
  const explanation = loadDetections().explanations.get(row.rule_id);
  if (!RULE.test(row.rule_id) || !explanation) return null;
  // A digest is about everybody: its newest line must not stand for all the others.
  if (row.kind === 'digest') return null;
  const fields = explanation.folding.entity.length > 0 ? explanation.folding.entity : ENTITY;
  const conditions = fields.flatMap((field): Condition[] => (row.slots[field] ? [{ field, is: 'is', value: row.slots[field] }] : []));
  if (conditions.length === 0 || conditions.map((c) => c.value).join(' → ').slice(0, 300) !== row.entity) return null;
  return explanation.severity === 'now' || row.rank === 0 ? [...conditions, ...narrower(row, fields)] : conditions;
}

const MODIFIER = { is: '', startswith: '|startswith', endswith: '|endswith', contains: '|contains', cidr: '|cidr' } as const;
/** JSON strings are YAML's double-quoted ones; wildcards of Sigma stand for themselves. */
const quoted = (condition: Condition): string => JSON.stringify(condition.is === 'cidr' ? condition.value : condition.value.replace(/[\\*?]/g, '\\$&'));

export interface FilterFacts {
  readonly id: string;
  readonly rule_id: string;
  readonly rule_title: string;
  readonly conditions: readonly Condition[];
}

/** The filter as text. `id` is that of the suppression, so that a suppressed hit says by which. */
export function sigmaFilter({ id, rule_id, rule_title, conditions }: FilterFacts): string {
  // Two conditions on one field cannot stand in one map, so each is a selection of its own.
  const selections = conditions.map((c, i) => `  selection_${i + 1}:\n    ${JSON.stringify(`${c.field}${MODIFIER[c.is]}`)}: ${quoted(c)}\n`);
  return `title: ${JSON.stringify(`Kept quiet: ${rule_title}`)}\nid: ${id}\nlogsource:\n  product: ecs\nfilter:\n  rules:\n    - ${rule_id}\n${selections.join('')}  condition: all of selection_*\n`;
}

/** A suppression by conditions, as the reader of lines needs it. */
export interface QuietFilter {
  readonly orgId: string;
  readonly id: string;
  readonly sigma: string;
  /** Epoch milliseconds. */
  readonly until: number;
}
