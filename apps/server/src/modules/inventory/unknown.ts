import type { z } from 'zod';
import type { api } from '@banya/contract';

export interface UnknownSender {
  readonly listener: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly headerHost: string;
  readonly lines: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}
/** What the syslog door counts of senders nobody has registered. */
export interface UnknownCounts {
  snapshot(): { readonly senders: readonly UnknownSender[]; readonly overflow: { readonly senders: number } };
  forget(listener: UnknownSender['listener'], address: string, headerHost: string): void;
}
type Listing = z.input<(typeof api.inventory.unknownSenders.list)['reply']>;

/** Unregistered senders as the desk sees them. Without a door in this process the list is empty. */
export class UnknownSenderBook {
  #counts: UnknownCounts | null = null;

  attach(counts: UnknownCounts): void {
    this.#counts = counts;
  }

  list(): Listing {
    const snapshot = this.#counts?.snapshot();
    return {
      items: (snapshot?.senders ?? []).slice(0, 200).map((s) => ({
        key: keyOf(s), listener: s.listener, address: s.address, headerHost: s.headerHost || null, lines: s.lines, bytes: s.bytes, firstAt: new Date(s.firstSeen).toISOString(), lastAt: new Date(s.lastSeen).toISOString(),
      })),
      overflow: snapshot?.overflow.senders ?? 0,
    };
  }

  find(key: string): UnknownSender | undefined {
    return this.#counts?.snapshot().senders.find((s) => keyOf(s) === key);
  }

  forget(key: string): void {
    const sender = this.find(key);
    if (sender) this.#counts?.forget(sender.listener, sender.address, sender.headerHost);
  }
}

const keyOf = (s: UnknownSender): string => Buffer.from(JSON.stringify([s.listener, s.address, s.headerHost])).toString('base64url');
