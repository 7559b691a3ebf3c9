import { normaliseAddress, type Listener } from './rules.ts';

/** Somebody who sends lines but is registered by nobody. Their lines are never kept, only counted. */
export interface UnknownSender {
  readonly listener: Listener;
  readonly address: string;
  /** HOSTNAME of the header, made harmless: printable ASCII, at most 64 characters. '' where there is none. */
  readonly headerHost: string;
  readonly lines: number;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface UnknownSightings {
  readonly listener: Listener;
  readonly address: string;
  readonly headerHost: string;
  readonly lines: number;
  readonly bytes: number;
  readonly at: number;
  /** Start of the period counted, when it is not `at`. */
  readonly since?: number;
}

export interface UnknownSenders {
  note(sightings: UnknownSightings): void;
  /** Newest first, and how much fell out of the table since the start. */
  snapshot(): { readonly senders: readonly UnknownSender[]; readonly overflow: { readonly senders: number; readonly lines: number } };
  /** Forgets a sender, once somebody has registered it or waved it off. */
  forget(listener: Listener, address: string, headerHost: string): void;
}

const MAX_HOST = 64;
// One address that invents a host name for every line must not push all others out of the table.
const MAX_HOSTS_PER_ADDRESS = 16;

/** A header host that can be shown and stored without harm. */
export function sanitiseHost(host: string): string {
  return host.slice(0, MAX_HOST).replace(/[^A-Za-z0-9._:-]/g, '?');
}

type Row = { -readonly [K in keyof UnknownSender]: UnknownSender[K] };

/** A bounded table: the `capacity` senders seen last; older ones fall out and are counted. */
export function createUnknownSenders(capacity = 1000): UnknownSenders {
  // Map order is order of insertion; a row seen again is put at the end, so the first is the oldest.
  const rows = new Map<string, Row>();
  const hostsAt = new Map<string, number>();
  const overflow = { senders: 0, lines: 0 };

  const placeOf = (listener: Listener, address: string): string => `${listener} ${address}`;

  function drop(key: string, row: Row): void {
    rows.delete(key);
    const place = placeOf(row.listener, row.address);
    const left = (hostsAt.get(place) ?? 1) - 1;
    if (left > 0) hostsAt.set(place, left);
    else hostsAt.delete(place);
  }

  return {
    note(sightings) {
      const address = normaliseAddress(sightings.address);
      const place = placeOf(sightings.listener, address);
      let host = sanitiseHost(sightings.headerHost);
      let key = `${place} ${host}`;
      if (!rows.has(key) && (hostsAt.get(place) ?? 0) >= MAX_HOSTS_PER_ADDRESS) {
        host = '';
        key = `${place} `;
      }
      const known = rows.get(key);
      if (known !== undefined) {
        rows.delete(key);
        known.lines += sightings.lines;
        known.bytes += sightings.bytes;
        known.lastSeen = Math.max(known.lastSeen, sightings.at);
        rows.set(key, known);
        return;
      }
      const { listener, lines, bytes, at } = sightings;
      rows.set(key, { listener, address, headerHost: host, lines, bytes, firstSeen: sightings.since ?? at, lastSeen: at });
      hostsAt.set(place, (hostsAt.get(place) ?? 0) + 1);
      if (rows.size <= capacity) return;
      const oldest = rows.entries().next().value;
      if (oldest === undefined) return;
      drop(...oldest);
      overflow.senders++;
      overflow.lines += oldest[1].lines;
    },
    snapshot() {
      return { senders: [...rows.values()].reverse().map((row) => ({ ...row })), overflow: { ...overflow } };
    },
    forget(listener, address, headerHost) {
      const key = `${placeOf(listener, normaliseAddress(address))} ${sanitiseHost(headerHost)}`;
      const row = rows.get(key);
      if (row !== undefined) drop(key, row);
    },
  };
}
