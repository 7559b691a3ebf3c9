import { api } from '@banya/contract';
import { searchKey } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound } from '../../kernel/http/call.ts';
import { excel } from '../../kernel/http/excel.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import { newId } from '../../kernel/ids.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import type { Inbound } from './inbound/index.ts';
import * as knowledge from './knowledge-store.ts';
import { lookUp } from './lookup.ts';
import { presentDetail, presentLook, presentMessage, presentNotes, presentTicket, type Ticket } from './present.ts';
import { monthAround, rankOf, slaState, unreadByDesk, urgencyOf } from './rules.ts';
import { orgOf, type RouteParts } from './routes.ts';
import { samples } from './samples/store.ts';
import type { TicketRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import { channels, house, states, urgencies } from './texts.ts';

const deskRoles = ['desk', 'manager', 'operator'] as const;

/** Where the desk works on a conversation: its member's scope, in whose ledger that stands. */
export const atMember = (scope: Scope, orgId: string): Scope => (orgId === scope.orgId ? { orgId, actor: scope.actor } : { orgId, actor: scope.actor, via: 'always' });

/**
 * The desk's side. The queue is read in the federation's scope, to which every ticket row is open; whatever changes or
 * opens a conversation runs in the member's scope with `via`, so that it stands in the member's ledger.
 */
export function queueRoutes(parts: RouteParts, related: Inbound['related']): Bound[] {
  const { kernel, orgs } = parts;
  const { tenancy } = kernel;

  const ticketHere = async (tx: Tx, scope: Scope, id: string): Promise<TicketRow> => {
    const row = await store.tickets.get(tx, 'desk_org_id', scope.orgId, id);
    if (!row) throw notFound();
    return row;
  };
  /** A consent may end by its date, too: what is stored of a member's findings is shown only while it shares them. */
  const asShared = async <T extends Pick<Ticket, 'org' | 'risk'>>(scope: Scope, items: readonly T[]): Promise<T[]> => {
    const sharing = await orgs.sharing(items.flatMap((i) => (i.risk && i.org !== scope.orgId ? [i.org] : [])), 'alerts');
    return items.map(({ risk, ...item }) => (risk && (item.org === scope.orgId || sharing.has(item.org)) ? { ...item, risk } : item) as T);
  };
  /** Looks the ticket up in the desk's own reach, then works at the member it belongs to. */
  const work = async <T>(scope: Scope, id: string, fn: (tx: Tx, row: TicketRow) => Promise<T>, look: (tx: Tx, row: TicketRow) => Promise<void> = async () => {}): Promise<T> => {
    const found = await tenancy.inOrg(scope, async (tx) => {
      const row = await ticketHere(tx, scope, id);
      await look(tx, row);
      return row;
    });
    // A settled ticket closes findings, and a finding asked about reaches for its ticket: whoever meets the other tries again.
    return tenancy.inOrg(atMember(scope, found.org_id), (tx) => fn(tx, found), { retry: true });
  };
  /** Somebody with a role at the desk. */
  const deskPerson = async (tx: Tx, federation: string, personId: string): Promise<{ id: string; name: string }> => {
    for (const role of deskRoles) {
      const held = (await orgs.holders(tx, federation, role)).find((p) => p.personId === personId);
      if (held) return { id: held.personId, name: held.name };
    }
    throw new Problem(409, 'not_on_desk');
  };

  return [
    bind(api.desk.queue.list, async ({ scope, query, lang }) => {
      const found = await tenancy.inOrg(scope, async (tx) => {
        const solved = query.state === 'solved';
        const me = service.personOf(tx);
        const number = /^#?(\d{1,12})$/.exec(query.q?.normalize('NFKC').trim() ?? '')?.[1];
        const rows = await store.tickets.queue(tx, scope.orgId, {
          state: query.state, member: query.member ?? null, assignee: query.assignee === 'me' ? (me ?? 'none') : (query.assignee ?? null), rank: query.urgency ? rankOf(query.urgency) : null, late: query.late ?? false,
          q: query.q ? searchKey(query.q) : '', number: number === undefined ? null : Number(number), after: decodeCursor(query.after, solved ? 2 : 3), limit: query.limit,
        });
        const names = await orgs.names(tx, rows.map((r) => r.org_id));
        const counts = await samples.counts(tx, rows.map((r) => r.id));
        return cut(rows, query.limit, (r) => (solved ? [r.solved_at!.toISOString(), r.id] : [r.rank, r.due_key.toISOString(), r.id]), (r) => presentTicket(r, names.get(r.org_id), 'desk', lang, tx.now, counts.get(r.id)));
      });
      return { ...found, items: await asShared(scope, found.items) };
    }),
    bind(api.desk.queue.counts, ({ scope }) => tenancy.inOrg(scope, (tx) => store.tickets.queueCounts(tx, scope.orgId, service.personOf(tx)))),
    bind(api.desk.queue.get, async ({ scope, params, lang }) => {
      const { row, name, notes } = await tenancy.inOrg(scope, async (tx) => {
        const found = await ticketHere(tx, scope, params.ticket);
        return { row: found, name: (await orgs.names(tx, [found.org_id])).get(found.org_id), notes: await store.details.notes(tx, scope.orgId, found.org_id, found.id) };
      });
      const got = await tenancy.inOrg(atMember(scope, row.org_id), async (tx) => {
        if (row.org_id !== scope.orgId) tx.audit({ action: 'desk.read', target: `ticket:${row.id}`, facts: { number: Number(row.number) } });
        const shown = await presentDetail(tx, row, name, 'desk', lang);
        if (unreadByDesk(row)) await store.tickets.update(tx, row, { desk_read_at: tx.now });
        return { ...shown, look: await presentLook(orgs, tx, row), notes: presentNotes(notes), related: (await related(tx, row.id)).map((r) => ({ id: r.id, number: Number(r.number), subject: r.subject, state: r.state })) };
      });
      return (await asShared(scope, [got]))[0]!;
    }),
    bind(api.desk.queue.phone, async ({ scope, body, lang }) => {
      // A ticket is taken down for members of the desk's own federation only, and for the federation's own people.
      const member = await tenancy.inOrg(scope, (tx) => orgs.get(tx, body.member));
      if (!member || orgs.federationOf(member) !== scope.orgId || member.left_at || member.archived_at) throw notFound();
      return tenancy.inOrg(atMember(scope, member.id), async (tx) => {
        const person = body.person === undefined ? undefined : (await orgs.people(tx, [body.person])).get(body.person);
        if (body.person !== undefined && !person) throw notFound();
        const requester = { id: body.person ?? null, name: person?.name ?? body.callerName ?? (lang === 'ja' ? '電話の方' : 'Caller') };
        const row = await service.openTicket(parts, tx, { org: member, channel: 'phone', requester, subject: body.subject, text: body.message.trim(), urgency: body.urgency, callback: body.callback ?? null, phone: { solved: body.solved } });
        return presentTicket(row, member.name, 'desk', lang, tx.now);
      });
    }),
    bind(api.desk.queue.update, async ({ scope, params, body, lang }) => {
      let assignee: { id: string; name: string } | null | undefined = body.assignee === null ? null : undefined;
      const changed = await work(scope, params.ticket, async (tx, { org_id: orgId }) => {
        const row = await store.tickets.lock(tx, orgId, params.ticket);
        if (!row) throw notFound();
        if (row.merged_into !== null) throw new Problem(409, 'ticket_merged');
        const org = await orgOf(parts, tx, orgId);
        return presentTicket(await service.update(parts, tx, row, org, { ...body, assignee }), org.name, 'desk', lang, tx.now);
      }, async (tx) => {
        if (body.assignee) assignee = await deskPerson(tx, scope.orgId, body.assignee === 'me' ? (service.personOf(tx) ?? '') : body.assignee);
      });
      return (await asShared(scope, [changed]))[0]!;
    }),
    bind(api.desk.queue.reply, ({ scope, params, body, lang }) =>
      work(scope, params.ticket, async (tx, { org_id: orgId }) => {
        const row = await service.takeRoot(tx, orgId, params.ticket);
        const written = await service.deskSays(parts, tx, row, body);
        return presentMessage(written, await knowledge.articles.titles(tx, row.desk_org_id, written.article_id ? [written.article_id] : [], lang), lang);
      })),
    // A note is the federation's own: it is written in its scope and stands in its ledger, and no member sees that there is one.
    bind(api.desk.queue.note, ({ scope, params, body }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await ticketHere(tx, scope, params.ticket);
        await store.details.note(tx, { org_id: scope.orgId, ticket_id: row.id, id: newId(tx.now.getTime()), at: tx.now, who: service.nameOf(tx), text: body.text });
        tx.audit({ action: 'desk.noted', target: `ticket:${row.id}` });
        tx.afterCommit(() => kernel.live.publish(scope.orgId, { kind: 'ticket', id: row.id }));
      })),
    bind(api.desk.queue.merge, ({ scope, params, body }) =>
      work(scope, params.ticket, (tx, row) => service.merge(parts, tx, row.org_id, row.id, body.into), async (tx, row) => {
        if ((await ticketHere(tx, scope, body.into)).org_id !== row.org_id) throw new Problem(409, 'other_member');
      })),
    bind(api.desk.queue.unmerge, ({ scope, params }) => work(scope, params.ticket, (tx, row) => service.unmerge(parts, tx, row.org_id, row.id))),
    bind(api.desk.queue.export, async ({ scope, lang }) => {
      const { rows, names, now } = await tenancy.inOrg(scope, async (tx) => {
        const found = await store.tickets.everyOpen(tx, scope.orgId);
        tx.audit({ action: 'desk.exported', facts: { rows: found.length } });
        return { rows: found, names: await orgs.names(tx, found.map((r) => r.org_id)), now: tx.now };
      });
      return queueWorkbook(rows, names, lang, now);
    }),
    bind(api.desk.queue.statistics, ({ scope }) =>
      tenancy.inOrg(scope, async (tx) => {
        const { month, from, to } = monthAround(tx.now);
        return { month, ...(await store.tickets.statistics(tx, scope.orgId, from, to)) };
      })),
    bind(api.desk.queue.members, ({ scope, query }) => lookUp(parts, scope, query.q)),
  ];
}

function queueWorkbook(rows: readonly TicketRow[], names: ReadonlyMap<string, string>, lang: 'ja' | 'en', now: Date): Response {
  const ja = lang === 'ja';
  const times = { ok: ja ? '目安のうち' : 'in time', soon: ja ? 'まもなく' : 'soon', late: ja ? '過ぎた' : 'late', paused: ja ? '返事待ち' : 'paused', met: ja ? '間に合った' : 'met' };
  return excel(ja ? '相談の一覧' : 'queue', ja ? '相談' : 'Queue', [
    { header: ja ? '番号' : 'Number', type: 'integer', width: 8 }, { header: ja ? '会員' : 'Member', width: 24 }, { header: ja ? '件名' : 'Subject', width: 44 }, { header: ja ? '相談した人' : 'Asked by', width: 18 },
    { header: ja ? '急ぎ方' : 'Urgency', width: 10 }, { header: ja ? '状態' : 'State', width: 16 }, { header: ja ? '受け方' : 'Channel', width: 10 }, { header: ja ? '担当' : 'Taken by', width: 18 },
    { header: ja ? '受付' : 'Asked at', type: 'datetime' }, { header: ja ? '次の目安' : 'Next due', type: 'datetime' }, { header: ja ? '目安との差' : 'Times', width: 12 },
  ], rows.map((r) => [
    Number(r.number), names.get(r.org_id) ?? '', r.subject, r.requester_name || house[lang], urgencies[urgencyOf(r.rank)][lang], states[r.state][lang], channels[r.channel][lang], r.assignee_name ?? '', r.created_at, r.next_due, times[slaState(r, now)],
  ]));
}
