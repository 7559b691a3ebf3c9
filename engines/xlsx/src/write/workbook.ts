import { TableError, withPlace } from '../errors.ts'
import { EXCEL_MAX_COLUMNS, EXCEL_MAX_ROWS } from '../refs.ts'
import { ZipWriter } from '../zip/write.ts'
import { cellXml, headerXml } from './cells.ts'
import type { WriteValue } from './cells.ts'
import { defaultWidth, heightAttribute, linesNeeded } from './layout.ts'
import { safeSheetNames } from './names.ts'
import { contentTypesXml, packageRelsXml, sheetHeadXml, sheetTailXml, workbookRelsXml, workbookXml } from './parts.ts'
import type { SheetSummary } from './parts.ts'
import { stylesXml } from './styles.ts'
import type { ColumnType } from './styles.ts'

export interface WriteColumn {
  readonly header: string
  /** Width in characters of half-width text; fitting type and header when left out. */
  readonly width?: number
  /** 'text' when left out. */
  readonly type?: ColumnType
}

export type WriteRow = readonly WriteValue[]

export interface WriteSheet<Rows> {
  /** Made acceptable to Excel where needed: cut to 31 characters, forbidden characters replaced, made unique. */
  readonly name: string
  readonly columns: readonly WriteColumn[]
  readonly rows: Rows
}

export interface WriteOptions<Rows> {
  readonly sheets: readonly WriteSheet<Rows>[]
  /** Default font of the workbook; '游ゴシック', Japanese Excel's own, when left out. */
  readonly font?: string
  /** IANA zone in which instants (Date, texts with an offset) are shown; 'Asia/Tokyo' when left out. */
  readonly timeZone?: string
}

const LANDSCAPE_FROM_CHARACTERS = 95
/** Row text gathered before it is handed to the deflater: calls per row cost more than the memory. */
const GATHER_UNITS = 64 * 1024

/**
 * Writes a workbook and returns its bytes. Rows may be a generator: only the packed bytes are kept.
 * The same input always gives the same bytes. Throws TableError: 'bad-write' for no sheets, no columns,
 * rows longer than the columns, or impossible values; 'too-many-rows'; 'text-too-long' with the cell.
 */
export function writeWorkbook(options: WriteOptions<Iterable<WriteRow>>): Uint8Array {
  return Buffer.concat([...streamWorkbook(options)])
}

/** As `writeWorkbook`, handing out the bytes as they are made; memory stays bounded whatever the number of rows. */
export function* streamWorkbook(options: WriteOptions<Iterable<WriteRow>>): Generator<Uint8Array> {
  const book = new BookWriter(options)
  for (const sheet of options.sheets) {
    book.beginSheet(sheet)
    for (const row of sheet.rows) {
      if (book.row(row)) yield* book.drain()
    }
    book.endSheet()
  }
  book.finish()
  yield* book.drain()
}

/** As `streamWorkbook` for rows that arrive over time, from a database cursor for example. */
export async function* streamWorkbookAsync(options: WriteOptions<AsyncIterable<WriteRow> | Iterable<WriteRow>>): AsyncGenerator<Uint8Array> {
  const book = new BookWriter(options)
  for (const sheet of options.sheets) {
    book.beginSheet(sheet)
    for await (const row of sheet.rows) {
      if (book.row(row)) yield* book.drain()
    }
    book.endSheet()
  }
  book.finish()
  yield* book.drain()
}

class BookWriter {
  readonly #zip = new ZipWriter()
  readonly #names: readonly string[]
  readonly #timeZone: string
  readonly #summaries: SheetSummary[] = []
  #columns: readonly WriteColumn[] = []
  #types: ColumnType[] = []
  #widths: number[] = []
  #lastRow = 1
  #landscape = false
  #gathered = ''

  constructor(options: WriteOptions<unknown>) {
    const { sheets, font = '游ゴシック', timeZone = 'Asia/Tokyo' } = options
    if (sheets.length === 0) throw new TableError('bad-write', { sheets: 0 })
    this.#names = safeSheetNames(sheets.map((sheet) => sheet.name))
    this.#timeZone = timeZone
    this.#part('[Content_Types].xml', contentTypesXml(sheets.length))
    this.#part('_rels/.rels', packageRelsXml())
    this.#part('xl/_rels/workbook.xml.rels', workbookRelsXml(sheets.length))
    this.#part('xl/styles.xml', stylesXml(font))
  }

  beginSheet(sheet: WriteSheet<unknown>): void {
    const { columns } = sheet
    const name = this.#names[this.#summaries.length] as string
    if (columns.length === 0 || columns.length > EXCEL_MAX_COLUMNS) throw new TableError('bad-write', { sheet: name, columns: columns.length })
    const widths = columns.map(({ header, width, type }) => Math.min(255, Math.max(1, width ?? defaultWidth(header, type ?? 'text'))))
    this.#columns = columns
    this.#widths = widths
    this.#types = columns.map(({ type }) => type ?? 'text')
    this.#landscape = widths.reduce((sum, width) => sum + width, 0) > LANDSCAPE_FROM_CHARACTERS
    this.#lastRow = 1
    this.#zip.begin(`xl/worksheets/sheet${this.#summaries.length + 1}.xml`)
    this.#summaries.push({ name, columnCount: columns.length, lastRow: 1 })
    this.#gathered = `${sheetHeadXml(widths, this.#summaries.length === 1)}<row r="1"${heightAttribute(Math.max(...columns.map(({ header }, column) => linesNeeded(header, widths[column] as number))))}>${columns.map(({ header }, column) => headerXml(header, column)).join('')}</row>`
  }

  /** Adds a row; true when it is worth draining. */
  row(values: WriteRow): boolean {
    const row = ++this.#lastRow
    const sheet = this.#summaries.at(-1)?.name ?? ''
    if (row > EXCEL_MAX_ROWS) throw new TableError('too-many-rows', { sheet, max: EXCEL_MAX_ROWS })
    if (values.length > this.#columns.length) throw new TableError('bad-write', { sheet, row })
    let xml = ''
    let lines = 1
    try {
      for (let column = 0; column < this.#columns.length; column++) {
        const value = values[column]
        if (typeof value === 'string' && this.#types[column] === 'text') lines = Math.max(lines, linesNeeded(value, this.#widths[column] as number))
        xml += cellXml(value, this.#types[column] as ColumnType, column, row, this.#timeZone)
      }
    } catch (error) {
      throw withPlace(error, { sheet })
    }
    this.#gathered += `<row r="${row}"${heightAttribute(lines)}>${xml}</row>`
    if (this.#gathered.length < GATHER_UNITS) return false
    this.#zip.text(this.#gathered)
    this.#gathered = ''
    return true
  }

  endSheet(): void {
    const summary = this.#summaries.at(-1) as SheetSummary
    summary.lastRow = this.#lastRow
    this.#zip.text(this.#gathered + sheetTailXml(this.#columns.length, this.#lastRow, this.#landscape))
    this.#gathered = ''
  }

  finish(): void {
    this.#part('xl/workbook.xml', workbookXml(this.#summaries))
    this.#zip.finish()
  }

  drain(): Uint8Array[] {
    return this.#zip.drain()
  }

  #part(name: string, xml: string): void {
    this.#zip.begin(name)
    this.#zip.text(xml)
  }
}
