import { applyDigitMask } from './numfmt.ts'

/**
 * What a cell holds. Dates and times are civil values without a zone; `serial` keeps Excel's number.
 * 'duration' counts seconds. 'percent' is the plain fraction: 85 % is 0.85. 'uncalculated' is a
 * formula that was saved without its result, as many programs (not Excel) do.
 */
export type CellValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number; readonly format: string }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date' | 'time' | 'datetime'; readonly value: string; readonly serial: number | null }
  | { readonly kind: 'duration'; readonly value: number; readonly serial: number }
  | { readonly kind: 'error'; readonly value: string }
  | { readonly kind: 'uncalculated' }

/** One cell in a row. `column` is zero-based. `formula` tells that the value was computed. */
export type Cell = CellValue & { readonly column: number; readonly formula: boolean }

/** A row that holds at least one cell; `number` is the one-based row as Excel shows it. Cells ascend by column. */
export interface Row {
  readonly number: number
  readonly hidden: boolean
  readonly cells: readonly Cell[]
}

/** The text a person would take the cell for: used for previews, header matching and text columns. */
export function cellText(cell: CellValue | undefined): string {
  if (!cell) return ''
  switch (cell.kind) {
    case 'text': case 'date': case 'time': case 'error': return cell.value
    case 'datetime': return cell.value.replace('T', ' ')
    case 'number': return applyDigitMask(cell.value, cell.format) ?? plainNumber(cell.value)
    case 'percent': return `${plainNumber(Number((cell.value * 100).toPrecision(15)))}%`
    case 'boolean': return cell.value ? 'TRUE' : 'FALSE'
    case 'duration': return durationText(cell.value)
    case 'uncalculated': return ''
  }
}

/** Digits without an exponent where they stay readable; fifteen digits, which is what Excel keeps. */
function plainNumber(value: number): string {
  const rounded = Number(value.toPrecision(15))
  return Number.isInteger(rounded) && Math.abs(rounded) < 1e21 ? BigInt(rounded).toString() : String(rounded)
}

function durationText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${seconds < 0 ? '-' : ''}${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}
