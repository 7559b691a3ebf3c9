import type { JobHandler } from '../../../kernel/types.ts';
import { KEEP_DAYS } from './rules.ts';
import type { CampaignParts, CampaignService } from './service.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
const AT_ONCE = 200;

// Each handler was checked against its own job's payload where it is written.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function campaignJobs({ kernel }: Pick<CampaignParts, 'kernel'>, service: CampaignService): JobHandler<any>[] {
  const mail: JobHandler<'federate.mail'> = { name: 'federate.mail', concurrency: 2, run: ({ orgId, sampleId }) => service.take(orgId, sampleId) };
  const member: JobHandler<'federate.mailsOf'> = { name: 'federate.mailsOf', run: ({ orgId }) => service.takeAgain(orgId) };
  const daily: JobHandler<'federate.mailsTidy'> = {
    name: 'federate.mailsTidy',
    cron: { expression: '50 3 * * *', zone: 'Asia/Tokyo', payload: {} },
    run: async () => {
      for (let gone = AT_ONCE; gone === AT_ONCE; ) {
        gone = await kernel.tenancy.asSystem('delete campaigns nobody has reported for long', (tx) => store.campaigns.removeOld(tx, new Date(tx.now.getTime() - KEEP_DAYS * DAY), AT_ONCE));
      }
      await kernel.tenancy.asSystem('look at the consents of members whose mails are compared', async (tx) => {
        await store.mails.removeOlder(tx, new Date(tx.now.getTime() - KEEP_DAYS * DAY));
        // A consent that runs out tells nobody.
        for (const { member_id: orgId } of await store.campaigns.contributors(tx)) tx.job('federate.mailsOf', { orgId }, { singletonKey: orgId });
      });
    },
  };
  return [mail, member, daily];
}
