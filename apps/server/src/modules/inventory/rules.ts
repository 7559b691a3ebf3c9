import { isIP, SocketAddress } from 'node:net';
import type { Match, SourceRow } from './schema.ts';

/** An address in the one spelling that sockets give it, an IPv4-mapped one in its IPv4 form, without a zone; null when it is none. */
export function plainAddress(text: string): string | null {
  const bare = text.trim().split('%', 1)[0]!;
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : null;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** 00-1A-2B… and 001a.2b3c.… become 00:1a:2b:…; null when it is no hardware address. */
export function plainMac(text: string): string | null {
  const hex = text.toLowerCase().replace(/[^0-9a-f]/g, '');
  return hex.length === 12 ? hex.match(/../g)!.join(':') : null;
}

/** One spelling of how a source is recognised; equal keys are the same sender. Null for tokens, which are unique anyway. */
export function matchKey(match: Match): string | null {
  switch (match.by) {
    case 'address':
      return `${match.listener} ${plainAddress(match.address) ?? match.address} ${match.headerHost?.toLowerCase() ?? '*'}`;
    case 'certificate':
      return `cert ${match.fingerprint}`;
    case 'relay':
      return `relay ${match.relay} ${plainAddress(match.address) ?? match.address}`;
    case 'token':
      return null;
  }
}

/** What every key of the same listener and address begins with; null for what is not recognised by its address. */
export const addressPrefix = (match: Match): string | null => (match.by === 'address' ? `${match.listener} ${plainAddress(match.address) ?? match.address} ` : null);

/** A token and a place behind one's own collector prove themselves; an address or a certificate may be another's. */
export const needsConfirmation = (match: Match): boolean => match.by === 'address' || match.by === 'certificate';

/** Anybody can write any address on a UDP datagram; the others prove who they are by a connection, a key or a token. */
export const isVerified = (match: Match): boolean => match.by !== 'address' || match.listener !== 'udp';

export function sourceState(row: Pick<SourceRow, 'seen_at' | 'silent_after_hours'>, now: number): 'waiting' | 'flowing' | 'silent' {
  if (!row.seen_at) return 'waiting';
  return now - row.seen_at.getTime() > row.silent_after_hours * 3_600_000 ? 'silent' : 'flowing';
}

const QUARTER_MS = 900_000;
/** From here on every zone's offset is whole quarters of an hour, and a day never ends within one (IANA time zone database). */
const QUARTERS_FROM = Date.UTC(1973, 0, 1);
const DAYS_MAX = 2_000;

/** The day of an instant in a zone, YYYY-MM-DD. Asked for every line, so the days of the last quarters of an hour are held. */
export function dayIn(instant: number, zone: string): string {
  let held = zones.get(zone);
  if (!held) zones.set(zone, (held = { format: new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }), days: new Map() }));
  if (instant < QUARTERS_FROM) return held.format.format(instant);
  const quarter = Math.floor(instant / QUARTER_MS);
  let day = held.days.get(quarter);
  if (day === undefined) {
    if (held.days.size >= DAYS_MAX) held.days.clear();
    held.days.set(quarter, (day = held.format.format(instant)));
  }
  return day;
}
const zones = new Map<string, { readonly format: Intl.DateTimeFormat; readonly days: Map<number, string> }>();
