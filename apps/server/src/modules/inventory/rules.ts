import { isIP } from 'node:net';
import type { Match, SourceRow } from './schema.ts';

/** An IPv4-mapped address in its IPv4 form, lower case; null when it is no address. */
export function plainAddress(text: string): string | null {
  const lower = text.trim().toLowerCase();
  const plain = lower.startsWith('::ffff:') && isIP(lower.slice(7)) === 4 ? lower.slice(7) : lower;
  return isIP(plain) === 0 ? null : plain;
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

/** Anybody can write any address on a UDP datagram; the others prove who they are by a connection, a key or a token. */
export const isVerified = (match: Match): boolean => match.by !== 'address' || match.listener !== 'udp';

export function sourceState(row: Pick<SourceRow, 'seen_at' | 'silent_after_hours'>, now: number): 'waiting' | 'flowing' | 'silent' {
  if (!row.seen_at) return 'waiting';
  return now - row.seen_at.getTime() > row.silent_after_hours * 3_600_000 ? 'silent' : 'flowing';
}

/** The day of an instant in a zone, YYYY-MM-DD. */
export function dayIn(instant: number, zone: string): string {
  let format = dayFormats.get(zone);
  if (!format) dayFormats.set(zone, (format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })));
  return format.format(instant);
}
const dayFormats = new Map<string, Intl.DateTimeFormat>();
