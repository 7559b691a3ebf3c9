-- Bytes at rest: sealed under a key of the organisation, in parts, once per organisation.

-- What the bytes are is one thing, who keeps them and until when another: equal bytes are kept once.
create table files_blobs (
  org_id uuid not null,
  id uuid not null,
  -- Keyed hash of the bytes: says which are equal, and nothing to whoever reads the table.
  digest text not null,
  size int not null check (size >= 0),
  parts int not null check (parts >= 0),
  primary key (org_id, id),
  unique (org_id, digest)
);
call banya.tenant_table('files_blobs');

create table files_parts (
  org_id uuid not null,
  blob_id uuid not null,
  n int not null check (n >= 0),
  bytes bytea not null check (octet_length(bytes) <= 1048576),
  primary key (org_id, blob_id, n),
  foreign key (org_id, blob_id) references files_blobs on delete cascade
);
-- Sealed bytes do not get smaller.
alter table files_parts alter column bytes set storage external;
call banya.tenant_table('files_parts');

create table files_files (
  org_id uuid not null,
  id uuid not null,
  blob_id uuid not null,
  -- What it is kept for, in a word.
  purpose text not null,
  created_at timestamptz not null,
  -- Day of the organisation on which it goes, unless something holds it.
  delete_on date not null,
  primary key (org_id, id),
  foreign key (org_id, blob_id) references files_blobs
);
create index files_files_blob on files_files (org_id, blob_id);
create index files_files_due on files_files (delete_on);
call banya.tenant_table('files_files');

-- While a row is here, the file stays whatever its day.
create table files_holds (
  org_id uuid not null,
  file_id uuid not null,
  reason text not null,
  at timestamptz not null,
  primary key (org_id, file_id, reason),
  foreign key (org_id, file_id) references files_files on delete cascade
);
call banya.tenant_table('files_holds');
