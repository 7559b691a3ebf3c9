/** What a file name promises or hides. Extensions are lower case without the dot. */
export type Nature = 'executable' | 'script' | 'shortcut' | 'disk_image' | 'onenote' | 'html' | 'archive' | 'macro_office' | 'other';

const BY_NATURE: Readonly<Record<Exclude<Nature, 'other'>, string>> = {
  executable: 'exe com scr pif cpl msi msp mst msix msixbundle appx appxbundle appinstaller application dll ocx sys drv jar apk app xll wll gadget chm hlp pkg deb rpm',
  script: 'js jse mjs vbs vbe vb wsf wsc wsh sct hta ps1 psm1 psd1 ps1xml bat cmd reg inf sh bash command py pyw pl rb scpt applescript iqy slk jnlp ahk au3 a3x',
  shortcut: 'lnk url website webloc desktop scf library-ms search-ms searchconnector-ms settingcontent-ms rdp mad maf appref-ms',
  disk_image: 'iso img vhd vhdx udf dmg vmdk wim',
  onenote: 'one onetoc2 onepkg',
  html: 'html htm xhtml xht shtml mht mhtml svg svgz',
  archive: 'zip zipx 7z rar r00 gz tgz tar cab arj ace lzh lha bz2 tbz xz txz z zst alz egg',
  macro_office: 'docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm accde mde mdb accdb pub',
};
const NATURES = new Map<string, Nature>();
for (const [nature, list] of Object.entries(BY_NATURE)) for (const ext of list.split(' ')) NATURES.set(ext, nature as Nature);

const MASKS = new Set('pdf doc docx xls xlsx ppt pptx rtf txt csv jpg jpeg png gif bmp tif tiff heic mp3 mp4 mov wav zip 7z rar html htm xml ics eml msg jww dwg'.split(' '));

/** The name as a program would take it: last path element, without direction characters, trailing dots and blanks. */
export function cleanName(name: string): string {
  const last = name.slice(-1_000).split(/[\\/]/).at(-1) ?? '';
  return last.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u0000-\u001f]/g, '').replace(/[.\s\u3000]{1,1000}$/, '');
}

/** Lower case, without the dot; '' when there is none. */
export function extension(name: string): string {
  const clean = cleanName(name);
  const dot = clean.lastIndexOf('.');
  return dot < 0 || clean.length - dot > 24 ? '' : clean.slice(dot + 1).trim().toLowerCase();
}

export function natureOf(ext: string): Nature {
  return NATURES.get(ext) ?? 'other';
}

/** Natures that run or lead somewhere when opened; an archive or a plain macro file is not yet one of them. */
export function opensCode(nature: Nature): boolean {
  return nature === 'executable' || nature === 'script' || nature === 'shortcut' || nature === 'disk_image' || nature === 'onenote' || nature === 'html';
}

/**
 * Two extensions of which only the harmless first one meets the eye (`invoice.pdf.exe`), or the true one pushed out of
 * sight by a row of blanks. `report.pdf.zip` and `x.tar.gz` are ordinary.
 */
export function hasDoubleExtension(name: string): boolean {
  const clean = cleanName(name);
  const ext = extension(clean);
  if (!opensCode(natureOf(ext))) return false;
  const stem = clean.slice(0, clean.length - ext.length).replace(/[.\s]{1,1000}$/, '');
  const blanks = clean.length - ext.length - stem.length;
  const inner = stem.slice(stem.lastIndexOf('.') + 1).trim().toLowerCase();
  return (stem.includes('.') && MASKS.has(inner) && inner !== ext) || blanks > 8;
}

/** Characters that turn the direction of reading: `invoice‮fdp.exe` is shown as `invoiceexe.pdf`. One leading embedding mark, as Windows copies it, is no trick. */
export function hasDirectionTrick(name: string): boolean {
  return /[\u202b\u202d\u202e\u2066-\u2068]/.test(name) || name.indexOf('\u202a', 1) > 0;
}

/** A name for people and evidence: control characters out, at most 255 characters. */
export function shownName(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 255);
}
