import type { Tx } from '../../../kernel/types.ts';

/** In the federation's scope or as system. */

export interface BurstRow {
  org_id: string;
  id: string;
  mac: string;
  kind: string;
  indicator: string;
  rule_id: string;
  rule_title: string;
  members: number;
  third_at: Date;
  raised_at: Date;
  first_at: Date;
  last_at: Date;
}
export interface SightingRow {
  member_id: string;
  finding_org_id: string;
  finding_id: string;
  first_at: Date;
  last_at: Date;
}

/** Sightings of one federation, one after another, until the end of the transaction. */
export const hold = (tx: Tx, federationId: string) => tx.query("select pg_advisory_xact_lock(hashtextextended('federate_bursts ' || $1, 0))", [federationId]);

export const sightings = {
  put: (tx: Tx, federationId: string, macs: readonly string[], s: SightingRow) =>
    tx.query(
      `insert into federate_indicators as s (org_id, mac, member_id, finding_org_id, finding_id, first_at, last_at) select $1, m, $3, $4, $5, $6, $7 from unnest($2::text[]) m
       on conflict (org_id, mac, finding_org_id, finding_id) do update set last_at = greatest(s.last_at, excluded.last_at)`,
      [federationId, macs, s.member_id, s.finding_org_id, s.finding_id, s.first_at, s.last_at],
    ),
  /** At how many members each was seen. */
  members: async (tx: Tx, federationId: string, macs: readonly string[], since: Date): Promise<Map<string, number>> =>
    new Map((await tx.query<{ mac: string; n: number }>('select mac, count(distinct member_id)::int as n from federate_indicators where org_id = $1 and mac = any($2::text[]) and last_at >= $3 group by mac', [federationId, macs, since])).map((r) => [r.mac, r.n])),
  /** In order of time; of each member the first twenty of an indicator, so that one with thousands hides none of the others. */
  since: (tx: Tx, federationId: string, macs: readonly string[], since: Date) =>
    tx.query<SightingRow & { mac: string }>(
      `select mac, member_id, finding_org_id, finding_id, first_at, last_at
         from (select *, row_number() over (partition by mac, member_id order by first_at, finding_id) as place from federate_indicators where org_id = $1 and mac = any($2::text[]) and last_at >= $3) s
        where place <= 20 order by first_at, member_id`,
      [federationId, macs, since],
    ),
  /** Of a member, or of a unit of one. */
  removeOf: (tx: Tx, orgId: string) => tx.query('delete from federate_indicators where member_id = $1 or finding_org_id = $1', [orgId]),
  forget: (tx: Tx, before: Date) => tx.query('delete from federate_indicators where last_at < $1', [before]),
};

export const bursts = {
  /** The bursts of these indicators that are going on. */
  current: (tx: Tx, federationId: string, macs: readonly string[], since: Date) =>
    tx.query<BurstRow>('select distinct on (mac) * from federate_bursts where org_id = $1 and mac = any($2::text[]) and last_at >= $3 order by mac, last_at desc', [federationId, macs, since]),
  insert: (tx: Tx, row: BurstRow) => tx.query('insert into federate_bursts select * from jsonb_populate_record(null::federate_bursts, $1::jsonb)', [JSON.stringify(row)]),
  grow: (tx: Tx, federationId: string, id: string, members: number, lastAt: Date) => tx.query('update federate_bursts set members = greatest(members, $3), last_at = greatest(last_at, $4) where org_id = $1 and id = $2', [federationId, id, members, lastAt]),
  get: async (tx: Tx, federationId: string, id: string): Promise<BurstRow | undefined> => (await tx.query<BurstRow>('select * from federate_bursts where org_id = $1 and id = $2', [federationId, id]))[0],
  page: (tx: Tx, federationId: string, after: { lastAt: string; id: string } | null, limit: number) =>
    tx.query<BurstRow>('select * from federate_bursts where org_id = $1 and ($2::timestamptz is null or (last_at, id) < ($2, $3::uuid)) order by last_at desc, id desc limit $4', [federationId, after?.lastAt ?? null, after?.id ?? null, limit + 1]),
  forget: (tx: Tx, before: Date) => tx.query('delete from federate_bursts where last_at < $1', [before]),
};
