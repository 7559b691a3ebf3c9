import { BlockList, isIP } from 'node:net';

/**
 * Who an address stands for where something is counted: an IPv4 address itself, of IPv6 the /64, since every customer has at
 * least that many addresses (RFC 6177) and could take a new one for each try.
 */
export const addressGroup = (address: string): string => prefixOf(address, 4);

/** The same, coarser: of IPv6 the /48, which is the most that one site is given (RFC 6177); whoever has one has 65,536 of the above. */
export const addressSite = (address: string): string => prefixOf(address, 3);

function prefixOf(address: string, words: number): string {
  const bare = address.split('%', 1)[0]!.toLowerCase();
  if (isIP(bare) !== 6) return bare;
  const halves = bare.split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':').flatMap((g) => (g.includes('.') ? dotted(g) : [g])) : []);
  const [head, tail] = [groups(halves[0]), groups(halves[1])];
  const all = [...head, ...Array.from({ length: halves.length > 1 ? 8 - head.length - tail.length : 0 }, () => '0'), ...tail].map((g) => Number.parseInt(g, 16));
  if (all.slice(0, 5).every((g) => g === 0) && all[5] === 0xffff) return [all[6]! >> 8, all[6]! & 255, all[7]! >> 8, all[7]! & 255].join('.');
  return `${all.slice(0, words).map((g) => g.toString(16)).join(':')}::/${words * 16}`;
}
const dotted = (text: string): string[] => {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
};

/** Whether a setting names an address or a range (192.0.2.1, 10.0.0.0/8, 2001:db8::/32). */
export function isRange(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32)));
}

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/** Whether an address is one of these ranges'. */
export function inRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of ranges) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => list.check(plain(address), isIP(plain(address)) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The client's address. X-Forwarded-For counts only while each hop towards us is a trusted proxy; read from the right,
 * the first address that is not one is the client. No proxy is trusted unless the operator names it.
 */
export function clientAddress(socketAddress: string, forwardedFor: string | null, isTrusted: (address: string) => boolean): string {
  let client = plain(socketAddress);
  if (!forwardedFor) return client;
  const hops = forwardedFor.slice(0, 1000).split(',').map((hop) => plain(hop.trim()));
  while (hops.length > 0 && isTrusted(client)) {
    const next = hops.pop()!;
    if (isIP(next) === 0) break;
    client = next;
  }
  return client;
}
