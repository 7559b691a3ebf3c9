import { isoDate } from '@banya/jp';
import type { Bilingual } from '@banya/contract';
import { businessDaysAfter } from './calendar.ts';
import { needsAct, needsLook, seen } from './rules.ts';
import type { MonthFacts } from './types.ts';
import { actions as actionWords, decisions as words } from './words.ts';

const DECISIONS_MAX = 3;
/** What the lead has not ended in two weeks is no longer a matter of a few minutes. */
const OLD_DAYS = 14;
const WAITING_DAYS = 3;
const BLIND_DAYS = 3;
const DAY = 86_400_000;

export interface Decision {
  readonly text: Bilingual;
  readonly why: Bilingual;
  readonly due: string | null;
  readonly finding: string | null;
  readonly ticket: string | null;
}

/** What only an executive can settle: at most three, gravest first. Pure. */
export function decisions(facts: MonthFacts): Decision[] {
  const { now, today } = facts;
  const age = (at: Date): number => Math.floor((now.getTime() - at.getTime()) / DAY);
  const all: Decision[] = facts.findings.filter(needsAct).map((f) => ({ text: f.title, why: words.act, due: businessDaysAfter(today, 1), finding: f.id, ticket: null }));
  if (facts.sources.length === 0) all.push({ text: actionWords.connect.text, why: words.blind, due: businessDaysAfter(today, 5), finding: null, ticket: null });
  for (const source of facts.sources) {
    const { trailing } = seen(source, facts.from, facts.to);
    if (trailing >= BLIND_DAYS) all.push({ text: source.everSeen ? actionWords.silent(source.name, trailing).text : actionWords.never(source.name).text, why: words.blind, due: businessDaysAfter(today, 5), finding: null, ticket: null });
  }
  for (const f of facts.findings) if (needsLook(f) && !needsAct(f) && f.kind !== 'device_silent' && age(f.firstAt) >= OLD_DAYS) all.push({ text: f.title, why: words.old(age(f.firstAt)), due: businessDaysAfter(today, 5), finding: f.id, ticket: null });
  for (const t of facts.openTickets) if (t.state === 'waiting' && age(t.since) >= WAITING_DAYS) all.push({ text: actionWords.ticket(t.subject).text, why: words.ticket, due: businessDaysAfter(today, 3), finding: null, ticket: t.id });
  return all.slice(0, DECISIONS_MAX);
}

/** Devices that are silent now, by their whole days. */
export const silentSources = (facts: MonthFacts): number => facts.sources.filter((s) => seen(s, facts.from, facts.to).trailing > 0 && !s.lines.get(isoDate(facts.now, facts.zone))).length;
