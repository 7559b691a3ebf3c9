import { loadDetections } from '@banya/library';
import { forgetBatches } from '../../kernel/batches.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { JobHandler } from '../../kernel/types.ts';
import type { Findings, RaisedFinding } from '../findings/index.ts';
import { dayIn, sourceState, type Inventory, type SourceRow } from '../inventory/index.ts';
import type { Orgs } from '../orgs/index.ts';
import * as baselines from './baselines/store.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
/** Signatures older than this protect badly: makers publish daily. */
const SIGNATURE_OLD_DAYS = 7;
/** Tokens of counted batches outlive every replay: the spool keeps its segments for hours, not weeks. */
const TOKENS_KEPT_DAYS = 45;

export interface WatchParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly inventory: Inventory;
  readonly findings: Findings;
}

/** Devices that have fallen silent or whose signatures are old: what no log line can say. One job an organisation. */
export function watchJobs(parts: WatchParts): JobHandler<'detect.watch' | 'detect.watchAll' | 'detect.sweep'>[] {
  const { kernel, orgs, inventory } = parts;
  return [
    {
      name: 'detect.watchAll',
      cron: { expression: '*/10 * * * *', zone: 'Asia/Tokyo', payload: {} },
      run: async () => {
        await kernel.tenancy.asSystem('ask each organisation whether its devices are silent', async (tx) => {
          for (const [orgId] of await orgs.networks(tx)) tx.job('detect.watch', { orgId }, { singletonKey: orgId });
        });
      },
    } as JobHandler<'detect.watchAll'>,
    { name: 'detect.watch', concurrency: 2, run: ({ orgId }: { orgId: string }) => watch(parts, orgId) } as JobHandler<'detect.watch'>,
    {
      name: 'detect.sweep',
      cron: { expression: '20 4 * * *', zone: 'Asia/Tokyo', payload: {} },
      run: async () => {
        await kernel.tenancy.asSystem('forget values that were not seen for a month', (tx) => baselines.forget(tx));
        await kernel.tenancy.asSystem('forget tokens and keys of batches counted long ago', async (tx) => {
          await forgetBatches(tx, new Date(tx.now.getTime() - TOKENS_KEPT_DAYS * DAY));
          await inventory.forgetIntakeKeys(tx);
          await tx.query('delete from detect_poison where at < $1', [new Date(tx.now.getTime() - 90 * DAY)]);
        });
      },
    } as JobHandler<'detect.sweep'>,
  ] as JobHandler<'detect.watch' | 'detect.watchAll' | 'detect.sweep'>[];
}

async function watch({ kernel, inventory, findings }: WatchParts, orgId: string): Promise<void> {
  await kernel.tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'watch' } }, async (tx) => {
    const now = tx.now.getTime();
    const sources = await inventory.sourcesOf(tx, orgId);
    const health = new Map((await store.deviceHealth(tx, orgId)).map((h) => [h.source_id, h]));
    const raised: RaisedFinding[] = [];
    const talking = new Set<string>();
    for (const source of sources) {
      if (sourceState(source, now) === 'silent') raised.push(builtIn('device.silent', source, source.seen_at!, now));
      else talking.add(`device.silent ${source.id}`);
      const facts = health.get(source.id);
      // Only a device that has told of its signatures before can be late with them.
      const last = facts?.signature_at ?? null;
      if (last && now - last.getTime() > SIGNATURE_OLD_DAYS * DAY) raised.push(builtIn('signature.old', source, last, now));
      else talking.add(`signature.old ${source.id}`);
    }
    await findings.settle(tx, orgId, [...talking]);
    // A state that lasts is one finding, not one more every ten minutes.
    const known = await findings.openFingerprints(tx, orgId, raised.map((r) => r.fingerprint));
    await findings.raise(tx, raised.filter((r) => !known.has(r.fingerprint)));
  });
}

function builtIn(rule: 'device.silent' | 'signature.old', source: SourceRow, since: Date, now: number): RaisedFinding {
  const explanation = loadDetections().explanations.get(rule);
  if (!explanation) throw new Error(`the library does not explain ${rule}`);
  return {
    orgId: source.org_id, kind: rule === 'device.silent' ? 'device_silent' : 'signature_old', ruleId: rule, rule: { title: rule, author: 'Banya', license: 'Apache-2.0', references: [] },
    severity: explanation.severity, direction: 'none', stopped: 'unknown', fingerprint: `${rule} ${source.id}`, entity: source.name,
    slots: { device: source.name, 'observer.name': source.name, days: String(Math.floor((now - since.getTime()) / DAY)) },
    asset: { deviceId: source.device_id, name: source.name, owner: null, department: null }, minutes: explanation.minutes, count: 1, firstAt: since, lastAt: new Date(now), days: { [dayIn(now, source.time_zone)]: 1 }, samples: [], deskTicket: explanation.deskTicket,
  };
}
