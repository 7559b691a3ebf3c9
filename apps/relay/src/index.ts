/** The relay as a library: what the server needs to read its bodies, and what tests need to run it. */
import { readFileSync } from 'node:fs';
import { openIntake } from './intake.ts';
import type { RelayOptions } from './options.ts';
import { startSender } from './sender.ts';
import { RelaySpool, type SpoolLimits } from './spool.ts';
import { openStatusPage, type RelayStatus } from './status.ts';

export { decodeLine, encodeLine, RELAY_MEDIA_TYPE, type RelayLine } from './wire.ts';
export { readOptions, UsageError, USAGE, type RelayOptions } from './options.ts';
export { statusLine, type RelayStatus } from './status.ts';

export interface Relay {
  readonly port: number;
  readonly statusPort: number | null;
  status(): RelayStatus;
  /** Stops listening, writes what was received to disk; at most 5 s. Safe to call twice. What waits is sent after the next start. */
  close(): Promise<void>;
}

export interface RelayTuning {
  readonly spool?: Partial<SpoolLimits>;
  readonly backoffMs?: number;
  readonly answerMs?: number;
  readonly tokenCheckMs?: number;
}

/** Starts everything. Rejects when a port or the folder cannot be had; nothing stays open then. */
export async function startRelay(options: RelayOptions, log: (text: string) => void, tuning: RelayTuning = {}): Promise<Relay> {
  const { token } = options;
  const readToken = 'file' in token ? () => readFileSync(token.file, 'utf8').trim() : () => token.value;
  readToken();
  let status: () => RelayStatus = () => {
    throw new Error('the relay has not started');
  };
  // First, because its port tells a second relay on the same computer that there is one already.
  const page = options.statusPort === 0 ? null : await openStatusPage(options.statusPort, () => status());
  try {
    const spool = new RelaySpool(options.spool, { maxBytes: options.spoolMaxBytes, ...tuning.spool });
    const intake = await openIntake(options.host, options.port, spool).catch(async (error: unknown) => {
      await spool.close();
      throw error;
    });
    const { backoffMs, answerMs, tokenCheckMs } = tuning;
    const sender = startSender({
      server: options.server,
      source: options.source,
      token: readToken,
      spool,
      log,
      ...(options.caFile === undefined ? {} : { caFile: options.caFile }),
      ...(backoffMs === undefined ? {} : { backoffMs }),
      ...(answerMs === undefined ? {} : { answerMs }),
      ...(tokenCheckMs === undefined ? {} : { tokenCheckMs }),
    });
    status = () => ({
      state: sender.state,
      listening: `${options.host}:${intake.port} (UDP, TCP)`,
      lastSuccess: sender.lastSuccess,
      sentLines: sender.sentLines,
      queue: spool.status,
      lost: intake.lost,
      senders: intake.senders(),
    });
    let closed: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      sender.stop();
      await intake.close();
      await spool.close();
      await sender.done;
      page?.close();
    };
    return { port: intake.port, statusPort: page?.port ?? null, status: () => status(), close: () => (closed ??= close()) };
  } catch (error) {
    page?.close();
    throw error;
  }
}
