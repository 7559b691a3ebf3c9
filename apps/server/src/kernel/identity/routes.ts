import { api, type Lang } from '@banya/contract';
import { Problem, notFound, tooMany } from '../errors.ts';
import { bind, type Bound, type Call } from '../http/call.ts';
import type { AuditEntry, SignedIn } from '../types.ts';
import type { Identity } from './identity.ts';
import { domainOf, emailKey } from './parts.ts';
import type { Account, OpenSession } from './sessions.ts';

const person = (p: SignedIn) => ({ kind: 'person' as const, personId: p.personId, homeOrgId: p.homeOrgId, name: p.name });

export function identityRoutes(identity: Identity): Bound[] {
  const { accounts, sessions, factors, passkeys, tokens, sso, limits, parts } = identity;

  const wait = (seconds: number): void => {
    if (seconds > 0) throw tooMany(seconds);
  };
  /** The sign-in that waits for its second factor. */
  const unfinished = async (call: Call): Promise<OpenSession> => {
    const session = await sessions.find(call.request);
    if (!session || session.finished) throw new Problem(401, 'sign_in_not_started');
    return session;
  };
  const record = (account: Pick<Account, 'person_id' | 'org_id' | 'email'>, entry: AuditEntry): Promise<void> =>
    parts.tenancy.inOrg({ orgId: account.org_id, actor: { kind: 'person', personId: account.person_id, homeOrgId: account.org_id, name: account.email } }, async (tx) => tx.audit(entry));
  const recordOwn = (p: SignedIn, entry: AuditEntry): Promise<void> => parts.tenancy.inOrg({ orgId: p.homeOrgId, actor: person(p) }, async (tx) => tx.audit(entry));

  const signIn: Bound[] = [
    bind(api.identity.signIn.link, async (call) => {
      const key = emailKey(call.body.email);
      wait(limits.linkByAddress.take(call.network));
      wait(limits.linkByPair.take(`${call.network} ${key}`));
      const own = await sso.forDomain(domainOf(key));
      // Nobody is led to another organisation's provider, which could ask for anything: a domain that people of others have, too, leads nowhere.
      const owner = own && !(await sso.sharesDomain(own, domainOf(key))) && { org: own.org_id, name: (await parts.directory().orgName(own.org_id)) ?? '' };
      // From here on every address gets the same answer in about the same time: looking up and mailing go on without the caller.
      if (limits.linkByEmail.take(key) === 0) {
        void (async () => {
          await mailLinks(identity, key, await accounts.forEmail(key), owner ? owner.org : null);
        })().catch((error: unknown) => parts.log.error({ err: error }, 'a sign-in link could not be mailed'));
      }
      return { sent: true as const, sso: owner || null };
    }),
    bind(api.identity.signIn.redeem, async (call) => {
      wait(limits.redeem.take(call.network));
      const demo = identity.demoLinks?.accountOf(call.body.token) ?? null;
      if (demo !== null) return redeemDemo(identity, call, demo, record);
      const result = await parts.tenancy.asAuth('redeem a sign-in link', async (tx) => {
        const account = await accounts.redeem(tx, call.body.token);
        if (!account) return null;
        // A mail link alone is never enough: with a code generator the code is due, without one it is set up now.
        const cookie = await sessions.open(tx, account, 'link', false, call.request, call.address);
        const [{ n } = { n: '0' }] = await tx.query<{ n: string }>('select count(*) as n from auth.passkeys where account_id = $1', [account.id]);
        return { cookie, step: account.totp_sealed !== null || Number(n) > 0 ? ('totp' as const) : ('enrol' as const) };
      });
      if (!result) throw new Problem(400, 'link_used_or_old');
      call.reply.append('Set-Cookie', result.cookie);
      return { step: result.step };
    }),
    bind(api.identity.signIn.enrol, async (call) => {
      const session = await unfinished(call);
      await refuseSecondEnrolment(identity, session);
      return factors.enrol(session.id, session.account);
    }),
    bind(api.identity.signIn.totp, async (call) => {
      const session = await unfinished(call);
      // Per sign-in in the making: who cannot open the person's mailbox never gets here, and so locks nobody out.
      wait(limits.code.take(session.id));
      const { account } = session;
      wait(limits.codeByAccount.take(account.id));
      const { body } = call;
      const enrolling = session.enrolling !== null && account.totp_sealed === null;
      const sealed = account.totp_sealed ?? session.enrolling;
      let step: number | null = null;
      if ('code' in body) {
        if (sealed === null) throw new Problem(401, 'sign_in_not_started');
        step = factors.verify(sealed, account.id, body.code, account.totp_step === null ? null : Number(account.totp_step));
        if (step === null) throw new Problem(400, 'code_wrong');
      }
      const done = await parts.tenancy.asAuth('finish a sign-in', async (tx) => {
        let recoveryCodes: string[] | undefined;
        if ('recovery' in body) {
          if (!(await factors.useRecovery(tx, account.id, body.recovery))) return null;
        } else if (enrolling) recoveryCodes = await factors.keep(tx, account, sealed!, step!);
        // One code, one sign-in: of two requests with the same code the second finds the step taken.
        else if ((await tx.query('update auth.accounts set totp_step = $2 where id = $1 and (totp_step is null or totp_step < $2) returning 1', [account.id, step])).length === 0) return null;
        return { cookie: await sessions.finish(tx, session.id), recoveryCodes };
      });
      if (!done) throw new Problem(400, 'code_wrong');
      await record(account, { action: 'identity.signed_in', target: `account:${account.id}`, facts: { method: 'recovery' in body ? 'recovery' : 'code' } });
      call.reply.append('Set-Cookie', done.cookie);
      return { step: 'done' as const, ...(done.recoveryCodes ? { recoveryCodes: done.recoveryCodes } : {}) };
    }),
    bind(api.identity.signIn.passkeyOptions, async (call) => {
      wait(limits.redeem.take(call.network));
      return passkeys.authenticationOptions();
    }),
    bind(api.identity.signIn.passkey, async (call) => {
      wait(limits.redeem.take(call.network));
      const begun = await sessions.find(call.request);
      const account = await parts.tenancy.asAuth('check a passkey', async (tx) => {
        const { id } = await passkeys.authenticate(tx, call.body);
        return (await tx.query<Account>('select * from auth.accounts where id = $1', [id]))[0];
      });
      if (!account) throw new Problem(400, 'passkey_refused');
      // The link that the operator prints on the server leads in all the same, with the passkey as its second factor: the provider may fail.
      const byLink = begun !== null && !begun.finished && begun.account.id === account.id;
      if (!byLink && (await sso.binds(account))) throw new Problem(403, 'sso_required');
      const cookie = await parts.tenancy.asAuth('sign in with a passkey', (tx) => sessions.open(tx, account, 'passkey', true, call.request, call.address));
      await record(account, { action: 'identity.signed_in', target: `account:${account.id}`, facts: { method: 'passkey' } });
      call.reply.append('Set-Cookie', cookie);
      return { step: 'done' as const };
    }),
    bind(api.identity.signIn.enrolPasskeyOptions, async (call) => {
      const session = await unfinished(call);
      await refuseSecondEnrolment(identity, session);
      return passkeys.registrationOptions(session.account);
    }),
    bind(api.identity.signIn.enrolPasskey, async (call) => {
      const session = await unfinished(call);
      const done = await parts.tenancy.asAuth('finish a sign-in', async (tx) => {
        await factors.claim(tx, session.account.id);
        await passkeys.register(tx, session.account, call.body, '1');
        return { codes: await factors.freshRecoveryCodes(tx, session.account.id), cookie: await sessions.finish(tx, session.id) };
      });
      await record(session.account, { action: 'identity.passkey_added', target: `account:${session.account.id}` });
      call.reply.append('Set-Cookie', done.cookie);
      return { step: 'done' as const, recoveryCodes: done.codes };
    }),
    bind(api.identity.signIn.oidcStart, async (call) => {
      wait(limits.redeem.take(call.network));
      const { url, cookie } = await sso.start(call.params.org);
      return new Response(null, { status: 302, headers: { Location: url.href, 'Set-Cookie': cookie, 'Cache-Control': 'no-store' } });
    }),
    bind(api.identity.signIn.oidcReturn, async (call) => {
      wait(limits.redeem.take(call.network));
      const back = (fragment: string): Response => new Response(null, { status: 302, headers: { Location: `${parts.publicUrl()}/${fragment}`, 'Cache-Control': 'no-store' } });
      try {
        const found = await sso.finish(call.request, call.params.org, call.query.state);
        const [account] = await accounts.forEmail(found.email, found.orgId);
        if (!account) throw new Problem(403, 'sso_foreign_address');
        const cookie = await parts.tenancy.asAuth('sign in at the organisation’s provider', (tx) => sessions.open(tx, account, 'oidc', true, call.request, call.address));
        await record(account, { action: 'identity.signed_in', target: `account:${account.id}`, facts: { method: 'oidc' } });
        call.reply.append('Set-Cookie', cookie);
        call.reply.append('Set-Cookie', found.clearCookie);
        return back('');
      } catch (error) {
        // A browser stands at this address, not a program: it goes back to the sign-in page, which says what happened.
        if (error instanceof Problem) return back(`sign-in#problem=${error.code}`);
        throw error;
      }
    }),
    bind(api.identity.signIn.out, async (call) => {
      await parts.tenancy.asAuth('end a session', (tx) => tx.query('delete from auth.sessions where id = $1', [call.person.sessionId]));
      sessions.forget(call.person.personId);
      call.reply.append('Set-Cookie', sessions.cookie('', 0));
    }),
  ];

  const self: Bound[] = [
    bind(api.identity.self.update, async (call) => {
      await parts.tenancy.asAuth('change a language', (tx) => tx.query('update auth.accounts set lang = $2 where id = $1', [call.person.accountId, call.body.lang]));
      sessions.forget(call.person.personId);
    }),
    bind(api.identity.self.sessions, async (call) => {
      interface Row { id: string; method: 'link' | 'passkey' | 'oidc'; device: string; address: string; started_at: Date; seen_at: Date }
      const rows = await parts.tenancy.asAuth('list own sessions', (tx) => tx.query<Row>('select id, method, device, address, started_at, seen_at from auth.sessions where account_id = $1 and finished_at is not null and expires_at > $2 order by seen_at desc limit 100', [call.person.accountId, tx.now]));
      return { items: rows.map((r) => ({ id: r.id, current: r.id === call.person.sessionId, method: r.method, device: r.device, address: r.address, startedAt: r.started_at.toISOString(), seenAt: r.seen_at.toISOString() })) };
    }),
    bind(api.identity.self.endSession, async (call) => {
      const gone = await parts.tenancy.asAuth('end an own session', (tx) => tx.query('delete from auth.sessions where id = $1 and account_id = $2 returning 1', [call.params.session, call.person.accountId]));
      if (gone.length === 0) throw notFound();
      sessions.forget(call.person.personId);
      await recordOwn(call.person, { action: 'identity.session_ended' });
    }),
    bind(api.identity.self.passkeys, async (call) => {
      interface Row { id: string; name: string; created_at: Date; used_at: Date | null }
      const rows = await parts.tenancy.asAuth('list own passkeys', (tx) => tx.query<Row>('select id, name, created_at, used_at from auth.passkeys where account_id = $1 order by id', [call.person.accountId]));
      return { items: rows.map((r) => ({ id: r.id, name: r.name, createdAt: r.created_at.toISOString(), usedAt: r.used_at?.toISOString() ?? null })) };
    }),
    bind(api.identity.self.passkeyOptions, async (call) => passkeys.registrationOptions(await ownAccount(identity, call.person))),
    bind(api.identity.self.addPasskey, async (call) => {
      await parts.tenancy.asAuth('register a passkey', (tx) => passkeys.register(tx, { id: call.person.accountId }, call.body.response, call.body.name));
      await recordOwn(call.person, { action: 'identity.passkey_added' });
    }),
    bind(api.identity.self.removePasskey, async (call) => {
      const gone = await parts.tenancy.asAuth('remove an own passkey', async (tx) => {
        const [state] = await tx.query<{ totp: boolean; n: string }>('select totp_sealed is not null as totp, (select count(*) from auth.passkeys where account_id = a.id) as n from auth.accounts a where id = $1 for update', [call.person.accountId]);
        if (state && !state.totp && Number(state.n) <= 1) throw new Problem(409, 'last_second_factor');
        return tx.query('delete from auth.passkeys where id = $1 and account_id = $2 returning 1', [call.params.passkey, call.person.accountId]);
      });
      if (gone.length === 0) throw notFound();
      await recordOwn(call.person, { action: 'identity.passkey_removed' });
    }),
  ];

  const keys: Bound[] = [
    bind(api.identity.tokens.list, async ({ scope }) => ({ items: (await tokens.list(scope.orgId)).map(presentToken) })),
    bind(api.identity.tokens.create, async ({ scope, body }) => {
      const made = await tokens.create(scope.orgId, scope.actor.name, { name: body.name, scopes: body.scopes, expiresAt: body.expiresAt ? new Date(body.expiresAt) : undefined });
      await parts.tenancy.inOrg(scope, async (tx) => tx.audit({ action: 'tokens.created', target: `token:${made.row.id}`, facts: { scopes: body.scopes.join(' ') } }));
      return { ...presentToken(made.row), secret: made.secret };
    }),
    bind(api.identity.tokens.revoke, async ({ scope, params }) => {
      if ((await tokens.revoke(scope.orgId, { id: params.token })) === 0) throw notFound();
      await parts.tenancy.inOrg(scope, async (tx) => tx.audit({ action: 'tokens.revoked', target: `token:${params.token}` }));
    }),
    bind(api.identity.sso.get, async ({ scope }) => {
      const row = await sso.get(scope.orgId);
      return { issuer: row?.issuer ?? null, clientId: row?.client_id ?? null, domains: row?.domains ?? [], required: row?.required ?? false, returnUrl: sso.returnUrl(scope.orgId) };
    }),
    bind(api.identity.sso.put, async ({ scope, body }) => {
      // Those who run the federation know whose a domain is; else one invented address would keep it from its owner for good.
      const byKeepers = scope.via === 'federation' || (await parts.directory().federationOf(scope.orgId)) === scope.orgId;
      await sso.put(scope.orgId, body, byKeepers);
      await parts.tenancy.inOrg(scope, async (tx) => tx.audit({ action: 'sso.changed', facts: { issuer: body.issuer, required: body.required } }));
    }),
    bind(api.identity.sso.remove, async ({ scope }) => {
      await sso.remove(scope.orgId);
      await parts.tenancy.inOrg(scope, async (tx) => tx.audit({ action: 'sso.changed', facts: { issuer: null } }));
    }),
  ];
  return [...signIn, ...self, ...keys];
}

/** A link of the demonstration opens a finished session: its people have no telephones to make codes with. */
async function redeemDemo(identity: Identity, call: Call, accountId: string, record: (account: Account, entry: AuditEntry) => Promise<void>): Promise<{ step: 'done' }> {
  const done = await identity.parts.tenancy.asAuth('sign in to the demonstration', async (tx) => {
    const account = await identity.accounts.byId(tx, accountId);
    // The address may have been changed since; what is no address of the demonstration is somebody real.
    if (!account || identity.demoLinks?.admits(account) !== true) throw new Problem(400, 'link_used_or_old');
    return { account, cookie: await identity.sessions.open(tx, account, 'link', true, call.request, call.address) };
  });
  await record(done.account, { action: 'identity.signed_in', target: `account:${accountId}`, facts: { method: 'demonstration' } });
  call.reply.append('Set-Cookie', done.cookie);
  return { step: 'done' };
}

function presentToken(row: Awaited<ReturnType<Identity['tokens']['list']>>[number]) {
  return { id: row.id, name: row.name, scopes: row.scopes, createdAt: row.created_at.toISOString(), usedAt: row.used_at?.toISOString() ?? null, expiresAt: row.expires_at?.toISOString() ?? null, source: row.source_id };
}

/** Who already has a second factor must use it: a mailbox alone must not be enough to add another. */
async function refuseSecondEnrolment(identity: Identity, session: OpenSession): Promise<void> {
  const [row] = await identity.parts.tenancy.asAuth('has this account a second factor', (tx) => tx.query('select 1 from auth.passkeys where account_id = $1 limit 1', [session.account.id]));
  if (session.account.totp_sealed !== null || row) throw new Problem(401, 'sign_in_not_started');
}

async function ownAccount(identity: Identity, person: SignedIn): Promise<Account> {
  const [account] = await identity.parts.tenancy.asAuth('read the own account', (tx) => tx.query<Account>('select * from auth.accounts where id = $1', [person.accountId]));
  if (!account) throw notFound();
  return account;
}

/**
 * Mails the links of an address: one mail, with a link for each organisation it belongs to. For people whose organisation
 * asks for its own sign-in the link leads there, and only where the page did not (`ledTo`); another organisation that claims
 * their domain does not bind them.
 */
export async function mailLinks(identity: Identity, to: string, accounts: readonly Account[], ledTo: string | null = null): Promise<void> {
  const directory = identity.parts.directory();
  const open: { account: Account; ownSignIn: boolean }[] = [];
  for (const account of accounts) {
    const ownSignIn = await identity.sso.binds(account);
    if (!ownSignIn || ledTo !== account.org_id) open.push({ account, ownSignIn });
  }
  const first = open[0]?.account;
  if (!first) return;
  const links: { org: string; url: string }[] = [];
  for (const { account, ownSignIn } of open) links.push({ org: (await directory.orgName(account.org_id)) ?? '', url: ownSignIn ? identity.sso.startUrl(account.org_id) : identity.linkUrl(await identity.accounts.link(account)) });
  const several = links.length > 1;
  const shown = several ? links.map(({ org, url }) => `■ ${org}\n${url}`).join('\n\n') : links[0]!.url;
  // Where somebody else works is nobody's business: such a mail stands in no member's outbox, and its names are masked like its links.
  const orgId = several ? ((await directory.federationOf(first.org_id)) ?? first.org_id) : first.org_id;
  await identity.parts.sendMail({ orgId, to, lang: first.lang, masked: [shown], ...linkMail(first.lang, shown, several) });
}

function linkMail(lang: Lang, shown: string, several: boolean): { subject: string; text: string } {
  return lang === 'ja'
    ? {
        subject: '【番屋】サインイン用のリンク',
        text: `${several ? '次のリンクを開くと、その組織の番屋にサインインできます。今お使いになる組織のものを開いてください。' : '次のリンクを開くと、番屋にサインインできます。'}\n\n${shown}\n\n・20分間、1回だけ使えます。\n・心当たりがないときは、何もしないでください。リンクは自然に使えなくなります。\n・番屋がメールで暗証番号やパスワードを尋ねることはありません。\n`,
      }
    : {
        subject: 'Banya: your sign-in link',
        text: `${several ? 'Each link signs you in to Banya for that organisation. Open the one you need now.' : 'Open this link to sign in to Banya.'}\n\n${shown}\n\n${several ? 'Each' : 'It'} works once, for 20 minutes. If you did not ask for it, do nothing: it ends by itself.\nBanya never asks for a password by mail.\n`,
      };
}
