import type { Lang } from '@banya/contract';
import { formatDateTime } from '@banya/jp';
import { countryCode, countryName } from '@banya/logs';
import { loadDetections, renderExplanation, renderTitle, slotPhrases, type Explanation, type RenderedExplanation, type SlotValues } from '@banya/library';
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

/** Countries by the name that people have for them; devices write them in English, or as a code alone. */
function countries(slots: Readonly<Record<string, string>>, lang: Lang): Record<string, string> {
  const named: Record<string, string> = {};
  for (const side of ['source', 'destination']) {
    const [code, name] = [slots[`${side}.geo.country_iso_code`], slots[`${side}.geo.country_name`]];
    const known = countryName(countryCode(code ?? name ?? '') ?? '', lang);
    // Ranges that belong to nobody are no country; what is not known at all is said as the device says it.
    if (known !== undefined || name === 'Reserved') named[`${side}.geo.country_name`] = known ?? '';
  }
  return named;
}

/** A value that was the first of its kind when it was seen; detect/baselines says for how long it had looked. */
function novelty(slots: Readonly<Record<string, string>>, lang: Lang): Record<string, string> {
  const days = slots['banya.new_days'];
  const phrase = slotPhrases().get('novelty.new')?.[lang];
  return days === undefined || phrase === undefined ? {} : { novelty: phrase.replace('{days}', () => days) };
}

/**
 * What a rule is called: ours in the reader's language, with general words for what a single finding would name; a rule of
 * others keeps the title its author gave it, as its licence asks. Only ours have explanations.
 */
export function ruleTitle(ruleId: string, title: string, lang: Lang): string {
  const explanation = loadDetections().explanations.get(ruleId) ?? operatorExplanations.get(ruleId);
  return explanation ? renderTitle(explanation, {}, lang) : title;
}

/** The explanation with what is known now: counts and times come from the finding, the rest from its alerts. */
export const explain = (row: Explained, telling: Telling): RenderedExplanation => renderExplanation(explanationOf(row), slotsOf(row, telling), telling.lang);

/** Its title alone. */
export const titleOf = (row: Explained, telling: Telling): string => renderTitle(explanationOf(row), slotsOf(row, telling), telling.lang);

/** The same in both languages, for what is kept or told to all: with times as in Japan. */
export const titlesOf = (row: Explained, now: Date): { readonly ja: string; readonly en: string } => ({ ja: titleOf(row, { lang: 'ja', zone: 'Asia/Tokyo', now }), en: titleOf(row, { lang: 'en', zone: 'Asia/Tokyo', now }) });

function slotsOf(row: Explained, { lang, zone, now }: Telling): SlotValues {
  const when = (at: Date): string => formatDateTime(at, { lang, zone, now });
  const { asset } = row;
  const named = asset ? (asset.owner && !asset.name.includes(asset.owner) ? (lang === 'ja' ? `${asset.name}（${asset.owner}さん）` : `${asset.name} (${asset.owner})`) : asset.name) : null;
  const days = Math.max(1, Math.ceil((row.last_at.getTime() - row.first_at.getTime()) / 86_400_000));
  // One that got through counts more than the newest one: the slots are those of the newest.
  const stopped = row.stopped === 'unknown' ? undefined : slotPhrases().get(`stopped.${row.stopped}`)?.[lang];
  return { days, entity: row.entity, ...row.slots, ...countries(row.slots, lang), ...(named === null ? {} : { asset: named }), ...(stopped === undefined ? {} : { stopped }), ...novelty(row.slots, lang), count: Number(row.count), first: when(row.first_at), last: when(row.last_at) };
}
