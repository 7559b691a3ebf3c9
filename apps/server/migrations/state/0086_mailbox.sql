-- Up to where a member's mailbox was read. Its settings stand with the mail check; other settings make it another place.
create table desk_mailbox_places (
  org_id uuid primary key,
  -- A hash of server, user and folder.
  place text not null,
  -- RFC 3501, section 2.3.1.1: with another UIDVALIDITY the numbers mean other mails.
  uid_validity text not null,
  last_uid bigint not null,
  read_at timestamptz not null
);
call banya.tenant_table('desk_mailbox_places');
