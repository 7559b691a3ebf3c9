/** Values that say little, because very many unrelated things share them. */
import { OwnRanges } from '@banya/logs/net';
import { registrable } from './hosts.ts';
import type { Indicator } from './normalise.ts';

/**
 * - inside_address: an address of inside nets, which every network has (RFC 1918, 4193 and the like).
 * - public_resolver: a name server that everybody uses.
 * - empty_file: the hash of no bytes at all.
 * - free_mail: a mail service where anybody has an address; the domain, not one address of it.
 * - shared_place: storage, short addresses, forms and click counters that anybody uses.
 * - well_known: the domain of a known brand.
 */
export type Common = 'inside_address' | 'public_resolver' | 'empty_file' | 'free_mail' | 'shared_place' | 'well_known';

export interface WellKnown {
  /** Kinds of a host; see `kindsOf`. */
  readonly kinds: (host: string) => ReadonlySet<string>;
  /** Domains of brands, lower case, registrable. */
  readonly brands: ReadonlySet<string>;
}

/** Published by their operators (Google, Cloudflare, Quad9, OpenDNS). */
const RESOLVERS: ReadonlySet<string> = new Set([
  '8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9', '149.112.112.112', '208.67.222.222', '208.67.220.220',
  '2001:4860:4860::8888', '2001:4860:4860::8844', '2606:4700:4700::1111', '2606:4700:4700::1001', '2620:fe::fe', '2620:119:35::35',
]);
/** MD5, SHA-1 and SHA-256 of the empty string. */
const EMPTY: ReadonlySet<string> = new Set(['d41d8cd98f00b204e9800998ecf8427e', 'da39a3ee5e6b4b0d3255bfef95601890afd80709', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']);
const SHARED = ['storage', 'shortener', 'form', 'translate', 'tracker'] as const;
const inside = new OwnRanges();

/** Why an indicator is common whatever the logs say; null for one that may tell something. How many hosts had it is for the caller to count. */
export function common(indicator: Indicator, known: WellKnown): Common | null {
  const { kind, value } = indicator;
  if (kind === 'ip') return inside.has(value) ? 'inside_address' : RESOLVERS.has(value) ? 'public_resolver' : null;
  if (kind === 'md5' || kind === 'sha1' || kind === 'sha256') return EMPTY.has(value) ? 'empty_file' : null;
  if (kind !== 'domain' || indicator.host === undefined) return null;
  const kinds = known.kinds(indicator.host);
  if (kinds.has('freemail')) return 'free_mail';
  // A name of its own below a shared place is one customer's; the place itself is everybody's.
  if (SHARED.some((shared) => kinds.has(shared)) && !ownCorner(indicator.host, known)) return 'shared_place';
  return known.brands.has(registrable(indicator.host) ?? indicator.host) ? 'well_known' : null;
}

/** `shop.github.io`: somebody's own corner of a shared place, since the place gives names below it away. */
function ownCorner(host: string, known: WellKnown): boolean {
  const parent = host.slice(host.indexOf('.') + 1);
  return registrable(host) === host && registrable(parent) === undefined && known.kinds(parent).size > 0;
}
