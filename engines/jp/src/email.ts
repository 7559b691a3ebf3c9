import { accept, refuse } from './checked.ts';
import type { Checked } from './checked.ts';
import { toHalfWidthAscii } from './text.ts';

export type EmailCode =
  | 'email.empty'
  | 'email.too_long'
  | 'email.no_at'
  | 'email.several_at' // often two addresses in one field
  | 'email.local_part'
  | 'email.domain';

export interface EmailAddress {
  /** As typed before the @, then the domain in lower case. */
  readonly address: string;
  readonly local: string;
  readonly domain: string;
  /**
   * A dot first, last or doubled before the @: against RFC 5321, yet Japanese mobile carriers gave out such addresses
   * until 2009 and people still use them. Some mail servers refuse them.
   */
  readonly oddDots: boolean;
}

const LOCAL_CHARACTERS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/**
 * Whether a text could be one e-mail address that a person may have: RFC 5321 sizes (64 octets before the @, 255 for
 * the domain, 254 in all), unquoted local part, a domain of at least two labels (RFC 1035, international ones as
 * typed), no address literal. Full-width letters are understood. Says nothing about whether mail arrives.
 * Time is linear in the input, which is cut off at 320 characters.
 */
export function parseEmail(text: string): Checked<EmailAddress, EmailCode> {
  if (text.length > 320) return refuse('email.too_long');
  const typed = toHalfWidthAscii(text).trim();
  if (typed === '') return refuse('email.empty');
  const at = typed.indexOf('@');
  if (at === -1) return refuse('email.no_at');
  if (typed.indexOf('@', at + 1) !== -1) return refuse('email.several_at');
  if (typed.length > 254) return refuse('email.too_long');
  const local = typed.slice(0, at);
  if (local.length > 64 || !LOCAL_CHARACTERS.test(local) || /^\.+$/.test(local)) return refuse('email.local_part');
  const domain = typed.slice(at + 1).toLowerCase();
  const labels = domain.split('.');
  const last = labels.at(-1)!;
  if (labels.length < 2 || /^\d+$/.test(last) || !labels.every((label) => label.length <= 63 && LABEL.test(label))) return refuse('email.domain');
  const oddDots = local.startsWith('.') || local.endsWith('.') || local.includes('..');
  return accept({ address: `${local}@${domain}`, local, domain, oddDots });
}
