import type { Lang } from '@banya/contract';
import type { Principal } from '../http/call.ts';
import { newId } from '../ids.ts';
import { randomToken } from '../secrets.ts';
import type { Tx } from '../types.ts';
import { emailKey, type IdentityParts } from './parts.ts';

export type SignInMethod = 'link' | 'passkey' | 'oidc';
const MINUTE = 60_000;
const DAY = 86_400_000;
/** A sign-in that waits for its second factor. */
const UNFINISHED_MS = 15 * MINUTE;
/** A session ends after a week without use and after thirty days in any case. */
const IDLE_MS = 7 * DAY;
const LIFE_MS = 30 * DAY;
const SEEN_EVERY_MS = 5 * MINUTE;
/** How long another process may go on with a session that was ended here; within one process an end works at once. */
const CACHE_MS = 5_000;
const CACHE_MAX = 5_000;

export interface Account {
  readonly id: string;
  readonly person_id: string;
  readonly org_id: string;
  readonly email: string;
  readonly lang: Lang;
  readonly totp_sealed: string | null;
  readonly totp_step: string | null;
}

export interface OpenSession {
  readonly id: string;
  readonly account: Account;
  readonly method: SignInMethod;
  readonly finished: boolean;
  readonly enrolling: string | null;
}

interface Row extends Account {
  session_id: string;
  method: SignInMethod;
  finished_at: Date | null;
  seen_at: Date;
  enrolling_sealed: string | null;
}

/** Sessions: rows under keyed hashes of their cookies. */
export class Sessions {
  readonly #parts: IdentityParts;
  readonly #cache = new Map<string, { principal: Principal & { kind: 'person' }; until: number }>();

  /** Told whenever somebody's rights or sessions have changed; without a person, anybody's. */
  onForget: ((personId: string | undefined) => void) | null = null;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  get #secure(): boolean {
    return this.#parts.publicUrl().startsWith('https:');
  }

  get #cookieName(): string {
    return this.#secure ? '__Host-banya_session' : 'banya_session';
  }

  cookie(token: string, maxAgeSeconds: number): string {
    return `${this.#cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${this.#secure ? '; Secure' : ''}`;
  }

  tokenOf(request: Request): string | null {
    for (const part of (request.headers.get('cookie') ?? '').split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.#cookieName && value && /^[\w-]{43}$/.test(value)) return value;
    }
    return null;
  }

  #mac(token: string): string {
    return this.#parts.secrets.mac('session', token);
  }

  /** Opens a session; returns the cookie to set. `finished` only when nothing more is asked of the person. */
  async open(tx: Tx, account: Pick<Account, 'id'>, method: SignInMethod, finished: boolean, request: Request, address: string): Promise<string> {
    const token = randomToken();
    const life = finished ? LIFE_MS : UNFINISHED_MS;
    await tx.query(
      `insert into auth.sessions (id, token_mac, account_id, method, device, address, started_at, finished_at, seen_at, expires_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$7,$9)`,
      [newId(tx.now.getTime()), this.#mac(token), account.id, method, describeDevice(request.headers.get('user-agent')), address, tx.now, finished ? tx.now : null, new Date(tx.now.getTime() + life)],
    );
    return this.cookie(token, life / 1000);
  }

  /** Marks the session finished and gives it a new cookie value, so that one seen before sign-in is worth nothing after. */
  async finish(tx: Tx, sessionId: string): Promise<string> {
    const token = randomToken();
    await tx.query('update auth.sessions set finished_at = $2, seen_at = $2, token_mac = $3, enrolling_sealed = null, expires_at = $4 where id = $1', [sessionId, tx.now, this.#mac(token), new Date(tx.now.getTime() + LIFE_MS)]);
    return this.cookie(token, LIFE_MS / 1000);
  }

  async find(request: Request): Promise<OpenSession | null> {
    const token = this.tokenOf(request);
    if (!token) return null;
    const row = await this.#row(token);
    return row && { id: row.session_id, account: row, method: row.method, finished: row.finished_at !== null, enrolling: row.enrolling_sealed };
  }

  async #row(token: string): Promise<Row | null> {
    const now = this.#parts.clock.now();
    const [row] = await this.#parts.tenancy.asAuth('read a session', (tx) =>
      tx.query<Row>(
        `select s.id as session_id, s.method, s.finished_at, s.seen_at, s.enrolling_sealed, a.id, a.person_id, a.org_id, a.email, a.lang, a.totp_sealed, a.totp_step
           from auth.sessions s join auth.accounts a on a.id = s.account_id
          where s.token_mac = $1 and s.expires_at > $2 and s.seen_at > $3 and a.disabled_at is null`,
        [this.#mac(token), new Date(now), new Date(now - IDLE_MS)],
      ),
    );
    return row ?? null;
  }

  /** The person behind a finished session. `use`: whether this keeps it from running out. */
  async authenticate(request: Request, use: boolean): Promise<(Principal & { kind: 'person' }) | null> {
    const token = this.tokenOf(request);
    if (!token) return null;
    const mac = this.#mac(token);
    const now = this.#parts.clock.now();
    const held = this.#cache.get(mac);
    if (held && held.until > now) return held.principal;
    this.#cache.delete(mac);
    const row = await this.#row(token);
    if (!row?.finished_at) return null;
    const directory = this.#parts.directory();
    const [person, roles] = [await directory.person(row.person_id), await directory.roles(row.person_id)];
    // An address that was taken from the person opens nothing, whatever else was missed.
    if (!person || person.archived || !person.emails.includes(emailKey(row.email))) return null;
    if (use && now - row.seen_at.getTime() > SEEN_EVERY_MS) await this.#parts.tenancy.asAuth('note that a session is in use', (tx) => tx.query('update auth.sessions set seen_at = $2 where id = $1', [row.session_id, new Date(now)]));
    const principal = { kind: 'person' as const, sessionId: row.session_id, accountId: row.id, personId: row.person_id, homeOrgId: person.homeOrgId, name: person.name, email: row.email, lang: row.lang, roles };
    if (this.#cache.size >= CACHE_MAX) this.#cache.clear();
    this.#cache.set(mac, { principal, until: now + CACHE_MS });
    return principal;
  }

  /** Forgets what was read of a person: after a change of roles, language or sessions. */
  forget(personId: string): void {
    for (const [mac, { principal }] of this.#cache) if (principal.personId === personId) this.#cache.delete(mac);
    this.onForget?.(personId);
  }

  forgetAll(): void {
    this.#cache.clear();
    this.onForget?.(undefined);
  }
}

/** "Chrome on Windows" from a User-Agent: enough to recognise one's own devices in a list. */
export function describeDevice(agent: string | null): string {
  if (!agent) return '?';
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : 'Browser';
  const system = /Windows/.test(agent) ? 'Windows' : /iPhone|iPad/.test(agent) ? 'iOS' : /Android/.test(agent) ? 'Android' : /Mac OS X/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : '';
  return system ? `${browser}, ${system}` : browser;
}
