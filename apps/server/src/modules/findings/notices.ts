import type { Lang } from '@banya/contract';
import type { RenderedExplanation } from '@banya/library';
import { ruleTitle } from './explain.ts';
import { withoutTime } from './home.ts';
import type { Card } from './rules.ts';
import type { FindingRow } from './schema.ts';

/** What is told to webhooks, in the shape that the module notify posts. */
export interface Told {
  readonly id: string;
  readonly at: string;
  readonly urgency: 'now' | 'look' | 'week';
  readonly organisation: { readonly id: string; readonly name: string };
  readonly title: string;
  readonly text: string;
  readonly steps: readonly string[];
  readonly callWhen: string | null;
  readonly url: string;
  readonly rule: { readonly id: string; readonly title: string; readonly author: string; readonly license: string; readonly references: readonly string[] } | null;
}

export interface Place {
  readonly orgId: string;
  readonly orgName: string;
  /** Without a slash at its end. */
  readonly url: string;
}

export function findingNotice(place: Place, row: Pick<FindingRow, 'id' | 'rule_id' | 'rule'>, told: RenderedExplanation, lang: Lang, now: Date): Told {
  return {
    id: row.id, at: now.toISOString(), urgency: 'now', organisation: { id: place.orgId, name: place.orgName }, title: told.title, text: [told.whatHappened, told.stopped, told.whose].join(lang === 'ja' ? '' : ' '),
    steps: told.doNow.length > 0 ? [...told.doNow] : [lang === 'ja' ? '開いて確かめる' : 'Open and check it'], callWhen: told.callWhen, url: `${place.url}/o/${place.orgId}/findings/${row.id}`, rule: { id: row.rule_id, ...row.rule, title: ruleTitle(row.rule_id, row.rule.title, lang) },
  };
}

/** Several things in one notice: those of the week, or those that came to be looked at. */
export function weekNotice(place: Place, cards: readonly Card[], lang: Lang, now: Date, urgency: 'week' | 'look' = 'week'): Told {
  const ja = lang === 'ja';
  const title = cards.length === 0 ? (ja ? '今週やることはありません' : 'Nothing to do this week') : urgency === 'week' ? (ja ? `今週やること：${cards.length}つ` : `To do this week: ${cards.length}`) : ja ? `見てほしい気づき：${cards.length}つ` : `To look at: ${cards.length}`;
  return {
    id: `${urgency} ${place.orgId} ${now.toISOString()}`, at: now.toISOString(), urgency, organisation: { id: place.orgId, name: place.orgName }, title,
    text: cards.map((c) => c.title[lang]).join(ja ? '。' : '. ') || (ja ? '番屋が見張りを続けています。' : 'Banya keeps watch.'), steps: cards.length === 0 ? [ja ? 'することはありません。' : 'There is nothing to do.'] : cards.map((c) => withoutTime(c.step[lang])),
    callWhen: null, url: `${place.url}/o/${place.orgId}/${urgency === 'week' ? 'home' : 'findings'}`, rule: null,
  };
}
