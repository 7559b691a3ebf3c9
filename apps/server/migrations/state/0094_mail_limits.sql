-- Bounds on what comes by mail, and a list of what was refused.

-- A report by mail in the name of somebody on the list, which nothing proves to be that person's: few of them are answered a day.
alter table desk_samples add column unproven boolean not null default false;
create index desk_samples_stored on desk_samples (org_id, created_at) include (size) where file_id is not null;

-- Mails that found no room, by day: who sent them was told to try again, and the desk reads it in a question of the house.
create table desk_sample_refusals (
  org_id uuid not null,
  day date not null,
  count int not null check (count > 0),
  last_at timestamptz not null,
  primary key (org_id, day)
);
call banya.tenant_table('desk_sample_refusals');

-- New questions by mail of one sender in one day are counted by these.
create index desk_mail_taken_address on desk_mail_taken (org_id, address, at desc);
