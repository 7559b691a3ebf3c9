import { api } from '@banya/contract';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import type { Identity } from '../../kernel/identity/identity.ts';
import { mailLinks } from '../../kernel/identity/routes.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { startPage } from './rules.ts';
import type { FederationSettings } from './setup.ts';
import * as store from './store.ts';

/** Who am I; and helping a colleague who lost the phone. */
export function meRoutes(kernel: Kernel, identity: Identity): Bound[] {
  return [
    bind(api.identity.self.get, async ({ person }) => {
      const federation = await kernel.settings.get<FederationSettings>('federation');
      const orgIds = [...person.roles.keys()];
      const orgs = new Map((await kernel.tenancy.asSystem('name the organisations of the signed-in person', (tx) => store.org.many(tx, [...new Set([...orgIds, person.homeOrgId])]))).map((o) => [o.id, o]));
      const factors = await identity.factorsOf(person.accountId);
      return {
        accountId: person.accountId, personId: person.personId, name: person.name, email: person.email, lang: person.lang, homeOrg: person.homeOrgId,
        roles: orgIds.flatMap((org) => {
          const row = orgs.get(org);
          return row ? person.roles.get(org)!.map((role) => ({ org, orgName: row.name, orgKind: row.kind, role })) : [];
        }),
        start: startPage(person.roles, person.homeOrgId),
        deskPhone: federation?.deskPhone ?? null,
        demo: kernel.config.demo,
        federation: { id: federation?.id ?? person.homeOrgId, name: federation?.name ?? orgs.get(person.homeOrgId)?.name ?? '' },
        secondFactors: factors,
      };
    }),
    bind(api.identity.lostPhone, async ({ scope, params, principal }) => {
      if (principal?.kind === 'person' && principal.personId === params.person) throw new Problem(409, 'cannot_reset_own');
      const person = await kernel.tenancy.inOrg(scope, async (tx) => {
        const row = await store.people.get(tx, params.person);
        if (!row || row.org_id !== scope.orgId || row.archived_at) throw notFound();
        tx.audit({ action: 'identity.factors_reset', target: `person:${row.id}` });
        return row;
      });
      await identity.accounts.resetFactors(person.id);
      identity.sessions.forget(person.id);
      const [to] = person.emails;
      // Who holds no role does not sign in, and so has no account here.
      if (to !== undefined) await mailLinks(identity, to, await identity.accounts.forEmail(to, person.org_id));
    }),
  ];
}
