-- Who has shown a client certificate is counted by its fingerprint, so that two who claim to be one another can be told apart.
alter table inventory_unknown_senders add column fingerprint text not null default '';

-- Whether a sender waits for the desk is asked for each row of the list above.
create index inventory_sources_claimed on inventory_sources (match_key) where archived_at is null and confirmed_at is null;
