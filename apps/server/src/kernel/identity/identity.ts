import type { Principal } from '../http/call.ts';
import { RateLimit } from '../http/limits.ts';
import { Accounts } from './accounts.ts';
import { DemoLinks } from './demo.ts';
import { Factors } from './factors.ts';
import { Sso } from './oidc.ts';
import type { IdentityParts } from './parts.ts';
import { Passkeys } from './passkeys.ts';
import { Sessions } from './sessions.ts';
import { Tokens } from './tokens.ts';
import './texts.ts';

/** Sign-in as a whole. Everything it stores is in schema auth, reached by the role banya_auth only. */
export class Identity {
  readonly parts: IdentityParts;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly factors: Factors;
  readonly passkeys: Passkeys;
  readonly tokens: Tokens;
  readonly sso: Sso;
  /** Null but in a demonstration. */
  readonly demoLinks: DemoLinks | null;
  /** Per client address, so that one address cannot flood; never per account alone, so that nobody locks others out. */
  readonly limits: { readonly linkByAddress: RateLimit; readonly linkByPair: RateLimit; readonly linkByEmail: RateLimit; readonly redeem: RateLimit; readonly code: RateLimit; readonly codeByAccount: RateLimit };

  constructor(parts: IdentityParts) {
    this.parts = parts;
    this.accounts = new Accounts(parts);
    this.sessions = new Sessions(parts);
    this.factors = new Factors(parts);
    this.passkeys = new Passkeys(parts);
    this.tokens = new Tokens(parts);
    this.sso = new Sso(parts);
    this.demoLinks = parts.demo === true ? new DemoLinks() : null;
    this.limits = {
      linkByAddress: new RateLimit(parts.clock, 20, 1 / 30),
      linkByPair: new RateLimit(parts.clock, 4, 1 / 120),
      // Many addresses asking for one person's links fill a mailbox: slowed, silently, far above what a person needs.
      linkByEmail: new RateLimit(parts.clock, 30, 1 / 120),
      redeem: new RateLimit(parts.clock, 30, 1 / 10),
      code: new RateLimit(parts.clock, 6, 1 / 60),
      // Fresh links give fresh tries. Together at most 164 on the first day; three of a million codes are right at a time: one chance in two thousand.
      codeByAccount: new RateLimit(parts.clock, 20, 1 / 600),
    };
  }

  async authenticate(request: Request, use: boolean): Promise<Principal | null> {
    return (await this.tokens.authenticate(request)) ?? this.sessions.authenticate(request, use);
  }

  async factorsOf(accountId: string): Promise<{ totp: boolean; passkeys: number }> {
    const [row] = await this.parts.tenancy.asAuth('which second factors has an account', (tx) =>
      tx.query<{ totp: boolean; n: string }>('select totp_sealed is not null as totp, (select count(*) from auth.passkeys p where p.account_id = a.id) as n from auth.accounts a where id = $1', [accountId]));
    return { totp: row?.totp ?? false, passkeys: Number(row?.n ?? 0) };
  }

  /** The page that redeems a link. The token is in the fragment, which no server and no proxy log sees. */
  linkUrl(token: string): string {
    return `${this.parts.publicUrl()}/sign-in/link#token=${token}`;
  }
}
