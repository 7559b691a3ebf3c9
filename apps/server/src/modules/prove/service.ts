import type { Lang } from '@banya/contract';
import { isoDate } from '@banya/jp';
import { Problem, notFound } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Scope, Tx } from '../../kernel/types.ts';
import type { Notify } from '../notify/index.ts';
import type { OrgRow, Orgs } from '../orgs/index.ts';
import { lastDay, monthOf, monthPlus } from './calendar.ts';
import { gather, monthChecksum, type GatherParts } from './gather.ts';
import { mailTime, reportMail } from './mails.ts';
import { decide, figuresOf } from './rules.ts';
import * as store from './store.ts';
import type { Reason, Verdict } from './types.ts';

/** Months further back are nobody's any more: counters are not kept so long. */
const MONTHS_BACK_MAX = 120;
/** A device whose clock is a month behind adds to a closed month every day: that many versions tell it, more only hide it. */
const LATE_VERSIONS_MAX = 12;
/** Members close within an hour or so of one another; their federation follows when they have pushed up. */
export const FEDERATION_AFTER_MS = 2 * 3_600_000;

export interface Parts extends GatherParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly notify: Pick<Notify, 'mail'>;
  readonly langs: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>;
}

export interface Made {
  readonly month: string;
  readonly version: number;
  readonly closedAt: Date;
  readonly reason: Reason;
  readonly verdict: Verdict;
}

/** Makes and keeps the next version of a month, in the organisation's own transaction. */
export async function makeReport(tx: Tx, parts: Parts, org: OrgRow, month: string, reason: Reason): Promise<Made> {
  const today = isoDate(tx.now, org.time_zone);
  if (month > monthOf(today)) throw new Problem(409, 'month_in_future');
  if (month < monthPlus(monthOf(today), -MONTHS_BACK_MAX)) throw notFound();
  const { facts, checksum } = await gather(tx, parts, org, month);
  const data = decide(facts);
  const point = data.trend[data.trend.length - 1]!;
  const version = await store.reports.add(tx, org.id, { month, reason, closed_at: tx.now, partial: facts.partial, verdict: data.verdict.state, checksum, data, point });
  tx.audit({ action: 'reports.made', target: `report:${month}`, orgId: org.id, facts: { month, version, reason } });
  const federationId = parts.orgs.federationOf(org);
  await tx.emit('prove.closed', { orgId: org.id, federationId, kind: org.kind, month, version, figures: figuresOf(data, facts.partial) });
  if (org.kind === 'member' && reason !== 'demand') tx.job('prove.federation', { orgId: federationId }, { singletonKey: federationId, startAfter: new Date(tx.now.getTime() + FEDERATION_AFTER_MS) });
  tx.afterCommit(() => parts.kernel.live.publish(org.id, { kind: 'report', id: org.id }));
  return { month, version, closedAt: tx.now, reason, verdict: data.verdict.state };
}

/**
 * The nightly work of one organisation: closes the last month where that has not been done, and makes another version of the
 * last two where lines have come since. Done twice it does nothing more.
 */
export async function night(parts: Parts, orgId: string, today: string): Promise<void> {
  const { kernel, orgs } = parts;
  await kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'month' } }, async (tx) => {
    const org = await orgs.get(tx, orgId);
    await store.nights.done(tx, orgId, today);
    if (!org || org.left_at || org.archived_at) return;
    for (const month of [monthPlus(monthOf(today), -2), monthPlus(monthOf(today), -1)]) {
      const last = await store.reports.get(tx, orgId, month, null);
      if (last && !last.partial) {
        if (last.version < LATE_VERSIONS_MAX && (await monthChecksum(tx, parts, orgId, month)) !== last.checksum) await makeReport(tx, parts, org, month, 'late');
      } else if (await worthClosing(tx, parts, org, month)) {
        await makeReport(tx, parts, org, month, 'month');
        if (month === monthPlus(monthOf(today), -1)) tx.job('prove.mail', { orgId, month }, { singletonKey: `${orgId} ${month}`, startAfter: mailTime(tx.now, org.time_zone) });
      }
    }
  });
}

/** A member has a report even when nothing was seen, since that is what it must say; others only when they send logs. */
async function worthClosing(tx: Tx, parts: Parts, org: OrgRow, month: string): Promise<boolean> {
  if (isoDate(org.created_at, org.time_zone) > lastDay(month)) return false;
  return org.kind === 'member' || (await parts.inventory.sourcesOf(tx, org.id)).length > 0;
}

/** Tells those who read it that the month's report is there: leads and executives, at a federation managers and executives. Each person once a month. */
export async function sendMails({ kernel, orgs, notify, langs }: Parts, orgId: string, month: string): Promise<void> {
  const scope = { orgId, actor: { kind: 'system', name: 'month' } } as const;
  const { org, people } = await kernel.tenancy.inOrg(scope, async (tx) => {
    const found = await orgs.get(tx, orgId);
    const held = [];
    for (const role of found?.kind === 'federation' ? (['manager', 'executive'] as const) : (['lead', 'deputy', 'executive'] as const)) held.push(...(await orgs.holders(tx, orgId, role)));
    return { org: found, people: new Map(held.map((p) => [p.personId, p])) };
  });
  if (!org || org.left_at) return;
  const spoken = await langs([...people.keys()]);
  await kernel.tenancy.inOrg(scope, async (tx) => {
    const federation = org.kind === 'federation' ? await store.federation.get(tx, orgId, month, null) : undefined;
    const report = federation ? undefined : await store.reports.get(tx, orgId, month, null);
    if (!federation && !report) return;
    const url = `${kernel.publicUrl()}/o/${orgId}/reports/${month}`;
    for (const { personId, emails, name } of people.values()) {
      const lang = spoken.get(personId) ?? 'ja';
      if (emails[0]) await notify.mail(tx, { orgId, to: emails[0], lang, key: `report:${orgId}:${month}:${personId}`, ...reportMail({ name, orgName: org.name, month, data: report?.data ?? null, url }, lang) });
    }
  });
}

/** A member shares more than before: what is closed of the last two months is told again, for those who keep what goes up. */
export async function tellAgain(tx: Tx, { orgs }: Pick<Parts, 'orgs'>, orgId: string): Promise<void> {
  const org = await orgs.get(tx, orgId);
  if (org?.kind !== 'member') return;
  const today = isoDate(tx.now, org.time_zone);
  for (const month of [monthPlus(monthOf(today), -2), monthPlus(monthOf(today), -1)]) {
    const row = await store.reports.get(tx, orgId, month, null);
    if (row) await tx.emit('prove.closed', { orgId, federationId: orgs.federationOf(org), kind: org.kind, month, version: row.version, figures: figuresOf(row.data, row.partial) });
  }
}

/** The month's report was opened by somebody of the organisation itself: its card may go. */
export async function opened(tx: Tx, scope: Scope, month: string, version: number): Promise<void> {
  if (scope.via === undefined && scope.actor.kind === 'person') await store.reports.markRead(tx, scope.orgId, month, version);
}
