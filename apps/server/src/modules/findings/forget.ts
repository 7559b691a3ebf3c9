import type { Kernel } from '../../kernel/kernel.ts';
import type { JobHandler, Scope, Tx } from '../../kernel/types.ts';
import type { Orgs } from '../orgs/index.ts';
import * as store from './store.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    /** Findings that were deleted because they were kept for long enough; whoever names them forgets their ids. */
    'findings.forgotten': { orgId: string; ids: readonly string[] };
  }
  interface JobPayloads {
    'findings.forget': Record<string, never>;
  }
}

/** Those of these closed findings that somebody still works with, so that they stay. */
export type FindingHolder = (tx: Tx, orgId: string, ids: readonly string[]) => Promise<readonly string[]>;

const DAY = 86_400_000;
const BATCH = 500;
/** What is left after one night goes in the next ones. */
const NIGHT_MAX = 50_000;

/** Deletes what was closed, and not heard of again, for longer than the operator keeps findings; never what is open or held. */
export function forgetFindings(kernel: Kernel, orgs: Orgs, holders: readonly FindingHolder[]): JobHandler<'findings.forget'> {
  let counter: ReturnType<typeof kernel.metrics.counter> | undefined;
  const aged = () => (counter ??= kernel.metrics.counter('banya_findings_aged_total', 'Closed findings past the days they are kept, by whether they were deleted or are held', ['what']));

  const batch = (scope: Scope, before: Date, after: store.Aged | null) =>
    kernel.tenancy.inOrg(scope, async (tx) => {
      const old = await store.findings.aged(tx, scope.orgId, before, after, BATCH);
      const ids = old.map((f) => f.id);
      const held = new Set<string>();
      if (ids.length > 0) for (const holder of holders) for (const id of await holder(tx, scope.orgId, ids)) held.add(id);
      const gone = ids.filter((id) => !held.has(id));
      if (gone.length > 0) {
        await store.findings.remove(tx, scope.orgId, gone);
        await tx.emit('findings.forgotten', { orgId: scope.orgId, ids: gone });
        tx.audit({ action: 'findings.forgotten', orgId: scope.orgId, facts: { count: gone.length } });
      }
      tx.afterCommit(() => {
        aged().inc({ what: 'deleted' }, gone.length);
        aged().inc({ what: 'held' }, held.size);
      });
      return { last: old.length < BATCH ? null : old.at(-1)!, looked: old.length };
    });

  return {
    name: 'findings.forget',
    cron: { expression: '50 3 * * *', zone: 'Asia/Tokyo', payload: {} },
    run: async () => {
      const { findingsDays } = kernel.config;
      if (findingsDays === 0) return;
      const before = new Date(kernel.clock.now() - findingsDays * DAY);
      const all = await kernel.tenancy.asSystem('find organisations with findings that are kept for long enough', async (tx) => [...(await orgs.networks(tx)).keys()]);
      let left = NIGHT_MAX;
      for (const orgId of all) {
        const scope: Scope = { orgId, actor: { kind: 'system', name: 'findings' } };
        for (let after: store.Aged | null = null; left > 0; ) {
          const { last, looked } = await batch(scope, before, after);
          left -= looked;
          after = last;
          if (last === null) break;
        }
      }
    },
  };
}
