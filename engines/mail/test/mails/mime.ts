/**
 * Writing mail as programs write it: characters to bytes in the three charsets of Japanese mail,
 * encoded words (RFC 2047), long parameters (RFC 2231) and transfer encodings (RFC 2045).
 */
import iconv from 'iconv-lite';

export type Charset = 'utf-8' | 'iso-2022-jp' | 'cp932';
export type TransferEncoding = '7bit' | '8bit' | 'base64' | 'quoted-printable';

/** The name mail programs put into Content-Type for it. */
export const labels: Readonly<Record<Charset, string>> = { 'utf-8': 'UTF-8', 'iso-2022-jp': 'ISO-2022-JP', cp932: 'Shift_JIS' };

/** JIS X 0208 two-byte code of one character, undefined when ISO-2022-JP (RFC 1468) has none: no vendor rows, no half-width kana. */
function jis(char: string): [number, number] | undefined {
  const euc = iconv.encode(char, 'euc-jp');
  if (euc.length !== 2) return undefined;
  const row = euc[0]! - 0xa0;
  if (row < 1 || (row > 8 && row < 16) || row > 84) return undefined;
  return [euc[0]! & 0x7f, euc[1]! & 0x7f];
}

/** True when every character has a place in the charset and comes back as itself. */
export function encodable(text: string, charset: Charset): boolean {
  return unencodable(text, charset) === '';
}

/** The characters that the charset cannot hold, each once. */
export function unencodable(text: string, charset: Charset): string {
  const lost = new Set<string>();
  for (const char of new Set(text)) {
    if (char.codePointAt(0)! < 0x80 || charset === 'utf-8') continue;
    if (charset === 'iso-2022-jp' ? !jis(char) : iconv.decode(iconv.encode(char, 'cp932'), 'cp932') !== char) lost.add(char);
  }
  return [...lost].join('');
}

/** Bytes of a text; ISO-2022-JP returns to ASCII before each line end and at the end (RFC 1468). Throws on a character without a place. */
export function encode(text: string, charset: Charset): Buffer {
  const lost = unencodable(text, charset);
  if (lost) throw new Error(`${charset} has no place for ${lost}`);
  if (charset !== 'iso-2022-jp') return iconv.encode(text, charset);
  const out: number[] = [];
  let wide = false;
  for (const char of text) {
    const ascii = char.codePointAt(0)! < 0x80;
    if (wide === ascii) {
      out.push(0x1b, ascii ? 0x28 : 0x24, 0x42);
      wide = !ascii;
    }
    if (ascii) out.push(char.codePointAt(0)!);
    else out.push(...jis(char)!);
  }
  if (wide) out.push(0x1b, 0x28, 0x42);
  return Buffer.from(out);
}

const printable = /^[\x20-\x7e]*$/;

/** A header's text as encoded words of at most 75 characters, folded; plain ASCII stays as it is. */
export function words(text: string, charset: Charset): string {
  if (printable.test(text) && !text.includes('=?')) return text;
  const label = labels[charset];
  const room = 75 - label.length - 7;
  const out: string[] = [];
  let piece = '';
  const word = (part: string): string => encode(part, charset).toString('base64');
  for (const char of text) {
    if (word(piece + char).length > room) {
      out.push(piece);
      piece = '';
    }
    piece += char;
  }
  out.push(piece);
  return out.map((part) => `=?${label}?B?${word(part)}?=`).join('\r\n ');
}

/** `filename="…"` (and `name=`) of a part: RFC 2231, or the encoded word in quotes that many Japanese programs write. */
export function fileParameter(key: string, name: string, charset: Charset, style: '2231' | '2047'): string {
  if (printable.test(name)) return `${key}="${name.replace(/["\\]/g, '\\$&')}"`;
  if (style === '2047') return `${key}="${words(name, charset)}"`;
  const escaped = [...encode(name, 'utf-8')].map((byte) => (/[A-Za-z0-9._-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`));
  const lines: string[] = [];
  for (let at = 0; at < escaped.length; ) {
    let line = '';
    while (at < escaped.length && line.length + escaped[at]!.length < 54) line += escaped[at++];
    lines.push(line);
  }
  if (lines.length === 1) return `${key}*=UTF-8''${lines[0]}`;
  return lines.map((line, index) => `${key}*${index}*=${index === 0 ? "UTF-8''" : ''}${line}`).join(';\r\n ');
}

/** base64 in lines of 76. */
export function base64Lines(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n').replace(/\r\n$/, '');
}

function quotedPrintable(bytes: Buffer): string {
  const out: string[] = [];
  let line = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 13 && bytes[at + 1] === 10) {
      out.push(line.replace(/[ \t]$/, (space) => (space === ' ' ? '=20' : '=09')));
      line = '';
      at++;
      continue;
    }
    const piece = byte === 9 || (byte >= 32 && byte <= 126 && byte !== 61) ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (line.length + piece.length > 74) {
      out.push(`${line}=`);
      line = '';
    }
    line += piece;
  }
  out.push(line);
  return out.join('\r\n');
}

/** A text body ready to stand in the mail. Line ends become CRLF. Throws when 7bit is asked of bytes over 127. */
export function body(text: string, charset: Charset, encoding: TransferEncoding): Buffer {
  const bytes = encode(text.replace(/\r?\n/g, '\r\n'), charset);
  if (encoding === 'base64') return Buffer.from(base64Lines(bytes));
  if (encoding === 'quoted-printable') return Buffer.from(quotedPrintable(bytes));
  if (encoding === '7bit' && bytes.some((byte) => byte > 127)) throw new Error('7bit body holds bytes over 127');
  return bytes;
}
