/** IP and MAC texts, and where traffic runs relative to an organisation's own networks. */

/** An IPv4 address as an unsigned 32-bit number, or -1 when `text` is none. */
export function parseV4(text: string): number {
  const length = text.length;
  if (length < 7 || length > 15) return -1;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) {
      octet = octet < 0 ? c - 48 : octet * 10 + c - 48;
      if (octet > 255) return -1;
    } else if (c === 46 && octet >= 0 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else return -1;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1;
}

/** The eight groups of an IPv6 address (RFC 4291, section 2.2; a zone after % is dropped), or null. */
export function parseV6(input: string): number[] | null {
  let text = input;
  const zone = text.indexOf('%');
  if (zone > 0) text = text.slice(0, zone);
  if (text.length < 2 || text.length > 45) return null;
  const groups: number[] = [];
  let gap = -1;
  let i = 0;
  if (text.startsWith('::')) {
    gap = 0;
    i = 2;
  } else if (text.charCodeAt(0) === 58) return null;
  while (i < text.length) {
    let value = 0;
    const from = i;
    while (i < text.length) {
      const digit = hexDigit(text.charCodeAt(i));
      if (digit < 0) break;
      value = value * 16 + digit;
      i++;
    }
    if (i < text.length && text.charCodeAt(i) === 46) {
      const v4 = parseV4(text.slice(from));
      if (v4 < 0 || groups.length > 6) return null;
      groups.push(Math.floor(v4 / 65536), v4 % 65536);
      i = text.length;
      break;
    }
    if (i === from || i - from > 4 || groups.length === 8) return null;
    groups.push(value);
    if (i === text.length) break;
    if (text.charCodeAt(i) !== 58) return null;
    i++;
    if (i === text.length) return null;
    if (text.charCodeAt(i) === 58) {
      if (gap >= 0) return null;
      gap = groups.length;
      i++;
    }
  }
  if (gap < 0) return groups.length === 8 ? groups : null;
  if (groups.length > 7) return null;
  const zeros = new Array<number>(8 - groups.length).fill(0);
  return [...groups.slice(0, gap), ...zeros, ...groups.slice(gap)];
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 102) return c - 87;
  if (c >= 65 && c <= 70) return c - 55;
  return -1;
}

/** Canonical text of IPv6 groups (RFC 5952); IPv4-mapped addresses become IPv4. */
function formatV6(g: readonly number[]): string {
  if (g[5] === 0xffff && !g[0] && !g[1] && !g[2] && !g[3] && !g[4]) {
    const [hi, lo] = [g[6] ?? 0, g[7] ?? 0];
    return `${hi >> 8}.${hi & 255}.${lo >> 8}.${lo & 255}`;
  }
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && g[j] === 0) j++;
    if (j - i > bestLength) {
      bestAt = i;
      bestLength = j - i;
    }
    if (j > i) i = j;
  }
  const hex = g.map((n) => n.toString(16));
  if (bestAt < 0) return hex.join(':');
  return `${hex.slice(0, bestAt).join(':')}::${hex.slice(bestAt + bestLength).join(':')}`;
}

/** The canonical text of an address, or undefined when `text` is not one. */
export function normaliseIp(text: string): string | undefined {
  if (parseV4(text) >= 0) return text;
  if (text.length < 2 || text.length > 64 || !text.includes(':')) return undefined;
  const groups = parseV6(text);
  return groups ? formatV6(groups) : undefined;
}

/** `AA-BB-CC-DD-EE-FF` from any usual way of writing a MAC address (ECS follows RFC 7042), or undefined. */
export function normaliseMac(text: string): string | undefined {
  if (text.length < 12 || text.length > 17) return undefined;
  // As most devices write it.
  if (/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) return text.toUpperCase().replaceAll(':', '-');
  let digits = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (hexDigit(c) >= 0) digits += text.charAt(i);
    else if (c !== 58 && c !== 45 && c !== 46) return undefined;
  }
  if (digits.length !== 12) return undefined;
  const d = digits.toUpperCase();
  return `${d.slice(0, 2)}-${d.slice(2, 4)}-${d.slice(4, 6)}-${d.slice(6, 8)}-${d.slice(8, 10)}-${d.slice(10, 12)}`;
}

/** Networks nobody routes on the Internet: RFC 1918, RFC 3927, RFC 1122 loopback, RFC 6598, RFC 4193, RFC 4291. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8', '100.64.0.0/10', 'fc00::/7', 'fe80::/10', '::1/128'];

/** The private networks plus an organisation's own public ones. */
export class OwnRanges {
  readonly #v4: { from: number; to: number }[] = [];
  readonly #v6: { groups: number[]; bits: number }[] = [];

  /** @throws RangeError naming the text that is not a network in CIDR notation or a single address. */
  constructor(own: readonly string[] = []) {
    for (const cidr of [...PRIVATE, ...own]) this.#add(cidr);
  }

  #add(cidr: string): void {
    const slash = cidr.indexOf('/');
    const address = slash < 0 ? cidr : cidr.slice(0, slash);
    const v4 = parseV4(address);
    const groups = v4 < 0 ? parseV6(address) : null;
    const max = v4 >= 0 ? 32 : 128;
    const bits = slash < 0 ? max : Number(cidr.slice(slash + 1));
    if ((v4 < 0 && !groups) || !Number.isInteger(bits) || bits < 0 || bits > max || cidr.endsWith('/')) {
      throw new RangeError(`not a network: ${cidr}`);
    }
    if (groups) this.#v6.push({ groups, bits });
    else {
      const size = 2 ** (32 - bits);
      const from = Math.floor(v4 / size) * size;
      this.#v4.push({ from, to: from + size - 1 });
    }
  }

  /** True when the (canonical) address belongs to the organisation's side. */
  has(ip: string): boolean {
    const v4 = parseV4(ip);
    if (v4 >= 0) {
      for (const range of this.#v4) if (v4 >= range.from && v4 <= range.to) return true;
      return false;
    }
    const groups = parseV6(ip);
    if (!groups) return false;
    for (const range of this.#v6) if (samePrefix(groups, range.groups, range.bits)) return true;
    return false;
  }

  /** inbound, outbound, internal or external (ECS `network.direction`, seen from the perimeter). */
  direction(source: string, destination: string): 'inbound' | 'outbound' | 'internal' | 'external' {
    const from = this.has(source);
    const to = this.has(destination);
    if (from) return to ? 'internal' : 'outbound';
    return to ? 'inbound' : 'external';
  }
}

function samePrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  for (let i = 0; i < 8; i++) {
    const left = bits - i * 16;
    if (left <= 0) return true;
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if (((a[i] ?? 0) & mask) !== ((b[i] ?? 0) & mask)) return false;
  }
  return true;
}

const TRANSPORTS: Record<number, string> = { 1: 'icmp', 2: 'igmp', 6: 'tcp', 17: 'udp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'ipv6-icmp', 89: 'ospf', 132: 'sctp' };

/** Name of an IP protocol number as ECS `network.transport`, or undefined for rare ones. */
export function transportName(protocol: number): string | undefined {
  return TRANSPORTS[protocol];
}
