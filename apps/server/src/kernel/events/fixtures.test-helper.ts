import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../ids.ts';
import { encodeRows } from './rows.ts';
import type { EventRow } from './rows.ts';
import type { EventBatch } from './types.ts';

/** A folder that goes when the test ends. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'banya-events-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A firewall line of organisation `orgId`; times are of today, since old rows leave by their retention. */
export function row(orgId: string, more: Partial<EventRow> = {}): EventRow {
  const receivedAt = more.receivedAt ?? Date.now();
  return {
    eventId: newId(),
    orgId,
    sourceId: '0190a000-0000-7000-8000-000000000001',
    deviceId: null,
    receivedAt,
    retention: 'standard',
    raw: 'date=2026-04-01 devname="fw-1" type="traffic" action="deny" srcip=192.0.2.10 dstip=198.51.100.7',
    event: { '@timestamp': receivedAt, 'event.action': 'blocked', 'source.ip': '192.0.2.10', 'destination.ip': '198.51.100.7', 'destination.port': 443 },
    ...more,
  };
}

export function batch(token: string, rows: readonly EventRow[]): EventBatch {
  return { token, rows: encodeRows(rows), count: rows.length };
}
