import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';

/** Names that Office calls by itself, and events that forms and controls fire without a click. Lower case. */
const AUTO = /\b(auto_?open|auto_?exec|auto_?close|auto_?new|auto_?exit|document_?open|document_?close|document_?new|document_?beforeclose|workbook_?open|workbook_?activate|workbook_?beforeclose|workbook_?addininstall|worksheet_?activate|worksheet_?calculate|app_?docopen|[a-z0-9_]{1,40}_(?:layout|painted|gotfocus|mousemove|onconnecting|ondocumentready|navigatecomplete2|beforenavigate2|contentcontrolonenter|datareadylistener))\b(?!\s*=)/g;

/** What fetches something or starts a program: [as shown, pattern on lower-cased text]. */
const REACH: readonly (readonly [string, RegExp])[] = [
  ['URLDownloadToFile', /urldownloadtofile/], ['XMLHTTP', /xmlhttp/], ['WinHttpRequest', /winhttp/], ['InternetOpen', /internetopen(?:url)?[aw]?\b/],
  ['ADODB.Stream', /adodb\.stream/], ['WScript.Shell', /wscript\.shell/], ['Shell.Application', /shell\.application/], ['Shell', /\bshell\b\s{0,8}[("'a-z]/],
  ['ShellExecute', /shellexecute/], ['powershell', /powershell|pwsh\b/], ['cmd.exe', /\bcmd(?:\.exe)?\s{0,4}["']?\s{0,4}\/[a-z]/], ['mshta', /\bmshta\b/],
  ['certutil', /\bcertutil\b/], ['bitsadmin', /\bbitsadmin\b/], ['regsvr32', /\bregsvr32\b/], ['rundll32', /\brundll32\b/], ['wmic', /\bwmic\b|winmgmts:/],
  ['schtasks', /\bschtasks\b|schedule\.service/], ['CreateProcess', /createprocess[aw]?\b/], ['VirtualAlloc', /virtualalloc/], ['DownloadString', /download(?:string|file|data)\b/],
  ['Win32_Process', /win32_process/], ['msxml2', /msxml2\./], ['WebClient', /net\.webclient/], ['EXEC', /^=?exec\(/m], ['CALL', /^=?call\(/m],
];

/** Looks through program text: VBA, Excel 4 formulas, or a script. Words found are told; texts over 2 MB are cut. */
export function judgeMacro(source: string, probe: Probe, kind: 'vba' | 'script' = 'vba'): void {
  const text = source.slice(0, 2_000_000);
  const plain = `${text}\n${joined(text)}`;
  const lower = plain.toLowerCase();
  if (kind === 'vba') {
    const subs = new Set([...lower.matchAll(AUTO)].slice(0, 200).map((match) => match[1]!));
    for (const name of subs) probe.word(name);
    if (subs.size > 0) probe.flag('macro_autoexec');
  }
  const mirrored = lower.includes('strreverse') ? [...lower.slice(0, 200_000)].reverse().join('') : '';
  for (const [word, pattern] of REACH) {
    if (!pattern.test(lower) && (mirrored === '' || !pattern.test(mirrored))) continue;
    probe.word(word);
    if (kind === 'vba') probe.flag('macro_downloads');
  }
  for (const url of urlsIn(plain, 50)) probe.link(url);
}

/** Undoes the plainest hiding: strings cut into pieces, and characters by number. */
function joined(text: string): string {
  return text
    .replace(/\bchrw?\$?\(\s{0,4}(\d{1,5}|&h[0-9a-f]{1,4})\s{0,4}\)/gi, (_, code: string) => `"${String.fromCharCode(/^&h/i.test(code) ? Number.parseInt(code.slice(2), 16) : Number(code) & 0xffff)}"`)
    .replace(/"[ \t]{0,8}[&+][ \t]{0,8}(?:_[ \t]{0,8}\r?\n[ \t]{0,80})?"/g, '');
}
