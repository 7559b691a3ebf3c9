import { isIP } from 'node:net';
import type { Orgs } from '../orgs/index.ts';
import { pgText } from '../../kernel/sql.ts';
import type { Tx } from '../../kernel/types.ts';
import { plainMac } from './rules.ts';
import type { DeviceRow } from './schema.ts';

/** A device as a finding names it: "whose PC is this". */
export interface Asset {
  readonly deviceId: string | null;
  readonly name: string;
  readonly owner: string | null;
  readonly department: string | null;
}

export interface AssetHint {
  readonly orgId: string;
  readonly ip?: string | undefined;
  readonly mac?: string | undefined;
  readonly hostName?: string | undefined;
  readonly at: Date;
}

interface LeaseRow { i: number; mac: string | null; host_name: string | null }

type Device = Pick<DeviceRow, 'org_id' | 'id' | 'name' | 'owner_id' | 'department' | 'macs' | 'host_names' | 'addresses'>;

/**
 * Finds devices by what a log line knows of them, many at once, of several organisations in a system transaction, in three
 * statements: by hardware address, by the lease an address had at that time, by host name, by fixed address. A lease
 * outranks a fixed address, since it is dated.
 */
export async function findAssets(tx: Tx, orgs: Orgs, hints: readonly AssetHint[]): Promise<(Asset | null)[]> {
  if (hints.length === 0) return [];
  const asked = hints.map((hint, i) => ({ i, org_id: hint.orgId, ip: hint.ip ?? null, at: hint.at.toISOString() })).filter((h) => h.ip !== null && isIP(h.ip) !== 0);
  const leases = new Map<number, LeaseRow>();
  if (asked.length > 0) {
    const rows = await tx.query<LeaseRow>(
      `select q.i, l.mac, l.host_name from jsonb_to_recordset($1::jsonb) as q(i int, org_id uuid, ip text, at timestamptz)
         cross join lateral (select mac, host_name, to_at from inventory_leases l where l.org_id = q.org_id and l.ip = q.ip and l.from_at <= q.at order by l.from_at desc limit 1) l
        where l.to_at is null or l.to_at >= q.at`,
      [JSON.stringify(asked)],
    );
    for (const row of rows) leases.set(row.i, row);
  }
  const keys = hints.map((hint, i) => ({
    mac: (hint.mac && plainMac(hint.mac)) || leases.get(i)?.mac || null,
    host: pgText(hint.hostName || leases.get(i)?.host_name || '').toLowerCase() || null,
    ip: hint.ip && isIP(hint.ip) !== 0 ? hint.ip : null,
  }));
  const present = (values: (string | null)[]): string[] => [...new Set(values.filter((v): v is string => v !== null))];
  const wanted = [...Map.groupBy(keys, (_, i) => hints[i]!.orgId)].map(([org_id, own]) => ({ org_id, macs: present(own.map((k) => k.mac)), hosts: present(own.map((k) => k.host)), ips: present(own.map((k) => k.ip)) })).filter((w) => w.macs.length + w.hosts.length + w.ips.length > 0);
  const devices = wanted.length === 0 ? [] : await tx.query<Device>(
    `select d.* from jsonb_to_recordset($1::jsonb) as w(org_id uuid, macs text[], hosts text[], ips text[])
       cross join lateral (select org_id, id, name, owner_id, department, macs, host_names, addresses from inventory_devices
                            where org_id = w.org_id and archived_at is null and (macs && w.macs or host_names && w.hosts or addresses && w.ips)) d`,
    [JSON.stringify(wanted)],
  );
  // The same addresses are in use at every organisation.
  const own = (orgId: string, value: string): string => `${orgId} ${value}`;
  const by = { mac: new Map<string, Device>(), host: new Map<string, Device>(), ip: new Map<string, Device>() };
  for (const device of devices) {
    device.macs.forEach((v) => by.mac.set(own(device.org_id, v), device));
    device.host_names.forEach((v) => by.host.set(own(device.org_id, v), device));
    device.addresses.forEach((v) => by.ip.set(own(device.org_id, v), device));
  }
  const owners = await orgs.people(tx, devices.flatMap((d) => (d.owner_id ? [d.owner_id] : [])));
  return keys.map((key, i) => {
    const leased = leases.has(i);
    const { orgId } = hints[i]!;
    const device = (key.mac && by.mac.get(own(orgId, key.mac))) || (key.host && by.host.get(own(orgId, key.host))) || (!leased && key.ip && by.ip.get(own(orgId, key.ip))) || null;
    if (device) {
      const owner = device.owner_id ? owners.get(device.owner_id) : undefined;
      return { deviceId: device.id, name: device.name, owner: owner?.name ?? null, department: device.department ?? owner?.department ?? null };
    }
    const name = hints[i]!.hostName || leases.get(i)?.host_name;
    return name ? { deviceId: null, name, owner: null, department: null } : null;
  });
}
