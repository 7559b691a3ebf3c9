-- Mails that people ask about: what they were judged to be, and what the judging knows of each organisation.

create table desk_samples (
  org_id uuid not null,
  id uuid not null,
  -- The federation while the mail is with the desk, else the organisation itself.
  desk_org_id uuid not null,
  created_at timestamptz not null,
  channel text not null check (channel in ('upload', 'mail', 'mailbox', 'button')),
  -- Of a report by mail: the same key is the same report.
  report_key text,
  -- Null for a token, for the desk in somebody's name, and for an address on no list.
  reporter_id uuid,
  reporter_name text not null,
  answer_by_mail boolean not null,
  state text not null check (state in ('waiting', 'judged', 'failed', 'drill')),
  subject text not null default '',
  sender text not null default '',
  verdict text check (verdict in ('dangerous', 'suspicious', 'insufficient', 'clear')),
  score smallint,
  passage text,
  first_reason jsonb,
  -- What the mail wants of its reader, by families of lures.
  asks text[] not null default '{}',
  -- The whole analysis with its quotes, sealed: it holds words of the mail.
  analysis text,
  -- When the mail was delivered, as far as it says so.
  delivered_at timestamptz,
  -- Keyed hashes: of what was sent in, of the mail in question, of its Message-ID.
  report_digest text not null,
  mail_digest text,
  message_key text,
  size int not null,
  -- Null once it is deleted.
  file_id uuid,
  delete_on date not null,
  kept boolean not null default false,
  touched text check (touched in ('nothing', 'link', 'file', 'typed', 'unsure')),
  decision text check (decision in ('dangerous', 'unwanted', 'harmless')),
  decided_at timestamptz,
  ticket_id uuid,
  -- It stands in the history of its sender.
  learned boolean not null default false,
  answered_at timestamptz,
  search_key text not null default '',
  primary key (org_id, id),
  foreign key (org_id, ticket_id) references desk_tickets
);
create unique index desk_samples_report on desk_samples (org_id, report_key) where report_key is not null;
create index desk_samples_desk on desk_samples (desk_org_id, id desc);
create index desk_samples_open on desk_samples (desk_org_id, id desc) where decision is null and state in ('judged', 'failed');
create index desk_samples_reporter on desk_samples (org_id, reporter_id, id desc);
create index desk_samples_message on desk_samples (org_id, message_key) where message_key is not null;
create index desk_samples_digest on desk_samples (org_id, mail_digest) where mail_digest is not null;
create index desk_samples_ticket on desk_samples (org_id, ticket_id) where ticket_id is not null;
create index desk_samples_file on desk_samples (org_id, file_id) where file_id is not null;
create index desk_samples_waiting on desk_samples (created_at) where state = 'waiting';
create index desk_samples_due on desk_samples (delete_on) where file_id is not null;
create index desk_samples_created on desk_samples (created_at);
call banya.shared_table('desk_samples', 'desk_org_id', true);
create policy right_desk on desk_samples as restrictive for insert to banya_app with check (desk_org_id in (org_id, (select desk_federation())));

-- Hands mails of the organisation of this transaction to its desk, or takes back those that no question holds. Whoever may
-- see a row is set here alone: no statement of the application can.
create function desk_hand_samples(wanted uuid[], to_desk boolean) returns int
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  changed int;
begin
  update desk_samples set desk_org_id = case when to_desk then desk_federation() else org_id end
   where org_id = banya.org() and (wanted is null or id = any (wanted)) and (to_desk or ticket_id is null)
     and desk_org_id is distinct from case when to_desk then desk_federation() else org_id end;
  get diagnostics changed = row_count;
  return changed;
end
$$;
revoke execute on function desk_hand_samples from public;
grant execute on function desk_hand_samples to banya_app, banya_system;

-- What the check knows of an organisation, and the mailbox that is read in its stead of forwarding.
create table desk_mail_profiles (
  org_id uuid primary key,
  officers jsonb not null default '[]',
  partners jsonb not null default '[]',
  authserv_ids text[] not null default '{}',
  keep_days int not null default 90,
  mailbox jsonb,
  mailbox_sealed text,
  mailbox_at timestamptz,
  mailbox_error text,
  updated_at timestamptz not null
);
call banya.tenant_table('desk_mail_profiles');

-- Addresses to forward to: the part behind report+. A retired one is taken for thirty more days.
create table desk_mail_addresses (
  org_id uuid not null,
  token text not null unique check (token ~ '^[a-z0-9]{8,40}$'),
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (org_id, token)
);
create unique index desk_mail_addresses_current on desk_mail_addresses (org_id) where retired_at is null;
call banya.tenant_table('desk_mail_addresses');

-- Who has written to the organisation before, from mails that were found good: an address or a domain under a keyed hash.
create table desk_senders (
  org_id uuid not null,
  kind text not null check (kind in ('address', 'domain')),
  key text not null,
  seen int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- The newest first, at most five each.
  names text[] not null default '{}',
  mailers text[] not null default '{}',
  reply_domains text[] not null default '{}',
  primary key (org_id, kind, key)
);
create index desk_senders_last on desk_senders (last_at);
call banya.tenant_table('desk_senders');
