import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decompressVba } from '../../src/attach/ovba.ts';
import { compound, compressVba, DROPPER, external, flags, le, office, one, SUMMER, vbaProject, vbaStreams } from './build.ts';

test('an ordinary Word, Excel and PowerPoint file carries no flag and gives its text', async () => {
  for (const [kind, ext] of [['word', 'docx'], ['xl', 'xlsx'], ['ppt', 'pptx']] as const) {
    const facts = await one(`報告.${ext}`, office({ kind }));
    assert.deepEqual(flags(facts), []);
    assert.equal(facts.realType, ext);
  }
  assert.match((await one('a.docx', office({ text: '四月の売上' }))).text, /四月の売上/);
});

test('a macro that starts by itself and fetches a program is told apart from one that adds up figures', async () => {
  const bad = await one('請求書.docm', office({ macro: vbaProject({ ThisDocument: DROPPER }) }));
  assert.deepEqual(flags(bad), ['macro', 'macro_autoexec', 'macro_downloads']);
  assert.ok(bad.words.includes('autoopen') && bad.words.includes('powershell') && bad.words.includes('XMLHTTP'));
  assert.deepEqual(bad.links, ['http://load.example/a.exe']);
  const good = await one('集計.xlsm', office({ kind: 'xl', macro: vbaProject({ Module1: SUMMER }) }));
  assert.deepEqual(flags(good), ['macro']);
  assert.equal(good.realType, 'xlsm');
});

test('a macro is found under any name of its part and under a harmless extension', async () => {
  const facts = await one('会議.docx', office({ macro: vbaProject({ ThisDocument: DROPPER }), macroName: 'media/image9.dat' }));
  assert.deepEqual(flags(facts), ['macro', 'macro_autoexec', 'macro_downloads', 'type_mismatch']);
});

test('macros of Word and Excel 97-2003 are read from their storages', async () => {
  const doc = await one('a.doc', compound({ WordDocument: Buffer.alloc(600), ...vbaStreams('Macros/VBA/', { ThisDocument: DROPPER }) }));
  assert.deepEqual([doc.realType, ...flags(doc)], ['doc', 'macro', 'macro_autoexec', 'macro_downloads']);
  const xls = await one('a.xls', compound({ Workbook: Buffer.alloc(600), ...vbaStreams('_VBA_PROJECT_CUR/VBA/', { Sheet1: SUMMER }) }));
  assert.deepEqual([xls.realType, ...flags(xls)], ['xls', 'macro']);
});

test('a project whose source was taken out still counts as a macro', async () => {
  const streams = { ...vbaStreams('Macros/VBA/', { ThisDocument: DROPPER }), 'Macros/VBA/ThisDocument': Buffer.from('compiled code only') };
  const facts = await one('a.doc', compound({ WordDocument: Buffer.alloc(600), ...streams }));
  assert.ok(facts.flags.includes('macro'));
  assert.ok(facts.words.includes('VBA without source'));
});

test('what the compressor of the specification writes, the decompressor reads back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 9000 }), (data) => {
    assert.deepEqual(Buffer.from(decompressVba(compressVba(data), 1 << 20)), Buffer.from(data));
  }), { numRuns: 60 });
  const text = Buffer.from('#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa'.repeat(200));
  assert.deepEqual(Buffer.from(decompressVba(compressVba(text), 1 << 20)), text);
});

test('the containers that [MS-OVBA] 3.2 prints as examples are read as it says', () => {
  const plain = Buffer.from('0119b000616263646566676800696a6b6c6d6e6f70007172737475762e', 'hex');
  assert.equal(Buffer.from(decompressVba(plain, 100)).toString(), 'abcdefghijklmnopqrstuv.');
  const most = Buffer.from('0103b002614500', 'hex');
  assert.equal(Buffer.from(decompressVba(most, 100)).toString(), 'a'.repeat(73));
});

test('a copy token that points before the chunk ends the reading, with what stood before it', () => {
  assert.equal(Buffer.from(decompressVba(Buffer.from('0104b00461620090', 'hex'), 100)).toString(), 'ab');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (data) => {
    assert.ok(decompressVba(Uint8Array.from([1, ...data]), 5000).length <= 5000);
  }));
});

test('a template from the web or a network path is an external template, one on the writer\'s own disk is not', async () => {
  for (const target of ['https://tpl.example/a.dotm', '\\\\files.example\\share\\a.dotm', 'file:///\\\\files.example\\a.dotm', 'mhtml:http://x.example/a!x-usc:http://x.example/a']) {
    const facts = await one('a.docx', office({ rels: external('attachedTemplate', target) }));
    assert.deepEqual(flags(facts), ['external_template'], target);
  }
  const own = await one('a.docx', office({ rels: external('attachedTemplate', 'file:///C:\\Users\\taro\\Normal.dotm') }));
  assert.deepEqual(flags(own), []);
});

test('a hyperlink of a document is a link and no template', async () => {
  const facts = await one('a.docx', office({ rels: external('hyperlink', 'https://www.example.co.jp/a?b=1&amp;c=2') }));
  assert.deepEqual(flags(facts), []);
  assert.deepEqual(facts.links, ['https://www.example.co.jp/a?b=1&c=2']);
});

test('a DDE field is found although it is cut into many runs; the word DDE in a sentence is nothing', async () => {
  const run = (text: string): string => `<w:r><w:instrText>${text}</w:instrText></w:r>`;
  const bad = await one('a.docx', office({ body: `<w:r><w:fldChar w:fldCharType="begin"/></w:r>${run(' DD')}${run('EAUTO ')}${run('c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"')}` }));
  assert.deepEqual(flags(bad), ['dde']);
  const good = await one('a.docx', office({ text: 'DDE auto とは何か "説明"' }));
  assert.deepEqual(flags(good), []);
  const sheet = await one('a.xlsx', office({ kind: 'xl', parts: { 'xl/externalLinks/externalLink1.xml': '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>' } }));
  assert.deepEqual(flags(sheet), ['dde']);
});

test('an embedded program is danger inside, a chart\'s own workbook is not', async () => {
  const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(58), le([4, 64]), Buffer.from('PE\0\0'), Buffer.alloc(64)]);
  const packed = Buffer.concat([le([4, 0], [2, 2]), Buffer.from('invoice.exe\0C:\\a\\invoice.exe\0'), le([4, 0x30000], [4, 4]), Buffer.from('C:\\a\0'), le([4, exe.length]), exe]);
  const bad = await one('a.docx', office({ parts: { 'word/embeddings/oleObject1.bin': compound({ '\u0001Ole10Native': packed }) } }));
  assert.deepEqual(flags(bad), ['dangerous_inside', 'embedded_object']);
  assert.ok(bad.entries.some((name) => name.endsWith('invoice.exe')));
  const good = await one('a.pptx', office({ kind: 'ppt', parts: { 'ppt/embeddings/Microsoft_Excel_Worksheet.xlsx': office({ kind: 'xl' }) } }));
  assert.deepEqual(flags(good), []);
});

test('a document behind a password is encrypted, which is no fault of the mail', async () => {
  const facts = await one('見積.xlsx', compound({ EncryptedPackage: Buffer.alloc(64), EncryptionInfo: Buffer.alloc(32) }));
  assert.deepEqual(flags(facts), ['encrypted_office']);
  assert.deepEqual(facts.troubles, []);
  const xls = await one('見積.xls', compound({ Workbook: Buffer.concat([le([2, 0x0809], [2, 16]), Buffer.alloc(16), le([2, 0x002f], [2, 4], [4, 1])]) }));
  assert.deepEqual(flags(xls), ['encrypted_office']);
});

test('a sheet of Excel 4 macros is a macro; an ordinary sheet of the same format is not', async () => {
  const record = (id: number, data: Buffer): Buffer => Buffer.concat([le([2, id], [2, data.length]), data]);
  const book = (kind: number): Buffer => {
    const bof = record(0x0809, Buffer.alloc(16));
    const sheet = (at: number): Buffer => record(0x0085, Buffer.concat([le([4, at], [1, 0], [1, kind], [1, 6], [1, 0]), Buffer.from('Macro1')]));
    const label = record(0x0018, Buffer.concat([le([2, 0x20], [1, 0], [1, 1], [2, 0], [2, 0], [2, 0], [4, 0], [1, 0], [1, 1])]));
    const end = record(0x000a, Buffer.alloc(0));
    const size = bof.length + sheet(0).length + (kind === 1 ? label.length : 0) + end.length;
    const formula = record(0x0006, Buffer.concat([Buffer.alloc(22), Buffer.from([0x17, 1, 0, 0x61, 0x42, 1, 110, 0])]));
    return Buffer.concat([bof, sheet(size), ...(kind === 1 ? [label] : []), end, bof, formula, end]);
  };
  const bad = await one('a.xls', compound({ Workbook: book(1) }));
  assert.deepEqual(flags(bad), ['macro', 'macro_autoexec', 'macro_downloads']);
  assert.ok(bad.words.includes('EXEC'));
  assert.deepEqual(flags(await one('a.xls', compound({ Workbook: book(0) }))), []);
  const modern = await one('a.xlsm', office({ kind: 'xl', parts: { 'xl/macrosheets/sheet1.xml': '<xm:macrosheet><row><c><f>EXEC("powershell")</f></c></row></xm:macrosheet>' } }));
  assert.ok(modern.flags.includes('macro') && modern.flags.includes('macro_downloads'));
});

test('rich text with an equation object is told from rich text without one', async () => {
  const hex = Buffer.concat([le([4, 0x501], [4, 2], [4, 11]), Buffer.from('Equation.3\0'), le([4, 0], [4, 0], [4, 4]), Buffer.from('abcd')]).toString('hex');
  const bad = await one('a.doc', `{\\rtf1{\\object\\objemb\\objupdate{\\*\\objclass Equation.3}{\\*\\objdata ${hex.replace(/(.{7})/g, '$1\r\n')}}}}`);
  assert.deepEqual([bad.realType, ...flags(bad)], ['rtf', 'embedded_object']);
  assert.ok(bad.words.some((word) => /equation/i.test(word)));
  const remote = await one('a.rtf', '{\\rtf1{\\*\\template http://tpl.example/a.dotm}}');
  assert.deepEqual(flags(remote), ['external_template']);
  const good = await one('a.rtf', '{\\rtf1\\ansi Monthly report\\par See https://www.example.co.jp/ for more}');
  assert.deepEqual([flags(good), good.links], [[], ['https://www.example.co.jp/']]);
  assert.match(good.text, /Monthly report/);
});
