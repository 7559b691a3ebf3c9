import type { TokenScope } from '@banya/contract';
import type { Principal } from '../http/call.ts';
import { newId } from '../ids.ts';
import { randomToken } from '../secrets.ts';
import type { IdentityParts } from './parts.ts';

const PREFIX = 'banya_';
const USED_EVERY_MS = 60_000;
const CACHE_MS = 5_000;

export interface TokenRow {
  id: string;
  org_id: string;
  name: string;
  scopes: TokenScope[];
  source_id: string | null;
  created_at: Date;
  used_at: Date | null;
  expires_at: Date | null;
}

/** API tokens: shown once, stored as keyed hashes, belonging to one organisation, sometimes to one source of logs. */
export class Tokens {
  readonly #parts: IdentityParts;
  readonly #cache = new Map<string, { principal: Principal & { kind: 'token' }; expires: number; until: number }>();

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  async authenticate(request: Request): Promise<(Principal & { kind: 'token' }) | null> {
    const bearer = /^Bearer (banya_[\w-]{43})$/.exec(request.headers.get('authorization') ?? '')?.[1];
    if (!bearer) return null;
    const mac = this.#parts.secrets.mac('token', bearer);
    const now = this.#parts.clock.now();
    const held = this.#cache.get(mac);
    if (held && held.until > now && held.expires > now) return held.principal;
    const [row] = await this.#parts.tenancy.asAuth('read an API token', async (tx) => {
      const rows = await tx.query<TokenRow>('select * from auth.tokens where token_mac = $1 and revoked_at is null and (expires_at is null or expires_at > $2)', [mac, new Date(now)]);
      if (rows[0] && (rows[0].used_at === null || now - rows[0].used_at.getTime() > USED_EVERY_MS)) await tx.query('update auth.tokens set used_at = $2 where id = $1', [rows[0].id, new Date(now)]);
      return rows;
    });
    if (!row) return null;
    const principal = { kind: 'token' as const, tokenId: row.id, orgId: row.org_id, name: row.name, scopes: row.scopes, sourceId: row.source_id };
    if (this.#cache.size > 5_000) this.#cache.clear();
    this.#cache.set(mac, { principal, expires: row.expires_at?.getTime() ?? Infinity, until: now + CACHE_MS });
    return principal;
  }

  /** Makes a token; `secret` is the only time its value is known. */
  async create(orgId: string, by: string, fields: { name: string; scopes: readonly TokenScope[]; expiresAt?: Date | undefined; sourceId?: string | undefined }): Promise<{ row: TokenRow; secret: string }> {
    const secret = PREFIX + randomToken();
    const now = new Date(this.#parts.clock.now());
    const row: TokenRow = { id: newId(now.getTime()), org_id: orgId, name: fields.name, scopes: [...fields.scopes], source_id: fields.sourceId ?? null, created_at: now, used_at: null, expires_at: fields.expiresAt ?? null };
    await this.#parts.tenancy.asAuth('make an API token', async (tx) => {
      await tx.query('insert into auth.tokens (id, org_id, token_mac, name, scopes, source_id, created_by, created_at, expires_at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9)', [row.id, orgId, this.#parts.secrets.mac('token', secret), row.name, row.scopes, row.source_id, by, now, row.expires_at]);
    });
    return { row, secret };
  }

  async list(orgId: string): Promise<TokenRow[]> {
    return this.#parts.tenancy.asAuth('list API tokens', (tx) => tx.query<TokenRow>('select * from auth.tokens where org_id = $1 and revoked_at is null order by id', [orgId]));
  }

  /** Revokes one token, or all of a source. Returns how many ended. */
  async revoke(orgId: string, which: { id: string } | { sourceId: string }): Promise<number> {
    const now = new Date(this.#parts.clock.now());
    const rows = await this.#parts.tenancy.asAuth('revoke API tokens', (tx) =>
      'id' in which
        ? tx.query('update auth.tokens set revoked_at = $3 where org_id = $1 and id = $2 and revoked_at is null returning id', [orgId, which.id, now])
        : tx.query('update auth.tokens set revoked_at = $3 where org_id = $1 and source_id = $2 and revoked_at is null returning id', [orgId, which.sourceId, now]),
    );
    this.#cache.clear();
    return rows.length;
  }
}
