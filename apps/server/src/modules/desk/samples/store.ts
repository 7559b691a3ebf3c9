import { escapeLike } from '../../../kernel/sql.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { Decision, NewSample, SampleRow, Touched, Verdict } from './schema.ts';

/** All but the sealed analysis, which lists never need. */
const COLUMNS = `org_id, id, desk_org_id, created_at, channel, report_key, reporter_id, reporter_name, token_id, told_id, answer_by_mail, state, subject, sender, verdict, score, passage, first_reason, asks, delivered_at,
  report_digest, mail_digest, message_key, size, file_id, delete_on, kept, touched, decision, decided_at, ticket_id, joined, learned, answered_at`;
/** Whether its reader has done something with it; the index of the desk's list says the same. */
const OPENED = "(coalesce(touched, 'nothing') <> 'nothing')";
/** Who reported it, or whom a button named. */
const PERSON = 'coalesce(reporter_id, told_id)';
/** Of a conversation: the question and all that were merged into it. */
const TREE = `with recursive tree as (
    select id from desk_tickets where org_id = $1 and id = $2
    union select c.id from desk_tickets c join tree on c.merged_into = tree.id where c.org_id = $1)`;

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
  /** Opened ones first, and of a question that several asked only its first mail and those that somebody opened; else the newest first. */
  readonly queue?: boolean;
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
      `insert into desk_samples (org_id, id, desk_org_id, created_at, channel, report_key, reporter_id, reporter_name, answer_by_mail, state, report_digest, size, file_id, delete_on, touched, token_id, told_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $11, $12, $13, $14, $15, $16) on conflict (org_id, report_key) where report_key is not null do nothing returning id`,
      [r.org_id, r.id, r.desk_org_id, r.created_at, r.channel, r.report_key, r.reporter_id, r.reporter_name, r.answer_by_mail, r.report_digest, r.size, r.file_id, r.delete_on, r.touched, r.token_id, r.told_id],
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
  /** Whom a button named has signed in and says so. */
  claimed: (tx: Tx, orgId: string, id: string, personId: string, name: string) => tx.query('update desk_samples set reporter_id = $3, reporter_name = $4 where org_id = $1 and id = $2 and reporter_id is null and told_id = $3', [orgId, id, personId, name]),
  touched: (tx: Tx, orgId: string, id: string, touched: Touched) => tx.query('update desk_samples set touched = $3 where org_id = $1 and id = $2', [orgId, id, touched]),
  decided: (tx: Tx, orgId: string, id: string, decision: Decision, learned: boolean) => tx.query('update desk_samples set decision = $3, decided_at = $4, learned = $5 where org_id = $1 and id = $2', [orgId, id, decision, tx.now, learned]),
  asked: (tx: Tx, orgId: string, ids: readonly string[], ticketId: string, joined: boolean) => tx.query('update desk_samples set ticket_id = $3, joined = $4 where org_id = $1 and id = any($2::uuid[])', [orgId, ids, ticketId, joined]),
  /** Those who look for an open question one after another, until the end of the transaction: two like mails at the same moment are one question. */
  hold: (tx: Tx, orgId: string) => tx.query("select pg_advisory_xact_lock(hashtextextended('desk_samples ' || $1, 0))", [orgId]),
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
  /** Of some questions, without what was merged into them. */
  ofQuestions: (tx: Tx, orgId: string, tickets: readonly string[], f: { readonly undecided: boolean; readonly limit: number }) =>
    tx.query<SampleRow>(
      `select ${COLUMNS} from desk_samples where org_id = $1 and ticket_id = any($2::uuid[]) and ($3 = false or (decision is null and state in ('judged', 'failed'))) order by joined, id limit $4`, [orgId, tickets, f.undecided, f.limit],
    ),
  /** Whether a question holds so many already. */
  many: async (tx: Tx, orgId: string, ticketId: string, limit: number): Promise<boolean> =>
    (await tx.query<{ n: number }>('select count(*)::int as n from (select 1 from desk_samples where org_id = $1 and ticket_id = $2 limit $3) c', [orgId, ticketId, limit]))[0]!.n >= limit,
  /** The mail that opened a question. */
  leading: async (tx: Tx, orgId: string, ticketId: string): Promise<SampleRow | undefined> => (await tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where org_id = $1 and ticket_id = $2 order by joined, id limit 1`, [orgId, ticketId]))[0],
  /** Where the mail that opened a question went elsewhere, the next stands for it. */
  promote: (tx: Tx, orgId: string, ticketId: string) =>
    tx.query(
      `update desk_samples set joined = false where org_id = $1 and id = (select id from desk_samples where org_id = $1 and ticket_id = $2 order by id limit 1)
        and not exists (select from desk_samples where org_id = $1 and ticket_id = $2 and not joined)`, [orgId, ticketId]),
  /** Whether somebody else asked in a conversation, or reported a mail in it. */
  shared: async (tx: Tx, orgId: string, ticketId: string, personId: string | null): Promise<boolean> =>
    (await tx.query(
      `${TREE} select 1 from desk_samples where org_id = $1 and ticket_id in (select id from tree) and ${PERSON} is distinct from $3::uuid
        union all select 1 from desk_tickets where org_id = $1 and id in (select id from tree) and requester_id is distinct from $3::uuid limit 1`, [orgId, ticketId, personId])).length > 0,
  /** The newest mail that a person reported in a conversation. */
  mine: async (tx: Tx, orgId: string, ticketId: string, personId: string): Promise<SampleRow | undefined> =>
    (await tx.query<SampleRow>(`${TREE} select ${COLUMNS} from desk_samples where org_id = $1 and ticket_id in (select id from tree) and ${PERSON} = $3 order by id desc limit 1`, [orgId, ticketId, personId]))[0],
  /** The newest mail that a person reported in each of some questions. */
  mineOf: (tx: Tx, orgId: string, tickets: readonly string[], personId: string) =>
    tx.query<Pick<SampleRow, 'ticket_id' | 'subject' | 'reporter_name'>>(`select distinct on (ticket_id) ticket_id, subject, reporter_name from desk_samples where org_id = $1 and ticket_id = any($2::uuid[]) and ${PERSON} = $3 order by ticket_id, id desc`, [orgId, tickets, personId]),
  /** Who reported a mail in a conversation, each once with the subject of the newest, in order of their ids. */
  reporters: (tx: Tx, orgId: string, ticketId: string, after: string | null, limit: number) =>
    tx.query<{ person: string; subject: string }>(
      `${TREE} select distinct on (${PERSON}) ${PERSON} as person, subject from desk_samples
        where org_id = $1 and ticket_id in (select id from tree) and ${PERSON} is not null and ($3::uuid is null or ${PERSON} > $3::uuid) order by ${PERSON}, id desc limit $4`, [orgId, ticketId, after, limit]),
  /** Of questions that more than one person asked: how many reported, and how many of them have opened something. Seen by the member and by its desk. */
  counts: async (tx: Tx, tickets: readonly (string | null)[]): Promise<ReadonlyMap<string, { people: number; touched: number }>> => {
    const wanted = [...new Set(tickets.filter((id) => id !== null))];
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<{ ticket_id: string; people: number; touched: number }>(
      `select s.ticket_id, count(distinct coalesce(s.reporter_id, s.told_id, s.id))::int as people, count(distinct coalesce(s.reporter_id, s.told_id, s.id)) filter (where s.touched <> 'nothing')::int as touched
         from desk_tickets t join desk_samples s on s.org_id = t.org_id and s.ticket_id = t.id where t.id = any($1::uuid[]) group by s.ticket_id having count(*) > 1`, [wanted]);
    return new Map(rows.filter((r) => r.people > 1).map((r) => [r.ticket_id, { people: r.people, touched: r.touched }]));
  },
  byIds: (tx: Tx, orgId: string, ids: readonly string[]) => tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where org_id = $1 and id = any($2::uuid[])`, [orgId, ids]),
  /** The ids of all questions in one conversation: what a ticket was merged into, and what else was. */
  conversation: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ id: string }>(
      `with recursive up as (select id, merged_into from desk_tickets where org_id = $1 and id = $2 union select t.id, t.merged_into from desk_tickets t join up on t.id = up.merged_into where t.org_id = $1),
         tree as (select id from up where merged_into is null union select c.id from desk_tickets c join tree on c.merged_into = tree.id where c.org_id = $1)
       select id from tree limit 1000`,
      [orgId, ticketId],
    )).map((r) => r.id),
  /** The same mail elsewhere and those of its question, opened ones first. */
  alike: (tx: Tx, side: Side, orgId: string, row: Pick<SampleRow, 'id' | 'org_id' | 'message_key' | 'mail_digest' | 'ticket_id'>, others: readonly string[]) =>
    tx.query<SampleRow>(
      `select ${COLUMNS} from desk_samples where ${side} = $1 and id <> $2 and ((org_id = $3 and (message_key = $4 or mail_digest = $5 or ticket_id = $7)) or id = any($6::uuid[])) order by ${OPENED} desc, id desc limit 20`,
      [orgId, row.id, row.org_id, row.message_key, row.mail_digest, others, row.ticket_id],
    ),

  list: (tx: Tx, side: Side, orgId: string, f: ListFilter): Promise<SampleRow[]> => {
    const values: unknown[] = [orgId];
    const p = (value: unknown): string => `$${values.push(value)}`;
    let where = `${side} = $1`;
    if (f.verdict) where += ` and verdict = ${p(f.verdict)}`;
    if (f.reporter) {
      const who = p(f.reporter);
      where += ` and (reporter_id = ${who} or told_id = ${who})`;
    }
    if (f.member) where += ` and org_id = ${p(f.member)}`;
    if (f.ids) where += ` and id = any(${p(f.ids)}::uuid[])`;
    if (f.open) where += " and decision is null and state in ('judged', 'failed')";
    if (f.q) where += ` and search_key like ${p(`%${escapeLike(f.q)}%`)}`;
    if (f.queue) {
      // Whoever searches wants the very mail.
      if (!f.q && !f.ids) where += ` and (not joined or ${OPENED})`;
      if (f.after) where += ` and (${OPENED}, id) < (${p(f.after[0] === 1)}::boolean, ${p(f.after[1])}::uuid)`;
      return tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where ${where} order by ${OPENED} desc, id desc limit ${p(f.limit + 1)}`, values);
    }
    if (f.after) where += ` and id < ${p(f.after[0])}::uuid`;
    return tx.query<SampleRow>(`select ${COLUMNS} from desk_samples where ${where} order by id desc limit ${p(f.limit + 1)}`, values);
  },

  /** Of these ids, or from a sender or with a subject that holds one of the texts (lower case), since then: newest first. */
  traced: (tx: Tx, orgId: string, ids: readonly string[], texts: readonly string[], since: Date, limit: number) =>
    tx.query<Pick<SampleRow, 'id' | 'subject' | 'reporter_id' | 'reporter_name' | 'touched' | 'created_at'>>(
      `select id, subject, reporter_id, reporter_name, touched, created_at from desk_samples
        where org_id = $1 and created_at >= $4 and state <> 'drill' and (id = any($2::uuid[]) or lower(sender) like any($3::text[]) or lower(subject) like any($3::text[])) order by id desc limit $5`,
      [orgId, ids, texts.map((text) => `%${escapeLike(text)}%`), since, limit],
    ),

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
