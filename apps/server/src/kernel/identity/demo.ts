import { randomToken } from '../secrets.ts';
import type { Account } from './sessions.ts';

/** Addresses of the demonstration's people end in this; nobody can own a name under .example (RFC 2606, section 2). */
export const DEMO_DOMAIN = 'shionagino.example';

const isDemoAddress = (email: string): boolean => {
  const domain = email.toLowerCase().slice(email.lastIndexOf('@') + 1);
  return domain === DEMO_DOMAIN || domain.endsWith(`.${DEMO_DOMAIN}`);
};

/**
 * Links that sign a person of the demonstration in without a second factor, any number of times. They live in this
 * process's memory only: none is stored, none outlives it, and a server that was not started with --demo has none.
 */
export class DemoLinks {
  readonly #accounts = new Map<string, string>();

  /**
   * A link token for an account of the demonstration.
   * @throws RangeError for any other account
   */
  make(account: Pick<Account, 'id' | 'email'>): string {
    if (!isDemoAddress(account.email)) throw new RangeError('such links are for people of the demonstration only');
    const token = randomToken();
    this.#accounts.set(token, account.id);
    return token;
  }

  /** The account a token was made for; null for everything else. */
  accountOf(token: string): string | null {
    return this.#accounts.get(token) ?? null;
  }

  /** Whether the account, as it stands now, is one that such links are for. */
  admits(account: Pick<Account, 'email'>): boolean {
    return isDemoAddress(account.email);
  }
}
