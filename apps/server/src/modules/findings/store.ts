import { sql, type Kysely } from 'kysely';
import { escapeLike } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import { rankOf, type Silence } from './rules.ts';
import type { DayRow, FindingRow, FindingsSchema, HistoryRow, SampleRow } from './schema.ts';
import type { RiskRow } from './risk.ts';
import type { Severity } from './types.ts';

const db = (tx: Tx): Kysely<FindingsSchema> => tx.table<FindingsSchema>();

export interface Wanted {
  readonly org_id: string;
  readonly fingerprint: string;
  readonly rule_id: string;
  readonly entity: string;
  readonly suppression_id: string | null;
  readonly rank: number;
  /** The device it is about and the one that said it. */
  readonly devices: readonly string[];
  readonly first_at: Date;
  readonly last_at: Date;
}

/** What a batch of raised findings meets: per fingerprint the current finding, taken until the end of the transaction, and what silenced it. */
export const batch = {
  meet: (tx: Tx, wanted: readonly Wanted[]) =>
    tx.query<Partial<FindingRow> & { w_org: string; w_fingerprint: string; silence: Silence | null }>(
      `with wanted as (select * from jsonb_to_recordset($1::jsonb) as w(org_id uuid, fingerprint text, rule_id text, entity text, suppression_id uuid, rank smallint, devices jsonb, first_at timestamptz, last_at timestamptz)),
            found as (select f.* from findings_findings f join wanted w on w.org_id = f.org_id and w.fingerprint = f.fingerprint where f.current order by f.org_id, f.id for update of f)
       select f.*, w.org_id as w_org, w.fingerprint as w_fingerprint, coalesce(
                (select jsonb_build_object('what', 'suppression', 'id', s.id, 'reason', s.reason) from findings_suppressions s
                  where s.org_id = w.org_id and s.expires_at > $2 and (s.id = w.suppression_id or (s.conditions is null and s.rule_id = w.rule_id and s.entity = w.entity)) order by s.expires_at desc limit 1),
                (select jsonb_build_object('what', 'maintenance', 'id', m.id, 'reason', m.reason) from findings_maintenance m
                  where w.rank > 0 and m.org_id = w.org_id and m.starts_at <= w.first_at and m.ends_at >= w.last_at and (m.device_id is null or w.devices ? m.device_id::text) order by m.ends_at desc limit 1)) as silence
         from wanted w left join found f on f.org_id = w.org_id and f.fingerprint = w.fingerprint`,
      [JSON.stringify(wanted), tx.now],
    ),
  /** Counts what was kept quiet, by what kept it so. */
  silenced: async (tx: Tx, counts: readonly { what: Silence['what']; org_id: string; id: string; n: number }[]): Promise<void> => {
    if (counts.length === 0) return;
    await tx.query(
      `with c as (select what, org_id, id, sum(n) as n from jsonb_to_recordset($1::jsonb) as r(what text, org_id uuid, id uuid, n bigint) group by 1, 2, 3),
            windows as (update findings_maintenance m set hits = m.hits + c.n from c where c.what = 'maintenance' and m.org_id = c.org_id and m.id = c.id)
       update findings_suppressions s set hits = s.hits + c.n, last_hit_at = $2 from c where c.what = 'suppression' and s.org_id = c.org_id and s.id = c.id`,
      [JSON.stringify(counts), tx.now],
    );
  },
  update: async (tx: Tx, rows: readonly FindingRow[]): Promise<void> => {
    if (rows.length === 0) return;
    await tx.query(
      `update findings_findings f set count = u.count, first_at = u.first_at, last_at = u.last_at, rank = u.rank, stopped = u.stopped, slots = u.slots, asset = u.asset, samples = u.samples,
              state = u.state, current = u.current, outcome = u.outcome, closed_by = u.closed_by, closed_at = u.closed_at, quiet_until = u.quiet_until, mailed_at = u.mailed_at, look_told_at = u.look_told_at
         from jsonb_populate_recordset(null::findings_findings, $1::jsonb) u where f.org_id = u.org_id and f.id = u.id`,
      [JSON.stringify(rows)],
    );
  },
  /** Where another transaction has just made the finding, this one adds to it: `id` is then that one's. */
  insert: (tx: Tx, rows: readonly FindingRow[]): Promise<{ org_id: string; fingerprint: string; id: string }[]> =>
    rows.length === 0
      ? Promise.resolve([])
      : tx.query(
          `insert into findings_findings as f select * from jsonb_populate_recordset(null::findings_findings, $1::jsonb) order by org_id, fingerprint
           on conflict (org_id, fingerprint) where current do update set count = f.count + excluded.count, first_at = least(f.first_at, excluded.first_at), last_at = greatest(f.last_at, excluded.last_at), rank = least(f.rank, excluded.rank)
           returning org_id, fingerprint, id`,
          [JSON.stringify(rows)],
        ),
  details: (tx: Tx, parts: { days: readonly DayRow[]; samples: readonly SampleRow[]; history: readonly HistoryRow[]; forgetSamplesOf: readonly string[] }) =>
    tx.query(
      `with days as (
         insert into findings_days as d select * from jsonb_populate_recordset(null::findings_days, $1::jsonb)
         on conflict (org_id, finding_id, day) do update set count = d.count + excluded.count),
       gone as (delete from findings_samples where finding_id = any($4::uuid[])),
       samples as (insert into findings_samples select * from jsonb_populate_recordset(null::findings_samples, $2::jsonb))
       insert into findings_history select * from jsonb_populate_recordset(null::findings_history, $3::jsonb)`,
      [JSON.stringify(parts.days), JSON.stringify(parts.samples), JSON.stringify(parts.history), parts.forgetSamplesOf],
    ),
};

export interface ListFilter {
  readonly state: 'open' | 'closed' | undefined;
  readonly severity: Severity | 'act' | undefined;
  /** A search key. */
  readonly q: string;
  readonly after: readonly (string | number)[] | null;
  readonly limit: number;
}

const filtered = (tx: Tx, orgId: string, filter: Pick<ListFilter, 'state' | 'severity' | 'q'>) => {
  let query = db(tx).selectFrom('findings_findings').where('org_id', '=', orgId);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.severity === 'act') query = query.where('rank', '<', 2);
  else if (filter.severity) query = query.where('rank', '=', rankOf(filter.severity));
  if (filter.q) query = query.where('search_key', 'like', `%${escapeLike(filter.q)}%`);
  return query;
};

/** Where a walk over closed findings has come to. */
export interface Aged {
  readonly id: string;
  readonly closed_at: Date;
}

export const findings = {
  get: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_findings').selectAll().where('org_id', '=', orgId).where('id', '=', id).executeTakeFirst(),
  lock: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_findings').selectAll().where('org_id', '=', orgId).where('id', '=', id).forUpdate().executeTakeFirst(),
  /** In one order, since two may be at work; worst first, then those that got through. */
  lockAll: async (tx: Tx, orgId: string, ids: readonly string[]): Promise<FindingRow[]> => {
    const rows = ids.length === 0 ? [] : await db(tx).selectFrom('findings_findings').selectAll().where('org_id', '=', orgId).where('id', 'in', ids as string[]).orderBy('id').forUpdate().execute();
    return rows.sort((a, b) => a.rank - b.rank || Number(a.stopped === 'yes') - Number(b.stopped === 'yes'));
  },
  /** Says in a slot at how many members the same was seen. */
  elsewhere: (tx: Tx, orgId: string, slot: string, rows: readonly { readonly id: string; readonly members: number; readonly rank: number }[]) =>
    tx.query(
      `update findings_findings f set slots = f.slots || jsonb_build_object($2::text, r.members::text), rank = r.rank from jsonb_to_recordset($3::jsonb) as r(id uuid, members int, rank smallint) where f.org_id = $1 and f.id = r.id`,
      [orgId, slot, JSON.stringify(rows)],
    ),
  byFingerprint: (tx: Tx, orgId: string, fingerprints: readonly string[]) => tx.query<{ id: string }>('select id from findings_findings where org_id = $1 and fingerprint = any($2::text[])', [orgId, fingerprints]),
  markMailed: (tx: Tx, orgId: string, ids: readonly string[]) => tx.query('update findings_findings set mailed_at = $3 where org_id = $1 and id = any($2::uuid[])', [orgId, ids, tx.now]),
  patch: (tx: Tx, orgId: string, id: string, patch: Partial<FindingRow>) => db(tx).updateTable('findings_findings').set(patch).where('org_id', '=', orgId).where('id', '=', id).execute(),
  /** Open ones: what burns first, newest first. Others: newest first. */
  list: (tx: Tx, orgId: string, filter: ListFilter) => {
    let query = filtered(tx, orgId, filter).selectAll();
    const { after } = filter;
    if (filter.state === 'open') {
      if (after) query = query.where(sql<boolean>`(rank > ${after[0]} or (rank = ${after[0]} and id < ${after[1]}::uuid))`);
      query = query.orderBy('rank');
    } else if (after) query = query.where('id', '<', String(after[1]));
    return query.orderBy('id', 'desc').limit(filter.limit + 1).execute();
  },
  /** At most 1,001. */
  count: async (tx: Tx, orgId: string, filter: Pick<ListFilter, 'state' | 'severity' | 'q'>): Promise<number> => {
    const row = await db(tx).selectFrom(filtered(tx, orgId, filter).select('id').limit(1001).as('c')).select(sql<string>`count(*)`.as('n')).executeTakeFirst();
    return Number(row!.n);
  },
  /** What there is to do, what burns first and has waited longest first. */
  toDo: (tx: Tx, orgId: string, limit: number) =>
    db(tx).selectFrom('findings_findings').selectAll().where('org_id', '=', orgId).where('state', '=', 'open').where('rank', '<', 2).orderBy('rank').orderBy('id').limit(limit).execute(),
  /** What was quiet from its start gave nobody work. */
  week: async (tx: Tx, orgId: string, since: Date): Promise<{ open: number; closed: number }> => {
    const [row] = await tx.query<{ open: string; closed: string }>(
      `select (select count(*) from (select 1 from findings_findings where org_id = $1 and state = 'open' and rank < 2 limit 1001) o) as open,
              (select count(*) from findings_findings where org_id = $1 and state = 'closed' and closed_at >= $2 and not (closed_at <= created_at and outcome in ('known', 'false_alarm')) and rank < 2) as closed`,
      [orgId, since],
    );
    return { open: Number(row!.open), closed: Number(row!.closed) };
  },
  /** Those with alerts on the days `from` to `to`, with how many, and the open ones that ask for something; gravest first. */
  between: (tx: Tx, orgId: string, from: string, to: string) =>
    tx.query<FindingRow & { month_count: string }>(
      `with counted as (select finding_id, sum(count) as n from findings_days where org_id = $1 and day between $2 and $3 group by finding_id)
       select f.*, coalesce(c.n, 0) as month_count from findings_findings f left join counted c on c.finding_id = f.id
        where f.org_id = $1 and (c.n > 0 or (f.state = 'open' and f.rank < 2)) order by f.rank, f.state desc, f.id desc limit 500`,
      [orgId, from, to],
    ),
  /** What weighs on computers and names: the newest first, at most 5,000. */
  recent: (tx: Tx, orgId: string, since: Date) =>
    tx.query<RiskRow>(
      `select id, rank, stopped, state, outcome, last_at, asset, slots->>'user.name' as user_name from findings_findings
        where org_id = $1 and last_at >= $2 and kind in ('detection', 'device_silent', 'signature_old') and (outcome is null or outcome in ('handled', 'ticket')) order by last_at desc limit 5000`,
      [orgId, since],
    ),
  many: async (tx: Tx, orgId: string, ids: readonly string[]): Promise<FindingRow[]> => ids.length === 0 ? [] : db(tx).selectFrom('findings_findings').selectAll().where('org_id', '=', orgId).where('id', 'in', ids as string[]).execute(),
  /** How findings ended that people have closed since, by rule; what was quiet from its start was judged by nobody. */
  outcomes: (tx: Tx, orgId: string, since: Date) =>
    tx.query<{ rule_id: string; title: string; handled: number; ticket: number; known: number; false_alarm: number }>(
      `select rule_id, max(rule->>'title') as title, count(*) filter (where outcome = 'handled')::int as handled, count(*) filter (where outcome = 'ticket')::int as ticket, count(*) filter (where outcome = 'known')::int as known,
              count(*) filter (where outcome = 'false_alarm')::int as false_alarm
         from findings_findings where org_id = $1 and state = 'closed' and closed_at >= $2 and closed_by <> '' and closed_at > created_at and kind in ('detection', 'device_silent', 'signature_old') group by rule_id order by count(*) desc, rule_id limit 200`,
      [orgId, since],
    ),
  closedAmong: (tx: Tx, orgId: string, ids: readonly string[]) => tx.query<{ id: string }>("select id from findings_findings where org_id = $1 and id = any($2::uuid[]) and state = 'closed'", [orgId, ids]),
  openFingerprints: (tx: Tx, orgId: string, fingerprints: readonly string[]) =>
    tx.query<{ fingerprint: string }>("select fingerprint from findings_findings where org_id = $1 and current and state = 'open' and fingerprint = any($2::text[])", [orgId, fingerprints]),
  /** Closes by itself; gives what was closed. */
  settle: (tx: Tx, orgId: string, fingerprints: readonly string[], by: string) =>
    tx.query<{ id: string }>(
      "update findings_findings set state = 'closed', outcome = 'handled', closed_by = $3, closed_at = $4 where org_id = $1 and current and state = 'open' and fingerprint = any($2::text[]) returning id",
      [orgId, fingerprints, by, tx.now],
    ),
  reassign: (tx: Tx, orgId: string, from: string, to: { id: string; name: string } | null) =>
    tx.query<{ id: string }>("update findings_findings set assignee_id = $3, assignee_name = $4 where org_id = $1 and assignee_id = $2 and state = 'open' returning id", [orgId, from, to?.id ?? null, to?.name ?? null]),
  /** Things nobody has to act on, closed when a week has passed without one more; all organisations. */
  tidy: (tx: Tx, before: Date, by: string) =>
    tx.query<{ org_id: string; id: string }>(
      "update findings_findings set state = 'closed', outcome = 'known', closed_by = $2, closed_at = $3 where state = 'open' and rank = 2 and last_at < $1 returning org_id, id",
      [before, by, tx.now],
    ),
  /**
   * Closed ones that were closed and last happened before a moment, oldest first; taken until the end of the transaction. One
   * that silences what comes after it stays while it does.
   */
  aged: (tx: Tx, orgId: string, before: Date, after: Aged | null, limit: number) =>
    tx.query<Aged>(
      `select id, closed_at from findings_findings f where org_id = $1 and state = 'closed' and closed_at < $2 and last_at < $2 and ($3::timestamptz is null or (closed_at, id) > ($3, $4::uuid))
          and not exists (select 1 from findings_suppressions s where s.org_id = f.org_id and s.finding_id = f.id and s.expires_at > $5)
        order by closed_at, id limit $6 for update`,
      [orgId, before, after?.closed_at ?? null, after?.id ?? null, tx.now, limit],
    ),
  /** With days, samples and history; and what it silenced, which is over. */
  remove: async (tx: Tx, orgId: string, ids: readonly string[]): Promise<void> => {
    await tx.query('delete from findings_suppressions where org_id = $1 and finding_id = any($2::uuid[])', [orgId, ids]);
    await tx.query('delete from findings_findings where org_id = $1 and id = any($2::uuid[])', [orgId, ids]);
  },
  /** Open ones to look at, of the last week, that nobody was told of; gravest and newest first. */
  untold: (tx: Tx, orgId: string, limit: number) =>
    tx.query<FindingRow>("select * from findings_findings where org_id = $1 and state = 'open' and rank = 1 and look_told_at is null and last_at > $2 order by id desc limit $3", [orgId, new Date(tx.now.getTime() - 7 * 86_400_000), limit]),
  /** All of them are told now: by name, or as the rest of a list. */
  markTold: (tx: Tx, orgId: string) => tx.query("update findings_findings set look_told_at = $2 where org_id = $1 and state = 'open' and rank = 1 and look_told_at is null", [orgId, tx.now]),
  /** Holds the organisation's mails about findings until the end of the transaction, then counts those sent since. */
  mailedSince: async (tx: Tx, orgId: string, since: Date): Promise<number> => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('findings.mails ' || $1, 0))", [orgId]);
    const [row] = await tx.query<{ n: string }>('select count(*) as n from findings_findings where org_id = $1 and mailed_at >= $2', [orgId, since]);
    return Number(row!.n);
  },
};

export const details = {
  days: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_days').select(['day', 'count']).where('org_id', '=', orgId).where('finding_id', '=', id).orderBy('day', 'desc').limit(400).execute(),
  samples: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_samples').selectAll().where('org_id', '=', orgId).where('finding_id', '=', id).orderBy('at').orderBy('id').execute(),
  history: (tx: Tx, orgId: string, id: string) => db(tx).selectFrom('findings_history').selectAll().where('org_id', '=', orgId).where('finding_id', '=', id).orderBy('id', 'desc').limit(200).execute(),
  note: async (tx: Tx, rows: readonly HistoryRow[]): Promise<void> => {
    if (rows.length > 0) await tx.query('insert into findings_history select * from jsonb_populate_recordset(null::findings_history, $1::jsonb)', [JSON.stringify(rows)]);
  },
};
