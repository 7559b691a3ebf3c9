import type { Cell, CellValue, Row } from '../cell.ts'
import { serialToCivil } from '../dates.ts'
import { TableError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { cellRef, EXCEL_MAX_COLUMNS, EXCEL_MAX_ROWS, parseRange, parseRef } from '../refs.ts'
import type { Range } from '../refs.ts'
import { localName } from '../xml/pull.ts'
import type { XmlPull } from '../xml/pull.ts'
import { decodeXstring } from '../xml/text.ts'
import { readStringItem } from './strings.ts'
import type { CellFormat } from './styles.ts'

export interface SheetContext {
  readonly limits: Limits
  readonly date1904: boolean
  strings(): readonly string[]
  format(style: number): CellFormat
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * Reads a worksheet part (18.3.1.99) row by row. Rows and cells without a position follow the one
 * before, as the schema says. Merged ranges come after the rows in the file: they are pushed to
 * `merges` by the time the generator ends. Errors name the cell.
 */
export function* readSheetRows(xml: XmlPull, context: SheetContext, merges: Range[]): Generator<Row> {
  const { limits } = context
  let lastRow = 0
  let rowCount = 0
  let cellCount = 0
  let inData = false
  let sawRoot = false
  for (let token = xml.next(); token !== 'eof'; token = xml.next()) {
    if (token === 'text') continue
    const name = localName(xml.name)
    if (!sawRoot) {
      if (name !== 'worksheet') throw new TableError('sheet-corrupt', { element: name.slice(0, 40) })
      sawRoot = true
    } else if (name === 'sheetData' && xml.depth <= 2) inData = token === 'start'
    else if (token !== 'start') continue
    else if (name === 'row' && inData) {
      const number = rowNumber(xml.attribute('r'), lastRow)
      const hidden = isTrue(xml.attribute('hidden'))
      const cells = readCells(xml, number, context)
      lastRow = number
      if (cells.length === 0) continue
      if (++rowCount > limits.maxRows) throw new TableError('too-many-rows', { row: number, max: limits.maxRows })
      cellCount += cells.length
      if (cellCount > limits.maxCells) throw new TableError('too-many-cells', { row: number, max: limits.maxCells })
      yield { number, hidden, cells }
    } else if (name === 'mergeCell' && !inData) {
      const range = parseRange(xml.attribute('ref') ?? '')
      if (!range) throw new TableError('sheet-corrupt', { element: 'mergeCell' })
      if (merges.length >= limits.maxMerges) throw new TableError('too-many-merges', { max: limits.maxMerges })
      merges.push(range)
    }
  }
}

function readCells(xml: XmlPull, row: number, context: SheetContext): Cell[] {
  const cells: Cell[] = []
  const outside = xml.depth - 1
  let lastColumn = -1
  for (;;) {
    const token = xml.next()
    if (token === 'end' && xml.depth <= outside) return cells
    if (token !== 'start') continue
    if (localName(xml.name) !== 'c') {
      xml.skip()
      continue
    }
    const column = columnOf(xml.attribute('r'), row, lastColumn)
    lastColumn = column
    const cell = readCell(xml, column, row, context)
    if (!cell) continue
    if (column >= context.limits.maxColumns) {
      throw new TableError('too-many-columns', { cell: cellRef(column, row), max: context.limits.maxColumns })
    }
    cells.push(cell)
  }
}

function readCell(xml: XmlPull, column: number, row: number, context: SheetContext): Cell | null {
  const type = xml.attribute('t') ?? 'n'
  const styleText = xml.attribute('s')
  const outside = xml.depth - 1
  if (xml.selfClosing) {
    xml.next()
    return null
  }
  let raw: string | null = null
  let inline: string | null = null
  let formula = false
  let inValue = false
  for (;;) {
    const token = xml.next()
    if (token === 'text') {
      if (inValue) raw = (raw ?? '') + xml.text
    } else if (token === 'start') {
      const name = localName(xml.name)
      inValue = name === 'v'
      if (name === 'f') formula = true
      if (name === 'is') inline = readStringItem(xml, context.limits, () => ({ cell: cellRef(column, row) }))
      else if (name !== 'v') xml.skip()
    } else {
      inValue = false
      if (xml.depth <= outside) break
    }
  }
  const value = inline !== null && (raw === null || type === 'inlineStr')
    ? textValue(inline)
    : raw === null ? (formula ? UNCALCULATED : null) : valueOf(raw, type, styleText, column, row, context)
  return value && { ...value, column, formula }
}

const UNCALCULATED: CellValue = { kind: 'uncalculated' }

function valueOf(raw: string, type: string, styleText: string | undefined, column: number, row: number, context: SheetContext): CellValue | null {
  const corrupt = () => new TableError('cell-corrupt', { cell: cellRef(column, row) })
  switch (type) {
    case 's': {
      const index = Number(raw)
      const text = /^\s*\d{1,9}\s*$/.test(raw) ? context.strings()[index] : undefined
      if (text === undefined) throw corrupt()
      return textValue(text)
    }
    case 'str': case 'inlineStr': {
      const text = decodeXstring(raw)
      if (text.length > context.limits.maxTextLength) throw new TableError('text-too-long', { cell: cellRef(column, row), max: context.limits.maxTextLength })
      return textValue(text)
    }
    case 'b': {
      const flag = raw.trim()
      if (!/^(?:0|1|true|false)$/.test(flag)) throw corrupt()
      return { kind: 'boolean', value: isTrue(flag) }
    }
    case 'e': return { kind: 'error', value: raw.trim().slice(0, 40) }
    case 'd': {
      const value = isoDate(raw.trim())
      if (!value) throw corrupt()
      return value
    }
    case 'n': {
      const number = raw.trim()
      if (number === '') return null
      if (number.length > 400 || !NUMBER.test(number) || !Number.isFinite(Number(number))) throw corrupt()
      return numberValue(Number(number), styleText === undefined ? context.format(0) : context.format(Number(styleText)), context.date1904)
    }
    default: throw corrupt()
  }
}

function numberValue(value: number, format: CellFormat, date1904: boolean): CellValue {
  switch (format.kind) {
    case 'date': case 'time': case 'datetime': {
      const civil = serialToCivil(value, format.kind, date1904)
      return civil ? { ...civil, serial: value } : { kind: 'number', value, format: format.code }
    }
    case 'duration': return { kind: 'duration', value: Math.round(value * 86_400_000) / 1000, serial: value }
    case 'percent': return { kind: 'percent', value }
    case 'number': case 'text': return { kind: 'number', value, format: format.code }
  }
}

/** An ISO 8601 date cell (`t="d"`), which strict files use. A trailing Z is passed over, other offsets are refused. */
function isoDate(text: string): CellValue | null {
  const match = /^(\d{4}-\d\d-\d\d)?(?:T?(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)Z?)?$/.exec(text)
  const [, date, clock] = match ?? []
  const time = clock && clock.length === 5 ? `${clock}:00` : clock
  if (date && time) return { kind: 'datetime', value: `${date}T${time}`, serial: null }
  if (date) return { kind: 'date', value: date, serial: null }
  return time ? { kind: 'time', value: time, serial: null } : null
}

function textValue(value: string): CellValue | null {
  return value === '' ? null : { kind: 'text', value }
}

function rowNumber(text: string | undefined, last: number): number {
  const number = text === undefined ? last + 1 : /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (number <= last || number > EXCEL_MAX_ROWS) throw new TableError('sheet-corrupt', { row: last + 1 })
  return number
}

function columnOf(ref: string | undefined, row: number, last: number): number {
  const place = ref === undefined ? { column: last + 1, row } : parseRef(ref)
  if (!place || place.row !== row || place.column <= last || place.column >= EXCEL_MAX_COLUMNS) {
    throw new TableError('sheet-corrupt', { row, ...(ref === undefined ? {} : { cell: ref.slice(0, 20) }) })
  }
  return place.column
}

function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true'
}
