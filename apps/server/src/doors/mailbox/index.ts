import { createHash } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import type { Lang } from '@banya/contract';
import { cacheOf } from '../../kernel/config.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import type { JobHandler } from '../../kernel/types.ts';
import { report } from '../smtp/deliver.ts';
import { isAutomatic, isOurs, readFields, senderOf } from '../smtp/headers.ts';
import { openReader, type MailReader } from '../smtp/read.ts';
import type { PeoplePort, SamplesPort } from '../smtp/types.ts';
import { asTrouble, connectMailbox, MAIL_MAX, openAddress, placeOf, type ConnectOptions, type MailboxSettings } from './connect.ts';
import { MailboxError, opened, troubles } from './texts.ts';

declare module '../../kernel/types.ts' {
  interface JobPayloads {
    'mailbox.poll': Record<string, never>;
  }
}

export type { MailboxSettings } from './connect.ts';

/** The settings of members' mailboxes; the desk's samples keep them. */
export interface MailboxStore {
  withMailbox(): Promise<readonly string[]>;
  mailbox(orgId: string): Promise<MailboxSettings | null>;
  /** After a reading: null, or why it failed, in words for the lead. */
  mailboxRead(orgId: string, error: string | null): Promise<void>;
}
export interface PlaceStore {
  get(orgId: string): Promise<{ readonly place: string; readonly uidValidity: string; readonly lastUid: number; readonly readAt: Date } | null>;
  put(orgId: string, at: { readonly place: string; readonly uidValidity: string; readonly lastUid: number }): Promise<void>;
}

export interface MailboxDoorParts extends Partial<Omit<ConnectOptions, 'insideHosts'>> {
  readonly kernel: Pick<Kernel, 'config' | 'clock' | 'log'>;
  readonly store: MailboxStore;
  readonly places: PlaceStore;
  readonly samples: SamplesPort;
  readonly people: PeoplePort;
  readonly loop: { readonly mark: string; readonly isOurId: (id: string) => boolean };
  /** The language of troubles that are kept. */
  readonly lang?: Lang;
  readonly reader?: Pick<MailReader, 'read' | 'close'>;
}

export interface MailboxDoor extends Module {
  /** One try, now; the message is for the person who set it up. */
  test(settings: MailboxSettings, lang: Lang): Promise<{ ok: boolean; message: string }>;
  /** Why these settings cannot be taken at all, null where they can. */
  refusal(settings: MailboxSettings, lang: Lang): Promise<string | null>;
  /** Reads what is new. @returns how many mails were handed on; null when there is no mailbox or it could not be read */
  poll(orgId: string): Promise<number | null>;
}

/** Mails of one mailbox in one round; the rest follows in the next minute. */
const ROUND_MAX = 50;
const AT_ONCE = 4;
const MINUTE = 60_000;
/** Minutes until a mailbox that failed is tried again: a wrong password every minute would lock the account. */
const WAITS = [1, 5, 15, 60] as const;

/**
 * Reads members' mailboxes over IMAP instead of having mail sent in. A mailbox is opened read-only: nothing in it is moved,
 * marked or deleted. Mails that were there before the first reading are let alone. The key of a mail is the hash of its
 * bytes, so that renumbering by the server repeats nothing.
 */
export function openMailboxDoor(parts: MailboxDoorParts): MailboxDoor {
  const { kernel, store, places, samples, people, loop } = parts;
  const options: ConnectOptions = { insideHosts: kernel.config.mailboxInsideHosts, ...(parts.ca ? { ca: parts.ca } : {}), ...(parts.microsoft ? { microsoft: parts.microsoft } : {}) };
  const reader = parts.reader ?? openReader(cacheOf(kernel.config));
  const failures = new Map<string, { times: number; next: number; place: string }>();
  const busy = new Set<string>();
  const lang = parts.lang ?? 'ja';

  const session = async <T>(settings: MailboxSettings, fn: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = await connectMailbox(settings, options);
    try {
      const lock = await client.getMailboxLock(settings.folder?.trim() || 'INBOX', { readOnly: true }).catch((error: unknown) => {
        throw (error as { responseStatus?: unknown }).responseStatus === 'NO' ? new MailboxError('no_folder', settings.folder ?? 'INBOX') : asTrouble(error);
      });
      try {
        return await fn(client);
      } finally {
        lock.release();
      }
    } catch (error) {
      throw asTrouble(error);
    } finally {
      await client.logout().catch(() => client.close());
    }
  };

  async function read(orgId: string, settings: MailboxSettings): Promise<number> {
    const { host, port, user } = placeOf(settings, options);
    const place = createHash('sha256').update(JSON.stringify([settings.kind, host, port, user, settings.folder ?? ''])).digest('hex').slice(0, 32);
    const before = await places.get(orgId);
    return session(settings, async (client) => {
      const box = client.mailbox;
      if (!box) throw new MailboxError('other', 'no mailbox');
      const uidValidity = String(box.uidValidity);
      const first = before?.place !== place;
      if (first) {
        await places.put(orgId, { place, uidValidity, lastUid: box.uidNext - 1 });
        return 0;
      }
      const renumbered = before.uidValidity !== uidValidity;
      const from = renumbered ? 0 : before.lastUid;
      // After renumbering only what has come since the last reading, with a day to spare; what is known is not taken again.
      const found = renumbered ? await client.search({ since: new Date(before.readAt.getTime() - 86_400_000) }, { uid: true }) : box.uidNext - 1 > from ? await client.search({ uid: `${from + 1}:*` }, { uid: true }) : [];
      const fresh = (found || []).filter((uid) => uid > from).sort((a, b) => a - b);
      let handed = 0;
      for (const uid of fresh.slice(0, ROUND_MAX)) {
        try {
          if (await one(client, orgId, uid, user)) handed += 1;
        } catch (error) {
          // Too many at once is no fault of the mailbox: the next round goes on here.
          if ((error as { status?: unknown }).status === 429) return handed;
          throw error;
        }
        await places.put(orgId, { place, uidValidity, lastUid: uid });
      }
      if (renumbered && fresh.length === 0) await places.put(orgId, { place, uidValidity, lastUid: box.uidNext - 1 });
      return handed;
    });
  }

  async function one(client: ImapFlow, orgId: string, uid: number, user: string): Promise<boolean> {
    const size = await client.fetchOne(String(uid), { size: true }, { uid: true });
    if (!size || (size.size ?? 0) > MAIL_MAX) {
      if (size) kernel.log.warn({ org: orgId, bytes: size.size }, 'a mail in a mailbox is too large to be checked');
      return false;
    }
    const message = await client.fetchOne(String(uid), { source: true }, { uid: true });
    if (!message || !message.source) return false;
    const raw = message.source;
    const fields = readFields(raw);
    // Passing many servers is no circle here: whoever adds thirty lines would keep a mail from being looked at.
    if (isOurs(fields, loop)) return false;
    const from = senderOf(fields);
    const known = from === null ? [] : await people.byAddress(from);
    // Whoever is on the list has forwarded it; what is from elsewhere lies here as it came, and the mailbox is who asks.
    const ours = known.some((p) => p.orgId === orgId);
    await report({ samples }, { orgId }, {
      key: `mailbox ${createHash('sha256').update(raw).digest('hex')}`, raw, from: ours ? from : user, known, automatic: isAutomatic(fields, from ?? 'nobody@invalid'), read: ours ? await reader.read(raw) : { unread: 'not a note' }, channel: 'mailbox', proof: 'address',
    });
    return true;
  }

  async function poll(orgId: string): Promise<number | null> {
    if (busy.has(orgId)) return null;
    busy.add(orgId);
    try {
      const settings = await store.mailbox(orgId);
      if (!settings || settings.kind === 'none') return null;
      const place = JSON.stringify(settings);
      const failed = failures.get(orgId);
      if (failed && failed.place === place && failed.next > kernel.clock.now()) return null;
      try {
        const handed = await read(orgId, settings);
        failures.delete(orgId);
        await store.mailboxRead(orgId, null);
        return handed;
      } catch (error) {
        const { trouble, message } = asTrouble(error);
        const times = failed?.place === place ? failed.times + 1 : 1;
        failures.set(orgId, { times, place, next: kernel.clock.now() + WAITS[trouble === 'login_refused' ? WAITS.length - 1 : Math.min(times, WAITS.length) - 1]! * MINUTE });
        kernel.log.warn({ org: orgId, why: message }, 'a mailbox could not be read');
        await store.mailboxRead(orgId, troubles[trouble][lang]);
        return null;
      }
    } finally {
      busy.delete(orgId);
    }
  }

  const job: JobHandler<'mailbox.poll'> = {
    name: 'mailbox.poll',
    cron: { expression: '* * * * *', zone: 'Asia/Tokyo', payload: {} },
    run: async (_payload, { signal }) => {
      const waiting = [...(await store.withMailbox())];
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (let orgId = waiting.shift(); orgId !== undefined && !signal.aborted; orgId = waiting.shift()) await poll(orgId);
      }));
    },
  };

  return {
    name: 'mailbox',
    jobs: [job],
    poll,
    async test(settings, asked) {
      try {
        return await session(settings, async (client) => ({ ok: true, message: opened(client.mailbox ? client.mailbox.exists : 0, asked) }));
      } catch (error) {
        return { ok: false, message: troubles[asTrouble(error).trouble][asked] };
      }
    },
    async refusal(settings, asked) {
      if (settings.kind === 'none') return null;
      try {
        await openAddress(placeOf(settings, options), options.insideHosts);
        return null;
      } catch (error) {
        const { trouble } = asTrouble(error);
        return trouble === 'inside' || trouble === 'incomplete' ? troubles[trouble][asked] : null;
      }
    },
    stop: async () => reader.close(),
  };
}
