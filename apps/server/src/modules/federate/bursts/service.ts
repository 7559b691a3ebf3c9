import { loadDetections } from '@banya/library';
import { isoDate } from '@banya/jp';
import { newId } from '../../../kernel/ids.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Tx } from '../../../kernel/types.ts';
import type { Findings, FindingRow, RaisedFinding } from '../../findings/index.ts';
import type { OrgRow, Orgs } from '../../orgs/index.ts';
import { shares } from '../store.ts';
import { indicatorsOf, KEEP_DAYS, MEMBERS_MIN, readable, stepOf, thirdAt, WINDOW_MS, type Indicator } from './rules.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
const PURPOSE = 'federate.indicator';
const RULE = 'burst.members';
const system = { kind: 'system', name: 'compare findings of members' } as const;

export interface BurstParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly findings: Pick<Findings, 'get' | 'raise' | 'escalate'>;
}

/** Consents changed between reading them and writing: the queue tries again with those in force then. */
class ConsentsChanged extends Error {}

interface Place {
  readonly memberId: string;
  readonly federationId: string;
  readonly generation: string;
}

/** A unit's findings count for its member, by the member's consents; null where nothing may go up. */
async function placeOf({ kernel, orgs }: BurstParts, orgId: string): Promise<Place | null> {
  const org = await kernel.tenancy.inOrg({ orgId, actor: system }, (tx) => orgs.get(tx, orgId));
  if (!org || org.left_at) return null;
  const memberId = memberOf(org);
  const generation = await kernel.tenancy.inOrg({ orgId: memberId, actor: system }, (tx) => shares.read(tx, memberId));
  const facts = await orgs.directory.facts(memberId);
  // The federation's own findings are not a member's. Whoever shares findings shares what stands in them.
  if (!facts || facts.left || facts.kind !== 'member' || !(facts.consents.has('indicators') || facts.consents.has('alerts'))) return null;
  return { memberId, federationId: orgs.federationOf(org), generation };
}

const memberOf = (org: Pick<OrgRow, 'id' | 'kind' | 'path'>): string => (org.kind === 'unit' ? (org.path[1] ?? org.id) : org.id);

/** A finding, and at how many members the same was seen. */
export interface Told {
  readonly findingId: string;
  readonly members: number;
}
type Escalation = Told & { readonly orgId: string };
interface Keyed {
  readonly indicator: Indicator;
  readonly mac: string;
}

/** Compares findings of one organisation with those of other members; the third member raises all of theirs, and tells the desk. */
export async function sight(parts: BurstParts, orgId: string, findingIds: readonly string[]): Promise<void> {
  const { kernel } = parts;
  const place = await placeOf(parts, orgId);
  if (!place) return;
  const rows = await kernel.tenancy.inOrg({ orgId, actor: system }, async (tx) => {
    const found: FindingRow[] = [];
    for (const id of findingIds) {
      const row = await parts.findings.get(tx, orgId, id);
      if (row) found.push(row);
    }
    return found;
  });
  const compared = rows
    .filter((row) => !(row.state === 'closed' && (row.outcome === 'known' || row.outcome === 'false_alarm')))
    .map((row) => ({ row, keyed: indicatorsOf(row).map((indicator): Keyed => ({ indicator, mac: kernel.secrets.mac(PURPOSE, `${place.federationId} ${indicator.kind} ${indicator.value}`).slice(0, 32) })) }))
    .filter(({ keyed }) => keyed.length > 0);
  if (compared.length === 0) return;
  await kernel.tenancy.asSystem('put what findings of members have in common among the federation’s', async (tx) => {
    if ((await shares.hold(tx, place.memberId)) !== place.generation) throw new ConsentsChanged('consents changed while a finding was compared');
    await store.hold(tx, place.federationId);
    const all: Escalation[] = [];
    for (const { row, keyed } of compared) {
      // Of arrival: a device's clock must not make a burst, nor hide one.
      await store.sightings.put(tx, place.federationId, keyed.map((k) => k.mac), { member_id: place.memberId, finding_org_id: orgId, finding_id: row.id, first_at: tx.now, last_at: tx.now });
      all.push(...(await settle(parts, tx, place.federationId, row, keyed)));
    }
    // With this commit or not at all: a burst that is counted already would not be told when this job is done again.
    for (const [org, theirs] of Map.groupBy(all, (e) => e.orgId)) {
      const most = new Map<string, number>();
      for (const { findingId, members } of theirs) most.set(findingId, Math.max(members, most.get(findingId) ?? 0));
      tx.job('federate.escalate', { orgId: org, told: [...most].map(([findingId, members]) => ({ findingId, members })) });
    }
  }, { retry: true });
}

/** Tells a member's findings at how many members the same was seen, in the member's own scope; in one order, since two may run at once. */
export async function escalate({ kernel, findings }: BurstParts, orgId: string, told: readonly Told[]): Promise<void> {
  await kernel.tenancy.inOrg({ orgId, actor: system }, async (tx) => {
    for (const { findingId, members } of [...told].sort((a, b) => (a.findingId < b.findingId ? -1 : 1))) await findings.escalate(tx, orgId, findingId, members);
  });
}

/** @returns who is told: the finding itself, and the others of its burst whenever that has grown by a step */
async function settle(parts: BurstParts, tx: Tx, federationId: string, row: FindingRow, keyed: readonly Keyed[]): Promise<Escalation[]> {
  const since = new Date(tx.now.getTime() - WINDOW_MS);
  const counted = await store.sightings.members(tx, federationId, keyed.map((k) => k.mac), since);
  const many = keyed.filter(({ mac }) => (counted.get(mac) ?? 0) >= MEMBERS_MIN);
  if (many.length === 0) return [];
  const running = new Map((await store.bursts.current(tx, federationId, many.map((k) => k.mac), since)).map((burst) => [burst.mac, burst]));
  const told: Escalation[] = [];
  for (const { indicator, mac } of many) {
    const members = counted.get(mac)!;
    const before = running.get(mac);
    const seen = stepOf(members) > stepOf(before?.members ?? 0) ? await store.sightings.since(tx, federationId, [mac], since) : [];
    const id = before?.id ?? newId(tx.now.getTime());
    if (before) await store.bursts.grow(tx, federationId, id, members, tx.now);
    else {
      const firsts = [...Map.groupBy(seen, (s) => s.member_id).values()].map((own) => own[0]!.first_at);
      const burst: store.BurstRow = {
        org_id: federationId, id, mac, kind: indicator.kind, indicator: readable(indicator), rule_id: row.rule_id, rule_title: row.rule.title, members,
        third_at: thirdAt(firsts)!, raised_at: tx.now, first_at: new Date(Math.min(...firsts.map((f) => f.getTime()))), last_at: tx.now,
      };
      await store.bursts.insert(tx, burst);
    }
    if (members > (before?.members ?? 0)) await parts.findings.raise(tx, [deskFinding(federationId, indicator, row, id, members, tx.now)]);
    told.push({ orgId: row.org_id, findingId: row.id, members }, ...seen.map((s) => ({ orgId: s.finding_org_id, findingId: s.finding_id, members })));
  }
  return told;
}

/** What the desk sees: one finding of the federation for each burst. */
function deskFinding(federationId: string, indicator: Indicator, row: FindingRow, burstId: string, members: number, now: Date): RaisedFinding {
  const explanation = loadDetections().explanations.get(RULE);
  if (!explanation) throw new Error(`the library does not explain ${RULE}`);
  const value = readable(indicator);
  return {
    orgId: federationId, kind: 'detection', ruleId: RULE, rule: { title: 'The same at several members', author: 'Banya', license: 'Apache-2.0', references: [] }, severity: explanation.severity, direction: 'none', stopped: row.stopped,
    fingerprint: `${RULE} ${burstId}`, entity: value, slots: { indicator: value, members: String(members), 'rule.name': row.rule.title }, asset: null, minutes: explanation.minutes,
    count: 1, firstAt: now, lastAt: now, days: { [isoDate(now)]: 1 }, samples: [], deskTicket: explanation.deskTicket,
  };
}

/** What a member brought goes when it shares neither findings nor indicators any more, or has left; what a unit brought, when the unit has. */
export async function unsight(parts: BurstParts, orgId: string): Promise<void> {
  const facts = await parts.orgs.directory.facts(orgId);
  if (facts && !facts.left && (facts.consents.has('indicators') || facts.consents.has('alerts'))) return;
  await parts.kernel.tenancy.asSystem('take away what a member no longer shares of its findings', (tx) => store.sightings.removeOf(tx, orgId));
}

export async function forget({ kernel }: BurstParts): Promise<void> {
  await kernel.tenancy.asSystem('forget what findings had in common a month ago', async (tx) => {
    const before = new Date(tx.now.getTime() - KEEP_DAYS * DAY);
    await store.sightings.forget(tx, before);
    await store.bursts.forget(tx, new Date(tx.now.getTime() - 12 * KEEP_DAYS * DAY));
  });
}
