import { fold } from './fold.ts';
import type { CorrelationRule } from './types.ts';
import type { Entry } from './window.ts';

export interface Group {
  readonly fields: readonly string[];
  /** Oldest first; equal times in order of arrival. */
  entries: Entry[];
  /** Time of the last report; the next is at least one timespan later. */
  firedMs: number | null;
}

export interface Organisation {
  /** Rule number, then group key; the longest unused comes first. */
  groups: Map<string, Group>;
  entries: number;
  /** About what they take in memory. */
  bytes: number;
}

/** About how many bytes of memory an entry takes, and a group beside its entries: its fields are there twice, in its key too. */
export const entryBytes = ({ value }: Pick<Entry, 'value'>): number => 80 + 2 * (value?.length ?? 0);
export const groupBytes = ({ fields }: Pick<Group, 'fields'>): number => fields.reduce((sum, field) => sum + 4 * field.length, 200);
export const entriesBytes = (entries: readonly Entry[]): number => entries.reduce((sum, entry) => sum + entryBytes(entry), 0);

/** Plain JSON. */
export interface CorrelatorState {
  readonly version: 1;
  readonly organisations: readonly (readonly [string, readonly StoredGroup[]])[];
}
type StoredGroup = readonly [ruleId: string, fields: readonly string[], entries: readonly (readonly [number, number, string | null])[], firedMs: number | null];

export function groupKey(rule: number, fields: readonly string[]): string {
  return `${rule}\u0000${fields.map(fold).join('\u0000')}`;
}

export function writeState(organisations: ReadonlyMap<string, Organisation>, rules: readonly CorrelationRule[]): CorrelatorState {
  return {
    version: 1,
    organisations: [...organisations].map(([name, { groups }]) => [
      name,
      [...groups].map(([key, group]): StoredGroup => [
        (rules[Number(key.slice(0, key.indexOf('\u0000')))] as CorrelationRule).meta.id, group.fields,
        group.entries.map(({ timeMs, source, value }) => [timeMs, source, value]), group.firedMs,
      ]),
    ]),
  };
}

/**
 * Reads exported state. Groups of rules that no longer exist, or group by other fields now, are left out.
 * @throws TypeError where it is not of the exported shape
 */
export function readState(state: unknown, numbers: ReadonlyMap<string, number>, rules: readonly CorrelationRule[]) {
  const wrong = () => new TypeError('this is not the exported state of a correlator');
  const isList = (value: unknown): value is unknown[] => Array.isArray(value);
  if (typeof state !== 'object' || state === null || (state as CorrelatorState).version !== 1 || !isList((state as CorrelatorState).organisations)) throw wrong();
  const organisations = new Map<string, Organisation>();
  let groups = 0;
  let leftOut = 0;
  for (const pair of (state as CorrelatorState).organisations as readonly unknown[]) {
    if (!isList(pair) || typeof pair[0] !== 'string' || !isList(pair[1])) throw wrong();
    const organisation: Organisation = { groups: new Map(), entries: 0, bytes: 0 };
    for (const stored of pair[1]) {
      if (!isList(stored) || typeof stored[0] !== 'string' || !isList(stored[1]) || !isList(stored[2])) throw wrong();
      const [ruleId, fields, entries, firedMs] = stored;
      if (!fields.every((field) => typeof field === 'string') || !(firedMs === null || Number.isFinite(firedMs))) throw wrong();
      const number = numbers.get(ruleId);
      const rule = number === undefined ? undefined : rules[number];
      if (rule === undefined || rule.groupBy.length !== fields.length) {
        leftOut++;
        continue;
      }
      const read = entries.map((entry): Entry => {
        if (!isList(entry) || !Number.isFinite(entry[0]) || !Number.isInteger(entry[1]) || !(entry[2] === null || typeof entry[2] === 'string')) throw wrong();
        return { timeMs: entry[0] as number, source: entry[1] as number, value: entry[2] };
      });
      if (read.length === 0) throw wrong();
      read.sort((left, right) => left.timeMs - right.timeMs);
      const group: Group = { fields: fields as string[], entries: read, firedMs: firedMs as number | null };
      organisation.groups.set(groupKey(number as number, group.fields), group);
      organisation.entries += read.length;
      organisation.bytes += groupBytes(group) + entriesBytes(read);
      groups++;
    }
    organisations.set(pair[0], organisation);
  }
  return { organisations, groups, leftOut };
}
