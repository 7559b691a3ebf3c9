import assert from 'node:assert/strict'
import { readWorkbook, TableError } from '../src/index.ts'
import type { Cell, FileErrorCode, Limits } from '../src/index.ts'

/** Asserts that `act` throws the engine's error with this code, and these parameters where given. */
export function refuses(act: () => unknown, code: FileErrorCode, params: Record<string, string | number> = {}): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof TableError, `expected a TableError, got ${String(error)}`)
    assert.equal(error.code, code)
    for (const [key, value] of Object.entries(params)) assert.equal(error.params[key], value, `params.${key}`)
    return true
  })
}

/** Reads every row of every sheet. */
export function readAll(bytes: Uint8Array, limits?: Partial<Limits>): Cell[][][] {
  return readWorkbook(bytes, limits).sheets.map((sheet) => sheet.read().rows.map((row) => [...row.cells]))
}

/** The cells of the first row of the first sheet. */
export function firstRow(bytes: Uint8Array, limits?: Partial<Limits>): Cell[] {
  return readAll(bytes, limits)[0]?.[0] ?? []
}

export function values(cells: readonly Cell[]): unknown[] {
  return cells.map((cell) => (cell.kind === 'uncalculated' ? undefined : cell.value))
}
