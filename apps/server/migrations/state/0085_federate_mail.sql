-- The same mail at several members, and the desk's warnings.

-- What a member's own mails have in common with others, under keyed hashes: the member's rows, seen by nobody else.
-- What goes up is copied from here by consent, and so can be taken away and given again.
create table federate_mails (
  org_id uuid not null,
  sample_id uuid not null,
  -- The member it counts for: the organisation itself, or the one above a unit.
  member_id uuid not null,
  federation_id uuid not null,
  at timestamptz not null,
  reporter_id uuid,
  touched boolean not null,
  verdict text,
  decision text,
  decided_at timestamptz,
  -- Of prints[i] the kind is kinds[i].
  prints bigint[] not null,
  kinds text[] not null,
  -- Keyed hashes of what can be searched for: domains, addresses, files.
  marks bigint[] not null,
  campaign_id uuid,
  -- It stands among the federation's prints.
  shared boolean not null,
  -- The desk may see the mail itself.
  shown boolean not null,
  primary key (org_id, sample_id)
);
create index federate_mails_prints on federate_mails using gin (prints);
create index federate_mails_marks on federate_mails using gin (marks);
create index federate_mails_campaign on federate_mails (campaign_id, member_id) where campaign_id is not null;
create index federate_mails_member on federate_mails (member_id, at desc);
create index federate_mails_at on federate_mails (at);
call banya.tenant_table('federate_mails');

-- From here on rows are the federation's own (org_id is the federation).
create table federate_campaigns (
  org_id uuid not null,
  id uuid not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  members int not null,
  reports int not null,
  touched int not null,
  verdict text,
  decision text,
  decided_at timestamptz,
  -- It turned out to be the same as that one; kept for links.
  merged_into uuid,
  primary key (org_id, id)
);
create index federate_campaigns_list on federate_campaigns (org_id, last_at desc, id desc) where merged_into is null and reports > 1;
create index federate_campaigns_last on federate_campaigns (last_at);
call banya.tenant_table('federate_campaigns');

create table federate_campaign_members (
  org_id uuid not null,
  campaign_id uuid not null,
  member_id uuid not null,
  reports int not null,
  touched int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (org_id, campaign_id, member_id)
);
create index federate_campaign_members_member on federate_campaign_members (member_id);
call banya.tenant_table('federate_campaign_members');

-- Mails the desk may see, so that its pages find their campaign: ids alone.
create table federate_campaign_samples (
  org_id uuid not null,
  sample_id uuid not null,
  member_id uuid not null,
  campaign_id uuid not null,
  at timestamptz not null,
  primary key (org_id, sample_id)
);
create index federate_campaign_samples_campaign on federate_campaign_samples (org_id, campaign_id, at desc);
create index federate_campaign_samples_member on federate_campaign_samples (member_id);
call banya.tenant_table('federate_campaign_samples');

-- Keyed hashes of what mails of a campaign share, once for each member that has one: no text, no person.
create table federate_prints (
  org_id uuid not null,
  mac bigint not null,
  kind text not null check (kind in ('band', 'url', 'place', 'sender', 'subject', 'file', 'picture', 'message')),
  campaign_id uuid not null,
  member_id uuid not null,
  at timestamptz not null,
  primary key (org_id, mac, campaign_id, member_id)
);
create index federate_prints_campaign on federate_prints (org_id, campaign_id, member_id);
call banya.tenant_table('federate_prints');

-- How often others got the same mails as the organisation of this transaction: numbers, and only for mails of its own.
create function federate_seen(wanted uuid[]) returns table (sample_id uuid, members int, reports int, touched int, first_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp as $$
  select m.sample_id, count(*)::int, sum(c.reports)::int, sum(c.touched)::int, min(c.first_at)
    from federate_mails m join federate_campaign_members c on c.org_id = m.federation_id and c.campaign_id = m.campaign_id
   where m.org_id = banya.org() and m.sample_id = any (wanted) and c.member_id <> m.member_id
   group by m.sample_id
$$;
revoke execute on function federate_seen from public;
grant execute on function federate_seen to banya_app;

create table federate_bulletins (
  org_id uuid not null,
  id uuid not null,
  state text not null check (state in ('draft', 'sent')),
  title_ja text not null,
  title_en text not null,
  body_ja text not null,
  body_en text not null,
  tlp text not null check (tlp in ('CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED')),
  campaign_id uuid,
  -- What members look for among their own mails and logs.
  prints bigint[] not null,
  kinds text[] not null,
  indicators jsonb not null,
  created_at timestamptz not null,
  by_name text not null,
  sent_at timestamptz,
  primary key (org_id, id)
);
create index federate_bulletins_campaign on federate_bulletins (org_id, campaign_id) where campaign_id is not null;
call banya.tenant_table('federate_bulletins');

-- A member's copy of a warning, with the receipt that the federation reads.
create table federate_warnings (
  org_id uuid not null,
  id uuid not null,
  federation_id uuid not null,
  bulletin_id uuid not null,
  title_ja text not null,
  title_en text not null,
  body_ja text not null,
  body_en text not null,
  tlp text not null check (tlp in ('CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED')),
  prints bigint[] not null,
  kinds text[] not null,
  indicators jsonb not null,
  at timestamptz not null,
  mailed_to int not null default 0,
  read_at timestamptz,
  read_by text,
  -- Whether it was seen at the member, where the member agreed to say so; numbers stay with the member.
  seen boolean,
  primary key (org_id, id)
);
create index federate_warnings_list on federate_warnings (org_id, id desc);
create index federate_warnings_unread on federate_warnings (org_id, id desc) where read_at is null;
create unique index federate_warnings_bulletin on federate_warnings (federation_id, bulletin_id, org_id);
call banya.shared_table('federate_warnings', 'federation_id', true);
-- Made by the sending alone.
revoke insert, delete on federate_warnings from banya_app;

-- What a member's own mails and logs say about a warning.
create table federate_sightings (
  org_id uuid not null,
  warning_id uuid not null,
  looked_at timestamptz not null,
  mails int not null,
  lines bigint not null,
  first_at timestamptz,
  primary key (org_id, warning_id)
);
call banya.tenant_table('federate_sightings');
