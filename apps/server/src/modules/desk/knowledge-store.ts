import { sql, type Kysely } from 'kysely';
import type { Lang } from '@banya/contract';
import type { Tx } from '../../kernel/types.ts';
import type { ArticleRow, DeskSchema, HelpedRow, TemplateRow } from './schema.ts';
import { escapeLike } from '../../kernel/sql.ts';

const db = (tx: Tx): Kysely<DeskSchema> => tx.table<DeskSchema>();

export const articles = {
  /** In a member's scope row-level security lets only published articles of its own federation through. */
  get: (tx: Tx, federation: string, id: string) => db(tx).selectFrom('desk_articles').selectAll().where('org_id', '=', federation).where('id', '=', id).executeTakeFirst(),
  published: (tx: Tx, federation: string, id: string) => db(tx).selectFrom('desk_articles').select('id').where('org_id', '=', federation).where('id', '=', id).where('published', '=', true).executeTakeFirst(),
  list: (tx: Tx, federation: string, filter: { drafts: boolean; q: string; after: readonly (string | number)[] | null; limit: number }) => {
    let query = db(tx).selectFrom('desk_articles').select(['id', 'title_ja', 'title_en', 'summary_ja', 'summary_en', 'published', 'by_name', 'updated_at']).where('org_id', '=', federation);
    if (!filter.drafts) query = query.where('published', '=', true);
    // Words in any order: each must occur.
    for (const word of filter.q.split(' ').filter(Boolean).slice(0, 8)) query = query.where('search_key', 'like', `%${escapeLike(word)}%`);
    if (filter.after) query = query.where(sql<boolean>`(updated_at, id) < (${filter.after[0]}::timestamptz, ${filter.after[1]}::uuid)`);
    return query.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(filter.limit + 1).execute();
  },
  titles: async (tx: Tx, federation: string, ids: readonly string[], lang: Lang): Promise<ReadonlyMap<string, string>> => {
    if (ids.length === 0) return new Map();
    const rows = await db(tx).selectFrom('desk_articles').select(['id', 'title_ja', 'title_en']).where('org_id', '=', federation).where('id', 'in', [...new Set(ids)]).execute();
    return new Map(rows.map((r) => [r.id, (lang === 'en' && r.title_en) || r.title_ja]));
  },
  insert: (tx: Tx, row: ArticleRow) => db(tx).insertInto('desk_articles').values(row).execute(),
  update: (tx: Tx, federation: string, id: string, patch: Partial<ArticleRow>) => db(tx).updateTable('desk_articles').set(patch).where('org_id', '=', federation).where('id', '=', id).returningAll().executeTakeFirst(),
  helped: (tx: Tx, row: HelpedRow) => db(tx).insertInto('desk_article_helped').values(row).onConflict((c) => c.doNothing()).execute(),
  /** How many people each helped; in the federation's scope. */
  helpedCounts: async (tx: Tx, federation: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{ article_id: string; n: string }>('select article_id, count(*) as n from desk_article_helped where desk_org_id = $1 and article_id = any($2::uuid[]) group by article_id', [federation, ids]);
    return new Map(rows.map((r) => [r.article_id, Number(r.n)]));
  },
};

export const templates = {
  list: (tx: Tx, federation: string, limit: number) => db(tx).selectFrom('desk_templates').selectAll().where('org_id', '=', federation).orderBy('name').orderBy('id').limit(limit).execute(),
  count: async (tx: Tx, federation: string, except: string): Promise<number> => Number((await tx.query<{ n: string }>('select count(*) as n from desk_templates where org_id = $1 and id <> $2', [federation, except]))[0]!.n),
  save: (tx: Tx, row: TemplateRow) => db(tx).insertInto('desk_templates').values(row).onConflict((c) => c.columns(['org_id', 'id']).doUpdateSet({ name: row.name, text: row.text, lang: row.lang, updated_at: row.updated_at })).execute(),
  remove: (tx: Tx, federation: string, id: string) => db(tx).deleteFrom('desk_templates').where('org_id', '=', federation).where('id', '=', id).returning('id').execute(),
};
