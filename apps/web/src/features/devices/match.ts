import { plainName } from '@banya/jp';
import type { Source } from './sender.tsx';

export type How = 'address' | 'relay' | 'token' | 'certificate';
type Listener = 'udp' | 'tcp' | 'tls';
/** How a sender is recognised, as the fields of a form; the names are those of the contract's `match`. */
export interface MatchValues { how: How; 'match.listener': Listener; 'match.address': string; 'match.headerHost': string; 'match.relay': string; 'match.fingerprint': string }

/** Devices that send by UDP alone, where anybody can pretend to be the sender: best to a collector beside them. */
const UDP_ONLY: ReadonlySet<Source['family']> = new Set(['yamaha-rtx', 'sonicwall', 'watchguard', 'sophos']);
/** What a program fetches and sends. */
const BY_PROGRAM: ReadonlySet<Source['family']> = new Set(['generic', 'm365']);

/** The way that suits a family of devices best. */
export function usualMatch(family: Source['family'], relay: string | undefined): Pick<MatchValues, 'how' | 'match.listener' | 'match.relay'> {
  if (BY_PROGRAM.has(family)) return { how: 'token', 'match.listener': 'tcp', 'match.relay': '' };
  if (UDP_ONLY.has(family)) return relay ? { how: 'relay', 'match.listener': 'udp', 'match.relay': relay } : { how: 'address', 'match.listener': 'udp', 'match.relay': '' };
  return { how: 'address', 'match.listener': 'tcp', 'match.relay': '' };
}

/** The fields of a sender that is there already. */
export function valuesOf(match: Source['match']): MatchValues {
  const blank: MatchValues = { how: match.by, 'match.listener': 'tcp', 'match.address': '', 'match.headerHost': '', 'match.relay': '', 'match.fingerprint': '' };
  switch (match.by) {
    case 'address': return { ...blank, 'match.listener': match.listener, 'match.address': match.address, 'match.headerHost': match.headerHost ?? '' };
    case 'relay': return { ...blank, 'match.relay': match.relay, 'match.address': match.address };
    case 'certificate': return { ...blank, 'match.fingerprint': match.fingerprint };
    case 'token': return blank;
  }
}

/** The contract's `match` from what was typed: full-width letters, and colons of fingerprints, are no hindrance. */
export function toMatch(v: MatchValues): Source['match'] {
  const address = v['match.address'].normalize('NFKC').trim();
  switch (v.how) {
    case 'address': return { by: 'address', listener: v['match.listener'], address, headerHost: plainName(v['match.headerHost']) || null };
    case 'relay': return { by: 'relay', relay: v['match.relay'], address };
    case 'certificate': return { by: 'certificate', fingerprint: v['match.fingerprint'].normalize('NFKC').toLowerCase().replace(/[\s:]/g, '') };
    case 'token': return { by: 'token' };
  }
}

const addressLike = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/i;
/** What the contract leaves open: an address must at least look like one. The server decides. */
export function matchIssues(match: Source['match']): { code: string; path: PropertyKey[] }[] {
  return (match.by === 'address' || match.by === 'relay') && !addressLike.test(match.address) ? [{ code: 'custom', path: ['match', 'address'] }] : [];
}

/** Kinds of devices as a clerk looks for them. */
export const FAMILY_GROUPS = {
  gate: ['fortigate', 'yamaha-rtx', 'palo-alto', 'check-point', 'sonicwall', 'watchguard', 'sophos'],
  computers: ['trend-micro', 'cef', 'leef', 'windows', 'linux', 'auditd'],
  services: ['m365', 'mail-gateway', 'web-server', 'squid', 'suricata'],
  others: ['rfc5424', 'generic'],
} as const satisfies Readonly<Record<string, readonly Source['family'][]>>;
