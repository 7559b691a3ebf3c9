import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellText, readWorkbook } from '../src/index.ts'
import { book } from './fixtures.ts'
import { firstRow, readAll, refuses, values } from './helpers.ts'

test('shared strings: rich text is joined and furigana is left out', () => {
  const strings = '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>' +
    '<si><r><rPr><b/></rPr><t>重要</t></r><r><t xml:space="preserve"> な知らせ</t></r><rPh sb="0" eb="2"><t>ジュウヨウ</t></rPh></si>' +
    '<si/>'
  const cells = firstRow(book({ strings, sheetData: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>' }))
  assert.deepEqual(values(cells), ['東京', '重要 な知らせ'])
})

test('inline strings, formula strings, CDATA and entities give their text', () => {
  const cells = firstRow(book({
    sheetData: '<row r="1"><c t="inlineStr"><is><r><t>a&amp;b</t></r><r><t>&#x3042;&#12356;</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>' +
      '<c t="str"><f>"x"</f><v>結果</v></c><c t="inlineStr"><is><t><![CDATA[<b>]]></t></is></c></row>',
  }))
  assert.deepEqual(values(cells), ['a&bあい', '結果', '<b>'])
  assert.deepEqual(cells.map((cell) => cell.formula), [false, true, false])
})

test('white space in cells is preserved and _xHHHH_ escapes are decoded', () => {
  const cells = firstRow(book({
    strings: '<si><t xml:space="preserve">  a\n b  </t></si><si><t>x_x000D_y</t></si><si><t>_x005F_x0041_</t></si><si><t>_xZZZZ_</t></si>',
    sheetData: '<row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>',
  }))
  assert.deepEqual(values(cells), ['  a\n b  ', 'x\ry', '_x0041_', '_xZZZZ_'])
})

test('numbers, booleans, errors and percent keep their kind', () => {
  const cells = firstRow(book({
    styles: [0, 9, 10],
    sheetData: '<row r="1"><c><v>-12.5</v></c><c><v>1E-3</v></c><c t="b"><v>1</v></c><c t="e"><v>#DIV/0!</v></c><c s="1"><v>0.85</v></c><c s="2"><v>0.125</v></c></row>',
  }))
  assert.deepEqual(cells.map((cell) => cell.kind), ['number', 'number', 'boolean', 'error', 'percent', 'percent'])
  assert.deepEqual(values(cells), [-12.5, 0.001, true, '#DIV/0!', 0.85, 0.125])
  assert.deepEqual(cells.map(cellText), ['-12.5', '0.001', 'TRUE', '#DIV/0!', '85%', '12.5%'])
})

test('a formula saved without its result is told apart from a blank cell', () => {
  const cells = firstRow(book({ sheetData: '<row r="1"><c r="A1"><f>SUM(B1:B9)</f></c><c r="B1" s="0"/><c r="C1"><v></v></c></row>' }))
  assert.deepEqual(cells.map((cell) => [cell.kind, cell.column]), [['uncalculated', 0]])
})

test('staff numbers and postal codes kept as numbers show their leading zeros', () => {
  const cells = firstRow(book({
    numFmts: { 170: '00000', 171: '000\\-0000' }, styles: [0, 170, 171],
    sheetData: '<row r="1"><c s="1"><v>42</v></c><c s="2"><v>600001</v></c></row>',
  }))
  assert.deepEqual(cells.map(cellText), ['00042', '060-0001'])
})

test('cells and rows without positions follow the one before', () => {
  const [rows] = readAll(book({ sheetData: '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="5"/><row><c><v>4</v></c></row>' }))
  assert.deepEqual(rows?.map((row) => row.map((cell) => cell.column)), [[0, 3, 4], [0]])
  assert.equal(readWorkbook(book({ sheetData: '<row r="5"/><row><c><v>4</v></c></row>' })).sheets[0]?.read().rows[0]?.number, 6)
})

test('hidden rows, hidden and very hidden sheets are marked', () => {
  const bytes = book({
    sheets: [
      { name: '表', data: '<row r="1"><c><v>1</v></c></row><row r="2" hidden="1"><c><v>2</v></c></row>' },
      { name: '選択肢', state: 'hidden', data: '' }, { name: 'macro', state: 'veryHidden', data: '' },
    ],
  })
  const { sheets } = readWorkbook(bytes)
  assert.deepEqual(sheets.map(({ name, hidden }) => [name, hidden]), [['表', false], ['選択肢', true], ['macro', true]])
  assert.deepEqual(sheets[0]?.read().rows.map(({ hidden }) => hidden), [false, true])
})

test('merged ranges are told, however large, without being walked', () => {
  const bytes = book({ sheetData: '<row r="1"><c><v>1</v></c></row>', after: '<mergeCells><mergeCell ref="A1:B3"/><mergeCell ref="A4:XFD1048576"/></mergeCells>' })
  assert.deepEqual(readWorkbook(bytes).sheets[0]?.read().merges, [
    { firstColumn: 0, lastColumn: 1, firstRow: 1, lastRow: 3 },
    { firstColumn: 0, lastColumn: 16383, firstRow: 4, lastRow: 1048576 },
  ])
})

test('strict files, with their own name spaces and ISO dates, read as transitional ones', () => {
  const cells = firstRow(book({
    strict: true, strings: '<si><t>厳密</t></si>',
    sheetData: '<row r="1"><c t="s"><v>0</v></c><c t="d"><v>2026-04-01</v></c><c t="d"><v>2026-04-01T09:30:00</v></c></row>',
  }))
  assert.deepEqual(values(cells), ['厳密', '2026-04-01', '2026-04-01T09:30:00'])
})

test('a prefix on every element, as some libraries write, makes no difference', () => {
  const cells = firstRow(book({ prefix: 'x', sheetData: '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>接頭辞</x:t></x:is></x:c></x:row>' }))
  assert.deepEqual(values(cells), ['接頭辞'])
})

test('a part in UTF-16 is read', () => {
  const xml = '\ufeff<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>文字</t></is></c></row></sheetData></worksheet>'
  assert.deepEqual(values(firstRow(book({ raw: { 'xl/worksheets/sheet1.xml': Buffer.from(xml, 'utf16le') } }))), ['文字'])
})

test('errors name sheet and cell', () => {
  const broken = (cell: string) => () => readAll(book({ sheets: [{ name: '名簿', data: `<row r="7">${cell}</row>` }] }))
  refuses(broken('<c r="B7" t="s"><v>9</v></c>'), 'cell-corrupt', { sheet: '名簿', cell: 'B7' })
  refuses(broken('<c r="B7"><v>1,5</v></c>'), 'cell-corrupt', { sheet: '名簿', cell: 'B7' })
  refuses(broken('<c r="B7" t="b"><v>2</v></c>'), 'cell-corrupt', { cell: 'B7' })
  refuses(broken('<c r="B7" t="zzz"><v>2</v></c>'), 'cell-corrupt', { cell: 'B7' })
  refuses(broken('<c r="B7"><v>1e999</v></c>'), 'cell-corrupt', { cell: 'B7' })
  refuses(broken('<c r="B8"><v>1</v></c>'), 'sheet-corrupt', { row: 7, cell: 'B8' })
  refuses(broken('<c r="B7"><v>1</v></c><c r="A7"><v>1</v></c>'), 'sheet-corrupt', { cell: 'A7' })
})

test('rows out of order are refused', () => {
  refuses(() => readAll(book({ sheetData: '<row r="2"/><row r="2"/>' })), 'sheet-corrupt', { sheet: 'Sheet1', row: 3 })
  refuses(() => readAll(book({ sheetData: '<row r="1048577"/>' })), 'sheet-corrupt')
})
