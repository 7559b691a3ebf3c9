import { randomBytes } from 'node:crypto';
import type { Tx } from '../../../kernel/types.ts';
import type { MailboxSettings, Profile, ProfileRow } from './schema.ts';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const TOKEN_LENGTH = 14;
/** So long a retired address is still taken. */
const RETIRED_DAYS = 30;
const KEEP_DAYS = 90;
export const LOCAL_PREFIX = 'report+';
const usual: Omit<ProfileRow, 'org_id'> = { officers: [], partners: [], authserv_ids: [], keep_days: KEEP_DAYS, mailbox: null, mailbox_sealed: null, mailbox_at: null, mailbox_error: null };
export const noMailbox: MailboxSettings = { kind: 'none', host: null, port: null, user: null, folder: null, tenant: null, clientId: null };

/** About 70 bits, without letters that look alike when somebody types them from paper. */
function newToken(): string {
  return Array.from(randomBytes(TOKEN_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

export const profiles = {
  get: async (tx: Tx, orgId: string): Promise<ProfileRow> =>
    (await tx.query<ProfileRow>('select org_id, officers, partners, authserv_ids, keep_days, mailbox, mailbox_sealed, mailbox_at, mailbox_error from desk_mail_profiles where org_id = $1', [orgId]))[0] ?? { org_id: orgId, ...usual },
  save: (tx: Tx, orgId: string, p: Profile) =>
    tx.query(
      `insert into desk_mail_profiles (org_id, officers, partners, authserv_ids, keep_days, updated_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (org_id) do update set officers = excluded.officers, partners = excluded.partners, authserv_ids = excluded.authserv_ids, keep_days = excluded.keep_days, updated_at = excluded.updated_at`,
      [orgId, JSON.stringify(p.officers), JSON.stringify(p.partners), p.authservIds, p.keepDays, tx.now],
    ),
  saveMailbox: (tx: Tx, orgId: string, mailbox: MailboxSettings, sealed: string | null) =>
    tx.query(
      `insert into desk_mail_profiles (org_id, mailbox, mailbox_sealed, updated_at) values ($1, $2, $3, $4)
       on conflict (org_id) do update set mailbox = excluded.mailbox, mailbox_sealed = excluded.mailbox_sealed, mailbox_at = null, mailbox_error = null, updated_at = excluded.updated_at`,
      [orgId, mailbox.kind === 'none' ? null : JSON.stringify(mailbox), sealed, tx.now],
    ),
  mailboxRead: (tx: Tx, orgId: string, error: string | null) => tx.query('update desk_mail_profiles set mailbox_at = $2, mailbox_error = $3 where org_id = $1', [orgId, tx.now, error]),
  /** Organisations with a mailbox; system only. */
  withMailbox: async (tx: Tx): Promise<string[]> => (await tx.query<{ org_id: string }>('select org_id from desk_mail_profiles where mailbox is not null order by org_id')).map((r) => r.org_id),
};

export const addresses = {
  current: async (tx: Tx, orgId: string): Promise<string | null> => (await tx.query<{ token: string }>('select token from desk_mail_addresses where org_id = $1 and retired_at is null', [orgId]))[0]?.token ?? null,
  /** The current one, made where there is none yet. */
  ensure: async (tx: Tx, orgId: string): Promise<string> => {
    await tx.query('insert into desk_mail_addresses (org_id, token, created_at) values ($1, $2, $3) on conflict (org_id) where retired_at is null do nothing', [orgId, newToken(), tx.now]);
    return (await addresses.current(tx, orgId))!;
  },
  renew: async (tx: Tx, orgId: string): Promise<string> => {
    await tx.query('update desk_mail_addresses set retired_at = $2 where org_id = $1 and retired_at is null', [orgId, tx.now]);
    return addresses.ensure(tx, orgId);
  },
  /** Whose address it is; system only. */
  holder: async (tx: Tx, token: string): Promise<string | null> =>
    (await tx.query<{ org_id: string }>('select org_id from desk_mail_addresses where token = $1 and (retired_at is null or retired_at > $2)', [token, new Date(tx.now.getTime() - RETIRED_DAYS * 86_400_000)]))[0]?.org_id ?? null,
};

/** The token of a local part `report+<token>`, null for anything else. */
export function tokenOf(localPart: string): string | null {
  const lower = localPart.toLowerCase();
  const token = lower.startsWith(LOCAL_PREFIX) ? lower.slice(LOCAL_PREFIX.length) : '';
  return /^[a-z0-9]{8,40}$/.test(token) ? token : null;
}
