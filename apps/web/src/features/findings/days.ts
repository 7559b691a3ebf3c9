export interface Day { readonly day: string; readonly count: number }
const dayMs = 86_400_000;
const shownMax = 60;

/** The days between the first and the last, those without anything as zero; only the last sixty. */
export function filled(days: readonly Day[]): readonly Day[] {
  const known = new Map(days.map((one) => [one.day, one.count]));
  const times = days.map((one) => Date.parse(one.day)).filter(Number.isFinite);
  if (times.length === 0) return [];
  const last = Math.max(...times);
  const first = Math.max(Math.min(...times), last - (shownMax - 1) * dayMs);
  return Array.from({ length: Math.round((last - first) / dayMs) + 1 }, (_, i) => {
    const day = new Date(first + i * dayMs).toISOString().slice(0, 10);
    return { day, count: known.get(day) ?? 0 };
  });
}

/** Moments from the first to the last, whichever way they came. */
export const inOrder = <T extends { readonly at: string }>(moments: readonly T[]): readonly T[] => moments.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
