import { TableError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { sniff } from '../sniff.ts'
import { decodeXml } from '../xml/decode.ts'
import { localName, XmlPull } from '../xml/pull.ts'
import { openZip } from '../zip/read.ts'
import type { ZipPackage } from '../zip/read.ts'

export interface Relationship {
  readonly id: string
  /** Last segment of the type: the same in transitional and strict files, whose name spaces differ. */
  readonly type: string
  /** Part name the target resolves to; null for targets outside the package. */
  readonly part: string | null
}

/** An Open Packaging package (ECMA-376 part 2) opened for reading. */
export interface OfficePackage {
  readonly zip: ZipPackage
  readonly limits: Limits
  /** A parser over a part. Throws 'part-missing' when the package has no such part. */
  open(part: string): XmlPull
  has(part: string): boolean
  /** Relationships of a part ('' for the package itself), in document order; empty when it has none. */
  relationships(part: string): Relationship[]
}

/** Escapes and entities make the XML of a text longer than the text: `_xHHHH_` is seven units for one. */
const ESCAPE_GROWTH = 8
const RELATIONSHIPS_MAX = 10_000

/** Opens the package of a workbook; refuses everything that is not one with the code that says what it is. */
export function openPackage(bytes: Uint8Array, limits: Limits): OfficePackage {
  if (bytes.length > limits.maxBytes) throw new TableError('too-large', { max: limits.maxBytes })
  if (sniff(bytes) !== 'zip') throw new TableError('not-a-table')
  const zip = openZip(bytes, limits)

  const open = (part: string): XmlPull => {
    const entry = zip.find(part)
    if (!entry) throw new TableError('part-missing', { part: part.slice(0, 120) })
    return new XmlPull(decodeXml(zip.stream(entry), entry.name), entry.name, limits.maxTextLength * ESCAPE_GROWTH + 64)
  }
  return {
    zip,
    limits,
    open,
    has: (part) => zip.find(part) !== undefined,
    relationships(part) {
      const slash = part.lastIndexOf('/')
      const folder = part.slice(0, slash + 1)
      const rels = `${folder}_rels/${part.slice(slash + 1)}.rels`
      return zip.find(rels) ? readRelationships(open(rels), folder) : []
    },
  }
}

function readRelationships(xml: XmlPull, folder: string): Relationship[] {
  const found: Relationship[] = []
  for (let token = xml.next(); token !== 'eof'; token = xml.next()) {
    if (token !== 'start' || localName(xml.name) !== 'Relationship') continue
    const type = xml.attribute('Type') ?? ''
    const target = xml.attribute('Target') ?? ''
    const part = xml.attribute('TargetMode') === 'External' ? null : resolveTarget(folder, target)
    found.push({ id: xml.attribute('Id') ?? '', type: type.slice(type.lastIndexOf('/') + 1), part })
    if (found.length > RELATIONSHIPS_MAX) throw new TableError('too-many-parts', { max: RELATIONSHIPS_MAX })
  }
  return found
}

/** Relative references stay inside the package by construction: climbing stops at its root. */
function resolveTarget(folder: string, target: string): string {
  let path = target.replaceAll('\\', '/')
  try {
    path = decodeURI(path)
  } catch {
    // A stray percent sign is part of the name then; the look-up decides.
  }
  const segments: string[] = []
  for (const segment of (path.startsWith('/') ? path : folder + path).split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.join('/')
}
