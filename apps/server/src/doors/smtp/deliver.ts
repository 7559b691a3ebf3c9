import { placeKey, places } from './addresses.ts';
import { dmarcOf, idsIn, isAutomatic, readFields, referencesOf, senderOf, valuesOf, type Field } from './headers.ts';
import type { ReadMail } from './read.ts';
import { noteOf, touchedIn } from './touched.ts';
import type { Head, PeoplePort, SamplesPort, Target, TicketsPort } from './types.ts';

export interface DeliverParts {
  readonly samples: SamplesPort | null;
  readonly tickets: TicketsPort;
  readonly people: PeoplePort;
  readonly read: (raw: Uint8Array) => Promise<ReadMail | { readonly unread: string }>;
  /** The name that the own mail server writes into Authentication-Results. */
  readonly authserv: string | null;
}

export interface Delivered {
  /** Nothing but the door's file holds the raw bytes of what could not be read. */
  readonly keep: boolean;
}

/**
 * Hands one mail on to each place it was sent to. Each place takes it once under the id of the file, so doing all of it
 * again after a crash changes nothing. Throws when a place cannot take it now.
 */
export async function deliver(parts: DeliverParts, id: string, head: Head, raw: Uint8Array): Promise<Delivered> {
  const fields = readFields(raw);
  const from = senderOf(fields);
  const automatic = isAutomatic(fields, head.from);
  const known = from === null ? [] : await parts.people.byAddress(from);
  const read = await parts.read(raw);
  const dmarc = head.relay && parts.authserv !== null ? dmarcOf(fields, parts.authserv) : 'none';
  let keep = false;
  for (const target of places(head.to.map((t) => t.target))) {
    const key = `mail ${id} ${placeKey(target)}`;
    if (target.kind === 'report') {
      const token = head.to.some((t) => placeKey(t.target) === placeKey(target) && /^report[+-]/.test(t.address));
      await report(parts, target, { key, raw, from, known: dmarc === 'fail' ? [] : known, automatic, read, channel: 'mail', proof: dmarc === 'pass' ? 'sender' : token ? 'address' : 'none' }).catch(async (error: unknown) => {
        // Taken before its room was full, or at an open address, which answers everybody alike: listed like a stranger's, since it would wait on disk for days.
        const desk = (error as { code?: unknown }).code !== 'samples_full' ? null : ((await parts.tickets.strangers?.()) ?? null);
        if (desk === null) throw error;
        const stranger = { kind: 'stranger', orgId: desk.orgId, to: 'report' } as const;
        const { rawKept } = await parts.tickets.receiveStranger!({ ...ticketMail(stranger, `mail ${id} ${placeKey(stranger)}`, { fields, from, automatic, read, raw, dmarc }), to: 'report' });
        if (!rawKept) keep = true;
      });
    } else if (target.kind === 'stranger') {
      const { rawKept } = await parts.tickets.receiveStranger!({ ...ticketMail(target, key, { fields, from, automatic, read, raw, dmarc }), to: target.to });
      if (!rawKept) keep = true;
    } else {
      const { rawKept } = await parts.tickets.receive(ticketMail(target, key, { fields, from, automatic, read, raw, dmarc }));
      if ('unread' in read && !rawKept) keep = true;
    }
  }
  return { keep };
}

interface Reported {
  readonly key: string;
  readonly raw: Uint8Array;
  readonly from: string | null;
  readonly known: Awaited<ReturnType<PeoplePort['byAddress']>>;
  readonly automatic: boolean;
  readonly read: ReadMail | { readonly unread: string };
  readonly channel: 'mail' | 'mailbox';
  readonly proof: 'none' | 'address' | 'sender';
}

/**
 * A mail that somebody asks about. An answer goes to people of that organisation alone, by their registered address. `known`:
 * nobody where the sender's domain is proven false, since the answer and the praise would go to whom was imitated.
 */
export async function report({ samples }: Pick<DeliverParts, 'samples'>, target: { readonly orgId: string }, mail: Reported): Promise<void> {
  if (!samples) throw new Error('nobody takes reports here');
  const person = mail.known.find((p) => p.orgId === target.orgId);
  await samples.report({
    orgId: target.orgId, raw: mail.raw, channel: mail.channel, key: mail.key, proof: mail.proof,
    reporter: { id: person?.personId ?? null, name: person?.name ?? mail.from?.slice(0, 200) ?? '' },
    touched: 'unread' in mail.read ? null : touchedIn(noteOf(mail.read.text, mail.read.attached)),
    answer: person !== undefined && !mail.automatic,
  });
}

interface Parsed {
  readonly fields: readonly Field[];
  readonly from: string | null;
  readonly automatic: boolean;
  readonly read: ReadMail | { readonly unread: string };
  readonly raw: Uint8Array;
  readonly dmarc: 'pass' | 'fail' | 'none';
}

function ticketMail(target: Exclude<Target, { kind: 'report' }>, key: string, { fields, from, automatic, read, raw, dmarc }: Parsed): Parameters<TicketsPort['receive']>[0] {
  return {
    orgId: target.orgId, ticketId: target.kind === 'ticket' ? target.ticketId : null, key, from, name: 'unread' in read ? '' : read.name, subject: 'unread' in read ? '' : read.subject, text: 'unread' in read ? '' : read.text,
    messageId: idsIn(valuesOf(fields, 'message-id')[0] ?? '')[0] ?? null, references: referencesOf(fields), automatic, dmarc, raw,
    unread: 'unread' in read ? read.unread : null,
  };
}
