import { columnName } from '../refs.ts'
import { escapeXml } from '../xml/text.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE_RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const SPREADSHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** [Content_Types].xml for a workbook of `sheetCount` sheets (ECMA-376 part 2, 7.2.3). */
export function contentTypesXml(sheetCount: number): string {
  const override = (part: string, type: string) => `<Override PartName="/xl/${part}.xml" ContentType="${SPREADSHEET_TYPE}.${type}+xml"/>`
  return `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    override('workbook', 'sheet.main') + override('styles', 'styles') +
    indices(sheetCount).map((index) => override(`worksheets/sheet${index}`, 'worksheet')).join('') +
    '</Types>'
}

export function packageRelsXml(): string {
  return relationshipsXml([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }])
}

export function workbookRelsXml(sheetCount: number): string {
  return relationshipsXml([
    ...indices(sheetCount).map((index) => ({ id: `rId${index}`, type: 'worksheet', target: `worksheets/sheet${index}.xml` })),
    { id: `rId${sheetCount + 1}`, type: 'styles', target: 'styles.xml' },
  ])
}

export interface SheetSummary { name: string; columnCount: number; lastRow: number }

/**
 * workbook.xml. Each sheet gets the names Excel itself keeps for a repeated header row when printing
 * and for the auto-filter.
 */
export function workbookXml(sheets: readonly SheetSummary[]): string {
  const names = sheets.flatMap((sheet, index) => {
    const quoted = escapeXml(`'${sheet.name.replaceAll("'", "''")}'`)
    return [
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${quoted}!$A$1:$${columnName(sheet.columnCount - 1)}$${sheet.lastRow}</definedName>`,
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${quoted}!$1:$1</definedName>`,
    ]
  })
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE_RELS}"><bookViews><workbookView/></bookViews>` +
    `<sheets>${sheets.map((sheet, index) => `<sheet name="${escapeXml(sheet.name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets>` +
    `<definedNames>${names.join('')}</definedNames></workbook>`
}

/** What stands before the rows: first row frozen, column widths in characters, one page wide when printed. */
export function sheetHeadXml(widths: readonly number[], selected: boolean): string {
  const columns = widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join('')
  return `${XML}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
    `<sheetViews><sheetView${selected ? ' tabSelected="1"' : ''} workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>' +
    `<sheetFormatPr defaultRowHeight="18.75"/><cols>${columns}</cols><sheetData>`
}

/** What stands after the rows: auto-filter, A4 (paper size 9), page numbers, no warnings about digits kept as text. */
export function sheetTailXml(columnCount: number, lastRow: number, landscape: boolean): string {
  const area = `A1:${columnName(columnCount - 1)}${lastRow}`
  return `</sheetData><autoFilter ref="${area}"/>` +
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>' +
    `<pageSetup paperSize="9" orientation="${landscape ? 'landscape' : 'portrait'}" fitToWidth="1" fitToHeight="0"/>` +
    '<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>' +
    `<ignoredErrors><ignoredError sqref="${area}" numberStoredAsText="1"/></ignoredErrors></worksheet>`
}

function relationshipsXml(items: readonly { id: string; type: string; target: string }[]): string {
  return `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
    items.map(({ id, type, target }) => `<Relationship Id="${id}" Type="${OFFICE_RELS}/${type}" Target="${target}"/>`).join('') +
    '</Relationships>'
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
