/** One indicator from one pasted text: what it is, and its one normal form. */
import { normaliseIp } from '@banya/logs/net';
import { hasKnownSuffix, hostOf, isAddress, normaliseHost, registrable } from './hosts.ts';
import { refang } from './refang.ts';

/**
 * - ip: IPv4 dotted, IPv6 as RFC 5952 writes it, without port and zone.
 * - domain: a name of the public net (its ending is on the Public Suffix List), lower case, punycode; it means itself and all below it.
 * - url: scheme, host, path and query, lower-cased as far as RFC 3986 allows, without fragment, user and usual port.
 * - address: a mail address, lower case; it means its aliases behind a + too.
 * - sha256, sha1, md5: hexadecimal digits, lower case, told apart by their number.
 * - account: `domain\user`, lower case.
 * - name: one word that may be a machine or an account (`KEIRI-03`, `tanaka`), or a name of an inside net (`fs1.corp.local`), lower case.
 */
export type IndicatorKind = 'ip' | 'domain' | 'url' | 'address' | 'sha256' | 'sha1' | 'md5' | 'account' | 'name';
/** What the reader should know of how the text was read. */
export type IndicatorNote = 'refanged' | 'idn' | 'port_dropped' | 'user_dropped' | 'alias' | 'odd_address';

export interface Indicator {
  readonly kind: IndicatorKind;
  /** Normal form; normalising it again gives the same. */
  readonly value: string;
  /** The host of a domain, URL or mail address, and of a name with a dot. */
  readonly host?: string;
  /** What somebody registered for that host; absent where nobody did (inside names, addresses). */
  readonly registrable?: string;
  /** Of an alias (`taro+shop@…`): the address behind it. Of an account: the name alone. */
  readonly base?: string;
  readonly notes: readonly IndicatorNote[];
}

/** empty: nothing typed. too_long: more than NORMALISE_MAX characters. several: more than one thing. range: a network, which is looked for in the search instead. unknown: none of the kinds. */
export type NormaliseError = 'empty' | 'too_long' | 'several' | 'range' | 'unknown';
export type Normalised = { readonly ok: true; readonly indicator: Indicator } | { readonly ok: false; readonly code: NormaliseError };

export interface NormaliseOptions {
  /** Reads one word as this kind, where the caller knows better. */
  readonly as?: 'name' | 'account';
}

/** Longest text that is looked at, in UTF-16 units; a URL beyond it leads nowhere that logs would keep whole. */
export const NORMALISE_MAX = 2_048;

const HASHES: ReadonlyMap<number, IndicatorKind> = new Map([[32, 'md5'], [40, 'sha1'], [64, 'sha256']]);
const LOCAL = /^[^\s@"<>()[\]\\,;:]{1,64}$/;
/** Endings kept for documents and tests (RFC 2606) are read as public ones. */
const DOCUMENTS = /\.(?:example|test|invalid)$/;
const isPublic = (host: string): boolean => hasKnownSuffix(host) || DOCUMENTS.test(host);
const NAME = /^[\p{L}\p{N}_$][\p{L}\p{N}_.$-]{0,252}$/u;

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

/** IPv4-mapped IPv6 (`::ffff:192.0.2.1`) is the IPv4 address. */
function address(text: string): string | undefined {
  const ip = normaliseIp(bare(text).replace(/%[\w.-]{1,30}$/, ''));
  const mapped = ip === undefined ? null : /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/.exec(ip);
  if (!mapped) return ip;
  if (mapped[1] !== undefined) return mapped[1];
  const [high, low] = [Number.parseInt(mapped[2]!, 16), Number.parseInt(mapped[3]!, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

const isIdn = (host: string): boolean => host.split('.').some((label) => label.startsWith('xn--'));

interface Made { readonly kind: IndicatorKind; readonly value: string; readonly host?: string; readonly base?: string; readonly notes?: readonly IndicatorNote[] }

/** Reads one indicator. Pure and linear; `typed` is whatever a person pasted. */
export function normalise(typed: string, options: NormaliseOptions = {}): Normalised {
  if (typed.length > NORMALISE_MAX) return { ok: false, code: 'too_long' };
  const plain = typed.normalize('NFKC').trim();
  const text = refang(typed);
  if (text === '') return { ok: false, code: 'empty' };
  const made = read(text, options);
  if (typeof made === 'string') return { ok: false, code: made };
  const domain = made.host === undefined || made.kind === 'name' ? undefined : registrable(made.host);
  const notes = [...(text !== plain ? (['refanged'] as const) : []), ...(made.host !== undefined && isIdn(made.host) ? (['idn'] as const) : []), ...(made.notes ?? [])];
  return {
    ok: true,
    indicator: { kind: made.kind, value: made.value, ...(made.host === undefined ? {} : { host: made.host }), ...(domain === undefined ? {} : { registrable: domain }), ...(made.base === undefined ? {} : { base: made.base }), notes },
  };
}

function read(text: string, options: NormaliseOptions): Made | NormaliseError {
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(text)) return url(text);
  if (/\s/.test(text)) return 'several';
  const hash = /^[0-9a-f]+$/i.test(text) ? HASHES.get(text.length) : undefined;
  if (hash !== undefined) return { kind: hash, value: text.toLowerCase() };
  if (/^[0-9a-f:.]+\/\d{1,3}$/i.test(text) && address(text.slice(0, text.indexOf('/'))) !== undefined) return 'range';
  if (options.as === undefined) {
    const ip = withPort(text);
    if (ip !== undefined) return ip;
  }
  if (text.includes('\\')) return account(text);
  if (text.includes('@')) return mail(text);
  if (/[/?#]/.test(text)) {
    const host = normaliseHost(text.split(/[/?#:]/, 1)[0]!);
    return isPublic(host) || isAddress(host) ? url(`http://${text}`) : 'unknown';
  }
  return name(text, options);
}

function withPort(text: string): Made | undefined {
  const whole = address(text);
  if (whole !== undefined) return { kind: 'ip', value: whole };
  const found = /^(\[[0-9a-f:.%\w]+\]|\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/i.exec(text);
  const ip = found === null ? undefined : address(found[1]!);
  return ip === undefined ? undefined : { kind: 'ip', value: ip, notes: ['port_dropped'] };
}

function url(text: string): Made | NormaliseError {
  const found = /^([a-z][a-z0-9+.-]{1,20}):\/{2,}([^/\\?#]*)([^]*)$/i.exec(text.replace(/[\t\r\n ]/g, ''));
  if (found === null) return 'unknown';
  const scheme = found[1]!.toLowerCase();
  const host = hostOf(`${scheme}://${found[2]!}`);
  const ip = address(host);
  if (host === '' || (ip === undefined && !NAME.test(host))) return 'unknown';
  const notes: IndicatorNote[] = [];
  if (found[2]!.includes('@')) notes.push('user_dropped');
  // `http://3221225985/` and the like: the address that programs take it for.
  if (ip !== undefined && !found[2]!.includes(ip)) notes.push('odd_address');
  const port = /:(\d{1,5})$/.exec(found[2]!)?.[1];
  const shown = ip?.includes(':') ? `[${ip}]` : (ip ?? host);
  let whole: string;
  try {
    // The standard's own reading of path and query: dot segments, percent-coding, the scheme's usual port.
    const parsed = new URL(`${scheme}://${shown}${port === undefined ? '' : `:${port}`}${found[3]!.replace(/^\\/, '/')}`);
    parsed.hash = '';
    whole = parsed.href.replace(/#$/, '');
  } catch {
    return 'unknown';
  }
  const path = whole.slice(whole.indexOf('//') + 2);
  // A URL without path and query says no more than its host.
  if (/^[^/?]*\/?$/.test(path) && port === undefined) return ip !== undefined ? { kind: 'ip', value: ip, notes } : { ...name(host, {}) as Made, notes };
  return { kind: 'url', value: whole, host: ip ?? host, notes };
}

function account(text: string): Made | NormaliseError {
  const found = /^([^\\@]{1,253})\\{1,4}([^\\@]{1,104})$/.exec(text);
  if (found === null || !NAME.test(found[1]!) || !NAME.test(found[2]!)) return 'unknown';
  const user = found[2]!.toLowerCase();
  return { kind: 'account', value: `${found[1]!.toLowerCase()}\\${user}`, base: user };
}

function mail(text: string): Made | NormaliseError {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at).toLowerCase();
  const host = normaliseHost(text.slice(at + 1));
  if (!LOCAL.test(local) || host === '' || isAddress(host) || !host.includes('.')) return 'unknown';
  const plus = local.indexOf('+');
  return { kind: 'address', value: `${local}@${host}`, host, ...(plus > 0 ? { base: `${local.slice(0, plus)}@${host}`, notes: ['alias'] } : {}) };
}

function name(text: string, { as }: NormaliseOptions): Made | NormaliseError {
  const found = /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  if (found === null) return 'unknown';
  const notes: IndicatorNote[] = found[2] === undefined ? [] : ['port_dropped'];
  if (as === undefined && found[1]!.includes('.')) {
    const host = normaliseHost(found[1]!);
    if (isAddress(host)) return { kind: 'ip', value: bare(host), notes: [...notes, 'odd_address'] };
    if (host !== '' && isPublic(host)) return { kind: 'domain', value: host, host, notes };
  }
  const value = found[1]!.toLowerCase();
  return NAME.test(value) && /[\p{L}\p{N}]/u.test(value) ? { kind: 'name', value, ...(value.includes('.') && normaliseHost(value) !== '' ? { host: normaliseHost(value) } : {}), notes } : 'unknown';
}
