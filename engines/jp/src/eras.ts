import type { Lang } from './checked.ts';
import { toHalfWidthAscii } from './text.ts';

export interface Era {
  readonly ja: string;
  readonly en: string;
  /** The letter used on forms: R, H, S, T, M. */
  readonly letter: string;
  /** First day, 'YYYY-MM-DD' (Gregorian). */
  readonly from: string;
}

/** Eras, newest first. Dates of 元号 as fixed by the orders that changed them; the solar calendar is used from 1873. */
export const ERAS: readonly Era[] = [
  { ja: '令和', en: 'Reiwa', letter: 'R', from: '2019-05-01' },
  { ja: '平成', en: 'Heisei', letter: 'H', from: '1989-01-08' },
  { ja: '昭和', en: 'Showa', letter: 'S', from: '1926-12-25' },
  { ja: '大正', en: 'Taisho', letter: 'T', from: '1912-07-30' },
  { ja: '明治', en: 'Meiji', letter: 'M', from: '1868-10-23' },
];

const FIRST_DATE = '1873-01-01';

/** True for an existing Gregorian date written 'YYYY-MM-DD'. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Era and year of a date. @throws RangeError for no date and before 1873, when Japan had another calendar. */
export function eraOf(date: string): { readonly era: Era; readonly year: number } {
  if (!isIsoDate(date) || date < FIRST_DATE) throw new RangeError(`not a date like 2026-11-22, from 1873 on: ${JSON.stringify(date.slice(0, 40))}`);
  const era = ERAS.find(({ from }) => date >= from)!;
  return { era, year: Number(date.slice(0, 4)) - Number(era.from.slice(0, 4)) + 1 };
}

/** 令和8年, 令和元年; Reiwa 8. */
export function formatEraYear(date: string, lang: Lang = 'ja'): string {
  const { era, year } = eraOf(date);
  return lang === 'ja' ? `${era.ja}${year === 1 ? '元' : year}年` : `${era.en} ${year}`;
}

/** 令和8年11月22日. English texts use the Western date: see `formatDay`. */
export function formatWareki(date: string): string {
  return `${formatEraYear(date)}${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`;
}

/**
 * Reads a date as it stands on Japanese forms and in sheets: 令和8年11月22日, 令和元年5月1日, R8.11.22, 2026年11月22日,
 * 2026/11/22, 2026-11-22, 20261122, full-width digits, a weekday in brackets behind. Returns 'YYYY-MM-DD', or
 * undefined when it is no existing date or the era did not have it (平成32年 is refused: a person decides).
 */
export function parseJapaneseDate(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const plain = toHalfWidthAscii(text).normalize('NFKC').replace(/\s/gu, '').replace(/\([日月火水木金土]\)$/u, '').toUpperCase();
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(plain);
  const western = compact ?? /^(?:西暦)?(\d{4})[年/.\-](\d{1,2})[月/.\-](\d{1,2})日?$/u.exec(plain);
  if (western !== null) return build(Number(western[1]), western[2]!, western[3]!);
  const japanese = /^(令和|平成|昭和|大正|明治|[RHSTM])(元|\d{1,2})[年/.\-](\d{1,2})[月/.\-](\d{1,2})日?$/u.exec(plain);
  if (japanese === null) return undefined;
  const era = ERAS.find(({ ja, letter }) => ja === japanese[1] || letter === japanese[1])!;
  const eraYear = japanese[2] === '元' ? 1 : Number(japanese[2]);
  const date = build(Number(era.from.slice(0, 4)) + eraYear - 1, japanese[3]!, japanese[4]!);
  return date !== undefined && date >= FIRST_DATE && eraOf(date).era === era ? date : undefined;
}

function build(year: number, month: string, day: string): string | undefined {
  const date = `${String(year).padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isIsoDate(date) ? date : undefined;
}
