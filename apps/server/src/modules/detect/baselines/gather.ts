import type { EcsEvent } from '@banya/logs';
import type { SourceFacts } from '../../inventory/index.ts';
import { ownHost } from '../reading.ts';
import { tells, valuesOf, type Value } from './rules.ts';

/** A value seen in a batch, with the line that said it. */
export interface Seen extends Value {
  readonly orgId: string;
  /** Arrival: the clock of a device must not age what is known. */
  readonly at: number;
  /** When it happened, as the device says. */
  readonly time: number;
  readonly sourceId: string;
  readonly deviceId: string | null;
  readonly raw: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly asset: { readonly ip?: string; readonly mac?: string; readonly hostName?: string } | null;
}

const SLOTS = ['user.name', 'source.ip', 'source.geo.country_name', 'source.geo.country_iso_code', 'host.name', 'process.name', 'process.command_line', 'device.model.name', 'url.domain', 'destination.domain', 'destination.ip', 'observer.name'] as const;
/** Values told of today already. Full, it is emptied: a value told twice costs one row written once more. */
const TOLD_MAX = 100_000;
/** Values of one batch, and of one organisation among them, whose flood must not keep others' values out. What is left out comes again with a later line. */
const BATCH_MAX = 2_000;
const ORG_MAX = 500;
const DAY = 86_400_000;
const HOUR = 3_600_000;

/**
 * Gathers values that may be unusual from the lines of a batch, each once a day: what is usual costs a look into a set.
 * Lives in the intake thread; forgetting it only makes rows be written again.
 */
export class Gatherer {
  #told = new Set<string>();
  #day = 0;
  #seen: Seen[] = [];
  /** How many of them each organisation has. */
  #made = new Map<string, number>();
  /** Shift of each zone at an hour, since asking for a zone's wall clock costs more than all the rest. */
  readonly #shifts = new Map<string, { hour: number; shift: number }>();

  /** One line of a source; `raw` is asked for only where the value is told of. */
  line(source: SourceFacts, event: EcsEvent, raw: () => string, at: number, time: number): void {
    if (!tells(event)) return;
    const day = Math.floor(at / DAY);
    if (day !== this.#day || this.#told.size > TOLD_MAX) {
      this.#told = new Set();
      this.#day = day;
    }
    for (const value of valuesOf(event, time + this.#shift(source.orgZone, time))) {
      const name = `${source.orgId} ${value.kind} ${value.subject}\n${value.key}`;
      const made = this.#made.get(source.orgId) ?? 0;
      if (this.#told.has(name) || made >= ORG_MAX || this.#seen.length >= BATCH_MAX) continue;
      this.#made.set(source.orgId, made + 1);
      this.#told.add(name);
      const slots: Record<string, string> = {};
      for (const slot of SLOTS) if (event[slot]) slots[slot] = String(event[slot]).slice(0, 200);
      this.#seen.push({ ...value, orgId: source.orgId, at, time, sourceId: source.sourceId, deviceId: source.deviceId, raw: raw().slice(0, 4000), slots, asset: ownHost(event) });
    }
  }

  /** What the batch brought; the next one begins empty. */
  take(): Seen[] {
    const seen = this.#seen;
    this.#seen = [];
    this.#made = new Map();
    return seen;
  }

  #shift(zone: string, time: number): number {
    const hour = Math.floor(time / HOUR);
    const known = this.#shifts.get(zone);
    if (known?.hour === hour) return known.shift;
    const shift = shiftOf(zone, time);
    this.#shifts.set(zone, { hour, shift });
    return shift;
  }
}

function shiftOf(zone: string, time: number): number {
  if (zone === 'Asia/Tokyo') return 9 * HOUR;
  try {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(time).map((p) => [p.type, Number(p.value)]));
    return Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!) - Math.floor(time / 60_000) * 60_000;
  } catch {
    return 9 * HOUR;
  }
}
