import assert from 'node:assert/strict'
import { test } from 'node:test'
import iconv from 'iconv-lite'
import { CELL_ERROR_CODES, describe, FILE_ERROR_CODES, parseBoolean, parseChoice, parseDate, parseNumber, parseText, readTable, writeCsv, writeWorkbook } from '../src/index.ts'
import type { CellValue, TableColumn } from '../src/index.ts'
import { book } from './fixtures.ts'
import { refuses } from './helpers.ts'

const columns = [
  { key: 'name', names: { ja: ['氏名', '名前', 'お名前'], en: ['Name', 'Full name'] }, required: true },
  { key: 'mail', names: { ja: ['メールアドレス', 'メール'], en: ['E-mail', 'Email address'] }, required: true },
  { key: 'joined', names: { ja: ['入社年月日', '入社日'], en: ['Start date'] }, parse: parseDate() },
  { key: 'count', names: { ja: ['サーバー台数', '台数'], en: ['Servers'] }, parse: parseNumber({ integer: true, min: 0 }) },
  { key: 'done', names: { ja: ['対策済み'], en: ['Done'] }, parse: parseBoolean() },
] as const satisfies readonly TableColumn[]

const csv = (text: string) => Buffer.from(text)
const mappingOf = (header: string, more: Partial<Parameters<typeof readTable>[1]> = {}) =>
  Object.fromEntries(readTable(csv(`${header}\n`), { columns, separator: ',', ...more } as never).mapping.map(({ key, column }) => [key, column]))

test('headers match through width, kana, case, brackets, marks, line breaks and two languages', () => {
  const variants: [string, string][] = [
    ['氏 名', 'name'], ['氏名（必須）', 'name'], ['【必須】氏名', 'name'], ['※氏名', 'name'], ['"氏\n名"', 'name'], ['ＮＡＭＥ', 'name'], ['"氏名\nName"', 'name'], ['氏名／Full Name', 'name'],
    ['ﾒｰﾙｱﾄﾞﾚｽ', 'mail'], ['めーるあどれす', 'mail'], ['メールアドレス：', 'mail'], ['email', 'mail'], ['E‐mail', 'mail'], ['Email adress', 'mail'], ['Mail (メール)', 'mail'], ['会社メールアドレス', 'mail'],
    ['サーバ台数', 'count'], ['ｻｰﾊﾞｰ台数（台）', 'count'], ['台数', 'count'], ['START DATE', 'joined'], ['入社日[西暦]', 'joined'],
  ]
  for (const [header, key] of variants) assert.deepEqual(mappingOf(header), { [key]: 0 }, header)
})

test('headers that mean something else are not taken', () => {
  for (const header of ['退社日', '担当者氏名', '旧氏名', '備考', 'x', '緊急連絡先']) {
    refuses(() => mappingOf(header), 'header-not-found')
  }
})

test('the exact header wins over one that only contains the name', () => {
  assert.deepEqual(mappingOf('会社メールアドレス,メールアドレス,氏名'), { mail: 1, name: 2 })
  const table = readTable(csv('氏名,氏名,メール\na,b,c@example.com\n'), { columns })
  assert.deepEqual(table.unknownColumns, [{ column: 1, header: '氏名' }])
})

test('title rows above the header, notes and repeated headers below do not disturb', () => {
  const table = readTable(csv('従業員名簿,,\n2026年度,,作成：総務\n,,\n番号,氏名,メール\n1,山田 花子,a@example.com\n\n番号,氏名,メール\n2,佐藤 次郎,b@example.jp\n以上,,\n'), { columns })
  assert.equal(table.headerRow, 4)
  assert.deepEqual(table.rows.map(({ rowNumber, values }) => [rowNumber, values.name]), [[5, '山田 花子'], [8, '佐藤 次郎']])
  assert.deepEqual(table.ignoredRows, [7, 9])
  assert.deepEqual(table.unknownColumns, [{ column: 0, header: '番号' }])
  assert.deepEqual(table.missingColumns, [])
})

test('errors belong to rows and columns and stop nothing', () => {
  const table = readTable(csv('氏名,メール,入社日,台数,対策済み\n,a@example.com,2026-02-30,３,○\n佐藤,,令和8年4月1日,2.5,△\n'), { columns })
  assert.deepEqual(table.rows.map(({ errors }) => errors.map(({ column, code }) => [column, code])), [
    [['name', 'required'], ['joined', 'invalid-date']],
    [['mail', 'required'], ['count', 'not-integer'], ['done', 'invalid-boolean']],
  ])
  assert.deepEqual({ ...table.rows[0]?.values }, { name: null, mail: 'a@example.com', joined: null, count: 3, done: true })
  assert.equal(table.rows[1]?.values.joined, '2026-04-01')
  assert.equal(table.errorCount, 5)
})

test('a required column the file lacks is said once, not in every row', () => {
  const table = readTable(csv('氏名\n山田\n'), { columns })
  assert.deepEqual(table.missingColumns, ['mail'])
  assert.deepEqual(table.rows[0]?.errors, [])
})

test('without a header the error tells which names are expected', () => {
  refuses(() => readTable(csv('1,2\n3,4\n'), { columns }), 'header-not-found', { expected: '氏名、メールアドレス', expectedEn: 'Name, E-mail' })
})

test('a person’s own choice of header row and mapping is obeyed', () => {
  const table = readTable(csv('x,y\nだれ,宛先\n山田,a@example.com\n'), { columns, headerRow: 2, mapping: { name: 0, mail: 1 } })
  assert.deepEqual([table.headerRow, table.rows[0]?.values.name, table.rows[0]?.values.mail], [2, '山田', 'a@example.com'])
  refuses(() => readTable(csv('氏名\n山田\n'), { columns, headerRow: 9 }), 'header-not-found')
})

test('a preview returns few rows but counts all', () => {
  const table = readTable(csv(`氏名,メール\n${'山田,a@example.com\n'.repeat(50)}`), { columns, maxRowsReturned: 3 })
  assert.deepEqual([table.rows.length, table.rowCount], [3, 50])
})

test('our own exports come back: workbook, CSV with guarded text, CP932', () => {
  const rows = [['山田', '+tag@example.com', '2026-04-01', 3, true], ['=佐藤', 'b@example.jp', null, null, false]] as const
  const header = ['氏名', 'メール', '入社日', '台数', '対策済み']
  const types = ['text', 'text', 'date', 'integer', 'boolean'] as const
  const xlsx = writeWorkbook({ sheets: [{ name: '表', columns: header.map((text, index) => ({ header: text, type: types[index] ?? 'text' })), rows }] })
  const expected = [{ name: '山田', mail: '+tag@example.com', joined: '2026-04-01', count: 3, done: true }, { name: '=佐藤', mail: 'b@example.jp', joined: null, count: null, done: false }]
  const fromCsv = writeCsv([header, ...rows])
  for (const [bytes, format, encoding] of [[xlsx, 'xlsx', null], [fromCsv, 'csv', 'utf-8'], [iconv.encode(Buffer.from(fromCsv).toString().slice(1), 'cp932'), 'csv', 'cp932']] as const) {
    const table = readTable(bytes, { columns })
    assert.deepEqual(table.rows.map(({ values }) => ({ ...values })), expected)
    assert.deepEqual([table.format, table.encoding, table.errorCount], [format, encoding, 0])
  }
})

test('the visible sheet whose header fits is chosen; hidden ones only by name', () => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const table = (name: string) => `<row r="1">${cell('氏名')}${cell('メール')}</row><row r="2">${cell(name)}${cell('a@example.com')}</row>`
  const bytes = book({ sheets: [{ name: '説明', data: `<row r="1">${cell('この表の書き方')}</row>` }, { name: '旧', state: 'hidden', data: table('昔') }, { name: '名簿', data: table('今') }] })
  assert.deepEqual([readTable(bytes, { columns }).sheet, readTable(bytes, { columns }).rows[0]?.values.name], ['名簿', '今'])
  assert.equal(readTable(bytes, { columns, sheet: '旧' }).rows[0]?.values.name, '昔')
  refuses(() => readTable(bytes, { columns, sheet: 'ない' }), 'sheet-not-found', { sheet: 'ない' })
  refuses(() => readTable(book({ sheets: [{ name: 'h', state: 'hidden', data: '' }] }), { columns }), 'sheet-not-found')
})

test('cells merged downwards count for every row, in headers of two rows too', () => {
  const cell = (ref: string, text: string) => `<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`
  const bytes = book({
    sheetData: `<row r="1">${cell('A1', '氏名')}${cell('B1', '連絡先')}</row><row r="2">${cell('B2', 'メール')}${cell('C2', '電話')}</row>` +
      `<row r="3">${cell('A3', '山田')}${cell('B3', 'a@example.com')}</row><row r="4">${cell('B4', 'b@example.com')}</row>`,
    after: '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="A3:A4"/></mergeCells>',
  })
  const table = readTable(bytes, { columns })
  assert.equal(table.headerRow, 2)
  assert.deepEqual(table.rows.map(({ values }) => [values.name, values.mail]), [['山田', 'a@example.com'], ['山田', 'b@example.com']])
})

test('a stray comma in CSV is noticed, because it shifts every value after it', () => {
  const table = readTable(csv('台数,氏名,メール\n1,000,山田,a@example.com\n2,佐藤,b@example.jp,\n'), { columns })
  assert.deepEqual(table.rows.map(({ errors }) => errors), [[{ column: '', code: 'extra-cells', params: {} }], []])
})

test('text no database stores is an error of its cell', () => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const bytes = book({ sheetData: `<row r="1">${cell('氏名')}${cell('メール_x0000_')}</row><row r="2">${cell('a_x0000_')}${cell('_xD800_')}</row>` })
  const table = readTable(bytes, { columns })
  assert.deepEqual(table.rows[0]?.errors.map(({ column, code }) => [column, code]), [['name', 'invalid-text'], ['mail', 'invalid-text']])
  assert.deepEqual(table.mapping.map(({ header }) => header), ['氏名', 'メール'])
})

test('a header row made to waste time is matched in bounded work', () => {
  const cell = `<c t="inlineStr"><is><t>${'/ab'.repeat(60)}</t></is></c>`
  const rows = Array.from({ length: 30 }, (_, index) => `<row r="${index + 1}">${cell.repeat(200)}</row>`).join('')
  refuses(() => readTable(book({ sheetData: rows }), { columns, limits: { maxRatio: 2000 } }), 'header-not-found')
})

test('error values and formulas without results are row errors', () => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
  const bytes = book({ sheetData: `<row r="1">${cell('氏名')}${cell('メール')}</row><row r="2" hidden="1"><c t="e"><v>#N/A</v></c><c><f>A1</f></c></row>` })
  const [row] = readTable(bytes, { columns }).rows
  assert.deepEqual(row?.errors, [{ column: 'name', code: 'cell-error', params: { value: '#N/A' } }, { column: 'mail', code: 'not-calculated', params: {} }])
  assert.equal(row?.hidden, true)
})

const text = (value: string): [CellValue, string] => [{ kind: 'text', value }, value]

test('numbers are read from the ways people write them', () => {
  const parse = parseNumber()
  const good: [string, number][] = [['１，２３４円', 1234], ['△500', -500], ['-1.5', -1.5], ['¥1,000', 1000], ['12 人', 12], ['50％', 0.5], ['0', 0]]
  for (const [source, value] of good) assert.deepEqual(parse(...text(source)), { ok: true, value }, source)
  for (const source of ['1,23', 'abc', '1e5', '1.2.3', '--1', '約10', '円', '0x10', '１〜２']) assert.equal(parse(...text(source)).ok, false, source)
  assert.deepEqual(parseNumber({ max: 5 })(...text('6')), { ok: false, code: 'out-of-range', params: { value: '6', max: 5 } })
  assert.deepEqual(parse({ kind: 'boolean', value: true }, 'TRUE'), { ok: false, code: 'invalid-number', params: { value: 'TRUE' } })
})

test('dates are read from cells, Western and Japanese texts; impossible days are refused', () => {
  const parse = parseDate()
  for (const source of ['2026-04-01', '2026/4/1', '2026.4.1', '2026年4月1日', '２０２６年４月１日（水）', '20260401', '令和8年4月1日', 'R8.4.1', 'r8/4/1', '令和 8年 4月 1日']) {
    assert.deepEqual(parse(...text(source)), { ok: true, value: '2026-04-01' }, source)
  }
  assert.deepEqual(parse(...text('平成元年1月8日')), { ok: true, value: '1989-01-08' })
  assert.deepEqual(parse(...text('S64.1.7')), { ok: true, value: '1989-01-07' })
  for (const source of ['2026-02-29', '1900-02-29', '2026/13/1', '4/1', '2026-4/1', '令和0年1月1日', '未定', '2026年4月']) assert.equal(parse(...text(source)).ok, false, source)
  assert.deepEqual(parse({ kind: 'datetime', value: '2026-04-01T09:00:00', serial: 1 }, ''), { ok: true, value: '2026-04-01' })
  assert.equal(parse({ kind: 'date', value: '1900-02-29', serial: 60 }, '1900-02-29').ok, false)
})

test('○ × △ ー and their look-alikes are one choice each', () => {
  const parse = parseChoice({ yes: ['○', 'はい'], no: ['×', 'いいえ'], partly: ['△', '一部'], none: ['ー', '対象外'] })
  const good: [string, string][] = [['○', 'yes'], ['〇', 'yes'], ['◯', 'yes'], ['ハイ', 'yes'], ['ﾊｲ', 'yes'], ['はいはい', ''], ['はい ', 'yes'], ['×', 'no'], ['✕', 'no'], ['ｘ', 'no'], ['X', 'no'], ['△', 'partly'], ['▲', 'partly'], ['－', 'none'], ['-', 'none'], ['ｰ', 'none'], ['―', 'none'], ['YES', 'yes']]
  for (const [source, value] of good) {
    const result = parse(...text(source))
    assert.equal(result.ok ? result.value : '', value, source)
  }
  assert.equal(parseBoolean()(...text('✔')).ok, true)
  assert.equal(parseText({ max: 2 })(...text('abc')).ok, false)
})

test('every code has a text in both languages, and no text shows a hole or a bracket', () => {
  const params = { sheet: '表', cell: 'B7', row: 7, column: 2, line: 3, max: 1000, min: 0, value: 'x', choices: '○ / ×', encoding: 'cp932', expected: '氏名', expectedEn: 'Name' }
  for (const code of [...FILE_ERROR_CODES, ...CELL_ERROR_CODES]) {
    for (const locale of ['ja', 'en'] as const) {
      const full = describe(code, params, locale)
      assert.doesNotMatch(full, /[{}[\]?]/, full)
      assert.doesNotMatch(describe(code, {}, locale), /[{}[\]]/)
      assert.notEqual(full, code)
    }
  }
  assert.equal(describe('too-many-rows', { sheet: '名簿', max: 200000 }, 'ja'), 'シート「名簿」の行が多すぎます（上限 200,000 行）。いくつかのファイルに分けてください。')
  assert.equal(describe('caller-code', {}, 'en'), 'caller-code')
})

test('a size is told in MB or KB as people know it, never in bytes of seven digits', () => {
  assert.equal(describe('too-large', { max: 32 * 1024 * 1024 }, 'ja'), 'ファイルが大きすぎます（上限 32 MB）。行を分けて、いくつかのファイルにしてください。')
  assert.match(describe('inflated-too-large', { max: 384 * 1024 * 1024 }, 'en'), /\(limit 384 MB\)/)
  assert.match(describe('part-too-large', { max: 1024 * 1024 - 1 }, 'en'), /\(limit 1,023\.9 KB\)/)
  assert.match(describe('too-large', { max: 500 }, 'en'), /\(limit 500 bytes\)/)
})
