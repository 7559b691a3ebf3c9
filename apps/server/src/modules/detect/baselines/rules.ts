import type { usualKinds } from '@banya/contract';
import type { EcsEvent } from '@banya/logs';

/**
 * What is usual at an organisation, learnt from its own lines: a value is rare when it has not been seen for thirty days,
 * once the organisation was looked at for long enough. Pure; state stands in the tables detect_baselines and detect_learning.
 */

const DAY = 86_400_000;
/** A value that was not seen for so long is news again. */
export const WINDOW_DAYS = 30;
/** For so long after the first value of its kind nothing is rare: everything is new on the first day. */
export const LEARN_DAYS = 14;
/** Hours of log-ins need days on which somebody logged in, not days of the calendar. */
export const HOUR_DAYS_MIN = 8;
/** Values kept for one kind and subject. What varies more than this has no usual values. */
export const KEYS_MAX = 1_000;
/** Computers with programs of their own that are looked at for one organisation; names in lines are whatever a sender writes. */
export const SUBJECTS_MAX = 5_000;

export type SeenKind = (typeof usualKinds)[number];

/** A value of an event that may be unusual. */
export interface Value {
  readonly kind: SeenKind;
  readonly subject: string;
  readonly key: string;
}

/** Id of the explanation in library/detections/built-in. */
export const ruleOf = (kind: SeenKind): string => `first.${kind}`;

/** Names of the findings as rules, beside those of Sigma rules. */
export const TITLES: Readonly<Record<SeenKind, string>> = {
  login_country: 'Sign-in from a country not used before', admin_name: 'Administration opened by a name not used before', usb_model: 'USB device of a kind not seen before', program: 'Program that never ran before',
  suffix: 'Site with a suffix not used before', admin_hour: 'Administration opened at an unusual hour', remote_hour: 'Remote access at an unusual hour',
};

const KEY_MAX = 120;
const fold = (text: string): string => text.trim().toLowerCase().slice(0, KEY_MAX);
const PRIVATE = /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe80:|::1$)/i;
const GATE: ReadonlySet<string> = new Set(['firewall', 'router']);
const REMOTE_WORD = /vpn|ssl|xauth|l2tp|pptp|globalprotect|tunnel/i;
/** Suffixes that everybody uses say nothing. */
const COMMON_SUFFIXES: ReadonlySet<string> = new Set(['com', 'net', 'org', 'jp', 'arpa', 'local', 'lan', 'localdomain', 'internal', 'home']);

/** Whether an event of this action can hold a value at all; called for every line, so it only compares. */
export function tells(event: EcsEvent): boolean {
  switch (event['event.action']) {
    case 'login_succeeded':
    case 'tunnel_up':
    case 'device_connected':
      return true;
    case 'allowed':
      return event['url.domain'] !== undefined || event['destination.domain'] !== undefined;
    case 'info':
      return event['event.category'] === 'process' && event['event.type'] === 'start';
    default:
      return false;
  }
}

/**
 * The values of an event. `local` is its time in the organisation's zone, as epoch milliseconds shifted by the zone.
 * Without a shift nothing is said about hours.
 */
export function valuesOf(event: EcsEvent, local: number): Value[] {
  switch (event['event.action']) {
    case 'login_succeeded':
    case 'tunnel_up':
      return loginValues(event, local);
    case 'device_connected': {
      const model = fold(event['device.model.name'] ?? '');
      return model === '' ? [] : [{ kind: 'usb_model', subject: '', key: model }];
    }
    case 'allowed': {
      const suffix = suffixOf(event['url.domain'] ?? event['destination.domain'] ?? '');
      return suffix === null || event['network.direction'] === 'inbound' ? [] : [{ kind: 'suffix', subject: '', key: suffix }];
    }
    case 'info': {
      const [host, program] = [fold(event['host.name'] ?? ''), fold(event['process.name'] ?? '')];
      return host === '' || program === '' ? [] : [{ kind: 'program', subject: host, key: program }];
    }
    default:
      return [];
  }
}

function loginValues(event: EcsEvent, local: number): Value[] {
  const values: Value[] = [];
  const user = fold(event['user.name'] ?? '');
  const from = event['source.ip'] ?? '';
  const outside = from !== '' && !PRIVATE.test(from);
  const country = event['source.geo.country_iso_code'];
  // A tunnel between sites has no user, and is no log-in of a person.
  if (user === '' || user === 'n/a') return values;
  const remote = event['event.action'] === 'tunnel_up' || REMOTE_WORD.test(event['banya.vendor_action'] ?? '');
  if (outside && country !== undefined && country !== '') values.push({ kind: 'login_country', subject: '', key: country.toUpperCase().slice(0, 2) });
  const gate = GATE.has(event['observer.type'] ?? '');
  if (gate && !remote) {
    values.push({ kind: 'admin_name', subject: '', key: user });
    values.push({ kind: 'admin_hour', subject: '', key: hourKey(local) });
  } else if (gate && outside) values.push({ kind: 'remote_hour', subject: '', key: hourKey(local) });
  return values;
}

/** The last label of a name; null for addresses, single labels and what everybody uses. */
export function suffixOf(name: string): string | null {
  const at = name.lastIndexOf('.', name.endsWith('.') ? name.length - 2 : undefined);
  if (at <= 0) return null;
  const label = fold(name.slice(at + 1).replace(/\.$/, ''));
  return label.length < 2 || label.length > 24 || /[^a-z0-9-]|^\d/.test(label) || COMMON_SUFFIXES.has(label) ? null : label;
}

/** Working day or weekend, and the hour: `w 09`, `e 23`. */
export function hourKey(local: number): string {
  const at = new Date(local);
  const weekend = at.getUTCDay() === 0 || at.getUTCDay() === 6;
  return `${weekend ? 'e' : 'w'} ${String(at.getUTCHours()).padStart(2, '0')}`;
}

/** The same kind of day, an hour earlier and later. */
export function neighbours(key: string): string[] {
  const hour = Number(key.slice(2));
  return [hour + 23, hour + 1].map((h) => `${key[0]} ${String(h % 24).padStart(2, '0')}`);
}

export const isHour = (kind: SeenKind): boolean => kind === 'admin_hour' || kind === 'remote_hour';

/** What the tables know of a value before this batch. */
export interface Known {
  /** When this kind of value was first seen at this organisation (and subject); null: never. */
  readonly since: Date | null;
  readonly keys: number;
  /** When this very value was last seen; null: never. */
  readonly lastAt: Date | null;
  /** Hours only: the newest sight of the hours beside it, and days on which anybody logged in. */
  readonly besideAt?: Date | null;
  readonly loginDays?: number;
}

export type Judgement = 'learning' | 'usual' | 'varied' | 'rare';

/** Whether a value seen at `at` is rare, by what was known before. */
export function judge(kind: SeenKind, at: Date, known: Known): Judgement {
  const within = (then: Date | null | undefined): boolean => then != null && at.getTime() - then.getTime() < WINDOW_DAYS * DAY;
  if (known.since === null || at.getTime() - known.since.getTime() < LEARN_DAYS * DAY) return 'learning';
  if (within(known.lastAt)) return 'usual';
  if (isHour(kind)) {
    if ((known.loginDays ?? 0) < HOUR_DAYS_MIN) return 'learning';
    return within(known.besideAt) ? 'usual' : 'rare';
  }
  return known.keys >= KEYS_MAX ? 'varied' : 'rare';
}

/** For how many days the organisation was looked at, as a finding says it. */
export const daysLearnt = (since: Date, at: Date): number => Math.floor((at.getTime() - since.getTime()) / DAY);
