import type { ConsentKind } from '@banya/contract';
import { readingKey, searchKey, isoDate } from '@banya/jp';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Tx } from '../../kernel/types.ts';
import type { RuleOutcomes } from '../findings/index.ts';
import { sourceState, type Inventory } from '../inventory/index.ts';
import type { OrgRow, Orgs } from '../orgs/index.ts';
import { OUTCOME_DAYS, SHARED_KINDS, WEEKS, alertFigures, need, type OpenFinding, type SnapshotFigures } from './rules.ts';
import * as store from './store.ts';

const DAY = 86_400_000;

/** What snapshots ask of findings: see FindingsForReport of the module prove, which is the same door. */
export interface FindingsForSnapshot {
  ofMonth(tx: Tx, orgId: string, from: string, to: string): Promise<readonly OpenFinding[]>;
  outcomes(tx: Tx, orgId: string, since: Date): Promise<readonly RuleOutcomes[]>;
}
export interface TicketsForSnapshot {
  openTickets(tx: Tx, orgId: string): Promise<readonly { readonly state: 'new' | 'working' | 'waiting'; readonly late: boolean }[]>;
}

export interface Parts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly inventory: Pick<Inventory, 'sourcesOf'>;
  readonly findings: FindingsForSnapshot;
  readonly desk: TicketsForSnapshot;
  /** When these people last signed in; those who never did are absent. Runs in a transaction of its own. */
  readonly lastSeen: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Date>>;
}

const system = { kind: 'system', name: 'push figures up' } as const;

interface Member {
  readonly org: OrgRow;
  readonly federationId: string;
  readonly kinds: readonly ConsentKind[];
  /** Consents must still be these when the figures are written. */
  readonly generation: string;
}

/** The member with the consents in force, or null when it is not (or no longer) a member. */
async function memberOf({ kernel, orgs }: Parts, orgId: string): Promise<Member | null> {
  const scope = { orgId, actor: system };
  const generation = await kernel.tenancy.inOrg(scope, (tx) => store.shares.read(tx, orgId));
  const facts = await orgs.directory.facts(orgId);
  if (!facts || facts.left || facts.kind !== 'member') return null;
  const org = await kernel.tenancy.inOrg(scope, (tx) => orgs.get(tx, orgId));
  if (!org) return null;
  return { org, federationId: orgs.federationOf(org), kinds: SHARED_KINDS.filter((kind) => facts.consents.has(kind)), generation };
}

/** Reads and counts inside the member's own scope; only kinds it shares. */
async function figuresOf(tx: Tx, { inventory, findings, desk }: Parts, { org, kinds }: Member): Promise<SnapshotFigures> {
  const now = tx.now.getTime();
  const figures: { -readonly [K in keyof SnapshotFigures]: SnapshotFigures[K] } = {};
  if (kinds.includes('inventory')) {
    const states = (await inventory.sourcesOf(tx, org.id)).map((s) => sourceState(s, now));
    figures.inventory = { sources: states.length, flowing: states.filter((s) => s === 'flowing').length, silent: states.filter((s) => s === 'silent').length };
  }
  if (kinds.includes('alerts')) {
    const outcomes = await findings.outcomes(tx, org.id, new Date(now - OUTCOME_DAYS * DAY));
    const rules = Object.fromEntries(outcomes.map((o): [string, readonly [string, number, number, number, number]] => [o.ruleId, [o.title, o.handled, o.ticket, o.known, o.falseAlarm]]));
    figures.alerts = { ...alertFigures(await findings.ofMonth(tx, org.id, isoDate(new Date(now - WEEKS * 7 * DAY), org.time_zone), isoDate(tx.now, org.time_zone)), tx.now), ...(outcomes.length > 0 ? { rules } : {}) };
  }
  const tickets = await desk.openTickets(tx, org.id);
  figures.tickets = { open: tickets.length, waiting: tickets.filter((t) => t.state === 'waiting').length, late: tickets.filter((t) => t.late).length };
  return figures;
}

/**
 * Writes what a member shares into the federation's own space, and deletes there what it does not share (any more).
 * Idempotent; gives false when the consents changed meanwhile, so that it has to be done again.
 */
export async function push(parts: Parts, orgId: string): Promise<boolean> {
  const { kernel, orgs } = parts;
  const member = await memberOf(parts, orgId);
  if (!member) {
    await forget(parts, orgId);
    return true;
  }
  const { org, federationId, kinds, generation } = member;
  const { figures, leads, deputies } = await kernel.tenancy.inOrg({ orgId, actor: system }, async (tx) => ({
    figures: await figuresOf(tx, parts, member), leads: await orgs.holders(tx, orgId, 'lead'), deputies: await orgs.holders(tx, orgId, 'deputy'),
  }));
  const hasLead = leads.length > 0;
  const all: SnapshotFigures = kinds.includes('scores') ? { ...figures, scores: { leadSeenDays: await leadSeenDays(parts, [...leads, ...deputies].map((p) => p.personId)) } } : figures;
  return kernel.tenancy.asSystem('push figures up', async (tx) => {
    if ((await store.shares.hold(tx, orgId)) !== generation) return false;
    const before = await store.snapshots.kinds(tx, federationId, orgId);
    await store.snapshots.put(tx, {
      org_id: federationId, member_id: orgId, day: isoDate(tx.now, org.time_zone), updated_at: tx.now, name: org.name,
      sort_key: (org.reading ? readingKey(org.reading) : searchKey(org.name)).slice(0, 200), search_key: org.search_key, industry: org.industry, size_band: org.size_band, lead: leads[0]?.name ?? null,
      kinds: [...kinds], figures: all, need: need(all, hasLead), silent: all.inventory?.silent ?? 0, late: all.alerts?.overdue ?? 0, open_now: all.alerts?.openNow ?? 0, no_lead: !hasLead,
    });
    await store.months.keepOnly(tx, federationId, orgId, kinds);
    if (before?.some((kind) => !(kinds as readonly string[]).includes(kind))) await tx.emit('federate.unshared', { orgId: federationId, memberId: orgId, kept: kinds });
    return true;
  });
}

async function leadSeenDays({ kernel, lastSeen }: Parts, personIds: readonly string[]): Promise<number | null> {
  if (personIds.length === 0) return null;
  const seen = [...(await lastSeen(personIds)).values()].map((at) => at.getTime());
  return seen.length === 0 ? null : Math.max(0, Math.floor((kernel.clock.now() - Math.max(...seen)) / DAY));
}

/** Takes a member that has left out of every federation's space. */
async function forget({ kernel }: Parts, memberId: string): Promise<void> {
  await kernel.tenancy.asSystem('push figures up', async (tx) => {
    const gone = await store.snapshots.remove(tx, memberId);
    await store.months.remove(tx, memberId);
    for (const { org_id } of gone) await tx.emit('federate.unshared', { orgId: org_id, memberId, kept: [] });
  });
}

/** Pushes a closed month: the kinds shared at this moment. False when the consents changed meanwhile. */
export async function pushMonth(parts: Parts, orgId: string, month: string, version: number, figures: Readonly<Record<string, unknown>>): Promise<boolean> {
  const member = await memberOf(parts, orgId);
  if (!member || !member.kinds.includes('scores')) return true;
  const kept = Object.fromEntries(member.kinds.flatMap((kind) => (Object.hasOwn(figures, kind) ? [[kind, figures[kind]]] : [])));
  return parts.kernel.tenancy.asSystem('push figures up', async (tx) => {
    if ((await store.shares.hold(tx, orgId)) !== member.generation) return false;
    await store.months.put(tx, { org_id: member.federationId, member_id: orgId, month, version, figures: kept, updated_at: tx.now });
    return true;
  });
}
