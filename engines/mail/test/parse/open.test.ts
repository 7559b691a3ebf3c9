import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { open } from '../../src/parse/open.ts';
import { encode, mail, multipart, part, raw, simple, words } from './build.ts';

const PHISH = simple('【重要】口座の確認', '確認はこちら\nhttps://evil.test/login', 'utf-8', { from: 'みずうみ銀行 <info@evil.test>' });
const rfc822 = (bytes: Uint8Array, header = 'Content-Type: message/rfc822'): Buffer => Buffer.concat([Buffer.from(`${header}\r\n\r\n`), bytes]);
const forward = (parts: readonly Uint8Array[], subject = 'Fw: x', from = 'Hanako <hanako@member.example>'): Buffer => mail({ from, subject }, multipart('mixed', parts));

describe('a mail as it is', () => {
  test('an uploaded mail is the mail in question itself', async () => {
    const opened = await open(PHISH);
    assert.deepEqual(opened.suspects.map((one) => one.passage), ['original']);
    assert.equal(opened.suspects[0]?.mail, opened.outer);
    assert.equal(opened.note, '');
  });
  test('an answer that quotes an older mail is not a forward', async () => {
    const text = 'ありがとうございます。\n\n-----Original Message-----\nFrom: Jiro <jiro@partner.example>\nSent: Monday, January 5, 2026 10:00 AM\nTo: Hanako\nSubject: 見積\n\n見積です。';
    const opened = await open(simple('Re: 見積', text));
    assert.deepEqual(opened.suspects.map((one) => one.passage), ['original']);
  });
  test('a bounce is judged itself, not the mail it returns', async () => {
    const bounce = mail({ headers: ['Return-Path: <>'], from: 'MAILER-DAEMON@mx.example.jp' }, multipart('report', [part('could not deliver'), rfc822(PHISH)]));
    assert.deepEqual((await open(bounce)).suspects.map((one) => one.passage), ['original']);
  });
  test('what the caller knows to be the mail itself is not taken for a forward', async () => {
    const opened = await open(forward([part('see'), rfc822(PHISH)]), { forwards: false });
    assert.deepEqual(opened.suspects.map((one) => one.passage), ['original']);
  });
});

describe('forwarded as attachment', () => {
  for (const [name, attached] of Object.entries({
    'message/rfc822': rfc822(PHISH),
    'message/rfc822 in base64': Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n'), Buffer.from(PHISH.toString('base64'))]),
    '.eml as a file': part(PHISH, { type: 'application/octet-stream', encoding: 'base64', name: `filename="${words('不審.eml', 'utf-8')}"` }),
  })) {
    test(name, async () => {
      const opened = await open(forward([part('これは本物ですか'), attached]));
      assert.equal(opened.outer.from[0]?.address, 'hanako@member.example');
      assert.equal(opened.note, 'これは本物ですか');
      const [suspect] = opened.suspects;
      assert.equal(opened.suspects.length, 1);
      assert.equal(suspect?.passage, 'attached');
      assert.equal(suspect?.mail.from[0]?.address, 'info@evil.test');
      assert.equal(suspect?.mail.subject, '【重要】口座の確認');
      assert.deepEqual(Buffer.from(suspect!.mail.raw), PHISH);
      assert.equal(suspect?.mail.links[0]?.host, 'evil.test');
    });
  }
  test('several attached mails are all in question, at most twenty', async () => {
    const opened = await open(forward([part('x'), ...Array.from({ length: 30 }, () => rfc822(PHISH))]));
    assert.deepEqual([opened.suspects.length, opened.left], [20, 10]);
  });
  test('how many mails were left closed is told, wherever they lie', async () => {
    const zip = (count: number): Buffer => Buffer.from(zipSync(Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}.eml`, new Uint8Array(PHISH)]))));
    const attached = (count: number) => part(zip(count), { type: 'application/zip', encoding: 'base64', name: 'filename=all.zip' });
    const seen = async (bytes: Buffer): Promise<[number, number]> => open(bytes).then(({ suspects, left }) => [suspects.length, left]);
    assert.deepEqual(await seen(zip(130)), [20, 110]);
    assert.deepEqual(await seen(zip(230)), [20, 210], 'behind the entries that are read, too');
    assert.deepEqual(await seen(zip(20)), [20, 0]);
    assert.deepEqual(await seen(forward([part('x'), attached(15), attached(15), rfc822(PHISH), part('y', { type: 'text/plain', name: 'filename=a.txt' })])), [20, 11]);
    assert.deepEqual(await seen(forward([part('x'), ...Array.from({ length: 12 }, () => rfc822(PHISH)), attached(15), attached(7)])), [20, 14]);
    const colleague = forward([part('x'), ...Array.from({ length: 25 }, () => rfc822(PHISH))], 'Fw: x', 'jiro@member.example');
    assert.deepEqual(await seen(forward([part('x'), rfc822(colleague), rfc822(colleague)])), [20, 30]);
    assert.deepEqual(await seen(PHISH), [1, 0]);
  });
  test('a colleague who passed it on before is passed over, a stranger is not', async () => {
    const colleague = forward([part('気をつけて'), rfc822(PHISH)], 'Fwd: 気をつけて', 'jiro@member.example');
    assert.equal((await open(forward([part('x'), rfc822(colleague)]))).suspects[0]?.mail.from[0]?.address, 'info@evil.test');
    const stranger = forward([part('invoice'), rfc822(PHISH)], 'Fwd: invoice', 'x@stranger.test');
    const opened = await open(forward([part('x'), rfc822(stranger)]));
    assert.equal(opened.suspects[0]?.mail.from[0]?.address, 'x@stranger.test');
    assert.equal(opened.suspects[0]?.mail.attachments.length, 1);
  });
  test('mails inside mails are opened three deep', async () => {
    let inner: Buffer = PHISH;
    for (let i = 0; i < 6; i++) inner = forward([part('x'), rfc822(inner)], 'Fw: x', `p${i}@member.example`);
    const opened = await open(inner);
    assert.equal(opened.suspects[0]?.mail.from[0]?.address, 'p2@member.example');
  });
});

const QUOTED = 'お客様各位\n口座を確認してください。\nhttps://evil.test/login';
const INLINE: Record<string, { subject: string; text: string }> = {
  'Outlook, English': { subject: 'FW: 重要', text: `本物ですか\n\n-----Original Message-----\nFrom: みずうみ銀行 <info@evil.test>\nSent: Monday, January 5, 2026 10:20 AM\nTo: hanako@member.example\nSubject: 重要\n\n${QUOTED}` },
  'Outlook, Japanese': { subject: 'FW: 重要', text: `本物ですか\n\n-----元のメッセージ-----\n差出人: みずうみ銀行 <info@evil.test>\n送信日時: 2026年1月5日月曜日 10:20\n宛先: hanako@member.example\n件名: 重要\n\n${QUOTED}` },
  'Outlook, without a divider': { subject: '転送: 重要', text: `本物ですか\n\n差出人： みずうみ銀行 [mailto:info@evil.test]\n送信日時： 2026年1月5日 10:20\n宛先： hanako@member.example\n件名： 重要\n\n${QUOTED}` },
  'Outlook on the web, with bold marks': { subject: 'Fw: 重要', text: `本物ですか\n________________________________\n*From:* みずうみ銀行 <info@evil.test<mailto:info@evil.test>>\n*Sent:* Monday, January 5, 2026 10:20:00 AM\n*To:* hanako@member.example\n*Subject:* 重要\n\n${QUOTED}` },
  'Gmail, English': { subject: 'Fwd: 重要', text: `本物ですか\n\n---------- Forwarded message ---------\nFrom: みずうみ銀行 <info@evil.test>\nDate: Mon, Jan 5, 2026 at 10:20 AM\nSubject: 重要\nTo: <hanako@member.example>\n\n\n${QUOTED}` },
  'Gmail, Japanese': { subject: 'Fwd: 重要', text: `本物ですか\n\n---------- Forwarded message ---------\n差出人: みずうみ銀行 <info@evil.test>\nDate: 2026年1月5日(月) 10:20\nSubject: 重要\nTo: <hanako@member.example>\n\n\n${QUOTED}` },
  'Apple Mail, English': { subject: 'Fwd: 重要', text: `本物ですか\n\nBegin forwarded message:\n\nFrom: みずうみ銀行 <info@evil.test>\nSubject: 重要\nDate: January 5, 2026 at 10:20:00 AM GMT+9\nTo: hanako@member.example\n\n${QUOTED}` },
  'Apple Mail, Japanese, quoted': { subject: 'Fwd: 重要', text: `本物ですか\n\n転送されたメッセージ:\n\n> 差出人: みずうみ銀行 <info@evil.test>\n> 件名: 重要\n> 日付: 2026年1月5日 10:20:00 JST\n> 宛先: hanako@member.example\n> \n> ${QUOTED.replaceAll('\n', '\n> ')}` },
  'Thunderbird, English': { subject: 'Fwd: 重要', text: `本物ですか\n\n-------- Forwarded Message --------\nSubject: \t重要\nDate: \tMon, 5 Jan 2026 10:20:00 +0900\nFrom: \tみずうみ銀行 <info@evil.test>\nTo: \thanako@member.example\n\n${QUOTED}` },
  'Thunderbird, Japanese': { subject: 'Fwd: 重要', text: `本物ですか\n\n-------- 転送メッセージ --------\n件名: \t重要\n日付: \tMon, 5 Jan 2026 10:20:00 +0900\n差出人: \tみずうみ銀行 <info@evil.test>\n宛先: \thanako@member.example\n\n${QUOTED}` },
  'a program of Japanese make': { subject: 'Fw: 重要', text: `本物ですか\n\n----------------------- Original Message -----------------------\n From:    みずうみ銀行 <info@evil.test>\n To:      hanako@member.example\n Date:    Mon, 05 Jan 2026 10:20:00 +0900\n Subject: 重要\n----\n\n${QUOTED}` },
  'a telephone': { subject: '重要', text: `本物ですか\n---------- 転送されたメッセージ ----------\n送信元: みずうみ銀行 <info@evil.test>\n日時: 2026/01/05 10:20\n件名: 重要\n\n${QUOTED}` },
};

describe('forwarded as quotation', () => {
  for (const [name, { subject, text }] of Object.entries(INLINE)) {
    test(name, async () => {
      const opened = await open(simple(subject, text, 'iso-2022-jp', { from: 'hanako@member.example' }));
      const [suspect] = opened.suspects;
      assert.equal(suspect?.passage, 'inline');
      assert.equal(opened.note, '本物ですか');
      assert.deepEqual([suspect?.mail.from[0]?.name, suspect?.mail.from[0]?.address, suspect?.mail.from[0]?.domain], ['みずうみ銀行', 'info@evil.test', 'evil.test']);
      assert.equal(suspect?.mail.subject, '重要');
      assert.equal(suspect?.mail.date, '2026-01-05T01:20:00.000Z');
      assert.ok(suspect?.mail.text.endsWith(QUOTED), suspect?.mail.text);
      assert.deepEqual(suspect?.mail.links.map((link) => link.url), ['https://evil.test/login']);
      assert.equal(suspect?.mail.raw.length, 0);
    });
  }
  test('in HTML the links of the quoted part keep their targets, those of the note stay outside', async () => {
    const html = '<p>本物ですか <a href="https://member.example/wiki">社内</a></p><div>-----Original Message-----</div><p><b>From:</b> みずうみ銀行 &lt;<a href="mailto:info@evil.test">info@evil.test</a>&gt;<br><b>Sent:</b> Monday, January 5, 2026 10:20 AM<br><b>To:</b> Hanako<br><b>Subject:</b> 重要</p><p>口座を<a href="https://evil.test/login">https://bank.example/</a>で確認</p>';
    const opened = await open(mail({ from: 'hanako@member.example', subject: 'FW: x' }, part(html, { type: 'text/html', encoding: 'base64' })));
    const [suspect] = opened.suspects;
    assert.equal(suspect?.passage, 'inline');
    assert.deepEqual(suspect?.mail.links.map((link) => [link.url, link.text]), [['https://evil.test/login', 'https://bank.example/']]);
    assert.equal(opened.note, '本物ですか 社内');
  });
  test('attachments go with the quoted mail', async () => {
    const bytes = forward([part(INLINE['Gmail, English']!.text), part(Buffer.from('%PDF-1.4'), { type: 'application/pdf', encoding: 'base64', name: 'filename=a.pdf' })], 'Fwd: x');
    assert.equal((await open(bytes)).suspects[0]?.mail.attachments[0]?.name, 'a.pdf');
  });
  test('a sender named without an address is kept as a name', async () => {
    const opened = await open(simple('FW: x', '-----Original Message-----\nFrom: 社長\nSent: Monday, January 5, 2026 10:20 AM\nSubject: 至急\n\n振り込んで', 'utf-8', { from: 'hanako@member.example' }));
    assert.deepEqual(opened.suspects[0]?.mail.from, [{ name: '社長', address: '' }]);
  });
  test('a colleague who passed it on before is passed over', async () => {
    const text = `念のため\n\n---------- Forwarded message ---------\nFrom: Jiro <jiro@member.example>\nDate: Mon, Jan 5, 2026 at 11:00 AM\nSubject: Fwd: 重要\nTo: hanako@member.example\n\n気をつけて\n\n${INLINE['Gmail, English']!.text}`;
    assert.equal((await open(simple('Fwd: 重要', text, 'utf-8', { from: 'hanako@member.example' }))).suspects[0]?.mail.from[0]?.address, 'info@evil.test');
  });
  test('a mail of one\'s own that is passed on is no suspect', async () => {
    const opened = await open(simple('Fwd: x', '---------- Forwarded message ---------\nFrom: Me <sender@bank.example>\nDate: Mon, Jan 5, 2026\nSubject: x\n\nx'));
    assert.equal(opened.suspects[0]?.passage, 'original');
  });
});

describe('pasted text', () => {
  test('text without headers is the mail in question', async () => {
    const opened = await open(encode('荷物のお届けにあがりましたが不在でした。\nhttps://evil.test/a', 'shift_jis'), { hint: 'text' });
    assert.deepEqual(opened.suspects.map((one) => [one.passage, one.mail.kind, one.mail.links[0]?.host]), [['pasted', 'text', 'evil.test']]);
    assert.ok(opened.outer.text.startsWith('荷物'));
  });
  test('a header block that was pasted with it is read', async () => {
    const opened = await open(Buffer.from('差出人: みずうみ銀行 <info@evil.test>\n件名: 重要\n日時: 2026/01/05 10:20\n\n口座を確認'));
    assert.equal(opened.outer.from[0]?.address, 'info@evil.test');
    assert.equal(opened.outer.subject, '重要');
    assert.equal(opened.outer.text, '口座を確認');
    assert.equal(opened.outer.date, '2026-01-05T01:20:00.000Z');
  });
  test('text that begins with a URL or a word and a colon is no mail', async () => {
    for (const text of ['https://evil.test/a\nhello', 'Note: call me', 'hello', '']) assert.equal((await open(Buffer.from(text))).suspects[0]?.passage, 'pasted', text);
  });
});

describe('archives of mails', () => {
  const zip = zipSync({ 'a/不審.eml': new Uint8Array(PHISH), 'b.eml': new Uint8Array(simple('two', 'x')), 'readme.txt': strToU8('x') });
  test('each mail of an uploaded zip is in question', async () => {
    const opened = await open(zip);
    assert.deepEqual(opened.suspects.map((one) => [one.passage, one.mail.subject]), [['archive', '【重要】口座の確認'], ['archive', 'two']]);
  });
  test('a zip of nothing but mails on a forward is opened, one with other files is an attachment', async () => {
    const only = zipSync({ 'a.eml': new Uint8Array(PHISH) });
    assert.deepEqual((await open(forward([part('x'), part(only, { type: 'application/zip', encoding: 'base64', name: 'filename=a.zip' })]))).suspects.map((one) => one.passage), ['archive']);
    assert.deepEqual((await open(forward([part('x'), part(zip, { type: 'application/zip', encoding: 'base64', name: 'filename=a.zip' })]))).suspects.map((one) => one.passage), ['original']);
  });
  test('a zip without mails is a file to look at', async () => {
    const opened = await open(zipSync({ 'a.exe': new Uint8Array(10) }));
    assert.equal(opened.suspects[0]?.mail.attachments.length, 1);
  });
  test('no more than twenty mails of it are opened', async () => {
    const opened = await open(zipSync(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.eml`, new Uint8Array(PHISH)]))));
    assert.equal(opened.suspects.length, 20);
    assert.ok(opened.outer.troubles.some((trouble) => trouble.code === 'archive_too_large'));
  });
  test('a bomb is counted while it inflates and told', async () => {
    const opened = await open(zipSync({ 'a.eml': new Uint8Array(150 * 1024 * 1024) }, { level: 6 }));
    assert.ok(opened.outer.troubles.some((trouble) => trouble.code === 'archive_too_large'));
    assert.equal(opened.suspects[0]?.mail, opened.outer);
  });
  test('a broken zip is told', async () => {
    const opened = await open(zip.subarray(0, 120));
    assert.ok(opened.suspects.length >= 1);
    assert.ok(opened.outer.troubles.length > 0);
  });
});

test('bytes that are no mail at all are a file to look at', async () => {
  const opened = await open(Uint8Array.from({ length: 600 }, (_, i) => i & 15));
  assert.equal(opened.outer.attachments.length, 1);
  assert.ok(opened.outer.troubles.some((trouble) => trouble.code === 'broken_container'));
  assert.equal((await open(raw('From: a@example.jp\nSubject: x\n\nx'), { hint: 'msg' })).outer.subject, 'x');
});
