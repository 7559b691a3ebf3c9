/** An IP network as one number: IPv4 in its own space, IPv6 in another. */
export interface Network {
  readonly version: 4 | 6;
  readonly bits: number;
  readonly base: bigint;
}

/** An address; IPv4-mapped IPv6 (::ffff:a.b.c.d, RFC 4291 section 2.5.5.2) counts as IPv4. Null where it is none. */
export function parseAddress(text: string): { version: 4 | 6; value: bigint } | null {
  if (text.length > 64) return null;
  const four = parseFour(text);
  if (four !== null) return { version: 4, value: BigInt(four) };
  if (!text.includes(':')) return null;
  const zone = text.indexOf('%');
  const six = parseSix(zone < 0 ? text : text.slice(0, zone));
  if (six === null) return null;
  if (six >> 32n === 0xffffn) return { version: 4, value: six & 0xffffffffn };
  return { version: 6, value: six };
}

/** `address/bits`, IPv4 or IPv6 (RFC 4632, RFC 4291); host bits are ignored. Null where malformed. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const width = address.version === 4 ? 32 : 128;
  const bitsText = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(bitsText)) return null;
  let bits = Number(bitsText);
  if (address.version === 4 && text.includes(':') && bits >= 96) bits -= 96;
  if (bits > width) return null;
  return { version: address.version, bits, base: address.value >> BigInt(width - bits) };
}

/** True when the text is an address inside the network. */
export function inNetwork(network: Network, text: string): boolean {
  const address = parseAddress(text);
  if (address === null || address.version !== network.version) return false;
  return address.value >> BigInt((address.version === 4 ? 32 : 128) - network.bits) === network.base;
}

function parseFour(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  let value = 0;
  for (let part = 1; part <= 4; part++) {
    const octet = Number(match[part]);
    if (octet > 255) return null;
    value = value * 256 + octet;
  }
  return value;
}

function parseSix(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groups(halves[0] as string);
  const tail = halves.length === 2 ? groups(halves[1] as string) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  let value = 0n;
  for (const group of [...head, ...new Array<number>(halves.length === 1 ? 0 : missing).fill(0), ...tail]) value = (value << 16n) | BigInt(group);
  return value;
}

function groups(text: string): number[] | null {
  if (text === '') return [];
  const out: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 ? parseFour(part) : null;
    if (four !== null) out.push(Math.floor(four / 65536), four % 65536);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) out.push(Number.parseInt(part, 16));
    else return null;
  }
  return out;
}
