-- For which roles a person's addresses were set, or checked, by somebody who could give them: whoever else wrote an address
-- beside a name must not be given the role by whoever gives it to the name.
alter table orgs_people add column checked_for text[] not null default '{}';
update orgs_people p set checked_for = array(select distinct r.role from orgs_roles r where r.person_id = p.id);
