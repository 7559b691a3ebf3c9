import { isoDate } from '@banya/jp';
import type { Lang } from '@banya/contract';
import { Problem, notFound } from '../../../kernel/errors.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { OrgRow, Orgs } from '../../orgs/index.ts';
import { monthOf, monthPlus } from '../calendar.ts';
import { mailTime } from '../mails.ts';
import { checksum, places, worst } from '../rules.ts';
import type { FederationHeadRow } from '../store.ts';
import * as store from '../store.ts';
import type { MemberMonth, MonthFigures, Reason, Verdict } from '../types.ts';

/** What the members have pushed up for a month; answered by the module federate. */
export async function pushedMonths(tx: Tx, federationId: string, month: string): Promise<MemberMonth[]> {
  const members: MemberMonth[] = [];
  await tx.emit('prove.monthsWanted', { orgId: federationId, month, members });
  return members;
}

export async function makeFederationReport(tx: Tx, federation: OrgRow, month: string, reason: Reason, members?: readonly MemberMonth[]): Promise<FederationHeadRow> {
  const today = isoDate(tx.now, federation.time_zone);
  if (month > monthOf(today)) throw new Problem(409, 'month_in_future');
  if (federation.kind !== 'federation') throw notFound();
  const rows = members ?? (await pushedMonths(tx, federation.id, month));
  const partial = month === monthOf(today);
  const version = await store.federation.add(tx, federation.id, { month, reason, partial }, rows);
  tx.audit({ action: 'reports.federation_made', target: `report:${month}`, orgId: federation.id, facts: { month, version, reason, members: rows.length } });
  const states = rows.flatMap((m) => (m.figures?.scores ? [m.figures.scores.verdict.state] : []));
  return { month, version, reason, closed_at: tx.now, partial, latest: true, states };
}

const sumUp = (members: readonly { memberId: string; figures: MonthFigures | null }[]): string => checksum(members.map((m) => [m.memberId, stable(m.figures)]));

/** The same JSON for the same figures whatever the order of keys: the store sorts them its own way. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (inner && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner));

/** Some time after its members have closed: the federation's report of the last month, other versions where members' figures have changed, and everybody's place. */
export async function federationNight({ kernel, orgs }: { kernel: Kernel; orgs: Orgs }, orgId: string): Promise<void> {
  const toPlace: [string, readonly MemberMonth[]][] = [];
  await kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'month' } }, async (tx) => {
    const org = await orgs.get(tx, orgId);
    if (!org || org.kind !== 'federation' || org.left_at) return;
    const today = isoDate(tx.now, org.time_zone);
    for (const month of [monthPlus(monthOf(today), -2), monthPlus(monthOf(today), -1)]) {
      const pushed = await pushedMonths(tx, orgId, month);
      if (!pushed.some((m) => m.figures?.scores)) continue;
      toPlace.push([month, pushed]);
      const last = await store.federation.get(tx, orgId, month, null);
      if (!last || last.partial) {
        await makeFederationReport(tx, org, month, 'month', pushed);
        if (month === monthPlus(monthOf(today), -1)) tx.job('prove.mail', { orgId, month }, { singletonKey: `${orgId} ${month} federation`, startAfter: mailTime(tx.now, org.time_zone) });
        tx.afterCommit(() => kernel.live.publish(orgId, { kind: 'report', id: orgId }));
      }
      else {
        const kept = (await store.federation.members(tx, orgId, month, last.version)).map((m) => ({ memberId: m.member_id, figures: m.figures }));
        if (sumUp(kept) !== sumUp(pushed)) await makeFederationReport(tx, org, month, 'late', pushed);
      }
    }
  });
  if (toPlace.length === 0) return;
  await kernel.tenancy.asSystem('tell members their places', async (tx) => {
    for (const [month, pushed] of toPlace) {
      const shared = new Map(pushed.flatMap((m) => (m.figures?.scores ? [[m.memberId, { blocked: m.figures.scores.blocked, open: m.figures.scores.openNow + m.figures.scores.openLook }] as const] : [])));
      const found = places(shared);
      if (found.size > 0) await store.placesOf.set(tx, month, found);
    }
  });
}

export function presentFederationHead(row: FederationHeadRow): { month: string; version: number; closedAt: string; reason: Reason; verdict: Verdict; latest: boolean } {
  return { month: row.month, version: row.version, closedAt: row.closed_at.toISOString(), reason: row.reason, verdict: worst((row.states ?? []).filter((s): s is Verdict => s !== null)), latest: row.latest };
}

/** More pages than this nobody prints; the table still names everybody up to its own limit. */
const PAGES_MAX = 100;
const ROWS_MAX = 1_000;
const gravity: Record<Verdict, number> = { act: 0, blind: 1, look: 2, calm: 3 };

type Row = { name: string; figures: MonthFigures | null };

/** The federation's document in one language: all members, then a page each for those who share, gravest first. */
export function federationDocument(federationName: string, head: Pick<FederationHeadRow, 'month' | 'version' | 'closed_at' | 'partial'>, members: readonly Row[], lang: Lang) {
  const rows = members.map((m) => ({ name: m.name, figures: m.figures?.scores ? m.figures : null, waiting: m.figures !== null }));
  const sharing = rows.flatMap((m) => (m.figures ? [{ name: m.name, scores: m.figures.scores!, alerts: m.figures.alerts ?? null, inventory: m.figures.inventory ?? null }] : []));
  const state = worst(sharing.map((m) => m.scores.verdict.state));
  const months = new Map<string, { month: string; blocked: number; findings: number; demonstration: boolean }>();
  for (const { scores } of sharing) for (const p of scores.trend) {
    const sum = months.get(p.month) ?? { month: p.month, blocked: 0, findings: 0, demonstration: false };
    months.set(p.month, { month: p.month, blocked: sum.blocked + p.blocked, findings: sum.findings + p.findings, demonstration: sum.demonstration || p.demonstration });
  }
  const order = [...sharing].sort((a, b) => gravity[a.scores.verdict.state] - gravity[b.scores.verdict.state] || b.scores.openNow - a.scores.openNow || b.scores.openLook - a.scores.openLook);
  const count = (of: Verdict): number => sharing.filter((m) => m.scores.verdict.state === of).length;
  return {
    name: federationName, month: head.month, version: head.version, closedAt: head.closed_at.toISOString(), partial: head.partial, state,
    members: rows.length, sharing: sharing.length, counts: { act: count('act'), blind: count('blind'), look: count('look'), calm: count('calm') },
    blocked: sharing.reduce((sum, m) => sum + m.scores.blocked, 0),
    trend: [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1)).slice(-12),
    rows: rows.slice(0, ROWS_MAX).map((m) => {
      const s = m.figures?.scores;
      return { name: m.name, waiting: m.waiting, scores: s ? { state: s.verdict.state, openNow: s.openNow, openLook: s.openLook, devices: s.devices, blindDevices: s.blindDevices, blocked: s.blocked, blockedLastMonth: s.blockedLastMonth, findings: s.findings, asked: s.asked } : null };
    }),
    rowsLeft: Math.max(0, rows.length - ROWS_MAX),
    pages: order.slice(0, PAGES_MAX).map((m) => ({
      name: m.name, state: m.scores.verdict.state, text: m.scores.verdict.text[lang], blocked: m.scores.blocked, blockedLastMonth: m.scores.blockedLastMonth, findings: m.scores.findings, openNow: m.scores.openNow, openLook: m.scores.openLook,
      asked: m.scores.asked, solved: m.scores.solved, demonstration: m.scores.demonstration, trend: m.scores.trend,
      actions: m.alerts?.actions.map((a) => ({ text: a.text[lang], step: a.step[lang], due: a.due })) ?? null,
      told: m.alerts?.findings.map((f) => ({ title: f.title[lang], severity: f.severity, count: f.count, outcome: f.outcome?.[lang] ?? null })) ?? null,
      devices: m.inventory?.devices.map((d) => ({ name: d.name, lines: d.lines, silentDays: d.silentDays, signature: d.signature, note: d.note[lang], well: d.well })) ?? null,
    })),
    pagesLeft: Math.max(0, order.length - PAGES_MAX),
  };
}
export type FederationDocument = ReturnType<typeof federationDocument>;
