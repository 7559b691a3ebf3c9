-- The month's reports: what was decided and counted, kept as data. A page and a PDF are made of it when asked for.

create table prove_reports (
  org_id uuid not null,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  version int not null check (version > 0),
  -- month: the closing. late: lines of that month came afterwards. demand: somebody asked for it.
  reason text not null check (reason in ('month', 'late', 'demand')),
  closed_at timestamptz not null,
  -- Made before the month was over.
  partial boolean not null,
  verdict text not null check (verdict in ('calm', 'look', 'act', 'blind')),
  -- This month's point of the trend, as it was at that time.
  lines bigint not null,
  blocked bigint not null,
  findings int not null,
  demonstration boolean not null,
  -- Of the counters it was made from: another one later means that lines came late.
  checksum text not null,
  data jsonb not null,
  -- When somebody of the organisation opened it first.
  read_at timestamptz,
  primary key (org_id, month, version)
);
call banya.tenant_table('prove_reports');

-- How far the nightly work of an organisation has come.
create table prove_nights (
  org_id uuid primary key,
  night date not null
);
call banya.tenant_table('prove_nights');

-- Where the organisation stands among the members of its federation that share their figures: places, never names.
create table prove_places (
  org_id uuid not null,
  month text not null,
  members int not null check (members >= 5),
  blocked_place int not null,
  open_place int not null,
  primary key (org_id, month)
);
call banya.tenant_table('prove_places');

-- The federation's report: its head, and one row a member, so that a withdrawn consent takes out that member alone.
create table prove_federation_reports (
  org_id uuid not null,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  version int not null check (version > 0),
  reason text not null check (reason in ('month', 'late', 'demand')),
  closed_at timestamptz not null,
  partial boolean not null,
  primary key (org_id, month, version)
);
call banya.tenant_table('prove_federation_reports');

create table prove_federation_members (
  org_id uuid not null,
  month text not null,
  version int not null,
  member_id uuid not null,
  name text not null,
  sort_key text collate "C" not null,
  -- By kind of consent; null: nothing shared.
  figures jsonb,
  primary key (org_id, month, version, member_id),
  foreign key (org_id, month, version) references prove_federation_reports on delete cascade
);
create index prove_federation_members_member on prove_federation_members (org_id, member_id) where figures is not null;
call banya.tenant_table('prove_federation_members');
