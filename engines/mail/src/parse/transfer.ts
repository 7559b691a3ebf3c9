/** Content transfer encodings (RFC 2045, section 6), read leniently: what is damaged is left out, the rest is kept. */

const BASE64 = new Int8Array(256).fill(-1);
for (const [i, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) BASE64[char.charCodeAt(0)] = i;
BASE64[0x2d] = 62;
BASE64[0x5f] = 63;

/**
 * Bytes of base64, with foreign characters skipped and padding in the middle (pieces encoded one by one and glued
 * together) taken as the end of a piece.
 */
export function base64(input: Uint8Array): { bytes: Uint8Array; broken: boolean } {
  const out = Buffer.allocUnsafeSlow(Math.ceil((input.length * 3) / 4) + 3);
  let fill = 0;
  let bits = 0;
  let have = 0;
  let foreign = 0;
  let restarted = false;
  let padded = false;
  for (let i = 0; i < input.length; i++) {
    const byte = input[i]!;
    const value = BASE64[byte]!;
    if (value >= 0) {
      if (padded) {
        restarted = true;
        padded = false;
      }
      bits = ((bits << 6) | value) & 0xffffff;
      if (++have === 4) {
        out[fill++] = bits >> 16;
        out[fill++] = (bits >> 8) & 0xff;
        out[fill++] = bits & 0xff;
        have = 0;
        bits = 0;
      }
    } else if (byte === 0x3d) {
      if (have === 2) out[fill++] = (bits >> 4) & 0xff;
      else if (have === 3) {
        out[fill++] = (bits >> 10) & 0xff;
        out[fill++] = (bits >> 2) & 0xff;
      }
      have = 0;
      bits = 0;
      padded = true;
    } else if (byte > 0x20) foreign++;
  }
  if (have === 2) out[fill++] = (bits >> 4) & 0xff;
  else if (have === 3) {
    out[fill++] = (bits >> 10) & 0xff;
    out[fill++] = (bits >> 2) & 0xff;
  }
  return { bytes: out.subarray(0, fill), broken: foreign > 0 || restarted || have === 1 };
}

function hex(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  return -1;
}

/** Bytes of quoted-printable; an `=` that introduces nothing stays as it is. `word`: the Q form of RFC 2047 (`_` is a space). */
export function quotedPrintable(input: Uint8Array, word = false): { bytes: Uint8Array; broken: boolean } {
  const out = Buffer.allocUnsafe(input.length);
  let fill = 0;
  let broken = false;
  for (let i = 0; i < input.length; i++) {
    const byte = input[i]!;
    if (byte === 0x5f && word) {
      out[fill++] = 0x20;
      continue;
    }
    if (byte !== 0x3d) {
      out[fill++] = byte;
      continue;
    }
    const high = hex(input[i + 1]);
    const low = hex(input[i + 2]);
    if (high >= 0 && low >= 0) {
      out[fill++] = high * 16 + low;
      i += 2;
      continue;
    }
    // A soft line break, with blanks that were added behind it. Never farther than a line is long.
    let end = i + 1;
    while (end < input.length && end < i + 80 && (input[end] === 0x20 || input[end] === 0x09)) end++;
    if (input[end] === 0x0d && input[end + 1] === 0x0a) i = end + 1;
    else if (input[end] === 0x0a || input[end] === 0x0d || end >= input.length) i = end;
    else {
      out[fill++] = byte;
      broken = true;
    }
  }
  return { bytes: out.subarray(0, fill), broken };
}

/** Bytes of a uuencoded block (`begin 644 name` … `end`); null when there is none. */
export function uudecode(input: Uint8Array): { bytes: Uint8Array; name: string } | null {
  const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  const begin = /(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n/.exec(text);
  if (begin === null) return null;
  const out = Buffer.allocUnsafeSlow(Math.ceil(((text.length - begin.index) * 3) / 4) + 3);
  let fill = 0;
  let at = begin.index + begin[0].length;
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const length = (text.charCodeAt(at) - 32) & 63;
    if (length === 0 || text.startsWith('end', at)) break;
    let left = length;
    for (let i = at + 1; i < end && left > 0; i += 4) {
      const n = [0, 1, 2, 3].map((k) => (i + k < end ? (text.charCodeAt(i + k) - 32) & 63 : 0));
      const triple = [(n[0]! << 2) | (n[1]! >> 4), ((n[1]! & 15) << 4) | (n[2]! >> 2), ((n[2]! & 3) << 6) | n[3]!];
      for (let k = 0; k < 3 && left > 0; k++, left--) out[fill++] = triple[k]!;
    }
    at = end + 1;
  }
  return { bytes: out.subarray(0, fill), name: begin[1]! };
}
