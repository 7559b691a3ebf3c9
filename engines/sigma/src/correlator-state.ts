import { Entries, NO_VALUE, ownCopy, Texts } from './entries.ts';
import { fold } from './fold.ts';
import type { CorrelationRule } from './types.ts';

export class Group {
  readonly rule: CorrelationRule;
  readonly fields: readonly string[];
  readonly entries: Entries;
  /** Time of the last report; the next is at least one timespan later. */
  firedMs: number | null = null;
  /** Whether the correlation was found false with the newest entry. */
  isFalse = false;

  constructor(rule: CorrelationRule, fields: readonly string[]) {
    this.rule = rule;
    this.fields = fields.map(ownCopy);
    this.entries = new Entries(rule);
  }

  /** About what it takes in memory: its fields are there twice, in its key too. */
  get bytes(): number {
    const { length, columns } = this.entries;
    return this.fields.reduce((sum, field) => sum + 4 * field.length, GROUP_BYTES) + columns * (COLUMN_BYTES + ENTRY_BYTES * length);
  }
}

const GROUP_BYTES = 250;
const COLUMN_BYTES = 100;
/** A number, and the room that a growing list keeps. */
const ENTRY_BYTES = 12;

/** What is counted of one organisation. */
export class Organisation {
  /** By rule number and group key; the longest unused comes first. */
  readonly groups = new Map<string, Group>();
  readonly texts = new Texts();
  #entries = 0;
  #groupBytes = 0;

  get entries(): number {
    return this.#entries;
  }

  /** About what it takes in memory. */
  get bytes(): number {
    return this.#groupBytes + this.texts.bytes;
  }

  /** The group under a key as the one used last, made if it is new. */
  use(key: string, rule: CorrelationRule, fields: readonly string[]): Group {
    let group = this.groups.get(key);
    if (group === undefined) {
      group = new Group(rule, fields);
      this.#groupBytes += group.bytes;
    } else this.groups.delete(key);
    this.groups.set(key, group);
    return group;
  }

  /** @param value null: none is counted. @returns the entry's place */
  insert(group: Group, timeMs: number, source: number, value: string | null): number {
    this.#entries++;
    this.#groupBytes += group.entries.columns * ENTRY_BYTES;
    return group.entries.insert(timeMs, source, value === null ? NO_VALUE : this.texts.take(value));
  }

  /** Takes out the oldest entries of a group. */
  cut(group: Group, count: number): void {
    const { entries } = group;
    for (let at = 0; at < count; at++) if (entries.value(at) !== NO_VALUE) this.texts.giveBack(entries.value(at));
    entries.cut(count);
    this.#entries -= count;
    this.#groupBytes -= count * entries.columns * ENTRY_BYTES;
  }

  remove(key: string, group: Group): void {
    this.cut(group, group.entries.length);
    this.groups.delete(key);
    this.#groupBytes -= group.bytes;
  }
}

/** What a structured clone takes (`node:v8` serialize): lists in place of an object for each entry, since there are many. */
export interface CorrelatorState {
  readonly version: 2;
  readonly organisations: readonly OrganisationState[];
}
interface OrganisationState {
  readonly name: string;
  readonly groups: readonly (readonly [ruleId: string, fields: readonly string[], firedMs: number | null, entries: number])[];
  /** Of the entries of all groups, one after the other; see {@link Entries}. */
  readonly times: Float64Array;
  readonly sources: Uint32Array;
  /** Places in `texts`. */
  readonly values: Int32Array;
  readonly texts: readonly string[];
}

export function groupKey(rule: number, fields: readonly string[]): string {
  return `${rule}\u0000${fields.map(fold).join('\u0000')}`;
}

export function writeState(organisations: ReadonlyMap<string, Organisation>): CorrelatorState {
  return { version: 2, organisations: [...organisations].map(([name, organisation]) => writeOrganisation(name, organisation)) };
}

function writeOrganisation(name: string, { groups, entries: total, texts }: Organisation): OrganisationState {
  const times = new Float64Array(total);
  const sources = new Uint32Array(total);
  const values = new Int32Array(total);
  /** Where each text stands in what is written, which has no empty places. */
  const written = new Int32Array(texts.end).fill(NO_VALUE);
  const list: string[] = [];
  let next = 0;
  for (const { entries } of groups.values()) {
    for (let at = 0; at < entries.length; at++, next++) {
      times[next] = entries.time(at);
      sources[next] = entries.source(at);
      const value = entries.value(at);
      if (value !== NO_VALUE && written[value] === NO_VALUE) written[value] = list.push(texts.text(value)) - 1;
      values[next] = value === NO_VALUE ? NO_VALUE : (written[value] as number);
    }
  }
  return {
    name, times, sources, values, texts: list,
    groups: Array.from(groups.values(), ({ rule, fields, firedMs, entries }) => [rule.meta.id, fields, firedMs, entries.length] as const),
  };
}

/**
 * Reads exported state. Groups of rules that no longer exist, or count other rules or by other fields now, are left out.
 * @throws TypeError where it is not of the exported shape
 */
export function readState(state: unknown, numbers: ReadonlyMap<string, number>, rules: readonly CorrelationRule[]) {
  const organisations = new Map<string, Organisation>();
  let groups = 0;
  let leftOut = 0;
  for (const stored of organisationsOf(state)) {
    const organisation = new Organisation();
    let next = 0;
    for (const [ruleId, fields, firedMs, length] of stored.groups) {
      const [first, end] = [next, (next += length)];
      const number = numbers.get(ruleId);
      const rule = number === undefined ? undefined : rules[number];
      if (rule === undefined || !fits(rule, fields, stored, first, end)) {
        leftOut++;
        continue;
      }
      const group = organisation.use(groupKey(number as number, fields), rule, fields);
      group.firedMs = firedMs;
      for (let at = first; at < end; at++) {
        const value = stored.values[at] as number;
        organisation.insert(group, stored.times[at] as number, stored.sources[at] as number, value === NO_VALUE ? null : (stored.texts[value] as string));
      }
      groups++;
    }
    organisations.set(stored.name, organisation);
  }
  return { organisations, groups, leftOut };
}

function fits(rule: CorrelationRule, fields: readonly string[], { sources, values }: OrganisationState, first: number, end: number): boolean {
  if (rule.groupBy.length !== fields.length) return false;
  for (let at = first; at < end; at++) if ((sources[at] as number) >= rule.rules.length || (values[at] === NO_VALUE) !== (rule.fields.length === 0)) return false;
  return true;
}

function organisationsOf(state: unknown): readonly OrganisationState[] {
  if (!isRecord(state) || state.version !== 2 || !Array.isArray(state.organisations) || !state.organisations.every(isOrganisation)) throw new TypeError('this is not the exported state of a correlator');
  return state.organisations;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((text) => typeof text === 'string');

function isOrganisation(value: unknown): value is OrganisationState {
  if (!isRecord(value)) return false;
  const { name, groups, times, sources, values, texts } = value;
  if (typeof name !== 'string' || !isTexts(texts) || !Array.isArray(groups)) return false;
  if (!(times instanceof Float64Array) || !(sources instanceof Uint32Array) || !(values instanceof Int32Array) || sources.length !== times.length || values.length !== times.length) return false;
  if (!times.every(Number.isFinite) || !values.every((place) => place >= NO_VALUE && place < texts.length)) return false;
  let entries = 0;
  for (const group of groups as readonly unknown[]) {
    if (!Array.isArray(group) || typeof group[0] !== 'string' || !isTexts(group[1]) || !(group[2] === null || Number.isFinite(group[2])) || !Number.isInteger(group[3]) || group[3] < 1) return false;
    const end = entries + (group[3] as number);
    for (entries++; entries < end; entries++) if ((times[entries] as number) < (times[entries - 1] as number)) return false;
  }
  return entries === times.length;
}
