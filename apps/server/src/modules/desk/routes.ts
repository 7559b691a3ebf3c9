import { api } from '@banya/contract';
import { searchKey } from '@banya/jp';
import { Problem, notFound, tooMany } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import { RateLimit } from '../../kernel/http/limits.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Actor, Clock, Scope, Tx } from '../../kernel/types.ts';
import type { TicketRow } from './schema.ts';
import type { OrgRow } from '../orgs/index.ts';
import * as knowledge from './knowledge-store.ts';
import { asJoined, presentDetail, presentLook, presentMessage, presentShared, presentTicket } from './present.ts';
import { unreadByMember } from './rules.ts';
import type { SampleRow } from './samples/schema.ts';
import { samples } from './samples/store.ts';
import * as service from './service.ts';
import * as store from './store.ts';

export interface RouteParts extends service.ServiceParts {
  readonly kernel: Kernel;
  readonly limits: Limits;
}

/** How often one person, or one token, may write: ten questions and then one every six minutes; thirty messages and then one every ten seconds. */
export class Limits {
  readonly #ask: RateLimit;
  readonly #write: RateLimit;
  constructor(clock: Clock) {
    this.#ask = new RateLimit(clock, 10, 1 / 360);
    this.#write = new RateLimit(clock, 30, 1 / 10);
  }

  /** @throws the problem that says how long to wait. */
  asks(actor: Actor): void {
    refuse(this.#ask, actor);
  }

  writes(actor: Actor): void {
    refuse(this.#write, actor);
  }
}

function refuse(limit: RateLimit, actor: Actor): void {
  const wait = limit.take(actor.kind === 'person' ? actor.personId : actor.kind === 'token' ? actor.tokenId : actor.name);
  if (wait > 0) throw tooMany(wait);
}

/** The desk's people reach a member's routes too; what they do there they do as the desk. */
const isDesk = (scope: Scope): boolean => scope.via !== undefined;

/** Staff see what they asked themselves; a colleague's question does not exist for them. Whoever reported a like mail has asked it as well. @returns that mail */
async function ownOnly(tx: Tx, scope: Scope, row: TicketRow): Promise<SampleRow | undefined> {
  if (scope.self === undefined) return undefined;
  const mine = await samples.mine(tx, row.org_id, row.id, scope.self);
  if (!mine && row.requester_id !== scope.self) throw notFound();
  return mine;
}

export async function orgOf(parts: Pick<RouteParts, 'orgs'>, tx: Tx, id: string): Promise<OrgRow> {
  const org = await parts.orgs.get(tx, id);
  if (!org) throw notFound();
  return org;
}

/** The member's side: its own questions. */
export function memberRoutes(parts: RouteParts): Bound[] {
  const { kernel, limits } = parts;
  const { tenancy } = kernel;
  return [
    bind(api.desk.member.list, ({ scope, query, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const state = query.state ?? null;
        const rows = await store.tickets.list(tx, scope.orgId, { state, requester: scope.self ?? null, q: query.q ? searchKey(query.q) : '', after: decodeCursor(query.after, 2), limit: query.limit });
        const names = await parts.orgs.names(tx, [scope.orgId]);
        const { self } = scope;
        const mine = self === undefined ? null : new Map((await samples.mineOf(tx, scope.orgId, rows.map((r) => r.id), self)).map((s) => [s.ticket_id, s]));
        const counts = self === undefined ? await samples.counts(tx, rows.map((r) => r.id)) : null;
        const as = (r: TicketRow): TicketRow => (self !== undefined && mine?.has(r.id) ? asJoined(r, self, mine.get(r.id)!) : r);
        const shown = cut(rows, query.limit, (r) => [r.updated_at.toISOString(), r.id], (r) => presentTicket(as(r), names.get(r.org_id), 'member', lang, tx.now, counts?.get(r.id)));
        if (query.q || scope.self !== undefined) return shown;
        const count = await store.tickets.count(tx, scope.orgId, state);
        return { ...shown, total: { count: Math.min(count, 1000), more: count > 1000 } };
      })),
    bind(api.desk.member.ask, ({ scope, body, lang }) => {
      if (!isDesk(scope)) limits.asks(scope.actor);
      return tenancy.inOrg(scope, async (tx) => {
        const org = await orgOf(parts, tx, scope.orgId);
        const requester = { id: isDesk(scope) ? null : service.personOf(tx), name: service.nameOf(tx) };
        const row = await service.openTicket(parts, tx, { org, channel: 'web', requester, subject: body.subject, text: body.message, urgency: body.urgency, callback: body.callback ?? null });
        return presentTicket(row, org.name, 'member', lang, tx.now);
      });
    }),
    bind(api.desk.member.get, ({ scope, params, lang }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await store.tickets.get(tx, 'org_id', scope.orgId, params.ticket);
        if (!row) throw notFound();
        const mine = await ownOnly(tx, scope, row);
        const orgName = (await parts.orgs.names(tx, [row.org_id])).get(row.org_id);
        const shown = scope.self !== undefined && (await samples.shared(tx, row.org_id, row.id, scope.self)) ? await presentShared(tx, row, orgName, lang, scope.self, mine) : { ...(await presentDetail(tx, row, orgName, 'member', lang)), ...(scope.self === undefined ? { look: await presentLook(parts.orgs, tx, row) } : {}) };
        // Who joined somebody's question leaves it unread for whoever asked it.
        if (!isDesk(scope) && (scope.self === undefined || row.requester_id === scope.self) && unreadByMember(row)) await store.tickets.update(tx, row, { member_read_at: tx.now });
        return shown;
      })),
    bind(api.desk.member.reply, ({ scope, params, body, lang }) => {
      if (!isDesk(scope)) limits.writes(scope.actor);
      return tenancy.inOrg(scope, async (tx) => {
        const row = await service.takeRoot(tx, scope.orgId, params.ticket);
        await ownOnly(tx, scope, row);
        const written = isDesk(scope) ? await service.deskSays(parts, tx, row, { ...body, then: 'waiting' }) : await service.memberSays(parts, tx, row, body);
        return presentMessage(written, await knowledge.articles.titles(tx, row.desk_org_id, written.article_id ? [written.article_id] : [], lang), lang);
      });
    }),
    bind(api.desk.member.solved, ({ scope, params }) => {
      if (!isDesk(scope)) limits.writes(scope.actor);
      return tenancy.inOrg(scope, async (tx) => {
        const row = await service.takeRoot(tx, scope.orgId, params.ticket);
        await ownOnly(tx, scope, row);
        // One of several must not end it for the others.
        if (scope.self !== undefined && (await samples.shared(tx, row.org_id, row.id, scope.self))) throw new Problem(409, 'question_shared');
        await service.setState(parts, tx, row, 'solved');
      }, { retry: true });
    }),
    bind(api.desk.member.reopen, ({ scope, params }) => {
      if (!isDesk(scope)) limits.writes(scope.actor);
      return tenancy.inOrg(scope, async (tx) => {
        const row = await service.takeRoot(tx, scope.orgId, params.ticket);
        await ownOnly(tx, scope, row);
        if (row.state === 'solved') await service.setState(parts, tx, row, 'working');
      });
    }),
    bind(api.desk.member.rate, ({ scope, params, body }) => {
      if (isDesk(scope)) throw new Problem(403, 'desk_cannot_rate');
      limits.writes(scope.actor);
      return tenancy.inOrg(scope, async (tx) => {
        const row = await service.takeRoot(tx, scope.orgId, params.ticket);
        await ownOnly(tx, scope, row);
        if (scope.self !== undefined && row.requester_id !== scope.self) throw new Problem(409, 'question_shared');
        await service.rate(parts, tx, row, body.rating);
      });
    }),
  ];
}
