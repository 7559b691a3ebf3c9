-- When and where a member is told of findings: times, webhooks, and whom the desk phones.

create table notify_policies (
  org_id uuid primary key,
  -- Minutes of the day in the organisation's zone; equal: no quiet hours.
  quiet_from smallint not null check (quiet_from between 0 and 1439),
  quiet_until smallint not null check (quiet_until between 0 and 1439),
  -- Whether what is to be looked at this week is told before the weekly mail.
  look boolean not null,
  updated_at timestamptz not null
);
call banya.tenant_table('notify_policies');

-- What was told: at most two of these in seven days, but for what must be acted on at once.
create table notify_told (
  org_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  urgency text not null check (urgency in ('now', 'look', 'week')),
  -- The same is told once.
  key text,
  primary key (org_id, id)
);
create unique index notify_told_key on notify_told (org_id, key) where key is not null;
create index notify_told_at on notify_told (org_id, at);
create index notify_told_age on notify_told (at);
call banya.tenant_table('notify_told');

create table notify_channels (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  form text not null check (form in ('json', 'teams', 'slack')),
  -- Addresses of chats hold their own secret, so they are sealed whole; `host` is for reading.
  url_sealed text not null,
  host text not null,
  -- What posts are signed with; of the form json alone.
  secret_sealed text,
  -- now: only what cannot wait. all: everything that is told.
  what text not null check (what in ('now', 'all')),
  lang text not null check (lang in ('ja', 'en')),
  created_at timestamptz not null,
  last_ok_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  primary key (org_id, id)
);
call banya.tenant_table('notify_channels');

create table notify_posts (
  org_id uuid not null,
  id uuid not null,
  channel_id uuid not null,
  body text not null,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  tries int not null default 0,
  created_at timestamptz not null,
  next_try_at timestamptz not null,
  held_until timestamptz,
  primary key (org_id, id),
  foreign key (org_id, channel_id) references notify_channels on delete cascade
);
create index notify_posts_due on notify_posts (next_try_at) where state = 'waiting';
create index notify_posts_age on notify_posts (created_at);
call banya.tenant_table('notify_posts');

-- Whom the desk phones, in this order.
create table notify_phones (
  org_id uuid not null,
  place smallint not null,
  name text not null,
  phone text not null,
  hours text not null,
  primary key (org_id, place)
);
call banya.tenant_table('notify_phones');

-- When what can wait was told; beside mailed_at, which is for what could not.
alter table findings_findings add column look_told_at timestamptz;
