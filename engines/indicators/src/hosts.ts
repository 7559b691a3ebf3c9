/** Hosts as programs take them, whatever they were disguised as, and the domain somebody had to register for them. */
import { getDomain, parse } from 'tldts';
import { toASCII } from 'tr46';

export { kindsOf, type HostLists } from './kinds.ts';

/** One number of an IPv4 address as browsers read it: decimal, 0x hexadecimal, 0 octal (WHATWG URL, section 3.5). */
function ipNumber(text: string): number {
  if (text === '' || text.length > 20) return -1;
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^\d+$/.test(text) ? Number(text) : -1;
}

/** Dotted form of anything that programs take for an IPv4 address (`3221226241`, `0xc0.0.2.1`, `192.513`), else undefined. */
export function ipv4(host: string): string | undefined {
  const parts = host.replace(/\.$/, '').split('.', 5);
  if (parts.length > 4) return undefined;
  const numbers = parts.map(ipNumber);
  if (numbers.some((n) => n < 0)) return undefined;
  const last = numbers.pop()!;
  if (numbers.some((n) => n > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  let value = last;
  for (const [i, n] of numbers.entries()) value += n * 256 ** (3 - i);
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** True for a host that is an address: dotted IPv4 or IPv6 in brackets, as `normaliseHost` gives them. */
export function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Host in lower case and punycode (UTS #46, not transitional), IPv4 dotted, final dots dropped; '' when it is none.
 * Percent-coding and defanging brackets (`example[.]jp`) are taken out first.
 */
export function normaliseHost(input: string): string {
  // ⑴ is (1) to UTS #46, so compatible forms are resolved before brackets are taken out.
  let host = input.trim().slice(0, 1_000).normalize('NFKC');
  if (/^\[[0-9a-f:.]{2,60}\]$/i.test(host)) return host.toLowerCase();
  host = host.replace(/[[({]\s?(?:\.|dot)\s?[\])}]/gi, '.').replace(/[[\](){}]/g, '');
  if (host.includes('%')) {
    try {
      host = decodeURIComponent(host);
    } catch {
      return '';
    }
  }
  const ascii = /^[a-z0-9._-]+$/.test(host) && !host.includes('xn--') ? host : (toASCII(host, { ignoreInvalidPunycode: true }) ?? '');
  if (ascii.length > 253 || /[\s/\\?#@:<>^|%]/.test(ascii)) return '';
  const plain = ascii.replace(/^\.+|\.+$/g, '');
  return ipv4(plain) ?? plain;
}

/**
 * The domain that somebody registered for a host: `example.co.jp` of `www.mail.example.co.jp`, `shop.github.io` under a
 * suffix that its owner gives away (Public Suffix List, private part included). Undefined for addresses, bare suffixes
 * and names without a dot.
 */
export function registrable(host: string): string | undefined {
  const plain = normaliseHost(host);
  if (plain === '' || isAddress(plain)) return undefined;
  return getDomain(plain, { allowPrivateDomains: true, validateHostname: false, extractHostname: false, detectIp: false }) ?? undefined;
}

/** True when the host ends in a suffix that is listed, so that it can exist in the public net. */
export function hasKnownSuffix(host: string): boolean {
  const parsed = parse(host, { validateHostname: false, extractHostname: false, detectIp: false });
  return parsed.isIcann === true && parsed.domain !== null;
}

/** Host of a URL as `normaliseHost` gives it, '' for those without one (javascript:, data:). */
export function hostOf(url: string): string {
  const found = /^([a-z*][a-z0-9+.*-]{0,30}):[/\\]{0,8}([^/\\?#]{0,1200})/i.exec(url);
  if (found === null || /^(?:javascript|vbscript|data|blob)$/i.test(found[1]!)) return '';
  // The last @ ends what is said of a user: `https://bank.example@evil.example` leads to evil.example.
  const authority = found[2]!.slice(found[2]!.lastIndexOf('@') + 1);
  const v6 = /^(\[[0-9a-f:.]{2,60}\])(?::\d{0,5})?$/i.exec(authority);
  return normaliseHost(v6 === null ? authority.replace(/:\d{0,5}$/, '') : v6[1]!);
}
