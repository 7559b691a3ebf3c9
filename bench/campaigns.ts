/**
 * Whether the same mail is found at many members, and how fast, over a million prints.
 *
 *   node bench/campaigns.ts [--mails 100000] [--new 2000] [--store pglite|postgres|both]
 *
 * The store is filled with `mails` mails of about as many campaigns, then `new` mails of campaigns of twenty come in one by
 * one, each in a transaction of its own, the way reported mails do. All texts are put together from one small stock of
 * sentences (bench/lib/campaign-mails.ts); receivers, numbers, links and, for some, the wording differ from mail to mail.
 * Recall: of the pairs of one campaign, how many stand in one. Precision: of the pairs that stand in one, how many belong.
 * A mail that is put to one of the stored ones counts as so many wrong pairs. PostgreSQL is a throw-away one from Debian's
 * packages. Prints one line of JSON for each store,
 * times in milliseconds.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { createAudit } from '../apps/server/src/kernel/audit.ts';
import { openGate, type GateTarget } from '../apps/server/src/kernel/db/gate.ts';
import { migrate, readMigrations } from '../apps/server/src/kernel/db/migrate.ts';
import { createTenancy } from '../apps/server/src/kernel/db/tenancy.ts';
import { newId } from '../apps/server/src/kernel/ids.ts';
import { createBus } from '../apps/server/src/kernel/queue/bus.ts';
import { Secrets } from '../apps/server/src/kernel/secrets.ts';
import { Keyer, printsOf } from '../apps/server/src/modules/federate/campaigns/prints.ts';
import { join } from '../apps/server/src/modules/federate/campaigns/service.ts';
import type { KeyedPrint } from '../apps/server/src/modules/federate/campaigns/schema.ts';
import { hold } from '../apps/server/src/modules/federate/campaigns/store.ts';
import { freshDatabase, stopPostgres } from '../apps/server/test/postgres.ts';
import { mail, random, recipe, type Made, type Style } from './lib/campaign-mails.ts';
import { flags, report, spread } from './lib/report.ts';

const given = flags(['mails', 'new', 'store']);
const MAILS = Number(given.get('mails') ?? 100_000);
const NEW = Number(given.get('new') ?? 2_000);
const STORE = given.get('store') ?? 'both';
const EACH = 20;
const MEMBERS = 500;
const federation = '01900000-0000-7000-8000-000000000000';
const member = (n: number): string => `01900000-0000-7000-8001-${n.toString(16).padStart(12, '0')}`;
const quiet = { info() {}, warn() {}, error() {} };
const clock = { now: () => Date.now() };

const keyer = new Keyer(new Secrets(randomBytes(32)));
const keyed = (made: Made): KeyedPrint[] => keyer.prints(federation, printsOf(made.analysis));

const roll = random(20261129);
const filling = Array.from({ length: MAILS }, (_, i) => keyed(mail(recipe(i, roll), roll)));
const fresh = Array.from({ length: Math.ceil(NEW / EACH) }, (_, c) => recipe(MAILS + c, roll))
  .flatMap((r) => Array.from({ length: EACH }, () => ({ made: mail(r, roll), order: roll() })))
  .sort((a, b) => a.order - b.order);

async function measure(name: string, target: GateTarget): Promise<void> {
  const gate = openGate(target, { clock, log: quiet, deadlineMs: 900_000 });
  try {
    await migrate(gate, readMigrations());
    const tenancy = createTenancy({ gate, bus: createBus(), clock, log: quiet, audit: createAudit(), jobs: { wake() {} } });
    let prints = 0;
    for (let from = 0; from < filling.length; from += 2_000) {
      const rows = filling.slice(from, from + 2_000).flatMap((found, i) => {
        const campaign = newId(Date.now());
        return found.map((p) => ({ ...p, campaign, member: member((from + i) % MEMBERS) }));
      });
      prints += rows.length;
      await tenancy.asSystem('bench: fill', (tx) =>
        tx.query('insert into federate_prints (org_id, mac, kind, campaign_id, member_id, at) select $1, r.mac, r.kind, r.campaign, r.member, $3 from jsonb_to_recordset($2::jsonb) as r(mac bigint, kind text, campaign uuid, member uuid)', [federation, JSON.stringify(rows), tx.now]));
    }
    await gate.query('vacuum analyze federate_prints');
    const stored = new Set<string>((await gate.query<{ id: string }>('select distinct campaign_id as id from federate_prints')).rows.map((r) => r.id));
    const took: number[] = [];
    const put: string[] = [];
    for (const [i, { made }] of fresh.entries()) {
      const found = keyed(made);
      const start = performance.now();
      put.push(await tenancy.asSystem('bench: join', async (tx) => {
        await hold(tx, federation);
        return join(tx, federation, member(i % MEMBERS), found, tx.now);
      }));
      took.push(performance.now() - start);
    }
    // Campaigns that became one: their first id leads to the one that stays.
    const merged = new Map((await gate.query<{ id: string; into: string }>('select id, merged_into as into from federate_campaigns where merged_into is not null')).rows.map((r) => [r.id, r.into]));
    const root = (id: string): string => (merged.has(id) ? root(merged.get(id)!) : id);
    const result = score(fresh.map((f) => f.made), put.map(root), stored);
    const ms = spread(took);
    report(`campaigns-${name}`, { mails: MAILS, prints, ms, ...result }, `${name}: among ${prints} prints a mail is joined in ${ms.p50} ms (p95 ${ms.p95}); pairs found ${result.recall}, right ${result.precision}`);
  } finally {
    await gate.end();
  }
}

function score(made: readonly Made[], put: readonly string[], stored: ReadonlySet<string>): { pairs: number; recall: number; precision: number; recallByStyle: object } {
  let [same, found, wrong] = [0, 0, 0];
  const byStyle = new Map<Style, { same: number; found: number }>();
  for (let a = 0; a < made.length; a++) {
    if (stored.has(put[a]!)) wrong += 1;
    for (let b = a + 1; b < made.length; b++) {
      const together = put[a] === put[b];
      if (made[a]!.campaign !== made[b]!.campaign) {
        if (together) wrong += 1;
        continue;
      }
      const style = byStyle.get(made[a]!.style) ?? { same: 0, found: 0 };
      byStyle.set(made[a]!.style, style);
      same += 1;
      style.same += 1;
      if (together) {
        found += 1;
        style.found += 1;
      }
    }
  }
  const share = (n: number, of: number): number => (of === 0 ? 1 : Math.round((n / of) * 10_000) / 10_000);
  return { pairs: same, recall: share(found, same), precision: share(found, found + wrong), recallByStyle: Object.fromEntries([...byStyle].map(([style, s]) => [style, share(s.found, s.same)])) };
}

if (STORE !== 'postgres') {
  const dataDir = mkdtempSync(path(tmpdir(), 'banya-bench-campaigns-'));
  await measure('pglite', { dataDir });
  rmSync(dataDir, { recursive: true, force: true });
}
if (STORE !== 'pglite') {
  const database = await freshDatabase();
  if ('skip' in database) console.log(database.skip);
  else await measure('postgres', database);
  await stopPostgres();
}
