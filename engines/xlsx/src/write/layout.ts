import type { ColumnType } from './styles.ts'

const LINE_POINTS = 18.75
/** The tallest row Excel allows. */
const ROW_POINTS_MAX = 409

/** Width of a line in half-width characters, roughly: from Hangul on characters take two, half-width kana one. */
export function textPlaces(line: string): number {
  let places = 0
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at)
    const lowSurrogate = code >= 0xdc00 && code <= 0xdfff
    if (!lowSurrogate) places += code < 0x1100 || (code >= 0xff61 && code <= 0xffdc) ? 1 : 2
  }
  return places
}

/** Lines a wrapped text takes in a column of `width` half-width characters. An estimate: fonts differ. */
export function linesNeeded(text: string, width: number): number {
  const room = Math.max(1, width - 1)
  if (text.length * 2 <= room && !text.includes('\n')) return 1
  return text.split('\n').reduce((lines, line) => lines + Math.max(1, Math.ceil(textPlaces(line) / room)), 0)
}

/**
 * The height attribute of a row of several lines; none for a single line. Without it LibreOffice and
 * viewers cut wrapped text. It is not marked as custom, so Excel still fits the row when it is edited.
 */
export function heightAttribute(lines: number): string {
  return lines <= 1 ? '' : ` ht="${Math.min(ROW_POINTS_MAX, lines * LINE_POINTS)}"`
}

const WIDTHS: Readonly<Record<ColumnType, number>> = {
  text: 20, number: 12, integer: 10, percent: 10, date: 12, datetime: 18, time: 10, boolean: 10, timestamp: 20,
}

/** Width of a column whose caller names none: enough for its type and its header, with room for the filter button. */
export function defaultWidth(header: string, type: ColumnType): number {
  return Math.min(60, Math.max(WIDTHS[type], Math.max(...header.split('\n').map(textPlaces)) + 4))
}
