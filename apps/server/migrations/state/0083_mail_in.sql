-- Questions and replies by mail, and what outgoing mails carry so that replies find their way back.

-- Message-IDs seen in a conversation, ours and foreign ones: a reply names some of them.
create table desk_mail_ids (
  org_id uuid not null,
  message_id text not null check (length(message_id) <= 260),
  ticket_id uuid not null,
  at timestamptz not null,
  primary key (org_id, message_id, ticket_id),
  foreign key (org_id, ticket_id) references desk_tickets on delete cascade
);
create index desk_mail_ids_ticket on desk_mail_ids (org_id, ticket_id, at desc);
call banya.tenant_table('desk_mail_ids');

-- One row a mail that was taken, written with its message or ticket: the key makes a repetition harmless.
create table desk_mail_taken (
  org_id uuid not null,
  desk_org_id uuid not null,
  key text not null check (length(key) <= 200),
  ticket_id uuid not null,
  at timestamptz not null,
  -- Who wrote, as the mail says; and the raw file, where it is kept.
  address text,
  raw_file uuid,
  primary key (org_id, key),
  foreign key (org_id, ticket_id) references desk_tickets on delete cascade
);
create index desk_mail_taken_ticket on desk_mail_taken (org_id, ticket_id);
call banya.shared_table('desk_mail_taken', 'desk_org_id', true);
create policy right_desk on desk_mail_taken as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));

-- Who takes part in a conversation by mail and is on no list of people: the address that opened it.
create table desk_mail_people (
  org_id uuid not null,
  ticket_id uuid not null,
  address text not null check (length(address) <= 254),
  primary key (org_id, ticket_id, address),
  foreign key (org_id, ticket_id) references desk_tickets on delete cascade
);
call banya.tenant_table('desk_mail_people');

-- A new ticket that may belong to another one: a person says so, by merging them.
create table desk_related (
  org_id uuid not null,
  desk_org_id uuid not null,
  ticket_id uuid not null,
  other_id uuid not null,
  -- address: it came to the other's address; thread: it names its mails; number: its number stands in the subject; subject: the same subject.
  why text not null check (why in ('address', 'thread', 'number', 'subject')),
  at timestamptz not null,
  primary key (org_id, ticket_id, other_id),
  foreign key (org_id, ticket_id) references desk_tickets on delete cascade,
  foreign key (org_id, other_id) references desk_tickets on delete cascade
);
call banya.shared_table('desk_related', 'desk_org_id', true);
create policy right_desk on desk_related as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));

-- Files of the mail door that were delivered. A door compares them with what it has: after a restore it delivers the rest once more.
create table desk_mail_files (
  id text primary key,
  at timestamptz not null
);
call banya.exempt_table('desk_mail_files', 'Ids of files on the mail door''s own disk, made of hashes; they name no organisation and hold no content');

-- Reply-To, In-Reply-To and References of mails in a conversation.
alter table notify_mails add column threading jsonb;
