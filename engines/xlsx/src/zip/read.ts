import { crc32 } from 'node:zlib'
import { Inflate } from 'fflate'
import { TableError } from '../errors.ts'
import type { Limits } from '../limits.ts'

/** One file inside the package, as the central directory declares it and the local header confirms it. */
export interface ZipEntry {
  readonly name: string
  readonly method: 0 | 8
  readonly crc: number
  readonly compressedSize: number
  readonly size: number
  /** Where the local header begins: `dataStart` and this bound the raw record. */
  readonly headerStart: number
  readonly dataStart: number
}

/** A zip package whose directory has been checked. Parts are inflated only when asked for. */
export interface ZipPackage {
  /** In directory order. */
  readonly entries: readonly ZipEntry[]
  /** Finds a part; part names are compared without case (ECMA-376 part 2, 6.2.2.3). */
  find(name: string): ZipEntry | undefined
  /** The part's content in chunks; size and CRC are checked when the last chunk has been taken. */
  stream(entry: ZipEntry): Generator<Uint8Array>
  /** The part's content in one piece. */
  read(entry: ZipEntry): Uint8Array
}

const EOCD_BYTES = 22
const PUSH_BYTES = 16 * 1024
/** Compressed bytes that may pass without output before the stream counts as broken; a stored block needs 64 KiB. */
const BARREN_BYTES_MAX = 256 * 1024
const RATIO_FREE_BYTES = 1024 * 1024

/**
 * Opens a zip package (APPNOTE.TXT 6.3) held in memory. Refuses, with a TableError: damaged or
 * multi-disk directories, encryption, methods other than stored and deflate, names that are absolute,
 * climb or repeat, records that overlap, sizes that lie, and anything past the limits.
 */
export function openZip(bytes: Uint8Array, limits: Limits): ZipPackage {
  const entries = readDirectory(bytes, limits)
  const byName = new Map<string, ZipEntry>()
  for (const entry of entries) {
    const key = entry.name.toLowerCase()
    if (byName.has(key)) throw new TableError('zip-name', { part: printable(entry.name) })
    byName.set(key, entry)
  }
  const budget = { left: limits.maxInflatedBytes }

  function* stream(entry: ZipEntry): Generator<Uint8Array> {
    let crc = 0
    let size = 0
    for (const chunk of inflateChunks(bytes, entry)) {
      size += chunk.length
      budget.left -= chunk.length
      if (size > entry.size) throw new TableError('zip-size-lie', { part: entry.name })
      if (budget.left < 0) throw new TableError('inflated-too-large', { max: limits.maxInflatedBytes })
      crc = crc32(chunk, crc)
      yield chunk
    }
    if (size !== entry.size) throw new TableError('zip-size-lie', { part: entry.name })
    if (crc !== entry.crc) throw new TableError('zip-checksum', { part: entry.name })
  }

  return {
    entries,
    find: (name) => byName.get(name.toLowerCase()),
    stream,
    read(entry) {
      const whole = new Uint8Array(Math.min(entry.size, budget.left + 1))
      let at = 0
      for (const chunk of stream(entry)) {
        whole.set(chunk, at)
        at += chunk.length
      }
      return whole
    },
  }
}

function* inflateChunks(bytes: Uint8Array, entry: ZipEntry): Generator<Uint8Array> {
  const end = entry.dataStart + entry.compressedSize
  if (entry.method === 0) {
    for (let at = entry.dataStart; at < end; at += PUSH_BYTES * 4) {
      yield bytes.subarray(at, Math.min(end, at + PUSH_BYTES * 4))
    }
    return
  }
  let output: Uint8Array | null = null
  const inflate = new Inflate((chunk) => { output = chunk })
  let barren = 0
  for (let at = entry.dataStart; at < end; at += PUSH_BYTES) {
    const next = Math.min(end, at + PUSH_BYTES)
    output = null
    try {
      inflate.push(bytes.subarray(at, next), next === end)
    } catch {
      throw new TableError('zip-corrupt', { part: entry.name })
    }
    const chunk = output as Uint8Array | null
    if (chunk && chunk.length > 0) {
      barren = 0
      yield chunk
    } else if ((barren += next - at) > BARREN_BYTES_MAX) {
      throw new TableError('zip-corrupt', { part: entry.name })
    }
  }
}

function readDirectory(bytes: Uint8Array, limits: Limits): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const eocd = findEndOfDirectory(view)
  const count = view.getUint16(eocd + 10, true)
  const start = view.getUint32(eocd + 16, true)
  const end = start + view.getUint32(eocd + 12, true)
  if (view.getUint16(eocd + 4, true) !== 0 || view.getUint16(eocd + 8, true) !== count) throw new TableError('zip-corrupt')
  if (end > eocd) throw new TableError('zip-corrupt')
  if (count > limits.maxParts) throw new TableError('too-many-parts', { max: limits.maxParts })

  const entries: ZipEntry[] = []
  let at = start
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw new TableError('zip-corrupt')
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > end) throw new TableError('zip-corrupt')
    const entry = readEntry(bytes, view, at, nameLength, extraLength, start)
    if (entry.size > limits.maxPartBytes) throw new TableError('part-too-large', { part: printable(entry.name), max: limits.maxPartBytes })
    if (entry.size > RATIO_FREE_BYTES && entry.size > entry.compressedSize * limits.maxRatio) {
      throw new TableError('ratio-too-high', { part: printable(entry.name), max: limits.maxRatio })
    }
    if (!entry.name.endsWith('/')) entries.push(entry)
    at = next
  }
  refuseOverlaps(entries)
  return entries
}

function findEndOfDirectory(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - EOCD_BYTES - 0xffff)
  for (let at = view.byteLength - EOCD_BYTES; at >= lowest; at--) {
    // The comment must reach exactly to the end, or bytes after the directory could hide a second one.
    if (view.getUint32(at, true) === 0x06054b50 && at + EOCD_BYTES + view.getUint16(at + 20, true) === view.byteLength) return at
  }
  throw new TableError('zip-corrupt')
}

function readEntry(
  bytes: Uint8Array, view: DataView, at: number, nameLength: number, extraLength: number, directoryStart: number,
): ZipEntry {
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const rawName = bytes.subarray(at + 46, at + 46 + nameLength)
  const name = partName(rawName)
  if ((flags & 0x2041) !== 0) throw new TableError('zip-encrypted', { part: printable(name) })
  if (method !== 0 && method !== 8) throw new TableError('zip-method', { part: printable(name), method })

  let size = view.getUint32(at + 24, true)
  let compressedSize = view.getUint32(at + 20, true)
  let headerStart = view.getUint32(at + 42, true)
  if (size === 0xffffffff || compressedSize === 0xffffffff || headerStart === 0xffffffff) {
    ({ size, compressedSize, headerStart } = readZip64(view, at + 46 + nameLength, extraLength, { size, compressedSize, headerStart }))
  }
  if (headerStart + 30 > directoryStart || view.getUint32(headerStart, true) !== 0x04034b50) throw new TableError('zip-corrupt', { part: printable(name) })
  const localNameLength = view.getUint16(headerStart + 26, true)
  const dataStart = headerStart + 30 + localNameLength + view.getUint16(headerStart + 28, true)
  if (dataStart + compressedSize > directoryStart) throw new TableError('zip-corrupt', { part: printable(name) })
  // Programs that trust the local header must see the same file as we do.
  const localName = bytes.subarray(headerStart + 30, headerStart + 30 + localNameLength)
  if (Buffer.compare(localName, rawName) !== 0) throw new TableError('zip-name', { part: printable(name) })
  if (method === 0 && size !== compressedSize) throw new TableError('zip-size-lie', { part: printable(name) })
  return { name, method, crc: view.getUint32(at + 16, true), compressedSize, size, headerStart, dataStart }
}

/** The Zip64 extended information field (APPNOTE 4.5.3): only the values that overflowed are present, in this order. */
function readZip64<T extends { size: number; compressedSize: number; headerStart: number }>(
  view: DataView, from: number, length: number, values: T,
): T {
  let at = from
  while (at + 4 <= from + length) {
    const fieldEnd = at + 4 + view.getUint16(at + 2, true)
    if (fieldEnd > from + length) break
    if (view.getUint16(at, true) === 1) {
      let cursor = at + 4
      const result = { ...values }
      for (const key of ['size', 'compressedSize', 'headerStart'] as const) {
        if (values[key] !== 0xffffffff) continue
        if (cursor + 8 > fieldEnd) throw new TableError('zip-corrupt')
        const value = view.getBigUint64(cursor, true)
        if (value > 0xffffffffffffn) throw new TableError('zip-corrupt')
        result[key] = Number(value)
        cursor += 8
      }
      return result
    }
    at = fieldEnd
  }
  throw new TableError('zip-corrupt')
}

/** Part names are ASCII by rule, UTF-8 in practice; some writers use backslashes, which Excel accepts. */
function partName(raw: Uint8Array): string {
  const name = new TextDecoder().decode(raw).replaceAll('\\', '/')
  const climbs = name.split('/').some((segment) => segment === '..' || segment === '.')
  if (name === '' || name.length > 512 || name.startsWith('/') || climbs || /[\x00-\x1f:\ufffd]/.test(name)) {
    throw new TableError('zip-name', { part: printable(name) })
  }
  return name
}

function refuseOverlaps(entries: readonly ZipEntry[]): void {
  const ordered = [...entries].sort((a, b) => a.headerStart - b.headerStart)
  let reached = 0
  for (const entry of ordered) {
    if (entry.headerStart < reached) throw new TableError('zip-overlap', { part: printable(entry.name) })
    reached = entry.dataStart + entry.compressedSize
  }
}

function printable(name: string): string {
  return name.slice(0, 80).replace(/[\x00-\x1f\x7f]/g, '?')
}
