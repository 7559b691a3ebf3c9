import { TableError } from './errors.ts'

export type FileKind = 'zip' | 'text'

const ZIP = Uint8Array.of(0x50, 0x4b, 0x03, 0x04)
const OLE2 = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)
const HEAD_BYTES = 4096

/**
 * Tells a zip package from text by its first bytes and answers files people often send by mistake with
 * an error that names them: password-protected workbooks and `.xls` (both OLE2 compound files,
 * [MS-CFB] 2.2), web pages and Excel 2003 XML saved under an `.xls` name, and anything binary.
 */
export function sniff(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) throw new TableError('empty-file')
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (startsWith(buffer, ZIP)) return 'zip'
  if (startsWith(buffer, OLE2)) throw new TableError(oleKind(buffer))
  const utf16 = (buffer[0] === 0xff && buffer[1] === 0xfe) || (buffer[0] === 0xfe && buffer[1] === 0xff)
  if (utf16) return 'text'
  const head = buffer.subarray(0, HEAD_BYTES)
  const start = head.toString('latin1').replace(/^\xef\xbb\xbf/, '').trimStart().slice(0, 1_000).toLowerCase()
  if (/^<(?:!doctype html|html|head|meta|table|body)/.test(start)) throw new TableError('html-disguised')
  if (start.startsWith('<?xml')) {
    throw new TableError(start.includes('schemas-microsoft-com:office:spreadsheet') || start.includes('excel.sheet')
      ? 'xml-2003-unsupported' : start.includes('<html') ? 'html-disguised' : 'not-a-table')
  }
  // Text never holds NUL bytes; every common binary format has one early.
  if (head.includes(0) || start.startsWith('%pdf-')) throw new TableError('not-a-table')
  return 'text'
}

/** Stream names in a compound file's directory are UTF-16LE; 'EncryptedPackage' is [MS-OFFCRYPTO] 2.3.4.4. */
function oleKind(buffer: Buffer): 'password-protected' | 'old-xls' | 'not-a-table' {
  const has = (name: string) => buffer.includes(Buffer.from(name, 'utf16le'))
  if (has('EncryptedPackage')) return 'password-protected'
  return has('Workbook') || has('Book') ? 'old-xls' : 'not-a-table'
}

function startsWith(buffer: Buffer, mark: Uint8Array): boolean {
  return buffer.length >= mark.length && buffer.subarray(0, mark.length).equals(mark)
}
