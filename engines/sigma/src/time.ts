import type { Comparison, TimePart } from './types.ts';

/**
 * A part of a date. Text is taken as it is written (`2026-11-24T23:10:00+09:00` is hour 23), as the
 * specification asks; numbers are milliseconds (seconds below 10^11) since 1970 UTC, to which the given
 * offset is added. `week` is the ISO 8601 week. Null where the value is no date.
 */
export function timePart(text: string, part: TimePart, utcOffsetMinutes: number): number | null {
  let date: Date;
  if (/^-?\d{5,16}(\.\d+)?$/.test(text)) {
    const number = Number(text);
    date = new Date((Math.abs(number) < 1e11 ? number * 1000 : number) + utcOffsetMinutes * 60_000);
  } else {
    const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?/.exec(text);
    if (match === null) return null;
    const [year, month, day, hour, minute] = match.slice(1).map((digits) => Number(digits ?? 0)) as [number, number, number, number, number];
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
    date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  }
  if (Number.isNaN(date.getTime())) return null;
  switch (part) {
    case 'minute': return date.getUTCMinutes();
    case 'hour': return date.getUTCHours();
    case 'day': return date.getUTCDate();
    case 'month': return date.getUTCMonth() + 1;
    case 'year': return date.getUTCFullYear();
    case 'week': return isoWeek(date);
  }
}

/** ISO 8601: week 1 is the week with the year's first Thursday. */
function isoWeek(date: Date): number {
  const thursday = new Date(date.getTime());
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.ceil(((thursday.getTime() - firstDay) / 86_400_000 + 1) / 7);
}

/** The number in a text, or null. Only plain decimal numbers count: an empty text is not zero. */
export function numberOf(text: string): number | null {
  if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

export function compare(left: number, operator: Comparison | 'eq' | 'neq', right: number): boolean {
  switch (operator) {
    case 'lt': return left < right;
    case 'lte': return left <= right;
    case 'gt': return left > right;
    case 'gte': return left >= right;
    case 'eq': return left === right;
    case 'neq': return left !== right;
  }
}
