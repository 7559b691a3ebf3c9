import assert from 'node:assert/strict';
import { createDeflateRaw, gzipSync, deflateSync } from 'node:zlib';
import { test } from 'node:test';
import fc from 'fast-check';
import { asciiQr } from '../../src/attach/ascii-qr.ts';
import { Budget } from '../../src/attach/budget.ts';
import { inspectFiles } from '../../src/attach/inspect.ts';
import type { Attachment } from '../../src/types.ts';
import { attach, compound, DROPPER, exe, flags, office, one, pdf, pdfStream, vbaProject, zip } from './build.ts';
import { cab, iso, lnk, oneNote, rar4, rar5, sevenZip, tar } from './build-archives.ts';
import { gif, jpg, png, qr } from './build-pictures.ts';

/** Deflate of zeros, made in a stream: a gigabyte becomes a megabyte without ever being in memory. */
async function zeros(bytes: number): Promise<Buffer> {
  const stream = createDeflateRaw({ level: 9 });
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  const block = Buffer.alloc(4 * 1024 * 1024);
  for (let left = bytes; left > 0; left -= block.length) if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
  stream.end();
  await new Promise((resolve) => stream.once('end', resolve));
  return Buffer.concat(parts);
}

/**
 * Settles within the default four seconds and some for a last step that had begun; gives what was told. Time of the
 * processor is measured, of all threads together: on a busy machine the clock says little.
 */
async function bounded(files: readonly Attachment[], millisMax = 5_000): Promise<Awaited<ReturnType<typeof inspectFiles>>> {
  const start = process.cpuUsage();
  const result = await inspectFiles(files);
  const took = process.cpuUsage(start);
  assert.ok(took.user + took.system < millisMax * 1_000, `took ${Math.round((took.user + took.system) / 1_000)} ms`);
  return result;
}

test('a gigabyte of zeros in a zip is stopped at the budget and called a bomb', async () => {
  const packed = await zeros(1024 ** 3);
  for (const declared of [1024 ** 3, 10]) {
    const { files, troubles } = await bounded([attach('a.zip', zip([{ name: 'a.bin', packed, declared }]))]);
    assert.deepEqual([flags(files[0]!), troubles.map(({ code }) => code)], [['archive', 'archive_bomb'], ['archive_too_large']]);
  }
  const { files } = await bounded([attach('a.docx', zip([{ name: '[Content_Types].xml', data: '<Types/>' }, { name: 'word/document.xml', packed, declared: 100 }]))]);
  assert.ok(files[0]!.flags.includes('archive_bomb'));
});

test('the budget of inflated bytes holds over all attachments together', async () => {
  const packed = await zeros(8 * 1024 * 1024);
  const one = zip([{ name: 'a.bin', packed, declared: 8 * 1024 * 1024 }]);
  const { files } = await bounded(Array.from({ length: 14 }, (_, i) => attach(`${i}.zip`, one)));
  assert.equal(files.filter((file) => file.flags.includes('archive_bomb')).length, 2);
});

test('bombs in bombs, gzip of gzip, and one entry listed a thousand times stay inside', async () => {
  const packed = await zeros(200 * 1024 * 1024);
  const bomb = zip([{ name: 'a.bin', packed, declared: 5 }]);
  const nested = await bounded([attach('a.zip', zip(Array.from({ length: 300 }, (_, i) => ({ name: `${i}.zip`, data: bomb }))))]);
  assert.ok(nested.files[0]!.flags.includes('archive_bomb'));
  let gz = Buffer.alloc(20 * 1024 * 1024);
  for (let i = 0; i < 6; i++) gz = gzipSync(gz);
  assert.ok((await bounded([attach('a.gz', gz)])).files[0]!.entries.length <= 4);
  const many = await bounded([attach('a.zip', zip(Array.from({ length: 3000 }, (_, i) => ({ name: `${i}.txt`, data: 'x' }))))]);
  assert.equal(many.files[0]!.entries.length, 200);
  assert.deepEqual(many.troubles.map(({ code }) => code), ['archive_too_large']);
});

test('a PDF of a million objects, and one of streams that open and never close, end in time', async () => {
  const million = Buffer.from(`%PDF-1.7\n${Array.from({ length: 1_000_000 }, (_, i) => `${i} 0 obj\n<< /A ${i} >>\nendobj\n`).join('')}`);
  const { files } = await bounded([attach('a.pdf', million)]);
  assert.equal(files[0]!.realType, 'pdf');
  await bounded([attach('a.pdf', `%PDF-1.7\n${'1 0 obj << /Filter /FlateDecode >> stream\n'.repeat(200_000)}`)]);
  await bounded([attach('a.pdf', `%PDF-1.7\n${'1 0 obj << /S /Launch /F (a) /URI (http'.repeat(100_000)}`)]);
  await bounded([attach('a.pdf', `%PDF-1.7\n${'/URI '.repeat(100_000)}${'('.repeat(1_000_000)}`)]);
});

test('object streams and pictures of a PDF that inflate without end are bombs', async () => {
  const bomb = deflateSync(Buffer.alloc(60 * 1024 * 1024));
  const facts = await one('a.pdf', pdf({ objects: Array.from({ length: 30 }, () => pdfStream('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', bomb)) }));
  assert.ok(facts.flags.includes('archive_bomb'));
  await bounded([attach('a.pdf', pdf({ objects: Array.from({ length: 40 }, () => pdfStream('/Subtype /Image /Width 6000 /Height 6000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode', bomb)) }))]);
});

test('a PDF that makes the text reader spin ends its thread, and the next PDF is read', async () => {
  // Pages that lead to themselves, and a content stream of a million operators.
  const loop = pdf({ objects: [pdfStream('', 'q Q '.repeat(2_000_000), true)] }).toString('latin1').replace('/Kids [3 0 R]', '/Kids [2 0 R 3 0 R]').replace('/Contents 4 0 R', '/Contents 10 0 R');
  await bounded([attach('a.pdf', Buffer.from(loop, 'latin1'))]);
  assert.match((await one('b.pdf', pdf({ text: 'Still reading' }))).text, /Still reading/);
});

test('HTML that makes trees explode, tags without end and attributes without number end in time', async () => {
  for (const html of [
    `<html>${Array.from({ length: 60_000 }, (_, i) => `<b id=${i}>`).join('')}${'<p>x'.repeat(200_000)}`,
    `<html><a ${Array.from({ length: 300_000 }, (_, i) => `a${i}=1 `).join('')}>`,
    `<html>${'<a href="'.repeat(300_000)}`, `<html>${'<!--'.repeat(500_000)}`, `<html>${'<script>'.repeat(300_000)}`, `<html>${'</scrip'.repeat(300_000)}`, `<html>${'<'.repeat(2_000_000)}`,
    `<html><script>${'"a%41'.repeat(300_000)}</script>`, `<html><script>"${'QUFB'.repeat(500_000)}`, `<html><script>${'12,'.repeat(600_000)}`, `<html><script>${'atob("'.repeat(200_000)}`,
    `<html>${'&#x3c;'.repeat(300_000)}`, `<html><script>${'<a'.repeat(900_000)}</script>`, `<html><script>"${Buffer.from('<a'.repeat(900_000)).toString('base64')}"</script>`,
  ]) await bounded([attach('a.html', html)], 3_000);
  let page = '<form><input type=password></form>';
  for (let i = 0; i < 30 && page.length < 3_000_000; i++) page = `<html><script>document.write(atob("${Buffer.from(page).toString('base64')}"))</script>`;
  await bounded([attach('a.html', page)], 3_000);
});

test('texts of one repeated sign in every text format end in time', async () => {
  const long = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));
  for (const piece of ['=', '\\\\', '//', 'url=', 'http://', 'a.', '"&"', '" & _\n', 'Chr(', 'shell ', '{\\*', '\\objdata ', '\\objclass ', '\\fldinst dde', '\u0013 hyperlink "', '█', 'a_', '%u', 'file://', ' ', '\\*\\template ']) {
    await bounded([attach('a.url', `[InternetShortcut]\n${long(piece)}`), attach('a.rtf', `{\\rtf1 ${long(piece)}`), attach('a.vbs', long(piece)), attach('a.txt', long(piece)), attach('a.ics', `BEGIN:VCALENDAR\n${long(piece)}`)], 5_000);
  }
  const start = process.cpuUsage();
  await asciiQr(`${'█ '.repeat(300)}\n`.repeat(700));
  assert.ok(process.cpuUsage(start).user < 3_000_000);
});

test('compound files whose chains run in circles end', async () => {
  const bytes = Buffer.from(compound({ WordDocument: Buffer.alloc(9000), 'Macros/VBA/dir': Buffer.alloc(5000), 'Macros/VBA/_VBA_PROJECT': Buffer.alloc(10) }));
  for (let at = 512; at + 4 <= bytes.length; at += 512) {
    const twisted = Buffer.from(bytes);
    for (let i = 0; i < 512; i += 4) twisted.writeUInt32LE(i % 3, at + i);
    await bounded([attach('a.doc', twisted)], 1_000);
  }
});

test('an empty budget of time is told, and the names are judged all the same', async () => {
  const { files, troubles } = await inspectFiles([attach('請求書.pdf.exe', exe()), attach('a.zip', zip([{ name: 'a', data: 'a' }]))], new Budget({ millis: 0 }));
  assert.deepEqual(files.map((file) => flags(file)), [['double_extension', 'executable'], ['archive']]);
  assert.deepEqual(troubles.map(({ code }) => code), ['time_out', 'time_out']);
});

const NAMES = ['a.zip', 'a.docx', 'a.xls', 'a.pdf', 'a.html', 'a.svg', 'a.lnk', 'a.one', 'a.7z', 'a.rar', 'a.iso', 'a.cab', 'a.png', 'a.rtf', 'a.ics', '', 'a.tar.gz', 'a.js', '\u202ea.exe ', 'a.vhd'];

test('any bytes under any name settle without a throw', async () => {
  const heads = ['', '504b0304', 'd0cf11e0a1b11ae1', '255044462d', '377abcaf271c', '526172211a0700', '526172211a070100', '4d534346', '1f8b08', '89504e470d0a1a0a', 'ffd8ffe0', '474946383961', '4c0000000114020000000000c000000000000046', 'e4525c7b8cd8a74daeb15378d02996d3', '7b5c72746631', '3c68746d6c3e', '424d'];
  await fc.assert(fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 3000 }), fc.constantFrom(...NAMES), fc.string(), async (head, tail, name, declared) => {
    const { files } = await inspectFiles([attach(name, Buffer.concat([Buffer.from(head, 'hex'), tail]), declared)], new Budget({ millis: 500 }));
    assert.equal(files.length, 1);
    assert.ok(files[0]!.entries.length <= 200 && files[0]!.words.length <= 20);
  }), { numRuns: 400 });
});

test('real samples with any of their bytes changed, cut or repeated settle without a throw', async () => {
  const code = await qr('https://scan.example/');
  const samples: [string, Buffer][] = [
    ['a.zip', zip([{ name: 'a.txt', data: 'x' }, { name: 'b.exe', data: exe(), encrypted: true }])], ['a.docm', office({ macro: vbaProject({ ThisDocument: DROPPER }) })], ['a.doc', compound({ WordDocument: Buffer.alloc(5000), 'Macros/VBA/dir': Buffer.from([1, 0, 0xb0]) })],
    ['a.pdf', pdf({ objects: [pdfStream('/Subtype /Image /Width 116 /Height 116 /BitsPerComponent 8', code.data, true)] })], ['a.7z', sevenZip({ files: [{ name: 'a' }, { name: 'b.js' }], header: 'lzma' })], ['a.rar', rar4([{ name: 'あ.exe' }])], ['b.rar', rar5([{ name: 'あ.exe' }])],
    ['a.tar', tar([{ name: 'a', data: 'x' }])], ['a.cab', cab(['a', 'b'])], ['a.iso', iso([{ name: 'a.txt', data: Buffer.from('x') }])], ['a.lnk', lnk({ path: 'C:\\a.exe', parameters: 'x' })], ['a.one', oneNote([{ name: 'a.hta', data: exe() }])],
    ['a.png', png(code)], ['a.gif', gif(code)], ['a.jpg', jpg(code)], ['a.rtf', Buffer.from('{\\rtf1{\\object{\\*\\objdata 0105000002000000}}}')], ['a.html', Buffer.from('<form action="https://x.example"><input type=password></form><script>atob("QUFBQUFBQUFBQUFBQUFBQUFBQUE=")</script>')],
  ];
  await fc.assert(fc.asyncProperty(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }), fc.double({ min: 0.2, max: 1, noNaN: true }), async ([name, bytes], changes, part) => {
    const twisted = Buffer.from(bytes.subarray(0, Math.ceil(bytes.length * part)));
    for (const [at, value] of changes) twisted[at % twisted.length] = value;
    const { files } = await inspectFiles([attach(name, twisted)], new Budget({ millis: 1_000 }));
    assert.equal(files.length, 1);
  }), { numRuns: 500 });
});
