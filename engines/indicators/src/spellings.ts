/** How an indicator stands in a line of a log, so that it is found there and nothing else is taken for it. */
import { parseV6 } from '@banya/logs/net';
import { toUnicode } from 'tr46';
import type { Indicator } from './normalise.ts';

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** IPv6 in full, as some devices write it: eight groups of four digits. */
const expanded = (ip: string): string => (parseV6(ip) ?? []).map((group) => group.toString(16).padStart(4, '0')).join(':');

const unicode = (host: string): string => (host.includes('xn--') ? toUnicode(host).domain : host);

/** A URL without scheme and without a last slash: devices write the rest alone, or the host and the path apart. */
const withoutScheme = (url: string): string => url.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/\/$/, '');

/**
 * Texts of which a line that mentions the indicator holds at least one, whatever its case: a quick test before `pattern`.
 * At most four.
 */
export function literals(indicator: Indicator): string[] {
  const { kind, value } = indicator;
  switch (kind) {
    case 'ip':
      return value.includes(':') ? [...new Set([value, expanded(value)])] : [value];
    case 'domain':
      return [...new Set([value, unicode(value)])];
    case 'url': {
      const rest = withoutScheme(value);
      const host = indicator.host ?? '';
      return [...new Set([rest, rest.replace(host, unicode(host))])];
    }
    case 'address': {
      const base = indicator.base ?? value;
      // An alias may stand between the name and the @, so that only the domain is sure to be there as it is.
      return [base.slice(base.lastIndexOf('@'))];
    }
    case 'account':
      return [indicator.base ?? value];
    default:
      return [value];
  }
}

/** What may stand right before, though it is made of letters and digits: percent-coding of / : = @ and JSON's \n, \r, \t. */
const GLUED = ['%2F', '%3A', '%3D', '%40', '\\n', '\\r', '\\t'] as const;
const glued = `(?:${GLUED.map((text) => text.replace('\\', '\\\\')).join('|')})`;

/** What may stand before and after, by kind, as RE2 and JavaScript both read it (no looking back). */
const HEX_EDGES = ['(?:^|[^0-9A-Za-z])', '(?:$|[^0-9A-Za-z])'] as const;
const NAME_EDGES = [`(?:^|[^0-9A-Za-z_-]|${glued})`, '(?:$|[^0-9A-Za-z_$-])'] as const;
const HOST_EDGES = [`(?:^|[^0-9A-Za-z_-]|${glued})`, '(?:$|[^0-9A-Za-z_.-]|\\.(?:$|[^0-9A-Za-z_-]))'] as const;
const EDGES: Readonly<Record<Indicator['kind'], readonly [before: string, after: string]>> = {
  ip: ['(?:^|[^0-9A-Za-z.:]|[^0-9A-Fa-f]:)', '(?:$|[^0-9A-Za-z.:]|[.:](?:$|[^0-9A-Fa-f:]|[0-9]{2,5}(?:$|[^0-9A-Za-z.:])))'],
  domain: HOST_EDGES,
  url: [`(?:^|[^0-9A-Za-z_.-]|${glued})`, '(?:$|[^0-9A-Za-z])'],
  address: [`(?:^|[^0-9A-Za-z._%+-]|${glued})`, HOST_EDGES[1]],
  sha256: HEX_EDGES,
  sha1: HEX_EDGES,
  md5: HEX_EDGES,
  account: NAME_EDGES,
  name: NAME_EDGES,
};
const V4_EDGES = ['(?:^|[^0-9.])', '(?:$|[^0-9.]|\\.(?:$|[^0-9]))'] as const;

/**
 * A regular expression (RE2 syntax, which JavaScript takes as well; to be used without regard to case) that a text matches
 * when it mentions the indicator: `10.0.0.1` is not in `10.0.0.11`, `evil.example` not in `notevil.example` nor in
 * `evil.example.com`, but in `www.evil.example`.
 */
export function pattern(indicator: Indicator): string {
  const { kind, value } = indicator;
  const [before, after] = kind === 'ip' && !value.includes(':') ? V4_EDGES : EDGES[kind === 'name' && value.includes('.') ? 'domain' : kind];
  let middle: string;
  if (kind === 'address') {
    const base = indicator.base ?? value;
    const at = base.lastIndexOf('@');
    middle = `${escape(base.slice(0, at))}(?:\\+[^@\\s<>"]{0,64})?${escape(base.slice(at))}`;
  } else if (kind === 'account') {
    const [domain = '', user = ''] = value.split('\\');
    // A domain's name and its account may stand in fields of their own; escaped text doubles the backslash.
    middle = `${escape(domain)}(?:\\.[0-9A-Za-z.-]{1,200})?\\\\{1,4}${escape(user)}`;
  } else middle = `(?:${literals(indicator).map(escape).join('|')})`;
  return `${before}${middle}${after}`;
}

/** Whether a text mentions the indicator: the same judgement as `pattern`, for one text. */
export function mentions(indicator: Indicator, text: string): boolean {
  const lower = text.toLowerCase();
  return literals(indicator).some((literal) => lower.includes(literal.toLowerCase())) && new RegExp(pattern(indicator), 'i').test(text);
}

/** Whether two mail addresses are one mailbox: case and an alias behind a + do not count. */
export function sameAddress(a: string, b: string): boolean {
  const base = (address: string): string => address.trim().toLowerCase().replace(/\+[^@]*(?=@)/, '');
  return base(a) === base(b);
}
