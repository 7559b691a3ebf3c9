-- The consultation desk: a member's questions, one queue for the federation, and what the desk knows.

-- The federation whose desk answers the organisation of this transaction: the top of its path, or itself.
create function desk_federation() returns uuid
  language sql stable parallel safe
  return (select coalesce(path[1], id) from orgs_orgs where id = banya.org());

create table desk_tickets (
  org_id uuid not null,
  id uuid not null,
  desk_org_id uuid not null,
  number bigint not null,
  subject text not null,
  state text not null check (state in ('new', 'working', 'waiting', 'solved')),
  state_since timestamptz not null,
  -- 0 now, 1 today, 2 normal: what the queue is sorted by.
  rank smallint not null check (rank between 0 and 2),
  channel text not null check (channel in ('web', 'finding', 'phone', 'mail')),
  -- Null for a token, a caller who is on no list, and what the house opens by itself.
  requester_id uuid,
  requester_name text not null,
  assignee_id uuid,
  assignee_name text,
  finding_id uuid,
  callback text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- The service clock. Pauses are pairs of milliseconds, the last one open ([start, null]) while the clock stands.
  pauses jsonb not null default '[]',
  first_replied_at timestamptz,
  -- Open minutes of the desk until its first reply; null until then and for phone calls, which are answered at once.
  first_reply_minutes int,
  first_reply_due timestamptz,
  solve_due timestamptz,
  -- The earliest of what is still due, and when three quarters of its time are used; null while the clock stands.
  next_due timestamptz,
  soon_at timestamptz,
  -- next_due, or the end of days: the queue is sorted by it and a cursor needs a value.
  due_key timestamptz not null,
  late_told_at timestamptz,
  solved_at timestamptz,
  satisfaction text check (satisfaction in ('good', 'bad')),
  rated_at timestamptz,
  -- While set the ticket is out of the queue and its messages show in the other; nothing else of it changes.
  merged_into uuid,
  member_wrote_at timestamptz,
  member_read_at timestamptz,
  desk_wrote_at timestamptz,
  desk_read_at timestamptz,
  search_key text not null,
  primary key (org_id, id),
  foreign key (org_id, merged_into) references desk_tickets,
  check ((state = 'solved') = (solved_at is not null)),
  check (merged_into is distinct from id)
);
create unique index desk_tickets_number on desk_tickets (desk_org_id, number);
create index desk_tickets_queue on desk_tickets (desk_org_id, rank, due_key, id) where state <> 'solved' and merged_into is null;
create index desk_tickets_state on desk_tickets (desk_org_id, state) where state <> 'solved' and merged_into is null;
create index desk_tickets_assignee on desk_tickets (desk_org_id, assignee_id) where state <> 'solved' and merged_into is null;
create index desk_tickets_due on desk_tickets (desk_org_id, next_due, soon_at) where next_due is not null and merged_into is null;
create index desk_tickets_untold on desk_tickets (next_due) where next_due is not null and merged_into is null and late_told_at is null;
create index desk_tickets_solved on desk_tickets (desk_org_id, solved_at desc, id desc) where state = 'solved' and merged_into is null;
create index desk_tickets_created on desk_tickets (desk_org_id, created_at);
create index desk_tickets_rated on desk_tickets (desk_org_id, rated_at) where rated_at is not null;
create index desk_tickets_list on desk_tickets (org_id, updated_at desc, id desc) where merged_into is null;
create index desk_tickets_finding on desk_tickets (org_id, finding_id) where finding_id is not null;
create index desk_tickets_merged on desk_tickets (org_id, merged_into) where merged_into is not null;
call banya.shared_table('desk_tickets', 'desk_org_id', false);

create table desk_messages (
  org_id uuid not null,
  desk_org_id uuid not null,
  ticket_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  who_id uuid,
  -- Empty: the house itself.
  who text not null,
  side text not null check (side in ('member', 'desk')),
  text text not null,
  article_id uuid,
  primary key (org_id, ticket_id, id),
  foreign key (org_id, ticket_id) references desk_tickets on delete cascade
);
call banya.shared_table('desk_messages', 'desk_org_id', true);

create table desk_history (
  org_id uuid not null,
  desk_org_id uuid not null,
  ticket_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  who text not null,
  what text not null,
  value text,
  primary key (org_id, ticket_id, id),
  foreign key (org_id, ticket_id) references desk_tickets on delete cascade
);
call banya.shared_table('desk_history', 'desk_org_id', true);

-- Rows for the desk are made for one's own federation only, whatever the code asks.
create policy right_desk on desk_tickets as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));
create policy right_desk on desk_messages as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));
create policy right_desk on desk_history as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));

-- What the desk writes for itself: rows of the federation, which no member's scope reaches.
create table desk_notes (
  org_id uuid not null,
  ticket_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  who text not null,
  text text not null,
  primary key (org_id, ticket_id, id)
);
call banya.tenant_table('desk_notes');

create table desk_templates (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  text text not null,
  lang text not null check (lang in ('ja', 'en')),
  updated_at timestamptz not null,
  primary key (org_id, id)
);
call banya.tenant_table('desk_templates');

-- Rows of the federation; published ones are read by all its members.
create table desk_articles (
  org_id uuid not null,
  id uuid not null,
  title_ja text not null,
  title_en text,
  summary_ja text not null,
  summary_en text,
  body_ja text not null,
  body_en text,
  published boolean not null,
  by_name text not null,
  search_key text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create index desk_articles_list on desk_articles (org_id, updated_at desc, id desc);
call banya.tenant_table('desk_articles');
create policy members_read on desk_articles for select to banya_app using (published and org_id = (select desk_federation()));

-- Who was helped by an article: the row belongs to that person's organisation, the federation counts.
create table desk_article_helped (
  org_id uuid not null,
  desk_org_id uuid not null,
  article_id uuid not null,
  person_id uuid not null,
  at timestamptz not null,
  primary key (org_id, article_id, person_id)
);
create index desk_article_helped_article on desk_article_helped (desk_org_id, article_id);
call banya.shared_table('desk_article_helped', 'desk_org_id', true);
create policy right_desk on desk_article_helped as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));

-- The last ticket number of a federation. Members count it up, because a ticket is made in the member's scope.
create table desk_counters (
  org_id uuid primary key,
  last bigint not null
);
call banya.tenant_table('desk_counters');
create policy members_count on desk_counters to banya_app using (org_id = (select desk_federation())) with check (org_id = (select desk_federation()));

-- How soon the desk answers and when it is open; without a row the usual times of rules.ts. Members read it, because the
-- clock of a ticket is set in the member's scope.
create table desk_sla (
  org_id uuid primary key,
  settings jsonb not null,
  updated_at timestamptz not null
);
call banya.tenant_table('desk_sla');
create policy members_read on desk_sla for select to banya_app using (org_id = (select desk_federation()));
