import { SEARCH_DAYS_MAX } from '@banya/contract';
import { Problem } from '../../kernel/errors.ts';
import type { Scope } from '../../kernel/types.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Clocks of devices run ahead by so much at most; see engines/logs. */
const AHEAD = DAY;

export interface Span {
  /** Epoch milliseconds; `to` is not included. */
  readonly from: number;
  readonly to: number;
}

/** The time asked for: a day before now unless told, and whatever clocks that run ahead have written. @throws Problem time_wrong */
export function spanOf(asked: { readonly from?: string | undefined; readonly to?: string | undefined }, now: number, daysBefore = 1): Span {
  const to = Math.min(now + AHEAD, asked.to === undefined ? Infinity : Date.parse(asked.to));
  const from = asked.from === undefined ? Math.min(to, now) - daysBefore * DAY : Date.parse(asked.from);
  if (!(from < to) || to - from > SEARCH_DAYS_MAX * DAY) throw new Problem(400, 'time_wrong', { days: SEARCH_DAYS_MAX });
  return { from, to };
}

export type Step = 'minute' | 'hour' | 'day' | 'month';
/** Bars that a page can show side by side: at most some 170. `minute` is five of them. */
export function stepOf({ from, to }: Span): Step {
  const span = to - from - AHEAD;
  return span <= 12 * HOUR ? 'minute' : span <= 7.5 * DAY ? 'hour' : span <= 170 * DAY ? 'day' : 'month';
}

/** Whose turn a question takes: the organisation of whoever asks, so that a member that fills the queue does not keep its desk out. */
export const whose = ({ actor, orgId }: Pick<Scope, 'actor' | 'orgId'>): string => (actor.kind === 'system' ? orgId : actor.homeOrgId);

/**
 * Runs at most `atOnce` at a time and keeps at most `waiting` more; more are refused, since each of them may read gigabytes.
 * Who has the fewest running is next: one organisation's questions must not keep all the others waiting.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #waitingMax: number;
  readonly #ofOneMax: number;
  readonly #waiting: { readonly who: string; readonly go: () => void }[] = [];
  /** Whose each running one is. */
  readonly #running: string[] = [];

  /** @param ofOne how many of the waiting may be of one organisation */
  constructor(atOnce: number, waiting: number, ofOne = waiting) {
    this.#atOnce = atOnce;
    this.#waitingMax = waiting;
    this.#ofOneMax = ofOne;
  }

  async run<T>(who: string, work: () => Promise<T>): Promise<T> {
    if (this.#running.length >= this.#atOnce) {
      if (this.#waiting.length >= this.#waitingMax || this.#waiting.filter((w) => w.who === who).length >= this.#ofOneMax) throw new Problem(503, 'search_slow');
      await new Promise<void>((go) => this.#waiting.push({ who, go }));
    } else this.#running.push(who);
    try {
      return await work();
    } finally {
      this.#running.splice(this.#running.indexOf(who), 1);
      this.#next();
    }
  }

  #next(): void {
    const running = (who: string): number => this.#running.filter((w) => w === who).length;
    let best = -1;
    for (const [i, { who }] of this.#waiting.entries()) if (best < 0 || running(who) < running(this.#waiting[best]!.who)) best = i;
    if (best < 0) return;
    const [next] = this.#waiting.splice(best, 1);
    this.#running.push(next!.who);
    next!.go();
  }
}
