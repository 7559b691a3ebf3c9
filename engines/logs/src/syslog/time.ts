/** Device times: local times without zone or year, and clocks that lie. All results are epoch milliseconds. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A device clock further ahead of the receiver than this is not believed. */
export const MAX_AHEAD = DAY;
/**
 * A date without a year is not put further ahead of its receipt than this: one that is some days ahead is a clock that is wrong,
 * not a line of a year ago.
 */
const MAX_YEARLESS_AHEAD = 7 * DAY;
/** A device clock further behind the receiver than this is not believed. */
export const MAX_BEHIND = 400 * DAY;

const FIXED = /^(?:UTC|Z|([+-])(\d{2}):?(\d{2}))$/;
const CACHE_LIMIT = 2048;

/** A time zone: an IANA name (`Asia/Tokyo`) or a fixed offset (`+09:00`). */
export class Zone {
  readonly name: string;
  readonly #fixed: number | undefined;
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError for a name that is no time zone. */
  constructor(name: string) {
    this.name = name;
    const fixed = FIXED.exec(name);
    if (fixed) {
      const minutes = Number(fixed[2] ?? 0) * 60 + Number(fixed[3] ?? 0);
      this.#fixed = (fixed[1] === '-' ? -minutes : minutes) * 60_000;
    } else {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    }
  }

  /**
   * The moment at which clocks of this zone show `local` (given as if it were UTC). An hour that
   * occurs twice is read as its first occurrence, one that is skipped as if the clock had not moved.
   */
  toUtc(local: number): number {
    if (this.#fixed !== undefined) return local - this.#fixed;
    const before = this.#offset(local - 24 * HOUR);
    const after = this.#offset(local + 24 * HOUR);
    if (before === after) return local - before;
    const first = local - before;
    return this.#offset(first) === before ? first : local - after;
  }

  // Offsets change on whole quarters of an hour; the cache is emptied rather than allowed to grow.
  #offset(utc: number): number {
    const slot = Math.floor(utc / (HOUR / 4));
    const known = this.#offsets.get(slot);
    if (known !== undefined) return known;
    const at = slot * (HOUR / 4);
    const field: Record<string, number> = {};
    for (const part of (this.#format as Intl.DateTimeFormat).formatToParts(at)) field[part.type] = Number(part.value);
    const shown = Date.UTC(field['year'] ?? 0, (field['month'] ?? 1) - 1, field['day'], field['hour'], field['minute'], field['second']);
    const offset = shown - at;
    if (this.#offsets.size >= CACHE_LIMIT) this.#offsets.clear();
    this.#offsets.set(slot, offset);
    return offset;
  }
}

const zones = new Map<string, Zone | undefined>();
const ZONES_MAX = 64;

/** The zone that a line names (`America/New_York`, `GMT+09:00`), or undefined where the platform knows none of that name. */
export function zoneOf(name: string): Zone | undefined {
  if (name.length > 64 || !/^[\w+\-/:]{1,64}$/.test(name)) return undefined;
  const known = zones.get(name);
  if (known !== undefined || zones.has(name)) return known;
  // Names come from lines: a flood of new ones must not stay in memory.
  if (zones.size >= ZONES_MAX) zones.clear();
  let zone: Zone | undefined;
  try {
    zone = new Zone(/^(?:GMT|UTC)[+-]\d{2}:?\d{2}$/.test(name) ? name.slice(3) : name === 'GMT' ? 'UTC' : name);
  } catch {
    // No zone of that name: the caller falls back to the zone of the source.
  }
  zones.set(name, zone);
  return zone;
}

/** Fields of a clock reading as if UTC, or NaN when the day or time does not exist. Month counts from 1. */
export function localMs(year: number, month: number, day: number, hour: number, minute: number, second: number, ms = 0): number {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return NaN;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (day > days || year < 1970 || year > 9999) return NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** A two-digit year: 70–99 are 1970–1999, the rest 2000–2069 (POSIX strptime %y uses 69; devices start in 1970). */
export function fullYear(twoDigits: number): number {
  return twoDigits >= 70 ? 1900 + twoDigits : 2000 + twoDigits;
}

/** Clocks at the eastern end of the world are ahead of UTC by this much. */
const EAST = 14 * HOUR;
/** How far back a leap day may lie: 2096 and 2104 are leap years, 2100 is none. */
const LEAP_GAP = 8;

/**
 * RFC 3164 leaves the year out: the latest one that does not put the time far into the future is taken, so that a line of
 * 31 December read on 1 January falls in the old year, one of March read in December in the same, and 29 February in a leap
 * year. A clock may be some days ahead, also over New Year.
 */
export function latestYear(month: number, day: number, hour: number, minute: number, second: number, ms: number, receivedAt: number, toUtc: (local: number) => number): number {
  const year = new Date(receivedAt).getUTCFullYear();
  const limit = receivedAt + MAX_YEARLESS_AHEAD;
  for (let y = year + 1; y >= year - LEAP_GAP; y--) {
    const local = localMs(y, month, day, hour, minute, second, ms);
    // The zone is asked only where it can matter.
    if (Number.isNaN(local) || local > limit + EAST) continue;
    const utc = toUtc(local);
    if (utc <= limit) return utc;
  }
  return NaN;
}

/** True when a device time can be believed given when the line was received. */
export function clockIsSane(deviceTime: number, receivedAt: number): boolean {
  return deviceTime <= receivedAt + MAX_AHEAD && deviceTime >= receivedAt - MAX_BEHIND;
}
