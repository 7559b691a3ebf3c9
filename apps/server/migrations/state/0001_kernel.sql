-- The ground of every later migration: roles, the kinds of tables, and the kernel's own tables.
-- Written for PostgreSQL 15; the role that runs it needs CREATEROLE, not superuser.

create schema if not exists banya;
create schema if not exists auth;

-- Roles belong to the whole cluster, so another database may have made them already, or be making them now.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['banya_app', 'banya_system', 'banya_auth'] loop
    for attempt in 1..10 loop
      begin
        if not exists (select from pg_roles where rolname = wanted) then
          execute format('create role %I nologin', wanted);
        end if;
        if not pg_has_role(current_user, wanted, 'member') then
          execute format('grant %I to current_user', wanted);
        end if;
        exit;
      exception
        when duplicate_object or unique_violation then null;
        when internal_error then -- "tuple concurrently updated": another database granted at the same moment
          if attempt = 10 then raise; end if;
          perform pg_sleep(0.05);
      end;
    end loop;
  end loop;
end
$$;

comment on role banya_app is 'One organisation at a time: subject to row-level security';
comment on role banya_system is 'All organisations: background work, with a stated reason';
comment on role banya_auth is 'Accounts and sessions: schema auth only';

grant usage on schema banya to banya_app, banya_system, banya_auth;
grant usage on schema public to banya_app, banya_system;
grant usage, create on schema auth to banya_auth;
alter default privileges in schema auth grant all on tables to banya_auth;
alter default privileges in schema auth grant all on sequences to banya_auth;
alter default privileges in schema auth grant execute on functions to banya_auth;

-- The organisation of this transaction, or null. A setting made with set_config(…, true) is '' afterwards, not null.
create function banya.org() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('banya.org', true), '')::uuid;

create table banya.exempt_tables (
  name text primary key,
  reason text not null check (length(reason) > 20)
);
comment on table banya.exempt_tables is 'Tables without an organisation, each with the reason; every other table has forced row-level security';

-- What the kinds of tables have in common: the checks, the grants, and the policy of banya_system.
create procedure banya.secure_table(t regclass) language plpgsql as $$
begin
  if not exists (
    select from pg_attribute
    where attrelid = t and attname = 'org_id' and atttypid = 'uuid'::regtype and attnotnull and not attisdropped
  ) then
    raise exception '% needs a column org_id uuid not null', t;
  end if;
  -- Every statement on the table is filtered by org_id, so some index begins with it.
  if not exists (
    select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = t and i.indpred is null and a.attname = 'org_id'
  ) then
    execute format('create index on %s (org_id)', t);
  end if;
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('grant select, insert, update, delete on %s to banya_app, banya_system', t);
  execute format('create policy system on %s to banya_system using (true) with check (true)', t);
end
$$;

-- Rows of one organisation, seen and written by it alone.
create procedure banya.tenant_table(t regclass) language plpgsql as $$
begin
  call banya.secure_table(t);
  execute format('create policy own on %s to banya_app using (org_id = banya.org()) with check (org_id = banya.org())', t);
end
$$;

-- Columns that decide who sees a row change only as banya_system: a policy cannot compare a row with what it was.
create function banya.keep_columns() returns trigger language plpgsql as $$
declare
  kept text;
begin
  if current_user = 'banya_app' then
    foreach kept in array tg_argv loop
      if to_jsonb(new) -> kept is distinct from to_jsonb(old) -> kept then
        raise exception 'column % of % decides who sees the row and cannot be changed here', kept, tg_relid::regclass
          using errcode = 'insufficient_privilege';
      end if;
    end loop;
  end if;
  return new;
end
$$;

-- Rows two organisations see: the one in org_id, which owns them, and the one in the second column (may be null), which
-- reads them and, unless readonly, changes them. Only the owner inserts and deletes.
create procedure banya.shared_table(t regclass, second_org_column text, readonly boolean) language plpgsql as $$
begin
  if not exists (
    select from pg_attribute where attrelid = t and attname = second_org_column and atttypid = 'uuid'::regtype and not attisdropped
  ) then
    raise exception '% needs a column % uuid', t, second_org_column;
  end if;
  call banya.tenant_table(t);
  execute format('create policy second_reads on %s for select to banya_app using (%I = banya.org())', t, second_org_column);
  if not readonly then
    execute format('create policy second_changes on %s for update to banya_app using (%2$I = banya.org()) with check (%2$I = banya.org())', t, second_org_column);
  end if;
  execute format('create trigger keep_columns before update on %s for each row execute function banya.keep_columns(%L, %L)',
    t, 'org_id', second_org_column);
end
$$;

-- Rows of an organisation that those above it in the tree see and write too; their ids stand in a uuid[] column.
-- The column and org_id change only as banya_system, and so must rows for organisations that have none yet.
create procedure banya.tree_table(t regclass, path_column text) language plpgsql as $$
begin
  if not exists (
    select from pg_attribute
    where attrelid = t and attname = path_column and atttypid = 'uuid[]'::regtype and attnotnull and not attisdropped
  ) then
    raise exception '% needs a column % uuid[] not null', t, path_column;
  end if;
  call banya.secure_table(t);
  execute format(
    'create policy own_or_above on %s to banya_app
       using (org_id = banya.org() or %2$I @> array[banya.org()])
       with check (org_id = banya.org() or %2$I @> array[banya.org()])', t, path_column);
  if not exists (
    select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = t and m.amname = 'gin' and a.attname = path_column
  ) then
    execute format('create index on %s using gin (%I)', t, path_column);
  end if;
  execute format('create trigger keep_columns before update on %s for each row execute function banya.keep_columns(%L, %L)',
    t, 'org_id', path_column);
end
$$;

-- A table without an organisation: only banya_system reaches it, unless its migration grants more.
create procedure banya.exempt_table(t regclass, reason text) language plpgsql as $$
declare
  full_name text;
begin
  select format('%I.%I', n.nspname, c.relname) into full_name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = t;
  insert into banya.exempt_tables values (full_name, reason);
  execute format('grant select, insert, update, delete on %s to banya_system', t);
end
$$;

-- The audit ledger: one hash chain per organisation, appended at the end of each transaction, changed by nobody.
create table kernel_ledger (
  org_id uuid not null,
  seq bigint not null check (seq > 0),
  v smallint not null,
  at timestamptz(3) not null,
  action text not null,
  target text,
  actor jsonb not null,
  via text,
  facts jsonb,
  prev_hash text not null,
  hash text not null,
  primary key (org_id, seq)
);
create index kernel_ledger_via on kernel_ledger (org_id, seq) where via is not null;
call banya.tenant_table('kernel_ledger');
revoke insert, update, delete on kernel_ledger from banya_app;
revoke update, delete on kernel_ledger from banya_system;

create table kernel_ledger_heads (
  org_id uuid primary key,
  seq bigint not null,
  hash text not null
);
call banya.tenant_table('kernel_ledger_heads');
revoke insert, update, delete on kernel_ledger_heads from banya_app;
revoke delete on kernel_ledger_heads from banya_system;

create table kernel_outbox (
  id uuid primary key,
  name text not null,
  payload jsonb not null,
  options jsonb not null
);
call banya.exempt_table('kernel_outbox', 'Jobs of all organisations on their way to the queue; the payload carries the organisation');

create table kernel_settings (
  key text primary key,
  value jsonb not null
);
call banya.exempt_table('kernel_settings', 'Settings of the installation as a whole, set by its operator');

create table kernel_batches (
  token text primary key,
  at timestamptz not null
);
create index kernel_batches_at on kernel_batches (at);
call banya.exempt_table('kernel_batches', 'Tokens of event batches already counted; a batch holds lines of many organisations');
