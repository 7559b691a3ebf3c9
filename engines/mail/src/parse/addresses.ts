/** Address headers to mailboxes. The grammar (RFC 5322, section 3.4, comments, groups and all their abuse) is postal-mime's. */
import { addressParser } from 'postal-mime';
import type { Mailbox } from '../types.ts';
import { openRaw } from './headers.ts';
import { registrable } from '@banya/indicators/hosts';
import { LIMITS } from './limits.ts';
import { maskWords } from './words.ts';

/** A mailbox of a name and an address as they stand. */
export function mailbox(name: string, address: string): Mailbox {
  const clean = address.replace(/[\0-\x20\x7f]/g, '').slice(0, 320).toLowerCase();
  const at = clean.lastIndexOf('@');
  const domain = at >= 0 ? registrable(clean.slice(at + 1)) : undefined;
  return { name: name.replace(/[\0-\x1f\x7f]+/g, ' ').trim().slice(0, 1_000), address: at >= 0 ? clean : '', ...(domain === undefined ? {} : { domain }) };
}

/** The mailboxes of a raw address header, groups flattened. An encoded word is always a name, whatever it says. */
export function mailboxes(raw: string, hint?: string): Mailbox[] {
  const { masked, restore } = maskWords(openRaw(raw, hint));
  const out: Mailbox[] = [];
  try {
    for (const entry of addressParser(masked, { flatten: true })) {
      if (out.length >= LIMITS.addresses) break;
      const address = restore(entry.address ?? '');
      const name = restore(entry.name ?? '');
      if (address === '' && name === '') continue;
      // What has no @ is no address: it is kept as a name, so that a reader still sees it.
      if (!address.includes('@')) out.push(mailbox(name === '' ? address : name, ''));
      else out.push(mailbox(name, address));
    }
  } catch {
    return masked.trim() === '' ? [] : [mailbox(restore(masked), '')];
  }
  return out;
}
