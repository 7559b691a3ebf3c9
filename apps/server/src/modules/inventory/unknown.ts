import type { z } from 'zod';
import type { api } from '@banya/contract';
import type { Tenancy } from '../../kernel/types.ts';
import { unknownSenders as rows } from './store.ts';

export interface UnknownSender {
  readonly listener: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly headerHost: string;
  readonly fingerprint: string;
  readonly lines: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}
type SenderId = Pick<UnknownSender, 'listener' | 'address' | 'headerHost' | 'fingerprint'>;
/** What the syslog door counts of senders nobody has registered. */
export interface UnknownCounts {
  snapshot(): { readonly senders: readonly UnknownSender[]; readonly overflow: { readonly senders: number } };
  forget(sender: SenderId): void;
}
type Listing = Omit<z.input<(typeof api.inventory.unknownSenders.list)['reply']>, 'waiting'>;

/** Of those that wait for the desk, of those proven by a connection, and of those whose address may be forged. */
const SHOWN_OF_EACH = 100;

/**
 * Unregistered senders as the desk sees them. The process with the syslog door counts them in memory and adds what is new
 * to the database now and then; whichever process serves the page reads them there.
 */
export class UnknownSenderBook {
  readonly #tenancy: Tenancy;
  #counts: UnknownCounts | null = null;
  /** What of the counts in memory is in the database already. */
  #written = new Map<string, UnknownSender>();
  #writing: Promise<void> = Promise.resolve();

  constructor(tenancy: Tenancy) {
    this.#tenancy = tenancy;
  }

  attach(counts: UnknownCounts): void {
    this.#counts = counts;
  }

  /** Adds what was counted since the last time to the database. One at a time, so that nothing is added twice. */
  flush(): Promise<void> {
    const writing = this.#writing.catch(() => {}).then(() => this.#flush());
    this.#writing = writing;
    return writing;
  }

  async #flush(): Promise<void> {
    if (!this.#counts) return;
    const { senders } = this.#counts.snapshot();
    const fresh = senders.flatMap((sender) => {
      const before = this.#written.get(keyOf(sender));
      // One that fell out of the table and came again counts from zero.
      const known = before?.firstSeen === sender.firstSeen ? before : null;
      const lines = sender.lines - (known?.lines ?? 0);
      return lines > 0 ? [{ ...sender, key: keyOf(sender), lines, bytes: sender.bytes - (known?.bytes ?? 0) }] : [];
    });
    if (fresh.length > 0) await this.#tenancy.asSystem('count senders that nobody has registered', (tx) => rows.add(tx, fresh));
    this.#written = new Map(senders.map((s) => [keyOf(s), s]));
  }

  async list(): Promise<Listing> {
    await this.flush();
    const { newest, all } = await this.#tenancy.asSystem('show senders that nobody has registered', async (tx) => ({ newest: await rows.newest(tx, SHOWN_OF_EACH), all: await rows.count(tx) }));
    return {
      items: newest.map((s) => ({ key: s.key, listener: s.listener, address: s.address, headerHost: s.header_host || null, fingerprint: s.fingerprint || null, lines: Number(s.lines), bytes: Number(s.bytes), firstAt: s.first_at.toISOString(), lastAt: s.last_at.toISOString() })),
      overflow: all - newest.length,
    };
  }

  async find(key: string): Promise<SenderId | null> {
    await this.flush();
    const row = await this.#tenancy.asSystem('show senders that nobody has registered', (tx) => rows.get(tx, key));
    return row ? { listener: row.listener, address: row.address, headerHost: row.header_host, fingerprint: row.fingerprint } : null;
  }

  /** Lines that another process still counts meanwhile bring no row back: whoever is registered is not shown. */
  async forget(key: string): Promise<void> {
    const sender = await this.find(key);
    if (!sender) return;
    this.#counts?.forget(sender);
    await this.#tenancy.asSystem('count senders that nobody has registered', (tx) => rows.remove(tx, key));
  }
}

const keyOf = (s: SenderId): string => Buffer.from(JSON.stringify(s.fingerprint ? ['certificate', s.fingerprint] : [s.listener, s.address, s.headerHost])).toString('base64url');
