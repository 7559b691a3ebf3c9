import type { orgs, Received, Role } from '@banya/contract';

export type Person = Received<typeof orgs.people.get>;
export type OrgKind = Received<typeof orgs.tree.get>['kind'];

/** Roles that are given at each kind of organisation, those most often given first; deputies are named for somebody and a time. */
const given: Record<OrgKind, readonly Role[]> = {
  federation: ['desk', 'manager', 'executive', 'auditor', 'operator', 'lead'],
  member: ['lead', 'executive', 'auditor'],
  unit: ['lead', 'executive'],
};
export const rolesGivenAt = (kind: OrgKind): readonly Role[] => given[kind];

/** What a person is responsible for, without the role everybody has. */
export const heldBy = (person: Pick<Person, 'roles'>) => person.roles.filter((r) => r.role !== 'staff');
