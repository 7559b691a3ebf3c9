import { type Entries, NO_VALUE, type Texts } from './entries.ts';
import { compare } from './time.ts';
import type { CorrelationRule, Expression } from './types.ts';

/** Between the values of several fields that are counted together. */
export const VALUE_JOINT = '\u001f';

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
 * One pass, linear in the entries within a timespan of the changed one.
 * @param wasFalse whether it was found false before the changed entry came
 */
export function decideWindow(rule: CorrelationRule, entries: Entries, texts: Texts, changed: number, wasFalse: boolean): Window | null {
  if (wasFalse && changed === entries.length - 1 && changesNothing(rule, entries)) return null;
  const changedMs = entries.time(changed);
  let start = changed;
  while (start > 0 && entries.time(start - 1) >= changedMs - rule.timespanMs) start--;
  const measure = newMeasure(rule, entries, texts);
  let best: { start: number; end: number; count: number } | null = null;
  let end = start;
  for (; end < entries.length; end++) {
    const timeMs = entries.time(end);
    if (timeMs > changedMs + rule.timespanMs) break;
    measure.add(end);
    while (entries.time(start) < timeMs - rule.timespanMs) measure.remove(start++);
    if (end < changed || (end + 1 < entries.length && entries.time(end + 1) === timeMs)) continue;
    const count = measure.count(start, end);
    if (count !== null && rule.thresholds.every(({ operator, value }) => compare(count, operator, value))) best = { start, end, count };
  }
  while (start < end) measure.remove(start++);
  return best === null ? null : toWindow(rule, entries, texts, best);
}

/**
 * Decides about a timespan that has passed, from the entry at `start` on.
 * @returns where the entries end that belong to it, and the window where the correlation is true
 */
export function closeWindow(rule: CorrelationRule, entries: Entries, texts: Texts, start: number): { readonly end: number; readonly window: Window | null } {
  const endMs = entries.time(start) + rule.timespanMs;
  const measure = newMeasure(rule, entries, texts);
  let end = start;
  for (; end < entries.length && entries.time(end) <= endMs; end++) measure.add(end);
  const count = measure.count(start, end - 1);
  for (let at = start; at < end; at++) measure.remove(at);
  const holds = count !== null && rule.thresholds.every(({ operator, value }) => compare(count, operator, value));
  return { end, window: holds ? toWindow(rule, entries, texts, { start, end: end - 1, count }) : null };
}

function toWindow(rule: CorrelationRule, entries: Entries, texts: Texts, { start, end, count }: { readonly start: number; readonly end: number; readonly count: number }): Window {
  return { count, events: end - start + 1, firstMs: entries.time(start), lastMs: entries.time(end), values: rule.fields.length === 0 ? [] : distinctValues(entries, texts, start, end) };
}

/**
 * True where the newest entry repeats what an entry before it already told, so that a correlation that was
 * false stays so. It keeps a flood of the same event from being measured again and again.
 */
function changesNothing(rule: CorrelationRule, entries: Entries): boolean {
  if (rule.thresholds.some(({ operator }) => operator !== 'gt' && operator !== 'gte')) return false;
  const newest = entries.length - 1;
  if (rule.correlation === 'temporal_ordered') return entries.source(newest) !== rule.rules.length - 1 || (newest > 0 && entries.source(newest - 1) === entries.source(newest));
  if (rule.correlation !== 'value_count' && rule.correlation !== 'temporal') return false;
  const told = rule.correlation === 'temporal' ? (at: number) => entries.source(at) : (at: number) => entries.value(at);
  const [wanted, oldest] = [told(newest), entries.time(newest) - rule.timespanMs];
  for (let at = newest - 1; at >= 0 && entries.time(at) >= oldest; at--) if (told(at) === wanted) return true;
  return false;
}

/** Reckons over the entries from one place to another. Each that was added is removed again at the end. */
interface Measure {
  add(at: number): void;
  remove(at: number): void;
  count(start: number, end: number): number | null;
}

function newMeasure(rule: CorrelationRule, entries: Entries, texts: Texts): Measure {
  const numeric = (reduce: (values: number[]) => number): Measure => ({
    add() {},
    remove() {},
    count: (start, end) => reduce(Array.from({ length: end - start + 1 }, (_, at) => Number(texts.text(entries.value(start + at))))),
  });
  switch (rule.correlation) {
    case 'event_count':
      return { add() {}, remove() {}, count: (start, end) => end - start + 1 };
    case 'value_count':
      return counter((at) => texts.folded(entries.value(at)), texts.end);
    case 'temporal':
      return counter((at) => entries.source(at), rule.rules.length, rule.expression);
    case 'temporal_ordered':
      return chain(rule, entries);
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

/** How often each key was added. All zero between two measures, which never overlap. */
let tally = new Int32Array(1_024);

/**
 * @param end every key is below it
 * @param expression what must be true of the keys, beside their number
 */
function counter(keyOf: (at: number) => number, end: number, expression: Expression | null = null): Measure {
  if (tally.length < end) tally = new Int32Array(end * 2);
  const counts = tally;
  let distinct = 0;
  return {
    add(at) {
      if ((counts[keyOf(at)] as number)++ === 0) distinct++;
    },
    remove(at) {
      if (--(counts[keyOf(at)] as number) === 0) distinct--;
    },
    count: () => (expression === null || isTrue(expression, counts) ? distinct : null),
  };
}

function isTrue(expression: Expression, seen: Int32Array): boolean {
  switch (expression.kind) {
    case 'leaf': return (seen[Number(expression.selection)] as number) > 0;
    case 'not': return !isTrue(expression.of, seen);
    case 'and': return expression.of.every((part) => isTrue(part, seen));
    case 'or': return expression.of.some((part) => isTrue(part, seen));
  }
}

/** For every rule the latest start of a sequence up to it; a sequence within the timespan counts all rules. */
function chain({ rules: { length }, timespanMs }: CorrelationRule, entries: Entries): Measure {
  const startMs = new Array<number>(length).fill(Number.NEGATIVE_INFINITY);
  let completeMs = Number.NEGATIVE_INFINITY;
  return {
    add(at) {
      const [timeMs, source] = [entries.time(at), entries.source(at)];
      startMs[source] = source === 0 ? timeMs : (startMs[source - 1] as number);
      if (source === length - 1 && timeMs - (startMs[source] as number) <= timespanMs) completeMs = timeMs;
    },
    remove() {},
    count: (_start, end) => (completeMs === entries.time(end) ? length : null),
  };
}

/** Linear interpolation between the closest ranks. */
function percentile(values: number[], percent: number): number {
  values.sort((left, right) => left - right);
  const rank = ((values.length - 1) * percent) / 100;
  const low = values[Math.floor(rank)] as number;
  return low + ((values[Math.ceil(rank)] as number) - low) * (rank - Math.floor(rank));
}

function distinctValues(entries: Entries, texts: Texts, start: number, end: number): string[] {
  const out = new Map<number, string>();
  for (let at = start; at <= end && out.size < MAX_VALUES; at++) {
    const value = entries.value(at);
    if (value !== NO_VALUE && !out.has(texts.folded(value))) out.set(texts.folded(value), texts.text(value).replaceAll(VALUE_JOINT, ', '));
  }
  return [...out.values()];
}
