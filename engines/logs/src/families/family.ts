import type { Action } from '../ecs.ts';
import type { EcsEvent, EcsName } from '../ecs.ts';
import { MAX_UNMAPPED, type ParseContext, type ParsedEvent, type Unmapped } from '../event.ts';
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
