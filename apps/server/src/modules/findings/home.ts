import type { z } from 'zod';
import type { Lang } from '@banya/contract';
import { api } from '@banya/contract';
import { isoDate } from '@banya/jp';
import type { Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { elsewhereOf } from './elsewhere.ts';
import { explain } from './explain.ts';
import { ruleCredit } from './mails.ts';
import { CARDS_MAX, chooseCards, severityOf, type Card } from './rules.ts';
import type { FindingRow } from './schema.ts';
import * as store from './store.ts';
import { by } from './texts.ts';

export type HomeCardSource = (tx: Tx, orgId: string) => Promise<readonly Card[]>;
/** Calendar days of the organisation, both ends included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}
/** What the devices stopped in the last seven whole days, and in the seven before. */
export type LastWeekSource = (tx: Tx, orgId: string, week: DayRange, before: DayRange) => Promise<{ readonly stopped: number; readonly stoppedWeekBefore: number }>;
export type HealthSource = (tx: Tx, orgId: string) => Promise<{ readonly sources: number; readonly flowing: number; readonly silent: number; readonly lastLineAt: Date | null }>;

/** What other modules put on the home page. */
export class HomeSources {
  readonly cards: HomeCardSource[] = [];
  lastWeek: LastWeekSource = async () => ({ stopped: 0, stoppedWeekBefore: 0 });
  health: HealthSource = async () => ({ sources: 0, flowing: 0, silent: 0, lastLineAt: null });
}

const DAY = 86_400_000;
const both = <T>(make: (lang: Lang) => T): { ja: T; en: T } => ({ ja: make('ja'), en: make('en') });
/** A step without its time: the card shows minutes of its own. */
export const withoutTime = (step: string): string => step.replace(/\s*[（(][^（(）)]*[分n][)）]\s*$/u, '');

export function findingCard(row: FindingRow, zone: string, now: Date): Card {
  const told = both((lang) => explain(row, { lang, zone, now }));
  return {
    key: `finding:${row.id}`, kind: 'finding', severity: severityOf(row.rank), minutes: row.minutes, target: row.id, since: row.created_at, askedBy: by,
    title: { ja: told.ja.title, en: told.en.title }, step: { ja: withoutTime(told.ja.doNow[0] ?? '開いて確かめる'), en: withoutTime(told.en.doNow[0] ?? 'Open and check it') },
    credit: ruleCredit(row.rule), elsewhere: elsewhereOf(row),
  };
}

/** What to do this week, from findings and from what other modules ask. */
export async function cardsOf(tx: Tx, sources: HomeSources, orgId: string, zone: string): Promise<Card[]> {
  const cards = (await store.findings.toDo(tx, orgId, CARDS_MAX)).map((row) => findingCard(row, zone, tx.now));
  for (const source of sources.cards) cards.push(...(await source(tx, orgId)));
  return chooseCards(cards);
}

export async function home(tx: Tx, sources: HomeSources, orgs: Pick<Orgs, 'get'>, orgId: string, lang: Lang): Promise<z.input<typeof api.findings.home.reply>> {
  const zone = (await orgs.get(tx, orgId))?.time_zone ?? 'Asia/Tokyo';
  const cards = await cardsOf(tx, sources, orgId, zone);
  const day = (back: number): string => isoDate(new Date(tx.now.getTime() - back * DAY), zone);
  const week = await store.findings.week(tx, orgId, new Date(tx.now.getTime() - 7 * DAY));
  const stopped = await sources.lastWeek(tx, orgId, { from: day(7), to: day(1) }, { from: day(14), to: day(8) });
  const health = await sources.health(tx, orgId);
  return {
    cards: cards.map((c) => ({ key: c.key, kind: c.kind, severity: c.severity, title: c.title[lang], step: c.step[lang], minutes: c.minutes, askedBy: c.askedBy[lang], target: c.target, elsewhere: c.elsewhere ?? null })),
    moreOpen: Math.max(0, week.open - cards.filter((c) => c.kind === 'finding').length),
    lastWeek: { stopped: stopped.stopped, stoppedWeekBefore: stopped.stoppedWeekBefore, closed: week.closed, open: week.open },
    health: { sources: health.sources, flowing: health.flowing, silent: health.silent, lastLineAt: health.lastLineAt?.toISOString() ?? null },
  };
}
