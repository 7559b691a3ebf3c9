import { BlockList, isIP } from 'node:net';

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/**
 * The client's address. X-Forwarded-For counts only while each hop towards us is a trusted proxy; read from the right,
 * the first address that is not one is the client. No proxy is trusted unless the operator names it.
 */
export function clientAddress(socketAddress: string, forwardedFor: string | null, trusted: readonly string[]): string {
  let client = plain(socketAddress);
  if (!forwardedFor || trusted.length === 0) return client;
  const list = new BlockList();
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/');
    const version = isIP(address);
    if (version === 0) continue;
    if (bits === undefined) list.addAddress(address, version === 6 ? 'ipv6' : 'ipv4');
    else list.addSubnet(address, Number(bits), version === 6 ? 'ipv6' : 'ipv4');
  }
  const hops = forwardedFor.slice(0, 1000).split(',').map((hop) => plain(hop.trim()));
  while (hops.length > 0 && list.check(client, isIP(client) === 6 ? 'ipv6' : 'ipv4')) {
    const next = hops.pop()!;
    if (isIP(next) === 0) break;
    client = next;
  }
  return client;
}
