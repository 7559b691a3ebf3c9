import { createHash } from 'node:crypto';
import { Zip, ZipDeflate, strToU8 } from 'fflate';
import { api } from '@banya/contract';
import { ledgerRecords } from '../kernel/audit.ts';
import { Problem, notFound } from '../kernel/errors.ts';
import { bind, download, type Bound } from '../kernel/http/call.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { JobHandler, Scope } from '../kernel/types.ts';
import { isoDate } from '@banya/jp';
import type { Files } from '../modules/files/index.ts';
import type { Orgs } from '../modules/orgs/index.ts';
import { addActionTexts } from '../kernel/texts.ts';

declare module '../kernel/types.ts' {
  interface JobPayloads {
    'operate.erase': Record<string, never>;
  }
}

addActionTexts({ 'orgs.erased': { ja: '退会した組織のデータを消しました', en: 'Erased an organisation that left' } });

const PAGE = 1_000;
const ERASE_AFTER_DAYS = 30;

/** Tables of organisations, from the catalogue: what has org_id belongs to somebody. */
async function ownTables(kernel: Kernel): Promise<string[]> {
  const rows = await kernel.tenancy.asSystem('which tables hold an organisation’s data', (tx) =>
    tx.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
        where n.nspname = 'public' and c.relkind = 'r' order by 1`,
    ));
  return rows.map((r) => r.name);
}

/**
 * All data of one organisation as a zip: every table as JSON lines, the logs, the ledger with its hashes, and a list with
 * a hash of each file. Read in the organisation's own scope, so that row-level security decides what is its own. Stored
 * bytes are opened: under the key of the house nobody else could read them.
 */
export function archiveStream(kernel: Kernel, scope: Scope, tables: readonly string[], opened: Files['archive']): ReadableStream<Uint8Array> {
  const files: { name: string; sha256: string; rows: number }[] = [];
  async function* entries(): AsyncGenerator<{ name: string; lines: AsyncGenerator<string> }> {
    for (const table of tables) yield { name: `${table}.jsonl`, lines: table === opened.table ? opened.lines(scope) : tableLines(table) };
    yield { name: 'ledger.jsonl', lines: ledgerLines() };
    yield { name: 'logs.jsonl', lines: eventLines() };
  }
  async function* tableLines(table: string): AsyncGenerator<string> {
    const keys = await kernel.tenancy.inOrg(scope, (tx) =>
      tx.query<{ name: string }>(`select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)`, [table]));
    const order = keys.map((k) => `"${k.name}"`).join(', ');
    let after: string | null = null;
    for (;;) {
      // Rows of the organisation itself only: rows that others share with it are theirs.
      const page: { row: string; key: string }[] = await kernel.tenancy.inOrg(scope, (tx) =>
        tx.query<{ row: string; key: string }>(
          `select to_jsonb(t)::text as row, jsonb_build_array(${order})::text as key from "${table}" t where org_id = $1 ${after === null ? '' : `and jsonb_build_array(${order}) > $3::jsonb`} order by jsonb_build_array(${order}) limit $2`,
          after === null ? [scope.orgId, PAGE] : [scope.orgId, PAGE, after]));
      for (const { row } of page) yield row;
      if (page.length < PAGE) return;
      after = page.at(-1)!.key;
    }
  }
  async function* ledgerLines(): AsyncGenerator<string> {
    for await (const record of ledgerRecords((text, values) => kernel.tenancy.inOrg(scope, (tx) => tx.query(text, values)), scope.orgId)) yield JSON.stringify(record);
  }
  async function* eventLines(): AsyncGenerator<string> {
    let after = { at: 0, id: '00000000-0000-0000-0000-000000000000' };
    for (;;) {
      const rows = await kernel.events.query<{ at: number; event_id: string; source_id: string; raw: string }>(scope.orgId, {
        sql: `select toUnixTimestamp64Milli(received_at) as at, event_id, source_id, raw from events where (toUnixTimestamp64Milli(received_at), event_id) > ({at:Int64}, {id:UUID}) order by at, event_id limit ${PAGE * 5}`,
        params: after, maxSeconds: 60, maxRows: PAGE * 5,
      });
      for (const row of rows) yield JSON.stringify({ receivedAt: new Date(Number(row.at)).toISOString(), source: row.source_id, line: row.raw });
      if (rows.length < PAGE * 5) return;
      after = { at: Number(rows.at(-1)!.at), id: rows.at(-1)!.event_id };
    }
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let out: Uint8Array[] = [];
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      out.push(chunk);
    });
    const add = (name: string): ZipDeflate => {
      const file = new ZipDeflate(name, { level: 6 });
      zip.add(file);
      return file;
    };
    for await (const { name, lines } of entries()) {
      const file = add(name);
      const hash = createHash('sha256');
      let rows = 0;
      let held = '';
      for await (const line of lines) {
        rows += 1;
        held += `${line}\n`;
        if (held.length > 256 * 1024) {
          const chunk = strToU8(held);
          hash.update(chunk);
          file.push(chunk);
          held = '';
          yield* out;
          out = [];
        }
      }
      const rest = strToU8(held);
      hash.update(rest);
      file.push(rest, true);
      files.push({ name, sha256: hash.digest('hex'), rows });
      yield* out;
      out = [];
    }
    add('contents.json').push(strToU8(JSON.stringify({ organisation: scope.orgId, files }, null, 2)), true);
    zip.end();
    yield* out;
  }
  const iterator = bytes();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return(undefined);
    },
  });
}

/** Taking everything along, and leaving: access ends at once, the data is erased thirty days later. */
export function archiveRoutes(kernel: Kernel, orgs: Orgs, files: Files): Bound[] {
  return [
    bind(api.orgs.tree.archive, async ({ scope }) => {
      const tables = await ownTables(kernel);
      await kernel.tenancy.inOrg(scope, async (tx) => tx.audit({ action: 'orgs.archived' }));
      return download(archiveStream(kernel, scope, tables, files.archive), 'application/zip', `banya-${isoDate(new Date(kernel.clock.now()))}.zip`);
    }),
    bind(api.orgs.tree.leave, async ({ scope, body }) => {
      const eraseOn = isoDate(new Date(kernel.clock.now() + ERASE_AFTER_DAYS * 86_400_000));
      // Its units leave with it, and their rows are in scopes of their own: done as system, for the authorised organisation and below.
      await kernel.tenancy.asSystem('let an organisation leave with its units', async (tx) => {
        const org = await orgs.get(tx, scope.orgId);
        if (!org) throw notFound();
        if (org.kind === 'federation') throw new Problem(409, 'federation_cannot_leave');
        if (org.name !== body.name.trim()) throw new Problem(409, 'name_does_not_match');
        for (const orgId of await orgs.markLeft(tx, scope.orgId, eraseOn)) {
          tx.audit({ action: 'orgs.left', orgId, facts: { eraseOn } });
          await tx.emit('orgs.left', { orgId });
        }
      }, { actor: scope.actor });
      return { erasedOn: eraseOn };
    }),
  ];
}

/** Erases organisations whose day has come: every table, the logs, accounts and tokens. The ledger stays, as the proof that it was done. */
export function eraseJob(kernel: Kernel): JobHandler<'operate.erase'> {
  return {
    name: 'operate.erase',
    cron: { expression: '40 3 * * *', zone: 'Asia/Tokyo', payload: {} },
    run: async () => {
      const today = isoDate(new Date(kernel.clock.now()));
      const due = await kernel.tenancy.asSystem('which organisations are to be erased', (tx) => tx.query<{ id: string }>('select id from orgs_orgs where left_at is not null and erase_on <= $1::date', [today]));
      const tables = (await ownTables(kernel)).filter((t) => !t.startsWith('kernel_ledger') && t !== 'orgs_orgs');
      for (const { id } of due) {
        await kernel.events.forget(id);
        await kernel.tenancy.asAuth('erase accounts of an organisation that left', async (tx) => {
          for (const table of ['accounts', 'tokens', 'sso']) await tx.query(`delete from auth.${table} where org_id = $1`, [id]);
        });
        await kernel.tenancy.asSystem('erase an organisation that left', async (tx) => {
          // Modules take away what other organisations hold about it, while the rows that say so are still there.
          await tx.emit('orgs.erasing', { orgId: id });
          let left = tables;
          // Tables that refer to one another go in an order found by trying: what is still referred to waits a round.
          for (let round = 0; left.length > 0 && round < tables.length; round++) {
            const waiting: string[] = [];
            for (const table of left) {
              await tx.query('savepoint erasing');
              try {
                await tx.query(`delete from "${table}" where org_id = $1`, [id]);
                await tx.query('release savepoint erasing');
              } catch {
                await tx.query('rollback to savepoint erasing');
                waiting.push(table);
              }
            }
            left = waiting;
          }
          if (left.length > 0) throw new Error(`tables could not be erased: ${left.join(', ')}`);
          await tx.query(`update orgs_orgs set name = '', reading = null, search_key = '', corporate_number = null, phone = null, own_ranges = '{}', domains = '{}', erase_on = null where id = $1`, [id]);
          tx.audit({ action: 'orgs.erased', orgId: id });
        });
      }
    },
  };
}
