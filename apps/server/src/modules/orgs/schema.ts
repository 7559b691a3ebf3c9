import type { ConsentKind, Role } from '@banya/contract';

export type OrgKind = 'federation' | 'member' | 'unit';

export interface OrgRow {
  id: string;
  org_id: string;
  parent_id: string | null;
  /** Ids above, the nearest last. */
  path: string[];
  kind: OrgKind;
  name: string;
  reading: string | null;
  search_key: string;
  industry: string | null;
  size_band: string | null;
  prefecture: string | null;
  corporate_number: string | null;
  phone: string | null;
  time_zone: string;
  own_ranges: string[];
  domains: string[];
  created_at: Date;
  archived_at: Date | null;
  left_at: Date | null;
  erase_on: string | null;
}

export interface PersonRow {
  id: string;
  org_id: string;
  name: string;
  reading: string | null;
  sort_key: string;
  search_key: string;
  department: string | null;
  emails: string[];
  phone: string | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
  /** Roles for which somebody who could give them has set or checked the addresses. */
  checked_for: Role[];
}

export interface RoleRow {
  org_id: string;
  person_id: string;
  home_org_id: string;
  role: Role;
  deputy_of: string | null;
  until: string | null;
  granted_by: string;
  granted_at: Date;
}

export interface ConsentRow {
  org_id: string;
  kind: ConsentKind;
  given_at: Date;
  given_by: string;
  until: Date | null;
}

export interface ConsentHistoryRow {
  id: string;
  org_id: string;
  kind: ConsentKind;
  given: boolean;
  at: Date;
  by_name: string;
}

export type TicketConsentEnd = 'refused' | 'withdrawn' | 'closed' | 'expired' | 'standing';

export interface TicketConsentRow {
  org_id: string;
  id: string;
  desk_org_id: string;
  ticket_id: string;
  ticket_number: string;
  ticket_subject: string;
  kinds: readonly ConsentKind[];
  asked_at: Date;
  asked_by: string;
  answered_at: Date | null;
  answered_by: string | null;
  until: Date | null;
  ended_at: Date | null;
  ended_how: TicketConsentEnd | null;
}

export interface ImportRow {
  id: string;
  org_id: string;
  person_id: string;
  rows: unknown;
  errors: number;
  created_at: Date;
}

export interface OrgsSchema {
  orgs_orgs: OrgRow;
  orgs_people: PersonRow;
  orgs_roles: RoleRow;
  orgs_consents: ConsentRow;
  orgs_consent_history: ConsentHistoryRow;
  orgs_ticket_consents: TicketConsentRow;
  orgs_imports: ImportRow;
}
