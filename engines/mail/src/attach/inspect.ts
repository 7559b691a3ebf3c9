import { createHash } from 'node:crypto';
import type { Attachment, FileFacts, FileFlag, Link, Trouble } from '../types.ts';
import { walkArchive } from './archive.ts';
import { Budget } from './budget.ts';
import { decodeText, slice } from './bytes.ts';
import { isContainer, openContainer } from './containers.ts';
import { judgeMarkup } from './html.ts';
import { cleanName, extension, hasDirectionTrick, hasDoubleExtension, natureOf, shownName } from './names.ts';
import { mismatches } from './mismatch.ts';
import { judgeOle } from './ole.ts';
import { judgeOneNote } from './onenote.ts';
import { judgeOoxml } from './ooxml.ts';
import { judgePdf } from './pdf.ts';
import { judgePicture } from './picture.ts';
import { Probe } from './probe.ts';
import { judgeRtf } from './rtf.ts';
import { judgeLnk, judgeTextFile } from './shortcut.ts';
import { sniff } from './sniff.ts';
import { isOffice, packageType, readZip } from './zip.ts';

export interface Inspected {
  /** One for each attachment, in their order. What is found inside a file is told of the file that was attached. */
  readonly files: FileFacts[];
  readonly links: Link[];
  /** Readable text of files, at most 50,000 characters each. */
  readonly texts: { readonly file: string; readonly text: string }[];
  readonly troubles: Trouble[];
}

/**
 * What the attachments of one mail are and do, by their bytes alone: nothing is run, drawn or fetched. Never throws;
 * what could not be read is a trouble, what is encrypted is a flag. All attachments share one budget (default: 100 MB
 * inflated, 200 entries, 40 megapixels, 4 seconds). Attached mails are listed and left to the parser.
 */
export async function inspectFiles(attachments: readonly Attachment[], budget: Budget = new Budget()): Promise<Inspected> {
  const result: Inspected = { files: [], links: [], texts: [], troubles: [] };
  for (const { name, declaredType, bytes } of attachments) {
    const probe = new Probe(shownName(name), budget, inspectInside);
    let realType = 'unknown';
    try {
      realType = await inspect(name, declaredType, bytes, probe);
    } catch {
      // A reader met bytes that nobody foresaw: the file stays unread, the others are read on.
      probe.flag('unreadable');
      probe.trouble('attachment_unreadable');
    }
    result.files.push({
      name: shownName(name), size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), declaredType: declaredType.slice(0, 200), realType,
      flags: [...probe.flags], entries: probe.entries, words: [...probe.words],
    });
    result.links.push(...probe.links);
    if (probe.text !== '') result.texts.push({ file: probe.file, text: probe.text });
    result.troubles.push(...probe.troubles);
  }
  return result;
}

async function inspect(name: string, declaredType: string, bytes: Uint8Array, probe: Probe): Promise<string> {
  const nature = natureOf(extension(name));
  if (hasDirectionTrick(name)) probe.flag('rtlo');
  if (hasDoubleExtension(name)) probe.flag('double_extension');
  if (nature !== 'other' && nature !== 'html' && nature !== 'macro_office') probe.flag(nature);
  if (probe.late()) return sniff(bytes);
  const type = await read(name, bytes, probe);
  for (const flag of flagsOf(type)) probe.flag(flag);
  if (mismatches(extension(name), declaredType, type)) probe.flag('type_mismatch');
  return type;
}

/** What lies inside another file: what would run by itself is told as danger inside, all else as it is. */
async function inspectInside(name: string, bytes: Uint8Array, probe: Probe): Promise<void> {
  if (probe.late()) return;
  const had = new Set(probe.flags);
  const type = await read(name, bytes, probe);
  const flags = flagsOf(type);
  if (flags.includes('archive')) probe.flag('nested_archive');
  if (type === 'html' || type === 'svg' || type === 'mht') {
    // In a zip or an object it is opened from the disk; inside a page or a document's pictures it is never seen so.
    if (!probe.path.endsWith('/') || natureOf(extension(name)) === 'html' || cleanName(name) === '') probe.flag('dangerous_inside');
  } else if (flags.some((flag) => INSIDE.has(flag))) probe.flag('dangerous_inside');
  if (mismatches(extension(name), '', type)) probe.flag('type_mismatch');
  for (const flag of INSIDE) if (!had.has(flag)) probe.flags.delete(flag);
}

/** Flags that speak of the attachment itself. Of a file inside they become `dangerous_inside`. */
const INSIDE: ReadonlySet<FileFlag> = new Set<FileFlag>(['executable', 'script', 'shortcut', 'disk_image', 'onenote']);

function flagsOf(type: string): FileFlag[] {
  switch (type) {
    case 'exe': case 'elf': case 'macho': case 'class': case 'jar': case 'apk': case 'msix': case 'msi': case 'chm': case 'hlp': case 'swf': return ['executable'];
    case 'script': case 'jnlp': return ['script'];
    case 'lnk': case 'url': case 'library-ms': case 'search-ms': case 'settingcontent-ms': return ['shortcut'];
    case 'iso': case 'udf': case 'img': case 'vhd': case 'vhdx': case 'vmdk': case 'wim': case 'dmg': return ['disk_image'];
    case 'onenote': case 'onepkg': return ['onenote'];
    case 'zip': case '7z': case 'rar': case 'gzip': case 'bzip2': case 'xz': case 'zstd': case 'tar': case 'cab': case 'arj': case 'ace': case 'lzh': return ['archive'];
    default: return [];
  }
}

/** Reads one file by its true type, whatever it is called. Gives that type. */
async function read(name: string, bytes: Uint8Array, probe: Probe): Promise<string> {
  const type = sniff(bytes);
  const ext = extension(name);
  switch (type) {
    case 'zip': return readZipFile(bytes, probe);
    case 'ole': return judgeOle(bytes, probe);
    case 'pdf': await judgePdf(bytes, probe); return type;
    case 'rtf': await judgeRtf(bytes, probe); return type;
    case 'lnk': judgeLnk(bytes, probe); return type;
    case 'onenote': await judgeOneNote(bytes, probe); return type;
    case 'png': case 'jpg': case 'gif': case 'bmp': await judgePicture(bytes, probe); return type;
    // A browser or a phone shows these, and nothing here reads them: that is told.
    case 'webp': case 'heic': case 'tiff': probe.trouble('picture_not_read'); return type;
    case 'eml': return type;
    case 'html': case 'svg': judgeMarkup(decodeText(slice(bytes, 0, 8_000_000)), probe, type); return ext === 'hta' ? 'script' : type;
    case 'mht': judgeTextFile(bytes, type, probe); return type;
    case 'text': case 'xml': case 'script': case 'ics': case 'vcf': case 'url': case 'library-ms': case 'search-ms': case 'settingcontent-ms': case 'jnlp': case 'wordxml': case 'excelxml': return readText(bytes, type, ext, probe);
    default:
      if (isContainer(type)) {
        const container = openContainer(type, name, bytes);
        if (container !== undefined) await walkArchive(container, probe);
      }
      return type;
  }
}

async function readZipFile(bytes: Uint8Array, probe: Probe): Promise<string> {
  const archive = readZip(bytes);
  if (isOffice(archive)) return judgeOoxml(archive, probe);
  await walkArchive(archive, probe);
  return packageType(archive) ?? 'zip';
}

/** Plain text is what its name makes of it: a browser opens text called `.html` as a page, Windows runs it called `.js`. */
function readText(bytes: Uint8Array, type: string, ext: string, probe: Probe): string {
  const nature = natureOf(ext);
  if (nature === 'html' && (type === 'text' || type === 'xml' || type === 'script')) {
    const kind = /^svg/.test(ext) ? 'svg' : 'html';
    judgeMarkup(decodeText(slice(bytes, 0, 8_000_000)), probe, kind);
    return kind;
  }
  const taken = nature === 'script' && type === 'text' ? 'script' : nature === 'shortcut' && type === 'text' ? 'url' : type;
  judgeTextFile(bytes, taken, probe);
  return taken;
}
