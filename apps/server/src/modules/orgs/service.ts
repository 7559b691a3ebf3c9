import { consentKinds, roles, type ConsentKind, type Role } from '@banya/contract';
import { explain, parseCorporateNumber, parseEmail, readingKey, searchKey } from '@banya/jp';
import { OwnRanges } from '@banya/logs';
import { Problem, forbidden, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { SignedIn, Tx } from '../../kernel/types.ts';
import { knownZone } from '../../kernel/zones.ts';
import { addressesChanged } from './addresses.ts';
import { fixedConsents, giversOf, kindFitsBelow, lastHolderMatters, mayGive, roleFits, rolesGivenBy, rolesOver, startingConsents } from './rules.ts';
import type { OrgKind, OrgRow, PersonRow } from './schema.ts';
import * as store from './store.ts';
import { endStanding, endTicketConsents } from './ticket-consents.ts';

/** Fields of an organisation that people fill in. */
export interface OrgProfile {
  readonly name?: string | undefined;
  readonly reading?: string | null | undefined;
  readonly industry?: string | null | undefined;
  readonly sizeBand?: string | null | undefined;
  readonly prefecture?: string | null | undefined;
  readonly corporateNumber?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly timeZone?: string | undefined;
  readonly ownRanges?: readonly string[] | undefined;
  readonly domains?: readonly string[] | undefined;
}
export interface PersonFields {
  readonly name?: string | undefined;
  readonly reading?: string | null | undefined;
  readonly department?: string | null | undefined;
  readonly emails?: readonly string[] | undefined;
  readonly phone?: string | null | undefined;
}

export const fieldProblem = (at: string, ja: string, en: string): Problem => new Problem(400, 'invalid', {}, { fields: [{ at, message: { ja, en } }] });

function checkedCorporateNumber(text: string | null | undefined): string | null {
  if (!text) return null;
  const parsed = parseCorporateNumber(text);
  if (!parsed.ok) throw fieldProblem('/corporateNumber', explain(parsed.code, 'ja'), explain(parsed.code, 'en'));
  return parsed.value;
}

/** Normalises addresses and refuses what is not one, naming the place. */
export function checkedEmails(emails: readonly string[]): string[] {
  const seen = new Set<string>();
  emails.forEach((email, i) => {
    const parsed = parseEmail(email);
    if (!parsed.ok) throw fieldProblem(`/emails/${i}`, explain(parsed.code, 'ja'), explain(parsed.code, 'en'));
    seen.add(parsed.value.address.toLowerCase());
  });
  return [...seen];
}

const orgSearchKey = (name: string, reading: string | null): string => searchKey(`${reading ?? ''} ${name}`.trim());

function profilePatch(profile: OrgProfile, before: { name: string; reading: string | null }): Partial<OrgRow> {
  const patch: Partial<OrgRow> = {};
  if (profile.name !== undefined) patch.name = profile.name;
  if (profile.reading !== undefined) patch.reading = profile.reading;
  if (profile.industry !== undefined) patch.industry = profile.industry;
  if (profile.sizeBand !== undefined) patch.size_band = profile.sizeBand;
  if (profile.prefecture !== undefined) patch.prefecture = profile.prefecture;
  if (profile.corporateNumber !== undefined) patch.corporate_number = checkedCorporateNumber(profile.corporateNumber);
  if (profile.phone !== undefined) patch.phone = profile.phone;
  if (profile.timeZone !== undefined) patch.time_zone = checkedZone(profile.timeZone);
  if (profile.ownRanges !== undefined) patch.own_ranges = checkedRanges(profile.ownRanges);
  if (profile.domains !== undefined) patch.domains = profile.domains.map((d) => d.trim().toLowerCase());
  if (profile.name !== undefined || profile.reading !== undefined) patch.search_key = orgSearchKey(profile.name ?? before.name, profile.reading === undefined ? before.reading : profile.reading);
  return patch;
}

function checkedZone(zone: string): string {
  const known = knownZone(zone);
  if (known === null) throw fieldProblem('/timeZone', '時間帯は Asia/Tokyo のように書いてください。', 'Write a time zone like Asia/Tokyo.');
  return known;
}

/** Address ranges as the parsers of log lines read them; one that they cannot read would stop them. */
function checkedRanges(ranges: readonly string[]): string[] {
  return ranges.map((range, i) => {
    const plain = range.trim();
    try {
      new OwnRanges([plain]);
    } catch {
      throw fieldProblem(`/ownRanges/${i}`, 'アドレスの範囲は 203.0.113.0/24 のように書いてください。', 'Write a range like 203.0.113.0/24.');
    }
    return plain;
  });
}

/** Makes an organisation below `parent` (or the federation itself, when there is none yet). Runs as system: the new row belongs to nobody yet. */
export async function createOrg(tx: Tx, kind: OrgKind, parent: OrgRow | null, profile: OrgProfile & { name: string }): Promise<OrgRow> {
  if (parent && !kindFitsBelow(kind, parent.kind)) throw new Problem(409, 'kind_not_here');
  const id = newId(tx.now.getTime());
  const row: OrgRow = {
    id, org_id: id, parent_id: parent?.id ?? null, path: parent ? [...parent.path, parent.id] : [], kind, name: profile.name, reading: null, search_key: '', industry: null, size_band: null,
    prefecture: null, corporate_number: null, phone: null, time_zone: parent?.time_zone ?? 'Asia/Tokyo', own_ranges: [], domains: [], created_at: tx.now, archived_at: null, left_at: null, erase_on: null,
  };
  Object.assign(row, profilePatch(profile, row));
  row.search_key = orgSearchKey(row.name, row.reading);
  await store.org.insert(tx, row);
  if (kind === 'member') for (const consent of startingConsents) await setConsent(tx, id, consent, true, null, 'setup');
  tx.audit({ action: 'orgs.created', target: `org:${id}`, orgId: id, facts: { name: row.name, kind } });
  return row;
}

export async function updateOrg(tx: Tx, id: string, profile: OrgProfile): Promise<OrgRow> {
  const before = await store.org.get(tx, id);
  if (!before) throw notFound();
  const patch = profilePatch(profile, before);
  if (Object.keys(patch).length === 0) return before;
  const row = await store.org.update(tx, id, patch);
  if (!row) throw notFound();
  tx.audit({ action: 'orgs.updated', target: `org:${id}`, orgId: id, facts: { fields: Object.keys(patch).filter((k) => k !== 'search_key').join(',') } });
  await tx.emit('orgs.changed', { orgId: id });
  return row;
}

export function personKeys(fields: { name: string; reading: string | null; department: string | null; emails: readonly string[] }): { sort_key: string; search_key: string } {
  return {
    sort_key: (fields.reading ? readingKey(fields.reading) : searchKey(fields.name)).slice(0, 200),
    search_key: searchKey([fields.name, fields.reading ?? '', fields.reading ? readingKey(fields.reading) : '', fields.department ?? '', ...fields.emails].join(' ')).slice(0, 2000),
  };
}

/** Who writes an address; `house` is Banya itself, at the set-up. */
export type Writer = Pick<SignedIn, 'roles'> | 'house';

/** The roles for which an address counts as checked when this writer sets it. */
export async function checkedBy(tx: Tx, orgId: string, by: Writer): Promise<Role[]> {
  if (by === 'house') return [...roles];
  const org = await store.org.get(tx, orgId);
  return org ? rolesGivenBy(org.kind, rolesOver(org, by.roles)) : [];
}

export async function createPerson(tx: Tx, orgId: string, fields: PersonFields & { name: string }, by: Writer = 'house'): Promise<PersonRow> {
  const emails = checkedEmails(fields.emails ?? []);
  await refuseTaken(tx, orgId, emails, null);
  const row: PersonRow = {
    id: newId(tx.now.getTime()), org_id: orgId, name: fields.name, reading: fields.reading ?? null, department: fields.department ?? null, emails, phone: fields.phone ?? null,
    created_at: tx.now, updated_at: tx.now, archived_at: null, sort_key: '', search_key: '', checked_for: await checkedBy(tx, orgId, by),
  };
  Object.assign(row, personKeys(row));
  await store.people.insert(tx, [row]);
  tx.audit({ action: 'people.created', target: `person:${row.id}`, orgId });
  return row;
}

/** Refuses who could not give each of these roles here, and names who can. */
export async function refuseBelow(tx: Tx, orgId: string, by: Pick<SignedIn, 'roles'>, roles: readonly Role[]): Promise<void> {
  if (roles.length === 0) return;
  const org = await store.org.get(tx, orgId);
  if (!org) throw notFound();
  const held = rolesOver(org, by.roles);
  const above = roles.find((role) => !mayGive(org.kind, held, role));
  if (above === undefined) return;
  const givers = giversOf(org.kind, above);
  const able = (await store.roles.at(tx, orgId)).filter((r) => givers.includes(r.role)).map((r) => r.person_id);
  throw forbidden((await store.people.named(tx, [...new Set(able)])).slice(0, 3).map((p) => p.name));
}

/**
 * Refuses a role to somebody whose addresses nobody who could give it has set or checked, until the giver says which he has
 * checked: a deputy who wrote his own beside the name of the coming lead would otherwise get the sign-in link, and the role.
 */
export async function refuseUnchecked(tx: Tx, person: PersonRow, role: Role, giver: Pick<SignedIn, 'roles'>, said: readonly string[] | undefined): Promise<void> {
  if (person.emails.length === 0 || person.checked_for.includes(role)) return;
  const checked = said && checkedEmails(said);
  if (!checked || checked.toSorted().join() !== person.emails.toSorted().join()) throw new Problem(409, 'address_unchecked', { name: person.name, addresses: person.emails });
  await store.people.update(tx, person.id, { checked_for: await checkedBy(tx, person.org_id, giver) });
  tx.audit({ action: 'people.address_checked', target: `person:${person.id}`, orgId: person.org_id, facts: { addresses: person.emails.join(' ') } });
}

export async function updatePerson(tx: Tx, orgId: string, id: string, fields: PersonFields, by: Pick<SignedIn, 'roles'>): Promise<PersonRow> {
  const [before] = await store.people.locked(tx, [id]);
  if (!before || before.org_id !== orgId) throw notFound();
  const next: PersonRow = {
    ...before,
    name: fields.name ?? before.name,
    reading: fields.reading === undefined ? before.reading : fields.reading,
    department: fields.department === undefined ? before.department : fields.department,
    emails: fields.emails === undefined ? before.emails : checkedEmails(fields.emails),
    phone: fields.phone === undefined ? before.phone : fields.phone,
    updated_at: tx.now,
  };
  const newAddress = next.emails.join() !== before.emails.join();
  if (newAddress) next.checked_for = await checkedBy(tx, orgId, by);
  const held = newAddress ? (await store.roles.of(tx, orgId, [id])).map((r) => r.role) : [];
  // Whoever chooses where the sign-in link goes can take the roles: so it is for those who could give them.
  await refuseBelow(tx, orgId, by, held);
  if (newAddress) await refuseTaken(tx, orgId, next.emails, id);
  Object.assign(next, personKeys(next));
  const { id: _id, org_id: _org, created_at: _created, ...patch } = next;
  const row = await store.people.update(tx, id, patch);
  tx.audit({ action: 'people.updated', target: `person:${id}`, orgId, facts: { fields: Object.keys(fields).join(',') } });
  if (newAddress) await addressesChanged(tx, orgId, [{ personId: id, before: before.emails, emails: next.emails, signsIn: held.length > 0 }]);
  return row!;
}

async function refuseTaken(tx: Tx, orgId: string, emails: readonly string[], except: string | null): Promise<void> {
  if (emails.length === 0) return;
  await store.people.holdEmails(tx, orgId);
  const [taken] = await store.people.withEmail(tx, orgId, emails, except);
  if (taken) throw new Problem(409, 'email_taken', { name: taken.name }, { existing: taken.id });
}

export async function archivePerson(tx: Tx, orgId: string, id: string, by: Pick<SignedIn, 'roles'>): Promise<void> {
  const person = await store.people.get(tx, id);
  if (!person || person.org_id !== orgId) throw notFound();
  const held = (await store.roles.of(tx, orgId, [id])).map((r) => r.role);
  // Leaving takes the roles. A deputy takes ordinary staff off the list while the lead is away, but nobody else.
  await refuseBelow(tx, orgId, by, held.filter((role) => role !== 'staff'));
  for (const role of held) await revokeRole(tx, orgId, id, role);
  await store.people.update(tx, id, { archived_at: tx.now, updated_at: tx.now });
  tx.audit({ action: 'people.archived', target: `person:${id}`, orgId });
  await tx.emit('people.archived', { orgId, personId: id });
}

export async function restorePerson(tx: Tx, orgId: string, id: string): Promise<void> {
  const person = await store.people.get(tx, id);
  if (!person || person.org_id !== orgId) throw notFound();
  await refuseTaken(tx, orgId, person.emails, id);
  await store.people.update(tx, id, { archived_at: null, updated_at: tx.now });
  tx.audit({ action: 'people.restored', target: `person:${id}`, orgId });
}

export interface Grant {
  readonly personId: string;
  readonly homeOrgId: string;
  readonly role: Role;
  readonly deputyOf?: string;
  readonly until?: string;
}

export async function grantRole(tx: Tx, orgId: string, kind: OrgKind, grant: Grant, by: string): Promise<void> {
  if (!roleFits(kind, grant.role)) throw new Problem(409, 'role_not_for_kind', { role: grant.role });
  await store.roles.grant(tx, { org_id: orgId, person_id: grant.personId, home_org_id: grant.homeOrgId, role: grant.role, deputy_of: grant.deputyOf ?? null, until: grant.until ?? null, granted_by: by, granted_at: tx.now });
  tx.audit({ action: 'roles.granted', target: `person:${grant.personId}`, orgId, facts: { role: grant.role, ...(grant.until ? { until: grant.until } : {}) } });
  await tx.emit('roles.granted', { orgId, personId: grant.personId, role: grant.role });
}

export async function revokeRole(tx: Tx, orgId: string, personId: string, role: Role): Promise<void> {
  if (lastHolderMatters.has(role)) {
    const holders = await store.roles.lock(tx, orgId, role);
    if (holders.length === 1 && holders[0]!.person_id === personId) throw new Problem(409, role === 'operator' ? 'last_operator' : 'last_lead', { role });
  }
  const gone = await store.roles.revoke(tx, orgId, personId, role);
  if (gone.length === 0) throw notFound();
  tx.audit({ action: 'roles.revoked', target: `person:${personId}`, orgId, facts: { role } });
  await tx.emit('roles.revoked', { orgId, personId, role });
}

export async function setConsent(tx: Tx, orgId: string, kind: ConsentKind, given: boolean, until: Date | null, by: string): Promise<void> {
  if (fixedConsents.has(kind)) throw new Problem(409, 'consent_fixed');
  if (!consentKinds.includes(kind)) throw notFound();
  if (given) await store.consents.give(tx, { org_id: orgId, kind, given_at: tx.now, given_by: by, until });
  else await store.consents.withdraw(tx, orgId, kind);
  await store.consents.note(tx, { id: newId(tx.now.getTime()), org_id: orgId, kind, given, at: tx.now, by_name: by });
  tx.audit({ action: given ? 'consents.given' : 'consents.withdrawn', target: `consent:${kind}`, orgId });
  // Who stops sharing means all of it; who shares need not answer for one question any more.
  if (given) await endStanding(tx, orgId);
  else await endTicketConsents(tx, orgId, 'withdrawn', { kind });
  await tx.emit(given ? 'consents.given' : 'consents.withdrawn', { orgId, kind });
}
