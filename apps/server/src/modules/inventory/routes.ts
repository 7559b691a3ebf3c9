import { api, permissions } from '@banya/contract';
import { searchKey } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import { bind, type Bound, type Principal } from '../../kernel/http/call.ts';
import { excel } from '../../kernel/http/excel.ts';
import type { Tokens } from '../../kernel/identity/tokens.ts';
import { cut, decodeCursor } from '../../kernel/keyset.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import { guideFor, type GuideTarget } from './guides.ts';
import { presentDevice, presentSources } from './present.ts';
import { addressPrefix, matchKey } from './rules.ts';
import type { DeviceRow, Match, SourceRow } from './schema.ts';
import * as service from './service.ts';
import * as store from './store.ts';
import type { UnknownSenderBook } from './unknown.ts';

export interface RouteParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly tokens: Tokens;
  readonly unknown: UnknownSenderBook;
  readonly guideTarget: () => GuideTarget;
}

/** Claims the desk sees at once. */
const WAITING_MAX = 200;

const takenError = (error: unknown): never => {
  // The unique index decides between two registrations at the same moment.
  if ((error as { code?: unknown }).code === '23505') throw new Problem(409, 'sender_taken');
  throw error as Error;
};

export function inventoryRoutes(parts: RouteParts): Bound[] {
  return [...deviceRoutes(parts), ...sourceRoutes(parts)];
}

function deviceRoutes({ kernel, orgs }: RouteParts): Bound[] {
  const { tenancy } = kernel;
  const withOwners = async (tx: Tx, rows: readonly DeviceRow[]) => {
    const owners = await orgs.people(tx, rows.flatMap((r) => (r.owner_id ? [r.owner_id] : [])));
    return rows.map((row) => presentDevice(row, row.owner_id ? owners.get(row.owner_id)?.name : undefined));
  };
  const refuseForeignOwner = async (tx: Tx, owner: string | null | undefined): Promise<void> => {
    if (owner && !(await orgs.people(tx, [owner])).has(owner)) throw notFound();
  };
  const one = (scope: Scope, fn: (tx: Tx) => Promise<DeviceRow>) => tenancy.inOrg(scope, async (tx) => (await withOwners(tx, [await fn(tx)]))[0]!);
  return [
    bind(api.inventory.devices.list, ({ scope, query }) =>
      tenancy.inOrg(scope, async (tx) => {
        const after = decodeCursor(query.after, 2);
        const archived = query.archived ?? false;
        const rows = await store.devices.list(tx, scope.orgId, { after: after && { key: String(after[0]), id: String(after[1]) }, limit: query.limit, q: query.q ? searchKey(query.q) : '', kind: query.kind ?? null, archived });
        const paged = cut(rows, query.limit, (r) => [r.sort_key, r.id], (r) => r);
        const count = await store.devices.count(tx, scope.orgId, archived);
        return { items: await withOwners(tx, paged.items), next: paged.next, total: { count: Math.min(count, 1000), more: count > 1000 } };
      })),
    bind(api.inventory.devices.get, ({ scope, params }) =>
      one(scope, async (tx) => {
        const row = await store.devices.get(tx, params.device);
        if (!row || row.org_id !== scope.orgId) throw notFound();
        return row;
      })),
    bind(api.inventory.devices.create, ({ scope, body }) =>
      one(scope, async (tx) => {
        await refuseForeignOwner(tx, body.owner);
        return service.createDevice(tx, scope.orgId, body);
      })),
    bind(api.inventory.devices.put, async ({ scope, params, body }) => {
      const put = () => one(scope, async (tx) => {
        await refuseForeignOwner(tx, body.owner);
        return service.putDevice(tx, scope.orgId, params.key, body);
      });
      // Two at the same moment make it once: the second then changes what the first has made.
      return put().catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== '23505') throw error;
        return put();
      });
    }),
    bind(api.inventory.devices.update, ({ scope, params, body }) =>
      one(scope, async (tx) => {
        await refuseForeignOwner(tx, body.owner);
        return service.updateDevice(tx, scope.orgId, params.device, body);
      })),
    bind(api.inventory.devices.archive, ({ scope, params }) => tenancy.inOrg(scope, (tx) => service.archiveDevice(tx, scope.orgId, params.device, true))),
    bind(api.inventory.devices.restore, ({ scope, params }) => tenancy.inOrg(scope, (tx) => service.archiveDevice(tx, scope.orgId, params.device, false))),
    bind(api.inventory.devices.export, async ({ scope, lang }) => {
      const rows = await tenancy.inOrg(scope, async (tx) => {
        tx.audit({ action: 'inventory.exported' });
        return withOwners(tx, await store.devices.every(tx, scope.orgId));
      });
      const ja = lang === 'ja';
      return excel(ja ? '機器一覧' : 'devices', ja ? '機器' : 'Devices', [
        { header: ja ? '名前' : 'Name', width: 26 }, { header: ja ? '種類' : 'Kind', width: 12 }, { header: ja ? '使う人' : 'Owner', width: 18 }, { header: ja ? '部署' : 'Department', width: 16 }, { header: 'OS', width: 18 },
        { header: ja ? '製造番号' : 'Serial', width: 18 }, { header: ja ? 'IPアドレス' : 'Addresses', width: 24 }, { header: ja ? 'MACアドレス' : 'Hardware addresses', width: 24 }, { header: ja ? 'ホスト名' : 'Host names', width: 24 }, { header: ja ? 'メモ' : 'Note', width: 40 },
      ], rows.map((d) => [d.name, d.kind, d.owner?.name ?? '', d.department ?? '', d.os ?? '', d.serial ?? '', d.addresses.join(' '), d.macs.join(' '), d.hostNames.join(' '), d.note ?? '']));
    }),
  ];
}

function sourceRoutes({ kernel, orgs, tokens, unknown, guideTarget }: RouteParts): Bound[] {
  const { tenancy } = kernel;
  const shown = (tx: Tx, orgId: string, rows: readonly SourceRow[]) => presentSources(tx, orgId, rows, kernel.clock.now());
  const refuseTaken = async (orgId: string, match: Match, except: string | null): Promise<void> => {
    const key = matchKey(match);
    if (key && (await tenancy.asSystem('is a sender registered already', (tx) => store.sources.taken(tx, orgId, key, addressPrefix(match), except)))) throw new Problem(409, 'sender_taken');
  };
  /** A desk confirms by registering: the federation's for a member, and at the federation itself whoever works at it. */
  const isDesk = (scope: Scope, principal: Principal | null): boolean =>
    scope.via !== undefined || (principal?.kind === 'person' && (principal.roles.get(scope.orgId) ?? []).some((role) => (permissions['desk.work'].own as readonly string[]).includes(role)));
  const create = async (scope: Scope, orgId: string, fields: service.SourceFields, byDesk: boolean) => {
    await refuseTaken(orgId, service.plainMatch(fields.match), null);
    const row = await tenancy.inOrg({ ...scope, orgId }, (tx) => service.addSource(tx, service.newSource(tx, orgId, fields, byDesk))).catch(takenError);
    const token = row.match.by === 'token' ? (await tokens.create(orgId, scope.actor.name, { name: row.name, scopes: ['ingest'], sourceId: row.id })).secret : null;
    return { row, token };
  };
  const present = async (scope: Scope, orgId: string, row: SourceRow) => (await tenancy.inOrg({ ...scope, orgId }, (tx) => shown(tx, orgId, [row])))[0]!;
  /** Unregistered senders belong to nobody yet, so only a federation's desk sees them; a member's manager has no desk. */
  const federationOnly = async (scope: Scope): Promise<void> => {
    if ((await tenancy.inOrg(scope, (tx) => orgs.get(tx, scope.orgId)))?.kind !== 'federation') throw notFound();
  };
  /** The desk works for members of its own federation only. */
  const memberScope = async (scope: Scope, member: string): Promise<Scope> => {
    await federationOnly(scope);
    if (!(await tenancy.inOrg(scope, (tx) => orgs.get(tx, member)))?.path.includes(scope.orgId)) throw notFound();
    return { ...scope, orgId: member, via: 'always' };
  };
  const confirm = async (scope: Scope, id: string, seen: Match): Promise<SourceRow> => {
    await refuseTaken(scope.orgId, seen, id);
    return change(scope, (tx) => service.confirmSource(tx, scope.orgId, id, seen));
  };
  const change = async (scope: Scope, fn: (tx: Tx) => Promise<SourceRow>) => tenancy.inOrg(scope, fn).catch(takenError);

  return [
    bind(api.inventory.sources.list, ({ scope, query }) =>
      tenancy.inOrg(scope, async (tx) => {
        const after = decodeCursor(query.after, 1);
        const paged = cut(await store.sources.list(tx, scope.orgId, after ? String(after[0]) : null, query.limit), query.limit, (r) => [r.id], (r) => r);
        return { items: await shown(tx, scope.orgId, paged.items), next: paged.next };
      })),
    bind(api.inventory.sources.guide, async ({ params, lang }) => {
      const guide = guideFor(params.family, guideTarget(), lang);
      return { family: guide.family, name: guide.name, minutes: guide.minutes, steps: [...guide.steps], notes: [...guide.notes] };
    }),
    bind(api.inventory.sources.get, ({ scope, params }) =>
      tenancy.inOrg(scope, async (tx) => {
        const row = await store.sources.get(tx, params.source);
        if (!row || row.org_id !== scope.orgId) throw notFound();
        return (await shown(tx, scope.orgId, [row]))[0]!;
      })),
    bind(api.inventory.sources.create, async ({ scope, body, principal }) => {
      const { row, token } = await create(scope, scope.orgId, body, isDesk(scope, principal));
      return { ...(await present(scope, scope.orgId, row)), token };
    }),
    bind(api.inventory.sources.update, async ({ scope, params, body, principal }) => {
      if (body.match) await refuseTaken(scope.orgId, service.plainMatch(body.match), params.source);
      return present(scope, scope.orgId, await change(scope, (tx) => service.changeSource(tx, scope.orgId, params.source, body, isDesk(scope, principal))));
    }),
    bind(api.inventory.sources.archive, async ({ scope, params }) => void (await change(scope, (tx) => service.archiveSource(tx, scope.orgId, params.source)))),
    bind(api.inventory.sources.restore, async ({ scope, params, principal }) => {
      const row = await tenancy.inOrg(scope, (tx) => store.sources.get(tx, params.source));
      if (row?.org_id === scope.orgId) await refuseTaken(scope.orgId, row.match, row.id);
      await change(scope, (tx) => service.restoreSource(tx, scope.orgId, params.source, isDesk(scope, principal)));
    }),
    bind(api.inventory.sources.newToken, async ({ scope, params }) => {
      const row = await tenancy.inOrg(scope, async (tx) => {
        const found = await store.sources.get(tx, params.source);
        if (!found || found.org_id !== scope.orgId || found.match.by !== 'token') throw notFound();
        tx.audit({ action: 'inventory.token_renewed', target: `source:${found.id}` });
        return found;
      });
      await tokens.revoke(scope.orgId, { sourceId: row.id });
      return { token: (await tokens.create(scope.orgId, scope.actor.name, { name: row.name, scopes: ['ingest'], sourceId: row.id })).secret };
    }),
    bind(api.inventory.unknownSenders.list, async ({ scope }) => {
      await federationOnly(scope);
      const listing = await unknown.list();
      const claims = await tenancy.asSystem('show senders that wait for the desk', (tx) => store.sources.waiting(tx, WAITING_MAX));
      const names = await tenancy.inOrg(scope, (tx) => orgs.names(tx, claims.map((c) => c.org_id)));
      return {
        ...listing,
        waiting: claims.flatMap((c) => {
          const name = names.get(c.org_id);
          return name === undefined ? [] : [{
            source: c.id, member: { id: c.org_id, name }, name: c.name, family: c.family, match: c.match, since: c.created_at.toISOString(),
            lines: Number(c.lines ?? 0), firstAt: c.first_at?.toISOString() ?? null, lastAt: c.last_at?.toISOString() ?? null,
          }];
        }),
      };
    }),
    bind(api.inventory.unknownSenders.register, async ({ scope, params, body }) => {
      const at = await memberScope(scope, body.member);
      const sender = await unknown.find(params.key);
      if (!sender) throw new Problem(409, 'sender_gone');
      // A certificate is the stronger proof: its sender is known by it wherever it stands.
      const match: Match = sender.fingerprint ? { by: 'certificate', fingerprint: sender.fingerprint } : { by: 'address', listener: sender.listener, address: sender.address, headerHost: sender.headerHost || null };
      // What the member has registered already is confirmed, with the name and the settings it has there.
      const claim = await tenancy.inOrg(at, (tx) => store.sources.claim(tx, at.orgId, matchKey(match)!));
      const row = claim ? await confirm(at, claim.id, match) : (await create(at, at.orgId, { name: body.name, family: body.family, match, timeZone: 'Asia/Tokyo', encoding: 'utf-8', retention: '1y', silentAfterHours: 24 }, true)).row;
      await unknown.forget(params.key);
      return present(at, at.orgId, row);
    }),
    bind(api.inventory.unknownSenders.confirm, async ({ scope, params, body }) => {
      // The federation's own senders wait too, when somebody who is not at its desk has registered them.
      const own = body.member === scope.orgId;
      if (own) await federationOnly(scope);
      const at = own ? scope : await memberScope(scope, body.member);
      const row = await tenancy.inOrg(at, (tx) => store.sources.get(tx, params.source));
      if (row?.org_id !== at.orgId) throw notFound();
      return present(at, at.orgId, await confirm(at, row.id, body.match));
    }),
  ];
}
