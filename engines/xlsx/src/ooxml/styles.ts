import { TableError } from '../errors.ts'
import { builtInFormat, classifyFormat } from '../numfmt.ts'
import type { NumberKind } from '../numfmt.ts'
import { localName } from '../xml/pull.ts'
import type { XmlPull } from '../xml/pull.ts'

export interface CellFormat {
  readonly kind: NumberKind
  readonly code: string
}

const GENERAL: CellFormat = { kind: 'number', code: 'General' }
/** Excel itself stops at 65,490 cell formats. */
const STYLES_MAX = 200_000

/** Number formats by cell style index (`s` of a cell): `cellXfs` of styles.xml (18.8.10) joined with `numFmts`. */
export function readCellFormats(xml: XmlPull): (style: number) => CellFormat {
  const custom = new Map<number, string>()
  const styleFormats: number[] = []
  let inCellXfs = false
  for (let token = xml.next(); token !== 'eof'; token = xml.next()) {
    if (token === 'text') continue
    const name = localName(xml.name)
    if (name === 'cellXfs') inCellXfs = token === 'start'
    else if (token !== 'start') continue
    // Differential formats (dxfs) name formats too, but for conditional formatting only.
    else if (name === 'numFmt' && xml.depth === 3) custom.set(Number(xml.attribute('numFmtId')), xml.attribute('formatCode') ?? '')
    else if (name === 'xf' && inCellXfs) styleFormats.push(Number(xml.attribute('numFmtId') ?? 0))
    if (styleFormats.length > STYLES_MAX || custom.size > STYLES_MAX) throw new TableError('sheet-corrupt', { part: 'styles' })
  }
  const formats = new Map<number, CellFormat>()
  return (style) => {
    const id = styleFormats[style]
    if (id === undefined) return GENERAL
    let format = formats.get(id)
    if (!format) {
      const code = custom.get(id) ?? builtInFormat(id) ?? 'General'
      format = { kind: classifyFormat(code), code }
      formats.set(id, format)
    }
    return format
  }
}

/** For workbooks without styles.xml: every number is just a number. */
export function noFormats(): CellFormat {
  return GENERAL
}
