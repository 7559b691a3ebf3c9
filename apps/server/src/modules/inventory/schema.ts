import type { z } from 'zod';
import type { deviceKinds, families, match } from '@banya/contract';

export type Family = (typeof families)[number];
export type Match = z.output<typeof match>;
export type Retention = '30d' | '90d' | '1y' | '3y';
export type Encoding = 'utf-8' | 'cp932' | 'euc-jp';

export interface DeviceRow {
  id: string;
  org_id: string;
  name: string;
  kind: (typeof deviceKinds)[number];
  owner_id: string | null;
  department: string | null;
  os: string | null;
  serial: string | null;
  addresses: string[];
  macs: string[];
  host_names: string[];
  note: string | null;
  sort_key: string;
  search_key: string;
  created_at: Date;
  updated_at: Date;
  seen_at: Date | null;
  archived_at: Date | null;
  /** The key another program knows it by; one device of an organisation has it. */
  external_key: string | null;
}

export interface SourceRow {
  id: string;
  org_id: string;
  name: string;
  family: Family;
  match: Match;
  match_key: string | null;
  device_id: string | null;
  time_zone: string;
  encoding: Encoding;
  retention: Retention;
  silent_after_hours: number;
  created_at: Date;
  updated_at: Date;
  seen_at: Date | null;
  clock_off_seconds: number | null;
  silent_since: Date | null;
  archived_at: Date | null;
  /** Null while the desk has not confirmed that this address or certificate is the member's: no line is taken until then. */
  confirmed_at: Date | null;
}

export interface InventorySchema {
  inventory_devices: DeviceRow;
  inventory_sources: SourceRow;
}
