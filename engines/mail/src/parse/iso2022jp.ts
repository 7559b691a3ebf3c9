/**
 * ISO-2022-JP as it really comes (RFC 1468, 1554, 2237 and Microsoft's code pages 50220–50222): the character sets are
 * switched by escape sequences; the two-byte set is read with the vendors' rows (① ㈱ 髙), which the standard lacks.
 */
import iconv from 'iconv-lite';

type Mode = 'ascii' | 'kana' | 'kanji' | 'jisx0212' | 'gb2312' | 'ksc5601';

const ESC = 0x1b;
const REPLACEMENT = '\ufffd';

/** What an escape sequence switches to and how long it is; null when it is none. */
function escapeAt(bytes: Uint8Array, at: number): { mode: Mode; length: number } | null {
  const a = bytes[at + 1];
  const b = bytes[at + 2];
  if (a === 0x28) {
    if (b === 0x49) return { mode: 'kana', length: 3 };
    // B ASCII, J JIS X 0201 Roman, H the same by an old mistake: read as ASCII, since mails mean the backslash.
    if (b === 0x42 || b === 0x4a || b === 0x48) return { mode: 'ascii', length: 3 };
    return null;
  }
  if (a !== 0x24) return null;
  if (b === 0x40 || b === 0x42) return { mode: 'kanji', length: 3 };
  if (b === 0x41) return { mode: 'gb2312', length: 3 };
  if (b !== 0x28) return null;
  switch (bytes[at + 3]) {
    case 0x40:
    case 0x42:
    // JIS X 0213 plane 1 holds JIS X 0208 where mails use it.
    case 0x4f:
    case 0x51:
      return { mode: 'kanji', length: 4 };
    case 0x44:
      return { mode: 'jisx0212', length: 4 };
    case 0x43:
      return { mode: 'ksc5601', length: 4 };
    default:
      return null;
  }
}

/** Characters of the rarer sets that were met: one decoding each, since they may alternate without end. */
const MET = new Map<number, string>();

function rarePair(mode: 'jisx0212' | 'gb2312' | 'ksc5601', lead: number, trail: number): string {
  const key = (mode === 'jisx0212' ? 0 : mode === 'gb2312' ? 0x10000 : 0x20000) + lead * 256 + trail;
  const met = MET.get(key);
  if (met !== undefined) return met;
  const text = mode === 'jisx0212' ? iconv.decode(Buffer.from([0x8f, lead, trail]), 'euc-jp') : iconv.decode(Buffer.from([lead, trail]), mode === 'gb2312' ? 'gbk' : 'euc-kr');
  MET.set(key, text);
  return text;
}

/**
 * Text of ISO-2022-JP bytes. Every line begins in ASCII, whatever the line before forgot. Bytes above 0x7f outside the
 * two-byte set are half-width kana (code page 50221) and what follows SO likewise (50222). Linear; never throws.
 */
export function decodeIso2022(bytes: Uint8Array): string {
  const out: string[] = [];
  // Three of the sets are rewritten to Shift_JIS and decoded in one go: vendor rows come with it.
  const sjis = Buffer.allocUnsafe(bytes.length + 1);
  let fill = 0;
  const flush = (): void => {
    if (fill > 0) out.push(iconv.decode(sjis.subarray(0, fill), 'cp932'));
    fill = 0;
  };
  let mode: Mode = 'ascii';
  let shifted = false;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    if (byte === ESC) {
      const found = escapeAt(bytes, i);
      if (found !== null) {
        mode = found.mode;
        i += found.length;
        continue;
      }
      i++;
      continue;
    }
    if (byte === 0x0e || byte === 0x0f) {
      shifted = byte === 0x0e;
      i++;
      continue;
    }
    if (byte === 0x0a || byte === 0x0d) {
      mode = 'ascii';
      shifted = false;
    }
    if (byte <= 0x20 || byte === 0x7f) {
      sjis[fill++] = byte;
      i++;
      continue;
    }
    if (mode === 'kana' || (shifted && mode === 'ascii')) {
      sjis[fill++] = byte >= 0x21 && byte <= 0x5f ? byte | 0x80 : byte;
      i++;
      continue;
    }
    if (mode === 'ascii') {
      if (byte < 0x80 || (byte >= 0xa1 && byte <= 0xdf)) sjis[fill++] = byte;
      else {
        flush();
        out.push(REPLACEMENT);
      }
      i++;
      continue;
    }
    const trail = bytes[i + 1];
    // The vendors' last rows lie above 0x7e in this form, and nowhere else.
    if (trail === undefined || trail < 0x21 || trail > 0x7e || byte > 0x98) {
      flush();
      out.push(REPLACEMENT);
      i++;
      continue;
    }
    if (mode === 'kanji') {
      const row = byte - 0x21;
      const lead = (row >> 1) + 0x81;
      sjis[fill++] = lead > 0x9f ? lead + 0x40 : lead;
      sjis[fill++] = (row & 1) === 1 ? trail + 0x7e : trail + (trail < 0x60 ? 0x1f : 0x20);
    } else {
      flush();
      out.push(rarePair(mode, byte | 0x80, trail | 0x80));
    }
    i += 2;
  }
  flush();
  return out.join('');
}
