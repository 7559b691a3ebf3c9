import type { Kernel } from '../../kernel/kernel.ts';
import type { JobHandler } from '../../kernel/types.ts';
import { KEEP_DAYS } from './rules.ts';
import type { Post } from './service.ts';
import * as store from './store.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A job normally runs within seconds of its time; later than this it was lost. */
const LOST_MS = 5 * MINUTE;
const SEALED_DAYS = 2;

// Each handler was checked against its own job's payload where it is written.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function notifyJobs(kernel: Kernel, post: Post): JobHandler<any>[] {
  const send: JobHandler<'notify.send'> = { name: 'notify.send', concurrency: 4, run: ({ orgId, mailId }) => post.send(orgId, mailId) };
  const release: JobHandler<'notify.release'> = { name: 'notify.release', run: () => post.release() };
  const sweep: JobHandler<'notify.sweep'> = {
    name: 'notify.sweep',
    cron: { expression: '*/10 * * * *', zone: 'Asia/Tokyo', payload: {} },
    run: () =>
      kernel.tenancy.asSystem('find mails whose sending was cut off', async (tx) => {
        for (const { org_id: orgId, id: mailId } of await store.mails.overdue(tx, new Date(tx.now.getTime() - LOST_MS), 500)) tx.job('notify.send', { orgId, mailId });
      }),
  };
  const clean: JobHandler<'notify.clean'> = {
    name: 'notify.clean',
    cron: { expression: '20 3 * * *', zone: 'Asia/Tokyo', payload: {} },
    run: () =>
      kernel.tenancy.asSystem('delete old mails', async (tx) => {
        await store.mails.deleteOlder(tx, new Date(tx.now.getTime() - KEEP_DAYS * DAY));
        await store.mails.unseal(tx, new Date(tx.now.getTime() - SEALED_DAYS * DAY));
      }),
  };
  return [send, release, sweep, clean];
}
