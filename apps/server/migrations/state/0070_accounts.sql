-- Somebody may work for several organisations of one federation with one mail address: an account belongs to a person
-- of one organisation (person_id is unique). With one account an address, whoever registered it first kept the others out.
alter table auth.accounts drop constraint accounts_email_key_key;
create index accounts_email on auth.accounts (email_key);

-- Managers, desks and operators are a federation's. A lead could make himself manager of his own member; who was, is lead.
insert into orgs_roles (org_id, person_id, home_org_id, role, granted_by, granted_at)
  select distinct on (r.org_id, r.person_id) r.org_id, r.person_id, r.home_org_id, 'lead', r.granted_by, r.granted_at
    from orgs_roles r join orgs_orgs o on o.id = r.org_id
   where o.kind <> 'federation' and r.role = 'manager'
  on conflict (org_id, person_id, role) do nothing;
delete from orgs_roles r using orgs_orgs o where o.id = r.org_id and o.kind <> 'federation' and r.role in ('manager', 'desk', 'operator');
