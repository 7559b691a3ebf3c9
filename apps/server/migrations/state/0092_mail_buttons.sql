-- A report button sends with a token of the organisation: it may read the answers to what it sent itself.
alter table desk_samples add column token_id uuid;
-- Whom the button named. Anybody who holds the token can name anybody, so this person is only told the answer and may read it;
-- who signs in and says something about the mail becomes its reporter.
alter table desk_samples add column told_id uuid;
create index desk_samples_told on desk_samples (org_id, told_id, id desc) where told_id is not null;
