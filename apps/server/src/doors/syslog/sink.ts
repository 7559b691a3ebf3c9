import { setTimeout as sleep } from 'node:timers/promises';
import type { Spool, SpoolRecord } from '../../kernel/spool/types.ts';
import type { DoorLog, DoorMetrics } from './types.ts';

const RETRY_MS = 500;
const RETRY_BUSY_MS = 50;

/** The way from the door to the spool. It knows whether the spool takes lines, and says so once, not per line. */
export interface Sink {
  /** Writes now or not at all; false when the spool refuses. For UDP, whose senders cannot wait. */
  tryWrite(records: readonly SpoolRecord[]): Promise<boolean>;
  /**
   * Holds the records and tries again until they are on disk. For streams, whose senders wait. False when `abandon`
   * came first, or when the spool can never keep these records (which is a mistake of the directory, and logged).
   */
  write(records: readonly SpoolRecord[]): Promise<boolean>;
  /** True while the spool refuses. */
  readonly blocked: boolean;
  /** Ends the retries. */
  abandon(): void;
}

type Outcome = 'written' | 'busy' | 'refused' | 'never';

export function createSink(spool: Pick<Spool, 'append'>, log: DoorLog, metrics: DoorMetrics): Sink {
  let blocked = false;
  const ended = new AbortController();

  async function attempt(records: readonly SpoolRecord[]): Promise<Outcome> {
    try {
      await spool.append(records);
    } catch (error) {
      return refused(error, (error as { code?: unknown } | null)?.code);
    }
    if (blocked) log.info({}, 'The spool takes lines again.');
    blocked = false;
    return 'written';
  }

  function refused(error: unknown, code: unknown): Outcome {
    metrics.add('banya_syslog_spool_refused_total', 1, { reason: typeof code === 'string' ? code : 'unknown' });
    if (code === 'SPOOL_RECORD') {
      log.error({ error: String(error) }, 'Lines were lost: their source has no proper identifier. Register the device again.');
      return 'never';
    }
    // The disk is slower than the senders; nothing is wrong with it.
    if (code === 'SPOOL_BUSY') return 'busy';
    if (!blocked) {
      if (code === 'SPOOL_FULL') log.error({}, 'The disk is nearly full: syslog over TCP waits, syslog over UDP is lost. Free some space on the data disk.');
      else log.error({ error: String(error) }, 'The spool cannot be written: syslog over TCP waits, syslog over UDP is lost. Check the data disk.');
    }
    blocked = true;
    return 'refused';
  }

  return {
    tryWrite: async (records) => (await attempt(records)) === 'written',
    async write(records) {
      for (;;) {
        const outcome = await attempt(records);
        if (outcome === 'written' || outcome === 'never') return outcome === 'written';
        try {
          await sleep(outcome === 'busy' ? RETRY_BUSY_MS : RETRY_MS, undefined, { signal: ended.signal });
        } catch {
          return false;
        }
      }
    },
    get blocked() {
      return blocked;
    },
    abandon: () => ended.abort(),
  };
}
