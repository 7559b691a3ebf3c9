import PostalMime from 'postal-mime';

const TEXT_MAX = 200_000;
const DEPTH_MAX = 20;
const HEADERS_MAX = 256 * 1024;

export interface ReadMail {
  readonly subject: string;
  /** The sender's name, as written. */
  readonly name: string;
  readonly text: string;
  /** A mail hangs on it as a file. */
  readonly attached: boolean;
  readonly files: number;
}

/** Runs in a watched child process: the readable parts of a mail from outside. */
export default async function read(bytes: Uint8Array): Promise<ReadMail> {
  const mail = await new PostalMime({ maxNestingDepth: DEPTH_MAX, maxHeadersSize: HEADERS_MAX, attachmentEncoding: 'arraybuffer', forceRfc822Attachments: true }).parse(bytes);
  const text = mail.text?.trim() ? mail.text : textOf(mail.html ?? '');
  return {
    subject: (mail.subject ?? '').slice(0, 1000), name: (mail.from && 'name' in mail.from ? (mail.from.name ?? '') : '').slice(0, 200), text: text.slice(0, TEXT_MAX).replaceAll('\r\n', '\n'),
    attached: mail.attachments.some((a) => a.mimeType === 'message/rfc822' || /\.(?:eml|msg|zip)$/i.test(a.filename ?? '')), files: mail.attachments.length,
  };
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" };

/** The words of an HTML mail, a line a block; one pass over at most a million characters. */
export function textOf(html: string): string {
  const source = html.slice(0, 1_000_000);
  let out = '';
  for (let at = 0; at < source.length && out.length < TEXT_MAX; ) {
    const open = source.indexOf('<', at);
    out += source.slice(at, open < 0 ? source.length : open).replace(/\s+/g, ' ');
    if (open < 0) break;
    const name = /^\/?[a-z0-9!]{1,12}/i.exec(source.slice(open + 1, open + 14))?.[0].toLowerCase() ?? '';
    let close = source.indexOf('>', open);
    if (name === 'style' || name === 'script' || name === 'head' || name === 'title') {
      const end = indexOfTag(source, `</${name}`, open);
      close = end < 0 ? -1 : source.indexOf('>', end);
    } else if (name === '!') close = source.startsWith('<!--', open) ? source.indexOf('-->', open) + (source.indexOf('-->', open) < 0 ? 0 : 2) : close;
    if (close < 0) break;
    if (/^\/?(?:br|p|div|tr|li|h[1-6]|table|blockquote|hr)$/.test(name)) out += '\n';
    at = close + 1;
  }
  return out.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, dec?: string, hex?: string, name?: string) => {
    const code = dec ? Number(dec) : hex ? Number.parseInt(hex, 16) : null;
    if (code !== null) return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '';
    return NAMED[name!.toLowerCase()] ?? whole;
  }).split('\n').map((line) => line.trimEnd()).filter((line, i, all) => line !== '' || (i > 0 && all[i - 1] !== '')).join('\n').trim();
}

/** Case does not matter for tags; the mail is folded once for all searches of one kind. */
let folded: { source: string; lower: string } | null = null;
function indexOfTag(source: string, tag: string, from: number): number {
  if (folded?.source !== source) folded = { source, lower: source.toLowerCase() };
  return folded.lower.indexOf(tag, from);
}
