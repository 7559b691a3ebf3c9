import type { Tx } from '../../kernel/types.ts';

/** What somebody did with a mail before asking about it; null when they did not say. */
export type Touched = 'link' | 'file' | 'typed' | 'unsure';

/** Mails that people ask about; the desk's samples answer this. */
export interface SamplesPort {
  /** A mail to report is about to come. */
  warm?(): void;
  /** The organisation behind an address for reports, by the part before the @; null when nobody has it. */
  recipient(localPart: string): Promise<{ orgId: string } | null>;
  /** Whether this organisation takes more mails now, proven to be their sender's or not; the desk hears of it when not. */
  room?(orgId: string, proven: boolean): Promise<boolean>;
  /** Takes a mail once, however often it is told with the same `key`. `answer`: the reporter may get an answer mail. */
  report(mail: ReportedMail): Promise<{ sampleId: string; again: boolean }>;
}

export interface ReportedMail {
  readonly orgId: string;
  readonly reporter: { readonly id: string | null; readonly name: string };
  readonly raw: Uint8Array;
  /** What shows that it is the reporter's: nothing, an address known inside alone, or the own mail server. */
  readonly proof: 'none' | 'address' | 'sender';
  readonly channel: 'mail' | 'mailbox';
  readonly touched: Touched | null;
  readonly key: string;
  readonly answer: boolean;
}

/** Questions and replies by mail; the desk's inbound answers this. */
export interface TicketsPort {
  /** The ticket behind a signed address, by the part before the @; null when the signature is not ours. */
  recipient(localPart: string): Promise<{ orgId: string; ticketId: string } | null>;
  /** Takes a mail once: as a message of its ticket, or as a new ticket. */
  receive(mail: TicketMail): Promise<{ ticketId: string; again: boolean; rawKept: boolean }>;
  /** Whether a Message-ID is one that this house writes. */
  isOurs(messageId: string): boolean;
  /** Mails to open addresses from senders who are on no list, or on several: who lists them for the desk, and whether there is room today. */
  strangers?(): Promise<{ readonly orgId: string; readonly room: boolean } | null>;
  /** Whether mails to an organisation's conversations, which nothing proves to be their sender's, are taken now. */
  room?(orgId: string): Promise<boolean>;
  /** Takes such a mail once. */
  receiveStranger?(mail: TicketMail & { readonly to: string }): Promise<{ rawKept: boolean }>;
}

/** A mail to the desk, as far as it could be read. */
export interface TicketMail {
  readonly orgId: string;
  /** From a signed address. */
  readonly ticketId: string | null;
  readonly key: string;
  readonly from: string | null;
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string | null;
  /** In-Reply-To, then References, the nearest last. */
  readonly references: readonly string[];
  /** Written by a program: an absence note, a bounce, a list. */
  readonly automatic: boolean;
  /** What the own mail server says of the sender's domain. */
  readonly dmarc: Dmarc;
  readonly raw: Uint8Array;
  /** Why it could not be read; the ticket then says so. */
  readonly unread: string | null;
}
export type Dmarc = 'pass' | 'fail' | 'none';

/** Who a sender's address belongs to; the module orgs answers it. */
export interface PeoplePort {
  /** People with this address in organisations that have not left, at most ten; each once. */
  byAddress(address: string): Promise<readonly { readonly personId: string; readonly orgId: string; readonly name: string }[]>;
}

/** Keeps raw bytes with the caller's transaction and gives the file's id. */
export type KeepRaw = (tx: Tx, file: { readonly orgId: string; readonly bytes: Uint8Array; readonly purpose: string }) => Promise<string>;

/** Where one recipient leads. */
export type Target =
  | { readonly kind: 'report'; readonly orgId: string }
  | { readonly kind: 'ticket'; readonly orgId: string; readonly ticketId: string }
  | { readonly kind: 'desk'; readonly orgId: string }
  | { readonly kind: 'stranger'; readonly orgId: string; readonly to: 'report' | 'desk' };

/** First line of a file of the door: everything about a mail that is not in its bytes. */
export interface Head {
  readonly v: 1;
  /** Envelope sender; empty for bounces. */
  readonly from: string;
  readonly to: readonly { readonly address: string; readonly target: Target }[];
  /** ISO 8601. */
  readonly at: string;
  readonly address: string;
  readonly helo: string;
  readonly tls: boolean;
  /** It came from one of the own mail servers, whose Authentication-Results are believed. */
  readonly relay: boolean;
}
