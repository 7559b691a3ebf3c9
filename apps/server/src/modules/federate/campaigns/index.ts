import type { Bound } from '../../../kernel/http/call.ts';
import type { JobHandler, Tx } from '../../../kernel/types.ts';
import { campaignJobs } from './jobs.ts';
import { campaignRoutes } from './routes.ts';
import { CampaignService, type CampaignParts } from './service.ts';

declare module '../../../kernel/types.ts' {
  interface JobPayloads {
    /** A mail of an organisation was judged, decided or touched. */
    'federate.mail': { orgId: string; sampleId: string };
    /** A member's consents may have changed. */
    'federate.mailsOf': { orgId: string };
    'federate.mailsTidy': Record<string, never>;
  }
}

export type { Campaigns, SampleFacts, SampleSource } from './source.ts';
export type { CampaignParts } from './service.ts';

export interface OpenCampaigns {
  readonly service: CampaignService;
  readonly routes: readonly Bound[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly jobs: readonly JobHandler<any>[];
}

/** The same mail at several members. */
export function openCampaigns(parts: CampaignParts, bulletinsOf: (tx: Tx, federationId: string, campaigns: readonly string[]) => Promise<ReadonlyMap<string, string>>): OpenCampaigns {
  const { kernel } = parts;
  const service = new CampaignService(parts);
  const later = (tx: Tx, orgId: string, sampleId: string): void => tx.job('federate.mail', { orgId, sampleId });
  kernel.bus.on('samples.judged', async (tx, { orgId, sampleId }) => later(tx, orgId, sampleId));
  kernel.bus.on('samples.decided', async (tx, { orgId, sampleId }) => later(tx, orgId, sampleId));
  kernel.bus.on('samples.touched', async (tx, { orgId, sampleId }) => later(tx, orgId, sampleId));
  kernel.bus.on('samples.asked', async (tx, { orgId, sampleId }) => later(tx, orgId, sampleId));
  for (const change of ['consents.given', 'consents.withdrawn'] as const) {
    kernel.bus.on(change, async (tx, { orgId, kind }) => {
      if (kind === 'indicators' || kind === 'samples') tx.job('federate.mailsOf', { orgId }, { priority: 5 });
    });
  }
  kernel.bus.on('orgs.left', async (tx, { orgId }) => tx.job('federate.mailsOf', { orgId }));
  parts.samples.setCampaigns(service);
  return { service, routes: campaignRoutes(parts, bulletinsOf), jobs: campaignJobs(parts, service) };
}
