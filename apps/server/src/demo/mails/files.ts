import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'uqr';
import { Random } from '../random.ts';
import type { DemoFile } from './types.ts';

/** A zip of one locked entry, as a partner's program makes it (APPNOTE 4.3.7, flag bit 0). What is inside is chance, and nobody knows its password. */
export function lockedZip(name: string, entry: string): DemoFile {
  const random = new Random(`locked ${name}`);
  const inside = Buffer.from(entry, 'utf8');
  const data = Buffer.from(Array.from({ length: 2_400 }, () => random.int(0, 255)));
  // Version 2.0, flags: encrypted, name in UTF-8; method 8.
  const common = Buffer.alloc(26);
  [20, 0x801, 8, 0x6000, 0x5a78].forEach((value, i) => common.writeUInt16LE(value, i * 2));
  common.writeUInt32LE(crc32(data), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(data.length * 3, 18);
  common.writeUInt16LE(inside.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, inside, data]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), inside]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return { name, type: 'application/zip', bytes: Buffer.concat([local, central, end]) };
}

/** A page that asks for a password, as a file. */
export const formPage = (name: string, title: string, action: string): DemoFile => ({
  name, type: 'text/html',
  bytes: Buffer.from(`<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>書類を開くには、会社のメールでサインインしてください。</p><form method="post" action="${action}"><input type="email" name="m"><input type="password" name="p"><button>開く</button></form></body></html>\n`),
});

/** Named like a paper, begins like a Windows program, holds no code: enough for a static look, nothing that runs. */
export function emptyProgram(name: string): DemoFile {
  const bytes = Buffer.alloc(512);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write('PE\0\0', 0x80, 'latin1');
  return { name, type: 'application/octet-stream', bytes };
}

/** A plain page of PDF with one line of Latin text. */
export const plainPdf = (name: string, line: string): DemoFile => {
  const stream = `BT /F1 14 Tf 60 780 Td (${line}) Tj ET`;
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>', `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const at = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`;
  return { name, type: 'application/pdf', bytes: Buffer.from(text, 'latin1') };
};

/** A picture (PNG, one byte a pixel) of a QR code, six pixels a module. */
export function qrPicture(name: string, text: string): DemoFile {
  const rows = encode(text, { border: 4 }).data;
  const scale = 6;
  const width = rows.length * scale;
  const pixels = Buffer.alloc((width + 1) * width, 255);
  for (let y = 0; y < width; y++) {
    pixels[y * (width + 1)] = 0;
    for (let x = 0; x < width; x++) if (rows[Math.floor(y / scale)]![Math.floor(x / scale)]) pixels[y * (width + 1) + 1 + x] = 0;
  }
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(width, 4);
  head[8] = 8;
  return { name, type: 'image/png', bytes: Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]) };
}
