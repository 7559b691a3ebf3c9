import type { z } from 'zod';
import { api, type Condition, type Lang } from '@banya/contract';
import { loadDetections } from '@banya/library';
import { compileRules } from '@banya/sigma';
import { notFound, Problem } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { cut } from '../../kernel/keyset.ts';
import { newId } from '../../kernel/ids.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { datedCursor, rankedCursor } from './cursor.ts';
import { ruleTitle } from './explain.ts';
import { maintenance, suppressions } from './quiet-store.ts';
import type { MaintenanceRow, SuppressionRow } from './schema.ts';
import { sigmaFilter, type QuietFilter } from './suppress.ts';

const DAY = 86_400_000;
/** Longer than this nobody works on a device; what lasts is a device to be replaced. */
export const MAINTENANCE_DAYS_MAX = 7;
/** Of one organisation, those of the last 90 days among them: each finding of a batch is held against all of them. */
const MAINTENANCE_MAX = 1_000;

const whoOf = (tx: Tx): string => (tx.actor.kind === 'system' ? '' : tx.actor.name);

function presentSuppression(r: SuppressionRow, lang: Lang): z.input<typeof api.findings.changeSuppression.reply> {
  return {
    id: r.id, ruleId: r.rule_id, ruleTitle: ruleTitle(r.rule_id, r.rule_title, lang), entity: r.entity, reason: r.reason, by: r.by_name, owner: r.owner_id, createdAt: r.created_at.toISOString(), expiresAt: r.expires_at.toISOString(),
    conditions: r.conditions && [...r.conditions], sigma: r.conditions && sigmaFilter({ ...r, conditions: r.conditions }), hits: Number(r.hits), lastHitAt: r.last_hit_at?.toISOString() ?? null,
  };
}

function presentMaintenance(r: MaintenanceRow, now: Date): z.input<typeof api.findings.addMaintenance.reply> {
  const state = r.ends_at <= now ? 'over' : r.starts_at > now ? 'coming' : 'now';
  return { id: r.id, device: r.device_id, deviceName: r.device_name, startsAt: r.starts_at.toISOString(), endsAt: r.ends_at.toISOString(), reason: r.reason, by: r.by_name, state, hits: Number(r.hits) };
}

/** What a filter says that cannot be compared, in the engine's words; null when it can. */
function brokenFilter(row: SuppressionRow, conditions: readonly Condition[]): string | null {
  const rules = loadDetections().rules.filter((file) => file.text.includes(row.rule_id));
  const { errors } = compileRules(rules).suppressions([{ path: 'filter', text: sigmaFilter({ ...row, conditions }) }]);
  return errors[0]?.message ?? null;
}

export interface SuppressionChange {
  readonly conditions?: readonly Condition[] | undefined;
  readonly reason?: string | undefined;
  readonly days?: number | undefined;
  readonly owner?: string | undefined;
}

/** Changes what is kept quiet. Who lengthens or widens it answers for it, unless somebody else is named. */
export async function changeSuppression(orgs: Pick<Orgs, 'people'>, tx: Tx, orgId: string, id: string, change: SuppressionChange): Promise<SuppressionRow> {
  const row = await suppressions.get(tx, orgId, id);
  if (!row) throw notFound();
  const patch: Partial<SuppressionRow> = {};
  if (change.conditions) {
    if (!row.conditions) throw new Problem(409, 'conditions_not_possible');
    const broken = brokenFilter(row, change.conditions);
    if (broken !== null) throw new Problem(422, 'condition_broken', { why: broken });
    patch.conditions = change.conditions;
  }
  if (change.reason !== undefined) patch.reason = change.reason;
  if (change.days !== undefined) patch.expires_at = new Date(tx.now.getTime() + change.days * DAY);
  if (change.owner !== undefined) {
    const name = tx.actor.kind === 'person' && tx.actor.personId === change.owner ? tx.actor.name : (await orgs.people(tx, [change.owner])).get(change.owner)?.name;
    if (name === undefined) throw notFound();
    Object.assign(patch, { owner_id: change.owner, by_name: name });
  } else if ((change.conditions || change.days !== undefined) && tx.actor.kind === 'person') Object.assign(patch, { owner_id: tx.actor.personId, by_name: tx.actor.name });
  tx.audit({ action: 'findings.silence_changed', target: `finding:${row.finding_id}`, orgId, facts: { fields: Object.keys(change).join(','), until: (patch.expires_at ?? row.expires_at).toISOString() } });
  return suppressions.patch(tx, orgId, id, patch);
}

export async function endSuppression(tx: Tx, orgId: string, id: string): Promise<void> {
  const row = await suppressions.get(tx, orgId, id);
  if (!row) throw notFound();
  await suppressions.end(tx, orgId, id);
  tx.audit({ action: 'findings.silence_ended', target: `finding:${row.finding_id}`, orgId });
}

/** Filters of organisations where one has changed since, each organisation with all it has; empty lists among them. */
export async function quietFilters(tx: Tx, since: Date | null): Promise<ReadonlyMap<string, readonly QuietFilter[]>> {
  const found = new Map<string, QuietFilter[]>();
  for (const row of await suppressions.filters(tx, since)) {
    const own = found.get(row.org_id) ?? [];
    found.set(row.org_id, own);
    if (row.id !== null && row.conditions !== null) own.push({ orgId: row.org_id, id: row.id, sigma: sigmaFilter({ ...row, id: row.id, conditions: row.conditions }), until: row.expires_at.getTime() });
  }
  return found;
}

/** The name of a device of the organisation; null when it has none of this id. */
export type DeviceName = (tx: Tx, orgId: string, deviceId: string) => Promise<string | null>;

export function quietRoutes(kernel: Kernel, orgs: Pick<Orgs, 'people'>, deviceName: DeviceName): Bound[] {
  const own = <T>(scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> => kernel.tenancy.inOrg(scope, fn);
  return [
    bind(api.findings.suppressions, ({ scope, query, lang }) =>
      own(scope, async (tx) => {
        const after = rankedCursor(query.after);
        const rows = await suppressions.list(tx, scope.orgId, { before: after && String(after[1]), limit: query.limit });
        const count = await suppressions.count(tx, scope.orgId);
        return { ...cut(rows, query.limit, (r) => [0, r.id], (r) => presentSuppression(r, lang)), total: { count: Math.min(count, 1000), more: count > 1000 } };
      })),
    bind(api.findings.changeSuppression, ({ scope, params, body, lang }) => own(scope, async (tx) => presentSuppression(await changeSuppression(orgs, tx, scope.orgId, params.suppression, body), lang))),
    bind(api.findings.endSuppression, ({ scope, params }) => own(scope, (tx) => endSuppression(tx, scope.orgId, params.suppression))),
    bind(api.findings.maintenance, ({ scope, query }) =>
      own(scope, async (tx) => {
        const after = datedCursor(query.after);
        const rows = await maintenance.list(tx, scope.orgId, { after: after && { endsAt: String(after[0]), id: String(after[1]) }, limit: query.limit });
        return cut(rows, query.limit, (r) => [r.ends_at.toISOString(), r.id], (r) => presentMaintenance(r, tx.now));
      })),
    bind(api.findings.addMaintenance, ({ scope, body }) =>
      own(scope, async (tx) => {
        const [starts, ends] = [new Date(body.startsAt), new Date(body.endsAt)];
        if (ends <= starts || ends <= tx.now || ends.getTime() - starts.getTime() > MAINTENANCE_DAYS_MAX * DAY || starts.getTime() - tx.now.getTime() > 366 * DAY) throw new Problem(422, 'maintenance_times');
        if ((await maintenance.count(tx, scope.orgId)) >= MAINTENANCE_MAX) throw new Problem(409, 'maintenance_full', { limit: MAINTENANCE_MAX });
        const name = body.device === null ? null : await deviceName(tx, scope.orgId, body.device);
        if (body.device !== null && name === null) throw notFound();
        const row: MaintenanceRow = { org_id: scope.orgId, id: newId(tx.now.getTime()), device_id: body.device, device_name: name, starts_at: starts, ends_at: ends, reason: body.reason, by_name: whoOf(tx), created_at: tx.now, hits: '0' };
        await maintenance.insert(tx, row);
        tx.audit({ action: 'findings.maintenance_added', target: `maintenance:${row.id}`, orgId: scope.orgId, facts: { from: body.startsAt, until: body.endsAt, device: body.device } });
        return presentMaintenance(row, tx.now);
      })),
    bind(api.findings.endMaintenance, ({ scope, params }) =>
      own(scope, async (tx) => {
        if (!(await maintenance.get(tx, scope.orgId, params.maintenance))) throw notFound();
        await maintenance.end(tx, scope.orgId, params.maintenance);
        tx.audit({ action: 'findings.maintenance_ended', target: `maintenance:${params.maintenance}`, orgId: scope.orgId });
      })),
  ];
}
