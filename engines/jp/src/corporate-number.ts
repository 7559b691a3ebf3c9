import { accept, refuse } from './checked.ts';
import type { Checked } from './checked.ts';
import { DASHES, toHalfWidthAscii } from './text.ts';

export type CorporateNumberCode =
  | 'corporate_number.empty'
  | 'corporate_number.not_digits'
  | 'corporate_number.registry_number' // the twelve digits of the commercial register, without the check digit
  | 'corporate_number.length'
  | 'corporate_number.check_digit';

const SEPARATORS = new RegExp(`[\\s${DASHES}]`, 'gu');

/**
 * The check digit of a corporate number (法人番号) for its twelve base digits:
 * 9 − (Σ Pn·Qn mod 9), Pn the n-th digit from the right, Qn 1 for odd and 2 for even n; always 1 to 9.
 * Source: 法人番号の指定等に関する省令（平成26年財務省令第70号）article 2.
 * @throws RangeError unless given exactly twelve ASCII digits.
 */
export function corporateCheckDigit(base: string): string {
  if (!/^[0-9]{12}$/.test(base)) throw new RangeError('a corporate number has twelve base digits');
  let sum = 0;
  for (let n = 1; n <= 12; n++) sum += Number(base[12 - n]) * (n % 2 === 1 ? 1 : 2);
  return String(9 - (sum % 9));
}

/**
 * Checks and normalises a corporate number as people type it (full-width digits, spaces, hyphens) to thirteen digits.
 * The check digit finds every single wrong digit but 0 for 9 and 9 for 0. Branches share one number and sole traders
 * have none, so it is no key for an organisation.
 */
export function parseCorporateNumber(text: string): Checked<string, CorporateNumberCode> {
  const digits = compact(text);
  if (digits === '') return refuse('corporate_number.empty');
  if (!/^[0-9]+$/.test(digits)) return refuse('corporate_number.not_digits');
  if (digits.length === 12) return refuse('corporate_number.registry_number');
  if (digits.length !== 13) return refuse('corporate_number.length');
  return corporateCheckDigit(digits.slice(1)) === digits[0] ? accept(digits) : refuse('corporate_number.check_digit');
}

/** The corporate number of a company or other registered body, from its twelve-digit register number (会社法人等番号). */
export function corporateNumberOfRegistry(base: string): string {
  return corporateCheckDigit(base) + base;
}

export type InvoiceNumberCode = 'invoice_number.empty' | 'invoice_number.form';

export interface InvoiceNumber {
  /** 'T' and thirteen digits. */
  readonly number: string;
  /** The corporate number inside, when the check digit allows one; a sole trader's number is of another series. */
  readonly corporateNumber: string | undefined;
}

/** Checks an invoice registration number (適格請求書発行事業者の登録番号): T and thirteen digits. */
export function parseInvoiceNumber(text: string): Checked<InvoiceNumber, InvoiceNumberCode> {
  const number = compact(text).toUpperCase();
  if (number === '') return refuse('invoice_number.empty');
  if (!/^T[0-9]{13}$/.test(number)) return refuse('invoice_number.form');
  const inner = parseCorporateNumber(number.slice(1));
  return accept({ number, corporateNumber: inner.ok ? inner.value : undefined });
}

function compact(text: string): string {
  // Nothing that long is a number; cutting it keeps the length wrong and the work small.
  return toHalfWidthAscii(text.slice(0, 100)).replace(SEPARATORS, '');
}
