import type { Lang } from './checked.ts';
import { toHalfWidthAscii } from './text.ts';

/** 1234567 → 1,234,567. @throws RangeError unless a safe integer. */
export function groupDigits(n: number): string {
  if (!Number.isSafeInteger(n)) throw new RangeError('a whole number is needed');
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

export type Period = 'month' | 'year' | 'person' | 'device';
const PER: Record<Lang, Record<Period, string>> = {
  ja: { month: '月', year: '年', person: '人', device: '台' },
  en: { month: 'month', year: 'year', person: 'person', device: 'device' },
};

/** 12,000円, 12,000円／月; ¥12,000, ¥12,000 / month. Whole yen. */
export function formatYen(yen: number, options: { readonly lang?: Lang; readonly per?: Period } = {}): string {
  const { lang = 'ja', per } = options;
  const digits = groupDigits(yen);
  if (lang === 'ja') return `${digits}円${per === undefined ? '' : `／${PER.ja[per]}`}`;
  const amount = yen < 0 ? `-¥${digits.slice(1)}` : `¥${digits}`;
  return per === undefined ? amount : `${amount} / ${PER.en[per]}`;
}

/** Rounded to two leading digits, half away from zero; numbers under 100 stay. */
export function roundForSentence(n: number): number {
  if (!Number.isFinite(n)) throw new RangeError('a number is needed');
  const size = Math.abs(n);
  if (size < 100) return Math.sign(n) * Math.round(size);
  const unit = 10 ** (Math.floor(Math.log10(size)) - 1);
  return Math.sign(n) * Math.round(size / unit) * unit;
}

/** 約1,200件; about 1,200 alerts. Numbers that rounding does not change are given without 約. */
export function formatAbout(n: number, unit: string, lang: Lang = 'ja'): string {
  const rounded = roundForSentence(n);
  const exact = rounded === n;
  if (lang === 'ja') return `${exact ? '' : '約'}${groupDigits(rounded)}${unit}`;
  return `${exact ? '' : 'about '}${groupDigits(rounded)} ${unit}`;
}

/** 1,234件; 1,234 alerts. */
export function formatCount(n: number, unit: string, lang: Lang = 'ja'): string {
  return lang === 'ja' ? `${groupDigits(n)}${unit}` : `${groupDigits(n)} ${unit}`;
}

/** 1,000件以上; 1,000 alerts or more: a count that stopped counting. */
export function formatAtLeast(n: number, unit: string, lang: Lang = 'ja'): string {
  return lang === 'ja' ? `${groupDigits(n)}${unit}以上` : `${groupDigits(n)} ${unit} or more`;
}

/** Money in a sentence, two leading digits: 約1,200万円, 約3.4億円; about ¥12 million. */
export function formatAboutYen(yen: number, lang: Lang = 'ja'): string {
  const rounded = roundForSentence(yen);
  const [prefix, scales] = lang === 'ja'
    ? [rounded === yen ? '' : '約', [[1e8, '億円'], [1e4, '万円'], [1, '円']] as const]
    : [rounded === yen ? '' : 'about ', [[1e9, ' billion'], [1e6, ' million'], [1, '']] as const];
  const [scale, name] = scales.find(([size]) => Math.abs(rounded) >= size) ?? scales[2];
  const amount = rounded / scale;
  const digits = Number.isInteger(amount) ? groupDigits(amount) : amount.toFixed(1);
  return lang === 'ja' ? `${prefix}${digits}${name}` : `${prefix}¥${digits}${name}`;
}

/** A size in decimal units with at most one decimal: 512 B, 1.2 GB. @throws RangeError below 0. */
export function formatBytes(bytes: number): string {
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError('a size is a whole number of bytes');
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let i = 0;
  // From 999.5 on it would be written as 1000, which is one of the next unit.
  while (value >= (i === 0 ? 1000 : 999.5) && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return `${i === 0 || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} ${units[i]}`;
}

/**
 * Reads an amount as people write it: 12,000円, ¥12000, １２万円, 3千万円, 1億2,000万円, 1.5億円, 500千円. Whole yen, or
 * undefined when it is no plain amount or exceeds 2^53.
 */
export function parseYen(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const plain = toHalfWidthAscii(text).replace(/[\s,¥￥]/gu, '');
  const match = /^(?:(\d{1,9}(?:\.\d{1,8})?)億)?(?:(\d{1,9}(?:\.\d{1,4})?)([百千])?万)?(?:(\d{1,16})(千)?)?円?$/u.exec(plain);
  if (match === null) return undefined;
  const [, oku, man, manScale, rest, restScale] = match;
  if (oku === undefined && man === undefined && rest === undefined) return undefined;
  const manUnit = 1e4 * (manScale === '千' ? 1_000 : manScale === '百' ? 100 : 1);
  const yen = Number(oku ?? 0) * 1e8 + Number(man ?? 0) * manUnit + Number(rest ?? 0) * (restScale === undefined ? 1 : 1_000);
  const whole = Math.round(yen);
  return Number.isSafeInteger(whole) && Math.abs(whole - yen) < 1e-3 ? whole : undefined;
}
