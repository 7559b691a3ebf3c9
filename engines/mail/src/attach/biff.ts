import { decodeJapanese, latin1, slice, u16, u32, utf16 } from './bytes.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';

/** Functions of Excel 4 that reach outside, by their number ([MS-XLS] 2.5.198.17, Ftab): shown name. */
const FUNCTIONS = new Map<number, string>([[110, 'EXEC'], [150, 'CALL'], [149, 'REGISTER'], [132, 'FOPEN'], [138, 'FWRITE'], [136, 'FWRITELN'], [53, 'GOTO'], [54, 'HALT'], [108, 'FORMULA.FILL']]);
const REACHING = new Set(['EXEC', 'CALL', 'REGISTER', 'FOPEN']);
const MAX_RECORDS = 400_000;

/**
 * Walks the records of an Excel 97–2003 workbook: encryption, Excel 4 macro sheets, names that run by themselves,
 * DDE links, text. Source: [MS-XLS] 10.0: FilePass 2.4.117, BoundSheet8 2.4.28, Lbl 2.4.150, SupBook 2.4.271.
 */
export function judgeWorkbook(bytes: Uint8Array, probe: Probe): void {
  const macroSheets: number[] = [];
  let strings = '';
  for (let at = 0, n = 0; at + 4 <= bytes.length && n < MAX_RECORDS; n++) {
    const id = u16(bytes, at);
    const size = u16(bytes, at + 2);
    const data = slice(bytes, at + 4, at + 4 + size);
    if (id === 0x002f) {
      probe.flag('encrypted_office');
      return;
    }
    if (id === 0x0085 && data[5] === 1) macroSheets.push(u32(data, 0));
    if (id === 0x0018) judgeLabel(data, probe);
    // A SupBook with neither sheets nor the two markers of internal books is a DDE or OLE link.
    if (id === 0x01ae && u16(data, 0) === 0 && size > 5 && u16(data, 2) !== 0x0401 && u16(data, 2) !== 0x3a01) judgeSupBook(data, probe);
    if ((id === 0x00fc || id === 0x003c || id === 0x01b8 || id === 0x0204) && strings.length < 400_000) strings += `${readable(data)}\n`;
    at += 4 + size;
  }
  for (const url of urlsIn(strings, 200)) probe.link(url);
  probe.read(strings);
  if (macroSheets.length === 0) return;
  probe.flag('macro');
  probe.word('Excel 4 macro sheet');
  for (const start of macroSheets.slice(0, 50)) judgeMacroSheet(bytes, start, probe);
}

/** Defined names: a built-in one with number 1 is Auto_Open, 2 is Auto_Close; some are written out. */
function judgeLabel(data: Uint8Array, probe: Probe): void {
  const builtIn = (u16(data, 0) & 0x20) !== 0;
  const length = data[3] ?? 0;
  const wide = (data[14] ?? 0) & 1;
  const name = wide === 1 ? utf16(data, 15, 15 + length * 2) : latin1(data, 15, 15 + length);
  const auto = builtIn ? { 1: 'Auto_Open', 2: 'Auto_Close', 10: 'Auto_Activate' }[name.charCodeAt(0)] : /^auto_?(?:open|close|activate)/i.exec(name)?.[0];
  if (auto === undefined) return;
  probe.flag('macro_autoexec');
  probe.word(auto);
}

function judgeSupBook(data: Uint8Array, probe: Probe): void {
  const text = readable(slice(data, 2, data.length));
  if (!/^\s{0,4}(?:cmd|msexcel|mshta|powershell|rundll32|regsvr32|excel|winword)\b/i.test(text.trim())) return;
  probe.flag('dde');
  probe.word('DDE');
}

/** Formula records of a macro sheet: tokens of functions with a variable number of arguments are 0x22, 0x42, 0x62. */
function judgeMacroSheet(bytes: Uint8Array, start: number, probe: Probe): void {
  for (let at = start, n = 0; at + 4 <= bytes.length && n < MAX_RECORDS; n++) {
    const id = u16(bytes, at);
    const size = u16(bytes, at + 2);
    if (id === 0x000a) return;
    if (id === 0x0006) {
      for (let p = at + 4 + 22; p + 4 <= at + 4 + size; p++) {
        if (![0x22, 0x42, 0x62].includes(bytes[p]!) || bytes[p + 1]! > 30) continue;
        const name = FUNCTIONS.get(u16(bytes, p + 2) & 0x7fff);
        if (name === undefined || !REACHING.has(name)) continue;
        probe.word(name);
        probe.flag('macro_downloads');
      }
      for (const url of urlsIn(readable(slice(bytes, at + 4, at + 4 + size)), 5)) probe.link(url);
    }
    at += 4 + size;
  }
}

/** Both readings of strings in records: one byte a character, and UTF-16, whatever looks like text. */
function readable(data: Uint8Array): string {
  const narrow = latin1(data).replace(/[^\u0020-\u007e]{1,}/g, ' ');
  let wide = '';
  for (const start of [0, 1]) for (const match of utf16(data, start).matchAll(/[\u0020-\u007e\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]{4,2000}/g)) wide += `${match[0]} `;
  return `${narrow} ${wide}`.trim() === '' ? decodeJapanese(new Uint8Array(0)) : `${narrow} ${wide}`;
}
