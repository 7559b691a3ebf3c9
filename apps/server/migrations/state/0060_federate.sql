-- What members push up. The rows are the federation's own (org_id is the federation), so its screens read nothing else.

create table federate_snapshots (
  org_id uuid not null,
  member_id uuid not null,
  day date not null,
  updated_at timestamptz not null,
  name text not null,
  sort_key text collate "C" not null,
  search_key text not null,
  industry text,
  size_band text,
  lead text,
  -- Consents in force when it was pushed, beyond those that are always there.
  kinds text[] not null,
  -- By kind of consent: only kinds the member shares are present.
  figures jsonb not null,
  -- How much the member needs somebody, for sorting; from shared figures alone.
  need int not null,
  silent int not null,
  late int not null,
  open_now int not null,
  no_lead boolean not null,
  primary key (org_id, member_id)
);
create index federate_snapshots_need on federate_snapshots (org_id, need desc, member_id) include (silent, late, open_now, no_lead);
create index federate_snapshots_name on federate_snapshots (org_id, sort_key, member_id);
create index federate_snapshots_member on federate_snapshots (member_id);
call banya.tenant_table('federate_snapshots');

create table federate_months (
  org_id uuid not null,
  member_id uuid not null,
  month text not null,
  version int not null,
  figures jsonb not null,
  updated_at timestamptz not null,
  primary key (org_id, month, member_id)
);
create index federate_months_member on federate_months (member_id);
call banya.tenant_table('federate_months');

-- Grows with every change of a member's consents: what was computed before a change is not written after it.
create table federate_shares (
  org_id uuid primary key,
  generation bigint not null
);
call banya.tenant_table('federate_shares');
