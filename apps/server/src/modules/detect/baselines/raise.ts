import { loadDetections } from '@banya/library';
import type { Tx } from '../../../kernel/types.ts';
import type { RaisedFinding } from '../../findings/index.ts';
import { dayIn, type Inventory } from '../../inventory/index.ts';
import { entityOf } from '../reading.ts';
import type { Seen } from './gather.ts';
import { daysLearnt, judge, ruleOf, TITLES } from './rules.ts';
import * as store from './store.ts';

/** Notes what a batch has seen, and gives what of it is rare as findings to raise. Two statements, and three where something is rare. */
export async function raiseRare({ inventory }: { readonly inventory: Pick<Inventory, 'findAssets' | 'sources'> }, tx: Tx, seen: readonly Seen[]): Promise<RaisedFinding[]> {
  if (seen.length === 0) return [];
  const known = await store.known(tx, seen);
  await store.note(tx, seen);
  const rare = seen.flatMap((s, i) => (judge(s.kind, new Date(s.at), known[i]!) === 'rare' ? [{ seen: s, days: daysLearnt(known[i]!.since!, new Date(s.at)) }] : []));
  const raised: RaisedFinding[] = [];
  const assets = await inventory.findAssets(tx, rare.map(({ seen: s }) => ({ orgId: s.orgId, ip: s.asset?.ip, mac: s.asset?.mac, hostName: s.asset?.hostName, at: new Date(s.time) })));
  rare.forEach(({ seen: s, days }, i) => {
    const ruleId = ruleOf(s.kind);
    const explanation = loadDetections().explanations.get(ruleId);
    // Told of at the start as broken; without its text there is nothing to say.
    if (!explanation) return;
    const source = inventory.sources.get(s.sourceId);
    const device = source?.name ?? '';
    const slots: Record<string, string> = { ...s.slots, ...(device ? { device } : {}), days: String(days), ...(s.kind === 'suffix' ? { suffix: s.key } : {}) };
    const entity = entityOf({ get: (field) => slots[field] }, explanation);
    const day = dayIn(s.time, source?.orgZone ?? 'Asia/Tokyo');
    const { digest } = explanation.folding;
    raised.push({
      orgId: s.orgId, kind: digest ? 'digest' : 'detection', ruleId, rule: { title: TITLES[s.kind], author: 'Banya', license: 'Apache-2.0', references: [] },
      severity: explanation.severity, direction: explanation.direction, stopped: 'unknown', fingerprint: digest ? `${ruleId} ${day}` : `${ruleId} ${s.key} ${entity}`, entity, slots,
      asset: assets[i] ?? (s.asset?.hostName ? { deviceId: null, name: s.asset.hostName, owner: null, department: null } : null),
      minutes: explanation.minutes, count: 1, firstAt: new Date(s.time), lastAt: new Date(s.time), days: { [day]: 1 },
      samples: [{ at: new Date(s.time), raw: s.raw, sourceName: device, matched: [{ field: FIELD[s.kind], value: s.key }] }], deskTicket: explanation.deskTicket, reporterId: s.deviceId,
    });
  });
  return raised;
}

/**
 * One sign-in is one finding: where a rule has told of the same name and country, that it is the first from there is said in its
 * text instead of beside it. Not where a filter keeps the rule's quiet, since the country is news all the same.
 */
export function withNovelty(alerts: readonly RaisedFinding[], rare: readonly RaisedFinding[]): RaisedFinding[] {
  const { explanations } = loadDetections();
  const folding = (ruleId: string): string => explanations.get(ruleId)?.folding.entity.join(' ') ?? '';
  const own = ruleOf('login_country');
  const days = new Map(rare.filter((r) => r.ruleId === own).map((r) => [`${r.orgId} ${r.entity}`, r.slots['days'] ?? '']));
  const said = new Set<string>();
  const told = alerts.map((alert): RaisedFinding => {
    const key = `${alert.orgId} ${alert.entity}`;
    const since = days.get(key);
    if (since === undefined || alert.suppressionId || folding(alert.ruleId) !== folding(own)) return alert;
    said.add(key);
    return { ...alert, slots: { ...alert.slots, 'banya.new_days': since } };
  });
  return [...told, ...rare.filter((r) => r.ruleId !== own || !said.has(`${r.orgId} ${r.entity}`))];
}

/** The field of the line that was unusual, for the finding's details. */
const FIELD = { login_country: 'source.geo.country_iso_code', admin_name: 'user.name', usb_model: 'device.model.name', program: 'process.name', suffix: 'url.domain', admin_hour: '@timestamp', remote_hour: '@timestamp' } as const;
