import type { Tx } from '../../kernel/types.ts';
import type { FederationMemberRow, ReportHeadRow, ReportRow } from './schema.ts';
import type { MemberMonth, Place, Reason, TrendPoint } from './types.ts';

const HEAD = 'r.month, r.version, r.reason, r.closed_at, r.partial';
/** Whether no newer version of the month stands. */
const latest = (table: string): string => `not exists (select 1 from ${table} n where n.org_id = r.org_id and n.month = r.month and n.version > r.version) as latest`;

/** One at a time makes versions of a month. */
const hold = (tx: Tx, table: string, orgId: string, month: string) => tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${table} ${orgId} ${month}`]);

export const reports = {
  list: (tx: Tx, orgId: string, after: { month: string; version: number } | null, limit: number) =>
    tx.query<ReportHeadRow>(
      `select ${HEAD}, r.verdict, ${latest('prove_reports')} from prove_reports r
        where r.org_id = $1 and ($2::text is null or (r.month, r.version) < ($2, $3::int)) order by r.month desc, r.version desc limit $4`,
      [orgId, after?.month ?? null, after?.version ?? null, limit + 1],
    ),
  count: async (tx: Tx, orgId: string): Promise<number> => Number((await tx.query<{ n: string }>('select count(*) as n from (select 1 from prove_reports where org_id = $1 limit 1001) c', [orgId]))[0]!.n),
  /** The version asked for, or the newest. */
  get: async (tx: Tx, orgId: string, month: string, version: number | null): Promise<ReportRow | undefined> =>
    (await tx.query<ReportRow>('select * from prove_reports where org_id = $1 and month = $2 and ($3::int is null or version = $3) order by version desc limit 1', [orgId, month, version]))[0],
  newest: async (tx: Tx, orgId: string): Promise<Pick<ReportRow, 'month' | 'version' | 'read_at' | 'closed_at' | 'verdict'> | undefined> =>
    (await tx.query<ReportRow>('select month, version, read_at, closed_at, verdict from prove_reports where org_id = $1 and not partial order by month desc, version desc limit 1', [orgId]))[0],
  /** The newest version of each of the months before, as points of the trend. */
  trend: (tx: Tx, orgId: string, from: string, before: string) =>
    tx.query<{ month: string; lines: string; blocked: string; findings: number; demonstration: boolean }>(
      'select distinct on (month) month, lines, blocked, findings, demonstration from prove_reports where org_id = $1 and month >= $2 and month < $3 and not partial order by month, version desc',
      [orgId, from, before],
    ),
  /** Stores the next version of the month and gives its number. */
  async add(tx: Tx, orgId: string, row: Omit<ReportRow, 'org_id' | 'version' | 'read_at' | 'lines' | 'blocked' | 'findings' | 'demonstration'> & { point: TrendPoint }): Promise<number> {
    await hold(tx, 'prove_reports', orgId, row.month);
    const [made] = await tx.query<{ version: number }>(
      `insert into prove_reports (org_id, month, version, reason, closed_at, partial, verdict, lines, blocked, findings, demonstration, checksum, data)
       values ($1, $2, (select coalesce(max(version), 0) + 1 from prove_reports where org_id = $1 and month = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning version`,
      [orgId, row.month, row.reason, row.closed_at, row.partial, row.verdict, row.point.lines, row.point.blocked, row.point.findings, row.point.demonstration, row.checksum, JSON.stringify(row.data)],
    );
    return made!.version;
  },
  /** Those of the findings that a kept report asks people to act on. */
  naming: async (tx: Tx, orgId: string, findingIds: readonly string[]): Promise<string[]> =>
    (await tx.query<{ id: string }>(
      `select distinct a->>'finding' as id from prove_reports r, jsonb_array_elements(r.data->'actions') a where r.org_id = $1 and a->>'finding' = any($2::text[])`,
      [orgId, findingIds])).map((row) => row.id),
  markRead: (tx: Tx, orgId: string, month: string, version: number) => tx.query('update prove_reports set read_at = $4 where org_id = $1 and month = $2 and version <= $3 and read_at is null', [orgId, month, version, tx.now]),
};

export const nights = {
  all: async (tx: Tx): Promise<ReadonlyMap<string, string>> => new Map((await tx.query<{ org_id: string; night: string }>('select org_id, night from prove_nights')).map((r) => [r.org_id, r.night])),
  done: (tx: Tx, orgId: string, night: string) => tx.query('insert into prove_nights (org_id, night) values ($1, $2) on conflict (org_id) do update set night = greatest(prove_nights.night, excluded.night)', [orgId, night]),
};

export const placesOf = {
  get: async (tx: Tx, orgId: string, month: string): Promise<Place | null> => {
    const [row] = await tx.query<{ members: number; blocked_place: number; open_place: number }>('select members, blocked_place, open_place from prove_places where org_id = $1 and month = $2', [orgId, month]);
    return row ? { members: row.members, blockedPlace: row.blocked_place, openPlace: row.open_place } : null;
  },
  set: (tx: Tx, month: string, all: ReadonlyMap<string, Place>) =>
    tx.query(
      `insert into prove_places (org_id, month, members, blocked_place, open_place)
         select org_id, $1, members, blocked_place, open_place from jsonb_to_recordset($2::jsonb) as p(org_id uuid, members int, blocked_place int, open_place int)
       on conflict (org_id, month) do update set members = excluded.members, blocked_place = excluded.blocked_place, open_place = excluded.open_place`,
      [month, JSON.stringify([...all].map(([org_id, p]) => ({ org_id, members: p.members, blocked_place: p.blockedPlace, open_place: p.openPlace })))],
    ),
};

export interface FederationHeadRow {
  month: string;
  version: number;
  reason: Reason;
  closed_at: Date;
  partial: boolean;
  latest: boolean;
  /** Verdicts of the members that share theirs. */
  states: string[] | null;
}

export const federation = {
  list: (tx: Tx, orgId: string, after: { month: string; version: number } | null, limit: number) =>
    tx.query<FederationHeadRow>(
      `select ${HEAD}, ${latest('prove_federation_reports')},
              (select array_agg(distinct m.figures #>> '{scores,verdict,state}') from prove_federation_members m where m.org_id = r.org_id and m.month = r.month and m.version = r.version and m.figures ? 'scores') as states
         from prove_federation_reports r where r.org_id = $1 and ($2::text is null or (r.month, r.version) < ($2, $3::int)) order by r.month desc, r.version desc limit $4`,
      [orgId, after?.month ?? null, after?.version ?? null, limit + 1],
    ),
  count: async (tx: Tx, orgId: string): Promise<number> => Number((await tx.query<{ n: string }>('select count(*) as n from (select 1 from prove_federation_reports where org_id = $1 limit 1001) c', [orgId]))[0]!.n),
  get: async (tx: Tx, orgId: string, month: string, version: number | null): Promise<Omit<FederationHeadRow, 'latest' | 'states'> | undefined> =>
    (await tx.query<FederationHeadRow>('select * from prove_federation_reports where org_id = $1 and month = $2 and ($3::int is null or version = $3) order by version desc limit 1', [orgId, month, version]))[0],
  members: (tx: Tx, orgId: string, month: string, version: number) =>
    tx.query<FederationMemberRow>('select member_id, name, sort_key, figures from prove_federation_members where org_id = $1 and month = $2 and version = $3 order by sort_key, member_id', [orgId, month, version]),
  async add(tx: Tx, orgId: string, row: { month: string; reason: Reason; partial: boolean }, members: readonly MemberMonth[]): Promise<number> {
    await hold(tx, 'prove_federation_reports', orgId, row.month);
    const [made] = await tx.query<{ version: number }>(
      `insert into prove_federation_reports (org_id, month, version, reason, closed_at, partial)
       values ($1, $2, (select coalesce(max(version), 0) + 1 from prove_federation_reports where org_id = $1 and month = $2), $3, $4, $5) returning version`,
      [orgId, row.month, row.reason, tx.now, row.partial],
    );
    // A statement holds so many members as keep it small.
    for (let at = 0; at < members.length; at += 500) {
      await tx.query(
        `insert into prove_federation_members (org_id, month, version, member_id, name, sort_key, figures)
           select $1, $2, $3, member_id, name, sort_key, nullif(figures, 'null'::jsonb) from jsonb_to_recordset($4::jsonb) as m(member_id uuid, name text, sort_key text, figures jsonb)`,
        [orgId, row.month, made!.version, JSON.stringify(members.slice(at, at + 500).map((m) => ({ member_id: m.memberId, name: m.name, sort_key: m.sortKey, figures: m.figures })))],
      );
    }
    return made!.version;
  },
  /** Takes out of every kept report what a member no longer shares. Without scores nothing of it stays. */
  scrub: (tx: Tx, orgId: string, memberId: string, kept: readonly string[]) =>
    tx.query(
      kept.includes('scores')
        ? `update prove_federation_members set figures = (select jsonb_object_agg(k, v) from jsonb_each(figures) as f(k, v) where k = any($3::text[])) where org_id = $1 and member_id = $2 and figures is not null`
        : 'update prove_federation_members set figures = null where org_id = $1 and member_id = $2 and figures is not null and $3::text[] is not null',
      [orgId, memberId, kept],
    ),
};
