import { buffer, latin1, slice, startsWith, u32 } from './bytes.ts';
import { judgePackage } from './ole.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';

const CLASSES = /equation\.?\d?|package|ole2link|htmlfile|wordpad|shockwave|scriptlet|forms\.|msctree|mscomctl|otkloadr/i;
const MAX_OBJECTS = 40;

/**
 * Inspects rich text: objects and their classes, templates and pictures from elsewhere, DDE, links. Object data is
 * written in hexadecimal with anything strewn between; only the digits are taken. Source: RTF 1.9.1, sections on
 * objects, fields and \*\template; object layout: [MS-OLEDS] 2.2.4 and 2.2.5.
 */
export async function judgeRtf(bytes: Uint8Array, probe: Probe): Promise<void> {
  const text = latin1(bytes, 0, Math.min(bytes.length, 16 * 1024 * 1024));
  if (/\\object[^a-z]|\\objdata|\\objemb|\\objocx/i.test(text)) probe.flag('embedded_object');
  if (/\\objautlink|\\objupdate/i.test(text)) probe.word('objupdate');
  for (const match of text.matchAll(/\\objclass[\s{]{1,20}([\w.]{1,60})/gi)) probe.word(match[1]!);
  for (const match of text.matchAll(/\\\*\\template[\s{]{0,20}([^}\\]{0,4}(?:\\\\[^}]{1,2000}|https?:[^}\s]{1,2000}))/gi)) {
    probe.flag('external_template');
    probe.link(match[1]!.trim().replaceAll('\\\\', '\\'));
  }
  if (/\\fldinst[^}]{0,200}\bdde(?:auto)?\b/i.test(text)) {
    probe.flag('dde');
    probe.word('DDE');
  }
  const plain = text.length > 4_000_000 ? text.slice(0, 4_000_000) : text;
  for (const url of urlsIn(plain.replace(/\\'([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 200)) probe.link(url);
  probe.read(plain.slice(0, 1_000_000).replace(/\{\\\*[^{}]{0,4000}\}/g, '').replace(/\\u(-?\d{1,6})\s?\??/g, (_, code: string) => String.fromCharCode(Number(code) & 0xffff)).replace(/\\par[d]?\b/g, '\n').replace(/\\[a-z]{1,32}-?\d{0,10}\s?/gi, '').replace(/[{}]/g, '').replace(/[0-9a-f]{64,}/gi, ''));

  const places: number[] = [];
  for (const match of text.matchAll(/\\objdata/gi)) if (places.push(match.index + match[0].length) >= MAX_OBJECTS) break;
  for (const [i, from] of places.entries()) {
    if (probe.late()) return;
    await judgeObject(text.slice(from, Math.min(places[i + 1] ?? text.length, from + 4_000_000)), probe);
  }
}

async function judgeObject(written: string, probe: Probe): Promise<void> {
  const data = hexDigits(written);
  const head = latin1(data, 0, 400);
  const known = CLASSES.exec(head);
  if (known !== null) probe.word(known[0]);
  const whole = buffer(data);
  const ole = whole.indexOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  if (ole >= 0) {
    await probe.inside('', slice(data, ole, data.length), true);
    return;
  }
  // OLE 1.0 embedded object: version, format id 2, class name, topic and item (each a length and its text), size, data.
  let at = 8;
  for (let i = 0; i < 3; i++) at += 4 + u32(data, at);
  const size = u32(data, at);
  if (/package/i.test(head) && size > 0 && at < data.length) await judgePackage(Uint8Array.from([0, 0, 0, 0, ...slice(data, at + 4, at + 4 + Math.min(size, 2_000_000))]), probe);
  else if (startsWith(data, '4d5a', at + 4)) await probe.inside('', slice(data, at + 4, data.length), true);
}

/** Hex digits up to the end of the group; control words, blanks and braces opened in between are skipped. */
function hexDigits(written: string): Uint8Array {
  const out = new Uint8Array(written.length >> 1);
  let length = 0;
  let high = -1;
  let depth = 0;
  for (let i = 0; i < written.length; i++) {
    const char = written.charCodeAt(i);
    if (char === 0x7b) depth++;
    else if (char === 0x7d && --depth < 0) break;
    else if (char === 0x5c) {
      i++;
      while (i + 1 < written.length && /[a-z0-9-]/i.test(written[i + 1]!)) i++;
    } else {
      const digit = char >= 48 && char <= 57 ? char - 48 : char >= 97 && char <= 102 ? char - 87 : char >= 65 && char <= 70 ? char - 55 : -1;
      if (digit < 0) continue;
      if (high < 0) high = digit;
      else {
        out[length++] = (high << 4) | digit;
        high = -1;
      }
    }
  }
  return slice(out, 0, length);
}
