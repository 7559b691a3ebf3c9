import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { guardFormula, readCsv, unguardFormula, writeCsv } from '../src/index.ts'
import type { ReadCsvOptions } from '../src/index.ts'
import { refuses } from './helpers.ts'

const cells = (bytes: Uint8Array | string, options?: ReadCsvOptions) => readCsv(Buffer.from(bytes as Uint8Array), options).read().map((row) => row.cells)

test('quotes, doubled quotes, embedded line breaks and empty fields follow RFC 4180', () => {
  assert.deepEqual(cells('a,"b,c","d""e"\r\n"x\r\ny",,""\r\n'), [['a', 'b,c', 'd"e'], ['x\r\ny', '', '']])
  assert.deepEqual(cells('a,b"c,d\n'), [['a', 'b"c', 'd']])
  assert.deepEqual(cells('a,b,'), [['a', 'b', '']])
  assert.deepEqual(cells(',\n\n"",x'), [['', ''], [''], ['', 'x']])
})

test('CRLF, LF and CR all end a line, mixed too; rows know their line', () => {
  const rows = readCsv(Buffer.from('a\r\n"b\nb"\nc\rd')).read()
  assert.deepEqual(rows.map(({ number, line, cells: [cell] }) => [number, line, cell]), [[1, 1, 'a'], [2, 2, 'b\nb'], [3, 4, 'c'], [4, 5, 'd']])
})

test('UTF-8 with and without mark and UTF-16 of both byte orders are recognised', () => {
  const text = '氏名,部署\r\n山田,総務\r\n'
  const encodings: [Uint8Array, string][] = [
    [Buffer.from(text), 'utf-8'], [Buffer.from(`\ufeff${text}`), 'utf-8'],
    [Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'], [Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
  ]
  for (const [bytes, encoding] of encodings) {
    const file = readCsv(bytes)
    assert.equal(file.encoding, encoding)
    assert.deepEqual(file.read()[0]?.cells, ['氏名', '部署'])
  }
})

test('CP932 is recognised, with the characters only Windows has', () => {
  const text = '①髙﨑,ﾔﾏﾀﾞ\r\n㈱㌔,～―∥－￠\r\n'
  const file = readCsv(iconv.encode(text, 'cp932'))
  assert.equal(file.encoding, 'cp932')
  assert.deepEqual(file.read().map((row) => row.cells), [['①髙﨑', 'ﾔﾏﾀﾞ'], ['㈱㌔', '～―∥－￠']])
  // The bytes Windows writes for 〜 (0x8160), ― (0x815C), ∥ (0x8161), ① (0x8740), 髙 (0xFBFC).
  assert.deepEqual(cells(Buffer.from('8160815c81618740fbfc', 'hex')), [['～―∥①髙']])
})

test('a second byte that looks like a backslash or a quote mark does not break CP932 text', () => {
  assert.deepEqual(cells(iconv.encode('表示,ソート,"能,予"\r\n', 'cp932')), [['表示', 'ソート', '能,予']])
})

test('bytes that fit no encoding are refused with their line', () => {
  refuses(() => readCsv(Buffer.from('61620a81', 'hex')), 'encoding-unknown', { line: 2 })
  refuses(() => readCsv(Buffer.from('efbbbf610a0a81ff', 'hex')), 'encoding-invalid', { encoding: 'utf-8', line: 3 })
  refuses(() => readCsv(Buffer.from('fffe6100d8', 'hex')), 'encoding-invalid', { encoding: 'utf-16le' })
  refuses(() => readCsv(iconv.encode('あ', 'cp932'), { encoding: 'utf-8' }), 'encoding-invalid')
  refuses(() => readCsv(Buffer.from('fd', 'hex'), { encoding: 'cp932' }), 'encoding-invalid', { line: 1 })
})

test('comma, semicolon and tab are told apart, also with decimal commas and commas in text', () => {
  const separator = (text: string) => readCsv(Buffer.from(text)).separator
  assert.equal(separator('a,b\n1,2\n'), ',')
  assert.equal(separator('名前;値\nx;1,5\ny;2,5\n'), ';')
  assert.equal(separator('a\tb\n"1,2"\t3;4\n'), '\t')
  assert.equal(separator('一列だけ\nあ\n'), ',')
  assert.equal(separator('"a;b","c;d"\n"e;f","g;h"\n'), ',')
  assert.equal(separator(`a;b\n${'x;"'}${'y\n'.repeat(50_000)}"\n`), ';')
})

test('Excel’s sep= line is obeyed and not taken for data', () => {
  const file = readCsv(Buffer.from('\ufeffsep=;\r\na,b;c\r\n'))
  assert.deepEqual([file.separator, file.read()[0]?.cells], [';', ['a,b', 'c']])
})

test('broken quotes are refused with row and column', () => {
  refuses(() => cells('a,b\n1,"x\ny'), 'csv-unclosed-quote', { row: 2, column: 2, line: 2 })
  refuses(() => cells('a,b\n"x\ny"z,1\n'), 'csv-after-quote', { row: 2, column: 1, line: 3 })
})

test('size, rows, columns, cells and text length are bounded', () => {
  refuses(() => cells(''), 'empty-file')
  refuses(() => cells('aaaa', { limits: { maxBytes: 3 } }), 'too-large')
  refuses(() => cells('a\nb\nc', { limits: { maxRows: 2 } }), 'too-many-rows', { row: 3, max: 2 })
  refuses(() => cells('a\nb,c,d', { limits: { maxColumns: 2 } }), 'too-many-columns', { row: 2, max: 2 })
  refuses(() => cells('a,b\nc,d', { limits: { maxCells: 3 } }), 'too-many-cells', { row: 2 })
  refuses(() => cells('a,bbbb', { limits: { maxTextLength: 3 } }), 'text-too-long', { row: 1, column: 2 })
})

test('written CSV is UTF-8 with mark and CRLF', () => {
  assert.equal(Buffer.from(writeCsv([['氏名', 'a,b', 'c"d', 1.5, true, null, -5]])).toString(), '\ufeff氏名,"a,b","c""d",1.5,TRUE,,-5\r\n')
})

test('text a spreadsheet would run gets an apostrophe, and only such text', () => {
  for (const text of ['=1', '+1', '-1', '@x', '\t=', '\r=']) assert.equal(guardFormula(text), `'${text}`)
  for (const text of ['1=1', ' =1', "'x", '', '＝1', '山田']) assert.equal(guardFormula(text), text)
  assert.equal(Buffer.from(writeCsv([["=cmd|'/c calc'!A0", '-1']])).toString(), "\ufeff'=cmd|'/c calc'!A0,'-1\r\n")
})

test('every text comes back the same through guard, CSV and unguard', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(',', '"', '\r', '\n', "'", '=', '-', 'あ', ' ', '\t', ';') }))
  fc.assert(fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
    const back = readCsv(writeCsv(rows), { separator: ',' }).read().map((row) => row.cells.map(unguardFormula))
    assert.deepEqual(back, rows)
  }), { numRuns: 500 })
})
