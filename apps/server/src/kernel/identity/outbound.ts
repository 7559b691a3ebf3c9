import { lookup as resolveName, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { CustomFetch } from 'openid-client';

const BYTES_MAX = 1024 * 1024;
const closed = new BlockList();
/** IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast and what is reserved: inside, this machine, or nobody's. */
for (const range of ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3']) {
  const [net = '', bits] = range.split('/');
  closed.addSubnet(net, Number(bits), 'ipv4');
}
/** Of IPv6 only global unicast is open, and of that not the special ranges (Teredo and others, documentation, 6to4), which lead to IPv4 addresses. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) closed.addSubnet(net, bits, 'ipv6');

/** Whether an address is somewhere on the open internet. */
export function isOpenAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !closed.check(address, 'ipv4');
  return version === 6 && !address.includes('%') && global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** The port a URL leads to. */
const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** A place of the inside that the operator allows: `host` (at the usual port), `host:port`, `[2001:db8::1]:port`; null when it is none. */
export function insidePlace(entry: string, usual = 443): { readonly host: string; readonly port: number } | null {
  const text = entry.trim().toLowerCase();
  const [, bracketed, plain = '', port] = isIP(text) === 6 ? [text, text] : (/^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? []);
  const host = bracketed === undefined ? plain : isIP(bracketed) === 6 ? bareHost(new URL(`https://[${bracketed}]`)) : '';
  const number = Number(port ?? usual);
  return host === '' || number < 1 || number > 65_535 ? null : { host, port: number };
}

/** Whether a URL leads to one of these places. */
export function insidePlaces(entries: readonly string[]): (url: URL) => boolean {
  const places = entries.map((entry) => insidePlace(entry));
  return (url) => places.some((place) => place !== null && place.host === bareHost(url) && place.port === portOf(url));
}

/** The host without the brackets that an IPv6 address has in a URL. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

type Resolve = (name: string, options: LookupAllOptions, done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

const refusal = (host: string): Error => new Error(`${host} is an address of the inside`);

/**
 * Requests to hosts that people of members name: only to the open internet, unless the operator allows the place. A name is
 * resolved once and the connection goes to an address that was checked, so a second answer of the name server changes
 * nothing. Redirects are handed back, not followed.
 */
export function guardedFetch(allowed: (url: URL) => boolean, resolve: Resolve = resolveName): CustomFetch {
  const lookup = (inside: boolean): LookupFunction => (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const open = inside ? addresses : (addresses ?? []).filter((a) => isOpenAddress(a.address));
      const [first] = open ?? [];
      if (error) done(error, []);
      else if (!first) done(refusal(name), []);
      else if (options.all) done(null, open);
      else done(null, first.address, first.family);
    });
  };
  return (address, { method, headers, body, signal }) =>
    new Promise((give, refuse) => {
      const url = new URL(address);
      const host = bareHost(url);
      const inside = allowed(url);
      // No name is looked up for these.
      if (isIP(host) !== 0 && !inside && !isOpenAddress(host)) throw refusal(host);
      const sent = body instanceof URLSearchParams ? body.toString() : body;
      if (sent !== undefined && sent !== null && typeof sent !== 'string') throw new TypeError('such a body is not sent to providers');
      // A connection of its own: one that somebody else opened was not checked.
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method, headers, lookup: lookup(inside), agent: false, ...(signal ? { signal } : {}) }, (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          parts.push(part);
          if ((bytes += part.length) > BYTES_MAX) request.destroy(new Error(`${host} answers with more than ${BYTES_MAX} bytes`));
        });
        response.on('error', refuse);
        response.on('end', () => {
          const status = response.statusCode!;
          const empty = status === 204 || status === 205 || status === 304;
          give(new Response(empty ? null : Buffer.concat(parts), { status, headers: Object.entries(response.headersDistinct).flatMap(([name, values]) => (values ?? []).map((value): [string, string] => [name, value])) }));
        });
      });
      request.on('error', refuse);
      request.end(sent ?? undefined);
    });
}
