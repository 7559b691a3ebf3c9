/** Whether a rule is worth its trouble, by how its findings ended. Pure. */

export interface Outcomes {
  readonly handled: number;
  readonly ticket: number;
  readonly known: number;
  readonly falseAlarm: number;
}
/** keep: it finds what has to be dealt with. tune: it is right too seldom for what it asks. retire: it never was. unknown: too few have ended. */
export type Advice = 'keep' | 'tune' | 'retire' | 'unknown';

/** Fewer say nothing. */
export const ENOUGH = 5;
/** So many without one that mattered, and it has had its chance. */
export const ENOUGH_TO_RETIRE = 10;
const FALSE_SHARE = 0.5;
const IDLE_SHARE = 0.8;

export function adviceOf({ handled, ticket, known, falseAlarm }: Outcomes): Advice {
  const all = handled + ticket + known + falseAlarm;
  if (all < ENOUGH) return 'unknown';
  if (all >= ENOUGH_TO_RETIRE && handled + ticket === 0 && falseAlarm / all >= FALSE_SHARE) return 'retire';
  return falseAlarm / all >= FALSE_SHARE || (known + falseAlarm) / all >= IDLE_SHARE ? 'tune' : 'keep';
}

export const sumOf = (all: readonly Outcomes[]): Outcomes =>
  all.reduce((a, b) => ({ handled: a.handled + b.handled, ticket: a.ticket + b.ticket, known: a.known + b.known, falseAlarm: a.falseAlarm + b.falseAlarm }), { handled: 0, ticket: 0, known: 0, falseAlarm: 0 });
