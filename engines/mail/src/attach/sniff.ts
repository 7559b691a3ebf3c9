import { latin1, startsWith, u16, u32 } from './bytes.ts';

/** Magic numbers at a fixed place: [type, hex, offset]. Sources: the formats' own specifications. */
const MAGIC: readonly (readonly [string, string, number?])[] = [
  ['zip', '504b0304'], ['zip', '504b0506'], ['zip', '504b3030504b0304'], ['ole', 'd0cf11e0a1b11ae1'], ['rtf', '7b5c7274'],
  ['7z', '377abcaf271c'], ['rar', '526172211a07'], ['gzip', '1f8b'], ['bzip2', '425a68'], ['xz', 'fd377a585a00'], ['zstd', '28b52ffd'],
  ['cab', '4d534346'], ['arj', '60ea'], ['ace', '2a2a4143452a2a', 7], ['lzh', '2d6c68', 2], ['tar', '7573746172', 257],
  ['lnk', '4c0000000114020000000000c000000000000046'], ['onenote', 'e4525c7b8cd8a74daeb15378d02996d3'], ['onepkg', 'a12ff7435b9f'],
  ['vhdx', '7668647866696c65'], ['vhd', '636f6e6563746978'], ['vmdk', '4b444d56'], ['wim', '4d5357494d000000'], ['chm', '49545346'],
  ['elf', '7f454c46'], ['class', 'cafebabe'], ['macho', 'cffaedfe'], ['macho', 'cefaedfe'], ['swf', '435753'], ['swf', '465753'],
  ['png', '89504e470d0a1a0a'], ['jpg', 'ffd8ff'], ['gif', '474946383761'], ['gif', '474946383961'], ['bmp', '424d'],
  ['tiff', '49492a00'], ['tiff', '4d4d002a'], ['ico', '00000100'], ['ogg', '4f676753'], ['mp3', '494433'], ['flac', '664c6143'],
  ['tnef', '789f3e22'], ['sqlite', '53514c69746520666f726d6174'], ['access', '000100005374616e64617264'], ['hlp', '3f5f0300'],
];

/**
 * The type by its bytes alone: first magic numbers, then structure, then what the text says. `unknown` for binary
 * bytes without a known sign, `text` for text, `empty` for none. A zip and an OLE file are told further by their readers.
 */
export function sniff(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty';
  if (startsWith(bytes, '4d5a') && isExecutable(bytes)) return 'exe';
  for (const [type, hex, at] of MAGIC) {
    if (!startsWith(bytes, hex, at ?? 0)) continue;
    if (type === 'bmp' && u32(bytes, 2) > bytes.length * 4 + 1024) continue;
    if (type === 'gzip' && bytes[2] !== 8) continue;
    if (type === 'arj' && u16(bytes, 2) > 2600) continue;
    if (type === 'class' && (bytes[4] ?? 0) === 0 && (bytes[5] ?? 0) === 0 && (bytes[7] ?? 0) < 20) return 'macho';
    return type;
  }
  if (latin1(bytes, 0, 4) === 'RIFF') return { WEBP: 'webp', 'WAVE': 'wav', 'AVI ': 'avi' }[latin1(bytes, 8, 12)] ?? 'riff';
  if (latin1(bytes, 4, 8) === 'ftyp') return /^(?:hei|mif|avi)/.test(latin1(bytes, 8, 12)) ? 'heic' : 'mp4';
  // A reader accepts the header of a PDF anywhere in the first 1,024 bytes (ISO 32000-1, annex H, note 13).
  if (latin1(bytes, 0, 1024).includes('%PDF-')) return 'pdf';
  const disk = diskImage(bytes);
  if (disk !== undefined) return disk;
  return textType(bytes);
}

/** MZ with a PE, NE or LE header, or a plain DOS program: `MZ` also begins ordinary text. */
function isExecutable(bytes: Uint8Array): boolean {
  const at = u32(bytes, 0x3c);
  const sign = latin1(bytes, at, at + 2);
  return sign === 'PE' || sign === 'NE' || sign === 'LE' || sign === 'LX' || (bytes.length > 64 && u16(bytes, 8) < 0x1000 && bytes.subarray(0, 64).includes(0));
}

function diskImage(bytes: Uint8Array): string | undefined {
  if (bytes.length > 0x8800) {
    if (latin1(bytes, 0x8001, 0x8006) === 'CD001') return 'iso';
    for (const at of [0x8001, 0x8801, 0x9001]) if (/^(?:BEA01|NSR0[23])$/.test(latin1(bytes, at, at + 5))) return 'udf';
  }
  if (bytes.length >= 1024) {
    if (latin1(bytes, bytes.length - 512, bytes.length - 504) === 'conectix') return 'vhd';
    if (latin1(bytes, bytes.length - 512, bytes.length - 508) === 'koly') return 'dmg';
    if (u16(bytes, 510) === 0xaa55 && (latin1(bytes, 54, 59).startsWith('FAT') || latin1(bytes, 82, 87) === 'FAT32' || latin1(bytes, 3, 7) === 'NTFS' || isPartitioned(bytes))) return 'img';
  }
  return undefined;
}

function isPartitioned(bytes: Uint8Array): boolean {
  let used = 0;
  for (let at = 446; at < 510; at += 16) {
    const status = bytes[at];
    if (status !== 0 && status !== 0x80) return false;
    if (bytes[at + 4] !== 0 && u32(bytes, at + 8) > 0) used++;
  }
  return used > 0;
}

const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Types of texts by how they begin. UTF-16 is looked through by dropping its zero bytes. */
function textType(bytes: Uint8Array): string {
  let head = latin1(bytes, 0, 8192);
  const marked = /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(head);
  if (marked || /^[\u0001-\u007f]\u0000[\u0001-\u007f]\u0000/.test(head)) head = head.replaceAll('\0', '').replace(/^(?:\u00ff\u00fe|\u00fe\u00ff)/, '');
  head = head.replace(/^\u00ef\u00bb\u00bf/, '');
  const begin = head.trimStart().slice(0, 4096).toLowerCase();
  const tags = begin.replace(/<!--[^]{0,4000}?-->/g, '').replace(/<\?[^>]{0,1000}>/g, '').trimStart();
  if (/^<!doctype\s{1,20}svg/.test(tags) || /^<svg[\s>:]/.test(tags) || (begin.startsWith('<?xml') && /<svg[\s>]/.test(begin))) return 'svg';
  if (/^<(?:!doctype\s{1,20}html|html|head|body|script|meta|title|form|iframe|div|table|center|style|p|a|h1|img|base|link|input|button|span|font|b|br)[\s>/]/.test(tags)) return 'html';
  if (BINARY.test(head)) return 'unknown';
  if (begin.startsWith('<?xml') || /^<[a-z][a-z0-9:-]{0,60}[\s>]/.test(tags)) return xmlType(begin);
  if (/^begin:vcalendar/.test(begin)) return 'ics';
  if (/^begin:vcard/.test(begin)) return 'vcf';
  if (/^\[(?:internetshortcut|\{000214a0)/.test(begin) || /\n\[internetshortcut\]/.test(begin)) return 'url';
  if (/^(?:mime-version|received|return-path|message-id|from|delivered-to|x-[a-z-]{2,40}|date|subject|to|content-type):\s/.test(begin) && /\n(?:mime-version|from|message-id|subject|content-type):/.test(begin)) return /\ncontent-type:\s{0,10}multipart\/related/.test(begin) && !/\n?(?:received|to|message-id):/.test(begin) ? 'mht' : 'eml';
  if (scriptLike(begin)) return 'script';
  return 'text';
}

function xmlType(begin: string): string {
  if (begin.includes('<librarydescription')) return 'library-ms';
  if (begin.includes('<searchconnectordescription') || begin.includes('<persistedquery')) return 'search-ms';
  if (begin.includes('settingcontent')) return 'settingcontent-ms';
  if (begin.includes('<jnlp')) return 'jnlp';
  if (/<(?:package|job|component)[\s>]/.test(begin) && begin.includes('<script')) return 'script';
  if (begin.includes('w:worddocument') || begin.includes('pkg:package')) return 'wordxml';
  if (begin.includes('progid="excel.sheet"')) return 'excelxml';
  if (begin.includes('html')) return 'html';
  return 'xml';
}

/** Programs in plain text that Windows would run under the right name; two signs are asked for, one word proves nothing. */
function scriptLike(begin: string): boolean {
  if (/^#!\s?\/(?:usr|bin)/.test(begin) || /^@?echo off/.test(begin)) return true;
  let signs = 0;
  for (const sign of ['wscript.', 'createobject(', 'new activexobject', 'powershell', 'invoke-expression', 'iex(', 'downloadstring', 'frombase64string', 'on error resume next', 'start-process', 'cmd /c', 'cmd.exe', 'certutil', 'mshta', 'eval(', 'string.fromcharcode']) if (begin.includes(sign)) signs++;
  return signs >= 2;
}
