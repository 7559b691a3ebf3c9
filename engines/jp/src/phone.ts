import { accept, refuse } from './checked.ts';
import type { Checked } from './checked.ts';
import { DASHES, toHalfWidthAscii } from './text.ts';

export type PhoneKind = 'geographic' | 'mobile' | 'ip' | 'm2m' | 'toll_free' | 'navi' | 'special' | 'short';

export type PhoneCode =
  | 'phone.empty'
  | 'phone.not_digits'
  | 'phone.foreign' // a country code other than +81
  | 'phone.leading_zero_lost' // a spreadsheet took it for a number
  | 'phone.too_short'
  | 'phone.too_long'
  | 'phone.unknown_prefix';

export interface PhoneNumber {
  readonly kind: PhoneKind;
  /** Digits dialled inside Japan, from 0 (or # and digits for short numbers). */
  readonly national: string;
  /** E.164, '+81…'; undefined for numbers that cannot be called from abroad by rule (short numbers). */
  readonly e164: string | undefined;
  /** With hyphens, for people. */
  readonly display: string;
  /** 内線 */
  readonly extension: string | undefined;
}

const SEPARATORS = new RegExp(`[\\s.()・/${DASHES}]+`, 'gu');

interface Plan {
  readonly kind: PhoneKind;
  readonly length: number;
  readonly groups: readonly number[] | undefined;
}

// Structure of 電気通信番号計画 (総務省告示): the beginning decides kind and length. Longest beginning first.
const PLANS: readonly (readonly [prefix: RegExp, plan: Plan])[] = [
  [/^0120/, { kind: 'toll_free', length: 10, groups: [4, 3, 3] }],
  [/^0800/, { kind: 'toll_free', length: 11, groups: [4, 3, 4] }],
  [/^0570/, { kind: 'navi', length: 10, groups: [4, 3, 3] }],
  [/^0[19]90|^0180/, { kind: 'special', length: 10, groups: [4, 3, 3] }],
  [/^0200/, { kind: 'm2m', length: 14, groups: [4, 5, 5] }],
  [/^020/, { kind: 'm2m', length: 11, groups: [3, 4, 4] }],
  [/^050/, { kind: 'ip', length: 11, groups: [3, 4, 4] }],
  [/^0[6-9]0/, { kind: 'mobile', length: 11, groups: [3, 4, 4] }],
  [/^0[36]/, { kind: 'geographic', length: 10, groups: [2, 4, 4] }],
  [/^0[1-9][1-9]/, { kind: 'geographic', length: 10, groups: undefined }],
];

/**
 * Checks and normalises a Japanese telephone number as people type it: full-width digits, any hyphen, brackets, +81
 * (also +81 (0)…), 内線 or ext. behind. Rules: 電気通信番号計画; mobile numbers begin with 060, 070, 080 or 090.
 *
 * Area codes have two to five digits and no table of them is kept here: outside 03 and 06 the writer's own hyphens are
 * kept for display when they make a possible grouping, else the number is shown without. It does not tell whether the
 * number is in use.
 */
export function parsePhone(text: string): Checked<PhoneNumber, PhoneCode> {
  if (text.length > 60) return refuse('phone.too_long');
  const ascii = toHalfWidthAscii(text).trim();
  if (ascii === '') return refuse('phone.empty');
  const [, main = '', extension] = /^([^内eE]*)(?:\(?(?:内線|[eE][xX][tT]\.?)[:\s]*(\d{1,6})\)?)?$/u.exec(ascii) ?? [];
  const parts = main.split(SEPARATORS).filter((part) => part !== '');
  let digits = parts.join('');
  if (/^#\d{4}$/.test(digits) || /^1[0-9]{2}$/.test(digits)) {
    return accept({ kind: 'short', national: digits, e164: undefined, display: digits, extension });
  }
  if (digits.startsWith('+')) {
    if (!/^\+\d+$/.test(digits)) return refuse('phone.not_digits');
    if (!digits.startsWith('+81')) return refuse('phone.foreign');
    digits = digits.startsWith('+810') ? digits.slice(3) : `0${digits.slice(3)}`;
    parts.length = 0;
  }
  if (!/^\d+$/.test(digits)) return refuse('phone.not_digits');
  if (!digits.startsWith('0')) {
    return refuse(planOf(`0${digits}`)?.length === digits.length + 1 ? 'phone.leading_zero_lost' : 'phone.unknown_prefix');
  }
  const plan = planOf(digits);
  if (plan === undefined) return refuse(digits.length < 10 ? 'phone.too_short' : 'phone.unknown_prefix');
  if (digits.length < plan.length) return refuse('phone.too_short');
  if (digits.length > plan.length) return refuse('phone.too_long');
  const display = plan.groups === undefined ? writersGroups(parts) ?? digits : split(digits, plan.groups).join('-');
  return accept({ kind: plan.kind, national: digits, e164: `+81${digits.slice(1)}`, display, extension });
}

const LINE_MAX = 60;

/**
 * A number to call as it was typed, in digits with `-` between its groups; also one of another country, with + in front. Null when
 * it has not the 10 or 11 digits of a Japanese number. Unlike `parsePhone` it asks for no known beginning.
 */
export function plainPhone(text: string): string | null {
  if (text.length > LINE_MAX) return null;
  const plain = text.normalize('NFKC').replace(/\p{Cf}/gu, '').replace(SEPARATORS, '-').replace(/^-|-$/g, '');
  const digits = plain.replaceAll('-', '');
  return /^\d{10,11}$/.test(digits) || /^\+\d{7,15}$/.test(digits) ? plain : null;
}

function planOf(digits: string): Plan | undefined {
  return PLANS.find(([prefix]) => prefix.test(digits))?.[1];
}

function split(digits: string, groups: readonly number[]): string[] {
  let from = 0;
  return groups.map((length) => digits.slice(from, (from += length)));
}

function writersGroups(parts: readonly string[]): string | undefined {
  const [area, exchange, line] = parts;
  const possible = parts.length === 3 && area!.length >= 2 && area!.length <= 5 && exchange!.length >= 1 && line!.length === 4;
  return possible ? parts.join('-') : undefined;
}
