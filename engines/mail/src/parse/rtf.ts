/**
 * RTF bodies of Outlook: unpacked ([MS-OXRTFCP]), and turned into the HTML they were made of ([MS-OXRTFEX]) or into
 * their plain text.
 */
import { decode } from './charset.ts';

/** The dictionary both sides begin with: [MS-OXRTFCP], section 2.1.2.1. */
const PRELOAD = '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
/** Bytes of RTF that are unpacked and read. */
const MOST = 8 * 1024 * 1024;

/** RTF bytes of a packed body, null when it is none. Never more than 8 MB, and seventeen for each packed byte. */
export function unpackRtf(packed: Uint8Array): Uint8Array | null {
  if (packed.length < 16) return null;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const size = Math.min(MOST, view.getUint32(4, true));
  const kind = view.getUint32(8, true);
  if (kind === 0x414c454d) return packed.subarray(16, 16 + size);
  if (kind !== 0x75465a4c) return null;
  const window = Buffer.alloc(4096);
  let write = window.write(PRELOAD, 'latin1');
  const out = Buffer.allocUnsafeSlow(Math.min(size, packed.length * 17));
  let fill = 0;
  const put = (byte: number): void => {
    out[fill++] = byte;
    window[write] = byte;
    write = (write + 1) & 4095;
  };
  for (let at = 16; at < packed.length && fill < out.length; ) {
    const control = packed[at++]!;
    for (let bit = 0; bit < 8 && at < packed.length && fill < out.length; bit++) {
      if (((control >> bit) & 1) === 0) {
        put(packed[at++]!);
        continue;
      }
      const pair = (packed[at]! << 8) | (packed[at + 1] ?? 0);
      at += 2;
      const from = pair >> 4;
      if (from === write) return out.subarray(0, fill);
      for (let k = 0; k < (pair & 15) + 2 && fill < out.length; k++) put(window[(from + k) & 4095]!);
    }
  }
  return out.subarray(0, fill);
}

/** Charsets of fonts, RTF 1.9.1, `\fcharset`. */
const FONTS: Record<number, string> = { 77: 'macroman', 128: 'cp932', 129: 'cp949', 134: 'gb18030', 136: 'big5', 161: 'windows-1253', 162: 'windows-1254', 163: 'windows-1258', 177: 'windows-1255', 178: 'windows-1256', 186: 'windows-1257', 204: 'windows-1251', 222: 'windows-874', 238: 'windows-1250' };
/** Groups whose text is no text of the mail. */
const SILENT = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'objdata', 'themedata', 'datastore', 'latentstyles', 'listtable', 'listoverridetable', 'generator', 'rsidtbl', 'xmlnstbl', 'pntext', 'header', 'footer', 'fldinst']);
const BREAKS = new Map(Object.entries({ par: '\n', line: '\n', row: '\n', sect: '\n', page: '\n', tab: '\t', cell: '\t', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•', endash: '–', emdash: '—', emspace: ' ', enspace: ' ' }));
const DEEPEST = 200;

interface Group {
  silent: boolean;
  /** Between \htmlrtf and \htmlrtf0: what only RTF readers show. */
  rtfOnly: boolean;
  tag: boolean;
  font: number;
  unicodeSkip: number;
}

/** What an RTF body says: HTML where it was made from HTML, else its text. Linear; never throws. */
export function readRtf(bytes: Uint8Array): { readonly kind: 'html' | 'plain'; readonly text: string } {
  const rtf = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MOST)).toString('latin1');
  return new RtfReader(rtf).read();
}

class RtfReader {
  readonly #rtf: string;
  readonly #out: string[] = [];
  #pending: number[] = [];
  #pendingCharset = '';
  readonly #fonts = new Map<number, string>();
  #defaultCharset = 'windows-1252';
  #defaultFont = 0;
  #definedFont = 0;
  #html = false;
  #skip = 0;
  #group: Group = { silent: false, rtfOnly: false, tag: false, font: -1, unicodeSkip: 1 };
  readonly #stack: Group[] = [];
  #deeper = 0;

  constructor(rtf: string) {
    this.#rtf = rtf;
  }

  read(): { kind: 'html' | 'plain'; text: string } {
    const rtf = this.#rtf;
    const word = /([a-zA-Z]{1,32})(-?\d{1,10})? ?/y;
    for (let i = 0; i < rtf.length; ) {
      const char = rtf[i]!;
      if (char === '{') {
        i++;
        if (this.#stack.length < DEEPEST) {
          this.#stack.push(this.#group);
          this.#group = { ...this.#group };
        } else this.#deeper++;
      } else if (char === '}') {
        i++;
        if (this.#deeper > 0) this.#deeper--;
        else this.#group = this.#stack.pop() ?? this.#group;
      } else if (char === '\\') {
        const next = rtf[i + 1] ?? '';
        if (next === "'") {
          this.#byte(Number.parseInt(rtf.slice(i + 2, i + 4), 16));
          i += 4;
          continue;
        }
        word.lastIndex = i + 1;
        const found = word.exec(rtf);
        if (found === null) {
          i += 2;
          if (next === '*') this.#destination(rtf, i);
          else if (next === '~') this.#text('\u00a0');
          else if (next === '_') this.#text('-');
          else if (next === '\n' || next === '\r') this.#text('\n');
          else if (next === '\\' || next === '{' || next === '}') this.#text(next);
          continue;
        }
        i = word.lastIndex;
        const count = found[2] === undefined ? undefined : Number(found[2]);
        if (found[1] === 'bin' && count !== undefined && count > 0) i += count;
        else this.#word(found[1]!, count);
      } else {
        i++;
        if (char !== '\r' && char !== '\n') this.#text(char);
      }
    }
    this.#flush();
    return { kind: this.#html ? 'html' : 'plain', text: this.#out.join('') };
  }

  /** A group that begins with \* is passed over unless it carries HTML. */
  #destination(rtf: string, at: number): void {
    if (rtf.startsWith('\\htmltag', at)) this.#group.tag = true;
    else if (!rtf.startsWith('\\mhtmltag', at) || this.#html) this.#group.silent = true;
  }

  #word(name: string, count: number | undefined): void {
    if (name === 'fromhtml') this.#html = count !== 0;
    else if (name === 'htmlrtf') this.#group.rtfOnly = count !== 0;
    else if (name === 'ansicpg' && count !== undefined) this.#defaultCharset = count === 65001 ? 'utf-8' : count === 932 ? 'cp932' : `windows-${count}`;
    else if (name === 'deff') this.#defaultFont = count ?? 0;
    else if (name === 'f' && count !== undefined) {
      this.#group.font = count;
      this.#definedFont = count;
    } else if (name === 'fcharset' && count !== undefined) {
      const charset = FONTS[count];
      if (charset !== undefined && this.#fonts.size < 1_000) this.#fonts.set(this.#definedFont, charset);
    } else if (name === 'plain') this.#group.font = -1;
    else if (name === 'uc') this.#group.unicodeSkip = Math.min(8, Math.max(0, count ?? 1));
    else if (name === 'u' && count !== undefined) {
      this.#text(String.fromCharCode(count & 0xffff));
      this.#skip = this.#group.unicodeSkip;
    } else if (SILENT.has(name)) this.#group.silent = true;
    // In HTML mode the breaks stand as tags already, save those inside a tag's own text.
    else if (BREAKS.has(name)) this.#text(BREAKS.get(name)!);
  }

  get #quiet(): boolean {
    return this.#group.silent || (this.#html && this.#group.rtfOnly);
  }

  #byte(value: number): void {
    if (Number.isNaN(value)) return;
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    if (this.#quiet) return;
    const charset = this.#fonts.get(this.#group.font < 0 ? this.#defaultFont : this.#group.font) ?? this.#defaultCharset;
    if (charset !== this.#pendingCharset) this.#flush();
    this.#pendingCharset = charset;
    this.#pending.push(value);
  }

  #text(text: string): void {
    if (this.#skip > 0 && text.length === 1 && text.charCodeAt(0) < 0x100) {
      this.#skip--;
      return;
    }
    if (this.#quiet) return;
    // The second byte of a pair may stand as the character it looks like.
    const last = this.#pending.at(-1);
    if (last !== undefined && text.length === 1 && text.charCodeAt(0) >= 0x40 && text.charCodeAt(0) < 0x80 && /^(?:cp932|gb18030|big5|cp949)$/.test(this.#pendingCharset) && this.#openPair()) {
      this.#pending.push(text.charCodeAt(0));
      return;
    }
    this.#flush();
    this.#out.push(text);
  }

  /** True when the pending bytes end in the first half of a pair. */
  #openPair(): boolean {
    let open = false;
    for (const byte of this.#pending.slice(-64)) open = !open && (this.#pendingCharset === 'cp932' ? (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc) : byte >= 0x81);
    return open;
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#out.push(decode(Buffer.from(this.#pending), this.#pendingCharset).text);
    this.#pending = [];
  }
}
