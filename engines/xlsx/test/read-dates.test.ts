import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { civilToSerial, serialToCivil } from '../src/dates.ts'
import { applyDigitMask, builtInFormat, classifyFormat } from '../src/numfmt.ts'
import { book } from './fixtures.ts'
import { firstRow, values } from './helpers.ts'

test('dates, times and elapsed times are recognised by their formats', () => {
  const kinds: [string, string][] = [
    ['General', 'number'], ['G/標準', 'number'], ['0.00E+00', 'number'], ['#,##0"日"', 'number'], ['#,##0;[Red]-#,##0', 'number'],
    ['\\d0', 'number'], ['_-* #,##0_-', 'number'], ['@', 'text'], ['0.0%', 'percent'],
    ['yyyy/m/d', 'date'], ['[$-411]ggge"年"m"月"d"日"', 'date'], ['[$-ja-JP-x-gannen]ggge"年"m"月"d"日";@', 'date'], ['[$-411]ge.m.d', 'date'],
    ['yyyy"年"', 'date'], ['m"月"', 'date'], ['aaaa', 'date'], ['[DBNum1][$-411]yyyy"年"', 'date'], ['e"年"', 'date'], ['[$-F800]dddd, mmmm dd, yyyy', 'date'],
    ['h:mm', 'time'], ['mm:ss.0', 'time'], ['h"時"mm"分"', 'time'], ['h:mm AM/PM', 'time'], ['AM/PM h"時"', 'time'],
    ['yyyy/m/d h:mm', 'datetime'], ['[$-411]ge.m.d h:mm', 'datetime'],
    ['[h]:mm', 'duration'], ['[mm]:ss', 'duration'], ['[s]', 'duration'],
    ['[Red]0', 'number'], ['[>=100]0', 'number'], ['"unclosed', 'number'], ['[unclosed', 'number'], ['', 'number'],
  ]
  for (const [code, kind] of kinds) assert.equal(classifyFormat(code), kind, code)
})

test('the Japanese built-in formats 27-36 and 50-58 are dates or times', () => {
  for (const id of [14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]) {
    assert.match(classifyFormat(builtInFormat(id) ?? ''), /^date/, String(id))
  }
  for (const id of [18, 19, 20, 21, 32, 33, 45, 47]) assert.equal(classifyFormat(builtInFormat(id) ?? ''), 'time', String(id))
})

test('serials of the 1900 system give the days Excel shows, the leap day that never was included', () => {
  const date = (serial: number) => serialToCivil(serial, 'date', false)?.value
  assert.equal(date(1), '1900-01-01')
  assert.equal(date(59), '1900-02-28')
  assert.equal(date(60), '1900-02-29')
  assert.equal(date(61), '1900-03-01')
  assert.equal(date(46113), '2026-04-01')
  assert.equal(date(2958465), '9999-12-31')
  assert.equal(date(2958466), undefined)
  assert.equal(date(0), undefined)
  assert.equal(date(-1), undefined)
  assert.equal(date(NaN), undefined)
})

test('serials of the 1904 system start on 1 January 1904', () => {
  assert.equal(serialToCivil(0, 'date', true)?.value, '1904-01-01')
  assert.equal(serialToCivil(46113 - 1462, 'date', true)?.value, '2026-04-01')
  const cells = firstRow(book({ date1904: true, styles: [14], sheetData: '<row r="1"><c s="0"><v>44651</v></c></row>' }))
  assert.deepEqual(values(cells), ['2026-04-01'])
})

test('times are rounded to the millisecond, so binary fractions do not shift the minute', () => {
  assert.deepEqual(serialToCivil(0.3958333333333333, 'time', false), { kind: 'time', value: '09:30:00' })
  assert.deepEqual(serialToCivil(46113.999999999, 'datetime', false), { kind: 'datetime', value: '2026-04-02T00:00:00' })
  assert.deepEqual(serialToCivil(46113.5, 'date', false), { kind: 'datetime', value: '2026-04-01T12:00:00' })
  assert.deepEqual(serialToCivil(0.000011574, 'time', false), { kind: 'time', value: '00:00:01' })
})

test('date cells of a workbook come as civil values; negative ones stay numbers', () => {
  const cells = firstRow(book({
    numFmts: { 176: '[$-411]ggge"年"m"月"d"日"', 177: 'yyyy"年"', 178: '[h]:mm' }, styles: [0, 176, 177, 20, 22, 178],
    sheetData: '<row r="1"><c s="1"><v>46113</v></c><c s="2"><v>46113</v></c><c s="3"><v>0.75</v></c><c s="4"><v>46113.25</v></c><c s="5"><v>1.5</v></c><c s="1"><v>-3</v></c></row>',
  }))
  assert.deepEqual(values(cells), ['2026-04-01', '2026-04-01', '18:00:00', '2026-04-01T06:00:00', 129600, -3])
  assert.deepEqual(cells.map((cell) => cell.kind), ['date', 'date', 'time', 'datetime', 'duration', 'number'])
})

test('every day and second survives the way to a serial and back', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2958465 }).filter((day) => day !== 60), fc.integer({ min: 0, max: 86399 }), (day, second) => {
    const value = serialToCivil(day + second / 86400, 'datetime', false)?.value ?? ''
    const serial = civilToSerial(value) ?? NaN
    assert.ok(Math.abs(serial - (day + second / 86400)) < 1e-8, value)
  }))
})

test('texts that are no civil date or time have no serial', () => {
  for (const text of ['', '2026-02-29', '2026-13-01', '2026-4-1', '1899-12-31', '24:00', '12:60', '2026-04-01T', 'T09:00', '2026-04-0109:00', 'x']) {
    assert.equal(civilToSerial(text), null, text)
  }
  assert.equal(civilToSerial('2026-04-01T09:30'), 46113 + 9.5 / 24)
  assert.equal(civilToSerial('09:30'), 9.5 / 24)
})

test('digit masks pad integers and leave other formats and values alone', () => {
  assert.equal(applyDigitMask(123456789012, '000-0000'), '12345678-9012')
  assert.equal(applyDigitMask(7, '0'), null)
  assert.equal(applyDigitMask(7, '0.00'), null)
  assert.equal(applyDigitMask(-7, '000'), null)
  assert.equal(applyDigitMask(7.5, '000'), null)
})
