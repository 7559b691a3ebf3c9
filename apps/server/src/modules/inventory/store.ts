import { sql, type Kysely } from 'kysely';
import { escapeLike } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import type { DeviceRow, InventorySchema, SourceRow } from './schema.ts';

const db = (tx: Tx): Kysely<InventorySchema> => tx.table<InventorySchema>();

export interface DeviceFilter {
  readonly after: { readonly key: string; readonly id: string } | null;
  readonly limit: number;
  readonly q: string;
  readonly kind: DeviceRow['kind'] | null;
  readonly archived: boolean;
}

export const devices = {
  get: (tx: Tx, id: string) => db(tx).selectFrom('inventory_devices').selectAll().where('id', '=', id).executeTakeFirst(),
  list: (tx: Tx, orgId: string, filter: DeviceFilter) => {
    let query = db(tx).selectFrom('inventory_devices').selectAll().where('org_id', '=', orgId).where('archived_at', filter.archived ? 'is not' : 'is', null);
    if (filter.kind) query = query.where('kind', '=', filter.kind);
    if (filter.q) query = query.where('search_key', 'like', `%${escapeLike(filter.q)}%`);
    if (filter.after) query = query.where(sql<boolean>`(sort_key, id) > (${filter.after.key}, ${filter.after.id}::uuid)`);
    return query.orderBy('sort_key').orderBy('id').limit(filter.limit + 1).execute();
  },
  count: async (tx: Tx, orgId: string, archived: boolean): Promise<number> => {
    const [row] = await tx.query<{ n: string }>('select count(*) as n from (select 1 from inventory_devices where org_id = $1 and (archived_at is not null) = $2 limit 1001) c', [orgId, archived]);
    return Number(row!.n);
  },
  every: (tx: Tx, orgId: string) => db(tx).selectFrom('inventory_devices').selectAll().where('org_id', '=', orgId).where('archived_at', 'is', null).orderBy('sort_key').orderBy('id').execute(),
  byKey: (tx: Tx, orgId: string, key: string) => db(tx).selectFrom('inventory_devices').selectAll().where('org_id', '=', orgId).where('external_key', '=', key).executeTakeFirst(),
  insert: (tx: Tx, row: DeviceRow) => db(tx).insertInto('inventory_devices').values(row).execute(),
  update: (tx: Tx, id: string, patch: Partial<DeviceRow>) => db(tx).updateTable('inventory_devices').set(patch).where('id', '=', id).returningAll().executeTakeFirst(),
};

const WAITING_PER_ORG = 20;
/** The keys by which a counted sender `u` may be registered. */
const MATCHED = `('cert ' || nullif(u.fingerprint, ''), u.listener || ' ' || u.address || ' *', u.listener || ' ' || u.address || ' ' || lower(u.header_host))`;

export const sources = {
  get: (tx: Tx, id: string) => db(tx).selectFrom('inventory_sources').selectAll().where('id', '=', id).executeTakeFirst(),
  list: (tx: Tx, orgId: string, after: string | null, limit: number) => {
    let query = db(tx).selectFrom('inventory_sources').selectAll().where('org_id', '=', orgId).where('archived_at', 'is', null);
    if (after) query = query.where('id', '>', after);
    return query.orderBy('id').limit(limit + 1).execute();
  },
  every: (tx: Tx, orgId: string) => db(tx).selectFrom('inventory_sources').selectAll().where('org_id', '=', orgId).where('archived_at', 'is', null).orderBy('id').execute(),
  insert: (tx: Tx, row: SourceRow) => db(tx).insertInto('inventory_sources').values({ ...row, match: JSON.stringify(row.match) as never }).execute(),
  update: (tx: Tx, id: string, patch: Partial<SourceRow>) =>
    db(tx).updateTable('inventory_sources').set(patch.match ? { ...patch, match: JSON.stringify(patch.match) as never } : patch).where('id', '=', id).returningAll().executeTakeFirst(),
  /** Confirms a claim while it still is the one with this key. */
  confirm: async (tx: Tx, id: string, key: string | null): Promise<SourceRow | undefined> =>
    (await tx.query<SourceRow>('update inventory_sources set confirmed_at = $3, updated_at = $3 where id = $1 and match_key is not distinct from $2 and archived_at is null returning *', [id, key, tx.now]))[0],
  /**
   * Whether a sender is somebody's; system only. `address` begins every key of the same address: one that another organisation
   * holds whole has no room for a name, and the other way round. Another's claim that nobody has confirmed keeps nobody out.
   */
  taken: async (tx: Tx, orgId: string, key: string, address: string | null, except: string | null): Promise<boolean> =>
    (await tx.query(
      `select 1 from inventory_sources where archived_at is null and ($2::uuid is null or id <> $2)
          and (confirmed_at is not null or org_id = $3)
          and (match_key = $1 or (org_id <> $3 and starts_with(match_key, $4) and (match_key = $4 || '*' or $1 = $4 || '*'))) limit 1`,
      [key, except, orgId, address])).length > 0,
  /** How many an organisation has, and how many of them wait for the desk. Until the transaction ends nobody else adds one here. */
  counted: async (tx: Tx, orgId: string): Promise<{ live: number; waiting: number }> => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('inventory_sources ' || $1, 0))", [orgId]);
    return (await tx.query<{ live: number; waiting: number }>('select count(*)::int as live, count(*) filter (where confirmed_at is null)::int as waiting from inventory_sources where org_id = $1 and archived_at is null', [orgId]))[0]!;
  },
  /** The organisation's own claim of a sender that still waits for the desk. */
  claim: (tx: Tx, orgId: string, key: string) => db(tx).selectFrom('inventory_sources').selectAll().where('org_id', '=', orgId).where('match_key', '=', key).where('archived_at', 'is', null).where('confirmed_at', 'is', null).executeTakeFirst(),
  /** Claims that wait for the desk, oldest first, with what came from there meanwhile; few of each organisation, so that none hides another's. System only. */
  waiting: (tx: Tx, limit: number) =>
    tx.query<WaitingRow>(
      `select * from (select s.id, s.org_id, s.name, s.family, s.match, s.created_at, u.lines, u.first_at, u.last_at
         from (select *, row_number() over (partition by org_id order by created_at, id) as place from inventory_sources where archived_at is null and confirmed_at is null) s
         left join lateral (select sum(lines) as lines, min(first_at) as first_at, max(last_at) as last_at from inventory_unknown_senders u
           where s.match_key in ${MATCHED}) u on true
        where s.place <= $1 order by s.place, s.created_at, s.id limit $2) w order by created_at, id`,
      [WAITING_PER_ORG, limit]),
};

export interface WaitingRow extends Pick<SourceRow, 'id' | 'org_id' | 'name' | 'family' | 'match' | 'created_at'> {
  readonly lines: string | null;
  readonly first_at: Date | null;
  readonly last_at: Date | null;
}

export interface DayRow {
  readonly source_id: string;
  readonly day: string;
  readonly lines: string;
  readonly not_understood: string;
}

export const days = {
  since: (tx: Tx, sourceIds: readonly string[], from: string) =>
    sourceIds.length === 0 ? Promise.resolve([]) : tx.query<DayRow>('select source_id, day, lines, not_understood from inventory_source_days where source_id = any($1) and day >= $2 order by day', [sourceIds, from]),
  between: (tx: Tx, orgId: string, from: string, to: string) => tx.query<DayRow>('select source_id, day, lines, not_understood from inventory_source_days where org_id = $1 and day between $2 and $3 order by day', [orgId, from, to]),
};

export interface UnknownSenderRow {
  readonly key: string;
  readonly listener: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly header_host: string;
  readonly fingerprint: string;
  readonly lines: string;
  readonly bytes: string;
  readonly first_at: Date;
  readonly last_at: Date;
}
interface UnknownCount {
  readonly key: string;
  readonly listener: string;
  readonly address: string;
  readonly headerHost: string;
  readonly fingerprint: string;
  readonly lines: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

const CLAIMED_MAX = 5_000;
const UNKNOWN_MAX = 1_000;
/** One address that invents a name for every line must not push all others out. */
const UNKNOWN_PER_ADDRESS = 16;
/** Nor one customer's IPv6 network: the /64, of which it can use every address. */
const UNKNOWN_PER_NETWORK = 64;
const NETWORK = `case when address like '%:%' then host(network(set_masklen(address::inet, 64))) else address end`;
const UNKNOWN_DAYS = 90;
/** Another process may go on counting for a moment after somebody has registered the sender. */
const UNREGISTERED = `not exists (select 1 from inventory_sources s where s.archived_at is null and s.confirmed_at is not null and s.match_key in ${MATCHED})`;
/**
 * Who competes with whom for places: those that wait for the desk, those that have proven their address by a connection, and
 * datagrams, whose address anybody can forge.
 */
const STANDING = `case when exists (select 1 from inventory_sources s where s.archived_at is null and s.confirmed_at is null and s.match_key in ${MATCHED}) then 'claimed' when u.listener = 'udp' then 'forgeable' else 'proven' end`;

export const unknownSenders = {
  get: async (tx: Tx, key: string): Promise<UnknownSenderRow | undefined> => (await tx.query<UnknownSenderRow>(`select * from inventory_unknown_senders u where key = $1 and ${UNREGISTERED}`, [key]))[0],
  /** The newest of each standing. */
  newest: (tx: Tx, limit: number) =>
    tx.query<UnknownSenderRow>(
      `select * from (select r.*, row_number() over (partition by standing order by last_at desc, key) as place
         from (select u.*, ${STANDING} as standing from inventory_unknown_senders u where ${UNREGISTERED}) r) r
        where place <= $1 order by last_at desc, key`,
      [limit]),
  count: async (tx: Tx): Promise<number> => Number((await tx.query<{ n: string }>(`select count(*) as n from inventory_unknown_senders u where ${UNREGISTERED}`))[0]!.n),
  remove: (tx: Tx, key: string) => tx.query('delete from inventory_unknown_senders where key = $1', [key]),
  /** Adds counts, and lets go of what was not heard of for long and of what is more than the table may hold. */
  add: async (tx: Tx, counts: readonly UnknownCount[]): Promise<void> => {
    // In one order, so that two processes that add the same senders do not wait for each other in a ring.
    const sorted = [...counts].sort((a, b) => (a.key < b.key ? -1 : 1));
    await tx.query(
      `insert into inventory_unknown_senders (key, listener, address, header_host, fingerprint, lines, bytes, first_at, last_at)
       select key, listener, address, "headerHost", fingerprint, lines, bytes, to_timestamp("firstSeen" / 1000.0), to_timestamp("lastSeen" / 1000.0)
         from jsonb_to_recordset($1::jsonb) as c(key text, listener text, address text, "headerHost" text, fingerprint text, lines bigint, bytes bigint, "firstSeen" bigint, "lastSeen" bigint)
       on conflict (key) do update set address = excluded.address, header_host = excluded.header_host, lines = inventory_unknown_senders.lines + excluded.lines, bytes = inventory_unknown_senders.bytes + excluded.bytes,
         first_at = least(inventory_unknown_senders.first_at, excluded.first_at), last_at = greatest(inventory_unknown_senders.last_at, excluded.last_at)`,
      [JSON.stringify(sorted)]);
    await tx.query(
      `delete from inventory_unknown_senders where key in (
         select key from (select key, standing, last_at, row_number() over (partition by standing order by last_at desc, key) as place, row_number() over (partition by standing, listener, address order by last_at desc, key) as own,
                             row_number() over (partition by standing, ${NETWORK} order by last_at desc, key) as neighbours
           from (select u.*, ${STANDING} as standing from inventory_unknown_senders u) s) r
          where place > case standing when 'claimed' then $1::int else $2::int end or ((own > $3 or neighbours > $4) and standing <> 'claimed') or last_at < $5::timestamptz - make_interval(days => $6))`,
      [CLAIMED_MAX, UNKNOWN_MAX, UNKNOWN_PER_ADDRESS, UNKNOWN_PER_NETWORK, tx.now, UNKNOWN_DAYS]);
  },
};
