import { buffer, startsWith } from './bytes.ts';
import { readCompound } from './cfb.ts';
import { judgePicture } from './picture.ts';
import { judgeMacro } from './macros.ts';
import { judgeProject, judgeFields } from './ole.ts';
import { natureOf, extension, opensCode } from './names.ts';
import type { Probe } from './probe.ts';
import { urlsIn } from './url.ts';
import { scanTags } from './xml.ts';
import type { Archive, Entry } from './zip.ts';

/** Relationships that make Office load something by itself. */
const LOADED = /\/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath|mailMergeSource|control|slideMaster|vbaProject|webSettings)$/i;
/** Somewhere outside this computer: web, mail handlers, a network path. A template on the writer's own disk is ordinary. */
const REMOTE = /^(?:https?:|ftp:|mhtml:|x-usc:|ms-[a-z-]{2,30}:|script:|\\\\|\/\/|file:\/{0,3}\\\\|file:\/{4}|file:\/\/[^/\\:]{2,253}[\\/])/i;

/**
 * Inspects the parts of an Office document (ECMA-376): macros under any name, what is loaded from outside, embedded
 * objects, DDE, links, pictures, text. Gives its type.
 */
export async function judgeOoxml(archive: Archive, probe: Probe): Promise<string> {
  let types = '';
  let encrypted = false;
  let pictures = 0;
  const names = new Set<string>();
  const parts = archive.entries.filter(({ folder }) => !folder).slice(0, 1_000).sort((a, b) => rank(a.name) - rank(b.name));
  for (const part of parts) {
    if (probe.late()) break;
    const name = part.name.toLowerCase();
    names.add(name);
    if (part.encrypted) encrypted = true;
    const kind = partKind(name);
    if (part.read === undefined || (kind === 'picture' && ++pictures > 12)) continue;
    const content = part.read(probe.budget);
    if (content.kind === 'bomb') {
      probe.flag('archive_bomb');
      probe.trouble('archive_too_large');
      break;
    }
    if (content.kind === 'broken') {
      probe.trouble('broken_container');
      continue;
    }
    if (kind === 'picture') await judgePicture(content.bytes, probe);
    else if (kind === 'xml') {
      const text = buffer(content.bytes).toString('utf8', 0, Math.min(content.bytes.length, 8_000_000));
      if (name === '[content_types].xml') types = text;
      judgeXml(name, text, probe);
    } else await judgeBinary(part, content.bytes, probe);
  }
  if (encrypted) probe.flag('encrypted_archive');
  return typeOf(types, names, probe);
}

/** The small parts that say most come first, so that a huge sheet cannot use up the time before them. */
function rank(name: string): number {
  const lower = name.toLowerCase();
  if (lower === '[content_types].xml') return 0;
  if (lower.endsWith('.rels')) return 1;
  if (lower.endsWith('.bin')) return 2;
  return /media\//.test(lower) ? 4 : 3;
}

function partKind(name: string): 'xml' | 'picture' | 'other' {
  if (/\.(?:xml|rels|vml)$/.test(name)) return 'xml';
  return /\.(?:png|jpe?g|gif|jfif)$/.test(name) ? 'picture' : 'other';
}

function typeOf(types: string, names: ReadonlySet<string>, probe: Probe): string {
  const lower = types.toLowerCase();
  const macro = probe.flags.has('macro') || lower.includes('macroenabled') || lower.includes('ms-office.vbaproject');
  const has = (folder: string): boolean => [...names].some((name) => name.startsWith(folder));
  if (lower.includes('macroenabled.main') || lower.includes('ms-office.vbaproject')) probe.flag('macro');
  if (lower.includes('sheet.binary') || names.has('xl/workbook.bin')) return 'xlsb';
  if (lower.includes('wordprocessingml') || lower.includes('ms-word') || has('word/')) return macro ? 'docm' : 'docx';
  if (lower.includes('spreadsheetml') || lower.includes('ms-excel') || has('xl/')) return macro ? 'xlsm' : 'xlsx';
  if (lower.includes('presentationml') || lower.includes('ms-powerpoint') || has('ppt/')) return macro ? 'pptm' : 'pptx';
  return 'ooxml';
}

function judgeXml(name: string, text: string, probe: Probe): void {
  if (name.endsWith('.rels')) return judgeRelationships(text, probe);
  if (/macrosheets\//.test(name)) {
    probe.flag('macro');
    probe.word('Excel 4 macro sheet');
  }
  if (name === 'xl/workbook.xml' && /<definedname[^>]{0,400}name="(?:_xlnm\.)?auto_?(?:open|close|activate)/i.test(text.slice(0, 1_000_000))) {
    probe.flag('macro_autoexec');
    probe.word('Auto_Open');
  }
  if (/^(?:word|xl|ppt|docprops\/custom)/.test(name)) judgeContent(name, text, probe);
}

function judgeRelationships(text: string, probe: Probe): void {
  scanTags(text, { stop: () => probe.late(), tag: ({ name, attributes }) => {
    if (!name.endsWith('relationship') || attributes.get('targetmode')?.toLowerCase() !== 'external') return;
    const target = attributes.get('target') ?? '';
    const type = attributes.get('type') ?? '';
    probe.link(target);
    if (!LOADED.test(type) || !REMOTE.test(target)) return;
    probe.flag('external_template');
    probe.word(type.slice(type.lastIndexOf('/') + 1));
  } }, false);
}

/** Text, fields and formulas of one part. A field's instruction may be cut into many runs; they are joined again. */
function judgeContent(name: string, text: string, probe: Probe): void {
  let words = '';
  let field = '';
  let current = '';
  let formulas = '';
  const wanted = /^xl\/(?:sharedstrings|worksheets|drawings|comments|macrosheets)|^word\/(?:document|header|footer|comments|footnotes|endnotes|glossary)|^ppt\/(?:slides|notesslides)\//.test(name);
  scanTags(text, {
    stop: () => probe.late(),
    tag: (tag) => {
      current = tag.closing ? '' : tag.name;
      if (!tag.closing && (tag.name === 'w:fldchar' || tag.name === 'w:fldsimple')) field += `\u0013${tag.attributes.get('w:instr') ?? ''}`;
      if (tag.name === 'ddelink' || tag.name === 'oleitem') {
        probe.flag('dde');
        probe.word(`DDE ${tag.attributes.get('ddeservice') ?? ''}`);
      }
      if (tag.closing && /^(?:w:p|a:p|si|row|w:tr)$/.test(tag.name)) words += '\n';
      if (tag.name === 'w:tab' || (tag.closing && /^(?:c|w:tc)$/.test(tag.name))) words += ' ';
    },
    text: (piece) => {
      if (current === 'w:instrtext' || current === 'w:deltext') field += piece.slice(0, 4_000);
      else if (current === 'f') formulas += `${piece.slice(0, 4_000)}\n`;
      else if ((current === 't' || current === 'w:t' || current === 'a:t' || (current === 'text' && wanted)) && words.length < 400_000) words += piece;
    },
  }, false);
  judgeFields(field.slice(0, 2_000_000), probe);
  // Each piece of a split instruction lost its mark, so the joined text is asked, too.
  if (/\bdde(?:auto)?\s{1,8}["\\c]/i.test(field.replaceAll('\u0013', '').slice(0, 2_000_000))) {
    probe.flag('dde');
    probe.word('DDE');
  }
  if (/(?:^|[=+\-(,])\s{0,4}(?:cmd|mshta|powershell|rundll32|regsvr32|msexcel)\s{0,4}\|/im.test(formulas)) {
    probe.flag('dde');
    probe.word('DDE');
  }
  if (/macrosheets\//.test(name)) judgeMacro(formulas, probe);
  for (const url of urlsIn(`${field}\n${formulas}\n${words}`, 300)) probe.link(url);
  if (wanted) probe.read(words);
}

/** Parts that are no XML: VBA under whatever name, embedded objects and files. */
async function judgeBinary(part: Entry, bytes: Uint8Array, probe: Probe): Promise<void> {
  const name = part.name.toLowerCase();
  const isOle = startsWith(bytes, 'd0cf11e0a1b11ae1');
  if (isOle && judgeProject(readCompound(bytes) ?? [], probe)) return;
  if (/(?:^|\/)vbaproject\.bin$/.test(name)) {
    // A project that cannot be read is still one.
    probe.flag('macro');
    probe.trouble('attachment_unreadable');
    return;
  }
  if (/(?:^|\/)(?:printersettings\d*|vbaprojectsignature\w*)\.bin$/.test(name) || /\.(?:emf|wmf|odttf|fntdata|tiff?|bmp|svg|wdp|ttf|mp4|mp3|wav|xlsb)$/.test(name)) return;
  if (/activex\//.test(name)) probe.flag('embedded_object');
  if (/embeddings\//.test(name)) {
    // Charts carry their figures as a workbook: that is an ordinary embedding.
    if (!/\.(?:xlsx|docx|pptx)$/.test(name)) probe.flag('embedded_object');
    if (opensCode(natureOf(extension(name)))) probe.flag('dangerous_inside');
    await probe.inside(part.name, bytes, true);
  } else if (isOle) await probe.inside(part.name, bytes, true);
}
