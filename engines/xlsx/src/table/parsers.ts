import type { CellValue } from '../cell.ts'
import { isCivilDate } from '../dates.ts'
import type { CellErrorCode, ErrorParams } from '../errors.ts'
import { foldChoice } from './fold.ts'

/** A parser's answer: the value, or a code (one of the engine's or the caller's own) with its parameters. */
export type Parsed<V> =
  | { readonly ok: true; readonly value: V }
  | { readonly ok: false; readonly code: CellErrorCode | (string & {}); readonly params?: ErrorParams }

/** Turns a cell that is not blank into a value. `text` is the cell as a person reads it, trimmed. */
export type CellParser<V> = (cell: CellValue, text: string) => Parsed<V>

const SHOWN_UNITS = 40

/** Text as it stands; `max` bounds its length in UTF-16 units. */
export function parseText(options: { max?: number } = {}): CellParser<string> {
  const { max = Infinity } = options
  return (_cell, text) => text.length <= max ? ok(text) : refuse('value-too-long', { max })
}

/**
 * A number from a number cell or from text such as 「１，２３４円」「△500」. `units` are endings to pass over.
 * A percent cell gives its fraction, text with % is divided by 100.
 */
export function parseNumber(options: { min?: number; max?: number; integer?: boolean; units?: readonly string[] } = {}): CellParser<number> {
  const { min = -Infinity, max = Infinity, integer = false, units = ['円', '人', '名', '台', '件', '個'] } = options
  return (cell, text) => {
    const value = cell.kind === 'number' || cell.kind === 'percent' ? cell.value : cell.kind === 'text' ? numberFromText(text, units) : null
    if (value === null) return refuse('invalid-number', { value: shown(text) })
    if (integer && !Number.isInteger(value)) return refuse('not-integer', { value: shown(text) })
    if (value < min || value > max) return refuse('out-of-range', { value: shown(text), ...bound('min', min), ...bound('max', max) })
    return ok(value)
  }
}

/**
 * A calendar day as `YYYY-MM-DD`, from a date cell or from text: 2026-04-01, 2026/4/1, 2026.4.1,
 * 2026年4月1日, 20260401, 令和8年4月1日, R8.4.1 (eras 明治 to 令和, 元年 for 1), full-width or not,
 * with or without the weekday in brackets.
 */
export function parseDate(): CellParser<string> {
  return (cell, text) => {
    const source = cell.kind === 'date' || cell.kind === 'datetime' ? cell.value.slice(0, 10)
      : cell.kind === 'text' || cell.kind === 'number' ? text : ''
    const value = dateFromText(source)
    return value === null ? refuse('invalid-date', { value: shown(text) }) : ok(value)
  }
}

const TRUE_WORDS = new Set(['○', '✓', 'true', 'yes', 'y', '1', 'はい', '有', 'あり', '有り', '済', '済み'])
const FALSE_WORDS = new Set(['×', 'false', 'no', 'n', '0', 'いいえ', '無', 'なし', '無し', '未'])

/** Yes or no: ○ × ✓ and their look-alikes, はい いいえ 有 無 あり なし 済 未, yes no, true false, 1 0. */
export function parseBoolean(): CellParser<boolean> {
  return (cell, text) => {
    if (cell.kind === 'boolean') return ok(cell.value)
    const word = foldChoice(text)
    if (TRUE_WORDS.has(word)) return ok(true)
    return FALSE_WORDS.has(word) ? ok(false) : refuse('invalid-boolean', { value: shown(text) })
  }
}

/**
 * One of several values, each with the spellings people use for it. Width, case, spaces and look-alike
 * marks (○〇◯, ×✕, △▲, ー−-) make no difference.
 */
export function parseChoice<V extends string>(options: Readonly<Record<V, readonly string[]>>): CellParser<V> {
  const spellings = new Map<string, V>()
  const entries = Object.entries(options) as [V, readonly string[]][]
  for (const [value, words] of entries) for (const word of [value, ...words]) spellings.set(foldChoice(word), value)
  const choices = entries.map(([value, words]) => words[0] ?? value).join(' / ')
  return (_cell, text) => {
    const value = spellings.get(foldChoice(text))
    return value === undefined ? refuse('invalid-choice', { value: shown(text), choices }) : ok(value)
  }
}

function numberFromText(text: string, units: readonly string[]): number | null {
  let plain = text.slice(0, 100).normalize('NFKC').replace(/\s/g, '')
  const unit = units.find((candidate) => plain.endsWith(candidate))
  if (unit) plain = plain.slice(0, -unit.length)
  const percent = plain.endsWith('%')
  if (percent) plain = plain.slice(0, -1)
  plain = plain.replace(/^[△▲−]/, '-').replace(/^([+-]?)[¥\\]/, '$1')
  if (!/^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/.test(plain)) return null
  const value = Number(plain.replaceAll(',', ''))
  return percent ? Number((value / 100).toPrecision(15)) : value
}

const ERA_OFFSETS: ReadonlyMap<string, number> = new Map([
  ['明治', 1867], ['大正', 1911], ['昭和', 1925], ['平成', 1988], ['令和', 2018],
  ['m', 1867], ['t', 1911], ['s', 1925], ['h', 1988], ['r', 2018],
])

function dateFromText(text: string): string | null {
  const plain = text.slice(0, 60).normalize('NFKC').toLowerCase().replace(/\s/g, '').replace(/\([日月火水木金土](?:曜日?)?\)$/, '')
  const match = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))$/.exec(plain)
  if (match) return dayText(Number(match[1]), Number(match[3] ?? match[5] ?? match[7]), Number(match[4] ?? match[6] ?? match[8]))
  const era = /^(明治|大正|昭和|平成|令和|[mtshr])(元|\d{1,2})(?:年(\d{1,2})月(\d{1,2})日|([-/.])(\d{1,2})\5(\d{1,2}))$/.exec(plain)
  if (!era) return null
  const year = era[2] === '元' ? 1 : Number(era[2])
  return year === 0 ? null : dayText((ERA_OFFSETS.get(era[1] as string) as number) + year, Number(era[3] ?? era[6]), Number(era[4] ?? era[7]))
}

function dayText(year: number, month: number, day: number): string | null {
  if (!isCivilDate(year, month, day)) return null
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** An open bound is left out: infinity does not survive JSON. */
function bound(name: string, value: number): ErrorParams {
  return Number.isFinite(value) ? { [name]: value } : {}
}

function ok<V>(value: V): Parsed<V> {
  return { ok: true, value }
}

function refuse(code: CellErrorCode, params: ErrorParams): { ok: false; code: CellErrorCode; params: ErrorParams } {
  return { ok: false, code, params }
}

function shown(text: string): string {
  return text.length > SHOWN_UNITS ? `${text.slice(0, SHOWN_UNITS).toWellFormed()}…` : text
}
