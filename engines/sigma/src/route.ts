import { Candidates } from './candidates.ts';
import type { Expression } from './types.ts';
import type { EventView, FieldSlots } from './view.ts';

/** After so many events it is asked whether rules should wait under other literals. */
const LESSONS = [300, 1_500, 6_000, 30_000];
/** Fewer rules tried in vain for each event are not worth the work of another index. */
const WORTH_IT = 0.05;
/** One in so many vain trials is looked at. */
const SAMPLE = 16;

/**
 * The rules of one combination of log sources with an index of their own, so that no event pays for another's rules. Which
 * literals are rare cannot be read off the rules, so what is found often and in vain is remembered, and after some events
 * the rules wait under others. What is found to be true never depends on it.
 */
export class Route {
  /** 1 where the rules of a group belong to it. */
  readonly groups: Uint8Array;
  readonly rules: readonly number[];
  readonly #expressions: ReadonlyMap<number, Expression>;
  readonly #slots: FieldSlots;
  #candidates: Candidates | null;
  #events = 0;
  #next = 0;
  #vain = 0;
  readonly #hits = new Map<string, number>();
  readonly #known = new Map<string, number>();
  #lessons = 0;

  /** @param indexed false: every rule of the route is tried */
  constructor(groups: Uint8Array, expressions: ReadonlyMap<number, Expression>, slots: FieldSlots, indexed: boolean) {
    this.groups = groups;
    this.rules = [...expressions.keys()];
    this.#expressions = expressions;
    this.#slots = slots;
    this.#candidates = indexed ? new Candidates(expressions, slots) : null;
    this.#next = indexed ? (LESSONS[0] as number) : Number.POSITIVE_INFINITY;
  }

  /** The rules to try for the event in the view, in no order; good until the next call. */
  find(view: EventView): readonly number[] {
    if (++this.#events > this.#next) this.#learn();
    return this.#candidates?.find(view) ?? this.rules;
  }

  /** Tells that a rule was tried and is not true for the event in the view. */
  inVain(rule: number, view: EventView): void {
    if (this.#next === Number.POSITIVE_INFINITY || this.#vain++ % SAMPLE !== 0) return;
    for (const key of (this.#candidates as Candidates).reasons(rule, view)) this.#hits.set(key, (this.#hits.get(key) ?? 0) + SAMPLE);
  }

  #learn(): void {
    const events = this.#events - (LESSONS[this.#lessons - 1] ?? 0);
    if (this.#vain / events > WORTH_IT) {
      for (const [key, hits] of this.#hits) this.#known.set(key, Math.max(hits / events, this.#known.get(key) ?? 0));
      (this.#candidates as Candidates).retired = true;
      this.#candidates = new Candidates(this.#expressions, this.#slots, this.#known);
    }
    this.#hits.clear();
    this.#vain = 0;
    this.#next = LESSONS[++this.#lessons] ?? Number.POSITIVE_INFINITY;
  }
}
