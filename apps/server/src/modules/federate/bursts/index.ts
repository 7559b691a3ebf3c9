import { api } from '@banya/contract';
import { bind, type Bound } from '../../../kernel/http/call.ts';
import { Problem } from '../../../kernel/errors.ts';
import { cut, decodeCursor } from '../../../kernel/keyset.ts';
import type { JobHandler } from '../../../kernel/types.ts';
import { ruleTitle } from '../../findings/index.ts';
import { KEEP_DAYS } from './rules.ts';
import { escalate, forget, sight, unsight, unsightLapsed, type BurstParts, type Told } from './service.ts';
import * as store from './store.ts';

declare module '../../../kernel/types.ts' {
  interface JobPayloads {
    /** Compares findings of an organisation with those of other members. */
    'federate.sight': { orgId: string; findingIds: readonly string[] };
    /** Tells findings of an organisation at how many members the same was seen. */
    'federate.escalate': { orgId: string; told: readonly Told[] };
    'federate.unsight': { orgId: string };
    'federate.forgetSightings': Record<string, never>;
  }
}

export type { BurstParts } from './service.ts';

/** Findings compared with one transaction, which others must not wait for long. */
const TOGETHER = 25;
const MEMBERS_SHOWN = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface OpenBursts {
  readonly routes: readonly Bound[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly jobs: readonly JobHandler<any>[];
}

/** The same indicator at several members. */
export function openBursts(parts: BurstParts): OpenBursts {
  const { kernel, orgs } = parts;
  kernel.bus.on('findings.sighted', async (tx, { found }) => {
    // Comparing is in a transaction of its own: this one may be a member's.
    for (const [orgId, own] of Map.groupBy(found, (f) => f.orgId)) {
      for (let i = 0; i < own.length; i += TOGETHER) tx.job('federate.sight', { orgId, findingIds: own.slice(i, i + TOGETHER).map((f) => f.findingId) }, { priority: 5 });
    }
  });
  kernel.bus.on('consents.withdrawn', async (tx, { orgId, kind }) => {
    if (kind === 'indicators' || kind === 'alerts') tx.job('federate.unsight', { orgId });
  });
  kernel.bus.on('orgs.left', async (tx, { orgId }) => tx.job('federate.unsight', { orgId }));
  const one: JobHandler<'federate.sight'> = { name: 'federate.sight', concurrency: 2, run: ({ orgId, findingIds }) => sight(parts, orgId, findingIds) };
  const graver: JobHandler<'federate.escalate'> = { name: 'federate.escalate', concurrency: 2, run: ({ orgId, told }) => escalate(parts, orgId, told) };
  const away: JobHandler<'federate.unsight'> = { name: 'federate.unsight', run: ({ orgId }) => unsight(parts, orgId) };
  const night: JobHandler<'federate.forgetSightings'> = { name: 'federate.forgetSightings', cron: { expression: '35 3 * * *', zone: 'Asia/Tokyo', payload: {} }, run: async () => {
    await unsightLapsed(parts);
    await forget(parts);
  } };
  return {
    jobs: [one, graver, away, night],
    routes: [
      bind(api.federate.bursts, async ({ scope, query, lang }) => {
        const after = decodeCursor(query.after, 2);
        if (after && !(Number.isFinite(Date.parse(String(after[0]))) && UUID.test(String(after[1])))) throw new Problem(400, 'cursor_broken');
        const found = await kernel.tenancy.inOrg(scope, async (tx) => {
          const rows = await store.bursts.page(tx, scope.orgId, after && { lastAt: String(after[0]), id: String(after[1]) }, query.limit);
          const seen = await store.sightings.since(tx, scope.orgId, rows.map((r) => r.mac), new Date(tx.now.getTime() - KEEP_DAYS * 86_400_000));
          return { rows, seen, names: await orgs.names(tx, seen.map((s) => s.member_id)) };
        });
        const byMac = Map.groupBy(found.seen, (s) => s.mac);
        // A finding is a member's: its link is for whoever may open it there.
        const open = new Map<string, boolean>();
        for (const id of new Set(found.seen.map((s) => s.member_id))) open.set(id, (await orgs.directory.facts(id))?.consents.has('alerts') ?? false);
        return cut(found.rows, query.limit, (r) => [r.last_at.toISOString(), r.id], (r) => ({
          id: r.id, kind: r.kind as 'address', indicator: r.indicator, ruleId: r.rule_id, ruleTitle: ruleTitle(r.rule_id, r.rule_title, lang), members: r.members, firstAt: r.first_at.toISOString(), thirdAt: r.third_at.toISOString(), raisedAt: r.raised_at.toISOString(), lastAt: r.last_at.toISOString(),
          byMember: [...Map.groupBy(byMac.get(r.mac) ?? [], (s) => s.member_id)].slice(0, MEMBERS_SHOWN).map(([member, own]) => ({
            member, name: found.names.get(member) ?? '', firstAt: own[0]!.first_at.toISOString(), lastAt: own.at(-1)!.last_at.toISOString(), org: own[0]!.finding_org_id, finding: open.get(member) ? own.at(-1)!.finding_id : null,
          })),
        }));
      }),
    ],
  };
}
