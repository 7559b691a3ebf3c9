import { api, consentKinds } from '@banya/contract';
import { searchKey } from '@banya/jp';
import { listLedger, verifyLedger } from '../../kernel/audit.ts';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { actionText } from '../../kernel/texts.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import { presentOrg, presentPerson } from './present.ts';
import { fixedConsents, roleFits, todayAt } from './rules.ts';
import type { PersonRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import { presentTicketConsent } from './ticket-consents.ts';

/** A token holds none: with it, too, nobody chooses where the sign-in links of those who hold some go. */
const noRoles = { roles: new Map() };
/** What is allowed is taken first, then what waits for an answer: so these are all that run, and some of the others. */
const TICKETS_SHOWN = 50;
const nameOf = (scope: Scope): string => scope.actor.name;

export function orgRoutes(kernel: Kernel, canSignIn: (personIds: readonly string[]) => Promise<ReadonlySet<string>>): Bound[] {
  const { tenancy } = kernel;
  const own = <T>(scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> => tenancy.inOrg(scope, fn);

  const shown = async (tx: Tx, orgId: string, rows: readonly PersonRow[]) => {
    const roles = await store.roles.of(tx, orgId, rows.map((r) => r.id));
    return { roles, rows };
  };
  const present = async (orgId: string, found: Awaited<ReturnType<typeof shown>>) => {
    const able = await canSignIn(found.rows.map((r) => r.id));
    return found.rows.map((row) => presentPerson(row, found.roles.filter((r) => r.org_id === orgId), able.has(row.id)));
  };
  const one = async (scope: Scope, fn: (tx: Tx) => Promise<PersonRow>) => {
    const found = await own(scope, async (tx) => shown(tx, scope.orgId, [await fn(tx)]));
    return (await present(scope.orgId, found))[0]!;
  };

  const tree: Bound[] = [
    bind(api.orgs.tree.get, async ({ scope }) => {
      const row = await own(scope, (tx) => store.org.get(tx, scope.orgId));
      if (!row) throw notFound();
      return presentOrg(row);
    }),
    bind(api.orgs.tree.children, async ({ scope, query }) => {
      const after = decodeCursor(query.after, 2);
      const rows = await own(scope, (tx) => store.org.children(tx, scope.orgId, { after: after && { key: String(after[0]), id: String(after[1]) }, limit: query.limit, q: query.q ? searchKey(query.q) : '' }));
      return cut(rows, query.limit, (r) => [r.search_key, r.id], presentOrg);
    }),
    bind(api.orgs.tree.create, async ({ scope, body, person: giver }) => {
      // The new organisation's rows belong to nobody's scope yet: made as system, under the authorised parent only.
      const row = await tenancy.asSystem(
        'make an organisation below its parent',
        async (tx) => {
          const parent = await store.org.get(tx, scope.orgId);
          if (!parent) throw notFound();
          const made = await service.createOrg(tx, body.kind, parent, body);
          if (body.lead) {
            const person = await service.createPerson(tx, made.id, { ...body.lead, emails: [body.lead.email] }, giver);
            await service.grantRole(tx, made.id, made.kind, { personId: person.id, homeOrgId: made.id, role: 'lead' }, nameOf(scope));
          }
          return made;
        },
        { actor: scope.actor },
      );
      // The one above sees it, too: a member, what its federation has made below it.
      await own(scope, async (tx) => tx.audit({ action: 'orgs.created', target: `org:${row.id}`, facts: { name: row.name, kind: row.kind } }));
      return presentOrg(row);
    }),
    bind(api.orgs.tree.update, async ({ scope, body }) => presentOrg(await own(scope, (tx) => service.updateOrg(tx, scope.orgId, body)))),
  ];

  const people: Bound[] = [
    bind(api.orgs.people.list, async ({ scope, query }) => {
      const after = decodeCursor(query.after, 2);
      const found = await own(scope, async (tx) => ({
        ...(await shown(tx, scope.orgId, await store.people.list(tx, scope.orgId, { after: after && { key: String(after[0]), id: String(after[1]) }, limit: query.limit, q: query.q ? searchKey(query.q) : '', role: query.role ?? null, archived: query.archived ?? false }))),
        count: await store.people.count(tx, scope.orgId, query.archived ?? false),
      }));
      const paged = cut(found.rows, query.limit, (r) => [r.sort_key, r.id], (r) => r);
      return { items: await present(scope.orgId, { roles: found.roles, rows: paged.items }), next: paged.next, total: { count: Math.min(found.count, 1000), more: found.count > 1000 } };
    }),
    bind(api.orgs.people.get, ({ scope, params }) =>
      one(scope, async (tx) => {
        const row = await store.people.get(tx, params.person);
        if (!row || row.org_id !== scope.orgId) throw notFound();
        return row;
      })),
    bind(api.orgs.people.create, ({ scope, body, principal }) => one(scope, (tx) => service.createPerson(tx, scope.orgId, body, principal?.kind === 'person' ? principal : noRoles))),
    bind(api.orgs.people.update, ({ scope, params, body, principal }) => one(scope, (tx) => service.updatePerson(tx, scope.orgId, params.person, body, principal?.kind === 'person' ? principal : noRoles))),
    bind(api.orgs.people.archive, ({ scope, params, person }) => own(scope, (tx) => service.archivePerson(tx, scope.orgId, params.person, person))),
    bind(api.orgs.people.restore, ({ scope, params }) => own(scope, (tx) => service.restorePerson(tx, scope.orgId, params.person))),
  ];

  const personHere = async (tx: Tx, orgId: string, id: string): Promise<PersonRow> => {
    const [row] = await store.people.locked(tx, [id]);
    if (!row || row.org_id !== orgId || row.archived_at) throw notFound();
    return row;
  };
  const roles: Bound[] = [
    bind(api.orgs.roles.grant, ({ scope, person: giver, body }) =>
      own(scope, async (tx) => {
        const [org, person] = [await store.org.get(tx, scope.orgId), await personHere(tx, scope.orgId, body.person)];
        if (!org) throw notFound();
        if (!roleFits(org.kind, body.role)) throw new Problem(409, 'role_not_for_kind', { role: body.role });
        await service.refuseBelow(tx, scope.orgId, giver, [body.role]);
        if (person.emails.length === 0 && body.role !== 'staff') throw new Problem(409, 'no_mail_address');
        await service.refuseUnchecked(tx, person, body.role, giver, body.checked);
        await service.grantRole(tx, scope.orgId, org.kind, { personId: person.id, homeOrgId: person.org_id, role: body.role }, nameOf(scope));
      })),
    bind(api.orgs.roles.revoke, ({ scope, person: giver, params }) =>
      own(scope, async (tx) => {
        await service.refuseBelow(tx, scope.orgId, giver, [params.role]);
        await service.revokeRole(tx, scope.orgId, params.person, params.role);
      })),
    bind(api.orgs.roles.deputy, ({ scope, person: giver, body }) =>
      own(scope, async (tx) => {
        await service.refuseBelow(tx, scope.orgId, giver, ['deputy']);
        if (body.until < todayAt(tx.now.getTime())) throw service.fieldProblem('/until', '今日より前の日は選べません。', 'Choose today or a later day.');
        const [org, person] = [await store.org.get(tx, scope.orgId), await personHere(tx, scope.orgId, body.person)];
        await personHere(tx, scope.orgId, body.of);
        if (!org) throw notFound();
        if (person.emails.length === 0) throw new Problem(409, 'no_mail_address');
        await service.refuseUnchecked(tx, person, 'deputy', giver, body.checked);
        await service.grantRole(tx, scope.orgId, org.kind, { personId: person.id, homeOrgId: person.org_id, role: 'deputy', deputyOf: body.of, until: body.until }, nameOf(scope));
      })),
    bind(api.orgs.roles.handover, ({ scope, person: giver, body }) =>
      own(scope, async (tx) => {
        await service.refuseBelow(tx, scope.orgId, giver, [body.role]);
        if (body.from === body.to) throw service.fieldProblem('/to', '別の方を選んでください。', 'Choose somebody else.');
        const [org, to] = [await store.org.get(tx, scope.orgId), await personHere(tx, scope.orgId, body.to)];
        await personHere(tx, scope.orgId, body.from);
        if (!org) throw notFound();
        if (to.emails.length === 0) throw new Problem(409, 'no_mail_address');
        await service.refuseUnchecked(tx, to, body.role, giver, body.checked);
        const held = (await store.roles.of(tx, scope.orgId, [body.from, body.to])).filter((r) => r.role === body.role);
        const mine = held.find((r) => r.person_id === body.from);
        if (!mine || (mine.until !== null && mine.until < todayAt(tx.now.getTime()))) throw notFound();
        // A deputy's last day goes with the role; who is deputy for longer already stays it.
        const until = [mine, ...held.filter((r) => r.person_id === body.to)].map((r) => r.until).reduce((a, b) => (a === null || b === null ? null : a > b ? a : b));
        // The successor holds the role before the predecessor loses it, so it is never without a holder.
        await service.grantRole(tx, scope.orgId, org.kind, { personId: to.id, homeOrgId: to.org_id, role: body.role, ...(mine.deputy_of ? { deputyOf: mine.deputy_of } : {}), ...(until ? { until } : {}) }, nameOf(scope));
        await service.revokeRole(tx, scope.orgId, body.from, body.role);
        const moved = { findings: 0, tickets: 0 };
        await tx.emit('roles.handedOver', { orgId: scope.orgId, role: body.role, from: body.from, to: body.to, moved });
        tx.audit({ action: 'roles.handed_over', target: `person:${body.to}`, facts: { role: body.role, from: body.from, ...moved } });
        return { moved };
      })),
  ];

  const consents: Bound[] = [
    bind(api.orgs.consents.get, async ({ scope }) => {
      // The federation's row is above this organisation and so outside its scope: only its name is read, as system.
      const federation = await tenancy.asSystem('name the federation', async (tx) => {
        const org = await store.org.get(tx, scope.orgId);
        const top = org?.path[0] ? await store.org.get(tx, org.path[0]) : undefined;
        return top ? { id: top.id, name: top.name } : null;
      });
      return own(scope, async (tx) => {
        const given = new Map((await store.consents.list(tx, scope.orgId)).map((c) => [c.kind, c]));
        const history = await store.consents.history(tx, scope.orgId);
        return {
          federation,
          items: consentKinds.map((kind) => {
            const consent = given.get(kind);
            const live = consent !== undefined && (consent.until === null || consent.until > tx.now);
            const fixed = fixedConsents.has(kind);
            return { kind, given: fixed || live, fixed, since: consent?.given_at.toISOString() ?? null, by: consent?.given_by ?? null, until: consent?.until?.toISOString() ?? null };
          }),
          tickets: (await store.ticketConsents.list(tx, scope.orgId, TICKETS_SHOWN)).map((row) => presentTicketConsent(row, tx.now)),
          history: history.map((h) => ({ at: h.at.toISOString(), kind: h.kind, given: h.given, by: h.by_name })),
        };
      });
    }),
    bind(api.orgs.consents.set, ({ scope, params, body }) => own(scope, (tx) => service.setConsent(tx, scope.orgId, params.kind, body.given, body.until ? new Date(body.until) : null, nameOf(scope)))),
  ];

  const audit: Bound[] = [
    bind(api.orgs.audit.list, async ({ scope, query, lang }) => {
      const before = decodeCursor(query.after, 1);
      const lines = await own(scope, (tx) => listLedger((text, values) => tx.query(text, values), scope.orgId, { ...(before ? { before: Number(before[0]) } : {}), limit: query.limit + 1, onlyVia: query.outsiders ?? false }));
      return cut(lines, query.limit, (l) => [Number(l.seq)], (l) => ({
        seq: String(l.seq), at: l.at.toISOString(), who: l.actor.name, whose: l.actor.kind === 'system' ? '' : l.actor.homeOrgId, action: l.action, text: actionText(l.action, lang), via: l.via ?? null, ticket: l.via && typeof l.facts?.['ticket'] === 'string' ? l.facts['ticket'] : null, target: l.target ?? null,
      }));
    }),
    bind(api.orgs.audit.verify, async ({ scope }) => {
      const result = await own(scope, (tx) => verifyLedger((text, values) => tx.query(text, values), scope.orgId));
      return result.ok ? { ok: true, entries: result.count, head: result.head.hash, atSeq: null } : { ok: false, entries: 0, head: '', atSeq: result.atSeq };
    }),
  ];
  return [...tree, ...people, ...roles, ...consents, ...audit];
}
