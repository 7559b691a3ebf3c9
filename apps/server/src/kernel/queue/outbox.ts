import type { Gate, Log } from '../db/gate.ts';
import type { TxSession } from '../db/session.ts';
import type { JobOptions } from '../types.ts';

/** Jobs taken from the table at once. */
const BATCH = 200;

export interface OutboxRow {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly options: JobOptions;
}

/** Stores jobs with the transaction that asks for them: they exist exactly if it commits. */
export async function writeOutbox(session: TxSession, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await session.run(
    `insert into kernel_outbox select * from jsonb_to_recordset($1::jsonb) as r(id uuid, name text, payload jsonb, options jsonb)`,
    [JSON.stringify(rows)],
    'kernel_outbox_add',
  );
}

/**
 * Moves stored jobs to the queue. `send` must accept the same row twice (same id, one job): rows are deleted after it, so
 * a death in between sends them again. Jobs of a name that `send` refuses stay, and are tried at the next flush.
 */
export async function flushOutbox(gate: Gate, send: (name: string, rows: readonly OutboxRow[]) => Promise<void>, log: Log): Promise<void> {
  const refused: string[] = [];
  for (;;) {
    const { rows } = await gate.query<OutboxRow & Record<string, unknown>>(
      'select id, name, payload, options from kernel_outbox where name <> all($1::text[]) order by id limit $2',
      [refused, BATCH],
    );
    if (rows.length === 0) return;
    const sent: string[] = [];
    for (const [name, jobs] of Map.groupBy(rows, (row) => row.name)) {
      try {
        await send(name, jobs);
        sent.push(...jobs.map(({ id }) => id));
      } catch (error) {
        refused.push(name);
        log.error({ err: error, job: name, count: jobs.length }, 'jobs stay in the outbox: the queue refused them');
      }
    }
    if (sent.length > 0) await gate.query('delete from kernel_outbox where id = any($1::uuid[])', [sent]);
    if (rows.length < BATCH && refused.length === 0) return;
  }
}
