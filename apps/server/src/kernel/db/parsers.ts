import pg from 'pg';

const { builtins } = pg.types;
const DATE_ARRAY = 1182;
const TIMESTAMP_ARRAY = 1115;
const TEXT_ARRAY = 1009;

const plain = (text: string): string => text;
const plainArray = pg.types.getTypeParser(TEXT_ARRAY as number) as (text: string) => unknown;

const OWN = new Map<number, (text: string) => unknown>([
  [builtins.INT8, plain],
  [builtins.NUMERIC, plain],
  // A date has no instant: as a Date it becomes local midnight and shifts a day in Japan when written as UTC.
  [builtins.DATE, plain],
  [builtins.TIMESTAMP, plain],
  [builtins.INTERVAL, plain],
  [DATE_ARRAY, plainArray],
  [TIMESTAMP_ARRAY, plainArray],
]);

/**
 * How column values become JavaScript values, the same for both engines: int8 and numeric as decimal strings, date as
 * 'YYYY-MM-DD', timestamptz as Date, json and jsonb parsed, bytea as Buffer, everything else as node-postgres has it.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    return OWN.get(oid) ?? pg.types.getTypeParser(oid);
  },
};

/**
 * Marks a value for a json or jsonb parameter. Plain objects work without it; an array or a string needs it, because a
 * bare array is sent as a PostgreSQL array and a bare string as it stands.
 */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}
