import type { Secrets } from '../../../kernel/secrets.ts';

const PURPOSE = 'desk.mail';
/** 80 bits: enough against guessing over a door that ends whoever guesses, and short enough for a local part of 64 letters. */
const MAC_CHARS = 20;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const short = (uuid: string): string => uuid.replaceAll('-', '');
const long = (hex: string): string => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/**
 * Signed names of conversations: `ticket+<ticket>.<mac>@domain` to reply to, `<t.<ticket>.<message>.<mac>@domain>` as
 * Message-ID. Only this house can make them, so whoever shows one has had a mail of that conversation. Hex in lower case,
 * since some mail servers fold the case of what they pass on.
 */
export class TicketIds {
  readonly #secrets: Pick<Secrets, 'mac'>;
  readonly domain: string;

  constructor(secrets: Pick<Secrets, 'mac'>, domain: string) {
    this.#secrets = secrets;
    this.domain = domain;
  }

  #mac(text: string): string {
    return this.#secrets.mac(PURPOSE, text).slice(0, MAC_CHARS);
  }

  #matches(text: string, mac: string): boolean {
    const wanted = this.#mac(text);
    let differs = wanted.length ^ mac.length;
    for (let i = 0; i < wanted.length; i++) differs |= wanted.charCodeAt(i) ^ mac.charCodeAt(i);
    return differs === 0;
  }

  address(ticketId: string): string {
    return `ticket+${short(ticketId)}.${this.#mac(`address ${ticketId}`)}@${this.domain}`;
  }

  /** The ticket of a local part that `address` made, else null. */
  ofAddress(local: string): string | null {
    const match = /^ticket\+([0-9a-f]{32})\.([0-9a-f]{20})$/.exec(local.toLowerCase());
    if (!match) return null;
    const ticketId = long(match[1]!);
    return this.#matches(`address ${ticketId}`, match[2]!) ? ticketId : null;
  }

  /** One Message-ID for a message to one person, the same for every try. `message`: its id, or what stands for it. */
  messageId(ticketId: string, message: string, personId: string): string {
    const name = `${UUID.test(message) ? short(message) : message.replace(/[^0-9a-z]/gi, '').slice(0, 32).toLowerCase()}-${short(personId).slice(-8)}`;
    return `<t.${short(ticketId)}.${name}.${this.#mac(`message ${ticketId} ${name}`)}@${this.domain}>`;
  }

  /** The ticket of a Message-ID that `messageId` made, else null. */
  ofMessageId(id: string): string | null {
    const match = /^<t\.([0-9a-f]{32})\.([0-9a-z]{1,32}-[0-9a-f]{8})\.([0-9a-f]{20})@[^@<>\s]{1,253}>$/.exec(id.toLowerCase());
    if (!match) return null;
    const ticketId = long(match[1]!);
    return this.#matches(`message ${ticketId} ${match[2]!}`, match[3]!) ? ticketId : null;
  }
}
