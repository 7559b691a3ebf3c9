import { loadDetections } from '@banya/library';
import { isoDate } from '@banya/jp';
import { newId } from '../../../kernel/ids.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Tx } from '../../../kernel/types.ts';
import { comparesFindings, type Findings, type FindingRow, type RaisedFinding } from '../../findings/index.ts';
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
  readonly findings: Pick<Findings, 'many' | 'raise' | 'escalate' | 'withdraw'>;
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
  // The federation's own findings are not a member's.
  if (!facts || facts.left || facts.kind !== 'member' || !comparesFindings(facts.consents)) return null;
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
  const rows = await kernel.tenancy.inOrg({ orgId, actor: system }, (tx) => parts.findings.many(tx, orgId, findingIds));
  const compared = rows
    .filter((row) => !(row.state === 'closed' && (row.outcome === 'known' || row.outcome === 'false_alarm')))
    .map((row) => ({ row, keyed: indicatorsOf(row).map((indicator): Keyed => ({ indicator, mac: kernel.secrets.mac(PURPOSE, `${place.federationId} ${indicator.kind} ${indicator.value}`).slice(0, 32) })) }))
    .filter(({ keyed }) => keyed.length > 0);
  if (compared.length === 0) return;
  await kernel.tenancy.asSystem('put what findings of members have in common among the federation’s', async (tx) => {
    if ((await shares.hold(tx, place.memberId)) !== place.generation) throw new ConsentsChanged('consents changed while a finding was compared');
    await store.hold(tx, place.federationId);
    // Of arrival: a device's clock must not make a burst, nor hide one.
    await store.sightings.put(tx, place.federationId, compared.flatMap(({ row, keyed }) => keyed.map(({ mac }) => ({ mac, finding_id: row.id }))), { member_id: place.memberId, finding_org_id: orgId, first_at: tx.now, last_at: tx.now });
    const all = await settle(parts, tx, place.federationId, compared);
    // With this commit or not at all: a burst that is counted already would not be told when this job is done again.
    for (const [org, theirs] of Map.groupBy(all, (e) => e.orgId)) tx.job('federate.escalate', { orgId: org, told: theirs.map(({ findingId, members }) => ({ findingId, members })) });
  }, { retry: true });
}

/** Tells a member's findings at how many members the same was seen, in the member's own scope. */
export async function escalate({ kernel, findings }: BurstParts, orgId: string, told: readonly Told[]): Promise<void> {
  await kernel.tenancy.inOrg({ orgId, actor: system }, (tx) => findings.escalate(tx, orgId, told));
}

interface Compared {
  readonly row: FindingRow;
  readonly keyed: readonly Keyed[];
}

/** In five statements, and one for each new burst. @returns who is told: the findings themselves, and the others of a burst whenever that has grown by a step */
async function settle(parts: BurstParts, tx: Tx, federationId: string, compared: readonly Compared[]): Promise<Escalation[]> {
  const since = new Date(tx.now.getTime() - WINDOW_MS);
  // Each once, with the finding that brought it first.
  const brought = new Map<string, { readonly indicator: Indicator; readonly row: FindingRow }>();
  for (const { row, keyed } of compared) for (const { mac, indicator } of keyed) if (!brought.has(mac)) brought.set(mac, { indicator, row });
  const counted = new Map([...(await store.sightings.members(tx, federationId, [...brought.keys()], since))].filter(([, members]) => members >= MEMBERS_MIN));
  if (counted.size === 0) return [];
  const running = new Map((await store.bursts.current(tx, federationId, [...counted.keys()], since)).map((burst) => [burst.mac, burst]));
  const stepped = [...counted].filter(([mac, members]) => stepOf(members) > stepOf(running.get(mac)?.members ?? 0)).map(([mac]) => mac);
  const seen = Map.groupBy(stepped.length === 0 ? [] : await store.sightings.since(tx, federationId, stepped, since), (s) => s.mac);
  const raised: RaisedFinding[] = [];
  const told: Escalation[] = [];
  for (const [mac, members] of counted) {
    const { indicator, row } = brought.get(mac)!;
    const before = running.get(mac);
    const id = before?.id ?? newId(tx.now.getTime());
    const theirs = seen.get(mac) ?? [];
    if (!before) {
      const firsts = [...Map.groupBy(theirs, (s) => s.member_id).values()].map((own) => own[0]!.first_at);
      await store.bursts.insert(tx, {
        org_id: federationId, id, mac, kind: indicator.kind, indicator: readable(indicator), rule_id: row.rule_id, rule_title: row.rule.title, members,
        third_at: thirdAt(firsts)!, raised_at: tx.now, first_at: new Date(Math.min(...firsts.map((f) => f.getTime()))), last_at: tx.now,
      });
    }
    if (members > (before?.members ?? 0)) raised.push(deskFinding(federationId, indicator, row, id, members, tx.now));
    told.push(...theirs.map((s) => ({ orgId: s.finding_org_id, findingId: s.finding_id, members })));
  }
  await store.bursts.grow(tx, federationId, [...running.values()].map(({ id, mac }) => ({ id, members: counted.get(mac)! })), tx.now);
  if (raised.length > 0) await parts.findings.raise(tx, raised);
  for (const { row, keyed } of compared) for (const { mac } of keyed) if (counted.has(mac)) told.push({ orgId: row.org_id, findingId: row.id, members: counted.get(mac)! });
  return told;
}

const fingerprintOf = (burstId: string): string => `${RULE} ${burstId}`;

/** What the desk sees: one finding of the federation for each burst. */
function deskFinding(federationId: string, indicator: Indicator, row: FindingRow, burstId: string, members: number, now: Date): RaisedFinding {
  const explanation = loadDetections().explanations.get(RULE);
  if (!explanation) throw new Error(`the library does not explain ${RULE}`);
  const value = readable(indicator);
  return {
    orgId: federationId, kind: 'detection', ruleId: RULE, rule: { title: 'The same at several members', author: 'Banya', license: 'Apache-2.0', references: [] }, severity: explanation.severity, direction: 'none', stopped: row.stopped,
    fingerprint: fingerprintOf(burstId), entity: value, slots: { indicator: value, members: String(members), 'rule.name': row.rule.title }, asset: null, minutes: explanation.minutes,
    count: 1, firstAt: now, lastAt: now, days: { [isoDate(now)]: 1 }, samples: [], deskTicket: explanation.deskTicket,
  };
}

/** What a member brought goes when it shares neither findings nor indicators any more, or has left; what a unit brought, when the unit has. */
export async function unsight(parts: BurstParts, orgId: string): Promise<void> {
  const facts = await parts.orgs.directory.facts(orgId);
  if (facts && !facts.left && comparesFindings(facts.consents)) return;
  await parts.kernel.tenancy.asSystem('take away what a member no longer shares of its findings', async (tx) => {
    for (const { org_id: federationId } of await store.sightings.federationsOf(tx, orgId)) {
      // Before anything is deleted: whoever counts at the same time must not count what goes.
      await store.hold(tx, federationId);
      await shrink(parts, tx, federationId, await store.sightings.removeOf(tx, federationId, orgId));
    }
  });
}

/** A burst that nobody shows any more goes with its plain value, and with what the desk was told of it; others count one member less. */
async function shrink({ findings }: BurstParts, tx: Tx, federationId: string, gone: readonly store.Gone[]): Promise<void> {
  const macs = [...new Set(gone.map((g) => g.mac))];
  const left = Map.groupBy(await store.sightings.showing(tx, federationId, macs), (s) => s.mac);
  const over: string[] = [];
  for (const burst of await store.bursts.ofMacs(tx, federationId, macs)) {
    const members = new Set((left.get(burst.mac) ?? []).map((s) => s.member_id));
    const was = gone.some((g) => g.mac === burst.mac && g.first_at <= burst.last_at && g.last_at >= burst.first_at && !members.has(g.member_id));
    if (members.size === 0) over.push(burst.id);
    else if (was) await store.bursts.shrink(tx, federationId, burst.id, Math.max(1, Math.min(burst.members - 1, members.size)));
  }
  await store.bursts.remove(tx, federationId, over);
  await findings.withdraw(tx, federationId, over.map(fingerprintOf));
}

/** Consents run out by their date, too, which nobody tells. */
export async function unsightLapsed(parts: BurstParts): Promise<void> {
  const members = await parts.kernel.tenancy.asSystem('whose findings are compared', (tx) => store.sightings.memberIds(tx));
  const [alerts, indicators] = [await parts.orgs.sharing(members, 'alerts'), await parts.orgs.sharing(members, 'indicators')];
  for (const member of members) if (!alerts.has(member) && !indicators.has(member)) await unsight(parts, member);
}

export async function forget({ kernel }: BurstParts): Promise<void> {
  await kernel.tenancy.asSystem('forget what findings had in common a month ago', async (tx) => {
    const before = new Date(tx.now.getTime() - KEEP_DAYS * DAY);
    await store.bursts.forget(tx, new Date(tx.now.getTime() - 12 * KEEP_DAYS * DAY));
    await store.sightings.forget(tx, before);
  });
}
