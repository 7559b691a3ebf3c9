import { escapeXml } from '../xml/text.ts'

/** `timestamp`: a date and time to the second. */
export type ColumnType = 'text' | 'number' | 'integer' | 'percent' | 'date' | 'datetime' | 'time' | 'boolean' | 'timestamp'

/** Indices into cellXfs of the stylesheet below. */
export const STYLE = {
  general: 0, header: 1, text: 2, quotedText: 3, number: 4, integer: 5, percent: 6, date: 7, datetime: 8, time: 9, boolean: 10, timestamp: 11,
} as const

const FORMATS = [
  { id: 164, code: 'yyyy/mm/dd' },
  { id: 165, code: 'yyyy/mm/dd hh:mm' },
  { id: 166, code: 'hh:mm' },
  { id: 167, code: 'yyyy/mm/dd hh:mm:ss' },
] as const

/**
 * The stylesheet part. Text cells carry format 49 (`@`), so that a cell edited later stays text, and
 * text that begins like a formula carries `quotePrefix`: without it Excel would run the text as a
 * formula as soon as somebody edits the cell and presses Enter.
 */
export function stylesXml(font: string): string {
  const name = escapeXml(font)
  const cell = (format: number, more = '', vertical = 'top') =>
    `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"${more}>` +
    `<alignment vertical="${vertical}" wrapText="1"/></xf>`
  return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    `<numFmts count="${FORMATS.length}">${FORMATS.map(({ id, code }) => `<numFmt numFmtId="${id}" formatCode="${escapeXml(code)}"/>`).join('')}</numFmts>` +
    `<fonts count="2"><font><sz val="11"/><name val="${name}"/><family val="2"/></font>` +
    `<font><b/><sz val="11"/><name val="${name}"/><family val="2"/></font></fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF4"/><bgColor indexed="64"/></patternFill></fill></fills>' +
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>' +
    `<border>${['left', 'right', 'top', 'bottom'].map((side) => `<${side} style="thin"><color rgb="FFBFC7CF"/></${side}>`).join('')}<diagonal/></border></borders>` +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    '<cellXfs count="12">' +
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" quotePrefix="1">' +
    '<alignment vertical="center" wrapText="1"/></xf>' +
    cell(49) + cell(49, ' quotePrefix="1"') + cell(0) + cell(3) + cell(10) + cell(164) + cell(165) + cell(166) + cell(0) + cell(167) +
    '</cellXfs>' +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>' +
    '</styleSheet>'
}
