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

/** A sighting that was taken back. */
export type Gone = Pick<SightingRow, 'member_id' | 'first_at' | 'last_at'> & { readonly mac: string };

/** Sightings of one federation, one after another, until the end of the transaction. */
export const hold = (tx: Tx, federationId: string) => tx.query("select pg_advisory_xact_lock(hashtextextended('federate_bursts ' || $1, 0))", [federationId]);

export const sightings = {
  put: (tx: Tx, federationId: string, seen: readonly Pick<SightingRow & { mac: string }, 'mac' | 'finding_id'>[], s: Omit<SightingRow, 'finding_id'>) =>
    tx.query(
      `insert into federate_indicators as s (org_id, mac, member_id, finding_org_id, finding_id, first_at, last_at) select distinct $1::uuid, m, $4::uuid, $5::uuid, f, $6::timestamptz, $7::timestamptz from unnest($2::text[], $3::uuid[]) as u(m, f)
       on conflict (org_id, mac, finding_org_id, finding_id) do update set last_at = greatest(s.last_at, excluded.last_at)`,
      [federationId, seen.map((x) => x.mac), seen.map((x) => x.finding_id), s.member_id, s.finding_org_id, s.first_at, s.last_at],
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
  memberIds: async (tx: Tx): Promise<string[]> => (await tx.query<{ member_id: string }>('select distinct member_id from federate_indicators')).map((r) => r.member_id),
  /** Where a member, or a unit of one, has brought something. */
  federationsOf: (tx: Tx, orgId: string) => tx.query<{ org_id: string }>('select distinct org_id from federate_indicators where member_id = $1 or finding_org_id = $1', [orgId]),
  removeOf: (tx: Tx, federationId: string, orgId: string) =>
    tx.query<Gone>('delete from federate_indicators where org_id = $1 and (member_id = $2 or finding_org_id = $2) returning mac, member_id, first_at, last_at', [federationId, orgId]),
  /** Who shows these. */
  showing: (tx: Tx, federationId: string, macs: readonly string[]) => tx.query<{ mac: string; member_id: string }>('select distinct mac, member_id from federate_indicators where org_id = $1 and mac = any($2::text[])', [federationId, macs]),
  /** Of a burst that is kept each member's newest stays, so that it can be taken back with a consent. */
  forget: (tx: Tx, before: Date) =>
    tx.query(
      `delete from federate_indicators s where last_at < $1 and (not exists (select 1 from federate_bursts b where b.org_id = s.org_id and b.mac = s.mac)
          or exists (select 1 from federate_indicators o where o.org_id = s.org_id and o.mac = s.mac and o.member_id = s.member_id and (o.last_at, o.finding_id) > (s.last_at, s.finding_id)))`,
      [before],
    ),
};

export const bursts = {
  /** The bursts of these indicators that are going on. */
  current: (tx: Tx, federationId: string, macs: readonly string[], since: Date) =>
    tx.query<BurstRow>('select distinct on (mac) * from federate_bursts where org_id = $1 and mac = any($2::text[]) and last_at >= $3 order by mac, last_at desc', [federationId, macs, since]),
  insert: (tx: Tx, row: BurstRow) => tx.query('insert into federate_bursts select * from jsonb_populate_record(null::federate_bursts, $1::jsonb)', [JSON.stringify(row)]),
  grow: async (tx: Tx, federationId: string, grown: readonly { readonly id: string; readonly members: number }[], lastAt: Date): Promise<void> => {
    if (grown.length > 0) await tx.query('update federate_bursts b set members = greatest(b.members, g.members), last_at = greatest(b.last_at, $3) from jsonb_to_recordset($2::jsonb) as g(id uuid, members int) where b.org_id = $1 and b.id = g.id', [federationId, JSON.stringify(grown), lastAt]);
  },
  ofMacs: (tx: Tx, federationId: string, macs: readonly string[]) => tx.query<BurstRow>('select * from federate_bursts where org_id = $1 and mac = any($2::text[])', [federationId, macs]),
  shrink: (tx: Tx, federationId: string, id: string, members: number) => tx.query('update federate_bursts set members = $3 where org_id = $1 and id = $2', [federationId, id, members]),
  remove: (tx: Tx, federationId: string, ids: readonly string[]) => tx.query('delete from federate_bursts where org_id = $1 and id = any($2::uuid[])', [federationId, ids]),
  page: (tx: Tx, federationId: string, after: { lastAt: string; id: string } | null, limit: number) =>
    tx.query<BurstRow>('select * from federate_bursts where org_id = $1 and ($2::timestamptz is null or (last_at, id) < ($2, $3::uuid)) order by last_at desc, id desc limit $4', [federationId, after?.lastAt ?? null, after?.id ?? null, limit + 1]),
  forget: (tx: Tx, before: Date) => tx.query('delete from federate_bursts where last_at < $1', [before]),
};
