import { ChdbEngine } from './chdb.ts';
import type { ChdbOptions } from './chdb.ts';
import { ClickHouseEngine } from './clickhouse.ts';
import { migrateEvents } from './migrate.ts';
import { ClickHouseEventsStore } from './store.ts';
import type { StoreOptions } from './store.ts';
import type { EventsStore } from './types.ts';

export { EventsError } from './errors.ts';
export type { EventsErrorCode } from './errors.ts';
export { columnName, EVENT_COLUMNS, RETENTION_DAYS, TABLE_COLUMNS } from './columns.ts';
export type { Retention } from './columns.ts';
export { CAPS, encodeRows } from './rows.ts';
export type { EventRow } from './rows.ts';
export type * from './types.ts';

/** Opens the events store, migrated: a ClickHouse server when `url` is given (`BANYA_EVENTS_URL`), else chDB in `folder`. */
export async function openEvents(options: StoreOptions & ({ readonly url: string } | ChdbOptions)): Promise<EventsStore> {
  const engine = 'url' in options ? await ClickHouseEngine.open(options) : await ChdbEngine.open(options);
  try {
    await migrateEvents(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new ClickHouseEventsStore(engine, options);
}
