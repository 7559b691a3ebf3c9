import iconv from 'iconv-lite'
import { TableError } from '../errors.ts'

export type CsvEncoding = 'utf-8' | 'cp932' | 'utf-16le' | 'utf-16be'

/**
 * Decodes the bytes of a CSV file. 'auto' takes a byte order mark at its word, else UTF-8 when the
 * whole file is valid UTF-8, else CP932 (Windows code page 932, what Japanese Excel saves as "CSV").
 * Throws 'encoding-invalid' with the line when the bytes do not fit the encoding that was asked for
 * or marked, 'encoding-unknown' with the line when none fits.
 */
export function decodeCsv(bytes: Uint8Array, wanted: CsvEncoding | 'auto'): { encoding: CsvEncoding; text: string } {
  const [a, b, c] = bytes
  const marked: CsvEncoding | null = a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : null
  const encoding = wanted === 'auto' ? marked : wanted
  if (encoding === 'cp932') return { encoding, text: decodeCp932(bytes, 'encoding-invalid') }
  if (encoding) {
    const text = tryDecode(bytes, encoding)
    if (text === null) throw new TableError('encoding-invalid', { encoding, line: badLine(bytes, encoding) })
    return { encoding, text }
  }
  const text = tryDecode(bytes, 'utf-8')
  if (text !== null) return { encoding: 'utf-8', text }
  return { encoding: 'cp932', text: decodeCp932(bytes, 'encoding-unknown') }
}

/** Null when the bytes are not valid; a byte order mark is taken off. */
function tryDecode(bytes: Uint8Array, encoding: CsvEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function decodeCp932(bytes: Uint8Array, code: 'encoding-invalid' | 'encoding-unknown'): string {
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'cp932')
  // CP932 has no U+FFFD of its own, so each one stands for bytes that are not CP932.
  const bad = text.search(/[\ufffd\x00]/)
  if (bad >= 0) throw new TableError(code, { encoding: 'cp932', line: lineAt(text, bad) })
  return text
}

function badLine(bytes: Uint8Array, encoding: CsvEncoding): number {
  const text = new TextDecoder(encoding).decode(bytes)
  const bad = text.indexOf('\ufffd')
  return lineAt(text, bad < 0 ? text.length : bad)
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length
}
