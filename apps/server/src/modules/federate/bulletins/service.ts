import type { Lang } from '@banya/contract';
import { common, normalise } from '@banya/indicators';
import { Problem, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Kernel, OutgoingMail } from '../../../kernel/kernel.ts';
import type { Actor, Scope, Tx } from '../../../kernel/types.ts';
import type { FederationSettings, Orgs } from '../../orgs/index.ts';
import { printsOf, type Keyer } from '../campaigns/prints.ts';
import { scopeOf } from '../campaigns/service.ts';
import type { SampleSource } from '../campaigns/source.ts';
import { campaigns, shown } from '../campaigns/store.ts';
import { shares } from '../store.ts';
import { blankDraft, draftOf, names, tracedDraft } from './draft.ts';
import { inLogs, inMails } from './look.ts';
import { warningMail } from './mails.ts';
import { LEADING, LOOK_AGAIN_MS, LOOK_BACK_DAYS, MAILS_A_DAY, needsNames } from './rules.ts';
import type { BulletinRow, Wanted } from './schema.ts';
import * as store from './store.ts';

const DAY = 86_400_000;
const PEOPLE_MAX = 3_000;
const INDICATORS_MAX = 60;

export interface BulletinParts {
  readonly kernel: Kernel;
  readonly orgs: Orgs;
  readonly samples: SampleSource;
  readonly keyer: Keyer;
  readonly mail: (tx: Tx, mail: OutgoingMail) => Promise<void>;
  readonly langs: (personIds: readonly string[]) => Promise<ReadonlyMap<string, Lang>>;
}

const nameOf = (actor: Actor): string => actor.name;
const deskPhone = async ({ kernel }: Pick<BulletinParts, 'kernel'>): Promise<string | null> => (await kernel.settings.get<FederationSettings>('federation'))?.deskPhone ?? null;

/** Indicators as they may leave a member: no parameters of links, which are made for one receiver, and nothing that names it. */
export function shareable(indicators: readonly Wanted[], hidden: readonly string[]): Wanted[] {
  const clean = indicators.map(({ kind, value }): Wanted => ({ kind, value: kind === 'url' ? value.split(/[?#]/, 1)[0]! : value }));
  return clean.filter((i) => i.value !== '' && !names(i.value, hidden) && !(i.kind === 'url' && i.value.includes('@'))).slice(0, INDICATORS_MAX);
}

/** Names a warning must not tell: of the organisation, its people, its domains. In the organisation's own scope. */
async function namesOf({ orgs }: BulletinParts, tx: Tx, orgId: string): Promise<string[]> {
  const org = await orgs.get(tx, orgId);
  const people = await orgs.searchPeople(tx, orgId, '', PEOPLE_MAX);
  const bare = (org?.name ?? '').replace(/(?:株式|有限|合同|合資|合名)会社|（[株有]）|\([株有]\)|一般社団法人|協同組合|\s+/g, '');
  return [...new Set([org?.name ?? '', bare, ...(org?.domains ?? []), ...(org?.domains ?? []).map((d) => d.split('.')[0]!), ...people.flatMap((p) => [p.name, p.name.replace(/\s+/g, ''), p.name.split(/\s+/)[0]!])])].filter((n) => n.length >= 2);
}

interface Basis {
  readonly draft: ReturnType<typeof draftOf>;
  readonly campaign: string | null;
  readonly prints: BulletinRow['prints'];
  readonly kinds: BulletinRow['kinds'];
  readonly indicators: Wanted[];
}

/** Without lists of hosts: what is common whatever a host is. */
const NOWHERE = { kinds: () => new Set<string>(), brands: new Set<string>() };

/** What members can look for of something that was traced; undefined for what one organisation alone has, such as a machine. */
function wantedOf(typed: string): Wanted | undefined {
  const got = normalise(typed);
  if (!got.ok || common(got.indicator, NOWHERE) !== null) return undefined;
  const { kind, value } = got.indicator;
  return kind === 'ip' || kind === 'domain' || kind === 'url' || kind === 'address' || kind === 'sha256' ? shareable([{ kind, value }], [])[0] : undefined;
}

/** Writes a draft for the desk to change: from a mail it may see, from a campaign, from what was traced, or blank. Nothing is sent. @returns its id */
export async function draft(parts: BulletinParts, scope: Scope, from: { sample?: string | undefined; campaign?: string | undefined; indicator?: string | undefined }): Promise<string> {
  const { kernel } = parts;
  const phone = await deskPhone(parts);
  const found = await kernel.tenancy.inOrg(scope, async (tx) => {
    const asked = from.campaign === undefined ? undefined : await campaigns.get(tx, scope.orgId, from.campaign);
    const campaign = asked?.merged_into ?? asked?.id ?? null;
    if (from.campaign !== undefined && campaign === null) throw notFound();
    const wanted = from.sample !== undefined ? [from.sample] : campaign === null ? [] : (await shown.ofCampaign(tx, scope.orgId, campaign, 3)).map((s) => s.sample_id);
    const [sample] = wanted.length === 0 ? [] : await parts.samples.ofDesk(tx, scope.orgId, wanted, 'ja');
    if (from.sample !== undefined && !sample) throw notFound();
    return { sample, campaign: campaign ?? (sample ? ((await shown.of(tx, scope.orgId, [sample.id]))[0]?.campaign_id ?? null) : null) };
  });
  const wanted = from.indicator === undefined ? undefined : wantedOf(from.indicator);
  const basis: Basis = found.sample ? await fromSample(parts, scope, found.sample, found.campaign, phone)
    : wanted ? { ...empty, campaign: found.campaign, indicators: [wanted], draft: tracedDraft(wanted, phone) }
    : { ...empty, campaign: found.campaign, draft: found.campaign === null ? { title: { ja: '', en: '' }, body: { ja: '', en: '' } } : blankDraft(phone) };
  return kernel.tenancy.inOrg(scope, async (tx) => {
    const id = newId(tx.now.getTime());
    const { title, body } = basis.draft;
    await store.bulletins.insert(tx, {
      org_id: scope.orgId, id, state: 'draft', title_ja: title.ja.slice(0, 120), title_en: title.en.slice(0, 120), body_ja: body.ja, body_en: body.en, tlp: 'AMBER', campaign_id: basis.campaign,
      prints: basis.prints, kinds: basis.kinds, indicators: basis.indicators, created_at: tx.now, by_name: nameOf(tx.actor), sent_at: null,
    });
    tx.audit({ action: 'bulletins.drafted', target: `bulletin:${id}` });
    tx.afterCommit(() => kernel.live.publish(scope.orgId, { kind: 'warning', id }));
    return id;
  });
}

const empty = { prints: [], kinds: [], indicators: [] } as const satisfies Pick<BulletinRow, 'prints' | 'kinds' | 'indicators'> as Pick<BulletinRow, 'prints' | 'kinds'> & { indicators: Wanted[] };

/** Reads the analysis at the member, where it is noted that the desk did. */
async function fromSample(parts: BulletinParts, scope: Scope, sample: { id: string; org: string; ticket: string | null }, campaign: string | null, phone: string | null): Promise<Basis> {
  const own = sample.org === scope.orgId;
  const at: Scope = own ? scope : { orgId: sample.org, actor: scope.actor, via: sample.ticket === null ? 'samples' : 'always' };
  return parts.kernel.tenancy.inOrg(at, async (tx) => {
    if (!own) tx.audit({ action: 'bulletins.drafted', target: `sample:${sample.id}` });
    const stored = await parts.samples.analysis(tx, sample.org, sample.id);
    if (!stored) return { ...empty, campaign, draft: blankDraft(phone) };
    const hidden = await namesOf(parts, tx, sample.org);
    const indicators = shareable(stored.analysis.indicators, hidden);
    const prints = parts.keyer.prints(scope.orgId, printsOf(stored.analysis));
    return { campaign, prints: prints.map((p) => p.mac), kinds: prints.map((p) => p.kind), indicators, draft: draftOf({ ...stored.analysis, indicators: indicators as typeof stored.analysis.indicators }, hidden, phone) };
  });
}

/** Sends a draft: each member's copy, and the jobs that mail its leads and look for it there, with one transaction. @returns how many members */
export async function send({ kernel, orgs }: BulletinParts, scope: Scope, id: string, to: 'all' | readonly string[]): Promise<number> {
  // The copies are the members' rows: done as system, for a bulletin and members of the authorised federation alone.
  return kernel.tenancy.asSystem('give members of a federation their copies of its warning', async (tx) => {
    const row = await store.bulletins.lock(tx, scope.orgId, id);
    if (!row) throw notFound();
    if (row.state === 'sent') throw new Problem(409, 'bulletin_sent');
    if (needsNames(row.tlp) && to === 'all') throw new Problem(409, 'bulletin_names');
    const all = (await orgs.members(tx, scope.orgId)).map((m) => m.id);
    const wanted = to === 'all' ? null : new Set(to);
    const members = wanted === null ? all : all.filter((m) => wanted.has(m));
    // A member of somebody else does not exist here.
    if (wanted !== null && members.length !== wanted.size) throw notFound();
    if (members.length === 0 || row.title_ja.trim() === '' || row.body_ja.trim() === '') throw new Problem(409, 'bulletin_empty');
    const copies = members.map((org_id) => ({ org_id, id: newId(tx.now.getTime()) }));
    await store.warnings.insert(tx, copies, row);
    await store.bulletins.sent(tx, scope.orgId, id, nameOf(scope.actor));
    tx.audit({ action: 'bulletins.sent', target: `bulletin:${id}`, orgId: scope.orgId, facts: { members: members.length, tlp: row.tlp } });
    for (const { org_id: orgId, id: warningId } of copies) {
      tx.audit({ action: 'warnings.received', target: `warning:${warningId}`, orgId, facts: { tlp: row.tlp } });
      tx.job('federate.warn', { orgId, warningId }, { priority: 8 });
      tx.job('federate.look', { orgId, warningId });
      tx.job('federate.look', { orgId, warningId }, { startAfter: new Date(tx.now.getTime() + LOOK_AGAIN_MS) });
    }
    tx.afterCommit(() => {
      for (const { org_id: orgId, id: warningId } of copies) kernel.live.publish(orgId, { kind: 'warning', id: warningId });
      kernel.live.publish(scope.orgId, { kind: 'warning', id });
    });
    return members.length;
  }, { actor: scope.actor });
}

/**
 * Mails a warning to the member's leads and their deputies, once a person. Where there are none, or the day has had its mails
 * already, the receipt says that nobody was mailed.
 */
export async function warn(parts: BulletinParts, orgId: string, warningId: string): Promise<void> {
  const { kernel, orgs } = parts;
  const phone = await deskPhone(parts);
  const found = await kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
    const row = await store.warnings.get(tx, orgId, warningId);
    if (!row) return null;
    const leads = new Map<string, { personId: string; name: string; emails: readonly string[] }>();
    for (const role of LEADING) for (const person of await orgs.holders(tx, orgId, role)) if (person.emails.length > 0) leads.set(person.personId, person);
    return { row, people: [...leads.values()], orgName: (await orgs.names(tx, [orgId])).get(orgId) ?? '' };
  });
  if (!found) return;
  const { row, people, orgName } = found;
  const langs = people.length > 0 ? await parts.langs(people.map((p) => p.personId)) : new Map<string, Lang>();
  await kernel.tenancy.inOrg(scopeOf(orgId), async (tx) => {
    if ((await store.warnings.mailedSince(tx, orgId, warningId, new Date(tx.now.getTime() - DAY))) >= MAILS_A_DAY) return;
    for (const person of people) {
      const lang = langs.get(person.personId) ?? 'ja';
      await parts.mail(tx, { orgId, to: person.emails[0]!, lang, key: `warning:${row.bulletin_id}:${person.personId}`, ...warningMail({ lang, personName: person.name, orgName, url: kernel.publicUrl().replace(/\/$/, ''), deskPhone: phone }, row) });
    }
    await store.warnings.mailed(tx, orgId, warningId, people.length);
    tx.afterCommit(() => kernel.live.publish(row.federation_id, { kind: 'warning', id: row.bulletin_id }));
  });
}

/**
 * Looks for a warning's traces among the member's own mails and in its own logs. Numbers stay with the member; that there was
 * something is told to the federation only with the consent `indicators`.
 */
export async function look(parts: BulletinParts, orgId: string, warningId: string): Promise<void> {
  const { kernel, orgs } = parts;
  const scope = scopeOf(orgId);
  const found = await kernel.tenancy.inOrg(scope, async (tx) => {
    const row = await store.warnings.get(tx, orgId, warningId);
    if (!row) return null;
    const since = new Date(tx.now.getTime() - LOOK_BACK_DAYS * DAY);
    return { row, since, mails: await inMails(tx, parts.keyer, orgId, row, since) };
  });
  if (!found) return;
  const { row, since, mails } = found;
  const lines = await inLogs(kernel.events, orgId, row.indicators, since);
  const generation = await kernel.tenancy.inOrg(scope, (tx) => shares.read(tx, orgId));
  const facts = await orgs.directory.facts(orgId);
  if (!facts || facts.left) return;
  await kernel.tenancy.inOrg(scope, async (tx) => {
    const times = [mails.firstAt, lines.firstAt].filter((at) => at !== null).map((at) => at.getTime());
    await store.sightings.put(tx, { org_id: orgId, warning_id: warningId, looked_at: tx.now, mails: mails.count, lines: lines.count, first_at: times.length > 0 ? new Date(Math.min(...times)) : null });
    const seen = mails.count + lines.count > 0;
    // What changed meanwhile is told by the job of that change.
    const told = facts.consents.has('indicators') && (await shares.hold(tx, orgId)) === generation ? seen : null;
    if (told !== row.seen) {
      await store.warnings.saySeen(tx, orgId, warningId, told);
      if (told !== null) tx.audit({ action: 'warnings.shared', target: `warning:${warningId}`, facts: { seen } });
    }
    tx.afterCommit(() => {
      kernel.live.publish(orgId, { kind: 'warning', id: warningId });
      kernel.live.publish(row.federation_id, { kind: 'warning', id: row.bulletin_id });
    });
  });
}
