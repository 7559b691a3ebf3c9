import type { Kernel } from '../../kernel/kernel.ts';
import type { JobHandler, Scope, Tx } from '../../kernel/types.ts';
import type { Findings } from '../findings/index.ts';
import type { Orgs } from '../orgs/index.ts';
import * as store from './store.ts';

declare module '../../kernel/types.ts' {
  interface JobPayloads {
    'desk.risks': { orgId: string };
  }
}

/**
 * What has come together at the computer or name behind each open conversation. It is made of a member's findings, so it is
 * counted, and shown, only while the member shares them; and it reads thousands of them, so it is never counted in the
 * transaction that stores lines.
 */
export const countRisks = (tx: Tx, orgId: string, afterMs = GATHER_MS): void => tx.job('desk.risks', { orgId }, { singletonKey: orgId, startAfter: new Date(tx.now.getTime() + afterMs) });
/** A flood brings findings with each batch of lines; the order of the queue may follow a little later. */
const GATHER_MS = 10_000;

export function watchRisks({ bus }: Pick<Kernel, 'bus'>): void {
  bus.on('consents.given', async (tx, { orgId, kind }) => {
    if (kind === 'alerts') countRisks(tx, orgId, 0);
  });
  bus.on('consents.withdrawn', async (tx, { orgId, kind }) => {
    if (kind === 'alerts') await store.tickets.forgetRisks(tx, orgId);
  });
}

export function risksJob({ tenancy, live }: Pick<Kernel, 'tenancy' | 'live'>, { orgs, findings }: { readonly orgs: Orgs; readonly findings: Pick<Findings, 'risks'> }): JobHandler<'desk.risks'> {
  return {
    name: 'desk.risks',
    run: async ({ orgId }) => {
      const facts = await orgs.directory.facts(orgId);
      if (!facts || facts.left) return;
      const shown = facts.kind === 'federation' || facts.consents.has('alerts');
      const scope: Scope = { orgId, actor: { kind: 'system', name: 'desk' } };
      await tenancy.inOrg(scope, async (tx) => {
        if (!shown) return void (await store.tickets.forgetRisks(tx, orgId));
        const about = await store.tickets.openFindings(tx, orgId);
        if (about.length === 0) return;
        const scores = await findings.risks(tx, orgId);
        const [first] = await store.tickets.putRisks(tx, orgId, about.map((finding) => ({ finding, risk: scores.get(finding) ?? null })));
        // One is enough: a page that hears of it reads the queue anew.
        if (first) tx.afterCommit(() => live.publish(first.desk_org_id, { kind: 'ticket', id: first.id }));
      });
    },
  };
}
