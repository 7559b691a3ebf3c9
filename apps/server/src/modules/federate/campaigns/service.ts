import type { Analysis, Indicator } from '@banya/mail';
import { newId } from '../../../kernel/ids.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Scope, Tx } from '../../../kernel/types.ts';
import type { OrgRow, Orgs } from '../../orgs/index.ts';
import { shares } from '../store.ts';
import { Keyer, printsOf } from './prints.ts';
import { areOne, choose, counts, JOIN_FROM, KEEP_DAYS, latest, mayShare, telling, weigh, worse, type Choice } from './rules.ts';
import type { KeyedPrint, OwnMailRow } from './schema.ts';
import type { Campaigns, SampleFacts, SampleSource } from './source.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
const PAGE = 200;
const SAMPLES_MAX = 500;
const LIKE_MAX = 200;
const system = { kind: 'system', name: 'compare mails of members' } as const;

export interface CampaignParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly samples: SampleSource;
}

/** Where a mail counts, and what its member has agreed to. */
interface Place {
  readonly memberId: string;
  readonly federationId: string;
  readonly consents: ReadonlySet<string>;
  /** The member's consents must still be these when the prints are written. */
  readonly generation: string;
}

/** Consents changed between reading them and writing: done again with those in force then. */
export class ConsentsChanged extends Error {}

export const printsOfRow = (row: Pick<OwnMailRow, 'prints' | 'kinds'>): KeyedPrint[] => row.prints.map((mac, i) => ({ mac, kind: row.kinds[i]! }));

/** The campaign a mail with these prints belongs to, and those that it is like as well. */
async function place(tx: Tx, federationId: string, found: readonly KeyedPrint[]): Promise<Choice> {
  const { hits, common } = telling(await store.prints.find(tx, federationId, found.map((p) => p.mac)));
  const campaigns = [...new Set(hits.map((h) => h.campaign))];
  return choose(found, campaigns.length > 0 && common.length > 0 ? [...hits, ...(await store.prints.among(tx, federationId, campaigns, common))] : hits);
}

/**
 * Puts a mail's prints among the federation's: into the campaign they belong to, or a new one; campaigns that this mail and
 * another member's show to be the same become one. The caller holds the federation's campaigns (`store.hold`). System only. @returns the campaign
 */
export async function join(tx: Tx, federationId: string, memberId: string, found: readonly KeyedPrint[], at: Date): Promise<string> {
  const { join: known, rivals } = await place(tx, federationId, found);
  const same = known === null ? [] : await provenSame(tx, federationId, memberId, found, known, rivals);
  // The oldest stays.
  const [id, ...merge] = known === null ? [newId(tx.now.getTime())] : [known, ...same].sort();
  if (known === null) await store.campaigns.insert(tx, federationId, id!, at);
  if (merge.length > 0) await store.campaigns.merge(tx, federationId, merge, id!);
  await store.prints.put(tx, federationId, id!, memberId, found, at);
  return id!;
}

/** Of the rivals those that are the same campaign, but for what the desk has called by another name. */
async function provenSame(tx: Tx, federationId: string, memberId: string, found: readonly KeyedPrint[], known: string, rivals: readonly string[]): Promise<string[]> {
  if (rivals.length === 0) return [];
  const stands = await store.prints.stands(tx, federationId, [known, ...rivals], found.map((p) => p.mac));
  const decisions = await store.campaigns.decisions(tx, federationId, [known, ...rivals]);
  let decision = decisions.get(known) ?? null;
  return rivals.filter((rival) => {
    const its = decisions.get(rival) ?? null;
    if (decision !== null && its !== null && decision !== its) return false;
    if (!areOne(found, stands.filter((s) => s.campaign === known || s.campaign === rival), memberId, [known, rival])) return false;
    decision ??= its;
    return true;
  });
}

/** The same mail at several members: what of each member's mails stands among the federation's, and the numbers of it. */
export class CampaignService implements Campaigns {
  readonly #parts: CampaignParts;
  readonly #keyer: Keyer;

  constructor(parts: CampaignParts) {
    this.#parts = parts;
    this.#keyer = new Keyer(parts.kernel.secrets);
  }

  /** Mails of the organisation that hold one of the indicators: found by keyed hash, for their words are sealed. */
  async mailsWith(tx: Tx, orgId: string, federationId: string, indicators: readonly Pick<Indicator, 'kind' | 'value'>[], since: Date): Promise<{ sampleId: string; at: Date }[]> {
    const marks = this.#keyer.marks(federationId, indicators);
    return marks.length === 0 ? [] : (await store.mails.like(tx, orgId, [], marks, since, SAMPLES_MAX)).map((m) => ({ sampleId: m.sample_id, at: m.at }));
  }

  get keyer(): Keyer {
    return this.#keyer;
  }

  /** Null for who has left, or is no organisation. A unit's mails count for its member, by the member's consents. */
  async #place(orgId: string): Promise<Place | null> {
    const { kernel, orgs } = this.#parts;
    const org = await kernel.tenancy.inOrg({ orgId, actor: system }, (tx) => orgs.get(tx, orgId));
    if (!org || org.left_at) return null;
    const memberId = memberOf(org);
    const generation = await kernel.tenancy.inOrg({ orgId: memberId, actor: system }, (tx) => shares.read(tx, memberId));
    const facts = await orgs.directory.facts(memberId);
    if (!facts || facts.left) return null;
    // A federation's own people report to itself.
    return { memberId, federationId: orgs.federationOf(org), consents: facts.kind === 'federation' ? new Set(['indicators']) : facts.consents, generation };
  }

  /** Takes a mail in, or what has changed of it. Can run any number of times. @throws ConsentsChanged */
  async take(orgId: string, sampleId: string): Promise<void> {
    const place = await this.#place(orgId);
    if (!place) return;
    await this.#parts.kernel.tenancy.asSystem('put what a mail shares with others among theirs', async (tx) => {
      if ((await shares.hold(tx, place.memberId)) !== place.generation) throw new ConsentsChanged('consents changed while a mail was compared');
      await store.hold(tx, place.federationId);
      await this.#settle(tx, place, orgId, sampleId);
    });
  }

  async #settle(tx: Tx, place: Place, orgId: string, sampleId: string): Promise<void> {
    const before = await store.mails.get(tx, orgId, sampleId);
    const facts = await this.#parts.samples.facts(tx, orgId, sampleId);
    const row = before ? this.#renewed(before, facts) : facts && counts(facts) ? await this.#made(tx, place, orgId, sampleId, facts) : null;
    if (!row) return;
    const share = mayShare(place.consents, row.shown) && row.at.getTime() > tx.now.getTime() - KEEP_DAYS * DAY;
    if (share) await this.#share(tx, place, row);
    else await this.#unshare(tx, place, row);
  }

  #renewed(before: OwnMailRow, facts: SampleFacts | null): OwnMailRow {
    // The mail itself is deleted after its days; its prints stay with the last word.
    if (!facts) return { ...before, shown: false };
    return { ...before, touched: touched(facts), verdict: facts.verdict ?? before.verdict, decision: facts.decision ?? before.decision, decided_at: facts.decidedAt ?? before.decided_at, shown: facts.shown };
  }

  async #made(tx: Tx, { memberId, federationId }: Place, orgId: string, sampleId: string, facts: SampleFacts): Promise<OwnMailRow | null> {
    const stored = await this.#parts.samples.analysis(tx, orgId, sampleId);
    return stored && this.#row({ memberId, federationId }, orgId, sampleId, facts, stored.analysis);
  }

  #row({ memberId, federationId }: Pick<Place, 'memberId' | 'federationId'>, orgId: string, sampleId: string, facts: SampleFacts, analysis: Analysis): OwnMailRow {
    const prints = this.#keyer.prints(federationId, printsOf(analysis));
    return {
      org_id: orgId, sample_id: sampleId, member_id: memberId, federation_id: federationId, at: facts.at, reporter_id: facts.reporterId, touched: touched(facts), verdict: facts.verdict, decision: facts.decision, decided_at: facts.decidedAt,
      prints: prints.map((p) => p.mac), kinds: prints.map((p) => p.kind), marks: this.#keyer.marks(federationId, analysis.indicators), campaign_id: null, shared: false, shown: facts.shown,
    };
  }

  async like(tx: Tx, org: Pick<OrgRow, 'id' | 'kind' | 'path'>, sampleId: string, facts: SampleFacts, analysis: Analysis, since: Date): Promise<readonly string[]> {
    if (!counts(facts)) return [];
    const row = this.#row({ memberId: memberOf(org), federationId: this.#parts.orgs.federationOf(org) }, org.id, sampleId, facts, analysis);
    const own = new Set(row.prints);
    const found = await store.mails.like(tx, org.id, row.prints, [], since, LIKE_MAX);
    // At once, not by the job that compares members: the next of a burst looks for this one.
    await store.mails.note(tx, row);
    const weighed = found.filter((f) => f.sample_id !== sampleId).map((f) => ({ id: f.sample_id, score: weigh(f.kinds.filter((_, i) => own.has(f.prints[i]!))) }));
    return weighed.filter((f) => f.score >= JOIN_FROM).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).map((f) => f.id);
  }

  async #share(tx: Tx, { memberId, federationId }: Place, row: OwnMailRow): Promise<void> {
    const campaign = row.shared && row.campaign_id !== null ? row.campaign_id : await join(tx, federationId, memberId, printsOfRow(row), row.at);
    await store.mails.put(tx, { ...row, campaign_id: campaign, shared: true });
    if (row.shown) await store.shown.put(tx, federationId, memberId, row.sample_id, campaign, row.at);
    else await store.shown.remove(tx, federationId, row.sample_id);
    const known = await store.campaigns.get(tx, federationId, campaign);
    if (known) await store.campaigns.say(tx, federationId, campaign, { verdict: worse(known.verdict, row.verdict), ...latest(known, row) });
    await store.campaigns.countMember(tx, federationId, campaign, memberId);
    await store.campaigns.sum(tx, federationId, campaign);
    this.#told(tx, federationId, campaign);
  }

  /** Takes a mail out of the federation's space. Its organisation still learns whether others have it: that gives nothing away. */
  async #unshare(tx: Tx, { memberId, federationId }: Place, row: OwnMailRow): Promise<void> {
    const known = row.shared ? null : (await place(tx, federationId, printsOfRow(row))).join;
    await store.mails.put(tx, { ...row, campaign_id: row.shared ? null : known, shared: false });
    await store.shown.remove(tx, federationId, row.sample_id);
    if (!row.shared || row.campaign_id === null) return;
    await store.prints.removeOf(tx, federationId, row.campaign_id, memberId);
    for (const rest of await store.mails.shared(tx, memberId, row.campaign_id)) await store.prints.put(tx, federationId, row.campaign_id, memberId, printsOfRow(rest), rest.at);
    await store.campaigns.countMember(tx, federationId, row.campaign_id, memberId);
    await store.campaigns.sum(tx, federationId, row.campaign_id);
    this.#told(tx, federationId, row.campaign_id);
  }

  #told(tx: Tx, federationId: string, campaign: string): void {
    tx.afterCommit(() => this.#parts.kernel.live.publish(federationId, { kind: 'warning', id: campaign }));
  }

  /** After a member's consents have changed: each of its mails is looked at again, the newest first. @throws ConsentsChanged */
  async takeAgain(memberId: string): Promise<void> {
    const { kernel } = this.#parts;
    if ((await this.#place(memberId)) === null) return this.forget(memberId);
    for (let after: { at: Date; id: string } | null = null; ; ) {
      const from: { at: Date; id: string } | null = after;
      const rows: Awaited<ReturnType<typeof store.mails.ofMember>> = await kernel.tenancy.asSystem('which mails of a member are compared', (tx) => store.mails.ofMember(tx, memberId, from, PAGE));
      for (const row of rows) await this.take(row.org_id, row.sample_id);
      if (rows.length < PAGE) return;
      after = { at: rows.at(-1)!.at, id: rows.at(-1)!.sample_id };
    }
  }

  /** Takes a member that has left out of its federation's space. */
  async forget(memberId: string): Promise<void> {
    await this.#parts.kernel.tenancy.asSystem('take the mails of a member that left out of its federation', async (tx) => {
      for (const { org_id: federationId, campaign_id: campaign } of await store.campaigns.ofMember(tx, memberId)) {
        await store.hold(tx, federationId);
        await store.prints.removeOf(tx, federationId, campaign, memberId);
        await tx.query('update federate_mails set shared = false, campaign_id = null where member_id = $1 and campaign_id = $2', [memberId, campaign]);
        await store.campaigns.countMember(tx, federationId, campaign, memberId);
        await store.campaigns.sum(tx, federationId, campaign);
      }
      await tx.query('delete from federate_campaign_samples where member_id = $1', [memberId]);
    });
  }

  async of(tx: Tx, samples: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (tx.orgId === null || samples.length === 0) return new Map();
    const [own, seen] = [await store.mails.campaignsOf(tx, tx.orgId, samples), await store.shown.of(tx, tx.orgId, samples)];
    return new Map([...own, ...seen].map((r) => [r.sample_id, r.campaign_id]));
  }

  async samples(tx: Tx, campaign: string): Promise<readonly string[]> {
    if (tx.orgId === null) return [];
    const found = [...(await store.shown.ofCampaign(tx, tx.orgId, campaign, SAMPLES_MAX)), ...(await store.mails.ofCampaign(tx, tx.orgId, campaign, SAMPLES_MAX))];
    return [...new Set(found.map((r) => r.sample_id))].slice(0, SAMPLES_MAX);
  }

  async seen(tx: Tx, orgId: string, sample: string): Promise<{ members: number; reports: number; touched: number; firstAt: Date | null } | null> {
    if (tx.orgId === orgId) {
      const row = await store.seenElsewhere(tx, sample);
      return row ? { members: row.members, reports: row.reports, touched: row.touched, firstAt: row.first_at } : null;
    }
    if (tx.orgId === null) return null;
    const campaign = (await this.of(tx, [sample])).get(sample);
    const row = campaign === undefined ? undefined : await store.campaigns.get(tx, tx.orgId, campaign);
    return row ? { members: row.members, reports: row.reports, touched: row.touched, firstAt: row.first_at } : null;
  }
}

const memberOf = (org: Pick<OrgRow, 'id' | 'kind' | 'path'>): string => (org.kind === 'unit' ? (org.path[1] ?? org.id) : org.id);
const touched = (facts: Pick<SampleFacts, 'touched'>): boolean => facts.touched !== null && facts.touched !== 'nothing';
export const scopeOf = (orgId: string): Scope => ({ orgId, actor: system });
