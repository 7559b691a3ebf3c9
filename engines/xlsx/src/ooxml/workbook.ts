import type { Row } from '../cell.ts'
import { TableError, withPlace } from '../errors.ts'
import { resolveLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import type { Range } from '../refs.ts'
import { localName } from '../xml/pull.ts'
import { openPackage } from './package.ts'
import type { OfficePackage, Relationship } from './package.ts'
import { readSheetRows } from './sheet.ts'
import type { SheetContext } from './sheet.ts'
import { readSharedStrings } from './strings.ts'
import { noFormats, readCellFormats } from './styles.ts'

export interface WorkbookSheet {
  readonly name: string
  /** Hidden, or 'very hidden' (visible to macros only). */
  readonly hidden: boolean
  /** The part that holds the sheet. */
  readonly part: string
  /** Rows that hold a value, one by one; each call reads the sheet anew. */
  rows(): Generator<Row>
  /** All rows and the merged ranges. */
  read(): { rows: Row[]; merges: Range[] }
}

export interface Workbook {
  readonly date1904: boolean
  /** Worksheets in tab order; chart and dialogue sheets are left out. */
  readonly sheets: readonly WorkbookSheet[]
}

/**
 * Opens an `.xlsx` or `.xlsm` workbook (OOXML transitional or strict) for reading values. Macros,
 * links and formulas are never run; a formula's stored result is its value. Rows are read when asked
 * for, so what is wrong with a sheet shows while its rows are taken.
 * Throws TableError only, with `sheet` and `cell` where they are known.
 */
export function readWorkbook(bytes: Uint8Array, limits?: Partial<Limits>): Workbook {
  const pack = openPackage(bytes, resolveLimits(limits))
  const workbookPart = findWorkbook(pack)
  const relationships = pack.relationships(workbookPart)
  const { date1904, sheets } = readWorkbookPart(pack, workbookPart, relationships)

  let strings: readonly string[] | null = null
  let format: SheetContext['format'] | null = null
  const partOf = (type: string) => relationships.find((relationship) => relationship.type === type)?.part
  const context: SheetContext = {
    limits: pack.limits,
    date1904,
    strings() {
      if (!strings) {
        const part = partOf('sharedStrings')
        strings = part ? readSharedStrings(pack.open(part), pack.limits) : []
      }
      return strings
    },
    format(style) {
      if (!format) {
        const part = partOf('styles')
        format = part && pack.has(part) ? readCellFormats(pack.open(part)) : noFormats
      }
      return format(style)
    },
  }

  return { date1904, sheets: sheets.map((sheet) => openSheet(pack, sheet, context)) }
}

interface SheetEntry { name: string; hidden: boolean; part: string }

function openSheet(pack: OfficePackage, sheet: SheetEntry, context: SheetContext): WorkbookSheet {
  function* rows(merges: Range[]): Generator<Row> {
    try {
      yield* readSheetRows(pack.open(sheet.part), context, merges)
    } catch (error) {
      throw withPlace(error, { sheet: sheet.name })
    }
  }
  return {
    ...sheet,
    rows: () => rows([]),
    read() {
      const merges: Range[] = []
      return { rows: [...rows(merges)], merges }
    },
  }
}

function findWorkbook(pack: OfficePackage): string {
  const part = pack.relationships('').find((relationship) => relationship.type === 'officeDocument')?.part
  if (part?.toLowerCase().endsWith('.bin')) throw new TableError('xlsb-unsupported')
  if (part && pack.has(part)) return part
  const mimetype = pack.zip.find('mimetype')
  if (mimetype && mimetype.size < 200 && Buffer.from(pack.zip.read(mimetype)).includes('opendocument')) throw new TableError('ods-unsupported')
  throw new TableError('not-a-table')
}

function readWorkbookPart(
  pack: OfficePackage, part: string, relationships: readonly Relationship[],
): { date1904: boolean; sheets: SheetEntry[] } {
  const xml = pack.open(part)
  const sheets: SheetEntry[] = []
  let date1904 = false
  let sawRoot = false
  for (let token = xml.next(); token !== 'eof'; token = xml.next()) {
    if (token !== 'start') continue
    const name = localName(xml.name)
    if (!sawRoot && name !== 'workbook') throw new TableError('not-a-table')
    sawRoot = true
    if (name === 'workbookPr') date1904 = /^(?:1|true)$/.test(xml.attribute('date1904') ?? '')
    if (name !== 'sheet' || xml.depth !== 3) continue
    const id = xml.prefixedAttribute('id')
    const relationship = relationships.find((candidate) => candidate.id === id)
    if (relationship && relationship.type !== 'worksheet') continue
    const title = (xml.attribute('name') ?? '').slice(0, 255)
    if (!relationship?.part || !pack.has(relationship.part)) throw new TableError('part-missing', { sheet: title })
    if (sheets.length >= pack.limits.maxSheets) throw new TableError('too-many-sheets', { max: pack.limits.maxSheets })
    sheets.push({ name: title, hidden: /^(?:hidden|veryHidden)$/.test(xml.attribute('state') ?? ''), part: relationship.part })
  }
  return { date1904, sheets }
}
