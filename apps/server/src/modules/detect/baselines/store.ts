import { pgJson } from '../../../kernel/sql.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { Seen } from './gather.ts';
import { isHour, KEYS_MAX, neighbours, SUBJECTS_MAX, WINDOW_DAYS, type Known, type SeenKind } from './rules.ts';

const DAY = 86_400_000;

interface KnownRow { i: number; since: Date | null; keys: number | null; last_at: Date | null; beside_at: Date | null; login_days: string | null }

const rowsOf = (seen: readonly Seen[]): string =>
  pgJson(seen.map((s, i) => ({ i, org_id: s.orgId, kind: s.kind, subject: s.subject, key: s.key, at: new Date(s.at).toISOString(), beside: isHour(s.kind) ? neighbours(s.key) : [] })));
const WANTED = 'w(i int, org_id uuid, kind text, subject text, key text, at timestamptz, beside jsonb)';

/** What was known of these values before the batch, in their order; one statement. */
export async function known(tx: Tx, seen: readonly Seen[]): Promise<Known[]> {
  const rows = await tx.query<KnownRow>(
    `select w.i, l.since, l.keys, b.last_at, h.beside_at, h.login_days from jsonb_to_recordset($1::jsonb) as ${WANTED}
       left join detect_learning l on l.org_id = w.org_id and l.kind = w.kind and l.subject = w.subject
       left join detect_baselines b on b.org_id = w.org_id and b.kind = w.kind and b.subject = w.subject and b.key = w.key
       left join lateral (select max(n.last_at) filter (where w.beside ? n.key) as beside_at, sum(n.days) as login_days from detect_baselines n
                           where jsonb_array_length(w.beside) > 0 and n.org_id = w.org_id and n.kind = w.kind and n.subject = w.subject) h on true`,
    [rowsOf(seen)],
  );
  const byPlace = new Map(rows.map((r) => [r.i, r]));
  return seen.map((_, i) => {
    const r = byPlace.get(i)!;
    return { since: r.since, keys: r.keys ?? 0, lastAt: r.last_at, besideAt: r.beside_at, loginDays: Number(r.login_days ?? 0) };
  });
}

/** Notes the values of a batch; of a kind that varies too much, or has too many computers, no new ones. */
export async function note(tx: Tx, seen: readonly Seen[], subjects = SUBJECTS_MAX): Promise<void> {
  const rows = rowsOf(seen);
  await tx.query(
    `with given as (select * from jsonb_to_recordset($1::jsonb) as ${WANTED}),
          room as materialized (select g.org_id, g.kind, $3 - (select count(*) from detect_learning l where l.org_id = g.org_id and l.kind = g.kind) as free from (select distinct org_id, kind from given) g),
          fresh as (select org_id, kind, subject, row_number() over (partition by org_id, kind order by subject) as place
                      from (select distinct org_id, kind, subject from given) g where not exists (select from detect_learning l where l.org_id = g.org_id and l.kind = g.kind and l.subject = g.subject)),
          w as (select g.* from given g left join fresh f on f.org_id = g.org_id and f.kind = g.kind and f.subject = g.subject
                  left join room r on r.org_id = g.org_id and r.kind = g.kind where f.place is null or f.place <= r.free),
          put as (
            insert into detect_baselines as b (org_id, kind, subject, key, first_at, last_at, days)
              select w.org_id, w.kind, w.subject, w.key, min(w.at), max(w.at), 1 from w
                left join detect_learning l on l.org_id = w.org_id and l.kind = w.kind and l.subject = w.subject
                left join detect_baselines o on o.org_id = w.org_id and o.kind = w.kind and o.subject = w.subject and o.key = w.key
               where o.key is not null or coalesce(l.keys, 0) < $2
               group by 1, 2, 3, 4 order by 1, 2, 3, 4
            on conflict (org_id, kind, subject, key) do update set last_at = greatest(b.last_at, excluded.last_at), days = b.days + (b.last_at::date < excluded.last_at::date)::int
            returning org_id, kind, subject, xmax = 0 as fresh)
     insert into detect_learning as l (org_id, kind, subject, since, last_at, keys)
       select w.org_id, w.kind, w.subject, min(w.at), max(w.at), (select count(*) from put p where p.org_id = w.org_id and p.kind = w.kind and p.subject = w.subject and p.fresh) from w group by 1, 2, 3 order by 1, 2, 3
     on conflict (org_id, kind, subject) do update set last_at = greatest(l.last_at, excluded.last_at), keys = l.keys + excluded.keys`,
    [rows, KEYS_MAX, subjects],
  );
}

/** Forgets what was not seen for the window, and counts what is left; all organisations. */
export async function forget(tx: Tx): Promise<void> {
  const before = new Date(tx.now.getTime() - WINDOW_DAYS * DAY);
  await tx.query('delete from detect_baselines where last_at < $1', [before]);
  await tx.query('delete from detect_learning where last_at < $1', [before]);
  await tx.query('update detect_learning l set keys = c.n from (select org_id, kind, subject, count(*) as n from detect_baselines group by 1, 2, 3) c where c.org_id = l.org_id and c.kind = l.kind and c.subject = l.subject and l.keys <> c.n');
}

export interface LearningRow {
  readonly kind: SeenKind;
  readonly since: Date;
  readonly values: string;
}

/** Since when an organisation's values are looked at, by kind. */
export const learning = (tx: Tx, orgId: string): Promise<LearningRow[]> =>
  tx.query<LearningRow>('select kind, min(since) as since, sum(keys) as values from detect_learning where org_id = $1 group by kind order by kind', [orgId]);
