import assert from 'node:assert/strict'
import { deflateRawSync } from 'node:zlib'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCsv, readTable, readWorkbook, TableError, writeWorkbook } from '../src/index.ts'
import { book, bookEntries, compoundFile, zip } from './fixtures.ts'
import { firstRow, readAll, refuses, values } from './helpers.ts'

const ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
const sheetXml = (content: string) => ({ raw: { 'xl/worksheets/sheet1.xml': content } })

test('files sent by mistake are answered with what they are', () => {
  refuses(() => readWorkbook(new Uint8Array(0)), 'empty-file')
  refuses(() => readWorkbook(compoundFile('EncryptedPackage')), 'password-protected')
  refuses(() => readTable(compoundFile('Workbook'), { columns: [] }), 'old-xls')
  refuses(() => readTable(compoundFile('Book'), { columns: [] }), 'old-xls')
  refuses(() => readTable(compoundFile('WordDocument'), { columns: [] }), 'not-a-table')
  refuses(() => readTable(Buffer.from('<html><table><tr><td>1'), { columns: [] }), 'html-disguised')
  refuses(() => readTable(Buffer.from('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'), { columns: [] }), 'xml-2003-unsupported')
  refuses(() => readTable(Buffer.from('%PDF-1.7'), { columns: [] }), 'not-a-table')
  refuses(() => readTable(Buffer.from([1, 0, 2]), { columns: [] }), 'not-a-table')
  refuses(() => readWorkbook(Buffer.from('a,b\r\n')), 'not-a-table')
  refuses(() => readWorkbook(zip([{ name: 'word/document.xml', data: '<a/>' }])), 'not-a-table')
  refuses(() => readWorkbook(zip([{ name: 'mimetype', method: 0, data: 'application/vnd.oasis.opendocument.spreadsheet' }])), 'ods-unsupported')
  const xlsb = bookEntries({ raw: { '_rels/.rels': '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>' } })
  refuses(() => readWorkbook(zip(xlsb)), 'xlsb-unsupported')
})

test('a zip bomb is refused by its declared ratio before anything is inflated', () => {
  const bomb = Buffer.alloc(40 * 1024 * 1024, 0x20)
  refuses(() => readWorkbook(book({ raw: { 'xl/worksheets/sheet1.xml': bomb } })), 'ratio-too-high', { part: 'xl/worksheets/sheet1.xml' })
})

test('a zip bomb that declares a small size is stopped at that size', () => {
  const entries = bookEntries({}).filter(({ name }) => name !== 'xl/worksheets/sheet1.xml')
  const bytes = zip([...entries, { name: 'xl/worksheets/sheet1.xml', data: Buffer.alloc(40 * 1024 * 1024, 0x20), size: 1000 }])
  refuses(() => readAll(bytes), 'zip-size-lie', { part: 'xl/worksheets/sheet1.xml' })
})

test('parts larger, and packages larger in total, than the limits are refused', () => {
  const bytes = book({ sheetData: ROW, after: `<!--${'x'.repeat(5000)}-->` })
  refuses(() => readAll(bytes, { maxPartBytes: 5000 }), 'part-too-large', { max: 5000 })
  refuses(() => readAll(bytes, { maxInflatedBytes: 5000 }), 'inflated-too-large', { max: 5000 })
  refuses(() => readAll(bytes, { maxBytes: 500 }), 'too-large', { max: 500 })
  refuses(() => readAll(bytes, { maxParts: 2 }), 'too-many-parts', { max: 2 })
})

test('a deflate stream that goes on without giving output is cut off', () => {
  const ended = deflateRawSync(Buffer.from('<worksheet/>'))
  const data = Buffer.concat([ended, Buffer.alloc(3_000_000, 7)])
  const entries = bookEntries({}).filter(({ name }) => name !== 'xl/worksheets/sheet1.xml')
  const bytes = Buffer.from(zip([...entries, { name: 'xl/worksheets/sheet1.xml', data, method: 0 }]))
  const directory = bytes.lastIndexOf(Buffer.from('504b0102', 'hex'))
  bytes.writeUInt16LE(8, directory + 10)
  refuses(() => readAll(bytes), 'zip-corrupt')
})

test('packages whose directory and records disagree are refused', () => {
  const entry = { name: 'a.xml', data: '<a/>' }
  refuses(() => readWorkbook(zip([entry, { name: 'b.xml', data: '<b/>', localName: 'c.xml' }])), 'zip-name')
  refuses(() => readWorkbook(zip([entry, { ...entry, name: 'A.XML' }])), 'zip-name')
  refuses(() => readWorkbook(zip([entry, { ...entry, name: 'c.xml', localName: 'a.xml', offset: 0 }])), 'zip-name')
  refuses(() => readWorkbook(zip([entry, { ...entry, name: 'b.xml', method: 0, size: 3 }])), 'zip-size-lie')
  refuses(() => readWorkbook(zip([entry, { ...entry, name: 'b.xml', flags: 1 }])), 'zip-encrypted')
  refuses(() => readWorkbook(zip([entry, { ...entry, name: 'b.xml', method: 12 }])), 'zip-method', { method: 12 })
  refuses(() => readWorkbook(zip([entry, { ...entry, name: 'b.xml', offset: 5 }])), 'zip-corrupt')
  for (const name of ['../evil.xml', '/etc/passwd', 'xl/../../x', 'c:\\x', 'a\0b', '..\\x', '']) {
    refuses(() => readWorkbook(zip([entry, { name, data: '' }])), 'zip-name')
  }
  refuses(() => readWorkbook(Buffer.concat([zip([entry]), Buffer.from('junk')])), 'zip-corrupt')
  refuses(() => readWorkbook(Buffer.from('504b0304', 'hex')), 'zip-corrupt')
})

test('records that overlap are refused, however consistent each is alone', () => {
  const inner = zip([{ name: 'b.xml', data: '<b/>', method: 0 }])
  const bytes = zip([{ name: 'a.xml', data: inner, method: 0 }, { name: 'b.xml', data: '<b/>', method: 0, offset: 35 }])
  refuses(() => readWorkbook(bytes), 'zip-overlap')
})

test('a flipped bit in a stored part is noticed', () => {
  const entries = bookEntries({ sheetData: ROW }).map((entry) => ({ ...entry, method: 0 }))
  const bytes = Buffer.from(zip(entries))
  bytes[bytes.indexOf('<v>1</v>') + 3] = 0x32
  refuses(() => readAll(bytes), 'zip-checksum', { part: 'xl/worksheets/sheet1.xml' })
})

test('Zip64 size fields, which some libraries always write, are read', () => {
  const bytes = zip(bookEntries({ sheetData: ROW }).map((entry) => ({ ...entry, zip64: true })))
  assert.deepEqual(values(firstRow(bytes)), [1])
})

test('an archive comment does no harm', () => {
  assert.deepEqual(values(firstRow(zip(bookEntries({ sheetData: ROW }), 'PK\x05\x06 comment'))), [1])
})

test('document type declarations are refused, so no entity is ever fetched or expanded', () => {
  for (const doctype of ['<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">', '<!DOCTYPE lolz [<!ENTITY a "b">]>']) {
    refuses(() => readAll(book(sheetXml(`<?xml version="1.0"?>${doctype}<worksheet/>`))), 'xml-dtd')
  }
  refuses(() => readAll(book({ sheetData: '<row><c t="str"><v>&a;</v></c></row>' })), 'xml-entity')
  refuses(() => readAll(book({ sheetData: '<row><c t="str"><v>&#0;</v></c></row>' })), 'xml-entity')
  refuses(() => readAll(book({ sheetData: '<row><c t="str"><v>&#xD800;</v></c></row>' })), 'xml-entity')
  refuses(() => readAll(book({ sheetData: '<row><c t="str"><v>&#x110000;</v></c></row>' })), 'xml-entity')
  refuses(() => readAll(book({ sheetData: '<row><c t="str"><v>a & b</v></c></row>' })), 'xml-entity')
})

test('XML that is not well formed is refused', () => {
  const cases = [
    '', '<worksheet>', '<worksheet></sheet>', '<worksheet/><worksheet/>', 'text<worksheet/>', '<worksheet a=1/>', '<worksheet a="1" a="2"/>',
    '<worksheet a="<"/>', '<worksheet a="1"b="2"/>', '<worksheet ', '<worksheet/>]]>', '<worksheet><!-- x </worksheet>', '<worksheet><![CDATA[x</worksheet>',
    '<1worksheet/>', '<worksheet><a/', '<worksheet>\x01</worksheet>', '<!ELEMENT a>', '<worksheet>]]></worksheet>', '<?xml <worksheet/>',
  ]
  for (const xml of cases) refuses(() => readAll(book(sheetXml(xml))), 'xml-malformed')
  refuses(() => readAll(book({ raw: { 'xl/worksheets/sheet1.xml': Buffer.from([0x3c, 0x61, 0xff, 0xfe, 0x2f]) } })), 'xml-encoding')
})

test('depth, text length, counts of rows, columns, cells, strings, sheets and merges are bounded', () => {
  refuses(() => readAll(book(sheetXml('<worksheet>' + '<a>'.repeat(200)))), 'too-deep')
  const long = `<row r="1"><c r="A1" t="inlineStr"><is><t>${'x'.repeat(101)}</t></is></c></row>`
  refuses(() => readAll(book({ sheetData: long }), { maxTextLength: 100 }), 'text-too-long', { cell: 'A1', max: 100 })
  refuses(() => readAll(book(sheetXml(`<worksheet>${'x'.repeat(400_000)}</worksheet>`)), { maxRatio: 2000 }), 'text-too-long')
  const many = '<row r="1"><c><v>1</v></c><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>'
  refuses(() => readAll(book({ sheetData: many }), { maxRows: 1 }), 'too-many-rows', { max: 1 })
  refuses(() => readAll(book({ sheetData: many }), { maxColumns: 1 }), 'too-many-columns', { cell: 'B1' })
  refuses(() => readAll(book({ sheetData: many }), { maxCells: 2 }), 'too-many-cells', { max: 2 })
  const strings = { strings: '<si><t>a</t></si><si><t>b</t></si>', sheetData: '<row><c t="s"><v>0</v></c></row>' }
  refuses(() => readAll(book(strings), { maxStrings: 1 }), 'too-many-strings', { max: 1 })
  refuses(() => readAll(book({ sheets: [{ name: 'a', data: '' }, { name: 'b', data: '' }] }), { maxSheets: 1 }), 'too-many-sheets', { max: 1 })
  refuses(() => readAll(book({ after: '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>' }), { maxMerges: 1 }), 'too-many-merges')
  refuses(() => readAll(book({ after: '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>' })), 'sheet-corrupt')
})

test('ten thousand tall merged ranges over a long table are stopped, not walked', () => {
  const rows = Array.from({ length: 2000 }, (_, index) => `<row r="${index + 1}"><c><v>1</v></c></row>`).join('')
  const merges = Array.from({ length: 10_000 }, () => '<mergeCell ref="B1:B2000"/>').join('')
  const bytes = book({ sheetData: rows, after: `<mergeCells>${merges}</mergeCells>` })
  refuses(() => readTable(bytes, { columns: [{ key: 'a', names: { ja: ['a'], en: [] } }], limits: { maxRatio: 1000 } }), 'too-many-merges')
})

test('a validation over every cell of the sheet costs nothing', () => {
  const after = '<dataValidations count="1"><dataValidation type="list" sqref="A1:XFD1048576"><formula1>"a,b"</formula1></dataValidation></dataValidations>'
  assert.deepEqual(values(firstRow(book({ sheetData: ROW, after }))), [1])
})

test('missing parts are named', () => {
  const entries = bookEntries({ sheetData: ROW })
  refuses(() => readWorkbook(zip(entries.filter(({ name }) => name !== 'xl/worksheets/sheet1.xml'))), 'part-missing', { sheet: 'Sheet1' })
  const noStyles = zip(entries.filter(({ name }) => name !== 'xl/styles.xml'))
  assert.deepEqual(values(firstRow(noStyles)), [1])
})

test('keys from a file cannot reach a prototype', () => {
  const bytes = Buffer.from('__proto__,constructor\r\n1,2\r\n')
  const table = readTable(bytes, { columns: [{ key: '__proto__', names: { ja: ['__proto__'], en: [] } }] })
  assert.equal(Object.getPrototypeOf(table.rows[0]?.values), null)
  assert.equal(({} as Record<string, unknown>)['0'], undefined)
})

/** Runs every reader; whatever happens must be a result within the limits or the engine's own error. */
function mustStayCalm(bytes: Uint8Array): void {
  const limits = { maxInflatedBytes: 4_000_000, maxPartBytes: 2_000_000, maxRows: 3, maxColumns: 3, maxCells: 6, maxTextLength: 40 }
  const readers = [
    () => {
      for (const rows of readAll(bytes, limits)) {
        assert.ok(rows.length <= limits.maxRows && rows.flat().length <= limits.maxCells)
        for (const cell of rows.flat()) assert.ok(cell.column < limits.maxColumns && String(values([cell])[0]).length <= limits.maxTextLength)
      }
    },
    () => {
      const rows = readCsv(bytes, { limits }).read()
      assert.ok(rows.length <= limits.maxRows && rows.every(({ cells }) => cells.length <= limits.maxColumns))
    },
    () => readTable(bytes, { columns: [{ key: 'a', names: { ja: ['名前'], en: ['name'] } }], limits }),
  ]
  for (const reader of readers) {
    try {
      reader()
    } catch (error) {
      if (!(error instanceof TableError)) throw error
    }
  }
}

test('random bytes never cause anything but the engine’s own error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => mustStayCalm(bytes)), { numRuns: 400 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => mustStayCalm(Buffer.concat([Buffer.from('504b0304', 'hex'), bytes]))), { numRuns: 200 })
})

test('mutated workbooks never cause anything but the engine’s own error', () => {
  const written = writeWorkbook({ sheets: [{ name: '表', columns: [{ header: '名前' }, { header: '日', type: 'date' }], rows: [['=1', '2026-04-01'], ['あ', null]] }] })
  const made = book({ strings: '<si><t>名前</t></si>', sheetData: '<row r="1"><c t="s"><v>0</v></c><c s="0"><v>1.5</v></c></row>', after: '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>' })
  const stored = zip(bookEntries({ sheetData: ROW }).map((entry) => ({ ...entry, method: 0 })))
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), byte: fc.nat(255) })
  fc.assert(fc.property(fc.constantFrom(written, made, stored), fc.array(change, { minLength: 1, maxLength: 8 }), (original, changes) => {
    const bytes = Uint8Array.from(original)
    for (const { at, byte } of changes) bytes[Math.floor(at * bytes.length)] = byte
    mustStayCalm(bytes)
  }), { numRuns: 800 })
})

test('mutated sheet XML never causes anything but the engine’s own error', () => {
  const xml = '<?xml version="1.0"?><worksheet xmlns="x"><sheetData><row r="1" hidden="1"><c r="A1" s="1" t="inlineStr"><is><r><t>あ&amp;</t></r><rPh><t>x</t></rPh></is></c><c r="B1"><f>A1</f><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
  const piece = fc.constantFrom('<', '>', '&', '"', '/', '<c>', '</c>', '<![CDATA[', ']]>', '<!--', '-->', '<row>', 'r="Z9"', '&#1;', '&lt;', ' ', '\u0001', '<v>')
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(xml.length), fc.nat(6), piece), { maxLength: 5 }), (edits) => {
    let text = xml
    for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut)
    mustStayCalm(book(sheetXml(text)))
  }), { numRuns: 800 })
})
