import type { federate, Received } from '@banya/contract';
import type { Formats, Texts } from '../../texts/index.tsx';
import type { State } from '../../ui/index.ts';

export type Row = Received<typeof federate.overview>['items'][number];
export type ColumnName = 'flowing' | 'openNow' | 'openLook' | 'overdue' | 'tickets' | 'leadSeen';
export const columnNames: readonly ColumnName[] = ['flowing', 'openNow', 'openLook', 'overdue', 'tickets', 'leadSeen'];

type Cell = Row[ColumnName];
interface Said { readonly state: State; readonly figure: string | null; readonly word: string }

const stateOf: Record<Cell['state'], State> = { good: 'done', look: 'look', now: 'now', unknown: 'quiet', notShared: 'quiet' };

/** A cell as colour, number and word. What is not shared has no number; an old number says that it is old. */
export function cellWords(column: ColumnName, { value, state }: Cell, f: Formats, t: Texts['overview']['cells']): Said {
  if (state === 'notShared') return { state: 'quiet', figure: null, word: t.notShared };
  // A plain "none" is calmer than a column of zeros.
  if (value === 0 && state === 'good' && column !== 'flowing' && column !== 'leadSeen') return { state: 'done', figure: null, word: t.none };
  const figure = value === null ? null : column === 'flowing' ? t.devices(f.number(value)) : column !== 'leadSeen' ? t.count(f.number(value)) : value === 0 ? t.today : t.days(f.number(value));
  return { state: stateOf[state], figure, word: wordOf(column, value, state, t) };
}

function wordOf(column: ColumnName, value: number | null, state: 'good' | 'look' | 'now' | 'unknown', t: Texts['overview']['cells']): string {
  if (state === 'unknown') {
    if (column === 'leadSeen' && value === null) return t.leadNever;
    if (column === 'flowing' && value === 0) return t.flowingNone;
    return value === null ? t.unknown : t.old;
  }
  switch (column) {
    case 'flowing': return { good: t.flowingGood, look: t.flowingLook, now: t.flowingNow }[state];
    case 'openNow': return state === 'good' ? t.none : t.now;
    case 'openLook': return state === 'good' ? t.none : t.look;
    case 'overdue': return state === 'good' ? t.none : t.overdue;
    case 'tickets': return value === 0 ? t.none : { good: t.ticketsGood, look: t.ticketsLook, now: t.ticketsNow }[state];
    case 'leadSeen': return value === null ? t.leadNone : { good: t.leadGood, look: t.leadLook, now: t.leadNow }[state];
  }
}

/** New findings of the last four weeks and of the four before, from the weeks of a trend, oldest first. */
export function lastAndBefore(weeks: readonly number[]): { readonly last: number; readonly before: number } {
  const sum = (part: readonly number[]) => part.reduce((a, b) => a + b, 0);
  return { last: sum(weeks.slice(-4)), before: sum(weeks.slice(-8, -4)) };
}
