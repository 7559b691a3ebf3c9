import type { Role } from '@banya/contract';
import type { OrgKind } from './schema.ts';

/** Which roles make sense where: the desk stands at the federation, staff and leads in members and units. */
const rolesFor: Record<OrgKind, readonly Role[]> = {
  federation: ['desk', 'manager', 'executive', 'auditor', 'operator', 'staff', 'lead', 'deputy'],
  member: ['staff', 'lead', 'deputy', 'executive', 'auditor', 'manager'],
  unit: ['staff', 'lead', 'deputy', 'executive', 'manager'],
};

export const roleFits = (kind: OrgKind, role: Role): boolean => rolesFor[kind].includes(role);

/** Roles that must never be left without a holder once somebody has them. */
export const lastHolderMatters: ReadonlySet<Role> = new Set<Role>(['lead', 'operator', 'manager']);

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
/** What a new member shares from the first day unless it says no: enough for the desk to help. */
export const startingConsents = ['scores', 'alerts', 'inventory'] as const;
