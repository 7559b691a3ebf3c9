import { api, type Lang } from '@banya/contract';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import type { Tx } from '../../kernel/types.ts';
import { atMember } from './queue-routes.ts';
import type { RouteParts } from './routes.ts';
import { wantedFor } from './rules.ts';
import type { TicketRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import { lookSaid } from './texts.ts';

/** The desk asks, in the conversation; the ticket waits for the member from then on. */
async function ask(parts: RouteParts, tx: Tx, orgId: string, id: string, lang: Lang): Promise<void> {
  const row = await service.takeRoot(tx, orgId, id);
  if (row.state === 'solved') throw new Problem(409, 'ticket_settled');
  if (row.org_id === row.desk_org_id) throw new Problem(409, 'look_not_needed');
  const asked = await parts.orgs.ticketConsents.ask(tx, { orgId, deskOrgId: row.desk_org_id, id: row.id, number: row.number, subject: row.subject }, wantedFor(row), service.nameOf(tx));
  await store.details.remember(tx, [service.line(tx, row, 'look_asked')]);
  await service.deskSays(parts, tx, row, { text: lookSaid.ask(asked.kinds, lang), then: 'waiting', asksLook: true });
}

/** The answer stands in the conversation as well, which makes it the desk's turn. */
async function answer(parts: RouteParts, tx: Tx, row: TicketRow, allow: boolean, lang: Lang): Promise<void> {
  const given = await parts.orgs.ticketConsents.answer(tx, row.org_id, row.id, allow, service.nameOf(tx));
  await store.details.remember(tx, [service.line(tx, row, allow ? 'look_allowed' : 'look_refused')]);
  await service.memberSays(parts, tx, row, { text: allow ? lookSaid.allow(given.kinds, lang) : lookSaid.refuse[lang] });
}

async function withdraw(parts: RouteParts, tx: Tx, row: TicketRow): Promise<void> {
  const ended = await parts.orgs.ticketConsents.end(tx, row.org_id, 'withdrawn', { ticketId: row.id });
  if (!ended.some((e) => e.until !== null && e.ended_how === 'withdrawn')) throw new Problem(409, 'look_not_asked');
  await store.details.remember(tx, [service.line(tx, row, 'look_withdrawn')]);
  service.changed(parts, tx, row);
}

export function lookRoutes(parts: RouteParts): Bound[] {
  const { kernel, limits } = parts;
  const { tenancy } = kernel;
  return [
    bind(api.desk.looks.ask, async ({ scope, params, lang }) => {
      const found = await tenancy.inOrg(scope, (tx) => store.tickets.get(tx, 'desk_org_id', scope.orgId, params.ticket));
      if (!found) throw notFound();
      await tenancy.inOrg(atMember(scope, found.org_id), (tx) => ask(parts, tx, found.org_id, found.id, lang), { retry: true });
    }),
    bind(api.desk.looks.answer, ({ scope, params, body, lang }) => {
      limits.writes(scope.actor);
      return tenancy.inOrg(scope, async (tx) => answer(parts, tx, await service.takeRoot(tx, scope.orgId, params.ticket), body.allow, lang), { retry: true });
    }),
    bind(api.desk.looks.withdraw, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => withdraw(parts, tx, await service.takeRoot(tx, scope.orgId, params.ticket)), { retry: true })),
  ];
}
