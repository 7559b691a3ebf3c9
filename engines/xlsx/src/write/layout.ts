const WIDE = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3ffff}]/u
const LINE_POINTS = 18.75
/** The tallest row Excel allows. */
const ROW_POINTS_MAX = 409

/** Width of a line in half-width characters; East Asian characters take two. */
export function textPlaces(line: string): number {
  let places = 0
  for (const letter of line) places += WIDE.test(letter) ? 2 : 1
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

/** Column width for a header: a little room is left for the filter button. */
export function headerWidth(header: string): number {
  return Math.min(60, Math.max(10, Math.max(...header.split('\n').map(textPlaces)) + 4))
}
