import type { Tx } from './types.ts';

/** Tokens of event batches that were counted: what makes doing a batch twice harmless. */

export async function batchSeen(tx: Tx, token: string): Promise<boolean> {
  return (await tx.query('select 1 from kernel_batches where token = $1', [token])).length > 0;
}

/** Takes a batch's token with this transaction; false when somebody has it. */
export async function takeBatch(tx: Tx, token: string): Promise<boolean> {
  return (await tx.query('insert into kernel_batches (token, at) values ($1, $2) on conflict do nothing returning 1', [token, tx.now])).length === 1;
}

export async function forgetBatches(tx: Tx, before: Date): Promise<void> {
  await tx.query('delete from kernel_batches where at < $1', [before]);
}
