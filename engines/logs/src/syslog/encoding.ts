/** Bytes to text: strict UTF-8 first, then the encoding pinned to the source. */
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

export type Encoding = 'utf-8' | 'cp932' | 'euc-jp';

const LABELS = { 'cp932': 'cp932', 'euc-jp': 'euc-jp' } as const;

export interface Decoded {
  text: string;
  /** `encoding_guessed`: no pin and not UTF-8, a proposal was used; `undecodable`: some bytes became U+FFFD. */
  problem: 'encoding_guessed' | 'undecodable' | null;
}

/**
 * Decodes one line. UTF-8 may end in the middle of a character, as lines cut by UDP do. With a pinned
 * Japanese encoding, bytes that are valid UTF-8 only by way of two-byte characters belong to the pin:
 * Japanese in UTF-8 always takes three bytes, while pairs of half-width kana look like `Ã±`.
 */
export function decode(bytes: Uint8Array, pinned?: Encoding): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isAscii(buffer)) return { text: buffer.toString('latin1'), problem: null };
  const whole = validUtf8Length(buffer);
  const legacy = pinned === 'cp932' || pinned === 'euc-jp';
  if (whole > 0 && (!legacy || hasThreeByte(buffer))) return { text: buffer.toString('utf8', 0, whole), problem: null };
  const encoding = pinned ?? detectEncoding([bytes])?.encoding;
  if (encoding === 'cp932' || encoding === 'euc-jp') {
    let text = iconv.decode(buffer, LABELS[encoding]);
    if (text.endsWith('\ufffd')) text = text.slice(0, -1);
    const problem = text.includes('\ufffd') ? 'undecodable' : pinned ? null : 'encoding_guessed';
    if (problem !== 'undecodable' || whole === 0) return { text, problem };
  }
  if (whole > 0) return { text: buffer.toString('utf8', 0, whole), problem: null };
  return { text: buffer.toString('utf8'), problem: 'undecodable' };
}

/** Length of the valid UTF-8 at the beginning, allowing for one cut character at the end; 0 when invalid. */
function validUtf8Length(buffer: Buffer): number {
  if (isUtf8(buffer)) return buffer.length;
  for (let cut = 1; cut <= 3 && cut < buffer.length; cut++) {
    const lead = buffer[buffer.length - cut] as number;
    if (lead < 0x80) return 0;
    if (lead < 0xc0) continue;
    const expected = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const length = buffer.length - cut;
    return expected > cut && lead < 0xf5 && lead > 0xc1 && isUtf8(buffer.subarray(0, length)) ? length : 0;
  }
  return 0;
}

function hasThreeByte(buffer: Uint8Array): boolean {
  for (let i = 0; i < buffer.length; i++) if ((buffer[i] as number) >= 0xe0) return true;
  return false;
}

export interface EncodingProposal {
  encoding: Encoding;
  /** 0–1. Below 0.8 a person should look at a few lines before pinning. */
  confidence: number;
  /** Lines with other than ASCII bytes that were looked at. */
  lines: number;
}

const MAX_SAMPLES = 500;

/**
 * Proposes an encoding to pin for a source from some of its lines; null when all are ASCII or nothing fits.
 * Lines purely in half-width kana are ambiguous between CP932 and EUC-JP, which the confidence shows.
 */
export function detectEncoding(samples: readonly Uint8Array[]): EncodingProposal | null {
  let utf8 = 0;
  let cp932 = 0;
  let euc = 0;
  let lines = 0;
  for (const sample of samples.slice(0, MAX_SAMPLES)) {
    const buffer = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength);
    if (isAscii(buffer)) continue;
    lines++;
    if (validUtf8Length(buffer) > 0) utf8 += hasThreeByte(buffer) ? 1 : 0.3;
    cp932 += plausibility(iconv.decode(buffer, 'cp932'));
    euc += plausibility(iconv.decode(buffer, 'euc-jp'));
  }
  const best = Math.max(utf8, cp932, euc);
  if (lines === 0 || best <= 0) return null;
  const encoding: Encoding = utf8 >= best ? 'utf-8' : cp932 >= euc ? 'cp932' : 'euc-jp';
  const second = encoding === 'utf-8' ? 0 : encoding === 'cp932' ? Math.max(euc, utf8) : Math.max(cp932, utf8);
  const confidence = Math.max(0, Math.min(1, best / lines) * (1 - (0.9 * Math.max(0, second)) / best));
  return { encoding, confidence: Math.round(confidence * 100) / 100, lines };
}

/**
 * How much a text looks like Japanese, at most 1: kana and common marks count full, kanji nearly so,
 * half-width kana little (more when voicing marks stand only where they may), broken characters against.
 */
function plausibility(text: string): number {
  let score = 0;
  let count = 0;
  const end = text.endsWith('\ufffd') ? text.length - 1 : text.length;
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) continue;
    count++;
    if (c === 0xfffd || (c < 0xa0 && c >= 0x80) || (c >= 0xe000 && c <= 0xf8ff)) score -= 6;
    else if (c >= 0x3041 && c <= 0x30ff) score += 1;
    else if (c === 0x3001 || c === 0x3002 || c === 0x300c || c === 0x300d || (c >= 0xff01 && c <= 0xff5e)) score += 1;
    else if (c >= 0x4e00 && c <= 0x9fff) score += 0.75;
    else if (c >= 0xff66 && c <= 0xff9d) score += 0.7;
    else if (c === 0xff9e || c === 0xff9f) score += mayBeVoiced(text.charCodeAt(i - 1), c) ? 1.6 : -2;
    else if (c >= 0xff61 && c <= 0xff65) score += 0.1;
    else score += 0.1;
  }
  return count === 0 ? 0 : Math.min(1, score / count);
}

/** ﾞ may follow ｳ ｶ–ﾄ ﾊ–ﾎ, ﾟ only ﾊ–ﾎ (JIS X 0201). */
function mayBeVoiced(before: number, mark: number): boolean {
  if (before >= 0xff8a && before <= 0xff8e) return true;
  return mark === 0xff9e && (before === 0xff73 || (before >= 0xff76 && before <= 0xff84));
}
