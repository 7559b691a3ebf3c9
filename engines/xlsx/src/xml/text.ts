import { TableError } from '../errors.ts'

/** Decodes the five named entities and character references; normalises line ends (XML 1.0, 2.11 and 4.6). */
export function decodeEntities(raw: string, part: string): string {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
  if (!text.includes('&')) return text
  let result = ''
  let from = 0
  for (let amp = text.indexOf('&'); amp >= 0; amp = text.indexOf('&', from)) {
    const semicolon = text.indexOf(';', amp)
    if (semicolon < 0 || semicolon - amp > 12) throw new TableError('xml-entity', { part })
    result += text.slice(from, amp) + entity(text.slice(amp + 1, semicolon), part)
    from = semicolon + 1
  }
  return result + text.slice(from)
}

function entity(name: string, part: string): string {
  switch (name) {
    case 'lt': return '<'
    case 'gt': return '>'
    case 'amp': return '&'
    case 'quot': return '"'
    case 'apos': return "'"
  }
  const match = /^#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}))$/.exec(name)
  const code = match ? (match[1] ? parseInt(match[1], 16) : Number(match[2])) : -1
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
  if (!allowed) throw new TableError('xml-entity', { part })
  return String.fromCodePoint(code)
}

/** Reads the `_xHHHH_` escapes of cell text (ST_Xstring, ECMA-376 part 1, 22.9.2.19). */
export function decodeXstring(text: string): string {
  return text.includes('_x') ? text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) : text
}

const NEEDS_ESCAPE = /[&<>"\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x/
// An underscore is escaped before an unfinished `xHHHH` too: the escape of the next character could finish it.
const XSTRING = /[\x00-\x08\x0b-\x1f\ufffe\uffff]|\p{Surrogate}|_(?=x[0-9a-fA-F]{4})/gu
const MARKUP = /[&<>"]/g

/**
 * Makes any JavaScript string safe as cell text: characters XML cannot carry, carriage returns, lone
 * surrogates and text that looks like an escape become `_xHHHH_`, the rest is escaped as XML.
 * `decodeXstring(decodeEntities(escapeXstring(s)))` gives `s` back for every string.
 */
export function escapeXstring(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text
  return escapeXml(text.replace(XSTRING, (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`))
}

/** Escapes text for element content and double-quoted attributes. */
export function escapeXml(text: string): string {
  return text.replace(MARKUP, (mark) => mark === '&' ? '&amp;' : mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : '&quot;')
}
