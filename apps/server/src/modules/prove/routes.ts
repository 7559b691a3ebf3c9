import { api, type Lang } from '@banya/contract';
import { isoDate } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, download, type Bound } from '../../kernel/http/call.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Scope } from '../../kernel/types.ts';
import { decisions, silentSources } from './executive.ts';
import { monthOf, monthPlus } from './calendar.ts';
import { federationDocument, makeFederationReport, presentFederationHead } from './federation/service.ts';
import { gather } from './gather.ts';
import { presentHead, presentPeers, presentReport, presentTrend, type MonthReport } from './present.ts';
import { federationPressDocument, reportDocument } from './press/document.ts';
import type { Press } from './press/press.ts';
import { decide } from './rules.ts';
import { makeReport, opened, type Parts } from './service.ts';
import * as store from './store.ts';
import type { FindingsForReport } from './types.ts';

export interface RouteParts extends Parts {
  readonly findings: FindingsForReport;
  readonly press: Press;
}

const PDF = 'application/pdf';
const after = (cursor: string | undefined): { month: string; version: number } | null => {
  const values = decodeCursor(cursor, 2);
  if (!values) return null;
  const [month, version] = [String(values[0]), Number(values[1])];
  if (!/^\d{4}-\d{2}$/.test(month) || !Number.isInteger(version)) throw new Problem(400, 'cursor_broken');
  return { month, version };
};
const total = (count: number) => ({ count: Math.min(count, 1000), more: count > 1000 });

export function proveRoutes(parts: RouteParts): Bound[] {
  const { kernel: { tenancy }, orgs, findings, press } = parts;

  const read = (scope: Scope, month: string, version: number | undefined, lang: Lang): Promise<{ report: MonthReport; zone: string }> =>
    tenancy.inOrg(scope, async (tx) => {
      const row = await store.reports.get(tx, scope.orgId, month, version ?? null);
      if (!row) throw version === undefined ? new Problem(409, 'not_closed_yet') : notFound();
      const asked = row.data.actions.flatMap((a) => (a.finding ? [a.finding] : []));
      const closed = asked.length === 0 ? new Set<string>() : await findings.closedAmong(tx, scope.orgId, asked);
      await opened(tx, scope, month, row.version);
      const org = await orgs.get(tx, scope.orgId);
      if (!org) throw notFound();
      return { report: presentReport(row, org.name, lang, await store.placesOf.get(tx, scope.orgId, month), closed), zone: org.time_zone };
    });

  const reports: Bound[] = [
    bind(api.prove.reports.list, ({ scope, query }) =>
      tenancy.inOrg(scope, async (tx) => {
        const rows = await store.reports.list(tx, scope.orgId, after(query.after), query.limit);
        return { ...cut(rows, query.limit, (r) => [r.month, r.version], presentHead), total: total(await store.reports.count(tx, scope.orgId)) };
      })),
    bind(api.prove.reports.get, async ({ scope, params, query, lang }) => (await read(scope, params.month, query.version, lang)).report),
    bind(api.prove.reports.pdf, async ({ scope, params, query, lang }) => {
      const { report, zone } = await read(scope, params.month, query.version, lang);
      const bytes = await press.print(reportDocument(report, lang, zone), new Date(report.closedAt));
      return download(bytes, PDF, `${report.orgName} ${report.month}.pdf`, true);
    }),
    bind(api.prove.reports.make, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        const org = await orgs.get(tx, scope.orgId);
        if (!org) throw notFound();
        const made = await makeReport(tx, parts, org, params.month, 'demand');
        return { month: made.month, version: made.version, closedAt: made.closedAt.toISOString(), reason: made.reason, verdict: made.verdict, latest: true };
      })),
  ];

  const federationReports: Bound[] = [
    bind(api.prove.federationReports.list, ({ scope, query }) =>
      tenancy.inOrg(scope, async (tx) => {
        const rows = await store.federation.list(tx, scope.orgId, after(query.after), query.limit);
        return { ...cut(rows, query.limit, (r) => [r.month, r.version], presentFederationHead), total: total(await store.federation.count(tx, scope.orgId)) };
      })),
    bind(api.prove.federationReports.pdf, async ({ scope, params, query, lang }) => {
      const { document, zone } = await tenancy.inOrg(scope, async (tx) => {
        const org = await orgs.get(tx, scope.orgId);
        if (!org) throw notFound();
        const head = await store.federation.get(tx, scope.orgId, params.month, query.version ?? null);
        if (!head) throw query.version === undefined ? new Problem(409, 'not_closed_yet') : notFound();
        return { document: federationDocument(org.name, head, await store.federation.members(tx, scope.orgId, params.month, head.version), lang), zone: org.time_zone };
      });
      const bytes = await press.print(federationPressDocument(document, lang, zone), new Date(document.closedAt));
      return download(bytes, PDF, `${document.name} ${document.month}.pdf`, true);
    }),
    bind(api.prove.federationReports.make, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        const org = await orgs.get(tx, scope.orgId);
        if (!org) throw notFound();
        return presentFederationHead(await makeFederationReport(tx, org, params.month, 'demand'));
      })),
  ];

  const executive = bind(api.prove.executive, ({ scope, lang }) =>
    tenancy.inOrg(scope, async (tx) => {
      const org = await orgs.get(tx, scope.orgId);
      if (!org) throw notFound();
      const month = monthOf(isoDate(tx.now, org.time_zone));
      const { facts } = await gather(tx, parts, org, month);
      const data = decide(facts);
      const newest = await store.reports.newest(tx, scope.orgId);
      return {
        verdict: { state: data.verdict.state, text: data.verdict.text[lang] },
        decisions: decisions(facts).map((d) => ({ text: d.text[lang], why: d.why[lang], due: d.due, finding: d.finding, ticket: d.ticket })),
        trend: presentTrend(data),
        thisMonth: { blocked: data.blocked.total, openFindings: data.open.now + data.open.look, openTickets: facts.openTickets.length, silentSources: silentSources(facts) },
        latestReport: newest?.month ?? null, peers: presentPeers(await store.placesOf.get(tx, scope.orgId, monthPlus(month, -1)), lang),
      };
    }));

  return [...reports, ...federationReports, executive];
}
