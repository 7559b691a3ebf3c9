import { loadDetections } from '@banya/library';
import type { Tx } from '../../kernel/types.ts';
import type { Findings, RaisedFinding } from '../findings/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { raiseRare, withNovelty } from './baselines/raise.ts';
import type { BatchOut, HitGroup } from './messages.ts';
import { severityOfLevel } from './reading.ts';
import * as store from './store.ts';

export interface KeepParts {
  readonly inventory: Pick<Inventory, 'countLines' | 'recordLeases' | 'findAssets' | 'sources'>;
  readonly findings: Pick<Findings, 'raise'>;
}

/** Writes what a batch of lines says: counts, leases, what is usual, and findings. In one system transaction. */
export async function keepBatch(parts: KeepParts, tx: Tx, out: BatchOut): Promise<void> {
  const { inventory, findings } = parts;
  await inventory.countLines(tx, out.sourceCounts.map((c) => ({ ...c, lastAt: new Date(c.lastAt) })));
  await inventory.recordLeases(tx, out.leases.map((l) => ({ ...l, at: new Date(l.at) })));
  await store.addCounters(tx, out.counters);
  await store.noteHealth(tx, out.health);
  const raised = withNovelty(await raisedBy(parts, tx, out.groups), await raiseRare(parts, tx, out.seen));
  if (raised.length > 0) await findings.raise(tx, raised);
}

async function raisedBy({ inventory }: KeepParts, tx: Tx, groups: readonly HitGroup[]): Promise<RaisedFinding[]> {
  const { explanations } = loadDetections();
  const raised: RaisedFinding[] = [];
  const assets = await inventory.findAssets(tx, groups.map((g) => ({ orgId: g.orgId, ip: g.asset?.ip, mac: g.asset?.mac, hostName: g.asset?.hostName, at: new Date(g.asset?.at ?? g.lastAt) })));
  groups.forEach((group, i) => {
    const explanation = explanations.get(group.ruleId);
    const asset = assets[i] ?? (group.asset?.hostName ? { deviceId: null, name: group.asset.hostName, owner: null, department: null } : null);
    const digest = explanation?.folding.digest ?? false;
    const day = Object.keys(group.days).sort().at(-1)!;
    raised.push({
      orgId: group.orgId, kind: digest ? 'digest' : 'detection', ruleId: group.ruleId, rule: { title: group.title, author: group.author, license: group.license, references: [...group.references] },
      severity: explanation?.severity ?? severityOfLevel(group.level), direction: group.direction, stopped: group.stopped,
      fingerprint: digest ? `${group.ruleId} ${day}` : `${group.ruleId} ${group.direction} ${group.entity}`,
      entity: group.entity, slots: group.slots, asset, minutes: explanation?.minutes ?? 10, count: group.count, firstAt: new Date(group.firstAt), lastAt: new Date(group.lastAt), days: group.days,
      samples: group.samples.map((s) => ({ at: new Date(s.at), raw: s.raw, sourceName: inventory.sources.get(s.sourceId)?.name ?? '', matched: [...s.matched] })),
      deskTicket: explanation?.deskTicket ?? false, reporterId: group.deviceId, suppressionId: group.suppressionId,
    });
  });
  return raised;
}
