import type { Kysely } from 'kysely';
import type { Tx } from '../../../kernel/types.ts';
import type { TicketRow } from '../schema.ts';
import type { Why } from './rules.ts';

interface MailIdRow {
  org_id: string;
  message_id: string;
  ticket_id: string;
  at: Date;
}
export interface TakenRow {
  org_id: string;
  desk_org_id: string;
  key: string;
  ticket_id: string;
  at: Date;
  address: string | null;
  raw_file: string | null;
  raw_bytes: number;
  /** Of a known person by the own mail server's word, anybody's, or to an open address from somebody on no list. */
  proof: 'proven' | 'unproven' | 'stranger';
}
interface RelatedRow {
  org_id: string;
  desk_org_id: string;
  ticket_id: string;
  other_id: string;
  why: Why;
  at: Date;
}
interface InboundSchema {
  desk_mail_ids: MailIdRow;
  desk_mail_taken: TakenRow;
  desk_mail_people: { org_id: string; ticket_id: string; address: string };
  desk_related: RelatedRow;
}
const db = (tx: Tx): Kysely<InboundSchema> => tx.table<InboundSchema>();
const LATEST = 5;
const ALIKE_DAYS = 14;

/** A ticket and all that was merged into it. */
const TREE = `with recursive tree as (
    select id from desk_tickets where org_id = $1 and id = $2
    union select c.id from desk_tickets c join tree on c.merged_into = tree.id where c.org_id = $1)`;

/** The organisation of a ticket; system only. */
export const orgOfTicket = async (tx: Tx, ticketId: string): Promise<string | undefined> => (await tx.query<{ org_id: string }>('select org_id from desk_tickets where id = $1', [ticketId]))[0]?.org_id;

export const taken = {
  get: async (tx: Tx, orgId: string, key: string): Promise<TakenRow | undefined> => (await tx.query<TakenRow>('select * from desk_mail_taken where org_id = $1 and key = $2', [orgId, key]))[0],
  /** False when the same mail was taken meanwhile. */
  insert: async (tx: Tx, row: TakenRow): Promise<boolean> => (await db(tx).insertInto('desk_mail_taken').values(row).onConflict((c) => c.columns(['org_id', 'key']).doNothing()).returning('key').execute()).length > 0,
  /** Questions that unproven mails of one address, and of all, have opened since then. */
  opened: async (tx: Tx, orgId: string, address: string | null, since: Date): Promise<{ mine: number; all: number }> =>
    (await tx.query<{ mine: number; all: number }>(
      `select count(distinct m.ticket_id) filter (where m.address is not distinct from $2)::int as mine, count(distinct m.ticket_id)::int as all from desk_mail_taken m join desk_tickets t on t.org_id = m.org_id and t.id = m.ticket_id
        where m.org_id = $1 and m.at > $3 and m.proof <> 'proven' and t.channel = 'mail' and t.created_at > $3`, [orgId, address, since]))[0]!,
  /** Mails in one conversation. */
  ofTicket: async (tx: Tx, orgId: string, ticketId: string): Promise<number> => (await tx.query<{ n: number }>('select count(*)::int as n from desk_mail_taken where org_id = $1 and ticket_id = $2', [orgId, ticketId]))[0]!.n,
  /** How many mails of this kind since then, and the bytes kept of them. */
  size: async (tx: Tx, orgId: string, proof: TakenRow['proof'], since: Date): Promise<{ mails: number; bytes: number }> => {
    const [row] = await tx.query<{ mails: number; bytes: string }>('select count(*)::int as mails, coalesce(sum(raw_bytes), 0) as bytes from desk_mail_taken where org_id = $1 and proof = $2 and at > $3', [orgId, proof, since]);
    return { mails: row!.mails, bytes: Number(row!.bytes) };
  },
  /** Waits for whoever takes the same mail now, until this transaction ends. */
  hold: (tx: Tx, orgId: string, key: string) => tx.query("select pg_advisory_xact_lock(hashtextextended('desk_mail_taken ' || $1 || ' ' || $2, 0))", [orgId, key]),
};

export const ids = {
  remember: (tx: Tx, orgId: string, ticketId: string, messageIds: readonly string[]) =>
    messageIds.length === 0 ? Promise.resolve() : db(tx).insertInto('desk_mail_ids').values(messageIds.map((message_id) => ({ org_id: orgId, message_id, ticket_id: ticketId, at: tx.now }))).onConflict((c) => c.doNothing()).execute().then(() => {}),
  /** Conversations that hold one of these, the nearest first; merged ones stand for where they went. */
  hits: async (tx: Tx, orgId: string, messageIds: readonly string[]): Promise<string[]> =>
    (await tx.query<{ ticket_id: string }>(
      `select ticket_id from desk_mail_ids where org_id = $1 and message_id = any($2::text[]) order by array_position($2::text[], message_id) desc, at desc limit 50`, [orgId, messageIds])).map((r) => r.ticket_id),
  /** The newest of a conversation, oldest first: what our next mail refers to. */
  latest: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ message_id: string }>(`${TREE} select message_id from desk_mail_ids where org_id = $1 and ticket_id in (select id from tree) order by at desc, message_id limit ${LATEST}`, [orgId, ticketId])).map((r) => r.message_id).reverse(),
};

export const people = {
  add: (tx: Tx, orgId: string, ticketId: string, address: string) => db(tx).insertInto('desk_mail_people').values({ org_id: orgId, ticket_id: ticketId, address }).onConflict((c) => c.doNothing()).execute(),
  addresses: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ address: string }>(`${TREE} select distinct address from desk_mail_people where org_id = $1 and ticket_id in (select id from tree)`, [orgId, ticketId])).map((r) => r.address),
  /** People of the member who have written in a conversation. */
  writers: async (tx: Tx, orgId: string, ticketId: string): Promise<string[]> =>
    (await tx.query<{ id: string }>(`${TREE} select distinct who_id as id from desk_messages where org_id = $1 and ticket_id in (select id from tree) and side = 'member' and who_id is not null limit 100`, [orgId, ticketId])).map((r) => r.id),
};

export const tickets = {
  byNumber: async (tx: Tx, orgId: string, number: number): Promise<string | null> => (await tx.query<{ id: string }>('select id from desk_tickets where org_id = $1 and number = $2', [orgId, number]))[0]?.id ?? null,
  /** The day's collection of this name, while it is open. */
  collection: async (tx: Tx, orgId: string, subject: string, house: string): Promise<string | null> =>
    (await tx.query<{ id: string }>("select id from desk_tickets where org_id = $1 and subject = $2 and requester_id is null and requester_name = $3 and state <> 'solved' and merged_into is null order by created_at desc limit 1", [orgId, subject, house]))[0]?.id ?? null,
  /** An open one of the same person with the same subject, not older than two weeks. */
  alike: async (tx: Tx, orgId: string, requesterId: string, subject: string): Promise<string | null> =>
    (await tx.query<{ id: string }>(
      `select id from desk_tickets where org_id = $1 and requester_id = $2 and subject = $3 and state <> 'solved' and merged_into is null and updated_at > $4 order by updated_at desc limit 1`,
      [orgId, requesterId, subject, new Date(tx.now.getTime() - ALIKE_DAYS * 86_400_000)]))[0]?.id ?? null,
};

export const related = {
  add: (tx: Tx, row: RelatedRow) => db(tx).insertInto('desk_related').values(row).onConflict((c) => c.doNothing()).execute(),
  /** What a ticket may belong to, while neither of the two is merged; seen by the member and by its desk. */
  of: (tx: Tx, ticketId: string): Promise<(Pick<TicketRow, 'id' | 'number' | 'subject' | 'state'> & { why: Why })[]> =>
    tx.query(
      `select t.id, t.number, t.subject, t.state, r.why from desk_related r join desk_tickets own on own.org_id = r.org_id and own.id = r.ticket_id join desk_tickets t on t.org_id = r.org_id and t.id = r.other_id
        where r.ticket_id = $1 and own.merged_into is null and t.merged_into is null order by r.at desc limit 10`, [ticketId]),
};

/** Files of doors that were delivered; system only. */
export const files = {
  has: async (tx: Tx, wanted: readonly string[]): Promise<ReadonlySet<string>> => new Set((await tx.query<{ id: string }>('select id from desk_mail_files where id = any($1::text[])', [wanted])).map((r) => r.id)),
  add: (tx: Tx, id: string) => tx.query('insert into desk_mail_files (id, at) values ($1, $2) on conflict (id) do nothing', [id, tx.now]),
  remove: (tx: Tx, gone: readonly string[]) => tx.query('delete from desk_mail_files where id = any($1::text[])', [gone]),
};

export interface MailboxPlace {
  readonly place: string;
  readonly uidValidity: string;
  readonly lastUid: number;
  readonly readAt: Date;
}
/** Up to where a member's mailbox was read. */
export const places = {
  get: async (tx: Tx, orgId: string): Promise<MailboxPlace | null> => {
    const [row] = await tx.query<{ place: string; uid_validity: string; last_uid: string; read_at: Date }>('select place, uid_validity, last_uid, read_at from desk_mailbox_places where org_id = $1', [orgId]);
    return row ? { place: row.place, uidValidity: row.uid_validity, lastUid: Number(row.last_uid), readAt: row.read_at } : null;
  },
  put: (tx: Tx, orgId: string, at: Omit<MailboxPlace, 'readAt'>) =>
    tx.query(
      `insert into desk_mailbox_places (org_id, place, uid_validity, last_uid, read_at) values ($1, $2, $3, $4, $5)
       on conflict (org_id) do update set place = excluded.place, uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, read_at = excluded.read_at`,
      [orgId, at.place, at.uidValidity, at.lastUid, tx.now]),
};
