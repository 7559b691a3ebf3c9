import { newId } from '../../kernel/ids.ts';
import { pgJson, pgText } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import type { KeptMemory } from './memory.ts';
import type { BatchOut, HealthFact } from './messages.ts';

export async function addCounters(tx: Tx, counters: BatchOut['counters'], demonstration = false): Promise<void> {
  if (counters.length === 0) return;
  const rows = counters.map(([org_id, day, metric, key, n]) => ({ org_id, day, metric, key, n }));
  await tx.query(
    `insert into detect_counters (org_id, day, metric, key, n, demonstration)
       select org_id, day, metric, key, n, $2 from jsonb_to_recordset($1::jsonb) as r(org_id uuid, day date, metric text, key text, n bigint)
     on conflict (org_id, day, metric, key) do update set n = detect_counters.n + excluded.n`,
    [pgJson(rows), demonstration],
  );
}

export async function noteHealth(tx: Tx, facts: readonly HealthFact[]): Promise<void> {
  if (facts.length === 0) return;
  const at = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  const rows = facts.map((f) => ({ org_id: f.orgId, source_id: f.sourceId, signature_at: at(f.signatureAt), signature_failed_at: at(f.signatureFailedAt), config_at: at(f.configAt), restarted_at: at(f.restartedAt) }));
  await tx.query(
    `insert into detect_device_health (org_id, source_id, signature_at, signature_failed_at, config_at, restarted_at)
       select * from jsonb_to_recordset($1::jsonb) as r(org_id uuid, source_id uuid, signature_at timestamptz, signature_failed_at timestamptz, config_at timestamptz, restarted_at timestamptz)
     on conflict (org_id, source_id) do update set
       signature_at = greatest(detect_device_health.signature_at, excluded.signature_at), signature_failed_at = greatest(detect_device_health.signature_failed_at, excluded.signature_failed_at),
       config_at = greatest(detect_device_health.config_at, excluded.config_at), restarted_at = greatest(detect_device_health.restarted_at, excluded.restarted_at)`,
    [JSON.stringify(rows)],
  );
}

export async function notePoison(tx: Tx, orgId: string, poison: readonly { readonly row: string; readonly reason: string }[]): Promise<void> {
  for (const { row, reason } of poison) await tx.query('insert into detect_poison (id, org_id, at, reason, row_text) values ($1,$2,$3,$4,$5)', [newId(tx.now.getTime()), orgId, tx.now, pgText(reason.slice(0, 2000)), pgText(row.slice(0, 20_000))]);
}

/** `key`: each process that takes lines has a memory of its own. */
export async function loadState(tx: Tx, key: string): Promise<KeptMemory | null> {
  const [row] = await tx.query<{ value: KeptMemory }>('select value from detect_state where key = $1', [key]);
  return row?.value ?? null;
}

export async function saveState(tx: Tx, key: string, state: KeptMemory): Promise<void> {
  await tx.query(`insert into detect_state (key, value, at) values ($1, $2, $3) on conflict (key) do update set value = excluded.value, at = excluded.at`, [key, JSON.stringify(state), tx.now]);
}

export interface CounterRow {
  readonly day: string;
  readonly metric: string;
  readonly key: string;
  readonly n: string;
  readonly demonstration: boolean;
}

export function counters(tx: Tx, orgId: string, from: string, to: string, metrics: readonly string[]): Promise<CounterRow[]> {
  return tx.query<CounterRow>('select day, metric, key, n, demonstration from detect_counters where org_id = $1 and day between $2 and $3 and metric = any($4) order by day', [orgId, from, to, metrics]);
}

export interface MonthSum {
  readonly month: string;
  readonly metric: string;
  readonly n: string;
  readonly demonstration: boolean;
}

/** Sums by month, for trends. */
export function monthSums(tx: Tx, orgId: string, from: string, to: string, metrics: readonly string[]): Promise<MonthSum[]> {
  return tx.query<MonthSum>(
    `select to_char(day, 'YYYY-MM') as month, metric, sum(n) as n, bool_and(demonstration) as demonstration from detect_counters
      where org_id = $1 and day between $2 and $3 and metric = any($4) group by 1, 2 order by 1`,
    [orgId, from, to, metrics],
  );
}

export interface HealthRow {
  readonly source_id: string;
  readonly signature_at: Date | null;
  readonly signature_failed_at: Date | null;
  readonly config_at: Date | null;
  readonly restarted_at: Date | null;
}

export const deviceHealth = (tx: Tx, orgId: string): Promise<HealthRow[]> => tx.query<HealthRow>('select source_id, signature_at, signature_failed_at, config_at, restarted_at from detect_device_health where org_id = $1', [orgId]);
