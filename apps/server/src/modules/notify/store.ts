import { sql, type Kysely } from 'kysely';
import type { Tx } from '../../kernel/types.ts';
import type { MailRow, MailState, NotifySchema } from './schema.ts';

const db = (tx: Tx): Kysely<NotifySchema> => tx.table<NotifySchema>();
const HOLD_MS = 5 * 60_000;

export const mails = {
  /** False when a mail with this key is there already. */
  insert: async (tx: Tx, row: MailRow): Promise<boolean> => {
    const [made] = await db(tx).insertInto('notify_mails').values({ ...row, threading: row.threading === null ? null : (JSON.stringify(row.threading) as never) }).onConflict((c) => c.columns(['org_id', 'key']).where('key', 'is not', null).doNothing()).returning('id').execute();
    return made !== undefined;
  },
  get: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('notify_mails').selectAll().where('org_id', '=', orgId).where('id', '=', id).executeTakeFirst(),
  lock: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('notify_mails').selectAll().where('org_id', '=', orgId).where('id', '=', id).forUpdate().executeTakeFirst(),
  update: (tx: Tx, orgId: string, id: string, patch: Partial<MailRow>) => db(tx).updateTable('notify_mails').set(patch).where('org_id', '=', orgId).where('id', '=', id).execute(),
  /** Takes a waiting mail that is due; nobody else tries it while it is held. */
  claim: (tx: Tx, orgId: string, id: string) =>
    db(tx).updateTable('notify_mails').set({ held_until: new Date(tx.now.getTime() + HOLD_MS), tries: sql<number>`tries + 1` })
      .where('org_id', '=', orgId).where('id', '=', id).where('state', '=', 'waiting').where('next_try_at', '<=', tx.now)
      .where((b) => b.or([b('held_until', 'is', null), b('held_until', '<', tx.now)])).returningAll().executeTakeFirst(),
  list: (tx: Tx, orgId: string, page: { before: string | null; limit: number; state: MailState | undefined }) => {
    let query = db(tx).selectFrom('notify_mails').select(['id', 'created_at', 'recipient', 'subject', 'text', 'state', 'tries', 'error_code', 'error_detail']).where('org_id', '=', orgId);
    if (page.state) query = query.where('state', '=', page.state);
    if (page.before) query = query.where('id', '<', page.before);
    return query.orderBy('id', 'desc').limit(page.limit + 1).execute();
  },
  count: async (tx: Tx, orgId: string, state: MailState | undefined): Promise<number> => {
    const [row] = await tx.query<{ n: string }>('select count(*) as n from (select 1 from notify_mails where org_id = $1 and ($2::text is null or state = $2) limit 1001) c', [orgId, state ?? null]);
    return Number(row!.n);
  },
  /** Of all organisations; system only. */
  failed: async (tx: Tx): Promise<number> => Number((await tx.query<{ n: string }>("select count(*) as n from notify_mails where state = 'failed'"))[0]!.n),
  /** Waiting mails that are overdue: their job was lost or the process that tried them ended. */
  overdue: (tx: Tx, before: Date, limit: number) =>
    db(tx).selectFrom('notify_mails').select(['org_id', 'id']).where('state', '=', 'waiting').where('next_try_at', '<', before)
      .where((b) => b.or([b('held_until', 'is', null), b('held_until', '<', tx.now)])).orderBy('next_try_at').limit(limit).execute(),
  /** Kept mails that still say something: young, and without a link that has long ended. */
  release: (tx: Tx, since: Date) =>
    db(tx).updateTable('notify_mails').set({ state: 'waiting', next_try_at: tx.now, retry_from: tx.now }).where('state', '=', 'kept').where('masked', '=', false).where('created_at', '>', since).returning(['org_id', 'id']).execute(),
  deleteOlder: (tx: Tx, before: Date) => db(tx).deleteFrom('notify_mails').where('created_at', '<', before).executeTakeFirst(),
  unseal: (tx: Tx, before: Date) => db(tx).updateTable('notify_mails').set({ sealed: null }).where('sealed', 'is not', null).where('created_at', '<', before).execute(),
};
