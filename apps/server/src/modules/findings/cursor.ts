import { Problem } from '../../kernel/errors.ts';
import { decodeCursor } from '../../kernel/keyset.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A cursor's id goes into a comparison of uuids, so it has to be one. */
function cursorOf(after: string | undefined, good: (first: string | number) => boolean): (string | number)[] | null {
  const values = decodeCursor(after, 2);
  if (values && !(good(values[0]!) && UUID.test(String(values[1])))) throw new Problem(400, 'cursor_broken');
  return values;
}

/** Place in a list by a whole number and id. */
export const rankedCursor = (after: string | undefined): (string | number)[] | null => cursorOf(after, Number.isInteger);

/** Place in a list by an instant and id. */
export const datedCursor = (after: string | undefined): (string | number)[] | null => cursorOf(after, (first) => typeof first === 'string' && Number.isFinite(Date.parse(first)));
