import { TableError } from '../errors.ts'
import { decodeEntities } from './text.ts'

export type Token = 'start' | 'end' | 'text' | 'eof'

const DEPTH_MAX = 128
const TAG_LENGTH_MAX = 256 * 1024
const ATTRIBUTES_MAX = 256
const CACHED_TAG_UNITS = 64
const CACHED_TAGS_MAX = 1_000
const NAME = /^[\p{L}_][\p{L}\p{N}_.\-·]*(?::[\p{L}_][\p{L}\p{N}_.\-·]*)?$/u

interface Tag {
  readonly name: string
  readonly selfClosing: boolean
  readonly attributeNames: string[]
  readonly attributeValues: string[]
}

const NO_TAG: Tag = { name: '', selfClosing: false, attributeNames: [], attributeValues: [] }

/**
 * A pull parser for the XML of Office packages (XML 1.0, no DTD). It takes text in chunks and keeps
 * only the token at hand. Comments and processing instructions are stepped over; a document type
 * declaration is refused, so there are no entities to expand or fetch. `start` and `end` are offsets
 * of the token in the whole text, in UTF-16 units: an editor can splice around them and leave every
 * other character as it was.
 *
 * An empty element gives `start` (with `selfClosing` true) and then `end` with the same offsets.
 * Namespaces are not resolved: callers take the prefix of the root element (see `localName`).
 */
export class XmlPull {
  /** Qualified name of the element for 'start' and 'end'. */
  name = ''
  /** Character data with entities decoded and line ends normalised, for 'text'. */
  text = ''
  selfClosing = false
  start = 0
  end = 0

  readonly #part: string
  readonly #textMax: number
  readonly #chunks: Iterator<string>
  #buffer = ''
  #at = 0
  #dropped = 0
  #exhausted = false
  #pendingEnd = false
  #seenRoot = false
  readonly #stack: string[] = []
  #tag: Tag = NO_TAG
  readonly #tags = new Map<string, Tag>()
  readonly #knownNames = new Set<string>()

  /** `part` names the document in errors; `textMax` bounds one run of character data, in UTF-16 units. */
  constructor(chunks: Iterable<string>, part: string, textMax: number) {
    this.#chunks = chunks[Symbol.iterator]()
    this.#part = part
    this.#textMax = textMax
  }

  /** Open elements above the token; the root's own start has depth 1. */
  get depth(): number {
    return this.#stack.length
  }

  /** Moves to the next token. Throws TableError 'xml-malformed', 'xml-dtd', 'xml-entity', 'too-deep' or 'text-too-long'. */
  next(): Token {
    if (this.#pendingEnd) {
      this.#pendingEnd = false
      this.#stack.pop()
      return 'end'
    }
    for (;;) {
      if (this.#at >= this.#buffer.length && !this.#more()) return this.#finish()
      if (this.#buffer.charCodeAt(this.#at) !== 60) {
        if (this.#readText()) return 'text'
        continue
      }
      while (this.#buffer.length - this.#at < 9 && this.#more()) { /* enough to tell the kinds of markup apart */ }
      const second = this.#buffer.charCodeAt(this.#at + 1)
      if (second === 47) return this.#readEndTag()
      if (second === 63) this.#skipTo('?>', 2)
      else if (second === 33) {
        if (this.#readBang()) return 'text'
      } else return this.#readStartTag()
    }
  }

  /** The value of an attribute of the last 'start', entities decoded; undefined when absent. */
  attribute(name: string): string | undefined {
    const index = this.#tag.attributeNames.indexOf(name)
    return index < 0 ? undefined : this.#tag.attributeValues[index]
  }

  /** The first attribute whose name without prefix is `local` (for r:id, whose prefix is free to choose). */
  prefixedAttribute(local: string): string | undefined {
    const index = this.#tag.attributeNames.findIndex((name) => name.endsWith(`:${local}`))
    return index < 0 ? undefined : this.#tag.attributeValues[index]
  }

  /** Steps over everything inside the element whose 'start' was the last token, its 'end' included. */
  skip(): void {
    const outside = this.depth - 1
    while (this.depth > outside) {
      if (this.next() === 'eof') return
    }
  }

  #readText(): boolean {
    let from = this.#at
    let close = this.#buffer.indexOf('<', from)
    while (close < 0) {
      if (this.#buffer.length - this.#at > this.#textMax) throw new TableError('text-too-long', { part: this.#part, max: this.#textMax })
      const searched = this.#buffer.length - this.#at
      if (!this.#more()) break
      from = this.#at + searched
      close = this.#buffer.indexOf('<', from)
    }
    if (close < 0) close = this.#buffer.length
    const raw = this.#take(close)
    if (raw.length > this.#textMax) throw new TableError('text-too-long', { part: this.#part, max: this.#textMax })
    if (this.#stack.length === 0) {
      if (raw.trim() !== '' && raw.trim() !== '\ufeff') this.#malformed()
      return false
    }
    if (raw.includes(']]>')) this.#malformed()
    this.text = decodeEntities(raw, this.#part)
    return true
  }

  #readBang(): boolean {
    if (this.#buffer.startsWith('<!--', this.#at)) {
      this.#skipTo('-->', 4)
      return false
    }
    if (this.#buffer.startsWith('<![CDATA[', this.#at)) {
      if (this.#stack.length === 0) this.#malformed()
      const close = this.#find(']]>', 9, this.#textMax + 12, 'text-too-long')
      const raw = this.#take(close + 3)
      this.text = raw.slice(9, -3).replace(/\r\n?/g, '\n')
      return true
    }
    throw new TableError(this.#buffer.startsWith('<!DOCTYPE', this.#at) ? 'xml-dtd' : 'xml-malformed', { part: this.#part })
  }

  #readEndTag(): Token {
    const close = this.#find('>', 2, TAG_LENGTH_MAX, 'xml-malformed')
    const name = this.#take(close + 1).slice(2, -1).trimEnd()
    if (this.#stack.pop() !== name) this.#malformed()
    this.name = name
    this.selfClosing = false
    return 'end'
  }

  #readStartTag(): Token {
    if (this.#stack.length === 0 && this.#seenRoot) this.#malformed()
    if (this.#stack.length >= DEPTH_MAX) throw new TableError('too-deep', { part: this.#part, max: DEPTH_MAX })
    const tag = this.#knownTag() ?? this.#newTag()
    this.#tag = tag
    this.name = tag.name
    this.selfClosing = tag.selfClosing
    this.#seenRoot = true
    this.#stack.push(tag.name)
    this.#pendingEnd = tag.selfClosing
    return 'start'
  }

  /** Most tags of a sheet are one of a few, letter by letter; those are taken apart once. */
  #knownTag(): Tag | undefined {
    const close = this.#buffer.indexOf('>', this.#at)
    if (close < 0 || close - this.#at >= CACHED_TAG_UNITS) return undefined
    const tag = this.#tags.get(this.#buffer.slice(this.#at, close + 1))
    if (tag) this.#take(close + 1)
    return tag
  }

  #newTag(): Tag {
    const raw = this.#take(this.#endOfTag() + 1)
    const tag = this.#parseTag(raw)
    if (raw.length <= CACHED_TAG_UNITS && this.#tags.size < CACHED_TAGS_MAX) this.#tags.set(raw, tag)
    return tag
  }

  #parseTag(raw: string): Tag {
    const selfClosing = raw.charCodeAt(raw.length - 2) === 47
    const stop = raw.length - (selfClosing ? 2 : 1)
    let at = 1
    while (at < stop && !isSpace(raw.charCodeAt(at))) at++
    const tag: Tag = { name: this.#knownName(raw.slice(1, at)), selfClosing, attributeNames: [], attributeValues: [] }
    if (at < stop) this.#readAttributes(raw, at, stop, tag)
    return tag
  }

  #readAttributes(raw: string, from: number, stop: number, tag: Tag): void {
    const { attributeNames, attributeValues } = tag
    let at = from
    for (;;) {
      const gap = at
      while (at < stop && isSpace(raw.charCodeAt(at))) at++
      if (at >= stop) return
      if (at === gap) this.#malformed()
      const equals = raw.indexOf('=', at)
      if (equals < 0 || equals >= stop) this.#malformed()
      const name = this.#knownName(raw.slice(at, equals).trimEnd())
      at = equals + 1
      while (isSpace(raw.charCodeAt(at))) at++
      const quote = raw.charCodeAt(at)
      const close = quote === 34 ? raw.indexOf('"', at + 1) : quote === 39 ? raw.indexOf("'", at + 1) : -1
      if (close < 0 || close >= stop) this.#malformed()
      const value = raw.slice(at + 1, close)
      if (value.includes('<') || attributeNames.includes(name)) this.#malformed()
      if (attributeNames.length >= ATTRIBUTES_MAX) this.#malformed()
      attributeNames.push(name)
      // Attribute values have their white space normalised (XML 1.0, 3.3.3).
      attributeValues.push(decodeEntities(/[\t\r\n]/.test(value) ? value.replace(/\r\n|[\t\r\n]/g, ' ') : value, this.#part))
      at = close + 1
    }
  }

  /** Offset of the '>' that ends the tag at hand; one inside quotes does not. */
  #endOfTag(): number {
    let offset = 1
    let quote = 0
    for (;;) {
      const buffer = this.#buffer
      for (let at = this.#at + offset; at < buffer.length; at++) {
        const code = buffer.charCodeAt(at)
        if (quote !== 0) {
          if (code === quote) quote = 0
        } else if (code === 62) return at
        else if (code === 34 || code === 39) quote = code
      }
      offset = buffer.length - this.#at
      if (offset > TAG_LENGTH_MAX || !this.#more()) this.#malformed()
    }
  }

  #skipTo(mark: string, from: number): void {
    // What is stepped over is dropped as it passes, so a long comment costs no memory.
    this.#drop(this.#at + from)
    for (;;) {
      const found = this.#buffer.indexOf(mark, this.#at)
      if (found >= 0) return this.#drop(found + mark.length)
      this.#drop(Math.max(this.#at, this.#buffer.length - mark.length + 1))
      if (!this.#more()) this.#malformed()
    }
  }

  #find(mark: string, from: number, max: number, tooLong: 'text-too-long' | 'xml-malformed'): number {
    let offset = from
    for (;;) {
      const found = this.#buffer.indexOf(mark, this.#at + offset)
      if (found >= 0) return found
      offset = Math.max(from, this.#buffer.length - this.#at - mark.length + 1)
      if (offset > max) throw new TableError(tooLong, { part: this.#part, max })
      if (!this.#more()) this.#malformed()
    }
  }

  #take(to: number): string {
    const raw = this.#buffer.slice(this.#at, to)
    this.start = this.#dropped + this.#at
    this.end = this.#dropped + to
    this.#at = to
    return raw
  }

  #drop(to: number): void {
    this.#at = Math.min(to, this.#buffer.length)
  }

  /** Adds at least as much text as is still unread, so that a token split over many chunks stays linear. */
  #more(): boolean {
    if (this.#exhausted) return false
    const rest = this.#buffer.slice(this.#at)
    const pieces = [rest]
    let added = 0
    while (added === 0 || added < rest.length) {
      const step = this.#chunks.next()
      if (step.done) {
        this.#exhausted = true
        break
      }
      pieces.push(step.value)
      added += step.value.length
    }
    this.#dropped += this.#at
    this.#at = 0
    this.#buffer = pieces.join('')
    return added > 0
  }

  #finish(): Token {
    if (this.#stack.length > 0 || !this.#seenRoot) this.#malformed()
    return 'eof'
  }

  /** Names are checked once each; the few names of a document repeat millions of times. */
  #knownName(name: string): string {
    if (this.#knownNames.has(name)) return name
    if (name.length > 200 || !NAME.test(name) || this.#knownNames.size > 10_000) this.#malformed()
    this.#knownNames.add(name)
    return name
  }

  #malformed(): never {
    throw new TableError('xml-malformed', { part: this.#part, offset: this.#dropped + this.#at })
  }
}

/** The name without its prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13
}
