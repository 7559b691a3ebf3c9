import type { FindingRow } from '../../findings/index.ts';

/** The same indicator at several members within a day. Pure. */

const DAY = 86_400_000;
/** From so many members on it outranks what each of them sees alone. */
export const MEMBERS_MIN = 3;
export const WINDOW_MS = DAY;
/** Numbers of members at which all that are part of a burst are told anew: telling each of every further one would grow with its square. */
const STEPS = [MEMBERS_MIN, 5, 10, 20, 50, 100, 200, 500, 1_000] as const;
/** The last of them that a number has reached; 0 for none. */
export const stepOf = (members: number): number => STEPS.findLast((step) => step <= members) ?? 0;
/** Sightings are kept so long: what comes back later is a burst of its own. */
export const KEEP_DAYS = 30;
const VALUE_MAX = 250;

export type IndicatorKind = 'address' | 'name' | 'mail' | 'file' | 'threat';
export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
}

const INSIDE = /^(0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|22[4-9]\.|2[3-5]\d\.|f[cd][0-9a-f]{2}:|fe80:|ff|::)/i;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i;
const NAME = /^[^\s/@]+\.[^\s/@.]{2,}$/;

const folded = (text: string | undefined): string => (text ?? '').trim().toLowerCase().replace(/\.$/, '').slice(0, VALUE_MAX);

/**
 * What of a finding others may have seen, too: who comes from outside, whom one of ours talks to, a sender, a file, the name
 * that a device gave to what it found. Nothing of a digest, nor of what is told for information only: what comes daily to
 * everybody, and asks nobody to do anything, is no burst.
 */
export function indicatorsOf(row: Pick<FindingRow, 'kind' | 'rank' | 'rule_id' | 'direction' | 'stopped' | 'slots'>): Indicator[] {
  if (row.kind !== 'detection' || row.rank > 1) return [];
  const { slots, direction } = row;
  const found = new Map<string, Indicator>();
  const add = (kind: IndicatorKind, value: string, good: boolean): void => {
    if (value !== '' && good) found.set(`${kind} ${value}`, { kind, value });
  };
  const address = (value: string | undefined): void => add('address', folded(value), ADDRESS.test(folded(value)) && !INSIDE.test(folded(value)));
  if (direction !== 'outbound') address(slots['source.ip']);
  if (direction !== 'inbound') address(slots['destination.ip']);
  for (const field of ['url.domain', 'destination.domain', 'dns.question.name']) add('name', folded(slots[field]), direction !== 'inbound' && NAME.test(folded(slots[field])) && !ADDRESS.test(folded(slots[field])));
  add('mail', folded(slots['email.from.address']), folded(slots['email.from.address']).includes('@'));
  add('file', folded(slots['file.hash.sha256']), /^[0-9a-f]{64}$/.test(folded(slots['file.hash.sha256'])));
  // A device's own name for a thing means the same only where the same rule speaks of it; what devices stop by name they stop everywhere, every day.
  add('threat', folded(slots['rule.name']) && `${row.rule_id} ${folded(slots['rule.name'])}`, row.stopped !== 'yes');
  return [...found.values()];
}

/** What people read; a threat's value carries its rule in front. */
export const readable = ({ kind, value }: Indicator): string => (kind === 'threat' ? value.slice(value.indexOf(' ') + 1) : value);

/** The moment the `MEMBERS_MIN`th member joined, by when each member was first seen in the window; null: too few. */
export function thirdAt(firstByMember: readonly Date[]): Date | null {
  const sorted = [...firstByMember].sort((a, b) => a.getTime() - b.getTime());
  return sorted[MEMBERS_MIN - 1] ?? null;
}
