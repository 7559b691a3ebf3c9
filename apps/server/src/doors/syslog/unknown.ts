import { addressGroup } from '../../kernel/http/address.ts';
import { normaliseAddress, normaliseFingerprint, type Listener, type SourceDirectory } from './rules.ts';

/** Somebody who sends lines but is registered by nobody, or not confirmed. Their lines are never kept, only counted. */
export interface UnknownSender {
  readonly listener: Listener;
  /** With a fingerprint, address and host are those seen last. */
  readonly address: string;
  /** HOSTNAME of the header, made harmless: printable ASCII, at most 64 characters. '' where there is none. */
  readonly headerHost: string;
  /** SHA-256 of the client certificate whose key the sender has proven; '' without one. Who has one is counted by it alone. */
  readonly fingerprint: string;
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
  /** As Node gives it, with colons; left out without a certificate. */
  readonly fingerprint?: string | null;
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
  forget(sender: Pick<UnknownSender, 'listener' | 'address' | 'headerHost' | 'fingerprint'>): void;
}

/** Who competes with whom for places. Anybody can write any address on a datagram, so such addresses push out one another only. */
const STANDINGS = ['claimed', 'proven', 'forgeable'] as const;
type Standing = (typeof STANDINGS)[number];
export type Capacities = Readonly<Record<Standing, number>>;

/** A claim makes one row at most and an organisation has few claims, so the first is never reached in peace. */
const CAPACITIES: Capacities = { claimed: 5000, proven: 1000, forgeable: 1000 };
const MAX_HOST = 64;
// One address that invents a host name or a certificate for every line must not push all others out of the table.
const MAX_ROWS_PER_ADDRESS = 16;
// Nor must one customer's IPv6 network, with as many addresses as it likes: beyond these its rows push out one another.
const MAX_ROWS_PER_NETWORK = 64;

/** A header host that can be shown and stored without harm. */
export function sanitiseHost(host: string): string {
  return host.slice(0, MAX_HOST).replace(/[^A-Za-z0-9._:-]/g, '?');
}

type Row = { -readonly [K in keyof UnknownSender]: UnknownSender[K] } & { readonly standing: Standing };

const placeOf = (listener: Listener, address: string): string => `${listener} ${address}`;
const networkOf = (row: Pick<Row, 'standing' | 'address'>): string => `${row.standing} ${addressGroup(row.address)}`;
const keyOf = (s: Pick<UnknownSender, 'listener' | 'address' | 'headerHost' | 'fingerprint'>): string => (s.fingerprint === '' ? `${placeOf(s.listener, s.address)} ${s.headerHost}` : `certificate ${s.fingerprint}`);

/** Bounded tables, one a standing: the senders seen last; older ones fall out and are counted. */
export function createUnknownSenders(directory: Pick<SourceDirectory, 'claimed'> = { claimed: () => null }, capacities: Capacities = CAPACITIES): UnknownSenders {
  // Map order is order of insertion; a row seen again is put at the end, so the first is the oldest.
  const tables: Readonly<Record<Standing, Map<string, Row>>> = { claimed: new Map(), proven: new Map(), forgeable: new Map() };
  const rowsAt = new Map<string, number>();
  /** Keys of each network's rows, oldest first. */
  const networks = new Map<string, Set<string>>();
  const overflow = { senders: 0, lines: 0 };

  const find = (key: string): Row | undefined => STANDINGS.map((standing) => tables[standing].get(key)).find((row) => row !== undefined);

  function take(key: string, row: Row): void {
    tables[row.standing].delete(key);
    if (row.standing === 'claimed') return;
    const network = networks.get(networkOf(row));
    network?.delete(key);
    if (network?.size === 0) networks.delete(networkOf(row));
    const place = placeOf(row.listener, row.address);
    const left = (rowsAt.get(place) ?? 1) - 1;
    if (left > 0) rowsAt.set(place, left);
    else rowsAt.delete(place);
  }

  function put(key: string, row: Row): void {
    const table = tables[row.standing];
    table.set(key, row);
    if (row.standing !== 'claimed') {
      const place = placeOf(row.listener, row.address);
      rowsAt.set(place, (rowsAt.get(place) ?? 0) + 1);
      const network = networks.get(networkOf(row)) ?? new Set();
      networks.set(networkOf(row), network.add(key));
      if (network.size > MAX_ROWS_PER_NETWORK) return letGo(network.values().next().value!);
    }
    if (table.size > capacities[row.standing]) letGo(table.keys().next().value!);
  }

  function letGo(key: string): void {
    const row = find(key);
    if (row === undefined) return;
    take(key, row);
    overflow.senders++;
    overflow.lines += row.lines;
  }

  return {
    note(sightings) {
      const { listener, lines, bytes, at } = sightings;
      const address = normaliseAddress(sightings.address);
      const clientCertFingerprint = sightings.fingerprint ?? null;
      const claim = directory.claimed({ listener, address, headerHost: sightings.headerHost, clientCertFingerprint });
      const standing = claim !== null ? 'claimed' : listener === 'udp' ? 'forgeable' : 'proven';
      let fingerprint = clientCertFingerprint === null ? '' : (normaliseFingerprint(clientCertFingerprint) ?? '');
      let headerHost = sanitiseHost(claim === null || fingerprint !== '' ? sightings.headerHost : claim);
      let key = keyOf({ listener, address, headerHost, fingerprint });
      let known = find(key);
      if (known === undefined && claim === null && (rowsAt.get(placeOf(listener, address)) ?? 0) >= MAX_ROWS_PER_ADDRESS) {
        headerHost = fingerprint = '';
        key = keyOf({ listener, address, headerHost, fingerprint });
        known = find(key);
      }
      if (known !== undefined) take(key, known);
      put(key, {
        listener, address, headerHost, fingerprint, standing, lines: (known?.lines ?? 0) + lines, bytes: (known?.bytes ?? 0) + bytes,
        firstSeen: known?.firstSeen ?? sightings.since ?? at, lastSeen: Math.max(known?.lastSeen ?? at, at),
      });
    },
    snapshot() {
      const rows = STANDINGS.flatMap((standing) => [...tables[standing].values()].reverse());
      return { senders: rows.sort((a, b) => b.lastSeen - a.lastSeen).map(({ standing: _, ...row }) => row), overflow: { ...overflow } };
    },
    forget(sender) {
      const key = keyOf({ ...sender, address: normaliseAddress(sender.address), headerHost: sanitiseHost(sender.headerHost) });
      const row = find(key);
      if (row !== undefined) take(key, row);
    },
  };
}
