import { accept, refuse } from './checked.ts';
import type { Checked } from './checked.ts';
import { DASHES, toHalfWidthAscii } from './text.ts';

export type PostalCodeCode = 'postal_code.empty' | 'postal_code.not_digits' | 'postal_code.leading_zero_lost' | 'postal_code.length';

const SEPARATORS = new RegExp(`[〒〶\\s${DASHES}]`, 'gu');

/**
 * Checks and normalises a postal code (郵便番号, seven digits since 1998-02-02) to '123-4567': full-width digits, 〒,
 * spaces and any hyphen are understood. Six digits are reported as a zero lost by a spreadsheet. Whether the code is
 * in use is not known here.
 */
export function parsePostalCode(text: string): Checked<string, PostalCodeCode> {
  const digits = toHalfWidthAscii(text.slice(0, 60)).replace(SEPARATORS, '');
  if (digits === '') return refuse('postal_code.empty');
  if (!/^\d+$/.test(digits)) return refuse('postal_code.not_digits');
  if (digits.length === 6) return refuse('postal_code.leading_zero_lost');
  if (digits.length !== 7) return refuse('postal_code.length');
  return accept(`${digits.slice(0, 3)}-${digits.slice(3)}`);
}
