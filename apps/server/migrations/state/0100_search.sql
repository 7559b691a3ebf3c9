-- Searches that people keep. What was looked for is the organisation's own; the desk's people keep theirs beside it.
create table search_saved (
  org_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  person_name text not null,
  name text not null,
  q text not null,
  span text not null check (span in ('1h', '24h', '7d', '30d', '90d')),
  shared boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create index search_saved_person on search_saved (org_id, person_id, id desc);
create index search_saved_shared on search_saved (org_id, id desc) where shared;
call banya.tenant_table('search_saved');
