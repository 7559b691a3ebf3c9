import { buffer, slice, u64, utf16 } from './bytes.ts';
import { judgeName } from './archive.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';

/** Begins a FileDataStoreObject: {BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC}. Source: [MS-ONESTORE] 2.6.13. */
const STORED_FILE = Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex');
const MAX_FILES = 60;
const NAME = /[^\u0000-\u001f"*:<>?|/\\]{1,120}\.(?:exe|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|chm|iso|img|html?|url|msi|reg|jar|zip|7z|rar|docm|xlsm)\u0000/gi;

/** Files embedded in a notebook page, and their names as far as they say what opens. */
export async function judgeOneNote(bytes: Uint8Array, probe: Probe): Promise<void> {
  const whole = buffer(bytes);
  for (const start of [0, 1]) {
    const text = utf16(bytes, start, Math.min(bytes.length, start + 8_000_000));
    for (const match of [...text.matchAll(NAME)].slice(0, MAX_FILES)) {
      const name = match[0].slice(0, -1);
      if (probe.entries.includes(name)) continue;
      if (!probe.entry(name)) return;
      judgeName(name, probe);
    }
    for (const url of urlsIn(text, 100)) probe.link(url);
  }
  let at = whole.indexOf(STORED_FILE);
  for (let n = 0; at >= 0 && n < MAX_FILES && !probe.late(); n++) {
    const size = u64(bytes, at + 16);
    // cbLength, four bytes unused, eight reserved, then the file.
    const from = at + 36;
    if (size > 0 && from + size <= bytes.length) {
      probe.flag('embedded_object');
      if (size <= probe.budget.room) {
        probe.budget.spend(size);
        await probe.inside('', slice(bytes, from, from + size), true);
      }
    }
    at = whole.indexOf(STORED_FILE, at + 16);
  }
}
