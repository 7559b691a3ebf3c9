import { samples as contract, type Lang } from '@banya/contract';
import { Problem, notFound } from '../../../kernel/errors.ts';
import { bind, type Bound } from '../../../kernel/http/call.ts';
import { cut, decodeCursor } from '../../../kernel/keyset.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { CampaignRow } from './schema.ts';
import type { CampaignParts } from './service.ts';
import * as store from './store.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const SHOWN_MAX = 50;

function after(cursor: string | undefined): (string | number)[] | null {
  const values = decodeCursor(cursor, 2);
  if (values && (!INSTANT.test(String(values[0])) || Number.isNaN(Date.parse(String(values[0]))) || !UUID.test(String(values[1])))) throw new Problem(400, 'cursor_broken');
  return values;
}

interface Known {
  readonly subject: string | null;
  readonly from: string | null;
  readonly bulletin: string | null;
}
const present = (row: CampaignRow, known: Known | undefined) => ({
  id: row.id, firstAt: row.first_at.toISOString(), lastAt: row.last_at.toISOString(), members: row.members, reports: row.reports, touched: row.touched, verdict: row.verdict, decision: row.decision,
  subject: known?.subject ?? null, from: known?.from ?? null, bulletin: known?.bulletin ?? null,
});

/** The desk's pages of campaigns: the federation's own rows, and of mails only those the desk may see. */
export function campaignRoutes({ kernel, orgs, samples }: CampaignParts, bulletinsOf: (tx: Tx, federationId: string, campaigns: readonly string[]) => Promise<ReadonlyMap<string, string>>): Bound[] {
  const { tenancy } = kernel;
  const known = async (tx: Tx, federationId: string, ids: readonly string[], lang: Lang): Promise<Map<string, Known>> => {
    if (ids.length === 0) return new Map();
    const newest = await store.shown.newest(tx, federationId, ids);
    const bulletins = await bulletinsOf(tx, federationId, ids);
    const seen = new Map((newest.length === 0 ? [] : await samples.ofDesk(tx, federationId, newest.map((n) => n.sample_id), lang)).map((s) => [s.id, s]));
    return new Map(ids.map((id) => {
      const mail = newest.filter((n) => n.campaign_id === id).map((n) => seen.get(n.sample_id)).find((s) => s !== undefined);
      return [id, { subject: mail?.subject ?? null, from: mail?.from ?? null, bulletin: bulletins.get(id) ?? null }];
    }));
  };
  return [
    bind(contract.campaigns.list, ({ scope, query, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const rows = await store.campaigns.page(tx, scope.orgId, after(query.after), query.limit);
        const more = await known(tx, scope.orgId, rows.map((r) => r.id), lang);
        return cut(rows, query.limit, (r) => [r.last_at.toISOString(), r.id], (r) => present(r, more.get(r.id)));
      })),
    bind(contract.campaigns.get, ({ scope, params, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const asked = await store.campaigns.get(tx, scope.orgId, params.campaign);
        const row = asked?.merged_into ? await store.campaigns.get(tx, scope.orgId, asked.merged_into) : asked;
        if (!row) throw notFound();
        const members = await store.campaigns.members(tx, scope.orgId, row.id);
        const names = await orgs.names(tx, members.map((m) => m.member_id));
        const ids = (await store.shown.ofCampaign(tx, scope.orgId, row.id, SHOWN_MAX)).map((s) => s.sample_id);
        return {
          ...present(row, (await known(tx, scope.orgId, [row.id], lang)).get(row.id)),
          byMember: members.map((m) => ({ member: m.member_id, name: names.get(m.member_id) ?? '', reports: m.reports, touched: m.touched, firstAt: m.first_at.toISOString(), lastAt: m.last_at.toISOString() })),
          samples: ids.length === 0 ? [] : [...(await samples.ofDesk(tx, scope.orgId, ids, lang))],
        };
      })),
  ];
}
