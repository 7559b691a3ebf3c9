import type { z } from 'zod';
import type { api, Lang } from '@banya/contract';
import { ruleTitle } from '../findings/index.ts';
import type { ReportHeadRow, ReportRow } from './schema.ts';
import type { Place, ReportData, Verdict } from './types.ts';
import { peersText, unknownAsset } from './words.ts';

export type MonthReport = z.output<typeof api.prove.reports.get.reply>;
export type ReportHead = z.input<typeof api.prove.reports.make.reply>;

export const presentHead = (row: Pick<ReportHeadRow, 'month' | 'version' | 'reason' | 'closed_at' | 'verdict' | 'latest'>): ReportHead =>
  ({ month: row.month, version: row.version, closedAt: row.closed_at.toISOString(), reason: row.reason, verdict: row.verdict, latest: row.latest });

export const presentPeers = (place: Place | null, lang: Lang): MonthReport['peers'] => (place ? { ...place, text: peersText(place.members, place.blockedPlace, place.openPlace)[lang] } : null);

export const presentTrend = (data: Pick<ReportData, 'trend'>): MonthReport['trend'] => data.trend.map((p) => ({ ...p }));

/** A kept report in one language. `closed`: findings that have been closed since. */
export function presentReport(row: ReportRow, orgName: string, lang: Lang, place: Place | null, closed: ReadonlySet<string>): MonthReport {
  const { data } = row;
  return {
    org: row.org_id, orgName, month: row.month, version: row.version, closedAt: row.closed_at.toISOString(), demonstration: row.demonstration, partial: row.partial,
    verdict: { state: data.verdict.state, text: data.verdict.text[lang] },
    actions: data.actions.map((a) => ({ text: a.text[lang], step: a.step[lang], owner: a.owner, due: a.due, done: a.finding !== null && closed.has(a.finding), finding: a.finding })),
    blocked: { total: data.blocked.total, lastMonth: data.blocked.lastMonth, whyNormal: data.blocked.whyNormal[lang], kinds: data.blocked.kinds.map((k) => ({ title: k.title[lang], count: k.count })) },
    outbound: data.outbound.map((o) => ({ title: o.title[lang], asset: o.asset || unknownAsset[lang], count: o.count, outcome: o.outcome[lang] })),
    devices: data.devices.map((d) => ({ name: d.name, lines: d.lines, silentDays: d.silentDays, signature: d.signature, configChanges: d.configChanges, note: d.note[lang] })),
    findings: data.findings.map((f) => ({ title: f.title[lang], severity: f.severity, count: f.count, outcome: f.outcome?.[lang] ?? null, at: f.at })),
    trend: presentTrend(data), peers: presentPeers(place, lang), tickets: data.tickets, appendix: data.appendix.map(({ ruleId, rule, ...of }) => ({ rule: ruleId === undefined ? rule : ruleTitle(ruleId, rule, lang), ...of })),
  };
}

export const verdictLabels: Record<Verdict, Record<Lang, string>> = {
  calm: { ja: '落ち着いています', en: 'Calm' },
  look: { ja: '見てください', en: 'Please look' },
  act: { ja: '今すぐ', en: 'Act now' },
  blind: { ja: '見えていません', en: 'Not seen' },
};
