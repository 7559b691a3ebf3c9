-- The same indicator at several members. Rows are the federation's own (org_id is the federation), from members that share indicators or findings.

create table federate_indicators (
  org_id uuid not null,
  -- Keyed hash of kind and value: equality is all that is asked of it.
  mac text not null,
  member_id uuid not null,
  -- The organisation that has the finding: the member or a unit of it.
  finding_org_id uuid not null,
  finding_id uuid not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (org_id, mac, finding_org_id, finding_id)
);
create index federate_indicators_mac on federate_indicators (org_id, mac, last_at);
create index federate_indicators_member on federate_indicators (member_id);
create index federate_indicators_age on federate_indicators (last_at);
call banya.tenant_table('federate_indicators');

create table federate_bursts (
  org_id uuid not null,
  id uuid not null,
  mac text not null,
  kind text not null,
  indicator text not null,
  rule_id text not null,
  rule_title text not null,
  members int not null,
  -- Of the member that made it a burst; and when the desk was told.
  third_at timestamptz not null,
  raised_at timestamptz not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (org_id, id)
);
create unique index federate_bursts_mac on federate_bursts (org_id, mac, third_at);
create index federate_bursts_list on federate_bursts (org_id, last_at desc, id desc);
create index federate_bursts_age on federate_bursts (last_at);
call banya.tenant_table('federate_bursts');
