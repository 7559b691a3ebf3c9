import type { Kysely } from 'kysely';
import type { Tx } from '../../kernel/types.ts';
import type { FindingsSchema, MaintenanceRow, SuppressionRow } from './schema.ts';

const db = (tx: Tx): Kysely<FindingsSchema> => tx.table<FindingsSchema>();
const json = (row: Partial<SuppressionRow>) => (row.conditions ? { ...row, conditions: JSON.stringify(row.conditions) as never } : row);

export const suppressions = {
  insert: (tx: Tx, row: SuppressionRow) => db(tx).insertInto('findings_suppressions').values(json(row) as SuppressionRow).execute(),
  get: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_suppressions').selectAll().where('org_id', '=', orgId).where('id', '=', id).where('expires_at', '>', tx.now).executeTakeFirst(),
  patch: (tx: Tx, orgId: string, id: string, patch: Partial<SuppressionRow>) =>
    db(tx).updateTable('findings_suppressions').set({ ...json(patch), changed_at: tx.now }).where('org_id', '=', orgId).where('id', '=', id).returningAll().executeTakeFirstOrThrow(),
  list: (tx: Tx, orgId: string, page: { before: string | null; limit: number }) => {
    let query = db(tx).selectFrom('findings_suppressions').selectAll().where('org_id', '=', orgId).where('expires_at', '>', tx.now);
    if (page.before) query = query.where('id', '<', page.before);
    return query.orderBy('id', 'desc').limit(page.limit + 1).execute();
  },
  count: async (tx: Tx, orgId: string): Promise<number> => {
    const [row] = await tx.query<{ n: string }>('select count(*) as n from (select 1 from findings_suppressions where org_id = $1 and expires_at > $2 limit 1001) c', [orgId, tx.now]);
    return Number(row!.n);
  },
  /** How many live ones compare lines. */
  filtersOf: async (tx: Tx, orgId: string): Promise<number> => Number((await tx.query<{ n: string }>('select count(*) as n from findings_suppressions where org_id = $1 and conditions is not null and expires_at > $2', [orgId, tx.now]))[0]!.n),
  end: (tx: Tx, orgId: string, id: string) => db(tx).updateTable('findings_suppressions').set({ expires_at: tx.now, changed_at: tx.now }).where('org_id', '=', orgId).where('id', '=', id).execute(),
  endOf: (tx: Tx, orgId: string, findingId: string) => db(tx).updateTable('findings_suppressions').set({ expires_at: tx.now, changed_at: tx.now }).where('org_id', '=', orgId).where('finding_id', '=', findingId).where('expires_at', '>', tx.now).execute(),
  /** Live ones by conditions of all organisations that have one changed since, so that a reader of lines can take each organisation's anew; `since` null: all. */
  filters: (tx: Tx, since: Date | null) =>
    tx.query<Pick<SuppressionRow, 'org_id' | 'rule_id' | 'rule_title' | 'expires_at'> & { id: string | null; conditions: SuppressionRow['conditions'] }>(
      `select c.org_id, s.id, s.rule_id, s.rule_title, s.conditions, s.expires_at
         from (select distinct org_id from findings_suppressions where conditions is not null and ($1::timestamptz is null or changed_at > $1)) c
         left join findings_suppressions s on s.org_id = c.org_id and s.conditions is not null and s.expires_at > $2`,
      [since, tx.now],
    ),
};

const KEPT_DAYS = 90;

export const maintenance = {
  insert: (tx: Tx, row: MaintenanceRow) => db(tx).insertInto('findings_maintenance').values(row).execute(),
  count: async (tx: Tx, orgId: string): Promise<number> => Number((await tx.query<{ n: string }>('select count(*) as n from findings_maintenance where org_id = $1', [orgId]))[0]!.n),
  get: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_maintenance').selectAll().where('org_id', '=', orgId).where('id', '=', id).executeTakeFirst(),
  /** The latest end first. */
  list: (tx: Tx, orgId: string, page: { after: { endsAt: string; id: string } | null; limit: number }) =>
    tx.query<MaintenanceRow>(
      'select * from findings_maintenance where org_id = $1 and ends_at > $2 and ($3::timestamptz is null or (ends_at, id) < ($3, $4::uuid)) order by ends_at desc, id desc limit $5',
      [orgId, new Date(tx.now.getTime() - KEPT_DAYS * 86_400_000), page.after?.endsAt ?? null, page.after?.id ?? null, page.limit + 1],
    ),
  /** One that has not begun goes; one that has begun ends now. */
  end: async (tx: Tx, orgId: string, id: string): Promise<void> => {
    await tx.query('delete from findings_maintenance where org_id = $1 and id = $2 and starts_at >= $3', [orgId, id, tx.now]);
    await tx.query('update findings_maintenance set ends_at = $3 where org_id = $1 and id = $2 and ends_at > $3', [orgId, id, tx.now]);
  },
  forget: (tx: Tx) => tx.query('delete from findings_maintenance where ends_at < $1', [new Date(tx.now.getTime() - KEPT_DAYS * 86_400_000)]),
};
