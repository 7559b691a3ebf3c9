-- Devices, who sends logs, and which device had which address when.

create table inventory_devices (
  id uuid primary key,
  org_id uuid not null references orgs_orgs,
  name text not null,
  kind text not null,
  owner_id uuid,
  department text,
  os text,
  serial text,
  addresses text[] not null default '{}',
  macs text[] not null default '{}',
  host_names text[] not null default '{}',
  note text,
  sort_key text collate "C" not null,
  search_key text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz,
  archived_at timestamptz
);
create index inventory_devices_list on inventory_devices (org_id, sort_key, id) where archived_at is null;
create index inventory_devices_all on inventory_devices (org_id, sort_key, id);
create index inventory_devices_addresses on inventory_devices using gin (addresses);
create index inventory_devices_macs on inventory_devices using gin (macs);
create index inventory_devices_hosts on inventory_devices using gin (host_names);
call banya.tenant_table('inventory_devices');

create table inventory_sources (
  id uuid primary key,
  org_id uuid not null references orgs_orgs,
  name text not null,
  family text not null,
  match jsonb not null,
  -- One spelling of the match; two live sources never share it. Null for sources known by their token.
  match_key text,
  device_id uuid,
  time_zone text not null,
  encoding text not null,
  retention text not null check (retention in ('30d', '90d', '1y', '3y')),
  silent_after_hours int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz,
  clock_off_seconds real,
  silent_since timestamptz,
  archived_at timestamptz
);
create unique index inventory_sources_match on inventory_sources (match_key) where archived_at is null;
create index inventory_sources_list on inventory_sources (org_id, id);
call banya.tenant_table('inventory_sources');

create table inventory_source_days (
  org_id uuid not null,
  source_id uuid not null,
  day date not null,
  lines bigint not null,
  not_understood bigint not null,
  bytes bigint not null,
  primary key (org_id, source_id, day)
);
call banya.tenant_table('inventory_source_days');

-- An address a device held: from DHCP lines. The newest start before a time tells who had it then.
create table inventory_leases (
  org_id uuid not null,
  ip text not null,
  from_at timestamptz not null,
  to_at timestamptz,
  mac text,
  host_name text,
  primary key (org_id, ip, from_at)
);
call banya.tenant_table('inventory_leases');

-- Idempotency of the HTTP intake: what was answered to a key is answered again, and nothing is stored twice.
create table inventory_intake_keys (
  org_id uuid not null,
  source_id uuid not null,
  key text not null,
  body_hash text not null,
  accepted int not null,
  at timestamptz not null,
  primary key (org_id, source_id, key)
);
create index inventory_intake_keys_at on inventory_intake_keys (at);
call banya.tenant_table('inventory_intake_keys');
