import type { Role } from '@banya/contract';
import type { OrgKind } from './schema.ts';

/** Which roles make sense where: who works for many members stands at the federation, staff and leads in members and units. */
const rolesFor: Record<OrgKind, readonly Role[]> = {
  federation: ['desk', 'manager', 'executive', 'auditor', 'operator', 'staff', 'lead', 'deputy'],
  member: ['staff', 'lead', 'deputy', 'executive', 'auditor'],
  unit: ['staff', 'lead', 'deputy', 'executive'],
};

export const roleFits = (kind: OrgKind, role: Role): boolean => rolesFor[kind].includes(role);

/** Members belong to a federation; a member, a unit and the federation itself have units. */
export const kindFitsBelow = (kind: OrgKind, parent: OrgKind): boolean => kind === 'unit' || (kind === 'member' && parent === 'federation');

/** The roles somebody holds over an organisation: there, above it inside the same member, and of its federation as manager or operator. */
export function rolesOver(org: { readonly id: string; readonly kind: OrgKind; readonly path: readonly string[] }, held: ReadonlyMap<string, readonly Role[]>): Role[] {
  if (org.kind === 'federation') return [...(held.get(org.id) ?? [])];
  const [federation, ...inside] = org.path;
  return [...[org.id, ...inside].flatMap((id) => held.get(id) ?? []), ...(held.get(federation ?? '') ?? []).filter((role) => role === 'manager' || role === 'operator')];
}

/** Who gives a role at a kind of organisation and takes it: nobody gives what reaches further than what he holds. */
export function giversOf(kind: OrgKind, role: Role): readonly Role[] {
  if (role === 'manager' || role === 'operator') return [role];
  return kind === 'federation' ? ['manager', 'operator'] : ['lead', 'manager', 'operator'];
}

/** All roles that somebody who holds these could give at a kind of organisation. */
export const rolesGivenBy = (kind: OrgKind, held: readonly Role[]): Role[] => rolesFor[kind].filter((role) => mayGive(kind, held, role));

export const mayGive = (kind: OrgKind, held: readonly Role[], role: Role): boolean => giversOf(kind, role).some((giver) => held.includes(giver));

/** Roles that must never be left without a holder once somebody has them. */
export const lastHolderMatters: ReadonlySet<Role> = new Set<Role>(['lead', 'operator', 'manager']);

/** Deputies' last day is a day in Japan, where every federation of today lives; the zone per organisation only shifts it by hours. */
export const todayAt = (now: number): string => new Date(now + 9 * 3_600_000).toISOString().slice(0, 10);

/** Which page a person starts on: the role with the most to do wins. */
export function startPage(roles: ReadonlyMap<string, readonly Role[]>, homeOrgId: string): { org: string; page: 'home' | 'executive' | 'desk' | 'overview' | 'ask' } {
  const order: [Role, 'home' | 'executive' | 'desk' | 'overview' | 'ask'][] = [
    ['manager', 'overview'], ['desk', 'desk'], ['lead', 'home'], ['deputy', 'home'], ['executive', 'executive'], ['operator', 'overview'], ['auditor', 'overview'],
  ];
  for (const [role, page] of order) {
    const at = [...roles].filter(([, held]) => held.includes(role)).map(([org]) => org);
    if (at.length > 0) {
      const org = at.includes(homeOrgId) ? homeOrgId : at[0]!;
      // A manager of a single member has a home to keep, not a map of members to look at.
      if (page === 'overview' && role !== 'operator' && (roles.get(org) ?? []).includes('lead')) return { org, page: 'home' };
      return { org, page };
    }
  }
  return { org: homeOrgId, page: 'ask' };
}

/** One consent is not asked for: tickets always reach the desk. */
export const fixedConsents: ReadonlySet<string> = new Set(['tickets']);
/** How long the desk may look for one question at the most, in days; the table says so too. */
export const TICKET_CONSENT_DAYS = 30;
/** What a new member shares from the first day unless it says no: enough for the desk to help. */
export const startingConsents = ['scores', 'alerts', 'inventory'] as const;
