import type { Cell, Row } from '../cell.ts'
import { readCsv } from '../csv/read.ts'
import type { CsvEncoding } from '../csv/decode.ts'
import { unguardFormula } from '../csv/write.ts'
import { TableError } from '../errors.ts'
import { resolveLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import { readWorkbook } from '../ooxml/workbook.ts'
import type { Range } from '../refs.ts'
import { sniff } from '../sniff.ts'

/** Where a table can come from: the sheets of a workbook, or a CSV file as a single sheet without a name. */
export interface TableSource {
  readonly format: 'xlsx' | 'csv'
  readonly encoding: CsvEncoding | null
  readonly sheets: readonly SourceSheet[]
}

export interface SourceSheet {
  readonly name: string | null
  readonly hidden: boolean
  /** The first rows, without reading the rest. */
  head(count: number): Row[]
  /** All rows; cells merged downwards carry their value in each row. */
  read(): Row[]
}

/** Opens a workbook or CSV file, whichever the bytes are; file names are not looked at. */
export function openSource(bytes: Uint8Array, options: { limits?: Partial<Limits>; encoding?: CsvEncoding | 'auto' } = {}): TableSource {
  const limits = resolveLimits(options.limits)
  if (bytes.length > limits.maxBytes) throw new TableError('too-large', { max: limits.maxBytes })
  if (sniff(bytes) === 'zip') {
    const sheets = readWorkbook(bytes, limits).sheets.map((sheet): SourceSheet => ({
      name: sheet.name,
      hidden: sheet.hidden,
      head: (count) => [...sheet.rows().take(count)],
      read() {
        const { rows, merges } = sheet.read()
        return fillDown(rows, merges, limits)
      },
    }))
    return { format: 'xlsx', encoding: null, sheets }
  }
  const csv = readCsv(bytes, { limits, encoding: options.encoding ?? 'auto' })
  const rows = function* (): Generator<Row> {
    for (const { number, cells } of csv.rows()) {
      const row: Cell[] = []
      for (const [column, text] of cells.entries()) {
        if (text !== '') row.push({ kind: 'text', value: unguardFormula(text), column, formula: false })
      }
      if (row.length > 0) yield { number, hidden: false, cells: row }
    }
  }
  return {
    format: 'csv',
    encoding: csv.encoding,
    sheets: [{ name: null, hidden: false, head: (count) => [...rows().take(count)], read: () => [...rows()] }],
  }
}

/** Only the first column of a range is filled, and only rows that hold something: ranges are never walked cell by cell. */
function fillDown(rows: Row[], merges: readonly Range[], limits: Limits): Row[] {
  const waiting = merges.filter((range) => range.lastRow > range.firstRow).sort((a, b) => a.firstRow - b.firstRow)
  if (waiting.length === 0) return rows
  let active: { range: Range; anchor: Cell | undefined }[] = []
  let next = 0
  let steps = 0
  return rows.map((row) => {
    active = active.filter(({ range }) => range.lastRow >= row.number)
    const added: Cell[] = []
    steps += active.length
    if (steps > limits.maxCells) throw new TableError('too-many-merges', { max: limits.maxMerges })
    for (const { range, anchor } of active) {
      if (anchor && !row.cells.some((cell) => cell.column === range.firstColumn)) added.push(anchor)
    }
    for (let range = waiting[next]; range && range.firstRow <= row.number; range = waiting[++next]) {
      const { firstColumn, firstRow, lastRow } = range
      if (lastRow < row.number) continue
      active.push({ range, anchor: firstRow === row.number ? row.cells.find((cell) => cell.column === firstColumn) : undefined })
    }
    if (added.length === 0) return row
    return { ...row, cells: [...row.cells, ...added].sort((a, b) => a.column - b.column) }
  })
}
