import { type CorrelatorState, type Group, groupKey, Organisation, readState, writeState } from './correlator-state.ts';
import type { Hit } from './ruleset.ts';
import { numberOf } from './time.ts';
import type { CorrelationRule, Level, Metadata } from './types.ts';
import { type EventInput, readField, toValues } from './fields.ts';
import { closeWindow, decideWindow, VALUE_JOINT, type Window } from './window.ts';

/** Bounds of a correlator's memory. What falls out of them is counted, never silently lost. */
export interface CorrelatorOptions {
  /** How much older than the newest event of its group an event may be, beyond the timespan. Default 5 minutes. */
  readonly latenessMs?: number;
  /** Groups held for one organisation; the longest unused goes first. Default 10,000. */
  readonly maxGroups?: number;
  /** Events held for one group; the oldest goes first. Default 10,001, the highest threshold and one. */
  readonly maxEntries?: number;
  /** Events held for one organisation over all groups. Default 200,000. */
  readonly maxEntriesTotal?: number;
  /** Organisations held; the longest unused goes first. Default 10,000. */
  readonly maxOrganisations?: number;
  /** Memory of all organisations together, about; the one that takes most loses its longest unused groups first. Default 64 MB. */
  readonly maxBytes?: number;
}

/** A correlation that became true. `count` is what the rule counts: events, values, rules, or a sum or average. */
export interface CorrelationHit {
  readonly ruleId: string;
  readonly title: string;
  readonly level: Level;
  readonly author: string | null;
  readonly license: string | null;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly standalone: boolean;
  readonly group: Readonly<Record<string, string>>;
  readonly count: number;
  readonly events: number;
  /** Milliseconds since 1970 UTC, of the first and last event in the window. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Up to 20 distinct values of the counted field. */
  readonly values: readonly string[];
  /** Authors of the rules that were counted: their licence may ask for it. */
  readonly sources: readonly { readonly ruleId: string; readonly author: string | null }[];
}

export interface CorrelatorCounters {
  readonly organisations: number;
  readonly groups: number;
  readonly entries: number;
  /** About what they take in memory. */
  readonly bytes: number;
  /** Events older than their group's window and lateness. */
  late: number;
  /** Groups, and single events, put out to stay within the bounds. */
  evictedGroups: number;
  evictedEntries: number;
}

const MAX_VALUE_CHARS = 300;

/**
 * Counts hits over sliding windows of event time, separately for every organisation. A window is closed on
 * both ends: events exactly one timespan apart stand in one window. A correlation that stays true reports
 * again after each timespan, not with each event. A condition without a lower bound (`lt: 5`), or with a negation, can be true
 * only once a timespan has passed: it is decided with the first event of its group after that and the lateness, or by
 * {@link advance}, about the timespan that began with the group's first event; a group without any event is never reported. An event without a value for one of the group-by fields
 * belongs to no group and is not counted.
 */
export class Correlator {
  readonly #rules: readonly CorrelationRule[];
  readonly #bySource = new Map<string, number[]>();
  readonly #numbers = new Map<string, number>();
  readonly #known: ReadonlyMap<string, Metadata>;
  readonly #silent: ReadonlySet<string>;
  readonly #options: Required<CorrelatorOptions>;
  #organisations = new Map<string, Organisation>();
  /** The one used last. */
  #newest: Organisation | null = null;
  #bytes = 0;
  readonly #counters = { late: 0, evictedGroups: 0, evictedEntries: 0 };

  constructor(rules: readonly CorrelationRule[], known: ReadonlyMap<string, Metadata>, options: CorrelatorOptions = {}) {
    this.#rules = rules;
    this.#known = known;
    this.#silent = new Set(rules.filter((rule) => !rule.generate).flatMap((rule) => rule.rules));
    this.#options = { latenessMs: 300_000, maxGroups: 10_000, maxEntries: 10_001, maxEntriesTotal: 200_000, maxOrganisations: 10_000, maxBytes: 64_000_000, ...options };
    for (const [number, rule] of rules.entries()) {
      this.#numbers.set(rule.meta.id, number);
      for (const source of rule.rules) this.#bySource.set(source, [...(this.#bySource.get(source) ?? []), number]);
    }
  }

  /**
   * Tells the correlator of one event and the rules that were true for it.
   * @param organisation whose event it is; nothing is counted across organisations
   * @param timeMs when it happened; a clock far in the future must be corrected by the caller
   * @returns correlations that became true, chains included
   */
  observe(organisation: string, event: EventInput, hits: readonly Pick<Hit, 'ruleId'>[], timeMs: number): CorrelationHit[] {
    if (!Number.isFinite(timeMs)) throw new TypeError('timeMs must be a number of milliseconds');
    return this.#follow(organisation, hits.map(({ ruleId }) => ({ ruleId, event, timeMs })));
  }

  /**
   * Decides about the timespans of an organisation that have passed, for correlations that cannot be decided before (see
   * {@link observe}). Whoever never calls it learns of each with the next event of its group.
   * @param timeMs now, or infinite at the end of all events
   */
  advance(organisation: string, timeMs: number): CorrelationHit[] {
    const own = this.#organisations.get(organisation);
    if (own === undefined || !this.#rules.some(({ closing }) => closing)) return [];
    const fired: CorrelationHit[] = [];
    for (const [key, group] of own.groups) {
      if (!group.rule.closing) continue;
      const closed = this.#weighing(own, () => {
        const hits = this.#close(own, group, timeMs);
        if (group.entries.length === 0) own.remove(key, group);
        return hits;
      });
      for (const hit of closed) fired.push(hit, ...this.#follow(organisation, [{ ruleId: hit.ruleId, event: hit.group, timeMs: hit.lastMs }]));
    }
    return fired;
  }

  /** Counts what happened, and what became true by that. */
  #follow(organisation: string, pending: { readonly ruleId: string; readonly event: EventInput; readonly timeMs: number }[]): CorrelationHit[] {
    const fired: CorrelationHit[] = [];
    for (let at = 0; at < pending.length; at++) {
      const { ruleId, event, timeMs } = pending[at] as (typeof pending)[number];
      for (const number of this.#bySource.get(ruleId) ?? []) {
        for (const hit of this.#count(organisation, number, ruleId, event, timeMs)) {
          fired.push(hit);
          // What was decided late happened then.
          pending.push({ ruleId: hit.ruleId, event: (this.#rules[number] as CorrelationRule).closing ? hit.group : event, timeMs: (this.#rules[number] as CorrelationRule).closing ? hit.lastMs : timeMs });
        }
      }
    }
    return fired;
  }

  get counters(): CorrelatorCounters {
    let groups = 0;
    let entries = 0;
    for (const organisation of this.#organisations.values()) {
      groups += organisation.groups.size;
      entries += organisation.entries;
    }
    return { organisations: this.#organisations.size, groups, entries, bytes: this.#bytes, ...this.#counters };
  }

  /** Everything counted so far, for a restart. */
  exportState(): CorrelatorState {
    return writeState(this.#organisations);
  }

  /**
   * Takes back exported state. Groups of rules that no longer exist are left out.
   * @returns how many groups were taken and left out
   * @throws TypeError where the state is not of the exported shape; nothing is changed then
   */
  importState(state: unknown): { groups: number; leftOut: number } {
    const { organisations, groups, leftOut } = readState(state, this.#numbers, this.#rules);
    this.#organisations = organisations;
    this.#newest = null;
    this.#bytes = 0;
    for (const organisation of organisations.values()) {
      this.#shrink(organisation);
      this.#bytes += organisation.bytes;
    }
    this.#shrinkAll();
    return { groups, leftOut };
  }

  /** Those of whom something is counted. */
  organisations(): string[] {
    return [...this.#organisations.keys()];
  }

  /** Forgets one organisation. */
  forget(organisation: string): void {
    this.#bytes -= this.#organisations.get(organisation)?.bytes ?? 0;
    this.#organisations.delete(organisation);
  }

  #count(name: string, number: number, source: string, event: EventInput, timeMs: number): readonly CorrelationHit[] {
    const rule = this.#rules[number] as CorrelationRule;
    const fields = groupFields(rule, source, event);
    if (fields === null) return NONE;
    const value = countedValue(rule, source, event);
    if (value === undefined) return NONE;
    const organisation = this.#organisation(name);
    const key = groupKey(number, fields);
    return this.#weighing(organisation, () => {
      const group = organisation.use(key, rule, fields);
      const { entries } = group;
      const newest = entries.length === 0 ? timeMs : entries.time(entries.length - 1);
      if (timeMs < newest - rule.timespanMs - this.#options.latenessMs) {
        this.#counters.late++;
        return NONE;
      }
      const place = rule.rules.indexOf(source);
      if (rule.closing) {
        const closed = this.#close(organisation, group, timeMs);
        // What a bound keeps out is beyond every threshold anyway: one that must not be exceeded is exceeded.
        if (entries.length < this.#options.maxEntries) organisation.insert(group, timeMs, place, value);
        else this.#counters.evictedEntries++;
        this.#shrink(organisation);
        return closed;
      }
      const position = organisation.insert(group, timeMs, place, value);
      const cut = this.#cut(organisation, group);
      this.#shrink(organisation);
      // While a report is fresh nothing can be reported, so nothing is measured.
      if (group.firedMs !== null && entries.time(entries.length - 1) <= group.firedMs + rule.timespanMs) return NONE;
      const changed = Math.max(0, position - cut);
      const window = decideWindow(rule, entries, organisation.texts, changed, group.isFalse);
      // One that came late says nothing of windows that it does not stand in.
      group.isFalse = window === null && (group.isFalse || changed === entries.length - 1);
      if (window === null || (group.firedMs !== null && window.lastMs <= group.firedMs + rule.timespanMs)) return NONE;
      group.firedMs = window.lastMs;
      return [this.#toHit(rule, fields, window)];
    });
  }

  /** Decides about the timespans of a group that have passed, each from the first event that no earlier one held. */
  #close(organisation: Organisation, group: Group, timeMs: number): CorrelationHit[] {
    const { rule, fields, entries } = group;
    const hits: CorrelationHit[] = [];
    let done = 0;
    while (done < entries.length && timeMs > entries.time(done) + rule.timespanMs + this.#options.latenessMs) {
      const { end, window } = closeWindow(rule, entries, organisation.texts, done);
      done = end;
      if (window !== null) hits.push(this.#toHit(rule, fields, window));
    }
    if (done > 0) organisation.cut(group, done);
    return hits;
  }

  /** Takes out what no window can hold any more, and the oldest beyond the bound. */
  #cut(organisation: Organisation, group: Group): number {
    const { entries, rule } = group;
    const oldest = entries.time(entries.length - 1) - rule.timespanMs - this.#options.latenessMs;
    let cut = 0;
    while (entries.time(cut) < oldest) cut++;
    const beyond = entries.length - cut - this.#options.maxEntries;
    if (beyond > 0) {
      cut += beyond;
      this.#counters.evictedEntries += beyond;
    }
    if (cut > 0) organisation.cut(group, cut);
    return cut;
  }

  #organisation(name: string): Organisation {
    let organisation = this.#organisations.get(name);
    if (organisation === undefined) organisation = new Organisation();
    else this.#organisations.delete(name);
    this.#organisations.set(name, organisation);
    this.#newest = organisation;
    if (this.#organisations.size > this.#options.maxOrganisations) {
      const [oldest, { groups, bytes }] = this.#organisations.entries().next().value as [string, Organisation];
      this.#organisations.delete(oldest);
      this.#bytes -= bytes;
      this.#counters.evictedGroups += groups.size;
    }
    return organisation;
  }

  /** Puts out the longest unused groups; the one in use is the last and stays. */
  #shrink(organisation: Organisation): void {
    for (const [key, group] of organisation.groups) {
      const within = organisation.groups.size <= this.#options.maxGroups && organisation.entries <= this.#options.maxEntriesTotal;
      if (within || organisation.groups.size === 1) return;
      this.#putOut(organisation, key, group);
    }
  }

  /** Does work on an organisation, and keeps within the memory of all: whoever takes most makes room, so that one organisation's flood is paid by itself. */
  #weighing<T>(organisation: Organisation, work: () => T): T {
    const before = organisation.bytes;
    const result = work();
    this.#bytes += organisation.bytes - before;
    this.#shrinkAll();
    return result;
  }

  #shrinkAll(): void {
    while (this.#bytes > this.#options.maxBytes) {
      let largest: Organisation | undefined;
      for (const organisation of this.#organisations.values()) if (organisation.groups.size > this.#stays(organisation) && (largest === undefined || organisation.bytes > largest.bytes)) largest = organisation;
      if (largest === undefined) return;
      // A tenth at once, so that not every event looks for the largest.
      const { bytes } = largest;
      for (const [key, group] of largest.groups) {
        if (largest.bytes <= bytes * 0.9 || largest.groups.size <= this.#stays(largest)) break;
        this.#putOut(largest, key, group);
      }
      this.#bytes += largest.bytes - bytes;
    }
  }

  /** Groups that cannot be put out: the one in use, which is the last of the organisation used last. */
  #stays(organisation: Organisation): number {
    return organisation === this.#newest ? 1 : 0;
  }

  #putOut(organisation: Organisation, key: string, group: Group): void {
    organisation.remove(key, group);
    this.#counters.evictedGroups++;
  }

  #toHit(rule: CorrelationRule, fields: readonly string[], window: Window): CorrelationHit {
    const { meta } = rule;
    const group = Object.fromEntries(rule.groupBy.map((name, index) => [name, fields[index] as string]));
    return {
      ruleId: meta.id, title: meta.title, level: meta.level, author: meta.author, license: meta.license, references: meta.references, tags: meta.tags,
      standalone: !this.#silent.has(meta.id), group, ...window,
      sources: rule.rules.map((ruleId) => ({ ruleId, author: this.#known.get(ruleId)?.author ?? null })),
    };
  }
}

function groupFields(rule: CorrelationRule, source: string, event: EventInput): string[] | null {
  const out: string[] = [];
  for (const name of rule.groupBy) {
    const text = firstText(rule, source, event, name);
    if (text === null) return null;
    out.push(text.length > MAX_VALUE_CHARS ? text.slice(0, MAX_VALUE_CHARS) : text);
  }
  return out;
}

/** The value that is counted, null where none is, undefined where the event has none. */
function countedValue(rule: CorrelationRule, source: string, event: EventInput): string | null | undefined {
  if (rule.fields.length === 0) return null;
  const values: string[] = [];
  for (const name of rule.fields) {
    const text = firstText(rule, source, event, name);
    if (text === null || (rule.correlation !== 'value_count' && numberOf(text) === null)) return undefined;
    values.push(rule.fields.length === 1 ? text.slice(0, MAX_VALUE_CHARS) : text.slice(0, MAX_VALUE_CHARS).replaceAll(VALUE_JOINT, ' '));
  }
  return values.join(VALUE_JOINT);
}

function firstText(rule: CorrelationRule, source: string, event: EventInput, name: string): string | null {
  const alias = rule.aliases.get(name);
  const field = alias === undefined ? name : alias.get(source);
  if (field === undefined) return null;
  return toValues(readField(event, field)).find((value) => value !== null && value !== '') ?? null;
}

const NONE: readonly CorrelationHit[] = Object.freeze([]);
