import type { Tx } from '../kernel/types.ts';

/** The same transaction, telling the modules another instant: what the demonstration makes is older than its first opening. */
export const dated = (tx: Tx, at: number): Tx => ({
  orgId: tx.orgId, actor: tx.actor, now: new Date(at), table: () => tx.table(), query: (text, values) => tx.query(text, values), emit: (name, payload) => tx.emit(name, payload),
  job: (name, payload, options) => tx.job(name, payload, options), audit: (entry) => tx.audit(entry), afterCommit: (fn) => tx.afterCommit(fn),
});
