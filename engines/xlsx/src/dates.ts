import type { NumberKind } from './numfmt.ts'

const DAY_MS = 86_400_000
const EPOCH_1900 = Date.UTC(1899, 11, 30) / DAY_MS
const EPOCH_1904 = Date.UTC(1904, 0, 1) / DAY_MS
const LAST_DAY = Date.UTC(9999, 11, 31) / DAY_MS

/** A date cell's value without any time zone: sheets know only the clock on the wall. */
export interface CivilTime {
  readonly kind: 'date' | 'time' | 'datetime'
  /** `YYYY-MM-DD`, `HH:MM:SS[.mmm]`, or both joined by `T`. */
  readonly value: string
}

/**
 * Turns a serial number into a civil date or time (ECMA-376 part 1, 18.17.4). `date1904` is the
 * workbook's setting. In the 1900 system Excel counts a 29 February 1900 that never was: serial 60
 * gives '1900-02-29' as Excel shows it, and it is the reader's business to refuse it as a date.
 * Null for serials no date stands for: negative, day 0 of the 1900 system with a date format, past 9999.
 */
export function serialToCivil(serial: number, format: NumberKind, date1904: boolean): CivilTime | null {
  if (!(serial >= 0) || serial > 3_000_000) return null
  let day = Math.floor(serial)
  let ms = Math.round((serial - day) * DAY_MS)
  if (ms >= DAY_MS) {
    day++
    ms -= DAY_MS
  }
  if (day === 0 && (format === 'time' || (!date1904 && ms > 0))) return { kind: 'time', value: clockText(ms) }
  if (day === 0 && !date1904) return null
  const date = date1904 ? dayText(EPOCH_1904 + day)
    : day === 60 ? '1900-02-29'
    : dayText(EPOCH_1900 + day + (day < 60 ? 1 : 0))
  if (date === null) return null
  return format === 'date' && ms === 0 ? { kind: 'date', value: date } : { kind: 'datetime', value: `${date}T${clockText(ms)}` }
}

/**
 * Serial number in the 1900 system of `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM[:SS[.mmm]]` or `HH:MM[:SS[.mmm]]`.
 * Null when the text is no such value, or a day before 1900-01-01.
 */
export function civilToSerial(text: string): number | null {
  const match = /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(?:^|(?<=\d)[T ])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/.exec(text)
  if (!match || text === '') return null
  const [, year, month, date, hour = '0', minute = '0', second = '0', fraction = '0'] = match
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const ms = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 + Math.round(Number(`0.${fraction}`) * 1000)
  if (year === undefined) return ms / DAY_MS
  if (!isCivilDate(Number(year), Number(month), Number(date))) return null
  const day = utcDay(Number(year), Number(month), Number(date)) - EPOCH_1900
  const serial = day <= 60 ? day - 1 : day
  return serial < 1 ? null : serial + ms / DAY_MS
}

/** Whether the proleptic Gregorian calendar has this day. */
export function isCivilDate(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

/** The wall-clock reading of an instant in a time zone, as `YYYY-MM-DDTHH:MM:SS`. */
export function instantToCivil(instant: Date, timeZone: string): string {
  let format = ZONE_FORMATS.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    ZONE_FORMATS.set(timeZone, format)
  }
  return format.format(instant).replace(' ', 'T')
}

const ZONE_FORMATS = new Map<string, Intl.DateTimeFormat>()

function utcDay(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS
}

function dayText(day: number): string | null {
  if (day > LAST_DAY) return null
  const date = new Date(day * DAY_MS)
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
}

function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return ms % 1000 === 0 ? clock : `${clock}.${String(ms % 1000).padStart(3, '0')}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
