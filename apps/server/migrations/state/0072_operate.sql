-- What several processes over one database tell one another.

-- Senders of logs that nobody has registered: counted by the processes that take lines, shown by those that serve pages.
create table inventory_unknown_senders (
  key text primary key,
  listener text not null check (listener in ('udp', 'tcp', 'tls')),
  address text not null,
  header_host text not null,
  lines bigint not null,
  bytes bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null
);
create index inventory_unknown_senders_newest on inventory_unknown_senders (last_at desc, key);
call banya.exempt_table('inventory_unknown_senders', 'They belong to no organisation yet; the desk of the federation registers them for a member.');

-- The backup that asks every intake to stand still. Runs out by itself when its process has died.
create table operate_holds (
  name text primary key,
  hold uuid not null,
  expires_at timestamptz not null
);
call banya.exempt_table('operate_holds', 'One row for the installation: a backup copies all organisations at once.');

-- Processes that read a spool of their own. "held" is the hold a process has answered, with the position up to which its
-- lines are in both stores; "keep" the position of the newest verified backup; "rewind" is set by a restore.
create table operate_intakes (
  id uuid primary key,
  name text not null,
  seen_at timestamptz not null,
  held uuid,
  position jsonb,
  keep jsonb,
  rewind boolean not null default false
);
call banya.exempt_table('operate_intakes', 'Processes of the installation; they take the lines of every organisation.');
