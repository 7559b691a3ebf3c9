import { pgJson } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import { plainMac } from './rules.ts';

/** An address given to, or taken from, a device. */
export interface Lease {
  readonly orgId: string;
  readonly ip: string;
  readonly at: Date;
  readonly kind: 'assigned' | 'released';
  readonly mac?: string | undefined;
  readonly hostName?: string | undefined;
}

/** Notes leases of one batch in two statements: a new one ends the one before; the same device asking again changes nothing. */
export async function recordLeases(tx: Tx, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  const rows = leases.map((l) => ({ org_id: l.orgId, ip: l.ip, at: l.at.toISOString(), kind: l.kind, mac: l.mac ? plainMac(l.mac) : null, host_name: l.hostName?.toLowerCase().slice(0, 253) ?? null }));
  // Host names are written by whoever asks for an address.
  const data = pgJson(rows);
  await tx.query(
    `insert into inventory_leases (org_id, ip, from_at, mac, host_name)
       select distinct on (r.org_id, r.ip, r.at) r.org_id, r.ip, r.at, r.mac, r.host_name from jsonb_to_recordset($1::jsonb) as r(org_id uuid, ip text, at timestamptz, kind text, mac text, host_name text)
        where r.kind = 'assigned' and not exists (
          select 1 from inventory_leases l where l.org_id = r.org_id and l.ip = r.ip and l.to_at is null and l.mac is not distinct from r.mac and l.from_at <= r.at)
     on conflict do nothing`,
    [data],
  );
  await tx.query(
    `update inventory_leases l set to_at = n.at from (
        select org_id, ip, at, kind, mac from jsonb_to_recordset($1::jsonb) as r(org_id uuid, ip text, at timestamptz, kind text, mac text)) n
      where l.org_id = n.org_id and l.ip = n.ip and l.to_at is null and l.from_at < n.at and (n.kind = 'released' or l.mac is distinct from n.mac)`,
    [data],
  );
}

/** Lines of one source on one day of its zone. */
export interface LineCount {
  readonly orgId: string;
  readonly sourceId: string;
  readonly day: string;
  readonly lines: number;
  readonly notUnderstood: number;
  readonly bytes: number;
  readonly lastAt: Date;
  /** How far the device's clock is off, seconds; null when unknown. */
  readonly clockOffSeconds: number | null;
}

/** Adds a batch's counts, in two statements. @returns organisations with a sender that had never been heard, or had fallen silent */
export async function countLines(tx: Tx, counts: readonly LineCount[]): Promise<readonly string[]> {
  if (counts.length === 0) return [];
  const rows = counts.map((c) => ({ org_id: c.orgId, source_id: c.sourceId, day: c.day, lines: c.lines, not_understood: c.notUnderstood, bytes: c.bytes, last_at: c.lastAt.toISOString(), clock_off: c.clockOffSeconds }));
  const data = JSON.stringify(rows);
  await tx.query(
    `insert into inventory_source_days (org_id, source_id, day, lines, not_understood, bytes)
       select org_id, source_id, day, sum(lines), sum(not_understood), sum(bytes)
         from jsonb_to_recordset($1::jsonb) as r(org_id uuid, source_id uuid, day date, lines bigint, not_understood bigint, bytes bigint) group by 1, 2, 3
     on conflict (org_id, source_id, day) do update set lines = inventory_source_days.lines + excluded.lines, not_understood = inventory_source_days.not_understood + excluded.not_understood, bytes = inventory_source_days.bytes + excluded.bytes`,
    [data],
  );
  // Both parts of a statement see the rows as they were before it.
  const woken = await tx.query<{ org_id: string }>(
    `with n as (select source_id, max(last_at) as last_at, max(clock_off) as clock_off from jsonb_to_recordset($1::jsonb) as r(source_id uuid, last_at timestamptz, clock_off real) group by 1),
          counted as (update inventory_sources s set seen_at = greatest(s.seen_at, n.last_at), silent_since = null, clock_off_seconds = coalesce(n.clock_off, s.clock_off_seconds) from n where s.id = n.source_id)
     select distinct s.org_id from inventory_sources s join n on s.id = n.source_id where s.seen_at is null or s.silent_since is not null`,
    [data],
  );
  return woken.map((row) => row.org_id);
}

export interface IntakeKey {
  readonly sourceId: string;
  readonly key: string;
  readonly hash: string;
  readonly accepted: number;
}

/** What was answered to a key, once its lines are counted. */
export async function intakeKey(tx: Tx, sourceId: string, key: string): Promise<{ hash: string; accepted: number } | null> {
  const [row] = await tx.query<{ body_hash: string; accepted: number }>('select body_hash, accepted from inventory_intake_keys where source_id = $1 and key = $2', [sourceId, key]);
  return row ? { hash: row.body_hash, accepted: row.accepted } : null;
}

/** Which of these were counted before, as `source key`. */
export async function knownIntakeKeys(tx: Tx, keys: readonly IntakeKey[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx.query<{ source_id: string; key: string }>(
    `select k.source_id, k.key from jsonb_to_recordset($1::jsonb) as r("sourceId" uuid, key text) join inventory_intake_keys k on k.source_id = r."sourceId" and k.key = r.key`,
    [JSON.stringify(keys)],
  );
  return new Set(rows.map((r) => `${r.source_id} ${r.key}`));
}

export async function noteIntakeKeys(tx: Tx, keys: readonly IntakeKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `insert into inventory_intake_keys (org_id, source_id, key, body_hash, accepted, at)
       select s.org_id, s.id, r.key, r.hash, r.accepted, $2 from jsonb_to_recordset($1::jsonb) as r("sourceId" uuid, key text, hash text, accepted int) join inventory_sources s on s.id = r."sourceId"
     on conflict do nothing`,
    [JSON.stringify(keys), tx.now],
  );
}

/** Keys are kept for a week, far longer than any collector waits. */
export async function forgetIntakeKeys(tx: Tx): Promise<void> {
  await tx.query('delete from inventory_intake_keys where at < $1', [new Date(tx.now.getTime() - 7 * 86_400_000)]);
}
