import { setTimeout as sleep } from 'node:timers/promises';
import type { Spool, SpoolRecord } from '../../kernel/spool/types.ts';
import type { DoorLog, DoorMetrics } from './types.ts';

const RETRY_MS = 500;

export function isSpoolFull(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'SPOOL_FULL';
}

/** The way from the door to the spool. It knows whether the spool takes lines, and says so once, not per line. */
export interface Sink {
  /** Writes now or not at all; false when the spool refuses. For UDP, whose senders cannot wait. */
  tryWrite(records: readonly SpoolRecord[]): Promise<boolean>;
  /** Holds the records and tries again until they are on disk; false only when `abandon` came first. For streams, whose senders wait. */
  write(records: readonly SpoolRecord[]): Promise<boolean>;
  /** True while the spool refuses. */
  readonly blocked: boolean;
  /** Ends the retries. */
  abandon(): void;
}

export function createSink(spool: Pick<Spool, 'append'>, log: DoorLog, metrics: DoorMetrics): Sink {
  let blocked = false;
  const ended = new AbortController();

  function refused(error: unknown): void {
    metrics.add('banya_syslog_spool_refused_total', 1, { reason: isSpoolFull(error) ? 'full' : 'error' });
    if (blocked) return;
    blocked = true;
    if (isSpoolFull(error)) log.error({}, 'The disk is nearly full: syslog over TCP waits, syslog over UDP is lost. Free some space on the data disk.');
    else log.error({ error: String(error) }, 'The spool cannot be written: syslog over TCP waits, syslog over UDP is lost. Check the data disk.');
  }

  async function tryWrite(records: readonly SpoolRecord[]): Promise<boolean> {
    try {
      await spool.append(records);
    } catch (error) {
      refused(error);
      return false;
    }
    if (blocked) log.info({}, 'The spool takes lines again.');
    blocked = false;
    return true;
  }

  return {
    tryWrite,
    async write(records) {
      while (!(await tryWrite(records))) {
        try {
          await sleep(RETRY_MS, undefined, { signal: ended.signal });
        } catch {
          return false;
        }
      }
      return true;
    },
    get blocked() {
      return blocked;
    },
    abandon: () => ended.abort(),
  };
}
