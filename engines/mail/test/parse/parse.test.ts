import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import PostalMime from 'postal-mime';
import { LIMITS } from '../../src/parse/limits.ts';
import { parseMail } from '../../src/parse/parse.ts';
import { CHARSETS, encode, head, mail, multipart, part, raw, simple, word, words } from './build.ts';

const TEXT = 'いつもお世話になっております。\nご確認をお願いします①。\nhttps://login.bank.example/abcを開いてください。';

describe('charsets of whole mails', () => {
  for (const charset of CHARSETS) {
    test(`${charset}: subject, names, text and links are read`, async () => {
      const bytes = mail({ from: `${words('みずうみ銀行', charset)} <info@bank.example>`, subject: words('【重要】ご確認①', charset) }, part(TEXT, { charset, encoding: 'quoted-printable' }));
      const parsed = await parseMail(bytes);
      assert.equal(parsed.subject, '【重要】ご確認①');
      assert.deepEqual(parsed.from, [{ name: 'みずうみ銀行', address: 'info@bank.example', domain: 'bank.example' }]);
      assert.equal(parsed.text, TEXT);
      assert.deepEqual(parsed.links.map((link) => link.url), ['https://login.bank.example/abc']);
      assert.deepEqual(parsed.troubles, []);
    });
    test(`${charset}: raw bytes in headers are read, also without any charset said`, async () => {
      const bytes = Buffer.concat([Buffer.from('From: "'), encode('山田太郎', charset), Buffer.from('" <yamada@example.jp>\r\nSubject: '), encode('振込先変更のご連絡です', charset), Buffer.from('\r\n\r\n'), encode(TEXT, charset)]);
      const parsed = await parseMail(bytes);
      assert.equal(parsed.subject, '振込先変更のご連絡です');
      assert.equal(parsed.from[0]?.name, '山田太郎');
      assert.equal(parsed.from[0]?.address, 'yamada@example.jp');
      assert.equal(parsed.text, TEXT);
    });
    test(`${charset}: a wrong charset in the mail does not garble it`, async () => {
      const parsed = await parseMail(mail({}, part(TEXT, { charset, label: charset === 'utf-8' ? 'shift_jis' : 'utf-8' })));
      assert.equal(parsed.text, TEXT);
    });
    test(`${charset}: names of attachments are read in RFC 2231 and in encoded words`, async () => {
      const bytes = encode('請求書（至急）.pdf', charset);
      const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
      const half = Math.floor(percent.length / 6) * 3;
      const names = [`filename*=${charset}''${percent}`, `filename*0*=${charset}'ja'${percent.slice(0, half)};\r\n filename*1*=${percent.slice(half)}`, `filename="${word(bytes, charset)}"`, `filename=${word(bytes, charset)}`];
      for (const name of names) {
        const parsed = await parseMail(mail({}, multipart('mixed', [part('x'), part(Buffer.from('%PDF'), { type: 'application/pdf', encoding: 'base64', name })])));
        assert.equal(parsed.attachments[0]?.name, '請求書（至急）.pdf', name);
      }
    });
  }
  test('raw bytes in the name of an attachment are read', async () => {
    const name = Buffer.concat([Buffer.from('filename="'), encode('請求書.pdf', 'shift_jis'), Buffer.from('"')]).toString('latin1');
    assert.equal((await parseMail(mail({}, multipart('mixed', [part('x'), part('y', { type: 'application/pdf', name })])))).attachments[0]?.name, '請求書.pdf');
  });
  test('a folder in a name is dropped, direction marks stay', async () => {
    const parsed = await parseMail(mail({}, multipart('mixed', [part('x'), part('y', { type: 'application/pdf', name: `filename="C:\\Temp\\a.pdf"` }), part('z', { type: 'application/x', name: `filename="${words('fdp.\u202eexe', 'utf-8')}"` })])));
    assert.deepEqual(parsed.attachments.map((file) => file.name), ['a.pdf', 'fdp.\u202eexe']);
  });
});

describe('addresses', () => {
  const from = async (line: string) => (await parseMail(raw(`From: ${line}\nSubject: x\n\nx`))).from;
  test('an address inside an encoded name is a name', async () => {
    assert.deepEqual(await from(`${words('info@bank.example', 'utf-8')} <evil@attack.test>`), [{ name: 'info@bank.example', address: 'evil@attack.test', domain: 'attack.test' }]);
    assert.deepEqual((await from(words('山田 <yamada@example.jp>', 'utf-8'))).map((box) => box.address), ['']);
  });
  test('commas and quotes inside an encoded name do not part it', async () => {
    assert.deepEqual((await from(`${words('山田, "太郎"', 'utf-8')} <a@example.jp>`)).map((box) => [box.name, box.address]), [['山田, "太郎"', 'a@example.jp']]);
  });
  test('several senders, comments and groups are kept apart', async () => {
    assert.deepEqual((await from('A <a@example.jp>, b@example.com (Bee)')).map((box) => box.address), ['a@example.jp', 'b@example.com']);
    assert.deepEqual((await parseMail(raw('From: a@example.jp\nTo: undisclosed-recipients:;\nCc: Team: x@example.jp, y@example.jp;\n\nx'))).cc.map((box) => box.address), ['x@example.jp', 'y@example.jp']);
  });
  test('a sender without an address keeps what is said of him', async () => {
    assert.deepEqual(await from('Support Team'), [{ name: 'Support Team', address: '' }]);
    assert.deepEqual((await from('phishing@pot')).map((box) => [box.address, box.domain]), [['phishing@pot', undefined]]);
  });
  test('a missing sender is told', async () => {
    const parsed = await parseMail(raw('Subject: x\nTo: a@example.jp\n\nx'));
    assert.deepEqual(parsed.from, []);
    assert.ok(parsed.troubles.some((trouble) => trouble.code === 'broken_mime' && trouble.where === 'from'));
  });
});

describe('broken forms', () => {
  test('a mail without an empty line after its header keeps its text', async () => {
    const parsed = await parseMail(raw('From: a@example.jp\nSubject: x\nこんにちは。\nhttps://bank.example/a'));
    assert.equal(parsed.subject, 'x');
    assert.ok(parsed.text.includes('こんにちは。'));
    assert.equal(parsed.links.length, 1);
    assert.ok(parsed.troubles.some((trouble) => trouble.code === 'broken_mime'));
  });
  test('a header line broken without a blank is put together, and the headers behind it are read', async () => {
    const parsed = await parseMail(raw('From: a@example.jp\nSubject: one\ntwo three\nTo: b@example.jp\n\nbody'));
    assert.equal(parsed.to[0]?.address, 'b@example.jp');
    assert.equal(parsed.text, 'body');
  });
  test('a mailbox line, empty lines and a byte order mark before the header do no harm', async () => {
    for (const before of ['From sender@example.jp Mon Jan  5 10:20:30 2026\r\n', '\r\n\r\n', '\ufeff', '>From x Mon\r\n']) {
      const parsed = await parseMail(Buffer.concat([Buffer.from(before), simple('件名', TEXT)]));
      assert.equal(parsed.subject, '件名', JSON.stringify(before));
      assert.equal(parsed.from[0]?.address, 'sender@bank.example');
    }
  });
  test('line ends of any kind are read', async () => {
    const crlf = simple('件名', 'text');
    for (const end of ['\n', '\r']) assert.equal((await parseMail(Buffer.from(crlf.toString('latin1').replaceAll('\r\n', end), 'latin1'))).subject, '件名', JSON.stringify(end));
  });
  test('a bare CR inside a header begins no new header', async () => {
    const parsed = await parseMail(Buffer.from('From: a@example.jp\r\nSubject: x\rBcc: y@example.jp\r\nTo: b@example.jp\r\n\r\nbody\r\n'));
    assert.equal(parsed.headers.some((header) => header.name === 'bcc'), false);
    assert.equal(parsed.text, 'body');
  });
  test('NULs in headers and text do not hide anything', async () => {
    const parsed = await parseMail(Buffer.from('From: a@exam\0ple.jp\r\nSubject: a\0b\r\n\r\nhttps://bank.exa\0mple/\r\n'));
    assert.equal(parsed.subject, 'a b');
    assert.equal(parsed.links[0]?.host, 'bank.example');
  });
  test('a mail saved as Unicode is read', async () => {
    const parsed = await parseMail(Buffer.from(`\ufeff${raw('From: a@example.jp\nSubject: 件名\n\n本文').toString()}`, 'utf16le'));
    assert.equal(parsed.subject, '件名');
    assert.equal(parsed.text, '本文');
  });
  test('base64 with foreign characters, inner padding or a cut end gives what it holds', async () => {
    const whole = Buffer.from('本文はここに全部あります。').toString('base64');
    const body = (text: string): Buffer => mail({}, Buffer.from(`Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${text}`));
    assert.equal((await parseMail(body(`${whole.slice(0, 8)}!*\r\n${whole.slice(8)}`))).text, '本文はここに全部あります。');
    assert.equal((await parseMail(body(`${Buffer.from('ab').toString('base64')}${Buffer.from('cd').toString('base64')}`))).text, 'abcd');
    const cut = await parseMail(body(whole.slice(0, -3)));
    assert.ok(cut.text.startsWith('本文はここに全部'));
    assert.equal((await parseMail(body(`${whole}\r\n-- \r\nlist footer!`))).troubles[0]?.code, 'broken_mime');
  });
  test('quoted-printable with stray equals signs keeps the text', async () => {
    const parsed = await parseMail(mail({}, Buffer.from('Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=b =ZZ c=3D=\r\nd =\t \r\ne')));
    assert.equal(parsed.text, 'a=b =ZZ c=d e');
  });
  test('a wrong or missing boundary is found from the body', async () => {
    const whole = multipart('alternative', [part('plain'), part('<p>html</p>', { type: 'text/html' })], 'REAL').toString('latin1');
    for (const broken of [whole.replace('boundary="REAL"', 'boundary="OTHER"'), whole.replace('; boundary="REAL"', '')]) {
      const parsed = await parseMail(mail({}, Buffer.from(broken, 'latin1')));
      assert.equal(parsed.text, 'html');
      assert.ok(parsed.troubles.length > 0);
    }
  });
  test('a multipart that never ends and one without parts keep their text', async () => {
    const open = multipart('mixed', [part('first'), part('second')], 'B').toString('latin1').replace('--B--', '');
    assert.equal((await parseMail(mail({}, Buffer.from(open, 'latin1')))).text, 'first\n\nsecond');
    assert.equal((await parseMail(mail({}, Buffer.from('Content-Type: multipart/mixed; boundary=x\r\n\r\nhttps://bank.example/a')))).links.length, 1);
  });
  test('a boundary that begins another one is kept apart', async () => {
    const inner = multipart('alternative', [part('inner')], 'AB');
    assert.equal((await parseMail(mail({}, multipart('mixed', [inner, part('outer')], 'A')))).text, 'inner\n\nouter');
  });
});

describe('what a reader sees', () => {
  test('of an alternative the HTML, with links of both forms', async () => {
    const parsed = await parseMail(mail({}, multipart('alternative', [part('harmless https://good.example/x'), part('<p>口座を<a href="https://evil.test/">確認</a></p>', { type: 'text/html' })])));
    assert.equal(parsed.text, '口座を確認');
    assert.deepEqual(parsed.links.map((link) => [link.from, link.host]), [['html', 'evil.test'], ['text', 'good.example']]);
  });
  test('HTML that shows nothing gives way to the plain text', async () => {
    assert.equal((await parseMail(mail({}, multipart('alternative', [part('plain'), part('<img src="cid:1">', { type: 'text/html' })])))).text, 'plain');
  });
  test('named text is an attachment, inline pictures are told apart', async () => {
    const parsed = await parseMail(mail({}, multipart('mixed', [part('body'), part('<b>x</b>', { type: 'text/html', name: 'filename="page.html"' }), part(Buffer.from([1, 2]), { type: 'image/png', encoding: 'base64', headers: ['Content-ID: <logo@x>', 'Content-Disposition: inline'] })])));
    assert.equal(parsed.text, 'body');
    assert.deepEqual(parsed.attachments.map((file) => [file.name, file.declaredType, file.inline, file.contentId]), [['page.html', 'text/html', false, undefined], ['', 'image/png', true, 'logo@x']]);
  });
  test('flowed lines become one, so that a broken link stays one', async () => {
    const parsed = await parseMail(mail({}, Buffer.from('Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\nhttps://bank.example/long/ \r\npath end\r\n')));
    assert.equal(parsed.links[0]?.url, 'https://bank.example/long/path');
  });
  test('an attached mail keeps its own bytes', async () => {
    const inner = simple('中の件名', TEXT, 'iso-2022-jp');
    const parsed = await parseMail(mail({}, multipart('mixed', [part('see'), Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), inner])])));
    assert.deepEqual(Buffer.from(parsed.attachments[0]!.bytes), inner);
  });
  test('lists, programs, absence notes and bounces are told', async () => {
    const of = async (header: string) => (await parseMail(raw(`${header}\nFrom: a@example.jp\nSubject: x\n\nx`))).automatic;
    assert.equal((await of('List-Id: <l.example.jp>')).list, true);
    assert.equal((await of('Precedence: bulk')).bulk, true);
    assert.equal((await of('Auto-Submitted: auto-replied')).reply, true);
    assert.equal((await of('Return-Path: <>')).bounce, true);
    assert.deepEqual(await of('X-A: b'), { list: false, bulk: false, reply: false, bounce: false });
  });
  test('dates are read in their usual and unusual forms', async () => {
    const of = async (date: string) => (await parseMail(raw(`From: a@example.jp\nDate: ${date}\n\nx`))).date;
    assert.equal(await of('Mon, 5 Jan 2026 10:20:30 +0900'), '2026-01-05T01:20:30.000Z');
    assert.equal(await of('5 Jan 26 10:20 JST'), '2026-01-05T01:20:00.000Z');
    assert.equal(await of('Mon, 05 January 2026 01:20:30 GMT (UTC)'), '2026-01-05T01:20:30.000Z');
    assert.equal(await of('2026/01/05 01:20:30'), '2026-01-05T01:20:30.000Z');
    for (const bad of ['', 'yesterday', '99 Foo 2026 99:99:99', '31 Dec 9999999 00:00']) assert.equal(await of(bad), undefined, bad);
  });
});

describe('limits', () => {
  const told = async (bytes: Uint8Array, code: string) => {
    const parsed = await parseMail(bytes);
    assert.ok(parsed.troubles.some((trouble) => trouble.code === code), `${code}: ${JSON.stringify(parsed.troubles)}`);
    return parsed;
  };
  test('a mail over 30 MB is cut', async () => {
    const bytes = Buffer.concat([simple('件名', 'text'), Buffer.alloc(LIMITS.mail, 0x61)]);
    const parsed = await told(bytes, 'too_large');
    assert.equal(parsed.size, bytes.length);
    assert.equal(parsed.raw.length, LIMITS.mail);
    assert.equal(parsed.subject, '件名');
  });
  test('a flood of parts ends at a thousand', async () => {
    const parsed = await told(mail({}, multipart('mixed', Array.from({ length: 5_000 }, () => part('x', { name: 'filename=a.txt' })), 'B')), 'too_many_parts');
    assert.ok(parsed.attachments.length <= LIMITS.parts);
  });
  test('parts inside parts end at twenty, and what is deeper is kept as it is', async () => {
    let nested: Buffer = part('deep https://bank.example/deep');
    for (let i = 0; i < 60; i++) nested = multipart('mixed', [nested]);
    await told(mail({}, nested), 'too_deep');
  });
  test('headers end at 256 kB, and the body is still found', async () => {
    const parsed = await told(Buffer.concat([Buffer.from(`${head()}${'X-Long: '.padEnd(900, 'y')}\r\n`.repeat(600)), Buffer.from('\r\nthe body')]), 'headers_too_large');
    assert.equal(parsed.text, 'the body');
    await told(Buffer.concat([Buffer.from('Subject: '), Buffer.alloc(2_000_000, 0x61), Buffer.from('\r\nFrom: a@example.jp\r\n\r\nthe body')]), 'headers_too_large');
  });
  test('links end at two thousand', async () => {
    const parsed = await told(mail({}, part(Array.from({ length: 3_000 }, (_, i) => `<a href="https://h${i}.example/">x</a>`).join(' '), { type: 'text/html' })), 'too_many_links');
    assert.equal(parsed.links.length, LIMITS.links);
  });
});

describe('agreement with postal-mime on well-formed mails', () => {
  for (const encoding of ['8bit', 'base64', 'quoted-printable'] as const) {
    test(`${encoding}: the same texts, names and attachments`, async () => {
      const file = Uint8Array.from({ length: 3_000 }, (_, i) => (i * 7) & 255);
      const bytes = mail({ subject: words('件名', 'utf-8') }, multipart('mixed', [multipart('alternative', [part(TEXT, { encoding }), part(`<p>${TEXT}</p>`, { type: 'text/html', encoding })]), part(file, { type: 'application/pdf', encoding: 'base64', name: `filename="${words('請求書.pdf', 'utf-8')}"` })]));
      const ours = await parseMail(bytes);
      const theirs = await PostalMime.parse(bytes);
      assert.equal(ours.subject, theirs.subject);
      assert.equal(ours.html?.replaceAll('\r\n', '\n').trim(), theirs.html?.trim());
      assert.deepEqual(ours.from.map((box) => box.address), [theirs.from?.address]);
      assert.equal(ours.attachments[0]?.name, theirs.attachments[0]?.filename);
      assert.deepEqual(Buffer.from(ours.attachments[0]!.bytes), Buffer.from(theirs.attachments[0]!.content as ArrayBuffer));
      assert.deepEqual(ours.headers.map((header) => header.name).sort(), theirs.headers.map((header) => header.key).sort());
    });
  }
});
