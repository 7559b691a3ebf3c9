import type { Gate, GateClient } from '../../kernel/db/gate.ts';

const PAGE = 500;
/** Rows with bytes in them are large: a page must fit into memory many times over. */
const PAGE_OF_BYTES = 16;

/** A table of ours: where it is, and in which order rows go back so that those they refer to are there before them. */
export interface TableName {
  readonly schema: 'public' | 'auth';
  readonly name: string;
}
export interface TableFigures {
  readonly rows: number;
  readonly hash: string;
}

const roleFor = (table: TableName): string => (table.schema === 'auth' ? 'banya_auth' : 'banya_system');
const quoted = (table: TableName): string => `${table.schema}."${table.name}"`;
const key = (table: TableName): string => `${table.schema}.${table.name}`;

/** All tables with data, referred-to tables first. The queue's own tables are left out: schedules are made anew and waiting work is found again by the modules' sweeps. */
export async function listTables(client: GateClient): Promise<TableName[]> {
  const { rows: tables } = await client.query<{ schema: 'public' | 'auth'; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'auth') and c.relkind = 'r' order by 1, 2`,
  );
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `select fn.nspname || '.' || f.relname as from, tn.nspname || '.' || t.relname as to
       from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
      where k.contype = 'f' and k.conrelid <> k.confrelid`,
  );
  const sorted: TableName[] = [];
  const placed = new Set<string>();
  const place = (table: TableName, trail: readonly string[]): void => {
    if (placed.has(key(table)) || trail.includes(key(table))) return;
    for (const reference of references) if (reference.from === key(table)) place(tables.find((t) => key(t) === reference.to)!, [...trail, key(table)]);
    placed.add(key(table));
    sorted.push(table);
  };
  for (const table of tables) place(table, []);
  return sorted;
}

/** Rows as JSON texts, in order of the primary key, a page at a time, inside the caller's transaction. */
export async function* dumpTable(client: GateClient, table: TableName): AsyncGenerator<string[]> {
  const { rows: keys } = await client.query<{ name: string }>(
    `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)`,
    [quoted(table)],
  );
  const { rows: bytes } = await client.query('select 1 from pg_attribute where attrelid = $1::regclass and atttypid = \'bytea\'::regtype and not attisdropped', [quoted(table)]);
  const page = bytes.length > 0 ? PAGE_OF_BYTES : PAGE;
  await client.query(`set local role ${roleFor(table)}`);
  await client.query(`declare backup_rows no scroll cursor for select to_jsonb(t)::text as row from ${quoted(table)} t order by ${keys.map((k) => `t."${k.name}"`).join(', ') || '1'}`);
  try {
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${page} from backup_rows`);
      if (rows.length > 0) yield rows.map((r) => r.row);
      if (rows.length < page) break;
    }
  } finally {
    await client.query('close backup_rows');
    await client.query('reset role');
  }
}

export async function loadRows(client: GateClient, table: TableName, rows: readonly string[]): Promise<void> {
  await client.query(`set local role ${roleFor(table)}`);
  await client.query(`insert into ${quoted(table)} select r.* from jsonb_populate_recordset(null::${quoted(table)}, $1::jsonb) as r`, [`[${rows.join(',')}]`]);
  await client.query('reset role');
}

/** Row count and an order-free hash of a table: the same rows give the same figures on both engines. */
export async function tableFigures(client: GateClient, table: TableName): Promise<TableFigures> {
  await client.query(`set local role ${roleFor(table)}`);
  const { rows } = await client.query<{ n: string; hash: string }>(`select count(*) as n, coalesce(sum(('x' || substr(md5(to_jsonb(t)::text), 1, 15))::bit(60)::bigint), 0)::text as hash from ${quoted(table)} t`);
  await client.query('reset role');
  return { rows: Number(rows[0]!.n), hash: rows[0]!.hash };
}

/** A transaction that sees one moment of all tables, with times in UTC so that texts agree everywhere. */
export function snapshot<T>(gate: Gate, fn: (client: GateClient) => Promise<T>): Promise<T> {
  return gate.transaction(fn, `set transaction isolation level repeatable read; set local timezone = 'UTC'`);
}

export function loading<T>(gate: Gate, fn: (client: GateClient) => Promise<T>): Promise<T> {
  return gate.transaction(fn, `set local timezone = 'UTC'`);
}
