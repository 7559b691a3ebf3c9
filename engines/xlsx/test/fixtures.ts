import { crc32, deflateRawSync } from 'node:zlib'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const STRICT_MAIN = 'http://purl.oclc.org/ooxml/spreadsheetml/main'
const STRICT_RELS = 'http://purl.oclc.org/ooxml/officeDocument/relationships'

export interface RawEntry {
  name: string
  data: Uint8Array | string
  /** Lies to tell: values written instead of the true ones. */
  size?: number
  crc?: number
  method?: number
  flags?: number
  localName?: string
  /** Where the directory says the local header is. */
  offset?: number
  zip64?: boolean
}

/** Builds a zip byte by byte, so that tests can lie in every field. */
export function zip(entries: RawEntry[], comment = ''): Uint8Array {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const raw = Buffer.from(entry.data as Uint8Array)
    const method = entry.method ?? 8
    const packed = method === 8 ? deflateRawSync(raw) : raw
    const size = entry.size ?? raw.length
    const crc = entry.crc ?? crc32(raw)
    const name = Buffer.from(entry.name)
    const localName = Buffer.from(entry.localName ?? entry.name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(entry.flags ?? 0, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(crc, 14)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(size, 22)
    local.writeUInt16LE(localName.length, 26)
    pieces.push(local, localName, packed)
    const extra = entry.zip64 ? Buffer.alloc(20) : Buffer.alloc(0)
    if (entry.zip64) {
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(16, 2)
      extra.writeBigUInt64LE(BigInt(size), 4)
      extra.writeBigUInt64LE(BigInt(packed.length), 12)
    }
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50, 0)
    record.writeUInt16LE(entry.flags ?? 0, 8)
    record.writeUInt16LE(method, 10)
    record.writeUInt32LE(crc, 16)
    record.writeUInt32LE(entry.zip64 ? 0xffffffff : packed.length, 20)
    record.writeUInt32LE(entry.zip64 ? 0xffffffff : size, 24)
    record.writeUInt16LE(name.length, 28)
    record.writeUInt16LE(extra.length, 30)
    record.writeUInt32LE(entry.offset ?? offset, 42)
    directory.push(record, name, extra)
    offset += 30 + localName.length + packed.length
  }
  const directoryBytes = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directoryBytes.length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(Buffer.byteLength(comment), 20)
  return Buffer.concat([...pieces, directoryBytes, end, Buffer.from(comment)])
}

export interface BookParts {
  /** Content of <sheetData>; `after` follows it. */
  sheetData?: string
  after?: string
  /** Content of <sst>. */
  strings?: string
  /** `<numFmt>` elements and format ids of the cell styles 0, 1, 2, … */
  numFmts?: Record<number, string>
  styles?: number[]
  date1904?: boolean
  strict?: boolean
  sheets?: { name: string; state?: string; data: string }[]
  /** Whole parts, replacing the generated ones. */
  raw?: Record<string, string | Uint8Array>
  prefix?: string
}

export function bookEntries(parts: BookParts): RawEntry[] {
  const main = parts.strict ? STRICT_MAIN : MAIN
  const rels = parts.strict ? STRICT_RELS : RELS
  const sheets = parts.sheets ?? [{ name: 'Sheet1', data: parts.sheetData ?? '' }]
  const p = parts.prefix ? `${parts.prefix}:` : ''
  const xmlns = parts.prefix ? `xmlns:${parts.prefix}="${main}"` : `xmlns="${main}"`
  const relationship = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${rels}/${type}" Target="${target}"/>`
  const relsPart = (content: string) => `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`
  const files: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relsPart(relationship('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<${p}workbook ${xmlns} xmlns:r="${rels}"><${p}workbookPr${parts.date1904 ? ' date1904="1"' : ''}/><${p}sheets>` +
      sheets.map((sheet, index) => `<${p}sheet name="${sheet.name}" sheetId="${index + 1}" r:id="s${index}"${sheet.state ? ` state="${sheet.state}"` : ''}/>`).join('') +
      `</${p}sheets></${p}workbook>`,
    'xl/_rels/workbook.xml.rels': relsPart(
      sheets.map((_, index) => relationship(`s${index}`, 'worksheet', `worksheets/sheet${index + 1}.xml`)).join('') +
      relationship('st', 'styles', '/xl/styles.xml') + (parts.strings === undefined ? '' : relationship('ss', 'sharedStrings', 'sharedStrings.xml'))),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${Object.entries(parts.numFmts ?? {}).map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code.replaceAll('"', '&quot;')}"/>`).join('')}</numFmts>` +
      `<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${(parts.styles ?? [0]).map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    ...(parts.strings === undefined ? {} : { 'xl/sharedStrings.xml': `<sst xmlns="${main}">${parts.strings}</sst>` }),
  }
  sheets.forEach((sheet, index) => {
    files[`xl/worksheets/sheet${index + 1}.xml`] = `<?xml version="1.0" encoding="UTF-8"?>\n<${p}worksheet ${xmlns}><${p}sheetData>${sheet.data}</${p}sheetData>${parts.after ?? ''}</${p}worksheet>`
  })
  return Object.entries({ ...files, ...parts.raw }).map(([name, data]) => ({ name, data }))
}

export function book(parts: BookParts): Uint8Array {
  return zip(bookEntries(parts))
}

/** An OLE2 compound file header with one directory entry of the given name. */
export function compoundFile(streamName: string): Uint8Array {
  const bytes = Buffer.alloc(1536)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes)
  Buffer.from(streamName, 'utf16le').copy(bytes, 512)
  return bytes
}
