import { buffer, decodeJapanese, decodeText, latin1, slice, u16, u32, utf16 } from './bytes.ts';
import { judgeMacro } from './macros.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';
import { decodeEntities } from './xml.ts';

/**
 * Where a Windows shortcut leads and with which arguments. Source: [MS-SHLLINK] 8.0: header 2.1, LinkTargetIDList 2.2,
 * LinkInfo 2.3, StringData 2.4, environment block 2.5.4.
 */
export function judgeLnk(bytes: Uint8Array, probe: Probe): void {
  const flags = u32(bytes, 20);
  let at = 76;
  if ((flags & 0x01) !== 0) {
    // Item ids hold the names of the path in both writings; they are read as strings, not by their many layouts.
    const size = u16(bytes, at);
    for (const name of strings(slice(bytes, at + 2, at + 2 + size))) if (/\.[a-z0-9]{2,4}$/i.test(name)) probe.word(name);
    at += 2 + size;
  }
  const told: string[] = [];
  if ((flags & 0x02) !== 0) {
    const size = u32(bytes, at);
    const base = u32(bytes, at + 16);
    const share = u32(bytes, at + 20);
    if (base > 0 && base < size) told.push(zeroEnded(bytes, at + base, at + size));
    if (share > 0 && share < size) told.push(zeroEnded(bytes, at + share + u32(bytes, at + share + 8), at + size));
    at += Math.max(4, size);
  }
  const unicode = (flags & 0x80) !== 0;
  // NAME, RELATIVE_PATH, WORKING_DIR, COMMAND_LINE_ARGUMENTS, ICON_LOCATION, each when its flag is set.
  for (const bit of [0x04, 0x08, 0x10, 0x20, 0x40]) {
    if ((flags & bit) === 0 || at + 2 > bytes.length) continue;
    const length = u16(bytes, at);
    const size = unicode ? length * 2 : length;
    const text = unicode ? utf16(bytes, at + 2, at + 2 + size) : decodeJapanese(slice(bytes, at + 2, at + 2 + size));
    if (bit === 0x08 || bit === 0x20) told.push(text);
    if (bit === 0x40 && /^\\\\|^https?:/i.test(text)) told.push(text);
    at += 2 + size;
  }
  const environment = buffer(bytes).indexOf(Buffer.from('010000a0', 'hex'), Math.min(at, bytes.length));
  if (environment >= 4) told.push(zeroEnded(bytes, environment + 4, environment + 264));
  for (const text of told) {
    // Arguments are pushed out of sight by blanks.
    probe.word(text);
    probe.link(text.trim());
  }
  judgeMacro(told.join(' '), probe, 'script');
}

function zeroEnded(bytes: Uint8Array, from: number, to: number): string {
  const end = bytes.indexOf(0, from);
  return decodeJapanese(slice(bytes, from, end < 0 ? to : Math.min(end, to)));
}

function strings(bytes: Uint8Array): string[] {
  const narrow = latin1(bytes).match(/[\u0020-\u007e]{4,260}/g) ?? [];
  const wide = [0, 1].flatMap((start) => utf16(bytes, start).match(/[\u0020-\u007e\u3000-\u9fff]{4,260}/g) ?? []);
  return [...new Set([...narrow, ...wide])].slice(0, 20);
}

/** Shortcuts, calendar entries, contacts and connectors that are plain text: every address in them, network paths included. */
export function judgeTextFile(bytes: Uint8Array, type: string, probe: Probe): void {
  const text = decodeText(slice(bytes, 0, 2_000_000));
  // Calendars and contacts break their lines with a blank at the beginning of the next (RFC 5545, 3.1).
  const whole = type === 'ics' || type === 'vcf' ? text.replace(/\r?\n[ \t]/g, '') : text;
  for (const url of urlsIn(decodeEntities(whole), 300)) probe.link(url);
  if (['url', 'library-ms', 'search-ms', 'settingcontent-ms', 'rdp', 'text', 'jnlp', 'script'].includes(type)) {
    for (const match of [...whole.matchAll(/(?:=|>|\s|^)((?:file:)?(?:\\\\|\/\/)[^\s<>"'|\\/]{2,200}[\\/][^\s<>"'|]{0,400}|file:\/\/[^\s<>"']{3,400})/gim)].slice(0, 50)) {
      if (match[1]!.startsWith('//')) continue;
      probe.link(match[1]!);
      if (type !== 'text') probe.word(match[1]!);
    }
  }
  for (const match of whole.matchAll(/^(?:full address:s:|url=|iconfile=)(.{1,300})$/gim)) probe.word(match[1]!);
  if (type === 'script' || type === 'settingcontent-ms') judgeMacro(whole, probe, 'script');
  if (type === 'ics' || type === 'vcf' || type === 'text' || type === 'eml') probe.read(whole);
}
