/** Extensions whose files begin with fixed bytes, and the types that are such files. Text types are not told by their bytes. */
const EXPECTED: Readonly<Record<string, string>> = {
  pdf: 'pdf', png: 'png jpg gif webp bmp heic', jpg: 'jpg png gif webp bmp heic', jpeg: 'jpg png gif webp bmp heic', gif: 'gif png jpg webp', bmp: 'bmp png jpg', webp: 'webp png jpg', tif: 'tiff', tiff: 'tiff', heic: 'heic jpg png',
  zip: 'zip', '7z': '7z', rar: 'rar', cab: 'cab', gz: 'gzip', tgz: 'gzip', iso: 'iso udf', lzh: 'lzh',
  docx: 'docx encrypted_office', xlsx: 'xlsx encrypted_office', pptx: 'pptx encrypted_office', docm: 'docm docx encrypted_office', xlsm: 'xlsm xlsx encrypted_office', xlsb: 'xlsb encrypted_office', pptm: 'pptm pptx encrypted_office',
  // Older programs, and Japanese business systems above all, write text, HTML or XML under the old names.
  doc: 'doc rtf docx html mht xml wordxml text ole encrypted_office', xls: 'xls xlsx html mht xml excelxml text ole encrypted_office', ppt: 'ppt pptx ole encrypted_office', rtf: 'rtf doc docx',
  txt: 'text eml ics vcf xml', csv: 'text', mp4: 'mp4', mp3: 'mp3', wav: 'wav', mov: 'mp4', exe: 'exe', lnk: 'lnk', one: 'onenote', msg: 'msg ole',
  xml: 'xml text wordxml excelxml svg html', json: 'text', ics: 'ics text', vcf: 'vcf text', html: 'html text xml svg mht', htm: 'html text xml svg mht', svg: 'svg xml text',
};
const TYPES = new Map(Object.entries(EXPECTED).map(([ext, types]) => [ext, new Set(types.split(' '))]));

/** Types that do something when opened: under any harmless label they are a disguise. */
const ACTIVE = new Set('exe elf macho class jar apk msix msi chm hlp script jnlp lnk url library-ms search-ms settingcontent-ms iso udf img vhd vhdx vmdk wim dmg onenote html svg mht docm xlsm pptm'.split(' '));

/**
 * True when the bytes are certainly not what the extension says, or when something active is declared as a picture, a
 * sound, a PDF or plain text. Bytes of no known type prove nothing.
 */
export function mismatches(ext: string, declaredType: string, realType: string): boolean {
  if (realType === 'empty' || realType === 'unknown') return false;
  const expected = TYPES.get(ext);
  if (expected !== undefined && !expected.has(realType)) return !(realType === 'script' && expected.has('text'));
  if (expected === undefined && ext !== '' && ACTIVE.has(realType) && HARMLESS.has(ext)) return true;
  const declared = declaredType.toLowerCase();
  if (/^image\/svg/.test(declared)) return false;
  return /^(?:image|audio|video)\/|^application\/pdf/.test(declared) && ACTIVE.has(realType);
}

const HARMLESS = new Set('log md ini dat bak tmp jww dwg dxf psd ai eps odt ods odp xps wmv avi'.split(' '));
