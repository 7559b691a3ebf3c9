import type { Lang } from '@banya/contract';

/** Opening hours of a day as people write them. */
const spanOf = new RegExp(/^T(?:-|から)T(?:まで)?$/.source.replaceAll('T', '(\\d{1,2})(?:[:時](?:(\\d{1,2})分?)?)?'));
const clock = (hour: string, minute: string | undefined): string => `${hour.padStart(2, '0')}:${(minute ?? '0').padStart(2, '0')}`;

/** "9:00〜12:00、13時〜17時30分" as spans; nothing is a closed day. What cannot be read stays as it is, so that the schema refuses it. */
export function hoursOf(text: string): [string, string][] {
  const plain = text.normalize('NFKC').replace(/\s/g, '').replace(/[~〜–—‐−ー]/g, '-').replaceAll('時半', '時30分');
  if (plain === '' || plain === '休み' || plain === '-' || plain.toLowerCase() === 'closed') return [];
  return plain.split(/[、,;]/).filter(Boolean).map((part) => {
    const [, fromHour, fromMinute, toHour, toMinute] = spanOf.exec(part) ?? [];
    return fromHour === undefined || toHour === undefined ? [part, part] : [clock(fromHour, fromMinute), clock(toHour, toMinute)];
  });
}

const bare = (time: string): string => time.replace(/^0/, '');
/** The same in the form that people read and type. */
export const hoursLine = (hours: readonly (readonly [string, string])[], lang: Lang): string => hours.map(([from, to]) => `${bare(from)}${lang === 'ja' ? '〜' : '–'}${bare(to)}`).join(lang === 'ja' ? '、' : ', ');

/** "9", "9:30", "９時半" as minutes of the day; null where it is no time. */
function minutesOf(text: string): number | null {
  const [, hour, minute] = /^(\d{1,2})(?:[:時](?:(\d{1,2})分?)?)?$/.exec(text.normalize('NFKC').replace(/\s/g, '').replace('時半', '時30分')) ?? [];
  if (hour === undefined) return null;
  const minutes = Number(hour) * 60 + Number(minute ?? 0);
  return Number(minute ?? 0) < 60 && minutes <= 24 * 60 ? minutes : null;
}

/** The instants of a span on a day of this device's clock. An end that is not after the start is on the next day. */
export function daySpan(day: string, from: string, until: string): [Date, Date] | null {
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  const [year, month, date] = day.split('-').map(Number);
  if (begin === null || end === null || !year || !month || !date) return null;
  const at = (minutes: number): Date => new Date(year, month - 1, date, 0, minutes);
  return [at(begin), at(end > begin ? end : end + 24 * 60)];
}
