import { sql, type Kysely } from 'kysely';
import type { ConsentKind, Role } from '@banya/contract';
import { escapeLike } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import type { ConsentRow, OrgRow, OrgsSchema, PersonRow, RoleRow, TicketConsentEnd, TicketConsentRow } from './schema.ts';

const db = (tx: Tx): Kysely<OrgsSchema> => tx.table<OrgsSchema>();

export const org = {
  get: (tx: Tx, id: string) => db(tx).selectFrom('orgs_orgs').selectAll().where('id', '=', id).executeTakeFirst(),
  many: (tx: Tx, ids: readonly string[]) => (ids.length === 0 ? Promise.resolve([]) : db(tx).selectFrom('orgs_orgs').select(['id', 'name', 'kind', 'path']).where('id', 'in', [...ids]).execute()),
  insert: (tx: Tx, row: OrgRow) => db(tx).insertInto('orgs_orgs').values(row).execute(),
  update: (tx: Tx, id: string, patch: Partial<OrgRow>) => db(tx).updateTable('orgs_orgs').set(patch).where('id', '=', id).returningAll().executeTakeFirst(),
  leave: (tx: Tx, id: string, eraseOn: string) => tx.query<{ id: string }>('update orgs_orgs set left_at = $2, erase_on = $3 where (id = $1 or path @> array[$1::uuid]) and left_at is null returning id', [id, tx.now, eraseOn]),
  children: (tx: Tx, parent: string, page: { after: { key: string; id: string } | null; limit: number; q: string }) => {
    let query = db(tx).selectFrom('orgs_orgs').selectAll().where('parent_id', '=', parent).where('archived_at', 'is', null).where('left_at', 'is', null);
    if (page.q) query = query.where('search_key', 'like', `%${escapeLike(page.q)}%`);
    if (page.after) query = query.where(sql<boolean>`(search_key, id) > (${page.after.key}, ${page.after.id}::uuid)`);
    return query.orderBy('search_key').orderBy('id').limit(page.limit + 1).execute();
  },
  members: (tx: Tx, federation: string) =>
    db(tx).selectFrom('orgs_orgs').select(['id', 'name', 'reading', 'phone', 'industry', 'size_band', 'time_zone', 'kind', 'path', 'parent_id', 'domains'])
      .where(sql<boolean>`path @> array[${federation}::uuid]`).where('kind', '=', 'member').where('archived_at', 'is', null).where('left_at', 'is', null).orderBy('search_key').execute(),
};

export interface PeopleFilter {
  readonly after: { readonly key: string; readonly id: string } | null;
  readonly limit: number;
  readonly q: string;
  readonly role: Role | null;
  readonly archived: boolean;
}

export const people = {
  get: (tx: Tx, id: string) => db(tx).selectFrom('orgs_people').selectAll().where('id', '=', id).executeTakeFirst(),
  /** As above, and nobody else changes these until the transaction ends: an address and a role are not given to one person at once. */
  locked: (tx: Tx, ids: readonly string[]) => (ids.length === 0 ? Promise.resolve([]) : db(tx).selectFrom('orgs_people').selectAll().where('id', 'in', [...ids]).orderBy('id').forUpdate().execute()),
  named: (tx: Tx, ids: readonly string[]) => (ids.length === 0 ? Promise.resolve([]) : db(tx).selectFrom('orgs_people').select(['id', 'name', 'department', 'emails', 'phone']).where('id', 'in', [...ids]).execute()),
  list: (tx: Tx, orgId: string, filter: PeopleFilter) => {
    let query = db(tx).selectFrom('orgs_people').selectAll().where('org_id', '=', orgId).where('archived_at', filter.archived ? 'is not' : 'is', null);
    if (filter.q) query = query.where('search_key', 'like', `%${escapeLike(filter.q)}%`);
    if (filter.role) query = query.where(({ exists, selectFrom }) => exists(selectFrom('orgs_roles').select('role').whereRef('orgs_roles.person_id', '=', 'orgs_people.id').where('orgs_roles.org_id', '=', orgId).where('orgs_roles.role', '=', filter.role!)));
    if (filter.after) query = query.where(sql<boolean>`(sort_key, id) > (${filter.after.key}, ${filter.after.id}::uuid)`);
    return query.orderBy('sort_key').orderBy('id').limit(filter.limit + 1).execute();
  },
  every: (tx: Tx, orgId: string) => db(tx).selectFrom('orgs_people').selectAll().where('org_id', '=', orgId).orderBy('sort_key').orderBy('id').execute(),
  /** At most 1,001: the count of a list says 「1,000件以上」. */
  count: async (tx: Tx, orgId: string, archived: boolean): Promise<number> => {
    const [row] = await tx.query<{ n: string }>(`select count(*) as n from (select 1 from orgs_people where org_id = $1 and (archived_at is not null) = $2 limit 1001) c`, [orgId, archived]);
    return Number(row!.n);
  },
  counts: (tx: Tx, orgIds: readonly string[]) => tx.query<{ id: string; n: number }>('select org_id as id, count(*)::int as n from orgs_people where org_id = any($1::uuid[]) and archived_at is null group by org_id', [orgIds]),
  insert: (tx: Tx, rows: readonly PersonRow[]) => db(tx).insertInto('orgs_people').values([...rows]).execute(),
  update: (tx: Tx, id: string, patch: Partial<PersonRow>) => db(tx).updateTable('orgs_people').set(patch).where('id', '=', id).returningAll().executeTakeFirst(),
  /** Until the transaction ends nobody else gives out addresses here: who looks whether one is taken sees all of them. */
  holdEmails: (tx: Tx, orgId: string) => tx.query("select pg_advisory_xact_lock(hashtextextended('orgs_people.emails ' || $1, 0))", [orgId]),
  withEmails: (tx: Tx, orgId: string, emails: readonly string[]) =>
    tx.query<{ id: string; name: string; emails: string[] }>('select id, name, emails from orgs_people where org_id = $1 and emails && $2::text[] and archived_at is null', [orgId, emails]),
  /** Somebody of this organisation who already has one of the addresses. */
  withEmail: (tx: Tx, orgId: string, emails: readonly string[], except: string | null) =>
    tx.query<{ id: string; name: string }>('select id, name from orgs_people where org_id = $1 and emails && $2::text[] and archived_at is null and ($3::uuid is null or id <> $3) limit 1', [orgId, emails, except]),
};

export const roles = {
  of: (tx: Tx, orgId: string, personIds: readonly string[]) => (personIds.length === 0 ? Promise.resolve([] as RoleRow[]) : db(tx).selectFrom('orgs_roles').selectAll().where('org_id', '=', orgId).where('person_id', 'in', [...personIds]).execute()),
  at: (tx: Tx, orgId: string, role?: Role) => {
    const query = db(tx).selectFrom('orgs_roles').selectAll().where('org_id', '=', orgId);
    return (role ? query.where('role', '=', role) : query).execute();
  },
  grant: (tx: Tx, row: RoleRow) => db(tx).insertInto('orgs_roles').values(row).onConflict((c) => c.columns(['org_id', 'person_id', 'role']).doUpdateSet({ deputy_of: row.deputy_of, until: row.until, granted_by: row.granted_by, granted_at: row.granted_at })).execute(),
  revoke: (tx: Tx, orgId: string, personId: string, role: Role) => db(tx).deleteFrom('orgs_roles').where('org_id', '=', orgId).where('person_id', '=', personId).where('role', '=', role).returningAll().execute(),
  revokeAll: (tx: Tx, personId: string) => db(tx).deleteFrom('orgs_roles').where('person_id', '=', personId).execute(),
  /** Takes the rows of one role, so that two requests cannot both remove "the other" last holder. */
  lock: (tx: Tx, orgId: string, role: Role) => tx.query<{ person_id: string }>('select person_id from orgs_roles where org_id = $1 and role = $2 for update', [orgId, role]),
};

export const consents = {
  list: (tx: Tx, orgId: string) => db(tx).selectFrom('orgs_consents').selectAll().where('org_id', '=', orgId).execute(),
  sharing: (tx: Tx, orgIds: readonly string[], kind: ConsentKind) => tx.query<{ org_id: string }>('select org_id from orgs_consents where org_id = any($1::uuid[]) and kind = $2 and (until is null or until > $3)', [[...new Set(orgIds)], kind, tx.now]),
  history: (tx: Tx, orgId: string) => db(tx).selectFrom('orgs_consent_history').selectAll().where('org_id', '=', orgId).orderBy('id', 'desc').limit(100).execute(),
  give: (tx: Tx, row: ConsentRow) => db(tx).insertInto('orgs_consents').values(row).onConflict((c) => c.columns(['org_id', 'kind']).doUpdateSet({ given_at: row.given_at, given_by: row.given_by, until: row.until })).execute(),
  withdraw: (tx: Tx, orgId: string, kind: ConsentKind) => db(tx).deleteFrom('orgs_consents').where('org_id', '=', orgId).where('kind', '=', kind).execute(),
  note: (tx: Tx, row: OrgsSchema['orgs_consent_history']) => db(tx).insertInto('orgs_consent_history').values(row).execute(),
};

/** What is allowed for one question. Each statement changes only what has not ended, so that nothing that ended runs again. */
export const ticketConsents = {
  /** The newest of a ticket. */
  latest: (tx: Tx, orgId: string, ticketId: string) => db(tx).selectFrom('orgs_ticket_consents').selectAll().where('org_id', '=', orgId).where('ticket_id', '=', ticketId).orderBy('id', 'desc').limit(1).executeTakeFirst(),
  /** Those that have not ended first, the newest first. Of too many, what is allowed stays: questions that nobody answered must not push it out. */
  list: (tx: Tx, orgId: string, limit: number) =>
    tx.query<TicketConsentRow>(
      `with own as (select *, ended_at is null and (until is null or until > $2) as open from orgs_ticket_consents where org_id = $1),
            shown as (select * from own order by open desc, open and until is not null desc, id desc limit $3)
       select * from shown order by open desc, id desc`,
      [orgId, tx.now, limit],
    ),
  /** Asked and not answered, the oldest first. */
  waiting: (tx: Tx, orgId: string, limit: number) =>
    tx.query<TicketConsentRow>('select * from orgs_ticket_consents where org_id = $1 and ended_at is null and answered_at is null order by id limit $2', [orgId, limit]),
  insert: (tx: Tx, row: TicketConsentRow) => db(tx).insertInto('orgs_ticket_consents').values({ ...row, kinds: [...row.kinds] }).execute(),
  answer: async (tx: Tx, orgId: string, ticketId: string, by: string, until: Date | null): Promise<TicketConsentRow | undefined> =>
    (await tx.query<TicketConsentRow>(
      `update orgs_ticket_consents set answered_at = $3, answered_by = $4, until = $5::timestamptz, ended_at = case when $5::timestamptz is null then $3::timestamptz end, ended_how = case when $5::timestamptz is null then 'refused' end
        where org_id = $1 and ticket_id = $2 and ended_at is null and answered_at is null returning *`,
      [orgId, ticketId, tx.now, by, until],
    ))[0],
  /** What has run out ended then, and not now. */
  end: (tx: Tx, orgId: string, how: TicketConsentEnd, of: { readonly ticketId: string } | { readonly kind: ConsentKind }) =>
    tx.query<TicketConsentRow>(
      `update orgs_ticket_consents set ended_at = least(until, $2), ended_how = case when until <= $2 then 'expired' else $3 end
        where org_id = $1 and ended_at is null and ($4::uuid is null or ticket_id = $4) and ($5::text is null or kinds @> array[$5]) returning *`,
      [orgId, tx.now, how, 'ticketId' in of ? of.ticketId : null, 'kind' in of ? of.kind : null],
    ),
  /** Questions that need no answer any more, because all they ask for stands. */
  endNeedless: (tx: Tx, orgId: string) =>
    tx.query<TicketConsentRow>(
      `update orgs_ticket_consents set ended_at = $2, ended_how = 'standing'
        where org_id = $1 and ended_at is null and answered_at is null and kinds <@ array(select kind from orgs_consents where org_id = $1 and (until is null or until > $2)) returning *`,
      [orgId, tx.now],
    ),
};
