import type { Tx } from '../../kernel/types.ts';

/** A device as other modules name it. */
export interface KnownDevice {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string | null;
  readonly department: string | null;
}

const known = (row: { id: string; name: string; owner_id: string | null; department: string | null }): KnownDevice => ({ id: row.id, name: row.name, ownerId: row.owner_id, department: row.department });

/** Devices by id, those that are gone as well. */
export async function devicesById(tx: Tx, orgId: string, ids: readonly string[]): Promise<ReadonlyMap<string, KnownDevice>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<{ id: string; name: string; owner_id: string | null; department: string | null }>('select id, name, owner_id, department from inventory_devices where org_id = $1 and id = any($2::uuid[])', [orgId, [...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, known(row)]));
}

/** Devices that these people use. */
export async function devicesOf(tx: Tx, orgId: string, people: readonly string[]): Promise<KnownDevice[]> {
  if (people.length === 0) return [];
  const rows = await tx.query<{ id: string; name: string; owner_id: string | null; department: string | null }>('select id, name, owner_id, department from inventory_devices where org_id = $1 and owner_id = any($2::uuid[]) and archived_at is null order by sort_key, id limit 200', [orgId, [...new Set(people)]]);
  return rows.map(known);
}

/** Addresses that more than one machine held at some time between two moments: one of them alone must not answer for all. */
export async function sharedAddresses(tx: Tx, orgId: string, ips: readonly string[], from: Date, to: Date): Promise<readonly string[]> {
  if (ips.length === 0) return [];
  const rows = await tx.query<{ ip: string }>(
    `select ip from inventory_leases where org_id = $1 and ip = any($2::text[]) and from_at <= $4 and (to_at is null or to_at >= $3) group by ip having count(distinct coalesce(mac, host_name, '')) > 1`,
    [orgId, [...new Set(ips)], from, to],
  );
  return rows.map((r) => r.ip);
}
