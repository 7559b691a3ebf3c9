import * as client from 'openid-client';
import { Problem } from '../errors.ts';
import { domainOf, emailKey, type IdentityParts } from './parts.ts';
import { bareHost, guardedFetch, insidePlaces } from './outbound.ts';
import { isPublicMail } from './public-mail.ts';

const CHALLENGE_MS = 10 * 60_000;
const DISCOVERED_MS = 3_600_000;
/** Every person of the installation is looked through for the answer. */
const SHARED_MS = 10_000;

export interface SsoRow {
  org_id: string;
  issuer: string;
  client_id: string;
  client_secret_sealed: string;
  domains: string[];
  required: boolean;
}

/** An organisation's own sign-in (OpenID Connect Core 1.0, authorization code with PKCE, state and nonce). */
export class Sso {
  readonly #parts: IdentityParts;
  readonly #inside: (url: URL) => boolean;
  readonly #fetch: client.CustomFetch;
  readonly #discovered = new Map<string, { key: string; config: client.Configuration; until: number }>();
  /** By domains that are claimed, and so as few as those. */
  readonly #shared = new Map<string, { orgId: string; shared: boolean; until: number }>();

  constructor(parts: IdentityParts) {
    this.#parts = parts;
    this.#inside = insidePlaces(parts.insideProviders);
    this.#fetch = guardedFetch(this.#inside);
  }

  /** Each organisation has its own, so that one provider's code never reaches another's (mix-up attack: RFC 9700, section 4.4). */
  returnUrl(orgId: string): string {
    return `${this.startUrl(orgId)}/return`;
  }

  startUrl(orgId: string): string {
    return `${this.#parts.publicUrl()}/api/v1/sign-in/oidc/${orgId}`;
  }

  async get(orgId: string): Promise<SsoRow | null> {
    const [row] = await this.#parts.tenancy.asAuth('read an organisation’s sign-in', (tx) => tx.query<SsoRow>('select * from auth.sso where org_id = $1', [orgId]));
    return row ?? null;
  }

  /** Whether somebody signs in at the organisation's provider only: with one address in its domains no other address goes round it. */
  async binds(account: { readonly org_id: string; readonly person_id: string }): Promise<boolean> {
    const row = await this.get(account.org_id);
    if (!row?.required) return false;
    const emails = (await this.#parts.directory().person(account.person_id))?.emails ?? [];
    return emails.some((email) => row.domains.includes(domainOf(email)));
  }

  /** The organisation whose sign-in owns a mail domain. */
  async forDomain(domain: string): Promise<SsoRow | null> {
    const [row] = await this.#parts.tenancy.asAuth('find the sign-in of a domain', (tx) => tx.query<SsoRow>('select * from auth.sso where $1 = any(domains) limit 1', [domain]));
    return row ?? null;
  }

  /**
   * Whether people of other organisations sign in with addresses in the domain: then nobody who types one is led to this
   * organisation's provider. It is a fact of the domain, so the answer tells nothing of the address that was typed.
   */
  async sharesDomain(row: SsoRow, domain: string): Promise<boolean> {
    const now = this.#parts.clock.now();
    const known = this.#shared.get(domain);
    if (known && known.orgId === row.org_id && known.until > now) return known.shared;
    const shared = (await this.#parts.directory().domainElsewhere([domain], row.org_id)) !== null;
    this.#shared.set(domain, { orgId: row.org_id, shared, until: now + SHARED_MS });
    return shared;
  }

  /** `known`: whoever sets it knows whose the domains are, though others have addresses in them. */
  async put(orgId: string, fields: { issuer: string; clientId: string; clientSecret: string; domains: readonly string[]; required: boolean }, known: boolean): Promise<void> {
    const domains = [...new Set(fields.domains.map((d) => emailKey(d).replace(/^@|\.$/g, '')).filter(Boolean))];
    const open = domains.find(isPublicMail);
    if (open !== undefined) throw new Problem(409, 'domain_public', { domain: open });
    // What the organisation has already it keeps: else a neighbour's new entry would stop it from changing its secret.
    const held = (await this.get(orgId))?.domains ?? [];
    const shared = known ? null : await this.#parts.directory().domainElsewhere(domains.filter((d) => !held.includes(d)), orgId);
    if (shared !== null) throw new Problem(409, 'domain_taken', { domain: shared });
    await this.#discover({ issuer: fields.issuer, clientId: fields.clientId, clientSecret: fields.clientSecret });
    await this.#parts.tenancy.asAuth('set an organisation’s sign-in', async (tx) => {
      // Of two organisations that claim a domain at the same moment one is refused.
      await tx.query('lock table auth.sso in share row exclusive mode');
      const [other] = await tx.query<{ domain: string }>('select d as domain from auth.sso, unnest(domains) d where d = any($1) and org_id <> $2 limit 1', [domains, orgId]);
      if (other) throw new Problem(409, 'domain_taken', { domain: other.domain });
      await tx.query(
        `insert into auth.sso (org_id, issuer, client_id, client_secret_sealed, domains, required, updated_at) values ($1,$2,$3,$4,$5,$6,$7)
         on conflict (org_id) do update set issuer = excluded.issuer, client_id = excluded.client_id, client_secret_sealed = excluded.client_secret_sealed, domains = excluded.domains, required = excluded.required, updated_at = excluded.updated_at`,
        [orgId, fields.issuer, fields.clientId, this.#parts.secrets.seal('sso', fields.clientSecret, orgId), domains, fields.required, tx.now],
      );
    });
    this.#discovered.delete(orgId);
  }

  async remove(orgId: string): Promise<void> {
    await this.#parts.tenancy.asAuth('end an organisation’s sign-in', (tx) => tx.query('delete from auth.sso where org_id = $1', [orgId]));
    this.#discovered.delete(orgId);
  }

  /** Where to send the browser, and the cookie that ties the way back to it. */
  async start(orgId: string): Promise<{ url: URL; cookie: string }> {
    const row = await this.get(orgId);
    if (!row) throw new Problem(404, 'sso_not_set');
    const config = await this.#config(row);
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    await this.#parts.tenancy.asAuth('keep the way to an organisation’s sign-in', async (tx) => {
      await tx.query('delete from auth.challenges where expires_at < $1', [tx.now]);
      await tx.query('insert into auth.challenges (id, kind, data, expires_at) values ($1,$2,$3,$4)', [state, 'oidc', JSON.stringify({ orgId, verifier, nonce }), new Date(tx.now.getTime() + CHALLENGE_MS)]);
    });
    const url = client.buildAuthorizationUrl(config, { redirect_uri: this.returnUrl(orgId), scope: 'openid email profile', code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce });
    return { url, cookie: this.#cookie(this.#parts.secrets.mac('oidc', state), CHALLENGE_MS / 1000) };
  }

  /** Checks the way back; gives the address the provider vouches for and the organisation it speaks for. */
  async finish(request: Request, orgId: string, state: string): Promise<{ orgId: string; email: string; clearCookie: string }> {
    const bound = /(?:^|;\s*)banya_oidc=([0-9a-f]{64})/.exec(request.headers.get('cookie') ?? '')?.[1];
    if (!bound || !this.#parts.secrets.macMatches('oidc', state, bound)) throw new Problem(400, 'sso_refused');
    const [kept] = await this.#parts.tenancy.asAuth('take the way back from an organisation’s sign-in', (tx) =>
      tx.query<{ data: { orgId: string; verifier: string; nonce: string } }>(`delete from auth.challenges where id = $1 and kind = 'oidc' and expires_at > $2 returning data`, [state, tx.now]));
    const row = kept && kept.data.orgId === orgId ? await this.get(orgId) : null;
    if (!kept || !row) throw new Problem(400, 'sso_refused');
    const config = await this.#config(row);
    const url = new URL(this.returnUrl(orgId));
    url.search = new URL(request.url).search;
    let claims: Readonly<Record<string, unknown>> | undefined;
    try {
      const tokens = await client.authorizationCodeGrant(config, url, { pkceCodeVerifier: kept.data.verifier, expectedState: state, expectedNonce: kept.data.nonce, idTokenExpected: true });
      const token = tokens.claims();
      // In the code flow what `scope` asks for comes from the UserInfo endpoint (OpenID Connect Core 1.0, section 5.4); many put it into the ID token as well.
      claims = token && typeof token.email !== 'string' ? await client.fetchUserInfo(config, tokens.access_token, token.sub) : token;
    } catch (error) {
      this.#parts.log.warn({ err: error, orgId: row.org_id }, 'sign-in at the organisation’s provider failed');
      throw new Problem(400, 'sso_refused', {}, { cause: error });
    }
    const email = typeof claims?.email === 'string' ? emailKey(claims.email) : '';
    // A provider speaks only for its own domains, and only for addresses it has verified.
    if (!email || claims?.email_verified === false || !row.domains.includes(domainOf(email))) throw new Problem(403, 'sso_foreign_address');
    return { orgId: row.org_id, email, clearCookie: this.#cookie('', 0) };
  }

  #cookie(value: string, maxAge: number): string {
    return `banya_oidc=${value}; Path=/api/v1/sign-in/oidc; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${this.#parts.publicUrl().startsWith('https:') ? '; Secure' : ''}`;
  }

  async #config(row: SsoRow): Promise<client.Configuration> {
    const held = this.#discovered.get(row.org_id);
    const key = `${row.issuer} ${row.client_id} ${row.client_secret_sealed}`;
    if (held && held.key === key && held.until > this.#parts.clock.now()) return held.config;
    const config = await this.#discover({ issuer: row.issuer, clientId: row.client_id, clientSecret: this.#parts.secrets.open('sso', row.client_secret_sealed, row.org_id).toString() });
    this.#discovered.set(row.org_id, { key, config, until: this.#parts.clock.now() + DISCOVERED_MS });
    return config;
  }

  async #discover(fields: { issuer: string; clientId: string; clientSecret: string }): Promise<client.Configuration> {
    const issuer = new URL(fields.issuer);
    // Plain http only to this machine itself, where the operator allows that.
    const local = ['localhost', '127.0.0.1', '::1'].includes(bareHost(issuer)) && this.#inside(issuer);
    if (issuer.protocol !== 'https:' && !local) throw new Problem(400, 'issuer_unreachable', { reason: 'https' });
    try {
      // Leads name the issuer and the server calls it, and whatever the issuer names: all of it by the guard.
      return await client.discovery(issuer, fields.clientId, fields.clientSecret, undefined, { timeout: 8, [client.customFetch]: this.#fetch, ...(local ? { execute: [client.allowInsecureRequests] } : {}) });
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      const reason = cause instanceof Error ? cause : error;
      throw new Problem(400, 'issuer_unreachable', { reason: reason instanceof Error ? reason.message.slice(0, 120) : '' }, { cause: error });
    }
  }
}
