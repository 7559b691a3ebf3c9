import { ECS_COLUMNS } from '@banya/logs';
import type { EcsName } from '@banya/logs';

/** How a column takes its value; anything else goes to `fields` as text, so that no row is refused for it. */
export type ColumnKind =
  | { readonly kind: 'text'; readonly low: boolean }
  /** Whole number from 0 to `max`; absent is 0, or NULL where 0 has a meaning of its own. */
  | { readonly kind: 'uint'; readonly type: 'UInt8' | 'UInt16' | 'UInt64'; readonly max: number; readonly nullable: boolean };

export interface EventColumn {
  readonly ecs: EcsName;
  /** The ECS name with underscores, since a dot in ClickHouse means a sub-column. */
  readonly column: string;
  readonly of: ColumnKind;
}

/** Columns whose values repeat little within a month; the other texts are dictionary-encoded. */
const HIGH_CARDINALITY: ReadonlySet<string> = new Set([
  'message', 'source.ip', 'destination.ip', 'host.ip', 'host.mac', 'url.full', 'url.domain', 'destination.domain',
  'dns.question.name', 'file.name', 'file.path', 'file.hash.sha256', 'email.from.address', 'email.to.address', 'email.subject',
]);

const NUMBERS: Readonly<Record<string, ColumnKind>> = {
  'event.severity': { kind: 'uint', type: 'UInt8', max: 255, nullable: true },
  'event.duration': { kind: 'uint', type: 'UInt64', max: Number.MAX_SAFE_INTEGER, nullable: false },
  'source.port': { kind: 'uint', type: 'UInt16', max: 65535, nullable: false },
  'source.bytes': { kind: 'uint', type: 'UInt64', max: Number.MAX_SAFE_INTEGER, nullable: false },
  'destination.port': { kind: 'uint', type: 'UInt16', max: 65535, nullable: false },
  'destination.bytes': { kind: 'uint', type: 'UInt64', max: Number.MAX_SAFE_INTEGER, nullable: false },
  'http.response.status_code': { kind: 'uint', type: 'UInt16', max: 65535, nullable: false },
};

/** The column of an ECS name: `source.geo.country_iso_code` → `source_geo_country_iso_code`. */
export function columnName(ecs: string): string {
  return ecs === '@timestamp' ? 'timestamp' : ecs.replaceAll('.', '_');
}

/** Every ECS field that has a column of its own, except the timestamp, in the order of the ECS table. */
export const EVENT_COLUMNS: readonly EventColumn[] = Object.freeze(
  ECS_COLUMNS.filter((ecs) => ecs !== '@timestamp').map((ecs) => ({
    ecs,
    column: columnName(ecs),
    of: NUMBERS[ecs] ?? { kind: 'text' as const, low: !HIGH_CARDINALITY.has(ecs) },
  })),
);

/** How long events are kept; part of the partition key, so there are four and the list is closed. Days after receipt. */
export const RETENTION_DAYS = { short: 32, standard: 100, long: 400, kept: 2560 } as const;
export type Retention = keyof typeof RETENTION_DAYS;

/** Columns that every event has besides the ECS ones: name → ClickHouse type. */
export const BASE_COLUMNS: Readonly<Record<string, string>> = {
  org_id: 'UUID',
  event_id: 'UUID',
  source_id: 'UUID',
  device_id: 'Nullable(UUID)',
  received_at: "DateTime64(3, 'UTC')",
  timestamp: "DateTime64(3, 'UTC')",
  retention: "Enum8('short' = 0, 'standard' = 1, 'long' = 2, 'kept' = 3)",
  raw: 'String',
  fields: 'Map(LowCardinality(String), String)',
};

/** The ClickHouse type of an ECS column. */
export function columnType(of: ColumnKind): string {
  if (of.kind === 'text') return of.low ? 'LowCardinality(String)' : 'String';
  return of.nullable ? `Nullable(${of.type})` : of.type;
}

/** All columns of the table `events`, name → ClickHouse type. */
export const TABLE_COLUMNS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(BASE_COLUMNS),
  ...EVENT_COLUMNS.map((column): [string, string] => [column.column, columnType(column.of)]),
]);
