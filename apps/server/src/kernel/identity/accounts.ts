import type { Lang } from '@banya/contract';
import { newId } from '../ids.ts';
import { randomToken } from '../secrets.ts';
import type { Tx } from '../types.ts';
import { emailKey, type IdentityParts } from './parts.ts';
import type { Account } from './sessions.ts';

const LINK_MS = 20 * 60_000;
const COLUMNS = 'id, person_id, org_id, email, lang, totp_sealed, totp_step';

/** Accounts: who can sign in. One a person, made when a person with a role first asks for a link; an address may have several. */
export class Accounts {
  readonly #parts: IdentityParts;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  /**
   * The accounts of an address: one for each person who has it and holds a role, the oldest first, made now where there is
   * none yet; of one organisation alone where it is named. The list of people decides, so an address that was taken from
   * somebody opens nothing. Empty for strangers.
   */
  async forEmail(email: string, orgId?: string): Promise<Account[]> {
    const key = emailKey(email);
    const found: Account[] = [];
    for (const person of await this.#parts.directory().byEmail(key)) {
      if (orgId === undefined || person.orgId === orgId) found.push(await this.ensure(person.personId, person.orgId, key));
    }
    return found;
  }

  async byId(tx: Tx, id: string): Promise<Account | null> {
    const [account] = await tx.query<Account>(`select ${COLUMNS} from auth.accounts where id = $1 and disabled_at is null`, [id]);
    return account ?? null;
  }

  async ensure(personId: string, orgId: string, email: string, lang: Lang = 'ja'): Promise<Account> {
    return this.#parts.tenancy.asAuth('make an account', async (tx) => {
      await tx.query(
        `insert into auth.accounts (id, person_id, org_id, email, email_key, lang, created_at) values ($1,$2,$3,$4,$5,$6,$7)
         on conflict (person_id) do update set email = excluded.email, email_key = excluded.email_key, disabled_at = null`,
        [newId(tx.now.getTime()), personId, orgId, email, emailKey(email), lang, tx.now],
      );
      const [account] = await tx.query<Account>(`select ${COLUMNS} from auth.accounts where person_id = $1`, [personId]);
      return account!;
    });
  }

  async withSignIn(personIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (personIds.length === 0) return new Set();
    const rows = await this.#parts.tenancy.asAuth('who can sign in', (tx) => tx.query<{ person_id: string }>('select person_id from auth.accounts where person_id = any($1) and disabled_at is null', [personIds]));
    return new Set(rows.map((r) => r.person_id));
  }

  /** The language each of these people reads; those without an account are absent. */
  async langs(personIds: readonly string[]): Promise<ReadonlyMap<string, Lang>> {
    if (personIds.length === 0) return new Map();
    const rows = await this.#parts.tenancy.asAuth('which language do people read', (tx) => tx.query<{ person_id: string; lang: Lang }>('select person_id, lang from auth.accounts where person_id = any($1)', [personIds]));
    return new Map(rows.map((r) => [r.person_id, r.lang]));
  }

  /** When these people were last here; those who never were are absent. */
  async lastSeen(personIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    if (personIds.length === 0) return new Map();
    const rows = await this.#parts.tenancy.asAuth('when were people last here', (tx) =>
      tx.query<{ person_id: string; seen: Date }>('select a.person_id, max(s.seen_at) as seen from auth.accounts a join auth.sessions s on s.account_id = a.id where a.person_id = any($1) and s.finished_at is not null group by 1', [personIds]));
    return new Map(rows.map((r) => [r.person_id, r.seen]));
  }

  /** A one-use link token, for mail or for the console. Older unused links of the account end. */
  async link(account: Pick<Account, 'id'>): Promise<string> {
    const token = randomToken();
    await this.#parts.tenancy.asAuth('make a sign-in link', async (tx) => {
      await tx.query('delete from auth.links where expires_at < $1', [new Date(tx.now.getTime() - LINK_MS)]);
      await tx.query('insert into auth.links (token_mac, account_id, purpose, expires_at, created_at) values ($1,$2,$3,$4,$5)', [this.#parts.secrets.mac('link', token), account.id, 'sign_in', new Date(tx.now.getTime() + LINK_MS), tx.now]);
    });
    return token;
  }

  /** Uses a link once; null when it is unknown, used or too old. */
  async redeem(tx: Tx, token: string): Promise<Account | null> {
    const [used] = await tx.query<{ account_id: string }>(
      `update auth.links set used_at = $2 where token_mac = $1 and used_at is null and expires_at > $2 and purpose = 'sign_in' returning account_id`,
      [this.#parts.secrets.mac('link', token), tx.now],
    );
    if (!used) return null;
    return this.byId(tx, used.account_id);
  }

  /** The person left: sessions, links and the account end. */
  async disable(personId: string): Promise<void> {
    await this.#parts.tenancy.asAuth('end an account', async (tx) => {
      const [account] = await tx.query<{ id: string }>('update auth.accounts set disabled_at = $2 where person_id = $1 returning id', [personId, tx.now]);
      if (account) await this.#endAll(tx, account.id);
    });
  }

  /** Addresses of people changed: what is open under the old ones ends, and the account follows; who has none left has no account. */
  async changeEmail(changes: readonly { readonly personId: string; readonly emails: readonly string[] }[]): Promise<void> {
    await this.#parts.tenancy.asAuth('follow changed addresses', async (tx) => {
      const emails = new Map(changes.map((c) => [c.personId, c.emails]));
      for (const account of await tx.query<{ id: string; person_id: string }>('select id, person_id from auth.accounts where person_id = any($1)', [[...emails.keys()]])) {
        const [email] = emails.get(account.person_id)!;
        if (email === undefined) await tx.query('update auth.accounts set disabled_at = $2 where id = $1', [account.id, tx.now]);
        else await tx.query('update auth.accounts set email = $2, email_key = $3 where id = $1', [account.id, email, emailKey(email)]);
        await this.#endAll(tx, account.id);
      }
    });
  }

  /** Lost phone: second factors, recovery codes and sessions end; the next sign-in sets up a new factor. */
  async resetFactors(personId: string): Promise<boolean> {
    return this.#parts.tenancy.asAuth('reset a lost second factor', async (tx) => {
      const [account] = await tx.query<{ id: string }>('update auth.accounts set totp_sealed = null, totp_step = null where person_id = $1 and disabled_at is null returning id', [personId]);
      if (!account) return false;
      await tx.query('delete from auth.passkeys where account_id = $1', [account.id]);
      await tx.query('delete from auth.recovery_codes where account_id = $1', [account.id]);
      await this.#endAll(tx, account.id);
      return true;
    });
  }

  async #endAll(tx: Tx, accountId: string): Promise<void> {
    await tx.query('delete from auth.sessions where account_id = $1', [accountId]);
    await tx.query('delete from auth.links where account_id = $1', [accountId]);
  }
}
