import { isoDate } from '@banya/jp';
import type { JobHandler, Tx } from '../../kernel/types.ts';
import type { Card } from '../findings/index.ts';
import { federationNight } from './federation/service.ts';
import { night, sendMails, type Parts } from './service.ts';
import * as store from './store.ts';
import { monthTitle } from './words.ts';

/** On the organisation's own clock: lines of the last evening have come by then. */
const NIGHT_HOUR = 3;
const CARD_DAYS = 21;
const DAY = 86_400_000;

/** The day whose night has come at `hour` o'clock in a zone: yesterday's, before that hour. */
export function nightOf(now: Date, zone: string, hour = NIGHT_HOUR): string {
  return isoDate(new Date(now.getTime() - hour * 3_600_000), zone);
}

// Each handler was checked against its own job's payload where it is written.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function proveJobs(parts: Parts): JobHandler<any>[] {
  const { kernel, orgs } = parts;
  // A machine that is off at three does its nights when it is on again: what counts is the last night done, not the hour.
  const tick: JobHandler<'prove.tick'> = {
    name: 'prove.tick',
    cron: { expression: '*/15 * * * *', zone: 'UTC', payload: {} },
    run: () =>
      kernel.tenancy.asSystem('see whose night has come', async (tx) => {
        const done = await store.nights.all(tx);
        for (const [orgId, { timeZone }] of await orgs.networks(tx)) {
          const today = nightOf(tx.now, timeZone);
          if ((done.get(orgId) ?? '') < today) tx.job('prove.night', { orgId, night: today }, { singletonKey: `${orgId} ${today}` });
        }
      }),
  };
  const nightly: JobHandler<'prove.night'> = {
    name: 'prove.night',
    concurrency: 2,
    run: async (payload) => {
      await night(parts, payload.orgId, payload.night);
    },
  };
  const federation: JobHandler<'prove.federation'> = { name: 'prove.federation', run: ({ orgId }) => federationNight(parts, orgId) };
  const mail: JobHandler<'prove.mail'> = { name: 'prove.mail', run: ({ orgId, month }) => sendMails(parts, orgId, month) };
  return [tick, nightly, federation, mail];
}

/** The home page's card of a new report that nobody of the organisation has opened. */
export async function unreadCard(tx: Tx, orgId: string): Promise<readonly Card[]> {
  const newest = await store.reports.newest(tx, orgId);
  if (!newest || newest.read_at || tx.now.getTime() - newest.closed_at.getTime() > CARD_DAYS * DAY) return [];
  const title = monthTitle(newest.month);
  return [{
    key: `report:${newest.month}`, kind: 'report', severity: 'look', minutes: 3, target: null, since: newest.closed_at, askedBy: { ja: '番屋', en: 'Banya' },
    title: { ja: `${title.ja}の報告書ができました`, en: `The report for ${title.en} is ready` }, step: { ja: '開いて読み、社長に渡す', en: 'Read it and hand it to the president' },
  }];
}
