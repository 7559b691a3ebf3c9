import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { cellText, readWorkbook, streamWorkbook, streamWorkbookAsync, writeWorkbook } from '../src/index.ts'
import type { ColumnType, WriteValue } from '../src/index.ts'
import { DEFAULT_LIMITS } from '../src/limits.ts'
import { safeSheetNames } from '../src/write/names.ts'
import { openZip } from '../src/zip/read.ts'
import { readAll, refuses, values } from './helpers.ts'

function part(bytes: Uint8Array, name: string): string {
  const zip = openZip(bytes, DEFAULT_LIMITS)
  const entry = zip.find(name)
  assert.ok(entry, name)
  return Buffer.from(zip.read(entry)).toString('utf8')
}

function oneCell(value: WriteValue, type: ColumnType = 'text', timeZone = 'Asia/Tokyo') {
  const bytes = writeWorkbook({ sheets: [{ name: 's', columns: [{ header: 'h', type }], rows: [[value]] }], timeZone })
  return { cell: readAll(bytes)[0]?.[1]?.[0], xml: part(bytes, 'xl/worksheets/sheet1.xml') }
}

test('any text written is read back the same, whatever characters it holds', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: fc.constantFrom('_', 'x', '0', '4', '1', 'A', '\r', '\n', '\t', '\0', ' ', '\ud800', '\udc00', '\ufffe', '<', '&', '"', '髙', '𠮷') }))
  fc.assert(fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (rows) => {
    const bytes = writeWorkbook({ sheets: [{ name: 's', columns: [{ header: 'a' }, { header: 'b' }], rows }] })
    const read = readAll(bytes)[0]?.slice(1) ?? []
    const filled = rows.filter((row) => row.some((value) => value !== ''))
    assert.deepEqual(read.map((row) => row.map((cell) => [cell.column, cell.kind, cellText(cell)])), filled.map((row) => row.map((value, column) => [column, 'text', value]).filter(([, , value]) => value !== '')))
  }), { numRuns: 300 })
})

test('any finite number written is read back the same', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const { cell } = oneCell(value, 'number')
    assert.equal(cell?.kind === 'number' ? cell.value : NaN, value === 0 ? 0 : value)
  }))
})

test('each column type gives cells of its kind', () => {
  const columns = (['text', 'number', 'integer', 'percent', 'date', 'datetime', 'time', 'boolean'] as const).map((type) => ({ header: type, type }))
  const row = ['0123', 1.5, 3, 0.25, '2026-04-01', '2026-04-01T09:30', '18:05', true]
  const [, cells = []] = readAll(writeWorkbook({ sheets: [{ name: 's', columns, rows: [row] }] }))[0] ?? []
  assert.deepEqual(cells.map((cell) => cell.kind), ['text', 'number', 'number', 'percent', 'date', 'datetime', 'time', 'boolean'])
  assert.deepEqual(values(cells), ['0123', 1.5, 3, 0.25, '2026-04-01', '2026-04-01T09:30:00', '18:05:00', true])
})

test('instants are shown on the clock of the wanted time zone', () => {
  assert.equal(oneCell(new Date('2026-03-31T15:00:00Z'), 'datetime').cell?.kind, 'datetime')
  assert.deepEqual(values([oneCell(new Date('2026-03-31T15:00:07Z'), 'timestamp').cell as never]), ['2026-04-01T00:00:07'])
  assert.deepEqual(values([oneCell(new Date('2026-03-31T15:00:00Z'), 'date').cell as never]), ['2026-04-01'])
  assert.deepEqual(values([oneCell('2026-03-31T15:00:00Z', 'date').cell as never]), ['2026-04-01'])
  assert.deepEqual(values([oneCell('2026-03-31T15:00:00.5+09:00', 'datetime', 'UTC').cell as never]), ['2026-03-31T06:00:00'])
})

test('a value that does not fit its column is written as the text it is', () => {
  assert.equal(cellText(oneCell('未定', 'date').cell), '未定')
  assert.equal(cellText(oneCell('2026-02-30', 'date').cell), '2026-02-30')
  assert.equal(cellText(oneCell('約10', 'number').cell), '約10')
  assert.equal(cellText(oneCell(NaN, 'number').cell), '#NUM!')
})

test('text that begins like a formula stays text, even after somebody edits the cell', () => {
  for (const value of ['=1+1', '+81-3-0000-0000', '-5', '@SUM(A1)', "=cmd|'/c calc'!A0", '\t=1', '\r=1']) {
    const { cell, xml } = oneCell(value)
    assert.equal(cell?.kind, 'text')
    assert.equal(cellText(cell), value)
    assert.doesNotMatch(xml, /<f[ >]/)
    assert.match(xml, /<c s="3" t="inlineStr">/)
  }
  assert.match(part(writeWorkbook({ sheets: [{ name: 's', columns: [{ header: 'h' }], rows: [] }] }), 'xl/styles.xml'), /quotePrefix="1"><alignment vertical="top"/)
})

test('the header is bold, frozen, filtered and repeated on A4 pages; the font is Japanese', () => {
  const bytes = writeWorkbook({ sheets: [{ name: '会員', columns: [{ header: '氏名' }, { header: '備考', width: 100 }], rows: [['a', 'b']] }] })
  const sheet = part(bytes, 'xl/worksheets/sheet1.xml')
  assert.match(sheet, /<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"\/>/)
  assert.match(sheet, /<autoFilter ref="A1:B2"\/>/)
  assert.match(sheet, /<pageSetup paperSize="9" orientation="landscape"/)
  assert.match(part(bytes, 'xl/workbook.xml'), /Print_Titles" localSheetId="0">'会員'!\$1:\$1</)
  assert.match(part(bytes, 'xl/styles.xml'), /<name val="游ゴシック"\/>/)
  assert.match(part(bytes, 'xl/styles.xml'), /wrapText="1"/)
})

test('rows of wrapped text are tall enough to be read, up to the tallest Excel allows', () => {
  const heights = (text: string) => [...part(writeWorkbook({ sheets: [{ name: 's', columns: [{ header: 'h', width: 11 }], rows: [[text]] }] }), 'xl/worksheets/sheet1.xml').matchAll(/<row r="2"(?: ht="([\d.]+)")?>/g)].map(([, height]) => height)
  assert.deepEqual(heights('短い'), [undefined])
  assert.deepEqual(heights('全角五字だ十文字に'), ['37.5'])
  assert.deepEqual(heights('a\nb\nc'), ['56.25'])
  assert.deepEqual(heights('\n'.repeat(1000)), ['409'])
})

test('dates in narrow columns do not stretch the row', () => {
  const bytes = writeWorkbook({ sheets: [{ name: 's', columns: [{ header: 'h', type: 'date', width: 5 }], rows: [['2026-04-01']] }] })
  assert.match(part(bytes, 'xl/worksheets/sheet1.xml'), /<row r="2"><c/)
})

test('sheet names are made acceptable and unique', () => {
  const names = safeSheetNames(['', "'引用'", 'a/b:c*d?e[f]g\\h', 'History', 'x'.repeat(40), 'X'.repeat(40), '😀'.repeat(20), 'a\u0000b', '表', '表'])
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length)
  for (const name of names) {
    assert.ok(name.length >= 1 && name.length <= 31 && name.isWellFormed(), name)
    assert.doesNotMatch(name, /[[\]:*?/\\\x00-\x1f]|^'|'$|^history$/i)
  }
  assert.deepEqual(names.slice(-2), ['表', '表 (2)'])
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { minLength: 1, maxLength: 5 }), (wanted) => {
    const bytes = writeWorkbook({ sheets: wanted.map((name) => ({ name, columns: [{ header: 'h' }], rows: [] })) })
    assert.deepEqual(readWorkbook(bytes).sheets.map(({ name }) => name), safeSheetNames(wanted))
  }), { numRuns: 100 })
})

test('what Excel would call damaged is refused while writing, with the place', () => {
  refuses(() => writeWorkbook({ sheets: [] }), 'bad-write')
  refuses(() => writeWorkbook({ sheets: [{ name: 's', columns: [], rows: [] }] }), 'bad-write')
  const write = (row: WriteValue[]) => () => writeWorkbook({ sheets: [{ name: '表', columns: [{ header: 'h' }], rows: [['ok'], row] }] })
  refuses(write(['a', 'b']), 'bad-write', { sheet: '表', row: 3 })
  refuses(write([new Date(NaN)]), 'bad-write', { sheet: '表', cell: 'A3' })
  refuses(write(['x'.repeat(32_768)]), 'text-too-long', { sheet: '表', cell: 'A3', max: 32_767 })
  assert.doesNotThrow(write(['x'.repeat(32_767)]))
})

test('the same rows give the same bytes, in one piece, streamed, and from an async source', async () => {
  const options = { sheets: [{ name: 's', columns: [{ header: 'h' }], rows: Array.from({ length: 5000 }, (_, index) => [`行${index}`]) }] }
  const whole = Buffer.from(writeWorkbook(options))
  assert.ok(whole.equals(Buffer.concat([...streamWorkbook(options)])))
  const pieces: Uint8Array[] = []
  const source = async function* () { yield* options.sheets[0]?.rows ?? [] }
  for await (const piece of streamWorkbookAsync({ sheets: [{ name: 's', columns: [{ header: 'h' }], rows: source() }] })) pieces.push(piece)
  assert.ok(whole.equals(Buffer.concat(pieces)))
})

test('rows are taken from the source only as bytes are taken from the stream', () => {
  let taken = 0
  const rows = function* () { for (let row = 0; row < 200_000; row++) { taken++; yield [`${row} ${Math.sin(row)}`] } }
  const stream = streamWorkbook({ sheets: [{ name: 's', columns: [{ header: 'h' }], rows: rows() }] })
  for (let piece = 0; piece < 20; piece++) stream.next()
  assert.ok(taken < 20_000, `${taken} rows taken`)
  stream.return(undefined)
})

test('a table of 10,000 rows and 20 columns goes out and in with 64 MB of heap', () => {
  const script = `
    import { readWorkbook, writeWorkbook } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const columns = Array.from({ length: 20 }, (_, column) => ({ header: 'c' + column, type: column % 2 ? 'number' : 'text' }))
    const rows = function* () { for (let row = 0; row < 10_000; row++) yield columns.map((_, column) => column % 2 ? row * column : '値 ' + row + '-' + column) }
    const bytes = writeWorkbook({ sheets: [{ name: 's', columns, rows: rows() }] })
    let cells = 0
    for (const row of readWorkbook(bytes).sheets[0].rows()) cells += row.cells.length
    console.log(cells)`
  const child = spawnSync(process.execPath, ['--max-old-space-size=64', '--input-type=module', '--eval', script], { encoding: 'utf8' })
  assert.equal(child.stderr, '')
  assert.equal(child.stdout.trim(), String(10_001 * 20))
})
