/** Pictures and printed pages: PNG, QR codes (zxing's writer, its program read from node_modules), a PDF of one page. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

let ready: Promise<unknown> | undefined;

function writer(): Promise<unknown> {
  ready ??= prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')))).buffer }, fireImmediately: true });
  return ready;
}

/** A PNG with a QR code of the text, four pixels a module. */
export async function qrPicture(text: string): Promise<Uint8Array> {
  await writer();
  const made = await writeBarcode(text, { format: 'QRCode', scale: 4 });
  if (!made.image) throw new Error(`no QR code: ${made.error}`);
  return new Uint8Array(await made.image.arrayBuffer());
}

/** A plain picture with two bands of colour, for logos and seals. */
export function picture(width: number, height: number): Uint8Array {
  const png = new PNG({ width, height });
  for (let at = 0; at < png.data.length; at += 4) png.data.set(at / 4 < (width * height) / 2 ? [34, 92, 140, 255] : [240, 244, 248, 255], at);
  return PNG.sync.write(png);
}

function hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}

/** A PDF 1.4 page with lines of Japanese text (font not embedded), link annotations and, when asked, a QR code. */
export async function printedPage(page: { readonly lines: readonly string[]; readonly links?: readonly string[]; readonly qr?: string }): Promise<Uint8Array> {
  const objects: Buffer[] = [];
  const add = (text: string, data?: Buffer): number => objects.push(data ? Buffer.concat([Buffer.from(`${text}\nstream\n`, 'latin1'), data, Buffer.from('\nendstream', 'latin1')]) : Buffer.from(text, 'latin1'));
  add('<</Type/Catalog/Pages 2 0 R>>');
  add('<</Type/Pages/Kids[3 0 R]/Count 1>>');
  const pageAt = add('');
  const face = add('<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiKakuGo-W5/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor 5 0 R>>');
  add('<</Type/FontDescriptor/FontName/HeiseiKakuGo-W5/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 850/Descent -150/CapHeight 700/StemV 80>>');
  const font = add(`<</Type/Font/Subtype/Type0/BaseFont/HeiseiKakuGo-W5/Encoding/UniJIS-UTF16-H/DescendantFonts[${face} 0 R]>>`);
  let content = `BT /F1 11 Tf 60 780 Td 18 TL\n${page.lines.map((line) => `<${hex(line)}> Tj T*`).join('\n')}\nET\n`;
  let images = '';
  if (page.qr !== undefined) {
    const png = PNG.sync.read(Buffer.from(await qrPicture(page.qr)));
    const grey = Buffer.from(Array.from({ length: png.width * png.height }, (_, index) => png.data[index * 4]!));
    const packed = deflateSync(grey);
    const at = add(`<</Type/XObject/Subtype/Image/Width ${png.width}/Height ${png.height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length ${packed.length}>>`, packed);
    images = `/XObject<</Q ${at} 0 R>>`;
    content += 'q 160 0 0 160 60 380 cm /Q Do Q\n';
  }
  const body = deflateSync(Buffer.from(content, 'latin1'));
  const stream = add(`<</Length ${body.length}/Filter/FlateDecode>>`, body);
  const annotations = (page.links ?? []).map((url, index) => add(`<</Type/Annot/Subtype/Link/Rect[60 ${560 - index * 24} 300 ${578 - index * 24}]/Border[0 0 0]/A<</S/URI/URI(${url.replace(/[()\\]/g, '\\$&')})>>>>`));
  objects[pageAt - 1] = Buffer.from(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 ${font} 0 R>>${images}>>/Contents ${stream} 0 R/Annots[${annotations.map((at) => `${at} 0 R`).join(' ')}]>>`, 'latin1');
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  objects.forEach((object, index) => {
    offsets.push(length);
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    length += part.length;
  });
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}
