import type { TestHouse, TestPerson } from '../../apps/server/test/house.ts';

export interface Members {
  /** One member with far more of everything than the others, and its people. */
  readonly orgId: string;
  readonly lead: TestPerson;
  readonly executive: TestPerson;
  readonly federationId: string;
  readonly manager: TestPerson;
  readonly desk: TestPerson;
}

/** How much the first member has, beside each of the others. */
const MANY = { people: 500, devices: 1_000, sources: 40, findings: 2_000, tickets: 300, entries: 3_000, mails: 500 };
const FEW = { people: 10, devices: 10, sources: 2, findings: 20, tickets: 5, entries: 20, mails: 5 };

/** `x(member number, row number)` as a UUID that sorts by both; `kind` keeps tables apart. */
const uuid = (kind: number, member: string, row: string): string => `('0190${String(kind).padStart(4, '0')}-0000-7000-8' || lpad(to_hex(${member}), 3, '0') || '-' || lpad(to_hex(${row}), 12, '0'))::uuid`;

/**
 * A federation of `count` members with people, devices, senders, findings, tickets, reports, figures, mails and ledger entries,
 * written in one transaction. Ledger entries have no true hashes: pages list them, nobody verifies them.
 */
export async function makeMembers(house: TestHouse, count: number): Promise<Members> {
  const { orgId: federationId, manager } = await house.federation();
  const desk = await house.person(federationId, 'federation', 'desk');
  const orgId = await house.org('member', federationId, '計測商店');
  const lead = await house.person(orgId, 'member', 'lead');
  const executive = await house.person(orgId, 'member', 'executive');
  await house.house.kernel.tenancy.asSystem('bench: members', async (tx) => {
    const run = (sql: string, ...values: unknown[]): Promise<unknown> => tx.query(sql, [...values]);
    const other = uuid(0, 'm', '0');
    const kinds = ['inventory', 'alerts', 'scores'];
    await run(
      `insert into orgs_orgs (id, org_id, parent_id, path, kind, name, reading, search_key, industry, size_band, phone, created_at)
       select ${other}, ${other}, $1, array[$1::uuid], 'member', '会員' || m || ' 株式会社', 'かいいん' || m, 'かいいん' || lpad(m::text, 5, '0'), 'E', '21-100', '043-000-' || lpad(m::text, 4, '0'), now() from generate_series(1, $2::int - 1) m`,
      federationId, count,
    );
    await run('create temp table bench_members on commit drop as select 0 as m, $1::uuid as org union all select m, ' + other + ' from generate_series(1, $2::int - 1) m', orgId, count);
    const rows = (what: keyof typeof MANY): string => `from bench_members, lateral generate_series(1, case when m = 0 then ${MANY[what]} else ${FEW[what]} end) n`;
    await run(`insert into orgs_people (id, org_id, name, reading, sort_key, search_key, department, emails, created_at, updated_at)
      select ${uuid(1, 'm', 'n')}, org, '社員 ' || n || '郎', 'しゃいん' || n, 'しゃいん' || lpad((n * 7919 % 10007)::text, 5, '0'), 'しゃいん' || n || ' 経理', '経理', array['person' || n || '.' || m || '@member.example'], now(), now() ${rows('people')}`);
    await run(`insert into orgs_roles (org_id, person_id, home_org_id, role, granted_by, granted_at) select org, ${uuid(1, 'm', 'n')}, org, case n when 1 then 'lead' else 'staff' end, 'bench', now() ${rows('people')}`);
    await run(`insert into orgs_consents (org_id, kind, given_at, given_by) select org, k, now(), 'bench' from bench_members, unnest($1::text[]) k on conflict do nothing`, kinds);
    await run(`insert into inventory_devices (id, org_id, name, kind, owner_id, department, addresses, macs, host_names, sort_key, search_key, created_at, updated_at, seen_at)
      select ${uuid(2, 'm', 'n')}, org, 'PC-' || n, 'pc', ${uuid(1, 'm', 'least(n, 10)')}, '経理', array['192.168.' || n / 250 || '.' || n % 250 + 2], '{}', array['pc-' || n], 'pc-' || lpad(n::text, 5, '0'), 'pc-' || n || ' 経理', now(), now(), now() ${rows('devices')}`);
    await run(`insert into inventory_sources (id, org_id, name, family, match, match_key, device_id, time_zone, encoding, retention, silent_after_hours, created_at, updated_at, seen_at, confirmed_at)
      select ${uuid(3, 'm', 'n')}, org, '本社のUTM ' || n, 'fortigate', jsonb_build_object('by', 'address', 'listener', 'udp', 'address', s.address, 'headerHost', null), 'udp ' || s.address || ' *', null, 'Asia/Tokyo', 'utf-8', '1y', 24, now(), now(), now(), now()
      ${rows('sources')}, lateral (select '2001:db8:' || to_hex(m) || '::' || to_hex(n) as address) s`);
    await run(`insert into inventory_source_days (org_id, source_id, day, lines, not_understood, bytes) select org, ${uuid(3, 'm', 'n')}, current_date - d, 10000 + n, 3, 8000000 ${rows('sources')}, generate_series(0, 60) d`);
    await run(`insert into detect_counters (org_id, day, metric, key, n) select org, current_date - d, k.metric, k.key, 100 + d from bench_members, generate_series(0, 60) d,
      (values ('blocked', 'inbound network'), ('blocked', 'outbound web'), ('hits', 'bench.rule'), ('hits_blocked', 'bench.rule')) k(metric, key)`);
    await run(
      `insert into findings_findings (org_id, id, kind, rule_id, rule, rank, direction, stopped, fingerprint, current, entity, slots, asset, minutes, count, first_at, last_at, samples, state, outcome, closed_by, closed_at, search_key, created_at)
      select org, ${uuid(4, 'm', 'n')}, 'detection', 'bench.rule', $1::jsonb, n % 3, 'outbound', 'no', 'bench ' || n, true, '192.0.2.' || n % 250, jsonb_build_object('source.ip', '192.168.1.' || n % 250), $2::jsonb, 10, n, c.at, c.at + interval '1 hour', 0,
        case when n % 4 = 0 then 'open' else 'closed' end, case when n % 4 = 0 then null else 'handled' end, case when n % 4 = 0 then null else '社員' end, case when n % 4 = 0 then null else c.at + interval '1 day' end, 'そとへのつうしん 192.0.2.' || n, c.at
      ${rows('findings')}, lateral (select now() - n * interval '20 minutes' as at) c`,
      JSON.stringify({ title: 'Odd traffic', author: 'Example Author', license: 'DRL-1.1', references: [] }), JSON.stringify({ deviceId: null, name: 'KEIRI-03', owner: null, department: '経理' }),
    );
    await run(
      `insert into desk_tickets (org_id, id, desk_org_id, number, subject, state, state_since, rank, channel, requester_name, created_at, updated_at, first_replied_at, first_reply_minutes, first_reply_due, solve_due, next_due, soon_at, due_key, solved_at, member_wrote_at, search_key)
       select org, ${uuid(5, 'm', 'n')}, $1, row_number() over (order by n, m), 'メールが届きません ' || n, s.state, c.at, n % 3, 'web', '社員 1郎', c.at, c.at + interval '1 hour', c.at + interval '20 minutes', 20, c.at + interval '1 hour', c.at + interval '2 days',
         d.due, d.due - interval '1 hour', coalesce(d.due, '9999-12-31'), case when s.state = 'solved' then c.at + interval '1 day' end, c.at, '#' || n || ' めーるがとどきません'
       ${rows('tickets')}, lateral (select (array['solved', 'new', 'working', 'waiting', 'solved'])[n % 5 + 1] as state, now() - n * interval '3 hours' as at) c, lateral (select c.state) s, lateral (select case when c.state in ('new', 'working') then now() + (n % 50 - 1) * interval '1 hour' end as due) d`,
      federationId,
    );
    await run(`insert into desk_messages (org_id, desk_org_id, ticket_id, id, at, who, side, text) select org, $1, ${uuid(5, 'm', 'n')}, ${uuid(6, 'm', 'n * 4 + k')}, now(), '社員 1郎', 'member', '昨日からメールが届きません。確認をお願いします。' ${rows('tickets')}, generate_series(0, 3) k`, federationId);
    await run(`insert into notify_mails (org_id, id, recipient, lang, subject, text, masked, state, created_at, retry_from, next_try_at) select org, ${uuid(7, 'm', 'n')}, 'person' || n || '@member.example', 'ja', 'お知らせ', '本文です。', false, 'sent', now(), now(), now() ${rows('mails')}`);
    await run(
      `insert into kernel_ledger (org_id, seq, v, at, action, target, actor, via, facts, prev_hash, hash)
       select org, coalesce(h.seq, 0) + n, 1, now() - n * interval '1 minute', 'people.updated', 'person:' || n, '{"kind":"system","name":"bench"}', null, '{}', repeat('0', 64), repeat('0', 64) ${rows('entries').replace('from bench_members,', 'from bench_members left join kernel_ledger_heads h on h.org_id = bench_members.org,')}`,
    );
    await run('insert into kernel_ledger_heads (org_id, seq, hash) select org_id, max(seq), repeat(\'0\', 64) from kernel_ledger group by 1 on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash');
    await run(`insert into prove_reports (org_id, month, version, reason, closed_at, partial, verdict, lines, blocked, findings, demonstration, checksum, data)
      select org, to_char(d, 'YYYY-MM'), 1, 'month', d + interval '1 month', false, 'calm', 300000, 9000, 4, false, 'x', '{}' from bench_members, generate_series(date_trunc('month', now()) - interval '24 months', date_trunc('month', now()) - interval '1 month', interval '1 month') d`);
    await run(
      `insert into federate_snapshots (org_id, member_id, day, updated_at, name, sort_key, search_key, industry, size_band, lead, kinds, figures, need, silent, late, open_now, no_lead)
       select $1, b.org, current_date, now(), o.name, o.search_key, o.search_key, o.industry, o.size_band, '社員 1郎', $2, $3::jsonb, b.m * 37 % 200, b.m % 7 / 6, b.m % 3, b.m % 5, false from bench_members b join orgs_orgs o on o.id = b.org
       on conflict (org_id, member_id) do nothing`,
      federationId, [...kinds, 'tickets'],
      JSON.stringify({ inventory: { sources: 2, flowing: 2, silent: 0 }, alerts: { openNow: 1, openLook: 3, overdue: 1, weeks: Array.from({ length: 12 }, (_, i) => i) }, tickets: { open: 2, waiting: 1, late: 0 }, scores: { leadSeenDays: 3 } }),
    );
  });
  await house.house.gate.query('analyze');
  return { orgId, lead, executive, federationId, manager, desk };
}
