import { api, type Lang } from '@banya/contract';
import { JSIC_DIVISIONS, SIZE_BANDS, searchKey } from '@banya/jp';
import { Problem } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import { excel } from '../../kernel/http/excel.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { adviceOf, ruleTitle } from '../findings/index.ts';
import { cells, type Cell } from './rules.ts';
import type { SnapshotRow } from './schema.ts';
import * as store from './store.ts';
import { columns } from './texts.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** More members than this do not fit one useful sheet. */
const EXPORT_MAX = 20_000;
const EXPORT_PAGE = 1_000;

function after(cursor: string | undefined, sort: 'need' | 'name'): (string | number)[] | null {
  const values = decodeCursor(cursor, 2);
  if (!values) return null;
  const [key, id] = values;
  // A cursor of the other order, or one that somebody made up, is no place in this list.
  if (!UUID.test(String(id)) || (sort === 'need' ? !(Number.isInteger(key) && Math.abs(key as number) < 2 ** 31) : typeof key !== 'string')) throw new Problem(400, 'cursor_broken');
  return values;
}

const presentRow = (row: SnapshotRow, now: Date) => ({
  member: row.member_id, name: row.name, industry: row.industry, sizeBand: row.size_band, updatedAt: row.updated_at.toISOString(), lead: row.lead,
  trend: [...(row.figures.alerts?.weeks ?? [])], ...cells(row.figures, !row.no_lead, row.updated_at, now),
});

export function federateRoutes({ tenancy }: Pick<Kernel, 'tenancy'>): Bound[] {
  return [
    bind(api.federate.overview, ({ scope, query }) =>
      tenancy.inOrg(scope, async (tx) => {
        const rows = await store.snapshots.page(tx, scope.orgId, { sort: query.sort, q: query.q ? searchKey(query.q) : '', after: after(query.after, query.sort), limit: query.limit });
        return { sums: await store.snapshots.sums(tx, scope.orgId), ...cut(rows, query.limit, (r) => [query.sort === 'need' ? r.need : r.sort_key, r.member_id], (r) => presentRow(r, tx.now)) };
      })),
    bind(api.federate.rules, ({ scope, lang }) =>
      tenancy.inOrg(scope, async (tx) => ({
        items: (await store.snapshots.rules(tx, scope.orgId)).map((r) => {
          const outcomes = { handled: r.handled, ticket: r.ticket, known: r.known, falseAlarm: r.false_alarm };
          return { ruleId: r.rule_id, title: ruleTitle(r.rule_id, r.title, lang), members: r.members, ...outcomes, advice: adviceOf(outcomes) };
        }),
      }))),
    bind(api.federate.export, ({ scope, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const rows: SnapshotRow[] = [];
        for (let from: (string | number)[] | null = null; rows.length < EXPORT_MAX; ) {
          const page = await store.snapshots.page(tx, scope.orgId, { sort: 'name', q: '', after: from, limit: EXPORT_PAGE });
          rows.push(...page.slice(0, EXPORT_PAGE));
          if (page.length <= EXPORT_PAGE) break;
          from = [rows[rows.length - 1]!.sort_key, rows[rows.length - 1]!.member_id];
        }
        tx.audit({ action: 'overview.exported', facts: { members: rows.length } });
        return excel(columns.file[lang], columns.sheet[lang], columns.headers[lang].map((header, i) => ({ header, ...(i === 10 ? { type: 'datetime' as const } : {}) })), rows.map((row) => sheetRow(row, lang, tx.now)));
      })),
  ];
}

function sheetRow(row: SnapshotRow, lang: Lang, now: Date): (string | number | Date | null)[] {
  const c = cells(row.figures, !row.no_lead, row.updated_at, now);
  const value = ({ value: n, state }: Cell): string | number | null => (state === 'notShared' ? columns.notShared[lang] : n ?? columns.unknown[lang]);
  return [
    row.name, JSIC_DIVISIONS.find((d) => d.code === row.industry)?.[lang] ?? null, SIZE_BANDS.find((b) => b.id === row.size_band)?.[lang] ?? null, row.lead,
    value(c.flowing), value(c.openNow), value(c.openLook), value(c.overdue), value(c.tickets), value(c.leadSeen), row.updated_at,
  ];
}
