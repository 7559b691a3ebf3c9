import type { JobHandler } from '../../kernel/types.ts';
import { push, pushMonth, type Parts } from './service.ts';

/** Several things at once are one push. */
export const DEBOUNCE_MS = 20_000;

// Each handler was checked against its own job's payload where it is written.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function federateJobs(parts: Parts): JobHandler<any>[] {
  const { kernel, orgs } = parts;
  const again = (done: boolean): void => {
    // The queue tries once more, with the consents as they are then.
    if (!done) throw new Error('consents changed while figures were pushed');
  };
  const hourly: JobHandler<'federate.pushAll'> = {
    name: 'federate.pushAll',
    cron: { expression: '7 * * * *', zone: 'UTC', payload: {} },
    run: () =>
      kernel.tenancy.asSystem('ask each member for its figures', async (tx) => {
        for (const [orgId] of await orgs.networks(tx)) tx.job('federate.push', { orgId }, { singletonKey: orgId, priority: -1 });
      }),
  };
  const one: JobHandler<'federate.push'> = { name: 'federate.push', concurrency: 2, run: async ({ orgId }) => again(await push(parts, orgId)) };
  const month: JobHandler<'federate.month'> = { name: 'federate.month', concurrency: 2, run: async ({ orgId, month: of, version, figures }) => again(await pushMonth(parts, orgId, of, version, figures)) };
  return [hourly, one, month];
}
