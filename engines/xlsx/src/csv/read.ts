import { TableError } from '../errors.ts'
import { resolveLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import { decodeCsv } from './decode.ts'
import type { CsvEncoding } from './decode.ts'
import { parseCsv } from './parse.ts'
import type { CsvRow, CsvSeparator } from './parse.ts'

export interface ReadCsvOptions {
  readonly encoding?: CsvEncoding | 'auto'
  readonly separator?: CsvSeparator | 'auto'
  readonly limits?: Partial<Limits>
}

export interface CsvFile {
  readonly encoding: CsvEncoding
  readonly separator: CsvSeparator
  /** Records one by one; each call parses anew. */
  rows(): Generator<CsvRow>
  read(): CsvRow[]
}

const SEPARATORS: readonly CsvSeparator[] = [',', ';', '\t']
const SAMPLE_UNITS = 64 * 1024
const SAMPLE_ROWS = 50

/**
 * Opens a CSV file: decodes it and finds its separator. Throws TableError: 'empty-file', 'too-large',
 * 'encoding-invalid', 'encoding-unknown'; while rows are taken those of `parseCsv`.
 */
export function readCsv(bytes: Uint8Array, options: ReadCsvOptions = {}): CsvFile {
  const limits = resolveLimits(options.limits)
  if (bytes.length === 0) throw new TableError('empty-file')
  if (bytes.length > limits.maxBytes) throw new TableError('too-large', { max: limits.maxBytes })
  const decoded = decodeCsv(bytes, options.encoding ?? 'auto')
  const hint = separatorHint(decoded.text)
  const text = hint ? decoded.text.slice(hint.length) : decoded.text
  const wanted = options.separator ?? 'auto'
  const separator = wanted !== 'auto' ? wanted : hint?.separator ?? guessSeparator(text)
  return {
    encoding: decoded.encoding,
    separator,
    rows: () => parseCsv(text, separator, limits),
    read: () => [...parseCsv(text, separator, limits)],
  }
}

/** Excel's own first line `sep=;`. */
function separatorHint(text: string): { separator: CsvSeparator; length: number } | null {
  const match = /^"?sep=([,;\t])"?(?:\r\n|\r|\n)/.exec(text.slice(0, 16))
  return match ? { separator: match[1] as CsvSeparator, length: match[0].length } : null
}

/** The separator that cuts most sample records into one same number of columns, more than one; a comma when none does. */
export function guessSeparator(text: string): CsvSeparator {
  const sample = text.slice(0, SAMPLE_UNITS)
  const limits = resolveLimits()
  let best: CsvSeparator = ','
  let bestScore = 0
  for (const separator of SEPARATORS) {
    const widths = new Map<number, number>()
    let records = 0
    try {
      for (const row of parseCsv(sample, separator, limits)) {
        if (row.cells.length === 1 && row.cells[0] === '') continue
        widths.set(row.cells.length, (widths.get(row.cells.length) ?? 0) + 1)
        if (++records >= SAMPLE_ROWS) break
      }
    } catch (error) {
      // The sample may end inside a quoted field; what was counted until then decides.
      if (!(error instanceof TableError)) throw error
    }
    const [width, count] = [...widths].filter(([columns]) => columns > 1).sort((x, y) => y[1] - x[1] || y[0] - x[0])[0] ?? [1, 0]
    const score = records === 0 ? 0 : (count / records) * 1_000 + Math.min(width, 500) / 1_000
    if (score > bestScore) {
      best = separator
      bestScore = score
    }
  }
  return best
}
