import type { Tx } from '../../../kernel/types.ts';
import { COMMON, type Hit, type Stand } from './rules.ts';
import type { CampaignMemberRow, CampaignRow, Decision, KeyedPrint, OwnMailRow } from './schema.ts';

/** Rows that are looked at to see whether two campaigns are one; with fewer of them fewer become one. */
const STANDS = 20_000;
/** Rows of one print that are looked at: a campaign has one for each member. */
const ROWS_OF_PRINT = 4_000;

/** Changes of a federation's campaigns one after another, until the end of the transaction. */
export const hold = (tx: Tx, federationId: string) => tx.query("select pg_advisory_xact_lock(hashtextextended('federate_campaigns ' || $1, 0))", [federationId]);

/** Mails by their own organisation: in its scope or as system. */
export const mails = {
  get: async (tx: Tx, orgId: string, sampleId: string): Promise<OwnMailRow | undefined> => (await tx.query<OwnMailRow>('select * from federate_mails where org_id = $1 and sample_id = $2', [orgId, sampleId]))[0],
  put: (tx: Tx, r: OwnMailRow) =>
    tx.query(
      `insert into federate_mails (org_id, sample_id, member_id, federation_id, at, reporter_id, touched, verdict, decision, decided_at, prints, kinds, marks, campaign_id, shared, shown)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       on conflict (org_id, sample_id) do update set touched = excluded.touched, verdict = excluded.verdict, decision = excluded.decision, decided_at = excluded.decided_at, campaign_id = excluded.campaign_id, shared = excluded.shared, shown = excluded.shown`,
      [r.org_id, r.sample_id, r.member_id, r.federation_id, r.at, r.reporter_id, r.touched, r.verdict, r.decision, r.decided_at, r.prints, r.kinds, r.marks, r.campaign_id, r.shared, r.shown],
    ),
  /** What one's own next mails are compared with; what stands there already is not touched. */
  note: (tx: Tx, r: OwnMailRow) =>
    tx.query(
      `insert into federate_mails (org_id, sample_id, member_id, federation_id, at, reporter_id, touched, verdict, decision, decided_at, prints, kinds, marks, campaign_id, shared, shown)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, false, $14) on conflict (org_id, sample_id) do nothing`,
      [r.org_id, r.sample_id, r.member_id, r.federation_id, r.at, r.reporter_id, r.touched, r.verdict, r.decision, r.decided_at, r.prints, r.kinds, r.marks, r.shown],
    ),
  removeOlder: (tx: Tx, before: Date) => tx.query('delete from federate_mails where at < $1', [before]),
  /** Of a member and its units, newest first; system only. */
  ofMember: (tx: Tx, memberId: string, after: { at: Date; id: string } | null, limit: number) =>
    tx.query<Pick<OwnMailRow, 'org_id' | 'sample_id' | 'at' | 'shared' | 'shown'>>(
      'select org_id, sample_id, at, shared, shown from federate_mails where member_id = $1 and ($2::timestamptz is null or (at, sample_id) < ($2, $3::uuid)) order by at desc, sample_id desc limit $4', [memberId, after?.at ?? null, after?.id ?? null, limit],
    ),
  shared: (tx: Tx, memberId: string, campaignId: string) => tx.query<OwnMailRow>('select * from federate_mails where member_id = $1 and campaign_id = $2 and shared', [memberId, campaignId]),
  campaignsOf: (tx: Tx, orgId: string, sampleIds: readonly string[]) => tx.query<{ sample_id: string; campaign_id: string }>('select sample_id, campaign_id from federate_mails where org_id = $1 and sample_id = any($2::uuid[]) and campaign_id is not null', [orgId, sampleIds]),
  ofCampaign: (tx: Tx, orgId: string, campaignId: string, limit: number) => tx.query<{ sample_id: string }>('select sample_id from federate_mails where org_id = $1 and campaign_id = $2 order by at desc limit $3', [orgId, campaignId, limit]),
  /** Own mails that might be the one warned of. */
  like: (tx: Tx, orgId: string, prints: readonly string[], marks: readonly string[], since: Date, limit: number) =>
    tx.query<Pick<OwnMailRow, 'sample_id' | 'at' | 'prints' | 'kinds' | 'marks'>>(
      `select sample_id, at, prints, kinds, marks from federate_mails where org_id = $1 and at >= $4 and (prints && $2::bigint[] or marks && $3::bigint[]) order by at desc limit $5`, [orgId, prints, marks, since, limit],
    ),
};

export const prints = {
  /** In which campaigns prints stand; of a common one just enough to see that it is. */
  find: (tx: Tx, federationId: string, macs: readonly string[]): Promise<Hit[]> =>
    tx.query<Hit>(
      `select m.mac, p.campaign as campaign from unnest($2::bigint[]) as m(mac)
        cross join lateral (select distinct q.campaign_id as campaign from (select campaign_id from federate_prints where org_id = $1 and mac = m.mac limit ${ROWS_OF_PRINT}) q limit ${COMMON + 1}) p`,
      [federationId, macs],
    ),
  /** Which of these prints some campaigns have. */
  among: (tx: Tx, federationId: string, campaignIds: readonly string[], macs: readonly string[]) =>
    tx.query<Hit>('select distinct mac, campaign_id as campaign from federate_prints where org_id = $1 and mac = any($3::bigint[]) and campaign_id = any($2::uuid[])', [federationId, campaignIds, macs]),
  /** Which members brought these prints to some campaigns. */
  stands: (tx: Tx, federationId: string, campaignIds: readonly string[], macs: readonly string[]) =>
    tx.query<Stand>(`select mac, campaign_id as campaign, member_id as member from federate_prints where org_id = $1 and mac = any($3::bigint[]) and campaign_id = any($2::uuid[]) limit ${STANDS}`, [federationId, campaignIds, macs]),
  put: (tx: Tx, federationId: string, campaignId: string, memberId: string, found: readonly KeyedPrint[], at: Date) =>
    tx.query(
      `insert into federate_prints (org_id, mac, kind, campaign_id, member_id, at) select $1, u.mac, u.kind, $4, $5, $6 from unnest($2::bigint[], $3::text[]) as u(mac, kind)
       on conflict (org_id, mac, campaign_id, member_id) do update set at = greatest(federate_prints.at, excluded.at)`,
      [federationId, found.map((p) => p.mac), found.map((p) => p.kind), campaignId, memberId, at],
    ),
  removeOf: (tx: Tx, federationId: string, campaignId: string, memberId: string) => tx.query('delete from federate_prints where org_id = $1 and campaign_id = $2 and member_id = $3', [federationId, campaignId, memberId]),
  move: async (tx: Tx, federationId: string, from: readonly string[], into: string): Promise<void> => {
    await tx.query(
      `insert into federate_prints (org_id, mac, kind, campaign_id, member_id, at) select org_id, mac, min(kind), $3, member_id, max(at) from federate_prints where org_id = $1 and campaign_id = any($2::uuid[]) group by org_id, mac, member_id
       on conflict (org_id, mac, campaign_id, member_id) do update set at = greatest(federate_prints.at, excluded.at)`,
      [federationId, from, into],
    );
    await tx.query('delete from federate_prints where org_id = $1 and campaign_id = any($2::uuid[])', [federationId, from]);
  },
};

export const campaigns = {
  insert: (tx: Tx, federationId: string, id: string, at: Date) => tx.query('insert into federate_campaigns (org_id, id, first_at, last_at, members, reports, touched) values ($1, $2, $3, $3, 0, 0, 0)', [federationId, id, at]),
  get: async (tx: Tx, federationId: string, id: string): Promise<CampaignRow | undefined> => (await tx.query<CampaignRow>('select * from federate_campaigns where org_id = $1 and id = $2', [federationId, id]))[0],
  decisions: async (tx: Tx, federationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Decision | null>> =>
    new Map((await tx.query<{ id: string; decision: Decision | null }>('select id, decision from federate_campaigns where org_id = $1 and id = any($2::uuid[])', [federationId, ids])).map((r) => [r.id, r.decision])),
  page: (tx: Tx, federationId: string, after: readonly (string | number)[] | null, limit: number) =>
    tx.query<CampaignRow>('select * from federate_campaigns where org_id = $1 and merged_into is null and reports > 1 and ($2::timestamptz is null or (last_at, id) < ($2, $3::uuid)) order by last_at desc, id desc limit $4', [federationId, after?.[0] ?? null, after?.[1] ?? null, limit + 1]),
  members: (tx: Tx, federationId: string, id: string) => tx.query<CampaignMemberRow>('select member_id, reports, touched, first_at, last_at from federate_campaign_members where org_id = $1 and campaign_id = $2 order by first_at, member_id limit 2000', [federationId, id]),
  say: (tx: Tx, federationId: string, id: string, c: Pick<CampaignRow, 'verdict' | 'decision' | 'decided_at'>) => tx.query('update federate_campaigns set verdict = $3, decision = $4, decided_at = $5 where org_id = $1 and id = $2', [federationId, id, c.verdict, c.decision, c.decided_at]),
  /** Counts a member's mails of a campaign afresh; gives false where none is left. System only. */
  countMember: async (tx: Tx, federationId: string, id: string, memberId: string): Promise<void> => {
    const [row] = await tx.query<{ reports: number; touched: number; first_at: Date | null; last_at: Date | null }>(
      `select count(distinct coalesce(reporter_id, sample_id))::int as reports, count(distinct coalesce(reporter_id, sample_id)) filter (where touched)::int as touched, min(at) as first_at, max(at) as last_at
         from federate_mails where campaign_id = $1 and member_id = $2 and shared`, [id, memberId],
    );
    if (row!.reports === 0) await tx.query('delete from federate_campaign_members where org_id = $1 and campaign_id = $2 and member_id = $3', [federationId, id, memberId]);
    else {
      await tx.query(
        `insert into federate_campaign_members (org_id, campaign_id, member_id, reports, touched, first_at, last_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (org_id, campaign_id, member_id) do update set reports = excluded.reports, touched = excluded.touched, first_at = excluded.first_at, last_at = excluded.last_at`,
        [federationId, id, memberId, row!.reports, row!.touched, row!.first_at, row!.last_at],
      );
    }
  },
  /** Sums over members; a campaign nobody has any more is deleted. */
  sum: async (tx: Tx, federationId: string, id: string): Promise<void> => {
    await tx.query(
      `update federate_campaigns c set members = s.members, reports = s.reports, touched = s.touched, first_at = coalesce(s.first_at, c.first_at), last_at = coalesce(s.last_at, c.last_at)
         from (select count(*)::int as members, coalesce(sum(reports), 0)::int as reports, coalesce(sum(touched), 0)::int as touched, min(first_at) as first_at, max(last_at) as last_at from federate_campaign_members where org_id = $1 and campaign_id = $2) s
        where c.org_id = $1 and c.id = $2`, [federationId, id],
    );
    await tx.query('delete from federate_campaigns where org_id = $1 and (id = $2 or merged_into = $2) and exists (select from federate_campaigns r where r.org_id = $1 and r.id = $2 and r.members = 0)', [federationId, id]);
  },
  merge: async (tx: Tx, federationId: string, from: readonly string[], into: string): Promise<void> => {
    await prints.move(tx, federationId, from, into);
    for (const table of ['federate_campaign_samples', 'federate_bulletins']) await tx.query(`update ${table} set campaign_id = $3 where org_id = $1 and campaign_id = any($2::uuid[])`, [federationId, from, into]);
    await tx.query('update federate_mails set campaign_id = $3 where federation_id = $1 and campaign_id = any($2::uuid[])', [federationId, from, into]);
    const members = await tx.query<{ member_id: string }>('delete from federate_campaign_members where org_id = $1 and campaign_id = any($2::uuid[]) returning member_id', [federationId, from]);
    await tx.query('update federate_campaigns set merged_into = $3, members = 0, reports = 0, touched = 0 where org_id = $1 and (id = any($2::uuid[]) or merged_into = any($2::uuid[]))', [federationId, from, into]);
    for (const memberId of new Set(members.map((m) => m.member_id))) await campaigns.countMember(tx, federationId, into, memberId);
  },
  /** Members that have something here, to look at their consents again; system only. */
  contributors: (tx: Tx) => tx.query<{ member_id: string }>('select distinct member_id from federate_campaign_members'),
  ofMember: (tx: Tx, memberId: string) => tx.query<{ org_id: string; campaign_id: string }>('select org_id, campaign_id from federate_campaign_members where member_id = $1', [memberId]),
  /** Campaigns without a report for so long, with all that belongs to them; system only. @returns how many */
  removeOld: async (tx: Tx, before: Date, limit: number): Promise<number> => {
    const old = await tx.query<{ id: string }>('select id from federate_campaigns where last_at < $1 order by last_at limit $2', [before, limit]);
    const ids = old.map((o) => o.id);
    if (ids.length === 0) return 0;
    for (const table of ['federate_prints', 'federate_campaign_members', 'federate_campaign_samples']) await tx.query(`delete from ${table} t using federate_campaigns c where c.id = any($1::uuid[]) and t.org_id = c.org_id and t.campaign_id = c.id`, [ids]);
    await tx.query('update federate_bulletins set campaign_id = null where campaign_id = any($1::uuid[])', [ids]);
    await tx.query('update federate_mails set campaign_id = null, shared = false where campaign_id = any($1::uuid[])', [ids]);
    await tx.query('delete from federate_campaigns where id = any($1::uuid[])', [ids]);
    return ids.length;
  },
};

/** Mails the desk may see, by campaign: in the federation's scope or as system. */
export const shown = {
  put: (tx: Tx, federationId: string, memberId: string, sampleId: string, campaignId: string, at: Date) =>
    tx.query('insert into federate_campaign_samples (org_id, sample_id, member_id, campaign_id, at) values ($1, $2, $3, $4, $5) on conflict (org_id, sample_id) do update set campaign_id = excluded.campaign_id', [federationId, sampleId, memberId, campaignId, at]),
  remove: (tx: Tx, federationId: string, sampleId: string) => tx.query('delete from federate_campaign_samples where org_id = $1 and sample_id = $2', [federationId, sampleId]),
  of: (tx: Tx, federationId: string, sampleIds: readonly string[]) => tx.query<{ sample_id: string; campaign_id: string }>('select sample_id, campaign_id from federate_campaign_samples where org_id = $1 and sample_id = any($2::uuid[])', [federationId, sampleIds]),
  ofCampaign: (tx: Tx, federationId: string, campaignId: string, limit: number) => tx.query<{ sample_id: string }>('select sample_id from federate_campaign_samples where org_id = $1 and campaign_id = $2 order by at desc limit $3', [federationId, campaignId, limit]),
  /** The newest ones of several campaigns, three each. */
  newest: (tx: Tx, federationId: string, campaignIds: readonly string[]) =>
    tx.query<{ sample_id: string; campaign_id: string }>(
      'select s.sample_id, c.id as campaign_id from unnest($2::uuid[]) as c(id) cross join lateral (select sample_id from federate_campaign_samples where org_id = $1 and campaign_id = c.id order by at desc limit 3) s', [federationId, campaignIds],
    ),
};

/** Numbers of other members, for mails of the organisation of this transaction. */
export const seenElsewhere = async (tx: Tx, sampleId: string) => (await tx.query<{ members: number; reports: number; touched: number; first_at: Date }>('select members, reports, touched, first_at from federate_seen(array[$1::uuid])', [sampleId]))[0];
