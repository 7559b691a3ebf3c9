import type { ConsentKind } from '@banya/contract';

export type CellState = 'good' | 'look' | 'now' | 'unknown' | 'notShared';
export interface Cell {
  readonly value: number | null;
  readonly state: CellState;
}

/** A member's figures by the consent that lets them up. What a member does not share is not computed, let alone sent. */
export interface SnapshotFigures {
  readonly inventory?: { readonly sources: number; readonly flowing: number; readonly silent: number };
  readonly alerts?: { readonly openNow: number; readonly openLook: number; readonly overdue: number; /** New things to look at, by week, oldest first. */ readonly weeks: readonly number[]; /** How findings of each rule ended in 90 days: title, handled, ticket, known, false alarm. */ readonly rules?: Readonly<Record<string, readonly [string, number, number, number, number]>> };
  readonly tickets?: { readonly open: number; readonly waiting: number; readonly late: number };
  readonly scores?: { /** Days since a lead or deputy was here; null when never or not known. */ readonly leadSeenDays: number | null };
}

export const SHARED_KINDS = ['inventory', 'alerts', 'scores'] as const satisfies readonly ConsentKind[];
/** Tickets are made to reach the desk. */
export const ALWAYS = 'tickets';
export const WEEKS = 12;
/** Endings of findings that a rule is judged by. */
export const OUTCOME_DAYS = 90;
const DAY = 86_400_000;
/** What is older says nothing about now. Members push hourly. */
const STALE_MS = DAY;
/** A "now" is overdue after a day, a "look" after a week. */
const OVERDUE_MS = { now: DAY, look: 7 * DAY } as const;
const LEAD_LOOK_DAYS = 14;
const LEAD_NOW_DAYS = 45;

export interface OpenFinding {
  readonly severity: 'now' | 'look' | 'fyi';
  readonly open: boolean;
  readonly firstAt: Date;
}

/** Figures from the findings of the last weeks and all that are open. */
export function alertFigures(findings: readonly OpenFinding[], now: Date): NonNullable<SnapshotFigures['alerts']> {
  const weeks = Array.from({ length: WEEKS }, () => 0);
  let [openNow, openLook, overdue] = [0, 0, 0];
  for (const { severity, open, firstAt } of findings) {
    if (severity === 'fyi') continue;
    const age = now.getTime() - firstAt.getTime();
    const week = WEEKS - 1 - Math.floor(age / (7 * DAY));
    if (week >= 0 && week < WEEKS) weeks[week]! += 1;
    if (!open) continue;
    if (severity === 'now') openNow += 1;
    else openLook += 1;
    if (age > OVERDUE_MS[severity]) overdue += 1;
  }
  return { openNow, openLook, overdue, weeks };
}

/** How much a member needs somebody: only the order matters. Burning first, then silent, then late, then nobody there. */
export function need(figures: SnapshotFigures, hasLead: boolean): number {
  const { alerts, inventory, tickets, scores } = figures;
  const seen = scores?.leadSeenDays ?? 0;
  const score =
    (alerts ? Math.min(alerts.openNow, 50) * 1_000 + Math.min(alerts.overdue, 50) * 120 + Math.min(alerts.openLook, 50) * 10 : 0) +
    (inventory ? (inventory.sources === 0 ? 200 : Math.min(inventory.silent, 50) * 600) : 0) +
    (tickets ? Math.min(tickets.late, 50) * 200 + Math.min(tickets.waiting, 50) * 20 : 0) +
    (hasLead ? 0 : 250) + (seen > LEAD_NOW_DAYS ? 100 : seen > LEAD_LOOK_DAYS ? 30 : 0);
  return Math.min(score, 1_000_000);
}

export interface Cells {
  readonly flowing: Cell;
  readonly openNow: Cell;
  readonly openLook: Cell;
  readonly overdue: Cell;
  readonly tickets: Cell;
  readonly leadSeen: Cell;
}

const notShared: Cell = { value: null, state: 'notShared' };

/** The heat table's cells of one member. A value too old to trust keeps its number and says that it is not known. */
export function cells(figures: SnapshotFigures, hasLead: boolean, updatedAt: Date, now: Date): Cells {
  const stale = now.getTime() - updatedAt.getTime() > STALE_MS;
  const cell = (value: number | null, state: CellState): Cell => ({ value, state: stale ? 'unknown' : state });
  const { inventory: i, alerts: a, tickets: t, scores: s } = figures;
  return {
    flowing: i ? cell(i.flowing, i.sources === 0 ? 'unknown' : i.silent > 0 ? 'now' : i.flowing < i.sources ? 'look' : 'good') : notShared,
    openNow: a ? cell(a.openNow, a.openNow > 0 ? 'now' : 'good') : notShared,
    openLook: a ? cell(a.openLook, a.openLook > 0 ? 'look' : 'good') : notShared,
    overdue: a ? cell(a.overdue, a.overdue > 0 ? 'now' : 'good') : notShared,
    tickets: t ? cell(t.open, t.late > 0 ? 'now' : t.waiting > 0 ? 'look' : 'good') : notShared,
    // Whether a member has a lead at all is visible by the tree; when the lead was here is the member's to share.
    leadSeen: !hasLead ? cell(null, 'now') : s ? cell(s.leadSeenDays, s.leadSeenDays === null ? 'unknown' : s.leadSeenDays > LEAD_NOW_DAYS ? 'now' : s.leadSeenDays > LEAD_LOOK_DAYS ? 'look' : 'good') : notShared,
  };
}
