import type { desk, Lang, Received } from '@banya/contract';
import { hoursLine, hoursOf } from '../../texts/index.tsx';

/** What is sent: opening hours by weekday, Sunday first. */
export type Times = Pick<Received<typeof desk.settings.get>, 'minutes' | 'hours' | 'closedDays'>;
export const targets = ['now', 'today', 'normal'] as const;
/** Weekdays in the order of a working week. */
export const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
type Day = (typeof DAYS)[number];
type Target = (typeof targets)[number];
/** As people type it: hours of a day on one line, times in minutes. */
export type Values = { [K in `hours.${Day}` | `minutes.${Target}.${'firstReply' | 'solve'}`]: string } & { closedDays: readonly string[] };

// 2023-01-01 was a Sunday.
export const dayName = (day: number, lang: Lang): string => new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2023, 0, 1 + day)));

export const toValues = ({ hours, minutes, closedDays }: Times, lang: Lang): Values => {
  const day = (d: Day): string => hoursLine(hours[d] ?? [], lang);
  const { now, today, normal } = minutes;
  return {
    'hours.0': day(0), 'hours.1': day(1), 'hours.2': day(2), 'hours.3': day(3), 'hours.4': day(4), 'hours.5': day(5), 'hours.6': day(6), closedDays,
    'minutes.now.firstReply': String(now.firstReply), 'minutes.now.solve': String(now.solve), 'minutes.today.firstReply': String(today.firstReply), 'minutes.today.solve': String(today.solve), 'minutes.normal.firstReply': String(normal.firstReply), 'minutes.normal.solve': String(normal.solve),
  };
};

export const toBody = (v: Values): Times => {
  const minutes = (u: Target) => ({ firstReply: Number(v[`minutes.${u}.firstReply`]), solve: Number(v[`minutes.${u}.solve`]) });
  return { minutes: { now: minutes('now'), today: minutes('today'), normal: minutes('normal') }, hours: ([0, 1, 2, 3, 4, 5, 6] as const).map((d) => hoursOf(v[`hours.${d}`])), closedDays: [...v.closedDays] };
};

const usual = [15, 30, 60, 120, 180, 240, 480, 960, 1440, 2400, 4800];
/** Lengths to choose from, in minutes; the one that is set is among them. */
export const lengths = (set: number): number[] => [...new Set([...usual, ...(set > 0 ? [set] : [])])].sort((a, b) => a - b);
