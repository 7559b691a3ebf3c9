import type { Lang } from '@banya/contract';
import type { Tx } from '../../../kernel/types.ts';
import type { Form, Policy, Urgency } from './rules.ts';

export interface ChannelRow {
  org_id: string;
  id: string;
  name: string;
  form: Form;
  url_sealed: string;
  host: string;
  secret_sealed: string | null;
  what: 'now' | 'all';
  lang: Lang;
  created_at: Date;
  last_ok_at: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
}
export interface PostRow {
  org_id: string;
  id: string;
  channel_id: string;
  body: string;
  tries: number;
  created_at: Date;
}
export interface PhoneRow {
  readonly name: string;
  readonly phone: string;
  readonly hours: string;
}

export const policies = {
  get: async (tx: Tx, orgId: string): Promise<Policy | null> => {
    const [row] = await tx.query<{ quiet_from: number; quiet_until: number; look: boolean }>('select quiet_from, quiet_until, look from notify_policies where org_id = $1', [orgId]);
    return row ? { quietFrom: row.quiet_from, quietUntil: row.quiet_until, look: row.look } : null;
  },
  put: (tx: Tx, orgId: string, p: Policy) =>
    tx.query('insert into notify_policies (org_id, quiet_from, quiet_until, look, updated_at) values ($1, $2, $3, $4, $5) on conflict (org_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, look = excluded.look, updated_at = excluded.updated_at', [orgId, p.quietFrom, p.quietUntil, p.look, tx.now]),
};

export const told = {
  /** Holds the organisation's notices until the end of the transaction, then gives what was told since. */
  since: async (tx: Tx, orgId: string, since: Date): Promise<{ at: Date; urgency: Urgency }[]> => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('notify.told ' || $1, 0))", [orgId]);
    return tx.query<{ at: Date; urgency: Urgency }>('select at, urgency from notify_told where org_id = $1 and at > $2 order by at', [orgId, since]);
  },
  /** False where this key was told already. */
  note: async (tx: Tx, orgId: string, id: string, urgency: Urgency, key: string | null): Promise<boolean> =>
    (await tx.query('insert into notify_told (org_id, id, at, urgency, key) values ($1, $2, $3, $4, $5) on conflict (org_id, key) where key is not null do nothing returning id', [orgId, id, tx.now, urgency, key])).length > 0,
  forget: (tx: Tx, before: Date) => tx.query('delete from notify_told where at < $1', [before]),
};

export const channels = {
  list: (tx: Tx, orgId: string) => tx.query<ChannelRow>('select * from notify_channels where org_id = $1 order by id', [orgId]),
  get: async (tx: Tx, orgId: string, id: string): Promise<ChannelRow | undefined> => (await tx.query<ChannelRow>('select * from notify_channels where org_id = $1 and id = $2', [orgId, id]))[0],
  insert: (tx: Tx, row: ChannelRow) => tx.query('insert into notify_channels select * from jsonb_populate_record(null::notify_channels, $1::jsonb)', [JSON.stringify(row)]),
  remove: (tx: Tx, orgId: string, id: string) => tx.query('delete from notify_channels where org_id = $1 and id = $2', [orgId, id]),
  /** With what waits to be posted there. */
  removeOf: (tx: Tx, orgId: string) => tx.query('delete from notify_channels where org_id = $1', [orgId]),
  result: (tx: Tx, orgId: string, id: string, error: string | null) =>
    error === null ? tx.query('update notify_channels set last_ok_at = $3 where org_id = $1 and id = $2', [orgId, id, tx.now]) : tx.query('update notify_channels set last_error = $3, last_error_at = $4 where org_id = $1 and id = $2', [orgId, id, error.slice(0, 300), tx.now]),
};

const HOLD_MS = 2 * 60_000;
export const posts = {
  insert: (tx: Tx, row: PostRow) => tx.query("insert into notify_posts (org_id, id, channel_id, body, state, created_at, next_try_at) values ($1, $2, $3, $4, 'waiting', $5, $5)", [row.org_id, row.id, row.channel_id, row.body, tx.now]),
  claim: async (tx: Tx, orgId: string, id: string): Promise<PostRow | undefined> =>
    (await tx.query<PostRow>("update notify_posts set tries = tries + 1, held_until = $3 where org_id = $1 and id = $2 and state = 'waiting' and next_try_at <= $4 and (held_until is null or held_until < $4) returning *", [orgId, id, new Date(tx.now.getTime() + HOLD_MS), tx.now]))[0],
  finish: (tx: Tx, orgId: string, id: string, state: 'waiting' | 'sent' | 'failed', nextAt: Date | null) => tx.query('update notify_posts set state = $3, held_until = null, next_try_at = coalesce($4, next_try_at) where org_id = $1 and id = $2', [orgId, id, state, nextAt]),
  overdue: (tx: Tx, before: Date) => tx.query<{ org_id: string; id: string }>("select org_id, id from notify_posts where state = 'waiting' and next_try_at < $1 and (held_until is null or held_until < $2) order by next_try_at limit 500", [before, tx.now]),
  forget: (tx: Tx, before: Date) => tx.query('delete from notify_posts where created_at < $1', [before]),
};

export const phones = {
  list: (tx: Tx, orgId: string) => tx.query<PhoneRow>('select name, phone, hours from notify_phones where org_id = $1 order by place', [orgId]),
  put: async (tx: Tx, orgId: string, rows: readonly PhoneRow[]): Promise<void> => {
    await tx.query('delete from notify_phones where org_id = $1', [orgId]);
    await tx.query('insert into notify_phones (org_id, place, name, phone, hours) select $1, r.place, r.name, r.phone, r.hours from jsonb_to_recordset($2::jsonb) as r(place int, name text, phone text, hours text)', [orgId, JSON.stringify(rows.map((r, place) => ({ ...r, place })))]);
  },
};
