-- A sender known by its address or its certificate is a member's word until the desk has confirmed it: otherwise whoever
-- registers an address first gets its lines. What is registered already stays as it is.
alter table inventory_sources add column confirmed_at timestamptz;
update inventory_sources set confirmed_at = created_at;

-- Only confirmed senders exclude one another; a mere claim keeps nobody out, and an organisation claims a sender once.
drop index inventory_sources_match;
create unique index inventory_sources_match on inventory_sources (match_key) where archived_at is null and confirmed_at is not null;
create unique index inventory_sources_claim on inventory_sources (org_id, match_key) where archived_at is null;
create index inventory_sources_waiting on inventory_sources (created_at, id) where archived_at is null and confirmed_at is null;

-- The key another program knows a device by, so that its synchronisation changes the device instead of making a second one.
alter table inventory_devices add column external_key text;
create unique index inventory_devices_external on inventory_devices (org_id, external_key);
