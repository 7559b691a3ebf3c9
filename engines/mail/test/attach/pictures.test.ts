import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { test } from 'node:test';
import { asciiQr } from '../../src/attach/ascii-qr.ts';
import { drawnCodes } from '../../src/attach/drawn.ts';
import { tableQr } from '../../src/attach/table-qr.ts';
import { Budget } from '../../src/attach/budget.ts';
import { flags, office, one, pdf, pdfStream } from './build.ts';
import { beside, blocks, draw, gif, hugePng, inverted, jpg, png, modules, qr } from './build-pictures.ts';
import { inspectFiles } from '../../src/attach/inspect.ts';
import { attach } from './build.ts';

const URL = 'https://scan.example/login?id=42';
const photo = draw(320, 240, (x, y) => (x * 3 + y * 5 + ((x * y) % 17) * 6) & 255);

test('a code in a picture becomes a link, whatever the picture is saved as', async () => {
  const code = await qr(URL);
  for (const [name, bytes] of [
    ['a.png', png(code)], ['b.png', png(code, 'rgba')], ['c.png', png(code, 'palette')], ['d.jpg', jpg(code)], ['e.gif', gif(code)],
    ...([1, 2, 3, 4] as const).map((filter): [string, Buffer] => [`f${filter}.png`, png(code, 'gray', filter)]),
  ] as [string, Buffer][]) {
    const { files, links, troubles } = await inspectFiles([attach(name, bytes, 'image/png')], new Budget({ millis: 60_000 }));
    assert.deepEqual([name, files[0]!.flags, links, troubles], [name, ['qr'], [{ url: URL, host: 'scan.example', domain: 'scan.example', from: 'qr', file: name }], []]);
  }
});

test('small, inverted, borderless codes and several in one picture are read', async () => {
  assert.deepEqual((await one('a.png', png(await qr(URL, 1)))).links, [URL]);
  assert.deepEqual((await one('a.png', png(await qr(URL, 2, 0)))).links, [URL]);
  assert.deepEqual((await one('a.png', png(inverted(await qr(URL))))).links, [URL]);
  const two = await one('a.png', png(beside(await qr(URL), await qr('https://second.example/x'))));
  assert.deepEqual([...two.links].sort(), [URL, 'https://second.example/x'].sort());
});

test('a small code in a large picture is read', async () => {
  const code = await qr(URL, 6);
  const big = draw(3000, 2200, (x, y) => (x >= 900 && y >= 700 && x < 900 + code.width && y < 700 + code.height ? code.data[(y - 700) * code.width + x - 900]! : 200 + ((x + y) % 40)));
  assert.deepEqual((await one('a.png', png(big))).links, [URL]);
});

test('a picture without a code carries no flag', async () => {
  assert.deepEqual(flags(await one('a.png', png(photo), 'image/png')), []);
  assert.deepEqual(flags(await one('a.jpg', jpg(photo), 'image/jpeg')), []);
});

test('a code that holds no address is kept as text', async () => {
  const facts = await one('a.png', png(await qr('BEGIN:VCARD FN:Taro')));
  assert.deepEqual([flags(facts), facts.links, facts.text], [['qr'], [], 'BEGIN:VCARD FN:Taro']);
});

test('codes in pictures of documents are read: Office, and PDF in its usual forms', async () => {
  const code = await qr(URL);
  assert.deepEqual((await one('a.docx', office({ parts: { 'word/media/image1.png': png(code) } }))).links, [URL]);
  const size = `/Type /XObject /Subtype /Image /Width ${code.width} /Height ${code.height}`;
  const rgb = Buffer.alloc(code.data.length * 3);
  code.data.forEach((shade, i) => rgb.fill(shade, i * 3, i * 3 + 3));
  const filtered = Buffer.concat(Array.from({ length: code.height }, (_, y) => Buffer.concat([Buffer.from([0]), code.data.subarray(y * code.width, (y + 1) * code.width)])));
  for (const image of [
    pdfStream(`${size} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`, jpg(code)),
    pdfStream(`${size} /ColorSpace /DeviceRGB /BitsPerComponent 8`, rgb, true),
    pdfStream(`${size} /ColorSpace /DeviceGray /BitsPerComponent 8 /DecodeParms << /Predictor 15 /Colors 1 /Columns ${code.width} >>`, filtered, true),
  ]) {
    const facts = await one('a.pdf', pdf({ objects: [image] }));
    assert.deepEqual([facts.links, flags(facts)], [[URL], ['qr']]);
  }
});

test('a picture that promises more pixels than allowed is refused before it is decoded', async () => {
  const before = process.cpuUsage();
  const facts = await one('a.png', hugePng(100_000, 100_000));
  assert.deepEqual([facts.flags, facts.troubles], [[], ['image_too_large']]);
  assert.ok(process.cpuUsage(before).user < 200_000);
});

test('a picture of a kind that is not read is told as not read', async () => {
  for (const [name, head] of [['a.webp', 'RIFF\x10\0\0\0WEBPVP8 '], ['a.heic', '\0\0\0\x18ftypheic'], ['a.tif', 'II*\0']] as const) assert.deepEqual((await one(name, Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(64)]))).troubles, ['picture_not_read'], name);
});

test('pixels are counted over the whole mail', async () => {
  const large = png(draw(400, 400, () => 255));
  const { troubles } = await inspectFiles([attach('a.png', large), attach('b.png', large), attach('c.png', large)], new Budget({ pixels: 400_000, millis: 60_000 }));
  assert.deepEqual(troubles, [{ code: 'image_too_large', where: 'c.png' }]);
});

test('codes drawn with blocks in the text are read: half blocks, double blocks, squares, quoted', async () => {
  for (const style of ['half', 'double', 'square'] as const) assert.deepEqual(await asciiQr(`次のコードを読み取ってください。\n\n${await blocks(URL, style)}\n\n以上`), [URL], style);
  assert.deepEqual(await asciiQr((await blocks(URL)).replace(/^/gm, '> ')), [URL]);
});

/** A code as cells of a table; each row as `cell` writes it. */
async function table(text: string, cell: (dark: boolean, span: number) => string, runs = false): Promise<string> {
  const { width, height, data } = await modules(text);
  const row = (y: number): string => {
    const dark = Array.from({ length: width }, (_, x) => data[y * width + x] === 0);
    if (!runs) return dark.map((d) => cell(d, 1)).join('');
    return dark.reduce<{ d: boolean; n: number }[]>((all, d) => (all.at(-1)?.d === d ? (all.at(-1)!.n += 1, all) : [...all, { d, n: 1 }]), []).map(({ d, n }) => cell(d, n)).join('');
  };
  return `<table cellspacing="0">${Array.from({ length: height }, (_, y) => `<tr>${row(y)}</tr>`).join('\n')}</table>`;
}

test('codes drawn by cells of tables are read: colours as attributes, as styles, runs of cells, inside other tables', async () => {
  const styles: readonly (readonly [string, (dark: boolean, span: number) => string, boolean])[] = [
    ['bgcolor', (d) => `<td width=4 bgcolor="${d ? '#000000' : '#ffffff'}"></td>`, false], ['style', (d) => `<td style="width:4px;height:4px;background-color:${d ? 'rgb(20, 20, 60)' : 'white'}">&nbsp;</td>`, false],
    ['dark alone', (d) => (d ? '<TD BGCOLOR=#123></TD>' : '<TD></TD>'), false], ['runs', (d, n) => `<td colspan="${n}" style='background:${d ? 'black' : '#fff'}'></td>`, true],
  ];
  for (const [name, cell, runs] of styles) {
    const code = await table(URL, cell, runs);
    assert.deepEqual(await tableQr(`<p>読み取ってください</p>${code}`), [URL], name);
    assert.deepEqual(await tableQr(`<table><tr><td>${code}</td></tr></table>`), [URL], `${name}, inside`);
    assert.deepEqual((await drawnCodes({ text: '', html: code }, { late: false })).map((l) => [l.url, l.from]), [[URL, 'qr']]);
  }
});

test('price lists, calendars and endless cells are no code, and cost little', async () => {
  assert.deepEqual(await tableQr(`<table>${`<tr>${'<td bgcolor="#eee">1</td><td>2</td>'.repeat(20)}</tr>`.repeat(40)}</table>`), []);
  assert.deepEqual(await tableQr(`<table>${'<tr><td bgcolor=black>'.repeat(50)}</table>`), []);
  const before = process.cpuUsage();
  await tableQr('<table><tr>'.repeat(100_000) + '<td bgcolor=black colspan=999>'.repeat(100_000));
  await tableQr('<td '.repeat(900_000));
  assert.ok(process.cpuUsage(before).user < 3_000_000);
});

test('bars, tables and boxes of blocks in a text are no code', async () => {
  assert.deepEqual(await asciiQr(`売上\n${'█████████████████████████ 80%\n'.repeat(14)}`), []);
  assert.deepEqual(await asciiQr('■ご案内\n'.repeat(40)), []);
  assert.deepEqual(await asciiQr(''), []);
});

test('a picture packed without a zlib header or cut in the middle is no error', async () => {
  const whole = png(await qr(URL));
  const { files } = await inspectFiles([attach('a.png', whole.subarray(0, whole.length >> 1)), attach('b.png', Buffer.concat([whole.subarray(0, 41), deflateSync(Buffer.alloc(9))]))]);
  assert.equal(files.length, 2);
});
