/** Upper bounds for everything a file may make the engine do. All are inclusive. */
export interface Limits {
  /** Bytes of the file as received. */
  maxBytes: number
  /** Entries in the zip package. */
  maxParts: number
  /** Bytes of one package part after inflating. */
  maxPartBytes: number
  /** Bytes inflated in total while reading one workbook, repeated passes included. */
  maxInflatedBytes: number
  /** Inflated bytes per compressed byte, looked at once a part is larger than 1 MiB. */
  maxRatio: number
  maxSheets: number
  /** Rows per sheet that hold at least one cell, or records of a CSV file. */
  maxRows: number
  /** The right-most column that may hold a value (1 = A). */
  maxColumns: number
  /** Cells holding a value, per sheet or CSV file. */
  maxCells: number
  /** UTF-16 code units in one cell. Excel itself stops at 32,767. */
  maxTextLength: number
  /** Entries of the shared string table. */
  maxStrings: number
  maxMerges: number
}

export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze({
  maxBytes: 32 * 1024 * 1024,
  maxParts: 4_096,
  maxPartBytes: 192 * 1024 * 1024,
  maxInflatedBytes: 384 * 1024 * 1024,
  maxRatio: 200,
  maxSheets: 255,
  maxRows: 200_000,
  maxColumns: 1_024,
  maxCells: 1_000_000,
  maxTextLength: 32_767,
  maxStrings: 2_000_000,
  maxMerges: 65_536,
})

/** Fills the limits a caller leaves out with the defaults. */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  return { ...DEFAULT_LIMITS, ...limits }
}
