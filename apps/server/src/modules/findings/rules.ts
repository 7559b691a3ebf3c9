import { pgText } from '../../kernel/sql.ts';
import type { FindingRow } from './schema.ts';
import type { RaisedFinding, Severity, Stopped } from './types.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The tail of what was just handled is not news. */
export const REOPEN_AFTER_MS = HOUR;
/** What comes back later than this is a thing of its own, not the old one again. */
export const SAME_THING_DAYS = 30;
export const ONGOING_MS = 2 * HOUR;
export const SAMPLES_MAX = 5;
/** How long "we know this" and "false alarm" keep quiet when nobody says. */
export const QUIET_DAYS = { known: 30, false_alarm: 90 } as const;
const RAW_MAX = 8_000;
const MATCHED_MAX = 20;
const VALUE_MAX = 500;
const SLOTS_MAX = 60;
const TEXT_MAX = 500;

const ranks: readonly Severity[] = ['now', 'look', 'fyi'];
export const rankOf = (severity: Severity): number => ranks.indexOf(severity);
export const severityOf = (rank: number): Severity => ranks[rank] ?? 'fyi';
/** "Not stopped" outweighs "unknown", and that "stopped": one that got through is what matters. */
const weight: Record<Stopped, number> = { no: 2, unknown: 1, yes: 0 };
export const worse = (a: Stopped, b: Stopped): Stopped => (weight[b] > weight[a] ? b : a);

export const foldKey = (f: Pick<RaisedFinding, 'orgId' | 'fingerprint'>): string => `${f.orgId} ${f.fingerprint}`;

const cut = (text: string, max: number): string => pgText(text.slice(0, max));

/** Cuts what comes from log lines to what is stored. */
export function bounded(f: RaisedFinding): RaisedFinding {
  const slots = Object.fromEntries(Object.entries(f.slots).slice(0, SLOTS_MAX).map(([k, v]) => [cut(k, 100), cut(v, VALUE_MAX)]));
  const { asset, rule } = f;
  return {
    ...f, slots, entity: cut(f.entity, TEXT_MAX), fingerprint: cut(f.fingerprint, TEXT_MAX), ruleId: cut(f.ruleId, 200),
    rule: { title: cut(rule.title, TEXT_MAX), author: cut(rule.author, TEXT_MAX), license: cut(rule.license, TEXT_MAX), references: rule.references.slice(0, 20).map((r) => cut(r, TEXT_MAX)) },
    asset: asset && { deviceId: asset.deviceId, name: cut(asset.name, 200), owner: asset.owner === null ? null : cut(asset.owner, 200), department: asset.department === null ? null : cut(asset.department, 200) },
    samples: f.samples.slice(0, SAMPLES_MAX).map((s) => ({ at: s.at, raw: cut(s.raw, RAW_MAX), sourceName: cut(s.sourceName, 200), matched: s.matched.slice(0, MATCHED_MAX).map((m) => ({ field: cut(m.field, 200), value: cut(m.value, VALUE_MAX) })) })),
  };
}

/** A digest is one finding for each rule and day; everything else stays what it is. */
export function byDay(f: RaisedFinding): RaisedFinding[] {
  const days = Object.keys(f.days).sort();
  if (f.kind !== 'digest' || days.length === 0) return [f];
  return days.map((day, i) => {
    // The ends are known; of a day in between only that it was a whole day.
    const noon = new Date(`${day}T12:00:00+09:00`);
    const last = i === days.length - 1;
    return {
      ...f, fingerprint: `${f.ruleId} ${day}`, entity: day, count: f.days[day]!, days: { [day]: f.days[day]! },
      firstAt: i === 0 ? f.firstAt : last ? f.lastAt : noon, lastAt: last ? f.lastAt : i === 0 ? f.firstAt : noon, samples: last ? f.samples : [],
    };
  });
}

/** Two alerts of one thing as one. Counts, days, times and severity do not depend on the order. */
export function merge(a: RaisedFinding, b: RaisedFinding): RaisedFinding {
  const newer = b.lastAt >= a.lastAt ? b : a;
  const older = newer === b ? a : b;
  const days: Record<string, number> = { ...a.days };
  for (const [day, n] of Object.entries(b.days)) days[day] = (days[day] ?? 0) + n;
  return {
    ...newer, slots: { ...older.slots, ...newer.slots }, asset: newer.asset ?? older.asset, count: a.count + b.count, days,
    firstAt: a.firstAt < b.firstAt ? a.firstAt : b.firstAt, severity: severityOf(Math.min(rankOf(a.severity), rankOf(b.severity))), stopped: worse(a.stopped, b.stopped),
    deskTicket: a.deskTicket || b.deskTicket, samples: [...a.samples, ...b.samples].slice(0, SAMPLES_MAX),
  };
}

/** What a filter keeps quiet is a finding of its own: else its count would stand in the one that is told. */
export const apart = (f: RaisedFinding): RaisedFinding => (f.suppressionId ? { ...f, fingerprint: `${f.fingerprint} quiet ${f.suppressionId}` } : f);

/** Who keeps something quiet, and why. */
export interface Silence {
  readonly what: 'suppression' | 'maintenance';
  readonly id: string;
  readonly reason: string;
}

/** What closed a finding at its start; null where it was open once, or is. Nobody has judged such a one: who made the silence judged another. */
export const quietedBy = (row: Pick<FindingRow, 'outcome' | 'closed_at' | 'created_at'>): Silence['what'] | null =>
  row.closed_at === null || row.closed_at > row.created_at ? null : row.outcome === 'known' ? 'maintenance' : row.outcome === 'false_alarm' ? 'suppression' : null;

export type Fate =
  /** A finding nobody has seen yet. `before`: the old one of this fingerprint is over for good. */
  | { readonly kind: 'new'; readonly before: FindingRow | null }
  /** Kept quiet from the start: counted in a closed finding. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'grow'; readonly row: FindingRow }
  /** Counted in the closed finding, which stays closed. */
  | { readonly kind: 'count'; readonly row: FindingRow }
  | { readonly kind: 'reopen'; readonly row: FindingRow };

/** What a raised finding becomes, given the current finding of its fingerprint and whether it is suppressed. */
export function fateOf(raised: RaisedFinding, row: FindingRow | null, suppressed: boolean): Fate {
  if (!row) return suppressed ? { kind: 'quiet' } : { kind: 'new', before: null };
  if (row.state === 'open') return { kind: 'grow', row };
  if (suppressed || row.kind === 'digest') return { kind: 'count', row };
  const at = raised.lastAt.getTime();
  const over = Math.max(row.closed_at!.getTime() + REOPEN_AFTER_MS, row.quiet_until?.getTime() ?? 0);
  if (at < over) return { kind: 'count', row };
  return at - over > SAME_THING_DAYS * DAY ? { kind: 'new', before: row } : { kind: 'reopen', row };
}

export const ongoing = (row: Pick<FindingRow, 'last_at'>, now: Date): boolean => now.getTime() - row.last_at.getTime() <= ONGOING_MS;

/** One thing to do this week, from any module; texts in both languages. */
export interface Card {
  /** Unique among the organisation's cards. */
  readonly key: string;
  readonly kind: 'finding' | 'ticket' | 'source' | 'people' | 'restore' | 'report' | 'warning';
  readonly severity: Severity;
  readonly title: { readonly ja: string; readonly en: string };
  /** The one next step. */
  readonly step: { readonly ja: string; readonly en: string };
  readonly minutes: number;
  readonly askedBy: { readonly ja: string; readonly en: string };
  readonly target: string | null;
  /** Since when it waits. */
  readonly since: Date;
  /** At how many members of the federation the same was seen, this one among them. */
  readonly elsewhere?: number | null;
  /** Who wrote the rule that found it, where the rule is not ours. */
  readonly credit?: { readonly ja: string; readonly en: string } | null;
}

export const CARDS_MAX = 5;

/** The cards of this week: what burns first, and among equals what has waited longest. Things that need no act are left out. */
export function chooseCards(cards: readonly Card[]): Card[] {
  return [...new Map(cards.map((c) => [c.key, c])).values()]
    .filter((c) => c.severity !== 'fyi')
    .sort((a, b) => rankOf(a.severity) - rankOf(b.severity) || a.since.getTime() - b.since.getTime() || (a.key < b.key ? -1 : 1))
    .slice(0, CARDS_MAX);
}

export const MAILS_A_DAY = 3;

export type MailNow = { readonly kind: 'send' } | { readonly kind: 'fold' } | { readonly kind: 'none' } | { readonly kind: 'later'; readonly minutes: number };

/**
 * Whether the lead is told about a "now" finding at once: not in the quiet hours unless it was not stopped, at most three a
 * day and then once more for all the rest. `quietFor`: minutes until the quiet hours end, 0 outside of them.
 */
export function mailNow(row: Pick<FindingRow, 'state' | 'rank' | 'stopped' | 'mailed_at'>, quietFor: number, mailedToday: number): MailNow {
  if (row.state !== 'open' || row.rank !== 0 || row.mailed_at) return { kind: 'none' };
  if (quietFor > 0 && row.stopped === 'yes') return { kind: 'later', minutes: quietFor };
  return mailedToday < MAILS_A_DAY ? { kind: 'send' } : { kind: 'fold' };
}

/** The hour at which what can wait is told, gathered. */
export const LOOK_HOUR = 9;
/** Minutes from a minute of the day until then: today's, or tomorrow's once it is past. */
export const untilLook = (minute: number): number => (LOOK_HOUR * 60 - minute + 1440 - 1) % 1440 + 1;
