import { randomInt } from 'node:crypto';
import { generateSecret, generateURI, verifySync } from 'otplib';
import { renderSVG } from 'uqr';
import { Problem } from '../errors.ts';
import type { Tx } from '../types.ts';
import { emailKey, type IdentityParts } from './parts.ts';
import type { Account } from './sessions.ts';

const RECOVERY_CODES = 10;
/** Without 0, O, 1, I and L, which people mistake for one another on paper. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Time-based codes (RFC 6238: 6 digits, 30 s, SHA-1, one step of tolerance) and recovery codes. */
export class Factors {
  readonly #parts: IdentityParts;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  /** A new secret for the code generator, kept sealed with the unfinished session until the first right code. */
  async enrol(sessionId: string, account: Account): Promise<{ secret: string; uri: string; qrSvg: string }> {
    const secret = generateSecret();
    await this.#parts.tenancy.asAuth('begin to enrol a code generator', (tx) => tx.query('update auth.sessions set enrolling_sealed = $2 where id = $1', [sessionId, this.#parts.secrets.seal('totp', secret, account.id)]));
    const uri = generateURI({ issuer: 'Banya', label: await this.#label(account), secret });
    return { secret, uri, qrSvg: renderSVG(uri, { border: 2 }) };
  }

  /** What the code generator shows: with the organisation where the address has several accounts, since some apps keep one entry a name. */
  async #label(account: Account): Promise<string> {
    const others = await this.#parts.tenancy.asAuth('has this address other accounts', (tx) => tx.query('select 1 from auth.accounts where email_key = $1 and id <> $2 and disabled_at is null limit 1', [emailKey(account.email), account.id]));
    if (others.length === 0) return account.email;
    return `${account.email} ${((await this.#parts.directory().orgName(account.org_id)) ?? '').slice(0, 30)}`;
  }

  /** Checks a code; a code counts once (its time step is kept). Returns the step, or null. */
  verify(sealed: string, accountId: string, code: string, lastStep: number | null): number | null {
    const secret = this.#parts.secrets.open('totp', sealed, accountId).toString();
    const result = verifySync({ secret, token: code, epoch: Math.floor(this.#parts.clock.now() / 1000), epochTolerance: 30, ...(lastStep === null ? {} : { afterTimeStep: lastStep }) });
    return result.valid ? ((result as { timeStep?: number }).timeStep ?? Math.floor(this.#parts.clock.now() / 30_000)) : null;
  }

  /**
   * Takes the account for its first second factor: of two sign-ins that set one up at once the first to finish wins.
   * @throws Problem when it has one already
   */
  async claim(tx: Tx, accountId: string): Promise<void> {
    const [account] = await tx.query<{ sealed: string | null }>('select totp_sealed as sealed from auth.accounts where id = $1 for update', [accountId]);
    // A statement of its own: it sees what was stored while the one above waited.
    const keys = await tx.query('select 1 from auth.passkeys where account_id = $1 limit 1', [accountId]);
    if (account?.sealed !== null || keys.length > 0) throw new Problem(401, 'sign_in_not_started');
  }

  /** Stores the enrolled secret and makes fresh recovery codes; they are shown once. */
  async keep(tx: Tx, account: Account, sealed: string, step: number): Promise<string[]> {
    await this.claim(tx, account.id);
    await tx.query('update auth.accounts set totp_sealed = $2, totp_step = $3 where id = $1', [account.id, sealed, step]);
    return this.freshRecoveryCodes(tx, account.id);
  }

  async freshRecoveryCodes(tx: Tx, accountId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => {
      const letters = Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      return `${letters.slice(0, 5)}-${letters.slice(5)}`;
    });
    await tx.query('delete from auth.recovery_codes where account_id = $1', [accountId]);
    await tx.query('insert into auth.recovery_codes (account_id, code_mac) select $1, unnest($2::text[])', [accountId, codes.map((c) => this.#recoveryMac(accountId, c))]);
    return codes;
  }

  async useRecovery(tx: Tx, accountId: string, typed: string): Promise<boolean> {
    const used = await tx.query('update auth.recovery_codes set used_at = $3 where account_id = $1 and code_mac = $2 and used_at is null returning 1', [accountId, this.#recoveryMac(accountId, typed), tx.now]);
    return used.length === 1;
  }

  #recoveryMac(accountId: string, code: string): string {
    return this.#parts.secrets.mac('recovery', `${accountId}:${code.normalize('NFKC').toUpperCase().replace(/[^A-Z0-9]/g, '')}`);
  }
}
