import { TableError } from '../errors.ts'
import type { ErrorParams } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { localName } from '../xml/pull.ts'
import type { XmlPull } from '../xml/pull.ts'
import { decodeXstring } from '../xml/text.ts'

/**
 * Reads the text of a string item (`si` or `is`; CT_Rst, ECMA-376 part 1, 18.4.8) whose 'start' was the
 * last token. Rich text runs are joined; phonetic runs (`rPh`, furigana) are hints for reading and left out.
 * `place` tells errors where it stands. White space is kept whether or not `xml:space` asks for it.
 */
export function readStringItem(xml: XmlPull, limits: Limits, place: () => ErrorParams): string {
  const outside = xml.depth - 1
  let text = ''
  let inText = false
  for (;;) {
    const token = xml.next()
    if (token === 'text') {
      if (inText) text += xml.text
    } else if (token === 'start') {
      const name = localName(xml.name)
      if (name === 'rPh') xml.skip()
      else inText = name === 't'
    } else {
      inText = false
      if (xml.depth <= outside) break
    }
    if (text.length > limits.maxTextLength * 8) throw new TableError('text-too-long', { ...place(), max: limits.maxTextLength })
  }
  const decoded = decodeXstring(text)
  if (decoded.length > limits.maxTextLength) throw new TableError('text-too-long', { ...place(), max: limits.maxTextLength })
  return decoded
}

/** Reads the whole shared string table (18.4.9) in index order. */
export function readSharedStrings(xml: XmlPull, limits: Limits): string[] {
  const strings: string[] = []
  for (let token = xml.next(); token !== 'eof'; token = xml.next()) {
    if (token !== 'start' || localName(xml.name) !== 'si') continue
    if (strings.length >= limits.maxStrings) throw new TableError('too-many-strings', { max: limits.maxStrings })
    strings.push(readStringItem(xml, limits, () => ({ string: strings.length })))
  }
  return strings
}
