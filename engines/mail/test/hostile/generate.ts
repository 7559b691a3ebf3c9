/** Hostile mails, made from a number: the same number gives the same mail. Families in turn, so that any run holds all. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { zip } from '../attach/build.ts';
import { compound, office, pdf, pdfStream } from '../attach/build.ts';
import { hugePng } from '../attach/build-pictures.ts';
import { head, mail, multipart, part, words } from '../parse/build.ts';
import { expressions, pumps } from './pumps.ts';

export interface Hostile {
  readonly family: string;
  readonly bytes: Buffer;
}

interface Dice {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  one<T>(list: readonly T[]): T;
  bytes(length: number): Buffer;
}

/** Mulberry32: small, even enough, the same everywhere. */
export function dice(seed: number): Dice {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return { int, one: (list) => list[int(0, list.length - 1)]!, bytes: (length) => Buffer.from(Uint8Array.from({ length }, () => int(0, 255))) };
}

/** Now and then a large one: most are small, so that ten thousand are made and judged in a reasonable time. */
const size = (d: Dice, small: number, large: number): number => (d.int(0, 59) === 0 ? d.int(Math.floor(large / 2), large) : d.int(1, Math.max(1, Math.floor(small / 3))));
const TEXT = 'Content-Type: text/plain; charset=utf-8\r\n\r\n';
const file = (name: string, bytes: Uint8Array, type = 'application/octet-stream'): Buffer => mail({ subject: 'x' }, multipart('mixed', [part('請求書を添付します。'), part(bytes, { type, encoding: 'base64', name: `filename=${name}` })]));
const html = (page: string): Buffer => mail({ subject: 'x' }, part(page, { type: 'text/html; charset=utf-8' }));
const made = new Map<string, Buffer>();
/** Bombs are packed once: what costs is to be their unpacking. */
const once = (key: string, make: () => Buffer): Buffer => { const had = made.get(key) ?? make(); made.set(key, had); return had; };
const packedZeros = (megabytes: number): Buffer => once(`deflate ${megabytes}`, () => deflateRawSync(Buffer.alloc(megabytes * 1024 * 1024), { level: 9 }));
const blanks = (megabytes: number): Buffer => once(`blanks ${megabytes}`, () => deflateSync(Buffer.alloc(megabytes * 1024 * 1024, 32)));
let known: string[] | undefined;
const sources = (): string[] => (known ??= expressions());

type Make = (d: Dice, seed: number) => Buffer;
export const FAMILIES: Readonly<Record<string, Make>> = {
  nesting: (d) => { let inner: Buffer = part('x'); for (let n = size(d, 60, 800); n > 0; n--) inner = d.int(0, 3) === 0 ? Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), mail({ subject: 'Fw: x' }, inner)]) : multipart('mixed', [inner]); return mail({}, inner); },
  open_nesting: (d) => Buffer.from(`${head()}${`Content-Type: multipart/${d.one(['mixed', 'alternative', 'digest'])}; boundary=b\r\n\r\n--b\r\n`.repeat(size(d, 500, 20_000))}`),
  part_flood: (d) => mail({}, multipart('mixed', Array.from({ length: size(d, 1_200, 8_000) }, (_, i) => part(i % 7 === 0 ? 'a' : '', { name: `filename=${i}.${d.one(['txt', 'zip', 'pdf', 'png', 'html'])}` })))),
  delimiter_flood: (d) => Buffer.from(`${head()}Content-Type: multipart/mixed; boundary=b\r\n\r\n${d.one(['--b\r\n', 'x--b', '--b--\r\n', '--b \t'])}`.concat('--b\r\n'.repeat(size(d, 20_000, 600_000)))),
  header_bomb: (d) => mail({ headers: Array.from({ length: size(d, 3_000, 80_000) }, (_, i) => `${d.one(['X', 'Received', 'Authentication-Results', 'DKIM-Signature', 'From', 'To', 'References', 'Subject'])}${i % 3 === 0 ? '' : i}: ${d.one(['y', '=?utf-8?B?4p==?=', '"', '(('])}`) }, part('x')),
  folded_header: (d) => mail({ headers: [`${d.one(['X', 'References', 'Received', 'Authentication-Results', 'DKIM-Signature'])}: `, ...Array.from({ length: size(d, 4_000, 120_000) }, () => d.one([' folded', '\t<a@b>', ' ;a=b', ' (x', ' dkim=pass header.d=example.jp;']))] }, part('x')),
  address_bomb: (d) => mail({ from: d.one(['"\\', '(', 'a:b:', '<', 'a@example.jp, ']).repeat(size(d, 5_000, 30_000)), to: d.one(['a@example.jp, ', 'g:a@b;', '<<>>']).repeat(size(d, 2_000, 15_000)) }, part('x')),
  encoded_words: (d) => mail({ subject: `=?${d.one(['utf-8', 'iso-2022-jp', 'x', 'utf-7', ''])}?${d.one(['B', 'Q', 'X'])}?${d.one(['4p==', '=', '=E3=', '?'])}?= `.repeat(size(d, 2_000, 20_000)) }, part('x')),
  parameter_bomb: (d) => Buffer.from(`${head()}Content-Type: text/plain; ${d.one(["a*1*=b;", 'name="', "filename*0*=utf-8''%E8;", 'a=;', ';;;;'])}`.concat("a*2*=c;".repeat(size(d, 4_000, 40_000)), '\r\n\r\nx')),
  broken_mime: (d) => { const whole = mail({ subject: words('重要', 'utf-8') }, multipart('mixed', [part('<p><a href="https://a.example/">口座</a></p>', { type: 'text/html' }), part(d.bytes(400), { encoding: 'base64', name: 'filename=a.zip' })])); const out = Buffer.from(whole); for (let n = d.int(1, 60); n > 0; n--) out[d.int(0, out.length - 1)] = d.int(0, 255); return out.subarray(0, d.int(1, out.length)); },
  bytes: (d) => d.bytes(size(d, 4_000, 400_000)),
  endless_base64: (d) => Buffer.from(`${head()}Content-Type: ${d.one(['text/plain', 'text/html', 'application/pdf; name=a.pdf', 'image/png; name=a.png'])}\r\nContent-Transfer-Encoding: ${d.one(['base64', 'quoted-printable', 'x-uuencode'])}\r\n\r\n${d.one(['AAAA', '====', 'A', '=\r\n', '= ', 'PGI+'])}`.concat('QUJD'.repeat(size(d, 60_000, 4_000_000)))),
  charset: (d) => Buffer.concat([Buffer.from(`${head()}Content-Type: text/plain; charset=${d.one(['iso-2022-jp', 'shift_jis', 'euc-jp', 'utf-16', 'utf-7', 'x'.repeat(5_000)])}\r\n\r\n`), Buffer.from(d.one(['\x1b$B$"\x1b(I1', '\x1b$(D0!\x1b(B', '\x82', '\x8f\xa1', '+AAA-', '\x1b']).repeat(size(d, 20_000, 700_000)), 'latin1')]),
  html_deep: (d) => html(d.one(['<div>', '<table><tr><td>', '<a href="https://a.example/">', '<b><i>', '<svg><g>', '<ul><li>', '<form><select><option>']).repeat(size(d, 8_000, 200_000))),
  html_wide: (d) => html(d.one(['<p>x<b>y</b>', '<a href=https://a.example/>口座を確認</a>', '<img src=x alt="amazon">', '<!--', '<input type=password>', '&nbsp;', '&#x1f600;', '<a href="', '<br/>']).repeat(size(d, 20_000, 500_000))),
  html_style: (d) => html(`<style>${d.one(['.a{display:none}', '@media(', '*>*>*{color:#fff}', '/*', '.a,'])}`.concat('.b .c>.d{font-size:0}'.repeat(size(d, 3_000, 60_000)), '</style>', '<p class="b c d">x</p>'.repeat(2_000))),
  html_file: (d) => file('a.html', Buffer.from(d.one(['<script>', 'unescape("%', 'atob("', 'String.fromCharCode(', 'document.write(', '<form action=', '\\x41', 'eval('])).toString().concat(d.one(['a', '%41', '65,', '"+"', '\\u0041', '((']).repeat(size(d, 60_000, 3_000_000))) as unknown as Buffer, 'text/html'),
  svg_file: (d) => file('a.svg', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${d.one(['<g>', '<script>', '<use href="#a"/>', '<!ENTITY a "b">', '<foreignObject>']).repeat(size(d, 8_000, 150_000))}`), 'image/svg+xml'),
  zip_bomb: (d) => { const megabytes = d.one([1, 8, 60, 200]); const packed = packedZeros(megabytes); return file('a.zip', zip(Array.from({ length: d.int(1, 12) }, (_, i) => ({ name: `${i}.bin`, packed, declared: d.one([megabytes * 1024 * 1024, 10]) })))); },
  zip_nested: (d) => { let inner: Buffer = Buffer.from('x'.repeat(1_000)); for (let n = size(d, 8, 40); n > 0; n--) inner = zip(Array.from({ length: d.int(1, 4) }, (_, i) => ({ name: `${n}-${i}.zip`, data: inner }))); return file('a.zip', inner.subarray(0, 4_000_000)); },
  zip_many: (d) => file('a.zip', zip(Array.from({ length: size(d, 400, 9_000) }, (_, i) => ({ name: `${'d/'.repeat(d.int(0, 20))}${i}.exe`, data: Buffer.from('MZ') })))),
  zip_of_mails: (d) => zip(Array.from({ length: size(d, 20, 250) }, (_, i) => ({ name: `${i}.eml`, data: mail({ subject: `${i}` }, part('至急 口座を確認してください https://a.example/login')) }))),
  zip_broken: (d) => { const whole = Buffer.from(zip([{ name: 'a.exe', data: Buffer.from('MZ'.repeat(500)) }, { name: 'b.docm', data: office({}) }])); for (let n = d.int(1, 40); n > 0; n--) whole[d.int(0, whole.length - 1)] = d.int(0, 255); return file(d.one(['a.zip', 'a.docx', 'a.jar']), whole); },
  gzip_bomb: (d) => { const megabytes = d.one([1, 20, 60]); return file('a.gz', once(`gzip ${megabytes}`, () => gzipSync(gzipSync(Buffer.alloc(megabytes * 1024 * 1024))))); },
  huge_png: (d) => file('a.png', hugePng(d.one([10_000, 40_000, 100_000, 0x7fffffff]), d.one([10_000, 1_000, 0x7fffffff])), 'image/png'),
  jpeg: (d) => { const side = d.one([100, 5_000, 10_000, 65_535]); const start = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, side >> 8, side & 255, side >> 8, side & 255, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]); return file('a.jpg', Buffer.concat([start, d.bytes(size(d, 20_000, 400_000)), Buffer.from([0xff, 0xda]), d.bytes(2_000)]), 'image/jpeg'); },
  gif: (d) => file('a.gif', Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0xff, d.one([1, 0x7f, 0xff]), 0xff, 0x3f, 0xf7, 0, 0]), d.bytes(size(d, 20_000, 300_000))]), 'image/gif'),
  bmp: (d) => { const b = Buffer.alloc(200); b.write('BM'); b.writeUInt32LE(54, 10); b.writeUInt32LE(40, 14); b.writeUInt32LE(d.one([10_000, 0xffffffff]), 18); b.writeUInt32LE(d.one([10_000, 0x80000000]), 22); b.writeUInt16LE(d.one([1, 8, 24, 32]), 28); return file('a.bmp', b, 'image/bmp'); },
  pdf_objects: (d) => file('a.pdf', pdf({ objects: Array.from({ length: size(d, 2_000, 40_000) }, (_, i) => `<< /Type /Page /Parent ${i + 3} 0 R /Kids [${i + 5} 0 R ${i + 4} 0 R] /URI (https://a.example/${i}) >>`) }), 'application/pdf'),
  pdf_streams: (d) => file('a.pdf', pdf({ objects: Array.from({ length: d.int(1, 8) }, () => pdfStream('/Type /ObjStm /N 100000 /First 8', blanks(d.one([1, 20, 50])), true).toString('latin1')) }), 'application/pdf'),
  pdf_deep: (d) => file('a.pdf', Buffer.from(`%PDF-1.7\n1 0 obj\n${d.one(['<<', '[', '<< /A ', '(', '<'])}`.concat('<< /A ['.repeat(size(d, 20_000, 400_000)), '\ntrailer << /Root 1 0 R >>')), 'application/pdf'),
  pdf_broken: (d) => { const whole = Buffer.from(pdf({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>', text: 'x'.repeat(500) })); for (let n = d.int(1, 60); n > 0; n--) whole[d.int(0, whole.length - 1)] = d.int(0, 255); return file('a.pdf', whole, 'application/pdf'); },
  ole: (d) => { const whole = Buffer.from(compound({ WordDocument: Buffer.alloc(600, 1), 'Macros/VBA/dir': d.bytes(800), 'Macros/VBA/a': d.bytes(3_000) })); for (let n = d.int(1, 60); n > 0; n--) whole[d.int(0, whole.length - 1)] = d.int(0, 255); return file(d.one(['a.doc', 'a.xls', 'a.msg']), whole); },
  xml_office: (d) => file('a.docx', office({ parts: { 'word/document.xml': `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "${'b'.repeat(1_000)}">]><w:document>${'<w:p><w:r>&a;</w:r></w:p>'.repeat(size(d, 5_000, 120_000))}` } })),
  rtf: (d) => file('a.rtf', Buffer.from(`{\\rtf1${d.one(['{', '\\bin99999999 ', '{\\object\\objdata 0105', "\\'82", '\\u-1 ']).repeat(size(d, 20_000, 400_000))}`)),
  link_flood: (d) => Buffer.from(`${head()}${TEXT}${d.one(['http://a.example ', 'http://', 'https://a@b.example/?u=https://c.example ', 'https://xn--a.example ', 'www.a.example '])}`.concat(`${d.one(['http://a.example/', 'https://1.2.3.4/', 'http://'])} `.repeat(size(d, 20_000, 400_000)))),
  forward_flood: (d) => Buffer.from(`${head({ subject: 'Fwd: x' })}${TEXT}${d.one(['From: a@example.jp\r\nSubject: Fw: b\r\nTo: c\r\n\r\n', '---------- Forwarded message ---------\r\n', '> > ---- ____ === From ', '-----Original Message-----\r\nFrom: a\r\n'])}`.concat('差出人: a@example.jp\r\n件名: b\r\n\r\n'.repeat(size(d, 4_000, 60_000)))),
  words_flood: (d) => Buffer.from(`${head()}${TEXT}${d.one(['至急口座を更新', 'アカウントが停止', 'パスワード', 'アマゾン楽天', 'PayPay', 'amazon.co.jp '])}`.concat(d.one(['口座確認期限停止更新', 'パスワード…', '、', '円', 'a b ']).repeat(size(d, 20_000, 300_000)))),
  look_alike: (d) => mail({ from: `"${d.one(['口', 'ロ', 'а', 'amazon', '.']).repeat(300)}" <a@${d.one(['xn--', 'rn', 'vv', '0o', 'a-']).repeat(d.int(1, 25))}.example>` }, part(`https://${d.one(['secure-', 'login.', 'jp', 'xn--80ak6aa92e-'])}${d.one(['amazon-', 'a.', '1l']).repeat(d.int(1, 60))}.test/`)),
  redos: (d, seed) => {
    const source = sources()[Math.floor(seed / FAMILY_COUNT) % sources().length]!;
    const pumped = pumps(source, size(d, 4_000, 60_000));
    const text = d.one(pumped.length === 0 ? ['x'] : pumped);
    const line = text.replace(/[\r\n\0]+/g, ' ');
    const place = d.int(0, 5);
    if (place === 0) return mail({ subject: words(line.slice(0, 8_000), 'utf-8') }, part(text));
    if (place === 1) return mail({ from: `${words(line.slice(0, 4_000), 'utf-8')} <a@b.example>` }, part(text));
    if (place === 2) return html(text);
    if (place === 3) return file('a.html', Buffer.from(text), 'text/html');
    if (place === 4) return mail({ headers: [`${d.one(['Received', 'Authentication-Results', 'Content-Type', 'References', 'List-Id'])}: ${Buffer.from(line).toString('latin1').slice(0, 30_000)}`] }, part(`https://a.example/${encodeURIComponent(line.slice(0, 400))}?u=${line.slice(0, 2_000)}`));
    return Buffer.from(`${head()}${TEXT}${text}`);
  },
};
const FAMILY_COUNT = Object.keys(FAMILIES).length;

/** The mail of this number. Every fifteenth or so is two in one. */
export function hostileMail(seed: number): Hostile {
  const d = dice(seed);
  const names = Object.keys(FAMILIES);
  const family = names[seed % names.length]!;
  const bytes = FAMILIES[family]!(d, seed);
  if (d.int(0, 14) !== 0 || bytes.length > 3_000_000) return { family, bytes };
  const other = d.one(names);
  return { family: `mixed`, bytes: mail({ subject: 'Fwd: x' }, multipart('mixed', [Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), bytes]), Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), FAMILIES[other]!(dice(seed + 1), seed + 1).subarray(0, 4_000_000)])])) };
}
