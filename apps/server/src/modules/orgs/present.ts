import type { z } from 'zod';
import type { org as orgShape, person as personShape } from '@banya/contract';
import type { OrgRow, PersonRow, RoleRow } from './schema.ts';

export function presentOrg(row: OrgRow): z.input<typeof orgShape> {
  return {
    id: row.id, parent: row.parent_id, federation: row.path[0] ?? row.id, kind: row.kind, name: row.name, reading: row.reading, industry: row.industry, sizeBand: row.size_band, prefecture: row.prefecture,
    corporateNumber: row.corporate_number, phone: row.phone, timeZone: row.time_zone, ownRanges: row.own_ranges, domains: row.domains, archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

export function presentPerson(row: PersonRow, roles: readonly RoleRow[], canSignIn: boolean): z.input<typeof personShape> {
  return {
    id: row.id, org: row.org_id, name: row.name, reading: row.reading, department: row.department, emails: row.emails, phone: row.phone, canSignIn, archivedAt: row.archived_at?.toISOString() ?? null,
    roles: roles.filter((r) => r.person_id === row.id).map((r) => ({ role: r.role, deputyOf: r.deputy_of, until: r.until })),
  };
}
