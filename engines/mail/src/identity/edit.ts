/** Slips of the keyboard: letters left out, put in, changed, or two neighbours swapped. */

/**
 * Damerau–Levenshtein distance in its optimal-string-alignment form, cut off: `max + 1` when it is more than `max`.
 * Counted in UTF-16 units. Time O(length × max).
 */
export function distance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = new Array<number>(b.length + 1).fill(max + 1);
    row[0] = i;
    for (let j = Math.max(1, i - max); j <= Math.min(b.length, i + max); j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(last[j - 1]! + (same ? 0 : 1), last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)) cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = Math.min(cost, max + 1);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length]!, max + 1);
}

/**
 * `text` and every form of it with up to `max` (1 or 2) letters left out. Two words within that distance share at least
 * one such form (Garbe's symmetric deletion), so neighbours are found by looking up, not by comparing with each.
 */
export function deletions(text: string, max: number): Set<string> {
  const out = new Set<string>([text]);
  for (let i = 0; i < text.length; i++) {
    const once = text.slice(0, i) + text.slice(i + 1);
    out.add(once);
    if (max > 1) for (let j = i; j < once.length; j++) out.add(once.slice(0, j) + once.slice(j + 1));
  }
  return out;
}
