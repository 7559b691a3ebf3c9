-- Every mail that leaves the house, and what became of it.

create table notify_mails (
  org_id uuid not null,
  id uuid not null,
  recipient text not null,
  lang text not null check (lang in ('ja', 'en')),
  subject text not null,
  -- What the outbox page shows: sign-in links and the like are replaced by a mark.
  text text not null,
  -- The whole text, sealed; only where `text` has something replaced, and only until it is sent or too old.
  sealed text,
  masked boolean not null,
  key text,
  state text not null check (state in ('waiting', 'sent', 'failed', 'kept')),
  tries int not null default 0,
  created_at timestamptz not null,
  -- Tries are counted off from here: set anew when somebody sends it again.
  retry_from timestamptz not null,
  next_try_at timestamptz not null,
  -- Whoever tries it now holds it until then.
  held_until timestamptz,
  -- One Message-ID for all tries, made before the first, so that a mail that did arrive twice is known as one.
  message_id text,
  -- Set before the text goes to the server: a try that ends after it without an answer is in doubt.
  handed_at timestamptz,
  error_code text,
  error_detail text,
  primary key (org_id, id)
);
create index notify_mails_list on notify_mails (org_id, id desc);
create index notify_mails_state on notify_mails (org_id, state, id desc);
create unique index notify_mails_key on notify_mails (org_id, key) where key is not null;
create index notify_mails_due on notify_mails (next_try_at) where state = 'waiting';
create index notify_mails_age on notify_mails (created_at);
call banya.tenant_table('notify_mails');
