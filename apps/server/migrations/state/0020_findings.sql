-- What the lead sees: one row for each thing that happens, however many lines say so.

create table findings_findings (
  org_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('detection', 'device_silent', 'signature_old', 'digest', 'operator')),
  rule_id text not null,
  -- Title, author, licence and references of the rule: they travel with everything it found.
  rule jsonb not null,
  -- 0 now, 1 look, 2 fyi: what lists are sorted by.
  rank smallint not null check (rank between 0 and 2),
  direction text not null check (direction in ('inbound', 'outbound', 'internal', 'none')),
  stopped text not null check (stopped in ('yes', 'no', 'unknown')),
  fingerprint text not null,
  -- One finding of a fingerprint takes new alerts; older ones of the same are closed for good.
  current boolean not null,
  entity text not null,
  slots jsonb not null,
  asset jsonb,
  minutes int not null,
  count bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  samples int not null,
  state text not null check (state in ('open', 'closed')),
  outcome text check (outcome in ('known', 'handled', 'false_alarm', 'ticket')),
  closed_by text,
  closed_at timestamptz,
  quiet_until timestamptz,
  assignee_id uuid,
  assignee_name text,
  ticket_id uuid,
  -- When the lead was mailed about it; at most once.
  mailed_at timestamptz,
  search_key text not null,
  created_at timestamptz not null,
  primary key (org_id, id),
  check ((state = 'closed') = (closed_at is not null and outcome is not null))
);
create unique index findings_findings_current on findings_findings (org_id, fingerprint) where current;
create index findings_findings_list on findings_findings (org_id, state, rank, id desc);
create index findings_findings_all on findings_findings (org_id, id desc);
create index findings_findings_closed on findings_findings (org_id, closed_at) where state = 'closed';
create index findings_findings_assignee on findings_findings (org_id, assignee_id) where assignee_id is not null;
create index findings_findings_mailed on findings_findings (org_id, mailed_at) where mailed_at is not null;
call banya.tenant_table('findings_findings');

create table findings_days (
  org_id uuid not null,
  finding_id uuid not null,
  day date not null,
  count bigint not null,
  primary key (org_id, finding_id, day),
  foreign key (org_id, finding_id) references findings_findings on delete cascade
);
call banya.tenant_table('findings_days');

create table findings_samples (
  org_id uuid not null,
  finding_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  raw text not null,
  source_name text not null,
  matched jsonb not null,
  primary key (org_id, finding_id, id),
  foreign key (org_id, finding_id) references findings_findings on delete cascade
);
call banya.tenant_table('findings_samples');

create table findings_history (
  org_id uuid not null,
  finding_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  who text not null,
  what text not null check (what in ('raised', 'closed', 'reopened', 'assigned', 'ticket', 'grew')),
  note text,
  primary key (org_id, finding_id, id),
  foreign key (org_id, finding_id) references findings_findings on delete cascade
);
call banya.tenant_table('findings_history');

create table findings_suppressions (
  org_id uuid not null,
  id uuid not null,
  finding_id uuid not null,
  rule_id text not null,
  rule_title text not null,
  entity text not null,
  reason text not null,
  by_name text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (org_id, id)
);
create index findings_suppressions_match on findings_suppressions (org_id, rule_id, entity, expires_at);
create index findings_suppressions_list on findings_suppressions (org_id, expires_at);
create index findings_suppressions_finding on findings_suppressions (org_id, finding_id);
call banya.tenant_table('findings_suppressions');
