/** The search's questions to one organisation's events. Every value is a parameter; the store adds the organisation. */
import { isEcsName } from '@banya/logs';
import { columnName, EVENT_COLUMNS, EventsError, type EventsStore } from '../../kernel/events/index.ts';
import { Problem } from '../../kernel/errors.ts';
import type { Condition } from './query/compile.ts';
import { COUNTABLE } from './query/fields.ts';
import type { Span, Step } from './rules.ts';

const SECONDS = 20;
const RAW_MAX = 4_000;
const VALUES = 15;

const IN_TIME = 'timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND timestamp < fromUnixTimestamp64Milli({to:Int64})';

/** Place of a row in the order of results, newest first. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

export interface EventLine extends Place {
  readonly receivedAt: number;
  readonly sourceId: string;
  readonly deviceId: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly rawCut: boolean;
}

/** Says what the store's refusal means to whoever searched. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EventsError && ['EVENTS_TIMEOUT', 'EVENTS_BUSY', 'EVENTS_UNAVAILABLE', 'EVENTS_TOO_MANY_ROWS'].includes(error.code)) throw new Problem(503, 'search_slow', {}, { cause: error });
    throw error;
  }
}

/** Newest first. Two statements: which rows they are is read from few columns, and only theirs are then read whole. */
export async function lines(events: Pick<EventsStore, 'query'>, orgId: string, condition: Condition, span: Span, after: Place | null, limit: number): Promise<EventLine[]> {
  const beyond = after === null ? '' : ' AND timestamp <= fromUnixTimestamp64Milli({afterAt:Int64}) AND (timestamp < fromUnixTimestamp64Milli({afterAt:Int64}) OR event_id < {afterId:UUID})';
  const found = await events.query<Place>(orgId, {
    sql: `SELECT toUnixTimestamp64Milli(timestamp) AS at, event_id AS id FROM events WHERE ${IN_TIME}${beyond} AND ${condition.sql} ORDER BY timestamp DESC, event_id DESC LIMIT {limit:UInt32}`,
    params: { ...condition.params, from: span.from, to: span.to, limit, ...(after === null ? {} : { afterAt: after.at, afterId: after.id }) }, maxSeconds: SECONDS,
  });
  if (found.length === 0) return [];
  const rows = await events.query<Record<string, unknown>>(orgId, {
    sql: `SELECT toUnixTimestamp64Milli(timestamp) AS at, toUnixTimestamp64Milli(received_at) AS received, event_id, source_id, device_id, fields, left(raw, ${RAW_MAX}) AS line, length(raw) > ${RAW_MAX} AS cut, ${EVENT_COLUMNS.map((c) => c.column).join(', ')}
      FROM events WHERE timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND timestamp <= fromUnixTimestamp64Milli({to:Int64}) AND event_id IN {ids:Array(UUID)} ORDER BY timestamp DESC, event_id DESC LIMIT {limit:UInt32}`,
    params: { from: Number(found.at(-1)!.at), to: Number(found[0]!.at), ids: found.map((f) => f.id), limit }, maxSeconds: SECONDS,
  });
  return rows.map(lineOf);
}

function lineOf(row: Record<string, unknown>): EventLine {
  const fields: Record<string, string> = {};
  for (const { ecs, column, of } of EVENT_COLUMNS) {
    const value = row[column];
    // Absent texts stand as '', absent numbers as 0, where 0 has no meaning of its own.
    if (value === null || value === '' || (of.kind === 'uint' && !of.nullable && Number(value) === 0)) continue;
    fields[ecs] = String(value);
  }
  for (const [key, value] of Object.entries(row.fields as Record<string, string>)) fields[isEcsName(key) && !(key in fields) ? key : `fields.${key}`] = value;
  return { at: Number(row.at), id: String(row.event_id), receivedAt: Number(row.received), sourceId: String(row.source_id), deviceId: row.device_id === null ? null : String(row.device_id), fields, raw: String(row.line).toWellFormed(), rawCut: Number(row.cut) === 1 };
}

const BUCKET: Readonly<Record<Step, string>> = {
  minute: 'toUnixTimestamp(toStartOfFiveMinutes(timestamp))',
  hour: 'toUnixTimestamp(toStartOfHour(timestamp))',
  day: 'toUnixTimestamp(toStartOfDay(timestamp, {zone:String}))',
  month: 'toUnixTimestamp(toDateTime(toStartOfMonth(timestamp, {zone:String}), {zone:String}))',
};

export async function counts(events: Pick<EventsStore, 'query'>, orgId: string, condition: Condition, span: Span, step: Step, zone: string): Promise<{ at: number; count: number }[]> {
  const rows = await events.query<{ at: number; n: number }>(orgId, {
    sql: `SELECT ${BUCKET[step]} AS at, count() AS n FROM events WHERE ${IN_TIME} AND ${condition.sql} GROUP BY at ORDER BY at LIMIT 5000`,
    params: { ...condition.params, from: span.from, to: span.to, zone }, maxSeconds: SECONDS,
  });
  return rows.map((row) => ({ at: Number(row.at) * 1_000, count: Number(row.n) }));
}

/** The column of a field whose values can be counted, by its ECS name; undefined for others. */
export const countable = (field: string): string | undefined => (Object.values(COUNTABLE).includes(field as never) ? columnName(field) : undefined);

export async function values(events: Pick<EventsStore, 'query'>, orgId: string, condition: Condition, span: Span, column: string): Promise<{ distinct: number; items: { value: string; count: number }[] }> {
  const absent = EVENT_COLUMNS.find((c) => c.column === column)?.of.kind === 'uint' ? '0' : "''";
  const where = `${IN_TIME} AND ${column} != ${absent} AND ${condition.sql}`;
  const params = { ...condition.params, from: span.from, to: span.to };
  const rows = await events.query<{ value: string; n: number; distinct_n: number }>(orgId, {
    sql: `WITH found AS (SELECT toString(${column}) AS value, count() AS n FROM events WHERE ${where} GROUP BY value) SELECT value, n, (SELECT count() FROM found) AS distinct_n FROM found ORDER BY n DESC, value LIMIT ${VALUES}`,
    params, maxSeconds: SECONDS,
  });
  return { distinct: Number(rows[0]?.distinct_n ?? 0), items: rows.map((r) => ({ value: r.value.toWellFormed(), count: Number(r.n) })) };
}
