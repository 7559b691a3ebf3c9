import { dateOfDay, dayNumber, weekdayOfDay } from './date.ts';
import type { LocalDate } from './date.ts';

/** One day that the Act on National Holidays makes a holiday. */
export interface NationalHoliday {
  readonly date: LocalDate;
  readonly ja: string;
  readonly en: string;
  /** national: 国民の祝日 itself; substitute: 振替休日; between: 国民の休日, a day between two. */
  readonly kind: 'national' | 'substitute' | 'between';
  /** Article of 国民の祝日に関する法律（昭和23年法律第178号）. */
  readonly article: string;
}

type DayRule = (year: number) => number;

const fixed = (month: number, day: number): DayRule => (year) => Date.UTC(year, month - 1, day) / 86_400_000;
const nthMonday = (month: number, nth: number): DayRule => (year) => {
  const first = Date.UTC(year, month - 1, 1) / 86_400_000;
  return first + ((8 - weekdayOfDay(first)) % 7) + 7 * (nth - 1);
};

/**
 * The Act leaves the two equinox days to astronomy; the Cabinet Office announces each in the February before
 * (暦要項 of the National Astronomical Observatory). The usual approximation for 1980 to 2099, in Japan Standard Time;
 * a test compares it with an independent computation of the sun's position for every year offered here.
 */
const equinox = (month: number, base: number): DayRule => (year) => {
  const day = Math.floor(base + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));
  return fixed(month, day)(year);
};

// Article 2 as in force since 2022. The date of 建国記念の日 is set by Cabinet Order (昭和41年政令第376号).
const NATIONAL: readonly (readonly [ja: string, en: string, rule: DayRule])[] = [
  ['元日', "New Year's Day", fixed(1, 1)],
  ['成人の日', 'Coming of Age Day', nthMonday(1, 2)],
  ['建国記念の日', 'National Foundation Day', fixed(2, 11)],
  ['天皇誕生日', "The Emperor's Birthday", fixed(2, 23)],
  ['春分の日', 'Vernal Equinox Day', equinox(3, 20.8431)],
  ['昭和の日', 'Showa Day', fixed(4, 29)],
  ['憲法記念日', 'Constitution Memorial Day', fixed(5, 3)],
  ['みどりの日', 'Greenery Day', fixed(5, 4)],
  ['こどもの日', "Children's Day", fixed(5, 5)],
  ['海の日', 'Marine Day', nthMonday(7, 3)],
  ['山の日', 'Mountain Day', fixed(8, 11)],
  ['敬老の日', 'Respect for the Aged Day', nthMonday(9, 3)],
  ['秋分の日', 'Autumnal Equinox Day', equinox(9, 23.2488)],
  ['スポーツの日', 'Sports Day', nthMonday(10, 2)],
  ['文化の日', 'Culture Day', fixed(11, 3)],
  ['勤労感謝の日', 'Labor Thanksgiving Day', fixed(11, 23)],
];

export const HOLIDAY_YEARS = { first: 2022, last: 2099 } as const;

/**
 * The holidays of a year by the Act on National Holidays (国民の祝日に関する法律), in order of date:
 * article 2 (the sixteen national holidays), article 3 paragraph 2 (a holiday on a Sunday moves to the nearest later
 * day that is no national holiday) and paragraph 3 (a day between two national holidays is a holiday).
 *
 * Years to come are computed, not announced: the equinox days become official in the February before, and a law may
 * change the rest.
 * @throws RangeError outside 2022 to 2099: before, special laws moved single days; after, the equinox formula ends.
 */
export function japaneseHolidays(year: number): NationalHoliday[] {
  if (!Number.isInteger(year) || year < HOLIDAY_YEARS.first || year > HOLIDAY_YEARS.last) {
    throw new RangeError(`holidays are computed for ${HOLIDAY_YEARS.first} to ${HOLIDAY_YEARS.last}, not for ${year}`);
  }
  const national = new Map(NATIONAL.map(([ja, en, rule]) => [rule(year), { ja, en }]));
  const result = new Map<number, NationalHoliday>();
  for (const [day, names] of national) {
    result.set(day, { date: dateOfDay(day), ...names, kind: 'national', article: '第2条' });
  }
  for (const day of national.keys()) {
    if (weekdayOfDay(day) === 0) {
      let next = day + 1;
      while (national.has(next)) next++;
      result.set(next, { date: dateOfDay(next), ja: '振替休日', en: 'Substitute holiday', kind: 'substitute', article: '第3条第2項' });
    }
    const between = day + 1;
    if (!result.has(between) && national.has(between + 1)) {
      result.set(between, { date: dateOfDay(between), ja: '国民の休日', en: "Citizens' holiday", kind: 'between', article: '第3条第3項' });
    }
  }
  return [...result.values()].sort((a, b) => dayNumber(a.date) - dayNumber(b.date));
}

/** Holidays and the span for which their list is complete. Outside it nothing is known, so questions are refused. */
export interface HolidayTable {
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate;
  readonly days: readonly { readonly date: LocalDate; readonly ja?: string; readonly en?: string }[];
}

/** A table computed for whole years, for use where no published data is at hand. */
export function computedHolidayTable(firstYear: number, lastYear: number): HolidayTable {
  const days: NationalHoliday[] = [];
  for (let year = firstYear; year <= lastYear; year++) days.push(...japaneseHolidays(year));
  return { validFrom: `${firstYear}-01-01`, validTo: `${lastYear}-12-31`, days };
}
