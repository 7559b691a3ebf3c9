-- Bytes that mails to the desk may take of the disk in a day, by what is known of their senders.

alter table desk_mail_taken add column raw_bytes int not null default 0 check (raw_bytes >= 0);
-- A known person by the own mail server's word, anybody's, or somebody on no list at an open address.
alter table desk_mail_taken add column proof text not null default 'unproven' check (proof in ('proven', 'unproven', 'stranger'));
create index desk_mail_taken_day on desk_mail_taken (org_id, proof, at) include (raw_bytes);

-- Reports that nothing proves have a share of the room to themselves.
drop index desk_samples_stored;
create index desk_samples_stored on desk_samples (org_id, created_at) include (size, channel, unproven) where file_id is not null;
