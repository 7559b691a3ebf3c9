-- Organisations, people, roles, consents.

create table orgs_orgs (
  id uuid primary key,
  -- The row belongs to the organisation itself, so org_id = id; those in `path` see it too.
  org_id uuid not null check (org_id = id),
  parent_id uuid references orgs_orgs,
  -- Ids above, the nearest last; empty for the federation at the top.
  path uuid[] not null default '{}',
  kind text not null check (kind in ('federation', 'member', 'unit')),
  name text not null,
  reading text,
  search_key text collate "C" not null,
  industry text check (industry ~ '^[A-T]$'),
  size_band text,
  prefecture text,
  corporate_number text,
  phone text,
  time_zone text not null default 'Asia/Tokyo',
  own_ranges text[] not null default '{}',
  domains text[] not null default '{}',
  created_at timestamptz not null,
  archived_at timestamptz,
  left_at timestamptz,
  erase_on date
);
create index orgs_orgs_parent on orgs_orgs (parent_id, search_key, id);
create index orgs_orgs_path on orgs_orgs using gin (path);
call banya.tree_table('orgs_orgs', 'path');

create table orgs_people (
  id uuid primary key,
  org_id uuid not null references orgs_orgs,
  name text not null,
  reading text,
  -- Folded reading or name: what lists are sorted and searched by.
  sort_key text collate "C" not null,
  search_key text collate "C" not null,
  department text,
  emails text[] not null default '{}',
  phone text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create index orgs_people_list on orgs_people (org_id, sort_key, id) where archived_at is null;
create index orgs_people_all on orgs_people (org_id, sort_key, id);
create index orgs_people_emails on orgs_people using gin (emails);
call banya.tenant_table('orgs_people');

create table orgs_roles (
  org_id uuid not null references orgs_orgs,
  person_id uuid not null,
  -- A person of the federation may hold a role at a member: then home differs.
  home_org_id uuid not null,
  role text not null check (role in ('staff', 'lead', 'deputy', 'executive', 'desk', 'manager', 'auditor', 'operator')),
  deputy_of uuid,
  until date,
  granted_by text not null,
  granted_at timestamptz not null,
  primary key (org_id, person_id, role)
);
create index orgs_roles_person on orgs_roles (person_id);
call banya.tenant_table('orgs_roles');

create table orgs_consents (
  org_id uuid not null references orgs_orgs,
  kind text not null,
  given_at timestamptz not null,
  given_by text not null,
  until timestamptz,
  primary key (org_id, kind)
);
call banya.tenant_table('orgs_consents');

create table orgs_consent_history (
  id uuid primary key,
  org_id uuid not null references orgs_orgs,
  kind text not null,
  given boolean not null,
  at timestamptz not null,
  by_name text not null
);
create index orgs_consent_history_list on orgs_consent_history (org_id, id desc);
call banya.tenant_table('orgs_consent_history');

create table orgs_imports (
  id uuid primary key,
  org_id uuid not null references orgs_orgs,
  person_id uuid not null,
  rows jsonb not null,
  errors int not null,
  created_at timestamptz not null
);
call banya.tenant_table('orgs_imports');
