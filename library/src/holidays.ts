import data from '../holidays/jp.json' with { type: 'json' };

/** One closed day of the pack. `computed` days are expected but not yet announced by the state. */
export interface HolidayEntry {
  /** 'YYYY-MM-DD' */
  readonly date: string;
  readonly ja: string;
  readonly en: string;
  readonly kind: 'national' | 'substitute' | 'between';
  /** Article of 国民の祝日に関する法律. */
  readonly article: string;
  readonly status: 'announced' | 'computed';
}

/** A versioned pack of national holidays; complete from `validFrom` to `validTo`, silent outside. */
export interface HolidayPack {
  readonly id: string;
  readonly edition: string;
  readonly publishedOn: string;
  readonly checkedOn: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly source: { readonly ja: string; readonly en: string; readonly url: string };
  readonly days: readonly HolidayEntry[];
}

/** 国民の祝日 2024–2028. Fits the `HolidayTable` that the deadlines engine takes. */
export const nationalHolidays: HolidayPack = data as HolidayPack;
