/** The largest sheet Excel knows (ECMA-376 part 1, 18.3.1.4 and Excel's specification page). */
export const EXCEL_MAX_ROWS = 1_048_576
export const EXCEL_MAX_COLUMNS = 16_384

/** Column letters for a zero-based column index: 0 → A, 26 → AA. */
export function columnName(column: number): string {
  let name = ''
  for (let rest = column; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    name = String.fromCharCode(65 + (rest % 26)) + name
  }
  return name
}

/** A1 reference for a zero-based column and a one-based row. */
export function cellRef(column: number, row: number): string {
  return columnName(column) + String(row)
}

/**
 * Reads an A1 reference (`$` allowed). Returns the zero-based column and one-based row,
 * or null when the text is no reference inside Excel's largest sheet.
 */
export function parseRef(ref: string): { column: number; row: number } | null {
  let at = 0
  if (ref.charCodeAt(at) === 36) at++
  let column = 0
  const lettersFrom = at
  for (; at < ref.length && at - lettersFrom < 4; at++) {
    const code = ref.charCodeAt(at) & ~32
    if (code < 65 || code > 90) break
    column = column * 26 + (code - 64)
  }
  if (at === lettersFrom || column > EXCEL_MAX_COLUMNS) return null
  if (ref.charCodeAt(at) === 36) at++
  let row = 0
  const digitsFrom = at
  for (; at < ref.length; at++) {
    const digit = ref.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return null
    row = row * 10 + digit
    if (row > EXCEL_MAX_ROWS) return null
  }
  return at === digitsFrom || row === 0 ? null : { column: column - 1, row }
}

/** A rectangle of cells; columns zero-based, rows one-based, all ends inclusive. */
export interface Range {
  readonly firstColumn: number
  readonly lastColumn: number
  readonly firstRow: number
  readonly lastRow: number
}

/** Reads `A1:C3` or `A1`; null when either end is no reference or the ends are swapped. */
export function parseRange(text: string): Range | null {
  const colon = text.indexOf(':')
  const first = parseRef(colon < 0 ? text : text.slice(0, colon))
  const last = colon < 0 ? first : parseRef(text.slice(colon + 1))
  if (!first || !last || last.column < first.column || last.row < first.row) return null
  return { firstColumn: first.column, lastColumn: last.column, firstRow: first.row, lastRow: last.row }
}
