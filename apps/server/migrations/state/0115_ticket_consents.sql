-- What a member lets the desk see for one question: asked by the desk, answered by whoever may change consents. It ends with the
-- question, by withdrawal, and of itself at `until`. A row that has ended never runs again; the next time is a new row.

create table orgs_ticket_consents (
  org_id uuid not null references orgs_orgs,
  id uuid not null,
  -- The federation whose desk asked: no other desk is let in by it.
  desk_org_id uuid not null,
  ticket_id uuid not null,
  -- As the question was called when it was asked for, so that the page of consents and the ledger can name it.
  ticket_number bigint not null,
  ticket_subject text not null,
  -- Kinds of standing consents, those that may be given for one question.
  kinds text[] not null check (cardinality(kinds) > 0 and kinds <@ array['logs', 'alerts']),
  asked_at timestamptz not null,
  asked_by text not null,
  answered_at timestamptz,
  answered_by text,
  -- Null: not (or not yet) allowed.
  until timestamptz check (until - answered_at <= interval '30 days'),
  ended_at timestamptz,
  ended_how text check (ended_how in ('refused', 'withdrawn', 'closed', 'expired', 'standing')),
  primary key (org_id, id),
  check ((ended_at is null) = (ended_how is null)),
  check (until is null or answered_at is not null),
  -- Answered is either allowed or refused.
  check (answered_at is null or until is not null or ended_at is not null)
);
create unique index orgs_ticket_consents_open on orgs_ticket_consents (org_id, ticket_id) where ended_at is null;
create index orgs_ticket_consents_ticket on orgs_ticket_consents (org_id, ticket_id, id desc);
call banya.tenant_table('orgs_ticket_consents');
-- A desk is named only if it is one's own, whatever the code asks.
create policy right_desk on orgs_ticket_consents as restrictive for insert to banya_app with check (desk_org_id = (select desk_federation()));
