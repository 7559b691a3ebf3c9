export type CsvValue = string | number | boolean | null | undefined

const FORMULA_LIKE = /^'*[=+\-@\t\r]/
const GUARDED = /^'+[=+\-@\t\r]/
const CHUNK_UNITS = 64 * 1024

/**
 * Writes rows as CSV that Excel opens by double click: UTF-8 with byte order mark, commas, CRLF
 * (RFC 4180). Returns the bytes. Strings that a spreadsheet would run as a formula are guarded, see
 * `guardFormula`; numbers are not, `-5` stays a number. Lone surrogates become U+FFFD.
 */
export function writeCsv(rows: Iterable<readonly CsvValue[]>): Uint8Array {
  return Buffer.concat([...streamCsv(rows)])
}

/** As `writeCsv`, in pieces of about 64 KiB, for rows from a generator. */
export function* streamCsv(rows: Iterable<readonly CsvValue[]>): Generator<Uint8Array> {
  let text = '\ufeff'
  for (const row of rows) {
    text += `${row.map(fieldText).join(',')}\r\n`
    if (text.length >= CHUNK_UNITS) {
      yield Buffer.from(text, 'utf8')
      text = ''
    }
  }
  if (text !== '') yield Buffer.from(text, 'utf8')
}

/**
 * Puts an apostrophe before text that begins with `=`, `+`, `-`, `@`, tab or carriage return (CSV
 * injection, OWASP), and before text that is already so guarded, so that `unguardFormula` gives
 * every text back unchanged.
 */
export function guardFormula(text: string): string {
  return FORMULA_LIKE.test(text) ? `'${text}` : text
}

/** Takes off the apostrophe `guardFormula` put on. */
export function unguardFormula(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text
}

function fieldText(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '#NUM!'
  const safe = guardFormula(value)
  return /[",\r\n\t;]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
