/** Short ways to say where a fact stands. A quote is always a literal piece of the place it names. */
import type { Evidence, Link, Mailbox, ParsedMail, Signal } from '../types.ts';

const QUOTE_MAX = 200;

export const signal = (code: string, evidence: readonly Evidence[] = [], slots: Signal['slots'] = {}, value = 1): Signal => ({ code, value, evidence: evidence.slice(0, 3), slots });

/** The header's own words: `quote` where it stands there literally, else the whole value. */
export function inHeader(mail: ParsedMail, name: string, quote: string): Evidence {
  const field = mail.headers.find((header) => header.name === name && header.value.includes(quote)) ?? mail.headers.find((header) => header.name === name);
  return { where: 'header', name, quote: field === undefined || field.value.includes(quote) ? quote : field.value.slice(0, QUOTE_MAX) };
}

/** An address in a header; written in capitals there, the header's own spelling is quoted. */
export function addressIn(mail: ParsedMail, name: string, box: Mailbox): Evidence {
  const field = mail.headers.find((header) => header.name === name);
  const at = field === undefined ? -1 : field.value.toLowerCase().indexOf(box.address);
  return { where: 'header', name, quote: at >= 0 ? field!.value.slice(at, at + box.address.length) : (field?.value.slice(0, QUOTE_MAX) ?? box.address) };
}

export const inText = (quote: string): Evidence => ({ where: 'text', quote });
export const ofLink = (link: Link): Evidence => ({ where: 'link', ...(link.file === undefined ? {} : { name: link.file }), quote: link.url.slice(0, QUOTE_MAX) });
export const ofFile = (name: string): Evidence => ({ where: 'attachment', name, quote: name });

/** A host as it is shown to people: nobody can follow it by mistake. */
export const shown = (host: string): string => host.replaceAll('.', '[.]');
