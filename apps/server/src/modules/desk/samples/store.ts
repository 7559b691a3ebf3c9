import { escapeLike } from '../../../kernel/sql.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { Decision, NewSample, SampleRow, Touched, Verdict } from './schema.ts';

/** All but the sealed analysis, which lists never need. */
const COLUMNS = `org_id, id, desk_org_id, created_at, channel, report_key, reporter_id, reporter_name, answer_by_mail, state, subject, sender, verdict, score, passage, first_reason, asks, delivered_at,
  report_digest, mail_digest, message_key, size, file_id, delete_on, kept, touched, decision, decided_at, ticket_id, learned, answered_at`;

/** Names the column a sample is seen by; constants, never input. */
export type Side = 'org_id' | 'desk_org_id';

export interface ListFilter {
  readonly verdict: Verdict | null;
  /** Folded search text. */
  readonly q: string;
  readonly reporter: string | null;
  readonly member: string | null;
  /** Only these. */
  readonly ids: readonly string[] | null;
  readonly open: boolean;
  readonly after: readonly (string | number)[] | null;
  readonly limit: number;
}

export interface Outcome {
  readonly state: 'judged' | 'failed' | 'drill';
  readonly subject: string;
  readonly sender: string;
  readonly verdict: Verdict | null;
  readonly score: number | null;
  readonly passage: string | null;
  readonly first_reason: { readonly ja: string; readonly en: string } | null;
  readonly asks: readonly string[];
  readonly analysis: string | null;
  readonly delivered_at: Date | null;
  readonly mail_digest: string | null;
  readonly message_key: string | null;
  readonly learned: boolean;
  readonly search_key: string;
}

export const samples = {
  /** False where the same report is here already. */
  insert: async (tx: Tx, r: NewSample): Promise<boolean> =>
    (await tx.query(
      `insert into desk_samples (org_id, id, desk_org_id, created_at, channel, report_key, reporter_id, reporter_name, answer_by_mail, state, report_digest, size, file_id, delete_on, touched)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $11, $12, $13, $14) on conflict (org_id, report_key) where report_key is not null do nothing returning id`,
      [r.org_id, r.id, r.desk_org_id, r.created_at, r.channel, r.report_key, r.reporter_id, r.reporter_name, r.answer_by_mail, r.report_digest, r.size, r.file_id, r.delete_on, r.touched],
    )).length > 0,
  byKey: async (tx: Tx, orgId: string, key: string): Promise<string | undefined> => (await tx.query<{ id: string }>('select id from desk_samples where org_id = $1 and report_key = $2', [orgId, key]))[0]?.id,
  get: async (tx: Tx, side: Side, orgId: string, id: string): Promise<SampleRow | undefined> => (await tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where ${side} = $1 and id = $2`, [orgId, id]))[0],
  lock: async (tx: Tx, orgId: string, id: string): Promise<SampleRow | undefined> => (await tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where org_id = $1 and id = $2 for no key update`, [orgId, id]))[0],
  analysis: async (tx: Tx, orgId: string, id: string): Promise<string | null> => (await tx.query<{ analysis: string | null }>('select analysis from desk_samples where org_id = $1 and id = $2', [orgId, id]))[0]?.analysis ?? null,

  finish: (tx: Tx, orgId: string, id: string, o: Outcome) =>
    tx.query(
      `update desk_samples set state = $3, subject = $4, sender = $5, verdict = $6, score = $7, passage = $8, first_reason = $9, asks = $10, analysis = $11, delivered_at = $12, mail_digest = $13, message_key = $14, learned = $15, search_key = $16, answered_at = $17
        where org_id = $1 and id = $2`,
      [orgId, id, o.state, o.subject, o.sender, o.verdict, o.score, o.passage, o.first_reason ? JSON.stringify(o.first_reason) : null, o.asks, o.analysis, o.delivered_at, o.mail_digest, o.message_key, o.learned, o.search_key, tx.now],
    ),
  touched: (tx: Tx, orgId: string, id: string, touched: Touched) => tx.query('update desk_samples set touched = $3 where org_id = $1 and id = $2', [orgId, id, touched]),
  decided: (tx: Tx, orgId: string, id: string, decision: Decision, learned: boolean) => tx.query('update desk_samples set decision = $3, decided_at = $4, learned = $5 where org_id = $1 and id = $2', [orgId, id, decision, tx.now, learned]),
  asked: (tx: Tx, orgId: string, id: string, ticketId: string) => tx.query('update desk_samples set ticket_id = $3 where org_id = $1 and id = $2', [orgId, id, ticketId]),
  kept: (tx: Tx, orgId: string, id: string, kept: boolean) => tx.query('update desk_samples set kept = $3 where org_id = $1 and id = $2', [orgId, id, kept]),
  /** To the desk, or back where no question holds them; `ids` null: all of the transaction's organisation. */
  hand: (tx: Tx, ids: readonly string[] | null, toDesk: boolean) => tx.query('select desk_hand_samples($1::uuid[], $2)', [ids, toDesk]),

  /** Others that may be the same mail, of which the desk was asked or has decided, the newest first. */
  same: (tx: Tx, row: Pick<SampleRow, 'org_id' | 'id'>, keys: { readonly message: string | null; readonly digest: string | null; readonly report: string }) =>
    tx.query<SampleRow>(
      `select ${COLUMNS} from desk_samples where org_id = $1 and id <> $2 and (ticket_id is not null or decision is not null) and (message_key = $3 or mail_digest = $4 or (report_digest = $5 and created_at > $6::timestamptz - interval '30 days'))
        order by id desc limit 20`,
      [row.org_id, row.id, keys.message, keys.digest, keys.report, tx.now],
    ),
  /** Those a conversation holds; `tickets` are the ids of a ticket and all merged into it. */
  ofTickets: (tx: Tx, orgId: string, tickets: readonly string[]) => tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where org_id = $1 and ticket_id = any($2::uuid[]) order by id limit 200`, [orgId, tickets]),
  /** The ids of all questions in one conversation: what a ticket was merged into, and what else was. */
  conversation: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ id: string }>(
      `with recursive up as (select id, merged_into from desk_tickets where org_id = $1 and id = $2 union select t.id, t.merged_into from desk_tickets t join up on t.id = up.merged_into where t.org_id = $1),
         tree as (select id from up where merged_into is null union select c.id from desk_tickets c join tree on c.merged_into = tree.id where c.org_id = $1)
       select id from tree limit 1000`,
      [orgId, ticketId],
    )).map((r) => r.id),
  alike: (tx: Tx, side: Side, orgId: string, row: Pick<SampleRow, 'id' | 'org_id' | 'message_key' | 'mail_digest'>, others: readonly string[]) =>
    tx.query<SampleRow>(
      `select ${COLUMNS} from desk_samples where ${side} = $1 and id <> $2 and ((org_id = $3 and (message_key = $4 or mail_digest = $5)) or id = any($6::uuid[])) order by id desc limit 20`,
      [orgId, row.id, row.org_id, row.message_key, row.mail_digest, others],
    ),

  list: (tx: Tx, side: Side, orgId: string, f: ListFilter): Promise<SampleRow[]> => {
    const values: unknown[] = [orgId];
    const p = (value: unknown): string => `$${values.push(value)}`;
    let where = `${side} = $1`;
    if (f.verdict) where += ` and verdict = ${p(f.verdict)}`;
    if (f.reporter) where += ` and reporter_id = ${p(f.reporter)}`;
    if (f.member) where += ` and org_id = ${p(f.member)}`;
    if (f.ids) where += ` and id = any(${p(f.ids)}::uuid[])`;
    if (f.open) where += " and decision is null and state in ('judged', 'failed')";
    if (f.q) where += ` and search_key like ${p(`%${escapeLike(f.q)}%`)}`;
    if (f.after) where += ` and id < ${p(f.after[0])}::uuid`;
    return tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where ${where} order by id desc limit ${p(f.limit + 1)}`, values);
  },

  /** Waiting for longer than a job should take; system only. */
  overdue: (tx: Tx, before: Date, limit: number) => tx.query<{ org_id: string; id: string }>("select org_id, id from desk_samples where state = 'waiting' and created_at < $1 order by created_at limit $2", [before, limit]),
  /** Organisations whose mails the desk sees without a question; system only. */
  open: async (tx: Tx): Promise<string[]> => (await tx.query<{ org_id: string }>('select distinct org_id from desk_samples where ticket_id is null and desk_org_id <> org_id')).map((r) => r.org_id),
  /** Whose day has come and whose file is still here; system only. */
  due: (tx: Tx, today: string, after: string | null, limit: number) =>
    tx.query<{ org_id: string; id: string; file_id: string; ticket_id: string | null }>('select org_id, id, file_id, ticket_id from desk_samples where delete_on <= $1::date and file_id is not null and ($2::uuid is null or id > $2::uuid) order by id limit $3', [today, after, limit]),
  /** After its file: what is left is a line of numbers for the statistics. */
  scrub: (tx: Tx, orgId: string, fileId: string) =>
    tx.query("update desk_samples set file_id = null, analysis = null, subject = '', sender = '', first_reason = null, search_key = '', mail_digest = null, message_key = null where org_id = $1 and file_id = $2", [orgId, fileId]),
  removeOlder: (tx: Tx, before: Date) => tx.query('delete from desk_samples where created_at < $1 and file_id is null', [before]),

  statistics: (tx: Tx, federation: string, from: Date) =>
    tx.query<{ org_id: string; reports: number; reporters: number; dangerous: number; suspicious: number; clear: number; insufficient: number; drills: number; touched: number }>(
      `select org_id, count(*)::int as reports, count(distinct reporter_id)::int as reporters,
              count(*) filter (where coalesce(decision, verdict) = 'dangerous')::int as dangerous, count(*) filter (where decision is null and verdict = 'suspicious')::int as suspicious,
              count(*) filter (where decision is null and verdict = 'clear' or decision = 'harmless')::int as clear, count(*) filter (where decision is null and verdict = 'insufficient')::int as insufficient,
              count(*) filter (where state = 'drill')::int as drills, count(*) filter (where touched in ('link', 'file', 'typed', 'unsure'))::int as touched
         from desk_samples where desk_org_id = $1 and created_at >= $2 group by org_id order by reports desc, org_id limit 2000`,
      [federation, from],
    ),
  times: async (tx: Tx, federation: string, from: Date): Promise<{ first: number | null; answer: number | null }> => {
    const [row] = await tx.query<{ first: number | null; answer: number | null }>(
      `select (select percentile_cont(0.5) within group (order by minutes) from (
                 select extract(epoch from min(created_at) - min(delivered_at)) / 60 as minutes from desk_samples
                  where desk_org_id = $1 and created_at >= $2 and coalesce(decision, verdict) = 'dangerous' and delivered_at is not null and delivered_at <= created_at and delivered_at > created_at - interval '30 days'
                  group by org_id, coalesce(message_key, id::text)) f) as first,
              (select percentile_cont(0.5) within group (order by extract(epoch from answered_at - created_at)) from desk_samples where desk_org_id = $1 and created_at >= $2 and answered_at is not null) as answer`,
      [federation, from],
    );
    const rounded = (n: number | null): number | null => (n === null ? null : Math.round(Number(n) * 10) / 10);
    return { first: rounded(row!.first), answer: rounded(row!.answer) };
  },
  lures: (tx: Tx, federation: string, from: Date) =>
    tx.query<{ family: string; count: number }>(
      `select family, count(*)::int as count from desk_samples, unnest(asks) as family where desk_org_id = $1 and created_at >= $2 and (coalesce(decision, verdict) = 'dangerous' or (decision is null and verdict = 'suspicious')) group by family order by count desc, family limit 10`,
      [federation, from],
    ),
};
