import type { Lang } from '@banya/contract';
import { formatDateTime } from '@banya/jp';
import { loadDetections, renderExplanation, slotPhrases, type Explanation, type RenderedExplanation } from '@banya/library';
import { severityOf } from './rules.ts';
import type { FindingRow } from './schema.ts';
import { operatorExplanations, withoutExplanation } from './texts.ts';

export type Explained = Pick<FindingRow, 'rule_id' | 'rule' | 'kind' | 'rank' | 'stopped' | 'direction' | 'minutes' | 'slots' | 'asset' | 'count' | 'first_at' | 'last_at' | 'entity'>;

/** Where and for whom a finding is told. */
export interface Telling {
  readonly lang: Lang;
  readonly zone: string;
  readonly now: Date;
}

function explanationOf(row: Explained): Explanation {
  return loadDetections().explanations.get(row.rule_id) ?? operatorExplanations.get(row.rule_id) ?? withoutExplanation(row.rule_id, row.rule.title, severityOf(row.rank), row.direction, row.minutes);
}

/** The explanation with what is known now: counts and times come from the finding, the rest from its alerts. */
export function explain(row: Explained, { lang, zone, now }: Telling): RenderedExplanation {
  const when = (at: Date): string => formatDateTime(at, { lang, zone, now });
  const { asset } = row;
  const named = asset ? (asset.owner && !asset.name.includes(asset.owner) ? (lang === 'ja' ? `${asset.name}（${asset.owner}さん）` : `${asset.name} (${asset.owner})`) : asset.name) : null;
  const days = Math.max(1, Math.ceil((row.last_at.getTime() - row.first_at.getTime()) / 86_400_000));
  // One that got through counts more than the newest one: the slots are those of the newest.
  const stopped = row.stopped === 'unknown' ? undefined : slotPhrases().get(`stopped.${row.stopped}`)?.[lang];
  return renderExplanation(explanationOf(row), { days, entity: row.entity, ...row.slots, ...(named === null ? {} : { asset: named }), ...(stopped === undefined ? {} : { stopped }), count: Number(row.count), first: when(row.first_at), last: when(row.last_at) }, lang);
}
