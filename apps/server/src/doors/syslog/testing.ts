/** A spool in memory for tests of the door: keeps what it acknowledged, can be slow, full or stuck. */
import type { Spool, SpoolRecord } from '../../kernel/spool/types.ts';
import type { DoorLog, DoorMetrics } from './types.ts';

export interface MemorySpool extends Pick<Spool, 'append'> {
  readonly records: SpoolRecord[];
  full: boolean;
  delayMs: number;
  appends: number;
  lines(sourceId?: string): string[];
}

export function memorySpool(): MemorySpool {
  return {
    records: [],
    full: false,
    delayMs: 0,
    appends: 0,
    async append(records) {
      this.appends++;
      if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      if (this.full) throw Object.assign(new Error('disk floor'), { code: 'SPOOL_FULL' });
      this.records.push(...records.map((record) => ({ ...record, payload: Uint8Array.from(record.payload) })));
    },
    lines(sourceId) {
      return this.records.filter((r) => sourceId === undefined || r.sourceId === sourceId).map((r) => Buffer.from(r.payload).toString('latin1'));
    },
  };
}

export interface Recorded {
  readonly log: DoorLog & { readonly entries: { level: string; text: string }[] };
  readonly metrics: DoorMetrics & { total(name: string): number };
}

export function recorders(): Recorded {
  const entries: { level: string; text: string }[] = [];
  const sums = new Map<string, number>();
  return {
    log: {
      entries,
      info: (_facts, text) => void entries.push({ level: 'info', text }),
      warn: (_facts, text) => void entries.push({ level: 'warn', text }),
      error: (_facts, text) => void entries.push({ level: 'error', text }),
    },
    metrics: {
      add: (name, value) => void sums.set(name, (sums.get(name) ?? 0) + value),
      total: (name) => sums.get(name) ?? 0,
    },
  };
}

/** Waits until `done` is true; fails the test after `ms`. */
export async function until(done: () => boolean, what: string, ms = 8000): Promise<void> {
  const end = performance.now() + ms;
  while (!done()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
