import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_LIMITS } from '../src/limits.ts'
import { decodeXml } from '../src/xml/decode.ts'
import { XmlPull } from '../src/xml/pull.ts'
import { decodeEntities, decodeXstring, escapeXstring } from '../src/xml/text.ts'
import { openZip } from '../src/zip/read.ts'
import { zip } from './fixtures.ts'
import { refuses } from './helpers.ts'

const XML = `<?xml version="1.0"?><!-- <c/> --><r a='1 > 0' b="&lt;"><c r="A1"/>あ&amp;い<![CDATA[<x>]]>\r\n<d>\t</d></r>\n`

function tokens(chunks: Iterable<string>): string[] {
  const xml = new XmlPull(chunks, 'test.xml', 1_000)
  const seen: string[] = []
  for (let token = xml.next(); token !== 'eof'; token = xml.next()) {
    seen.push(`${token} ${token === 'text' ? JSON.stringify(xml.text) : xml.name} ${xml.start}-${xml.end} ${xml.depth}`)
  }
  return seen
}

test('tokens are the same however the text is cut into chunks', () => {
  const whole = tokens([XML])
  fc.assert(fc.property(fc.array(fc.nat(XML.length), { maxLength: 12 }), (cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), XML.length]
    assert.deepEqual(tokens(places.slice(1).map((end, index) => XML.slice(places[index], end))), whole)
  }))
  assert.deepEqual(tokens(XML), whole)
})

test('offsets let an editor replace one token and leave every other character as it was', () => {
  const xml = new XmlPull([XML], 'test.xml', 1_000)
  while (xml.next() !== 'start' || xml.name !== 'c') { /* look for the cell */ }
  assert.equal(XML.slice(xml.start, xml.end), '<c r="A1"/>')
  assert.deepEqual([xml.selfClosing, xml.attribute('r'), xml.attribute('s')], [true, 'A1', undefined])
})

test('attributes are decoded and their line breaks become spaces', () => {
  const xml = new XmlPull([`<r  a = '1\r\n2' b="&lt;&#10;" x:id='7'/>`], 'test.xml', 100)
  xml.next()
  assert.deepEqual([xml.attribute('a'), xml.attribute('b'), xml.prefixedAttribute('id')], ['1 2', '<\n', '7'])
})

test('skip steps over a whole element, nested and empty', () => {
  for (const inner of ['<a><a>x</a><b/></a>', '<a/>']) {
    const xml = new XmlPull([`<r>${inner}<z/></r>`], 'test.xml', 100)
    xml.next()
    xml.next()
    xml.skip()
    assert.deepEqual([xml.next(), xml.name], ['start', 'z'])
  }
})

test('a token split over very many chunks is read in linear time', () => {
  const text = `<r a="${'x'.repeat(200_000)}"/>`
  let pulls = 0
  const chunks = function* () { for (const unit of text) { pulls++; yield unit } }
  const xml = new XmlPull(chunks(), 'test.xml', 100)
  assert.equal(xml.next(), 'start')
  assert.equal(pulls, text.length)
})

test('a very long comment costs no memory and a very long tag is refused', () => {
  const pieces = function* () { yield '<r><!--'; for (let piece = 0; piece < 2_000; piece++) yield '-'.repeat(1_000) + ' '; yield '--></r>' }
  assert.equal(tokens(pieces()).length, 2)
  refuses(() => tokens([`<r ${' '.repeat(300_000)}`, ' '.repeat(300_000), '/>']), 'xml-malformed')
})

test('cell text escapes and unescapes to itself for every string', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('_', 'x', '0', '0', '4', 'F', 'a', '\x01', '\r', '\ud800', '\udc00', '&', '<') }), (text) => {
    const escaped = escapeXstring(text)
    assert.ok(escaped.isWellFormed())
    assert.equal(decodeXstring(decodeEntities(escaped, 'test')), text)
  }), { numRuns: 2_000 })
})

test('text cut in the middle of a character decodes, broken bytes do not', () => {
  const bytes = Buffer.from('<a>髙𠮷</a>')
  const split = [...bytes].map((byte) => Uint8Array.of(byte))
  assert.equal([...decodeXml(split, 'p')].join(''), '<a>髙𠮷</a>')
  assert.equal([...decodeXml([Buffer.from('\ufeff<a/>', 'utf16le')], 'p')].join(''), '<a/>')
  refuses(() => [...decodeXml([Buffer.from('<a>あ').subarray(0, 5)], 'p')], 'xml-encoding')
})

test('a package gives every part whole and raw records where the directory says', () => {
  const bytes = zip([{ name: 'a.xml', data: '<a/>' }, { name: 'dir/', data: '', method: 0 }, { name: 'b.bin', data: Buffer.alloc(200_000, 'ab'), method: 0 }])
  const pack = openZip(bytes, DEFAULT_LIMITS)
  assert.deepEqual(pack.entries.map(({ name }) => name), ['a.xml', 'b.bin'])
  const [first, second] = pack.entries
  assert.ok(first && second)
  assert.equal(Buffer.from(pack.read(first)).toString(), '<a/>')
  assert.equal(pack.read(second).length, 200_000)
  assert.equal(Buffer.from(bytes.subarray(first.headerStart, first.headerStart + 2)).toString(), 'PK')
})
