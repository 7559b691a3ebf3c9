-- What is kept quiet: by conditions on a line, and while somebody maintains a device.

alter table findings_suppressions
  -- Field, comparison and value, all to be met: becomes a Sigma filter. Null: the entity alone, for what no line said.
  add column conditions jsonb,
  -- Who answers for it.
  add column owner_id uuid,
  add column changed_at timestamptz,
  add column hits bigint not null default 0,
  add column last_hit_at timestamptz;
update findings_suppressions set changed_at = created_at;
alter table findings_suppressions alter column changed_at set not null;
create index findings_suppressions_changed on findings_suppressions (changed_at) where conditions is not null;

create table findings_maintenance (
  org_id uuid not null,
  id uuid not null,
  -- Null: everything of the organisation.
  device_id uuid,
  device_name text,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null,
  by_name text not null,
  created_at timestamptz not null,
  hits bigint not null default 0,
  primary key (org_id, id),
  check (ends_at >= starts_at)
);
create index findings_maintenance_list on findings_maintenance (org_id, ends_at desc, id desc);
call banya.tenant_table('findings_maintenance');
