-- What is usual at an organisation: values that were seen, and since when it is looked at.

create table detect_baselines (
  org_id uuid not null,
  -- login_country, admin_name, usb_model, program, suffix, admin_hour, remote_hour: see modules/detect/baselines/rules.ts
  kind text not null,
  -- What has usual values of its own, for instance one computer; empty for the whole organisation.
  subject text not null,
  key text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- On how many days it was seen.
  days int not null,
  primary key (org_id, kind, subject, key)
);
create index detect_baselines_age on detect_baselines (last_at);
call banya.tenant_table('detect_baselines');

create table detect_learning (
  org_id uuid not null,
  kind text not null,
  subject text not null,
  since timestamptz not null,
  last_at timestamptz not null,
  -- How many values stand in detect_baselines.
  keys int not null,
  primary key (org_id, kind, subject)
);
create index detect_learning_age on detect_learning (last_at);
call banya.tenant_table('detect_learning');
