import type { Kysely } from 'kysely';
import type { Tx } from '../../kernel/types.ts';
import type { SavedRow, SearchSchema } from './schema.ts';

const db = (tx: Tx): Kysely<SearchSchema> => tx.table<SearchSchema>();

/** Saved searches: a person's own, and those that are shared. */
export const saved = {
  list: (tx: Tx, orgId: string, personId: string | null, page: { before: string | null; limit: number }) => {
    let query = db(tx).selectFrom('search_saved').selectAll().where('org_id', '=', orgId).where((e) => (personId === null ? e('shared', '=', true) : e.or([e('shared', '=', true), e('person_id', '=', personId)])));
    if (page.before !== null) query = query.where('id', '<', page.before);
    return query.orderBy('id', 'desc').limit(page.limit + 1).execute();
  },
  count: async (tx: Tx, orgId: string, personId: string): Promise<number> => Number((await tx.query<{ n: string }>('select count(*) as n from search_saved where org_id = $1 and person_id = $2', [orgId, personId]))[0]!.n),
  insert: (tx: Tx, row: SavedRow) => db(tx).insertInto('search_saved').values(row).execute(),
  /** Somebody's own alone: another's shared search is not there to be changed. */
  update: (tx: Tx, orgId: string, personId: string, id: string, patch: Partial<SavedRow>) =>
    db(tx).updateTable('search_saved').set(patch).where('org_id', '=', orgId).where('person_id', '=', personId).where('id', '=', id).returningAll().executeTakeFirst(),
  remove: async (tx: Tx, orgId: string, personId: string, id: string): Promise<boolean> => (await tx.query('delete from search_saved where org_id = $1 and person_id = $2 and id = $3 returning id', [orgId, personId, id])).length > 0,
  /** Whoever leaves takes theirs along, wherever they are; what was shared stays for the others. System only. */
  forget: (tx: Tx, personId: string) => tx.query('delete from search_saved where person_id = $1 and not shared', [personId]),
};
