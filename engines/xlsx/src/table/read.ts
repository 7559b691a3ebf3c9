import { cellText } from '../cell.ts'
import type { Cell, Row } from '../cell.ts'
import type { CsvEncoding } from '../csv/decode.ts'
import { TableError, withPlace } from '../errors.ts'
import type { ErrorParams } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { HeaderMatcher, headerText } from './header.ts'
import type { ColumnMatch, ColumnNames, HeaderGuess } from './header.ts'
import { parseText } from './parsers.ts'
import type { CellParser, Parsed } from './parsers.ts'
import { openSource } from './source.ts'
import type { SourceSheet, TableSource } from './source.ts'

export interface TableColumn<K extends string = string, V = unknown> {
  readonly key: K
  readonly names: ColumnNames
  /** A row without a value here gets the error 'required'; a file without the column lists it in `missingColumns`. */
  readonly required?: boolean
  /** Trimmed text when left out. */
  readonly parse?: CellParser<V>
}

type ValueOf<C> = C extends { readonly parse: CellParser<infer V> } ? V : string
export type TableValues<C extends readonly TableColumn[]> = { [S in C[number] as S['key']]: ValueOf<S> | null }

export interface ReadTableOptions<C extends readonly TableColumn[]> {
  readonly columns: C
  /** Name of the sheet; when left out, the visible sheet whose header fits best. */
  readonly sheet?: string
  /** One-based row of the header, when a person has pointed at it. */
  readonly headerRow?: number
  /** Zero-based columns by key, when a person has corrected the guess; other keys then have no column. */
  readonly mapping?: Readonly<Record<string, number>>
  /** Headers scoring less are not taken for a column; 0.7 when left out. */
  readonly minScore?: number
  /** Rows to return at most, for a preview; `rowCount` still counts all. */
  readonly maxRowsReturned?: number
  readonly encoding?: CsvEncoding | 'auto'
  readonly limits?: Partial<Limits>
}

export interface CellError {
  /** Key of the column; empty when the whole row is meant ('extra-cells'). */
  readonly column: string
  readonly code: string
  /** What the text needs: the value as it stood, bounds, choices. */
  readonly params: ErrorParams
}

export interface TableRow<C extends readonly TableColumn[]> {
  /** One-based row of the sheet, or record of the CSV file. */
  readonly rowNumber: number
  /** Hidden in the sheet, by hand or by a filter. */
  readonly hidden: boolean
  /** Null where the cell is blank or wrong. */
  readonly values: TableValues<C>
  readonly errors: readonly CellError[]
}

export interface Table<C extends readonly TableColumn[]> {
  readonly format: 'xlsx' | 'csv'
  readonly encoding: CsvEncoding | null
  readonly sheet: string | null
  readonly headerRow: number
  readonly mapping: readonly ColumnMatch[]
  /** Keys of required columns the file does not have. */
  readonly missingColumns: readonly string[]
  /** Headers nothing was matched to. */
  readonly unknownColumns: readonly { readonly column: number; readonly header: string }[]
  readonly rows: readonly TableRow<C>[]
  readonly rowCount: number
  readonly errorCount: number
  /** Rows that hold something, but nothing in a mapped column (notes, totals, repeated headers). */
  readonly ignoredRows: readonly number[]
}

const HEAD_ROWS = 30
const SHEETS_SEARCHED = 20
const PLAIN_TEXT = parseText()

/**
 * Reads a table from an `.xlsx` workbook or a CSV file: finds sheet and header row (title rows above
 * it do not disturb), matches headers to columns by their names and parses every row. What is wrong in
 * a cell is reported with the row and stops nothing. Throws TableError for the file as a whole:
 * 'header-not-found' (params.expected lists names), 'sheet-not-found', and all errors of the readers.
 */
export function readTable<const C extends readonly TableColumn[]>(bytes: Uint8Array, options: ReadTableOptions<C>): Table<C> {
  const source = openSource(bytes, {
    ...(options.limits && { limits: options.limits }),
    ...(options.encoding && { encoding: options.encoding }),
  })
  const matcher = new HeaderMatcher(options.columns, options.minScore ?? 0.7)
  const sheet = chooseSheet(source, options, matcher)
  const rows = sheet.read()
  const header = findHeader(rows, options, matcher)
  if (!header) throw withPlace(notFound(options.columns), sheet.name === null ? {} : { sheet: sheet.name })
  return { format: source.format, encoding: source.encoding, sheet: sheet.name, ...parseRows(rows, header, options, matcher, source.format) }
}

function chooseSheet<C extends readonly TableColumn[]>(source: TableSource, options: ReadTableOptions<C>, matcher: HeaderMatcher): SourceSheet {
  if (options.sheet !== undefined && source.format === 'xlsx') {
    const named = source.sheets.find((sheet) => sheet.name === options.sheet)
    if (!named) throw new TableError('sheet-not-found', { sheet: options.sheet })
    return named
  }
  const visible = source.sheets.filter((sheet) => !sheet.hidden)
  let best = visible[0]
  if (!best) throw new TableError('sheet-not-found')
  if (visible.length === 1) return best
  let bestScore = 0
  for (const sheet of visible.slice(0, SHEETS_SEARCHED)) {
    const score = matcher.guess(sheet.head(HEAD_ROWS))?.score ?? 0
    if (score > bestScore) {
      best = sheet
      bestScore = score
    }
  }
  return best
}

function findHeader<C extends readonly TableColumn[]>(rows: readonly Row[], options: ReadTableOptions<C>, matcher: HeaderMatcher): HeaderGuess | null {
  if (options.headerRow === undefined) return matcher.guess(rows) ?? (options.mapping && rows[0] ? matcher.match(rows[0], 0) : null)
  const index = rows.findIndex((row) => row.number === options.headerRow)
  const row = rows[index]
  return row ? matcher.match(row, index) : null
}

function parseRows<C extends readonly TableColumn[]>(
  rows: readonly Row[], header: HeaderGuess, options: ReadTableOptions<C>, matcher: HeaderMatcher, format: 'xlsx' | 'csv',
): Omit<Table<C>, 'format' | 'encoding' | 'sheet'> {
  const { columns } = options
  const limit = options.maxRowsReturned ?? Infinity
  const mapping = options.mapping ? chosenMapping(options.mapping, columns, header.row) : header.matches
  const columnOf = new Map(mapping.map(({ key, column }) => [key, column]))
  const mapped = new Set(columnOf.values())
  const lastHeader = header.row.cells.at(-1)?.column ?? 0
  const parsed: TableRow<C>[] = []
  const ignoredRows: number[] = []
  let rowCount = 0
  let errorCount = 0

  for (const row of rows.slice(header.index + 1)) {
    const cells = new Map(row.cells.filter(({ column }) => mapped.has(column)).map((cell) => [cell.column, cell]))
    if (cells.values().every(isBlank)) {
      if (!row.cells.every(isBlank)) ignoredRows.push(row.number)
      continue
    }
    if (repeatsHeader(row, header, matcher)) {
      ignoredRows.push(row.number)
      continue
    }
    rowCount++
    const values: Record<string, unknown> = Object.create(null)
    const errors: CellError[] = []
    for (const spec of columns) {
      const column = columnOf.get(spec.key)
      const cell = column === undefined ? undefined : cells.get(column)
      const result = parseCell(cell, spec, column !== undefined)
      values[spec.key] = result.ok ? result.value : null
      if (!result.ok) errors.push({ column: spec.key, code: result.code, params: result.params ?? {} })
    }
    // In CSV a stray comma shifts every value after it; the row must not pass as if nothing had happened.
    if (format === 'csv' && (row.cells.findLast((cell) => !isBlank(cell))?.column ?? 0) > lastHeader) errors.push({ column: '', code: 'extra-cells', params: {} })
    errorCount += errors.length
    if (parsed.length < limit) parsed.push({ rowNumber: row.number, hidden: row.hidden, values: values as TableValues<C>, errors })
  }

  return {
    headerRow: header.row.number,
    mapping,
    missingColumns: columns.filter(({ key, required }) => required && !columnOf.has(key)).map(({ key }) => key),
    unknownColumns: header.row.cells
      .filter((cell) => !mapped.has(cell.column) && !isBlank(cell))
      .map((cell) => ({ column: cell.column, header: headerText(cell) })),
    rows: parsed,
    rowCount,
    errorCount,
    ignoredRows,
  }
}

function parseCell(cell: Cell | undefined, spec: TableColumn, present: boolean): Parsed<unknown> {
  if (cell?.kind === 'error') return { ok: false, code: 'cell-error', params: { value: cell.value } }
  if (cell?.kind === 'uncalculated') return { ok: false, code: 'not-calculated' }
  if (!cell || isBlank(cell)) {
    // A column the whole file lacks is said once, in missingColumns, not in every row.
    return spec.required && present ? { ok: false, code: 'required' } : { ok: true, value: null }
  }
  // NUL and lone surrogates have no place in UTF-8 databases; found here, they name their cell.
  if (cell.kind === 'text' && (cell.value.includes('\0') || !cell.value.isWellFormed())) return { ok: false, code: 'invalid-text' }
  return (spec.parse ?? PLAIN_TEXT)(cell, cellText(cell).trim())
}

/** Long tables printed on several pages often repeat their header inside the data. */
function repeatsHeader(row: Row, header: HeaderGuess, matcher: HeaderMatcher): boolean {
  const first = row.cells.find(({ column }) => column === header.matches[0]?.column)
  if (!first || header.matches.length < 2 || headerText(first) !== header.matches[0]?.header) return false
  const again = matcher.match(row, 0)
  return again.matches.length === header.matches.length && again.matches.every((match, index) => match.header === header.matches[index]?.header)
}

function chosenMapping(chosen: Readonly<Record<string, number>>, columns: readonly TableColumn[], row: Row): ColumnMatch[] {
  return columns
    .filter(({ key }) => Object.hasOwn(chosen, key))
    .map(({ key }) => {
      const column = chosen[key] as number
      return { key, column, header: headerText(row.cells.find((cell) => cell.column === column)), score: 1 }
    })
}

function isBlank(cell: Cell): boolean {
  return cell.kind === 'text' && cell.value.trim() === ''
}

function notFound(columns: readonly TableColumn[]): TableError {
  const wanted = columns.some(({ required }) => required) ? columns.filter(({ required }) => required) : columns
  const name = (language: keyof ColumnNames) => wanted.map(({ names, key }) => names[language][0] ?? names.ja[0] ?? names.en[0] ?? key).slice(0, 8)
  return new TableError('header-not-found', { expected: name('ja').join('、'), expectedEn: name('en').join(', ') })
}
