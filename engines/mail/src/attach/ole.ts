import { buffer, decodeJapanese, latin1, slice, u16, u32, utf16 } from './bytes.ts';
import { readCompound } from './cfb.ts';
import type { Stream } from './cfb.ts';
import { judgeWorkbook } from './biff.ts';
import { judgeMacro } from './macros.ts';
import { judgeName } from './archive.ts';
import { readVba } from './ovba.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';

/** Class ids of programs that are started by looking at the object: the old equation editor, and its newer twin. */
const EQUATION = new Set(['0002CE02-0000-0000-C000-000000000046', '0002CE03-0000-0000-C000-000000000046']);
const MSI = new Set(['000C1084-0000-0000-C000-000000000046', '000C1086-0000-0000-C000-000000000046', '000C1082-0000-0000-C000-000000000046']);

/** Inspects a compound file: Office of 97–2003, an encrypted OOXML, an installer, an embedded object. Gives its type. */
export async function judgeOle(bytes: Uint8Array, probe: Probe): Promise<string> {
  const streams = readCompound(bytes);
  if (streams === undefined) {
    probe.flag('unreadable');
    probe.trouble('broken_container');
    return 'ole';
  }
  const named = (name: string): Stream | undefined => streams.find(({ path, storage }) => !storage && path.length === 1 && path[0] === name);
  if (named('EncryptedPackage') !== undefined || streams.some(({ path }) => path.at(-1) === 'EncryptedPackage')) {
    probe.flag('encrypted_office');
    return 'encrypted_office';
  }
  const clsid = streams.find(({ path }) => path.length === 0)?.clsid ?? '';
  if (MSI.has(clsid)) {
    probe.flag('executable');
    return 'msi';
  }
  judgeProject(streams, probe);
  await judgeObjects(streams, probe);

  const book = named('Workbook') ?? named('Book');
  if (book !== undefined) {
    judgeWorkbook(book.read(), probe);
    return 'xls';
  }
  const word = named('WordDocument');
  if (word !== undefined) {
    judgeWord(word.read(16 * 1024 * 1024), probe);
    return 'doc';
  }
  if (named('PowerPoint Document') !== undefined) {
    // CurrentUserAtom.headerToken of an encrypted presentation ([MS-PPT] 2.3.2).
    if (u32(named('Current User')?.read(64) ?? new Uint8Array(0), 12) === 0xf3d1c4df) probe.flag('encrypted_office');
    for (const url of urlsIn(utf16(named('PowerPoint Document')!.read(4 * 1024 * 1024)), 200)) probe.link(url);
    return 'ppt';
  }
  return named('__properties_version1.0') === undefined ? 'ole' : 'msg';
}

/** VBA anywhere in the file; inside OOXML the same under any name. */
export function judgeProject(streams: readonly Stream[], probe: Probe): boolean {
  const { project, modules } = readVba(streams);
  if (!project) return false;
  probe.flag('macro');
  if (modules.length === 0) {
    // Only compiled code is left: Office still runs it.
    probe.word('VBA without source');
    probe.trouble('attachment_unreadable');
  }
  judgeMacro(modules.map(({ source }) => source).join('\n'), probe);
  // Forms keep strings that the code fetches back; addresses there lead as far as those in the code.
  for (const { path, storage, read } of streams) if (!storage && path.at(-1) === 'o') for (const url of urlsIn(latin1(read(200_000)), 20)) probe.link(url);
  return true;
}

async function judgeObjects(streams: readonly Stream[], probe: Probe): Promise<void> {
  for (const stream of streams) {
    const name = stream.path.at(-1) ?? '';
    if (stream.path.includes('ObjectPool') || name === '\u0001Ole10Native' || name === 'Equation Native' || name === 'Package') probe.flag('embedded_object');
    if (EQUATION.has(stream.clsid) || name === 'Equation Native') {
      probe.flag('embedded_object');
      probe.word('Equation');
    }
    if (name === '\u0001Ole10Native') await judgePackage(stream.read(16 * 1024 * 1024), probe);
    if (name === 'Package') await probe.inside('', stream.read(16 * 1024 * 1024), true);
  }
}

/**
 * An embedded file with its name. Layout of the packager's OLENativeStream: size, flags, label, path, flags, path of the
 * temporary copy, content. (Not in Microsoft's open specifications beyond its size; as the packager writes it.)
 */
export async function judgePackage(bytes: Uint8Array, probe: Probe): Promise<void> {
  let at = 6;
  const text = (): string => {
    const end = bytes.indexOf(0, at);
    const value = decodeJapanese(slice(bytes, at, end < 0 ? Math.min(bytes.length, at + 260) : Math.min(end, at + 260)));
    at = end < 0 ? bytes.length : end + 1;
    return value;
  };
  const label = text();
  const path = text();
  at += 8;
  text();
  const size = u32(bytes, at);
  const name = /\.[a-z0-9]{1,10}$/i.test(label) ? label : path;
  if (name === '' || size > bytes.length) return;
  probe.flag('embedded_object');
  if (!probe.entry(name)) return;
  judgeName(name, probe);
  await probe.inside(name, slice(bytes, at + 4, at + 4 + size), true);
}

/** The file information block: encrypted or not ([MS-DOC] 2.5.2, bit F of the flags at 10), and fields in the text. */
function judgeWord(bytes: Uint8Array, probe: Probe): void {
  if ((u16(bytes, 10) & 0x0100) !== 0) {
    probe.flag('encrypted_office');
    return;
  }
  const narrow = latin1(bytes);
  const wide = utf16(bytes);
  for (const text of [narrow, wide]) {
    judgeFields(text, probe);
    for (const url of urlsIn(text, 200)) probe.link(url);
  }
  const from = u32(bytes, 24);
  const to = u32(bytes, 28);
  if (to > from && to <= bytes.length) {
    const body = slice(bytes, from, Math.min(to, from + 400_000));
    const isWide = buffer(slice(body, 0, 400)).filter((byte) => byte === 0).length > body.slice(0, 400).length / 8;
    probe.read((isWide || looksWide(body) ? utf16(body) : decodeJapanese(body)).replaceAll('\r', '\n').replace(/[\u0000-\u0009\u000b-\u001f]/g, ' '));
  }
}

/** Japanese text in UTF-16 has high bytes of kana and kanji (0x30–0x9f) at every other place. */
function looksWide(body: Uint8Array): boolean {
  let high = 0;
  const pairs = Math.min(200, body.length >> 1);
  for (let i = 0; i < pairs; i++) {
    const byte = body[i * 2 + 1]!;
    if (byte === 0 || byte === 0x30 || (byte >= 0x4e && byte <= 0x9f) || byte === 0xff) high++;
  }
  return pairs > 0 && high > pairs * 0.8;
}

/** Fields begin with U+0013; DDE fields start a program, INCLUDE fields load from elsewhere. */
export function judgeFields(text: string, probe: Probe): void {
  if (/\u0013\s{0,8}dde(?:auto)?\s/i.test(text)) {
    probe.flag('dde');
    probe.word('DDE');
  }
  for (const match of text.matchAll(/\u0013\s{0,8}hyperlink\s{1,8}(?:\\[lo]\s{1,4})?"([^"\u0013-\u0015]{4,2000})"/gi)) probe.link(match[1]!);
}
