import type { Tx } from '../../../kernel/types.ts';
import type { BulletinRow, SightingRow, WarningRow } from './schema.ts';

/** The federation's own rows. */
export const bulletins = {
  insert: (tx: Tx, r: BulletinRow) =>
    tx.query(
      `insert into federate_bulletins (org_id, id, state, title_ja, title_en, body_ja, body_en, tlp, campaign_id, prints, kinds, indicators, created_at, by_name)
       values ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [r.org_id, r.id, r.title_ja, r.title_en, r.body_ja, r.body_en, r.tlp, r.campaign_id, r.prints, r.kinds, JSON.stringify(r.indicators), r.created_at, r.by_name],
    ),
  get: async (tx: Tx, federationId: string, id: string): Promise<BulletinRow | undefined> => (await tx.query<BulletinRow>('select * from federate_bulletins where org_id = $1 and id = $2', [federationId, id]))[0],
  lock: async (tx: Tx, federationId: string, id: string): Promise<BulletinRow | undefined> => (await tx.query<BulletinRow>('select * from federate_bulletins where org_id = $1 and id = $2 for update', [federationId, id]))[0],
  page: (tx: Tx, federationId: string, after: string | null, limit: number) => tx.query<BulletinRow>('select * from federate_bulletins where org_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3', [federationId, after, limit + 1]),
  save: (tx: Tx, federationId: string, id: string, r: Pick<BulletinRow, 'title_ja' | 'title_en' | 'body_ja' | 'body_en' | 'tlp' | 'by_name'>) =>
    tx.query('update federate_bulletins set title_ja = $3, title_en = $4, body_ja = $5, body_en = $6, tlp = $7, by_name = $8 where org_id = $1 and id = $2', [federationId, id, r.title_ja, r.title_en, r.body_ja, r.body_en, r.tlp, r.by_name]),
  sent: (tx: Tx, federationId: string, id: string, byName: string) => tx.query("update federate_bulletins set state = 'sent', sent_at = $3, by_name = $4 where org_id = $1 and id = $2", [federationId, id, tx.now, byName]),
  remove: (tx: Tx, federationId: string, id: string) => tx.query('delete from federate_bulletins where org_id = $1 and id = $2', [federationId, id]),
  /** The newest one of each campaign. */
  ofCampaigns: (tx: Tx, federationId: string, campaigns: readonly string[]) => tx.query<{ campaign_id: string; id: string }>('select distinct on (campaign_id) campaign_id, id from federate_bulletins where org_id = $1 and campaign_id = any($2::uuid[]) order by campaign_id, id desc', [federationId, campaigns]),
};

const COPY_COLUMNS = 'org_id, id, federation_id, bulletin_id, title_ja, title_en, body_ja, body_en, tlp, prints, kinds, indicators, at';

/** Members' copies: written as system, read by the member (org_id) and by its federation (federation_id). */
export const warnings = {
  /** One copy for each member, in one statement. */
  insert: (tx: Tx, copies: readonly { readonly id: string; readonly org_id: string }[], r: BulletinRow) =>
    tx.query(
      `insert into federate_warnings (${COPY_COLUMNS}) select c.org_id, c.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from jsonb_to_recordset($1::jsonb) as c(org_id uuid, id uuid)`,
      [JSON.stringify(copies), r.org_id, r.id, r.title_ja, r.title_en, r.body_ja, r.body_en, r.tlp, r.prints, r.kinds, JSON.stringify(r.indicators), tx.now],
    ),
  get: async (tx: Tx, orgId: string, id: string): Promise<WarningRow | undefined> => (await tx.query<WarningRow>('select * from federate_warnings where org_id = $1 and id = $2', [orgId, id]))[0],
  page: (tx: Tx, orgId: string, open: boolean, after: string | null, limit: number) =>
    tx.query<WarningRow>(`select * from federate_warnings where org_id = $1 ${open ? "and tlp not in ('AMBER+STRICT', 'RED')" : ''} and ($2::uuid is null or id < $2) order by id desc limit $3`, [orgId, after, limit + 1]),
  unread: (tx: Tx, orgId: string, since: Date, limit: number) => tx.query<Pick<WarningRow, 'id' | 'title_ja' | 'title_en' | 'tlp' | 'at'>>('select id, title_ja, title_en, tlp, at from federate_warnings where org_id = $1 and read_at is null and at > $2 order by id desc limit $3', [orgId, since, limit]),
  /** True for the one opening that is the receipt. */
  read: async (tx: Tx, orgId: string, id: string, by: string): Promise<boolean> => (await tx.query('update federate_warnings set read_at = $3, read_by = $4 where org_id = $1 and id = $2 and read_at is null returning id', [orgId, id, tx.now, by])).length > 0,
  mailed: (tx: Tx, orgId: string, id: string, people: number) => tx.query('update federate_warnings set mailed_to = $3 where org_id = $1 and id = $2', [orgId, id, people]),
  /** Others of the last day that were mailed; holds the member's warnings until the end of the transaction. */
  mailedSince: async (tx: Tx, orgId: string, id: string, since: Date): Promise<number> => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('federate.warn ' || $1, 0))", [orgId]);
    return (await tx.query<{ n: number }>('select count(*)::int as n from federate_warnings where org_id = $1 and id <> $2 and at > $3 and mailed_to > 0', [orgId, id, since]))[0]!.n;
  },
  saySeen: (tx: Tx, orgId: string, id: string, seen: boolean | null) => tx.query('update federate_warnings set seen = $3 where org_id = $1 and id = $2', [orgId, id, seen]),
  /** After a consent was withdrawn. */
  unsay: (tx: Tx, orgId: string) => tx.query('update federate_warnings set seen = null where org_id = $1 and seen is not null', [orgId]),
  /** Sent in the last days; what was seen may be told again once a consent is given. */
  since: (tx: Tx, orgId: string, since: Date) => tx.query<{ id: string }>('select id from federate_warnings where org_id = $1 and at > $2 order by id desc limit 200', [orgId, since]),
  receipts: (tx: Tx, federationId: string, bulletinId: string) => tx.query<Pick<WarningRow, 'org_id' | 'mailed_to' | 'read_at' | 'read_by' | 'seen'>>('select org_id, mailed_to, read_at, read_by, seen from federate_warnings where federation_id = $1 and bulletin_id = $2 limit 10000', [federationId, bulletinId]),
  sums: (tx: Tx, federationId: string, bulletinIds: readonly string[]) =>
    tx.query<{ bulletin_id: string; sent: number; read: number; seen: number }>(
      'select bulletin_id, count(*)::int as sent, count(read_at)::int as read, (count(*) filter (where seen))::int as seen from federate_warnings where federation_id = $1 and bulletin_id = any($2::uuid[]) group by bulletin_id', [federationId, bulletinIds],
    ),
};

/** What the member's own mails and logs say: nobody else's rows. */
export const sightings = {
  put: (tx: Tx, r: Omit<SightingRow, 'lines'> & { lines: number }) =>
    tx.query(
      `insert into federate_sightings (org_id, warning_id, looked_at, mails, lines, first_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (org_id, warning_id) do update set looked_at = excluded.looked_at, mails = excluded.mails, lines = excluded.lines, first_at = excluded.first_at`,
      [r.org_id, r.warning_id, r.looked_at, r.mails, r.lines, r.first_at],
    ),
  of: (tx: Tx, orgId: string, ids: readonly string[]) => tx.query<SightingRow>('select * from federate_sightings where org_id = $1 and warning_id = any($2::uuid[])', [orgId, ids]),
};
