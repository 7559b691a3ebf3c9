import type { Lang } from '@banya/contract';
import { api } from '@banya/contract';
import { isoDate, searchKey } from '@banya/jp';
import { notFound } from '../../kernel/errors.ts';
import { bind, download, type Bound } from '../../kernel/http/call.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { cut } from '../../kernel/keyset.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { rankedCursor } from './cursor.ts';
import { isToldOfOthers } from './elsewhere.ts';
import type { Telling } from './explain.ts';
import { home, type HomeSources } from './home.ts';
import { findingsWorkbook, presentDetail, presentFinding } from './present.ts';
import type { FindingRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';

/** Rows of one export; Excel and patience end before the table does. */
const EXPORT_MAX = 20_000;
const EXPORT_PAGE = 1_000;
export function findingRoutes(kernel: Kernel, orgs: Orgs, sources: HomeSources): Bound[] {
  const { tenancy } = kernel;
  const own = <T>(scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> => tenancy.inOrg(scope, fn);
  const telling = async (tx: Tx, orgId: string, lang: Lang): Promise<Telling> => ({ lang, zone: (await orgs.get(tx, orgId))?.time_zone ?? 'Asia/Tokyo', now: tx.now });

  return [
    bind(api.findings.home, async ({ scope, lang }) => {
      const shown = await own(scope, (tx) => home(tx, sources, orgs, scope.orgId, lang));
      if (!shown.cards.some((c) => c.elsewhere !== null) || (await isToldOfOthers(orgs, scope.orgId))) return shown;
      return { ...shown, cards: shown.cards.map((c) => ({ ...c, elsewhere: null })) };
    }),
    bind(api.findings.list, ({ scope, query, lang }) =>
      own(scope, async (tx) => {
        const filter = { state: query.state, severity: query.severity, q: query.q ? searchKey(query.q) : '' };
        const told = await telling(tx, scope.orgId, lang);
        const rows = await store.findings.list(tx, scope.orgId, { ...filter, after: rankedCursor(query.after), limit: query.limit });
        const count = await store.findings.count(tx, scope.orgId, filter);
        return { ...cut(rows, query.limit, (r) => [r.rank, r.id], (r) => presentFinding(r, told)), total: { count: Math.min(count, 1000), more: count > 1000 } };
      })),
    bind(api.findings.get, async ({ scope, params, lang }) => {
      const shown = await own(scope, async (tx) => {
        const row = await store.findings.get(tx, scope.orgId, params.finding);
        if (!row) throw notFound();
        const parts = { row, days: await store.details.days(tx, scope.orgId, row.id), samples: await store.details.samples(tx, scope.orgId, row.id), history: await store.details.history(tx, scope.orgId, row.id) };
        return presentDetail(parts, await telling(tx, scope.orgId, lang));
      });
      return shown.elsewhere === null || (await isToldOfOthers(orgs, scope.orgId)) ? shown : { ...shown, elsewhere: null };
    }),
    // Closing and asking take finding and ticket, in the opposite order of the desk's own acts: a deadlock is tried again.
    bind(api.findings.close, ({ scope, params, body }) => kernel.tenancy.inOrg(scope, (tx) => service.close(kernel, tx, scope.orgId, params.finding, body), { retry: true })),
    bind(api.findings.reopen, ({ scope, params }) => own(scope, (tx) => service.reopen(kernel, tx, scope.orgId, params.finding))),
    bind(api.findings.assign, ({ scope, params, body }) => own(scope, (tx) => service.assign(kernel, orgs, tx, scope.orgId, params.finding, body.person))),
    bind(api.findings.ask, async ({ scope, params, body }) => ({ ticket: await kernel.tenancy.inOrg(scope, (tx) => service.ask(kernel, tx, scope.orgId, params.finding, body.message), { retry: true }) })),
    bind(api.findings.export, async ({ scope, query, lang }) => {
      const found = await own(scope, async (tx) => {
        const rows: FindingRow[] = [];
        for (let after: (string | number)[] | null = null; rows.length < EXPORT_MAX; ) {
          const page = await store.findings.list(tx, scope.orgId, { state: query.state, severity: undefined, q: '', after, limit: EXPORT_PAGE });
          rows.push(...page.slice(0, EXPORT_PAGE));
          if (page.length <= EXPORT_PAGE) break;
          const last = rows.at(-1)!;
          after = [last.rank, last.id];
        }
        tx.audit({ action: 'findings.exported', orgId: scope.orgId, facts: { rows: rows.length } });
        return { rows, told: await telling(tx, scope.orgId, lang) };
      });
      const name = `${lang === 'ja' ? '検知' : 'findings'}_${isoDate(found.told.now, found.told.zone)}.xlsx`;
      return download(findingsWorkbook(found.rows, found.told), api.findings.export.produces, name);
    }),
    bind(api.findings.live, async ({ scope, principal, stillAllowed }) => kernel.live.stream(scope.orgId, { personId: principal?.kind === 'person' ? principal.personId : null, stillAllowed })),
  ];
}
