import type { Action } from '../ecs.ts';
import type { EcsEvent, EcsName } from '../ecs.ts';
import { MAX_UNMAPPED, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
import { countryCode } from '../countries.ts';
import { normaliseIp, normaliseMac } from '../net.ts';

/** One kind of log lines. To add one, write a file like its neighbours and list it in `index.ts`. */
export interface Family {
  readonly id: string;
  readonly name: { readonly ja: string; readonly en: string };
  /** How sure it is, 0–1, that a line (without its syslog header) is of this family. Cheap; looks at little. */
  match(sample: string): number;
  /** Reads `line` from `ctx.start`; null when the line is not of this family. Never throws on input. */
  parse(line: string, ctx: ParseContext): ParsedEvent | null;
}

/** Severity numbers of RFC 5424, table 2, by the words devices use. */
const SEVERITY: Readonly<Record<string, number>> = Object.assign(Object.create(null) as Record<string, number>, {
  emergency: 0, emerg: 0, alert: 1, critical: 2, crit: 2, fatal: 2, error: 3, err: 3,
  warning: 4, warn: 4, notice: 5, information: 6, informational: 6, info: 6, debug: 7,
});

export function severityOf(word: string): number | undefined {
  return SEVERITY[word];
}

export function setIp(event: EcsEvent, name: 'source.ip' | 'destination.ip' | 'host.ip' | 'source.nat.ip' | 'destination.nat.ip' | 'observer.ip' | 'dns.resolved_ip', text: string | undefined, ctx: ParseContext): void {
  if (text === undefined || text === '') return;
  const ip = normaliseIp(text);
  if (ip !== undefined) event[name] = ip;
  else ctx.note('bad_value');
}

export function setMac(event: EcsEvent, name: 'source.mac' | 'destination.mac' | 'host.mac', text: string | undefined): void {
  const mac = text === undefined ? undefined : normaliseMac(text);
  if (mac !== undefined) event[name] = mac;
}

/** Sets a keyword or text field when there is a value. */
export function setText<N extends EcsName>(event: EcsEvent, name: N, value: string | undefined): void {
  if (value !== undefined && value !== '') (event as Record<string, unknown>)[name] = value;
}

/** A whole number without sign, or undefined; `max` guards ports and codes. */
export function wholeNumber(text: string | undefined, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 16) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  return value <= max ? value : undefined;
}

/** What follows from an action: ECS `event.outcome`, seen from the device (a refused packet is its success). */
export function outcomeOf(action: Action): 'success' | 'failure' | 'unknown' {
  switch (action) {
    case 'login_failed':
    case 'tunnel_failed':
    case 'update_failed':
    case 'clean_failed':
    case 'lease_exhausted':
    case 'mail_deferred':
    case 'mail_bounced':
      return 'failure';
    case 'info':
    case 'agent_silent':
    case 'resource_warning':
    case 'license_expired':
      return 'unknown';
    default:
      return 'success';
  }
}

/** Sets action and outcome, and kind `alert` for what a person may have to look at. */
export function setAction(event: EcsEvent, action: Action, vendorWord?: string): void {
  event['event.action'] = action;
  event['event.outcome'] = outcomeOf(action);
  if (vendorWord !== undefined && vendorWord !== '') event['banya.vendor_action'] = vendorWord;
}

/** Adds a leftover key while there is room; later ones are noted. The first value of a key stays. `count` is the number so far; returns the new one. */
export function leave(unmapped: Unmapped, count: number, key: string, value: string, ctx: ParseContext): number {
  if (unmapped[key] !== undefined) return count;
  if (count >= MAX_UNMAPPED) {
    ctx.note('too_many_keys');
    return count;
  }
  unmapped[key] = value;
  return count + 1;
}

/** An account as `DOMAIN\\name`, `name@domain` or a name alone. */
export function setAccount(event: EcsEvent, text: string | undefined, name: 'user.name' | 'destination.user.name' = 'user.name'): void {
  if (text === undefined || text === '' || text === '-') return;
  const slash = text.indexOf('\\');
  if (slash > 0 && slash < text.length - 1) {
    event[name] = text.slice(slash + 1);
    if (name === 'user.name') event['user.domain'] = text.slice(0, slash);
    return;
  }
  event[name] = text;
  if (name === 'user.name' && text.length <= 320 && /^[^\s@]{1,128}@[^\s@]{1,255}\.[^\s@.]{2,63}$/.test(text)) event['user.email'] = text;
}

/** ECS severity by the words of vendors that grade from critical to informational. */
const GRADES: Readonly<Record<string, number>> = Object.assign(Object.create(null) as Record<string, number>, { critical: 2, high: 3, medium: 4, low: 5, informational: 6, info: 6, information: 6 });

export function gradeOf(word: string | undefined): number | undefined {
  return word === undefined || word.length > 16 ? undefined : GRADES[word.toLowerCase()];
}

/** Countries as firewalls name them; private ranges and the like are none. */
export function setCountry(event: EcsEvent, side: 'source' | 'destination', name: string | undefined): void {
  if (name === undefined || name === '' || name === 'Reserved') return;
  const code = countryCode(name);
  if (code === undefined) return;
  event[`${side}.geo.country_iso_code`] = code;
  if (name.length > 3) event[`${side}.geo.country_name`] = name;
}

/** Scheme, host, path and query of an address, which may lack the scheme. */
export function setUrl(event: EcsEvent, url: string | undefined): void {
  if (url === undefined || url === '' || url === '-') return;
  event['url.full'] = url;
  const scheme = url.indexOf('://');
  const from = scheme > 0 && scheme < 12 ? scheme + 3 : 0;
  let host = from;
  while (host < url.length && !isUrlBreak(url.charCodeAt(host))) host++;
  let end = host;
  const at = url.lastIndexOf('@', host - 1);
  const start = at >= from ? at + 1 : from;
  const colon = url.indexOf(':', start);
  if (url.charCodeAt(start) === 91) {
    const close = url.indexOf(']', start);
    if (close > 0 && close < host) end = close + 1;
  } else if (colon > start && colon < host) end = colon;
  if (end > start && end - start <= 255) event['url.domain'] ??= url.slice(start, end);
  if (url.charCodeAt(host) !== 47) return;
  const query = url.indexOf('?', host);
  event['url.path'] = query < 0 ? url.slice(host) : url.slice(host, query);
  if (query >= 0 && query + 1 < url.length) event['url.query'] = url.slice(query + 1);
}

function isUrlBreak(c: number): boolean {
  return c === 47 || c === 63 || c === 35;
}
