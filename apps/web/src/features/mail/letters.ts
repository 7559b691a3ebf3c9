/** A run of letters that both names share, or that only this one has. */
export interface Run { readonly text: string; readonly same: boolean }
const lettersMax = 120;

/**
 * Two names letter by letter, after their longest common subsequence: joined, the runs of each side give that name
 * again. Names over 120 letters are cut; time grows with the product of both lengths.
 */
export function lettersOf(left: string, right: string): { readonly left: readonly Run[]; readonly right: readonly Run[] } {
  const a = [...left].slice(0, lettersMax);
  const b = [...right].slice(0, lettersMax);
  const common = Array.from({ length: a.length + 1 }, () => new Uint8Array(b.length + 1));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) common[i]![j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const sides = { left: [] as Run[], right: [] as Run[] };
  const put = (side: Run[], letter: string | undefined, same: boolean) => {
    if (letter === undefined) return;
    const last = side.at(-1);
    if (last?.same === same) side[side.length - 1] = { text: last.text + letter, same };
    else side.push({ text: letter, same });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      put(sides.left, a[i++], true);
      put(sides.right, b[j++], true);
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) put(sides.left, a[i++], false);
    else put(sides.right, b[j++], false);
  }
  return sides;
}
