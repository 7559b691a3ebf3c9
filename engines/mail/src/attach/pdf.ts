import { buffer, decodeText, latin1, slice } from './bytes.ts';
import { judgeName } from './archive.ts';
import { judgeGray, judgePicture } from './picture.ts';
import { readRows } from './png.ts';
import type { Probe } from './probe.ts';
import { unpack } from './inflate.ts';
import { readPdfText } from './pdf-text.ts';

/** Streams that are looked at; a bomb of a million objects is walked no further. */
const MAX_STREAMS = 20_000;
const MAX_OBJECT_STREAMS = 400;
const MAX_DICTIONARY = 16_384;
const MAX_PICTURES = 20;
/** Strings of addresses and file names that are read; each may be 8,192 characters of nested brackets. */
const MAX_STRINGS = 3_000;
/** Above these sizes the text is not asked for: links and actions come from the walk here. */
const TEXT_BYTES = 20 * 1024 * 1024;
const TEXT_OBJECTS = 30_000;

/**
 * Inspects a PDF by one walk over its bytes (ISO 32000-1, 7.3 and 7.5): objects outside and inside object streams, in
 * whatever state the cross-reference table is. Text of the first pages comes from a library in a thread of its own.
 */
export async function judgePdf(bytes: Uint8Array, probe: Probe): Promise<void> {
  const whole = buffer(bytes);
  let outside = 0;
  let pictures = 0;
  let objectStreams = 0;
  let objects = 0;
  let streams = 0;
  const left = { strings: MAX_STRINGS };
  for (let at = whole.indexOf('stream', 0, 'latin1'); ; at = whole.indexOf('stream', outside, 'latin1')) {
    const end = at < 0 || streams >= MAX_STREAMS ? bytes.length : at;
    const plain = latin1(bytes, outside, Math.min(end, outside + 4_000_000));
    objects += count(plain, ' obj');
    judgeObjects(plain, probe, left);
    if (at < 0 || streams++ >= MAX_STREAMS || probe.late()) break;
    let start = at + 6;
    if (bytes[start] === 13) start++;
    if (bytes[start] === 10) start++;
    const dictionary = names(plain.slice(Math.max(0, plain.lastIndexOf(' obj'), plain.length - MAX_DICTIONARY)));
    const stop = endOfStream(whole, dictionary, start);
    outside = stop;
    const data = slice(bytes, start, stop);
    if (dictionary.includes('/ObjStm') && objectStreams++ < MAX_OBJECT_STREAMS) {
      const content = decoded(dictionary, data, probe);
      if (content !== undefined) {
        objects += count(content, '<<');
        judgeObjects(content, probe, left);
      }
    } else if (/\/EmbeddedFile\b/.test(dictionary)) await judgeEmbedded(dictionary, data, probe);
    else if (/\/Subtype\s{0,9}\/Image\b/.test(dictionary) && pictures < MAX_PICTURES) {
      pictures++;
      await judgeImage(dictionary, data, probe);
    }
  }
  if (streams >= MAX_STREAMS) probe.trouble('pdf_unreadable');
  if (probe.flags.has('pdf_encrypted') || bytes.length > TEXT_BYTES || objects > TEXT_OBJECTS) {
    if (!probe.flags.has('pdf_encrypted')) probe.trouble('pdf_unreadable');
    return;
  }
  if (probe.late()) return;
  const read = await readPdfText(bytes, probe.budget);
  if (read === undefined) return probe.trouble(probe.budget.late ? 'time_out' : 'pdf_unreadable');
  for (const url of read.links) {
    probe.flag('pdf_link');
    probe.link(url);
  }
  probe.read(read.text);
}

/** By its length where the word `endstream` follows there, else by the next such word. */
function endOfStream(whole: Buffer, dictionary: string, start: number): number {
  const length = Number(/\/Length\s{1,9}(\d{1,10})(?!\s{1,9}\d{1,9}\s{1,9}R)/.exec(dictionary)?.[1] ?? -1);
  if (length >= 0 && start + length <= whole.length && whole.toString('latin1', start + length, start + length + 12).trimStart().startsWith('endstream')) return start + length + 9;
  const end = whole.indexOf('endstream', start, 'latin1');
  return end < 0 ? whole.length : end + 9;
}

function count(text: string, what: string): number {
  let n = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + what.length)) n++;
  return n;
}

/** Names with their escapes undone: `/J#61vaScript` is `/JavaScript` (7.3.5). */
function names(text: string): string {
  return text.includes('#') ? text.replace(/#([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

const ACTIONS: readonly (readonly [RegExp, string, readonly ('pdf_javascript' | 'pdf_launch' | 'pdf_form' | 'pdf_encrypted' | 'embedded_object')[]])[] = [
  [/\/(?:JavaScript|JS)(?![A-Za-z0-9])/, 'JavaScript', ['pdf_javascript']],
  [/\/S\s{0,9}\/Launch(?![A-Za-z0-9])/, 'Launch', ['pdf_launch']],
  [/\/OpenAction(?![A-Za-z0-9])/, 'OpenAction', []],
  [/\/AA(?![A-Za-z0-9])/, 'AA', []],
  [/\/SubmitForm(?![A-Za-z0-9])/, 'SubmitForm', ['pdf_form']],
  [/\/S\s{0,9}\/GoToR(?![A-Za-z0-9])/, 'GoToR', []],
  [/\/S\s{0,9}\/GoToE(?![A-Za-z0-9])/, 'GoToE', []],
  [/\/XFA(?![A-Za-z0-9])/, 'XFA', ['pdf_form']],
  [/\/FT\s{0,9}\/(?:Tx|Ch|Btn|Sig)(?![A-Za-z0-9])/, 'AcroForm', ['pdf_form']],
  [/\/Encrypt\s{1,9}(?:\d{1,9}\s{1,9}\d{1,5}\s{1,9}R|<<)/, 'Encrypt', ['pdf_encrypted']],
  [/\/(?:EmbeddedFiles?|RichMedia)(?![A-Za-z0-9])/, 'EmbeddedFile', ['embedded_object']],
];

function judgeObjects(raw: string, probe: Probe, left: { strings: number }): void {
  const text = names(raw);
  for (const [pattern, word, flags] of ACTIONS) {
    if (!pattern.test(text)) continue;
    probe.word(word);
    probe.flag(...flags);
  }
  for (const match of text.matchAll(/\/URI\s{0,20}(?=[(<])(?!<<)/g)) {
    if (left.strings-- <= 0) break;
    const url = string(text, match.index + match[0].length);
    if (url === '') continue;
    probe.flag('pdf_link');
    probe.link(url);
  }
  if (probe.flags.has('pdf_launch')) {
    for (const match of first(text, /\/S\s{0,9}\/Launch/g, 20)) {
      const near = text.slice(Math.max(0, match.index - 300), match.index + 600);
      for (const file of [...near.matchAll(/\/(?:F|P)\s{0,9}(?=\()/g)].slice(0, 4)) probe.word(string(near, file.index + file[0].length));
    }
  }
  for (const match of first(text, /\/UF?\s{0,9}(?=[(<])(?!<<)|\/F\s{0,9}(?=\()/g, 500)) {
    if (left.strings-- <= 0) break;
    const near = text.slice(Math.max(0, match.index - 400), match.index + 400);
    if (!/\/(?:Filespec|EF)(?![A-Za-z])/.test(near)) continue;
    const name = string(text, match.index + match[0].length);
    if (name === '' || probe.entries.includes(name)) continue;
    if (!probe.entry(name)) return;
    judgeName(name, probe);
  }
}

function first(text: string, pattern: RegExp, most: number): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push(match);
    if (found.length >= most) break;
  }
  return found;
}

/** A string at a place: in parentheses with escapes, or in hexadecimal (7.3.4). UTF-16 is told by its mark. At most 4,096 characters. */
function string(text: string, at: number): string {
  let out = '';
  if (text[at] === '<') {
    const end = text.indexOf('>', at);
    out = Buffer.from(text.slice(at + 1, end < 0 ? at + 1 : Math.min(end, at + 16_384)).replace(/[^0-9a-f]/gi, ''), 'hex').toString('latin1');
  } else {
    let depth = 0;
    for (let i = at; i < text.length && out.length < 8_192; i++) {
      const char = text[i]!;
      if (char === '\\') {
        const octal = /^[0-7]{1,3}/.exec(text.slice(i + 1, i + 4))?.[0];
        if (octal !== undefined) {
          out += String.fromCharCode(Number.parseInt(octal, 8) & 255);
          i += octal.length;
        } else {
          const next = text[++i] ?? '';
          out += { n: '\n', r: '\r', t: '\t', b: '', f: '', '\n': '', '\r': '' }[next] ?? next;
        }
      } else if (char === '(' && depth++ === 0) continue;
      else if (char === ')' && --depth === 0) break;
      else out += char;
    }
  }
  const bytes = Buffer.from(out, 'latin1');
  return (out.startsWith('\u00fe\u00ff') ? decodeText(bytes) : out).slice(0, 4_096);
}

function filters(dictionary: string): string[] {
  const list = /\/Filter\s{0,9}(\[[^\]]{0,200}\]|\/[A-Za-z0-9]{1,30})/.exec(dictionary)?.[1] ?? '';
  return [...list.matchAll(/\/([A-Za-z0-9]{1,30})/g)].map((match) => match[1]!).slice(0, 6);
}

function unfiltered(dictionary: string, data: Uint8Array, probe: Probe): { bytes: Uint8Array; rest: string[] } | undefined {
  const list = filters(dictionary);
  let bytes = data;
  while (list.length > 0) {
    const filter = list[0]!;
    if (filter === 'FlateDecode' || filter === 'Fl') {
      const out = unpack('zlib', bytes, probe.budget, 16 * 1024 * 1024);
      if (out.kind === 'bomb') {
        probe.flag('archive_bomb');
        probe.trouble('archive_too_large');
      }
      if (out.kind !== 'ok') return undefined;
      bytes = out.bytes;
    } else if (filter === 'ASCIIHexDecode' || filter === 'AHx') bytes = Buffer.from(latin1(bytes).replace(/>[^]*$/, '').replace(/[^0-9a-f]/gi, ''), 'hex');
    else if (filter === 'ASCII85Decode' || filter === 'A85') bytes = ascii85(latin1(bytes));
    else break;
    list.shift();
  }
  return { bytes, rest: list };
}

function ascii85(text: string): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  const flush = (digits: number[], length: number): void => {
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    for (let i = 0; i < length; i++) out.push(Math.floor(value / 256 ** (3 - i)) & 255);
  };
  for (const char of text.slice(0, 4_000_000)) {
    const code = char.charCodeAt(0);
    if (char === '~') break;
    if (char === 'z' && group.length === 0) out.push(0, 0, 0, 0);
    else if (code >= 33 && code <= 117) group.push(code - 33);
    if (group.length === 5) {
      flush(group, 4);
      group = [];
    }
  }
  if (group.length > 1) flush([...group, 84, 84, 84, 84].slice(0, 5), group.length - 1);
  return Uint8Array.from(out);
}

function decoded(dictionary: string, data: Uint8Array, probe: Probe): string | undefined {
  const out = unfiltered(dictionary, data, probe);
  return out === undefined || out.rest.length > 0 ? undefined : latin1(out.bytes);
}

async function judgeEmbedded(dictionary: string, data: Uint8Array, probe: Probe): Promise<void> {
  probe.flag('embedded_object');
  probe.word('EmbeddedFile');
  const out = unfiltered(dictionary, data, probe);
  if (out !== undefined && out.rest.length === 0 && probe.depth < probe.budget.limits.depth) await probe.inside('', out.bytes, true);
}

/** Pictures for the code reader: JPEG as it stands, else rows of gray or colour, with or without PNG's filters (7.4.4.4). */
async function judgeImage(dictionary: string, data: Uint8Array, probe: Probe): Promise<void> {
  const number = (key: string, other: number): number => Number(new RegExp(`/${key}\\s{1,9}(\\d{1,6})`).exec(dictionary)?.[1] ?? other);
  const list = filters(dictionary);
  const width = number('Width', 0);
  const height = number('Height', 0);
  if (list.at(-1) === 'DCTDecode' || list.at(-1) === 'DCT') {
    const out = list.length === 1 ? data : unfiltered(dictionary, data, probe)?.bytes;
    if (out !== undefined) await judgePicture(out, probe);
    return;
  }
  if (list.length !== 1 || !/^Fl/.test(list[0]!) || Math.min(width, height) < 21) return;
  if (!probe.budget.picture(width * height)) return probe.trouble('image_too_large');
  const samples = /\/DeviceCMYK/.test(dictionary) ? 4 : /\/DeviceRGB|\/CalRGB/.test(dictionary) && !/\/Indexed/.test(dictionary) ? 3 : number('Colors', 1);
  const format = { width, height, depth: /\/ImageMask\s{1,9}true/.test(dictionary) ? 1 : number('BitsPerComponent', 8), samples, cmyk: samples === 4, inverted: /\/Decode\s{0,9}\[\s{0,9}1\b/.test(dictionary) };
  if (![1, 2, 4, 8, 16].includes(format.depth) || samples < 1 || samples > 4) return;
  const gray = readRows(data, format, number('Predictor', 1) >= 10, probe.budget);
  if (gray !== undefined) await judgeGray(gray, probe);
}
