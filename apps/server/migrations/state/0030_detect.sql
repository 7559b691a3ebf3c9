-- Counters of what the logs said, by organisation and day of its zone: what screens and reports are made of.

create table detect_counters (
  org_id uuid not null,
  day date not null,
  -- blocked, hits, hits_blocked, outbound, config: see modules/detect/counters.ts
  metric text not null,
  key text not null,
  n bigint not null,
  -- Replayed for a demonstration, not counted from lines.
  demonstration boolean not null default false,
  primary key (org_id, day, metric, key)
);
call banya.tenant_table('detect_counters');

-- The newest state of a device's signatures, licence and firmware, from its own lines.
create table detect_device_health (
  org_id uuid not null,
  source_id uuid not null,
  signature_at timestamptz,
  signature_failed_at timestamptz,
  config_at timestamptz,
  restarted_at timestamptz,
  primary key (org_id, source_id)
);
call banya.tenant_table('detect_device_health');

create table detect_state (
  key text primary key,
  value jsonb not null,
  at timestamptz not null
);
call banya.exempt_table('detect_state', 'Memory of correlations over all organisations, keyed by organisation inside; read by the intake only');

create table detect_poison (
  id uuid primary key,
  org_id uuid not null,
  at timestamptz not null,
  reason text not null,
  row_text text not null
);
call banya.tenant_table('detect_poison');
