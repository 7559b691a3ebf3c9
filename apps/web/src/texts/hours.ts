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
