import type { Random } from '../random.ts';
import { dayKind, HOUR } from '../world/calendar.ts';
import type { DemoMember } from '../world/types.ts';

/** How much an hour of the day is worth. Offices wake at eight, eat at noon, go home from five on; machines hum through the night. */
const OFFICE = [2, 1, 1, 1, 1, 2, 5, 18, 60, 95, 100, 92, 48, 88, 98, 94, 88, 62, 30, 16, 9, 6, 4, 3];
const ALWAYS = [46, 44, 45, 43, 44, 42, 40, 38, 37, 38, 40, 41, 40, 42, 43, 42, 41, 40, 42, 44, 45, 47, 48, 47];
const cumulate = (weights: readonly number[]): number[] => weights.reduce<number[]>((sums, w) => [...sums, (sums.at(-1) ?? 0) + w], []);
const [office, always] = [cumulate(OFFICE), cumulate(ALWAYS)];

/** How busy a day is, 1 for a working day. */
export function busy(member: DemoMember, day: number): number {
  const kind = dayKind(day);
  if (kind === 'work') return 1;
  if (member.everyDay) return kind === 'saturday' ? 0.95 : 0.8;
  return kind === 'saturday' ? 0.2 : 0.1;
}

const moment = (random: Random, day: number, hours: readonly number[]): number => day + random.weighted(hours) * HOUR + random.int(0, 3599) * 1000;
export const officeMoment = (random: Random, day: number): number => moment(random, day, office);
export const anyMoment = (random: Random, day: number): number => moment(random, day, always);
/** Between nine and six. */
export const dayMoment = (random: Random, day: number): number => day + random.int(9 * 3600, 18 * 3600 - 1) * 1000;
