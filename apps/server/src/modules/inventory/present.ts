import type { z } from 'zod';
import type { device as deviceShape, source as sourceShape } from '@banya/contract';
import type { Tx } from '../../kernel/types.ts';
import { dayIn, isVerified, sourceState } from './rules.ts';
import type { DeviceRow, SourceRow } from './schema.ts';
import * as store from './store.ts';

export function presentDevice(row: DeviceRow, ownerName: string | undefined): z.output<typeof deviceShape> {
  return {
    id: row.id, org: row.org_id, name: row.name, kind: row.kind, owner: row.owner_id && ownerName ? { id: row.owner_id, name: ownerName } : null, department: row.department, os: row.os, serial: row.serial,
    addresses: row.addresses, macs: row.macs, hostNames: row.host_names, note: row.note, seenAt: row.seen_at?.toISOString() ?? null, source: null, archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

/** Sources with the counts of the last seven days: one statement more, whatever the number of sources. */
export async function presentSources(tx: Tx, orgId: string, rows: readonly SourceRow[], now: number): Promise<z.output<typeof sourceShape>[]> {
  const week = Array.from({ length: 7 }, (_, i) => now - (6 - i) * 86_400_000);
  const counts = await store.days.since(tx, rows.map((r) => r.id), dayIn(week[0]!, 'UTC'));
  const by = new Map(counts.map((c) => [`${c.source_id} ${c.day}`, c]));
  return rows.map((row) => {
    const days = week.map((at) => by.get(`${row.id} ${dayIn(at, row.time_zone)}`));
    const today = days[6];
    return {
      id: row.id, org: orgId, name: row.name, family: row.family, match: row.match, device: row.device_id, timeZone: row.time_zone, encoding: row.encoding, retention: row.retention, silentAfterHours: row.silent_after_hours,
      verified: isVerified(row.match), confirmed: row.confirmed_at !== null, createdAt: row.created_at.toISOString(), archivedAt: row.archived_at?.toISOString() ?? null, state: sourceState(row, now), seenAt: row.seen_at?.toISOString() ?? null,
      linesToday: Number(today?.lines ?? 0), linesLast7d: days.map((d) => Number(d?.lines ?? 0)), notUnderstoodToday: Number(today?.not_understood ?? 0), clockOffSeconds: row.clock_off_seconds,
    };
  });
}
