import type { EcsEvent } from '@banya/logs';
import type { Explanation } from '@banya/library';

/** Pure readings of one event: what it means for counters, findings and assets. */

const BLOCKED: ReadonlySet<string> = new Set(['blocked', 'quarantined', 'cleaned', 'mail_rejected', 'device_blocked']);
const LET_THROUGH: ReadonlySet<string> = new Set(['allowed', 'detected', 'clean_failed', 'protection_disabled', 'login_succeeded']);

export function stoppedBy(event: EcsEvent): 'yes' | 'no' | 'unknown' {
  const action = event['event.action'] ?? '';
  return BLOCKED.has(action) ? 'yes' : LET_THROUGH.has(action) ? 'no' : 'unknown';
}

export type Direction = 'inbound' | 'outbound' | 'internal' | 'none';
export function directionOf(event: EcsEvent): Direction {
  const direction = event['network.direction'];
  return direction === 'inbound' || direction === 'outbound' || direction === 'internal' ? direction : 'none';
}

/** What the device stopped, by where it came from and what kind of thing it was: the key of the counter `blocked`. */
export function blockedKey(event: EcsEvent): string | null {
  return stoppedBy(event) === 'yes' ? `${directionOf(event)} ${event['event.category'] ?? 'other'}` : null;
}

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe80:)/i;

/** The computer of ours that an event is about: what the finding calls "whose PC". */
export function ownHost(event: EcsEvent): { ip?: string; mac?: string; hostName?: string } | null {
  const named: { ip?: string; mac?: string; hostName?: string } = {};
  if (event['host.name']) named.hostName = event['host.name'];
  if (event['host.ip']) named.ip = event['host.ip'];
  if (event['host.mac']) named.mac = event['host.mac'];
  if (named.hostName || named.ip || named.mac) return named;
  const direction = directionOf(event);
  const [source, destination] = [event['source.ip'], event['destination.ip']];
  if (direction === 'inbound' && destination && PRIVATE.test(destination)) return { ip: destination };
  if (source && PRIVATE.test(source)) return { ip: source, ...(event['source.mac'] ? { mac: event['source.mac'] } : {}) };
  if (destination && PRIVATE.test(destination)) return { ip: destination };
  return null;
}

/** Two alerts are about the same thing when these values agree. A digest has one a day, whoever is behind it. */
export function entityOf(event: { get(field: string): unknown }, explanation: Explanation | undefined): string {
  if (explanation?.folding.digest) return '';
  const fields = explanation?.folding.entity ?? ['host.name', 'source.ip', 'user.name'];
  return fields.map((field) => String(event.get(field) ?? '')).filter(Boolean).join(' → ').slice(0, 300);
}

/** Sigma's levels for a rule that nobody has explained: only the highest asks for something now. */
export function severityOfLevel(level: string): 'now' | 'look' | 'fyi' {
  return level === 'critical' ? 'now' : level === 'high' || level === 'medium' ? 'look' : 'fyi';
}
