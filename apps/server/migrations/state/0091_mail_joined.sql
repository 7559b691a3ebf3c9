-- Like mails of one organisation are one question: the first one opened it, the others joined.
alter table desk_samples add column joined boolean not null default false;
-- The desk's list: first the mails somebody has opened, then the newest.
drop index desk_samples_open;
create index desk_samples_first on desk_samples (desk_org_id, (coalesce(touched, 'nothing') <> 'nothing') desc, id desc) where decision is null and state in ('judged', 'failed');
