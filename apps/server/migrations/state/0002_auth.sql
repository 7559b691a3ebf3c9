-- Sign-in. A schema of its own, reached only by the role banya_auth: row-level security by organisation would break
-- sign-in, which happens before any organisation is known. Secrets are stored as keyed hashes or sealed.

create table auth.accounts (
  id uuid primary key,
  person_id uuid not null unique,
  org_id uuid not null,
  email text not null,
  -- Lower-cased, NFKC: what is looked up.
  email_key text not null unique,
  lang text not null default 'ja' check (lang in ('ja', 'en')),
  totp_sealed text,
  -- The last time step used, so that a code works once.
  totp_step bigint,
  disabled_at timestamptz,
  created_at timestamptz not null
);
create index accounts_org on auth.accounts (org_id);

create table auth.passkeys (
  id uuid primary key,
  account_id uuid not null references auth.accounts on delete cascade,
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  name text not null,
  rp_id text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkeys_account on auth.passkeys (account_id);

create table auth.recovery_codes (
  account_id uuid not null references auth.accounts on delete cascade,
  code_mac text not null,
  used_at timestamptz,
  primary key (account_id, code_mac)
);

-- Mail links and set-up links: one use, short life.
create table auth.links (
  token_mac text primary key,
  account_id uuid references auth.accounts on delete cascade,
  purpose text not null check (purpose in ('sign_in', 'setup')),
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null
);
create index links_expiry on auth.links (expires_at);

-- A session in the making (second factor due) and a finished one are one row: `finished_at` tells.
create table auth.sessions (
  id uuid primary key,
  token_mac text not null unique,
  account_id uuid not null references auth.accounts on delete cascade,
  method text not null check (method in ('link', 'passkey', 'oidc')),
  device text not null,
  address text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  -- Sealed TOTP secret while enrolling.
  enrolling_sealed text
);
create index sessions_account on auth.sessions (account_id);
create index sessions_expiry on auth.sessions (expires_at);

-- WebAuthn and OIDC challenges on their way to the browser and back.
create table auth.challenges (
  id text primary key,
  kind text not null,
  account_id uuid,
  data jsonb not null,
  expires_at timestamptz not null
);
create index challenges_expiry on auth.challenges (expires_at);

create table auth.tokens (
  id uuid primary key,
  org_id uuid not null,
  token_mac text not null unique,
  name text not null,
  scopes text[] not null,
  source_id uuid,
  created_by text not null,
  created_at timestamptz not null,
  used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index tokens_org on auth.tokens (org_id);

create table auth.sso (
  org_id uuid primary key,
  issuer text not null,
  client_id text not null,
  client_secret_sealed text not null,
  domains text[] not null,
  required boolean not null default false,
  updated_at timestamptz not null
);

grant usage on schema auth to banya_auth;
grant select, insert, update, delete on all tables in schema auth to banya_auth;
