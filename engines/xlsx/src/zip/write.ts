import { crc32, deflateRawSync, constants } from 'node:zlib'
import { TableError } from '../errors.ts'

const BLOCK_BYTES = 256 * 1024
const FLAGS = 0x0808 // sizes follow the data, names are UTF-8
const FIXED_DATE = 0x0021 // 1980-01-01: the same rows always give the same bytes
const ZIP32_MAX = 0xffff_ffff
const EMPTY_FINAL_BLOCK = Uint8Array.of(0x03, 0x00)

interface WrittenEntry { name: Uint8Array; crc: number; compressedSize: number; size: number; headerStart: number }

/**
 * Writes a zip package piece by piece. Text goes in through `begin` and `text`, finished bytes come
 * out of `drain`; nothing but one 256 KiB block and the directory is kept. Each block is deflated on
 * its own and ends on a byte boundary (RFC 1951, 3.2), so blocks can simply follow one another.
 */
export class ZipWriter {
  readonly #entries: WrittenEntry[] = []
  #ready: Uint8Array[] = []
  #offset = 0
  #current: WrittenEntry | null = null
  readonly #block = Buffer.allocUnsafe(BLOCK_BYTES)
  #filled = 0

  /** Starts a part; the one before is closed. */
  begin(name: string): void {
    this.#close()
    const encoded = Buffer.from(name, 'utf8')
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    header.writeUInt16LE(20, 4)
    header.writeUInt16LE(FLAGS, 6)
    header.writeUInt16LE(8, 8)
    header.writeUInt16LE(FIXED_DATE, 12)
    header.writeUInt16LE(encoded.length, 26)
    this.#current = { name: encoded, crc: 0, compressedSize: 0, size: 0, headerStart: this.#offset }
    this.#emit(header)
    this.#emit(encoded)
  }

  /** Adds text to the open part. It must hold no lone surrogates. */
  text(content: string): void {
    // A UTF-16 unit becomes three bytes at most; larger pieces are cut where no surrogate pair is split.
    const unitsMax = BLOCK_BYTES / 3 | 0
    for (let at = 0; at < content.length;) {
      let end = Math.min(content.length, at + unitsMax)
      if (end < content.length && (content.charCodeAt(end) & 0xfc00) === 0xdc00) end--
      const piece = at === 0 && end === content.length ? content : content.slice(at, end)
      if (this.#filled + piece.length * 3 > BLOCK_BYTES) this.#flush()
      this.#filled += this.#block.write(piece, this.#filled, 'utf8')
      at = end
    }
  }

  /** Closes the package: after this, one last `drain` gives the rest. */
  finish(): void {
    this.#close()
    const start = this.#offset
    for (const entry of this.#entries) {
      const record = Buffer.alloc(46)
      record.writeUInt32LE(0x02014b50, 0)
      record.writeUInt16LE(20, 4)
      record.writeUInt16LE(20, 6)
      record.writeUInt16LE(FLAGS, 8)
      record.writeUInt16LE(8, 10)
      record.writeUInt16LE(FIXED_DATE, 14)
      record.writeUInt32LE(entry.crc, 16)
      record.writeUInt32LE(entry.compressedSize, 20)
      record.writeUInt32LE(entry.size, 24)
      record.writeUInt16LE(entry.name.length, 28)
      record.writeUInt32LE(entry.headerStart, 42)
      this.#emit(record)
      this.#emit(entry.name)
    }
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(this.#entries.length, 8)
    end.writeUInt16LE(this.#entries.length, 10)
    end.writeUInt32LE(this.#offset - start, 12)
    end.writeUInt32LE(start, 16)
    this.#emit(end)
  }

  /** Takes the bytes finished since the last call. */
  drain(): Uint8Array[] {
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  #flush(): void {
    const entry = this.#current
    if (!entry || this.#filled === 0) return
    const block = this.#block.subarray(0, this.#filled)
    entry.crc = crc32(block, entry.crc)
    entry.size += block.length
    if (entry.size > ZIP32_MAX) throw new TableError('too-large', { max: ZIP32_MAX })
    const packed = deflateRawSync(block, { level: 6, finishFlush: constants.Z_SYNC_FLUSH })
    entry.compressedSize += packed.length
    this.#emit(packed)
    this.#filled = 0
  }

  #close(): void {
    const entry = this.#current
    if (!entry) return
    this.#flush()
    entry.compressedSize += EMPTY_FINAL_BLOCK.length
    this.#emit(EMPTY_FINAL_BLOCK)
    const descriptor = Buffer.alloc(16)
    descriptor.writeUInt32LE(0x08074b50, 0)
    descriptor.writeUInt32LE(entry.crc, 4)
    descriptor.writeUInt32LE(entry.compressedSize, 8)
    descriptor.writeUInt32LE(entry.size, 12)
    this.#emit(descriptor)
    this.#entries.push(entry)
    this.#current = null
  }

  #emit(bytes: Uint8Array): void {
    this.#ready.push(bytes)
    this.#offset += bytes.length
  }
}
