import { isoDate } from '@banya/jp';
import type { Tx } from '../../kernel/types.ts';
import type { Detect } from '../detect/index.ts';
import { dayIn, type Inventory } from '../inventory/index.ts';
import type { OrgRow, Orgs } from '../orgs/index.ts';
import { daysOf, firstDay, lastDay, monthOf, monthPlus } from './calendar.ts';
import { checksum } from './rules.ts';
import * as store from './store.ts';
import type { FindingsForReport, MonthFacts, SourceMonth, TicketsForReport, TrendPoint } from './types.ts';

export interface GatherParts {
  readonly orgs: Pick<Orgs, 'holders'>;
  readonly inventory: Pick<Inventory, 'sourcesOf' | 'sourceDays'>;
  readonly detect: Pick<Detect, 'counters' | 'monthSums' | 'deviceHealth'>;
  readonly findings: Pick<FindingsForReport, 'ofMonth'>;
  readonly desk: TicketsForReport;
}

const METRICS = ['blocked', 'config', 'hits', 'hits_blocked', 'outbound', 'signature'] as const;
/** Months of a demonstration have counters of these names instead of lines and findings of their own. */
const REPLAYED = ['blocked', 'lines', 'findings'] as const;
const TREND_BEFORE = 11;

type Counters = Awaited<ReturnType<Detect['counters']>>;
type Days = Awaited<ReturnType<Inventory['sourceDays']>>;

/** What the counters of a month say now, in one word: compared with a report's own, it tells of lines that came late. */
export async function monthChecksum(tx: Tx, parts: Pick<GatherParts, 'detect' | 'inventory'>, orgId: string, month: string): Promise<string> {
  const [from, to] = [firstDay(month), lastDay(month)];
  const counters = await parts.detect.counters(tx, orgId, from, to, METRICS);
  return sumUp(counters, await parts.inventory.sourceDays(tx, orgId, from, to), month);
}

const sumUp = (counters: Counters, days: Days, month: string): string =>
  checksum([...counters.filter((c) => monthOf(c.day) === month).map((c) => [c.day, c.metric, c.key, String(c.n)]), ...days.filter((d) => monthOf(d.day) === month).map((d) => [d.day, 'lines', d.source_id, String(d.lines)])]);

/** Collects a month of one organisation, in its own transaction: counters and what people have done, never raw events. */
export async function gather(tx: Tx, parts: GatherParts, org: Pick<OrgRow, 'id' | 'time_zone'>, month: string): Promise<{ facts: MonthFacts; checksum: string }> {
  const zone = org.time_zone;
  const today = isoDate(tx.now, zone);
  const partial = monthOf(today) === month;
  const recent = month >= monthPlus(monthOf(today), -1);
  const [from, end] = [firstDay(month), lastDay(month)];
  const upTo = partial ? today : end;
  const yesterday = isoDate(new Date(Date.parse(`${today}T12:00:00Z`) - 86_400_000), 'UTC');

  const kept = new Map((await store.reports.trend(tx, org.id, monthPlus(month, -TREND_BEFORE), month)).map((r) => [r.month, r]));
  const trendFrom = firstDay(kept.size === TREND_BEFORE ? monthPlus(month, -1) : monthPlus(month, -TREND_BEFORE));
  const days = await parts.inventory.sourceDays(tx, org.id, trendFrom, upTo);
  const counters = await parts.detect.counters(tx, org.id, from, upTo, METRICS);
  const sums = await parts.detect.monthSums(tx, org.id, trendFrom, upTo, REPLAYED);
  const health = recent ? new Map((await parts.detect.deviceHealth(tx, org.id)).map((h) => [h.source_id, h])) : new Map();

  const linesOf = new Map<string, Map<string, number>>();
  const linesIn = new Map<string, number>();
  for (const { source_id, day, lines } of days) {
    linesIn.set(monthOf(day), (linesIn.get(monthOf(day)) ?? 0) + Number(lines));
    if (monthOf(day) !== month || Number(lines) === 0) continue;
    const own = linesOf.get(source_id) ?? new Map<string, number>();
    linesOf.set(source_id, own.set(day, Number(lines)));
  }
  const configs = new Map<string, number>();
  const blocked = new Map<string, number>();
  const signatures = new Map<string, string>();
  for (const { day, metric, key, n } of counters) {
    if (metric === 'signature' && day > (signatures.get(key) ?? '')) signatures.set(key, day);
    const map = metric === 'config' ? configs : metric === 'blocked' ? blocked : null;
    map?.set(key, (map.get(key) ?? 0) + Number(n));
  }
  const sum = (of: string, metric: string): number | null => sums.filter((s) => s.month === of && s.metric === metric).reduce<number | null>((total, s) => (total ?? 0) + Number(s.n), null);
  const replayed = (of: string): boolean => sums.some((s) => s.month === of) && sums.filter((s) => s.month === of).every((s) => s.demonstration);

  /** The newest of all is of use only where it is older than the month. */
  const before = (at: Date | null): string | null => (at && isoDate(at, zone) < from ? isoDate(at, zone) : null);
  const sources: SourceMonth[] = (await parts.inventory.sourcesOf(tx, org.id))
    .filter((s) => dayIn(s.created_at.getTime(), zone) <= upTo || linesOf.has(s.id))
    .map((s) => {
      const created = dayIn(s.created_at.getTime(), zone);
      return {
        id: s.id, name: s.name, since: created > from ? created : from, everSeen: s.seen_at !== null || linesOf.has(s.id), lines: linesOf.get(s.id) ?? new Map(), configChanges: configs.get(s.id) ?? 0,
        signatureOn: signatures.get(s.id) ?? before(health.get(s.id)?.signature_at ?? null),
      };
    });
  // What began after the month belongs to the next report, though it may be open already.
  const findings = (await parts.findings.ofMonth(tx, org.id, from, upTo)).filter((f) => dayIn(f.firstAt.getTime(), zone) <= upTo);
  // Months before the first with figures are left out; a month without any in between is a zero, or the picture would lie.
  const first = [...kept.keys(), ...linesIn.keys(), ...sums.map((s) => s.month)].sort()[0] ?? month;
  const history: TrendPoint[] = daysOf(firstDay(monthPlus(month, -TREND_BEFORE)), end)
    .filter((d) => d.endsWith('-01') && monthOf(d) < month && monthOf(d) >= first)
    .map((d) => monthOf(d))
    .map((m) => {
      const own = kept.get(m);
      if (own) return { month: m, lines: Number(own.lines), blocked: Number(own.blocked), findings: own.findings, demonstration: own.demonstration };
      return { month: m, lines: (linesIn.get(m) ?? 0) + (sum(m, 'lines') ?? 0), blocked: sum(m, 'blocked') ?? 0, findings: sum(m, 'findings') ?? 0, demonstration: replayed(m) };
    });
  const [lead] = await parts.orgs.holders(tx, org.id, 'lead');
  const last = history.find((p) => p.month === monthPlus(month, -1));
  return {
    checksum: sumUp(counters, days, month),
    facts: {
      month, from, to: partial ? yesterday : end, partial, now: tx.now, today, zone, sources, blocked, blockedLastMonth: last ? last.blocked : null,
      demonstration: replayed(month), findings, tickets: await parts.desk.ofMonth(tx, org.id, from, upTo), openTickets: recent ? await parts.desk.openTickets(tx, org.id) : [], history, lead: lead?.name ?? null,
    },
  };
}
