import { escapeLike } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import type { MonthRow, SnapshotRow } from './schema.ts';


export const shares = {
  /** A member's consents have changed: in the same transaction as the change. */
  bump: (tx: Tx, memberId: string) => tx.query('insert into federate_shares (org_id, generation) values ($1, 1) on conflict (org_id) do update set generation = federate_shares.generation + 1', [memberId]),
  read: async (tx: Tx, memberId: string): Promise<string> => (await tx.query<{ generation: string }>('select generation from federate_shares where org_id = $1', [memberId]))[0]?.generation ?? '0',
  /** The same, holding changes of consent back until the end of the transaction. */
  hold: async (tx: Tx, memberId: string): Promise<string> => {
    await tx.query('insert into federate_shares (org_id, generation) values ($1, 0) on conflict do nothing', [memberId]);
    return (await tx.query<{ generation: string }>('select generation from federate_shares where org_id = $1 for update', [memberId]))[0]!.generation;
  },
};

export const snapshots = {
  kinds: async (tx: Tx, federationId: string, memberId: string): Promise<string[] | null> => (await tx.query<{ kinds: string[] }>('select kinds from federate_snapshots where org_id = $1 and member_id = $2', [federationId, memberId]))[0]?.kinds ?? null,
  put: (tx: Tx, row: SnapshotRow) =>
    tx.query(
      `insert into federate_snapshots select * from jsonb_populate_record(null::federate_snapshots, $1::jsonb)
       on conflict (org_id, member_id) do update set day = excluded.day, updated_at = excluded.updated_at, name = excluded.name, sort_key = excluded.sort_key, search_key = excluded.search_key, industry = excluded.industry,
         size_band = excluded.size_band, lead = excluded.lead, kinds = excluded.kinds, figures = excluded.figures, need = excluded.need, silent = excluded.silent, late = excluded.late, open_now = excluded.open_now, no_lead = excluded.no_lead`,
      [JSON.stringify(row)],
    ),
  remove: (tx: Tx, memberId: string) => tx.query<{ org_id: string }>('delete from federate_snapshots where member_id = $1 returning org_id', [memberId]),
  page: (tx: Tx, federationId: string, filter: { sort: 'need' | 'name'; q: string; after: readonly (string | number)[] | null; limit: number }) => {
    const [key, id] = filter.after ?? [null, null];
    const [order, past] = filter.sort === 'need' ? ['need desc, member_id', '(need < $3::int or (need = $3::int and member_id > $4::uuid))'] : ['sort_key, member_id', '(sort_key, member_id) > ($3::text, $4::uuid)'];
    return tx.query<SnapshotRow>(
      `select * from federate_snapshots where org_id = $1 and ($2::text = '' or search_key like '%' || $2 || '%') and ($4::uuid is null or ${past}) order by ${order} limit $5`,
      [federationId, escapeLike(filter.q), key, id, filter.limit + 1],
    );
  },
  /** How findings of each rule ended, over the members that share findings; the commonest first. */
  rules: (tx: Tx, federationId: string) =>
    tx.query<{ rule_id: string; title: string; members: number; handled: number; ticket: number; known: number; false_alarm: number }>(
      `select r.key as rule_id, max(r.value->>0) as title, count(*)::int as members, sum((r.value->>1)::int)::int as handled, sum((r.value->>2)::int)::int as ticket, sum((r.value->>3)::int)::int as known, sum((r.value->>4)::int)::int as false_alarm
         from federate_snapshots s, jsonb_each(s.figures->'alerts'->'rules') r where s.org_id = $1 group by r.key order by sum((r.value->>1)::int + (r.value->>2)::int + (r.value->>3)::int + (r.value->>4)::int) desc, r.key limit 500`,
      [federationId],
    ),
  sums: async (tx: Tx, federationId: string) => {
    const [row] = await tx.query<{ members: string; silent: string; late: string; open_now: string; no_lead: string }>(
      `select count(*) as members, count(*) filter (where silent > 0) as silent, count(*) filter (where late > 0) as late, coalesce(sum(open_now), 0) as open_now, count(*) filter (where no_lead) as no_lead
         from federate_snapshots where org_id = $1`,
      [federationId],
    );
    return { members: Number(row!.members), silent: Number(row!.silent), late: Number(row!.late), openNow: Number(row!.open_now), noLead: Number(row!.no_lead) };
  },
};

export const months = {
  put: (tx: Tx, row: MonthRow) =>
    tx.query(
      `insert into federate_months (org_id, member_id, month, version, figures, updated_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (org_id, month, member_id) do update set version = excluded.version, figures = excluded.figures, updated_at = excluded.updated_at where federate_months.version <= excluded.version`,
      [row.org_id, row.member_id, row.month, row.version, JSON.stringify(row.figures), row.updated_at],
    ),
  of: (tx: Tx, federationId: string, month: string) =>
    tx.query<{ member_id: string; name: string; sort_key: string; kinds: string[]; figures: Record<string, unknown> | null }>(
      `select s.member_id, s.name, s.sort_key, s.kinds, m.figures from federate_snapshots s
         left join federate_months m on m.org_id = s.org_id and m.month = $2 and m.member_id = s.member_id where s.org_id = $1 order by s.sort_key, s.member_id`,
      [federationId, month],
    ),
  /** Takes out what a member does not share any more. Without scores no month of it stays. */
  keepOnly: (tx: Tx, federationId: string, memberId: string, kinds: readonly string[]) =>
    kinds.includes('scores')
      ? tx.query('update federate_months set figures = (select jsonb_object_agg(k, v) from jsonb_each(figures) as f(k, v) where k = any($3::text[])) where org_id = $1 and member_id = $2 and exists (select 1 from jsonb_object_keys(figures) k where not k = any($3::text[]))', [federationId, memberId, kinds])
      : tx.query('delete from federate_months where org_id = $1 and member_id = $2', [federationId, memberId]),
  remove: (tx: Tx, memberId: string) => tx.query('delete from federate_months where member_id = $1', [memberId]),
};
