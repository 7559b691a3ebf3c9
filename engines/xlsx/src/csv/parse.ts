import { TableError } from '../errors.ts'
import type { Limits } from '../limits.ts'

export type CsvSeparator = ',' | ';' | '\t'

/** One record. `number` counts records from 1; `line` is the line of the text on which it begins. */
export interface CsvRow {
  readonly number: number
  readonly line: number
  readonly cells: readonly string[]
}

const QUOTE = 34
const LF = 10
const CR = 13

/**
 * Parses CSV text (RFC 4180, with CR and LF alone accepted as line ends). A quote inside an unquoted
 * field is an ordinary character, as in Excel. Records may differ in length. Throws, with row and
 * column (both from 1): 'csv-unclosed-quote', 'csv-after-quote', 'text-too-long', 'too-many-columns',
 * 'too-many-rows', 'too-many-cells'.
 */
export function* parseCsv(text: string, separator: CsvSeparator, limits: Limits): Generator<CsvRow> {
  const split = separator.charCodeAt(0)
  let at = 0
  let line = 1
  let cellCount = 0
  for (let number = 1; at < text.length; number++) {
    if (number > limits.maxRows) throw new TableError('too-many-rows', { row: number, max: limits.maxRows })
    const startLine = line
    const cells: string[] = []
    for (;;) {
      if (cells.length >= limits.maxColumns) throw new TableError('too-many-columns', { row: number, line, max: limits.maxColumns })
      let value: string
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1)
        if (close < 0) throw new TableError('csv-unclosed-quote', { row: number, line, column: cells.length + 1 })
        const raw = text.slice(at + 1, close)
        value = raw.includes('"') ? raw.replaceAll('""', '"') : raw
        line += lineBreaks(raw)
        at = close + 1
      } else {
        const from = at
        while (at < text.length) {
          const code = text.charCodeAt(at)
          if (code === split || code === LF || code === CR) break
          at++
        }
        value = text.slice(from, at)
      }
      if (value.length > limits.maxTextLength) throw new TableError('text-too-long', { row: number, line, column: cells.length + 1, max: limits.maxTextLength })
      cells.push(value)
      if (at >= text.length) break
      const code = text.charCodeAt(at)
      if (code === split) at++
      else if (code === LF || code === CR) {
        at += code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1
        line++
        break
      } else throw new TableError('csv-after-quote', { row: number, line, column: cells.length })
    }
    cellCount += cells.length
    if (cellCount > limits.maxCells) throw new TableError('too-many-cells', { row: number, line, max: limits.maxCells })
    yield { number, line: startLine, cells }
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at
  }
  return -1
}

function lineBreaks(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count++
  }
  return count
}
