import { cellText } from '../cell.ts'
import type { CellValue, Row } from '../cell.ts'
import { foldText, headerReadings, withinOneEdit } from './fold.ts'

/** Names a column may have in people's files. The first of each language is the one to show. */
export interface ColumnNames {
  readonly ja: readonly string[]
  readonly en: readonly string[]
}

export interface ColumnMatch {
  readonly key: string
  /** Zero-based column of the sheet. */
  readonly column: number
  /** The header as it stands in the file. */
  readonly header: string
  /** 1 is the very name; below 0.9 it is worth asking the person. */
  readonly score: number
}

export interface HeaderGuess {
  readonly row: Row
  /** Position of the row in the rows given. */
  readonly index: number
  readonly matches: readonly ColumnMatch[]
  readonly score: number
}

const ROWS_SEARCHED = 30
const COLUMNS_SEARCHED = 200
const LATIN_FUZZY_FROM = 6
const LOOSE_UNITS_MAX = 60

interface Alias { readonly key: string; readonly text: string; readonly weight: number }

/** A header as it stands, fit to be shown and stored: cut at 200 characters, without NUL and lone surrogates. */
export function headerText(cell: CellValue | undefined): string {
  return cellText(cell).slice(0, 200).replaceAll('\0', '').toWellFormed()
}

/** Scores headers against the names of the wanted columns. */
export class HeaderMatcher {
  readonly #exact = new Map<string, Alias[]>()
  readonly #all: Alias[] = []
  readonly #minScore: number
  readonly #cache = new Map<string, ReadonlyMap<string, number>>()

  constructor(columns: readonly { readonly key: string; readonly names: ColumnNames }[], minScore: number) {
    this.#minScore = minScore
    for (const { key, names } of columns) {
      for (const name of [...names.ja, ...names.en]) {
        const text = foldText(name)
        this.#add({ key, text, weight: 1 })
        this.#add({ key, text: text.replaceAll('ー', ''), weight: 0.9 })
      }
    }
  }

  /** The best header row among the first rows: the one whose matches add up highest, the earlier of equals. */
  guess(rows: readonly Row[]): HeaderGuess | null {
    let best: HeaderGuess | null = null
    for (const [index, row] of rows.slice(0, ROWS_SEARCHED).entries()) {
      const guess = this.match(row, index)
      if (guess.score > (best?.score ?? 0)) best = guess
    }
    return best
  }

  /** Matches one row's cells to columns, one to one, surest first and then from the left. */
  match(row: Row, index: number): HeaderGuess {
    const candidates: ColumnMatch[] = []
    for (const cell of row.cells.slice(0, COLUMNS_SEARCHED)) {
      const header = headerText(cell)
      for (const [key, score] of this.#scores(header)) candidates.push({ key, column: cell.column, header, score })
    }
    candidates.sort((a, b) => b.score - a.score || a.column - b.column)
    const keys = new Set<string>()
    const columns = new Set<number>()
    const matches: ColumnMatch[] = []
    for (const candidate of candidates) {
      if (keys.has(candidate.key) || columns.has(candidate.column)) continue
      keys.add(candidate.key)
      columns.add(candidate.column)
      matches.push(candidate)
    }
    matches.sort((a, b) => a.column - b.column)
    return { row, index, matches, score: matches.reduce((sum, { score }) => sum + score, 0) }
  }

  /** Keys the header could stand for, with scores at or above the minimum. */
  #scores(header: string): ReadonlyMap<string, number> {
    const known = this.#cache.get(header)
    if (known) return known
    const scores = new Map<string, number>()
    const raise = (key: string, score: number) => {
      if (score >= this.#minScore && score > (scores.get(key) ?? 0)) scores.set(key, score)
    }
    const readings = headerReadings(header)
    for (const reading of readings) {
      for (const alias of this.#exact.get(reading.text) ?? []) raise(alias.key, reading.weight * alias.weight)
    }
    if (scores.size === 0) {
      for (const reading of readings.filter(({ text }) => text.length <= LOOSE_UNITS_MAX)) {
        for (const alias of this.#all) raise(alias.key, reading.weight * looseScore(reading.text, alias.text))
      }
    }
    this.#cache.set(header, scores)
    return scores
  }

  #add(alias: Alias): void {
    if (alias.text === '') return
    const same = this.#exact.get(alias.text) ?? []
    if (same.some(({ key, weight }) => key === alias.key && weight >= alias.weight)) return
    this.#exact.set(alias.text, [...same, alias])
    this.#all.push(alias)
  }
}

/**
 * A score for headers that only resemble a name. One wrong letter is forgiven in Latin words only: in
 * Japanese one character is a whole meaning (入社日 and 退社日). A name inside a longer header counts
 * by the share of the header it fills.
 */
function looseScore(header: string, alias: string): number {
  if (alias.length >= LATIN_FUZZY_FROM && /^[a-z]+$/.test(alias) && withinOneEdit(header, alias)) return 0.8
  if (alias.length >= 2 && header.includes(alias)) return 0.4 + 0.4 * (alias.length / header.length)
  return 0
}
