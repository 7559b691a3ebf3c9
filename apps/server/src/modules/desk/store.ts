import type { Kysely } from 'kysely';
import { escapeLike } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import type { SlaSettings } from './rules.ts';
import type { DeskSchema, HistoryRow, MessageRow, NoteRow, TicketRow, TicketState } from './schema.ts';

const db = (tx: Tx): Kysely<DeskSchema> => tx.table<DeskSchema>();
/** Of a conversation at most so many of the newest messages, notes and history lines are shown. */
const SHOWN_MAX = 500;
const COUNT_MAX = 1000;
const EXPORT_MAX = 20_000;

type Where = (value: unknown) => string;
/** Collects parameters: `where('text')` gives their `$n`. */
function parameters(first: readonly unknown[]): { values: unknown[]; p: Where } {
  const values = [...first];
  return { values, p: (value) => `$${values.push(value)}` };
}

export interface QueueFilter {
  readonly state: TicketState | 'open';
  readonly member: string | null;
  /** A person, 'none', or everybody's. */
  readonly assignee: string | null;
  readonly rank: number | null;
  readonly late: boolean;
  /** Folded search text. */
  readonly q: string;
  readonly number: number | null;
  readonly after: readonly (string | number)[] | null;
  readonly limit: number;
}

/** Names the two columns a ticket is seen by; constants, never input. */
export type Side = 'org_id' | 'desk_org_id';

export const tickets = {
  /** Within the scope's own reach; `side` says which column must be the scope's organisation. */
  get: async (tx: Tx, side: Side, orgId: string, id: string): Promise<TicketRow | undefined> => (await tx.query<TicketRow>(`select * from desk_tickets where ${side} = $1 and id = $2`, [orgId, id]))[0],
  /** Not a full lock: a line of history about a finding that closes meanwhile may refer to the row. */
  lock: async (tx: Tx, orgId: string, id: string): Promise<TicketRow | undefined> => (await tx.query<TicketRow>('select * from desk_tickets where org_id = $1 and id = $2 for no key update', [orgId, id]))[0],
  insert: (tx: Tx, row: TicketRow) => db(tx).insertInto('desk_tickets').values({ ...row, pauses: JSON.stringify(row.pauses) as never }).execute(),
  update: async (tx: Tx, row: Pick<TicketRow, 'org_id' | 'id'>, patch: Partial<TicketRow>): Promise<TicketRow> =>
    db(tx).updateTable('desk_tickets').set(patch.pauses ? { ...patch, pauses: JSON.stringify(patch.pauses) as never } : patch).where('org_id', '=', row.org_id).where('id', '=', row.id).returningAll().executeTakeFirstOrThrow(),
  /** A federation's next number; held until the transaction ends. */
  number: async (tx: Tx, federation: string): Promise<string> => {
    const [row] = await tx.query<{ last: string }>('insert into desk_counters values ($1, 1) on conflict (org_id) do update set last = desk_counters.last + 1 returning last', [federation]);
    return row!.last;
  },
  sla: async (tx: Tx, federation: string): Promise<SlaSettings | null> => (await tx.query<{ settings: SlaSettings }>('select settings from desk_sla where org_id = $1', [federation]))[0]?.settings ?? null,
  saveSla: (tx: Tx, federation: string, settings: SlaSettings) =>
    tx.query('insert into desk_sla values ($1, $2, $3) on conflict (org_id) do update set settings = excluded.settings, updated_at = excluded.updated_at', [federation, JSON.stringify(settings), tx.now]),

  forgetNotes: async (tx: Tx, orgId: string): Promise<void> => void (await tx.query('delete from desk_notes n using desk_tickets t where t.org_id = $1 and n.ticket_id = t.id', [orgId])),
  /** How many questions of one urgency that findings opened by themselves nobody has taken yet; counted up to `limit`. */
  untaken: async (tx: Tx, deskOrgId: string, rank: number, limit: number): Promise<number> =>
    (await tx.query<{ n: number }>("select count(*)::int as n from (select 1 from desk_tickets where desk_org_id = $1 and rank = $2 and state = 'new' and channel = 'finding' and requester_id is null and assignee_id is null and merged_into is null limit $3) t", [deskOrgId, rank, limit]))[0]!.n,
  /** The newest ticket about a finding. */
  ofFinding: async (tx: Tx, orgId: string, findingId: string): Promise<TicketRow | undefined> => (await tx.query<TicketRow>('select * from desk_tickets where org_id = $1 and finding_id = $2 order by id desc limit 1', [orgId, findingId]))[0],

  /** Findings that open conversations of an organisation are about. */
  openFindings: async (tx: Tx, orgId: string): Promise<string[]> =>
    (await tx.query<{ finding_id: string }>("select distinct finding_id from desk_tickets where org_id = $1 and finding_id is not null and merged_into is null and state <> 'solved'", [orgId])).map((r) => r.finding_id),
  /** Notes what has come to each finding's computer or name; what is absent weighs on nobody. */
  putRisks: (tx: Tx, orgId: string, risks: readonly { readonly finding: string; readonly risk: number | null }[]) =>
    tx.query<{ id: string; desk_org_id: string }>(
      `update desk_tickets t set risk = r.risk, risk_at = case when r.risk is null then null else $3::timestamptz end from jsonb_to_recordset($2::jsonb) as r(finding uuid, risk float8)
        where t.org_id = $1 and t.finding_id = r.finding and t.merged_into is null and t.state <> 'solved' returning t.id, t.desk_org_id`,
      [orgId, JSON.stringify(risks), tx.now],
    ),
  forgetRisks: (tx: Tx, orgId: string) => tx.query('update desk_tickets set risk = null, risk_at = null where org_id = $1 and risk is not null', [orgId]),

  list: (tx: Tx, orgId: string, filter: { state: TicketState | null; requester: string | null; q: string; after: readonly (string | number)[] | null; limit: number }): Promise<TicketRow[]> => {
    const { values, p } = parameters([orgId]);
    let where = 'org_id = $1 and merged_into is null';
    if (filter.state) where += ` and state = ${p(filter.state)}`;
    if (filter.requester) {
      const who = p(filter.requester);
      where += ` and (requester_id = ${who} or id in (select ticket_id from desk_samples where org_id = $1 and (reporter_id = ${who} or told_id = ${who}) and ticket_id is not null))`;
    }
    if (filter.q) where += ` and search_key like ${p(`%${escapeLike(filter.q)}%`)}`;
    if (filter.after) where += ` and (updated_at, id) < (${p(filter.after[0])}::timestamptz, ${p(filter.after[1])}::uuid)`;
    return tx.query<TicketRow>(`select * from desk_tickets where ${where} order by updated_at desc, id desc limit ${p(filter.limit + 1)}`, values);
  },
  count: async (tx: Tx, orgId: string, state: TicketState | null): Promise<number> => {
    const [row] = await tx.query<{ n: string }>(`select count(*) as n from (select 1 from desk_tickets where org_id = $1 and merged_into is null and ($2::text is null or state = $2) limit ${COUNT_MAX + 1}) c`, [orgId, state]);
    return Number(row!.n);
  },

  /** The queue: open tickets by urgency and due time, or solved ones, the last solved first. */
  queue: (tx: Tx, federation: string, filter: QueueFilter): Promise<TicketRow[]> => {
    const { values, p } = parameters([federation]);
    const solved = filter.state === 'solved';
    let where = `desk_org_id = $1 and merged_into is null and ${solved ? "state = 'solved'" : "state <> 'solved'"}`;
    if (!solved && filter.state !== 'open') where += ` and state = ${p(filter.state)}`;
    if (filter.member) where += ` and org_id = ${p(filter.member)}`;
    if (filter.assignee) where += filter.assignee === 'none' ? ' and assignee_id is null' : ` and assignee_id = ${p(filter.assignee)}`;
    if (filter.rank !== null) where += ` and rank = ${p(filter.rank)}`;
    if (filter.late) where += solved ? ' and (solved_at > solve_due or coalesce(first_replied_at, solved_at) > first_reply_due)' : ` and next_due <= ${p(tx.now)}`;
    if (filter.number !== null) where += ` and number = ${p(filter.number)}`;
    else if (filter.q) where += ` and search_key like ${p(`%${escapeLike(filter.q)}%`)}`;
    if (filter.after) {
      const [a, b, c] = filter.after;
      where += solved ? ` and (solved_at, id) < (${p(a)}::timestamptz, ${p(b)}::uuid)` : ` and (rank, due_key, id) > (${p(a)}::smallint, ${p(b)}::timestamptz, ${p(c)}::uuid)`;
    }
    return tx.query<TicketRow>(`select * from desk_tickets where ${where} order by ${solved ? 'solved_at desc, id desc' : 'rank, due_key, id'} limit ${p(filter.limit + 1)}`, values);
  },
  everyOpen: (tx: Tx, federation: string) =>
    tx.query<TicketRow>(`select * from desk_tickets where desk_org_id = $1 and state <> 'solved' and merged_into is null order by rank, due_key, id limit ${EXPORT_MAX}`, [federation]),

  /** How many wait; each number stops at 1,000. */
  queueCounts: async (tx: Tx, federation: string, personId: string | null): Promise<{ new: number; mine: number; late: number; soon: number; waiting: number }> => {
    const open = "desk_org_id = $1 and merged_into is null and state <> 'solved'";
    const due = 'desk_org_id = $1 and merged_into is null and next_due is not null';
    const upTo = (where: string): string => `(select count(*)::int from (select 1 from desk_tickets where ${where} limit ${COUNT_MAX}) c)`;
    const [row] = await tx.query<{ new: number; mine: number; late: number; soon: number; waiting: number }>(
      `select ${upTo(`${open} and state = 'new'`)} as new, ${upTo(`${open} and assignee_id = $2`)} as mine, ${upTo(`${due} and next_due <= $3`)} as late,
              ${upTo(`${due} and next_due > $3 and soon_at <= $3`)} as soon, ${upTo(`${open} and state = 'waiting'`)} as waiting`,
      [federation, personId, tx.now],
    );
    return row!;
  },
  mentioning: (tx: Tx, orgId: string, texts: readonly string[], since: Date) =>
    tx.query<{ id: string; number: string; subject: string; created_at: Date }>(
      `select id, number, subject, created_at from desk_tickets t
        where org_id = $1 and updated_at >= $3 and merged_into is null and (lower(subject) like any($2::text[]) or exists (select 1 from desk_messages m where m.org_id = t.org_id and m.ticket_id = t.id and lower(m.text) like any($2::text[]))) order by id desc limit 20`,
      [orgId, texts.map((text) => `%${escapeLike(text)}%`), since],
    ),
  openCount: async (tx: Tx, orgId: string): Promise<number> => {
    const [row] = await tx.query<{ n: string }>("select count(*) as n from desk_tickets where org_id = $1 and merged_into is null and state <> 'solved'", [orgId]);
    return Number(row!.n);
  },
  /** Answers of the desk that nobody of the organisation has taken up, the most urgent first. */
  answered: (tx: Tx, orgId: string, limit: number) =>
    tx.query<TicketRow>("select * from desk_tickets where org_id = $1 and merged_into is null and state = 'waiting' order by rank, updated_at limit $2", [orgId, limit]),

  /** Moves somebody's open tickets; `to` null: nobody's. */
  reassign: (tx: Tx, federation: string, from: string, to: { id: string; name: string } | null) =>
    tx.query<{ id: string; org_id: string }>("update desk_tickets set assignee_id = $3, assignee_name = $4, updated_at = $5 where desk_org_id = $1 and assignee_id = $2 and state <> 'solved' and merged_into is null returning id, org_id", [federation, from, to?.id ?? null, to?.name ?? null, tx.now]),

  /** Federations with tickets whose time has run out and of which nobody was told; system only. */
  lateDesks: async (tx: Tx): Promise<string[]> =>
    (await tx.query<{ id: string }>('select distinct desk_org_id as id from desk_tickets where next_due <= $1 and next_due is not null and merged_into is null and late_told_at is null', [tx.now])).map((r) => r.id),
  /** Marks those of one federation as told and gives them back, the longest overdue first. */
  takeLate: async (tx: Tx, federation: string, limit: number): Promise<TicketRow[]> => {
    const rows = await tx.query<TicketRow>(
      `update desk_tickets t set late_told_at = $1
         from (select org_id, id from desk_tickets where desk_org_id = $2 and next_due <= $1 and next_due is not null and merged_into is null and late_told_at is null order by next_due limit $3 for update skip locked) d
        where t.org_id = d.org_id and t.id = d.id returning t.*`,
      [tx.now, federation, limit],
    );
    return rows.sort((a, b) => a.due_key.getTime() - b.due_key.getTime());
  },

  /** Asked and solved from an instant up to another. */
  ofSpan: async (tx: Tx, orgId: string, from: Date, to: Date): Promise<{ asked: number; solved: number }> => {
    const [row] = await tx.query<{ asked: string; solved: string }>(
      `select (select count(*) from desk_tickets where org_id = $1 and created_at >= $2 and created_at < $3) as asked,
              (select count(*) from desk_tickets where org_id = $1 and merged_into is null and state = 'solved' and solved_at >= $2 and solved_at < $3) as solved`,
      [orgId, from, to],
    );
    return { asked: Number(row!.asked), solved: Number(row!.solved) };
  },
  oldestOpen: (tx: Tx, orgId: string, limit: number) => tx.query<TicketRow>("select * from desk_tickets where org_id = $1 and merged_into is null and state <> 'solved' order by created_at, id limit $2", [orgId, limit]),

  statistics: async (tx: Tx, federation: string, from: Date, to: Date): Promise<Statistics> => {
    const [row] = await tx.query<{ asked: string; late: string; solved: string; median: number | null; good: string; bad: string }>(
      `select a.asked, a.late, a.median, s.solved, r.good, r.bad
         from (select count(*) as asked, percentile_cont(0.5) within group (order by first_reply_minutes) as median,
                      count(*) filter (where coalesce(first_replied_at, solved_at, $4) > first_reply_due or coalesce(solved_at, $4) > solve_due) as late
                 from desk_tickets where desk_org_id = $1 and created_at >= $2 and created_at < $3) a,
              (select count(*) as solved from desk_tickets where desk_org_id = $1 and merged_into is null and state = 'solved' and solved_at >= $2 and solved_at < $3) s,
              (select count(*) filter (where satisfaction = 'good') as good, count(*) filter (where satisfaction = 'bad') as bad
                 from desk_tickets where desk_org_id = $1 and rated_at >= $2 and rated_at < $3) r`,
      [federation, from, to, tx.now],
    );
    return { asked: Number(row!.asked), solved: Number(row!.solved), late: Number(row!.late), firstReplyMinutesMedian: row!.median, good: Number(row!.good), bad: Number(row!.bad) };
  },
};

export interface Statistics {
  readonly asked: number;
  readonly solved: number;
  readonly late: number;
  readonly firstReplyMinutesMedian: number | null;
  readonly good: number;
  readonly bad: number;
}

/** A ticket and all that was merged into it, and into those. */
const TREE = `with recursive tree as (
    select id from desk_tickets where org_id = $1 and id = $2
    union select c.id from desk_tickets c join tree on c.merged_into = tree.id where c.org_id = $1)`;

export const details = {
  /** The ticket that a merged one ends in; the ticket itself when it is not merged. */
  root: async (tx: Tx, orgId: string, id: string): Promise<string | undefined> => {
    const rows = await tx.query<{ id: string }>(
      `with recursive up as (
         select id, merged_into from desk_tickets where org_id = $1 and id = $2
         union select t.id, t.merged_into from desk_tickets t join up on t.id = up.merged_into where t.org_id = $1)
       select id from up where merged_into is null`,
      [orgId, id],
    );
    return rows[0]?.id;
  },
  /** `of`: only what the desk wrote and what this person did. */
  messages: async (tx: Tx, orgId: string, ticketId: string, of: string | null = null) =>
    (await tx.query<MessageRow>(`${TREE} select * from desk_messages where org_id = $1 and ticket_id in (select id from tree) and ($3::uuid is null or side = 'desk' or who_id = $3::uuid) order by at desc, id desc limit ${SHOWN_MAX}`, [orgId, ticketId, of])).reverse(),
  history: async (tx: Tx, orgId: string, ticketId: string) =>
    (await tx.query<HistoryRow>(`${TREE} select * from desk_history where org_id = $1 and ticket_id in (select id from tree) order by at desc, id desc limit ${SHOWN_MAX}`, [orgId, ticketId])).reverse(),
  /** Notes of the desk on a conversation; in the federation's scope. `orgId` is the member. */
  notes: async (tx: Tx, federation: string, orgId: string, ticketId: string) =>
    (await tx.query<NoteRow>(`${TREE} select * from desk_notes where org_id = $3 and ticket_id in (select id from tree) order by at desc, id desc limit ${SHOWN_MAX}`, [orgId, ticketId, federation])).reverse(),
  /** Everybody who asked in a conversation, with the ids of merged tickets' requesters. */
  requesters: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ id: string }>(`${TREE} select distinct requester_id as id from desk_tickets where org_id = $1 and id in (select id from tree) and requester_id is not null`, [orgId, ticketId])).map((r) => r.id),
  findings: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ id: string }>(`${TREE} select distinct finding_id as id from desk_tickets where org_id = $1 and id in (select id from tree) and finding_id is not null`, [orgId, ticketId])).map((r) => r.id),
  message: async (tx: Tx, orgId: string, ticketId: string, id: string): Promise<MessageRow | undefined> => (await tx.query<MessageRow>('select * from desk_messages where org_id = $1 and ticket_id = $2 and id = $3', [orgId, ticketId, id]))[0],
  /** Replaces what the house itself wrote. */
  unsay: (tx: Tx, orgId: string, ticketId: string, text: string) => tx.query("update desk_messages set text = $3 where org_id = $1 and ticket_id = $2 and who_id is null and who = ''", [orgId, ticketId, text]),
  say: (tx: Tx, row: MessageRow) => db(tx).insertInto('desk_messages').values(row).execute(),
  /** Adds to the newest message of this writer that begins so, while it has room. @returns false where there is none */
  sayMore: async (tx: Tx, row: Pick<TicketRow, 'org_id' | 'id'>, who: string, begins: string, more: string, most: number): Promise<boolean> =>
    (await tx.query(
      `update desk_messages set text = text || $5 where org_id = $1 and char_length(text) + char_length($5) <= $6
         and id = (select id from desk_messages where org_id = $1 and ticket_id = $2 and who_id is null and who = $3 and side = 'member' and starts_with(text, $4) order by at desc, id desc limit 1) returning id`,
      [row.org_id, row.id, who, begins, more, most])).length > 0,
  note: (tx: Tx, row: NoteRow) => db(tx).insertInto('desk_notes').values(row).execute(),
  /** One statement however many lines. */
  remember: (tx: Tx, rows: readonly HistoryRow[]) => (rows.length === 0 ? Promise.resolve() : db(tx).insertInto('desk_history').values([...rows]).execute().then(() => {})),
};
