/**
 * Every code this engine can answer with. The first group refuses a whole file, the second belongs
 * to one cell of a table. Texts for people stand in messages.ts, keyed by these codes.
 */
export const FILE_ERROR_CODES = [
  'empty-file', 'not-a-table', 'password-protected', 'old-xls', 'xlsb-unsupported', 'ods-unsupported',
  'html-disguised', 'xml-2003-unsupported',
  'too-large', 'too-many-parts', 'part-too-large', 'inflated-too-large', 'ratio-too-high',
  'too-many-sheets', 'too-many-rows', 'too-many-columns', 'too-many-cells', 'too-many-strings',
  'too-many-merges', 'text-too-long', 'too-deep',
  'zip-corrupt', 'zip-encrypted', 'zip-method', 'zip-name', 'zip-overlap', 'zip-size-lie', 'zip-checksum',
  'xml-malformed', 'xml-dtd', 'xml-entity', 'xml-encoding',
  'part-missing', 'sheet-corrupt', 'cell-corrupt', 'sheet-not-found',
  'encoding-invalid', 'encoding-unknown', 'csv-unclosed-quote', 'csv-after-quote',
  'header-not-found', 'bad-write',
] as const

export const CELL_ERROR_CODES = [
  'required', 'cell-error', 'not-calculated', 'invalid-number', 'not-integer', 'out-of-range',
  'invalid-date', 'invalid-boolean', 'invalid-choice', 'value-too-long', 'invalid-text', 'extra-cells',
] as const

export type FileErrorCode = (typeof FILE_ERROR_CODES)[number]
export type CellErrorCode = (typeof CELL_ERROR_CODES)[number]
export type ErrorParams = Readonly<Record<string, string | number>>

/**
 * The only error this engine throws, whatever bytes it is given. `code` is stable; `params` carry
 * where and how much (`sheet`, `cell`, `row`, `column`, `part`, `max`, …). `message` is English and
 * meant for logs; people read `describe(code, params, locale)`.
 */
export class TableError extends Error {
  readonly code: FileErrorCode
  readonly params: ErrorParams

  constructor(code: FileErrorCode, params: ErrorParams = {}) {
    const where = Object.entries(params).map(([key, value]) => `${key}=${value}`).join(' ')
    super(where === '' ? code : `${code} (${where})`)
    this.name = 'TableError'
    this.code = code
    this.params = params
  }
}

/** Adds to a TableError what only the outer layer knows (the sheet's name); other values pass through. */
export function withPlace(error: unknown, place: ErrorParams): unknown {
  return error instanceof TableError ? new TableError(error.code, { ...place, ...error.params }) : error
}
