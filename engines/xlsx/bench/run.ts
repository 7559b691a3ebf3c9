/**
 * Rows per second written and read: `node engines/xlsx/bench/run.ts [rows] [columns]`.
 * Half the columns are Japanese text, half numbers and dates. Prints the best of three runs and the
 * peak of resident memory of the whole process.
 */
import { readCsv, readTable, readWorkbook, streamWorkbook, writeCsv } from '../src/index.ts'

const rowCount = Number(process.argv[2] ?? 100_000)
const columnCount = Number(process.argv[3] ?? 20)

// The default limits are for files from strangers; a benchmark may be larger.
const limits = { maxBytes: 1024 ** 3, maxCells: rowCount * columnCount + columnCount, maxRows: rowCount + 1 }

const columns = Array.from({ length: columnCount }, (_, column) => ({
  header: `列${column}`, type: (['text', 'number', 'text', 'date'] as const)[column % 4] ?? 'text',
}))

function* rows(): Generator<(string | number)[]> {
  for (let row = 0; row < rowCount; row++) {
    yield columns.map(({ type }, column) => type === 'text' ? `従業員 ${row}-${column} さん` : type === 'number' ? row * column + 0.5 : `2026-${String(row % 12 + 1).padStart(2, '0')}-01`)
  }
}

function measure(name: string, work: () => number): void {
  let best = Infinity
  let bytes = 0
  for (let run = 0; run < 3; run++) {
    const start = performance.now()
    bytes = work()
    best = Math.min(best, performance.now() - start)
  }
  console.log(`${name.padEnd(28)} ${Math.round(rowCount / best * 1000).toLocaleString('en').padStart(10)} rows/s  ${Math.round(best)} ms  ${(bytes / 1e6).toFixed(1)} MB`)
}

console.log(`${rowCount.toLocaleString('en')} rows × ${columnCount} columns, Node ${process.version}`)
measure('xlsx streamed', () => {
  let size = 0
  for (const piece of streamWorkbook({ sheets: [{ name: '表', columns, rows: rows() }] })) size += piece.length
  return size
})
const book = Buffer.concat([...streamWorkbook({ sheets: [{ name: '表', columns, rows: rows() }] })])
measure('xlsx read, row by row', () => {
  for (const row of readWorkbook(book, limits).sheets[0]?.rows() ?? []) if (row.cells.length !== columnCount) throw new Error('a row is short')
  return book.length
})
const csv = writeCsv(rows())
measure('csv written', () => writeCsv(rows()).length)
measure('csv read, row by row', () => {
  for (const row of readCsv(csv, { limits }).rows()) if (row.cells.length !== columnCount) throw new Error('a row is short')
  return csv.length
})
const wanted = columns.map(({ header }) => ({ key: header, names: { ja: [header], en: [] } }))
measure('xlsx table with all columns', () => {
  if (readTable(book, { columns: wanted, limits }).rowCount !== rowCount) throw new Error('rows are missing')
  return book.length
})
console.log(`peak resident memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)
