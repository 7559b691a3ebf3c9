import { isIP } from 'node:net';
import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { Problem } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Tx } from '../types.ts';
import type { IdentityParts } from './parts.ts';
import type { Account } from './sessions.ts';

const CHALLENGE_MS = 5 * 60_000;
type Registration = Parameters<typeof verifyRegistrationResponse>[0]['response'];
type Assertion = Parameters<typeof verifyAuthenticationResponse>[0]['response'];

interface PasskeyRow {
  id: string;
  account_id: string;
  credential_id: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  rp_id: string;
}

const refused = (cause?: unknown): Problem => new Problem(400, 'passkey_refused', {}, { cause });

/**
 * Passkeys (WebAuthn Level 3). User verification is required, so one passkey is both factors. They belong to a host
 * name: with another --public-url they are refused, and the page says why.
 */
export class Passkeys {
  readonly #parts: IdentityParts;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  #rp(): { id: string; origin: string } {
    const url = new URL(this.#parts.publicUrl());
    // Browsers allow passkeys on names only, and on secure origins only; localhost counts as one.
    if (isIP(url.hostname) !== 0 || url.hostname.startsWith('[') || (url.protocol !== 'https:' && url.hostname !== 'localhost')) throw new Problem(409, 'passkey_needs_host_name', { url: url.origin });
    return { id: url.hostname, origin: url.origin };
  }

  async registrationOptions(account: Account): Promise<Record<string, unknown>> {
    const rp = this.#rp();
    const existing = await this.#parts.tenancy.asAuth('list passkeys', (tx) => tx.query<{ credential_id: string }>('select credential_id from auth.passkeys where account_id = $1', [account.id]));
    const options = await generateRegistrationOptions({
      rpName: 'Banya', rpID: rp.id, userName: account.email, userDisplayName: account.email, userID: new TextEncoder().encode(account.id), attestationType: 'none',
      excludeCredentials: existing.map((p) => ({ id: p.credential_id })), authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    await this.#keep(options.challenge, 'register', account.id);
    return options as unknown as Record<string, unknown>;
  }

  /** Checks what the browser made inside `tx` and keeps the passkey. */
  async register(tx: Tx, account: Pick<Account, 'id'>, response: unknown, name: string): Promise<void> {
    const rp = this.#rp();
    const challenge = challengeOf(response);
    await this.#take(tx, challenge, 'register', account.id);
    const result = await verifyRegistrationResponse({ response: response as Registration, expectedChallenge: challenge, expectedOrigin: rp.origin, expectedRPID: rp.id, requireUserVerification: true }).catch((error: unknown) => { throw refused(error); });
    if (!result.verified) throw refused();
    const { credential } = result.registrationInfo;
    await tx.query('insert into auth.passkeys (id, account_id, credential_id, public_key, counter, transports, name, rp_id, created_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)', [
      newId(tx.now.getTime()), account.id, credential.id, Buffer.from(credential.publicKey), credential.counter, credential.transports ?? [], name, rp.id, tx.now,
    ]);
  }

  async authenticationOptions(): Promise<Record<string, unknown>> {
    const rp = this.#rp();
    const options = await generateAuthenticationOptions({ rpID: rp.id, userVerification: 'required' });
    await this.#keep(options.challenge, 'authenticate', null);
    return options as unknown as Record<string, unknown>;
  }

  /** Checks an assertion inside `tx`; gives the account it belongs to. */
  async authenticate(tx: Tx, response: unknown): Promise<{ id: string }> {
    const rp = this.#rp();
    const challenge = challengeOf(response);
    await this.#take(tx, challenge, 'authenticate', null);
    const [key] = await tx.query<PasskeyRow>('select p.* from auth.passkeys p join auth.accounts a on a.id = p.account_id where p.credential_id = $1 and a.disabled_at is null for update of p', [String((response as { id?: unknown }).id)]);
    if (!key) throw refused();
    const result = await verifyAuthenticationResponse({
      response: response as Assertion, expectedChallenge: challenge, expectedOrigin: rp.origin, expectedRPID: rp.id, requireUserVerification: true,
      credential: { id: key.credential_id, publicKey: new Uint8Array(key.public_key), counter: Number(key.counter) },
    }).catch((error: unknown) => { throw refused(error); });
    if (!result.verified) throw refused();
    await tx.query('update auth.passkeys set counter = $2, used_at = $3 where id = $1', [key.id, result.authenticationInfo.newCounter, tx.now]);
    return { id: key.account_id };
  }

  /** How many passkeys were made under another host name, and so died with it. */
  async orphaned(): Promise<number> {
    const host = new URL(this.#parts.publicUrl()).hostname;
    const [row] = await this.#parts.tenancy.asAuth('count passkeys of another host name', (tx) => tx.query<{ n: string }>('select count(*) as n from auth.passkeys where rp_id <> $1', [host]));
    return Number(row?.n ?? 0);
  }

  async #keep(challenge: string, kind: string, accountId: string | null): Promise<void> {
    await this.#parts.tenancy.asAuth('keep a challenge', async (tx) => {
      await tx.query('delete from auth.challenges where expires_at < $1', [tx.now]);
      await tx.query(`insert into auth.challenges (id, kind, account_id, data, expires_at) values ($1,$2,$3,'{}',$4)`, [challenge, kind, accountId, new Date(tx.now.getTime() + CHALLENGE_MS)]);
    });
  }

  async #take(tx: Tx, challenge: string, kind: string, accountId: string | null): Promise<void> {
    const taken = await tx.query('delete from auth.challenges where id = $1 and kind = $2 and expires_at > $3 and account_id is not distinct from $4::uuid returning 1', [challenge, kind, tx.now, accountId]);
    if (taken.length !== 1) throw refused();
  }
}

/** The challenge the browser says it signed; looked up, and then checked by the library against the signature. */
function challengeOf(response: unknown): string {
  try {
    const data = (response as { response: { clientDataJSON: string } }).response.clientDataJSON;
    const { challenge } = JSON.parse(Buffer.from(data, 'base64url').toString('utf8')) as { challenge: unknown };
    if (typeof challenge === 'string' && challenge.length <= 200) return challenge;
  } catch {
    // Falls through to the refusal.
  }
  throw refused();
}
