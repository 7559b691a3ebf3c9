import { Problem } from './errors.ts';

/** A keyset cursor: the sort values of a page's last row, opaque to the client. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Reads a cursor of `length` values; a cursor somebody made up is refused, never handed to SQL as anything but parameters. */
export function decodeCursor(cursor: string | undefined, length: number): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length && values.every((v) => typeof v === 'string' || (typeof v === 'number' && Number.isFinite(v)))) return values as (string | number)[];
  } catch {
    // Falls through to the refusal.
  }
  throw new Problem(400, 'cursor_broken');
}

/** Cuts `limit + 1` rows to a page with the next cursor. */
export function cut<Row, Item>(rows: readonly Row[], limit: number, cursor: (row: Row) => readonly (string | number)[], item: (row: Row) => Item): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map(item), next: rows.length > limit ? encodeCursor(cursor(shown[shown.length - 1]!)) : null };
}
