/**
 * Bytes of a mail to text: the only place of this engine that decodes. Labels of mails are often missing or wrong, so
 * the bytes are asked first where they can answer: UTF-8 and ISO-2022-JP are recognised with certainty, Shift_JIS and
 * EUC-JP by counting what would be invalid and what would be kana.
 */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeIso2022 } from './iso2022jp.ts';

export interface Decoded {
  readonly text: string;
  /** What the bytes were read as: `utf-8`, `cp932`, `euc-jp`, `iso-2022-jp`, or a name iconv-lite knows. */
  readonly charset: string;
  /** True when the label means nothing to us and the bytes told nothing either: the text may be garbled. */
  readonly unsure: boolean;
}

/** Bytes that are looked at to guess a charset. */
const SAMPLE = 64 * 1024;

const UNKNOWN = new Set(['', 'unknown', 'unknown8bit', 'default', 'defaultcharset', 'binary', 'none', 'autodetect', 'nil', 'undefined', 'charset']);
const NAMES = new Map(Object.entries({
  utf8: 'utf-8', unicode11utf8: 'utf-8', unicode20utf8: 'utf-8', utf8n: 'utf-8', cp65001: 'utf-8', utf8mb4: 'utf-8',
  shiftjis: 'cp932', sjis: 'cp932', shiftjisx0213: 'cp932', shiftjis2004: 'cp932', windows31j: 'cp932', windows932: 'cp932', mskanji: 'cp932', ms932: 'cp932', cp932: 'cp932', cp943: 'cp932', cp943c: 'cp932', ibm943: 'cp932', ibm932: 'cp932',
  eucjp: 'euc-jp', ujis: 'euc-jp', euc: 'euc-jp', eucjpms: 'euc-jp', eucjpwin: 'euc-jp', cp51932: 'euc-jp', cp20932: 'euc-jp', extendedunixcodepackedformatforjapanese: 'euc-jp', eucpkdfmtjapanese: 'euc-jp',
  iso2022jp: 'iso-2022-jp', iso2022jp1: 'iso-2022-jp', iso2022jp2: 'iso-2022-jp', iso2022jp3: 'iso-2022-jp', iso2022jp2004: 'iso-2022-jp', iso2022jpms: 'iso-2022-jp', jis: 'iso-2022-jp', junet: 'iso-2022-jp', cp50220: 'iso-2022-jp', cp50221: 'iso-2022-jp', cp50222: 'iso-2022-jp', iso2022: 'iso-2022-jp',
  usascii: 'us-ascii', ascii: 'us-ascii', ansix341968: 'us-ascii', iso646us: 'us-ascii', ansix341986: 'us-ascii', '7bit': 'us-ascii', us: 'us-ascii',
  iso88591: 'windows-1252', latin1: 'windows-1252', '8859-1': 'windows-1252', ansi: 'windows-1252', cp1252: 'windows-1252', windows1252: 'windows-1252', cp819: 'windows-1252',
  gb2312: 'gb18030', gbk: 'gb18030', gb18030: 'gb18030', xgbk: 'gb18030', euccn: 'gb18030', cp936: 'gb18030', ksc56011987: 'cp949', euckr: 'cp949', uhc: 'cp949', big5hkscs: 'big5',
  macroman: 'macroman', mac: 'macroman', iso88598i: 'iso-8859-8', iso88598e: 'iso-8859-8', cp874: 'windows-874',
}));

/** One name for each way of writing a charset's label, undefined when it says nothing or names none we can read. */
export function charsetName(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  const plain = label.slice(0, 60).toLowerCase().replace(/\*.*$/, '').replace(/^["' ]+|["' ]+$/g, '');
  const key = plain.replace(/^(?:x-|cs)/, '').replace(/[^a-z0-9]/g, '');
  if (UNKNOWN.has(key)) return undefined;
  const known = NAMES.get(key);
  if (known !== undefined) return known;
  if (!/^[a-z0-9_.:-]+$/.test(plain) || /^(?:base64|hex|ucs2|internal|cesu8)$/.test(key)) return undefined;
  return iconv.encodingExists(plain) ? plain : undefined;
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** True for bytes below 0x80 without escape sequences: every charset of mails agrees on them. */
function isPlain(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80 || byte === 0x1b || byte === 0x0e) return false;
  }
  return true;
}

/**
 * Text of `bytes`, whose sender says that they are in `label`. Never throws; what cannot be read becomes U+FFFD.
 * A byte order mark outweighs the label, and so do bytes that are valid UTF-8 or carry escapes of ISO-2022-JP under a
 * label that cannot be true.
 */
export function decode(bytes: Uint8Array, label?: string): Decoded {
  const buffer = bytesOf(bytes);
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return { text: buffer.toString('utf8', 3), charset: 'utf-8', unsure: false };
  const name = charsetName(label);
  const wide = name !== undefined && /^(?:utf-?(?:16|32)|ucs-?[24])/.test(name);
  if ((buffer[0] === 0xff && buffer[1] === 0xfe) || (buffer[0] === 0xfe && buffer[1] === 0xff)) {
    return { text: iconv.decode(buffer, buffer[0] === 0xff ? 'utf-16le' : 'utf-16be'), charset: 'utf-16', unsure: false };
  }
  if (!wide && name !== 'utf-7' && isPlain(buffer)) return { text: buffer.toString('latin1'), charset: name ?? 'us-ascii', unsure: false };
  const charset = trueCharset(buffer, name);
  return { text: read(buffer, charset), charset, unsure: name === undefined && label !== undefined && charset === 'windows-1252' };
}

/** File names and small texts inside files, which nothing labels: UTF-8 where it is valid, else Windows Japanese. They are too short for `guess`. */
export function decodeUnlabelled(bytes: Uint8Array): string {
  const buffer = bytesOf(bytes);
  return isUtf8(buffer) ? buffer.toString('utf8').replace(/^\ufeff/, '') : read(buffer, 'cp932');
}

function read(buffer: Buffer, charset: string): string {
  if (charset === 'utf-8') return buffer.toString('utf8');
  if (charset === 'iso-2022-jp') return decodeIso2022(buffer);
  try {
    return iconv.decode(buffer, charset);
  } catch {
    return buffer.toString('latin1');
  }
}

/** What to read the bytes as, given what they say they are. */
function trueCharset(buffer: Buffer, name: string | undefined): string {
  if (name === undefined || name === 'us-ascii') return guess(buffer);
  const escapes = hasEscape(buffer);
  if (name === 'iso-2022-jp') return hasHigh(buffer) && !escapes ? guess(buffer) : name;
  // No other charset has these escapes. (Vendor characters may have high bytes beside them.)
  if (escapes && !(hasHigh(buffer) && isUtf8(buffer))) return 'iso-2022-jp';
  if (name === 'utf-8') {
    if (isUtf8(buffer)) return name;
    // A few broken bytes in long UTF-8 (cut, or damaged on the way) are not another charset.
    return utf8Damage(buffer) < 0.2 ? name : guess(buffer);
  }
  if (!hasHigh(buffer)) return name;
  if (name === 'cp932' || name === 'euc-jp') {
    const count = japanese(buffer);
    if (isUtf8(buffer) && (name === 'cp932' ? count.sjisWrong : count.eucWrong) > 0) return 'utf-8';
    // EUC-JP read as Shift_JIS is mostly half-width kana.
    if (name === 'cp932' && count.eucWrong === 0 && count.eucPairs > 0 && (count.sjisWrong > 2 || (count.eucKana > count.sjisKana && count.half > count.sjisPairs))) return 'euc-jp';
    if (name === 'euc-jp' && count.eucWrong > 0 && count.sjisWrong === 0 && count.sjisPairs > 0) return 'cp932';
    return name;
  }
  if (name === 'windows-1252') {
    if (isUtf8(buffer)) return 'utf-8';
    const count = japanese(buffer);
    // Western text under a western label: kana in numbers are needed to disbelieve it.
    if (count.sjisWrong === 0 && count.sjisKana >= 4 && count.sjisKana * 5 > count.sjisPairs) return 'cp932';
    if (count.eucWrong === 0 && count.eucKana >= 4 && count.eucKana * 5 > count.eucPairs) return 'euc-jp';
  }
  return name;
}

/** The charset of bytes that say nothing of it: UTF-8, one of the three Japanese ones, else Western. */
export function guess(bytes: Uint8Array): string {
  const buffer = bytesOf(bytes);
  if (hasEscape(buffer) && !hasHigh(buffer)) return 'iso-2022-jp';
  if (isUtf8(buffer)) return 'utf-8';
  const damage = utf8Damage(buffer);
  if (damage < 0.05) return 'utf-8';
  if (hasEscape(buffer)) return 'iso-2022-jp';
  const count = japanese(buffer);
  const sjis = count.sjisWrong / (count.sjisPairs + count.sjisWrong + 1);
  const euc = count.eucWrong / (count.eucPairs + count.eucWrong + 1);
  if (Math.min(sjis, euc) < 0.1 && (count.sjisPairs > 0 || count.eucPairs > 0)) {
    if (Math.abs(sjis - euc) > 0.03) return sjis < euc ? 'cp932' : 'euc-jp';
    return count.sjisKana > count.eucKana || (count.sjisKana === count.eucKana && count.half === 0 && count.sjisPairs > count.eucPairs) ? 'cp932' : 'euc-jp';
  }
  return damage < 0.3 ? 'utf-8' : 'windows-1252';
}

function hasHigh(buffer: Buffer): boolean {
  for (let i = 0; i < buffer.length; i++) if (buffer[i]! >= 0x80) return true;
  return false;
}

/** Escapes that only ISO-2022-JP has: ESC $ @, ESC $ B, ESC $ ( …, ESC ( I, ESC ( J. */
function hasEscape(buffer: Buffer): boolean {
  for (let at = buffer.indexOf(0x1b); at >= 0; at = buffer.indexOf(0x1b, at + 1)) {
    const next = buffer[at + 1];
    if (next === 0x24 || (next === 0x28 && (buffer[at + 2] === 0x49 || buffer[at + 2] === 0x4a))) return true;
  }
  return false;
}

/** Share of multi-byte sequences that are no UTF-8, 0…1; a sequence cut at the very end counts as whole. */
function utf8Damage(buffer: Buffer): number {
  const end = Math.min(buffer.length, SAMPLE);
  let whole = 0;
  let wrong = 0;
  for (let i = 0; i < end; ) {
    const lead = buffer[i]!;
    if (lead < 0x80) {
      i++;
      continue;
    }
    const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    let k = 1;
    while (k < length && i + k < end && (buffer[i + k]! & 0xc0) === 0x80) k++;
    if (length > 0 && (k === length || i + k >= end)) whole++;
    else wrong++;
    i += k;
  }
  return wrong === 0 ? 0 : wrong / (whole + wrong);
}

interface Japanese {
  sjisPairs: number;
  sjisKana: number;
  sjisWrong: number;
  eucPairs: number;
  eucKana: number;
  eucWrong: number;
  /** Single bytes that would be half-width kana in Shift_JIS. */
  half: number;
}

/** How the bytes would read as Shift_JIS and as EUC-JP. A character cut at the end is not held against either. */
function japanese(buffer: Buffer): Japanese {
  const end = Math.min(buffer.length, SAMPLE);
  const count: Japanese = { sjisPairs: 0, sjisKana: 0, sjisWrong: 0, eucPairs: 0, eucKana: 0, eucWrong: 0, half: 0 };
  for (let i = 0; i < end; i++) {
    const lead = buffer[i]!;
    if (lead < 0x80) continue;
    if (lead >= 0xa1 && lead <= 0xdf) {
      count.half++;
      continue;
    }
    if (i + 1 >= end) break;
    const trail = buffer[i + 1]!;
    if (lead === 0x80 || lead === 0xa0 || lead > 0xfc || trail < 0x40 || trail === 0x7f || trail > 0xfc) {
      count.sjisWrong++;
      continue;
    }
    count.sjisPairs++;
    if ((lead === 0x82 && trail >= 0x9f && trail <= 0xf1) || (lead === 0x83 && trail <= 0x96)) count.sjisKana++;
    i++;
  }
  for (let i = 0; i < end; i++) {
    const lead = buffer[i]!;
    if (lead < 0x80) continue;
    if (i + 1 >= end) break;
    const trail = buffer[i + 1]!;
    if (lead === 0x8e && trail >= 0xa1 && trail <= 0xdf) {
      i++;
    } else if (lead === 0x8f && trail >= 0xa1) {
      i += 2;
      count.eucPairs++;
    } else if (lead >= 0xa1 && lead <= 0xfe && trail >= 0xa1 && trail <= 0xfe) {
      count.eucPairs++;
      if (lead === 0xa4 || lead === 0xa5) count.eucKana++;
      i++;
    } else count.eucWrong++;
  }
  return count;
}
