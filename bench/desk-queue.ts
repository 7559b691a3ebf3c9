/**
 * How fast the desk's queue answers over many tickets on the embedded store.
 * `node bench/desk-queue.ts [tickets] [of these open] [members]`: one federation, tickets over three years, each question asked
 * 60 times in the federation's (or a member's) scope with row-level security. Prints one JSON object, times in milliseconds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAudit } from '../apps/server/src/kernel/audit.ts';
import { openGate } from '../apps/server/src/kernel/db/gate.ts';
import { migrate, readMigrations } from '../apps/server/src/kernel/db/migrate.ts';
import { createTenancy } from '../apps/server/src/kernel/db/tenancy.ts';
import type { Tx } from '../apps/server/src/kernel/types.ts';
import { createBus } from '../apps/server/src/kernel/queue/bus.ts';
import * as store from '../apps/server/src/modules/desk/store.ts';

const TICKETS = Number(process.argv[2] ?? 100_000);
const OPEN = Number(process.argv[3] ?? 3_000);
const MEMBERS = Number(process.argv[4] ?? 500);
const ROUNDS = 60;

const quiet = { info() {}, warn() {}, error() {} };
const clock = { now: () => Date.parse('2026-11-24T10:00:00+09:00') };
const federation = '01900000-0000-7000-8000-000000000000';
const member = (n: number): string => `01900000-0000-7000-8001-${n.toString(16).padStart(12, '0')}`;
const person = '01900000-0000-7000-8002-000000000001';

async function seed(tx: Tx): Promise<void> {
  await tx.query("insert into orgs_orgs (id, org_id, kind, name, search_key, created_at) values ($1, $1, 'federation', '連合会', 'x', $2)", [federation, tx.now]);
  await tx.query(
    `insert into orgs_orgs (id, org_id, parent_id, path, kind, name, search_key, created_at)
     select m, m, $1, array[$1::uuid], 'member', '会員' || n, 'x' || n, $2 from generate_series(0, $3 - 1) n, lateral (select ('01900000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid as m) i`,
    [federation, tx.now, MEMBERS],
  );
  // The newest are open: a third new, a third in work, a third waiting; one in fifty late.
  await tx.query(
    `insert into desk_tickets (org_id, id, desk_org_id, number, subject, state, state_since, rank, channel, requester_name, assignee_id, assignee_name, created_at, updated_at,
       first_replied_at, first_reply_minutes, first_reply_due, solve_due, next_due, soon_at, due_key, solved_at, member_wrote_at, search_key)
     select ('01900000-0000-7000-8001-' || lpad(to_hex(n * 7919 % $3), 12, '0'))::uuid, ('01900000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, n, '件名 ' || n, s.state, c.at, n % 10 / 4, 'web', '会員の人',
       case when n % 3 = 0 then null else ('01900000-0000-7000-8002-' || lpad(to_hex(n % 8), 12, '0'))::uuid end, case when n % 3 = 0 then null else '窓口' end, c.at, c.at + interval '1 hour',
       c.at + interval '20 minutes', n % 90, c.at + interval '1 hour', c.at + interval '2 days', d.due, d.due - interval '1 hour', coalesce(d.due, '9999-12-31'), case when s.state = 'solved' then c.at + interval '1 day' end, c.at,
       '#' || n || ' けんめい ' || md5(n::text) || ' かいいんのひと かいいん' || n * 7919 % $3
     from generate_series(1, $4) n,
       lateral (select case when n <= $4 - $5 then 'solved' when n % 3 = 0 then 'new' when n % 3 = 1 then 'working' else 'waiting' end as state) s,
       lateral (select $2::timestamptz - (($4 - n) * (interval '1095 days' / $4)) as at) c,
       lateral (select case when s.state in ('new', 'working') then $2::timestamptz + (n % 50 - 1) * interval '1 hour' end as due) d`,
    [federation, tx.now, MEMBERS, TICKETS, OPEN],
  );
}

const folder = mkdtempSync(join(tmpdir(), 'banya-bench-desk-'));
const gate = openGate({ dataDir: folder }, { clock, log: quiet, deadlineMs: 600_000 });
try {
  await migrate(gate, readMigrations());
  const tenancy = createTenancy({ gate, bus: createBus(), clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
  await tenancy.asSystem('bench: seed', seed);
  await gate.query('vacuum analyze desk_tickets');
  const at = (orgId: string) => <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => tenancy.inOrg({ orgId, actor: { kind: 'system', name: 'bench' } }, fn);
  const filter: store.QueueFilter = { state: 'open', member: null, assignee: null, rank: null, late: false, q: '', number: null, after: null, limit: 50 };
  const inQueue = (more: Partial<store.QueueFilter>) => () => at(federation)((tx) => store.tickets.queue(tx, federation, { ...filter, ...more }));
  const last = (await inQueue({ limit: 199 })()).at(-1)!;
  const lastSolved = (await inQueue({ state: 'solved', limit: 199 })()).at(-1);
  const questions: Record<string, () => Promise<unknown>> = {
    'open, first page': inQueue({}),
    'open, a later page': inQueue({ after: [last.rank, last.due_key.toISOString(), last.id] }),
    'open, mine': inQueue({ assignee: person }),
    'open, nobody’s': inQueue({ assignee: 'none' }),
    'open, one member': inQueue({ member: member(7) }),
    'open, late': inQueue({ late: true }),
    'open, waiting': inQueue({ state: 'waiting' }),
    'open, search with few hits': inQueue({ q: 'かいいん77' }),
    'open, search without a hit': inQueue({ q: 'どこにもない' }),
    'by number': inQueue({ state: 'solved', number: 4711 }),
    'solved, first page': inQueue({ state: 'solved' }),
    'solved, a later page': inQueue({ state: 'solved', ...(lastSolved ? { after: [lastSolved.solved_at!.toISOString(), lastSolved.id] } : {}) }),
    'solved, one member': inQueue({ state: 'solved', member: member(7) }),
    'solved, search without a hit': inQueue({ state: 'solved', q: 'どこにもない' }),
    counts: () => at(federation)((tx) => store.tickets.queueCounts(tx, federation, person)),
    'statistics of the month': () => at(federation)((tx) => store.tickets.statistics(tx, federation, new Date('2026-10-31T15:00:00Z'), new Date('2026-11-30T15:00:00Z'))),
    'a member’s list': () => at(member(7))((tx) => store.tickets.list(tx, member(7), { state: null, requester: null, q: '', after: null, limit: 50 })),
    'find late ones to tell': () => tenancy.asSystem('bench: late', (tx) => store.tickets.lateDesks(tx)),
  };
  const times: Record<string, { p50: number; p95: number }> = {};
  for (const [name, question] of Object.entries(questions)) {
    for (let i = 0; i < 3; i += 1) await question();
    const took: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      const start = performance.now();
      await question();
      took.push(performance.now() - start);
    }
    took.sort((a, b) => a - b);
    times[name] = { p50: round(took[ROUNDS / 2]!), p95: round(took[Math.floor(ROUNDS * 0.95)]!) };
  }
  console.log(JSON.stringify({ tickets: TICKETS, open: OPEN, members: MEMBERS, rounds: ROUNDS, node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, ms: times }, null, 1));
} finally {
  await gate.end();
  rmSync(folder, { recursive: true, force: true });
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
