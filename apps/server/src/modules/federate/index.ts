import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { Lang } from '@banya/contract';
import type { Indicator } from '@banya/mail';
import type { OutgoingMail } from '../../kernel/kernel.ts';
import type {} from '../desk/index.ts';
import type { Findings } from '../findings/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { Orgs } from '../orgs/index.ts';
import { bulletinsOf, openBulletins } from './bulletins/index.ts';
import { openBursts } from './bursts/index.ts';
import { openCampaigns, type SampleSource } from './campaigns/index.ts';
import { DEBOUNCE_MS, federateJobs } from './jobs.ts';
import { federateRoutes } from './routes.ts';
import type { FindingsForSnapshot, TicketsForSnapshot } from './service.ts';
import * as store from './store.ts';
import './texts.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    /** A member shares less than before; `kept` are the kinds that stay. In a system transaction. */
    'federate.unshared': { orgId: string; memberId: string; kept: readonly string[] };
  }
  interface JobPayloads {
    'federate.pushAll': Record<string, never>;
    'federate.push': { orgId: string };
    'federate.month': { orgId: string; month: string; version: number; figures: Readonly<Record<string, unknown>> };
  }
}

export type { Campaigns, SampleFacts, SampleSource } from './campaigns/index.ts';
export type { FindingsForSnapshot, TicketsForSnapshot } from './service.ts';

/** What members push up, and the manager's map made of it; the same mail at several members, and the desk's warnings. */
export interface Federate extends Module {
  /** Reported mails of an organisation that hold one of these indicators, by keyed hash, newest first; in its scope. */
  mailsWith(tx: Tx, orgId: string, federationId: string, indicators: readonly Pick<Indicator, 'kind' | 'value'>[], since: Date): Promise<readonly { readonly sampleId: string; readonly at: Date }[]>;
}

export interface FederateDeps {
  readonly orgs: Orgs;
  readonly inventory: Pick<Inventory, 'sourcesOf'>;
  readonly findings: FindingsForSnapshot;
  readonly desk: TicketsForSnapshot;
  /** When these people last signed in. Without it, nobody's last visit is known. */
  readonly lastSeen?: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Date>>;
  /** Without it findings of members are not compared. */
  readonly bursts?: Pick<Findings, 'many' | 'raise' | 'escalate' | 'withdraw'>;
  /** Without it mails are not compared and nobody is warned. */
  readonly mails?: MailDeps;
}

export interface MailDeps {
  readonly samples: SampleSource;
  readonly findings: Pick<Findings, 'addCards'>;
  readonly mail: (tx: Tx, mail: OutgoingMail) => Promise<void>;
  /** The language of people's accounts; Japanese where it is not known. */
  readonly langs: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>;
}

export function openFederate(kernel: Kernel, deps: FederateDeps): Federate {
  const parts = { kernel, lastSeen: async () => new Map<string, Date>(), ...deps };
  const soon = (tx: Tx, orgId: string): void => tx.job('federate.push', { orgId }, { singletonKey: orgId, startAfter: new Date(tx.now.getTime() + DEBOUNCE_MS) });
  kernel.bus.on('findings.raised', async (tx, { orgId, severity }) => {
    if (severity !== 'fyi') soon(tx, orgId);
  });
  kernel.bus.on('findings.closed', async (tx, { orgId }) => soon(tx, orgId));
  kernel.bus.on('findings.reopened', async (tx, { orgId }) => soon(tx, orgId));
  kernel.bus.on('orgs.changed', async (tx, { orgId }) => soon(tx, orgId));
  kernel.bus.on('roles.granted', async (tx, { orgId, role }) => {
    if (role === 'lead') soon(tx, orgId);
  });
  kernel.bus.on('roles.revoked', async (tx, { orgId, role }) => {
    if (role === 'lead') soon(tx, orgId);
  });
  // A new member gives its first consents when it is made, and so is on the map within seconds.
  for (const change of ['consents.given', 'consents.withdrawn'] as const) {
    kernel.bus.on(change, async (tx, { orgId }) => {
      await store.shares.bump(tx, orgId);
      // No key: a push that waits already may be an hour away in its retries, and this one must not wait for it.
      tx.job('federate.push', { orgId }, { priority: 5 });
    });
  }
  kernel.bus.on('orgs.left', async (tx, { orgId }) => tx.job('federate.push', { orgId }));
  kernel.bus.on('prove.closed', async (tx, { orgId, kind, month, version, figures }) => {
    if (kind === 'member') tx.job('federate.month', { orgId, month, version, figures: { ...figures } });
  });
  kernel.bus.on('prove.monthsWanted', async (tx, { orgId, month, members }) => {
    for (const row of await store.months.of(tx, orgId, month)) {
      members.push({ memberId: row.member_id, name: row.name, sortKey: row.sort_key, figures: row.kinds.includes('scores') ? (row.figures ?? {}) : null });
    }
  });
  const bursts = deps.bursts ? openBursts({ kernel, orgs: deps.orgs, findings: deps.bursts }) : { routes: [], jobs: [] };
  const { mails } = deps;
  if (!mails) return { name: 'federate', routes: [...federateRoutes(kernel), ...bursts.routes], jobs: [...federateJobs(parts), ...bursts.jobs], mailsWith: async () => [] };
  const campaigns = openCampaigns({ kernel, orgs: deps.orgs, samples: mails.samples }, bulletinsOf);
  const bulletins = openBulletins({ kernel, orgs: deps.orgs, samples: mails.samples, keyer: campaigns.service.keyer, mail: mails.mail, langs: mails.langs }, (source) => mails.findings.addCards(source));
  return {
    name: 'federate', routes: [...federateRoutes(kernel), ...bursts.routes, ...campaigns.routes, ...bulletins.routes], jobs: [...federateJobs(parts), ...bursts.jobs, ...campaigns.jobs, ...bulletins.jobs],
    mailsWith: (tx, orgId, federationId, indicators, since) => campaigns.service.mailsWith(tx, orgId, federationId, indicators, since),
  };
}
