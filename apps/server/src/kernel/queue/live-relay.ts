import { AsyncLocalStorage } from 'node:async_hooks';
import type { Gate, Log } from '../db/gate.ts';
import { asLiveEvent, type Live, type LiveEvent } from '../http/live.ts';
import { newId } from '../ids.ts';

const CHANNEL = 'banya_live';
/** Events of one moment go together: a batch of lines may raise hundreds. */
const GATHER_MS = 50;
/** PostgreSQL refuses payloads of 8000 bytes and more (manual, NOTIFY). */
const PAYLOAD_BYTES_MAX = 7_500;
/** More than pages can use in one moment; they read lists, not single things. */
const WAITING_MAX = 2_000;

/**
 * Live events between processes, by NOTIFY: ids only, never content. What is lost while the connection is down is made up
 * for by ending the streams once it is back, so that pages read afresh. Only where the database is PostgreSQL.
 */
export async function relayLive(live: Live, gate: Gate, log: Log): Promise<{ close(): Promise<void> }> {
  if (!gate.listen) return { close: async () => {} };
  const self = newId();
  let waiting = new Map<string, { org: string; event: LiveEvent }>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const send = async (events: readonly { org: string; event: LiveEvent }[]): Promise<void> => {
    for (const payload of payloads(self, events)) await gate.query('select pg_notify($1, $2)', [CHANNEL, payload]);
  };
  // Whoever publishes may be inside a transaction, which this must not join.
  const flush = AsyncLocalStorage.bind(() => {
    timer = undefined;
    const events = [...waiting.values()];
    waiting = new Map();
    sending = sending.then(() => send(events)).catch((error: unknown) => log.warn({ err: error }, 'other processes were not told what changed'));
  });
  live.relayBy((org, event) => {
    if (waiting.size < WAITING_MAX) waiting.set(`${org} ${event.kind} ${event.id}`, { org, event });
    timer ??= setTimeout(flush, GATHER_MS);
  });

  let first = true;
  const listening = await gate.listen(CHANNEL, (payload) => {
    for (const { org, event } of received(self, payload)) live.deliver(org, event);
  }, () => {
    if (!first) live.renew();
    first = false;
  });
  return {
    close: async () => {
      if (timer) {
        clearTimeout(timer);
        flush();
      }
      await sending;
      await listening.close();
    },
  };
}

/** The events as payloads, each short enough. */
function payloads(from: string, events: readonly { org: string; event: LiveEvent }[]): string[] {
  const made: string[] = [];
  let items: string[] = [];
  let bytes = 0;
  const close = (): void => {
    if (items.length > 0) made.push(`{"from":${JSON.stringify(from)},"events":[${items.join(',')}]}`);
    items = [];
    bytes = 0;
  };
  for (const { org, event } of events) {
    const item = JSON.stringify({ org, kind: event.kind, id: event.id });
    const size = Buffer.byteLength(item) + 1;
    if (bytes + size > PAYLOAD_BYTES_MAX) close();
    items.push(item);
    bytes += size;
  }
  close();
  return made;
}

/** Whoever may write to the database may notify, so nothing is taken for granted. */
function received(self: string, payload: string): { org: string; event: LiveEvent }[] {
  try {
    const { from, events } = JSON.parse(payload) as { from?: unknown; events?: unknown };
    if (from === self || !Array.isArray(events)) return [];
    return events.flatMap((item: unknown) => {
      const event = asLiveEvent(item);
      const { org } = item as { org?: unknown };
      return event && typeof org === 'string' ? [{ org, event }] : [];
    });
  } catch {
    return [];
  }
}
