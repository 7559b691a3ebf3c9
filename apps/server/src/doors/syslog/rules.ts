/** Who a line belongs to, and who a line cannot belong to. Pure; the house fills the directory and refreshes it. */

/** The way a line came in. */
export type Listener = 'udp' | 'tcp' | 'tls';

/** Flags of a spool record (kernel/spool/types.ts). */
export const FLAG_TRUNCATED = 1;
/** The sender address was not proven: anybody can write any address on a UDP datagram. */
export const FLAG_UNVERIFIED = 2;

interface RegistrationBase {
  readonly sourceId: string;
  readonly orgId: string;
  /** HOSTNAME of the syslog header, where several devices stand behind one address or one certificate. */
  readonly headerHost?: string;
}

/** How a source is recognised: by its client certificate (strongest), or by listener and address. */
export type Registration =
  | (RegistrationBase & { readonly by: 'certificate'; /** SHA-256 of the certificate, hex, colons allowed. */ readonly fingerprint: string })
  | (RegistrationBase & { readonly by: 'address'; readonly listener: Listener; readonly address: string });

/** What is known about the sender of one line. */
export interface Sender {
  readonly listener: Listener;
  readonly address: string;
  /** HOSTNAME of the header as sent; empty where there is none. */
  readonly headerHost: string;
  /** SHA-256 of the proven client certificate, or null. */
  readonly clientCertFingerprint: string | null;
}

/** A sender that a member registered and the desk has not confirmed: it takes no line, but its lines are counted apart. */
export type Claim = { readonly by: 'certificate'; readonly fingerprint: string } | { readonly by: 'address'; readonly listener: Listener; readonly address: string; readonly headerHost?: string };

/** The claims of one address: of these names behind it, and of all the others. */
export interface ClaimedAt {
  readonly whole: boolean;
  readonly hosts: ReadonlySet<string>;
}

export interface ResolvedSource {
  readonly sourceId: string;
  readonly orgId: string;
}

export interface RefusedRegistration {
  readonly registration: Registration;
  readonly reason: 'taken' | 'has-certificate' | 'malformed';
}

export interface SourceDirectory {
  resolve(sender: Sender): ResolvedSource | null;
  /** How many sources are registered for this sender whatever the header host says; 0 means every line of it is unknown. */
  sourcesAt(listener: Listener, address: string, clientCertFingerprint: string | null): number;
  /** Whether header hosts matter for this sender, so that the header need not be read otherwise. */
  needsHost(listener: Listener, address: string, clientCertFingerprint: string | null): boolean;
  /** Addresses with sources on UDP, and how many: the receiving thread shares its room by them. */
  udpAddresses(): ReadonlyMap<string, number>;
  /**
   * The name under which the lines of a claimed sender are counted: the one that is claimed, '' where the whole address or
   * the certificate is; null when nobody claims it. Names that a claim does not have make no row of their own.
   */
  claimed(sender: Sender): string | null;
  udpClaims(): ReadonlyMap<string, ClaimedAt>;
  /**
   * Replaces everything. Order decides between two that claim the same sender: the earlier keeps it, so the
   * caller passes the oldest registration first and nobody can take over another's device by registering it again.
   */
  replace(registrations: readonly Registration[], claims?: readonly Claim[]): readonly RefusedRegistration[];
  /** Called after each `replace`. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void;
}

/** An address in one spelling: IPv4-mapped IPv6 becomes IPv4, zone index dropped, lower case. */
export function normaliseAddress(address: string): string {
  const lower = address.toLowerCase();
  const zone = lower.indexOf('%');
  const bare = zone < 0 ? lower : lower.slice(0, zone);
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare;
}

/** A fingerprint in one spelling: 64 lower-case hex digits; null when it is none. */
export function normaliseFingerprint(text: string): string | null {
  const hex = text.replaceAll(':', '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? hex : null;
}

/** The claimed name that a line of this address is counted under; null when its name is not claimed. */
export function claimedName(claims: ClaimedAt | undefined, headerHost: string): string | null {
  if (claims === undefined) return null;
  const host = headerHost.toLowerCase();
  return claims.hosts.has(host) ? host : claims.whole ? '' : null;
}

interface Place {
  any: ResolvedSource | null;
  readonly byHost: Map<string, ResolvedSource>;
}

/**
 * The in-memory directory. A certificate outranks an address: a source that has a certificate is recognised by it
 * alone, so a forged datagram or a plain connection from its address cannot write in its name.
 */
export function createDirectory(registrations: readonly Registration[] = [], claims: readonly Claim[] = []): SourceDirectory {
  let claimedCertificates = new Set<string>();
  let claimedAddresses = new Map<string, ClaimedAt>();
  let udpClaims = new Map<string, ClaimedAt>();
  let places = new Map<string, Place>();
  let udp = new Map<string, number>();
  const listeners = new Set<() => void>();

  const certificateKey = (fingerprint: string): string => `certificate ${fingerprint}`;
  const addressKey = (listener: Listener, address: string): string => `${listener} ${address}`;

  function find(listener: Listener, address: string, fingerprint: string | null): Place | undefined {
    // A certificate that nobody registered proves nothing, so its sender is looked at like one without.
    const normal = fingerprint === null || listener !== 'tls' ? null : normaliseFingerprint(fingerprint);
    const byCertificate = normal === null ? undefined : places.get(certificateKey(normal));
    return byCertificate ?? places.get(addressKey(listener, normaliseAddress(address)));
  }

  function replaceClaims(next: readonly Claim[]): void {
    claimedCertificates = new Set();
    const at = new Map<string, { whole: boolean; hosts: Set<string> }>();
    for (const claim of next) {
      if (claim.by === 'certificate') {
        const fingerprint = normaliseFingerprint(claim.fingerprint);
        if (fingerprint !== null) claimedCertificates.add(fingerprint);
        continue;
      }
      const key = addressKey(claim.listener, normaliseAddress(claim.address));
      const place = at.get(key) ?? { whole: false, hosts: new Set<string>() };
      at.set(key, place);
      if (claim.headerHost) place.hosts.add(claim.headerHost.toLowerCase());
      else place.whole = true;
    }
    claimedAddresses = at;
    udpClaims = new Map([...at].flatMap(([key, place]) => (key.startsWith('udp ') ? [[key.slice(4), place] as const] : [])));
  }

  function replace(next: readonly Registration[], nextClaims: readonly Claim[] = []): readonly RefusedRegistration[] {
    replaceClaims(nextClaims);
    const refused: RefusedRegistration[] = [];
    const fresh = new Map<string, Place>();
    const freshUdp = new Map<string, number>();
    const certified = new Set(next.filter((r) => r.by === 'certificate').map((r) => r.sourceId));
    for (const registration of next) {
      if (registration.by === 'address' && certified.has(registration.sourceId)) {
        refused.push({ registration, reason: 'has-certificate' });
        continue;
      }
      const key = keyOf(registration);
      if (key === null) {
        refused.push({ registration, reason: 'malformed' });
        continue;
      }
      const place = fresh.get(key) ?? { any: null, byHost: new Map<string, ResolvedSource>() };
      fresh.set(key, place);
      const source = { sourceId: registration.sourceId, orgId: registration.orgId };
      const host = registration.headerHost?.toLowerCase() ?? '';
      const holder = host === '' ? place.any : (place.byHost.get(host) ?? null);
      if (holder !== null) {
        if (holder.sourceId !== source.sourceId) refused.push({ registration, reason: 'taken' });
        continue;
      }
      if (host === '') place.any = source;
      else place.byHost.set(host, source);
      if (registration.by === 'address' && registration.listener === 'udp') {
        const address = normaliseAddress(registration.address);
        freshUdp.set(address, (freshUdp.get(address) ?? 0) + 1);
      }
    }
    places = fresh;
    udp = freshUdp;
    for (const listener of listeners) listener();
    return refused;
  }

  function keyOf(registration: Registration): string | null {
    if (registration.by === 'certificate') {
      const fingerprint = normaliseFingerprint(registration.fingerprint);
      return fingerprint === null ? null : certificateKey(fingerprint);
    }
    return registration.address === '' ? null : addressKey(registration.listener, normaliseAddress(registration.address));
  }

  replace(registrations, claims);
  return {
    resolve(sender) {
      const place = find(sender.listener, sender.address, sender.clientCertFingerprint);
      if (place === undefined) return null;
      return (sender.headerHost === '' ? undefined : place.byHost.get(sender.headerHost.toLowerCase())) ?? place.any;
    },
    sourcesAt(listener, address, fingerprint) {
      const place = find(listener, address, fingerprint);
      return place === undefined ? 0 : place.byHost.size + (place.any === null ? 0 : 1);
    },
    needsHost(listener, address, fingerprint) {
      return (find(listener, address, fingerprint)?.byHost.size ?? 0) > 0;
    },
    udpAddresses: () => udp,
    claimed({ listener, address, headerHost, clientCertFingerprint }) {
      // As when lines are taken: a certificate outranks the address it is shown from.
      const fingerprint = clientCertFingerprint === null ? null : normaliseFingerprint(clientCertFingerprint);
      if (fingerprint !== null) return claimedCertificates.has(fingerprint) ? '' : null;
      return claimedName(claimedAddresses.get(addressKey(listener, normaliseAddress(address))), headerHost);
    },
    udpClaims: () => udpClaims,
    replace,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
