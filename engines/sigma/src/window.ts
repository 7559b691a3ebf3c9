import { fold } from './fold.ts';
import { compare } from './time.ts';
import type { CorrelationRule, Expression } from './types.ts';

/** Between the values of several fields that are counted together. */
export const VALUE_JOINT = '\u001f';

/** One counted event: when, by which of the correlation's rules (its number there), and the counted field's value, or those of several. */
export interface Entry {
  readonly timeMs: number;
  readonly source: number;
  readonly value: string | null;
}

export interface Window {
  readonly count: number;
  readonly events: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly values: readonly string[];
}

const MAX_VALUES = 20;

/**
 * Finds the latest window that holds the entry at `changed` and makes the correlation true. Windows end at
 * an entry and reach back one timespan, both ends included; entries of one time are always together.
 * Entries are ordered by time. One pass, linear in the entries within a timespan of the changed one.
 */
export function decideWindow(rule: CorrelationRule, entries: readonly Entry[], changed: number): Window | null {
  if (changed === entries.length - 1 && changesNothing(rule, entries)) return null;
  const changedMs = (entries[changed] as Entry).timeMs;
  let start = changed;
  while (start > 0 && (entries[start - 1] as Entry).timeMs >= changedMs - rule.timespanMs) start--;
  const measure = newMeasure(rule);
  let best: { start: number; end: number; count: number } | null = null;
  for (let end = start; end < entries.length; end++) {
    const entry = entries[end] as Entry;
    if (entry.timeMs > changedMs + rule.timespanMs) break;
    measure.add(entry);
    while ((entries[start] as Entry).timeMs < entry.timeMs - rule.timespanMs) measure.remove(entries[start++] as Entry);
    if (end < changed || entries[end + 1]?.timeMs === entry.timeMs) continue;
    const count = measure.count(entry.timeMs, entries, start, end);
    if (count !== null && rule.thresholds.every(({ operator, value }) => compare(count, operator, value))) best = { start, end, count };
  }
  if (best === null) return null;
  return {
    count: best.count, events: best.end - best.start + 1, firstMs: (entries[best.start] as Entry).timeMs, lastMs: (entries[best.end] as Entry).timeMs,
    values: distinctValues(entries, best.start, best.end),
  };
}

/**
 * Decides about a timespan that has passed, from the first of the entries on.
 * @returns how many of the entries belong to it, and the window where the correlation is true
 */
export function closeWindow(rule: CorrelationRule, entries: readonly Entry[]): { readonly length: number; readonly window: Window | null } {
  const endMs = (entries[0] as Entry).timeMs + rule.timespanMs;
  const measure = newMeasure(rule);
  let length = 0;
  for (; length < entries.length && (entries[length] as Entry).timeMs <= endMs; length++) measure.add(entries[length] as Entry);
  const lastMs = (entries[length - 1] as Entry).timeMs;
  const count = measure.count(lastMs, entries, 0, length - 1);
  const holds = count !== null && rule.thresholds.every(({ operator, value }) => compare(count, operator, value));
  return { length, window: holds ? { count, events: length, firstMs: (entries[0] as Entry).timeMs, lastMs, values: distinctValues(entries, 0, length - 1) } : null };
}

/**
 * True where the newest entry repeats what an entry before it already told, so that a correlation that was
 * false stays so. It keeps a flood of the same event from being measured again and again.
 */
function changesNothing(rule: CorrelationRule, entries: readonly Entry[]): boolean {
  if (rule.thresholds.some(({ operator }) => operator !== 'gt' && operator !== 'gte')) return false;
  const newest = entries.at(-1) as Entry;
  if (rule.correlation === 'temporal_ordered') return newest.source !== rule.rules.length - 1 || entries.at(-2)?.source === newest.source;
  if (rule.correlation !== 'value_count' && rule.correlation !== 'temporal') return false;
  const told = (entry: Entry) => (rule.correlation === 'temporal' ? entry.source === newest.source : entry.value === newest.value);
  for (let at = entries.length - 2; at >= 0; at--) {
    const entry = entries[at] as Entry;
    if (entry.timeMs < newest.timeMs - rule.timespanMs) return false;
    if (told(entry)) return true;
  }
  return false;
}

interface Measure {
  add(entry: Entry): void;
  remove(entry: Entry): void;
  count(endMs: number, entries: readonly Entry[], start: number, end: number): number | null;
}

function newMeasure(rule: CorrelationRule): Measure {
  switch (rule.correlation) {
    case 'event_count':
      return { add() {}, remove() {}, count: (_endMs, _entries, start, end) => end - start + 1 };
    case 'value_count':
      return counter((entry) => fold(entry.value ?? ''));
    case 'temporal':
      return counter((entry) => entry.source, rule.expression);
    case 'temporal_ordered':
      return chain(rule.rules.length, rule.timespanMs);
    case 'value_sum':
      return numeric((values) => values.reduce((sum, value) => sum + value, 0));
    case 'value_avg':
      return numeric((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    case 'value_min':
      return numeric((values) => values.reduce((least, value) => Math.min(least, value)));
    case 'value_max':
      return numeric((values) => values.reduce((most, value) => Math.max(most, value)));
    case 'value_median':
      return numeric((values) => percentile(values, 50));
    case 'value_percentile':
      return numeric((values) => percentile(values, rule.percentile));
  }
}

/** @param expression what must be true of the keys, beside their number */
function counter(keyOf: (entry: Entry) => string | number, expression: Expression | null = null): Measure {
  const counts = new Map<string | number, number>();
  return {
    add(entry) {
      const key = keyOf(entry);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    remove(entry) {
      const key = keyOf(entry);
      const left = (counts.get(key) ?? 0) - 1;
      if (left <= 0) counts.delete(key);
      else counts.set(key, left);
    },
    count: () => (expression === null || isTrue(expression, counts) ? counts.size : null),
  };
}

function isTrue(expression: Expression, seen: ReadonlyMap<string | number, number>): boolean {
  switch (expression.kind) {
    case 'leaf': return seen.has(Number(expression.selection));
    case 'not': return !isTrue(expression.of, seen);
    case 'and': return expression.of.every((part) => isTrue(part, seen));
    case 'or': return expression.of.some((part) => isTrue(part, seen));
  }
}

/** For every rule the latest start of a sequence up to it; a sequence within the timespan counts all rules. */
function chain(length: number, timespanMs: number): Measure {
  const startMs = new Array<number>(length).fill(Number.NEGATIVE_INFINITY);
  let completeMs = Number.NEGATIVE_INFINITY;
  return {
    add({ timeMs, source }) {
      startMs[source] = source === 0 ? timeMs : (startMs[source - 1] as number);
      if (source === length - 1 && timeMs - (startMs[source] as number) <= timespanMs) completeMs = timeMs;
    },
    remove() {},
    count: (endMs) => (completeMs === endMs ? length : null),
  };
}

function numeric(reduce: (values: number[]) => number): Measure {
  return {
    add() {},
    remove() {},
    count: (_endMs, entries, start, end) => reduce(entries.slice(start, end + 1).map(({ value }) => Number(value))),
  };
}

/** Linear interpolation between the closest ranks. */
function percentile(values: number[], percent: number): number {
  values.sort((left, right) => left - right);
  const rank = ((values.length - 1) * percent) / 100;
  const low = values[Math.floor(rank)] as number;
  return low + ((values[Math.ceil(rank)] as number) - low) * (rank - Math.floor(rank));
}

function distinctValues(entries: readonly Entry[], start: number, end: number): string[] {
  const out = new Map<string, string>();
  for (let at = start; at <= end && out.size < MAX_VALUES; at++) {
    const { value } = entries[at] as Entry;
    if (value !== null && !out.has(fold(value))) out.set(fold(value), value.replaceAll(VALUE_JOINT, ', '));
  }
  return [...out.values()];
}
