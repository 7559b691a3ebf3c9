import { SEARCH_DAYS_MAX } from '@banya/contract';
import { Problem } from '../../kernel/errors.ts';

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

/** Runs at most `atOnce` at a time and keeps at most `waiting` more; more are refused, since each of them may read gigabytes. */
export class Turns {
  readonly #atOnce: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waiting: number) {
    this.#atOnce = atOnce;
    this.#waitingMax = waiting;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#waitingMax) throw new Problem(503, 'search_slow');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
