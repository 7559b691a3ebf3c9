import { civilToSerial, instantToCivil } from '../dates.ts'
import { TableError } from '../errors.ts'
import { cellRef } from '../refs.ts'
import { escapeXstring } from '../xml/text.ts'
import { STYLE } from './styles.ts'
import type { ColumnType } from './styles.ts'

/**
 * A value to write. Dates are civil texts (`2026-04-01`, `2026-04-01T09:30`, `09:30`) in columns of
 * type date, datetime, timestamp and time; a Date or a text with an offset is an instant and is shown in the
 * workbook's time zone.
 */
export type WriteValue = string | number | boolean | Date | null | undefined

/** Excel refuses a file with a longer text in a cell. */
export const CELL_TEXT_MAX = 32_767
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

/**
 * XML of one cell. A value that does not fit its column's type is written as the text it is, never
 * dropped. Strings are always inline strings, so none can become a formula. Throws 'text-too-long'.
 */
export function cellXml(value: WriteValue, type: ColumnType, column: number, row: number, timeZone: string): string {
  switch (typeof value) {
    case 'string': return value === '' ? blank(STYLE[type]) : temporal(value, type, timeZone) ?? textCell(value, column, row)
    case 'number': return numberCell(value, type)
    case 'boolean': return `<c s="${STYLE.boolean}" t="b"><v>${value ? 1 : 0}</v></c>`
    case 'undefined': return blank(STYLE[type])
  }
  if (value === null) return blank(STYLE[type])
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new TableError('bad-write', { cell: cellRef(column, row) })
  const civil = instantToCivil(value, timeZone)
  const target = type === 'date' || type === 'time' || type === 'timestamp' ? type : 'datetime'
  return temporal(civil, target, timeZone) ?? textCell(civil.replace('T', ' '), column, row)
}

/** XML of a header cell. */
export function headerXml(text: string, column: number): string {
  return inline(text, STYLE.header, column, 1)
}

function temporal(value: string, type: ColumnType, timeZone: string): string | null {
  if (type !== 'date' && type !== 'datetime' && type !== 'timestamp' && type !== 'time') return null
  const civil = INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? instantToCivil(new Date(value), timeZone) : value
  const hasDate = civil.charCodeAt(4) === 45
  if (hasDate === (type === 'time') && !(type === 'time' && civil.includes('T'))) return null
  const wanted = !hasDate || type === 'datetime' || type === 'timestamp' ? civil : type === 'date' ? civil.slice(0, 10) : civil.slice(11)
  const serial = civilToSerial(wanted)
  return serial === null ? null : `<c s="${STYLE[type]}"><v>${serial}</v></c>`
}

function numberCell(value: number, type: ColumnType): string {
  // Not-a-number and infinity have no number in a sheet; Excel's own mark for them keeps the fault visible.
  if (!Number.isFinite(value)) return `<c s="${STYLE.number}" t="e"><v>#NUM!</v></c>`
  const style = type === 'integer' || type === 'percent' ? STYLE[type] : STYLE.number
  return `<c s="${style}"><v>${Object.is(value, -0) ? 0 : value}</v></c>`
}

function textCell(value: string, column: number, row: number): string {
  return inline(value, /^[=+\-@\t\r']/.test(value) ? STYLE.quotedText : STYLE.text, column, row)
}

function inline(value: string, style: number, column: number, row: number): string {
  if (value.length > CELL_TEXT_MAX) throw new TableError('text-too-long', { cell: cellRef(column, row), max: CELL_TEXT_MAX })
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeXstring(value)}</t></is></c>`
}

function blank(style: number): string {
  return `<c s="${style}"/>`
}
