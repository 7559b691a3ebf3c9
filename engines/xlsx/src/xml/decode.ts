import { TextDecoder } from 'node:util'
import { TableError } from '../errors.ts'

// Anything XML 1.0 section 2.2 does not allow as a character, lone surrogates apart (decoding never makes them).
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

/**
 * Turns the bytes of a part into text. OPC allows UTF-8 and UTF-16 only (ECMA-376 part 2, 7.2);
 * other encodings, broken sequences and characters XML forbids are refused with a TableError.
 */
export function* decodeXml(chunks: Iterable<Uint8Array>, part: string): Generator<string> {
  let decoder: TextDecoder | null = null
  let head: Uint8Array = new Uint8Array(0)
  for (const chunk of chunks) {
    let bytes: Uint8Array = chunk
    if (!decoder) {
      if (head.length > 0) bytes = Buffer.concat([head, chunk])
      if (bytes.length < 4) {
        // Copied, because a stream may reuse the memory of its chunks.
        head = bytes.slice()
        continue
      }
      decoder = new TextDecoder(encodingOf(bytes), { fatal: true })
      head = new Uint8Array(0)
    }
    const text = decode(decoder, bytes, part)
    if (text !== '') yield text
  }
  if (!decoder) {
    decoder = new TextDecoder('utf-8', { fatal: true })
    const text = decode(decoder, head, part)
    if (text !== '') yield text
  }
  decode(decoder, null, part)
}

function decode(decoder: TextDecoder, bytes: Uint8Array | null, part: string): string {
  let text: string
  try {
    text = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch {
    throw new TableError('xml-encoding', { part })
  }
  if (FORBIDDEN.test(text)) throw new TableError('xml-malformed', { part })
  return text
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return 'utf-16be'
  return 'utf-8'
}
