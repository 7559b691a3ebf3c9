import { MS_PER_DAY, MS_PER_MINUTE } from './date.ts';

/** Converts between instants (epoch milliseconds) and the wall clock of one time zone. */
export interface Zone {
  readonly name: string;
  /** The zone's difference to UTC at an instant, in milliseconds, east positive. */
  offsetAt(instantMs: number): number;
  /**
   * The first instant at which the wall clock reaches `minute` (0 to 1440) of the day. Where the clock is put back the
   * earlier of two instants is meant; where the minute is skipped, the instant of the jump.
   */
  instantOf(day: number, minute: number): number;
}

// Japan has had no summer time since 1951 (the law was repealed in 1952), so nine hours is a rule and needs no table.
const JST_OFFSET_MS = 9 * 60 * MS_PER_MINUTE;

const TOKYO: Zone = {
  name: 'Asia/Tokyo',
  offsetAt: () => JST_OFFSET_MS,
  instantOf: (day, minute) => day * MS_PER_DAY + minute * MS_PER_MINUTE - JST_OFFSET_MS,
};

/**
 * The zone of an IANA name: fixed arithmetic for Asia/Tokyo, the runtime's own tables (Intl) for all others.
 * @throws RangeError for a name the runtime does not know.
 */
export function zoneOf(name: string): Zone {
  return name === TOKYO.name ? TOKYO : intlZone(name);
}

function intlZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  const offsetAt = (instantMs: number): number => {
    const wholeSecond = Math.floor(instantMs / 1_000) * 1_000;
    const part = new Map(format.formatToParts(wholeSecond).map(({ type, value }) => [type, Number(value)]));
    const get = (type: string) => part.get(type as Intl.DateTimeFormatPartTypes)!;
    return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second')) - wholeSecond;
  };

  const instantOf = (day: number, minute: number): number => {
    const wall = day * MS_PER_DAY + minute * MS_PER_MINUTE;
    const before = offsetAt(wall - MS_PER_DAY);
    const after = offsetAt(wall + MS_PER_DAY);
    if (offsetAt(wall - before) === before) return wall - before;
    if (offsetAt(wall - after) === after) return wall - after;
    // The minute does not exist. The jump is where the wall clock first passes it.
    let low = wall - MS_PER_DAY;
    let high = wall + MS_PER_DAY;
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (middle + offsetAt(middle) >= wall) high = middle;
      else low = middle;
    }
    return high;
  };

  return { name, offsetAt, instantOf };
}
