import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cellText, readCsv, readWorkbook, writeWorkbook } from '../src/index.ts'

const OFFICE = ['soffice', 'libreoffice'].find((command) => spawnSync(command, ['--version']).status === 0)
const SKIP = 'LibreOffice is not installed; on Debian: apt-get install libreoffice-calc'

/** Converts a file with LibreOffice in a profile of its own. */
function convert(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'xlsx-office-'))
  try {
    writeFileSync(join(folder, `in.${from}`), bytes)
    const filter = to === 'csv' ? 'csv:Text - txt - csv (StarCalc):44,34,76,1' : to
    const run = spawnSync(OFFICE as string, [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', filter, '--outdir', join(folder, 'out'), join(folder, `in.${from}`)], { timeout: 120_000 })
    assert.equal(run.status, 0, String(run.stderr))
    return readFileSync(join(folder, 'out', `in.${to}`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const BOOK = writeWorkbook({
  sheets: [{
    name: '名簿',
    columns: [{ header: '氏名' }, { header: '金額', type: 'number' }, { header: '日付', type: 'date' }, { header: '済', type: 'boolean' }],
    rows: [['髙橋 ①', 1.5, '2026-04-01', true], ['=1+1', -3, null, false], ['改行\nあり', 0, '1900-03-01', null]],
  }],
})
const TEXTS = [['氏名', '金額', '日付', '済'], ['髙橋 ①', '1.5', '2026-04-01', 'TRUE'], ['=1+1', '-3', 'FALSE'], ['改行\nあり', '0', '1900-03-01']]

test('what we write, LibreOffice opens and saves with the same values', (t) => {
  if (!OFFICE) return t.skip(SKIP)
  const [sheet] = readWorkbook(convert(BOOK, 'xlsx', 'xlsx')).sheets
  assert.equal(sheet?.name, '名簿')
  assert.deepEqual(sheet?.read().rows.map((row) => row.cells.map(cellText)), TEXTS)
})

test('a text that looks like a formula reaches LibreOffice as text', (t) => {
  if (!OFFICE) return t.skip(SKIP)
  assert.equal(readCsv(convert(BOOK, 'xlsx', 'csv')).read()[2]?.cells[0], '=1+1')
})
