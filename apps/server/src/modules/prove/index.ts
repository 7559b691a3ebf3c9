import type { Lang } from '@banya/contract';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { Scope } from '../../kernel/types.ts';
import type { Detect } from '../detect/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { Notify } from '../notify/index.ts';
import type { OrgKind, Orgs } from '../orgs/index.ts';
import { federationNight } from './federation/service.ts';
import { proveJobs, unreadCard } from './jobs.ts';
import { Press } from './press/press.ts';
import { proveRoutes } from './routes.ts';
import { makeReport, tellAgain, type Made } from './service.ts';
import * as store from './store.ts';
import './texts.ts';
import type { FindingsForReport, MemberMonth, MonthFigures, Reason, TicketsForReport } from './types.ts';

declare module '../../kernel/types.ts' {
  interface BusEvents {
    /** A version of a month was made; `figures` is what a federation may see of it, by kind of consent. */
    'prove.closed': { orgId: string; federationId: string; kind: OrgKind; month: string; version: number; figures: Required<MonthFigures> };
    /** Asks, in the federation's transaction, for what its members have pushed for a month; whoever keeps it fills `members`. */
    'prove.monthsWanted': { orgId: string; month: string; members: MemberMonth[] };
  }
  interface JobPayloads {
    'prove.tick': Record<string, never>;
    'prove.night': { orgId: string; night: string };
    'prove.federation': { orgId: string };
    'prove.mail': { orgId: string; month: string };
  }
}

export type { FindingForReport, FindingsForReport, MemberMonth, MonthFigures, OpenTicket, TicketsForReport } from './types.ts';

/** The month's reports: made from counters, kept as data in all their versions, printed when asked for. */
export interface Prove extends Module {
  /** Makes the next version of a month. For the demonstration and the command line. */
  make(scope: Scope, month: string, reason?: Reason): Promise<Made>;
  /** Closes the federation's last month from what its members have pushed, with everybody's place; what it does by itself two hours after they close. */
  closeFederation(federationId: string): Promise<void>;
}

export interface ProveDeps {
  readonly orgs: Orgs;
  readonly inventory: Pick<Inventory, 'sourcesOf' | 'sourceDays'>;
  readonly findings: FindingsForReport;
  readonly detect: Pick<Detect, 'counters' | 'monthSums' | 'deviceHealth'>;
  readonly desk: TicketsForReport;
  readonly notify: Pick<Notify, 'mail'>;
  /** The language of people's accounts; Japanese where it is not known. */
  readonly langs?: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>;
}

export function openProve(kernel: Kernel, deps: ProveDeps): Prove {
  const press = new Press({ log: kernel.log });
  const parts = { kernel, press, langs: async () => new Map<string, Lang>(), ...deps };
  deps.findings.addCards(unreadCard);
  // A kept report leads to what it asked people to do, and says whether it was done.
  deps.findings.addHolder(store.reports.naming);
  kernel.bus.on('consents.given', (tx, { orgId }) => tellAgain(tx, deps, orgId));
  kernel.bus.on('federate.unshared', async (tx, { orgId, memberId, kept }) => {
    await store.federation.scrub(tx, orgId, memberId, kept);
  });
  return {
    name: 'prove',
    routes: proveRoutes(parts),
    jobs: proveJobs(parts),
    make: (scope, month, reason = 'demand') =>
      kernel.tenancy.inOrg(scope, async (tx) => {
        const org = await deps.orgs.get(tx, scope.orgId);
        if (!org) throw new Error(`no organisation ${scope.orgId}`);
        return makeReport(tx, parts, org, month, reason);
      }),
    closeFederation: (federationId) => federationNight(parts, federationId),
    stop: () => press.close(),
  };
}
